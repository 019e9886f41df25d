//! How far a Word file is read.

use std::collections::{BTreeSet, HashMap};

use crate::import::block::{Block, Flag};

use super::super::document::{Counts, LeftOut};
use super::super::package::Package;
use super::super::xml::Element;
use super::numbering::Numbering;
use super::styles::Styles;

/// The reader of a Word file.
pub(super) struct Reader<'x> {
    pub package: &'x Package<'x>,
    pub styles: Styles<'x>,
    pub numbering: Numbering<'x>,
    /// The parts by the ids of their relationships.
    pub targets: HashMap<&'x str, &'x str>,
    pub counts: Counts,
    /// The fields that are open, and whether their result has begun.
    pub fields: Vec<bool>,
    pub left_out: Vec<LeftOut>,
}

/// The text of a paragraph as far as it is read, and the boxes and pictures that are anchored in it.
#[derive(Default)]
pub(super) struct Line {
    pub text: String,
    pub flags: BTreeSet<Flag>,
    pub behind: Vec<Block>,
}

impl Line {
    pub fn is_empty(&self) -> bool {
        self.text.is_empty() && self.behind.is_empty()
    }
}

/// Whether a content control shows no more than what it asks for.
pub(super) fn is_placeholder(control: Element) -> bool {
    let shows = control.child("sdtPr");
    shows.is_some_and(|properties| properties.is_on("showingPlcHdr") == Some(true))
}

/// One of the forms of the same content: the first, or that for programs that know no other.
pub(super) fn chosen(alternatives: Element<'_>) -> Option<Element<'_>> {
    let choice = alternatives.child("Choice");
    choice.or_else(|| alternatives.child("Fallback"))
}
