//! Files that are no YAML: each fault is told on the line where it stands, all of them in one run, with what to write.

use std::path::Path;

use nianbao::diagnostic::{self, Paint};
use nianbao::source::Source;
use proptest::prelude::*;

use super::mistyped::{examined, said, with};
use super::support::{read, root, samples, yaml};

/// The lines of the faults of a text, counted from 1, with their words.
fn told(text: &str) -> Vec<(usize, String)> {
    let examined = examined(text);
    let findings = examined.findings.iter().map(|f| said(&examined, f));
    findings
        .map(|(id, line, _, words)| {
            assert_eq!(id, "invalid-yaml", "{words}");
            (line, words)
        })
        .collect()
}

/// A line that is replaced, what stands there instead, and the one fault: its line counted from the replaced one, and
/// parts of its words.
pub type Case = (&'static str, &'static str, usize, &'static [&'static str]);

pub const CASES: &[Case] = &[
    // Text that is not indented, or less than its first line.
    (
        "  2023年",
        "  一段。\n二段。\n  三段。",
        1,
        &["正文没有缩进 |", "缩进 2 格"],
    ),
    (
        "  2023年",
        "  一段。\n二段：见下。\n三段。",
        1,
        &["没有缩进，连同下面共 2 行"],
    ),
    (
        "  2023年",
        "    一段。\n  二段。",
        1,
        &["比第一行少缩进", "缩进 4 格"],
    ),
    (
        "problems",
        "problems:\n一段。",
        1,
        &["不是“键: 值”", "写在 | 的下一行"],
    ),
    (
        "other",
        "other: 一段。\n二段。\n三段。\nnotes: |",
        1,
        &["不是“键: 值”，连同下面共 2 行"],
    ),
    (
        "other",
        "other: \"一段。\n二段。\"\nnotes:  |",
        1,
        &["正文没有缩进"],
    ),
    // Rows too far to the left or to the right.
    (
        "  licences",
        "licences: 12",
        0,
        &["比上下各行少缩进", "缩进 2 格"],
    ),
    (
        "  licences",
        "    licences: 12",
        0,
        &["多缩进了", "缩进 2 格"],
    ),
    (
        "  carried_in",
        "  carried_in: 0 # 件\n   granted: 0",
        1,
        &["多缩进了", "缩进 2 格"],
    ),
    (
        "  reconsideration",
        "reconsideration: 0 # 件",
        0,
        &["没有缩进", "是“disputes”的一行", "缩进 2 格"],
    ),
    (
        "  received",
        "received: [1, 0, 0, 0, 0, 0, 1]",
        0,
        &["没有缩进", "是“requests”的一行"],
    ),
    // Keys whose colon is lost or of full width, behind a text.
    (
        "proactive",
        "proactive",
        0,
        &["“proactive”是一个部分的键", "写作 proactive:"],
    ),
    (
        "other",
        "其他需要报告的事项",
        0,
        &["是一个部分的键", "写作 其他需要报告的事项: |"],
    ),
    (
        "other",
        "其他需要报告的事项：",
        0,
        &["是一个部分的键", "写作 其他需要报告的事项: |"],
    ),
    // Values that stand below their key.
    (
        "  licences",
        "  licences:\n12",
        1,
        &["没有写在键的后面", "写在同一行：licences: 12"],
    ),
    (
        "  received",
        "  received:\n1\n0\n0\n0\n0\n0\n1",
        1,
        &["连同下面共 7 行", "received: [1, 0, 0, 0, 0, 0, 1]"],
    ),
    (
        "  received",
        "  received:\t1\t0\t0\t0\t0\t0\t1 # 件",
        0,
        &["没有空格", "写作 received: [1, 0, 0, 0, 0, 0, 1]"],
    ),
    // Comments in texts and values.
    (
        "  仍有不足",
        "  一段。\n# 注\n  二段。",
        1,
        &["正文到这里断开", "缩进 2 格，# 会印出来"],
    ),
    ("agency", "agency: 甲 # 注\n  乙", 0, &["值的中间有注释"]),
    (
        "  penalties",
        " penalties: 12",
        0,
        &["缩进与上面的各行不齐", "缩进 2 格"],
    ),
    (
        "disputes",
        "disputes",
        0,
        &["“disputes”是一个部分的键", "写作 disputes:"],
    ),
    (
        "  licences",
        "  licences 12",
        0,
        &["不是“键: 值”", "写作 licences: 12"],
    ),
    // Brackets and quotes without a partner.
    (
        "  received",
        "  received: {natural_person: 1, enterprise: 0",
        0,
        &[
            "“{”没有成对",
            "写作 received: {natural_person: 1, enterprise: 0}",
        ],
    ),
    (
        "  received",
        "  received: [1, 0, 0, 0, 0, {value: 1, note: 甲, 1]",
        0,
        &["“{”没有成对"],
    ),
    (
        "  received",
        "  received: [1, 0,\n    0, 0 # 注",
        0,
        &["“[”没有成对", "末尾补上 ]"],
    ),
    ("  carried_out", "  carried_out: [1, 0", 0, &["“[”没有成对"]),
    (
        "agency",
        "agency: \"某某局",
        0,
        &["引号没有成对", "写作 agency: \"某某局\""],
    ),
    (
        "agency",
        "agency: \"某某局”",
        0,
        &["引号没有成对", "写作 agency: \"某某局\""],
    ),
    (
        "agency",
        "agency: \"“某某”局",
        0,
        &["写作 agency: \"“某某”局\""],
    ),
    (
        "  licences",
        "  licences: '12",
        0,
        &["引号没有成对", "写作 licences: '12'"],
    ),
    ("agency", "agency: [甲局, '乙局]", 0, &["引号没有成对"]),
    (
        "  received",
        "  received: [1, 0] 0",
        0,
        &["括号后面还有文字"],
    ),
    // Bars.
    ("overview", "overview: | 一段。", 0, &["后面不能写文字"]),
    (
        "problems",
        "problems: ｜\n  一段。\n# 注\n二段。",
        0,
        &["竖线是全角的“｜”"],
    ),
];

