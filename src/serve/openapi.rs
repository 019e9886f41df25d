//! The description of the interface (`OpenAPI` 3.1), made from the code that responds, and its page.

use std::sync::Arc;

use axum::Router;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use utoipa::OpenApi;
use utoipa::openapi::OpenApi as Document;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use utoipa_swagger_ui::Config;

use super::problem::{self, Problem};
use super::service::Service;
use super::{editions, matching, reports};

/// The path of the document that describes the interface.
const DOCUMENT: &str = "/api/v1/openapi.json";

/// The name of the token in the document.
const TOKEN: &str = "token";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "nianbao",
        description = "政府信息公开工作年度报告：检查、排版、下载。\n\nReports on open government information: \
            checked, laid out, made into official PDFs. A report is a YAML file as described by \
            `/api/v1/schema/{edition}`; the same as JSON is taken as well. With figures or the report of the \
            year before, it is sent as multipart/form-data.",
    ),
    tags(
        (name = "reports", description = "What is made of a report; nothing of it is kept"),
        (name = "editions", description = "What the editions of the form prescribe"),
    ),
)]
struct Api;

/// The routes of the interface, and the document that describes them.
pub(super) fn routed() -> (Router<Service>, Document) {
    let (router, mut document) = OpenApiRouter::with_openapi(Api::openapi())
        .routes(routes!(reports::pdf))
        .routes(routes!(reports::pages))
        .routes(routes!(reports::check))
        .routes(routes!(reports::read))
        .routes(routes!(reports::write))
        .routes(routes!(reports::tidy))
        .routes(routes!(reports::convert))
        .routes(routes!(editions::editions))
        .routes(routes!(editions::schema))
        .routes(routes!(editions::form))
        .routes(routes!(matching::matching))
        .split_for_parts();
    let bearer = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
    if let Some(components) = &mut document.components {
        components.add_security_scheme(TOKEN, bearer);
    }
    // Where there is no token, none is asked for.
    let none: [&str; 0] = [];
    document.security = Some(vec![
        SecurityRequirement::default(),
        SecurityRequirement::new(TOKEN, none),
    ]);
    (router, document)
}

/// The routes of the document and its page, open to anyone.
pub(super) fn pages(document: &Document) -> Router<Service> {
    let described = serde_json::to_string_pretty(document).unwrap_or_default();
    let described = move || {
        let content = [(header::CONTENT_TYPE, "application/json")];
        let answer = (content, described.clone());
        async { answer }
    };
    let config = Arc::new(Config::from(DOCUMENT).use_base_layout());
    let index = config.clone();
    Router::new()
        .route(DOCUMENT, get(described))
        .route("/api", get(async || Redirect::permanent("/api/")))
        .route("/api/", get(async move || page("", index)))
        .route(
            "/api/{file}",
            get(async move |Path(file): Path<String>| page(&file, config)),
        )
}

fn page(file: &str, config: Arc<Config<'static>>) -> Response {
    match utoipa_swagger_ui::serve(file, config) {
        Ok(Some(file)) => {
            let content = [(header::CONTENT_TYPE, file.content_type.clone())];
            (content, file.bytes.into_owned()).into_response()
        }
        _ => Problem::new(StatusCode::NOT_FOUND, problem::NO_SUCH_PAGE).into_response(),
    }
}
