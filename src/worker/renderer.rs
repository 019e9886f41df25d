//! A maker of PDFs that has reports with figures made by workers within limits.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::value::to_raw_value;

use super::apart::{Apart, Unanswered};
use super::request::{Request, To};
use super::told::Told;
use crate::batch::Status;
use crate::diagnostic;
use crate::digest::Digest;
use crate::error::Error;
use crate::pipeline::{
    Examined, FigureSource, FromItself, PdfRenderer, RenderInputs, Rendered, Renderer,
};
use crate::report::Figure;
use crate::report::figure::is_inline;
use crate::source::Files;
use crate::typeset::ReportCopy;

/// A maker of PDFs that draws no figure in this process.
pub struct ApartRenderer<'a> {
    /// Makes reports without figures.
    own: &'a PdfRenderer<'a>,
    apart: &'a Apart,
    copy: &'a ReportCopy,
    files: Arc<dyn Files>,
    clock: fn() -> Duration,
}

impl<'a> ApartRenderer<'a> {
    /// A maker of one kind of copy, whose figures are read from some place. `own` makes the same by the same clock.
    #[must_use]
    pub fn new(
        own: &'a PdfRenderer<'a>,
        apart: &'a Apart,
        copy: &'a ReportCopy,
        files: Arc<dyn Files>,
        clock: fn() -> Duration,
    ) -> Self {
        Self {
            own,
            apart,
            copy,
            files,
            clock,
        }
    }

    /// The request for the PDF of a report that was examined.
    fn request(&self, examined: &Examined, figures: &[Figure]) -> Result<Request, Error> {
        let source = &examined.source;
        let text = String::from_utf8_lossy(&source.bytes()).into_owned();
        let text = to_raw_value(&text).map_err(|fault| Error::Export(fault.to_string()))?;
        let files = figures
            .iter()
            .filter(|figure| !is_inline(&figure.path.text));
        let files = files.map(|figure| (figure.plain_path(), BASE64.encode(&figure.bytes)));
        Ok(Request {
            name: source
                .path()
                .file_name()
                .map(|name| name.to_string_lossy().into_owned()),
            figures: files.collect::<BTreeMap<_, _>>(),
            examined: Some(examined.findings.iter().map(Told::from).collect()),
            ..Request::new(text, To::Pdf).for_copy(self.copy)
        })
    }
}

impl Renderer for ApartRenderer<'_> {
    fn inputs(&self, edition: &str) -> Option<RenderInputs> {
        self.own.inputs(edition)
    }

    fn prints_findings(&self) -> bool {
        self.own.prints_findings()
    }

    fn render(&self, examined: &mut Examined) -> Result<Option<Rendered>, Error> {
        if !examined.has_figures(false) {
            return self.own.render(examined);
        }
        let started = (self.clock)();
        let complete = examined.complete(&FigureSource::Beside(&*self.files))?;
        let figures = complete
            .map(|complete| complete.figures)
            .unwrap_or_default();
        if diagnostic::has_errors(&examined.findings) {
            diagnostic::sort(&mut examined.findings);
            return Ok(None);
        }
        let answer = match self.apart.ask(&self.request(examined, &figures)?) {
            Ok(answer) => answer,
            Err(Unanswered::Exceeded(reason)) => {
                examined.exceed(&reason);
                return Ok(None);
            }
            Err(Unanswered::Machine(error)) => return Err(error),
        };
        let said = answer.laid_out.into_iter().flatten();
        examined.findings.extend(said.filter_map(Told::finding));
        diagnostic::sort(&mut examined.findings);
        let content = answer.pdf.map(|pdf| BASE64.decode(pdf)).transpose();
        let content = content.map_err(|fault| Error::Export(fault.to_string()))?;
        let Some((bytes, pages)) = content.zip(answer.pages) else {
            if answer.status == Status::Faulty {
                return Ok(None);
            }
            return Err(Error::Export(answer.message.unwrap_or_default()));
        };
        let digests = figures
            .into_iter()
            .filter(|figure| !is_inline(&figure.path.text))
            .map(|figure| (figure.path.text, Digest::of(&figure.bytes)));
        Ok(Some(Rendered {
            bytes,
            pages,
            figures: digests.collect(),
            compile: (self.clock)().saturating_sub(started),
            export: Duration::ZERO,
        }))
    }

    fn render_from_itself(&self, file: &[u8]) -> Result<Option<FromItself>, String> {
        if *self.copy != ReportCopy::Archive {
            return Ok(None);
        }
        let request = Request {
            of: Some(BASE64.encode(file)),
            ..Request::new(Box::default(), To::Again).for_copy(self.copy)
        };
        let answer = self
            .apart
            .ask(&request)
            .map_err(|unanswered| match unanswered {
                Unanswered::Exceeded(reason) => reason,
                Unanswered::Machine(error) => error.to_string(),
            })?;
        if let Some(reason) = answer.message {
            return Err(reason);
        }
        let Some(((itself, pages), pdf)) = answer.itself.zip(answer.pages).zip(answer.pdf) else {
            return Ok(None);
        };
        let bytes = BASE64.decode(pdf).map_err(|fault| fault.to_string())?;
        Ok(Some(FromItself {
            rendered: Rendered {
                bytes,
                pages,
                figures: itself.figures,
                compile: Duration::ZERO,
                export: Duration::ZERO,
            },
            report: itself.report,
            agency: itself.agency,
            year: itself.year,
            edition: itself.edition,
        }))
    }
}
