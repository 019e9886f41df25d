//! Answers that are no result: problem details (RFC 9457), with a sentence in Chinese that can be shown.

use std::any::Any;

use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::dto::Finding;

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
    /// The parameter of the address that is at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    parameter: Option<Box<str>>,
    /// The part of the body that is at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    part: Option<Box<str>>,
    /// The findings about a report with errors, as `nianbao check --output json` prints them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<Finding>>)]
    findings: Option<Box<RawValue>>,
    #[serde(skip)]
    after: Option<u64>,
}

/// The findings of a response alone, for clients of the interface before 422 became a problem.
#[derive(Clone)]
struct Plain(Box<RawValue>);

impl Problem {
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self {
            status: status.as_u16(),
            title: status.canonical_reason().unwrap_or_default(),
            detail: detail.into(),
            parameter: None,
            part: None,
            findings: None,
            after: None,
        }
    }

    /// The problem of a report with errors, given its findings as JSON.
    pub fn of_findings(findings: String) -> Self {
        Self {
            findings: RawValue::from_string(findings).ok(),
            ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "报告有错误，没有生成")
        }
    }

    /// Names the parameter at fault.
    pub fn of_parameter(self, name: &str) -> Self {
        Self {
            parameter: Some(name.into()),
            ..self
        }
    }

    /// Names the part at fault.
    pub fn of_part(self, name: &str) -> Self {
        Self {
            part: Some(name.into()),
            ..self
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
        if let Some(findings) = self.findings {
            response.extensions_mut().insert(Plain(findings));
        }
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

/// Answers with the findings alone where a client accepts JSON and no problem, as all were answered before.
pub(super) async fn plain_findings(request: Request, next: Next) -> Response {
    let accepted = request.headers().get(header::ACCEPT);
    let accepted = accepted.and_then(|accepted| accepted.to_str().ok());
    let plain = accepted.is_some_and(|accepted| {
        accepted.contains("application/json") && !accepted.contains("problem+json")
    });
    let mut response = next.run(request).await;
    match response.extensions_mut().remove::<Plain>() {
        Some(Plain(findings)) if plain => {
            let content = [(header::CONTENT_TYPE, "application/json")];
            (
                response.status(),
                content,
                String::from(Box::<str>::from(findings)),
            )
                .into_response()
        }
        _ => response,
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
