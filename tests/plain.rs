//! Nothing that is said to those who fill in the form on the page names what they do not see: a key, a rule, a code
//! point, an option, how a file is written.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use nianbao::authoring;
use nianbao::check::{Policy, rules};
use nianbao::diagnostic::{self, Diagnostic};
use nianbao::form::{Content, Name};
use nianbao::pipeline::FigureSource;
use nianbao::report;
use nianbao::source::Source;
use nianbao::typeset::{RenderJob, ReportCopy};
use regex::Regex;
use serde_json::Value as Json;

use super::check::{check, examples};
use super::folders::{HIERARCHY, examiner, folder};
use super::mistyped::{SLIPS, examined_with, with};
use super::seal::seals;
use super::support::cases::case;
use super::support::{EDITIONS, ENGINE, read, root, yaml};
use super::unreadable::CASES;

/// The Latin words that clerks read elsewhere too: units, programs, and kinds of documents and pictures.
const KNOWN: [&str; 16] = [
    "MiB", "Word", "Excel", "WPS", "PDF", "RTF", "docx", "doc", "PNG", "JPEG", "SVG", "RGB",
    "sRGB", "CMYK", "GB", "T",
];

/// The names that only the file has.
static KEYS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let mut keys = BTreeSet::from(
        [
            "format",
            "agency",
            "year",
            "title",
            "date",
            "preface",
            "headings",
            "notes",
            "texts",
            "waivers",
            "signature",
            "text",
            "before",
            "after",
            "value",
            "note",
            "rule",
            "reason",
            "name",
            "government",
            "agencies",
            "years",
            "folder",
            "from",
            "to",
        ]
        .map(str::to_owned),
    );
    let mut add = |name: &Name| keys.insert(name.key.clone());
    for form in EDITIONS.all() {
        for part in form.parts() {
            add(&part.name);
            let Content::Table(table) = part.content else {
                continue;
            };
            for line in table.lines() {
                add(&line.name);
                line.columns.iter().for_each(|column| {
                    add(&column.name);
                });
            }
        }
    }
    keys.extend(rules::all().iter().map(|entry| entry.rule.id.to_owned()));
    keys
});

static WORD: LazyLock<Regex> = LazyLock::new(|| Regex::new("[A-Za-z_][A-Za-z0-9_-]*").unwrap());
static QUOTED: LazyLock<Regex> = LazyLock::new(|| Regex::new("“[^”]*”|《[^》]*》").unwrap());

/// What a clerk could not understand in a sentence. Words in quotes are those of the report.
fn strange(sentence: &str) -> Option<String> {
    for mark in [
        "`", "U+", "--", "YAML", "UTF", "\": ", "键", "映射", "列表", "缩进", "豁免",
    ] {
        if sentence.contains(mark) {
            return Some(mark.to_owned());
        }
    }
    let key = WORD.find_iter(sentence).map(|word| word.as_str());
    let key = key
        .filter(|word| word.len() > 1)
        .find(|word| KEYS.contains(*word));
    let own = QUOTED.replace_all(sentence, "");
    let mut word = WORD.find_iter(&own).map(|word| word.as_str());
    let word = word.find(|word| !KNOWN.contains(word));
    key.or(word).map(str::to_owned)
}

/// The plain sentences of findings, each with its rule, as the page gets them.
fn plain(findings: &[Diagnostic], source: &Source) -> Vec<(String, String)> {
    let items = format!("[{}]", authoring::items(findings, source, &EDITIONS));
    let items: Vec<Json> = serde_json::from_str(&items).unwrap();
    let mut said = Vec::new();
    for item in &items {
        let rule = item["rule"].as_str().unwrap();
        let plain = &item["plain"];
        let hints = plain["hints"].as_array().unwrap().iter();
        let law = item["law"].as_str().map(str::to_owned);
        let message = plain["message"].as_str().unwrap();
        assert!(!message.is_empty(), "{item}");
        said.push((rule.to_owned(), message.to_owned()));
        said.extend(hints.map(|hint| (rule.to_owned(), hint.as_str().unwrap().to_owned())));
        said.extend(law.map(|law| (rule.to_owned(), law)));
    }
    said
}

