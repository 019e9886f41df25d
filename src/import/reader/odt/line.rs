//! The text of a paragraph of an OpenDocument text.

use std::collections::BTreeSet;

use super::super::bounds::{MAX_TABLE_DEPTH, MAX_TEXT, bounded};
use super::super::document::LeftOut;
use super::super::refusal::Refusal;
use super::super::xml::{Child, Element};
use super::state::{Reader, words};
use crate::import::block::{Block, Flag, Picture, Place};

/// The text of a paragraph as far as it is read, and the boxes and pictures that are anchored in it.
#[derive(Default)]
pub(super) struct Line {
    pub text: String,
    pub flags: BTreeSet<Flag>,
    pub behind: Vec<Block>,
    /// What is hidden.
    pub lost: String,
    /// Whether the last character is white space that stands for all that follows.
    is_space: bool,
}

impl Line {
    /// Adds text whose white space counts once, and not at all at the start.
    fn push(&mut self, text: &str) {
        for c in text.chars() {
            let is_space = matches!(c, ' ' | '\t' | '\n' | '\r');
            if !is_space {
                self.text.push(c);
            } else if !self.is_space && !self.text.is_empty() {
                self.text.push(' ');
            }
            self.is_space = is_space;
        }
    }

    fn push_as_is(&mut self, c: char) {
        self.text.push(c);
        self.is_space = false;
    }
}

impl<'x> Reader<'x> {
    /// Reads what stands in a paragraph, or in a part of one, within so many tables and boxes.
    pub(super) fn inline(
        &mut self,
        parent: Element<'x>,
        within: usize,
        is_hidden: bool,
        line: &mut Line,
    ) -> Result<(), Refusal> {
        for child in parent.children() {
            let element = match child {
                Child::Text(text) if is_hidden => {
                    if !text.trim().is_empty() {
                        line.flags.insert(Flag::Hidden);
                        line.lost.push_str(text);
                    }
                    continue;
                }
                Child::Text(text) => {
                    line.push(text);
                    continue;
                }
                Child::Element(element) => element,
            };
            match element.name() {
                "s" if !is_hidden => {
                    let count = element.attribute("c").and_then(|c| c.parse().ok());
                    let count: usize = count.unwrap_or(1);
                    bounded(count, MAX_TEXT, "连续的空格")?;
                    line.text.extend(std::iter::repeat_n(' ', count));
                    bounded(line.text.len(), MAX_TEXT, "文字的字节数")?;
                    line.is_space = false;
                }
                "tab" if !is_hidden => line.push_as_is('\t'),
                "line-break" if !is_hidden => line.push_as_is('\n'),
                "span" => {
                    let own = element.attribute("style-name");
                    let is_hidden = is_hidden || self.styles.hides("text", own);
                    self.inline(element, within, is_hidden, line)?;
                }
                // Where text was deleted; it stands elsewhere.
                "change" => {
                    line.flags.insert(Flag::Deleted);
                }
                "hidden-text" | "hidden-paragraph" => {
                    line.flags.insert(Flag::Hidden);
                }
                "note" => self.note(element),
                // Of words with their reading above, the words.
                "ruby" => {
                    if let Some(base) = element.child("ruby-base") {
                        self.inline(base, within, is_hidden, line)?;
                    }
                }
                "frame" | "custom-shape" | "g" | "rect" | "ellipse" | "line" | "polygon"
                | "path" | "connector" => self.drawing(element, within, line)?,
                "annotation" | "annotation-end" | "ruby-text" | "s" | "tab" | "line-break"
                | "soft-page-break" | "script" | "tracked-changes" | "desc" | "title" => {}
                _ => self.inline(element, within, is_hidden, line)?,
            }
        }
        Ok(())
    }

    /// Names a note at the foot or at the end, which a report file has no place for.
    fn note(&mut self, note: Element) {
        let part = match note.attribute("note-class") {
            Some("endnote") => "尾注",
            _ => "脚注",
        };
        let number = self.notes.entry(part).or_default();
        *number += 1;
        self.left_out.push(LeftOut {
            what: part,
            text: note.child("note-body").map(words).unwrap_or_default(),
            place: Place::Paragraph {
                part,
                number: *number,
            },
        });
    }

    /// The boxes and pictures of a drawing.
    pub(super) fn drawing(
        &mut self,
        drawing: Element<'x>,
        within: usize,
        line: &mut Line,
    ) -> Result<(), Refusal> {
        bounded(within + 1, MAX_TABLE_DEPTH, "文本框的层数")?;
        let alt = ["desc", "title"].map(|name| drawing.child(name).map(Element::text));
        let alt = alt
            .into_iter()
            .flatten()
            .find(|alt| !alt.is_empty())
            .unwrap_or_default();
        let has = |name: &str| drawing.child(name).is_some();
        let mut is_known = false;
        if drawing.name() == "frame" && has("image") && !has("object") {
            is_known = self.picture(drawing, &alt, line)?;
        } else {
            let mut blocks = Vec::new();
            for element in drawing.elements() {
                match element.name() {
                    "text-box" => self.blocks(element, within + 1, None, &mut blocks)?,
                    "frame" | "custom-shape" | "g" | "rect" | "a" => {
                        self.drawing(element, within + 1, line)?;
                        is_known = true;
                    }
                    _ => {}
                }
            }
            // A shape has its paragraphs within itself.
            if drawing.name() != "frame" && drawing.name() != "g" {
                self.blocks(drawing, within + 1, None, &mut blocks)?;
            }
            is_known |= has("text-box") || !blocks.is_empty();
            for mut block in blocks {
                if let Block::Paragraph(paragraph) = &mut block {
                    paragraph.flags.push(Flag::Boxed);
                }
                line.behind.push(block);
            }
        }
        if !is_known {
            let what = if has("object") { "图表" } else { "图形" };
            self.left_out.push(LeftOut {
                what,
                text: alt,
                place: Place::Whole,
            });
        }
        Ok(())
    }

    /// The picture of a frame, of which there may be several files; whether there is any.
    fn picture(&mut self, frame: Element<'x>, alt: &str, line: &mut Line) -> Result<bool, Refusal> {
        for image in frame.elements().filter(|image| image.name() == "image") {
            let name = image.attribute("href").unwrap_or_default();
            let name = name.strip_prefix("./").unwrap_or(name);
            let Some(bytes) = self.package.part(name)? else {
                continue;
            };
            self.counts.block()?;
            line.behind.push(Block::Picture(Picture {
                bytes,
                alt: alt.to_owned(),
                place: Place::Whole,
            }));
            return Ok(true);
        }
        Ok(false)
    }
}
