//! The sources of the figures of a report.

use crate::diagnostic::Diagnostic;
use crate::error::Error;
use crate::pipeline::examine::Examined;
use crate::report::{self, Figure, Report};
use crate::source::{Files, Source, folder_of};

/// The lookup of a file by the name that a report has for it; `None` without such a file.
pub type FindFile<'a> = dyn Fn(&str) -> Option<&'a [u8]> + 'a;

/// The source of figures.
pub enum FigureSource<'a> {
    /// The folder of the report file, in some place of files.
    Beside(&'a dyn Files),
    /// Files that came with the report.
    Given(&'a FindFile<'a>),
}

impl FigureSource<'_> {
    /// The figures of a report, and the findings about them.
    ///
    /// # Errors
    /// When one cannot be read for a reason that says nothing about it.
    pub(super) fn load(
        &self,
        source: &Source,
        report: &Report,
    ) -> Result<(Vec<Figure>, Vec<Diagnostic>), Error> {
        match self {
            Self::Beside(files) => {
                report::load_figures_from(*files, report, folder_of(source.path()))
            }
            Self::Given(find) => Ok(report::load_kept_figures(report, find)),
        }
    }
}

/// The figures of a report, and whether they are free of errors.
pub struct Complete {
    /// The figures.
    pub figures: Vec<Figure>,
    /// Whether no finding is about any of them.
    pub sound: bool,
}

impl Examined {
    /// Loads the figures of a report, also of one that is only partly bound, and adds the findings that only they
    /// show; `None` if there is no report.
    ///
    /// # Errors
    /// When a figure cannot be read for a reason that says nothing about it.
    pub fn complete(&mut self, from: &FigureSource) -> Result<Option<Complete>, Error> {
        let Some(report) = self.report.as_ref().or(self.partial.as_ref()) else {
            return Ok(None);
        };
        let (figures, faults) = from.load(&self.source, report)?;
        let sound = faults.is_empty();
        self.findings.extend(faults);
        Ok(Some(Complete { figures, sound }))
    }
}
