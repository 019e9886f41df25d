//! The contents of the editions of the form.

use axum::Json;
use axum::extract::{Path, Query, State, rejection::QueryRejection};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa::openapi::schema::Type;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema};

use super::form::{Edition, Form};
use super::problem::Problem;
use super::service::Service;
use crate::authoring::schema;
use crate::form::{self, Language};

/// The language of keys.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Keys {
    /// The language of the keys: `en` or `zh`; without it, `en`.
    #[param(schema_with = codes)]
    lang: Language,
}

/// The schema of a language of keys.
fn codes() -> impl Into<RefOr<Schema>> {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(Language::ALL.map(Language::code)))
}

/// The editions of the form: first those that were never prescribed, then oldest first.
#[utoipa::path(get, path = "/api/v1/editions", tag = "editions", responses((status = 200, body = Vec<Edition>)))]
pub(super) async fn editions(State(service): State<Service>) -> Json<Vec<Edition>> {
    let all = service.editions.all().iter();
    Json(all.map(|form| Edition::of(form)).collect())
}

/// The JSON Schema of report files.
#[utoipa::path(
    get, path = "/api/v1/schema/{edition}", tag = "editions",
    params(("edition" = String, Path, description = "The name of the edition"), Keys),
    responses(
        (status = 200, content_type = "application/schema+json", body = Object),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn schema(
    State(service): State<Service>,
    Path(edition): Path<String>,
    keys: Result<Query<Keys>, QueryRejection>,
) -> Result<Response, Problem> {
    let keys = keys.map_err(|_| Problem::new(StatusCode::BAD_REQUEST, "lang 是 en 或 zh"))?;
    let schema = schema::schema(named(&service, &edition)?, keys.lang);
    let content = [(header::CONTENT_TYPE, "application/schema+json")];
    Ok((content, schema).into_response())
}

/// What an edition prescribes, for programs that draw a form of it.
#[utoipa::path(
    get, path = "/api/v1/form/{edition}", tag = "editions",
    params(("edition" = String, Path, description = "The name of the edition")),
    responses(
        (status = 200, body = Form),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn form(
    State(service): State<Service>,
    Path(edition): Path<String>,
) -> Result<Json<Form>, Problem> {
    Ok(Json(Form::of(named(&service, &edition)?)))
}

pub(super) fn named<'a>(service: &'a Service, edition: &str) -> Result<&'a form::Form, Problem> {
    let found = service.editions.named(edition);
    found.map(AsRef::as_ref).ok_or_else(|| {
        let all = service.editions.all().iter();
        let known: Vec<&str> = all.map(|form| form.edition.as_str()).collect();
        let detail = format!("没有这个格式，可用的有 {}", known.join("、"));
        Problem::new(StatusCode::NOT_FOUND, detail)
    })
}
