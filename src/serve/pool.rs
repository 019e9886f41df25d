//! The workers: processes that answer one request at a time, each of which can be ended.
//!
//! A request that passes its deadline ends its worker, and another is started in its place. One whose
//! worker ends by itself is given to another, once: it may have been killed by somebody else. If that
//! ends as well, it is the request that workers do not survive, or somebody is killing them.

use std::io;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout_at};

use super::metrics::{Count, Metrics};
use super::options::Options;
use crate::worker::{Process, Program, Reply, TRIES, Verdict};

/// The longest time that a worker may take to start.
const START: Duration = Duration::from_mins(1);
/// The time between attempts to start a worker.
const PAUSE: Duration = Duration::from_secs(1);
/// The longest time that a worker that has closed its pipe may take to end.
const END: Duration = Duration::from_secs(1);
/// A request to see whether a worker is alive: the answer says that it is invalid.
const KNOCK: &[u8] = b"{}\n";

/// The reason for which there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PoolError {
    /// Too many requests wait already.
    Full,
    /// The deadline has passed.
    Late,
    /// Workers do not survive the request.
    Deadly,
    /// Workers were killed over the request.
    Killed,
    /// No worker can be started.
    Down,
}

/// Workers, and the requests that wait for one.
#[derive(Clone)]
pub struct Pool(Arc<Inner>);

struct Inner {
    program: Program,
    deadline: Duration,
    /// A permit for each request that is answered or waits.
    room: Arc<Semaphore>,
    /// The idle workers, and as many permits to take one.
    idle: Mutex<Vec<Process>>,
    turns: Semaphore,
    /// Whether the last worker could not be started.
    failing: AtomicBool,
    metrics: Arc<Metrics>,
}

impl Pool {
    /// Starts the workers.
    pub(super) fn start(options: &Options, metrics: Arc<Metrics>) -> Self {
        let pool = Self(Arc::new(Inner {
            program: options.worker.clone(),
            deadline: options.deadline,
            room: Arc::new(Semaphore::new(options.workers + options.queue)),
            idle: Mutex::default(),
            turns: Semaphore::new(0),
            failing: AtomicBool::new(false),
            metrics,
        }));
        for _ in 0..options.workers {
            pool.begin();
        }
        pool
    }

    /// Starts a worker in the background, trying until it answers.
    fn begin(&self) {
        let pool = self.clone();
        tokio::spawn(async move {
            loop {
                match warm(&pool.0.program).await {
                    Ok(process) => {
                        pool.0.failing.store(false, Ordering::Relaxed);
                        return pool.give_back(process);
                    }
                    Err(cause) => {
                        pool.0.failing.store(true, Ordering::Relaxed);
                        tracing::error!(%cause, "a worker does not start");
                        sleep(PAUSE).await;
                    }
                }
            }
        });
    }

    /// Puts another worker in the place of one that has ended.
    fn replace(&self, reason: &'static str) {
        self.0.metrics.restarted(reason);
        tracing::warn!(reason, "a worker was replaced");
        self.begin();
    }

    /// Whether requests can be answered: an idle worker lives, or one is at work.
    pub(super) fn is_ready(&self) -> bool {
        let (ended, waits) = {
            let mut idle = self.lock();
            let before = idle.len();
            idle.retain_mut(Process::lives);
            (before - idle.len(), !idle.is_empty())
        };
        // Whoever has a permit already finds nobody and asks for another.
        self.0.turns.forget_permits(ended);
        (0..ended).for_each(|_| self.replace("died"));
        waits || self.0.metrics.busy.get() > 0
    }

    /// The answer of a worker to a request, one line each.
    pub(super) async fn ask(&self, request: Vec<u8>) -> Result<Vec<u8>, PoolError> {
        let room = self.0.room.clone().try_acquire_owned();
        let room = room.map_err(|_| PoolError::Full)?;
        // On its own, so that a worker comes to its end with a request whose client has gone.
        let pool = self.clone();
        let work: JoinHandle<_> = tokio::spawn(async move {
            let _room = room;
            pool.attempt(&request).await
        });
        work.await.unwrap_or(Err(PoolError::Down))
    }

