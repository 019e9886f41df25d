//! The text of a paragraph of a Word file.

use super::super::document::LeftOut;
use super::super::refusal::Refusal;
use super::super::xml::Element;
use super::state::{Line, Reader, chosen, is_placeholder};
use crate::import::block::{Block, Flag, Picture, Place};

impl<'x> Reader<'x> {
    /// Reads what stands in a paragraph, or in a part of one, within so many tables and boxes.
    pub(super) fn inline(
        &mut self,
        parent: Element<'x>,
        within: usize,
        line: &mut Line,
    ) -> Result<(), Refusal> {
        for element in parent.elements() {
            match element.name() {
                "r" => self.run(element, within, line)?,
                "del" | "moveFrom" if has_text(element) => {
                    line.flags.insert(Flag::Deleted);
                }
                "sdt" if is_placeholder(element) => {}
                "AlternateContent" => {
                    if let Some(chosen) = chosen(element) {
                        self.inline(chosen, within, line)?;
                    }
                }
                "ins" | "moveTo" | "hyperlink" | "fldSimple" | "smartTag" | "sdt"
                | "sdtContent" | "customXml" | "dir" | "bdo" | "oMath" | "oMathPara" => {
                    self.inline(element, within, line)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn run(&mut self, run: Element<'x>, within: usize, line: &mut Line) -> Result<(), Refusal> {
        let properties = run.child("rPr");
        let hidden = properties.and_then(|properties| {
            let own = properties.is_on("vanish");
            own.or_else(|| Some(self.styles.hides(properties.val("rStyle")?)))
        });
        let is_deleted = properties.is_some_and(|properties| properties.child("del").is_some());
        if hidden == Some(true) || is_deleted {
            if has_text(run) {
                line.flags.insert(if is_deleted {
                    Flag::Deleted
                } else {
                    Flag::Hidden
                });
            }
            // Marks of fields count all the same.
            for mark in run.elements().filter(|mark| mark.name() == "fldChar") {
                self.field(mark);
            }
            return Ok(());
        }
        self.run_content(run, within, line)
    }

    fn run_content(
        &mut self,
        run: Element<'x>,
        within: usize,
        line: &mut Line,
    ) -> Result<(), Refusal> {
        for element in run.elements() {
            if element.name() == "fldChar" {
                self.field(element);
                continue;
            }
            if self.fields.contains(&false) {
                continue;
            }
            match element.name() {
                "t" => line.text.push_str(&element.text()),
                "tab" | "ptab" => line.text.push('\t'),
                "br" if !matches!(element.attribute("type"), Some("page" | "column")) => {
                    line.text.push('\n');
                }
                "cr" => line.text.push('\n'),
                "noBreakHyphen" => line.text.push('-'),
                "sym" => {
                    line.text.push(char::REPLACEMENT_CHARACTER);
                    line.flags.insert(Flag::Unmapped);
                }
                "delText" => {
                    line.flags.insert(Flag::Deleted);
                }
                // Of words with their reading above, the words.
                "ruby" => {
                    if let Some(base) = element.child("rubyBase") {
                        self.inline(base, within, line)?;
                    }
                }
                "AlternateContent" => {
                    if let Some(chosen) = chosen(element) {
                        self.run_content(chosen, within, line)?;
                    }
                }
                "drawing" | "pict" | "object" => self.drawing(element, within, line)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// A mark of a field: between the first and the second stands its code, then its result.
    fn field(&mut self, mark: Element) {
        match mark.attribute("fldCharType") {
            Some("begin") => self.fields.push(false),
            Some("separate") => {
                if let Some(open) = self.fields.last_mut() {
                    *open = true;
                }
            }
            Some("end") => {
                self.fields.pop();
            }
            _ => {}
        }
    }

    /// The boxes and pictures of a drawing.
    fn drawing(
        &mut self,
        drawing: Element<'x>,
        within: usize,
        line: &mut Line,
    ) -> Result<(), Refusal> {
        let mut boxes = Vec::new();
        outermost(drawing, "txbxContent", &mut boxes);
        for text in &boxes {
            self.counts.table(within)?; // a box is as deep as a table
            let mut blocks = Vec::new();
            let fields = std::mem::take(&mut self.fields);
            self.blocks(*text, within + 1, &mut blocks)?;
            self.fields = fields;
            for mut block in blocks {
                if let Block::Paragraph(paragraph) = &mut block {
                    paragraph.flags.push(Flag::Boxed);
                }
                line.behind.push(block);
            }
        }
        if !boxes.is_empty() {
            return Ok(());
        }
        let parts = || drawing.descendants();
        let named = parts().find(|part| matches!(part.name(), "docPr" | "shape"));
        let alt = named.and_then(|named| {
            let words = ["descr", "alt", "title"].map(|name| named.attribute(name));
            words.into_iter().flatten().find(|words| !words.is_empty())
        });
        let alt = alt.unwrap_or_default().to_owned();
        let mut found = false;
        for part in parts() {
            let id = match part.name() {
                "blip" => part.attribute("embed"),
                "imagedata" => part.attribute("id"),
                _ => None,
            };
            let target = id.and_then(|id| self.targets.get(id));
            let Some(target) = target else { continue };
            found = true;
            self.counts.block()?;
            line.behind.push(Block::Picture(Picture {
                bytes: self.package.part(target)?.unwrap_or_default(),
                alt: alt.clone(),
                place: Place::Whole,
            }));
        }
        if !found {
            let is_chart = parts().any(|part| part.name() == "chart");
            let what = if is_chart { "图表" } else { "图形" };
            self.left_out.push(LeftOut {
                what,
                text: alt,
                place: Place::Whole,
            });
        }
        Ok(())
    }
}

/// The elements of a name below another, but none within one of them.
fn outermost<'x>(parent: Element<'x>, name: &str, found: &mut Vec<Element<'x>>) {
    let mut open = vec![parent];
    while let Some(next) = open.pop() {
        let inner: Vec<Element> = match next.name() {
            own if own == name => {
                found.push(next);
                continue;
            }
            "AlternateContent" => chosen(next).into_iter().collect(),
            _ => next.elements().collect(),
        };
        open.extend(inner.into_iter().rev());
    }
}

/// Whether there is any text in an element, shown or not.
fn has_text(element: Element) -> bool {
    let mut texts = element.descendants();
    texts.any(|part| matches!(part.name(), "t" | "delText") && !part.text().is_empty())
}
