//! `nianbao import` as a program.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use super::import::fixtures;
use super::support::office::as_html;

fn import(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nianbao"));
    command.current_dir(folder).arg("import").args(arguments);
    command.output().unwrap()
}

fn shown(output: &Output) -> String {
    let both = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8(both).unwrap()
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("in")).unwrap();
    for (kind, bytes) in fixtures() {
        fs::write(folder.path().join(format!("in/年报.{kind}")), bytes).unwrap();
    }
    folder
}

#[test]
fn a_file_becomes_a_report_file_and_nothing_is_replaced() {
    let folder = folder();
    let run = |arguments: &[&str]| {
        let output = import(folder.path(), arguments);
        (output.status.code().unwrap(), shown(&output))
    };
    let (code, said) = run(&["in/年报.docx", "--dry-run"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("200 格：200 格照原文；正文 3 部分"), "{said}");
    assert!(said.contains("会生成 in/年报.yaml"), "{said}");
    assert!(!folder.path().join("in/年报.yaml").exists());
    assert_eq!(run(&["in/年报.docx"]).0, 0);
    let first = fs::read_to_string(folder.path().join("in/年报.yaml")).unwrap();
    let (code, said) = run(&["in/年报.html"]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("--replace"), "{said}");
    assert_eq!(run(&["in/年报.html", "--replace", "--lang", "zh"]).0, 0);
    let second = fs::read_to_string(folder.path().join("in/年报.yaml")).unwrap();
    assert!(first.contains("agency:") && second.contains("机关:"));
    assert_eq!(run(&["in/年报.odt", "--into", "out"]).0, 0);
    assert!(folder.path().join("out/某某市科技局/2023.yaml").exists());
    let (code, said) = run(&["in/没有.docx"]);
    assert_eq!(code, 3, "{said}");
    fs::write(folder.path().join("in/x.doc"), b"{\\rtf1 x}").unwrap();
    let (code, said) = run(&["in/x.doc"]);
    assert_eq!(code, 1);
    assert!(said.contains("另存为 docx"), "{said}");
}

/// A report file is none to be imported, and what an import leaves in one is no finding.
#[test]
fn a_report_file_is_left_as_it_is() {
    let folder = folder();
    assert_eq!(
        import(folder.path(), &["in/年报.docx"]).status.code(),
        Some(0)
    );
    let path = folder.path().join("in/年报.yaml");
    let written = fs::read_to_string(&path).unwrap();
    let output = import(folder.path(), &["in/年报.yaml", "--replace"]);
    assert_eq!(output.status.code(), Some(1), "{}", shown(&output));
    assert!(
        shown(&output).contains("这已经是报告文件"),
        "{}",
        shown(&output)
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), written);
    let noted = written.replace(
        "agency: 某某市科技局",
        "agency: 某某市科技局 # 导入：按推断：署名",
    );
    assert_ne!(noted, written);
    let other = written.replace("agency: 某某市科技局", "agency: 某某市科技局 # 署名");
    for (text, is_cut) in [(noted, false), (other, true)] {
        fs::write(&path, text).unwrap();
        let mut check = Command::new(env!("CARGO_BIN_EXE_nianbao"));
        let output = check
            .current_dir(folder.path())
            .args(["check", "in/年报.yaml"])
            .output();
        let said = shown(&output.unwrap());
        assert_eq!(said.contains("cut-by-comment"), is_cut, "{said}");
    }
}

#[test]
fn what_is_not_recognised_is_written_and_told() {
    let folder = folder();
    let page = fs::read_to_string(folder.path().join("in/年报.html")).unwrap();
    let page = page.replace("<span>1000</span>", "<span>若干</span>");
    fs::write(folder.path().join("in/年报.html"), page).unwrap();
    let output = import(
        folder.path(),
        &["in/年报.html", "a.yaml", "--output", "json"],
    );
    assert_eq!(output.status.code(), Some(4), "{}", shown(&output));
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(told["import"]["findings"][0]["kind"], "not-recognised");
    let report = fs::read_to_string(folder.path().join("a.yaml")).unwrap();
    assert!(report.contains("\"?\"") && report.contains("# 导入：没有认出"));
    let output = import(folder.path(), &["in/年报.html", "b.yaml", "--strict"]);
    assert_eq!(output.status.code(), Some(4));
    assert!(!folder.path().join("b.yaml").exists());
    let tidy = Command::new(env!("CARGO_BIN_EXE_nianbao"))
        .current_dir(folder.path())
        .args(["tidy", "a.yaml", "--comments", "--write"])
        .output()
        .unwrap();
    assert_eq!(tidy.status.code(), Some(0), "{}", shown(&tidy));
    let report = fs::read_to_string(folder.path().join("a.yaml")).unwrap();
    assert!(report.contains("\"?\"") && !report.contains("# 导入："));
}

#[test]
fn a_folder_becomes_an_archive_of_report_files() {
    let folder = folder();
    fs::write(folder.path().join("in/图.png"), b"\x89PNG\r\n\x1a\n").unwrap();
    let page = fs::read_to_string(folder.path().join("in/年报.html")).unwrap();
    fs::write(
        folder.path().join("in/改.html"),
        page.replace("<span>1000</span>", "<span>999</span>"),
    )
    .unwrap();
    fs::write(folder.path().join("in/空.html"), as_html(&[])).unwrap();
    let output = import(folder.path(), &["in", "out"]);
    let said = shown(&output);
    assert_eq!(output.status.code(), Some(4), "{said}");
    let own = folder.path().join("out/某某市科技局");
    assert!(
        own.join("2023.yaml").exists() && own.join("2023-2.yaml").exists(),
        "{said}"
    );
    assert!(!own.join("2023-3.yaml").exists(), "{said}");
    assert!(said.contains("内容相同"), "{said}");
    assert!(said.contains("999") && said.contains("都留下"), "{said}");
    assert!(said.contains("图片"), "{said}");
    assert!(said.contains("没有认出年报"), "{said}");
}
