//! Excel workbooks (.xlsx): what stands on each sheet that is shown, as the program that wrote it has computed it.
//!
//! A workbook has no paragraphs and no tables. Rows with one cell are read as lines, and rows that stand together as a
//! table; rows that are blank, and titles with a number, part tables.

mod format;
mod grid;
mod sheet;
mod strings;

use super::document::{Counts, Document, LeftOut};
use super::package::{Package, Relationship};
use super::refusal::Refusal;
use crate::import::block::{Block, Picture, Place};
use format::Formats;
use sheet::Sheet;
use strings::texts;

/// The name of the kind of file.
const KIND: &str = "Excel（xlsx）";

/// Reads a workbook.
pub(super) fn read(bytes: &[u8]) -> Result<Document, Refusal> {
    let package = Package::open(bytes, KIND)?;
    let missing = || Refusal::damaged(KIND, "没有工作表");
    let relationships = package.relationships("")?;
    let main = found(&relationships, "officeDocument").ok_or_else(missing)?;
    let workbook = package.xml(&main.target)?.ok_or_else(missing)?;
    let relationships = package.relationships(&main.target)?;
    let part = |kind: &str| {
        let part = found(&relationships, kind);
        part.map_or(Ok(None), |part| package.xml(&part.target))
    };
    let styles = part("styles")?;
    let strings = part("sharedStrings")?;
    let properties = workbook.root().child("workbookPr");
    let since = properties.and_then(|properties| properties.attribute("date1904"));
    let mut reader = Reader {
        formats: Formats::new(
            styles.as_ref().map(|styles| styles.root()),
            matches!(since, Some("1" | "true")),
        ),
        strings: strings
            .as_ref()
            .map(|xml| texts(xml.root()))
            .unwrap_or_default(),
        counts: Counts::default(),
        found: Document::default(),
        package: &package,
    };
    let sheets = workbook.root().child("sheets").ok_or_else(missing)?;
    for element in sheets.elements() {
        let value = |name| element.attribute(name).unwrap_or_default();
        let target = relationships.iter().find(|own| own.id == value("id"));
        let Some(target) = target.filter(|target| target.kind == "worksheet") else {
            continue;
        };
        if matches!(value("state"), "hidden" | "veryHidden") {
            reader.leave_out("隐藏的工作表", value("name"));
            continue;
        }
        let part = package.xml(&target.target)?.ok_or_else(missing)?;
        let sheet = Sheet::read(part.root(), value("name"), &reader.formats, &reader.strings)?;
        let blocks = grid::blocks(&sheet, &mut reader.counts)?;
        reader.found.blocks.extend(blocks);
        for drawing in package.relationships(&target.target)? {
            if drawing.kind == "drawing" {
                reader.drawing(&drawing.target)?;
            }
        }
    }
    Ok(reader.found)
}

fn found<'r>(relationships: &'r [Relationship], kind: &str) -> Option<&'r Relationship> {
    relationships.iter().find(|found| found.kind == kind)
}

struct Reader<'x> {
    package: &'x Package<'x>,
    formats: Formats,
    strings: Vec<String>,
    counts: Counts,
    found: Document,
}

impl Reader<'_> {
    fn leave_out(&mut self, what: &'static str, text: &str) {
        self.found.left_out.push(LeftOut {
            what,
            text: text.to_owned(),
            place: Place::Whole,
        });
    }

    /// The pictures that lie on a sheet.
    fn drawing(&mut self, part: &str) -> Result<(), Refusal> {
        let Some(xml) = self.package.xml(part)? else {
            return Ok(());
        };
        let targets = self.package.relationships(part)?;
        for element in xml.root().descendants() {
            let parts = || element.descendants();
            let named = parts().find(|part| part.name() == "cNvPr");
            let words = ["descr", "title"].map(|name| named.and_then(|own| own.attribute(name)));
            let alt = words.into_iter().flatten().find(|words| !words.is_empty());
            let alt = alt.unwrap_or_default();
            match element.name() {
                "pic" => {
                    let id = parts().find(|part| part.name() == "blip");
                    let id = id.and_then(|blip| blip.attribute("embed"));
                    let target = targets.iter().find(|own| Some(own.id.as_str()) == id);
                    let bytes = target.map_or(Ok(None), |own| self.package.part(&own.target))?;
                    let Some(bytes) = bytes else {
                        self.leave_out("图形", alt);
                        continue;
                    };
                    self.counts.block()?;
                    self.found.blocks.push(Block::Picture(Picture {
                        bytes,
                        alt: alt.to_owned(),
                        place: Place::Whole,
                    }));
                }
                "graphicFrame" => self.leave_out("图表", alt),
                "sp" => self.leave_out("文本框", &texts(element).join(" ")),
                _ => {}
            }
        }
        Ok(())
    }
}
