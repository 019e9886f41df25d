//! The place of a span in lines and columns.

use serde::Serialize;

use crate::source::{Source, Span};

/// Lines and columns of a span, from 1; columns count characters, and the end is exclusive.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Place {
    pub line: usize,
    pub column: usize,
    pub end_line: usize,
    pub end_column: usize,
}

impl Place {
    pub fn of(span: Span, source: &Source) -> Self {
        let (line, column) = source.position(span.start);
        let (end_line, end_column) = source.position(span.end);
        Self {
            line,
            column,
            end_line,
            end_column,
        }
    }
}
