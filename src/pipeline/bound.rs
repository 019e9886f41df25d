//! A report that is read and bound to its form, but not checked.

use crate::diagnostic::{self, Diagnostic, Severity};
use crate::digest::Prefix;
use crate::error::Error;
use crate::form::Editions;
use crate::pipeline::figures::FigureSource;
use crate::report::{self, Answer, Figure, Report};
use crate::source::Source;

/// A report file and its report.
#[derive(Debug)]
pub struct Bound {
    /// The file.
    pub source: Source,
    /// The report; `None` if an error keeps it from being one.
    pub report: Option<Report>,
    /// Its figures, if they were loaded.
    pub figures: Vec<Figure>,
    /// Whether it can be read only as its form was before it was corrected.
    pub outdated: bool,
    /// Findings of binding and of the figures.
    pub findings: Vec<Diagnostic>,
}

impl Bound {
    /// Binds a file to the form that it names.
    #[must_use]
    pub fn new(source: Source, editions: &Editions) -> Self {
        let bound = report::bind(&source, editions);
        Self {
            source,
            report: bound.value,
            figures: Vec::new(),
            outdated: false,
            findings: bound.findings,
        }
    }

    /// Loads its figures; the findings are sorted.
    ///
    /// # Errors
    /// When a figure cannot be read for a reason that says nothing about it.
    pub fn with_figures(mut self, from: &FigureSource) -> Result<Self, Error> {
        if let Some(report) = &self.report {
            let (figures, faults) = from.load(&self.source, report)?;
            self.figures = figures;
            self.findings.extend(faults);
        }
        diagnostic::sort(&mut self.findings);
        Ok(self)
    }

    /// What could be read only before its form was corrected, as it was read then. An archive and signed paper
    /// outlive corrections.
    #[must_use]
    pub fn or_earlier(mut self, editions: &Editions) -> Self {
        if self.report.is_none()
            && let Some(earlier) = self.earlier(editions)
        {
            self.report = Some(earlier);
            self.findings.clear();
            self.outdated = true;
        }
        self
    }

    /// The answer to whether the report has a digest, be it that of an earlier transcription of its form, or of its
    /// file as it was read once; `None` without a report. Its figures are loaded.
    ///
    /// # Errors
    /// As [`Report::canonical`].
    pub fn answers(&self, wanted: &Prefix, editions: &Editions) -> Result<Option<Answer>, Error> {
        let Some(report) = &self.report else {
            return Ok(None);
        };
        let answer = report.answers(wanted, &self.figures)?;
        if answer != Answer::Other {
            let answer = if self.outdated {
                Answer::Earlier
            } else {
                answer
            };
            return Ok(Some(answer));
        }
        let has = |report: Option<Report>| match report {
            Some(report) => Ok(report.answers(wanted, &self.figures)? != Answer::Other),
            None => Ok::<_, Error>(false),
        };
        if !self.outdated && has(self.earlier(editions))? {
            return Ok(Some(Answer::Earlier));
        }
        let Some(read) = self.source.read_with_blanks() else {
            return Ok(Some(Answer::Other));
        };
        let bound = report::bind(&read, editions).value;
        let earlier = || report::bind(&read, &editions.earlier()).value;
        let same = has(bound)? || has(earlier())?;
        Ok(Some(if same {
            Answer::EarlierReading
        } else {
            Answer::Other
        }))
    }

    /// The report as it was read before its form was corrected; `None` if it could not be read then.
    fn earlier(&self, editions: &Editions) -> Option<Report> {
        report::bind(&self.source, &editions.earlier()).value
    }

    /// The first error.
    #[must_use]
    pub fn error(&self) -> Option<&Diagnostic> {
        let mut findings = self.findings.iter();
        findings.find(|finding| finding.severity == Severity::Error)
    }
}