/// All texts with faults that the tests have, each with the report of the year before.
fn texts() -> Vec<(Vec<u8>, Option<String>)> {
    let mut texts: Vec<(Vec<u8>, Option<String>)> = Vec::new();
    for entry in rules::all() {
        let blocks = examples(entry);
        let block = |info| blocks.iter().find(|b| b.0 == info).map(|b| b.1.as_str());
        let before = block("yaml previous").map(|text| case(&format!("year: 2022\n{text}")).text);
        for (info, text) in &blocks {
            match *info {
                "yaml" => texts.push((case(text).text.into(), before.clone())),
                "text" => texts.push((text.clone().into(), None)),
                _ => {}
            }
        }
    }
    for folder in ["tests/check", "tests/findings"] {
        for entry in fs::read_dir(root().join(folder)).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if !path.to_str().unwrap().ends_with(".previous.yaml") {
                let before = path.with_extension("previous.yaml");
                let before = before.exists().then(|| case(&read(&before)).text);
                texts.push((case(&read(&path)).text.into(), before));
            }
        }
    }
    let slips = CASES.iter().map(|(begin, new, ..)| (begin, new));
    let slips = slips.chain(SLIPS.iter().map(|(begin, new, ..)| (begin, new)));
    texts.extend(slips.map(|(begin, new)| (with(&[(begin, new)]).0.into(), None)));
    for document in [
        &b"PK\x03\x04"[..],
        b"%PDF-1.7",
        b"\xFF\xFE\0",
        b"{\\rtf1",
        b"",
        b"[1]",
    ] {
        texts.push((document.to_vec(), None));
    }
    for overview in [
        "待填",
        "![](图.png)",
        "![图](不在.png)",
        "![图](data:image/png;base64,0)",
        "![图](../图.png)",
        "工\u{2F46}作\u{2E80}，\u{E000}\u{301}\u{200B}\u{10FFFD}𪜀",
        &"好".repeat(100_001),
    ] {
        texts.push((
            yaml(&[("overview", &format!("|\n  {overview}\n"))]).into(),
            None,
        ));
    }
    for waived in [
        "wrong-total",
        "wrong-totl",
        "nothing",
        "unused-waiver",
        "not-filled",
    ] {
        let waiver = format!("[{{rule: {waived}, reason: 原文如此}}]");
        texts.push((yaml(&[("waivers", &waiver)]).into(), None));
    }
    for (key, value) in [
        ("agency", "[1]"),
        ("year", "二〇二三"),
        ("format", "nothing"),
        ("title", "[1]"),
        ("date", "2024年1月22日"),
        ("overview", "[1]"),
        ("problems", "{text: 一段}"),
        ("requests", "5"),
        (
            "requests",
            "{received: [1, 2], granted: {natural_person: [1]}, state_secret: 甲}",
        ),
        (
            "proactive",
            "{licences: {note: 说明}, penalties: {value: 1, note: 说明, more: 2}}",
        ),
        ("notes", "一段"),
        ("notes", "{overview: 一段}"),
        ("texts", "{disputes: {before: [1], behind: 一段}}"),
        ("headings", "{problems: 五、问题}"),
        ("waivers", "一条"),
        ("waivers", "[{rule: wrong-total}, 一条]"),
        ("signature", "{name: []}"),
        ("nothing", "1"),
    ] {
        texts.push((yaml(&[(key, value)]).into(), None));
    }
    texts.push((
        "format: free\nagency: 局\nyear: 2016\nsections: 一段\n".into(),
        None,
    ));
    for (agency, year) in [("某某市水利局", "2022"), ("某某市科技局", "2020")] {
        let before = yaml(&[("agency", agency), ("year", year)]);
        texts.push((yaml(&[]).into(), Some(before)));
    }
    texts
}

