//! Pages to files: PDF/A with PDF/UA-1, PNG, SVG.

use std::ops::Range;

use memchr::memmem;
use typst::foundations::Smart;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use super::purpose::Purpose;
use crate::error::Error;

/// A report laid out in pages.
pub struct Document {
    pages: PagedDocument,
    standards: [PdfStandard; 2],
}

impl Document {
    pub(super) fn new(pages: PagedDocument, purpose: &Purpose) -> Self {
        Self {
            pages,
            standards: purpose.pdf_standards(),
        }
    }

    /// How many pages it has.
    #[must_use]
    pub fn page_count(&self) -> usize {
        self.pages.pages().len()
    }

    /// The document as a PDF of the standards of its purpose. The same document gives the same bytes.
    ///
    /// # Errors
    /// When the document does not conform, which the layouts rule out.
    pub fn to_pdf(&self) -> Result<Vec<u8>, Error> {
        let fault = |messages: Vec<String>| Error::Export(messages.join("; "));
        let standards =
            PdfStandards::new(&self.standards).map_err(|e| fault(vec![e.message().to_string()]))?;
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
    const GRAY: &[u8] = b"/DeviceGray";
    let missing = || Error::Export("no gray colour space was found".to_owned());
    let objects = Objects::of(pdf).ok_or_else(missing)?;
    let spaces: Vec<_> = (0..objects.0.len())
        .filter_map(|number| objects.gray_space(pdf, number))
        .collect();
    if spaces.is_empty() {
        return Err(missing());
    }
    for space in spaces {
        pdf[space.clone()].fill(b' ');
        pdf[space.start..][..GRAY.len()].copy_from_slice(GRAY);
    }
    Ok(())
}

/// Where objects begin, by their numbers: the cross-reference table (ISO 32000-1, 7.5.4). An attached
/// file may have in it what looks like an object, but no entry points there.
struct Objects(Vec<Option<usize>>);

impl Objects {
    fn of(pdf: &[u8]) -> Option<Self> {
        let end = memmem::rfind(pdf, b"startxref\n")?;
        let at = pdf[end..].split(|b| *b == b'\n').nth(1)?;
        let table = pdf.get(number(at)?..end)?.strip_prefix(b"xref\n0 ")?;
        let rows = memmem::find(table, b"\n")? + 1;
        let count = number(&table[..rows])?;
        let rows = table[rows..].chunks_exact(20).take(count);
        let offset = |row: &[u8]| number(&row[..10]).filter(|_| row[17] == b'n');
        Some(Self(rows.map(offset).collect()))
    }

    /// What an object has between its head and its end, as a range.
    fn content(&self, pdf: &[u8], number: usize) -> Option<Range<usize>> {
        let at = (*self.0.get(number)?)?;
        let start = at + format!("{number} 0 obj\n").len();
        let length = memmem::find(pdf.get(start..)?, b"endobj")?;
        Some(start..start + length)
    }

    /// The object as a colour space with a profile of one component: the range to replace.
    fn gray_space(&self, pdf: &[u8], object: usize) -> Option<Range<usize>> {
        let content = self.content(pdf, object)?;
        let profile = pdf[content.clone()].strip_prefix(b"[/ICCBased ")?;
        let profile = profile.split(|b| *b == b' ').next()?;
        let profile = self.content(pdf, number(profile)?)?;
        let length = memmem::find(&pdf[profile.clone()], b"stream")?;
        let dictionary = &pdf[profile][..length];
        let components = memmem::find(dictionary, b"/N ")? + 3;
        let end = memmem::find(&pdf[content.clone()], b"]")? + 1;
        (dictionary.get(components) == Some(&b'1')).then_some(content.start..content.start + end)
    }
}

fn number(digits: &[u8]) -> Option<usize> {
    std::str::from_utf8(digits).ok()?.trim().parse().ok()
}
