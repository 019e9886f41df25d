//! Word 97 to 2003 files (.doc), and those of WPS (.wps): the text as it stands after all tracked changes, with the
//! numbers of its lists.
//!
//! What is not read: comments, heads and feet of pages, macros. Notes are left out and named.

mod bytes;
mod drawings;
mod file;
mod lists;
mod runs;
mod story;
mod styles;
mod table;

use super::document::{Counts, Document, LeftOut};
use super::refusal::Refusal;
use crate::import::block::Place;
use drawings::Drawings;
use file::{Entry, File, Story};
use lists::Lists;
use runs::Runs;
use story::Reader;
use styles::Styles;

/// Reads a Word 97 file.
pub(super) fn read(bytes: &[u8]) -> Result<Document, Refusal> {
    let file = File::open(bytes)?;
    let units = file.text()?;
    let (_, pieces) = file.pieces().unwrap_or_default();
    let mut reader = Reader {
        units: &units,
        pieces,
        characters: Runs::read(&file, Entry::CharacterRuns)?,
        paragraphs: Runs::read(&file, Entry::ParagraphRuns)?,
        styles: Styles::read(&file),
        lists: Lists::read(&file),
        drawings: Drawings::read(&file),
        counts: Counts::default(),
        pictures: 0,
        left_out: Vec::new(),
        file: &file,
    };
    let blocks = reader.story(file.story(Story::Main), 0)?;
    for (what, story) in [("脚注", Story::Footnotes), ("尾注", Story::Endnotes)] {
        for (index, text) in reader.texts(file.story(story)).into_iter().enumerate() {
            let number = index + 1;
            reader.left_out.push(LeftOut {
                what,
                text,
                place: Place::Paragraph { part: what, number },
            });
        }
    }
    Ok(Document {
        blocks,
        left_out: reader.left_out,
        ..Document::default()
    })
}
