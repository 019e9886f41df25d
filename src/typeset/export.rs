//! Pages to files: PDF/A with PDF/UA-1, PNG, SVG.

mod catalog;
mod ink;
mod labels;
mod objects;
mod order;
mod xmp;

use serde::{Deserialize, Serialize};
use typst::foundations::{Content, NativeElement, Smart, StyleChain};
use typst::introspection::Introspector;
use typst::model::HeadingElem;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use self::objects::Objects;
use super::copy::RenderJob;
use crate::error::Error;
use crate::provenance::Provenance;

/// A report laid out in pages.
pub struct Document {
    pages: PagedDocument,
    standards: [PdfStandard; 2],
    /// The provenance in the metadata of an archive copy.
    origin: Option<Provenance>,
    /// Whether it is printed on both sides; `None` if it is not made for print.
    duplex: Option<bool>,
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
            duplex: copy.duplex(),
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
            heading.is_some_and(|heading| {
                // One that is not outlined is a bookmark.
                heading.outlined.get(StyleChain::default())
                    && heading.resolve_level(StyleChain::default()).get() == 1
            })
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
        let ordered = order::by_rows(&self.pages);
        let pdf = typst_pdf::pdf(ordered.as_ref().unwrap_or(&self.pages), &options)
            .map_err(|errors| fault(errors.iter().map(|e| e.message.to_string()).collect()))?;
        let mut bytes = self.completed(&pdf)?;
        // A signature is appended to the file, and PDF/A wants it on a line of its own
        // (ISO 19005-2, 6.1.9).
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// The PDF as written, with what neither Typst nor krilla has an option for.
    fn completed(&self, pdf: &[u8]) -> Result<Vec<u8>, Error> {
        let unlike = |what| move || Error::Export(format!("the {what} is not as expected"));
        let objects = Objects::of(pdf).ok_or_else(unlike("cross-reference table"))?;
        let mut changes = ink::black(&objects).ok_or_else(unlike("gray colour space"))?;
        changes.extend(labels::told(&objects).ok_or_else(unlike("list of labels of a cell"))?);
        let catalog = catalog::changed(&objects, self.pages.pages(), self.duplex);
        changes.extend(catalog.ok_or_else(unlike("catalog"))?);
        let packet = xmp::described(&objects, self.origin.as_ref());
        changes.extend(packet.ok_or_else(unlike("XMP packet"))?);
        let changed = objects.changed(changes);
        changed.ok_or_else(unlike("place of a change"))
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
