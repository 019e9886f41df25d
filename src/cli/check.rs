//! `nianbao check`: all faults of reports, before they are published.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::args::{Check, CheckOutput, Severities};
use super::exit::Exit;
use super::print::{complain, say_text};
use crate::authoring;
use crate::check::Policy;
use crate::check::rules::{self, MISSING_REPORT, RuleEntry};
use crate::diagnostic::{self, Diagnostic, Paint, Row, Severity, github, has_errors, json, sarif};
use crate::error::Error;
use crate::form::Editions;
use crate::parallel;
use crate::pipeline::{Collection, Examined, Examiner, FigureSource};
use crate::source::OwnFiles;
use crate::typeset::{FontOptions, Fonts};

/// A check command whose arguments make sense.
pub(super) struct Configuration {
    paths: Vec<PathBuf>,
    output: CheckOutput,
    policy: Policy,
    previous: Option<PathBuf>,
    fonts: FontOptions,
}

impl Severities {
    /// # Errors
    /// The fault of the usage.
    pub(super) fn policy(&self) -> Result<Policy, String> {
        Policy::new(self.as_published, &self.deny, &self.allow)
    }
}

impl Configuration {
    /// # Errors
    /// The fault of the usage.
    pub(super) fn new(arguments: Check) -> Result<Self, String> {
        let policy = arguments.checks.severities.policy()?;
        let several = arguments.paths.len() > 1 || arguments.paths.iter().any(|path| path.is_dir());
        if several && arguments.checks.previous.is_some() {
            return Err("--previous goes with one report file".to_owned());
        }
        Ok(Self {
            paths: arguments.paths,
            output: arguments.output,
            policy,
            previous: arguments.checks.previous,
            fonts: arguments.fonts.options(),
        })
    }
}

/// The style of findings: in colour on a terminal, unless `NO_COLOR` or `TERM` forbids it.
pub(super) fn paint(stream: &impl IsTerminal) -> Paint {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    if stream.is_terminal() && !set("NO_COLOR") && !dumb {
        Paint::Colour
    } else {
        Paint::Plain
    }
}

/// What is shown of some files that follow each other. A report takes less time than to hand it on alone, and is
/// the one of the year before for the next.
type Batch = Vec<Result<Shown, Error>>;

/// The most files of a batch.
const LARGEST_BATCH: usize = 16;
/// The fewest batches of a thread, so that all threads end together.
const FEWEST_BATCHES: usize = 16;

pub(super) fn run(configuration: Configuration) -> Result<Exit, Error> {
    let collection = Collection::gather(&configuration.paths)?;
    if collection.reports.is_empty() && collection.hierarchies.is_empty() {
        complain("error: there is no report file (.yaml) in these folders\n");
        return Ok(Exit::WrongUsage);
    }
    let editions = Editions::builtin()?;
    let Configuration {
        output,
        policy,
        previous,
        fonts,
        ..
    } = configuration;
    let mut examiner = Examiner::new(&editions, policy, previous, &collection)?;
    // What the bundled fonts draw is known without them.
    if !fonts.is_bundled() {
        examiner = examiner.with_coverage(Arc::new(Fonts::load(&fonts)?));
    }
    let mut report = Summary::new(output);
    say_text(&report.head());
    let paint = paint(&std::io::stdout());
    let shown =
        |examined: &Examined, is_report| Shown::new(examined, is_report, output, paint, &editions);
    let mut show = |files: &[PathBuf], batch: &(dyn Fn(&[PathBuf]) -> Batch + Sync)| {
        let (jobs, stop) = (parallel::threads(), AtomicBool::new(false));
        let size = (files.len() / jobs / FEWEST_BATCHES).clamp(1, LARGEST_BATCH);
        let batches: Vec<&[PathBuf]> = files.chunks(size).collect();
        parallel::in_order(
            &batches,
            jobs,
            &stop,
            |files| batch(files),
            |batches| {
                batches.flatten().for_each(|shown| report.take(shown));
            },
        );
    };
    show(&collection.reports, &|files| {
        let mut last = None;
        let mut one = |path: &PathBuf| {
            let mut examined = examiner.report_after(path, last.take())?;
            examined.complete(&FigureSource::Beside(&OwnFiles))?;
            diagnostic::sort(&mut examined.findings);
            let shown = shown(&examined, true);
            last = Some(examined);
            Ok(shown)
        };
        files.iter().map(&mut one).collect()
    });
    show(&collection.hierarchies, &|files| {
        let one = |path: &PathBuf| Ok(shown(&examiner.hierarchy(path)?, false));
        files.iter().map(one).collect()
    });
    say_text(&report.tail());
    Ok(match report {
        Summary { failed: 1.., .. } => Exit::MachineFailed,
        Summary {
            with_errors: 1.., ..
        } => Exit::ReportHasErrors,
        _ => Exit::Done,
    })
}

/// The result of checking a file: its text in the output.
struct Shown {
    text: String,
    row: Option<Row>,
    error: bool,
    warning: bool,
}

