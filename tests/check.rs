//! What checks find and what they leave alone.
//!
//! The cases are `tests/check/*.yaml`; `<case>.previous.yaml` is the report of the year before.

use std::fs;
use std::sync::LazyLock;

use nianbao::check::rules::{self, RuleEntry};
use nianbao::check::{Checker, Compared, Policy, Previous};
use nianbao::diagnostic::Severity::{Error, Note, Warning};
use nianbao::diagnostic::{Diagnostic, Severity};
use nianbao::form::{CellKind, Line};
use nianbao::report::{self, Report, bundled_coverage};
use nianbao::source::Source;

use super::support::cases::{case, found};
use super::support::{EDITIONS, bind, read, root, samples, updated};

static CHECKER: LazyLock<Checker> = LazyLock::new(|| Checker::new(&EDITIONS).unwrap());

/// Every finding about a text, as the program reports it.
pub fn check(text: &str, previous: Option<&str>) -> Vec<Diagnostic> {
    check_with(text, previous, &Policy::default())
}

fn check_with(text: &str, previous: Option<&str>, policy: &Policy) -> Vec<Diagnostic> {
    let (source, report, mut findings) = bind(text);
    let Some(report) = report else {
        return policy.apply(findings, &[], Compared::default());
    };
    let before: Option<(Source, Report)> = previous.map(|text| {
        let (source, report, findings) = bind(text);
        (source, report.unwrap_or_else(|| panic!("{findings:?}")))
    });
    let before = before.as_ref();
    let previous = before.map(|(source, report)| Previous { source, report });
    findings.extend(CHECKER.run(&report, previous).findings);
    let missing = report::missing_characters(&report, source.text(), bundled_coverage());
    findings.extend(missing);
    let compared = Compared {
        previous: previous.is_some(),
        ..Compared::default()
    };
    policy.apply(findings, &report.waivers, compared)
}

