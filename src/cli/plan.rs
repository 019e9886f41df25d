//! `nianbao plan`: what there is to do for an archive, one request for a worker each.

use std::io::{self, BufWriter, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use super::args::{CopyFor, Plan as Arguments};
use super::exit::Exit;
use super::print::complain;
use super::{archive, copies};
use crate::archive::{Selection, Sources};
use crate::batch::{Plan, Request as Planned};
use crate::check::Policy;
use crate::error::Error;
use crate::form::Editions;
use crate::pipeline::{PdfPress, Settings};
use crate::storage::{Location, OwnDisk};
use crate::typeset::{Engine, Fonts, Purpose};
use crate::worker::{Copy, Request, To};

/// A plan command whose arguments make sense.
pub(super) struct Configuration {
    arguments: Arguments,
    sources: Location,
    output: Location,
    names: [String; 2],
    selection: Selection,
    purpose: Purpose,
    policy: Policy,
}

impl Configuration {
    /// # Errors
    /// What is wrong with the usage.
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
            purpose: arguments.chosen.copy.purpose(&[])?,
            policy: arguments.chosen.severities.policy()?,
            sources,
            output,
            arguments,
        })
    }

    /// A request as a line.
    fn line(&self, request: Planned) -> serde_json::Result<String> {
        let severities = &self.arguments.chosen.severities;
        let copies = &self.arguments.chosen.copy;
        let mut line = Request::new(Box::default(), To::Record);
        match request {
            Planned::End(shard) => {
                line.id = serde_json::value::to_raw_value(&shard.to_string())?;
                line.to = To::End;
            }
            Planned::Note(note) => {
                line.id = serde_json::value::to_raw_value(&note.path)?;
                line.record = note.record.map(Box::new);
                line.before = note.before.map(Box::new);
            }
            Planned::Make(planned) => {
                line.id = serde_json::value::to_raw_value(&planned.path)?;
                line.to = To::Archive;
                line.archive = Some(planned);
                line.copy = copies.copy.into();
                line.watermark.clone_from(&copies.watermark);
                line.seal_size = copies.seal_size.map(|size| size.millimetres().to_string());
                line.duplex = copies.duplex;
                line.as_published = severities.as_published;
            }
        }
        serde_json::to_string(&line)
    }
}

impl From<CopyFor> for Copy {
    fn from(wanted: CopyFor) -> Self {
        match wanted {
            CopyFor::Public => Self::Public,
            CopyFor::Signing => Self::Signing,
            CopyFor::Archive => Self::Archive,
            CopyFor::Draft => Self::Draft,
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
    let examiner = archive::examiner(&editions, configuration.policy.clone(), &sources)?;
    let engine = Engine::new(
        &editions,
        Fonts::load(&configuration.arguments.chosen.fonts.options())?,
    )?;
    configuration.purpose = match copies::ready(configuration.purpose, &[], engine.fonts())? {
        Ok(purpose) => purpose,
        Err(exit) => return Ok(exit),
    };
    let settings = Settings::of(&engine, &editions)?;
    let made_with = settings.digest();
    let press = PdfPress::with(&engine, &configuration.purpose, settings, archive::elapsed);
    let output = configuration.output.store(&OwnDisk);
    let [from, to] = configuration.names.clone();
    let plan = Plan {
        sources: &sources,
        from,
        output: &*output,
        to,
        examiner: &examiner,
        press: &press.reading(sources.files()),
        selection: configuration.selection.clone(),
        shard: configuration.arguments.shard,
        engine: made_with,
        jobs: archive::jobs(configuration.arguments.chosen.jobs),
    };
    let mut lines = BufWriter::new(io::stdout().lock());
    let mut written = Ok(());
    // Who has seen enough, such as `head`, ends it.
    let stop = AtomicBool::new(false);
    plan.run(&stop, &mut |request| {
        if written.is_ok() {
            let line = configuration.line(request).map_err(io::Error::from);
            written = line.and_then(|line| writeln!(lines, "{line}"));
            stop.store(written.is_err(), Ordering::Relaxed);
        }
    })?;
    let written = written.and_then(|()| lines.flush());
    written.map_err(|cause| Error::Pipe { cause })?;
    Ok(Exit::Done)
}