impl Shown {
    fn new(
        examined: &Examined,
        is_report: bool,
        output: CheckOutput,
        paint: Paint,
        editions: &Editions,
    ) -> Self {
        let Examined {
            source,
            report,
            findings,
            ..
        } = examined;
        let row = || {
            let path = source.path().display().to_string();
            let agency = report
                .as_ref()
                .map_or(path, |report| report.agency.text.clone());
            Row::new(agency, report.as_ref().map(|report| report.year), findings)
        };
        let absent = |finding: &&Diagnostic| finding.rule == MISSING_REPORT;
        let text = match output {
            CheckOutput::Human => {
                let text = diagnostic::render(findings, source, paint);
                let tidied = if is_report && !text.is_empty() {
                    authoring::tidied(findings, source, editions)
                } else {
                    0
                };
                let path = diagnostic::tame(&source.path().display().to_string());
                match (text.is_empty(), tidied) {
                    (true, _) => text,
                    (_, 0) => format!("{text}\n"),
                    _ => format!(
                        "{text}其中 {tidied} 项可以由程序改好：nianbao tidy --write {path}\n\n"
                    ),
                }
            }
            CheckOutput::Json if is_report => authoring::items(findings, source, editions),
            CheckOutput::Json => json::items::<()>(findings, &[], source, |_| None),
            CheckOutput::Github => github::commands(findings, source),
            CheckOutput::Sarif => sarif::results(findings, source),
            CheckOutput::Table => {
                let absent = findings.iter().filter(absent);
                absent
                    .map(|finding| format!("{}\n", finding.message))
                    .collect()
            }
        };
        // A hierarchy is no report; it has a row where something else is wrong with it.
        let about = report.is_some() || !findings.iter().all(|finding| absent(&finding));
        let shown = output == CheckOutput::Table && (about || is_report);
        Self {
            text,
            row: shown.then(row),
            error: has_errors(findings),
            warning: diagnostic::count(findings, Severity::Warning) > 0,
        }
    }
}

/// The totals and the output of a run.
struct Summary {
    output: CheckOutput,
    files: usize,
    with_errors: usize,
    with_warnings: usize,
    failed: usize,
    /// Whether an item has been written, so that the next needs a comma.
    begun: bool,
    rows: Vec<Row>,
    absent: String,
    frame: (String, String),
}

impl Summary {
    fn new(output: CheckOutput) -> Self {
        let descriptor = |entry: &'static RuleEntry| sarif::Descriptor {
            rule: entry.rule,
            summary: entry.summary,
            help: &entry.text,
        };
        let frame = match output {
            CheckOutput::Json => ("[\n".to_owned(), "]".to_owned()),
            CheckOutput::Sarif => sarif::frame(rules::all().iter().map(descriptor)),
            CheckOutput::Human | CheckOutput::Github | CheckOutput::Table => Default::default(),
        };
        Self {
            output,
            files: 0,
            with_errors: 0,
            with_warnings: 0,
            failed: 0,
            begun: false,
            rows: Vec::new(),
            absent: String::new(),
            frame,
        }
    }

    fn head(&self) -> String {
        self.frame.0.clone()
    }

    /// Takes a file in its turn. A file that cannot be read does not keep the others from being checked.
    fn take(&mut self, shown: Result<Shown, Error>) {
        let shown = match shown {
            Ok(shown) => shown,
            Err(error) => {
                self.failed += 1;
                return complain(&format!("error: {error}\n"));
            }
        };
        self.files += 1;
        self.with_errors += usize::from(shown.error);
        self.with_warnings += usize::from(shown.warning && !shown.error);
        self.rows.extend(shown.row);
        match self.output {
            CheckOutput::Table => self.absent.push_str(&shown.text),
            CheckOutput::Json | CheckOutput::Sarif if !shown.text.is_empty() => {
                let comma = if self.begun { ",\n" } else { "" };
                say_text(&format!("{comma}{}", shown.text));
                self.begun = true;
            }
            _ => say_text(&shown.text),
        }
    }

    fn tail(&self) -> String {
        let clean = self.files - self.with_errors - self.with_warnings;
        let counts = format!(
            "检查了 {} 个文件：{} 个有错误，{} 个有警告，其余 {clean} 个没有错误和警告\n",
            self.files, self.with_errors, self.with_warnings
        );
        match self.output {
            CheckOutput::Human => counts,
            CheckOutput::Table if self.absent.is_empty() => {
                format!("{}\n{counts}", diagnostic::table(&self.rows))
            }
            CheckOutput::Table => {
                format!(
                    "{}\n应有而没有的报告：\n{}\n{counts}",
                    diagnostic::table(&self.rows),
                    self.absent
                )
            }
            CheckOutput::Json | CheckOutput::Sarif => {
                let end = if self.begun { "\n" } else { "" };
                format!("{end}{}\n", self.frame.1)
            }
            CheckOutput::Github => String::new(),
        }
    }
}
