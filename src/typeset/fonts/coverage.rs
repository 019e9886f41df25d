//! The characters that a chain of families can draw.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicU16;

use typst::text::{FontBook, FontVariant};

use crate::report::Printed;
use crate::typeset::roles::{Covers, Family};

const BITS: usize = u64::BITS as usize;

/// The characters of the fonts that fill some role, by index in the book.
#[derive(Default)]
pub(super) struct Charsets(BTreeMap<usize, Charset>);

/// A set of characters, one bit each, because it is queried for every character of every report.
struct Charset(Vec<u64>);

impl Charset {
    fn contains(&self, character: char) -> bool {
        let code = character as usize;
        self.0[code / BITS] & (1 << (code % BITS)) != 0
    }
}

/// The advances of the first plane that were asked for, each with 1 added; 0 for the others. Reports have the same
/// few thousand characters again and again.
pub(super) struct Advances(pub(super) Vec<AtomicU16>);

impl Default for Advances {
    fn default() -> Self {
        Self((0..0x1_0000).map(|_| AtomicU16::new(0)).collect())
    }
}

/// The fonts of a role in the order of fallback, with their restrictions.
pub(super) struct Chain {
    pub(super) families: Vec<Family>,
    fonts: Vec<(usize, Option<Covers>)>,
    /// The characters that were looked up in reports.
    pub(super) printed: Printed,
    pub(super) advances: Advances,
}

impl Chain {
    /// Looks the families up, and adds their characters to `charsets`.
    pub(super) fn new(families: Vec<Family>, book: &FontBook, charsets: &mut Charsets) -> Self {
        let mut fonts = Vec::new();
        for family in &families {
            let index = book.select(&family.name.to_lowercase(), FontVariant::default());
            let Some((index, info)) = index.and_then(|i| Some((i, book.info(i)?))) else {
                continue;
            };
            charsets.0.entry(index).or_insert_with(|| {
                let mut bits = vec![0; char::MAX as usize / BITS + 1];
                for code in info.coverage.iter().map(|code| code as usize) {
                    bits[code / BITS] |= 1 << (code % BITS);
                }
                Charset(bits)
            });
            fonts.push((index, family.covers));
        }
        Self {
            families,
            fonts,
            printed: Printed::default(),
            advances: Advances::default(),
        }
    }

    /// The index of the font that a character is taken from.
    pub(super) fn font(&self, character: char, charsets: &Charsets) -> Option<usize> {
        let taken = self.fonts.iter().find(|(index, covers)| {
            charsets.0[index].contains(character) && is_for(*covers, character)
        });
        taken.map(|(index, _)| *index)
    }
}

/// Whether a family that is restricted to some characters may be used for this one.
fn is_for(covers: Option<Covers>, character: char) -> bool {
    let mut buffer = [0; 4];
    let text: &str = character.encode_utf8(&mut buffer);
    covers
        .is_none_or(|Covers::LatinInCjk| typst::text::Covers::LatinInCjk.as_regex().is_match(text))
}
