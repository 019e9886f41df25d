//! Keys and rows that are written otherwise than they should be: one fault is told once, with what to write.

use nianbao::authoring;
use nianbao::diagnostic::Severity;
use nianbao::pipeline::Examined;

use super::mistyped::{examined, said, with};
use super::support::{EDITIONS, yaml};

/// The errors in a text: rule, line, and words.
fn errors(text: &str) -> Vec<(String, usize, String)> {
    let examined = examined(text);
    let errors = examined.findings.iter().map(|f| said(&examined, f));
    let errors = errors.filter(|(id, ..)| {
        [
            "unknown-key",
            "missing-cell",
            "missing-section",
            "missing-field",
            "invalid-value",
            "not-filled",
        ]
        .contains(&id.as_str())
    });
    errors
        .map(|(id, line, _, words)| (id, line, words))
        .collect()
}

#[test]
fn what_a_misspelt_key_means_is_not_missing_too() {
    for (begin, new, near) in [
        ("  licences", "  licenses: 12", "licences"),
        ("  carried_in", "  carried_inn: 0", "carried_in"),
        ("  licences", "  行政许可数: 12", "行政许可"),
        ("problems", "problem: |", "problems"),
        ("year", "yaer: 2023", "year"),
        ("agency", "agancy: 某某局", "agency"),
        (
            "  government_rules",
            "  government_rules: {isued: 1, repealed: 0, in_force: 1}",
            "issued",
        ),
    ] {
        let (text, line) = with(&[(begin, new)]);
        let found = errors(&text);
        let [(rule, at, words)] = &found[..] else {
            panic!("{new}: {found:?}")
        };
        assert_eq!((rule.as_str(), *at), ("unknown-key", line), "{new}");
        assert!(words.ends_with(&format!("最接近的是 {near}")), "{words}");
    }
    // A key with the wrong colon is one that is meant.
    let (text, line) = with(&[(
        "  government_rules",
        "  government_rules: {issued：1, repealed: 0, in_force: 1}",
    )]);
    let found = errors(&text);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].0.as_str(), found[0].1), ("invalid-value", line));
    // What no key is near to is missing all the same.
    let (text, _) = with(&[("  licences", "  foo: 12")]);
    let found = errors(&text);
    assert_eq!(found.len(), 2, "{found:?}");
    let missing = found.iter().find(|(id, ..)| id == "missing-cell").unwrap();
    assert!(
        missing
            .2
            .contains("行政许可（licences） | 没有发生的写 0；"),
        "{missing:?}"
    );
    // A key that is there is not the one that is meant.
    let (text, _) = with(&[("  licences", "  penaltie: 12")]);
    assert_eq!(errors(&text).len(), 2);
}

#[test]
fn keys_at_the_wrong_depth_are_told_where_they_belong() {
    // The last row of a table, and a part of the report in a table.
    let (text, line) = with(&[("  institutional_fees", "institutional_fees: 3")]);
    let found = errors(&text);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].0.as_str(), found[0].1), ("unknown-key", line));
    let said = "这是“主动公开政府信息情况（proactive）”的一行，写在它的下面，缩进两格";
    assert!(found[0].2.contains(said), "{found:?}");
    let (text, line) = with(&[("problems", "  problems: 有不足。"), ("  仍有", "# 无")]);
    let found = errors(&text);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].0.as_str(), found[0].1), ("unknown-key", line - 1));
    assert!(found[0].2.contains("不是表的一行，不缩进"), "{found:?}");
}

/// A key that stands among the lines of a text is told once, and nothing of it is taken for text.
#[test]
fn keys_that_slipped_into_a_text_are_told_there() {
    let rows = |count: usize| format!("，连同下面共 {count} 行");
    for (begin, new, said, more) in [
        ("proactive", "  proactive:", "一个部分的键", rows(7)),
        ("proactive", "  proactive", "在行首写 proactive:", rows(7)),
        ("proactive", "  proactive：", "在行首写 proactive:", rows(7)),
        (
            "proactive",
            "  主动公开政府信息情况: # 表",
            "写在行首",
            rows(7),
        ),
        (
            "other",
            "  其他需要报告的事项: |",
            "去掉这一行的缩进",
            String::new(),
        ),
        (
            "other",
            "  其他需要报告的事项",
            "在行首写 其他需要报告的事项: |",
            String::new(),
        ),
    ] {
        let (text, line) = with(&[(begin, new)]);
        let all = examined(&text);
        let found = said_of(&all);
        let [(rule, at, words)] = &found[..] else {
            panic!("{new}: {found:?}")
        };
        assert_eq!((rule.as_str(), *at), ("unknown-key", line), "{new}");
        assert!(words.contains(said) && words.contains(&more), "{words}");
        assert!(!more.is_empty() || !words.contains("连同"), "{words}");
        let tidied = authoring::tidy(&all.source, &EDITIONS).value.unwrap();
        assert_eq!(tidied.changes, [], "{new}");
    }
    // Fields, and rows of a table that is there.
    let text = yaml(&[(
        "problems",
        "|\n  年度: 2023\n  仍有不足。\n  licences: 1\n  二段。\n  行政许可: 1",
    )]);
    let text = text.replacen("year: 2023\n", "", 1);
    let text = text.replacen("  licences: 0\n", "", 1);
    let all = examined(&text);
    let found = said_of(&all);
    let [(_, first, year), (_, second, row)] = &found[..] else {
        panic!("{found:?}")
    };
    let line = |begin: &str| text.lines().position(|l| l.starts_with(begin)).unwrap() + 1;
    assert_eq!([*first, *second], [line("  年度"), line("  licences")]);
    assert!(year.contains("“年度”是报告的一项"), "{year}");
    assert!(
        row.contains("“licences”是表的一行，写在“problems”的正文里，连同下面共 2 行"),
        "{row}"
    );
    assert!(
        row.contains("移到“主动公开政府信息情况（proactive）”的下面"),
        "{row}"
    );
    // What a report has stands in its texts by right, and so does what is no key.
    for line in [
        "年度：2023",
        "行政许可：12",
        "行政许可: 12",
        "其他需要报告的事项",
        "注：本表无。",
        "规章",
    ] {
        let text = yaml(&[("problems", &format!("|\n  {line}"))]);
        let all = examined(&text);
        let errors = all
            .findings
            .iter()
            .filter(|f| f.severity == Severity::Error);
        assert_eq!(errors.count(), 0, "{line}: {:?}", all.findings);
    }
}

