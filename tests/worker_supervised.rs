//! `nianbao worker --deadline`: requests that kill or hang, and the process that goes on after them.

use std::fs;
use std::io::{BufRead, BufReader, Cursor, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use nianbao::worker::{Program, supervise};
use serde_json::{Value, json};

use super::support::{compile, yaml};

/// A worker that reads a request before it has written the answer to the one before. One kills it then, one
/// makes it hang, for some it cannot even start.
const WORKER: &str = r#"
begin() { case $1 in *slow*) sleep 0.2 ;; *kill*) kill -9 $$ ;; *quit*) exit 3 ;; esac; }
answer() { id=${1#*:}; echo "{\"id\":${id%%,*},\"status\":\"done\",\"findings\":[]}"; }
line=
while true; do
  if read -r -t 0.2 next; then
    begin "$next"
    [ -z "$line" ] || answer "$line"
    line=$next
    case $line in *hang*) exec sleep 600 ;; esac
  else
    ended=$?
    [ -z "$line" ] || answer "$line"
    line=
    [ $ended -gt 128 ] || exit 0
  fi
done
"#;

fn bash(script: &str) -> Program {
    Program {
        path: PathBuf::from("bash"),
        arguments: vec!["-c".into(), script.into()],
    }
}

fn parsed(answers: &[u8]) -> Vec<Value> {
    let answers = answers.lines();
    answers
        .map(|line| serde_json::from_str(&line.unwrap()).unwrap())
        .collect()
}

/// The answers to requests, of which each does something to its worker.
fn answers(requests: &[&str]) -> std::io::Result<Vec<(u64, String)>> {
    let lines = requests.iter().enumerate();
    let lines: Vec<String> = lines
        .map(|(id, what)| format!("{{\"id\":{id},\"to\":\"{what}\"}}\n"))
        .collect();
    let (input, mut output) = (Cursor::new(lines.concat()), Vec::new());
    let deadline = Duration::from_secs(2);
    supervise(&bash(WORKER), input, &mut output, deadline)?;
    let answers = parsed(&output).into_iter().map(|answer| {
        let status = answer["status"].as_str().unwrap().to_owned();
        (answer["id"].as_u64().unwrap(), status)
    });
    Ok(answers.collect())
}

#[test]
fn only_requests_at_fault_fail() {
    let requests = [
        "", "kill", "", "", "", "hang", "kill", "kill", "", "hang", "hang", "", "kill",
    ];
    for first in [0, 1, 5] {
        let requests = &requests[first..];
        let wanted = requests.iter().enumerate().map(|(id, what)| {
            let status = if what.is_empty() { "done" } else { "failed" };
            (id as u64, status.to_owned())
        });
        let found = answers(requests).unwrap();
        assert_eq!(found, wanted.collect::<Vec<_>>(), "{requests:?}");
    }
    assert_eq!(answers(&[]).unwrap(), []);
}

#[test]
fn each_request_has_the_whole_time() {
    // Each takes a fifth of a second, together they take longer than one may.
    let found = answers(&["slow"; 15]).unwrap();
    assert!(
        found.iter().all(|(_, status)| status == "done"),
        "{found:?}"
    );
}

#[test]
#[cfg(target_os = "linux")]
fn a_worker_that_hangs_ends_with_who_supervises_it() {
    let mut supervisor = command("600").spawn().unwrap();
    let mut input = supervisor.stdin.take().unwrap();
    let mut output = BufReader::new(supervisor.stdout.take().unwrap()).lines();
    writeln!(input, "{{}}").unwrap();
    output.next().unwrap().unwrap();
    let [worker] = children(supervisor.id())[..] else {
        panic!();
    };
    let send = |signal: &str, pid: u32| {
        let sent = Command::new("kill")
            .args([signal, &pid.to_string()])
            .status();
        assert!(sent.unwrap().success());
    };
    send("-STOP", worker);
    send("-TERM", supervisor.id());
    assert_eq!(supervisor.wait().unwrap().code(), Some(3));
    // It is gone, or about to go.
    let there = || {
        fs::read_to_string(format!("/proc/{worker}/cmdline"))
            .is_ok_and(|words| words.contains("worker"))
    };
    for _ in 0..600 {
        if !there() {
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("it is still there");
}

#[test]
fn a_worker_that_cannot_run_ends_it() {
    let fault = answers(&["", "quit", ""]).unwrap_err();
    assert!(fault.to_string().contains("exit status: 3"), "{fault}");
    let nothing = Program {
        path: PathBuf::from("no-such-program"),
        arguments: Vec::new(),
    };
    let ended = supervise(
        &nothing,
        Cursor::new("{}\n"),
        Vec::new(),
        Duration::from_secs(2),
    );
    assert_eq!(ended.unwrap_err().kind(), std::io::ErrorKind::NotFound);
}

fn command(deadline: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nianbao"));
    command
        .args(["worker", "--deadline", deadline])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    command
}

#[test]
fn a_report_that_takes_too_long_costs_its_own_answer_alone() {
    let report = super::service_chaos::heavy();
    let page = compile(&report).page_count(); // where the figure is
    let heavy = json!({"id": 1, "report": report, "to": "png", "page": page, "ppi": 300});
    let small = json!({"id": 0, "report": yaml(&[]), "to": "pdf"});
    let mut worker = command("5").spawn().unwrap();
    let mut input = worker.stdin.take().unwrap();
    write!(input, "{small}\n{heavy}\n{small}\n").unwrap();
    drop(input);
    let output = worker.wait_with_output().unwrap();
    assert!(output.status.success());
    let answers = parsed(&output.stdout);
    let [first, late, last] = &answers[..] else {
        panic!("{answers:?}");
    };
    assert_eq!(first["status"], "done");
    assert_eq!(first, last);
    assert_eq!(
        (&late["id"], &late["status"]),
        (&json!(1), &json!("failed"))
    );
    assert!(late["message"].as_str().unwrap().contains("deadline"));
}

/// The processes that a process has started.
fn children(pid: u32) -> Vec<u32> {
    let listed = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap();
    listed
        .split_whitespace()
        .map(|pid| pid.parse().unwrap())
        .collect()
}

#[test]
#[cfg(target_os = "linux")]
fn who_asks_one_after_the_other_is_answered_whatever_happens_to_workers() {
    let mut supervisor = command("60").spawn().unwrap();
    let mut input = supervisor.stdin.take().unwrap();
    let mut output = BufReader::new(supervisor.stdout.take().unwrap()).lines();
    let mut workers = Vec::new();
    for id in 0..3 {
        let request = json!({"id": id, "report": yaml(&[]), "to": "check"});
        writeln!(input, "{request}").unwrap();
        let answer: Value = serde_json::from_str(&output.next().unwrap().unwrap()).unwrap();
        assert_eq!(
            (&answer["id"], &answer["status"]),
            (&json!(id), &json!("done"))
        );
        let [worker] = children(supervisor.id())[..] else {
            panic!();
        };
        assert!(!workers.contains(&worker));
        workers.push(worker);
        let killed = Command::new("kill")
            .args(["-9", &worker.to_string()])
            .status();
        assert!(killed.unwrap().success());
    }
    drop(input);
    assert!(output.next().is_none());
    assert!(supervisor.wait().unwrap().success());
}
