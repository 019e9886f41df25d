//! The service: what it answers to requests, for every status.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, header};
use nianbao::digest::Digest;
use nianbao::serve::{MAX_PARTS, MAX_REPORT, Options, Token};
use nianbao::worker::Program;
use serde_json::{Value, json};

use super::command::{nianbao, said};
use super::support::http::{YAML, form, get, odd, options, own, post, send, service, until};
use super::support::{compile, pdf_of, read, root, yaml};

#[tokio::test]
async fn a_report_becomes_its_pdf() {
    let service = service(options(own()));
    let path = root().join("samples/zhangshu-science-bureau/2023.yaml");
    let text = read(&path);
    let answer = post(&service, "/api/v1/pdf", YAML, text.clone()).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert!(answer.body == pdf_of(&path));
    assert_eq!(answer.header("content-type"), "application/pdf");
    assert_eq!(
        answer.header("nianbao-pages"),
        compile(&text).page_count().to_string()
    );
    assert_eq!(
        answer.header("etag"),
        format!("\"{}\"", Digest::of(&answer.body))
    );
    let name = answer.header("content-disposition");
    let (ascii, title) = name.split_once("; filename*=UTF-8''").unwrap();
    assert_eq!(ascii, "attachment; filename=\"report.pdf\"");
    let title = percent_encoding::percent_decode_str(title)
        .decode_utf8()
        .unwrap();
    assert_eq!(title, "樟树市科技局2023年政府信息公开工作年度报告.pdf");

    let value: serde_yaml::Value = serde_yaml::from_str(&text).unwrap();
    let json = serde_json::to_string_pretty(&value).unwrap();
    let same = post(
        &service,
        "/api/v1/pdf",
        "application/json; charset=utf-8",
        json,
    )
    .await;
    assert!(same.body == answer.body);
    let (kind, body) = form(&[("report", None, text.as_bytes())]);
    assert!(post(&service, "/api/v1/pdf", &kind, body).await.body == answer.body);

    // The copies of the command, with the report under the name that the command knows it by.
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("2023.yaml"), &text).unwrap();
    for copy in ["signing", "archive", "draft"] {
        let output = nianbao(folder.path(), &["compile", "2023.yaml", "--copy", copy]);
        assert!(output.status.success(), "{}", said(&output));
        let answer = post(
            &service,
            &format!("/api/v1/pdf?copy={copy}"),
            YAML,
            text.clone(),
        )
        .await;
        let made = std::fs::read(folder.path().join(format!("2023.{copy}.pdf"))).unwrap();
        assert!(answer.body == made, "{copy}");
        assert!(
            answer
                .header("content-disposition")
                .contains(&format!("report.{copy}.pdf"))
        );
    }
}

#[tokio::test]
async fn findings_are_as_check_prints_them() {
    let service = service(options(own()));
    let folder = tempfile::tempdir().unwrap();
    let text = yaml(&[]).replace("received: 0", "received: [1, 0, 0, 0, 0, 0, 1]");
    std::fs::write(folder.path().join("2023.yaml"), &text).unwrap();
    let printed = nianbao(folder.path(), &["check", "--output", "json", "2023.yaml"]);
    let printed: Value = serde_json::from_slice(&printed.stdout).unwrap();
    for path in ["/api/v1/pdf", "/api/v1/pages?page=1", "/api/v1/pages"] {
        let answer = post(&service, path, YAML, text.clone()).await;
        answer.is_problem(422);
        assert_eq!(answer.json()["findings"], printed, "{path}");
        let before = Request::post(path)
            .header(header::CONTENT_TYPE, YAML)
            .header(header::ACCEPT, "application/json");
        let answer = send(&service, before.body(text.clone().into()).unwrap()).await;
        assert_eq!(answer.status, 422);
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(answer.json(), printed, "{path}");
    }
    let checked = post(&service, "/api/v1/check", YAML, text.clone()).await;
    assert_eq!(checked.status, 200);
    assert_eq!(checked.json()["status"], "faulty");
    assert_eq!(checked.json()["findings"], printed);
    let published = post(&service, "/api/v1/pdf?as_published=true", YAML, text).await;
    assert_eq!(published.status, 200);
    let good = post(&service, "/api/v1/check", YAML, yaml(&[])).await;
    assert_eq!(good.json()["status"], "done");
    assert_eq!(good.json()["digest"].as_str().unwrap().len(), 64);
    // Another encoding is a finding, not a fault of the request.
    let gbk = [b"agency: ".as_slice(), &[0xD6, 0xD0]].concat();
    for (path, status) in [("/api/v1/pdf", 422), ("/api/v1/check", 200)] {
        let answer = post(&service, path, YAML, gbk.clone()).await;
        assert_eq!(answer.status, status);
        assert!(answer.text().contains("invalid-yaml"), "{}", answer.text());
    }
}

