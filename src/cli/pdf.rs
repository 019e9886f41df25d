//! PDFs given to commands.

use std::path::Path;

use super::apart::{self, Ended};
use super::exit::Exit;
use super::print::complain;
use crate::error::Error;
use crate::{pdf_reader, source};

/// The content of a PDF; of one that is too large, just enough to tell.
pub(super) fn read_pdf(path: &Path) -> Result<Vec<u8>, Error> {
    source::read(path, pdf_reader::MAX_PDF_BYTES).map_err(|cause| Error::read(path, cause))
}

/// Reports that a PDF cannot be read; the outcome of the command.
pub(super) fn refuse(pdf: &Path, fault: &pdf_reader::PdfFault) -> Exit {
    complain(&format!("error: {}：{fault}\n", pdf.display()));
    Exit::ReportHasErrors
}

/// Carries out a command that reads a PDF, which may come from anywhere, by a process of its own.
pub(super) fn apart(pdf: &Path) -> Result<Exit, Error> {
    Ok(match apart::again()? {
        Ended::Done(exit) => exit,
        Ended::Exceeded(reason) => {
            complain(&format!(
                "error: {}：{reason}；不是本程序生成的，或者改动过\n",
                pdf.display()
            ));
            Exit::ReportHasErrors
        }
    })
}
