//! `nianbao archive`: all reports of a folder, and the proof that they are what they should be.

use std::path::Path;
use std::sync::Arc;
use std::sync::LazyLock;
use std::sync::atomic::AtomicBool;
use std::thread::available_parallelism;
use std::time::{Duration, Instant};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use super::args::{
    Archive as Arguments, ArchiveCommand, ArchiveOutput, ArchiveVerify, Chosen, Fonts,
};
use super::copies::{self, Prepared};
use super::exit::Exit;
use super::merge;
use super::print::complain;
use super::progress::{self, Progress};
use super::worker;
use crate::archive::{Archive, Meter, Options, Rebuild, Selection, Sources, Verify};
use crate::check::Policy;
use crate::error::Error;
use crate::form::Editions;
use crate::pipeline::{Collection, Examiner, PdfRenderer, Pipeline};
use crate::source::{Files, OwnFiles};
use crate::storage::{self, Location, OwnDisk};
use crate::typeset::{self, ReportCopy};
use crate::worker::ApartRenderer;

/// An archive command whose arguments make sense.
pub(super) enum Configuration {
    Run {
        sources: Location,
        output: Location,
        options: Box<Options>,
        report_copy: ReportCopy,
        policy: Policy,
        fonts: Fonts,
        told: ArchiveOutput,
    },
    Verify {
        output: Location,
        sources: Option<Location>,
        report_copy: ReportCopy,
        policy: Policy,
        arguments: Box<ArchiveVerify>,
    },
    Merge(merge::Configuration),
}

impl Configuration {
    /// # Errors
    /// The fault of the usage.
    pub(super) fn new(arguments: Arguments) -> Result<Self, String> {
        let Arguments {
            command,
            sources,
            output,
            run,
        } = arguments;
        match command {
            Some(ArchiveCommand::Verify(verify)) => {
                let report_copy = verify.copy.resolve(&[])?;
                return Ok(Self::Verify {
                    policy: verify.severities.policy()?,
                    output: Location::new(&verify.output)?,
                    sources: verify.sources.as_deref().map(Location::new).transpose()?,
                    arguments: verify,
                    report_copy,
                });
            }
            Some(ArchiveCommand::Merge(arguments)) => {
                return merge::Configuration::new(arguments).map(Self::Merge);
            }
            None => {}
        }
        let (Some(sources), Some(output)) = (sources, output) else {
            return Err("SOURCES and OUTPUT are needed".to_owned());
        };
        Ok(Self::Run {
            options: Box::new(Options {
                jobs: jobs(run.chosen.jobs),
                selection: run.chosen.selection()?,
                prune: run.prune,
                dry: run.dry_run,
            }),
            report_copy: run.chosen.copy.resolve(&[])?,
            policy: run.chosen.severities.policy()?,
            fonts: run.chosen.fonts,
            sources: folder_of_reports(&sources)?,
            output: Location::new(&output)?,
            told: run.told,
        })
    }
}

pub(super) fn run(configuration: Configuration) -> Result<Exit, Error> {
    match configuration {
        Configuration::Run {
            sources,
            output,
            options,
            report_copy,
            policy,
            fonts,
            told,
        } => {
            let stop = stopped()?;
            let sources = Sources::gather(&sources)?;
            if sources.collection.reports.is_empty() {
                complain(NO_REPORT);
                return Ok(Exit::WrongUsage);
            }
            let editions = Editions::builtin()?;
            let pipeline = Pipeline::new(&editions, typeset::Fonts::load(&fonts.options())?)?;
            let examiner = examiner(&pipeline, policy, &sources)?;
            let report_copy = match copies::prepare(report_copy, &[], pipeline.fonts())? {
                Prepared::Ready(copy) => copy,
                Prepared::Refused(exit) => return Ok(exit),
            };
            let apart = worker::apart(&fonts, stop.clone())?;
            let own = PdfRenderer::new(&pipeline, &report_copy, elapsed)?.reading(sources.files());
            let renderer = ApartRenderer::new(&own, &apart, &report_copy, sources.files(), elapsed);
            let archive = Archive {
                sources: &sources,
                output: &*output.store(&OwnDisk),
                examiner: &examiner,
                renderer: &renderer,
                meter: Meter {
                    clock: elapsed,
                    peak_memory,
                },
            };
            let mut progress = Progress::new(told, options.dry);
            let summary = archive.run(&options, &stop, &mut |event| progress.tell(&event))?;
            progress.end(&summary, sources.links());
            let whole = summary.failed.is_empty() && !summary.stopped;
            Ok(if whole { Exit::Done } else { Exit::PartFailed })
        }
        Configuration::Verify {
            output,
            sources,
            report_copy,
            policy,
            arguments,
        } => verify(
            *arguments,
            &output,
            sources.as_ref(),
            &report_copy,
            policy,
            &stopped()?,
        ),
        Configuration::Merge(configuration) => merge::run(&configuration),
    }
}

