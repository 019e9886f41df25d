//! PDFs given to commands.

use std::path::Path;

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
