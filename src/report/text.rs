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
