//! From an examined report to the bytes of its file.

use std::sync::Arc;
use std::time::Duration;

use crate::digest::Digest;
use crate::error::Error;
use crate::pipeline::examine::Examined;
use crate::pipeline::figures::FigureSource;
use crate::pipeline::inputs::{RenderInputs, SharedInputs};
use crate::pipeline::lay_out::Pipeline;
use crate::pipeline::verify;
use crate::report::figure::is_inline;
use crate::report::{Figure, Report};
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

    /// A file made again from the report in it; `None` if its files have none.
    ///
    /// # Errors
    /// The reason for which it cannot be made again.
    fn render_from_itself(&self, file: &[u8]) -> Result<Option<FromItself>, String> {
        let _ = file;
        Ok(None)
    }
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

/// A file made again from the report in it, and what that says of itself.
#[derive(Debug)]
pub struct FromItself {
    /// The file.
    pub rendered: Rendered,
    /// The digest of the report file in it.
    pub report: Digest,
    /// The agency that reports.
    pub agency: String,
    /// The year reported on.
    pub year: u16,
    /// The edition of the form.
    pub edition: String,
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
        Ok(Some(Rendered {
            pages: laid_out.document.page_count(),
            bytes,
            figures: digests(&laid_out.figures),
            compile: compiled.saturating_sub(started),
            export: (self.clock)().saturating_sub(compiled),
        }))
    }

    fn render_from_itself(&self, file: &[u8]) -> Result<Option<FromItself>, String> {
        if *self.copy != ReportCopy::Archive {
            return Ok(None);
        }
        let again = verify::again(file, self.pipeline).map_err(|error| error.to_string())?;
        let again = again.map_err(|fault| fault.to_string())?;
        let from_itself = |report: &Report| FromItself {
            rendered: Rendered {
                pages: again.document.page_count(),
                bytes: again.bytes,
                figures: digests(&again.bound.figures),
                compile: Duration::ZERO,
                export: Duration::ZERO,
            },
            report: Digest::of(&again.bound.source.bytes()),
            agency: report.agency.text.clone(),
            year: report.year,
            edition: report.form.edition.clone(),
        };
        Ok(again.bound.report.as_ref().map(from_itself))
    }
}

/// The digests of figures by their paths as written. What stands in the report changes with it.
fn digests(figures: &[Figure]) -> Vec<(String, Digest)> {
    let files = figures
        .iter()
        .filter(|figure| !is_inline(&figure.path.text));
    let digest = |figure: &Figure| (figure.path.text.clone(), Digest::of(&figure.bytes));
    files.map(digest).collect()
}
