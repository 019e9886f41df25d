//! The routes of one report: its PDF, its pages, its findings, its fields.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::value::RawValue;
use utoipa::{IntoParams, ToSchema};

use super::answers;
use super::body::{ReportBody, Upload};
use super::dto::{Checked, Conversion, Overview, Parts, TidiedFile};
use super::problem::Problem;
use super::query::Parameters;
use super::service::Service;
use crate::pipeline::Target;
use crate::typeset::CopyKind;
use crate::worker::{Answer, Request, Status, To};

/// The options of a PDF.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PdfQuery {
    /// What the copy is for; without it, the public.
    #[param(inline)]
    copy: CopyKind,
    /// The words behind the text of a draft, 1 to 12 characters.
    watermark: Option<String>,
    /// The diameter of the place for a seal on a signing copy in mm, 40 to 42.
    seal_size: Option<String>,
    /// A signing copy for print on both sides.
    duplex: bool,
    /// Errors in numbers are warnings: the report is what was published.
    as_published: bool,
    /// The name of the report file, which the copy of an archive keeps; without it, the year and `.yaml`.
    name: Option<String>,
}

/// The page to picture, or none for an overview of all.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PageQuery {
    /// The page, from 1; without it, how many there are and where sections begin.
    page: Option<usize>,
    /// The kind of picture; without it, PNG.
    #[param(inline)]
    to: Picture,
    /// Pixels per inch of a PNG, 10 to 300; without it, 96.
    #[param(minimum = 10, maximum = 300)]
    ppi: Option<f32>,
    /// What the copy is for; without it, the public.
    #[param(inline)]
    copy: CopyKind,
    /// Errors in numbers are warnings: the report is what was published.
    as_published: bool,
    /// A report with errors is shown as far as it goes, with the values marked that they are about.
    partial: bool,
}

/// The options of a check.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct CheckQuery {
    /// Errors in numbers are warnings: the report is what was published.
    as_published: bool,
}

/// A kind of picture.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Picture {
    /// PNG.
    #[default]
    Png,
    /// SVG.
    Svg,
}

