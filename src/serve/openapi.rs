//! The description of the interface (`OpenAPI` 3.1), made from the code that answers, and its page.

use std::sync::Arc;

use axum::Router;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::openapi::OpenApi as Document;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::{OpenApi, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use utoipa_swagger_ui::Config;

use super::problem::{self, Problem};
use super::{Service, editions, reports};
use crate::digest::Digest;
use crate::typeset::SectionPlace;
use crate::worker::Status;

/// The document that describes the interface.
const DOCUMENT: &str = "/api/v1/openapi.json";

/// What the document calls the token.
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

/// The parts of a multipart body.
#[derive(ToSchema)]
#[expect(dead_code, reason = "described, never made")]
pub(super) struct Parts {
    /// The report file, at most 1 MiB; YAML unless the part says that it is JSON.
    report: String,
    /// The report of the year before, which it is compared with.
    previous: Option<String>,
    /// The files of figures, each named as the report names it: PNG, JPEG or SVG, 25 million pixels each,
    /// 100 million all together. With them a body has at most 8 MiB.
    #[schema(format = Binary, value_type = Vec<String>)]
    figure: Vec<Vec<u8>>,
}

/// A finding about a report.
#[derive(ToSchema)]
#[expect(dead_code, reason = "described, made elsewhere")]
pub(super) struct Finding {
    /// The id of the rule.
    #[schema(example = "requests-unbalanced")]
    rule: String,
    /// How much it weighs; a report with an error is not made.
    #[schema(pattern = "^(error|warning|note)$")]
    severity: String,
    /// What was found, in Chinese.
    message: String,
    /// The report file.
    file: String,
    /// Its line, from 1.
    line: usize,
    /// Its column in characters, from 1.
    column: usize,
    /// The line of its end.
    end_line: usize,
    /// The column behind its end.
    end_column: usize,
    /// What is to be said of this place and others.
    labels: Vec<Label>,
    /// The sentence of law that it rests on.
    law: Option<String>,
    /// What to do.
    hints: Vec<String>,
}

/// What is to be said of a place.
#[derive(ToSchema)]
#[expect(dead_code, reason = "described, made elsewhere")]
pub(super) struct Label {
    text: String,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

/// What is found in a report.
#[derive(Serialize, ToSchema)]
pub(super) struct Checked {
    /// Whether it can be made.
    #[schema(value_type = String, pattern = "^(done|faulty)$")]
    pub status: Status,
    /// Its findings, as `nianbao check --output json` prints them.
    #[schema(value_type = Vec<Finding>)]
    pub findings: Box<RawValue>,
    /// The SHA-256 of what it says, as it stands on signed paper; none where a field or a figure is faulty.
    #[schema(value_type = Option<String>)]
    pub digest: Option<Digest>,
}

/// The pages of a report.
#[derive(Serialize, ToSchema)]
pub(super) struct Overview {
    /// How many there are.
    pub pages: Option<usize>,
    /// The SHA-256 of what the report says.
    #[schema(value_type = Option<String>)]
    pub digest: Option<Digest>,
    /// Where sections begin.
    #[schema(value_type = Vec<Place>)]
    pub places: Vec<SectionPlace>,
}

/// Where a section begins.
#[derive(ToSchema)]
#[expect(dead_code, reason = "described, made elsewhere")]
struct Place {
    section: String,
    /// The page, from 1.
    page: usize,
    /// How far below the top of the page, as a share of its height.
    top: f64,
}

/// The interface, and what describes it.
pub(super) fn routed() -> (Router<Service>, Document) {
    let (router, mut document) = OpenApiRouter::with_openapi(Api::openapi())
        .routes(routes!(reports::pdf))
        .routes(routes!(reports::pages))
        .routes(routes!(reports::check))
        .routes(routes!(reports::read))
        .routes(routes!(editions::editions))
        .routes(routes!(editions::schema))
        .routes(routes!(editions::form))
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

/// The document and its page, which anyone may read.
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
