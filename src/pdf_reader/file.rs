//! An opened PDF, and the limits within which it is read.

use std::cell::Cell;

use lopdf::{Dictionary, Document, LoadOptions, Object, Stream};

use crate::provenance::Provenance;

/// The largest PDF that is read, in bytes (64 MiB).
pub const MAX_PDF_BYTES: usize = 64 << 20;
/// The most bytes to which all of a PDF may inflate (256 MiB).
pub const MAX_INFLATED: usize = 256 << 20;
/// The most files of a PDF: a report and its figures.
pub const MAX_FILES: usize = 100;
/// The most pages that are read.
pub const MAX_PAGES: usize = 2_000;
/// The most bytes to which the content of one page, or the characters of one font, may inflate (1 MiB): ours
/// take a tenth of it. Parsed content takes a hundred times the memory.
pub(super) const MAX_PARSED: usize = 1 << 20;
/// The most text that is read from all pages, in bytes (16 MiB).
const MAX_TEXT: usize = 16 << 20;
/// The most streams or fonts of a page, and tables of a PDF.
pub(super) const MAX_PARTS: usize = 100;
/// The least cost of a stream, in bytes, so that empty ones do not evade the limits.
pub(super) const LEAST_COST: usize = 4 << 10;

/// The reason for which a PDF cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PdfFault {
    /// It is larger than [`MAX_PDF_BYTES`].
    #[error("文件超过 {} MiB", MAX_PDF_BYTES >> 20)]
    TooLarge,
    /// It is no PDF of this program, or was changed by another: the reason.
    #[error("不是本程序生成的 PDF，或者被其他程序改写过（{0}）")]
    Unreadable(String),
    /// There is no file in it.
    #[error("里面没有附件；用 --copy archive 生成的才有")]
    NoFiles,
    /// A file has a name that could lead out of the folder, or that another has.
    #[error("附件的名称“{0}”不能用作文件名")]
    Name(String),
    /// There are more than [`MAX_FILES`] files, [`MAX_PAGES`] pages or [`MAX_INFLATED`] bytes.
    #[error("附件或页面太多或者太大")]
    TooMuch,
    /// It is encrypted.
    #[error("文件加了密；先解除密码")]
    Encrypted,
    /// The report file in it is invalid: its fault.
    #[error("附件中的报告文件有错误：{0}")]
    Report(String),
}

impl From<lopdf::Error> for PdfFault {
    fn from(cause: lopdf::Error) -> Self {
        match cause {
            lopdf::Error::Decompress(lopdf::DecompressError::MemoryLimitExceeded { .. }) => {
                Self::TooMuch
            }
            cause => Self::Unreadable(cause.to_string()),
        }
    }
}

/// An opened PDF.
pub struct PdfFile {
    pub(super) document: Document,
    /// The bytes that may still be inflated, and the bytes of text that may still be read.
    left: Cell<usize>,
    text_left: Cell<usize>,
}

impl PdfFile {
    /// Opens a PDF without inflating anything: our PDFs have no object streams, and a few kilobytes of them
    /// can be gigabytes.
    ///
    /// # Errors
    /// The reason for which it is not read.
    pub fn open(pdf: &[u8]) -> Result<Self, PdfFault> {
        if pdf.len() > MAX_PDF_BYTES {
            return Err(PdfFault::TooLarge);
        }
        if !is_sparse(pdf) {
            return Err(PdfFault::TooMuch);
        }
        let options = LoadOptions {
            strict: true,
            ..LoadOptions::with_max_decompressed_size(0)
        };
        let document = Document::load_mem_with_options(pdf, options);
        // No error of the library tells that a file is encrypted, and some such files it opens.
        let encrypted = match &document {
            Ok(document) => document.trailer.has(b"Encrypt") || document.was_encrypted(),
            Err(_) => memchr::memmem::find(pdf, b"/Encrypt").is_some(),
        };
        if encrypted {
            return Err(PdfFault::Encrypted);
        }
        let document = document.map_err(|cause| match PdfFault::from(cause) {
            PdfFault::TooMuch => PdfFault::Unreadable("object streams".to_owned()),
            fault => fault,
        })?;
        Ok(Self {
            document,
            left: Cell::new(MAX_INFLATED),
            text_left: Cell::new(MAX_TEXT),
        })
    }

    /// The provenance in its metadata.
    #[must_use]
    pub fn origin(&self) -> Option<Provenance> {
        let packet = self.entry(self.document.catalog().ok()?, b"Metadata")?;
        let packet = self.inflated(packet.as_stream().ok()?, MAX_INFLATED).ok()?;
        Provenance::read(std::str::from_utf8(&packet).ok()?)
    }

    pub(super) fn entry<'a>(
        &'a self,
        dictionary: &'a Dictionary,
        key: &[u8],
    ) -> Option<&'a Object> {
        dictionary.get_deref(key, &self.document).ok()
    }

    pub(super) fn dictionary<'a>(
        &'a self,
        dictionary: &'a Dictionary,
        key: &[u8],
    ) -> Option<&'a Dictionary> {
        self.entry(dictionary, key)?.as_dict().ok()
    }

    pub(super) fn list<'a>(&'a self, dictionary: &'a Dictionary, key: &[u8]) -> &'a [Object] {
        let list = self.entry(dictionary, key).and_then(|o| o.as_array().ok());
        list.map_or(&[], Vec::as_slice)
    }

    /// The content of a stream of at most `most` bytes, within the limits left.
    pub(super) fn inflated(&self, stream: &Stream, most: usize) -> Result<Vec<u8>, PdfFault> {
        let content = stream.get_plain_content_with_limit(self.left.get().min(most))?;
        take(&self.left, content.len().max(LEAST_COST))?;
        Ok(content)
    }

    /// Counts `length` bytes of text as read.
    pub(super) fn read_text(&self, length: usize) -> Result<(), PdfFault> {
        take(&self.text_left, length)
    }
}

pub(super) fn take(left: &Cell<usize>, amount: usize) -> Result<(), PdfFault> {
    let rest = left.get().checked_sub(amount);
    left.set(rest.ok_or(PdfFault::TooMuch)?);
    Ok(())
}

/// Whether a PDF has no more separators of objects than one with compressed streams: an object takes a
/// hundred times the memory that it takes in the file, and there may be one for every two bytes. One byte of
/// 16 is a separator if all bytes are equally frequent.
pub(super) fn is_sparse(pdf: &[u8]) -> bool {
    let parts = |byte: &&u8| byte.is_ascii_whitespace() || b"\0\x0b()<>[]{}/%".contains(byte);
    pdf.iter().filter(parts).count() <= pdf.len() / 12 + (1 << 20)
}
