//! Whether the service lives, and whether it can work.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;

use super::Service;
use super::problem::Problem;

pub(super) fn routes() -> Router<Service> {
    Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(ready))
}

async fn ready(State(service): State<Service>) -> Result<&'static str, Problem> {
    if service.pool.is_ready() {
        return Ok("ready
");
    }
    Err(Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "还没有准备好",
    ))
}
