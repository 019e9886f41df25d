//! A worker that goes on whatever one of its requests does to it: the work is done by a process of its own,
//! and where that ends or takes too long, another takes its place.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::io::{self, BufRead, Write};
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::mpsc::{Receiver, UnboundedReceiver, UnboundedSender, channel, unbounded_channel};
use tokio::time::{Instant, sleep_until, timeout};

use super::Answer;
use super::lines::{AHEAD, id_of, lines};

/// How long a worker that gets no more requests may take to end.
const END: Duration = Duration::from_secs(10);

/// A program and what it is called with.
#[derive(Clone, Debug)]
pub struct Program {
    /// The program.
    pub path: PathBuf,
    /// Its arguments.
    pub arguments: Vec<OsString>,
}

impl Program {
    /// Starts it with pipes to and from it, changed by the way; it is killed when it is dropped.
    ///
    /// # Errors
    /// When it cannot be started.
    pub(crate) fn start(
        &self,
        change: impl FnOnce(&mut Command),
    ) -> io::Result<(Child, ChildStdin, ChildStdout)> {
        let mut command = Command::new(&self.path);
        command
            .args(&self.arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true);
        change(&mut command);
        let mut child = command.spawn()?;
        let closed = || io::Error::from(io::ErrorKind::BrokenPipe);
        let input = child.stdin.take().ok_or_else(closed)?;
        let output = child.stdout.take().ok_or_else(closed)?;
        Ok((child, input, output))
    }
}

/// Answers the requests of `input`, each with one line and in their order, by a worker that is started again where
/// it ends or where a request takes longer than `deadline`. The request at fault is answered that it failed.
///
/// # Errors
/// When a line cannot be read or written, or the worker cannot be started.
pub fn supervise(
    program: &Program,
    input: impl BufRead + Send + 'static,
    output: impl Write,
    deadline: Duration,
) -> io::Result<()> {
    let (send, receive) = channel(1);
    // Nobody waits for this thread: the input may never end.
    thread::spawn(move || lines(input, |line| send.blocking_send(line).is_ok()));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let supervisor = Supervisor {
        program,
        deadline,
        output,
        given: VecDeque::new(),
        alone: 0,
        suspect: false,
        worker: None,
    };
    runtime.block_on(async {
        tokio::select! {
            served = supervisor.run(receive) => served,
            ended = asked_to_end() => Err(ended),
        }
    })
}

/// When somebody ends this process: its worker, which may hang, ends with it.
async fn asked_to_end() -> io::Error {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let kinds = [SignalKind::terminate(), SignalKind::interrupt()];
        if let [Ok(mut terminate), Ok(mut interrupt)] = kinds.map(signal) {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            return io::Error::new(io::ErrorKind::Interrupted, "it was told to end");
        }
    }
    std::future::pending().await
}

struct Supervisor<'a, O> {
    program: &'a Program,
    deadline: Duration,
    output: O,
    /// Requests that are not answered yet.
    given: VecDeque<Vec<u8>>,
    /// How many requests are to be given one at a time, because a worker has ended at one of them.
    alone: usize,
    /// Whether a worker has ended that had the first of them alone. It may have been killed by somebody else, so
    /// another gets it too.
    suspect: bool,
    worker: Option<Process>,
}

/// A worker that runs. It is killed when it is dropped.
struct Process {
    child: Child,
    input: UnboundedSender<Vec<u8>>,
    output: BufReader<ChildStdout>,
    /// What has come of its next answer.
    answer: Vec<u8>,
    /// How many of the requests it has got.
    has: usize,
    /// When the first of them has to be answered.
    due: Instant,
}

/// What happens next.
enum Event {
    Line(Option<io::Result<Vec<u8>>>),
    Answer(io::Result<usize>),
    Late,
}