#[test]
fn a_fault_is_told_on_its_line() {
    for (begin, new, below, words) in CASES {
        let (text, line) = with(&[(begin, new)]);
        let found = told(&text);
        let (at, said) = found.first().unwrap_or_else(|| panic!("{new}: nothing"));
        assert_eq!(*at, line + below, "{new}: {found:?}");
        assert!(
            words.iter().all(|word| said.contains(word)),
            "{new}: {said}"
        );
        let others = usize::from(new.starts_with("problems: ｜"));
        assert_eq!(found.len(), 1 + others, "{new}: {found:?}");
    }
}

/// All that was typed in a hurry in one file.
const HURRIED: &str = "agency：某某市科技局
year:2023
overview: |
  第一段。
第二段没有缩进。
第三段：没有缩进。
  第四段。
proactive:
  government_rules: {issued: 1，repealed: 0, in_force: 1}
  normative_documents: {issued: 1, repealed: 0, in_force: 1
  licences：12
penalties: 2
  compulsion: 0
   institutional_fees: 3
requests:
  received: [1，0、0, 0, 0, 0, 1]
  carried_in: 【1, 0, 0, 0, 0, 0, 1】
\tgranted: 0
\tpartly_granted: 0
  state_secret: \"1
  prohibited_by_law: 0
 endangers_security: 0
disputes
  reconsideration: 0
problems：|
\u{3000}\u{3000}一段
\u{3000}\u{3000}二段
  三段
other: 无: 有
waivers:
  - {rule: wrong-total, reason: 照原文}
  - rule：wrong-total
    reason: &甲 照原文
signature: {name: 某某局
";

#[test]
fn all_faults_are_told_in_one_run() {
    let found = told(HURRIED);
    let expected = [
        (1, "写作 agency: 某某市科技局"),
        (2, "写作 year: 2023"),
        (5, "连同下面共 2 行"),
        (9, "写作 {issued: 1, repealed: 0, in_force: 1}"),
        (
            10,
            "写作 normative_documents: {issued: 1, repealed: 0, in_force: 1}",
        ),
        (11, "写作 licences: 12"),
        (12, "比上下各行少缩进"),
        (14, "缩进 2 格"),
        (16, "写作 [1, 0, 0, 0, 0, 0, 1]"),
        (17, "写作 [1, 0, 0, 0, 0, 0, 1]"),
        (18, "连同下面共 2 行"),
        (20, "写作 state_secret: \"1\""),
        (22, "与上面的各行不齐"),
        (23, "写作 disputes:"),
        (25, "写作 problems: |"),
        (26, "连同下面共 2 行"),
        (29, "这里不能有冒号"),
        (32, "写作 rule: wrong-total"),
        (34, "写作 signature: {name: 某某局}"),
    ];
    let lines: Vec<usize> = found.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, expected.map(|(line, _)| line), "{found:#?}");
    for ((_, said), (line, words)) in found.iter().zip(expected) {
        assert!(said.contains(words), "{line}: {said}");
    }
    // What the parser refuses below them is told beside them.
    let text = yaml(&[("agency", "&甲 乙"), ("other", "无: 有")]);
    let found = told(&text);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(
        found[0].1.contains("锚点") && found[1].1.contains("冒号"),
        "{found:?}"
    );
}

/// A fault hides none of those below it, in the words of a file with Chinese keys.
#[test]
fn a_key_without_its_colon_hides_no_row() {
    let text = "机关: 甲局\n年度: 2023\n总体情况: |\n  （一）主动公开\n\n主动公开政府信息情况：\n  规章: [0, 0, 0 # 件\n  \
                行政规范性文件：0 # 件\n  行政许可：0\n";
    let found = told(text);
    let lines: Vec<usize> = found.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [6, 7, 8, 9], "{found:?}");
    assert!(
        found[0].1.ends_with("写作 主动公开政府信息情况:"),
        "{found:?}"
    );
    // One row too far to the right is not blamed on the others.
    let text = "日期:\n机关: 甲局\n  年度: 2023\n总体情况: 无\n";
    let found = told(text);
    assert!(
        found[0].0 == 3 && found[0].1.contains("多缩进了"),
        "{found:?}"
    );
}

