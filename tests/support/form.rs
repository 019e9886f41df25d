//! The transcripts under `tests/forms/`.

use super::{EDITIONS, read, root};
use nianbao::form::{Form, Transcript};

/// The transcript of an edition.
pub fn transcript(edition: &str) -> Transcript {
    let path = root().join(format!("tests/forms/{edition}.txt"));
    Transcript::parse(&read(&path)).unwrap()
}

/// Every edition with its transcript.
pub fn editions() -> impl Iterator<Item = (&'static Form, Transcript)> {
    let all = EDITIONS.all().iter();
    all.map(|form| (form.as_ref(), transcript(&form.edition)))
}