/// The findings that need a folder, pages or a seal.
fn others() -> Vec<(Vec<Diagnostic>, Source)> {
    let mut all = Vec::new();
    let kept = folder(&[
        ("hierarchy.yaml", HIERARCHY),
        ("县政府/2023.yaml", "proactive:\n  licences: 21\n"),
        ("科技局/2023.yaml", ""),
        ("数据局/2022.yaml", ""),
    ]);
    let (examiner, _) = examiner(&[kept.path().to_owned()], None);
    let missing = examiner
        .hierarchy(&kept.path().join("hierarchy.yaml"))
        .unwrap();
    let unknown = examiner
        .report(&kept.path().join("县政府/2023.yaml"))
        .unwrap();
    fs::copy(
        kept.path().join("科技局/2023.yaml"),
        kept.path().join("数据局/2023.yaml"),
    )
    .unwrap();
    let summed = examiner
        .report(&kept.path().join("县政府/2023.yaml"))
        .unwrap();
    all.extend([missing, unknown, summed].map(|examined| (examined.findings, examined.source)));
    let note = "{value: 1, note: 说明文字说明文字说明文字说明文字说明文字说明文字说明文字说明文字}";
    let row = [note; 7].join(", ");
    let tall = [
        "received",
        "granted",
        "state_secret",
        "repeat",
        "petition",
        "not_held",
        "fee_unpaid",
    ];
    let tall = tall.iter().fold(yaml(&[]), |text, key| {
        text.replace(&format!("  {key}: 0"), &format!("  {key}: [{row}]"))
    });
    let seals = |count| seals("42", count);
    for (name, text, copy) in [
        ("2023.yaml", tall, ReportCopy::Public),
        ("CON.yaml", yaml(&[]), ReportCopy::Archive),
        ("2023.yaml", yaml(&[]), seals(1)),
        ("2023.yaml", yaml(&[("date", "2024-01-22")]), seals(2)),
        ("2023.yaml", yaml(&[("date", "2024-01-22")]), seals(1)),
    ] {
        let source = Source::from_bytes(Path::new(name), text.into_bytes());
        let report = report::bind(&source, &EDITIONS).value.unwrap();
        let outcome = ENGINE
            .compile(&RenderJob::new(&report, &[], &copy, &source, &[]))
            .unwrap();
        all.push((outcome.findings, source));
    }
    let many = "某某;甲\n  ".repeat(3_000);
    let text = case(&format!("overview: |\n  {many}\n")).text;
    let mut findings = check(&text, None);
    diagnostic::limit(&mut findings);
    all.push((
        findings,
        Source::from_bytes(Path::new("2023.yaml"), text.into_bytes()),
    ));
    all
}

#[test]
fn no_finding_names_what_a_clerk_does_not_see() {
    let mut wrong: BTreeMap<(String, String), String> = BTreeMap::new();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut look = |findings: &[Diagnostic], source: &Source| {
        for (rule, sentence) in plain(findings, source) {
            if let Some(word) = strange(&sentence) {
                wrong.insert((rule.clone(), sentence), word);
            }
            seen.insert(rule);
        }
    };
    for (text, before) in texts() {
        let mut examined = examined_with(&text, before.as_deref(), &Policy::default());
        let none = |_: &str| None;
        examined.complete(&FigureSource::Given(&none)).unwrap();
        look(&examined.findings, &examined.source);
    }
    for (findings, source) in others() {
        look(&findings, &source);
    }
    let shown = |((rule, sentence), word): (&(String, String), &String)| {
        format!("{word} [{rule}] {sentence}")
    };
    let wrong: Vec<String> = wrong.iter().map(shown).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let unseen = rules::all().iter().map(|entry| entry.rule.id);
    let unseen: Vec<_> = unseen.filter(|id| !seen.contains(*id)).collect();
    assert!(unseen.is_empty(), "{unseen:?}");
}