#[test]
fn findings_stand_on_their_lines() {
    let (mut files, mut wrong) = (0, Vec::new());
    for entry in fs::read_dir(root().join("tests/check")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if name.ends_with(".previous.yaml") {
            continue;
        }
        let before = path.with_extension("previous.yaml");
        let before = before.exists().then(|| case(&read(&before)).text);
        let case = case(&read(&path));
        let findings = check(&case.text, before.as_deref());
        let found = found(&case.text, &findings);
        if found != case.expected {
            let expected = case.expected;
            wrong.push(format!(
                "{name}:\n    found {found:?}\n expected {expected:?}"
            ));
        }
        files += 1;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(files >= 10, "{files}");
}

/// The rules whose findings are expected by tests of their own, many of which need more than one report or its pages, and
/// the file with a test that expects them.
const ELSEWHERE: [(&str, &str); 21] = [
    ("too-long", "tests/findings.rs"),
    ("invalid-figure", "tests/findings.rs"),
    ("table-too-tall", "tests/pdf.rs"),
    ("unkeepable-name", "tests/record.rs"),
    ("not-sealable", "tests/seal.rs"),
    ("previous-unknown", "tests/folders.rs"),
    ("children-mismatch", "tests/folders.rs"),
    ("children-unknown", "tests/folders.rs"),
    ("missing-report", "tests/folders.rs"),
    ("overview-too-long", "tests/check.rs"),
    ("copied-text", "tests/check.rs"),
    ("too-many-findings", "tests/check.rs"),
    ("late-report", "tests/check.rs"),
    ("not-filled", "tests/not_filled.rs"),
    ("lookalike-character", "tests/characters.rs"),
    ("coarse-seal", "tests/seal.rs"),
    ("previous-agency", "tests/mistyped.rs"),
    ("cut-by-comment", "tests/mistyped.rs"),
    ("no-figure", "tests/mistyped.rs"),
    ("no-table", "tests/own_texts.rs"),
    ("joined-paragraphs", "tests/own_texts.rs"),
];

/// A rule that is switched off makes a test fail: for each there is a case or an example with its finding.
#[test]
fn each_rule_is_missed_where_it_is_switched_off() {
    let mut expected: Vec<String> = Vec::new();
    for folder in ["tests/check", "tests/findings"] {
        for entry in fs::read_dir(root().join(folder)).unwrap() {
            let text = read(&entry.unwrap().path());
            let comments = text
                .lines()
                .filter_map(|line| Some(line.rsplit_once(" # ")?.1));
            expected.extend(comments.map(str::to_owned));
        }
    }
    let mut missing = Vec::new();
    for entry in rules::all() {
        let id = entry.rule.id;
        let in_case = expected
            .iter()
            .any(|comment| comment.contains(&format!("[{id}]")));
        let elsewhere = ELSEWHERE.iter().find(|(rule, _)| *rule == id);
        let elsewhere = elsewhere.is_some_and(|(_, file)| {
            let text = read(&root().join(file));
            let asked = [format!("\"{id}\""), format!("[{id}]"), format!("({id})")];
            // This file names it in the list above as well.
            let listed = usize::from(*file == "tests/check.rs");
            asked
                .iter()
                .map(|asked| text.matches(asked).count())
                .sum::<usize>()
                > listed
        });
        assert!(
            !(in_case && elsewhere),
            "{id} has a case; it need not be listed"
        );
        if !in_case && !elsewhere {
            missing.push(id);
        }
    }
    assert!(
        missing.is_empty(),
        "rules that no test would miss: {missing:?}"
    );
}

#[test]
fn an_overview_of_more_characters_than_asked_for_is_too_long() {
    let aspects = "主动公开、依申请公开、信息管理、平台建设、监督保障。";
    for (characters, found) in [(1_000, false), (1_001, true)] {
        let more = "好".repeat(characters - aspects.chars().count() - 1);
        let findings = check(&case(&format!("overview: {aspects}{more}。\n")).text, None);
        let long = findings.iter().any(|d| d.rule.id == "overview-too-long");
        assert_eq!(long, found, "{characters}");
    }
    let table = "  | 事项 | 条数 |\n  | 栏目栏目栏目栏目 | 1 |\n".repeat(20);
    let text = format!("overview: |\n  {aspects}{}\n{table}", "好".repeat(900));
    let findings = check(&case(&text).text, None);
    assert!(findings.iter().all(|d| d.rule.id != "overview-too-long"));
}

#[test]
fn samples_are_without_a_warning() {
    for path in samples() {
        let findings = check(&read(&path), None);
        let worse = findings.iter().filter(|d| d.severity != Severity::Note);
        let worse: Vec<_> = worse.map(|d| (d.rule.id, &d.message)).collect();
        assert!(worse.is_empty(), "{}: {worse:?}", path.display());
    }
}

#[test]
fn every_rule_is_documented_under_the_same_headings() {
    for RuleEntry { rule, text, .. } in rules::all() {
        let headings: Vec<_> = text.lines().filter(|l| l.starts_with("###")).collect();
        let wanted = ["### 查什么", "### 为什么", "### 举例", "### 依据"];
        assert_eq!(headings, wanted, "{}", rule.id);
        assert!(text.contains("```"), "{}: no example", rule.id);
    }
    assert!(rules::all().len() >= 35);
}

/// The fenced blocks of a rule's example: what follows the fence, and the text.
pub fn examples(entry: &RuleEntry) -> Vec<(&str, String)> {
    let mut found = Vec::new();
    let mut lines = entry.text.lines();
    while let Some(line) = lines.next() {
        if let Some(info) = line.strip_prefix("```") {
            let block = lines.by_ref().take_while(|line| *line != "```");
            found.push((info, block.map(|line| format!("{line}\n")).collect()));
        }
    }
    found
}

#[test]
fn examples_show_what_their_rule_finds() {
    let mut shown = 0;
    for entry in rules::all() {
        let rule = entry.rule;
        let blocks = examples(entry);
        let block = |info| blocks.iter().find(|b| b.0 == info).map(|b| b.1.as_str());
        let Some(text) = block("yaml") else { continue };
        let before = block("yaml previous").map(|text| {
            let year = if text.contains("year:") {
                ""
            } else {
                "year: 2022\n"
            };
            case(&format!("{year}{text}")).text
        });
        if rule.id == "previous-unknown" {
            continue; // tests/folders.rs
        }
        let findings = check(&case(text).text, before.as_deref());
        let found: Vec<_> = findings.iter().map(|d| d.rule.id).collect();
        assert!(found.contains(&rule.id), "{}: {found:?}", rule.id);
        shown += 1;
    }
    assert!(shown >= 25, "{shown}");
}

#[test]
fn the_printed_list_of_rules_is_up_to_date() {
    updated(&root().join("docs/checks.md"), rules::document().as_bytes());
}

#[test]
fn a_waiver_lowers_its_finding_and_says_why() {
    let wrong = "disputes:\n  direct_litigation: [2, 0, 1, 0, 0]\n";
    let waived = format!("{wrong}waivers:\n  - {{rule: wrong-total, reason: 公布的原文如此}}\n");
    let findings = check(&case(&waived).text, None);
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!(findings[0].severity, Severity::Note);
    assert!(
        findings[0]
            .hints
            .iter()
            .any(|hint| hint == "已豁免：公布的原文如此")
    );
}

#[test]
fn waivers_of_what_could_not_be_looked_at_are_kept() {
    let waived = "waivers:\n  - {rule: carry-mismatch, reason: 上年度公布后更正}\n";
    assert!(check(&case(waived).text, None).is_empty());
    let before = case("year: 2022\n").text;
    let findings = check(&case(waived).text, Some(&before));
    assert!(findings.iter().any(|d| d.rule.id == "unused-waiver"));
}

#[test]
fn severities_can_be_set() {
    let wrong = case("problems: 无\ndisputes:\n  direct_litigation: [2, 0, 1, 0, 0]\n").text;
    let list = |rules: &[&str]| rules.iter().map(|&id| id.to_owned()).collect::<Vec<_>>();
    let severities = |policy: Result<Policy, String>| -> Vec<(&str, Severity)> {
        let findings = check_with(&wrong, None, &policy.unwrap());
        let mut found: Vec<_> = findings.iter().map(|d| (d.rule.id, d.severity)).collect();
        found.sort();
        found
    };
    let both = |empty, total| vec![("empty-section", empty), ("wrong-total", total)];
    assert_eq!(
        severities(Policy::new(false, &[], &[])),
        both(Warning, Error)
    );
    assert_eq!(
        severities(Policy::new(true, &[], &[])),
        both(Warning, Warning)
    );
    let denied = Policy::new(false, &list(&["empty-section"]), &[]);
    assert_eq!(severities(denied), both(Error, Error));
    let allowed = Policy::new(true, &list(&["wrong-total"]), &list(&["empty-section"]));
    assert_eq!(severities(allowed), both(Note, Error));
    // What is denied cannot be waived, and a waiver is not waived itself.
    let waived = case("waivers:\n  - {rule: wrong-total, reason: 公布的原文如此}\n  - {rule: unused-waiver, reason: 一}\ndisputes:\n  direct_litigation: [2, 0, 1, 0, 0]\n").text;
    let policy = Policy::new(false, &list(&["wrong-total"]), &list(&["unused-waiver"])).unwrap();
    let mut found: Vec<_> = check_with(&waived, None, &policy)
        .iter()
        .map(|d| (d.rule.id, d.severity))
        .collect();
    found.sort();
    assert_eq!(found, [("unused-waiver", Note), ("wrong-total", Error)]);
    for (deny, allow, message) in [
        ("wrong-totall", "", "the nearest is wrong-total"),
        ("", "missing-cell", "cannot be allowed"),
        ("empty-section", "empty-section", "both"),
    ] {
        let lists = [deny, allow].map(|id| {
            list(&[id])
                .into_iter()
                .filter(|id| !id.is_empty())
                .collect::<Vec<_>>()
        });
        let error = Policy::new(false, &lists[0], &lists[1]).unwrap_err();
        assert!(error.contains(message), "{error}");
    }
}

#[test]
fn copied_text_is_named_with_its_share() {
    let rule = rules::named("copied-text").unwrap();
    let blocks = examples(rule);
    let before = case(&blocks[0].1).text;
    let findings = check(&case(&blocks[1].1).text, Some(&before));
    let finding = findings
        .iter()
        .find(|d| d.rule.id == "copied-text")
        .unwrap();
    assert!(
        finding.message.contains("100%") && finding.message.contains("2 句"),
        "{}",
        finding.message
    );
    assert_eq!(finding.labels.len(), 2, "each sentence has its place");
    // With as much of its own again, half is not more than half.
    let own = "今年新开设档案专栏，按类别登载目录，方便群众查找所需要的各类政府信息和办事指南，全年更新二十次，比计划多三次，目录也更完整。";
    let text = blocks[1]
        .1
        .replace("答复咨询八件。", &format!("答复咨询八件。{own}"));
    let findings = check(&case(&text).text, Some(&before));
    assert!(
        findings.iter().all(|d| d.rule.id != "copied-text"),
        "{findings:?}"
    );
}

/// The day is the law's, by the kind of agency that its name tells; where it tells none, nothing is said.
#[test]
fn a_report_is_late_by_the_day_for_its_kind_of_agency() {
    for (agency, year, issued, by) in [
        ("某某县水利局", 2023, "2024-01-31", None),
        ("某某县水利局", 2023, "2024-02-01", Some("2024年1月31日")),
        ("某某县水利局", 2023, "2023-12-29", None),
        ("某某县水利局", 2023, "2025-01-05", Some("2024年1月31日")),
        (
            "某某市科学技术局（某某市外国专家局）",
            2023,
            "2024-02-20",
            Some("2024年1月31日"),
        ),
        (
            "某某县某某镇人民政府",
            2021,
            "2022-03-01",
            Some("2022年1月31日"),
        ),
        (
            "某某县某某民族乡人民政府",
            2021,
            "2022-03-01",
            Some("2022年1月31日"),
        ),
        (
            "某某区人民政府某某街道办事处",
            2021,
            "2022-03-01",
            Some("2022年1月31日"),
        ),
        ("某某区人民政府", 2021, "2022-03-31", None),
        ("某某区人民政府", 2021, "2022-04-01", Some("2022年3月31日")),
        ("某某省人民政府", 2019, "2020-04-01", Some("2020年3月31日")),
        ("某某市人民政府", 2019, "2020-02-01", None),
        (
            "某某自治县人民政府",
            2024,
            "2025-04-02",
            Some("2025年3月31日"),
        ),
        (
            "某某自治州人民政府",
            2024,
            "2025-04-02",
            Some("2025年3月31日"),
        ),
        ("某某盟行政公署", 2024, "2025-04-02", None),
        ("某某旗人民政府", 2024, "2025-04-02", Some("2025年3月31日")),
        ("某某市人民政府办公室", 2024, "2025-03-01", None),
        (
            "某某市人民政府办公室",
            2024,
            "2025-04-02",
            Some("2025年3月31日"),
        ),
        (
            "某某市国有资产监督管理委员会",
            2020,
            "2021-02-02",
            Some("2021年1月31日"),
        ),
        ("某某经济技术开发区管理委员会", 2020, "2021-05-02", None),
        ("国家某某局", 2020, "2021-05-02", None),
        ("某某市第一人民医院", 2020, "2021-05-02", None),
        ("某某县工业园管理委员会", 2020, "2021-05-02", None),
        ("某某市卫健委", 2020, "2021-02-02", Some("2021年1月31日")),
        ("某某县水利局", 2018, "2019-03-31", None),
        ("某某县水利局", 2018, "2019-04-01", Some("2019年3月31日")),
        (
            "某某市第一人民医院",
            2014,
            "2015-04-01",
            Some("2015年3月31日"),
        ),
        ("某某县水利局", 2013, "2014-05-01", None),
    ] {
        let form = EDITIONS.for_year(year).unwrap();
        let text = format!(
            "format: {:?}\nagency: {agency}\nyear: {year}\ndate: {issued}\n",
            form.edition
        );
        let findings = check(&case(&text).text, None);
        let late = findings
            .iter()
            .find(|finding| finding.rule.id == "late-report");
        let message = late.map(|finding| &*finding.message);
        let wanted = by.map(|by| format!("成文日期晚于规定的公布期限：{by}"));
        assert_eq!(message, wanted.as_deref(), "{agency} {issued}");
        if let Some(late) = late {
            assert_eq!(&text[late.span().start..late.span().end], issued);
            assert_eq!(late.severity, Note);
            assert!(late.law.is_some());
        }
    }
}

/// A thousand characters are the limit of the form of 2021 alone, and so of that with a table of 2019.
#[test]
fn an_overview_is_as_long_as_its_edition_says() {
    let said = "主动公开、依申请公开、政府信息管理、平台建设和监督保障。";
    let text = |edition: &str, characters: usize| {
        let more = "文".repeat(characters - said.chars().count());
        let year = if edition == "2019" { 2020 } else { 2023 };
        case(&format!(
            "format: {edition:?}\nyear: {year}\noverview: {said}{more}\n"
        ))
        .text
    };
    for (edition, characters, long) in [
        ("2021", 1_000, false),
        ("2021", 1_001, true),
        ("2021-2019", 1_001, true),
        ("2019", 3_000, false),
    ] {
        let findings = check(&text(edition, characters), None);
        let found = findings
            .iter()
            .find(|finding| finding.rule.id == "overview-too-long");
        assert_eq!(found.is_some(), long, "{edition} {characters}");
        if let Some(found) = found {
            assert_eq!(found.severity, Warning);
            assert_eq!(found.message, "“一、总体情况”有 1001 字，超过 1000 字");
            assert!(found.law.as_ref().unwrap().contains("原则上不超过一千字"));
        }
    }
}

#[test]
fn hints_give_the_corrected_text() {
    let text = "overview: |\n  主动公开、依申请公开、信息管理、平台建设、监督保障 ( 含考核 ),全部落实;效果<很>好.\n  全面推进政 务公开。\n";
    let findings = check(&case(text).text, None);
    let hints: Vec<&str> = findings
        .iter()
        .flat_map(|d| &d.hints)
        .map(|hint| &**hint)
        .collect();
    assert_eq!(
        hints,
        [
            "写作“设、监督保障（含考核），全部落实；效果〈很〉好。”",
            "写作“全面推进政务公开。”"
        ]
    );
}

#[test]
fn of_too_many_findings_the_errors_stay() {
    let text = "某某;甲\n  ".repeat(3_000);
    let text = case(&format!(
        "overview: |\n  {text}\ndisputes:\n  direct_litigation: [2, 0, 1, 0, 0]\n"
    ))
    .text;
    let mut findings = check(&text, None);
    assert!(findings.len() > 3_000);
    nianbao::diagnostic::limit(&mut findings);
    assert_eq!(findings.len(), 2_001);
    assert!(findings.iter().any(|d| d.rule.id == "wrong-total"));
    assert_eq!(findings.last().unwrap().rule.id, "too-many-findings");
}

#[test]
fn hostile_prose_is_checked_in_bounded_time() {
    // A sentence without end, brackets without end, numbers without end.
    for piece in [
        "甲乙",
        "（",
        "3件",
        "76条，其中",
        "76条其中1条、",
        "政府信息公开",
        "其中1条、",
        "a b ",
        "《〈",
        "，3件，占",
        "收到政府信息公开申请3件",
        "未收到",
        "行政复议、",
        "甲 ",
        ",甲",
        "制发规范性文件3件，",
        "收到自然人申请3件、",
        "其中自然人3件、",
        "审核审核，",
        "一是甲；三是乙；",
        "九百",
        "1，234",
        "\"甲",
        "国办发（21）第030号",
        "a@b",
        "http//:",
        "2023 年 1 月",
    ] {
        // Nearly as long as a report may be.
        let text = format!(
            "overview: 甲{}\n",
            piece.repeat(95_000 / piece.chars().count())
        );
        check(
            &case(&text).text,
            Some(&case(&format!("year: 2022\n{text}")).text),
        );
    }
}

#[test]
fn a_report_in_quotes_has_findings_on_its_words() {
    for (written, found) in [
        ("\"我局公开\\n(含考核)的情况如下所述\"", "("),
        // Of what is written otherwise than it reads, the paragraph; of what is folded, the whole.
        (
            "\"我局公开\\n\\u0028含考核)的情况如下所述\"",
            "\\u0028含考核)的情况如下所述",
        ),
        (
            "\"我局公开\\n(含考核)的情况\n  如下所述\"",
            "\"我局公开\\n(含考核)的情况\n  如下所述\"",
        ),
    ] {
        let text = case(&format!("problems: {written}\n")).text;
        let findings = check(&text, None);
        assert_eq!(findings[0].rule.id, "half-width-punctuation");
        let span = findings[0].span();
        assert_eq!(&text[span.start..span.end], found);
    }
}

/// In a list a label that only groups has no figure, and prose gives amounts in other ways.
#[test]
fn prose_is_held_to_the_counts_of_a_list() {
    for table in EDITIONS.all().iter().flat_map(|form| form.tables.values()) {
        for mention in table.mentions() {
            let lines = mention.lines.iter().map(|&i| &table.lines()[i]);
            let counted = |line: &Line| {
                let mut columns = line.columns.iter();
                columns.all(|column| column.measure.kind == CellKind::Count)
            };
            assert!(!mention.lines.is_empty(), "{}", mention.label);
            assert!(lines.clone().all(counted), "{}", mention.label);
            let own = |line: &Line| line.name.label == mention.label;
            assert!(
                table.list.is_none() || lines.clone().all(own),
                "{}",
                mention.label
            );
        }
    }
}
