//! The legal form as data: the content of an edition, declared in its `format.yaml`.
//!
//! Data flows from left to right: `declared` (as written) → `line` and `grid` (derived) → `table` and
//! [`Form`] (resolved). Unresolved tables and forms have types of their own, which no other module sees.
//!
//! This module knows no report and no edition by name. Labels stand in `format.yaml` alone; Typst gets
//! them as cells with their places ([`TableGrid`]).

mod balance_rule;
mod declared;
mod due;
mod earlier;
mod editions;
mod fault;
mod grid;
mod head;
mod line;
mod measure;
mod name;
mod resolve;
mod section;
mod spoken;
mod table;
mod transcript;
mod years;

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

pub use self::balance_rule::{BalanceRule, Each};
pub use self::declared::{Block, DeclaredTable, List, Shared};
pub use self::due::{DayOfYear, DueDate, DueDates};
pub use self::earlier::Earlier;
pub use self::editions::Editions;
pub(crate) use self::fault::{DeclarationFault, Entry};
pub use self::grid::{CellContent, CellOutline, GridCell, Role, TableGrid};
pub use self::head::{Head, Sum};
pub use self::line::{Column, Line};
pub use self::measure::{CellKind, Measure, Values};
pub use self::name::{Language, Name};
pub(crate) use self::name::{NUMERALS, OF_THESE, ordinal};
pub use self::section::{Aspect, Body, Limit, Section};
pub use self::spoken::{SpokenColumn, SpokenColumns, SpokenRow};
pub use self::table::{Balanced, Mention, Table};
pub use self::transcript::{Difference, Transcript, TranscriptCell, TranscriptTable};
pub use self::years::YearRange;
use crate::error::Error;

/// One edition of the form (格式), complete and checked.
#[derive(Clone, Debug)]
pub struct Form {
    /// The name of the edition and of its folder.
    pub edition: String,
    /// The decree that prescribes it.
    pub decree: String,
    /// The report years it is prescribed for; `None` if it never was and is only found in reports.
    pub years: Option<YearRange>,
    /// Whether its transcription has not been compared with the decree.
    pub draft: bool,
    /// The parts that other editions declare.
    pub shared: Shared,
    /// The dates until which reports are to be published, if the law is known to set any.
    pub due: Option<DueDates>,
    /// What was otherwise in the transcription before; `None` if nothing was that digests tell.
    pub earlier: Option<Earlier>,
    /// The words of the default title, with `{agency}` and `{year}` to fill in.
    pub title: Vec<String>,
    /// The sections in the order of print.
    pub sections: Vec<Section>,
    /// The tables by key.
    pub tables: BTreeMap<String, Table>,
}

/// A field of the report file that belongs to one edition.
#[derive(Clone, Debug)]
pub struct Part<'a> {
    /// Its names.
    pub name: Name,
    /// Its content.
    pub content: Content<'a>,
}

/// The content of a field.
#[derive(Clone, Copy, Debug)]
pub enum Content<'a> {
    /// The text of a section.
    Prose,
    /// Sections with their titles.
    Titled,
    /// The values of a table.
    Table(&'a Table),
}

impl Form {
    /// The editions that declare parts of it.
    pub fn sources(&self) -> impl Iterator<Item = &String> {
        let Shared {
            sections,
            due,
            tables,
        } = &self.shared;
        sections.iter().chain(due).chain(tables.values())
    }

    /// Whether it is prescribed for reports on `year`.
    #[must_use]
    pub fn is_for(&self, year: u16) -> bool {
        self.years.is_some_and(|years| years.contains(year))
    }

    /// The fields of a report file for the sections, in the order of print.
    #[must_use]
    pub fn parts(&self) -> Vec<Part<'_>> {
        let mut parts = Vec::new();
        for section in &self.sections {
            let text = match section.body {
                Body::Prose => Some(Content::Prose),
                Body::Titled => Some(Content::Titled),
                Body::Tables => None,
            };
            let name = section.name();
            parts.extend(text.map(|content| Part { name, content }));
            for key in &section.tables {
                let name = match section.tables.len() {
                    1 => Name::new(key, &section.title, &section.aliases),
                    _ => Name::new(key, key, &[]),
                };
                if let Some(table) = self.tables.get(key) {
                    let content = Content::Table(table);
                    parts.push(Part { name, content });
                }
            }
        }
        parts
    }

    /// The labels that the form prints in its tables, in reading order, repeated ones included.
    #[must_use]
    pub fn labels(&self) -> Vec<&str> {
        let grids = self.tables.values().map(Table::grid);
        grids.flat_map(TableGrid::labels).collect()
    }

    /// The default title of a report, word by word.
    #[must_use]
    pub fn title_words(&self, agency: &str, year: u16) -> Vec<String> {
        let fill = |word: &String| {
            // The agency last: what it says is no placeholder.
            word.replace("{year}", &year.to_string())
                .replace("{agency}", agency)
        };
        self.title.iter().map(fill).collect()
    }
}

/// Reads a declaration that ships with the program; `file` names it.
pub(crate) fn declaration<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, Error> {
    serde_yaml::from_str(text).map_err(|cause| Error::Declaration {
        file: file.to_owned(),
        line: cause.location().map(|place| place.line()),
        cause: cause.to_string(),
    })
}
