//! One report of an archive: whether its PDF has to be made, and making it.

use crate::archive::context::ArchiveContext;
use crate::archive::record::Why;
use crate::archive::record::{Counts, Failure, Files, Inputs, Pdf, Record, State};
use crate::archive::sources::Entry;
use crate::archive::standing::Standing;
use crate::check;
use crate::diagnostic::{Diagnostic, Severity};
use crate::digest::Digest;
use crate::error::Error;
use crate::pipeline::{Examined, Examiner, guarded};
use crate::pipeline::{Rendered, Renderer};
use crate::report::MAX_FIGURE_BYTES;
use crate::source::{Source, folder_of};

/// The result of building a report.
pub(crate) enum BuildResult {
    /// The PDF that stands is what the report gives.
    Kept(Record),
    /// The PDF is made and not yet written.
    Made(Record, Rendered, Why),
    /// The report cannot be made.
    Failed(Record, FailureCause),
    /// The PDF would have to be made: in a dry run.
    Due {
        record: Record,
        why: Why,
        /// The digest and the size of the report file.
        report: Digest,
        bytes: u64,
    },
}

/// The cause of a failure to make a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FailureCause {
    /// The report, or the name of its file.
    Report,
    /// The machine, which may do better at the next try.
    Machine,
    /// The report file is not the one of the plan.
    Changed,
}

/// Makes the PDFs of reports that have to be made, each report for itself.
pub(crate) struct ReportBuilder<'a> {
    pub(crate) context: ArchiveContext<'a>,
    pub(crate) examiner: &'a Examiner,
    pub(crate) renderer: &'a dyn Renderer,
    pub(crate) dry: bool,
}

/// A failure to make a report, with all that is known of it.
struct BuildError {
    report: Option<Digest>,
    reason: String,
    cause: FailureCause,
    examined: Option<Box<Examined>>,
}

