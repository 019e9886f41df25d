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

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout, timeout_at};

use super::metrics::{Count, Metrics};
use super::options::Options;
use crate::worker::Program;

/// How often a request is given to a worker.
const TRIES: usize = 2;
/// How long a worker may take to start.
const START: Duration = Duration::from_mins(1);
/// How long to wait before the next try where none can be started.
const PAUSE: Duration = Duration::from_secs(1);
/// How long a worker that has closed its pipe may take to end.
const END: Duration = Duration::from_secs(1);
/// What a worker is asked to see whether it is there: the answer says that this is no request.
const KNOCK: &[u8] = b"{}\n";

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unanswered {
    /// Too many wait already.
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

/// Workers, and those who wait for one.
#[derive(Clone)]
pub struct Pool(Arc<Inner>);

struct Inner {
    program: Program,
    deadline: Duration,
    /// Room for all who are answered or wait.
    room: Arc<Semaphore>,
    /// Workers that wait, and as many permits to take one.
    idle: Mutex<Vec<Process>>,
    turns: Semaphore,
    /// Whether the last worker could not be started.
    failing: AtomicBool,
    metrics: Arc<Metrics>,
}

/// A worker that runs. It is killed when it is dropped.
struct Process {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
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

    /// Starts a worker in the background, and tries until it answers.
    fn begin(&self) {
        let pool = self.clone();
        tokio::spawn(async move {
            loop {
                match Process::warm(&pool.0.program).await {
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

    /// Whether requests can be answered: a worker waits that lives, or one is at work.
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

    /// The answer of a worker to a request: a line each.
    pub(super) async fn ask(&self, request: Vec<u8>) -> Result<Vec<u8>, Unanswered> {
        let room = self.0.room.clone().try_acquire_owned();
        let room = room.map_err(|_| Unanswered::Full)?;
        // On its own, so that a worker comes to its end with a request whose client has gone.
        let pool = self.clone();
        let work: JoinHandle<_> = tokio::spawn(async move {
            let _room = room;
            pool.attempt(&request).await
        });
        work.await.unwrap_or(Err(Unanswered::Down))
    }

    async fn attempt(&self, request: &[u8]) -> Result<Vec<u8>, Unanswered> {
        let deadline = Instant::now() + self.0.deadline;
        let mut why = Unanswered::Down;
        for _ in 0..TRIES {
            let mut process = self.idle(deadline).await?;
            let _busy = Counted::new(&self.0.metrics.busy);
            match timeout_at(deadline, process.ask(request)).await {
                Ok(Ok(answer)) => {
                    self.give_back(process);
                    return Ok(answer);
                }
                Ok(Err(_)) => {
                    why = process.end().await;
                    self.replace("died");
                }
                Err(_) => {
                    drop(process);
                    self.replace("deadline");
                    return Err(Unanswered::Late);
                }
            }
        }
        Err(why)
    }

    /// A worker that waits and lives.
    async fn idle(&self, deadline: Instant) -> Result<Process, Unanswered> {
        let _waiting = Counted::new(&self.0.metrics.waiting);
        loop {
            if self.0.failing.load(Ordering::Relaxed) && !self.is_ready() {
                return Err(Unanswered::Down);
            }
            let turn = timeout_at(deadline, self.0.turns.acquire()).await;
            let turn = turn.map_err(|_| Unanswered::Late)?;
            turn.map_err(|_| Unanswered::Down)?.forget();
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

impl Process {
    /// A new worker that has answered once.
    async fn warm(program: &Program) -> io::Result<Self> {
        let (child, input, output) = program.start(|command| {
            // What is sent to a group of processes, such as by Ctrl-C, is for the service, which then
            // answers what it took.
            #[cfg(unix)]
            command.process_group(0);
            // What a worker says when it panics may come from a report.
            command.stderr(Stdio::null());
        })?;
        let mut process = Self {
            child,
            input,
            output: BufReader::with_capacity(256 << 10, output),
        };
        timeout(START, process.ask(KNOCK)).await??;
        Ok(process)
    }

    fn lives(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Why one has ended that gave no answer.
    async fn end(mut self) -> Unanswered {
        let Ok(Ok(status)) = timeout(END, self.child.wait()).await else {
            return Unanswered::Deadly;
        };
        #[cfg(unix)]
        {
            use std::os::unix::process::ExitStatusExt;
            // SIGINT, SIGKILL, SIGTERM: by somebody else, or by a system without memory.
            if matches!(status.signal(), Some(2 | 9 | 15)) {
                return Unanswered::Killed;
            }
        }
        tracing::error!(%status, "a worker ended over a request");
        Unanswered::Deadly
    }

    async fn ask(&mut self, line: &[u8]) -> io::Result<Vec<u8>> {
        self.input.write_all(line).await?;
        self.input.flush().await?;
        let mut answer = Vec::new();
        self.output.read_until(b'\n', &mut answer).await?;
        match answer.last() {
            Some(b'\n') => Ok(answer),
            _ => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }
}

/// Something that is counted as long as it is there.
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
