//! `nianbao worker`: one report after another through a pipe.

use std::io::{self, BufReader};
use std::time::Duration;

use super::args::Worker as Arguments;
use super::{Exit, complain};
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
    let input = BufReader::new(io::stdin());
    let deadline = arguments.deadline.map(Duration::from_secs);
    match worker::serve(worker.into(), input, io::stdout(), deadline) {
        Err(cause) if cause.kind() == io::ErrorKind::TimedOut => {
            complain("error: a request took longer than --deadline\n");
            Ok(Exit::PartFailed)
        }
        ended => ended
            .map(|()| Exit::Done)
            .map_err(|cause| Error::Pipe { cause }),
    }
}
