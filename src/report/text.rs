//! Text with its place.

use crate::source::Span;

/// A piece of text and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The text as written.
    pub text: String,
    /// Its place; for a text that follows from others, theirs.
    pub span: Span,
}

impl Text {
    /// The place of a part of the text. If the text differs from what was written, as in quotes, that of the
    /// whole.
    #[must_use]
    pub fn part(&self, range: std::ops::Range<usize>) -> Span {
        if self.span.end - self.span.start == self.text.len() {
            Span::new(self.span.start + range.start, self.span.start + range.end)
        } else {
            self.span
        }
    }
}

/// Whether a character is a Chinese one of the blocks that all of them but rare ones stand in (U+3400 to U+9FFF).
pub(super) fn is_common_han(c: char) -> bool {
    ('\u{3400}'..='\u{9FFF}').contains(&c)
}

/// The characters of a text but the common Chinese ones (U+4000 to U+9FFF), with their places: most of a text are
/// these, of three bytes each, and are passed over by their first byte.
pub(crate) fn marks(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while matches!(text.as_bytes().get(at), Some(0xE4..=0xE9)) {
            at += 3;
        }
        let mark = text[at..].chars().next()?;
        let place = at;
        at += mark.len_utf8();
        Some((place, mark))
    })
}
