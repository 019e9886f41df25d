//! The options of the service.

use std::time::Duration;

use super::origin::Origin;
use super::token::Token;
use crate::worker::Program;

/// What the service is given.
#[derive(Clone, Debug)]
pub struct Options {
    /// The program that a worker is.
    pub worker: Program,
    /// How many workers there are.
    pub workers: usize,
    /// How many requests may wait for one.
    pub queue: usize,
    /// How long a request may take, from its last byte to the answer.
    pub deadline: Duration,
    /// Who may ask; all, where there is none.
    pub token: Option<Token>,
    /// Pages of which other origins may ask.
    pub origins: Vec<Origin>,
}