#[tokio::test]
async fn pages_and_fields_are_for_forms() {
    let service = service(options(own()));
    let text = yaml(&[]);
    let document = compile(&text);
    let png = post(&service, "/api/v1/pages?page=1&ppi=50", YAML, text.clone()).await;
    assert_eq!(png.header("content-type"), "image/png");
    assert!(png.body == document.to_png(0, 50.0).unwrap().unwrap());
    let svg = post(&service, "/api/v1/pages?page=2&to=svg", YAML, text.clone()).await;
    assert_eq!(svg.header("content-type"), "image/svg+xml");
    assert!(svg.body == document.to_svg(1).unwrap().into_bytes());
    assert!(svg.headers.get("content-disposition").is_none());
    let overview = post(&service, "/api/v1/pages", YAML, text.clone())
        .await
        .json();
    assert_eq!(overview["pages"], document.page_count());
    assert_eq!(overview["places"].as_array().unwrap().len(), 6);
    post(&service, "/api/v1/pages?page=9", YAML, text.clone())
        .await
        .is_problem(404);
    post(&service, "/api/v1/pages?page=1&ppi=301", YAML, text.clone())
        .await
        .is_problem(400);
    post(&service, "/api/v1/pages?page=1&ppi=NaN", YAML, text.clone())
        .await
        .is_problem(400);
    let fields = post(&service, "/api/v1/read", YAML, text).await.json();
    assert_eq!(fields["fields"]["year"], "2023");
    assert_eq!(fields["tables"]["requests"][0][0]["value"], "0");
    let none = post(&service, "/api/v1/read", YAML, "a: [").await;
    assert_eq!(
        (none.status.as_u16(), &none.json()["findings"][0]["rule"]),
        (422, &json!("invalid-yaml"))
    );
}

/// A report with errors is shown as far as it goes to who asks for that.
#[tokio::test]
async fn pages_of_a_report_with_errors_are_for_its_writer() {
    let service = service(options(own()));
    let text = yaml(&[]);
    let faulty = text.replace("received: 0", "received: [2, 0, 0, 0, 0, 0, 2]");
    assert_ne!(faulty, text);
    let ask = async |path: &str, text: &str| post(&service, path, YAML, text.to_owned()).await;
    ask("/api/v1/pages", &faulty).await.is_problem(422);
    let overview = ask("/api/v1/pages?partial=true", &faulty).await.json();
    assert_eq!(
        (&overview["pages"], &overview["digest"]),
        (&json!(compile(&text).page_count()), &Value::Null)
    );
    let mut places = overview["places"].as_array().unwrap().iter();
    let table = places.find(|place| place["section"] == "requests").unwrap();
    let page = format!("/api/v1/pages?partial=true&to=svg&page={}", table["page"]);
    let svg = ask(&page, &faulty).await;
    assert!(svg.text().contains("#cccccc"), "a value is marked");
    let none = ask("/api/v1/pages?partial=true", "agency: [").await;
    assert_eq!(
        (none.status.as_u16(), &none.json()["pages"]),
        (200, &Value::Null)
    );
    ask("/api/v1/pages?partial=true&page=1", "agency: [")
        .await
        .is_problem(422);
    ask("/api/v1/pdf?partial=true", &text).await.is_problem(400);
}

