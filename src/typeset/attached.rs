//! The files that go into the PDF of an archive: the report file and its figures under the names that
//! they have for each other, each once.

use super::copy::RenderJob;
use super::world::{KEPT, figure_path};
use crate::diagnostic::Diagnostic;
use crate::digest::Digest;
use crate::provenance::Provenance;
use crate::report::figure::{is_inline, plain_path, shown};
use crate::report::rules;
use crate::report::{AttachmentName, Figure, Paragraph, Report, is_invisible};
use crate::source::Source;

/// The media type of report files (RFC 9512).
pub(crate) const REPORT_TYPE: &str = "application/yaml";

/// A file that goes into the PDF.
pub(super) struct Attached<'a> {
    /// Its name, which is an [`AttachmentName`] unless there is a finding.
    pub name: String,
    /// Its virtual path.
    pub path: String,
    pub media_type: &'static str,
    /// The caption of a figure; `None` for the report itself.
    pub caption: Option<&'a str>,
    content: Content<'a>,
}

/// The source of a file's content.
enum Content<'a> {
    Report(&'a Source),
    Figure(&'a Figure),
}

impl Content<'_> {
    fn digest(&self) -> Digest {
        match self {
            Self::Report(source) => Digest::of(&source.bytes()),
            Self::Figure(figure) => Digest::of(&figure.bytes),
        }
    }
}

/// The files of a copy, the report first.
pub(super) fn files<'a>(job: &RenderJob<'a>) -> Vec<Attached<'a>> {
    let Some(source) = job.kept() else {
        return Vec::new();
    };
    let name = source.path().file_name().unwrap_or_default();
    let mut all = vec![Attached {
        name: name.to_string_lossy().into_owned(),
        path: KEPT.to_owned(),
        media_type: REPORT_TYPE,
        caption: None,
        content: Content::Report(source),
    }];
    for (i, figure) in job.figures.iter().enumerate() {
        let name = plain_path(&figure.path.text);
        // What stands in the report is there already, and so is a figure that is named twice.
        let is_known = all.iter().skip(1).any(|other| other.name == name);
        if !is_inline(&figure.path.text) && !is_known {
            all.push(Attached {
                name,
                path: figure_path(i, figure),
                media_type: figure.media_type(),
                caption: caption(job.report, &figure.path.text),
                content: Content::Figure(figure),
            });
        }
    }
    all
}

/// The findings about names under which a file could not be taken out of the PDF again.
pub(super) fn check(job: &RenderJob) -> Vec<Diagnostic> {
    let mut names: Vec<AttachmentName> = Vec::new();
    let mut findings = Vec::new();
    for file in files(job) {
        let (span, hint) = match file.content {
            Content::Report(_) => (job.report.agency.span, "给报告文件改名"),
            Content::Figure(figure) => (figure.path.span, "给图片改名，报告里的文件名一起改"),
        };
        let mut refuse = |reason: &str| {
            let name = file.name.replace(is_invisible, "\u{fffd}");
            let message = format!("“{}”不能附入归档件：{reason}", shown(&name));
            findings.push(Diagnostic::new(rules::UNKEEPABLE_NAME, span, message).hint(hint));
        };
        match AttachmentName::new(&file.name) {
            Err(reason) => refuse(reason),
            Ok(name) => {
                if let Some(other) = names.iter().find(|other| other.excludes(&name)) {
                    refuse(&format!("与“{}”同名", shown(other.as_str())));
                }
                names.push(name);
            }
        }
    }
    findings
}

/// The digest of all files.
pub(super) fn digest(job: &RenderJob) -> Digest {
    let files = files(job);
    Provenance::of_files(
        files
            .iter()
            .map(|file| (&file.name[..], file.content.digest())),
    )
}

fn caption<'a>(report: &'a Report, shown: &str) -> Option<&'a str> {
    let mut paragraphs = report.prose().flat_map(|prose| &prose.paragraphs);
    paragraphs.find_map(|paragraph| match paragraph {
        Paragraph::Figure { caption, path } if path.text == shown => Some(caption.text.as_str()),
        _ => None,
    })
}
