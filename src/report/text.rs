//! Text with its place.

use crate::source::Span;

/// A piece of text and where it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The text as written.
    pub text: String,
    /// Where it stands; for a text that follows from others, where those stand.
    pub span: Span,
}

impl Text {
    /// Where a part of the text stands. Where what was written differs from the text, as in quotes,
    /// only the whole is known.
    #[must_use]
    pub fn part(&self, range: std::ops::Range<usize>) -> Span {
        if self.span.end - self.span.start == self.text.len() {
            Span::new(self.span.start + range.start, self.span.start + range.end)
        } else {
            self.span
        }
    }
}
