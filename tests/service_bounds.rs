//! How much requests may bring: each for itself, however it is sent, and all together.

use std::convert::Infallible;
use std::future::pending;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::HeaderMap;
use http_body_util::{BodyExt, Full};
use nianbao::serve::{MAX_PARTS, MAX_REPORT};

use super::support::http::{YAML, form, odd, options, own, post, service};

/// A body that does not say how large it is.
fn unannounced(content: Vec<u8>) -> Body {
    Body::new(Full::new(Bytes::from(content)).map_frame(|frame| frame))
}

/// A body of which all has come but its end.
fn unfinished(content: Bytes) -> Body {
    let end = pending::<Option<Result<HeaderMap, Infallible>>>();
    Body::new(Full::new(content).with_trailers(end))
}

#[tokio::test]
async fn what_does_not_say_how_large_it_is_may_be_no_larger() {
    let service = service(options(odd()));
    let check = async |length| {
        let body = unannounced(vec![b'#'; length]);
        post(&service, "/api/v1/check", YAML, body).await
    };
    assert_eq!(check(MAX_REPORT).await.status, 200);
    check(MAX_REPORT + 1).await.is_problem(413);
}

#[tokio::test]
async fn a_body_with_figures_may_be_as_large_as_is_said() {
    // Its worker takes it too, as a line of text.
    let service = service(options(own()));
    // Without figures a form has so many bytes around them.
    let around = form(&[("report", None, b"a"), ("figure", Some("a"), b"")])
        .1
        .len();
    for (length, status) in [(MAX_PARTS, 200), (MAX_PARTS + 1, 413)] {
        let figure = vec![b'#'; length - around];
        let parts = [("report", None, &b"a"[..]), ("figure", Some("a"), &figure)];
        let (kind, body) = form(&parts);
        assert_eq!(body.len(), length);
        let answer = post(&service, "/api/v1/check", &kind, body).await;
        assert_eq!(answer.status, status, "{}", answer.text());
    }
}

#[tokio::test]
async fn a_request_brings_fifty_figures_at_most() {
    let service = service(options(odd()));
    let names: Vec<_> = (0..51).map(|i| format!("{i}.svg")).collect();
    for (count, status) in [(50, 200), (51, 400)] {
        let figures = names[..count].iter();
        let mut parts = vec![("report", None, &b"a"[..])];
        parts.extend(figures.map(|name| ("figure", Some(name.as_str()), &b"<svg/>"[..])));
        let (kind, body) = form(&parts);
        let answer = post(&service, "/api/v1/check", &kind, body).await;
        assert_eq!(answer.status, status, "{}", answer.text());
    }
}

#[tokio::test]
async fn all_requests_together_hold_no_more_than_there_is_room_for() {
    let service = service(options(odd()));
    let kind = "multipart/form-data; boundary=X";
    let content = Bytes::from(vec![b'#'; MAX_PARTS]);
    // There is room for 256 MiB, of which each takes a little more than 32: the eighth is too many.
    let held: Vec<_> = (0..7)
        .map(|_| {
            let (service, body) = (service.clone(), unfinished(content.clone()));
            tokio::spawn(async move { post(&service, "/api/v1/check", kind, body).await })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(200)).await;
    let large = async || post(&service, "/api/v1/check", kind, content.clone()).await;
    let refused = large().await;
    refused.is_problem(429);
    assert_eq!(refused.header("retry-after"), "1");
    // There is room for what is small, and for all again when the others have gone.
    assert_eq!(post(&service, "/api/v1/check", YAML, "a").await.status, 200);
    for request in held {
        request.abort();
        assert!(request.await.is_err(), "it had an answer");
    }
    large().await.is_problem(400);
}
