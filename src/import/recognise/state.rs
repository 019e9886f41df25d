//! How far a report is recognised.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::items::{Content, Item};
use crate::authoring::{FieldRef, RawReport};
use crate::form::Form;
use crate::import::finding::{Finding, FindingKind};
use crate::import::reader::Document;
use crate::report::field;

/// What the file does not say, or says wrongly.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// The agency.
    pub agency: Option<String>,
    /// The year.
    pub year: Option<u16>,
    /// The edition.
    pub edition: Option<String>,
}

/// What a recognised report consists of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// The values of the form.
    pub cells: usize,
    /// Those that are as they stood in the file, found by their labels.
    pub read: usize,
    /// Those that are written otherwise, or were found by something else.
    pub noted: usize,
    /// Those that were not recognised.
    pub unknown: usize,
    /// The sections with text.
    pub sections: usize,
    /// The paragraphs.
    pub paragraphs: usize,
    /// The figures.
    pub figures: usize,
}

/// The title of a section in the file.
#[derive(Clone, Debug)]
pub(super) struct Heading {
    pub item: usize,
    /// The section of the form; `None` for one with a title of its own.
    pub section: Option<usize>,
    /// The text that runs on behind it.
    pub rest: Option<String>,
    /// Whether it is known by its ordinal alone.
    pub by_ordinal: bool,
}

/// A report as far as it is recognised.
pub(super) struct Recogniser<'a> {
    pub document: &'a Document,
    pub items: &'a [Item],
    pub form: &'a Form,
    /// The tables of the form by key, each with the items that give its values.
    pub bound: BTreeMap<String, Vec<usize>>,
    pub report: RawReport,
    pub findings: Vec<Finding>,
    pub figures: Vec<(String, Vec<u8>)>,
    pub counts: Counts,
}

impl Recogniser<'_> {
    /// Whether an item is a table of the form.
    pub fn is_bound(&self, at: usize) -> bool {
        self.bound.values().any(|items| items.contains(&at))
    }

    /// Says something about an item.
    pub fn say(
        &mut self,
        kind: FindingKind,
        message: String,
        item: usize,
        field: Option<FieldRef>,
    ) {
        let place = self.items.get(item).map(|item| item.place.clone());
        self.findings.push(Finding {
            kind,
            message,
            place: place.unwrap_or_default(),
            field,
        });
    }
}

/// The text of a section.
pub(super) fn section_field(key: &str) -> FieldRef {
    FieldRef::Section {
        section: key.to_owned(),
    }
}

/// A field at the top.
pub(super) fn top_field(field: field::Field) -> FieldRef {
    FieldRef::Field { field: field.key }
}

/// Whether an item is a table that is bound.
pub(super) fn is_table(item: &Item) -> bool {
    matches!(item.content, Content::Table(_))
}
