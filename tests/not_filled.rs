//! Values that nobody has given (`?`, 待填): in values, lists, rows and tables, and in new report files.

use std::fs;
use std::path::Path;

use nianbao::check::Policy;
use nianbao::diagnostic::Severity;
use nianbao::source::Source;

use super::command::{code, nianbao, said as said_by};
use super::mistyped::{examined, examined_with, said, with};
use super::support::{EDITIONS, bind, root, yaml};

/// A value that nobody has given is one error a table; nothing is computed over it, and nothing lifts it.
#[test]
fn what_nobody_has_filled_in_is_an_error() {
    for mark in ["?", "？", "待填", "\"?\"", "? # 问财务科"] {
        let (text, line) = with(&[("  licences", &format!("  licences: {mark}"))]);
        let found = examined(&text);
        let mut findings = found.findings.iter();
        let first = findings.find(|finding| finding.severity == Severity::Error);
        let said = said(&found, first.unwrap());
        assert_eq!(
            (said.0.as_str(), said.1, said.2),
            ("not-filled", line, 13),
            "{mark}"
        );
        assert!(
            found.report.is_none() && found.findings.len() <= 3,
            "{mark}: {:?}",
            found.findings
        );
    }
    let row = "{natural_person: 2, enterprise: ?, research: 0, public_interest: 0, legal_service: 0, other_organization: 0}";
    let (text, _) = with(&[
        ("  received", "  received: [5, ?, 0, 0, 0, 0, 9]"),
        ("  carried_in", "  carried_in: ?"),
        ("  granted", &format!("  granted: {row}")),
        (
            "  partly_granted",
            "  partly_granted: [1, 0, 0, 0, 0, 0, ?]",
        ),
        ("  concluded", "  concluded: [1, 1, 1, 1, 1, 1, 1]"),
        ("  licences", "  licences: {value: ?, note: 说明}"),
    ]);
    let text = text + "waivers:\n  - {rule: not-filled, reason: 还没有给出}\n";
    let policy = Policy::new(true, &[], &[]).unwrap();
    let found = examined_with(text.as_bytes(), None, &policy);
    let ids = |id: &str| {
        found
            .findings
            .iter()
            .filter(|finding| finding.rule.id == id)
            .collect::<Vec<_>>()
    };
    let not_filled = ids("not-filled");
    assert_eq!(not_filled.len(), 2, "{:?}", found.findings);
    assert!(
        not_filled
            .iter()
            .all(|finding| finding.severity == Severity::Error && finding.waived.is_none())
    );
    assert_eq!(not_filled[1].labels.len(), 4);
    assert!(
        ids("requests-unbalanced").is_empty(),
        "{:?}",
        found.findings
    );
    // The totals of columns without a mark are compared.
    assert!(ids("wrong-total").len() == 6, "{:#?}", ids("wrong-total"));
    assert!(Policy::new(false, &[], &["not-filled".to_owned()]).is_err());
    // Whole tables, in both languages.
    let (text, _) = with(&[
        ("  reconsideration", "  行政复议: ?"),
        ("  direct", "  未经复议直接起诉: ？"),
        ("  litigation", "  复议后起诉: [?,?,?,?,?]"),
    ]);
    let (_, _, findings) = bind(&text);
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert!(
        findings[0].message.contains("3 行都没有填写"),
        "{findings:?}"
    );
    // The fields of the page keep the mark, and so does the file that is written of them.
    let source = Source::from_bytes(Path::new("x.yaml"), text.into_bytes());
    let raw = nianbao::authoring::read(&source, &EDITIONS).value.unwrap();
    let cells = raw.tables["disputes"][0].as_ref().unwrap();
    assert!(cells.iter().all(|cell| cell.as_ref().unwrap().value == "?"));
    let form = EDITIONS.named("2021").unwrap();
    let again = raw.to_yaml(form, nianbao::form::Language::English).text;
    let (_, _, findings) = bind(&again);
    assert_eq!(findings[0].rule.id, "not-filled", "{again}");
}

/// A text that has nothing but the mark is not written yet, wherever it stands.
#[test]
fn texts_that_nobody_has_written_are_errors() {
    for (field, value, column) in [
        ("agency", "待填", 9),
        ("year", "?", 7),
        ("date", "？", 7),
        ("title", "\"?\"", 8),
        ("preface", "待补充。", 10),
        ("overview", "|\n  （一）主动公开\n  待填", 3),
        (
            "overview",
            "|\n  （一）主动公开。待填\n  | 甲 | 乙 |\n  | 丙 | ? |",
            3,
        ),
        ("other", "\"?\"", 9),
        ("problems", "待填。", 11),
        ("notes", "{disputes: 待补}", 19),
        ("headings", "{problems: ?}", 22),
        ("signature", "{name: 待填写}", 19),
        ("texts", "{requests: {before: ?}}", 28),
        ("waivers", "[{rule: stray-space, reason: ?}]", 39),
    ] {
        let found = examined(&yaml(&[(field, value)]));
        let said = found.findings.iter().map(|f| said(&found, f));
        let said: Vec<_> = said.filter(|(id, ..)| id == "not-filled").collect();
        assert_eq!(said.len(), 1, "{field}: {value}: {:?}", found.findings);
        assert_eq!(said[0].2, column, "{field}: {value}: {said:?}");
        assert!(found.report.is_none(), "{field}");
        for twice in ["invalid-value", "empty-section", "fee-not-reported"] {
            let mut findings = found.findings.iter();
            assert!(
                findings.all(|finding| finding.rule.id != twice),
                "{field}: {twice}"
            );
        }
    }
}

