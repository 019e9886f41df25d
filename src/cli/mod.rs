//! The command line: arguments become a checked configuration before any work, one file for each
//! command. Only this module and `main` print and exit.

mod archive;
mod args;
mod check;
mod compile;
mod copies;
mod editions;
mod explain;
mod extract;
mod fonts;
mod merge;
mod new;
mod plan;
mod progress;
mod schema;
mod serve;
mod verify;
mod worker;

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

pub use self::args::Arguments;
use self::args::Command;
use crate::error::Error;
use crate::{pdf_reader, source};

/// How a command ends. The codes are part of the interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// 0: done.
    Done = 0,
    /// 1: the report has errors; nothing was written.
    ReportHasErrors = 1,
    /// 2: the command line is wrong; nothing was done.
    WrongUsage = 2,
    /// 3: the machine or the installation failed.
    MachineFailed = 3,
    /// 4: a part of an archive was not made, or something is not what it is held to.
    PartFailed = 4,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Prints a line of the result. A reader who has seen enough, such as `head`, is no fault.
fn say(line: &str) {
    let _ = writeln!(io::stdout(), "{line}");
}

/// Prints text of the result as it is, in the same way.
fn say_text(text: &str) {
    let _ = write!(io::stdout(), "{text}");
}

/// Prints what is to be known beside the result, in the same way.
pub fn complain(text: &str) {
    let _ = write!(io::stderr(), "{text}");
}

/// The content of a PDF; of one that is too large, enough to know that.
fn read_pdf(path: &Path) -> Result<Vec<u8>, Error> {
    source::read(path, pdf_reader::MAX_PDF_BYTES).map_err(|cause| Error::read(path, cause))
}

/// How a command ends that cannot read a PDF, which is said.
fn refuse(pdf: &Path, fault: &pdf_reader::Fault) -> Exit {
    complain(&format!("error: {}：{fault}\n", pdf.display()));
    Exit::ReportHasErrors
}

/// Runs the command of a command line.
///
/// # Errors
/// When the machine fails; the report's own faults are printed and end in
/// [`Exit::ReportHasErrors`].
pub fn run(arguments: Arguments) -> Result<Exit, Error> {
    match arguments.command {
        Command::Compile(arguments) => {
            configured(compile::Configuration::new(arguments), compile::run)
        }
        Command::Check(arguments) => configured(check::Configuration::new(arguments), check::run),
        Command::Archive(arguments) => {
            configured(archive::Configuration::new(arguments), archive::run)
        }
        Command::Plan(arguments) => configured(plan::Configuration::new(arguments), plan::run),
        Command::Extract(arguments) => extract::run(&arguments),
        Command::Verify(arguments) => {
            configured(verify::Configuration::new(arguments), verify::run)
        }
        Command::New(arguments) => new::run(&arguments),
        Command::Schema(arguments) => schema::run(&arguments),
        Command::Editions(arguments) => editions::run(&arguments),
        Command::Explain { rule } => Ok(explain::run(&rule)),
        Command::Fonts(arguments) => fonts::run(&arguments.options()),
        Command::Worker(arguments) => worker::run(&arguments),
        Command::Serve(arguments) => configured(serve::Configuration::new(arguments), serve::run),
    }
}

/// Runs a command whose arguments make sense.
fn configured<T>(
    configuration: Result<T, String>,
    run: impl FnOnce(T) -> Result<Exit, Error>,
) -> Result<Exit, Error> {
    match configuration {
        Ok(configuration) => run(configuration),
        Err(usage) => {
            complain(&format!("error: {usage}\n"));
            Ok(Exit::WrongUsage)
        }
    }
}
