//! `nianbao plan`: the work to be done for an archive, one request for a worker each.

use std::io::{self, BufWriter, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use super::archive;
use super::args::Plan as Arguments;
use super::copies::{self, Prepared};
use super::exit::Exit;
use super::print::complain;
use crate::archive::{Selection, Sources};
use crate::batch::{Plan, TaskOptions};
use crate::check::Policy;
use crate::error::Error;
use crate::form::Editions;
use crate::pipeline::{PdfRenderer, Pipeline};
use crate::storage::{Location, OwnDisk};
use crate::typeset::{Fonts, ReportCopy};

/// A plan command whose arguments make sense.
pub(super) struct Configuration {
    arguments: Arguments,
    sources: Location,
    output: Location,
    names: [String; 2],
    selection: Selection,
    copy: ReportCopy,
    policy: Policy,
}

impl Configuration {
    /// # Errors
    /// The fault of the usage.
    pub(super) fn new(arguments: Arguments) -> Result<Self, String> {
        let sources = archive::folder_of_reports(&arguments.sources)?;
        let output = Location::new(&arguments.output)?;
        let name = |place: &Location| {
            let name = place.name();
            name.ok_or_else(|| format!("the path {place} is not UTF-8, and a plan is"))
        };
        Ok(Self {
            names: [name(&sources)?, name(&output)?],
            selection: arguments.chosen.selection()?,
            copy: arguments.chosen.copy.resolve(&[])?,
            policy: arguments.chosen.severities.policy()?,
            sources,
            output,
            arguments,
        })
    }

    /// The options of all tasks.
    fn options(&self) -> TaskOptions {
        let copies = &self.arguments.chosen.copy;
        TaskOptions {
            copy: copies.copy,
            watermark: copies.watermark.clone(),
            seal_size: copies.seal_size.map(|size| size.millimetres().to_string()),
            duplex: copies.duplex,
            as_published: self.arguments.chosen.severities.as_published,
        }
    }
}

pub(super) fn run(mut configuration: Configuration) -> Result<Exit, Error> {
    let sources = Sources::gather(&configuration.sources)?;
    if sources.collection.reports.is_empty() {
        complain(archive::NO_REPORT);
        return Ok(Exit::WrongUsage);
    }
    for link in sources.links() {
        complain(&format!("没有跟随符号链接 {}\n", link.display()));
    }
    let editions = Editions::builtin()?;
    let fonts = Fonts::load(&configuration.arguments.chosen.fonts.options())?;
    let pipeline = Pipeline::new(&editions, fonts)?;
    let examiner = archive::examiner(&pipeline, configuration.policy.clone(), &sources)?;
    configuration.copy = match copies::prepare(configuration.copy, &[], pipeline.fonts())? {
        Prepared::Ready(copy) => copy,
        Prepared::Refused(exit) => return Ok(exit),
    };
    let made_with = pipeline.inputs()?.digest();
    let renderer = PdfRenderer::new(&pipeline, &configuration.copy, archive::elapsed)?;
    let output = configuration.output.store(&OwnDisk);
    let [from, to] = configuration.names.clone();
    let plan = Plan {
        sources: &sources,
        from,
        output: &*output,
        to,
        examiner: &examiner,
        renderer: &renderer.reading(sources.files()),
        selection: configuration.selection.clone(),
        shard: configuration.arguments.shard,
        engine: made_with,
        jobs: archive::jobs(configuration.arguments.chosen.jobs),
    };
    let mut lines = BufWriter::new(io::stdout().lock());
    let mut written = Ok(());
    // Who has seen enough, such as `head`, ends it.
    let stop = AtomicBool::new(false);
    let options = configuration.options();
    plan.run(&stop, &mut |line| {
        if written.is_ok() {
            let line = line.to_json(&options).map_err(io::Error::from);
            written = line.and_then(|line| writeln!(lines, "{line}"));
            stop.store(written.is_err(), Ordering::Relaxed);
        }
    })?;
    let written = written.and_then(|()| lines.flush());
    written.map_err(|cause| Error::Pipe { cause })?;
    Ok(Exit::Done)
}