/// A question mark in a text is one.
#[test]
fn question_marks_in_texts_stay() {
    let text = yaml(&[
        ("overview", "|\n  什么: ?\n  列表：[?, ?]\n  - ?\n  真的?"),
        ("title", "'谁: ?'"),
    ]);
    let report = super::support::report(&text);
    let lines: Vec<String> = report.sections["overview"]
        .paragraphs
        .iter()
        .map(|p| p.line().text)
        .collect();
    assert_eq!(lines, ["什么: ?", "列表：[?, ?]", "- ?", "真的?"]);
    assert_eq!(report.title.text, "谁: ?");
}

/// `new` writes what nobody has given yet, and goes on from the report beside it, as `check` does.
#[test]
fn a_new_report_is_not_filled_in() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let read = |name: &str| fs::read_to_string(at.join(name)).unwrap();
    let output = nianbao(at, &["new", "某某市科技局", "2023"]);
    assert_eq!(code(&output), 0, "{}", said_by(&output));
    let output = nianbao(at, &["compile", "2023.yaml"]);
    assert_eq!(code(&output), 1);
    assert_eq!(
        said_by(&output).matches("error[not-filled]").count(),
        3,
        "{}",
        said_by(&output)
    );
    assert!(!at.join("2023.pdf").exists());
    let output = nianbao(at, &["compile", "2023.yaml", "--as-published"]);
    assert_eq!(code(&output), 1);
    // The year after goes on from a report that is whole.
    let before = yaml(&[("year", "2023")])
        .replace("  carried_out: 0", "  carried_out: [1, 0, 0, 0, 0, 0, 1]");
    fs::write(at.join("2023.yaml"), before).unwrap();
    let output = nianbao(at, &["new", "某某市科技局", "2024"]);
    assert_eq!(code(&output), 0, "{}", said_by(&output));
    let text = read("2024.yaml");
    assert!(
        text.contains("  carried_in: {natural_person: 1, "),
        "{text}"
    );
    assert!(text.contains("  received: \"?\"  # "), "{text}");
    assert!(text.contains("#   2023年工作正常。"), "{text}");
    fs::remove_file(at.join("2024.yaml")).unwrap();
    // Another agency's is left alone, and so is one with errors.
    let output = nianbao(at, &["new", "某某市水利局", "2024"]);
    assert!(
        said_by(&output).contains("2023.yaml is of 某某市科技局"),
        "{}",
        said_by(&output)
    );
    assert!(!read("2024.yaml").contains("2023年工作正常"));
    fs::remove_file(at.join("2024.yaml")).unwrap();
    fs::write(at.join("2023.yaml"), "year: 2023\n").unwrap();
    let output = nianbao(at, &["new", "某某市科技局", "2024", "--zeros"]);
    assert_eq!(code(&output), 0);
    assert!(
        said_by(&output).contains("has errors"),
        "{}",
        said_by(&output)
    );
    let text = read("2024.yaml");
    assert!(
        text.contains("  received: 0  # ") && !text.contains('?'),
        "{text}"
    );
    fs::remove_file(at.join("2023.yaml")).unwrap();
    assert_eq!(code(&nianbao(at, &["compile", "2024.yaml"])), 0);
}

/// Keys go on in the language of last year's; its notes are remarks on its own numbers, and only comments.
#[test]
fn a_new_report_has_the_language_of_the_one_before() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let before = fs::read_to_string(root().join("samples/chinese-keys/2022.yaml")).unwrap();
    fs::write(at.join("2022.yaml"), &before).unwrap();
    let new = |arguments: &[&str]| {
        let output = nianbao(at, &[&["new", "某某县档案局", "2023"], arguments].concat());
        assert_eq!(code(&output), 0, "{}", said_by(&output));
        let text = fs::read_to_string(at.join("2023.yaml")).unwrap();
        fs::remove_file(at.join("2023.yaml")).unwrap();
        text
    };
    let text = new(&[]);
    assert!(
        text.contains("\n机关: 某某县档案局\n年度: 2023\n"),
        "{text}"
    );
    assert!(
        text.contains("$schema=2021.report.zh.schema.json"),
        "{text}"
    );
    let note = "#   注：行政复议案件含上年度结转1件。\n";
    let ways = "写 注: {政府信息公开行政复议、行政诉讼情况: …}\n";
    assert!(text.contains(note) && text.contains(ways), "{text}");
    assert!(
        text.lines()
            .all(|line| line.starts_with('#') || !line.contains("其中修订"))
    );
    assert!(new(&["--lang", "en"]).contains("\nagency: 某某县档案局\n"));
    fs::rename(at.join("2022.yaml"), at.join("last.yaml")).unwrap();
    assert!(new(&["--previous", "last.yaml"]).contains("\n机关: "));
    assert!(new(&[]).contains("\nagency: "));
}
