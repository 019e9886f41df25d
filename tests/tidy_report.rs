//! What can be put right in a report file without judging.

use std::fs;
use std::path::Path;

use nianbao::authoring::{self, Tidied};
use nianbao::source::Source;
use proptest::prelude::*;

use super::command::{code, nianbao, said};
use super::support::{EDITIONS, read, samples, yaml};

fn source(text: &str) -> Source {
    Source::from_bytes(Path::new("report.yaml"), text.into())
}

fn tidied(text: &str) -> Tidied {
    authoring::tidy(&source(text), &EDITIONS).value.unwrap()
}

fn pairs(tidied: &Tidied) -> Vec<(&str, &str)> {
    let pairs = tidied.changes.iter();
    pairs
        .map(|change| (change.before.as_str(), change.after.as_str()))
        .collect()
}

#[test]
fn texts_are_put_right_in_every_way_of_writing() {
    let text = yaml(&[
        (
            "overview",
            "|\n  工 作 ,正常。\n  # 不是注释 ,正文\n\n  依照\"条例\"公开。",
        ),
        (
            "problems",
            "\"一段 ,一段\\n二段\\\"引语\\\"完\" # 注释 ,不动",
        ),
        ("other", "'未收 ,费用' # 注释"),
        ("preface", ">\n  甲 ,乙\n  丙"),
        ("agency", "某某市 科技局"),
        ("notes", "{disputes: 注 ：一件}"),
    ]);
    let after = tidied(&text);
    assert_eq!(
        pairs(&after),
        [
            (" ", ""),
            (" ,", "，"),
            (" ,", "，"),
            ("\"", "“"),
            ("\"", "”"),
            (" ,", "，"),
            ("\"", "“"),
            ("\"", "”"),
            (" ,", "，"),
            (" ,", "，"),
            (" ", ""),
            (" ", ""),
        ]
    );
    for kept in [
        "# 注释 ,不动",
        "'未收，费用' # 注释",
        "\"一段，一段\\n二段“引语”完\"",
        "甲，乙\n  丙",
        "# 不是注释，正文",
    ] {
        assert!(after.text.contains(kept), "{kept}\n{}", after.text);
    }
    assert!(tidied(&after.text).changes.is_empty());
}

#[test]
fn what_yaml_would_read_otherwise_stays() {
    // Without the character that nobody sees these were a comment, and a key with a value.
    for value in ["甲\u{200B} #乙", "甲 \u{200B}# 乙 ,丙", "甲:\u{200B} 乙"] {
        let text = yaml(&[("other", value)]);
        let after = tidied(&text);
        let (before, now) = (source(&text), source(&after.text));
        assert_eq!(before.root().is_ok(), now.root().is_ok());
        assert_eq!(
            now.comments().len(),
            before.comments().len(),
            "{value:?}: {}",
            after.text
        );
    }
}

#[test]
fn values_keys_and_waived_rules_stay() {
    let text = yaml(&[
        (
            "requests",
            "\n  received: [\"１\", 0, 0, 0, 0, 0, {value: 1, note: 甲 ,乙}]",
        ),
        ("waivers", "[{rule: 甲 ,乙, reason: \"丙 ,丁\"}]"),
        ("标 题", "甲 ,乙"),
    ]);
    let after = tidied(&text);
    assert_eq!(pairs(&after), [(" ,", "，")]);
    assert!(after.text.contains("reason: \"丙，丁\""));
}

#[test]
fn samples_read_the_same_but_for_the_changes() {
    for path in samples() {
        let text = read(&path);
        let after = tidied(&text);
        let again = tidied(&after.text);
        assert_eq!(pairs(&again), [], "{}", path.display());
        let report = |text: &str| authoring::read(&source(text), &EDITIONS).value.unwrap();
        let (before, now) = (report(&text), report(&after.text));
        let figures = |text: &str| -> Vec<String> {
            let lines = text.lines().filter(|line| line.contains("]("));
            lines.map(str::to_owned).collect()
        };
        assert_eq!(figures(&text), figures(&after.text));
        assert_eq!(before.tables, now.tables);
        assert_eq!(before.comments, now.comments);
        assert_eq!(before.sections.len(), now.sections.len());
    }
}

