//! Commands that read what a hostile file can stretch: they are carried out once more by a process of their own, within
//! limits of processor time and memory, and this one tells how that ended.

use std::env;
use std::process::{self, Command};
use std::thread;

use super::exit::Exit;
use super::print;
use crate::error::Error;
use crate::worker::{self, MAX_CPU, MAX_MEMORY};

/// The option of a process that works for another one, whose number is its value.
pub(super) const OPTION: &str = "--apart";

/// The end of a process that did the work.
pub(super) enum Ended {
    /// It came to its end, and has told how.
    Done(Exit),
    /// It did not: the reason, in Chinese.
    Exceeded(String),
}

/// Makes this process one that works for the process `parent`: within limits, and no longer than that lives.
pub(super) fn begin(parent: u32) -> Result<(), Error> {
    worker::limit_work().map_err(|cause| Error::Memory { cause })?;
    thread::spawn(move || end_with(parent));
    Ok(())
}

/// Ends this process when its parent is gone.
#[expect(
    clippy::disallowed_methods,
    reason = "work that hangs cannot return, and nobody is left to read why it ended"
)]
pub(super) fn end_with(parent: u32) {
    worker::until_orphaned(parent);
    process::exit(0)
}

/// Carries out the command line of this process by another.
pub(super) fn again() -> Result<Ended, Error> {
    print::finish()?;
    let path = env::current_exe().map_err(|cause| Error::read("nianbao".as_ref(), cause))?;
    let status = Command::new(&path)
        .args([OPTION, &process::id().to_string()])
        .args(env::args_os().skip(1))
        .status()
        .map_err(|cause| Error::read(&path, cause))?;
    Ok(match status.code().and_then(Exit::of) {
        Some(exit) => Ended::Done(exit),
        None => Ended::Exceeded(exceeded(&status.to_string())),
    })
}

/// The reason for which a process did not come to its end.
pub(super) fn exceeded(status: &str) -> String {
    let gib = MAX_MEMORY >> 30;
    format!("没有做完（{status}）：用的处理器时间超过 {MAX_CPU} 秒，或者内存超过 {gib} GiB")
}
