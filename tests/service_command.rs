//! `nianbao serve` as a process: where it listens, what it logs, how it ends.

use std::fs;
use std::io::Write;
use std::net::Shutdown;
use std::path::Path;
use std::process::{Command, Output};

use super::command::{code, said};
use super::support::served::{Served, answer, request, status};
use super::support::yaml;

#[test]
fn what_was_taken_is_answered_before_the_end_and_nothing_of_it_is_logged() {
    let served = Served::start(&["--workers", "1", "--log", "json"]);
    let text = yaml(&[("agency", "秘密名称局"), ("problems", "|\n  秘密内容。")]);
    let whole = request(&text);
    // The service has begun to take it when it is told to end.
    let (mut stream, rest) = served.begin(&whole);
    served.stop();
    served.until_closed();
    stream.write_all(rest.as_bytes()).unwrap();
    let answer = answer(stream);
    assert!(
        answer.starts_with(b"HTTP/1.1 200 OK"),
        "{}",
        String::from_utf8_lossy(&answer)
    );
    let (succeeded, log) = served.ended();
    assert!(succeeded);
    assert!(
        log.contains("\"path\":\"/api/v1/pdf\"") && log.contains("\"status\":200"),
        "{log}"
    );
    for line in log.lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(line["level"].is_string());
    }
    assert!(!log.contains("秘密"), "{log}");
}

/// Ctrl-C is told to all processes of a group: workers are in none with the service, which needs them for
/// what it took.
#[test]
fn workers_outlive_what_ends_the_service() {
    let served = Served::start_in_group(&["--workers", "1"]);
    let whole = request(&yaml(&[]));
    let (mut stream, rest) = served.begin(&whole);
    let group = format!("-{}", served.child.id());
    let told = Command::new("kill").args(["-INT", "--", &group]).status();
    assert!(told.unwrap().success());
    served.until_closed();
    stream.write_all(rest.as_bytes()).unwrap();
    let answer = answer(stream);
    assert_eq!(status(&answer), 200, "{}", String::from_utf8_lossy(&answer));
    let (succeeded, log) = served.ended();
    assert!(succeeded && !log.contains("replaced"), "{log}");
}

#[test]
fn slow_and_broken_clients_cost_nobody_else_anything() {
    let served = Served::start(&["--workers", "1"]);
    let idle: Vec<_> = (0..200).map(|_| served.connect()).collect();
    let mut slow = served.connect();
    slow.write_all(b"POST /api/v1/pdf HTTP/1.1\r\nHost: localhost\r\nContent-Le")
        .unwrap();
    let mut broken = served.connect();
    broken.write_all(b"\x00\xff\r\n\r\n").unwrap();
    let head =
        "POST /api/v1/check HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/yaml\r\n";
    let mut half = served.connect();
    write!(half, "{head}Content-Length: 100\r\n\r\nagency").unwrap();
    half.shutdown(Shutdown::Write).unwrap();
    let mut chunked = served.connect();
    write!(chunked, "{head}Transfer-Encoding: chunked\r\n\r\nnone\r\n").unwrap();
    let mut gone = served.connect();
    gone.write_all(request(&yaml(&[])).as_bytes()).unwrap();
    drop(gone);
    let mut stream = served.connect();
    stream.write_all(request(&yaml(&[])).as_bytes()).unwrap();
    assert!(answer(stream).starts_with(b"HTTP/1.1 200 OK"));
    for stream in [broken, half, chunked] {
        assert!(answer(stream).starts_with(b"HTTP/1.1 400"));
    }
    drop(idle);
}

/// What is said by a service that is not to start. One that does would never end, so it is ended.
fn not_served(folder: &Path, arguments: &[&str]) -> Output {
    Command::new("timeout")
        .args(["30", env!("CARGO_BIN_EXE_nianbao"), "serve"])
        .args(arguments)
        .current_dir(folder)
        .env_remove("NIANBAO_HOME")
        .output()
        .unwrap()
}

#[test]
fn it_is_offered_to_others_only_when_that_is_meant() {
    let folder = tempfile::tempdir().unwrap();
    let usage = |arguments: &[&str], told: &str| {
        let output = not_served(folder.path(), arguments);
        assert_eq!(code(&output), 2, "{arguments:?}: {}", said(&output));
        assert!(said(&output).contains(told), "{}", said(&output));
    };
    usage(&["--listen", "0.0.0.0:0"], "--no-auth");
    usage(&["--listen", "[::]:0"], "--token-file");
    fs::write(folder.path().join("token"), "short\n").unwrap();
    usage(&["--token-file", "token"], "16 or more");
    usage(&["--token-file", "token", "--no-auth"], "--no-auth");
    usage(&["--allow-origin", "*"], "origin");
    usage(&["--deadline", "0"], "0.1 to 600");
    for missing in ["--token-file", "--font-path"] {
        let output = not_served(folder.path(), &[missing, "none"]);
        assert_eq!(code(&output), 3, "{}", said(&output));
        assert!(said(&output).contains("none"), "{}", said(&output));
    }
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output = not_served(folder.path(), &["--listen", &address]);
    assert_eq!(code(&output), 3);
    assert!(said(&output).contains("cannot listen"), "{}", said(&output));
}
