//! What people really type: each slip is named on its own line, with what to write, and hides nothing else.

use std::path::Path;

use nianbao::check::Policy;
use nianbao::diagnostic::{Diagnostic, Said, Severity};
use nianbao::pipeline::Bound;
use nianbao::pipeline::{Examined, Input};
use nianbao::report::{self, Answer};
use nianbao::source::Source;

use super::command::{code, nianbao, said as said_by};
use super::support::{EDITIONS, PIPELINE, bind, yaml};

pub fn examined_with(text: &[u8], previous: Option<&str>, policy: &Policy) -> Examined {
    let source = |name: &str, text: &[u8]| Source::from_bytes(Path::new(name), text.to_vec());
    let input = Input::Memory {
        source: source("2023.yaml", text),
        previous: previous.map(|text| Box::new(source("2022.yaml", text.as_bytes()))),
    };
    PIPELINE.examine(input, policy).unwrap()
}

pub fn examined(text: &str) -> Examined {
    examined_with(text.as_bytes(), None, &Policy::default())
}

/// The rule, line, column and words of a finding.
pub fn said(examined: &Examined, finding: &Diagnostic) -> (String, usize, usize, String) {
    let (line, column) = examined.source.position(finding.span().start);
    let hints: Vec<&str> = finding.hints.iter().map(|hint| &**hint).collect();
    let words = format!("{} | {}", finding.message, hints.join(" | "));
    (finding.rule.id.to_owned(), line, column, words)
}

/// A report of which the lines with these beginnings are replaced; the line of the last replacement.
pub fn with(replaced: &[(&str, &str)]) -> (String, usize) {
    let (mut text, mut line) = (yaml(&[]), 0);
    for (begin, new) in replaced {
        let found = text.lines().position(|l| l.starts_with(begin)).unwrap();
        let mut lines: Vec<&str> = text.lines().collect();
        lines[found] = new;
        line = found + 1;
        text = lines.join("\n") + "\n";
    }
    (text, line)
}

/// A line that is replaced, what stands there instead, the rule, the line of the finding counted from the replaced one,
/// its column, and parts of its words.
pub type Slip = (
    &'static str,
    &'static str,
    &'static str,
    usize,
    usize,
    &'static [&'static str],
);

