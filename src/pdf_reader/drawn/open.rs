//! PDFs of any program, opened.

use lopdf::xref::XrefEntry;
use lopdf::{Document, LoadOptions, Object, ObjectId, ObjectStream};

use super::{MAX_HIDDEN_STREAM, MAX_OBJECT_STREAMS, MAX_STREAM, MAX_STREAMS};
use crate::pdf_reader::file::{self, MAX_PDF_BYTES, PdfFault, PdfFile};

/// The type that object streams have until they are read.
const HELD: &[u8] = b"HeldObjStm";

impl PdfFile {
    /// Opens a PDF of any program. Its object streams are held back until it is known how much they hold: a
    /// few kilobytes of them can be gigabytes.
    ///
    /// # Errors
    /// The reason for which it is not read.
    pub fn open_any(pdf: &[u8]) -> Result<Self, PdfFault> {
        if pdf.len() > MAX_PDF_BYTES {
            return Err(PdfFault::TooLarge);
        }
        if !file::is_sparse(pdf) {
            return Err(PdfFault::TooMuch);
        }
        // The library does not hold back those of encrypted files.
        let encrypted = memchr::memmem::find(pdf, b"/Encrypt").is_some();
        if encrypted && memchr::memmem::find_iter(pdf, b"ObjStm").count() > MAX_STREAMS {
            return Err(PdfFault::TooMuch);
        }
        let most = if encrypted {
            MAX_HIDDEN_STREAM
        } else {
            MAX_STREAM
        };
        let load = |force_reconstruct| {
            let options = LoadOptions {
                filter: Some(hold),
                force_reconstruct,
                ..LoadOptions::with_max_decompressed_size(most)
            };
            Document::load_mem_with_options(pdf, options)
        };
        let mut opened = Self::within(load(false)?);
        opened.release()?;
        if opened.document.page_iter().next().is_none() && !opened.is_locked() {
            opened = Self::within(load(true)?);
            opened.release()?;
        }
        if opened.is_locked() {
            return Err(PdfFault::Encrypted);
        }
        Ok(opened)
    }

    /// Whether a password is asked for.
    fn is_locked(&self) -> bool {
        self.document.trailer.has(b"Encrypt")
    }

    /// Whether a layer is not shown when the PDF is opened (ISO 32000-1, 8.11.4.3).
    pub(super) fn is_layer_off(&self, layer: ObjectId) -> bool {
        let catalog = self.document.catalog().ok();
        let properties = catalog.and_then(|catalog| self.dictionary(catalog, b"OCProperties"));
        let shown = properties.and_then(|properties| self.dictionary(properties, b"D"));
        let off = shown
            .map(|shown| self.list(shown, b"OFF"))
            .unwrap_or_default();
        off.iter()
            .take(1_000)
            .any(|object| object.as_reference().is_ok_and(|id| id == layer))
    }

    /// Reads the object streams that were held back.
    fn release(&mut self) -> Result<(), PdfFault> {
        let is_held = |object: &Object| {
            object
                .as_stream()
                .is_ok_and(|stream| stream.dict.has_type(HELD))
        };
        let held = self
            .document
            .objects
            .iter()
            .filter(|(_, object)| is_held(object));
        let held: Vec<ObjectId> = held.map(|(id, _)| *id).collect();
        if held.len() > MAX_STREAMS {
            return Err(PdfFault::TooMuch);
        }
        let mut left = MAX_OBJECT_STREAMS;
        let mut parts = 0;
        for id in held {
            let Some(Object::Stream(mut stream)) = self.document.objects.remove(&id) else {
                continue;
            };
            let content = self.inflated(&stream, left)?;
            left -= content.len();
            parts += file::separators(&content);
            if parts > file::MAX_SEPARATORS {
                return Err(PdfFault::TooMuch);
            }
            stream.dict.remove(b"Filter");
            stream.dict.remove(b"DecodeParms");
            stream.content = content;
            let read = ObjectStream::new_with_limit(&stream, Some(MAX_OBJECT_STREAMS))?;
            for (inner, object) in read.objects {
                // A stale copy that the table does not name is none.
                let entry = self.document.reference_table.get(inner.0);
                let is_here = match entry {
                    Some(XrefEntry::Compressed { container, .. }) => *container == id.0,
                    Some(_) => false,
                    None => true,
                };
                if is_here {
                    self.document.objects.entry(inner).or_insert(object);
                }
            }
        }
        Ok(())
    }
}

/// Gives an object stream another type, so that the library leaves it alone.
#[expect(clippy::unnecessary_wraps, reason = "a filter of the library")]
fn hold(id: ObjectId, object: &mut Object) -> Option<(ObjectId, Object)> {
    if let Object::Stream(stream) = object
        && stream.dict.has_type(b"ObjStm")
    {
        stream.dict.set("Type", Object::Name(HELD.to_vec()));
    }
    Some((id, Object::Null))
}
