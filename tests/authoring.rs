//! Report files as they are written: whatever they say is read again, and stands where they say it does.

use std::collections::BTreeMap;
use std::path::Path;

use nianbao::authoring::{self, FieldRef, Places, RawCell, RawReport};
use nianbao::form::{Body, Content, Form, Language};
use nianbao::source::Source;
use proptest::prelude::*;
use proptest::test_runner::{Config, FileFailurePersistence, TestRunner};

use super::support::{EDITIONS, read, samples};

/// Texts that YAML could take for something else, or not take at all.
const ODD: [&str; 52] = [
    "全年",
    "公开。",
    " ",
    "  ",
    ":",
    ": ",
    " #",
    "#",
    "- ",
    "-",
    "\n",
    "\n\n",
    "\n  ",
    "\t",
    "\n\t",
    "\"",
    "'",
    "{",
    "}",
    "[",
    "]",
    ",",
    "&",
    "*",
    "!",
    "|",
    ">",
    "%",
    "@",
    "`",
    "~",
    "null",
    "true",
    "12",
    "0x1",
    "007",
    "1e3",
    ".5",
    "\\",
    "\\n",
    "𠮷",
    "\u{a0}",
    "\u{3000}",
    "---",
    "...",
    "?",
    "<<",
    "\u{2028}",
    "\u{85}",
    "\u{FEFF}",
    "\u{1}",
    "\r",
];

