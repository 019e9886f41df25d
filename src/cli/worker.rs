//! `nianbao worker`: one report after another through a pipe.

use std::env;
use std::ffi::OsString;
use std::io::{self, BufReader};
use std::process;
use std::thread;
use std::time::Duration;

use super::apart;
use super::args::{Fonts as FontArguments, Worker as Arguments};
use super::exit::Exit;
use crate::error::Error;
use crate::form::Editions;
use crate::typeset::Fonts;
use crate::worker::{self, Program, Worker};

pub(super) fn run(arguments: &Arguments) -> Result<Exit, Error> {
    let input = BufReader::new(io::stdin());
    let served = if let Some(seconds) = arguments.deadline {
        let program = program(&arguments.fonts, arguments.memory)?;
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
        let worker = Worker::new(&Editions::builtin()?, fonts)?;
        worker::serve(worker.into(), input, io::stdout())
    };
    served.map_err(|cause| Error::Pipe { cause })?;
    Ok(Exit::Done)
}

/// This program as a worker that may take `memory` MiB.
pub(super) fn program(fonts: &FontArguments, memory: Option<u64>) -> Result<Program, Error> {
    let path = env::current_exe().map_err(|cause| Error::read("nianbao".as_ref(), cause))?;
    let own = process::id().to_string();
    let mut arguments: Vec<OsString> = vec!["worker".into(), "--supervisor".into(), own.into()];
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
