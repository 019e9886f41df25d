//! Routes for operators of the service: liveness, readiness, and counters.

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::problem::Problem;
use super::service::Service;

pub(super) fn routes() -> Router<Service> {
    Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(ready))
}

/// The route of the counters, which needs the token.
pub(super) fn metrics() -> Router<Service> {
    Router::new().route("/metrics", get(counters))
}

async fn counters(State(service): State<Service>) -> Response {
    match service.metrics.text() {
        Ok(body) => {
            let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
            ([(header::CONTENT_TYPE, kind)], body).into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
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
