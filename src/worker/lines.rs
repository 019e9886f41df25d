//! Requests and answers, line by line.

use std::io::{self, BufRead, Read, Write};

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Answer, Request, Worker};

/// The longest line of a request, in bytes (64 MiB): a report, the one before, and their figures.
pub const MAX_LINE: usize = 64 << 20;

/// Answers the requests of `input`, each with one line, until there are no more.
///
/// # Errors
/// When a line cannot be read or written.
pub fn serve(worker: &Worker, mut input: impl BufRead, mut output: impl Write) -> io::Result<()> {
    let mut line = Vec::new();
    while next(&mut input, &mut line)? {
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        #[cfg(feature = "faults")]
        injected();
        let mut answer = serde_json::to_vec(&answered(worker, &line))?;
        answer.push(b'\n');
        output.write_all(&answer)?;
        output.flush()?;
    }
    Ok(())
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

/// What tells a request from others, whatever else is wrong with it.
#[derive(Deserialize)]
struct Named {
    #[serde(default)]
    id: Box<RawValue>,
}

fn answered(worker: &Worker, line: &[u8]) -> Answer {
    if line.len() > MAX_LINE {
        return Answer::refused(format!("请求超过 {} MiB", MAX_LINE >> 20));
    }
    match serde_json::from_slice::<Request>(line) {
        Ok(request) => worker.answer(&request),
        Err(fault) => {
            // Its sender wants to know which one it was.
            let named: Result<Named, _> = serde_json::from_slice(line);
            Answer {
                id: named.map(|named| named.id).unwrap_or_default(),
                ..Answer::refused(format!("不是请求：{fault}"))
            }
        }
    }
}

/// The next line; of one that is too long, enough to know that. Whether there is one.
fn next(input: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<bool> {
    line.clear();
    let limit = u64::try_from(MAX_LINE + 1).unwrap_or(u64::MAX);
    input.by_ref().take(limit).read_until(b'\n', line)?;
    if line.len() > MAX_LINE && line.last() != Some(&b'\n') {
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
