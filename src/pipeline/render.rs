//! From an examined report to the bytes of its file.

use std::sync::Arc;
use std::time::Duration;

use crate::digest::Digest;
use crate::error::Error;
use crate::pipeline::examine::Examined;
use crate::pipeline::figures::FigureSource;
use crate::pipeline::inputs::{RenderInputs, SharedInputs};
use crate::pipeline::lay_out::Pipeline;
use crate::report::Figure;
use crate::report::figure::is_inline;
use crate::source::{Files, OwnFiles};
use crate::typeset::ReportCopy;

/// A maker of the files of reports. Tests have some that fail.
pub trait Renderer: Sync {
    /// The inputs that shape the files of an edition; `None` for an unknown edition.
    fn inputs(&self, edition: &str) -> Option<RenderInputs>;

    /// Whether findings are printed in its files, so that the files depend on all that findings depend on.
    fn prints_findings(&self) -> bool {
        false
    }

    /// The file of a report; `None` if a finding is an error. Its own findings are added to the others.
    ///
    /// # Errors
    /// When the machine fails.
    fn render(&self, examined: &mut Examined) -> Result<Option<Rendered>, Error>;
}

/// A file to be written.
#[derive(Debug)]
pub struct Rendered {
    /// Its content.
    pub bytes: Vec<u8>,
    /// The number of its pages.
    pub pages: usize,
    /// The figures in it, with the digests of their files, by their paths as written.
    pub figures: Vec<(String, Digest)>,
    /// The time that the layout took.
    pub compile: Duration,
    /// The time that the export took.
    pub export: Duration,
}

/// A maker of PDFs.
pub struct PdfRenderer<'a> {
    pipeline: &'a Pipeline,
    copy: &'a ReportCopy,
    inputs: &'a SharedInputs,
    files: Arc<dyn Files>,
    clock: fn() -> Duration,
}

impl<'a> PdfRenderer<'a> {
    /// A maker of one kind of copy. `clock` is the monotonic time since an arbitrary start; nothing that is
    /// written into a PDF depends on it.
    ///
    /// # Errors
    /// When a font cannot be read.
    pub fn new(
        pipeline: &'a Pipeline,
        copy: &'a ReportCopy,
        clock: fn() -> Duration,
    ) -> Result<Self, Error> {
        Ok(Self {
            pipeline,
            copy,
            inputs: pipeline.inputs()?,
            files: Arc::new(OwnFiles),
            clock,
        })
    }

    /// This maker with figures read from another place.
    #[must_use]
    pub fn reading(self, files: Arc<dyn Files>) -> Self {
        Self { files, ..self }
    }
}

impl Renderer for PdfRenderer<'_> {
    fn inputs(&self, edition: &str) -> Option<RenderInputs> {
        self.inputs.of_copy(edition, self.copy)
    }

    fn prints_findings(&self) -> bool {
        self.copy.prints_findings()
    }

    fn render(&self, examined: &mut Examined) -> Result<Option<Rendered>, Error> {
        let started = (self.clock)();
        let figures = FigureSource::Beside(&*self.files);
        let Some(laid_out) = self.pipeline.lay_out(examined, &figures, self.copy)? else {
            return Ok(None);
        };
        let compiled = (self.clock)();
        let bytes = laid_out.document.to_pdf()?;
        let digest = |figure: Figure| (figure.path.text, Digest::of(&figure.bytes));
        // What stands in the report changes with it.
        let pages = laid_out.document.page_count();
        let files = laid_out
            .figures
            .into_iter()
            .filter(|figure| !is_inline(&figure.path.text));
        Ok(Some(Rendered {
            pages,
            bytes,
            figures: files.map(digest).collect(),
            compile: compiled.saturating_sub(started),
            export: (self.clock)().saturating_sub(compiled),
        }))
    }
}
