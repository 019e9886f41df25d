//! Which characters a chain of families can draw.

use typst::foundations::Regex;
use typst::text::{Covers, FontBook, FontVariant};

use crate::typeset::roles::Family;

const BITS: usize = u64::BITS as usize;

/// A set of characters, one bit each, because it is asked for every character of every report;
/// and the fonts that it comes from, in the order of fallback.
pub(super) struct Coverage {
    bits: Vec<u64>,
    fonts: Vec<(usize, Option<Covers>)>,
}

impl Coverage {
    /// The characters that the families have and may be used for.
    pub(super) fn new(chain: &[Family], book: &FontBook) -> Self {
        let mut bits = vec![0; char::MAX as usize / BITS + 1];
        let mut fonts = Vec::new();
        for family in chain {
            let index = book.select(&family.name.to_lowercase(), FontVariant::default());
            let Some((index, info)) = index.and_then(|i| Some((i, book.info(i)?))) else {
                continue;
            };
            let covers = family.covers.as_deref().and_then(covers);
            for code in info.coverage.iter() {
                if char::from_u32(code).is_some_and(|c| is_for(covers.as_ref(), c)) {
                    bits[code as usize / BITS] |= 1 << (code as usize % BITS);
                }
            }
            fonts.push((index, covers));
        }
        Self { bits, fonts }
    }

    /// The index of the font that a character is taken from.
    pub(super) fn font(&self, character: char, book: &FontBook) -> Option<usize> {
        let taken = self.fonts.iter().find(|(index, covers)| {
            let info = book.info(*index);
            is_for(covers.as_ref(), character)
                && info.is_some_and(|info| info.coverage.contains(character as u32))
        });
        taken.map(|(index, _)| *index)
    }

    pub(super) fn contains(&self, character: char) -> bool {
        let code = character as usize;
        self.bits[code / BITS] & (1 << (code % BITS)) != 0
    }
}

/// Whether a family that is restricted to some characters may be used for this one.
fn is_for(covers: Option<&Covers>, character: char) -> bool {
    let mut buffer = [0; 4];
    let text: &str = character.encode_utf8(&mut buffer);
    covers.is_none_or(|set| set.as_regex().is_match(text))
}

/// What Typst makes of a `covers`; the declaration is tested, so a fault in it covers nothing.
fn covers(declared: &str) -> Option<Covers> {
    if declared == "latin-in-cjk" {
        return Some(Covers::LatinInCjk);
    }
    Regex::new(declared).ok().map(Covers::Regex)
}
