//! `nianbao worker`: one report after another through a pipe.

use std::io;

use super::Exit;
use super::args::Worker as Arguments;
use crate::archive::alone;
use crate::error::Error;
use crate::format::Editions;
use crate::typeset::Fonts;
use crate::worker::{self, Worker};

pub(super) fn run(arguments: &Arguments) -> Result<Exit, Error> {
    if let Some(mebibytes) = arguments.memory {
        let limited = worker::limit_memory(mebibytes << 20);
        limited.map_err(|cause| Error::Memory { cause })?;
    }
    let worker = Worker::new(
        Editions::builtin()?,
        Fonts::load(&arguments.fonts.options())?,
    )?;
    let serve = || worker::serve(&worker, io::stdin().lock(), io::stdout().lock());
    alone(serve).map_err(|cause| Error::Pipe { cause })?;
    Ok(Exit::Done)
}
