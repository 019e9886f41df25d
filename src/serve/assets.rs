//! The page for those who write no YAML: files that are compiled in.

use axum::Router;
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use include_dir::{Dir, include_dir};

use super::problem::{self, NO_SUCH_PAGE, Problem};
use super::service::Service;

static FILES: Dir = include_dir!("$CARGO_MANIFEST_DIR/web");

pub(super) fn routes() -> Router<Service> {
    Router::new()
        .route("/", get(async || file("index.html")))
        .route(
            "/{file}",
            get(
                async |name: Result<Path<String>, PathRejection>| match name {
                    Ok(Path(name)) => file(&name),
                    Err(_) => problem::no_such_page().await.into_response(),
                },
            ),
        )
}

fn file(name: &str) -> Response {
    let kind = match name.rsplit_once('.') {
        Some((_, "html")) => "text/html; charset=utf-8",
        Some((_, "js")) => "text/javascript; charset=utf-8",
        Some((_, "css")) => "text/css; charset=utf-8",
        Some((_, "svg")) => "image/svg+xml",
        _ => "application/octet-stream",
    };
    match FILES.get_file(name) {
        // Another version of the program has other files under the same names.
        Some(file) => {
            let headers = [
                (header::CONTENT_TYPE, kind),
                (header::CACHE_CONTROL, "no-cache"),
            ];
            (headers, file.contents()).into_response()
        }
        None => Problem::new(StatusCode::NOT_FOUND, NO_SUCH_PAGE).into_response(),
    }
}
