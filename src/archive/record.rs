//! The records of the ledger: data, without input or output.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::diagnostic::{self, Diagnostic, Severity};
use crate::digest::Digest;
use crate::pipeline::{RenderInputs, Rendered, has_report};

/// The records of an archive, by the paths of their reports.
pub type Records = BTreeMap<String, Record>;

/// One report in the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "AnyRecord")]
pub struct Record {
    /// The path of the report below the folder of sources, parted by `/`.
    pub path: String,
    /// The state of its PDF.
    pub state: State,
    /// The agency that reports, as far as it is known.
    pub agency: Option<String>,
    /// The year reported on.
    pub year: Option<u16>,
    /// The edition of the form.
    pub edition: Option<String>,
    /// The number of findings at the last examination.
    pub findings: Counts,
    /// The digest of what the findings depend on beside the report and the engine: the checks themselves, how
    /// strict they were, and the reports that it was compared with.
    pub checks: Option<Digest>,
    /// The failure to make the report as it is now.
    pub failure: Option<Failure>,
    /// The files that stand in the archive.
    pub files: Files,
}

/// The files of a report, by kind. Each has what it was made from, so that a kind can come or go and no other
/// is made again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Files {
    /// The PDF.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pdf: Option<Pdf>,
}

/// A record as this program writes it, or as the first version did, which knew PDFs alone.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AnyRecord {
    path: String,
    state: State,
    agency: Option<String>,
    year: Option<u16>,
    edition: Option<String>,
    findings: Counts,
    checks: Option<Digest>,
    failure: Option<Failure>,
    #[serde(default)]
    files: Files,
    #[serde(default)]
    made_from: Option<Inputs>,
    #[serde(default)]
    pdf: Option<FirstPdf>,
}

/// A PDF in the first version of the ledger.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FirstPdf {
    digest: Digest,
    bytes: u64,
    pages: usize,
}

impl From<AnyRecord> for Record {
    fn from(any: AnyRecord) -> Self {
        let first = any.pdf.zip(any.made_from);
        let first = first.map(|(pdf, made_from)| Pdf {
            digest: pdf.digest,
            bytes: pdf.bytes,
            pages: pdf.pages,
            made_from,
        });
        Self {
            path: any.path,
            state: any.state,
            agency: any.agency,
            year: any.year,
            edition: any.edition,
            findings: any.findings,
            checks: any.checks,
            failure: any.failure,
            files: Files {
                pdf: any.files.pdf.or(first),
            },
        }
    }
}

impl Record {
    /// The reason for which the report could not be made; empty if it could.
    #[must_use]
    pub fn reason(&self) -> &str {
        let failure = self.failure.as_ref();
        failure.map_or("", |failure| &failure.reason)
    }

    /// The digest of the report that it tells of, where that could be read.
    #[must_use]
    pub fn report_digest(&self) -> Option<Digest> {
        match &self.failure {
            Some(failure) => failure.report,
            None => self.made_from().map(|inputs| inputs.report),
        }
    }

    /// Whether its PDF can be proved by no report: the one that it was made from is not there any more, and copies of
    /// this kind have none in them.
    #[must_use]
    pub fn is_unproven(&self) -> bool {
        let has_report = |inputs: &Inputs| has_report(&inputs.options);
        self.state != State::Made && self.made_from().is_some_and(|inputs| !has_report(inputs))
    }

    /// The PDF that stands in the archive.
    #[must_use]
    pub fn pdf(&self) -> Option<&Pdf> {
        self.files.pdf.as_ref()
    }

    /// The inputs of the PDF.
    #[must_use]
    pub fn made_from(&self) -> Option<&Inputs> {
        self.pdf().map(|pdf| &pdf.made_from)
    }
}

/// The state of a report in an archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// The PDF is what the report gives.
    Made,
    /// There is no PDF, because the report cannot be made.
    Failed,
    /// The PDF is what the report gave before it changed; now it cannot be made.
    Stale,
    /// The PDF is there, and its report is gone.
    Orphan,
}

/// The number of findings by severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// Notes.
    pub notes: usize,
}

impl Counts {
    pub(crate) fn of(findings: &[Diagnostic]) -> Self {
        Self {
            errors: diagnostic::count(findings, Severity::Error),
            warnings: diagnostic::count(findings, Severity::Warning),
            notes: diagnostic::count(findings, Severity::Note),
        }
    }
}

/// A failure to make a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Failure {
    /// The digest of the report that fails; none where it cannot be read.
    pub report: Option<Digest>,
    /// The first error with its place, or what went wrong with the machine.
    pub reason: String,
}

/// Everything that shapes the bytes of a PDF.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inputs {
    /// The digest of the report file.
    pub report: Digest,
    /// The digests of its figures, by their paths as written.
    pub figures: BTreeMap<String, Digest>,
    /// The digest of the layout of its edition.
    pub layout: Digest,
    /// The digest of the fonts.
    pub fonts: Digest,
    /// The digest of what the program is made from.
    pub engine: Digest,
    /// The options.
    pub options: String,
}

impl Inputs {
    /// The first input that differs, beside the report and its figures.
    pub(crate) fn change(&self, setting: &RenderInputs) -> Option<Why> {
        let changes = [
            (self.layout != setting.layout, Why::Layout),
            (self.fonts != setting.fonts, Why::Fonts),
            (self.engine != setting.engine, Why::Engine),
            (self.options != setting.options, Why::Options),
        ];
        let changed = |(changed, why): (bool, Why)| changed.then_some(why);
        changes.into_iter().find_map(changed)
    }
}

/// A PDF in the archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pdf {
    /// The digest of its bytes.
    pub digest: Digest,
    /// Its size in bytes.
    pub bytes: u64,
    /// The number of its pages.
    pub pages: usize,
    /// The inputs that it was made from.
    pub made_from: Inputs,
}

impl Pdf {
    pub(crate) fn of(rendered: &Rendered, report: Digest, setting: RenderInputs) -> Self {
        let RenderInputs {
            layout,
            fonts,
            engine,
            options,
        } = setting;
        Self {
            digest: Digest::of(&rendered.bytes),
            bytes: rendered.bytes.len() as u64,
            pages: rendered.pages,
            made_from: Inputs {
                report,
                figures: rendered.figures.iter().cloned().collect(),
                layout,
                fonts,
                engine,
                options,
            },
        }
    }
}

/// A reason for which a report has to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// The ledger has no PDF of it.
    New,
    /// The report file is another.
    Report,
    /// A figure, by its path as written, is another.
    Figure(String),
    /// The layout of its edition is another.
    Layout,
    /// The fonts are others.
    Fonts,
    /// The program is another.
    Engine,
    /// Something else was asked for.
    Options,
    /// The findings are printed in it, and may be others now.
    Findings,
    /// The PDF is not there.
    Missing,
    /// The PDF is not what was made.
    Altered,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::New => f.write_str("没有生成过"),
            Self::Report => f.write_str("报告文件已改"),
            Self::Figure(path) => write!(f, "图片已改：{path}"),
            Self::Layout => f.write_str("版式已改"),
            Self::Fonts => f.write_str("字体已改"),
            Self::Engine => f.write_str("程序已更新"),
            Self::Options => f.write_str("选项不同"),
            Self::Findings => f.write_str("对照的报告已改"),
            Self::Missing => f.write_str("PDF 已不在"),
            Self::Altered => f.write_str("PDF 已被改动"),
        }
    }
}
