//! Bodies of requests: a report, perhaps that of the year before and figures, in one of three kinds.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{HeaderMap, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use http_body_util::BodyExt;
use serde::de::DeserializeOwned;
use serde_json::value::{RawValue, to_raw_value};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

use super::pool::PoolError;
use super::problem::Problem;
use crate::diagnostic::{Diagnostic, json};
use crate::report::figure::plain_path;
use crate::source::Source;
use crate::worker::report_text;

/// The most bytes of a report (1 MiB).
pub const MAX_REPORT: usize = 1 << 20;
/// The most bytes of a body with parts: reports and figures together (8 MiB).
pub const MAX_PARTS: usize = 8 << 20;
/// The longest time that a client may take to send a body.
const LONGEST: Duration = Duration::from_secs(30);
/// The most figures of a request; a report has no more.
const MAX_FIGURES: usize = 50;

/// The reports and pictures of a request.
#[derive(Debug)]
pub(super) struct Upload {
    pub report: ReportBody,
    pub previous: Option<ReportBody>,
    pub figures: BTreeMap<String, String>,
}

/// A report of a request.
#[derive(Debug)]
pub(super) enum ReportBody {
    /// The text of the report, as a worker takes it.
    Written(Box<RawValue>),
    /// The findings about bytes that are no text.
    NoText(String),
}

/// A kind of body that holds one report.
#[derive(Clone, Copy, PartialEq, Eq)]
enum BodyKind {
    Yaml,
    Json,
}

impl BodyKind {
    fn of(media_type: &str) -> Option<Self> {
        let essence = media_type.split(';').next().unwrap_or_default().trim();
        match essence.to_ascii_lowercase().as_str() {
            "application/yaml" | "application/x-yaml" | "text/yaml" => Some(Self::Yaml),
            "application/json" => Some(Self::Json),
            _ => None,
        }
    }
}

impl Upload {
    /// Reads a body within [`LONGEST`]; the permit covers its share of `bodies`, in KiB.
    pub async fn read(
        request: Request,
        bodies: &Semaphore,
    ) -> Result<(Self, SemaphorePermit<'_>), Problem> {
        let read = timeout(LONGEST, Self::of(request, bodies)).await;
        read.unwrap_or_else(|_| Err(incomplete()))
    }

    async fn of(
        request: Request,
        bodies: &Semaphore,
    ) -> Result<(Self, SemaphorePermit<'_>), Problem> {
        uncompressed(request.headers())?;
        let media_type = media_type(request.headers());
        let form = media_type.starts_with("multipart/form-data");
        let kind = BodyKind::of(&media_type);
        if !form && kind.is_none() {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "报告用 application/yaml、application/json 或 multipart/form-data 发送",
            ));
        }
        let most = if form { MAX_PARTS } else { MAX_REPORT };
        let (head, body) = request.into_parts();
        let (bytes, room) = whole(body, most, bodies).await?;
        let upload = if let Some(kind) = kind {
            Self {
                report: given(kind, &bytes)?,
                previous: None,
                figures: BTreeMap::new(),
            }
        } else {
            let request = Request::from_parts(head, Body::from(bytes));
            let parts = Multipart::from_request(request, &()).await;
            let parts = parts.map_err(|_| bad("multipart/form-data 没有 boundary"))?;
            Self::parts(parts).await?
        };
        Ok((upload, room))
    }

    async fn parts(mut parts: Multipart) -> Result<Self, Problem> {
        let (mut report, mut previous) = (None, None);
        let mut figures = BTreeMap::new();
        while let Some(part) = parts.next_field().await.map_err(broken)? {
            let name = part.name().unwrap_or_default().to_owned();
            let slot = match name.as_str() {
                "report" => &mut report,
                "previous" => &mut previous,
                "figure" => {
                    let file = part.file_name().unwrap_or_default().to_owned();
                    if file.is_empty() || figures.len() == MAX_FIGURES {
                        let most = format!("图片要有文件名，至多 {MAX_FIGURES} 幅");
                        return Err(bad(&most).of_part("figure"));
                    }
                    let bytes = part.bytes().await.map_err(broken)?;
                    let before = figures.insert(plain_path(&file), BASE64.encode(&bytes));
                    if before.is_some() {
                        return Err(bad("两幅图片的文件名相同").of_part("figure"));
                    }
                    continue;
                }
                _ => {
                    let name: String = name.chars().take(40).collect();
                    let problem = bad("各部分只能是 report、previous、figure");
                    return Err(problem.of_part(&name));
                }
            };
            if slot.is_some() {
                return Err(bad("report 和 previous 只能各有一个").of_part(&name));
            }
            *slot = Some(report_of(part).await?);
        }
        Ok(Self {
            report: report.ok_or_else(|| bad("缺少 report").of_part("report"))?,
            previous,
            figures,
        })
    }
}

