//! The PDF of an archive compared with the one that its own report file makes.

use std::path::Path;

use super::Kept;
use super::file::{PdfFault, PdfFile};
use crate::digest::Digest;
use crate::provenance::Provenance;
use crate::source::Source;
use crate::typeset::REPORT_TYPE;

/// The reason for which a PDF differs from what its report file makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Altered {
    /// It was made with another program.
    Engine,
    /// It was made with another layout.
    Layout,
    /// It was made with other fonts.
    Fonts,
    /// It does not name its origin.
    Provenance,
    /// Its files are not those that it was made from.
    Files,
    /// A page, counted from 1, draws something else, perhaps because of one of the above.
    Page(usize),
    /// The number of pages differs.
    Pages,
    /// It is whole, but with this number of bytes added behind its end.
    Appended(usize),
    /// This number of bytes is missing at its end.
    Cut(usize),
    /// A difference outside of the pages: the metadata, the tags, a font, a figure.
    Elsewhere,
}

/// The PDF of an archive, and the report file in it.
pub(crate) struct Opened {
    /// The PDF.
    pub pdf: PdfFile,
    /// Its files.
    pub files: Vec<Kept>,
    /// The report file among them.
    pub source: Source,
}

/// Opens the PDF of an archive.
///
/// # Errors
/// The reason for which it cannot be read, or that it has no report file.
pub(crate) fn open(bytes: &[u8]) -> Result<Opened, PdfFault> {
    let pdf = PdfFile::open(bytes)?;
    let files = pdf.files()?;
    let by_type = files.iter().find(|file| file.media_type == REPORT_TYPE);
    // Other programs that put a file in another's place may not say of what type it is.
    let is_yaml = |file: &&Kept| {
        let extension = Path::new(&file.name).extension();
        extension.is_some_and(|extension| extension == "yaml" || extension == "yml")
    };
    let by_name = files.iter().find(is_yaml);
    let report = by_type.or(by_name).ok_or(PdfFault::NoFiles)?;
    let source = Source::from_bytes(Path::new(&report.name), report.bytes.clone());
    Ok(Opened { pdf, files, source })
}

/// The differences of a PDF from the one made again, the provenance of which is `now`; empty if they are equal.
///
/// # Errors
/// The reason for which one of them cannot be read.
pub(crate) fn altered(
    pdf: &[u8],
    again: &[u8],
    opened: &PdfFile,
    now: Option<Provenance>,
) -> Result<Vec<Altered>, PdfFault> {
    if pdf == again {
        return Ok(Vec::new());
    }
    if let Some(rest) = pdf.strip_prefix(again) {
        return Ok(vec![Altered::Appended(rest.len())]);
    }
    if let Some(rest) = again.strip_prefix(pdf) {
        return Ok(vec![Altered::Cut(rest.len())]);
    }
    let mut altered = Vec::new();
    let mut differs = |differs: bool, what| {
        if differs {
            altered.push(what);
        }
    };
    if let (Some(then), Some(now)) = (opened.origin(), now) {
        differs(then.engine != now.engine, Altered::Engine);
        differs(then.layout != now.layout, Altered::Layout);
        differs(then.fonts != now.fonts, Altered::Fonts);
        // What the files give now is compared with what they gave then.
        differs(
            then.files != now.files || then.report != now.report,
            Altered::Files,
        );
    } else {
        differs(true, Altered::Provenance);
    }
    let (pages, made) = (
        opened.page_digests()?,
        PdfFile::open(again)?.page_digests()?,
    );
    if pages.len() != made.len() {
        altered.push(Altered::Pages);
    }
    let differ =
        |(i, (a, b)): (usize, (&Digest, &Digest))| (a != b).then_some(Altered::Page(i + 1));
    altered.extend(pages.iter().zip(&made).enumerate().filter_map(differ));
    if altered.is_empty() {
        altered.push(Altered::Elsewhere);
    }
    Ok(altered)
}
