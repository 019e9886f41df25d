//! What a worker is asked for.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::archive::Record;
use crate::batch::Planned;
use crate::pipeline::Target;
use crate::typeset::{CopyKind, CopyOptions, ReportCopy, SealSize};

/// One request.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// Whatever tells it from others; the answer has it again.
    #[serde(default)]
    pub id: Box<RawValue>,
    /// The report: the text of a report file as a string, or the same as JSON; `null` where it is planned.
    #[serde(default, skip_serializing_if = "is_null")]
    pub report: Box<RawValue>,
    /// The name of the report file; without it, its year and `.yaml`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The report of the year before, in the same way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<Box<RawValue>>,
    /// The files of its figures in base64, by the paths that the report has for them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub figures: BTreeMap<String, String>,
    /// What the copy is for.
    #[serde(default, skip_serializing_if = "is_default")]
    pub copy: CopyKind,
    /// The words behind the text of a draft, 1 to 12 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub watermark: Option<String>,
    /// The diameter of the place for a seal on a signing copy in mm, 40 to 42.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seal_size: Option<String>,
    /// Whether a signing copy is printed on both sides.
    #[serde(default, skip_serializing_if = "is_default")]
    pub duplex: bool,
    /// Whether errors of figures are warnings: the report is what was published.
    #[serde(default, skip_serializing_if = "is_default")]
    pub as_published: bool,
    /// What to make.
    pub to: To,
    /// A report of an archive, in place of `report`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archive: Option<Box<Planned>>,
    /// What the ledger of an archive is to say of a report, where nothing is to be done for that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<Box<Record>>,
    /// What it says so far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Box<Record>>,
    /// The page of a picture, from 1; without it, the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<usize>,
    /// The edition to convert to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edition: Option<String>,
    /// Pixels per inch of a PNG, 10 to 600.
    #[serde(default = "ppi", skip_serializing_if = "is_usual")]
    pub ppi: f32,
    /// The file to write; without it, what was made is in the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub out: Option<PathBuf>,
}

fn ppi() -> f32 {
    144.0
}

// What is as it is without it is not written: plans have very many lines.

#[allow(clippy::trivially_copy_pass_by_ref)] // as serde calls it
fn is_usual(wanted: &f32) -> bool {
    wanted.to_bits() == ppi().to_bits()
}

fn is_null(value: &RawValue) -> bool {
    value.get() == "null"
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// What is made of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum To {
    /// The PDF.
    Pdf,
    /// A page as PNG.
    Png,
    /// A page as SVG.
    Svg,
    /// The findings alone.
    Check,
    /// What the file says, field by field as written, for a form.
    Fields,
    /// The report as a YAML file.
    Yaml,
    /// The same as `fields` in another edition.
    Convert,
    /// Where sections begin on the pages.
    Places,
    /// The PDF of a planned report, in its archive.
    Archive,
    /// Nothing: it is for the ledger.
    Record,
    /// Nothing: the plan, or this part of it, is whole.
    End,
}

impl Request {
    /// A request for a report with nothing else said.
    #[must_use]
    pub fn new(report: Box<RawValue>, to: To) -> Self {
        Self {
            id: Box::default(),
            report,
            name: None,
            previous: None,
            figures: BTreeMap::new(),
            copy: CopyKind::default(),
            watermark: None,
            seal_size: None,
            duplex: false,
            as_published: false,
            to,
            archive: None,
            record: None,
            before: None,
            page: None,
            edition: None,
            ppi: ppi(),
            out: None,
        }
    }

    /// The copy with all that was said of it.
    pub(super) fn resolve(&self) -> Result<ReportCopy, String> {
        let size = self.seal_size.as_deref().map(str::parse::<SealSize>);
        let options = CopyOptions {
            kind: self.copy,
            watermark: self.watermark.clone(),
            // Whether there may be one comes before what it says.
            seal_size: size.as_ref().map(|size| size.clone().unwrap_or_default()),
            duplex: self.duplex,
            sealed: false,
        };
        let copy = options.resolve().map_err(|misuse| misuse.in_chinese())?;
        let size = size.transpose();
        size.map_err(|_| "seal_size 应为 40 至 42（mm）")?;
        Ok(copy)
    }

    /// The job that is asked for.
    pub(super) fn job(&self) -> Job {
        match self.to {
            To::Pdf => Job::Export(Target::Pdf),
            To::Png => Job::Export(Target::Png),
            To::Svg => Job::Export(Target::Svg),
            To::Check => Job::Check,
            To::Fields => Job::Fields,
            To::Yaml => Job::Yaml,
            To::Convert => Job::Convert,
            To::Places => Job::Places,
            To::Archive => Job::Archive,
            To::Record | To::End => Job::Nothing,
        }
    }
}

/// A job of a worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Job {
    /// A file of a report.
    Export(Target),
    /// The findings alone.
    Check,
    /// The fields of the file as written.
    Fields,
    /// The report as a YAML file.
    Yaml,
    /// Its fields in another edition.
    Convert,
    /// Where sections begin on the pages.
    Places,
    /// The PDF of a planned report, in its archive.
    Archive,
    /// A line of a plan that is for the ledger and no request of a report.
    Nothing,
}