/// Mended one by one, each line as its hint says, the others stay told.
#[test]
fn a_mended_fault_is_told_no_more() {
    let mended = HURRIED.replace("agency：某某市科技局", "agency: 某某市科技局");
    let (before, after) = (told(HURRIED), told(&mended));
    assert_eq!(before[1..], after[..]);
    let mended = mended
        .replace("\tgranted", "  granted")
        .replace("\tpartly", "  partly");
    assert_eq!(told(&mended).len(), after.len() - 1);
}

/// What is right in a file with a fault is not told.
#[test]
fn right_lines_are_no_faults() {
    let checked = std::fs::read_dir(root().join("tests/check")).unwrap();
    let checked = checked.map(|entry| entry.unwrap().path());
    let mut count = 0;
    for path in samples().into_iter().chain(checked) {
        let text = format!("{}\n坏的一行\n", read(&path));
        let source = Source::from_bytes(Path::new("x.yaml"), text.into_bytes());
        let faults = source.root().unwrap_err();
        assert_eq!(faults.len(), 1, "{}: {faults:?}", path.display());
        count += 1;
    }
    assert!(count > 30, "{count}");
    // Neither is what several lines of one value say.
    let text = yaml(&[
        ("title", "\"甲\n  乙: 丙\n  丁\""),
        ("notes", "{disputes: \"注：甲，乙\",\n  requests: 【丙】}"),
        ("preface", "\n  说明：甲\n  乙，丙"),
        (
            "texts",
            "\n  requests:\n    before: >-\n      甲：乙\n\n      丙: 丁\n    after: '''甲'': 乙'",
        ),
        ("\"date\"", "2024-01-22"),
        (
            "waivers",
            "\n- {rule: wrong-total, reason: 见 a：b}\n- rule: \"a: b\"\n  reason: 无",
        ),
    ]);
    let found = told(&(text + "坏的一行\n"));
    assert_eq!(found.len(), 1, "{found:?}");
}

/// A text of any kind is bounded: lines with the same fault are one, and no more than a hundred are told.
#[test]
fn faults_are_bounded() {
    let prose = format!("year: 2023\n{}", "一段文字，没有缩进。\n".repeat(5_000));
    assert_eq!(told(&prose).len(), 1);
    let slips: String = (0..5_000).map(|i| format!("键{i}：{i}\n")).collect();
    assert!(told(&format!("year: 2023\n{slips}")).len() <= 101);
    for text in [
        "- : [",
        "\"",
        "'",
        "{",
        "a: {\n",
        "a: \"\\",
        "\u{3000}",
        "a:\n\t- b",
        "- - - [}",
        "？：【",
        "a: |\n|\n b: {",
    ] {
        examined(text);
    }
    // JSON is one list or map over many lines; what the parser says is told.
    assert_eq!(told("{\"agency\": \"甲\",\n\"year\" 2023}\n").len(), 1);
}

fn pieces() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "a: ",
        "甲：",
        "乙:",
        "- ",
        "\n",
        "\n  ",
        "\n    ",
        "\n",
        "|",
        "｜",
        "[",
        "]",
        "{",
        "}",
        "【",
        "］",
        "｝",
        "，",
        "、",
        ", ",
        "\"",
        "'",
        "''",
        "\\",
        "#",
        " #",
        "1",
        "２",
        "？",
        "一段。",
        "\t",
        "\u{3000}",
        "\u{FEFF}",
        "\r\n",
        "---",
        "&",
        "*",
        "待填",
        "wrong",
        ">",
    ]);
    prop::collection::vec(pieces, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    /// Whatever is written, the faults stand in the file, in its order, and can be shown.
    #[test]
    fn faults_of_any_text_can_be_shown(text in pieces()) {
        let source = Source::from_bytes(Path::new("x.yaml"), text.clone().into_bytes());
        if let Err(faults) = source.root() {
            prop_assert!(!faults.is_empty());
            prop_assert!(faults.is_sorted_by_key(|fault| fault.span.start), "{:?}", faults);
            let findings: Vec<_> = faults.iter().map(diagnostic::Diagnostic::from).collect();
            for finding in &findings {
                prop_assert!(source.text().get(finding.span().start..finding.span().end).is_some());
            }
            prop_assert!(!diagnostic::render(&findings, &source, Paint::Plain).is_empty());
        }
    }
}
