//! The service: the commands over HTTP, and a page for those who write no YAML.
//!
//! [`app`] is the whole service as a function from requests to responses; [`run`] puts it behind a socket.
//! Reports are worked on by a [`Pool`] of processes, each of which can be ended without harm to the others,
//! because Typst cannot be stopped from within. Nothing of a report is kept or logged. The interface is
//! described in `docs/service.md`, and for programs in `/api/v1/openapi.json`.

mod answers;
mod assets;
mod body;
mod dto;
mod editions;
mod form;
mod health;
mod host;
mod listen;
mod matching;
mod metrics;
mod middleware;
mod openapi;
mod options;
mod origin;
mod pool;
mod problem;
mod query;
mod reports;
mod service;
mod token;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use tokio::sync::Semaphore;
use tower_http::catch_panic::CatchPanicLayer;

pub use self::body::{MAX_PARTS, MAX_REPORT};
pub use self::host::Host;
pub use self::listen::run;
use self::metrics::Metrics;

pub use self::options::Options;
pub use self::origin::Origin;
pub use self::pool::Pool;
use self::service::{ALL_BODIES, Service, Shared};
pub use self::token::Token;
use crate::form::Editions;

/// The service as a function from requests to responses. It starts the workers at once, so it is called
/// within a runtime.
pub fn app(editions: Editions, options: Options) -> Router {
    let metrics = Arc::new(Metrics::default());
    let pool = Pool::start(&options, metrics.clone());
    let service = Service(Arc::new(Shared {
        editions,
        pool,
        metrics,
        token: options.token,
        hosts: options.hosts,
        origins: options.origins,
        bodies: Semaphore::new(ALL_BODIES >> 10),
    }));
    let (api, document) = openapi::routed();
    let router = Router::new()
        .merge(api)
        .merge(health::metrics())
        .route_layer(from_fn(problem::plain_findings))
        .route_layer(from_fn_with_state(service.clone(), middleware::with_token))
        .merge(openapi::pages(&document))
        .merge(health::routes())
        .merge(assets::routes())
        .fallback(problem::no_such_page)
        .method_not_allowed_fallback(problem::no_such_method)
        .with_state(service.clone())
        // Bodies are bounded where they are read.
        .layer(DefaultBodyLimit::disable())
        .layer(CatchPanicLayer::custom(problem::panicked));
    let router = match middleware::origins(&service.origins) {
        Some(layer) => router.layer(layer),
        None => router,
    };
    middleware::around(router, service)
}
