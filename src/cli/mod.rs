//! The command line: arguments become a checked configuration before any work, one file for each command.
//! Only this module and `main` print and exit.

mod apart;
mod archive;
mod args;
mod asked_import;
mod check;
mod compile;
mod copies;
mod editions;
mod exit;
mod explain;
mod extract;
mod fonts;
mod import;
mod import_folder;
mod merge;
mod new;
mod pdf;
mod plan;
mod print;
mod progress;
mod schema;
mod serve;
mod tidy;
mod verify;
mod worker;

pub use self::args::Arguments;
use self::args::Command;
pub use self::exit::Exit;
pub use self::print::complain;
use crate::error::Error;

/// Runs the command of a command line.
///
/// # Errors
/// When the machine fails; the report's own faults are printed and end in
/// [`Exit::ReportHasErrors`].
pub fn run(arguments: Arguments) -> Result<Exit, Error> {
    let exit = dispatched(arguments)?;
    print::finish()?;
    Ok(exit)
}

fn dispatched(Arguments { apart, command }: Arguments) -> Result<Exit, Error> {
    apart.map_or(Ok(()), apart::begin)?;
    let is_apart = apart.is_some();
    match command {
        Command::Compile(arguments) => {
            let configuration = compile::Configuration::new(arguments);
            configured(configuration, |configuration| {
                compile::run(configuration, is_apart)
            })
        }
        Command::Check(arguments) => configured(check::Configuration::new(arguments), check::run),
        Command::Archive(arguments) => {
            configured(archive::Configuration::new(arguments), archive::run)
        }
        Command::Plan(arguments) => configured(plan::Configuration::new(arguments), plan::run),
        Command::Extract(arguments) => extract::run(&arguments, is_apart),
        Command::Verify(arguments) => {
            let configuration = verify::Configuration::new(arguments);
            configured(configuration, |configuration| {
                verify::run(configuration, is_apart)
            })
        }
        Command::Import(arguments) => {
            configured(import::Configuration::new(arguments), |configuration| {
                import::run(&configuration, is_apart)
            })
        }
        Command::New(arguments) => new::run(&arguments),
        Command::Tidy(arguments) => tidy::run(&arguments),
        Command::Schema(arguments) => schema::run(&arguments),
        Command::Editions(arguments) => editions::run(&arguments),
        Command::Explain { rule } => Ok(explain::run(&rule)),
        Command::Fonts(arguments) => fonts::run(&arguments.options()),
        Command::Worker(arguments) => worker::run(&arguments, is_apart),
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
