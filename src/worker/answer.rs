//! What a worker answers.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::archive::Record;
use crate::authoring::Places;
use crate::check::Share;
use crate::diagnostic::{self, Diagnostic};
use crate::digest::Digest;
use crate::form::Editions;
use crate::pipeline::{Examined, Target};
use crate::source::Source;
use crate::typeset::SectionPlace;

/// One answer.
#[derive(Debug, Serialize, Deserialize)]
pub struct Answer {
    /// What told the request from others.
    #[serde(default)]
    pub id: Box<RawValue>,
    /// How it went.
    pub status: Status,
    /// Why there is no more, where no finding says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// What was found in the report: an array, as `check --output json` prints it.
    pub findings: Box<RawValue>,
    /// How many pages there are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pages: Option<usize>,
    /// The digest of what the report says, as it stands on signed paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
    /// The title of the report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Where sections begin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub places: Option<Vec<SectionPlace>>,
    /// What the file says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fields: Option<Box<RawValue>>,
    /// The report as a YAML file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub yaml: Option<String>,
    /// The sections and rows that another edition has no place for, as printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lost: Option<Vec<String>>,
    /// The digest of the file that was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<Digest>,
    /// The PDF that was made, in base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pdf: Option<String>,
    /// The page that was made, in base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub png: Option<String>,
    /// The page that was made, in base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub svg: Option<String>,
    /// The file that was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<PathBuf>,
    /// What the ledger of the archive is to say of the report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<Box<Record>>,
    /// What tells the PDF of a planned report from another without reading it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stamp: Option<String>,
    /// How much of the text was there the year before, by section; absent where it was not compared.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub copied: Vec<Share>,
}

/// How it went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// What was asked for was done.
    Done,
    /// A finding is an error: nothing was made.
    Faulty,
    /// The request is none that can be answered.
    Refused,
    /// The machine failed, or the program has a defect.
    Failed,
}

impl Answer {
    /// An answer with nothing in it.
    pub(super) fn empty(status: Status) -> Self {
        Self {
            id: Box::default(),
            status,
            message: None,
            findings: RawValue::from_string("[]".to_owned()).unwrap_or_default(),
            pages: None,
            digest: None,
            title: None,
            places: None,
            fields: None,
            yaml: None,
            lost: None,
            sha256: None,
            pdf: None,
            png: None,
            svg: None,
            path: None,
            record: None,
            stamp: None,
            copied: Vec::new(),
        }
    }

    pub(super) fn found(
        status: Status,
        findings: &[Diagnostic],
        source: &Source,
        editions: &Editions,
    ) -> Self {
        let items = Places::items(findings, source, editions).replace('\n', "");
        let items = format!("[{items}]");
        Self {
            findings: RawValue::from_string(items).unwrap_or_default(),
            ..Self::empty(status)
        }
    }

    /// What was found in a report.
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

    /// That the request cannot be answered, and why.
    #[must_use]
    pub fn refused(message: String) -> Self {
        Self {
            message: Some(message),
            ..Self::empty(Status::Refused)
        }
    }

    /// That a page is asked for that the report does not have, of so many.
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
        }
    }

    /// That the machine failed.
    #[must_use]
    pub fn failed(message: String) -> Self {
        Self {
            message: Some(message),
            ..Self::empty(Status::Failed)
        }
    }
}
