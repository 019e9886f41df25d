//! The state that all requests share.

use std::sync::Arc;

use tokio::sync::Semaphore;

use super::host::Host;
use super::metrics::Metrics;
use super::origin::Origin;
use super::pool::Pool;
use super::token::Token;
use crate::form::Editions;

/// The most bytes of the bodies of all requests not yet answered (256 MiB).
pub(super) const ALL_BODIES: usize = 256 << 20;

/// The state that all requests share.
#[derive(Clone)]
pub(super) struct Service(pub(super) Arc<Shared>);

pub(super) struct Shared {
    pub(super) editions: Editions,
    pub(super) pool: Pool,
    pub(super) metrics: Arc<Metrics>,
    pub(super) token: Option<Token>,
    pub(super) hosts: Option<Vec<Host>>,
    pub(super) origins: Vec<Origin>,
    /// The room for bodies of requests, in KiB.
    pub(super) bodies: Semaphore,
}

impl std::ops::Deref for Service {
    type Target = Shared;
    fn deref(&self) -> &Shared {
        &self.0
    }
}
