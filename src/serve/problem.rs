//! Answers that are no result: problem details (RFC 9457), with a sentence in Chinese that can be shown.

use std::any::Any;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

/// Why there is no result (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Problem {
    /// The status again.
    #[schema(example = 429)]
    status: u16,
    /// The name of the status.
    #[schema(example = "Too Many Requests")]
    title: &'static str,
    /// What is wrong and what to do, in Chinese.
    #[schema(example = "请求过多，请稍后再试")]
    detail: String,
    #[serde(skip)]
    after: Option<u64>,
}

impl Problem {
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self {
            status: status.as_u16(),
            title: status.canonical_reason().unwrap_or_default(),
            detail: detail.into(),
            after: None,
        }
    }

    /// The problem of a defect of the program; its message may come from a report, so it is not repeated.
    pub fn defect() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "程序出错，没有生成")
    }

    /// Adds the seconds after which to try again.
    pub fn after(self, seconds: u64) -> Self {
        Self {
            after: Some(seconds),
            ..self
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or_default();
        let after = self.after;
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let content = [(header::CONTENT_TYPE, "application/problem+json")];
        let mut response = (status, content, body).into_response();
        let headers = response.headers_mut();
        if let Some(seconds) = after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if status == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Bearer");
            headers.insert(header::WWW_AUTHENTICATE, scheme);
        }
        response
    }
}

/// The detail about an unknown path.
pub(super) const NO_SUCH_PAGE: &str = "没有这个地址";

pub(super) async fn no_such_page() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, NO_SUCH_PAGE)
}

pub(super) async fn no_such_method() -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "这个地址不接受这种方法")
}

/// The response after a panic. The message of the panic may come from a report, so it is dropped.
pub(super) fn panicked(_: Box<dyn Any + Send>) -> Response {
    tracing::error!("a request panicked, which is a defect of nianbao");
    Problem::defect().into_response()
}