#[test]
fn the_command_lists_and_writes() {
    let folder = tempfile::tempdir().unwrap();
    let text = format!("\u{FEFF}# 一\r\n{}", yaml(&[("other", "未收 ,费用 # 二")]));
    fs::write(folder.path().join("2023.yaml"), &text).unwrap();
    let list = nianbao(folder.path(), &["tidy", "2023.yaml"]);
    assert_eq!(code(&list), 0);
    assert!(said(&list).contains("“␣,” → “，”\n"), "{}", said(&list));
    assert!(said(&list).contains("可以整理 1 处"), "{}", said(&list));
    assert_eq!(
        fs::read_to_string(folder.path().join("2023.yaml")).unwrap(),
        text
    );
    let json = nianbao(folder.path(), &["tidy", "2023.yaml", "--output", "json"]);
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(json[0]["at"]["section"], "other");
    assert_eq!(json[0]["at"]["offset"], 2);
    assert_eq!(
        code(&nianbao(folder.path(), &["tidy", "2023.yaml", "--write"])),
        0
    );
    let expected = text.replace("未收 ,费用", "未收，费用");
    assert_eq!(
        fs::read_to_string(folder.path().join("2023.yaml")).unwrap(),
        expected
    );
    let again = nianbao(folder.path(), &["tidy", "2023.yaml", "--write"]);
    assert!(said(&again).contains("没有可以整理的"), "{}", said(&again));
    fs::write(folder.path().join("2024.yaml"), "a: [").unwrap();
    assert_eq!(code(&nianbao(folder.path(), &["tidy", "2024.yaml"])), 1);
}

fn texts() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "工作",
        " ",
        ",",
        "\"",
        "１",
        "3",
        "[2021]",
        "号",
        "国办发",
        "\u{200B}",
        "\t",
        "(",
        ")",
        "。",
        "a",
        "#",
        ":",
        "'",
        "\\",
        "\n",
        "1.",
        "|",
    ]);
    prop::collection::vec(pieces, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    /// However a text is written: tidied twice is tidied once, and all but the texts that changed is as it was.
    #[test]
    fn tidying_ends_and_changes_nothing_else(text in texts(), other in texts(), way in 0..4) {
        let json = |text: &str| serde_json::to_string(text).unwrap();
        let written = match way {
            0 => json(&text),
            1 => format!("'{}'", text.replace('\'', "''").replace('\n', " ")),
            2 => format!("|\n  甲\n  {}", text.replace('\n', "\n  ")),
            _ => text.replace('\n', " "),
        };
        let file = yaml(&[("overview", &written), ("problems", &json(&other))]);
        let before = source(&file);
        let Some(tidied) = authoring::tidy(&before, &EDITIONS).value else { return Ok(()); };
        let after = source(&tidied.text);
        let again = authoring::tidy(&after, &EDITIONS).value;
        prop_assert!(again.is_some_and(|again| again.changes.is_empty()), "{file}\n{}", tidied.text);
        prop_assert_eq!(before.comments().len(), after.comments().len());
        let read = |source: &Source| authoring::read(source, &EDITIONS).value.unwrap();
        let (one, two) = (read(&before), read(&after));
        prop_assert_eq!(&one.tables, &two.tables);
        prop_assert_eq!(one.sections.keys().collect::<Vec<_>>(), two.sections.keys().collect::<Vec<_>>());
        let mut at = 0;
        let mut rebuilt = String::new();
        for change in &tidied.changes {
            prop_assert!(change.before != change.after);
            rebuilt += &file[at..change.span.start];
            rebuilt += &change.after;
            at = change.span.end;
        }
        rebuilt += &file[at..];
        prop_assert_eq!(rebuilt, tidied.text);
    }
}
