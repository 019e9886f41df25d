//! Work that a figure or a PDF stretches, done by a process that its limits end.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use super::command::{code, files, nianbao, said};
use super::support::pictures::{costly, svg};
use super::support::{compile_in, yaml};

/// The program with so many seconds of processor time, for it and for each of its processes: a process lowers its
/// limits and does not raise them.
fn limited(seconds: u32) -> Command {
    let script = format!("ulimit -S -t {seconds}; exec \"$0\" \"$@\"");
    let mut command = Command::new("bash");
    command.args(["-c", &script, env!("CARGO_BIN_EXE_nianbao")]);
    command
}

fn run(seconds: u32, folder: &Path, arguments: &[&str]) -> Output {
    let mut command = limited(seconds);
    command
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

/// A report with a figure beside it.
fn put(folder: &Path, figure: &str) -> String {
    fs::create_dir_all(folder).unwrap();
    fs::write(folder.join("图.svg"), figure).unwrap();
    let text = yaml(&[("overview", "|\n  正文。\n  ![说明](./图.svg)\n  正文。")]);
    fs::write(folder.join("2023.yaml"), &text).unwrap();
    text
}

fn small() -> String {
    svg("<rect width='9' height='9'/>")
}

/// Three reports: with a small figure, with a costly one, without.
fn archive(folder: &Path) {
    put(&folder.join("sources/a"), &small());
    put(&folder.join("sources/b"), &costly(20));
    fs::create_dir_all(folder.join("sources/c")).unwrap();
    fs::write(folder.join("sources/c/2023.yaml"), yaml(&[])).unwrap();
}

/// The records of the ledger.
fn ledger(folder: &Path) -> Vec<Value> {
    let text = fs::read_to_string(folder.join("out/manifest.jsonl")).unwrap();
    let lines = text.lines().skip(1);
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn states(folder: &Path) -> Vec<(String, String)> {
    let text = |record: &Value, field: &str| record[field].as_str().unwrap().to_owned();
    let records = ledger(folder);
    let states = records.iter().map(|r| (text(r, "path"), text(r, "state")));
    states.collect()
}

#[test]
fn compile_ends_with_a_finding() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), &costly(20));
    let output = run(3, folder.path(), &["compile", "2023.yaml"]);
    assert_eq!(code(&output), 1, "{}", said(&output));
    let said = said(&output);
    assert!(
        said.contains("error[invalid-figure]: 处理图片“./图.svg”的进程没有做完"),
        "{said}"
    );
    assert_eq!(files(folder.path()), ["2023.yaml", "图.svg"]);
}

#[test]
fn an_archive_goes_on_and_tries_again() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    archive(folder);
    let states_then = [("a", "made"), ("b", "failed"), ("c", "made")]
        .map(|(report, state)| (format!("{report}/2023.yaml"), state.to_owned()));
    for told in ["新制 2，未变 0，失败 1", "新制 0，未变 2，失败 1"] {
        let output = run(4, folder, &["archive", "sources", "out"]);
        assert_eq!(code(&output), 4, "{}", said(&output));
        let said = said(&output);
        assert!(said.contains(told), "{said}");
        assert!(
            said.contains("b/2023.yaml:") && said.contains("没有做完"),
            "{said}"
        );
        assert_eq!(states(folder), states_then);
        let failed = &ledger(folder)[1];
        assert_eq!(failed["findings"]["errors"], 1, "{failed}");
        assert_eq!(failed["files"], json!({}), "nothing is kept of it");
    }
    // What is less costly then is made.
    put(&folder.join("sources/b"), &small());
    let output = run(60, folder, &["archive", "sources", "out"]);
    assert_eq!(code(&output), 0, "{}", said(&output));
    assert!(said(&output).contains("新制 1，未变 2"));
}

#[test]
fn an_archive_that_is_told_to_end_gives_a_figure_up() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    archive(folder);
    let mut command = limited(600);
    let arguments = ["archive", "sources", "out", "--only", "b/*", "--jobs", "1"];
    let run = command.args(arguments).current_dir(folder);
    let run = run.stderr(Stdio::piped()).spawn().unwrap();
    thread::sleep(Duration::from_secs(2)); // by now it is at it, or will not begin
    let pid = run.id().to_string();
    assert!(Command::new("kill").arg(&pid).status().unwrap().success());
    let output = run.wait_with_output().unwrap();
    assert_eq!(code(&output), 4, "{}", said(&output));
    let made = states(folder).iter().any(|(_, state)| state == "made");
    assert!(!made, "{:?}", states(folder));
}