impl ReportBuilder<'_> {
    /// Makes one report, if it has to be made. Whatever goes wrong costs this report alone.
    pub(crate) fn build(&self, entry: &Entry) -> BuildResult {
        let fault = match guarded(|| self.attempt(entry)) {
            Ok(Ok(done)) => return done,
            Ok(Err(fault)) => fault,
            Err(reason) => BuildError {
                report: None,
                reason,
                cause: FailureCause::Machine,
                examined: None,
            },
        };
        let cause = fault.cause;
        BuildResult::Failed(self.failed(entry, fault), cause)
    }

    fn attempt(&self, entry: &Entry) -> Result<BuildResult, BuildError> {
        if let Some(reason) = &entry.refused {
            let failure = Failure {
                report: None,
                reason: reason.clone(),
            };
            // What stands in the place of its PDF is another's.
            let record = Record {
                state: State::Failed,
                failure: Some(failure),
                ..blank(&entry.path)
            };
            return Ok(BuildResult::Failed(record, FailureCause::Report));
        }
        let content = Source::content_from(self.examiner.files(), &entry.file)
            .map_err(|error| self.fault(None, error))?;
        let report = Digest::of(&content);
        if entry.expected.is_some_and(|expected| expected != report) {
            return Err(BuildError {
                report: Some(report),
                reason: "报告文件与计划时不同，请重新计划".to_owned(),
                cause: FailureCause::Changed,
                examined: None,
            });
        }
        let machine = |error: Error| self.fault(Some(report), error);
        let old = self.context.old.get(&entry.path);
        let mut why = match old {
            Some(old) => self.why(old, entry, report),
            None => Some(Why::New),
        };
        if let (None, Some(old)) = (&why, old) {
            let year = old.year.unwrap_or_default();
            let compared = self.examiner.compared(&entry.file, year).map_err(machine)?;
            if old.failure.is_none() && old.checks == Some(self.checks(compared)) {
                let state = State::Made;
                return Ok(BuildResult::Kept(Record {
                    state,
                    ..old.clone()
                }));
            }
            why = self.renderer.prints_findings().then_some(Why::Findings);
        }
        if let (true, Some(why)) = (self.dry, &why) {
            let record = old.cloned().unwrap_or_else(|| blank(&entry.path));
            return Ok(BuildResult::Due {
                record,
                why: why.clone(),
                report,
                bytes: content.len() as u64,
            });
        }
        let mut examined = self
            .examiner
            .examine(&entry.file, content)
            .map_err(machine)?;
        let errors = crate::diagnostic::has_errors(&examined.findings);
        let rendered = match &why {
            Some(_) if !errors => self.renderer.render(&mut examined).map_err(machine)?,
            _ => None,
        };
        let mut record = self.examined(entry, &examined);
        match (why, rendered, old) {
            (Some(why), Some(mut rendered), _) => {
                let edition = record.edition.as_deref().unwrap_or_default();
                let figures = std::mem::take(&mut rendered.figures);
                let setting = self.renderer.inputs(edition);
                record.files.pdf = setting.map(|setting| Pdf {
                    digest: Digest::of(&rendered.bytes),
                    bytes: rendered.bytes.len() as u64,
                    pages: rendered.pages,
                    made_from: Inputs::new(report, figures, setting),
                });
                Ok(BuildResult::Made(record, rendered, why))
            }
            (None, _, Some(old)) if !errors => {
                record.files.clone_from(&old.files);
                Ok(BuildResult::Kept(record))
            }
            _ => Err(BuildError {
                report: Some(report),
                reason: reason(&examined, &entry.path),
                cause: FailureCause::Report,
                examined: Some(Box::new(examined)),
            }),
        }
    }

    /// The reason for which a report has to be made; `None` if its PDF stands as it is.
    fn why(&self, old: &Record, entry: &Entry, report: Digest) -> Option<Why> {
        let Some(pdf) = old.pdf() else {
            return Some(Why::New);
        };
        let inputs = &pdf.made_from;
        let setting = self
            .renderer
            .inputs(old.edition.as_deref().unwrap_or_default());
        let Some(setting) = setting else {
            return Some(Why::Engine); // an edition that is no more
        };
        let folder = folder_of(&entry.file);
        let changed = |(path, digest): (&String, &Digest)| {
            let now = self
                .examiner
                .files()
                .read(&folder.join(path), MAX_FIGURE_BYTES);
            let same = now.is_ok_and(|bytes| Digest::of(&bytes) == *digest);
            (!same).then(|| Why::Figure(path.clone()))
        };
        (inputs.report != report)
            .then_some(Why::Report)
            .or_else(|| inputs.figures.iter().find_map(changed))
            .or_else(|| inputs.change(&setting))
            .or_else(|| match self.context.standing(&entry.path, pdf) {
                Standing::Same => None,
                Standing::Missing => Some(Why::Missing),
                Standing::Altered | Standing::Unknown => Some(Why::Altered),
            })
    }

    /// The digest of what findings depend on beside the report and the engine: the checks themselves, how strict
    /// they are, and the reports that it is compared with.
    fn checks(&self, compared: Option<Digest>) -> Digest {
        let policy = Digest::of(self.examiner.policy().shown().as_bytes());
        Digest::of_parts([
            ("checks", Some(check::digest())),
            ("policy", Some(policy)),
            ("compared", compared),
        ])
    }

    /// The record of a report that was examined, without a PDF.
    fn examined(&self, entry: &Entry, examined: &Examined) -> Record {
        let report = examined.report.as_ref();
        let old = self.context.old.get(&entry.path);
        Record {
            agency: report
                .map(|report| report.agency.text.clone())
                .or_else(|| old?.agency.clone()),
            year: report.map(|report| report.year).or_else(|| old?.year),
            edition: report.map(|report| report.form.edition.clone()),
            findings: Counts::of(&examined.findings),
            checks: Some(self.checks(examined.compared)),
            ..blank(&entry.path)
        }
    }

    /// The record of a report that cannot be made.
    fn failed(&self, entry: &Entry, fault: BuildError) -> Record {
        let record = match (&fault.examined, self.context.old.get(&entry.path)) {
            (Some(examined), _) => self.examined(entry, examined),
            (None, Some(old)) => old.clone(),
            (None, None) => blank(&entry.path),
        };
        let BuildError { report, reason, .. } = fault;
        self.context
            .with_failure(record, Failure { report, reason })
    }

    /// The failure of the machine at a report.
    fn fault(&self, report: Option<Digest>, error: Error) -> BuildError {
        BuildError {
            report,
            reason: self.context.said(error),
            cause: FailureCause::Machine,
            examined: None,
        }
    }
}

/// A record that says nothing but the path.
fn blank(path: &str) -> Record {
    Record {
        path: path.to_owned(),
        state: State::Made,
        agency: None,
        year: None,
        edition: None,
        findings: Counts::default(),
        checks: None,
        failure: None,
        files: Files::default(),
    }
}

/// The first error with its place.
fn reason(examined: &Examined, path: &str) -> String {
    let mut errors = examined.findings.iter();
    let first = errors.find(|finding| finding.severity == Severity::Error);
    let shown = |finding: &Diagnostic| {
        let (line, column) = examined.source.position(finding.span().start);
        let Diagnostic { rule, message, .. } = finding;
        format!("{path}:{line}:{column}: error[{}]: {message}", rule.id)
    };
    first.map_or_else(String::new, shown)
}
