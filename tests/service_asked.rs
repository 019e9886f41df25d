//! Whatever can be said of a request in its address or beside its report is heeded.

use std::fs;

use serde_json::json;

use super::command::{nianbao, said};
use super::support::http::{YAML, form, get, odd, options, own, post, service};
use super::support::{compile, yaml};

#[tokio::test]
async fn copies_are_those_of_the_command_with_the_same_options() {
    let service = service(options(own()));
    // How large seals are moves the names of several agencies alone.
    let text = yaml(&[
        ("date", "2024-01-22"),
        ("signature", "{name: [甲局, 乙局, 丙局]}"),
    ]);
    let folder = tempfile::tempdir().unwrap();
    for (query, file, words) in [
        (
            // 内部讨论
            "copy=draft&watermark=%E5%86%85%E9%83%A8%E8%AE%A8%E8%AE%BA",
            "2023.yaml",
            "draft --watermark 内部讨论",
        ),
        (
            "copy=signing&seal_size=40.5",
            "2023.yaml",
            "signing --seal-size 40.5",
        ),
        ("copy=signing&duplex=true", "2023.yaml", "signing --duplex"),
        ("copy=archive&name=a.yaml", "a.yaml", "archive"),
    ] {
        fs::write(folder.path().join(file), &text).unwrap();
        let words = ["compile", file, "made.pdf", "--copy"]
            .into_iter()
            .chain(words.split(' '));
        let output = nianbao(folder.path(), &words.collect::<Vec<_>>());
        assert!(output.status.success(), "{}", said(&output));
        let path = format!("/api/v1/pdf?{query}");
        let answer = post(&service, &path, YAML, text.clone()).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let made = fs::read(folder.path().join("made.pdf")).unwrap();
        assert!(answer.body == made, "{query}");
    }
}

#[tokio::test]
async fn pages_are_those_of_the_copy_that_is_asked_for() {
    let service = service(options(own()));
    let text = yaml(&[]);
    let document = compile(&text);
    let png = post(&service, "/api/v1/pages?page=1", YAML, text.clone()).await;
    assert!(png.body == document.to_png(0, 96.0).unwrap().unwrap());
    // A signing copy has a sheet before the report.
    let path = "/api/v1/pages?copy=signing";
    let overview = post(&service, path, YAML, text).await.json();
    assert_eq!(overview["pages"], document.page_count() + 1);
}

#[tokio::test]
async fn a_report_that_was_published_is_taken_as_it_is() {
    let service = service(options(own()));
    let text = yaml(&[]).replace("received: 0", "received: [1, 0, 0, 0, 0, 0, 1]");
    for path in ["/api/v1/pages?page=1&", "/api/v1/pages?", "/api/v1/pdf?"] {
        let path = format!("{path}as_published=true");
        let answer = post(&service, &path, YAML, text.clone()).await;
        assert_eq!(answer.status, 200, "{path}");
    }
    let path = "/api/v1/check?as_published=true";
    let checked = post(&service, path, YAML, text).await.json();
    assert_eq!(checked["status"], "done");
}

#[tokio::test]
async fn what_was_copied_from_the_year_before_is_told() {
    let service = service(options(own()));
    let (last, text) = (yaml(&[("year", "2022")]), yaml(&[]));
    let parts = [
        ("report", None, text.as_bytes()),
        ("previous", None, last.as_bytes()),
    ];
    let (kind, body) = form(&parts);
    let compared = post(&service, "/api/v1/check", &kind, body).await.json();
    let shares = json!([
        {"section": "overview", "characters": 10, "copied": 10},
        {"section": "problems", "characters": 5, "copied": 5},
    ]);
    assert_eq!(compared["copied"], shares);
    let alone = post(&service, "/api/v1/check", YAML, text).await.json();
    assert_eq!(alone["copied"], json!([]));
}

#[tokio::test]
async fn counters_are_of_routes_however_many_addresses_are_tried() {
    let service = service(options(odd()));
    for edition in ["2021", "1999"] {
        get(&service, &format!("/api/v1/form/{edition}")).await;
    }
    get(&service, "/none/at/all").await;
    let metrics = get(&service, "/metrics").await.text();
    for line in [
        "requests_total{path=\"/api/v1/form/{edition}\",status=\"200\"} 1",
        "requests_total{path=\"/api/v1/form/{edition}\",status=\"404\"} 1",
        "requests_total{path=\"-\",status=\"404\"} 1",
    ] {
        assert!(metrics.contains(line), "{line}\n{metrics}");
    }
}

#[tokio::test]
async fn what_is_made_of_a_report_is_kept_by_nobody() {
    let service = service(options(own()));
    for path in ["/api/v1/pdf", "/api/v1/pages?page=1", "/api/v1/check"] {
        let answer = post(&service, path, YAML, yaml(&[])).await;
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
    }
}
