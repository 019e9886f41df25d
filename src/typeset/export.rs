//! Pages to files: PDF/A with PDF/UA-1, PNG, SVG.

mod ink;
mod objects;
mod xmp;

use serde::{Deserialize, Serialize};
use typst::foundations::{Content, NativeElement, Smart, StyleChain};
use typst::introspection::Introspector;
use typst::model::HeadingElem;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use super::copy::RenderJob;
use crate::error::Error;
use crate::provenance::Provenance;

/// A report laid out in pages.
pub struct Document {
    pages: PagedDocument,
    standards: [PdfStandard; 2],
    /// The provenance in the metadata of an archive copy.
    origin: Option<Provenance>,
    /// The keys of the sections in the order of print.
    sections: Vec<String>,
}

/// The position at which a section begins.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SectionPlace {
    /// The key of the section.
    pub section: String,
    /// The page, from 1.
    pub page: usize,
    /// The distance from the top of the page, as a share of its height.
    pub top: f64,
}

impl Document {
    pub(super) fn new(pages: PagedDocument, job: &RenderJob, origin: Option<Provenance>) -> Self {
        let RenderJob { report, copy, .. } = job;
        let sections = report.chapters().map(|chapter| &chapter.section.key);
        Self {
            pages,
            sections: sections.cloned().collect(),
            standards: copy.pdf_standards(),
            origin,
        }
    }

    /// The provenance in its metadata; `None` for a copy other than the archive one.
    #[must_use]
    pub fn origin(&self) -> Option<Provenance> {
        self.origin
    }

    /// The positions of its sections, in order.
    #[must_use]
    pub fn places(&self) -> Vec<SectionPlace> {
        let introspector = self.pages.introspector();
        let headings = introspector.query(&HeadingElem::ELEM.select());
        let titles = headings.iter().filter(|heading| {
            let heading = heading.to_packed::<HeadingElem>();
            heading.is_some_and(|heading| heading.resolve_level(StyleChain::default()).get() == 1)
        });
        let place = |(heading, section): (&Content, &String)| {
            let position = introspector.position(heading.location()?)?;
            let page = position.page.get();
            let height = self.pages.pages().get(page - 1)?.frame.height();
            Some(SectionPlace {
                section: section.clone(),
                page,
                top: position.point.y / height,
            })
        };
        titles.zip(&self.sections).filter_map(place).collect()
    }

    /// The number of pages.
    #[must_use]
    pub fn page_count(&self) -> usize {
        self.pages.pages().len()
    }

    /// The document as a PDF of the standards of its copy. The same document gives the same bytes.
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
        ink::black(&mut bytes)?;
        if let Some(origin) = &self.origin {
            let described = xmp::changed(&bytes, |packet| origin.added_to(packet));
            bytes = described.ok_or_else(|| fault(vec!["no XMP packet was found".to_owned()]))?;
        }
        // A signature is appended to the file, and PDF/A wants it on a line of its own
        // (ISO 19005-2, 6.1.9).
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// A page as PNG, at `ppi` pixels per inch; `None` if there is no such page.
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

    /// A page as SVG; `None` if there is no such page.
    #[must_use]
    pub fn to_svg(&self, page: usize) -> Option<String> {
        let page = self.pages.pages().get(page)?;
        Some(typst_svg::svg(page, &typst_svg::SvgOptions::default()))
    }
}
