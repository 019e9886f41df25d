//! What each way of printing findings looks like, kept in `tests/snapshots/`;
//! `NIANBAO_UPDATE=1` writes them anew.

use std::path::Path;

use nianbao::authoring;
use nianbao::check::{Checker, Policy, rules};
use nianbao::diagnostic::{self, Diagnostic, Paint, Row, github, sarif};
use nianbao::source::Source;
use serde_json::Value as Json;

use super::support::cases::case;
use super::support::{EDITIONS, bind, root, updated};

/// One report with findings of every severity, of several places, with law and hints, under wide
/// characters.
const REPORT: &str = "agency: 某某市科技局\nyear: 2023\noverview: |\n  （二）依申请公开。全年收到政府信息公开申请 33 件，管理规范;平台稳定。\n\
requests:\n  received: [36, 0, 0, 0, 0, 0, 36]\n  granted: [35, 0, 0, 0, 0, 0, 36]\nheadings: {problems: 问题和改进}\n";

fn findings() -> (Source, Vec<Diagnostic>) {
    let text = case(REPORT).text;
    let (_, report, findings) = bind(&text);
    let report = report.unwrap_or_else(|| panic!("{findings:?}"));
    let found = Checker::new(&EDITIONS).unwrap().run(&report, None).findings;
    let source = Source::from_bytes(Path::new("某市/100%:a,b.yaml"), text.into_bytes());
    (source, found)
}

fn snapshot(name: &str, text: &str) {
    updated(&root().join("tests/snapshots").join(name), text.as_bytes());
}

fn results(findings: &[Diagnostic], source: &Source) -> String {
    let descriptor = |entry: &'static rules::RuleEntry| sarif::Descriptor {
        rule: entry.rule,
        summary: entry.summary,
        help: "…", // the whole document would be in the snapshot
    };
    let (head, tail) = sarif::frame(rules::all().iter().map(descriptor));
    format!("{head}{}{tail}", sarif::results(findings, source))
}

#[test]
fn each_way_of_printing_is_as_kept() {
    let (source, findings) = findings();
    snapshot(
        "human.txt",
        &diagnostic::render(&findings, &source, Paint::Plain),
    );
    snapshot(
        "colour.txt",
        &diagnostic::render(&findings, &source, Paint::Colour),
    );
    snapshot(
        "findings.json",
        &format!(
            "[\n{}\n]\n",
            authoring::items(&findings, &source, &EDITIONS)
        ),
    );
    snapshot("github.txt", &github::commands(&findings, &source));
    let sarif: Json = serde_json::from_str(&results(&findings, &source)).unwrap();
    snapshot(
        "findings.sarif",
        &format!("{}\n", serde_json::to_string_pretty(&sarif).unwrap()),
    );
    let rows = [
        Row::new("某某市科技局".to_owned(), Some(2023), &findings),
        Row::new("某某自治州人力资源和社会保障局".to_owned(), Some(2023), &[]),
        Row::new("a/b.yaml".to_owned(), None, &findings[..1]),
    ];
    snapshot("table.txt", &diagnostic::table(&rows));
}

#[test]
fn carets_stand_under_wide_characters() {
    let (source, mut findings) = findings();
    findings.retain(|finding| finding.rule.id == "text-disagrees");
    let text = diagnostic::render(&findings, &source, Paint::Plain);
    let width = |text: &str| unicode_width::UnicodeWidthStr::width(text);
    let mut lines = text.lines();
    let line = lines
        .by_ref()
        .find(|line| line.contains("收到政府信息公开申请 33 件"))
        .unwrap();
    let carets = lines.next().unwrap();
    let place = |line: &str, what: &str| width(&line[..line.find(what).unwrap()]);
    assert_eq!(place(carets, "^"), place(line, "收到"));
    let said = "收到政府信息公开申请 33 件";
    assert_eq!(carets.matches('^').count(), width(said));
}

#[test]
fn places_are_counted_in_characters() {
    let (source, findings) = findings();
    let items: Vec<Json> = serde_json::from_str(&format!(
        "[{}]",
        authoring::items(&findings, &source, &EDITIONS)
    ))
    .unwrap();
    assert_eq!(items.len(), findings.len());
    let item = items
        .iter()
        .find(|item| item["rule"] == "half-width-punctuation")
        .unwrap();
    let number = |key: &str| usize::try_from(item[key].as_u64().unwrap()).unwrap();
    let line = source.text().lines().nth(number("line") - 1).unwrap();
    let column = number("column");
    assert_eq!(line.chars().nth(column - 1), Some(';'));
    assert_eq!(item["end_column"], column + 1);
    for key in [
        "rule",
        "severity",
        "message",
        "file",
        "line",
        "column",
        "end_line",
        "end_column",
        "labels",
        "law",
        "hints",
        "plain",
        "instead",
    ] {
        assert!(item.get(key).is_some(), "{key}");
    }
}

#[test]
fn sarif_is_what_its_schema_says() {
    let (source, findings) = findings();
    let text = results(&findings, &source);
    // The crate's types are made from the schema of SARIF 2.1.0.
    let document: serde_sarif::sarif::Sarif = serde_json::from_str(&text).unwrap();
    let run = &document.runs[0];
    assert_eq!(run.results.as_ref().unwrap().len(), findings.len());
    let rules: Vec<&str> = run
        .tool
        .driver
        .rules
        .iter()
        .flatten()
        .map(|rule| rule.id.as_str())
        .collect();
    for result in run.results.iter().flatten() {
        assert!(rules.contains(&result.rule_id.as_deref().unwrap()));
    }
    assert!(
        text.contains("%E6%9F%90%E5%B8%82/100%25%3Aa%2Cb.yaml"),
        "paths are URIs"
    );
}

#[test]
fn what_a_file_says_is_not_obeyed_by_a_terminal() {
    let escape = "\\e[31m";
    let text = case(&format!(
        "headings: {{problems: \"{escape}\\u009b1m问题\"}}\n"
    ))
    .text;
    let (source, report, mut findings) = bind(&text);
    findings.extend(
        Checker::new(&EDITIONS)
            .unwrap()
            .run(&report.unwrap(), None)
            .findings,
    );
    let raw = case("problems: \u{1b}[31m无\nwaivers: [{rule: \"a\\eb\", reason: c}]\n").text;
    let (_, _, more) = bind(&raw);
    let raw = Source::from_bytes(Path::new("\u{1b}[2J.yaml"), raw.into_bytes());
    for (findings, source) in [(findings, source), (more, raw)] {
        let findings = Policy::default().apply(findings, &[], nianbao::check::Compared::default());
        let shown = diagnostic::render(&findings, &source, Paint::Plain);
        let obeyed = |c: char| c.is_control() && c != '\n';
        assert!(!shown.contains(obeyed), "{shown:?}");
        let row = Row::new(text.clone(), None, &findings);
        assert!(!diagnostic::table(&[row]).contains(obeyed));
    }
}
