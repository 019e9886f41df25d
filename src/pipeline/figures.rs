//! The sources of the figures of a report.

use crate::diagnostic::Diagnostic;
use crate::error::Error;
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
