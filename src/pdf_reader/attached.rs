//! The files in the PDF of an archive.

use std::collections::BTreeSet;

use lopdf::{Dictionary, decode_text_string};

use super::file::{MAX_FILES, MAX_INFLATED, PdfFault, PdfFile};
use crate::digest::Digest;
use crate::provenance::Provenance;
use crate::report::AttachmentName;

/// A file in a PDF.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its path, relative and without a step upwards.
    pub name: String,
    /// The media type according to the PDF.
    pub media_type: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

impl PdfFile {
    /// Whether `files` are those that its provenance names; true without a provenance.
    #[must_use]
    pub fn are_own(&self, files: &[Kept]) -> bool {
        let files = files
            .iter()
            .map(|file| (&file.name[..], Digest::of(&file.bytes)));
        let digest = Provenance::of_files(files);
        self.origin().is_none_or(|origin| origin.files == digest)
    }

    /// The files, sorted by name.
    ///
    /// # Errors
    /// The reason for which they cannot be read.
    pub fn files(&self) -> Result<Vec<Kept>, PdfFault> {
        let mut files: Vec<Kept> = Vec::new();
        let mut names: Vec<AttachmentName> = Vec::new();
        for specification in self.specifications()? {
            let file = self.kept(specification)?;
            let name = AttachmentName::new(&file.name).ok();
            let name = name.filter(|name| !names.iter().any(|other| name.excludes(other)));
            let Some(name) = name else {
                return Err(PdfFault::Name(file.name.escape_debug().take(100).collect()));
            };
            names.push(name);
            files.push(file);
        }
        files.sort_by(|a, b| a.name.cmp(&b.name));
        if files.is_empty() {
            return Err(PdfFault::NoFiles);
        }
        Ok(files)
    }

    /// The file specifications in the name tree of embedded files (ISO 32000-1, 7.9.6 and 7.11.4).
    fn specifications(&self) -> Result<Vec<&Dictionary>, PdfFault> {
        let catalog = self.document.catalog()?;
        let Some(names) = self.dictionary(catalog, b"Names") else {
            return Ok(Vec::new());
        };
        let root = self.dictionary(names, b"EmbeddedFiles");
        let mut nodes: Vec<_> = root.into_iter().collect();
        let (mut seen, mut found) = (BTreeSet::new(), Vec::new());
        while let Some(node) = nodes.pop() {
            for kid in self.list(node, b"Kids") {
                // Each node once, so that a tree that leads back to itself ends.
                if let Ok(id) = kid.as_reference()
                    && seen.insert(id)
                {
                    nodes.push(self.document.get_dictionary(id)?);
                }
            }
            for pair in self.list(node, b"Names").chunks_exact(2) {
                let (_, file) = self.document.dereference(&pair[1])?;
                found.push(file.as_dict()?);
                if found.len() > MAX_FILES {
                    return Err(PdfFault::TooMuch);
                }
            }
        }
        Ok(found)
    }

    fn kept(&self, file: &Dictionary) -> Result<Kept, PdfFault> {
        let missing = |what: &str| PdfFault::Unreadable(format!("a file without {what}"));
        let name = self.entry(file, b"UF").ok_or_else(|| missing("a name"))?;
        let stream = self.dictionary(file, b"EF");
        let stream = stream.and_then(|streams| self.entry(streams, b"F"));
        let stream = stream.and_then(|o| o.as_stream().ok());
        let stream = stream.ok_or_else(|| missing("content"))?;
        let media_type = self.entry(&stream.dict, b"Subtype");
        let media_type = media_type.and_then(|o| o.as_name().ok());
        Ok(Kept {
            name: decode_text_string(name)?,
            media_type: String::from_utf8_lossy(media_type.unwrap_or_default()).into_owned(),
            bytes: self.inflated(stream, MAX_INFLATED)?,
        })
    }
}
