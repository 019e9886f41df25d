//! The sources of the figures of a report.

use crate::diagnostic::{self, Diagnostic};
use crate::error::Error;
use crate::pipeline::examine::Examined;
use crate::report::figure::shown;
use crate::report::{self, Figure, Report, rules};
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
    /// Whether there is a report, or a part of one if that is to be laid out too, and figures in it.
    #[must_use]
    pub fn has_figures(&self, partial: bool) -> bool {
        let part = self.partial.as_ref().filter(|_| partial);
        let report = self.report.as_ref().or(part);
        report.is_some_and(|report| report.figures().next().is_some())
    }

    /// Adds the finding that figures, or the seals of a report without any, took more than they may.
    pub fn exceed(&mut self, reason: &str) {
        let Some(report) = &self.report else { return };
        let mut figures = report.figures();
        let (what, span) = match (figures.next(), figures.next()) {
            (Some(figure), None) => (format!("图片“{}”", shown(&figure.text)), figure.span),
            (Some(figure), Some(_)) => ("图片".to_owned(), figure.span),
            (None, _) => ("印章".to_owned(), report.agency.span),
        };
        let message = format!("处理{what}的进程{reason}");
        let hint = "简化图形，或导出为 PNG";
        let finding = Diagnostic::new(rules::INVALID_FIGURE, span, message).hint(hint);
        self.findings.push(finding);
        diagnostic::sort(&mut self.findings);
    }

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