/// Rule, line and words of the findings, but for what a short overview lacks.
fn said_of(examined: &Examined) -> Vec<(String, usize, String)> {
    let all = examined.findings.iter().map(|f| said(examined, f));
    all.filter(|(rule, ..)| rule != "missing-aspect")
        .map(|(rule, line, _, words)| (rule, line, words))
        .collect()
}

#[test]
fn lists_with_other_marks_are_told_as_they_should_stand() {
    for written in [
        "[1，0，0，0，0，0，1]",
        "[1、0、0、0、0、0、1]",
        "[1, 0，0; 0；0、0, 1]",
        "【1,0,0,0,0,0,1】",
        "［１，０，０，０，０，０，１］",
        "（1，0，0，0，0，0，1）",
        "1, 0, 0, 0, 0, 0, 1",
        "1 0 0 0 0 0 1",
        "1、0、0、0、0、0、1",
        "1\t0\t0\t0\t0\t0\t1",
        "[1\t0\t0\t0\t0\t0\t1]",
    ] {
        let (text, line) = with(&[("  received", &format!("  received: {written}"))]);
        let found = errors(&text);
        assert_eq!(found.len(), 1, "{written}: {found:?}");
        assert_eq!((found[0].0.as_str(), found[0].1), ("invalid-value", line));
        let hint = "| 写作 received: [1, 0, 0, 0, 0, 0, 1]";
        assert!(found[0].2.ends_with(hint), "{written}: {found:?}");
    }
    for (written, hint) in [
        (": 12 # 件", "写作 licences: 12"),
        (" Ｏ", "“Ｏ”是字母，写作 0"),
    ] {
        let (text, line) = with(&[("  licences", &format!("  licences:{written}"))]);
        let found = errors(&text);
        assert_eq!((found[0].0.as_str(), found[0].1), ("invalid-value", line));
        assert!(found[0].2.contains(hint), "{found:?}");
    }
    // With another number of values it is not known what is meant.
    let (text, _) = with(&[("  received", "  received: [1，0，0]")]);
    assert!(errors(&text)[0].2.contains("依次写 [自然人"));
    let (text, _) = with(&[("  received", "  received: 1,234")]);
    assert!(!errors(&text)[0].2.contains("写作"));
}

#[test]
fn hints_on_empty_cells_are_about_their_row() {
    let of = |text: &str, rule: &str| -> Vec<String> {
        let examined = examined(text);
        let found = examined.findings.iter().map(|f| said(&examined, f));
        let found = found.filter(|(id, ..)| id == rule);
        found.map(|(.., words)| words).collect()
    };
    let (text, _) = with(&[("  carried_in", "  carried_in:")]);
    let found = of(&text, "invalid-value");
    assert!(
        found[0].contains("“carried_in”有 7 栏，都没有填写 | 依次写 [自然人"),
        "{found:?}"
    );
    let (text, _) = with(&[("  government_rules", "  government_rules: ~")]);
    let found = of(&text, "invalid-value");
    assert!(
        found[0].ends_with("现行有效件数]；各栏都是 0 时写 0"),
        "{found:?}"
    );
    let (text, _) = with(&[
        ("  licences", "  licences: ~"),
        ("  received", "  received: [~, 0, ~, 0, 0, 0, 0]"),
    ]);
    let found = of(&text, "blank-cell");
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].starts_with("“行政许可”没有填写，合计时按 0 计算 | 没有发生的写 0"));
    assert!(
        found[1].contains("”的自然人、科研机构没有填写，合计时按 0 计算 |"),
        "{found:?}"
    );
    let (text, _) = with(&[
        ("  licences", "  licences: ?"),
        ("  government_rules", "  government_rules: [1, ?, 2]"),
    ]);
    let found = of(&text, "not-filled");
    let said = "还有待填的数：规章（本年废止件数）、行政许可 | 换成数值；没有发生的写 0";
    assert!(
        found[0].contains(said) && !found[0].contains("依次写"),
        "{found:?}"
    );
    let (text, _) = with(&[("  received", "  received: ?")]);
    let found = of(&text, "not-filled");
    assert!(
        found[0].contains("| 整行的，依次写 [自然人") && !found[0].contains("换成"),
        "{found:?}"
    );
    let text = yaml(&[("requests", "待填")]);
    let found = of(&text, "not-filled");
    assert_eq!(found, ["“requests”还没有填写 | 逐行写“行: 数值”"]);
}
