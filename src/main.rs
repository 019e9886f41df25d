//! Parses the command line, runs the command, and exits with its code.

use std::process::ExitCode;

use clap::Parser;
use nianbao::cli::{self, Arguments, Exit};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match cli::run(Arguments::parse()) {
        Ok(exit) => exit.into(),
        Err(error) => {
            cli::complain(&format!("error: {error}\n"));
            Exit::MachineFailed.into()
        }
    }
}
