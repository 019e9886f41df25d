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
            "|\n  工 作 ,正常。\n  # 不是注释 ,正文\n\n  依照\"条例\"公开。\n  (一)都好! ",
        ),
        (
            "problems",
            "\"一段 ,一段\\n二段\\\"引语\\\"完\" # 注释 ,不动",
        ),
        ("other", "'未收 ,费用''一''完' # 注释"),
        ("preface", ">\n  甲 ,乙\n  丙"),
        ("agency", "某 某市科技局"),
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
            ("(", "（"),
            (")", "）"),
            ("!", "！"),
            (" ,", "，"),
            ("\"", "“"),
            ("\"", "”"),
            (" ,", "，"),
            ("'", "‘"),
            ("'", "’"),
            (" ,", "，"),
            (" ", ""),
            (" ", ""),
        ]
    );
    for kept in [
        "# 注释 ,不动",
        "'未收，费用‘一’完' # 注释",
        "  （一）都好！ \n",
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
        let text = yaml(&[("other", value), ("problems", "甲 ,乙")]);
        let after = tidied(&text);
        assert!(after.text.contains("problems: 甲，乙"), "{}", after.text);
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
        ("waivers", "[{rule: \"甲 ,乙\", reason: \"丙 ,丁\"}]"),
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
    let shown = "“er:␣未收␣,费用␣#␣二” → “er:␣未收，费用␣#␣二”\n";
    assert!(said(&list).contains(shown), "{}", said(&list));
    assert!(said(&list).contains("可以整理 1 处"), "{}", said(&list));
    assert_eq!(
        fs::read_to_string(folder.path().join("2023.yaml")).unwrap(),
        text
    );
    let json = nianbao(folder.path(), &["tidy", "2023.yaml", "--output", "json"]);
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(json[0]["at"]["section"], "other");
    assert_eq!(json[0]["at"]["offset"], 2);
    assert_eq!(json[0]["line"], text.lines().count());
    assert_eq!(json[0]["column"], 10);
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
        "公开",
        " ",
        ",",
        "，",
        "。",
        "、",
        "\"",
        "“",
        "”",
        "１",
        "3",
        "1,234",
        "[2021]",
        "〔2021〕 第030",
        "号",
        "国办发",
        "http:/",
        "htpp://",
        "www.a.cn",
        "Word",
        "\u{200B}",
        "\t",
        "(",
        ")",
        "a",
        " #",
        "#",
        ": ",
        ":",
        "'",
        "\\",
        "\n",
        "1.",
        "- ",
        "|",
        "2024 年 1 月",
        "⾏",
    ]);
    prop::collection::vec(pieces, 0..14).prop_map(|pieces| pieces.concat())
}

/// A text as a value of YAML, in one of many ways; not every text can be written in each.
fn written(text: &str, way: usize) -> String {
    let below = text.replace('\n', "\n  ");
    let json = serde_json::to_string(text).unwrap();
    let single = text.replace('\'', "''");
    match way {
        0 => json,
        1 => format!("{json} # 注 ,释"),
        2 => format!("'{}'", single.replace('\n', " ")),
        3 => format!("'{}'", single.replace('\n', "\n\n  ")),
        4 => format!("|\n  甲\n  {below}"),
        5 => format!("|- # 注 ,释\n  {below}"),
        6 => format!(">\n  甲\n  {below}"),
        7 => format!(">+\n  {below}\n"),
        8 => format!("\n  {below}"),
        9 => format!(
            "\"{}\"",
            text.replace(['"', '\\'], "").replace('\n', "\\\n  ")
        ),
        _ => text.replace('\n', " "),
    }
}

/// What of a text nothing may change: Chinese characters and letters, but for those that only look like others.
fn kept(text: &str) -> String {
    let kept = |c: &char| c.is_alphabetic() && !matches!(c, '⾏' | '行' | '第');
    let kept: String = text.chars().filter(kept).collect();
    kept.replace("htpp", "http")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    /// However a text is written: tidied twice is tidied once, and all but the texts that changed is as it was.
    #[test]
    fn tidying_ends_and_changes_nothing_else(
        text in texts(),
        other in texts(),
        [way, other_way] in [0_usize..11, 0..11],
        [lines_of_windows, marked, keys_in_quotes, commented] in any::<[bool; 4]>(),
    ) {
        let json = serde_json::to_string(&other).unwrap();
        let mut file = yaml(&[
            ("overview", &written(&text, way)),
            ("problems", &written(&other, other_way)),
            ("signature", &format!("{{name: [{json}, '甲 ,乙']}} # 注 ,释")),
            ("waivers", &format!("[{{rule: 'wrong-total', reason: {json}}}]")),
        ]);
        if keys_in_quotes {
            file = file.replace("\noverview:", "\n\"overview\":").replace("\nother:", "\n'other':");
        }
        if commented {
            file = file.replace("\nproactive:", "\n# 注 ,释 \"一\"\n\nproactive: # 注 ,释");
        }
        if lines_of_windows {
            file = file.replace('\n', "\r\n");
        }
        if marked {
            file.insert(0, '\u{FEFF}');
        }
        let before = source(&file);
        let Some(tidied) = authoring::tidy(&before, &EDITIONS).value else { return Ok(()); };
        let bytes = tidied.bytes(&before);
        let after = Source::from_bytes(Path::new("report.yaml"), bytes.clone());
        prop_assert_eq!(after.text(), &tidied.text);
        prop_assert_eq!(bytes.starts_with("\u{FEFF}".as_bytes()), marked);
        let again = authoring::tidy(&after, &EDITIONS).value;
        prop_assert!(again.is_some_and(|again| again.changes.is_empty()), "{file}\n{}", tidied.text);
        let comments = |source: &Source| -> Vec<String> {
            let comments = source.comments().into_iter();
            comments.map(|place| source.text()[place.start..place.end].to_owned()).collect()
        };
        prop_assert_eq!(comments(&before), comments(&after));
        let read = |source: &Source| authoring::read(source, &EDITIONS).value;
        let (one, two) = (read(&before), read(&after));
        prop_assert_eq!(one.is_some(), two.is_some());
        if let (Some(one), Some(two)) = (one, two) {
            prop_assert_eq!(&one.tables, &two.tables);
            prop_assert_eq!(one.sections.len(), two.sections.len());
            for (key, text) in &one.sections {
                let now = &two.sections[key];
                prop_assert_eq!(kept(text), kept(now), "{}", key);
            }
        }
        let (mut at, mut rebuilt) = (0, String::new());
        for change in &tidied.changes {
            prop_assert!(change.before != change.after);
            rebuilt += &before.text()[at..change.span.start];
            rebuilt += &change.after;
            at = change.span.end;
        }
        rebuilt += &before.text()[at..];
        prop_assert_eq!(rebuilt, tidied.text);
    }
}
