//! The transcripts under `tests/forms/`.

use super::{EDITIONS, read, root};
use nianbao::format::{Format, Transcript};

/// The transcript of an edition.
pub fn transcript(edition: &str) -> Transcript {
    let path = root().join(format!("tests/forms/{edition}.txt"));
    Transcript::parse(&read(&path)).unwrap()
}

/// Every edition with its transcript.
pub fn editions() -> impl Iterator<Item = (&'static Format, Transcript)> {
    let all = EDITIONS.all().iter();
    all.map(|format| (format.as_ref(), transcript(&format.edition)))
}
