//! The options of the service.

use std::time::Duration;

use super::host::Host;
use super::origin::Origin;
use super::token::Token;
use crate::worker::Program;

/// The settings of a service.
#[derive(Clone, Debug)]
pub struct Options {
    /// The program of a worker.
    pub worker: Program,
    /// The number of workers.
    pub workers: usize,
    /// The most requests that may wait for a worker.
    pub queue: usize,
    /// The longest time of a request, from its last byte to the answer.
    pub deadline: Duration,
    /// The token that requests have to bear; `None` to admit all.
    pub token: Option<Token>,
    /// The hosts that requests may name; `None` for any.
    pub hosts: Option<Vec<Host>>,
    /// The other origins whose pages may send requests.
    pub origins: Vec<Origin>,
}
