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
}

impl SyntaxFault {
    pub(super) fn new(span: Span, message: impl Into<String>) -> Self {
        Self {
            span,
            message: message.into(),
            hint: None,
        }
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}
