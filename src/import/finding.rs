//! What is said about an import: whatever was not simply taken as read.

use super::block::Place;
use crate::authoring::FieldRef;

/// Something that is said about an import.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Its kind.
    pub kind: FindingKind,
    /// What it is, in Chinese.
    pub message: String,
    /// Where it stands in the source.
    pub place: Place,
    /// The field of the report that it is about.
    pub field: Option<FieldRef>,
}

/// The kind of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FindingKind {
    /// Something has no place in the form, or a place of the form has nothing.
    NotRecognised,
    /// It was found by something else than its exact label.
    Assumed,
    /// It is written otherwise than in the source.
    Normalised,
    /// It follows from other values.
    Derived,
    /// It is not in the report.
    LeftOut,
}

impl FindingKind {
    /// Its name, for programs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotRecognised => "not-recognised",
            Self::Assumed => "assumed",
            Self::Normalised => "normalised",
            Self::Derived => "derived",
            Self::LeftOut => "left-out",
        }
    }

    /// Its name in Chinese.
    #[must_use]
    pub const fn said(self) -> &'static str {
        match self {
            Self::NotRecognised => "没有认出",
            Self::Assumed => "按推断",
            Self::Normalised => "归整",
            Self::Derived => "推算",
            Self::LeftOut => "略去",
        }
    }
}

/// The most characters of a text in a message.
const SHOWN: usize = 40;

/// A text for a message, on one line and cut if it is long.
pub(super) fn shown(text: &str) -> String {
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("“{}…”", &line[..at]),
        None => format!("“{line}”"),
    }
}
