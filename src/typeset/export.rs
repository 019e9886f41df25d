//! Pages to files: PDF/A-2a with PDF/UA-1, PNG, SVG.

use memchr::memmem;
use typst::foundations::Smart;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use crate::error::Error;

/// The standards that every PDF conforms to.
pub const STANDARDS: [&str; 2] = ["PDF/A-2a", "PDF/UA-1"];

/// A report laid out in pages.
pub struct Document {
    pages: PagedDocument,
}

impl Document {
    pub(super) fn new(pages: PagedDocument) -> Self {
        Self { pages }
    }

    /// How many pages it has.
    #[must_use]
    pub fn page_count(&self) -> usize {
        self.pages.pages().len()
    }

    /// The document as PDF/A-2a and PDF/UA-1. The same document gives the same bytes.
    ///
    /// # Errors
    /// When the document does not conform, which the layouts rule out.
    pub fn to_pdf(&self) -> Result<Vec<u8>, Error> {
        let fault = |messages: Vec<String>| Error::Export(messages.join("; "));
        let standards = PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1])
            .map_err(|e| fault(vec![e.message().to_string()]))?;
        let options = PdfOptions {
            creator: Smart::Custom(Some(
                concat!("nianbao ", env!("CARGO_PKG_VERSION")).to_owned(),
            )),
            standards,
            ..PdfOptions::default()
        };
        let mut bytes = typst_pdf::pdf(&self.pages, &options)
            .map_err(|errors| fault(errors.iter().map(|e| e.message.to_string()).collect()))?;
        black_ink(&mut bytes)?;
        // A signature is appended to the file, and PDF/A wants it on a line of its own
        // (ISO 19005-2, 6.1.9).
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// One page as PNG, at `ppi` pixels per inch; `None` where there is no such page.
    ///
    /// # Errors
    /// When the picture cannot be encoded.
    pub fn to_png(&self, page: usize, ppi: f32) -> Option<Result<Vec<u8>, Error>> {
        let options = typst_render::RenderOptions {
            pixel_per_pt: f64::from(ppi / 72.0).into(),
            ..Default::default()
        };
        let pixmap = typst_render::render(self.pages.pages().get(page)?, &options);
        Some(
            pixmap
                .encode_png()
                .map_err(|e| Error::Export(e.to_string())),
        )
    }

    /// One page as SVG; `None` where there is no such page.
    #[must_use]
    pub fn to_svg(&self, page: usize) -> Option<String> {
        let page = self.pages.pages().get(page)?;
        Some(typst_svg::svg(page, &typst_svg::SvgOptions::default()))
    }
}

/// Puts gray in `DeviceGray`, so that text and rules print with black ink alone.
///
/// Typst writes gray through an ICC profile, and a printer may mix such a black from all inks.
/// Beside the output intent of PDF/A, `DeviceGray` is allowed (ISO 19005-2, 6.2.4.3). The colour
/// space is an object of its own, uncompressed, so it is replaced in place and no offset moves.
fn black_ink(pdf: &mut [u8]) -> Result<(), Error> {
    const SPACE: &[u8] = b" 0 obj\n[/ICCBased "; // an object of its own, not a text that says so
    const NAME: &[u8] = b"[/ICCBased ";
    const GRAY: &[u8] = b"/DeviceGray";
    let spaces: Vec<(usize, usize)> = memmem::find_iter(pdf, SPACE)
        .map(|at| at + SPACE.len() - NAME.len())
        .filter_map(|start| {
            let length = memmem::find(
                &pdf[start..],
                b"]
endobj",
            )?;
            Some((start, start + length + 1))
        })
        .collect();
    for (start, end) in spaces {
        let reference = String::from_utf8_lossy(&pdf[start + NAME.len()..end]).into_owned();
        let profile = reference.split(' ').next().unwrap_or_default();
        if components(pdf, profile) == Some(1) {
            pdf[start..end].fill(b' ');
            pdf[start..start + GRAY.len()].copy_from_slice(GRAY);
        }
    }
    if memmem::find(pdf, GRAY).is_none() {
        return Err(Error::Export("no gray colour space was found".to_owned()));
    }
    Ok(())
}

/// The number of components of an ICC profile, by the number of its object.
fn components(pdf: &[u8], object: &str) -> Option<u8> {
    let head = format!("\n{object} 0 obj");
    let start = memmem::find(pdf, head.as_bytes())?;
    let length = memmem::find(&pdf[start..], b"stream")?;
    let dictionary = &pdf[start..start + length];
    let at = memmem::find(dictionary, b"/N ")?;
    dictionary.get(at + 3)?.checked_sub(b'0')
}
