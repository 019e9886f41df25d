//! What a file is: told by its content, never by its name.

use super::bounds::{MAX_FILE, MAX_PDF, bounded};
use super::doc;
use super::document::Document;
use super::docx;
use super::html;
use super::mht;
use super::odt;
use super::package::Package;
use super::pdf;
use super::refusal::Refusal;
use super::txt;
use super::xlsx;

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Word, .docx.
    Docx,
    /// OpenDocument text.
    Odt,
    /// Excel, .xlsx.
    Xlsx,
    /// Word 97 to 2003, also of WPS.
    Doc,
    /// Excel 97 to 2003.
    Xls,
    /// A Word or Excel file with a password.
    Locked,
    /// Rich Text Format.
    Rtf,
    /// A page.
    Html,
    /// A page with all that belongs to it.
    Mht,
    /// PDF.
    Pdf,
    /// A picture.
    Picture,
    /// Another package, such as a ZIP file.
    Package,
    /// Another compound file.
    Compound,
    /// Text.
    Text,
}

/// The bytes in which the mark of a PDF or a page has to stand.
const HEAD: usize = 1_024;

impl Kind {
    /// The kind of a file.
    ///
    /// # Errors
    /// For a package that cannot be opened.
    pub fn of(bytes: &[u8]) -> Result<Self, Refusal> {
        let head = &bytes[..bytes.len().min(HEAD)];
        let has = |mark: &[u8]| head.windows(mark.len()).any(|part| part == mark);
        if has(b"%PDF-") {
            return Ok(Self::Pdf);
        }
        if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
            return Self::of_package(bytes);
        }
        if bytes.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
            return Ok(Self::of_compound(bytes));
        }
        let pictures: [&[u8]; 5] = [b"\x89PNG", b"\xFF\xD8\xFF", b"GIF8", b"BM", b"II*\0"];
        if pictures.iter().any(|mark| bytes.starts_with(mark)) {
            return Ok(Self::Picture);
        }
        // Texts of two bytes a character are told by their plain letters.
        let plain: Vec<u8> = head
            .iter()
            .filter(|byte| **byte != 0)
            .map(u8::to_ascii_lowercase)
            .collect();
        let says = |mark: &[u8]| plain.windows(mark.len()).any(|part| part == mark);
        let starts = |mark: &[u8]| plain.trim_ascii_start().starts_with(mark);
        if starts(b"{\\rtf") {
            return Ok(Self::Rtf);
        }
        if says(b"mime-version:") || says(b"content-type: multipart/related") {
            return Ok(Self::Mht);
        }
        let marks: [&[u8]; 7] = [
            b"<html",
            b"<!doctype",
            b"<table",
            b"<head",
            b"<body",
            b"<div",
            b"<p",
        ];
        if marks.iter().any(|mark| says(mark)) {
            return Ok(Self::Html);
        }
        Ok(Self::Text)
    }

    fn of_package(bytes: &[u8]) -> Result<Self, Refusal> {
        let package = Package::open(bytes, "压缩包")?;
        if package.has("xl/workbook.xml") {
            return Ok(Self::Xlsx);
        }
        let relationships = package.relationships("")?;
        let is_document = relationships
            .iter()
            .any(|found| found.kind == "officeDocument");
        let kind = package.part("mimetype")?.unwrap_or_default();
        let text = b"application/vnd.oasis.opendocument.text";
        Ok(match (is_document, kind.starts_with(text)) {
            (true, _) => Self::Docx,
            (_, true) => Self::Odt,
            _ if kind.is_empty() && package.has("content.xml") => Self::Odt,
            _ => Self::Package,
        })
    }

    /// The kind of a compound file, by the names of its streams, which stand in it as UTF-16.
    fn of_compound(bytes: &[u8]) -> Self {
        let has = |name: &str| {
            let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
            bytes.windows(name.len()).any(|part| part == name)
        };
        if has("EncryptedPackage") {
            Self::Locked
        } else if has("WordDocument") {
            Self::Doc
        } else if has("Workbook") || has("Book") {
            Self::Xls
        } else {
            Self::Compound
        }
    }
}

/// Reads a file of any kind.
///
/// # Errors
/// If it is of a kind that is not read, is damaged, or exceeds a bound: what it is, and what to do.
pub fn read(bytes: &[u8]) -> Result<Document, Refusal> {
    let is_pdf = Kind::of(&bytes[..bytes.len().min(HEAD)]) == Ok(Kind::Pdf);
    let most = if is_pdf { MAX_PDF } else { MAX_FILE };
    bounded(bytes.len(), most, "文件的字节数")?;
    let refuse = |sentence: &str| Err(Refusal(sentence.to_owned()));
    match Kind::of(bytes)? {
        Kind::Docx => docx::read(bytes),
        Kind::Doc => doc::read(bytes),
        Kind::Odt => odt::read(bytes),
        Kind::Xlsx => xlsx::read(bytes),
        Kind::Html => html::read(bytes),
        Kind::Mht => mht::read(bytes),
        Kind::Pdf => pdf::read(bytes),
        Kind::Text => txt::read(bytes),
        Kind::Xls => {
            refuse("这是 Excel 97—2003（.xls）文件，还不能读；用 Excel 或 WPS 打开，另存为 xlsx")
        }
        Kind::Locked => refuse("这份文件设有密码；用原来的程序打开，去掉密码后另存"),
        Kind::Rtf => refuse("这是 RTF 文件，不能读；用 Word 或 WPS 打开，另存为 docx"),
        Kind::Picture => {
            refuse("这是一张图片，不能从中读出文字；找 Word、网页或 PDF 版本，或者照图录入")
        }
        Kind::Package => refuse("这是压缩包，不是一份年报；解压后逐个读取"),
        Kind::Compound => refuse("不认识这种文件；用原来的程序打开，另存为 docx"),
    }
}