#[test]
fn the_same_bytes_come_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let reports = folder.join("sources/a");
    let text = put(&reports, &small());
    let here = compile_in(&text, &reports).to_pdf().unwrap();
    let output = nianbao(folder, &["archive", "sources", "out"]);
    assert_eq!(code(&output), 0, "{}", said(&output));
    assert!(fs::read(folder.join("out/a/2023.pdf")).unwrap() == here);
    let output = nianbao(
        folder,
        &["archive", "verify", "out", "sources", "--rebuild"],
    );
    assert_eq!(code(&output), 0, "{}", said(&output));
    // Drafts print the findings, archive copies hold the file and its figures.
    let warned = yaml(&[("overview", "|\n  ![说明](./图.svg)"), ("problems", "无")]);
    fs::write(reports.join("2023.yaml"), format!("\u{feff}{warned}")).unwrap();
    for copy in ["draft", "archive", "signing"] {
        let out = format!("out-{copy}");
        let output = nianbao(folder, &["archive", "sources", &out, "--copy", copy]);
        assert_eq!(code(&output), 0, "{}", said(&output));
        let one = ["compile", "sources/a/2023.yaml", "one.pdf", "--copy", copy];
        let output = nianbao(folder, &one);
        assert_eq!(code(&output), 0, "{}", said(&output));
        let [one, other] = ["one.pdf".to_owned(), format!("{out}/a/2023.pdf")];
        let read = |path: String| fs::read(folder.join(path)).unwrap();
        assert!(read(one) == read(other), "{copy}");
    }
}

#[test]
fn a_pdf_is_verified_and_taken_apart_within_limits() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), &costly(8));
    let output = nianbao(
        folder.path(),
        &["compile", "2023.yaml", "a.pdf", "--copy", "archive"],
    );
    assert_eq!(code(&output), 0, "{}", said(&output));
    let output = run(1, folder.path(), &["verify", "a.pdf"]);
    assert_eq!(code(&output), 1, "{}", said(&output));
    assert!(
        said(&output).contains("a.pdf：没有做完"),
        "{}",
        said(&output)
    );
}

#[test]
fn an_archive_copy_is_made_again_within_limits() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let reports = folder.join("sources/a");
    put(&reports, &costly(8));
    put(&folder.join("sources/b"), &small());
    let made = ["archive", "sources", "out", "--copy", "archive"];
    assert_eq!(code(&nianbao(folder, &made)), 0);
    fs::remove_dir_all(&reports).unwrap();
    let made = nianbao(folder, &made);
    assert_eq!(code(&made), 0, "{}", said(&made));
    let verify = ["archive", "verify", "out", "sources", "--rebuild"];
    let verify = [&verify[..], &["--copy", "archive"]].concat();
    let output = run(3, folder, &verify);
    assert_eq!(code(&output), 4, "{}", said(&output));
    let said = said(&output);
    assert!(
        said.contains("a/2023") && said.contains("没有做完"),
        "{said}"
    );
    assert_eq!(code(&run(100, folder, &verify)), 0);
}

#[test]
fn a_worker_answers_with_a_finding_and_goes_on() {
    let mut worker = limited(4);
    let worker = worker
        .arg("worker")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut worker = worker.spawn().unwrap();
    let text = yaml(&[("overview", "|\n  正文。\n  ![说明](图.svg)\n  正文。")]);
    let mut input = worker.stdin.take().unwrap();
    for (id, figure) in [("heavy", costly(20)), ("light", small())] {
        use base64::Engine as _;
        let figure = base64::engine::general_purpose::STANDARD.encode(figure);
        let request = json!({"id": id, "report": text, "to": "pdf", "figures": {"图.svg": figure}});
        writeln!(input, "{request}").unwrap();
    }
    // What was examined is for the program to say.
    let request = json!({"id": "unexamined", "report": yaml(&[]), "to": "pdf", "examined": []});
    writeln!(input, "{request}").unwrap();
    writeln!(input, "{}", json!({"id": "again", "of": "", "to": "again"})).unwrap();
    drop(input);
    let output = worker.wait_with_output().unwrap();
    let answers = String::from_utf8(output.stdout).unwrap();
    let answers: Vec<Value> = answers
        .lines()
        .map(|a| serde_json::from_str(a).unwrap())
        .collect();
    assert_eq!(answers[0]["status"], "faulty", "{}", answers[0]);
    assert!(
        answers[0]["findings"].to_string().contains("没有做完"),
        "{}",
        answers[0]
    );
    assert_eq!(answers[1]["status"], "done");
    assert_eq!(answers[1]["id"], "light");
    assert_eq!(answers[2]["status"], "refused");
    assert_eq!(answers[3]["status"], "refused");
}
