//! The workers: processes that answer one request at a time, each of which can be ended.
//!
//! A request that passes its deadline ends its worker, and another is started in its place. One whose
//! worker ends by itself is given to another, once: it may have been killed by somebody else. If that
//! ends as well, it is the request that workers do not survive.

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout_at};

use super::{Metrics, Options};

/// How often a request is given to a worker.
const TRIES: usize = 2;
/// How long a worker may take to start.
const START: Duration = Duration::from_mins(1);
/// What a worker is asked to see whether it is there: the answer says that this is no request.
const KNOCK: &[u8] = b"{}\n";

/// A program and what it is called with.
#[derive(Clone, Debug)]
pub struct Program {
    /// The program.
    pub path: PathBuf,
    /// Its arguments.
    pub arguments: Vec<OsString>,
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unanswered {
    /// Too many wait already.
    Full,
    /// The deadline has passed.
    Late,
    /// Workers do not survive the request.
    Deadly,
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
    /// One turn for each worker.
    turns: Arc<Semaphore>,
    idle: Mutex<Vec<Process>>,
    ready: AtomicBool,
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
            turns: Arc::new(Semaphore::new(options.workers)),
            idle: Mutex::default(),
            ready: AtomicBool::new(false),
            metrics,
        }));
        for _ in 0..options.workers {
            pool.begin();
        }
        pool
    }

    /// Starts a worker and waits, in the background, until it answers.
    fn begin(&self) {
        let pool = self.clone();
        tokio::spawn(async move {
            let Ok(turn) = pool.0.turns.clone().acquire_owned().await else {
                return;
            };
            if let Some(process) = pool.warm().await {
                pool.give_back(process, turn);
            }
        });
    }

    /// A new worker that has answered once.
    async fn warm(&self) -> Option<Process> {
        let mut process = match self.0.program.start() {
            Ok(process) => process,
            Err(cause) => {
                tracing::error!(%cause, "a worker cannot be started");
                return None;
            }
        };
        let knocked = timeout_at(Instant::now() + START, process.ask(KNOCK)).await;
        let there = matches!(knocked, Ok(Ok(_)));
        self.0.ready.store(there, Ordering::Relaxed);
        if !there {
            tracing::error!("a worker does not answer");
        }
        there.then_some(process)
    }

    /// Whether requests can be answered.
    pub(super) fn is_ready(&self) -> bool {
        self.0.ready.load(Ordering::Relaxed)
    }

    /// The answer of a worker to a request: a line each.
    pub(super) async fn ask(&self, request: Vec<u8>) -> Result<Vec<u8>, Unanswered> {
        let inner = &self.0;
        let room = inner.room.clone().try_acquire_owned();
        let room = room.map_err(|_| Unanswered::Full)?;
        let deadline = Instant::now() + inner.deadline;
        let waiting = Counted::new(&inner.metrics.waiting);
        let turn = timeout_at(deadline, inner.turns.clone().acquire_owned()).await;
        drop(waiting);
        let turn = turn.map_err(|_| Unanswered::Late)?;
        let turn = turn.map_err(|_| Unanswered::Down)?;
        // On its own, so that a worker comes to its end with a request whose client has gone.
        let pool = self.clone();
        let work: JoinHandle<_> = tokio::spawn(async move {
            let _room = room;
            let _busy = Counted::new(&pool.0.metrics.busy);
            pool.attempt(&request, turn, deadline).await
        });
        work.await.unwrap_or(Err(Unanswered::Down))
    }

    async fn attempt(
        &self,
        request: &[u8],
        turn: OwnedSemaphorePermit,
        deadline: Instant,
    ) -> Result<Vec<u8>, Unanswered> {
        for _ in 0..TRIES {
            let process = match self.idle() {
                Some(process) => Some(process),
                None => timeout_at(deadline, self.warm())
                    .await
                    .map_err(|_| Unanswered::Late)?,
            };
            let mut process = process.ok_or(Unanswered::Down)?;
            match timeout_at(deadline, process.ask(request)).await {
                Ok(Ok(answer)) => {
                    self.give_back(process, turn);
                    return Ok(answer);
                }
                Ok(Err(_)) => self.ended("died"),
                Err(_) => {
                    drop(process);
                    self.ended("deadline");
                    drop(turn);
                    self.begin();
                    return Err(Unanswered::Late);
                }
            }
        }
        drop(turn);
        self.begin();
        Err(Unanswered::Deadly)
    }

    fn ended(&self, reason: &'static str) {
        self.0.metrics.restarted(reason);
        tracing::warn!(reason, "a worker was replaced");
    }

    /// A worker that waits and lives.
    fn idle(&self) -> Option<Process> {
        loop {
            let mut process = self.lock().pop()?;
            match process.child.try_wait() {
                Ok(None) => return Some(process),
                _ => self.ended("died"),
            }
        }
    }

    fn give_back(&self, process: Process, turn: OwnedSemaphorePermit) {
        self.lock().push(process);
        drop(turn);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Process>> {
        self.0.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Program {
    fn start(&self) -> io::Result<Process> {
        let mut child = Command::new(&self.path)
            .args(&self.arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // What a worker says when it panics may come from a report.
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let closed = || io::Error::from(io::ErrorKind::BrokenPipe);
        let input = child.stdin.take().ok_or_else(closed)?;
        let output = child.stdout.take().ok_or_else(closed)?;
        Ok(Process {
            child,
            input,
            output: BufReader::with_capacity(256 << 10, output),
        })
    }
}

impl Process {
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
struct Counted<'a>(&'a prometheus_client::metrics::gauge::Gauge<i64, std::sync::atomic::AtomicI64>);

impl<'a> Counted<'a> {
    fn new(
        gauge: &'a prometheus_client::metrics::gauge::Gauge<i64, std::sync::atomic::AtomicI64>,
    ) -> Self {
        gauge.inc();
        Self(gauge)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.dec();
    }
}
