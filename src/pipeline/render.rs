//! From an examined report to the bytes of its file.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::diagnostic::{self, Diagnostic};
use crate::digest::Digest;
use crate::error::Error;
use crate::form::{Editions, Form};
use crate::pipeline::examine::Examined;
use crate::report::figure::is_inline;
use crate::report::{self, Figure, Report};
use crate::source::folder_of;
use crate::source::{Files, OwnFiles, Source};
use crate::typeset::{Document, Engine, Order, Purpose};

/// Makes files of reports. Tests have presses that fail.
pub trait Press: Sync {
    /// What it shapes reports of an edition with; none where it knows no such edition.
    fn setting(&self, edition: &str) -> Option<Setting>;

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
    settings: Settings,
    files: Arc<dyn Files>,
    clock: fn() -> Duration,
}

/// What shapes the files of an engine, whatever they are for.
#[derive(Clone, Debug)]
pub struct Settings {
    fonts: Digest,
    engine: Digest,
    /// The digests of layouts by edition.
    layouts: Arc<BTreeMap<String, Digest>>,
}

impl Settings {
    /// # Errors
    /// When a font cannot be read.
    pub fn of(engine: &Engine, editions: &Editions) -> Result<Self, Error> {
        let layout = |form: &Arc<Form>| (form.edition.clone(), engine.layout_digest(form));
        let layouts: BTreeMap<_, _> = editions.all().iter().map(layout).collect();
        Ok(Self {
            fonts: engine.fonts().digest()?,
            engine: Engine::digest()?,
            layouts: Arc::new(layouts),
        })
    }

    /// The digest of all of it.
    #[must_use]
    pub fn digest(&self) -> Digest {
        let layouts = self.layouts.iter();
        let layouts = layouts.map(|(edition, layout)| (edition.as_str(), Some(*layout)));
        let others = [("fonts", Some(self.fonts)), ("engine", Some(self.engine))];
        Digest::of_parts(layouts.chain(others))
    }
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
        let settings = Settings::of(engine, editions)?;
        Ok(Self::with(engine, purpose, settings, clock))
    }

    /// The same with settings that are known already.
    #[must_use]
    pub fn with(
        engine: &'a Engine,
        purpose: &'a Purpose,
        settings: Settings,
        clock: fn() -> Duration,
    ) -> Self {
        Self {
            engine,
            purpose,
            settings,
            files: Arc::new(OwnFiles),
            clock,
        }
    }

    /// Figures are read from there.
    #[must_use]
    pub fn reading(self, files: Arc<dyn Files>) -> Self {
        Self { files, ..self }
    }
}

impl Press for PdfPress<'_> {
    fn setting(&self, edition: &str) -> Option<Setting> {
        let Settings {
            fonts,
            engine,
            layouts,
        } = &self.settings;
        layouts.get(edition).map(|layout| Setting {
            layout: *layout,
            fonts: *fonts,
            engine: *engine,
            options: self.purpose.options(),
        })
    }

    fn prints_findings(&self) -> bool {
        self.purpose.prints_findings()
    }

    fn press(&self, examined: &mut Examined) -> Result<Option<Pressed>, Error> {
        let started = (self.clock)();
        let figures = beside(&*self.files);
        let laid_out = lay_out(self.engine, self.purpose, examined, figures)?;
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

/// Figures, and what is wrong with them.
pub type Found = Result<(Vec<Figure>, Vec<Diagnostic>), Error>;

/// The figures of a report file from its folder.
pub fn beside(files: &dyn Files) -> impl FnOnce(&Source, &Report) -> Found {
    |source, report| report::load_figures_from(files, report, folder_of(source.path()))
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
    figures: impl FnOnce(&Source, &Report) -> Found,
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
    let (figures, faults) = figures(source, report)?;
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
