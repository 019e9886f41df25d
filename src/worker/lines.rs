//! Requests and answers, line by line.

use std::io::{self, BufRead, Read, Write};
use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Answer, Request, Worker};
use crate::parallel::alone;

/// The longest line of a request, in bytes (64 MiB): a report, the one before, and their figures.
pub const MAX_LINE: usize = 64 << 20;

/// The number of requests that are begun while an answer is written. If the process dies, it is at one of them.
pub(super) const AHEAD: usize = 1;

/// The rest of a request: writes a file if there is one, and returns the answer.
type Begun = Box<dyn FnOnce() -> Answer + Send>;

/// Answers the requests of `input`, each of up to `longest` bytes with one line and in their order, until there are no
/// more. What one asks for is written while the next is worked on.
///
/// # Errors
/// When a line cannot be read or written.
pub fn serve(
    worker: Arc<Worker>,
    longest: usize,
    input: impl BufRead + Send + 'static,
    mut output: impl Write,
) -> io::Result<()> {
    // What is begun waits there until the answer before it is written.
    let (send, receive) = sync_channel(AHEAD - 1);
    // Nobody waits for this thread where answers cannot be written: the input may never end.
    let working = thread::spawn(move || alone(move || work(&worker, longest, input, &send)));
    for begun in receive {
        let mut answer = serde_json::to_vec(&begun?())?;
        answer.push(b'\n');
        output.write_all(&answer)?;
        output.flush()?;
    }
    working.join().unwrap_or_else(|panic| resume_unwind(panic));
    Ok(())
}

/// Begins one request after another, as long as somebody writes the answers.
fn work(
    worker: &Worker,
    longest: usize,
    input: impl BufRead,
    send: &SyncSender<io::Result<Begun>>,
) {
    lines(input, longest, |line| {
        let begin = |line: Vec<u8>| {
            #[cfg(feature = "faults")]
            injected();
            begun(worker, longest, &line)
        };
        send.send(line.map(begin)).is_ok()
    });
}

/// Hands on one line after another, with its end, as long as they are taken. Blank ones are passed over.
pub(super) fn lines(
    mut input: impl BufRead,
    longest: usize,
    mut take: impl FnMut(io::Result<Vec<u8>>) -> bool,
) {
    loop {
        let mut line = Vec::new();
        let taken = match next(&mut input, longest, &mut line) {
            Ok(false) => return,
            Ok(true) if line.iter().all(u8::is_ascii_whitespace) => true,
            Ok(true) => {
                if line.last() != Some(&b'\n') {
                    line.push(b'\n');
                }
                take(Ok(line))
            }
            Err(fault) => {
                take(Err(fault));
                return;
            }
        };
        if !taken {
            return;
        }
    }
}

/// The panic that a test injects, which nobody catches: at the request with this number, from 1.
#[cfg(feature = "faults")]
fn injected() {
    use std::sync::atomic::{AtomicUsize, Ordering};
    static REQUESTS: AtomicUsize = AtomicUsize::new(0);
    let number = REQUESTS.fetch_add(1, Ordering::Relaxed) + 1;
    let fatal = std::env::var("NIANBAO_PANIC_AT").ok();
    assert_ne!(fatal, Some(number.to_string()), "a panic that was injected");
}

/// The `id` of a request, whatever else is wrong with it.
#[derive(Deserialize)]
struct Named {
    #[serde(default)]
    id: Box<RawValue>,
}

/// The `id` of a request; `null` where it has none.
pub(super) fn id_of(line: &[u8]) -> Box<RawValue> {
    let named: Result<Named, _> = serde_json::from_slice(line);
    named.map(|named| named.id).unwrap_or_default()
}

fn begun(worker: &Worker, longest: usize, line: &[u8]) -> Begun {
    let refused = |id, message| -> Begun {
        let answer = Answer::refused(message);
        Box::new(move || Answer { id, ..answer })
    };
    if line.len() > longest + 1 {
        return refused(Box::default(), format!("请求超过 {} MiB", longest >> 20));
    }
    match serde_json::from_slice::<Request>(line) {
        Ok(request) => Box::new(worker.begin(&request)),
        Err(fault) => {
            // Its sender wants to know which one it was.
            refused(id_of(line), format!("不是请求：{fault}"))
        }
    }
}

/// The next line; of one that is too long, enough to know that. Whether there is one.
fn next(input: &mut impl BufRead, longest: usize, line: &mut Vec<u8>) -> io::Result<bool> {
    line.clear();
    let limit = u64::try_from(longest + 1).unwrap_or(u64::MAX);
    input.by_ref().take(limit).read_until(b'\n', line)?;
    if line.len() > longest && line.last() != Some(&b'\n') {
        skip(input)?;
    }
    Ok(!line.is_empty())
}

/// Passes over the rest of a line.
fn skip(input: &mut impl BufRead) -> io::Result<()> {
    loop {
        let piece = input.fill_buf()?;
        let (length, ends) = match memchr::memchr(b'\n', piece) {
            Some(end) => (end + 1, true),
            None => (piece.len(), piece.is_empty()),
        };
        input.consume(length);
        if ends {
            return Ok(());
        }
    }
}
