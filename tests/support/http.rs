//! The service as a function from requests to answers: what asks and reads the answers.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Request, StatusCode, header};
use http_body_util::BodyExt;
use nianbao::serve::{Options, app};
use nianbao::worker::Program;
use serde_json::Value;
use tower::ServiceExt;

use super::EDITIONS;

pub const YAML: &str = "application/yaml";

/// An answer, read whole.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{:?}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).map(|value| value.to_str().unwrap());
        value.unwrap_or_else(|| panic!("{name} is missing: {:?}", self.headers))
    }

    /// That it is problem details of a status, with a sentence.
    #[track_caller]
    pub fn is_problem(&self, status: u16) {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(self.json()["status"], status);
        let detail = self.json()["detail"].as_str().unwrap().to_owned();
        assert!(!detail.is_empty() && !detail.is_ascii(), "{detail}");
    }
}

/// The worker that the service is made for.
pub fn own() -> Program {
    Program {
        path: env!("CARGO_BIN_EXE_nianbao").into(),
        arguments: vec!["worker".into()],
    }
}

/// A worker that answers whatever it is asked, but sleeps over what is SLOW, ends of what is DEADLY, and
/// is killed when it is KILLED.
pub fn odd() -> Program {
    let script = "while read -r line; do case \"$line\" in *SLOW*) sleep 60;; *DEADLY*) exit 1;; *KILLED*) kill -9 $$;; \
        *) echo '{\"status\":\"done\",\"findings\":[]}';; esac; done";
    Program {
        path: PathBuf::from("sh"),
        arguments: ["-c", script].map(OsString::from).into(),
    }
}

pub fn options(worker: Program) -> Options {
    Options {
        worker,
        workers: 1,
        queue: 64,
        deadline: Duration::from_mins(1),
        token: None,
        hosts: None,
        origins: Vec::new(),
    }
}

pub fn service(options: Options) -> Router {
    app(EDITIONS.clone(), options)
}

/// Sends a request; one that names no host names this machine.
pub async fn send(service: &Router, mut request: Request<Body>) -> Answer {
    let host = HeaderValue::from_static("127.0.0.1:8787");
    request.headers_mut().entry(header::HOST).or_insert(host);
    send_as_it_is(service, request).await
}

pub async fn send_as_it_is(service: &Router, request: Request<Body>) -> Answer {
    let answer = service.clone().oneshot(request).await.unwrap();
    let (parts, body) = answer.into_parts();
    Answer {
        status: parts.status,
        headers: parts.headers,
        body: body.collect().await.unwrap().to_bytes().to_vec(),
    }
}

pub async fn get(service: &Router, path: &str) -> Answer {
    send(service, Request::get(path).body(Body::empty()).unwrap()).await
}

/// Waits until its metrics have some lines, a minute at most.
pub async fn until(service: &Router, lines: &[&str]) {
    let started = Instant::now();
    loop {
        let metrics = get(service, "/metrics").await.text();
        if lines
            .iter()
            .all(|wanted| metrics.lines().any(|line| line == *wanted))
        {
            return;
        }
        assert!(started.elapsed() < Duration::from_mins(1), "{metrics}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

pub async fn post(service: &Router, path: &str, kind: &str, body: impl Into<Body>) -> Answer {
    let request = Request::post(path).header(header::CONTENT_TYPE, kind);
    send(service, request.body(body.into()).unwrap()).await
}

/// The type and the content of a form with parts: name, file name, content.
pub fn form(parts: &[(&str, Option<&str>, &[u8])]) -> (String, Vec<u8>) {
    let mut body = Vec::new();
    for (name, file, content) in parts {
        let file = file.map_or(String::new(), |file| format!("; filename=\"{file}\""));
        let head = format!("--X\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n");
        body.extend([head.as_bytes(), content, b"\r\n"].concat());
    }
    body.extend(b"--X--\r\n");
    ("multipart/form-data; boundary=X".to_owned(), body)
}