fn text() -> impl Strategy<Value = String> {
    let bit = prop_oneof![
        6 => prop::sample::select(ODD.to_vec()).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(bit, 0..12).prop_map(|bits| bits.concat())
}

fn cell() -> impl Strategy<Value = Option<RawCell>> {
    let value = prop_oneof![
        3 => (0_u64..100_000).prop_map(|n| n.to_string()),
        1 => prop::sample::select(vec!["", "~", "null", "/", "0x1", "007", "12.50", "+3", "25.1万元", "-"])
            .prop_map(str::to_owned),
        1 => text(),
    ];
    let note = prop_oneof![4 => Just(String::new()), 1 => text()];
    prop_oneof![
        1 => Just(None),
        6 => (value, note).prop_map(|(value, note)| Some(RawCell { value, note })),
    ]
}

type Texts = BTreeMap<String, String>;

fn map(keys: Vec<String>) -> impl Strategy<Value = Texts> {
    let texts = prop::collection::vec(prop::option::of(text()), keys.len());
    texts.prop_map(move |texts| {
        let pairs = keys.iter().cloned().zip(texts);
        pairs.filter_map(|(key, text)| Some((key, text?))).collect()
    })
}

fn keys(keys: &[&str]) -> Vec<String> {
    keys.iter().map(|key| (*key).to_owned()).collect()
}

fn reports(form: &Form) -> impl Strategy<Value = RawReport> + use<> {
    let of = |body: Body| {
        let sections = form
            .sections
            .iter()
            .filter(move |section| section.body == body);
        sections
            .map(|section| section.key.clone())
            .collect::<Vec<_>>()
    };
    let all: Vec<_> = form.sections.iter().map(|s| s.key.clone()).collect();
    let has_titled = !of(Body::Titled).is_empty();
    let tables: Vec<_> = form
        .parts()
        .into_iter()
        .filter_map(|part| match part.content {
            Content::Table(table) => {
                let line =
                    |columns| prop::option::weighted(0.9, prop::collection::vec(cell(), columns));
                let lines = table.lines().iter().map(|line| line.columns.len());
                let lines: Vec<_> = lines.map(line).collect();
                Some(
                    lines
                        .prop_map(move |lines| (part.name.key.clone(), lines))
                        .boxed(),
                )
            }
            _ => None,
        })
        .collect();
    let with_tables = of(Body::Tables);
    let around = prop::collection::vec(
        prop::option::of(map(keys(&["before", "after"]))),
        with_tables.len(),
    );
    let around = around.prop_map(move |texts| -> BTreeMap<String, Texts> {
        let pairs = with_tables.iter().cloned().zip(texts);
        pairs
            .filter_map(|(key, texts)| Some((key, texts?)))
            .collect()
    });
    let list = |parts: &[&str]| prop::collection::vec(map(keys(parts)), 0..3);
    let edition = form.edition.clone();
    (
        map(keys(&["agency", "title", "date", "preface"])),
        map(of(Body::Prose)),
        (map(all.clone()), map(all), around),
        list(&["rule", "reason"]),
        list(&["title", "text"]),
        prop::collection::vec(text(), 0..3),
        tables,
    )
        .prop_map(
            move |(
                mut fields,
                sections,
                (headings, notes, texts),
                waivers,
                titled,
                signature,
                tables,
            )| {
                fields.insert("format".to_owned(), edition.clone());
                RawReport {
                    edition: edition.clone(),
                    fields,
                    signature,
                    headings,
                    notes,
                    texts,
                    waivers,
                    sections,
                    titled: if has_titled { titled } else { Vec::new() },
                    tables: tables.into_iter().collect(),
                    unknown: Vec::new(),
                    comments: Vec::new(),
                }
            },
        )
}

/// White space around a text says nothing, and a reader leaves it out.
fn trimmed(report: &RawReport) -> RawReport {
    fn each(texts: &mut Texts) {
        for text in texts.values_mut() {
            *text = text.trim().to_owned();
        }
    }
    let mut report = report.clone();
    let RawReport {
        fields,
        headings,
        notes,
        sections,
        texts,
        ..
    } = &mut report;
    let all = [fields, headings, notes, sections].into_iter();
    all.chain(texts.values_mut()).for_each(each);
    report
        .waivers
        .iter_mut()
        .chain(&mut report.titled)
        .for_each(each);
    report
        .signature
        .iter_mut()
        .for_each(|name| *name = name.trim().to_owned());
    for cell in report
        .tables
        .values_mut()
        .flatten()
        .flatten()
        .flatten()
        .flatten()
    {
        cell.value = cell.value.trim().to_owned();
        cell.note = cell.note.trim().to_owned();
    }
    report
}

fn source(text: &str) -> Source {
    Source::from_bytes(Path::new("x.yaml"), text.as_bytes().to_vec())
}

#[test]
fn whatever_is_written_is_read_again() {
    for form in EDITIONS.all() {
        for language in [Language::English, Language::Chinese] {
            let mut runner = TestRunner::new(Config {
                cases: 40,
                source_file: Some(file!()),
                failure_persistence: Some(Box::new(FileFailurePersistence::SourceParallel(
                    "regressions",
                ))),
                ..Config::default()
            });
            let run = runner.run(&reports(form), |report| {
                let yaml = report.to_yaml(form, language);
                let file = source(&yaml.text);
                let again = authoring::read(&file, &EDITIONS);
                let again = again.value.ok_or_else(|| {
                    TestCaseError::fail(format!("{:?}\n{}", again.findings, yaml.text))
                })?;
                prop_assert_eq!(&again, &trimmed(&report), "{}", &yaml.text);
                // What is written once more is the same.
                prop_assert_eq!(&again.to_yaml(form, language).text, &yaml.text);
                assert_places(&again, form, &yaml.text, &yaml.places)
            });
            run.unwrap();
        }
    }
}

/// Each value that reads as it is written stands where the places say.
fn assert_places(
    report: &RawReport,
    form: &Form,
    text: &str,
    places: &Places,
) -> Result<(), TestCaseError> {
    let said = |wanted: &FieldRef| {
        let place = places.iter().filter(|(field, _)| *field == wanted).last();
        place.map(|(_, span)| &text[span.start..span.end])
    };
    for part in form.parts() {
        let Content::Table(table) = part.content else {
            continue;
        };
        let Some(lines) = report.tables.get(&part.name.key) else {
            continue;
        };
        for (line, cells) in table.lines().iter().zip(lines) {
            for (column, cell) in line.columns.iter().zip(cells.iter().flatten()) {
                let Some(cell) = cell else { continue };
                let at = FieldRef::Cell {
                    table: part.name.key.clone(),
                    row: Some(line.name.key.clone()),
                    column: Some(column.name.key.clone()),
                };
                let written = said(&at).unwrap_or_default();
                prop_assert!(written.trim() != "", "{at:?}: {text}");
                if cell.note.is_empty() && cell.value.chars().all(|c| c.is_ascii_digit()) {
                    let value = if cell.value.is_empty() {
                        "~"
                    } else {
                        &cell.value
                    };
                    prop_assert_eq!(written.trim_matches('"'), value);
                }
            }
        }
    }
    for (i, name) in report.signature.iter().enumerate() {
        let written = said(&FieldRef::Signature { signature: i + 1 }).unwrap_or_default();
        let plain = name.chars().all(char::is_alphanumeric);
        prop_assert!(
            !plain || written.trim_matches('"') == name,
            "{name}: {text}"
        );
    }
    Ok(())
}

#[test]
fn a_sample_written_again_is_the_same_report() {
    for path in samples() {
        let text = read(&path);
        let report = authoring::read(&source(&text), &EDITIONS).value.unwrap();
        let form = EDITIONS.named(&report.edition).unwrap();
        let json = serde_json::to_string(&report).unwrap();
        assert_eq!(serde_json::from_str::<RawReport>(&json).unwrap(), report);
        for language in [Language::English, Language::Chinese] {
            let yaml = report.to_yaml(form, language).text;
            let again = authoring::read(&source(&yaml), &EDITIONS).value.unwrap();
            assert_eq!(again.comments, [0; 0], "it writes no comments");
            let report = RawReport {
                comments: Vec::new(),
                ..report.clone()
            };
            assert_eq!(again, report, "{}\n{yaml}", path.display());
        }
    }
}

#[test]
fn the_edition_is_named_only_where_the_year_does_not_choose_it() {
    let written = |edition: &str, year: &str| {
        let fields = BTreeMap::from([("year".to_owned(), year.to_owned())]);
        let report = RawReport {
            edition: edition.to_owned(),
            fields,
            ..RawReport::default()
        };
        let form = EDITIONS.named(edition).unwrap();
        report.to_yaml(form, Language::English).text
    };
    assert_eq!(written("2021", "2023"), "year: 2023\n");
    assert_eq!(written("2021", "2018"), "format: \"2021\"\nyear: 2018\n");
    assert_eq!(written("2014", "今年"), "format: \"2014\"\nyear: 今年\n");
}

/// A report says the same as YAML and as JSON, and so do the places of its findings.
#[test]
fn findings_are_about_the_same_however_the_report_is_written() {
    let yaml = "agency: 某局\nyear: 2023\noverview: |\n  第一段。\n\n  第二段，管理规范;平台稳定。\nrequests:\n  received: \
                [1, x, 0, 0, 0, 0, 0]\n  granted: {natural_person: y}\nsignature: {name: [甲, 乙]}\n";
    let json = "{\"agency\": \"某局\", \"year\": \"2023\", \"overview\": \"第一段。\\n\\n第二段，管理规范;平台稳定。\", \
                \"requests\": {\"received\": [\"1\", \"x\", 0, 0, 0, 0, 0], \"granted\": {\"natural_person\": \"y\"}}, \
                \"signature\": {\"name\": [\"甲\", \"乙\"]}}";
    let about = |text: &str, words: &str| {
        let file = source(text);
        let start = text.find(words).unwrap();
        let span = nianbao::source::Span::new(start, start + words.len());
        let places = Places::of(&file, &EDITIONS);
        serde_json::to_string(&places.at(span, &file)).unwrap()
    };
    for (words, wanted) in [
        ("year", r#"{"field":"year"}"#),
        ("2023", r#"{"field":"year"}"#),
        (
            ";",
            r#"{"section":"overview","paragraph":2,"offset":8,"length":1}"#,
        ),
        (
            "第一段",
            r#"{"section":"overview","paragraph":1,"offset":0,"length":3}"#,
        ),
        (
            "x",
            r#"{"table":"requests","row":"received","column":"enterprise"}"#,
        ),
        (
            "natural_person",
            r#"{"table":"requests","row":"granted","column":"natural_person"}"#,
        ),
        ("granted", r#"{"table":"requests","row":"granted"}"#),
        ("requests", r#"{"table":"requests"}"#),
        ("乙", r#"{"signature":2}"#),
    ] {
        assert_eq!(about(json, words), wanted, "{words}");
        assert_eq!(about(yaml, words), wanted, "{words}");
    }
    // The head of a file is about all of it.
    assert_eq!(about(yaml, "agency"), "null");
}

#[test]
fn another_edition_keeps_what_both_have_and_names_the_rest() {
    let [old, new] = ["2019", "2021"].map(|edition| EDITIONS.named(edition).unwrap());
    let text = "agency: 某局\nyear: 2023\noverview: 文字。\nrequests:\n  fee_unpaid: [3, 0, 0, 0, 0, 0, 3]\n  \
                granted: [4, 0, 0, 0, 0, 0, 4]\n";
    let report = authoring::read(&source(text), &EDITIONS).value.unwrap();
    let converted = report.converted(new, old);
    assert_eq!(converted.lost.len(), 1, "{:?}", converted.lost);
    assert!(converted.lost[0].contains('费'), "{:?}", converted.lost);
    let granted = old.tables["requests"].line("granted").unwrap();
    let cells = converted.report.tables["requests"][granted]
        .as_ref()
        .unwrap();
    assert_eq!(cells[0], Some(RawCell::new("4")));
    assert_eq!(converted.report.sections["overview"], "文字。");
    let text = converted.report.to_yaml(old, Language::English).text;
    assert!(text.starts_with("format: \"2019\"\n"), "{text}");
    let back = converted.report.converted(old, new);
    assert_eq!(back.lost, Vec::<String>::new());
}