pub const SLIPS: &[Slip] = &[
    // Colons.
    (
        "year",
        "year：2023",
        "invalid-yaml",
        0,
        5,
        &["冒号是全角的", "写作 year: 2023"],
    ),
    (
        "year",
        "year： 2023",
        "invalid-yaml",
        0,
        5,
        &["全角", "写作 year: 2023"],
    ),
    (
        "year",
        "year:2023",
        "invalid-yaml",
        0,
        5,
        &["冒号后面没有空格", "写作 year: 2023"],
    ),
    (
        "  licences",
        "  licences：12",
        "invalid-yaml",
        0,
        11,
        &["全角", "写作 licences: 12"],
    ),
    (
        "  licences",
        "  licences:12",
        "invalid-yaml",
        0,
        11,
        &["没有空格", "写作 licences: 12"],
    ),
    ("other", "other：|", "invalid-yaml", 0, 6, &["全角"]),
    ("other", "other:|", "invalid-yaml", 0, 6, &["没有空格"]),
    ("problems", "problems：|", "invalid-yaml", 0, 9, &["全角"]),
    (
        "  government_rules",
        "  government_rules: {issued：1, repealed: 0, in_force: 1}",
        "invalid-value",
        0,
        28,
        &["全角", "写作 issued: 1"],
    ),
    (
        "  government_rules",
        "  government_rules: {issued:1, repealed: 0, in_force: 1}",
        "invalid-value",
        0,
        28,
        &["没有空格", "写作 issued: 1"],
    ),
    // Lists.
    (
        "  received",
        "  received: [1，0，0，0，0，0，1]",
        "invalid-value",
        0,
        15,
        &["逗号是全角的“，”", "写作 received: [1, 0, 0, 0, 0, 0, 1]"],
    ),
    (
        "  received",
        "  received: [1、0、0、0、0、0、1]",
        "invalid-value",
        0,
        15,
        &["顿号", "写作 received: [1, 0, 0, 0, 0, 0, 1]"],
    ),
    (
        "  received",
        "  received: 【1, 0, 0, 0, 0, 0, 1】",
        "invalid-value",
        0,
        13,
        &["括号是全角的“【”", "写作 received: [1, 0, 0, 0, 0, 0, 1]"],
    ),
    (
        "  received",
        "  received: ［1, 0, 0, 0, 0, 0, 1］",
        "invalid-value",
        0,
        13,
        &["括号是全角的“［”"],
    ),
    (
        "  government_rules",
        "  government_rules: {issued: 1，repealed: 0, in_force: 1}",
        "invalid-yaml",
        0,
        31,
        &["逗号是全角的", "写作 {issued: 1, repealed: 0, in_force: 1}"],
    ),
    (
        "  received",
        "  received: [1, 2] # 七栏",
        "invalid-value",
        0,
        13,
        &["应有 7 个值，写了 2 个"],
    ),
    (
        "  received",
        "  received: [1, 0, 0, 0, 0, 0, 1",
        "invalid-yaml",
        0,
        13,
        &["没有成对"],
    ),
    // Indents.
    (
        "  licences",
        "\u{3000}licences: 12",
        "invalid-yaml",
        0,
        1,
        &["全角空格（U+3000）", "半角空格"],
    ),
    (
        "  licences",
        "\u{A0}\u{A0}licences: 12",
        "invalid-yaml",
        0,
        1,
        &["不换行空格（U+00A0）", "半角空格"],
    ),
    (
        "  licences",
        "\tlicences: 12",
        "invalid-yaml",
        0,
        1,
        &["制表符"],
    ),
    (
        "  仍有不足",
        "\u{3000}\u{3000}仍有不足。",
        "invalid-yaml",
        0,
        1,
        &["全角空格（U+3000）"],
    ),
    (
        "  licences",
        " licences: 12",
        "invalid-yaml",
        0,
        2,
        &["缩进与上面的各行不齐"],
    ),
    (
        "problems",
        "\u{FEFF}problems: |",
        "invalid-yaml",
        0,
        1,
        &["U+FEFF", "删去"],
    ),
    // What is no value of its own.
    (
        "agency",
        "agency: 甲: 乙",
        "invalid-yaml",
        0,
        10,
        &["这里不能有冒号", "引号"],
    ),
    (
        "agency",
        "agency: @甲",
        "invalid-yaml",
        0,
        9,
        &["不能以这个符号开头", "引号"],
    ),
    (
        "agency",
        "agency: \"甲\" 乙",
        "invalid-yaml",
        0,
        13,
        &["引号"],
    ),
    ("year", "年度 2023", "invalid-yaml", 0, 1, &["不是“键: 值”"]),
    // Years and numbers.
    (
        "year",
        "year: 2023年",
        "invalid-value",
        0,
        7,
        &["写作 2023"],
    ),
    (
        "year",
        "year: 二〇二三年度",
        "invalid-value",
        0,
        7,
        &["写作 2023"],
    ),
    (
        "  institutional_fees",
        "  institutional_fees: .5",
        "invalid-value",
        0,
        23,
        &["写作 0.5"],
    ),
    (
        "  institutional_fees",
        "  institutional_fees: 5.",
        "invalid-value",
        0,
        23,
        &["写作 5"],
    ),
    (
        "  licences",
        "  licences: -0",
        "invalid-value",
        0,
        13,
        &["写作 0"],
    ),
    (
        "  licences",
        "  licences: -3",
        "invalid-value",
        0,
        13,
        &["不能为负"],
    ),
    (
        "  licences",
        "  licences: \u{FEFF}12",
        "invalid-yaml",
        0,
        13,
        &["U+FEFF"],
    ),
    // Names are near, or are not named.
    (
        "  licences",
        "  licenses: 12",
        "unknown-key",
        0,
        3,
        &["最接近的是 licences"],
    ),
    (
        "  licences",
        "  applicants: 12",
        "unknown-key",
        0,
        3,
        &["可以写的有："],
    ),
];

