//! How the work on a request can go wrong, and what is left of it once that cannot happen any more.

use super::answer::Answer;
use crate::error::Error;
use crate::pipeline;

/// Why there is no answer as it is asked for.
pub(super) enum Fault {
    /// The request is at fault; in Chinese, for those who fill in reports.
    Request(String),
    /// The machine is.
    Machine(Error),
}

/// What is left of a request once its pages are made: to write them, and to say so.
pub(super) type Rest = Box<dyn FnOnce() -> Result<Answer, Fault> + Send>;

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Machine(error)
    }
}

/// An answer that has nothing to be written before it.
pub(super) fn ready(answer: Answer) -> Rest {
    Box::new(move || Ok(answer))
}

/// What some work gives, or the answer that tells why it gives nothing.
pub(super) fn told<T>(work: impl FnOnce() -> Result<T, Fault>) -> Result<T, Box<Answer>> {
    let answer = match pipeline::guarded(work) {
        Ok(Ok(given)) => return Ok(given),
        Ok(Err(Fault::Request(message))) => Answer::refused(message),
        Ok(Err(Fault::Machine(error))) => Answer::failed(error.to_string()),
        Err(panicked) => Answer::failed(panicked),
    };
    Err(Box::new(answer))
}
