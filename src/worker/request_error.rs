//! The failure of a request, and the rest of a request once its pages are made.

use super::answer::Answer;
use crate::error::Error;
use crate::pipeline;

/// The failure of a request.
pub(super) enum RequestError {
    /// The request is invalid; in Chinese, for those who fill in reports.
    Request(String),
    /// The machine failed.
    Machine(Error),
}

/// The rest of a request once its pages are made: writes them and returns the answer.
pub(super) type Rest = Box<dyn FnOnce() -> Result<Answer, RequestError> + Send>;

impl From<Error> for RequestError {
    fn from(error: Error) -> Self {
        Self::Machine(error)
    }
}

/// The rest of a request for which nothing is to be written.
pub(super) fn ready(answer: Answer) -> Rest {
    Box::new(move || Ok(answer))
}

/// The result of some work, or the answer with its failure.
pub(super) fn answered<T>(
    work: impl FnOnce() -> Result<T, RequestError>,
) -> Result<T, Box<Answer>> {
    let answer = match pipeline::guarded(work) {
        Ok(Ok(given)) => return Ok(given),
        Ok(Err(RequestError::Request(message))) => Answer::refused(message),
        Ok(Err(RequestError::Machine(error))) => Answer::failed(error.to_string()),
        Err(panicked) => Answer::failed(panicked),
    };
    Err(Box::new(answer))
}
