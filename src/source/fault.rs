//! The faults of a file that cannot be read.

use super::Span;

/// A reason for which a file cannot be read as YAML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxFault {
    /// The place of the fault.
    pub span: Span,
    /// The fault, in Chinese.
    pub message: String,
    /// The remedy, in Chinese.
    pub hint: Option<String>,
    /// The fault and the remedy for those who did not write the file; `None` if they need know no more than that.
    pub plain: Option<(String, &'static str)>,
}

impl SyntaxFault {
    pub(super) fn new(span: Span, message: impl Into<String>) -> Self {
        Self {
            span,
            message: message.into(),
            hint: None,
            plain: None,
        }
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub(super) fn plain(mut self, message: impl Into<String>, hint: &'static str) -> Self {
        self.plain = Some((message.into(), hint));
        self
    }
}
