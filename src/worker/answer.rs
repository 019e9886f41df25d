//! Answers: one JSON object a line.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::told::Told;
use crate::archive::Record;
use crate::authoring;
use crate::batch::Status;
use crate::check::Share;
use crate::diagnostic::{self, Diagnostic};
use crate::digest::Digest;
use crate::form::Editions;
use crate::pipeline::{Examined, FromItself, Target};
use crate::source::Source;
use crate::typeset::SectionPlace;

/// What a file says of itself that was made again from the report in it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Itself {
    /// The digest of the report file in it.
    pub report: Digest,
    /// The agency that reports.
    pub agency: String,
    /// The year reported on.
    pub year: u16,
    /// The edition of the form.
    pub edition: String,
    /// The digests of the files of its figures, by their paths as written.
    pub figures: Vec<(String, Digest)>,
}

impl From<FromItself> for Itself {
    fn from(again: FromItself) -> Self {
        Self {
            report: again.report,
            agency: again.agency,
            year: again.year,
            edition: again.edition,
            figures: again.rendered.figures,
        }
    }
}

/// One answer.
#[derive(Debug, Serialize, Deserialize)]
pub struct Answer {
    /// The `id` of the request.
    #[serde(default)]
    pub id: Box<RawValue>,
    /// The state of the answer.
    pub status: Status,
    /// The reason for which there is no more, if no finding has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The findings in the report: an array, as `check --output json` prints it.
    pub findings: Box<RawValue>,
    /// The findings of the layout, of a report that was examined before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub laid_out: Option<Vec<Told>>,
    /// What a file that was made again says of itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub itself: Option<Itself>,
    /// The number of pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pages: Option<usize>,
    /// The digest of what the report says, as it stands on signed paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
    /// The title of the report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The places where sections begin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub places: Option<Vec<SectionPlace>>,
    /// The fields of the file as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fields: Option<Box<RawValue>>,
    /// The report as a YAML file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub yaml: Option<String>,
    /// The changes of a tidied file: an array.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changes: Option<Box<RawValue>>,
    /// The sections and rows that another edition has no place for, as printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lost: Option<Vec<String>>,
    /// The digest of the file that was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<Digest>,
    /// The PDF that was made, in base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pdf: Option<String>,
    /// The page as PNG, in base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub png: Option<String>,
    /// The page as SVG, in base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub svg: Option<String>,
    /// The web page, in base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub html: Option<String>,
    /// The file that was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<PathBuf>,
    /// The record of the report for the ledger of the archive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<Box<Record>>,
    /// The share of the text that was there the year before, by section; empty if it was not compared.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub copied: Vec<Share>,
}

impl Answer {
    /// An answer with nothing in it.
    pub(super) fn empty(status: Status) -> Self {
        Self {
            id: Box::default(),
            status,
            message: None,
            findings: RawValue::from_string("[]".to_owned()).unwrap_or_default(),
            laid_out: None,
            itself: None,
            pages: None,
            digest: None,
            title: None,
            places: None,
            fields: None,
            yaml: None,
            changes: None,
            lost: None,
            sha256: None,
            pdf: None,
            png: None,
            svg: None,
            html: None,
            path: None,
            record: None,
            copied: Vec::new(),
        }
    }

    pub(super) fn found(
        status: Status,
        findings: &[Diagnostic],
        source: &Source,
        editions: &Editions,
    ) -> Self {
        let items = authoring::items(findings, source, editions).replace('\n', "");
        let items = format!("[{items}]");
        Self {
            findings: RawValue::from_string(items).unwrap_or_default(),
            ..Self::empty(status)
        }
    }

    /// The answer with the findings in a report.
    pub(super) fn of(examined: &Examined, editions: &Editions) -> Self {
        let findings = &examined.findings;
        let status = if diagnostic::has_errors(findings) {
            Status::Faulty
        } else {
            Status::Done
        };
        let report = examined.report.as_ref();
        Self {
            title: report.map(|report| report.title.text.clone()),
            copied: examined.copied.clone(),
            ..Self::found(status, findings, &examined.source, editions)
        }
    }

    /// The answer to an invalid request, with the reason.
    #[must_use]
    pub fn refused(message: String) -> Self {
        Self {
            message: Some(message),
            ..Self::empty(Status::Refused)
        }
    }

    /// The answer to a request for a page that the report, of `count` pages, does not have.
    pub(super) fn no_such_page(count: usize) -> Self {
        Self {
            pages: Some(count),
            ..Self::refused(format!("没有这一页，共 {count} 页"))
        }
    }

    /// Whether a page was asked for that the report does not have: the only refusal that tells how many there
    /// are.
    #[must_use]
    pub fn lacks_page(&self) -> bool {
        self.status == Status::Refused && self.pages.is_some()
    }

    /// The place of a file of a kind, in base64.
    pub fn content(&mut self, target: Target) -> &mut Option<String> {
        match target {
            Target::Pdf => &mut self.pdf,
            Target::Png => &mut self.png,
            Target::Svg => &mut self.svg,
            Target::Html => &mut self.html,
        }
    }

    /// The answer after a failure of the machine.
    #[must_use]
    pub fn failed(message: String) -> Self {
        Self {
            message: Some(message),
            ..Self::empty(Status::Failed)
        }
    }
}