/// What a program sends as JSON is written as people would write it, and is the same report; the JSON
/// itself is a report file too.
#[tokio::test]
async fn a_report_as_json_is_written_as_yaml() {
    const JSON: &str = "application/json";
    let service = service(options(own()));
    let mut report = json!({
        "agency": "某局", "year": "2023", "overview": "第一段。\n第二段。",
        "requests": {"received": {"natural_person": "007", "enterprise": null}, "granted": "0"},
        "signature": {"name": ["甲局", "乙局"]},
    });
    let sent = report.to_string();
    let written = post(&service, "/api/v1/write", JSON, sent.clone()).await;
    assert_eq!(written.header("content-type"), "application/yaml");
    let text = written.text();
    let zeros = "granted: {natural_person: 0, enterprise: 0, research: 0, public_interest: 0, legal_service: 0, \
                 other_organization: 0, total: 0}";
    assert_eq!(
        text,
        format!(
            "agency: 某局\nyear: 2023\noverview: |\n  第一段。\n  第二段。\nrequests:\n  received: \
             {{natural_person: \"007\", enterprise: ~}}\n  {zeros}\nsignature:\n  name:\n    - 甲局\n    - 乙局\n"
        )
    );
    let read = async |kind, text: String| post(&service, "/api/v1/read", kind, text).await.json();
    assert_eq!(read(YAML, text).await, read(JSON, sent.clone()).await);
    assert_eq!(
        read(YAML, sent.clone()).await,
        read(JSON, sent.clone()).await
    );
    let old = post(&service, "/api/v1/convert/2019", JSON, sent.clone())
        .await
        .json();
    assert_eq!(old["report"]["edition"], "2019");
    assert_eq!(old["lost"], json!([]));
    post(&service, "/api/v1/convert/1999", JSON, sent)
        .await
        .is_problem(400);
    report["foo"] = json!(1);
    let refused = post(&service, "/api/v1/write", JSON, report.to_string()).await;
    assert!(refused.text().contains("foo"), "{}", refused.text());
    refused.is_problem(400);
}

#[tokio::test]
async fn parts_bring_figures_and_the_year_before() {
    let service = service(options(own()));
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg' width='40' height='40'><rect width='40' height='40'/></svg>";
    let text = yaml(&[("other", "|\n  ![图题](图.svg)")]);
    let report = ("report", None, text.as_bytes());
    let (kind, body) = form(&[report, ("figure", Some("图.svg"), svg)]);
    let answer = post(&service, "/api/v1/pdf", &kind, body).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let (kind, body) = form(&[report]);
    let absent = post(&service, "/api/v1/pdf", &kind, body).await;
    assert!(
        absent.text().contains("invalid-figure"),
        "{}",
        absent.text()
    );
    // No request reaches a file of the server.
    let file = root().join("tests/pages");
    let secret = yaml(&[("other", &format!("|\n  ![图]({}/x.png)", file.display()))]);
    let answer = post(&service, "/api/v1/pdf", YAML, secret).await;
    assert!(
        answer.text().contains("invalid-figure"),
        "{}",
        answer.text()
    );

    let last =
        yaml(&[("year", "2022")]).replace("carried_out: 0", "carried_out: [2, 0, 0, 0, 0, 0, 2]");
    let own = yaml(&[]);
    let parts = [
        ("report", None, own.as_bytes()),
        ("previous", Some("2022.yaml"), last.as_bytes()),
    ];
    let (kind, body) = form(&parts);
    let answer = post(&service, "/api/v1/check", &kind, body).await;
    assert!(
        answer.text().contains("carry-mismatch"),
        "{}",
        answer.text()
    );
    for wrong in [
        &[("previous", None, own.as_bytes())][..],
        &[report, report],
        &[report, ("figure", None, svg)],
        &[
            report,
            ("figure", Some("a.svg"), svg),
            ("figure", Some("./a.svg"), svg),
        ],
        &[report, ("further", None, svg)],
    ] {
        let (kind, body) = form(wrong);
        post(&service, "/api/v1/pdf", &kind, body)
            .await
            .is_problem(400);
    }
    let (kind, mut body) = form(&[report]);
    body.truncate(60);
    post(&service, "/api/v1/pdf", &kind, body)
        .await
        .is_problem(400);
}

