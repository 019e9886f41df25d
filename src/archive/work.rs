//! What is to be done with one report, and doing it.

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

/// What became of a report.
pub(crate) enum Done {
    /// The PDF that stands is what the report gives.
    Kept(Record),
    /// The PDF is made and not yet written.
    Made(Record, Rendered, Why),
    /// The report cannot be made.
    Failed(Record, Cause),
    /// The report would have to be made.
    Planned {
        record: Record,
        why: Why,
        /// The digest and the size of the report file.
        report: Digest,
        bytes: u64,
    },
}

/// What keeps a report from being made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// The report, or how its file is called.
    Report,
    /// The machine, which may do better at the next try.
    Machine,
    /// It is not the report that was asked for.
    Changed,
}

/// Works on reports, each for itself.
pub(crate) struct Worker<'a> {
    pub(crate) context: ArchiveContext<'a>,
    pub(crate) examiner: &'a Examiner,
    pub(crate) renderer: &'a dyn Renderer,
    pub(crate) dry: bool,
}

/// What is known of a report that cannot be made.
struct Fault {
    report: Option<Digest>,
    reason: String,
    cause: Cause,
    examined: Option<Box<Examined>>,
}

impl Worker<'_> {
    /// Makes one report, if it has to be made. Whatever goes wrong costs this report alone.
    pub(crate) fn work(&self, entry: &Entry) -> Done {
        let fault = match guarded(|| self.attempt(entry)) {
            Ok(Ok(done)) => return done,
            Ok(Err(fault)) => fault,
            Err(reason) => Fault {
                report: None,
                reason,
                cause: Cause::Machine,
                examined: None,
            },
        };
        let cause = fault.cause;
        Done::Failed(self.failed(entry, fault), cause)
    }

    fn attempt(&self, entry: &Entry) -> Result<Done, Fault> {
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
            return Ok(Done::Failed(record, Cause::Report));
        }
        let content = Source::content_from(self.examiner.files(), &entry.file)
            .map_err(|error| self.fault(None, error))?;
        let report = Digest::of(&content);
        if entry.planned.is_some_and(|planned| planned != report) {
            return Err(Fault {
                report: Some(report),
                reason: "it is not the report that was planned; plan again".to_owned(),
                cause: Cause::Changed,
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
                return Ok(Done::Kept(Record {
                    state,
                    ..old.clone()
                }));
            }
            why = self.renderer.prints_findings().then_some(Why::Findings);
        }
        if let (true, Some(why)) = (self.dry, &why) {
            let record = old.cloned().unwrap_or_else(|| blank(&entry.path));
            return Ok(Done::Planned {
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
                Ok(Done::Made(record, rendered, why))
            }
            (None, _, Some(old)) if !errors => {
                record.files.clone_from(&old.files);
                Ok(Done::Kept(record))
            }
            _ => Err(Fault {
                report: Some(report),
                reason: reason(&examined, &entry.path),
                cause: Cause::Report,
                examined: Some(Box::new(examined)),
            }),
        }
    }

    /// Why a report has to be made, if it has to.
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
    fn failed(&self, entry: &Entry, fault: Fault) -> Record {
        let record = match (&fault.examined, self.context.old.get(&entry.path)) {
            (Some(examined), _) => self.examined(entry, examined),
            (None, Some(old)) => old.clone(),
            (None, None) => blank(&entry.path),
        };
        let Fault { report, reason, .. } = fault;
        self.context
            .with_failure(record, Failure { report, reason })
    }

    /// A report that the machine failed on.
    fn fault(&self, report: Option<Digest>, error: Error) -> Fault {
        Fault {
            report,
            reason: self.context.said(error),
            cause: Cause::Machine,
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
