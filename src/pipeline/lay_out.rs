//! The state that reports share on their way, and the way itself.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use crate::check::Policy;
use crate::diagnostic::{self, Diagnostic, Outcome};
use crate::error::Error;
use crate::form::Editions;
use crate::pipeline::bound::Bound;
use crate::pipeline::collection::Collection;
use crate::pipeline::examine::{Examined, Examiner};
use crate::pipeline::figures::{Complete, FigureSource};
use crate::pipeline::inputs::SharedInputs;
use crate::pipeline::target::{PageView, Target};
use crate::report::{Figure, Report};
use crate::source::{Files, OwnFiles, Source};
use crate::typeset::{Document, Engine, Fonts, RenderJob, ReportCopy};

/// A report and its origin.
pub enum Input<'a> {
    /// A file of this machine, compared with the reports around it. `previous` is the report of the year
    /// before, if it is not beside the report.
    File {
        /// The report file.
        path: &'a Path,
        /// The report of the year before.
        previous: Option<PathBuf>,
    },
    /// A report from memory, compared with that of the year before, if given.
    Memory {
        /// The report; without a path, it is named by its year.
        source: Source,
        /// The report of the year before.
        previous: Option<Box<Source>>,
    },
}

/// The state that all reports share on their way. One serves any number of threads.
pub struct Pipeline {
    editions: Editions,
    examiner: Examiner,
    engine: Engine,
    inputs: OnceLock<SharedInputs>,
}

/// A report laid out in pages, and the figures in it.
pub struct LaidOut {
    /// The pages.
    pub document: Document,
    /// The figures.
    pub figures: Vec<Figure>,
}

impl Pipeline {
    /// Prepares checks, layouts and fonts.
    ///
    /// # Errors
    /// When a declaration contradicts itself or a layout cannot be read.
    pub fn new(editions: &Editions, fonts: Fonts) -> Result<Self, Error> {
        let engine = Engine::new(editions, fonts)?;
        Ok(Self {
            examiner: Examiner::alone(editions)?.with_coverage(engine.coverage()),
            engine,
            editions: editions.clone(),
            inputs: OnceLock::new(),
        })
    }

    /// The editions.
    #[must_use]
    pub fn editions(&self) -> &Editions {
        &self.editions
    }

    /// The engine that sets pages.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// The fonts.
    #[must_use]
    pub fn fonts(&self) -> &Fonts {
        self.engine.fonts()
    }

    /// The inputs that shape the files of all reports.
    ///
    /// # Errors
    /// When a font cannot be read.
    pub fn inputs(&self) -> Result<&SharedInputs, Error> {
        if let Some(inputs) = self.inputs.get() {
            return Ok(inputs);
        }
        let inputs = SharedInputs::of(&self.engine, &self.editions)?;
        Ok(self.inputs.get_or_init(|| inputs))
    }

    /// Reads, binds and checks a report under `policy`.
    ///
    /// # Errors
    /// When the file, or a file that it is compared with, cannot be read.
    pub fn examine(&self, input: Input<'_>, policy: &Policy) -> Result<Examined, Error> {
        match input {
            Input::File { path, previous } => {
                let around = Collection::around(path)?;
                let examiner = self.examiner(Arc::new(OwnFiles), policy.clone(), &around)?;
                examiner.with_previous(previous).report(path)
            }
            Input::Memory { source, previous } => {
                Ok(self
                    .examiner
                    .in_memory(policy, source, previous.map(|last| *last)))
            }
        }
    }

    /// An examiner of the files of a folder or a store, whose `hierarchies` declare the agencies below
    /// governments.
    ///
    /// # Errors
    /// When a hierarchy cannot be read.
    pub fn examiner<'a>(
        &self,
        files: Arc<dyn Files>,
        policy: Policy,
        hierarchies: impl IntoIterator<Item = &'a PathBuf>,
    ) -> Result<Examiner, Error> {
        self.examiner.among(files, policy, hierarchies)
    }

    /// The pages of an examined report; `None` if a finding is an error. Findings of the layout are added to
    /// the others.
    ///
    /// # Errors
    /// When the layout fails.
    pub fn lay_out(
        &self,
        examined: &mut Examined,
        figures: &FigureSource,
        copy: &ReportCopy,
    ) -> Result<Option<LaidOut>, Error> {
        let Some(Complete { figures, .. }) = examined.complete(figures)? else {
            return Ok(None);
        };
        let Examined {
            source,
            report: Some(report),
            findings,
            ..
        } = examined
        else {
            diagnostic::sort(&mut examined.findings);
            return Ok(None);
        };
        let mut document = None;
        if !diagnostic::has_errors(findings) {
            let job = RenderJob::new(report, &figures, copy, source, findings);
            let outcome = self.engine.compile(&job)?;
            findings.extend(outcome.findings);
            document = outcome.value;
        }
        diagnostic::sort(findings);
        Ok(document.map(|document| LaidOut { document, figures }))
    }

    /// The pages of an examined report that may have errors, as far as it could be read and laid out, for its writer
    /// to look at: values that errors are about are marked. `None` where there is nothing to show.
    ///
    /// # Errors
    /// When a figure cannot be read for a reason that says nothing about it.
    pub fn lay_out_partly(
        &self,
        examined: &mut Examined,
        figures: &FigureSource,
        copy: &ReportCopy,
    ) -> Result<Option<LaidOut>, Error> {
        let complete = examined.complete(figures)?;
        diagnostic::sort(&mut examined.findings);
        let report = examined.report.as_ref().or(examined.partial.as_ref());
        let (Some(Complete { figures, .. }), Some(report)) = (complete, report) else {
            return Ok(None);
        };
        let (source, findings) = (&examined.source, &examined.findings);
        let job = RenderJob::new(report, &figures, copy, source, findings).marked();
        // That layouts want more than half a report has is no defect of theirs.
        let document = self.engine.compile(&job).ok();
        let document = document.and_then(|outcome| outcome.value);
        Ok(document.map(|document| LaidOut { document, figures }))
    }

    /// The pages of a report that is not checked here, with the findings of the layout; `findings` are those that a
    /// draft prints.
    ///
    /// # Errors
    /// When the layout fails.
    pub fn lay_out_unchecked(
        &self,
        report: &Report,
        bound: &Bound,
        copy: &ReportCopy,
        findings: &[Diagnostic],
    ) -> Result<Outcome<Document>, Error> {
        let job = RenderJob::new(report, &bound.figures, copy, &bound.source, findings);
        self.engine.compile(&job)
    }
}

impl LaidOut {
    /// A file of a kind that has pages; `None` if there is no such page. A document as a whole ignores `view`.
    ///
    /// # Errors
    /// When the file cannot be written as its format requires.
    pub fn export(&self, target: Target, view: PageView) -> Result<Option<Vec<u8>>, Error> {
        let PageView { page, ppi } = view;
        match target {
            Target::Pdf => self.document.to_pdf().map(Some),
            Target::Png => self.document.to_png(page, ppi).transpose(),
            Target::Svg => Ok(self.document.to_svg(page).map(String::into_bytes)),
            Target::Html => Ok(None),
        }
    }
}
