//! The canonical report: the content of a report, however it was written.
//!
//! JSON after RFC 8785, described in `docs/canonical-report.md`. Its digest stands on signed paper, so
//! a change of this form is a breaking change.

use serde::Serialize;

use super::{Figure, Paragraph, Prose, Report, Waiver};
use crate::digest::{Digest, Prefix};
use crate::error::Error;

/// The version of the form.
const VERSION: u8 = 1;

#[derive(Serialize)]
struct CanonicalReport<'a> {
    canonical: u8,
    edition: &'a str,
    agency: &'a str,
    year: u16,
    title: &'a str,
    /// The lines of the title, if the author broke it.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    title_lines: &'a [String],
    date: Option<String>,
    signatory: &'a str,
    /// The signatories after the first.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    cosignatories: Vec<&'a str>,
    preface: Vec<Said<'a>>,
    sections: Vec<Section<'a>>,
    waivers: Vec<Waived<'a>>,
}

#[derive(Serialize)]
struct Section<'a> {
    key: &'a str,
    title: String,
    paragraphs: Vec<Said<'a>>,
    tables: Vec<Table<'a>>,
    notes: Vec<Said<'a>>,
    /// The text before and behind its tables.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    before: Vec<Said<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    after: Vec<Said<'a>>,
}

#[derive(Serialize)]
struct Table<'a> {
    key: &'a str,
    /// The values of each line of the form, as printed.
    lines: Vec<Vec<String>>,
}

/// A paragraph.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
enum Said<'a> {
    Heading(&'a str),
    RunIn([&'a str; 2]),
    Body(&'a str),
    Figure { caption: &'a str, sha256: Digest },
    Table(Vec<Vec<&'a str>>),
}

#[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
struct Waived<'a> {
    rule: &'a str,
    reason: &'a str,
}

/// The answer to whether a report has a given digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The report has the digest.
    Same,
    /// The report has the digest, but had no date of issue then.
    ButForDate,
    /// The report has the digest, with its date of issue or without, in an earlier transcription of its form.
    Earlier,
    /// The report has the digest, with or without its date, as its file was read before lines of folded text were
    /// joined without blanks.
    EarlierReading,
    /// Another report, or a changed one.
    Other,
}

impl Report {
    /// The canonical form of the report with its figures, which were loaded without findings.
    ///
    /// # Errors
    /// Never: everything in it has a form in JSON.
    pub fn canonical(&self, figures: &[Figure]) -> Result<Vec<u8>, Error> {
        let sections = self.chapters().map(|chapter| Section {
            key: &chapter.section.key,
            title: self.heading(&chapter),
            paragraphs: said(chapter.prose, figures),
            tables: chapter
                .section
                .tables
                .iter()
                .filter_map(|key| self.table(key))
                .collect(),
            notes: said(chapter.notes, figures),
            before: said(chapter.before, figures),
            after: said(chapter.after, figures),
        });
        let mut signatories = self.signatories().iter().map(|name| name.text.as_str());
        let mut waivers: Vec<_> = self.waivers.iter().map(waived).collect();
        waivers.sort();
        let canonical_report = CanonicalReport {
            canonical: VERSION,
            edition: &self.form.edition,
            agency: &self.agency.text,
            year: self.year,
            title: &self.title.text,
            title_lines: &self.title_lines,
            date: self.date.map(|(date, _)| date.to_string()),
            signatory: signatories.next().unwrap_or_default(),
            cosignatories: signatories.collect(),
            preface: said(Some(&self.preface), figures),
            sections: sections.collect(),
            waivers,
        };
        serde_json_canonicalizer::to_vec(&canonical_report)
            .map_err(|e| Error::Export(e.to_string()))
    }

    /// The digest of the canonical form: equal for reports of the same content.
    ///
    /// # Errors
    /// As [`Report::canonical`].
    pub fn digest(&self, figures: &[Figure]) -> Result<Digest, Error> {
        Ok(Digest::of(&self.canonical(figures)?))
    }

    /// Whether the digest has this prefix, and if not, whether the digest without a date of issue has: that
    /// date is the day of signing, so the paper may have been printed before.
    ///
    /// # Errors
    /// As [`Report::canonical`].
    pub fn answers(&self, wanted: &Prefix, figures: &[Figure]) -> Result<Answer, Error> {
        if self.digest(figures)?.begins(wanted) {
            return Ok(Answer::Same);
        }
        let mut undated = self.clone();
        undated.date = None;
        let same = undated.digest(figures)?.begins(wanted);
        Ok(if same {
            Answer::ButForDate
        } else {
            Answer::Other
        })
    }

    fn table<'a>(&self, key: &'a str) -> Option<Table<'a>> {
        let lines = self.tables.get(key)?.lines.iter();
        let lines = lines.map(|line| line.iter().map(super::Cell::printed).collect());
        Some(Table {
            key,
            lines: lines.collect(),
        })
    }
}

fn waived(waiver: &Waiver) -> Waived<'_> {
    Waived {
        rule: &waiver.rule.text,
        reason: &waiver.reason.text,
    }
}

fn said<'a>(prose: Option<&'a Prose>, figures: &[Figure]) -> Vec<Said<'a>> {
    let one = |paragraph: &'a Paragraph| match paragraph {
        Paragraph::Heading(text) => Said::Heading(&text.text),
        Paragraph::RunIn { head, rest } => Said::RunIn([&head.text, &rest.text]),
        Paragraph::Body(text) => Said::Body(&text.text),
        Paragraph::Figure { caption, path } => {
            let figure = figures.iter().find(|figure| figure.path.text == path.text);
            Said::Figure {
                caption: &caption.text,
                sha256: Digest::of(figure.map_or(&[][..], |figure| &figure.bytes)),
            }
        }
        Paragraph::Table(table) => {
            let rows = table.rows.iter();
            let rows = rows.map(|row| row.iter().map(|cell| cell.text.as_str()).collect());
            Said::Table(rows.collect())
        }
    };
    prose
        .into_iter()
        .flat_map(|p| &p.paragraphs)
        .map(one)
        .collect()
}
