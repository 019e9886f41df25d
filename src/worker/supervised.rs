//! A worker that goes on whatever one of its requests does to it: the work is done by a process of its own,
//! and where that ends or takes too long, another takes its place.

use std::collections::VecDeque;
use std::io::{self, BufRead, Write};
use std::thread;
use std::time::Duration;

use tokio::sync::mpsc::{Receiver, channel};
use tokio::time::Instant;

use super::Answer;
use super::lines::{AHEAD, MAX_LINE, id_of, lines};
use super::process::{Process, Program, Reply, TRIES, Verdict};

/// The longest time that a worker may take to end after its last request.
const END: Duration = Duration::from_secs(10);

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
    thread::spawn(move || lines(input, MAX_LINE, |line| send.blocking_send(line).is_ok()));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let supervisor = Supervisor {
        program,
        deadline,
        output,
        given: VecDeque::new(),
        alone: 0,
        deaths: 0,
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
    /// The number of requests that are given one at a time, because a worker has ended at one of them.
    alone: usize,
    /// The number of workers that have ended when they had the first of them alone.
    deaths: usize,
    worker: Option<Busy>,
}

/// A worker and its requests.
struct Busy {
    process: Process,
    /// The number of requests that it has got and not answered.
    has: usize,
    /// The time by which the first of them has to be answered.
    due: Instant,
}

/// The next event.
enum Event {
    Line(Option<io::Result<Vec<u8>>>),
    Reply(Reply),
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
                Event::Reply(Reply::Answer(answer)) => self.hand_on(&answer)?,
                Event::Reply(Reply::Ended) => self.bury().await?,
                Event::Reply(Reply::Late) => {
                    self.worker = None;
                    self.fail("it took longer than the deadline")?;
                }
            }
        }
        if let Some(worker) = self.worker {
            worker.process.end(END).await?;
        }
        unread
    }

    /// Starts a worker where there is none, and gives it what it may have by now.
    fn give(&mut self) -> io::Result<()> {
        let most = if self.alone > 0 { 1 } else { self.given.len() };
        if self.worker.is_none() && !self.given.is_empty() {
            self.worker = Some(Busy {
                process: Process::start(self.program, |_| ())?,
                has: 0,
                due: Instant::now(),
            });
        }
        let Some(worker) = &mut self.worker else {
            return Ok(());
        };
        for line in self.given.iter().take(most).skip(worker.has) {
            if worker.has == 0 {
                worker.due = Instant::now() + self.deadline;
            }
            worker.process.give(line.clone());
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
                reply = worker.process.reply(worker.due) => Event::Reply(reply),
                line = line => Event::Line(line),
            },
            _ => Event::Line(line.await),
        }
    }

    /// Writes the answer to the first request.
    fn hand_on(&mut self, answer: &[u8]) -> io::Result<()> {
        self.output.write_all(answer)?;
        self.output.flush()?;
        if let Some(worker) = &mut self.worker {
            worker.has -= 1;
            worker.due = Instant::now() + self.deadline;
        }
        self.next_request();
        Ok(())
    }

    /// Concludes from the end of the worker which request is at fault.
    async fn bury(&mut self) -> io::Result<()> {
        let Some(worker) = self.worker.take() else {
            return Ok(());
        };
        let has = worker.has;
        let end = worker.process.end(END).await?;
        let status = end.status;
        if end.verdict == Verdict::CannotRun {
            return Err(io::Error::other(format!("the worker ended: {status}")));
        }
        self.deaths += usize::from(has == 1);
        if self.deaths == TRIES {
            return self.fail(&format!("workers end at it: {status}"));
        }
        self.alone = self.alone.max(has); // it was at one of these
        Ok(())
    }

    /// Turns from the first request, which has its answer, to the one after it.
    fn next_request(&mut self) -> Vec<u8> {
        self.alone = self.alone.saturating_sub(1);
        self.deaths = 0;
        self.given.pop_front().unwrap_or_default()
    }

    /// Answers the first request: it failed.
    fn fail(&mut self, why: &str) -> io::Result<()> {
        let answer = Answer {
            id: id_of(&self.next_request()),
            ..Answer::failed(why.to_owned())
        };
        serde_json::to_writer(&mut self.output, &answer)?;
        self.output.write_all(b"\n")?;
        self.output.flush()
    }
}