#[tokio::test]
async fn what_is_too_large_or_of_another_kind_is_refused() {
    let service = service(options(odd()));
    let path = "/api/v1/pdf";
    post(&service, path, YAML, vec![b'#'; MAX_REPORT + 1])
        .await
        .is_problem(413);
    let fits = post(&service, "/api/v1/check", YAML, vec![b'#'; MAX_REPORT]).await;
    assert_eq!(fits.status, 200, "{}", fits.text());
    let large = vec![b'#'; MAX_REPORT + 1];
    let (kind, body) = form(&[("report", None, &large)]);
    post(&service, path, &kind, body).await.is_problem(413);
    let larger = vec![b'#'; MAX_PARTS];
    let (kind, body) = form(&[("report", None, b"a"), ("figure", Some("a"), &larger)]);
    post(&service, path, &kind, body).await.is_problem(413);
    for kind in [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/mixed",
    ] {
        post(&service, path, kind, "a: 1").await.is_problem(415);
    }
    post(&service, path, "application/json", "{")
        .await
        .is_problem(400);
    post(&service, "/api/v1/pdf?copy=other", YAML, "a: 1")
        .await
        .is_problem(400);
    post(&service, "/api/v1/pdf?further=1", YAML, "a: 1")
        .await
        .is_problem(400);
    post(&service, "/api/v1/none", YAML, "a: 1")
        .await
        .is_problem(404);
    get(&service, "/none.js").await.is_problem(404);
    get(&service, "/%ff").await.is_problem(404);
    get(&service, path).await.is_problem(405);
}

#[tokio::test]
async fn a_full_queue_refuses_and_a_deadline_ends_one_request_alone() {
    let service = service(Options {
        queue: 1,
        deadline: Duration::from_secs(2),
        ..options(odd())
    });
    let check = async |text: &'static str| post(&service, "/api/v1/check", YAML, text).await;
    // One at work, one that waits, and no room for a third.
    let (slow, waiting, third) = tokio::join!(check("SLOW"), check("b"), async {
        until(&service, &["nianbao_workers_busy 1", "nianbao_queue 1"]).await;
        check("c").await
    });
    slow.is_problem(503);
    waiting.is_problem(503);
    third.is_problem(429);
    assert_eq!(third.header("retry-after"), "1");
    // The worker was ended, and another has taken its place.
    let after = check("d").await;
    assert_eq!(after.status, 200, "{}", after.text());
    let metrics = get(&service, "/metrics").await.text();
    for line in [
        "nianbao_workers_restarted_total{reason=\"deadline\"} 1",
        "nianbao_requests_total{path=\"/api/v1/check\",status=\"503\"} 2",
        "nianbao_requests_total{path=\"/api/v1/check\",status=\"429\"} 1",
        "nianbao_requests_total{path=\"/api/v1/check\",status=\"200\"} 1",
        "nianbao_request_duration_seconds_count{path=\"/api/v1/check\"} 4",
        "nianbao_queue 0",
        "nianbao_workers_busy 0",
    ] {
        assert!(metrics.contains(line), "{line}\n{metrics}");
    }
}

#[tokio::test]
async fn what_no_worker_survives_is_the_fault_of_the_request() {
    let service = service(options(odd()));
    post(&service, "/api/v1/check", YAML, "DEADLY")
        .await
        .is_problem(422);
    let after = post(&service, "/api/v1/check", YAML, "a").await;
    assert_eq!(after.status, 200);
    assert_eq!(get(&service, "/readyz").await.status, 200);
    let metrics = get(&service, "/metrics").await.text();
    assert!(
        metrics.contains("restarted_total{reason=\"died\"} 2"),
        "{metrics}"
    );
}

#[tokio::test]
async fn what_somebody_kills_is_not_the_fault_of_the_request() {
    let service = service(options(odd()));
    let killed = post(&service, "/api/v1/check", YAML, "KILLED").await;
    killed.is_problem(503);
    assert_eq!(killed.header("retry-after"), "1");
}

