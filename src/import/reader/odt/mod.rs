//! OpenDocument texts (.odt), as LibreOffice and WPS write them, with the numbers of their lists.
//!
//! Text that was deleted under change tracking stands apart in them and is not read. Tables of contents, notes and
//! hidden sections are left out and named.

mod line;
mod lists;
mod state;
mod styles;
mod table;

use std::collections::HashMap;

use super::document::{Counts, Document, LeftOut};
use super::levels::Number;
use super::lost::left_out;
use super::package::Package;
use super::refusal::Refusal;
use super::xml::Element;
use crate::import::block::{Block, Flag, Paragraph, Place};
use line::Line;
use lists::{Item, Lists};
use state::{Reader, words};
use styles::Styles;

/// The name of the kind of file.
const KIND: &str = "OpenDocument（odt）";

/// Reads an OpenDocument text.
pub(super) fn read(bytes: &[u8]) -> Result<Document, Refusal> {
    let package = Package::open(bytes, KIND)?;
    let missing = || Refusal::damaged(KIND, "没有正文");
    if let Some(manifest) = package.xml("META-INF/manifest.xml")? {
        let mut parts = manifest.root().descendants();
        if parts.any(|part| part.name() == "encryption-data") {
            return Err(Refusal(
                "这份文件设有密码；用原来的程序打开，去掉密码后另存".to_owned(),
            ));
        }
    }
    let content = package.xml("content.xml")?.ok_or_else(missing)?;
    let declared = package.xml("styles.xml")?;
    let parts = [Some(&content), declared.as_ref()];
    let parts: Vec<Element> = parts.into_iter().flatten().map(|xml| xml.root()).collect();
    let text = content.root().path(&["body", "text"]).ok_or_else(missing)?;
    let mut reader = Reader {
        package: &package,
        styles: Styles::new(&parts),
        lists: Lists::new(&parts),
        counts: Counts::default(),
        notes: HashMap::new(),
        left_out: Vec::new(),
    };
    let mut blocks = Vec::new();
    reader.blocks(text, 0, None, &mut blocks)?;
    Ok(Document {
        blocks,
        left_out: reader.left_out,
        ..Document::default()
    })
}

impl<'x> Reader<'x> {
    /// Reads what stands in an element that holds paragraphs and tables, within so many tables and boxes.
    fn blocks(
        &mut self,
        parent: Element<'x>,
        within: usize,
        item: Option<&mut Item<'x>>,
        found: &mut Vec<Block>,
    ) -> Result<(), Refusal> {
        let mut item = item;
        for element in parent.elements() {
            match element.name() {
                "p" | "h" => self.paragraph(element, within, item.as_deref_mut(), found)?,
                "table" => {
                    let table = self.table(element, within)?;
                    found.extend(table.map(Block::Table));
                }
                "list" => self.list(element, within, item.as_deref(), found)?,
                "section" if element.attribute("display") == Some("none") => {
                    self.leave_out("隐藏的节", element);
                }
                "table-of-content" => self.leave_out("目录", element),
                // Drawings that are anchored to no paragraph.
                "frame" | "custom-shape" | "g" | "rect" | "a" => {
                    let mut line = Line::default();
                    self.drawing(element, within, &mut line)?;
                    found.append(&mut line.behind);
                }
                // What holds no text, or such that was deleted or is no part of the text.
                "tracked-changes" | "forms" | "sequence-decls" | "variable-decls"
                | "user-field-decls" | "annotation" => {}
                _ => self.blocks(element, within, None, found)?,
            }
        }
        Ok(())
    }

    fn leave_out(&mut self, what: &'static str, element: Element) {
        self.left_out.push(LeftOut {
            what,
            text: words(element),
            place: Place::Whole,
        });
    }

    /// Reads the items of a list; `outer` is that which it stands in.
    fn list(
        &mut self,
        list: Element<'x>,
        within: usize,
        outer: Option<&Item<'x>>,
        found: &mut Vec<Block>,
    ) -> Result<(), Refusal> {
        let level = self.lists.open(list, outer);
        for element in list.elements() {
            let mut item = level.item(element);
            match element.name() {
                "list-item" => self.blocks(element, within, Some(&mut item), found)?,
                "list-header" => {
                    item.is_numbered = true; // none is left for it
                    self.blocks(element, within, Some(&mut item), found)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn paragraph(
        &mut self,
        element: Element<'x>,
        within: usize,
        item: Option<&mut Item<'x>>,
        found: &mut Vec<Block>,
    ) -> Result<(), Refusal> {
        let style = element.attribute("style-name");
        let mut line = Line::default();
        let is_hidden = self.styles.hides("paragraph", style);
        self.inline(element, within, is_hidden, &mut line)?;
        let outline = (element.name() == "h").then(|| {
            let level = element.attribute("outline-level");
            level
                .and_then(|level| level.parse::<u8>().ok())
                .unwrap_or(1)
        });
        let number = match item {
            Some(item) => self.lists.next(item),
            None => outline.and_then(|level| {
                let is_off = self.styles.list(style) == Some("");
                let is_header = element.attribute("is-list-header") == Some("true");
                let own = !is_off && !is_header;
                own.then(|| self.lists.heading(element, usize::from(level)))?
            }),
        };
        let mut flags = line.flags;
        let number = match number {
            Some(Number::Written(number)) => Some(number).filter(|number| !number.is_empty()),
            Some(Number::Unknown) => {
                flags.insert(Flag::Unnumbered);
                None
            }
            None => None,
        };
        let is_blank = line.text.trim().is_empty() && number.is_none();
        let place = if within > 0 || is_blank {
            self.counts.block()?;
            Place::Whole
        } else {
            let bytes = line.text.len() + number.as_ref().map_or(0, String::len);
            let number = self.counts.paragraph(bytes)?;
            Place::Paragraph { part: "", number }
        };
        if is_blank && within == 0 {
            self.left_out.extend(left_out(&flags, &line.lost));
        } else if !is_blank || !flags.is_empty() {
            found.push(Block::Paragraph(Paragraph {
                text: line.text,
                number,
                outline,
                centred: self.styles.is_centred(style),
                flags: flags.into_iter().collect(),
                place: place.clone(),
            }));
        }
        for mut block in line.behind {
            if let Block::Picture(picture) = &mut block {
                picture.place = place.clone();
            }
            found.push(block);
        }
        Ok(())
    }
}
