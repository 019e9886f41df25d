//! A worker as a process of its own: its start, its requests, its answers, its end. The service and the supervisor
//! of a pipe both keep such processes.

use std::ffi::OsString;
use std::io;
use std::mem;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::{Instant, timeout, timeout_at};

/// The number of workers that a request is given to, one after another, if they end at it: the first may have been
/// killed by somebody else.
pub(crate) const TRIES: usize = 2;

/// A program and its arguments.
#[derive(Clone, Debug)]
pub struct Program {
    /// The program.
    pub path: PathBuf,
    /// Its arguments.
    pub arguments: Vec<OsString>,
}

/// A worker that runs. It is killed when it is dropped.
pub(crate) struct Process {
    child: Child,
    requests: UnboundedSender<Vec<u8>>,
    output: BufReader<ChildStdout>,
    /// The bytes that have come of its next answer.
    answer: Vec<u8>,
}

/// The next event of a process that owes an answer.
pub(crate) enum Reply {
    /// A whole line, with its end.
    Answer(Vec<u8>),
    /// No more answers will come.
    Ended,
    /// The deadline has passed.
    Late,
}

/// The end of a process.
pub(crate) struct End {
    /// The status that it ended with.
    pub status: ExitStatus,
    /// The conclusion from it.
    pub verdict: Verdict,
}

/// The conclusion from the end of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Its usage or the machine is at fault, and no request.
    CannotRun,
    /// Somebody else ended it, or a system without memory.
    Killed,
    /// It ended at a request.
    Deadly,
    /// It gave no more answers and did not end by itself.
    Hung,
}

impl Process {
    /// Starts a program with pipes to and from it; `change` adapts how. Within a runtime only.
    pub(crate) fn start(program: &Program, change: impl FnOnce(&mut Command)) -> io::Result<Self> {
        let mut command = Command::new(&program.path);
        command
            .args(&program.arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true);
        change(&mut command);
        let mut child = command.spawn()?;
        let closed = || io::Error::from(io::ErrorKind::BrokenPipe);
        let input = child.stdin.take().ok_or_else(closed)?;
        let output = child.stdout.take().ok_or_else(closed)?;
        let (requests, receiver) = unbounded_channel();
        tokio::spawn(feed(input, receiver));
        Ok(Self {
            child,
            requests,
            output: BufReader::with_capacity(256 << 10, output),
            answer: Vec::new(),
        })
    }

    /// Gives it a request, a line with its end. It need not be there any more: the reply tells.
    pub(crate) fn give(&self, request: Vec<u8>) {
        let _ = self.requests.send(request);
    }

    /// Its next answer. Nothing of one is lost where this is dropped halfway.
    pub(crate) async fn reply(&mut self, deadline: Instant) -> Reply {
        let read = self.output.read_until(b'\n', &mut self.answer);
        match timeout_at(deadline, read).await {
            Err(_) => Reply::Late,
            Ok(Ok(1..)) if self.answer.ends_with(b"\n") => {
                Reply::Answer(mem::take(&mut self.answer))
            }
            Ok(_) => Reply::Ended,
        }
    }

    /// Whether it has not ended.
    pub(crate) fn lives(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Closes its input and waits for its end; after the given time it is killed.
    pub(crate) async fn end(self, patience: Duration) -> io::Result<End> {
        let Self {
            mut child,
            requests,
            ..
        } = self;
        drop(requests);
        if let Ok(status) = timeout(patience, child.wait()).await {
            let status = status?;
            let verdict = Verdict::of(status);
            return Ok(End { status, verdict });
        }
        child.start_kill()?;
        let (status, verdict) = (child.wait().await?, Verdict::Hung);
        Ok(End { status, verdict })
    }
}

impl Verdict {
    fn of(status: ExitStatus) -> Self {
        #[cfg(unix)]
        {
            use std::os::unix::process::ExitStatusExt;
            // SIGINT, SIGKILL, SIGTERM.
            if matches!(status.signal(), Some(2 | 9 | 15)) {
                return Self::Killed;
            }
        }
        match status.code() {
            Some(0..=4) => Self::CannotRun, // the codes that the program itself ends with
            _ => Self::Deadly,
        }
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

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    fn bash(script: &str) -> Process {
        let program = Program {
            path: PathBuf::from("bash"),
            arguments: vec!["-c".into(), script.into()],
        };
        Process::start(&program, |_| ()).unwrap()
    }

    fn soon() -> Instant {
        Instant::now() + Duration::from_secs(20)
    }

    #[tokio::test]
    async fn an_answer_that_comes_in_pieces_is_whole() {
        let mut process =
            bash("read -r line; printf 'half '; sleep 0.3; echo \"$line\"; printf rest");
        process.give(b"asked\n".to_vec());
        let early = Instant::now() + Duration::from_millis(100);
        assert!(matches!(process.reply(early).await, Reply::Late));
        let reply = process.reply(soon()).await;
        assert!(matches!(reply, Reply::Answer(line) if line == b"half asked\n"));
        let reply = process.reply(soon()).await;
        assert!(
            matches!(reply, Reply::Ended),
            "a line without its end is no answer"
        );
    }

    #[tokio::test]
    async fn ends_are_told_apart() {
        let ends = [
            ("exit 0", Verdict::CannotRun),
            ("exit 4", Verdict::CannotRun),
            ("exit 101", Verdict::Deadly),
            ("kill -9 $$", Verdict::Killed),
            ("kill -15 $$", Verdict::Killed),
            ("kill -6 $$", Verdict::Deadly),
            ("exec >&-; exec sleep 60", Verdict::Hung),
        ];
        for (script, verdict) in ends {
            let mut process = bash(script);
            assert!(
                matches!(process.reply(soon()).await, Reply::Ended),
                "{script}"
            );
            let patience = if verdict == Verdict::Hung { 1 } else { 20 };
            let end = process.end(Duration::from_secs(patience)).await.unwrap();
            assert_eq!(end.verdict, verdict, "{script}");
        }
    }

    #[tokio::test]
    async fn one_that_has_ended_is_seen_at_its_output() {
        let mut process = bash("exit 7");
        process.give(vec![b'x'; 1 << 20]);
        assert!(matches!(process.reply(soon()).await, Reply::Ended));
        while process.lives() {
            tokio::task::yield_now().await;
        }
    }
}
