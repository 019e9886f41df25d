//! The characters of a report: those that can be printed, and those that no font could mend.
//!
//! Which characters the fonts draw is asked of a [`Coverage`]: the bundled fonts', which is data of the program,
//! so that checking needs no fonts, or that of fonts which were loaded.

mod bundled;
mod lookalikes;
mod search;

use std::fmt;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;

pub use self::bundled::{BundledCoverage, bundled_coverage};
use self::lookalikes::lookalikes_in_words;
pub use self::lookalikes::{Lookalike, lookalike, with_ordinary_characters};
pub(super) use self::search::explain;
pub use self::search::missing_characters;

/// The characters that the fonts of each role draw. Roles are those of `fonts/roles.yaml`.
pub trait Coverage: Send + Sync {
    /// Whether a character is printed in a role, whatever stands before it: it is not [`unprintable`], and the fonts
    /// of the role draw it.
    fn prints(&self, role: &str, character: char) -> bool;

    /// The characters of a role that are known to be printed; `None` if there is no such role.
    fn printed(&self, role: &str) -> Option<&Printed>;

    /// The name of a role in the standard, such as 仿宋; its key if there is no such role.
    fn term<'a>(&'a self, role: &'a str) -> &'a str;
}

impl fmt::Debug for dyn Coverage {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("Coverage")
    }
}

/// Characters of the first plane, one bit each: those that were looked up and are printed. Reports have the same few
/// thousand characters again and again, so all share what was learned from the first.
pub struct Printed(Vec<AtomicU64>);

impl Printed {
    const BITS: usize = u64::BITS as usize;

    pub(super) fn contains(&self, character: char) -> bool {
        let code = character as usize;
        let bits = self.0.get(code / Self::BITS);
        bits.is_some_and(|bits| bits.load(Relaxed) & (1 << (code % Self::BITS)) != 0)
    }

    pub(super) fn insert(&self, character: char) {
        let code = character as usize;
        if let Some(bits) = self.0.get(code / Self::BITS) {
            bits.fetch_or(1 << (code % Self::BITS), Relaxed);
        }
    }
}

impl Default for Printed {
    fn default() -> Self {
        let words = 0..0x1_0000 / Self::BITS;
        Self(words.map(|_| AtomicU64::new(0)).collect())
    }
}

impl fmt::Debug for Printed {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("Printed")
    }
}

/// The reason for which a character is not printed, whatever the fonts have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unprintable {
    /// It has no shape.
    Invisible,
    /// It is for private use. Its meaning is agreed between two parties, no archive can know it, so PDF/A-2a
    /// forbids it (ISO 19005-2, 6.2.11.7.3).
    Private,
    /// It is a mark over the one before it, whose font may not have it.
    Combining,
    /// It looks like another and is not the one that is meant.
    Lookalike(Lookalike),
}

/// The reason for which a character is not printed, whatever the fonts have; `None` if it is up to them.
#[must_use]
pub fn unprintable(character: char) -> Option<Unprintable> {
    if is_invisible(character) {
        Some(Unprintable::Invisible)
    } else if is_private(character) {
        Some(Unprintable::Private)
    } else if is_combining(character) {
        Some(Unprintable::Combining)
    } else {
        lookalike(character).map(Unprintable::Lookalike)
    }
}

fn is_private(character: char) -> bool {
    matches!(character, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}')
}

fn is_combining(character: char) -> bool {
    matches!(
        character,
        '\u{300}'..='\u{36F}'
            | '\u{483}'..='\u{489}'
            | '\u{591}'..='\u{5C7}'
            | '\u{610}'..='\u{61A}'
            | '\u{64B}'..='\u{65F}'
            | '\u{1AB0}'..='\u{1AFF}'
            | '\u{1DC0}'..='\u{1DFF}'
            | '\u{20D0}'..='\u{20FF}'
            | '\u{3099}'..='\u{309A}'
            | '\u{FE20}'..='\u{FE2F}'
    )
}

/// Whether a character has no shape: controls, tabs among them, joiners, marks of direction and variation.
pub(crate) fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{AD}'
                | '\u{34F}'
                | '\u{61C}'
                | '\u{115F}'..='\u{1160}'
                | '\u{17B4}'..='\u{17B5}'
                | '\u{180B}'..='\u{180F}'
                | '\u{200B}'..='\u{200F}'
                | '\u{2028}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}'
                | '\u{3164}'
                | '\u{FE00}'..='\u{FE0F}'
                | '\u{FEFF}'
                | '\u{FFA0}'
                | '\u{FFF0}'..='\u{FFFB}'
                | '\u{E0000}'..='\u{E0FFF}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_without_a_shape_of_their_own_are_never_printed() {
        for character in [
            '\t',
            '\u{AD}',
            '\u{200B}',
            '\u{202E}',
            '\u{2060}',
            '\u{FE0F}',
            '\u{E0100}',
            '\u{FEFF}',
            '\u{7}',
            '\u{85}',
        ] {
            assert_eq!(unprintable(character), Some(Unprintable::Invisible));
        }
        assert_eq!(unprintable('\u{E7C7}'), Some(Unprintable::Private));
        assert_eq!(unprintable('\u{300}'), Some(Unprintable::Combining));
        let unified = "\u{FA0E}\u{FA0F}\u{FA11}\u{FA13}\u{FA14}\u{FA1F}\u{FA21}\u{FA23}\u{FA24}\u{FA27}\u{FA28}\u{FA29}";
        for character in "方A，\u{A0}\u{3000}é".chars().chain(unified.chars()) {
            assert_eq!(unprintable(character), None, "{character}");
        }
    }
}
