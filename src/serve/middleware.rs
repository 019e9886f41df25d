//! Layers around every response: an id, a line in the log, headers that keep browsers from doing more than
//! the page needs.

use std::time::Instant;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use tower_http::cors::CorsLayer;
use tower_http::request_id::{
    MakeRequestUuid, PropagateRequestIdLayer, RequestId, SetRequestIdLayer,
};

use super::host::{self, Host};
use super::origin::{self, Origin};
use super::problem::Problem;
use super::service::Service;

/// The content policy of the page: its own files, and pictures that it made itself.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' blob: data:; connect-src 'self'; form-action 'none'; base-uri 'none'; \
    frame-ancestors 'none'";
const HEADERS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=()",
    ),
];
/// The header of the request id. One given by a proxy is kept if it is short enough.
const ID: HeaderName = HeaderName::from_static("x-request-id");
const LONGEST_ID: usize = 64;

/// The header of the requesting site, as set by browsers (Fetch Metadata).
const SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The layer that admits pages of other origins; `None` without any.
pub(super) fn origins(origins: &[Origin]) -> Option<CorsLayer> {
    let exposed = [
        header::CONTENT_DISPOSITION,
        header::ETAG,
        header::RETRY_AFTER,
        super::answers::PAGES,
        ID,
    ];
    (!origins.is_empty()).then(|| {
        CorsLayer::new()
            .allow_origin(
                origins
                    .iter()
                    .map(|origin| origin.0.clone())
                    .collect::<Vec<_>>(),
            )
            .allow_methods([Method::GET, Method::POST])
            .allow_headers([header::CONTENT_TYPE, header::AUTHORIZATION])
            .expose_headers(exposed)
    })
}

/// The service inside all of these layers.
pub(super) fn around(router: Router, service: Service) -> Router {
    router
        .layer(middleware::from_fn_with_state(service.clone(), asked_by))
        .layer(middleware::from_fn_with_state(service, told))
        .layer(PropagateRequestIdLayer::new(ID))
        .layer(SetRequestIdLayer::new(ID, MakeRequestUuid))
        .layer(middleware::from_fn(without_long_id))
        .layer(middleware::map_response(with_headers))
}

/// Refuses requests that name another host, and requests of pages of other origins, except named ones: a form can
/// be posted from anywhere, and this service may run on the same machine as the browser.
async fn asked_by(State(service): State<Service>, request: Request, next: Next) -> Response {
    let refused = |status, detail: String| Problem::new(status, detail).into_response();
    let host = match host::named(&request) {
        Ok(host) => host,
        Err(fault) => return refused(StatusCode::BAD_REQUEST, fault.to_owned()),
    };
    if let (Some(known), Some(host)) = (&service.hosts, &host) {
        let host = Host::from(host);
        if !known.contains(&host) {
            let detail = format!("本服务不叫 {host}；要用这个名称，启动时加 --host {host}");
            return refused(StatusCode::MISDIRECTED_REQUEST, detail);
        }
    }
    let site = request.headers().get(SITE);
    let foreign = match request.headers().get(header::ORIGIN) {
        Some(origin) => {
            let own = host.is_some_and(|host| origin::is_own(origin, &host));
            !own && !service.origins.iter().any(|named| named.0 == origin)
        }
        None => request.method() == Method::POST && site.is_some_and(|s| s == "cross-site"),
    };
    if foreign {
        let detail = "不接受别的网站发来的请求";
        return refused(StatusCode::FORBIDDEN, detail.to_owned());
    }
    next.run(request).await
}

async fn without_long_id(mut request: Request, next: Next) -> Response {
    let id = request.headers().get(ID);
    if id.is_some_and(|id| id.len() > LONGEST_ID || id.to_str().is_err()) {
        request.headers_mut().remove(ID);
    }
    next.run(request).await
}

async fn with_headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // What was made of a report stays with who asked for it.
    let kept = HeaderValue::from_static("no-store");
    headers.entry(header::CACHE_CONTROL).or_insert(kept);
    response
}

/// Counts and logs a request: id, method, path, status and time, nothing of its content.
async fn told(State(service): State<Service>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    // Anyone may call a method as they like.
    let known = [Method::GET, Method::HEAD, Method::POST, Method::OPTIONS];
    let method = known.into_iter().find(|known| known == request.method());
    let method = method.map_or("-".to_owned(), |method| method.to_string());
    let path = request.extensions().get::<MatchedPath>();
    let path = path.map_or("-", MatchedPath::as_str).to_owned();
    let id = request.extensions().get::<RequestId>();
    let id = id.and_then(|id| id.header_value().to_str().ok());
    let id = id.unwrap_or_default().to_owned();
    let response = next.run(request).await;
    let status = response.status().as_u16();
    let took = started.elapsed();
    service.metrics.answered(&path, status, took);
    let ms = u64::try_from(took.as_micros()).unwrap_or(u64::MAX) as f64 / 1000.0;
    tracing::info!(id, method, path, status, ms, "answered");
    response
}

/// Admits requests that bear the token.
pub(super) async fn with_token(
    State(service): State<Service>,
    request: Request,
    next: Next,
) -> Response {
    let header = request.headers().get(header::AUTHORIZATION);
    match &service.token {
        Some(token) if !token.is_borne(header.map(HeaderValue::as_bytes)) => {
            Problem::new(StatusCode::UNAUTHORIZED, "需要访问令牌").into_response()
        }
        _ => next.run(request).await,
    }
}
