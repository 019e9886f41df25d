//! Output of commands.

use std::fmt::Arguments;
use std::io::{self, ErrorKind, Write};
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use crate::diagnostic::tame;
use crate::error::Error;

/// The first fault of standard output.
static FAULT: Mutex<Option<io::Error>> = Mutex::new(None);

/// Prints a line of the result for people. A reader that closes the pipe early, such as `head`, is no fault.
pub(super) fn say(line: &str) {
    print(format_args!("{}\n", tame(line)));
}

/// Prints a line of the result for programs.
pub(super) fn say_json(line: &Value) {
    print(format_args!("{line}\n"));
}

/// Prints text of the result as it is. A closed pipe is no fault.
pub(super) fn say_text(text: &str) {
    print(format_args!("{text}"));
}

/// Writes a file to standard output. A closed pipe is no fault.
pub(super) fn say_bytes(bytes: &[u8]) {
    note(io::stdout().write_all(bytes));
}

/// Prints messages beside the result to standard error. A closed pipe is no fault. Names of files and what a store
/// says may have what a terminal obeys.
pub fn complain(text: &str) {
    let _ = write!(io::stderr(), "{}", tame(text));
}

/// Prints rendered findings to standard error, in their colours.
pub(super) fn complain_of(findings: &str) {
    let _ = write!(io::stderr(), "{findings}");
}

/// Ends the result.
///
/// # Errors
/// When standard output has not taken all of it, for example because the disk behind it is full.
pub(super) fn finish() -> Result<(), Error> {
    note(io::stdout().flush());
    let fault = FAULT.lock().unwrap_or_else(PoisonError::into_inner).take();
    fault.map_or(Ok(()), |cause| Err(Error::Output { cause }))
}

fn print(text: Arguments) {
    note(io::stdout().write_fmt(text));
}

fn note(written: io::Result<()>) {
    if let Err(cause) = written
        && cause.kind() != ErrorKind::BrokenPipe
    {
        let mut fault = FAULT.lock().unwrap_or_else(PoisonError::into_inner);
        fault.get_or_insert(cause);
    }
}
