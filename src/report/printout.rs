//! What stands on paper, for any output: a report with its titles, texts, tables and signature in the order of print,
//! nothing left to decide.

use super::annual::{Chapter, Report};
use super::cell::Cell;
use super::date::Date;
use super::grid::Grid;
use super::prose::Prose;
use super::text::Text;
use crate::form::Table;

/// A report as it is printed.
#[derive(Debug)]
pub struct Printout<'a> {
    /// The title, in one line.
    pub title: &'a str,
    /// The agency that reports.
    pub agency: &'a str,
    /// The year reported on.
    pub year: u16,
    /// The date of issue; without one, the signature is not printed.
    pub issued: Option<Date>,
    /// The signatories.
    pub signatories: &'a [Text],
    /// The paragraphs before the first section.
    pub preface: &'a Prose,
    /// The sections.
    pub chapters: Vec<PrintedChapter<'a>>,
    /// The title of the annex, which the text names.
    pub annex: Option<String>,
}

/// A section as it is printed.
#[derive(Debug)]
pub struct PrintedChapter<'a> {
    /// The title with its ordinal.
    pub title: String,
    /// Whether it is an annex behind the signature.
    pub annex: bool,
    /// Its text, of a section without tables.
    pub prose: Option<&'a Prose>,
    /// The text before its tables.
    pub before: Option<&'a Prose>,
    /// Its tables.
    pub tables: Vec<PrintedTable<'a>>,
    /// The notes under its tables.
    pub notes: Option<&'a Prose>,
    /// The text behind its tables and their notes.
    pub after: Option<&'a Prose>,
}

/// A table of the form with its values.
#[derive(Clone, Copy, Debug)]
pub struct PrintedTable<'a> {
    /// Its key.
    pub key: &'a str,
    /// Its declaration: labels and geometry.
    pub table: &'a Table,
    /// Its values.
    pub values: &'a Grid,
}

impl<'a> Printout<'a> {
    /// The printout of a report.
    #[must_use]
    pub fn new(report: &'a Report) -> Self {
        let chapters = report.chapters();
        Self {
            title: &report.title.text,
            agency: &report.agency.text,
            year: report.year,
            issued: report.date.map(|(date, _)| date),
            signatories: report.signatories(),
            preface: &report.preface,
            chapters: chapters
                .map(|chapter| PrintedChapter::new(report, &chapter))
                .collect(),
            annex: report.annex_title(),
        }
    }

    /// The date in the metadata of files: that of issue, or else the day by which the report is due.
    #[must_use]
    pub fn dated(&self) -> Date {
        self.issued.unwrap_or(Date {
            year: self.year + 1,
            month: 1,
            day: 31,
        })
    }
}

impl<'a> PrintedChapter<'a> {
    fn new(report: &'a Report, chapter: &Chapter<'a>) -> Self {
        let keys = chapter.section.tables.iter();
        let table = |key: &'a String| {
            Some(PrintedTable {
                key,
                table: report.form.tables.get(key)?,
                values: report.tables.get(key)?,
            })
        };
        Self {
            title: report.heading(chapter),
            annex: chapter.section.annex,
            prose: chapter.prose,
            before: chapter.before,
            tables: keys.filter_map(table).collect(),
            notes: chapter.notes,
            after: chapter.after,
        }
    }
}

impl PrintedTable<'_> {
    /// The value of a line and a column.
    #[must_use]
    pub fn value(&self, line: usize, column: usize) -> Option<&Cell> {
        self.values.lines.get(line)?.get(column)
    }
}
