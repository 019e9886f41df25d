//! The files in the PDF of an archive. A PDF may come from anywhere, so it is read as if it had been
//! made to do harm: its size, its nesting and what it inflates to are bounded before anything is
//! taken from it.

use std::collections::BTreeSet;

use lopdf::{Dictionary, Document, LoadOptions, Object, decode_text_string};

/// The largest PDF that is read, in bytes (64 MiB).
pub const MAX_PDF_BYTES: usize = 64 << 20;
/// The most that all files of a PDF may inflate to, in bytes (256 MiB).
pub const MAX_INFLATED: usize = 256 << 20;
/// The most files of a PDF: a report and its figures.
pub const MAX_FILES: usize = 100;

/// A file in a PDF.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its path, relative and without a step upwards.
    pub name: String,
    /// What the PDF says it is.
    pub media_type: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// Why no files can be taken from a PDF.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
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
    /// There are more than [`MAX_FILES`] files, or more than [`MAX_INFLATED`] bytes.
    #[error("附件太多或者太大")]
    TooMuch,
}

/// Takes the files from a PDF, sorted by name.
///
/// # Errors
/// Why there are none.
pub fn files(pdf: &[u8]) -> Result<Vec<Kept>, Fault> {
    if pdf.len() > MAX_PDF_BYTES {
        return Err(Fault::TooLarge);
    }
    // Nothing is inflated while it is read: our PDFs have no object streams, and a few kilobytes of
    // them can be gigabytes.
    let options = LoadOptions {
        strict: true,
        ..LoadOptions::with_max_decompressed_size(0)
    };
    let document = Document::load_mem_with_options(pdf, options)?;
    let mut left = MAX_INFLATED;
    let mut files: Vec<Kept> = Vec::new();
    for specification in specifications(&document)? {
        let file = kept(&document, specification, &mut left)?;
        if !is_safe(&file.name) || files.iter().any(|other| other.name == file.name) {
            return Err(Fault::Name(file.name.escape_debug().take(100).collect()));
        }
        files.push(file);
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    if files.is_empty() {
        return Err(Fault::NoFiles);
    }
    Ok(files)
}

/// The file specifications in the name tree of embedded files (ISO 32000-1, 7.9.6 and 7.11.4).
fn specifications(document: &Document) -> Result<Vec<&Dictionary>, Fault> {
    let catalog = document.catalog()?;
    let Some(names) = entry(document, catalog, b"Names").and_then(|o| o.as_dict().ok()) else {
        return Ok(Vec::new());
    };
    let root = entry(document, names, b"EmbeddedFiles").and_then(|o| o.as_dict().ok());
    let mut nodes: Vec<_> = root.into_iter().collect();
    let (mut seen, mut found) = (BTreeSet::new(), Vec::new());
    while let Some(node) = nodes.pop() {
        for kid in list(document, node, b"Kids") {
            // Each node once, so that a tree that leads back to itself ends.
            if let Ok(id) = kid.as_reference()
                && seen.insert(id)
            {
                let kid = document.get_dictionary(id)?;
                nodes.push(kid);
            }
        }
        for pair in list(document, node, b"Names").chunks_exact(2) {
            let (_, file) = document.dereference(&pair[1])?;
            found.push(file.as_dict()?);
            if found.len() > MAX_FILES {
                return Err(Fault::TooMuch);
            }
        }
    }
    Ok(found)
}

fn kept(document: &Document, file: &Dictionary, left: &mut usize) -> Result<Kept, Fault> {
    let missing = |what: &str| Fault::Unreadable(format!("a file without {what}"));
    let name = entry(document, file, b"UF").ok_or_else(|| missing("a name"))?;
    let name = decode_text_string(name)?;
    let streams = entry(document, file, b"EF").and_then(|o| o.as_dict().ok());
    let stream = streams.and_then(|streams| entry(document, streams, b"F"));
    let stream = stream.and_then(|o| o.as_stream().ok());
    let stream = stream.ok_or_else(|| missing("content"))?;
    let media_type = entry(document, &stream.dict, b"Subtype").and_then(|o| o.as_name().ok());
    let bytes = stream.get_plain_content_with_limit(*left)?;
    *left = left.checked_sub(bytes.len()).ok_or(Fault::TooMuch)?;
    Ok(Kept {
        name,
        media_type: String::from_utf8_lossy(media_type.unwrap_or_default()).into_owned(),
        bytes,
    })
}

fn entry<'a>(document: &'a Document, dictionary: &'a Dictionary, key: &[u8]) -> Option<&'a Object> {
    dictionary.get_deref(key, document).ok()
}

fn list<'a>(document: &'a Document, dictionary: &'a Dictionary, key: &[u8]) -> &'a [Object] {
    let list = entry(document, dictionary, key).and_then(|o| o.as_array().ok());
    list.map_or(&[], Vec::as_slice)
}

impl From<lopdf::Error> for Fault {
    fn from(cause: lopdf::Error) -> Self {
        Self::Unreadable(cause.to_string())
    }
}

/// Whether a name stays below the folder that it is written to, on any system.
fn is_safe(name: &str) -> bool {
    let mut steps = name.split('/');
    name.len() <= 1_000
        && steps.all(|step| !matches!(step, "" | "." | "..") && step.len() <= 255)
        && !name.contains(|c: char| c.is_control() || matches!(c, '\\' | ':'))
}
