//! The files that go into the PDF of an archive: the report file and its figures under the names that
//! they have for each other, each once.

use super::copy::RenderJob;
use super::world::{KEPT, figure_path};
use crate::digest::Digest;
use crate::provenance::Provenance;
use crate::report::figure::{is_inline, plain_path};
use crate::report::{Figure, Paragraph, Report};
use crate::source::Source;

/// The media type of report files (RFC 9512).
pub(crate) const REPORT_TYPE: &str = "application/yaml";

/// A file that goes into the PDF.
pub(super) struct Attached<'a> {
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
    let name = source.path().file_name().and_then(|name| name.to_str());
    let name = name.filter(|name| !name.contains('\\')); // not in the name of a file in a PDF
    let mut all = vec![Attached {
        name: name.unwrap_or("report.yaml").to_owned(),
        path: KEPT.to_owned(),
        media_type: REPORT_TYPE,
        caption: None,
        content: Content::Report(source),
    }];
    for (i, figure) in job.figures.iter().enumerate() {
        let name = plain_path(&figure.path.text);
        // What stands in the report is there already.
        if !is_inline(&figure.path.text) && all.iter().all(|other| other.name != name) {
            all.push(Attached {
                name,
                path: figure_path(i, figure),
                media_type: match figure.extension {
                    "svg" => "image/svg+xml",
                    "png" => "image/png",
                    _ => "image/jpeg",
                },
                caption: caption(job.report, &figure.path.text),
                content: Content::Figure(figure),
            });
        }
    }
    all
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
