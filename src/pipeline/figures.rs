//! Where the figures of a report come from.

use crate::diagnostic::Diagnostic;
use crate::error::Error;
use crate::report::{self, Figure, Report};
use crate::source::{Files, Source, folder_of};

/// A file by the name that a report has for it; `None` without such a file.
pub type FindFile<'a> = dyn Fn(&str) -> Option<&'a [u8]> + 'a;

/// The place that figures are taken from.
pub enum FigureSource<'a> {
    /// The folder of the report file.
    Beside(&'a dyn Files),
    /// Files that came with the report.
    Given(&'a FindFile<'a>),
}

impl FigureSource<'_> {
    /// The figures of a report, and what is wrong with them.
    ///
    /// # Errors
    /// When what keeps one from being read says nothing of it.
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
