//! Word files (.docx): the text as it stands after all tracked changes, with the numbers of its lists.
//!
//! Formulas, charts and drawings are no text; what has none of its own is left out and named.

mod line;
mod numbering;
mod state;
mod styles;
mod table;

use std::collections::BTreeSet;

use super::document::{Counts, Document, LeftOut};
use super::package::Package;
use super::refusal::Refusal;
use super::xml::{Element, Xml};
use crate::import::block::{Block, Flag, Paragraph, Place};
use numbering::{Number, Numbering};
use state::{Line, Reader, chosen, is_placeholder};
use styles::Styles;

/// The name of the kind of file.
const KIND: &str = "Word（docx）";

/// Reads a Word file.
pub(super) fn read(bytes: &[u8]) -> Result<Document, Refusal> {
    let package = Package::open(bytes, KIND)?;
    let missing = || Refusal::damaged(KIND, "没有正文");
    let relationships = package.relationships("")?;
    let main = relationships
        .iter()
        .find(|found| found.kind == "officeDocument");
    let main = &main.ok_or_else(missing)?.target;
    let text = package.xml(main)?.ok_or_else(missing)?;
    let relationships = package.relationships(main)?;
    let part = |kind: &str| {
        let found = relationships.iter().find(|found| found.kind == kind);
        found.map_or(Ok(None), |found| package.xml(&found.target))
    };
    let (styles, numbering) = (part("styles")?, part("numbering")?);
    let notes = [("脚注", part("footnotes")?), ("尾注", part("endnotes")?)];
    let others = relationships.iter().filter(|found| !found.external);
    let mut reader = Reader {
        styles: styles.as_ref().map(Styles::new).unwrap_or_default(),
        numbering: numbering.as_ref().map(Numbering::new).unwrap_or_default(),
        targets: others
            .map(|found| (found.id.as_str(), found.target.as_str()))
            .collect(),
        package: &package,
        counts: Counts::default(),
        fields: Vec::new(),
        left_out: Vec::new(),
    };
    let mut blocks = Vec::new();
    for body in text.root().elements().filter(|part| part.name() == "body") {
        reader.blocks(body, 0, &mut blocks)?;
    }
    for (part, xml) in &notes {
        if let Some(xml) = xml {
            reader.notes(part, xml);
        }
    }
    Ok(Document {
        blocks,
        left_out: reader.left_out,
        ..Document::default()
    })
}

impl<'x> Reader<'x> {
    /// Reads what stands in an element that holds paragraphs and tables.
    fn blocks(
        &mut self,
        parent: Element<'x>,
        within: usize,
        found: &mut Vec<Block>,
    ) -> Result<(), Refusal> {
        let mut line = Line::default();
        self.blocks_of(parent, within, &mut line, found)?;
        // A deleted mark at the end joins nothing.
        if !line.is_empty() {
            self.end_paragraph(None, within, line, found)?;
        }
        Ok(())
    }

    fn blocks_of(
        &mut self,
        parent: Element<'x>,
        within: usize,
        line: &mut Line,
        found: &mut Vec<Block>,
    ) -> Result<(), Refusal> {
        for element in parent.elements() {
            match element.name() {
                "p" => {
                    self.inline(element, within, line)?;
                    let properties = element.child("pPr");
                    let mark = properties.and_then(|properties| properties.child("rPr"));
                    if mark.is_some_and(|mark| mark.child("del").is_some()) {
                        line.flags.insert(Flag::Deleted);
                        continue;
                    }
                    self.end_paragraph(Some(element), within, std::mem::take(line), found)?;
                }
                "tbl" => {
                    let table = self.table(element, within)?;
                    found.extend(table.map(Block::Table));
                }
                "sdt" => {
                    if is_placeholder(element) {
                        continue;
                    }
                    if let Some(content) = element.child("sdtContent") {
                        self.blocks_of(content, within, line, found)?;
                    }
                }
                "AlternateContent" => {
                    if let Some(chosen) = chosen(element) {
                        self.blocks_of(chosen, within, line, found)?;
                    }
                }
                "ins" | "moveTo" | "customXml" | "smartTag" => {
                    self.blocks_of(element, within, line, found)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// The paragraph of a line, and what stands behind it.
    fn end_paragraph(
        &mut self,
        element: Option<Element<'x>>,
        within: usize,
        line: Line,
        found: &mut Vec<Block>,
    ) -> Result<(), Refusal> {
        let properties = element.and_then(|element| element.child("pPr"));
        let style = properties.and_then(|properties| properties.val("pStyle"));
        let number = self.numbering.next(properties, style, &self.styles);
        let mut flags: BTreeSet<Flag> = line.flags;
        let number = match number {
            Some(Number::Written(number)) => Some(number).filter(|number| !number.is_empty()),
            Some(Number::Unknown) => {
                flags.insert(Flag::Unnumbered);
                None
            }
            None => None,
        };
        let is_blank = line.text.trim().is_empty() && number.is_none();
        if is_blank && line.behind.is_empty() {
            return Ok(());
        }
        let chain: Vec<Element> = self.styles.chain(style).collect();
        let declared = chain
            .iter()
            .filter_map(|style| style.child("pPr"))
            .collect::<Vec<_>>();
        let value = |name: &str| {
            let mut all = properties.into_iter().chain(declared.iter().copied());
            all.find_map(|properties| properties.val(name))
        };
        let outline = value("outlineLvl").and_then(|level| level.parse::<u8>().ok());
        let place = if within > 0 || is_blank {
            self.counts.block()?;
            Place::Whole
        } else {
            Place::Paragraph {
                part: "",
                number: self.counts.paragraph(line.text.len())?,
            }
        };
        let paragraph = Paragraph {
            text: line.text,
            number,
            outline: outline.filter(|level| *level < 9).map(|level| level + 1),
            centred: value("jc") == Some("center"),
            flags: flags.into_iter().collect(),
            place: place.clone(),
        };
        if !is_blank {
            found.push(Block::Paragraph(paragraph));
        }
        for mut block in line.behind {
            if let Block::Picture(picture) = &mut block {
                picture.place = place.clone();
            }
            found.push(block);
        }
        Ok(())
    }

    /// Names the notes at the foot and at the end, which a report file has no place for.
    fn notes(&mut self, part: &'static str, xml: &'x Xml) {
        let notes = xml.root().elements();
        for (number, note) in notes.enumerate() {
            let texts = note.descendants().filter(|element| element.name() == "t");
            let text: String = texts.map(Element::text).collect();
            if !text.trim().is_empty() {
                self.left_out.push(LeftOut {
                    what: part,
                    text,
                    place: Place::Paragraph {
                        part,
                        number: number + 1,
                    },
                });
            }
        }
    }
}
