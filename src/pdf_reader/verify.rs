//! Whether the PDF of an archive is what its own report file makes.

use std::path::Path;

use super::Kept;
use super::file::{Fault, PdfFile};
use super::read_back::{ReadBack, read_back};
use crate::diagnostic;
use crate::digest::{Digest, Prefix};
use crate::error::Error;
use crate::form::Editions;
use crate::provenance::Provenance;
use crate::report::{self, Answer};
use crate::source::Source;
use crate::typeset::{Engine, Order, Purpose, REPORT_TYPE};

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whether the report made again is the same, byte for byte.
    pub same: bool,
    /// Why it is not, as far as it can be said.
    pub altered: Vec<Altered>,
    /// The digest of the canonical report in it.
    pub digest: Digest,
    /// Whether that is the digest that was wanted, if one was.
    pub answer: Option<Answer>,
    /// What the tables on its pages say.
    pub read_back: ReadBack,
}

/// Why a PDF is not what its report file makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Altered {
    /// It was made with another program.
    Engine,
    /// It was made with another layout.
    Layout,
    /// It was made with other fonts.
    Fonts,
    /// It does not say what it was made with.
    Provenance,
    /// Its files are not those that it was made from.
    Files,
    /// A page, counted from 1, draws something else, perhaps for one of the reasons before.
    Page(usize),
    /// There are more pages, or fewer.
    Pages,
    /// It is whole, but so many bytes were added behind its end.
    Appended(usize),
    /// So many bytes are missing at its end.
    Cut(usize),
    /// Something that is no page: the metadata, the tags, a font, a figure.
    Elsewhere,
}

/// Takes the report file out of a PDF, makes it again and compares; `wanted` is the digest that the
/// report is held to.
///
/// # Errors
/// A fault of the PDF, or of the machine.
pub fn verify(
    pdf: &[u8],
    editions: &Editions,
    engine: &Engine,
    wanted: Option<&Prefix>,
) -> Result<Result<Verdict, Fault>, Error> {
    let (record, files, source) = match opened(pdf) {
        Ok(opened) => opened,
        Err(fault) => return Ok(Err(fault)),
    };
    let bound = report::bind(&source, editions);
    let mut findings = bound.findings;
    let mut figures = Vec::new();
    if let Some(report) = &bound.value {
        let find = |name: &str| {
            let file = files.iter().find(|file| file.name == name)?;
            Some(&file.bytes[..])
        };
        let (found, faults) = report::load_kept_figures(report, find);
        findings.extend(faults);
        figures = found;
    }
    diagnostic::sort(&mut findings);
    let error = findings
        .iter()
        .find(|f| f.severity == diagnostic::Severity::Error);
    let report = match (bound.value, error) {
        (Some(report), None) => report,
        (_, error) => {
            let message = error.map(|error| error.message.clone());
            return Ok(Err(Fault::Report(message.unwrap_or_default())));
        }
    };
    let order = Order::new(&report, &figures, &Purpose::Archive, &source, &[]);
    let outcome = engine.compile(&order)?;
    let Some(document) = outcome.value else {
        let message = outcome.findings.first().map(|f| f.message.clone());
        return Ok(Err(Fault::Report(message.unwrap_or_default())));
    };
    let again = document.to_pdf()?;
    let now = document.origin();
    let digest = report.digest(&figures)?;
    let answer = wanted
        .map(|wanted| report.answers(wanted, &figures))
        .transpose()?;
    Ok(read_back(&record, &report).and_then(|read_back| {
        Ok(Verdict {
            same: again == pdf,
            altered: altered(pdf, &again, &record, now)?,
            digest,
            answer,
            read_back,
        })
    }))
}

fn opened(pdf: &[u8]) -> Result<(PdfFile, Vec<Kept>, Source), Fault> {
    let record = PdfFile::open(pdf)?;
    let files = record.files()?;
    let by_type = files.iter().find(|file| file.media_type == REPORT_TYPE);
    // Other programs that put a file in another's place may not say of what type it is.
    let is_yaml = |file: &&Kept| {
        let extension = Path::new(&file.name).extension();
        extension.is_some_and(|extension| extension == "yaml" || extension == "yml")
    };
    let by_name = files.iter().find(is_yaml);
    let report = by_type.or(by_name).ok_or(Fault::NoFiles)?;
    let source = Source::from_bytes(Path::new(&report.name), report.bytes.clone());
    Ok((record, files, source))
}

/// Why a PDF is not the same as what was made again.
fn altered(
    pdf: &[u8],
    again: &[u8],
    record: &PdfFile,
    now: Option<Provenance>,
) -> Result<Vec<Altered>, Fault> {
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
    if let (Some(then), Some(now)) = (record.origin(), now) {
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
        record.page_digests()?,
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