impl<O: Write> Supervisor<'_, O> {
    async fn run(mut self, mut lines: Receiver<io::Result<Vec<u8>>>) -> io::Result<()> {
        let mut ended = false;
        let mut unread = Ok(());
        while !(ended && self.given.is_empty()) {
            self.give()?;
            let room = !ended && self.given.len() <= AHEAD;
            match self.next(&mut lines, room).await {
                Event::Line(Some(Ok(line))) => self.given.push_back(line),
                Event::Line(Some(Err(fault))) => unread = Err(fault), // no more will come
                Event::Line(None) => ended = true,
                Event::Answer(read) => self.take(read?).await?,
                Event::Late => {
                    self.worker = None;
                    self.fail("it took longer than the deadline")?;
                }
            }
        }
        if let Some(worker) = self.worker {
            worker.end().await?;
        }
        unread
    }

    /// Starts a worker where there is none, and gives it what it may have by now.
    fn give(&mut self) -> io::Result<()> {
        let most = if self.alone > 0 { 1 } else { self.given.len() };
        if self.worker.is_none() && !self.given.is_empty() {
            self.worker = Some(Process::start(self.program)?);
        }
        let Some(worker) = &mut self.worker else {
            return Ok(());
        };
        for line in self.given.iter().take(most).skip(worker.has) {
            if worker.has == 0 {
                worker.due = Instant::now() + self.deadline;
            }
            let _ = worker.input.send(line.clone()); // that it has ended is seen at its output
            worker.has += 1;
        }
        Ok(())
    }

    async fn next(&mut self, lines: &mut Receiver<io::Result<Vec<u8>>>, room: bool) -> Event {
        let line = async {
            if !room {
                std::future::pending::<()>().await;
            }
            lines.recv().await
        };
        match &mut self.worker {
            Some(worker) if worker.has > 0 => tokio::select! {
                biased; // what has come is not late
                read = worker.output.read_until(b'\n', &mut worker.answer) => Event::Answer(read),
                line = line => Event::Line(line),
                () = sleep_until(worker.due) => Event::Late,
            },
            _ => Event::Line(line.await),
        }
    }

    /// Takes what has come from the worker: an answer, or its end.
    async fn take(&mut self, read: usize) -> io::Result<()> {
        let Some(mut worker) = self.worker.take() else {
            return Ok(());
        };
        if read > 0 && worker.answer.ends_with(b"\n") {
            self.output.write_all(&worker.answer)?;
            self.output.flush()?;
            worker.answer.clear();
            worker.has -= 1;
            worker.due = Instant::now() + self.deadline;
            self.given.pop_front();
            self.alone = self.alone.saturating_sub(1);
            self.suspect = false;
            self.worker = Some(worker);
            return Ok(());
        }
        let has = worker.has;
        let status = worker.end().await?;
        if cannot_run(status) {
            return Err(io::Error::other(format!("the worker ended: {status}")));
        }
        if self.suspect {
            return self.fail(&format!("workers end at it: {status}"));
        }
        self.suspect = has == 1;
        self.alone = self.alone.max(has); // it was at one of these
        Ok(())
    }

    /// Answers the first request.
    fn fail(&mut self, why: &str) -> io::Result<()> {
        let line = self.given.pop_front().unwrap_or_default();
        let answer = Answer {
            id: id_of(&line),
            ..Answer::failed(why.to_owned())
        };
        self.alone = self.alone.saturating_sub(1);
        self.suspect = false;
        serde_json::to_writer(&mut self.output, &answer)?;
        self.output.write_all(b"\n")?;
        self.output.flush()
    }
}

/// Whether a worker has ended with one of the codes that say so of the usage or the machine, and not at a request.
fn cannot_run(status: ExitStatus) -> bool {
    matches!(status.code(), Some(0..=4))
}

impl Process {
    fn start(program: &Program) -> io::Result<Self> {
        let (child, stdin, output) = program.start(|_| ())?;
        let (input, requests) = unbounded_channel();
        tokio::spawn(feed(stdin, requests));
        Ok(Self {
            child,
            input,
            output: BufReader::new(output),
            answer: Vec::new(),
            has: 0,
            due: Instant::now(),
        })
    }

    /// Waits for the end of one that gets no more requests; not for ever.
    async fn end(self) -> io::Result<ExitStatus> {
        let Self {
            mut child, input, ..
        } = self;
        drop(input);
        if let Ok(status) = timeout(END, child.wait()).await {
            return status;
        }
        child.start_kill()?;
        child.wait().await
    }
}

/// Writes requests to a worker, which may be slow to read them.
async fn feed(mut input: ChildStdin, mut requests: UnboundedReceiver<Vec<u8>>) {
    while let Some(request) = requests.recv().await {
        if input.write_all(&request).await.is_err() {
            return; // it has ended
        }
    }
}