/// The PDF of a report.
#[utoipa::path(
    post, path = "/api/v1/pdf", params(PdfQuery), tag = "reports",
    request_body(content((String = "application/yaml"), (Object = "application/json"), (Parts = "multipart/form-data"))),
    responses(
        (status = 200, description = "The PDF", content_type = "application/pdf", body = Vec<u8>,
         headers(("ETag" = String, description = "SHA-256 of the file"), ("Content-Disposition" = String), ("Nianbao-Pages" = u32))),
        (status = 400, description = "The request is none", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "The token is missing or wrong", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Over 4 MiB, with figures over 32 MiB", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Another type of content", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The report has errors: its findings", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "The queue is full", body = Problem, content_type = "application/problem+json", headers(("Retry-After" = u32))),
        (status = 503, description = "Past the deadline", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn pdf(
    State(service): State<Service>,
    Parameters(query): Parameters<PdfQuery>,
    request: axum::extract::Request,
) -> Result<Response, Problem> {
    let order = |mut request: Request| {
        request.copy = query.copy;
        request.watermark = query.watermark;
        request.seal_size = query.seal_size;
        request.duplex = query.duplex;
        request.as_published = query.as_published;
        request.name = query.name;
        request
    };
    made(&service, request, To::Pdf, order).await
}

/// A page of a report as a picture, or an overview of its pages.
#[utoipa::path(
    post, path = "/api/v1/pages", params(PageQuery), tag = "reports",
    request_body(content((String = "application/yaml"), (Object = "application/json"), (Parts = "multipart/form-data"))),
    responses(
        (status = 200, description = "The page; without `page`, an overview", content(
            (Vec<u8> = "image/png"), (Vec<u8> = "image/svg+xml"), (Overview = "application/json"))),
        (status = 404, description = "There is no such page", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The report has errors: its findings", body = Problem, content_type = "application/problem+json"),
        (status = "4XX", description = "As for /api/v1/pdf", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Past the deadline", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn pages(
    State(service): State<Service>,
    Parameters(query): Parameters<PageQuery>,
    request: axum::extract::Request,
) -> Result<Response, Problem> {
    let ppi = query.ppi.unwrap_or(96.0);
    if !(10.0..=300.0).contains(&ppi) {
        let problem = Problem::new(StatusCode::BAD_REQUEST, "ppi 应为 10 至 300");
        return Err(problem.of_parameter("ppi"));
    }
    let to = match (query.page, query.to) {
        (None, _) => To::Places,
        (_, Picture::Png) => To::Png,
        (_, Picture::Svg) => To::Svg,
    };
    let order = |mut request: Request| {
        request.copy = query.copy;
        request.as_published = query.as_published;
        request.partial = query.partial;
        request.page = query.page;
        request.ppi = ppi;
        request
    };
    let reply = answered(&service, request, to, order).await?;
    if query.partial && query.page.is_none() && reply.is_faulty() {
        // Who asks how far it goes is told.
        return Ok(Json(Overview::default()).into_response());
    }
    response(to, reply)
}

/// What is found in a report.
#[utoipa::path(
    post, path = "/api/v1/check", params(CheckQuery), tag = "reports",
    request_body(content((String = "application/yaml"), (Object = "application/json"), (Parts = "multipart/form-data"))),
    responses(
        (status = 200, description = "Its findings, errors or not", body = Checked),
        (status = "4XX", description = "As for /api/v1/pdf", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Past the deadline", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn check(
    State(service): State<Service>,
    Parameters(query): Parameters<CheckQuery>,
    request: axum::extract::Request,
) -> Result<Response, Problem> {
    let order = |mut request: Request| {
        request.as_published = query.as_published;
        request
    };
    match answered(&service, request, To::Check, order).await? {
        Reply::Answer { answer, .. } => Ok(checked(&answer)),
        Reply::NoText(findings) => {
            let findings = RawValue::from_string(findings).unwrap_or_default();
            let checked = Checked {
                status: Status::Faulty,
                findings,
                digest: None,
                copied: Vec::new(),
            };
            Ok(Json(checked).into_response())
        }
    }
}

fn checked(answer: &Answer) -> Response {
    if !matches!(answer.status, Status::Done | Status::Faulty)
        && let Some(refused) = answers::refused(answer)
    {
        return refused;
    }
    Json(Checked {
        status: answer.status,
        findings: answer.findings.clone(),
        digest: answer.digest,
        copied: answer.copied.clone(),
    })
    .into_response()
}

/// What a report file says, field by field and as written: for forms.
#[utoipa::path(
    post, path = "/api/v1/read", tag = "reports",
    request_body(content((String = "application/yaml"), (Object = "application/json"), (Parts = "multipart/form-data"))),
    responses(
        (status = 200, description = "Its fields", body = Object),
        (status = 422, description = "It is no YAML: the finding", body = Problem, content_type = "application/problem+json"),
        (status = "4XX", description = "As for /api/v1/pdf", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Past the deadline", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn read(
    State(service): State<Service>,
    request: axum::extract::Request,
) -> Result<Response, Problem> {
    made(&service, request, To::Fields, |request| request).await
}

/// What can be put right in a report file without judging, and the file in which it is.
#[utoipa::path(
    post, path = "/api/v1/tidy", tag = "reports",
    request_body(content((String = "application/yaml"), (Object = "application/json"), (Parts = "multipart/form-data"))),
    responses(
        (status = 200, description = "The changes, and the file with them", body = TidiedFile),
        (status = 422, description = "It is no report: the finding", body = Problem, content_type = "application/problem+json"),
        (status = "4XX", description = "As for /api/v1/pdf", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Past the deadline", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn tidy(
    State(service): State<Service>,
    request: axum::extract::Request,
) -> Result<Response, Problem> {
    made(&service, request, To::Tidy, |request| request).await
}

/// A report as a YAML file: what it says, written as people would write it.
#[utoipa::path(
    post, path = "/api/v1/write", tag = "reports",
    request_body(content((Object = "application/json"), (String = "application/yaml"), (Parts = "multipart/form-data"))),
    responses(
        (status = 200, description = "The report file", content_type = "application/yaml", body = String),
        (status = 422, description = "It is no report: the finding", body = Problem, content_type = "application/problem+json"),
        (status = "4XX", description = "As for /api/v1/pdf; 400 if the form has no place for something", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Past the deadline", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn write(
    State(service): State<Service>,
    request: axum::extract::Request,
) -> Result<Response, Problem> {
    made(&service, request, To::Yaml, |request| request).await
}

/// What a report says in the form of another edition, and what that has no place for.
#[utoipa::path(
    post, path = "/api/v1/convert/{edition}", tag = "reports",
    params(("edition" = String, Path, description = "The name of the other edition")),
    request_body(content((Object = "application/json"), (String = "application/yaml"), (Parts = "multipart/form-data"))),
    responses(
        (status = 200, description = "Its fields, and what is lost", body = Conversion),
        (status = 422, description = "It is no report: the finding", body = Problem, content_type = "application/problem+json"),
        (status = "4XX", description = "As for /api/v1/pdf; 400 if there is no such edition", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Past the deadline", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn convert(
    State(service): State<Service>,
    Path(edition): Path<String>,
    request: axum::extract::Request,
) -> Result<Response, Problem> {
    let order = |mut request: Request| {
        request.edition = Some(edition);
        request
    };
    made(&service, request, To::Convert, order).await
}

/// The response to a request, made by a worker.
async fn made(
    service: &Service,
    request: axum::extract::Request,
    to: To,
    order: impl FnOnce(Request) -> Request,
) -> Result<Response, Problem> {
    response(to, answered(service, request, to, order).await?)
}

/// The response to a reply.
fn response(to: To, reply: Reply) -> Result<Response, Problem> {
    let (copy, answer) = match reply {
        Reply::Answer { copy, answer } => (copy, *answer),
        Reply::NoText(findings) => return Err(Problem::of_findings(findings)),
    };
    if let Some(refused) = answers::refused(&answer) {
        return Ok(refused);
    }
    match to {
        To::Fields => {
            let fields = answer.fields.map(|fields| fields.get().to_owned());
            Ok(answers::json(fields.unwrap_or_default()).into_response())
        }
        To::Yaml => {
            let content = [(header::CONTENT_TYPE, "application/yaml")];
            Ok((content, answer.yaml.unwrap_or_default()).into_response())
        }
        To::Tidy => Ok(Json(TidiedFile {
            changes: answer.changes.unwrap_or_default(),
            text: answer.yaml.unwrap_or_default(),
        })
        .into_response()),
        To::Convert => Ok(Json(Conversion {
            report: answer.fields.unwrap_or_default(),
            lost: answer.lost.unwrap_or_default(),
        })
        .into_response()),
        To::Places => {
            let overview = Overview {
                pages: answer.pages,
                digest: answer.digest,
                places: answer.places.unwrap_or_default(),
            };
            Ok(Json(overview).into_response())
        }
        To::Png => answers::file(Target::Png, copy, answer),
        To::Svg => answers::file(Target::Svg, copy, answer),
        _ => answers::file(Target::Pdf, copy, answer),
    }
}

/// The reply to a request for a report.
enum Reply {
    /// The answer of a worker, and the copy that it is of.
    Answer { copy: CopyKind, answer: Box<Answer> },
    /// The findings about a report that is no text, which is given to no worker.
    NoText(String),
}

impl Reply {
    /// Whether errors kept anything from being made.
    fn is_faulty(&self) -> bool {
        match self {
            Self::Answer { answer, .. } => answer.status == Status::Faulty,
            Self::NoText(_) => true,
        }
    }
}

/// The reply to a request.
async fn answered(
    service: &Service,
    request: axum::extract::Request,
    to: To,
    order: impl FnOnce(Request) -> Request,
) -> Result<Reply, Problem> {
    // The room is held until there is an answer, so that what all requests bring together is bounded.
    let (upload, _room) = Upload::read(request, &service.bodies).await?;
    let report = match upload.report {
        ReportBody::Written(report) => report,
        ReportBody::NoText(findings) => return Ok(Reply::NoText(findings)),
    };
    let mut request = order(Request::new(report, to));
    request.previous = match upload.previous {
        None => None,
        Some(ReportBody::Written(previous)) => Some(previous),
        Some(ReportBody::NoText(_)) => {
            let detail = "上年度的报告不是 UTF-8 文本";
            let problem = Problem::new(StatusCode::BAD_REQUEST, detail);
            return Err(problem.of_part("previous"));
        }
    };
    request.figures = upload.figures;
    let copy = request.copy;
    let mut line = serde_json::to_vec(&request).map_err(|_| Problem::defect())?;
    line.push(b'\n');
    drop(request);
    let answer = service.pool.ask(line).await?;
    let answer = serde_json::from_slice(&answer).map_err(|_| Problem::defect())?;
    Ok(Reply::Answer { copy, answer })
}
