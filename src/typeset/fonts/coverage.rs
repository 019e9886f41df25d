//! Which characters a chain of families can draw.

use typst::foundations::Regex;
use typst::text::{Covers, FontBook, FontVariant};

use crate::typeset::roles::Family;

const BITS: usize = u64::BITS as usize;

/// A set of characters, one bit each, because it is asked for every character of every report.
pub(super) struct Coverage(Vec<u64>);

impl Coverage {
    /// The characters that the families have and may be used for.
    pub(super) fn new(chain: &[Family], book: &FontBook) -> Self {
        let mut set = Self(vec![0; char::MAX as usize / BITS + 1]);
        for family in chain {
            let index = book.select(&family.name.to_lowercase(), FontVariant::default());
            let Some(info) = index.and_then(|index| book.info(index)) else {
                continue;
            };
            let covers = family.covers.as_deref().and_then(covers);
            for code in info.coverage.iter() {
                let used = |c: char| {
                    let mut buffer = [0; 4];
                    let text: &str = c.encode_utf8(&mut buffer);
                    covers
                        .as_ref()
                        .is_none_or(|set| set.as_regex().is_match(text))
                };
                if char::from_u32(code).is_some_and(used) {
                    set.0[code as usize / BITS] |= 1 << (code as usize % BITS);
                }
            }
        }
        set
    }

    pub(super) fn contains(&self, character: char) -> bool {
        let code = character as usize;
        self.0[code / BITS] & (1 << (code % BITS)) != 0
    }
}

/// What Typst makes of a `covers`; the declaration is tested, so a fault in it covers nothing.
fn covers(declared: &str) -> Option<Covers> {
    if declared == "latin-in-cjk" {
        return Some(Covers::LatinInCjk);
    }
    Regex::new(declared).ok().map(Covers::Regex)
}
