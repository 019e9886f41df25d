//! Requests: one JSON object a line.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::told::Told;
use crate::archive::{Absent, Record};
use crate::batch::{Task, is_default};
use crate::pipeline::{PageView, Target};
use crate::typeset::{CopyKind, CopyOptions, ReportCopy, SealSize};

/// One request.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// Any JSON value that tells it from others; the answer has it again.
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
    /// The kind of the copy.
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
    /// Whether errors in numbers are warnings: the report is what was published.
    #[serde(default, skip_serializing_if = "is_default")]
    pub as_published: bool,
    /// Whether a report with errors is shown as far as it goes, with the values marked that they are about: `png`,
    /// `svg` and `places` alone.
    #[serde(default, skip_serializing_if = "is_default")]
    pub partial: bool,
    /// The findings in the report, where it was examined already: then it is only laid out, and the answer has the
    /// findings of that alone. For processes of one program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub examined: Option<Vec<Told>>,
    /// A PDF in base64 that is made again from the report in it. For processes of one program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// The result that is asked for.
    pub to: To,
    /// A report of an archive, in place of `report`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archive: Option<Box<Task>>,
    /// The record that the ledger of an archive is to have, if nothing is to be made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<Box<Record>>,
    /// The record that it has so far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Box<Record>>,
    /// The reports that nobody has filed, at the end of a plan.
    #[serde(default, skip_serializing_if = "is_default")]
    pub absent: Absent,
    /// The page of a picture, from 1; without it, the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<usize>,
    /// The edition to convert to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edition: Option<String>,
    /// Pixels per inch of a PNG, 10 to 600.
    #[serde(default = "ppi", skip_serializing_if = "is_usual")]
    pub ppi: f32,
    /// The file to write; without it, the answer has the content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub out: Option<PathBuf>,
}

fn ppi() -> f32 {
    144.0
}

#[allow(clippy::trivially_copy_pass_by_ref)] // as serde calls it
fn is_usual(wanted: &f32) -> bool {
    wanted.to_bits() == ppi().to_bits()
}

fn is_null(value: &RawValue) -> bool {
    value.get() == "null"
}

/// The results that a request may ask for.
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
    /// The fields of the file as written, for a form.
    Fields,
    /// The report as a YAML file.
    Yaml,
    /// The file with all that can be put right without judging.
    Tidy,
    /// The fields in another edition.
    Convert,
    /// The places where sections begin on the pages.
    Places,
    /// The PDF of a report of a plan, in its archive.
    Archive,
    /// The PDF of `of`, made again.
    Again,
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
            partial: false,
            examined: None,
            of: None,
            to,
            archive: None,
            record: None,
            before: None,
            absent: Absent::new(),
            page: None,
            edition: None,
            ppi: ppi(),
            out: None,
        }
    }

    /// The request for a kind of copy without seals, with its options.
    #[must_use]
    pub(super) fn for_copy(self, copy: &ReportCopy) -> Self {
        let copied = Self {
            copy: copy.kind(),
            ..self
        };
        match copy {
            ReportCopy::Signing { seal, duplex } => Self {
                seal_size: Some(seal.millimetres().to_string()),
                duplex: *duplex,
                ..copied
            },
            ReportCopy::Draft { watermark } => Self {
                watermark: watermark.clone(),
                ..copied
            },
            ReportCopy::Public | ReportCopy::Sealed(_) | ReportCopy::Archive => copied,
        }
    }

    /// The copy with its options.
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

    /// The job that is asked for, with its arguments.
    pub(super) fn job(&self) -> Result<Job<'_>, String> {
        if self.partial && !matches!(self.to, To::Png | To::Svg | To::Places) {
            return Err("partial 只用于 png、svg、places".to_owned());
        }
        Ok(match self.to {
            To::Pdf => self.export(Target::Pdf),
            To::Png => self.export(Target::Png),
            To::Svg => self.export(Target::Svg),
            To::Check => Job::Check,
            To::Places => Job::Places,
            To::Fields => Job::Fields,
            To::Yaml => Job::Yaml,
            To::Tidy => Job::Tidy,
            To::Convert => Job::Convert(self.edition.as_deref().unwrap_or_default()),
            To::Archive => {
                let task = self.archive.as_deref().filter(|task| task.is_inside());
                Job::Task(task.ok_or("to: archive 要有 archive，其 path 在 sources 之内")?)
            }
            To::Again => Job::Again(self.of.as_deref().unwrap_or_default()),
            To::Record | To::End => Job::Nothing,
        })
    }

    fn export(&self, target: Target) -> Job<'_> {
        let page = self.page.unwrap_or(1).checked_sub(1);
        let view = PageView {
            page: page.unwrap_or_default(),
            ppi: self.ppi,
        };
        let view = (page.is_some() || !target.is_paged()).then_some(view);
        Job::Export { target, view }
    }
}

/// A job of a worker.
pub(super) enum Job<'a> {
    /// A file of a report.
    Export {
        target: Target,
        /// The page, where files are of one page each; `None` for page 0, which no report has.
        view: Option<PageView>,
    },
    /// The findings alone.
    Check,
    /// The places where sections begin on the pages.
    Places,
    /// The fields of the file as written.
    Fields,
    /// The report as a YAML file.
    Yaml,
    /// The file with all that can be put right without judging.
    Tidy,
    /// Its fields in the edition of this name.
    Convert(&'a str),
    /// The PDF of a report of a plan, in its archive.
    Task(&'a Task),
    /// A PDF in base64, made again from the report in it.
    Again(&'a str),
    /// A line of a plan for the ledger alone.
    Nothing,
}
