//! Answers of workers as responses to clients.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::pool::PoolError;
use super::problem::Problem;
use crate::pipeline::Target;
use crate::typeset::CopyKind;
use crate::worker::{Answer, Status};

/// The header of the number of pages.
pub(super) const PAGES: HeaderName = HeaderName::from_static("nianbao-pages");
/// The characters encoded in a parameter of a header (RFC 8187, 3.2.1): all but letters, digits, `-`, `.` and
/// `_`.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_');
/// The seconds after which a client may try again.
const AFTER: u64 = 1;

/// The response with a finished JSON body.
pub(super) fn json(body: String) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], body)
}

/// The response to an answer that is no result; `None` for a result.
pub(super) fn refused(answer: &Answer) -> Option<Response> {
    let message = answer.message.clone().unwrap_or_default();
    match answer.status {
        Status::Done => None,
        Status::Faulty => {
            let findings = answer.findings.get().to_owned();
            Some(Problem::of_findings(findings).into_response())
        }
        Status::Refused if answer.lacks_page() => {
            Some(Problem::new(StatusCode::NOT_FOUND, message).into_response())
        }
        Status::Refused => Some(Problem::new(StatusCode::BAD_REQUEST, message).into_response()),
        Status::Failed => {
            // What it says may come from the report.
            tracing::error!("a worker failed");
            Some(Problem::defect().into_response())
        }
    }
}

/// The response with the file that a worker made.
pub(super) fn file(
    target: Target,
    copy: CopyKind,
    mut answer: Answer,
) -> Result<Response, Problem> {
    let content = answer.content(target).take();
    let media_type = target.media_type();
    let bytes = content.and_then(|content| BASE64.decode(content).ok());
    let mut response = bytes.ok_or_else(Problem::defect)?.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    if let Some(pages) = answer.pages {
        headers.insert(PAGES, pages.into());
    }
    let digest = answer.sha256.map(|digest| format!("\"{digest}\""));
    let digest = digest.and_then(|tag| HeaderValue::from_str(&tag).ok());
    headers.extend(digest.map(|tag| (header::ETAG, tag)));
    if !target.is_paged() {
        let title = answer.title.unwrap_or_default();
        let name = disposition(&title, copy);
        let name = HeaderValue::from_str(&name).map_err(|_| Problem::defect())?;
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}

/// The name of a download, in Chinese and in ASCII (RFC 6266).
fn disposition(title: &str, copy: CopyKind) -> String {
    let ending = copy.extension();
    // No system takes these in the name of a file.
    let plain = title.replace(['/', '\\', ':', '*', '?', '"', '<', '>', '|'], "_");
    let name = utf8_percent_encode(&plain, PLAIN);
    format!("attachment; filename=\"report.{ending}\"; filename*=UTF-8''{name}.{ending}")
}

impl From<PoolError> for Problem {
    fn from(why: PoolError) -> Self {
        match why {
            PoolError::Full => {
                Self::new(StatusCode::TOO_MANY_REQUESTS, "请求过多，请稍后再试").after(AFTER)
            }
            PoolError::Late => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "没有在时限内完成，请稍后再试",
            ),
            PoolError::Deadly => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "排版这份报告所需的内存超过限制，请减少图片或文字",
            ),
            PoolError::Killed => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "排版程序中断了，请稍后再试",
            )
            .after(AFTER),
            PoolError::Down => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "排版程序没有启动").after(AFTER)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn downloads_have_the_title_as_their_name() {
        assert_eq!(
            disposition("某局2023年/报告", CopyKind::Signing),
            "attachment; filename=\"report.signing.pdf\"; filename*=UTF-8''\
             %E6%9F%90%E5%B1%802023%E5%B9%B4_%E6%8A%A5%E5%91%8A.signing.pdf"
        );
    }
}
