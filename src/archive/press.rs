//! From an examined report to the bytes of its file.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use super::Examined;
use crate::diagnostic::{self, Diagnostic};
use crate::digest::Digest;
use crate::error::Error;
use crate::format::{Editions, Format};
use crate::report::figure::is_inline;
use crate::report::{self, Figure, Report};
use crate::source::Source;
use crate::typeset::{Document, Engine, Order, Purpose};

/// Makes files of reports. Tests have presses that fail.
pub trait Press: Sync {
    /// What it shapes reports of an edition with; none where it knows no such edition.
    fn setting(&self, edition: &str) -> Option<&Setting>;

    /// Whether findings are printed in its files, so that they depend on all that these depend on.
    fn prints_findings(&self) -> bool {
        false
    }

    /// The file of a report, unless a finding is an error; what it finds is added to the others.
    ///
    /// # Errors
    /// When the machine fails.
    fn press(&self, examined: &mut Examined) -> Result<Option<Pressed>, Error>;
}

/// What shapes the bytes of a report's file beside the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The digest of the layout.
    pub layout: Digest,
    /// The digest of the fonts.
    pub fonts: Digest,
    /// The digest of the program.
    pub engine: Digest,
    /// What was asked for.
    pub options: String,
}

/// A file as it is to be written.
#[derive(Debug)]
pub struct Pressed {
    /// Its content.
    pub bytes: Vec<u8>,
    /// How many pages it has.
    pub pages: usize,
    /// The figures that are in it, with the digests of their files, by their paths as written.
    pub figures: Vec<(String, Digest)>,
    /// How long the layout took.
    pub compile: Duration,
    /// How long the export took.
    pub export: Duration,
}

/// Makes PDFs with an engine.
pub struct PdfPress<'a> {
    engine: &'a Engine,
    purpose: &'a Purpose,
    settings: BTreeMap<String, Setting>,
    clock: fn() -> Duration,
}

impl<'a> PdfPress<'a> {
    /// `clock` tells how much time has passed since whenever; nothing that is written into a PDF
    /// depends on it.
    ///
    /// # Errors
    /// When a font cannot be read.
    pub fn new(
        engine: &'a Engine,
        purpose: &'a Purpose,
        editions: &Editions,
        clock: fn() -> Duration,
    ) -> Result<Self, Error> {
        let shared = (engine.fonts().digest()?, Engine::digest()?);
        let setting = |format: &Format| Setting {
            layout: engine.layout_digest(format),
            fonts: shared.0,
            engine: shared.1,
            options: purpose.options(),
        };
        let all = editions.all().iter();
        let settings = all.map(|format| (format.edition.clone(), setting(format)));
        Ok(Self {
            engine,
            purpose,
            settings: settings.collect(),
            clock,
        })
    }
}

impl Press for PdfPress<'_> {
    fn setting(&self, edition: &str) -> Option<&Setting> {
        self.settings.get(edition)
    }

    fn prints_findings(&self) -> bool {
        self.purpose.prints_findings()
    }

    fn press(&self, examined: &mut Examined) -> Result<Option<Pressed>, Error> {
        let started = (self.clock)();
        let laid_out = lay_out(self.engine, self.purpose, examined, beside)?;
        let Some((document, figures)) = laid_out else {
            return Ok(None);
        };
        let compiled = (self.clock)();
        let bytes = document.to_pdf()?;
        let digest = |figure: Figure| (figure.path.text, Digest::of(&figure.bytes));
        // What stands in the report changes with it.
        let files = figures
            .into_iter()
            .filter(|figure| !is_inline(&figure.path.text));
        Ok(Some(Pressed {
            pages: document.page_count(),
            bytes,
            figures: files.map(digest).collect(),
            compile: compiled.saturating_sub(started),
            export: (self.clock)().saturating_sub(compiled),
        }))
    }
}

/// The figures of a report file from its folder, and what is wrong with them.
#[must_use]
pub fn beside(source: &Source, report: &Report) -> (Vec<Figure>, Vec<Diagnostic>) {
    report::load_figures(report, source.path().parent().unwrap_or(Path::new("")))
}

/// The pages of an examined report and the figures in it, unless a finding is an error. `figures` tells
/// where these come from.
///
/// # Errors
/// When the layout fails.
pub fn lay_out(
    engine: &Engine,
    purpose: &Purpose,
    examined: &mut Examined,
    figures: impl FnOnce(&Source, &Report) -> (Vec<Figure>, Vec<Diagnostic>),
) -> Result<Option<(Document, Vec<Figure>)>, Error> {
    let Examined {
        source,
        report: Some(report),
        findings,
        ..
    } = examined
    else {
        return Ok(None);
    };
    let (figures, faults) = figures(source, report);
    findings.extend(faults);
    findings.extend(engine.missing_characters(report, source.text()));
    let mut document = None;
    if !diagnostic::has_errors(findings) {
        let order = Order::new(report, &figures, purpose, source, findings);
        let outcome = engine.compile(&order)?;
        findings.extend(outcome.findings);
        document = outcome.value;
    }
    diagnostic::sort(findings);
    Ok(document.map(|document| (document, figures)))
}
