//! One report of an archive: whether its PDF has to be made, and making it.

use crate::archive::context::ArchiveContext;
use crate::archive::record::Why;
use crate::archive::record::{Counts, Failure, Files, Pdf, Record, State};
use crate::archive::sources::Entry;
use crate::archive::standing::Standing;
use crate::check;
use crate::diagnostic::{self, Diagnostic, Severity};
use crate::digest::Digest;
use crate::error::Error;
use crate::pipeline::{Examined, Examiner, guarded};
use crate::pipeline::{RenderInputs, Rendered, Renderer};
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
        self.settle(entry, |content, report| {
            self.attempt(entry, content, report)
        })
    }

    /// The record that a run writes which makes the report whatever stands. The ledger gives it no more than a
    /// run keeps of it: the PDF of a report that cannot be made any more, and what that says.
    pub(crate) fn derive(&self, entry: &Entry) -> Record {
        let made = |content, report| {
            let (record, rendered) = self.made(entry, content, report)?;
            Ok(BuildResult::Made(record, rendered, Why::New))
        };
        match self.settle(entry, made) {
            BuildResult::Kept(record)
            | BuildResult::Made(record, ..)
            | BuildResult::Failed(record, _)
            | BuildResult::Due { record, .. } => record,
        }
    }

    /// The result of work on a report, given its content and the digest of that, or the failure.
    fn settle(
        &self,
        entry: &Entry,
        work: impl FnOnce(Vec<u8>, Digest) -> Result<BuildResult, BuildError>,
    ) -> BuildResult {
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
            return BuildResult::Failed(record, FailureCause::Report);
        }
        let read = || {
            self.read(entry)
                .and_then(|(content, report)| work(content, report))
        };
        let fault = match guarded(read) {
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

    /// The content of a report file, and its digest.
    fn read(&self, entry: &Entry) -> Result<(Vec<u8>, Digest), BuildError> {
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
        Ok((content, report))
    }

    fn attempt(
        &self,
        entry: &Entry,
        content: Vec<u8>,
        report: Digest,
    ) -> Result<BuildResult, BuildError> {
        let machine = |error: Error| self.fault(Some(report), error);
        let Some(old) = self.context.old.get(&entry.path) else {
            return self.due(entry, content, report, Why::New);
        };
        if let Some(why) = self.why(old, entry, report) {
            return self.due(entry, content, report, why);
        }
        if old.failure.is_none() && self.has_checked(old, entry).map_err(machine)? {
            let state = State::Made;
            return Ok(BuildResult::Kept(Record {
                state,
                ..old.clone()
            }));
        }
        if self.renderer.prints_findings() {
            return self.due(entry, content, report, Why::Findings);
        }
        let examined = self
            .examiner
            .examine(&entry.file, content)
            .map_err(machine)?;
        if diagnostic::has_errors(&examined.findings) {
            return Err(errors(entry, report, examined));
        }
        Ok(BuildResult::Kept(Record {
            files: old.files.clone(),
            ..self.examined(entry, &examined)
        }))
    }

    /// Makes a report that has to be made, or in a dry run says so.
    fn due(
        &self,
        entry: &Entry,
        content: Vec<u8>,
        report: Digest,
        why: Why,
    ) -> Result<BuildResult, BuildError> {
        if self.dry {
            let old = self.context.old.get(&entry.path);
            return Ok(BuildResult::Due {
                record: old.cloned().unwrap_or_else(|| blank(&entry.path)),
                why,
                report,
                bytes: content.len() as u64,
            });
        }
        let (record, rendered) = self.made(entry, content, report)?;
        Ok(BuildResult::Made(record, rendered, why))
    }

    /// A report with its PDF: what the ledger says of it follows from its files and the setting alone.
    fn made(
        &self,
        entry: &Entry,
        content: Vec<u8>,
        report: Digest,
    ) -> Result<(Record, Rendered), BuildError> {
        let machine = |error: Error| self.fault(Some(report), error);
        let mut examined = self
            .examiner
            .examine(&entry.file, content)
            .map_err(machine)?;
        let rendered = if diagnostic::has_errors(&examined.findings) {
            None
        } else {
            self.renderer.render(&mut examined).map_err(machine)?
        };
        let Some(rendered) = rendered else {
            return Err(errors(entry, report, examined));
        };
        let mut record = self.examined(entry, &examined);
        let setting = self.setting(&record);
        record.files.pdf = setting.map(|setting| Pdf::of(&rendered, report, setting));
        Ok((record, rendered))
    }

    /// What shapes the PDF of a record beside its report; `None` if its edition is no more.
    pub(crate) fn setting(&self, record: &Record) -> Option<RenderInputs> {
        let edition = record.edition.as_deref().unwrap_or_default();
        self.renderer.inputs(edition)
    }

    /// Whether the findings of a record are those of these checks and of what the report is compared with now.
    ///
    /// # Errors
    /// When that cannot be read.
    pub(crate) fn has_checked(&self, record: &Record, entry: &Entry) -> Result<bool, Error> {
        let year = record.year.unwrap_or_default();
        let compared = self.examiner.compared(&entry.file, year)?;
        Ok(record.checks == Some(self.checks(compared)))
    }

    /// The reason for which a report has to be made; `None` if its PDF stands as it is.
    fn why(&self, old: &Record, entry: &Entry, report: Digest) -> Option<Why> {
        let Some(pdf) = old.pdf() else {
            return Some(Why::New);
        };
        let inputs = &pdf.made_from;
        let Some(setting) = self.setting(old) else {
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
        Record {
            agency: report.map(|report| report.agency.text.clone()),
            year: report.map(|report| report.year),
            edition: report.map(|report| report.form.edition.clone()),
            findings: Counts::of(&examined.findings),
            checks: Some(self.checks(examined.compared)),
            ..blank(&entry.path)
        }
    }

    /// The record of a report that cannot be made.
    fn failed(&self, entry: &Entry, fault: BuildError) -> Record {
        let record = match &fault.examined {
            Some(examined) => self.examined(entry, examined),
            None => blank(&entry.path),
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

/// The failure of a report with errors.
fn errors(entry: &Entry, report: Digest, examined: Examined) -> BuildError {
    BuildError {
        report: Some(report),
        reason: reason(&examined, &entry.path),
        cause: FailureCause::Report,
        examined: Some(Box::new(examined)),
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