async fn report_of(part: Field<'_>) -> Result<ReportBody, Problem> {
    // A part of a form without a type of its own is text.
    let kind = part
        .content_type()
        .and_then(BodyKind::of)
        .unwrap_or(BodyKind::Yaml);
    let bytes = part.bytes().await.map_err(broken)?;
    if bytes.len() > MAX_REPORT {
        return Err(too_large());
    }
    given(kind, &bytes)
}

/// Reads a body that is JSON and no report, of at most [`MAX_REPORT`] bytes; the permit covers its share of `bodies`.
pub(super) async fn json<T: DeserializeOwned>(
    request: Request,
    bodies: &Semaphore,
) -> Result<(T, SemaphorePermit<'_>), Problem> {
    uncompressed(request.headers())?;
    if !matches!(
        BodyKind::of(&media_type(request.headers())),
        Some(BodyKind::Json)
    ) {
        let detail = "用 application/json 发送";
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail));
    }
    let read = timeout(LONGEST, whole(request.into_body(), MAX_REPORT, bodies)).await;
    let (bytes, room) = read.unwrap_or_else(|_| Err(incomplete()))?;
    let read = serde_json::from_slice(&bytes);
    let read = read.map_err(|fault| bad(&format!("请求的内容不对，见 /api/：{fault}")))?;
    Ok((read, room))
}

fn uncompressed(headers: &HeaderMap) -> Result<(), Problem> {
    match headers.get(header::CONTENT_ENCODING) {
        Some(coding) if coding != "identity" => Err(Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "请求的内容不能压缩，不用 Content-Encoding",
        )),
        _ => Ok(()),
    }
}

fn media_type(headers: &HeaderMap) -> String {
    let value = headers.get(header::CONTENT_TYPE);
    let value = value.and_then(|value| value.to_str().ok());
    value.unwrap_or_default().to_ascii_lowercase()
}

/// Reads a whole body. Room is taken for received bytes, not for announced ones, so that silent clients take
/// none from others.
async fn whole(
    mut body: Body,
    most: usize,
    bodies: &Semaphore,
) -> Result<(Bytes, SemaphorePermit<'_>), Problem> {
    // What says that it is too large is not read.
    if body.size_hint().lower() > most as u64 {
        return Err(too_large());
    }
    let take = |kibibytes| {
        let room = bodies.try_acquire_many(kibibytes);
        room.map_err(|_| Problem::from(PoolError::Full))
    };
    let mut room = take(1)?;
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        // Chunks that are none, or a client that has stopped to send.
        let frame = frame.map_err(|_| bad("请求的内容不完整"))?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        if bytes.len() + data.len() > most {
            return Err(too_large());
        }
        let more = ((bytes.len() + data.len()) >> 10) - (bytes.len() >> 10);
        room.merge(take(u32::try_from(more).unwrap_or(u32::MAX))?);
        bytes.extend_from_slice(&data);
    }
    Ok((bytes.into(), room))
}

fn given(kind: BodyKind, bytes: &[u8]) -> Result<ReportBody, Problem> {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Ok(ReportBody::NoText(no_text(bytes)));
    };
    let text = match kind {
        BodyKind::Yaml => Cow::Borrowed(text),
        BodyKind::Json => report_text(text).map_err(|fault| bad(&fault))?.into(),
    };
    let raw = to_raw_value(&text).map_err(|fault| bad(&fault.to_string()))?;
    Ok(ReportBody::Written(raw))
}

/// The findings about bytes that are no text, such as those of another encoding.
fn no_text(bytes: &[u8]) -> String {
    let source = Source::from_bytes("report.yaml".as_ref(), bytes.to_vec());
    let findings: Vec<_> = match source.root() {
        Ok(_) => Vec::new(),
        Err(faults) => faults.iter().map(Diagnostic::from).collect(),
    };
    format!("[{}]", json::items::<()>(&findings, &[], &source, |_| None))
}

fn incomplete() -> Problem {
    Problem::new(StatusCode::REQUEST_TIMEOUT, "请求没有收全")
}

fn bad(detail: &str) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, detail)
}

fn too_large() -> Problem {
    let (report, parts) = (MAX_REPORT >> 20, MAX_PARTS >> 20);
    let detail = format!("报告不能超过 {report} MiB，连同图片不能超过 {parts} MiB");
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, detail)
}

fn broken(_: MultipartError) -> Problem {
    bad("multipart/form-data 的内容不完整")
}
