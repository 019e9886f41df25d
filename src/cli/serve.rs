//! `nianbao serve`: the service over HTTP.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::num::NonZero;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use super::args::{LogForm, Serve};
use super::exit::Exit;
use super::print::{complain, say};
use super::worker;
use crate::error::Error;
use crate::form::Editions;
use crate::serve::{self, Host, Options, Token};
use crate::typeset::Fonts;

/// A serve command whose arguments make sense.
pub(super) struct Configuration(Serve);

impl Configuration {
    /// # Errors
    /// The fault of the usage.
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
    let log = Log::start(arguments.log);
    let cores = thread::available_parallelism().map_or(2, NonZero::get);
    let options = Options {
        worker: worker::program(
            &arguments.fonts,
            worker::SUPERVISED,
            cfg!(target_os = "linux").then_some(arguments.memory),
        )?,
        workers: arguments.workers.map_or(cores, usize::from),
        queue: arguments.queue.into(),
        deadline: Duration::from_secs_f64(arguments.deadline),
        token,
        hosts: Host::known(arguments.listen.ip(), arguments.host),
        origins: arguments.allow_origin,
    };
    let told = |address: SocketAddr| say(&format!("http://{address}/"));
    let served = serve::run(Editions::builtin()?, options, arguments.listen, told);
    log.end();
    served.map(|()| Exit::Done)
}

/// The most lines of the log that wait to be written; further ones are lost.
const WAITING: usize = 1024;
/// The longest time for writing the last lines.
const LAST: Duration = Duration::from_secs(1);

/// A log that blocks nobody: the reader of standard error may stall, the service may not.
#[derive(Clone)]
struct Log(SyncSender<Entry>);

enum Entry {
    Line(Vec<u8>),
    /// The mark that all lines before it are written.
    End(SyncSender<()>),
}

impl Write for Log {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let _ = self.0.try_send(Entry::Line(line.to_vec()));
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    /// Starts to log to standard error.
    fn start(form: LogForm) -> Self {
        let (sender, entries) = sync_channel(WAITING);
        thread::spawn(move || {
            for entry in entries {
                match entry {
                    Entry::Line(line) => {
                        let _ = io::stderr().write_all(&line);
                    }
                    Entry::End(written) => drop(written.send(())),
                }
            }
        });
        let log = Self(sender);
        let writer = log.clone();
        let plain = tracing_subscriber::fmt().with_writer(move || writer.clone());
        match form {
            LogForm::Text => plain.with_ansi(false).init(),
            LogForm::Json => plain.json().flatten_event(true).init(),
        }
        log
    }

    /// Waits until all lines are written, at most [`LAST`].
    fn end(&self) {
        let (sender, written) = sync_channel(1);
        if self.0.try_send(Entry::End(sender)).is_ok() {
            let _ = written.recv_timeout(LAST);
        }
    }
}