#[tokio::test]
async fn forms_of_other_sites_are_not_taken() {
    let service = service(Options {
        origins: vec!["https://www.example.gov.cn".parse().unwrap()],
        ..options(odd())
    });
    let from = async |site: &str, origin: &str| {
        let request = Request::post("/api/v1/check")
            .header(header::CONTENT_TYPE, YAML)
            .header("sec-fetch-site", site)
            .header(header::ORIGIN, origin);
        send(&service, request.body(Body::from("a")).unwrap()).await
    };
    from("cross-site", "https://evil.example")
        .await
        .is_problem(403);
    from("cross-site", "null").await.is_problem(403);
    for (site, origin) in [
        ("same-origin", "http://127.0.0.1:8787"),
        ("cross-site", "https://www.example.gov.cn"),
    ] {
        assert_eq!(from(site, origin).await.status, 200);
    }
}

#[tokio::test]
async fn a_service_without_workers_says_so() {
    let missing = Program {
        path: "/nowhere/nianbao".into(),
        arguments: Vec::new(),
    };
    let service = service(options(missing));
    get(&service, "/readyz").await.is_problem(503);
    assert_eq!(get(&service, "/healthz").await.status, 200);
    post(&service, "/api/v1/check", YAML, "a")
        .await
        .is_problem(503);
}

#[tokio::test]
async fn a_token_is_asked_for_where_there_is_one() {
    let token = "0123456789abcdef";
    let service = service(Options {
        token: Token::new(token),
        ..options(odd())
    });
    let with = async |path: &str, borne: &str| {
        let request = Request::get(path).header(header::AUTHORIZATION, borne);
        send(&service, request.body(Body::empty()).unwrap()).await
    };
    for path in ["/api/v1/editions", "/api/v1/form/2021", "/metrics"] {
        let refused = get(&service, path).await;
        refused.is_problem(401);
        assert_eq!(refused.header("www-authenticate"), "Bearer");
        for wrong in ["0123456789abcdeg", "0123456789abcde", "0123456789abcdeff"] {
            with(path, &format!("Bearer {wrong}")).await.is_problem(401);
        }
        assert_eq!(with(path, &format!("Bearer {token}")).await.status, 200);
    }
    post(&service, "/api/v1/pdf", YAML, "a")
        .await
        .is_problem(401);
    // What shows nothing of reports is for all: the page, which asks for the token, and the document.
    for path in ["/", "/healthz", "/api/", "/api/v1/openapi.json"] {
        assert_eq!(get(&service, path).await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn browsers_are_told_to_do_no_more_than_the_page_needs() {
    let service = service(options(odd()));
    for path in ["/", "/none", "/api/v1/editions", "/api/"] {
        let answer = get(&service, path).await;
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"));
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        assert_eq!(answer.header("x-frame-options"), "DENY");
        assert!(!answer.header("cache-control").is_empty());
        assert!(answer.headers.get("access-control-allow-origin").is_none());
    }
    let request = |id: &str| {
        Request::get("/healthz")
            .header("x-request-id", id)
            .body(Body::empty())
    };
    let kept = send(&service, request("of-the-proxy").unwrap()).await;
    assert_eq!(kept.header("x-request-id"), "of-the-proxy");
    let long = "x".repeat(65);
    let own = send(&service, request(&long).unwrap()).await;
    assert_eq!(own.header("x-request-id").len(), 36);
}

#[tokio::test]
async fn other_origins_ask_only_where_they_are_named() {
    let origin = "https://www.example.gov.cn";
    let named = service(Options {
        origins: vec![origin.parse().unwrap()],
        token: Token::new("0123456789abcdef"),
        ..options(odd())
    });
    let preflight = |origin: &str| {
        let request = Request::options("/api/v1/pdf").header(header::ORIGIN, origin);
        let request = request.header(header::ACCESS_CONTROL_REQUEST_METHOD, "POST");
        request.body(Body::empty()).unwrap()
    };
    let allowed = send(&named, preflight(origin)).await;
    assert_eq!(allowed.status, 200);
    assert_eq!(allowed.header("access-control-allow-origin"), origin);
    let other = send(&named, preflight("https://example.com")).await;
    assert!(other.headers.get("access-control-allow-origin").is_none());
    for wrong in ["example.gov.cn", "https://a/b", "https://", "*"] {
        assert!(wrong.parse::<nianbao::serve::Origin>().is_err(), "{wrong}");
    }
}