    async fn attempt(&self, request: &[u8]) -> Result<Vec<u8>, PoolError> {
        let deadline = Instant::now() + self.0.deadline;
        let mut why = PoolError::Down;
        for _ in 0..TRIES {
            let mut process = self.idle(deadline).await?;
            let _busy = Counted::new(&self.0.metrics.busy);
            process.give(request.to_vec());
            match process.reply(deadline).await {
                Reply::Answer(answer) => {
                    self.give_back(process);
                    return Ok(answer);
                }
                Reply::Ended => {
                    why = cause(process).await;
                    self.replace("died");
                }
                Reply::Late => {
                    drop(process);
                    self.replace("deadline");
                    return Err(PoolError::Late);
                }
            }
        }
        Err(why)
    }

    /// Takes an idle worker that lives.
    async fn idle(&self, deadline: Instant) -> Result<Process, PoolError> {
        let _waiting = Counted::new(&self.0.metrics.waiting);
        loop {
            if self.0.failing.load(Ordering::Relaxed) && !self.is_ready() {
                return Err(PoolError::Down);
            }
            let turn = timeout_at(deadline, self.0.turns.acquire()).await;
            let turn = turn.map_err(|_| PoolError::Late)?;
            turn.map_err(|_| PoolError::Down)?.forget();
            let process = self.lock().pop();
            let Some(mut process) = process else { continue };
            if process.lives() {
                return Ok(process);
            }
            self.replace("died");
        }
    }

    fn give_back(&self, process: Process) {
        self.lock().push(process);
        self.0.turns.add_permits(1);
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Process>> {
        self.0.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Starts a worker that has answered once.
async fn warm(program: &Program) -> io::Result<Process> {
    for _ in 0..TRIES {
        let mut process = Process::start(program, |command| {
            // What is sent to a group of processes, such as by Ctrl-C, is for the service, which then answers
            // what it took.
            #[cfg(unix)]
            command.process_group(0);
            // What a worker says when it panics may come from a report.
            command.stderr(Stdio::null());
        })?;
        process.give(KNOCK.to_vec());
        match process.reply(Instant::now() + START).await {
            Reply::Answer(_) => return Ok(process),
            Reply::Late => return Err(io::ErrorKind::TimedOut.into()),
            Reply::Ended if process.end(END).await?.verdict == Verdict::Killed => {
                // Until it has a group of its own, it is sent what the group of the service is.
            }
            Reply::Ended => break,
        }
    }
    Err(io::ErrorKind::UnexpectedEof.into())
}

/// The reason for which a worker gave no answer.
async fn cause(process: Process) -> PoolError {
    let Ok(end) = process.end(END).await else {
        return PoolError::Deadly;
    };
    match end.verdict {
        Verdict::Killed => return PoolError::Killed,
        Verdict::Hung => {}
        Verdict::Deadly | Verdict::CannotRun => {
            tracing::error!(status = %end.status, "a worker ended over a request");
        }
    }
    PoolError::Deadly
}

/// A guard that counts something as long as it exists.
struct Counted<'a>(&'a Count);

impl<'a> Counted<'a> {
    fn new(count: &'a Count) -> Self {
        count.inc();
        Self(count)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.dec();
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    /// A worker that ends in some way at its first start.
    async fn warmed(end: &str) -> io::Result<Process> {
        let folder = tempfile::tempdir().unwrap();
        let started = folder.path().join("started");
        let script = format!(
            "mkdir '{}' && {{ {end}; }}; while read -r line; do echo '{{}}'; done",
            started.display()
        );
        let program = Program {
            path: "sh".into(),
            arguments: vec!["-c".into(), script.into()],
        };
        warm(&program).await
    }

    /// Ctrl-C for the group of the service may reach a worker before it has a group of its own.
    #[tokio::test]
    async fn a_worker_that_is_killed_as_it_starts_is_started_again() {
        assert!(warmed("kill -INT $$").await.is_ok());
        assert!(warmed("exit 3").await.is_err());
    }
}
