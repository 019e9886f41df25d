//! What requests to the service are named by and after: hosts, origins, parameters, parts, codings.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Version, header};
use nianbao::serve::{Host, Options};

use super::support::http::{
    Answer, YAML, form, get, odd, options, post, send, send_as_it_is, service,
};

/// A service on an address of this machine, also named `reports.example.gov.cn`.
fn on(address: &str) -> Router {
    let named = vec!["reports.example.gov.cn".parse().unwrap()];
    service(Options {
        hosts: Host::known(address.parse().unwrap(), named),
        ..options(odd())
    })
}

async fn asked_as(service: &Router, host: &str) -> Answer {
    let request = Request::get("/healthz").header(header::HOST, host);
    send(service, request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn on_loopback_only_names_of_this_machine_and_named_ones_are_answered() {
    let service = on("127.0.0.1");
    for host in [
        "127.0.0.1:8787",
        "LocalHost",
        "localhost.",
        "[::1]:1",
        "reports.example.gov.cn:80",
    ] {
        assert_eq!(asked_as(&service, host).await.status, 200, "{host}");
    }
    for host in [
        "evil.example",
        "127.0.0.1.evil.example:8787",
        "10.0.0.1",
        "localhost.evil.example",
    ] {
        let refused = asked_as(&service, host).await;
        refused.is_problem(421);
        assert!(refused.text().contains("--host "), "{}", refused.text());
    }
    let elsewhere = service_of_any_host();
    assert_eq!(asked_as(&elsewhere, "any.example").await.status, 200);
    let named = on("192.0.2.1");
    assert_eq!(asked_as(&named, "reports.example.gov.cn").await.status, 200);
    asked_as(&named, "any.example").await.is_problem(421);
}

fn service_of_any_host() -> Router {
    let hosts = Host::known("0.0.0.0".parse().unwrap(), Vec::new());
    assert!(hosts.is_none());
    service(Options {
        hosts,
        ..options(odd())
    })
}

#[tokio::test]
async fn a_request_names_one_host() {
    let service = service(options(odd()));
    let bare = || Request::get("/healthz");
    let without = bare().body(Body::empty()).unwrap();
    send_as_it_is(&service, without).await.is_problem(400);
    let twice = bare()
        .header(header::HOST, "localhost")
        .header(header::HOST, "localhost");
    send_as_it_is(&service, twice.body(Body::empty()).unwrap())
        .await
        .is_problem(400);
    let none = bare().header(header::HOST, "a b");
    send_as_it_is(&service, none.body(Body::empty()).unwrap())
        .await
        .is_problem(400);
    let old = bare()
        .version(Version::HTTP_10)
        .body(Body::empty())
        .unwrap();
    assert_eq!(send_as_it_is(&service, old).await.status, 200);
}

#[tokio::test]
async fn pages_of_other_origins_are_refused_by_any_method() {
    let service = service(options(odd()));
    for path in ["/api/v1/editions", "/api/v1/check"] {
        let from = async |origin: &str| {
            let post = path.ends_with("check");
            let request = if post {
                Request::post(path)
            } else {
                Request::get(path)
            };
            let request = request
                .header(header::CONTENT_TYPE, YAML)
                .header(header::ORIGIN, origin);
            send(&service, request.body(Body::from("a")).unwrap()).await
        };
        for origin in ["https://evil.example", "http://127.0.0.1:3000", "null"] {
            from(origin).await.is_problem(403);
        }
        for origin in ["http://127.0.0.1:8787", "https://127.0.0.1"] {
            assert_eq!(from(origin).await.status, 200, "{origin}");
        }
    }
}

#[tokio::test]
async fn a_problem_names_the_parameter_or_the_part() {
    let service = service(options(odd()));
    for (query, name) in [
        ("copy=none", "copy"),
        ("as_published=true&duplex=perhaps", "duplex"),
        ("%E5%A4%9A=1", "多"),
        ("copy=public&copy=public", "copy"),
    ] {
        let answer = post(&service, &format!("/api/v1/pdf?{query}"), YAML, "a").await;
        answer.is_problem(400);
        assert_eq!(answer.json()["parameter"], name, "{query}");
    }
    for (parts, name) in [
        (&[("figure", None, &b"x"[..])][..], "figure"),
        (&[("previous", None, b"a")], "report"),
        (&[("report", None, b"a"), ("report", None, b"a")], "report"),
        (&[("other", None, b"a")], "other"),
        (
            &[("report", None, b"a"), ("previous", None, b"\xd6")],
            "previous",
        ),
    ] {
        let (kind, body) = form(parts);
        let answer = post(&service, "/api/v1/pdf", &kind, body).await;
        answer.is_problem(400);
        assert_eq!(answer.json()["part"], name, "{parts:?}");
    }
    assert_eq!(get(&service, "/healthz").await.status, 200);
}

#[tokio::test]
async fn a_coding_of_the_content_is_refused() {
    let service = service(options(odd()));
    let coded = async |coding: &str| {
        let request = Request::post("/api/v1/check")
            .header(header::CONTENT_TYPE, YAML)
            .header(header::CONTENT_ENCODING, coding);
        send(&service, request.body(Body::from("a")).unwrap()).await
    };
    coded("gzip").await.is_problem(415);
    assert_eq!(coded("identity").await.status, 200);
}
