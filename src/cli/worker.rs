//! `nianbao worker`: one report after another through a pipe.

use std::env;
use std::ffi::OsString;
use std::io::{self, BufReader};
use std::process;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread;
use std::time::Duration;

use super::apart;
use super::args::{Fonts as FontArguments, Worker as Arguments};
use super::exit::Exit;
use crate::error::Error;
use crate::form::Editions;
use crate::typeset::Fonts;
use crate::worker::{self, Apart, MAX_LINE, Program, Worker};

/// The option of a worker that its supervisor ends.
pub(super) const SUPERVISED: &str = "--supervisor";

pub(super) fn run(arguments: &Arguments, is_apart: bool) -> Result<Exit, Error> {
    let input = BufReader::new(io::stdin());
    let served = if let Some(seconds) = arguments.deadline {
        let program = program(&arguments.fonts, SUPERVISED, arguments.memory)?;
        worker::supervise(&program, input, io::stdout(), Duration::from_secs(seconds))
    } else {
        if let Some(mebibytes) = arguments.memory {
            let limited = worker::limit_memory(mebibytes << 20);
            limited.map_err(|cause| Error::Memory { cause })?;
        }
        if let Some(supervisor) = arguments.supervisor {
            thread::spawn(move || apart::end_with(supervisor));
        }
        let fonts = Fonts::load(&arguments.fonts.options())?;
        let mut worker = Worker::new(&Editions::builtin()?, fonts)?;
        let mut longest = MAX_LINE;
        if is_apart {
            worker = worker.trusting();
            longest = usize::MAX >> 1; // whoever asks this one has what it asks in memory
        } else if arguments.supervisor.is_none() {
            worker = worker.with_apart(apart(&arguments.fonts, Arc::default())?);
        }
        worker::serve(worker.into(), longest, input, io::stdout())
    };
    served.map_err(|cause| Error::Pipe { cause })?;
    Ok(Exit::Done)
}

/// Workers for reports with figures, within limits. Soon after `stop` is set they end.
pub(super) fn apart(fonts: &FontArguments, stop: Arc<AtomicBool>) -> Result<Apart, Error> {
    let program = program(fonts, apart::OPTION, None)?;
    Ok(Apart::new(program, apart::exceeded, stop))
}

/// This program as a worker that may take `memory` MiB, or else, for `--apart`, what work for one report may.
pub(super) fn program(
    fonts: &FontArguments,
    kind: &str,
    memory: Option<u64>,
) -> Result<Program, Error> {
    let path = env::current_exe().map_err(|cause| Error::read("nianbao".as_ref(), cause))?;
    let own = process::id().to_string();
    let mut arguments: Vec<OsString> = vec!["worker".into(), kind.into(), own.into()];
    if let Some(mebibytes) = memory {
        arguments.extend(["--memory".into(), mebibytes.to_string().into()]);
    }
    for folder in &fonts.font_path {
        arguments.extend(["--font-path".into(), folder.into()]);
    }
    if fonts.system_fonts {
        arguments.push("--system-fonts".into());
    }
    Ok(Program { path, arguments })
}
