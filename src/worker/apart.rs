//! Workers for what a hostile figure can stretch: each is within limits of processor time and memory, and ended by the
//! system beyond them.
//!
//! One stays warm for further reports. Where it ends at one, that report is given to a fresh one: what this one is
//! allowed is then allowed to that report alone.

use std::io;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio::time::Instant;

use super::answer::Answer;
use super::process::{End, Process, Program, Reply, Verdict};
use super::request::Request;
use crate::error::Error;

/// The time between looks at whether all is to end.
const LOOK: Duration = Duration::from_millis(200);
/// The time that is left to a report when all is to end.
const GRACE: Duration = Duration::from_secs(5);
/// The longest time that a worker whose output has ended may take to end.
const PATIENCE: Duration = Duration::from_secs(10);

/// Workers within limits, started when they are needed.
pub struct Apart {
    /// A worker that limits itself.
    program: Program,
    /// The reason that a report gives when a worker ends at it, from the status.
    reason: fn(&str) -> String,
    /// Whether all is to end.
    stop: Arc<AtomicBool>,
    /// Those without a report.
    idle: Mutex<Vec<Process>>,
    runtime: OnceLock<Runtime>,
}

/// The reason for which there is no answer.
pub(super) enum Unanswered {
    /// A fresh worker ended at the request: the reason, in Chinese.
    Exceeded(String),
    /// The machine failed, or all is to end.
    Machine(Error),
}

impl From<io::Error> for Unanswered {
    fn from(cause: io::Error) -> Self {
        Self::Machine(Error::Pipe { cause })
    }
}

impl Apart {
    /// Workers of a program, none of which is started yet. After `stop` is set, reports are given up soon.
    #[must_use]
    pub fn new(program: Program, reason: fn(&str) -> String, stop: Arc<AtomicBool>) -> Self {
        Self {
            program,
            reason,
            stop,
            idle: Mutex::default(),
            runtime: OnceLock::new(),
        }
    }

    /// The answer of a worker to a request.
    pub(super) fn ask(&self, request: &Request) -> Result<Answer, Unanswered> {
        let mut line = serde_json::to_vec(request).map_err(io::Error::from)?;
        line.push(b'\n');
        let answer = self.runtime()?.block_on(self.answer(line))?;
        Ok(serde_json::from_slice(&answer).map_err(io::Error::from)?)
    }

    fn runtime(&self) -> io::Result<&Runtime> {
        if let Some(runtime) = self.runtime.get() {
            return Ok(runtime);
        }
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        Ok(self.runtime.get_or_init(|| runtime))
    }

    async fn answer(&self, line: Vec<u8>) -> Result<Vec<u8>, Unanswered> {
        let warm = self.idle().pop();
        if let Some(warm) = warm
            && let Ok(answer) = self.attempt(warm, &line).await?
        {
            return Ok(answer);
        }
        let mut answered = self.attempt(self.start()?, &line).await?;
        if let Err(End {
            verdict: Verdict::Killed,
            ..
        }) = answered
        {
            answered = self.attempt(self.start()?, &line).await?; // somebody else may have ended it
        }
        answered.map_err(|end| Unanswered::Exceeded((self.reason)(&end.status.to_string())))
    }

    /// The answer of one worker, or its end.
    async fn attempt(
        &self,
        mut worker: Process,
        line: &[u8],
    ) -> Result<Result<Vec<u8>, End>, Unanswered> {
        worker.give(line.to_vec());
        let mut given_up = None;
        loop {
            let now = Instant::now();
            match worker.reply(now + LOOK).await {
                Reply::Answer(answer) => {
                    self.idle().push(worker);
                    return Ok(Ok(answer));
                }
                Reply::Ended => {
                    let end = worker.end(PATIENCE).await?;
                    if end.verdict == Verdict::CannotRun {
                        let message = format!("the worker ended: {}", end.status);
                        return Err(io::Error::other(message).into());
                    }
                    return Ok(Err(end));
                }
                Reply::Late if self.stop.load(Ordering::Relaxed) => {
                    if now >= *given_up.get_or_insert(now + GRACE) {
                        return Err(io::Error::from(io::ErrorKind::Interrupted).into());
                    }
                }
                Reply::Late => {}
            }
        }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Process>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn start(&self) -> io::Result<Process> {
        Process::start(&self.program, |command| {
            // What is sent to a group of processes, such as by Ctrl-C, is for this one, which then comes to its end.
            #[cfg(unix)]
            command.process_group(0);
            command.stderr(Stdio::null());
        })
    }
}
