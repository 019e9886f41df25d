//! `nianbao serve`: the service over HTTP.

use std::env;
use std::ffi::OsString;
use std::net::SocketAddr;
use std::num::NonZero;
use std::thread;
use std::time::Duration;

use super::args::{LogForm, Serve};
use super::{Exit, complain, say};
use crate::error::Error;
use crate::format::Editions;
use crate::serve::{self, Options, Program, Token};
use crate::typeset::Fonts;

/// A serve command whose arguments make sense.
pub(super) struct Configuration(Serve);

impl Configuration {
    /// # Errors
    /// What is wrong with the usage.
    pub(super) fn new(arguments: Serve) -> Result<Self, String> {
        let open = arguments.token_file.is_none() && !arguments.no_auth;
        if open && !arguments.listen.ip().is_loopback() {
            let address = arguments.listen;
            return Err(format!(
                "{address} can be reached from elsewhere: name a --token-file, or say --no-auth"
            ));
        }
        Ok(Self(arguments))
    }
}

pub(super) fn run(Configuration(arguments): Configuration) -> Result<Exit, Error> {
    let token = match &arguments.token_file {
        None => None,
        Some(path) => {
            let token = Token::read(path)?;
            if token.is_none() {
                let path = path.display();
                complain(&format!(
                    "error: {path}: a token has 16 or more letters, digits and signs, without spaces\n"
                ));
                return Ok(Exit::WrongUsage);
            }
            token
        }
    };
    // What keeps workers from starting is said here, where it is seen.
    Fonts::load(&arguments.fonts.options())?;
    log(arguments.log);
    let cores = thread::available_parallelism().map_or(2, NonZero::get);
    let options = Options {
        worker: worker(&arguments)?,
        workers: arguments.workers.map_or(cores, usize::from),
        queue: arguments.queue.into(),
        deadline: Duration::from_secs_f64(arguments.deadline),
        token,
        origins: arguments.allow_origin,
    };
    let told = |address: SocketAddr| say(&format!("http://{address}/"));
    serve::run(Editions::builtin()?, options, arguments.listen, told)?;
    Ok(Exit::Done)
}

/// This program as a worker.
fn worker(arguments: &Serve) -> Result<Program, Error> {
    let path = env::current_exe().map_err(|cause| Error::read("nianbao".as_ref(), cause))?;
    let mut words: Vec<OsString> = vec!["worker".into()];
    if cfg!(target_os = "linux") {
        words.extend(["--memory".into(), arguments.memory.to_string().into()]);
    }
    for folder in &arguments.fonts.font_path {
        words.extend(["--font-path".into(), folder.into()]);
    }
    if arguments.fonts.system_fonts {
        words.push("--system-fonts".into());
    }
    Ok(Program {
        path,
        arguments: words,
    })
}

/// Logs go to standard error.
fn log(form: LogForm) {
    let plain = tracing_subscriber::fmt().with_writer(std::io::stderr);
    match form {
        LogForm::Text => plain.with_ansi(false).init(),
        LogForm::Json => plain.json().flatten_event(true).init(),
    }
}