/// The flag that the first signal (SIGINT, SIGTERM) sets to end the run; the second ends the process at once.
fn stopped() -> Result<Arc<AtomicBool>, Error> {
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        let set = flag::register_conditional_default(signal, Arc::clone(&stop));
        set.and_then(|_| flag::register(signal, Arc::clone(&stop)))
            .map_err(|cause| Error::Signals { cause })?;
    }
    Ok(stop)
}

fn verify(
    arguments: ArchiveVerify,
    output: &Location,
    sources: Option<&Location>,
    report_copy: &ReportCopy,
    policy: Policy,
    stop: &Arc<AtomicBool>,
) -> Result<Exit, Error> {
    let ArchiveVerify {
        output: _,
        sources: _,
        rebuild,
        strict,
        sample,
        seed,
        jobs: wanted,
        told,
        copy: _,
        severities: _,
        fonts,
    } = arguments;
    let editions = Editions::builtin()?;
    let sources = sources.map(Sources::gather).transpose()?;
    let pipeline = || Pipeline::new(&editions, typeset::Fonts::load(&fonts.options())?);
    let pipeline = rebuild.then(pipeline).transpose()?;
    let own = pipeline
        .as_ref()
        .map(|pipeline| PdfRenderer::new(pipeline, report_copy, elapsed));
    let own = own.transpose()?;
    let files: Arc<dyn Files> = match &sources {
        Some(sources) => sources.files(),
        None => Arc::new(OwnFiles),
    };
    let own = own.map(|own| own.reading(Arc::clone(&files)));
    let apart = worker::apart(&fonts, Arc::clone(stop))?;
    let renderer = own
        .as_ref()
        .map(|own| ApartRenderer::new(own, &apart, report_copy, files, elapsed));
    // An archive may have reports that were taken as they were published, and others.
    let mut published = policy.clone();
    published.as_published = true;
    let policies = [policy, published];
    let examiners = match (&sources, &pipeline) {
        (Some(sources), Some(pipeline)) => {
            let of = |policy| examiner(pipeline, policy, sources);
            policies
                .map(of)
                .into_iter()
                .collect::<Result<Vec<_>, _>>()?
        }
        _ => Vec::new(),
    };
    let output = output.store(&OwnDisk);
    let verify = Verify {
        output: &*output,
        sources: sources.as_ref(),
        rebuild: renderer.as_ref().map(|renderer| Rebuild {
            examiners: &examiners,
            renderer,
        }),
        sample: sample.map(|size| (size, seed)),
        jobs: jobs(wanted),
    };
    let bar = progress::bar(told);
    let check = verify.run(stop, &mut |done, all| {
        if let Some(bar) = &bar {
            bar.set_length(all as u64);
            bar.set_position(done as u64);
        }
    })?;
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    progress::verified(told, &check);
    let proved = !strict || check.unproven.is_empty();
    let whole = check.faults.is_empty() && !check.stopped && proved;
    Ok(if whole { Exit::Done } else { Exit::PartFailed })
}

/// The location of the reports of an archive.
///
/// # Errors
/// When it is neither a folder nor the URL of one.
pub(super) fn folder_of_reports(path: &Path) -> Result<Location, String> {
    let shown = path.display();
    if path.is_file() {
        return Err(format!(
            "{shown} is a file; `nianbao compile` makes one report"
        ));
    }
    if storage::is_special(path) {
        return Err(format!("{shown} is no folder of reports"));
    }
    Location::new(path)
}

/// The message about a folder without reports.
pub(super) const NO_REPORT: &str = "error: there is no report file (.yaml) below SOURCES\n";

/// The examiner of the reports of an archive.
pub(super) fn examiner(
    pipeline: &Pipeline,
    policy: Policy,
    sources: &Sources,
) -> Result<Examiner, Error> {
    let Collection {
        hierarchies,
        around,
        ..
    } = &sources.collection;
    pipeline.examiner(sources.files(), policy, hierarchies.iter().chain(around))
}

impl Chosen {
    /// # Errors
    /// When the pattern is invalid.
    pub(super) fn selection(&self) -> Result<Selection, String> {
        Selection::new(self.only.as_deref(), self.year)
    }
}

pub(super) fn jobs(wanted: Option<u16>) -> usize {
    let cores = || available_parallelism().map_or(1, usize::from);
    wanted.map_or_else(cores, usize::from)
}

/// The time since the first call.
pub(super) fn elapsed() -> Duration {
    static BEGUN: LazyLock<Instant> = LazyLock::new(Instant::now);
    BEGUN.elapsed()
}

/// The peak memory of the process in bytes, as reported by Linux.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().trim_end_matches(" kB").parse().ok()?;
    Some(kib << 10)
}