#[test]
fn slips_are_named_on_their_own_line() {
    let mut wrong = Vec::new();
    for (begin, new, rule, below, column, words) in SLIPS {
        let (text, line) = with(&[(begin, new)]);
        let examined = examined(&text);
        let found: Vec<_> = examined
            .findings
            .iter()
            .map(|f| said(&examined, f))
            .collect();
        let fits = |(id, at, from, said): &(String, usize, usize, String)| {
            (id.as_str(), *at, *from) == (*rule, line + below, *column)
                && words.iter().all(|word| said.contains(word))
        };
        if !found.iter().any(fits) {
            wrong.push(format!("{new}: line {line}: {found:?}"));
        }
        assert!(examined.report.is_none(), "{new}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The place of a bad list ends before the comment behind it.
#[test]
fn the_place_of_a_list_is_the_list() {
    let (text, _) = with(&[("  received", "  received: [1, 2] # 七栏")]);
    let examined = examined(&text);
    let mut findings = examined.findings.iter();
    let found = findings.find(|finding| finding.rule.id == "invalid-value");
    let span = found.unwrap().span();
    assert_eq!(&text[span.start..span.end], "[1, 2]");
}

#[test]
fn dates_as_they_are_written_elsewhere_are_refused_with_the_date() {
    for (written, hint) in [
        ("2024年1月22日", "写作 2024-01-22"),
        ("2024.1.22", "写作 2024-01-22"),
        ("2024/01/22", "写作 2024-01-22"),
        ("2024-1-22", "写作 2024-01-22"),
        ("２０２４年１月２２日", "写作 2024-01-22"),
        ("二〇二四年一月二十二日", "写作 2024-01-22"),
        ("2024年十月十日", "写作 2024-10-10"),
        ("20240122", "写作 2024-01-22"),
        ("2023年2月29日", "写作 2024-01-22：四位年"),
        ("明年一月", "写作 2024-01-22：四位年"),
        ("一", "四位年"),
    ] {
        let (_, report, findings) = bind(&yaml(&[("date", written)]));
        assert!(report.is_none(), "{written}");
        let said = findings[0]
            .hints
            .iter()
            .map(Said::to_string)
            .collect::<String>();
        assert!(
            said.starts_with(hint) || said.contains(hint),
            "{written}: {said}"
        );
        let whole = said.len() == hint.len() || hint.contains("四位年");
        assert!(whole, "{written}: {said}");
    }
}

#[test]
fn documents_that_are_no_text_are_named() {
    for (bytes, name) in [
        (&b"PK\x03\x04\x14\0\x06\0"[..], "Word（docx）"),
        (b"\xD0\xCF\x11\xE0\xA1\xB1", "Word（doc）"),
        (b"%PDF-1.7\n%\xE2\xE3", "PDF"),
        (b"{\\rtf1\\ansi", "RTF"),
    ] {
        let examined = examined_with(bytes, None, &Policy::default());
        let finding = &examined.findings[0];
        assert_eq!(finding.rule.id, "invalid-yaml");
        assert!(finding.message.contains(name), "{}", finding.message);
        assert!(finding.hints[0].contains("nianbao new"));
    }
}

/// All that a file says right is checked, whatever else is wrong in it.
#[test]
fn faults_of_binding_hide_no_check() {
    let (mut text, _) = with(&[
        ("  received", "  received: [5, 0, 0, 0, 0, 0, 6]"),
        ("  granted", "  granted: [1, 0, 0, 0, 0, 0, 7]"),
        ("  licences", "  licences: 十二"),
    ]);
    text = text
        .replace("  carried_in: 0\n", "")
        .replace("仍有不足。", "2022年度政府信息公开年度报告,略。");
    text.push_str("foo: 1\ndate: 2024年1月2日\nwaivers:\n  - {rule: stray-space, reason: 无}\n");
    let examined = examined(&text);
    let ids: Vec<&str> = examined
        .findings
        .iter()
        .map(|finding| finding.rule.id)
        .collect();
    for id in [
        "unknown-key",
        "invalid-value",
        "missing-cell",
        "wrong-total",
        "half-width-punctuation",
    ] {
        assert!(ids.contains(&id), "{id}: {ids:?}");
    }
    assert_eq!(
        ids.iter().filter(|id| **id == "wrong-total").count(),
        4,
        "{ids:?}"
    );
    // What is computed over a missing row is not known, and a waiver may be about what is missing.
    for id in ["requests-unbalanced", "unused-waiver", "empty-section"] {
        assert!(!ids.contains(&id), "{id}: {ids:?}");
    }
    assert!(examined.report.is_none() && examined.partial.is_some());
    // Without a year nothing is said of years, nor of what depends on one.
    let (text, _) = with(&[
        ("year", "year: 去年"),
        ("  2023年工作正常", "  本年收到政府信息公开申请99件。"),
    ]);
    let found = self::examined(&text);
    let ids: Vec<&str> = found
        .findings
        .iter()
        .map(|finding| finding.rule.id)
        .collect();
    assert!(
        ids.contains(&"invalid-value") && ids.contains(&"missing-aspect"),
        "{ids:?}"
    );
    assert!(
        !ids.contains(&"year-mismatch") && !ids.contains(&"text-disagrees"),
        "{ids:?}"
    );
    // One that is clear is taken.
    let text = text.replace("去年", "2023年");
    let ids: Vec<_> = self::examined(&text)
        .findings
        .iter()
        .map(|f| f.rule.id)
        .collect();
    assert!(ids.contains(&"text-disagrees"), "{ids:?}");
}

#[test]
fn text_that_a_comment_cuts_is_shown() {
    for (field, value, lost) in [
        (
            "other",
            "未收取信息处理费，见 #2 号附件。",
            Some("#2 号附件。"),
        ),
        ("title", "某某局 # 年报", Some("# 年报")),
        ("notes", "{disputes: 注：见 # 表}", None),
        ("notes", "\n  disputes: 注：见 # 表", Some("# 表")),
        ("signature", "\n  name: 某某局 # 章", Some("# 章")),
        ("other", "\"未收取信息处理费 #2\"", None),
        ("other", "\"未收取信息处理费\" # 注释", None),
        ("other", "| # 注释\n  未收取信息处理费 #2", None),
        ("other", "# 注释", None),
        ("preface", "# 注释", None),
        ("date", "2024-01-22 # 注释", None),
    ] {
        let text = yaml(&[(field, value)]);
        let (_, _, findings) = bind(&text);
        let cut = findings
            .iter()
            .find(|finding| finding.rule.id == "cut-by-comment");
        let shown = cut.map(|finding| &text[finding.span().start..finding.span().end]);
        assert_eq!(
            shown,
            lost.filter(|_| !value.starts_with('{')),
            "{value}: {findings:?}"
        );
        if let (Some(cut), Some(lost)) = (cut, lost) {
            assert!(cut.message.contains(lost) && cut.severity == Severity::Warning);
        }
    }
    let (text, _) = with(&[("  licences", "  licences: 12 # 含上年")]);
    assert!(bind(&text).2.is_empty());
}

/// Lines of a text that YAML folds are joined without a blank; reports signed before are still known.
#[test]
fn folded_lines_of_chinese_text_have_no_blanks() {
    for folded in [
        ">\n  未收取\n  信息处理费。",
        "未收取\n  信息处理费。",
        "\"未收取\n  信息处理费。\"",
        "'未收取\n  信息处理费。'",
    ] {
        let text = yaml(&[("other", folded)]);
        let (source, report, _) = bind(&text);
        let report = report.unwrap();
        assert_eq!(
            report.sections["other"].paragraphs[0].line().text,
            "未收取信息处理费。",
            "{folded}"
        );
        let earlier = source.read_with_blanks().unwrap();
        let before = report::bind(&earlier, &EDITIONS).value.unwrap();
        assert_eq!(
            before.sections["other"].paragraphs[0].line().text,
            "未收取 信息处理费。",
            "{folded}"
        );
        let digest = |report: &report::Report| report.digest(&[]).unwrap();
        assert_ne!(digest(&report), digest(&before));
        let plain = super::support::report(&yaml(&[("other", "未收取信息处理费。")]));
        assert_eq!(digest(&report), digest(&plain));
        let wanted = digest(&before).to_string().parse().unwrap();
        assert_eq!(report.answers(&wanted, &[]).unwrap(), Answer::Other);
        let bound = Bound::new(source, &EDITIONS);
        let answer = bound.answers(&wanted, &EDITIONS).unwrap();
        assert_eq!(answer, Some(Answer::EarlierReading));
    }
    // The command says so, and ends well.
    let text = yaml(&[("other", ">\n  未收取\n  信息处理费。")]);
    let earlier = bind(&text).0.read_with_blanks().unwrap();
    let before = report::bind(&earlier, &EDITIONS).value.unwrap();
    let wanted = before.digest(&[]).unwrap().to_string();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("2023.yaml"), &text).unwrap();
    let verified =
        |wanted: &str| nianbao(folder.path(), &["verify", "--digest", wanted, "2023.yaml"]);
    let output = verified(&wanted[..16]);
    assert_eq!(code(&output), 0);
    assert!(
        said_by(&output).contains("较早的版本"),
        "{}",
        said_by(&output)
    );
    assert_eq!(code(&verified("0000000000000000")), 4);
    let (source, _, _) = bind(&yaml(&[("other", "A\n  b")]));
    assert!(source.read_with_blanks().is_none());
}

#[test]
fn a_report_of_another_agency_is_named() {
    let text = yaml(&[]);
    for (agency, named) in [
        ("某某市科技局", false),
        ("某某市科学技术局", false),
        ("某某市水利局", true),
    ] {
        let previous = yaml(&[("agency", agency), ("year", "2022")]);
        let found = examined_with(text.as_bytes(), Some(&previous), &Policy::default());
        let found = found
            .findings
            .iter()
            .any(|finding| finding.rule.id == "previous-agency");
        assert_eq!(found, named, "{agency}");
    }
}

#[test]
fn what_looks_like_a_figure_is_a_finding() {
    let text = yaml(&[(
        "overview",
        "|\n  ！[公开栏目](栏目.png)\n  见![公开栏目](栏目.png)。\n  【专栏】（2023年）",
    )]);
    let (source, report, findings) = bind(&text);
    assert!(report.is_some());
    let places: Vec<_> = findings
        .iter()
        .map(|f| (f.rule.id, source.position(f.span().start).1))
        .collect();
    assert_eq!(places, [("no-figure", 3), ("no-figure", 4)]);
}
