//! The verification that the PDF of an archive is what its own report file makes.

use crate::digest::{Digest, Prefix};
use crate::error::Error;
use crate::pdf_reader::compare::{self, Opened};
use crate::pdf_reader::{Altered, PdfFault, PdfFile, ReadBack, read_back};
use crate::pipeline::bound::Bound;
use crate::pipeline::figures::FigureSource;
use crate::pipeline::lay_out::Pipeline;
use crate::report::Answer;
use crate::typeset::{Document, ReportCopy};

/// The outcome of comparing a PDF with the report in it.
#[derive(Debug)]
pub enum Verification {
    /// The report was made again and compared.
    Compared(Verdict),
    /// The PDF cannot be read, or the report in it cannot be made.
    Unreadable(PdfFault),
}

/// A PDF compared with what its report file makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whether the report made again is the same, byte for byte.
    pub same: bool,
    /// The reasons for which it is not, as far as they are known.
    pub altered: Vec<Altered>,
    /// The digest of the canonical report in the PDF.
    pub digest: Digest,
    /// The answer to whether that is the wanted digest, if one was given.
    pub answer: Option<Answer>,
    /// The comparison of the tables on its pages.
    pub read_back: ReadBack,
}

/// Takes the report file out of a PDF, makes it again and compares; `wanted` is the digest that the report
/// should have.
///
/// # Errors
/// When the machine fails.
pub fn verify(
    pdf: &[u8],
    pipeline: &Pipeline,
    wanted: Option<&Prefix>,
) -> Result<Verification, Error> {
    Ok(match compared(pdf, pipeline, wanted)? {
        Ok(verdict) => Verification::Compared(verdict),
        Err(fault) => Verification::Unreadable(fault),
    })
}

/// A PDF with the report in it, and what that makes.
pub(super) struct Again {
    pdf: PdfFile,
    /// The report, which has no error.
    pub bound: Bound,
    pub document: Document,
    pub bytes: Vec<u8>,
}

/// Makes the report in a PDF again, or tells the fault of the PDF.
pub(super) fn again(pdf: &[u8], pipeline: &Pipeline) -> Result<Result<Again, PdfFault>, Error> {
    let Opened {
        pdf: read,
        files,
        source,
    } = match compare::open(pdf) {
        Ok(opened) => opened,
        Err(fault) => return Ok(Err(fault)),
    };
    let find = |name: &str| {
        let file = files.iter().find(|file| file.name == name)?;
        Some(&file.bytes[..])
    };
    let editions = pipeline.editions();
    let bound = Bound::new(source, editions).or_earlier(editions);
    let bound = bound.with_figures(&FigureSource::Given(&find))?;
    let report = match (&bound.report, bound.error()) {
        (Some(report), None) => report,
        (_, error) => {
            let message = error.map(|error| error.message.to_string());
            return Ok(Err(PdfFault::Report(message.unwrap_or_default())));
        }
    };
    let outcome = pipeline.lay_out_unchecked(report, &bound, &ReportCopy::Archive, &[])?;
    let Some(document) = outcome.value else {
        let message = outcome.findings.first().map(|f| f.message.to_string());
        return Ok(Err(PdfFault::Report(message.unwrap_or_default())));
    };
    Ok(Ok(Again {
        bytes: document.to_pdf()?,
        pdf: read,
        bound,
        document,
    }))
}

/// The verdict, or the fault of the PDF.
fn compared(
    pdf: &[u8],
    pipeline: &Pipeline,
    wanted: Option<&Prefix>,
) -> Result<Result<Verdict, PdfFault>, Error> {
    let Again {
        pdf: read,
        bound,
        document,
        bytes: again,
    } = match again(pdf, pipeline)? {
        Ok(again) => again,
        Err(fault) => return Ok(Err(fault)),
    };
    let Some(report) = &bound.report else {
        return Ok(Err(PdfFault::Report(String::new())));
    };
    let digest = report.digest(&bound.figures)?;
    let answer = wanted.map(|wanted| bound.answers(wanted, pipeline.editions()));
    let answer = answer.transpose()?.flatten();
    Ok(read_back(&read, report).and_then(|read_back| {
        Ok(Verdict {
            same: again == pdf,
            altered: compare::altered(pdf, &again, &read, document.origin())?,
            digest,
            answer,
            read_back,
        })
    }))
}
