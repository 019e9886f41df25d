//! What holds for every report: a valid one compiles, and any text is printed as itself.

use nianbao::typeset::RenderJob;
use proptest::prelude::*;
use proptest::test_runner::{Config, FileFailurePersistence, TestRunner};

use super::support::{ENGINE, bind, pdf, reader, report, structure, tables, yaml};

/// Few cases, because each is a whole report; they are new ones in every run. Those that failed once are kept in a
/// file, which belongs to the change that mends them, and are tried before all others.
fn runner(cases: u32, kept: &'static str) -> TestRunner {
    TestRunner::new(Config {
        cases,
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(kept))),
        ..Config::default()
    })
}

/// Characters that the body fonts draw: hanzi, punctuation, letters, what Typst's markup uses.
fn characters() -> impl Strategy<Value = char> {
    prop_oneof![
        4 => proptest::char::range('一', '龥'),
        2 => proptest::char::range(' ', '~'),
        1 => prop::sample::select("，。、；：？！（）《》“”‘’—…·〔〕【】％￥№①②③Ａ１éñαЖ☐☑".chars().collect::<Vec<_>>()),
    ]
    .prop_filter("drawn in every role", |c| {
        ENGINE.fonts().roles().iter().all(|role| ENGINE.fonts().covers(&role.key, *c))
    })
}

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(characters(), 1..400).prop_map(|chars| chars.into_iter().collect())
}

/// The text as a YAML scalar, whatever is in it: every JSON string is one.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Whatever passes the check for missing characters can be archived: nothing is left for the export
/// to refuse, wherever it stands.
#[test]
fn what_the_fonts_draw_can_be_exported() {
    let anything = prop::collection::vec(any::<char>(), 1..200);
    runner(60, "tests/properties/export.txt")
        .run(&(anything, 0..5_usize), |(chars, place)| {
            let drawn: String = chars
                .into_iter()
                .filter(|c| {
                    let text = yaml(&[("overview", &quoted(&format!("甲{c}")))]);
                    let (_, report, _) = bind(&text);
                    report.is_some_and(|r| ENGINE.missing_characters(&r, &text).is_empty())
                })
                .collect();
            let value = quoted(&format!("甲{drawn}"));
            let field = ["overview", "preface", "other", "title", "signature"][place];
            let value = match field {
                "signature" => format!("{{name: {value}}}"),
                _ => value,
            };
            let text = yaml(&[("date", "2024-01-22"), (field, &value)]);
            let (_, report, _) = bind(&text);
            prop_assume!(report.is_some(), "too long for one line");
            let report = report.unwrap();
            prop_assume!(ENGINE.missing_characters(&report, &text).is_empty());
            let document = ENGINE
                .compile(&RenderJob::public(&report, &[]))
                .unwrap()
                .value
                .unwrap();
            prop_assert!(document.to_pdf().is_ok());
            Ok(())
        })
        .unwrap();
}

#[test]
fn any_text_is_printed_as_itself() {
    runner(40, "tests/properties/text.txt")
        .run(&(text(), text()), |(body, head)| {
            prop_assume!(!body.trim().is_empty() && !body.trim().starts_with("!["));
            let head = format!("（一）{head}");
            let text = yaml(&[("overview", &quoted(&format!("{body}\n\n{head}")))]);
            let bytes = pdf(&text);
            // The order of content, which is that of reading, without the page numbers.
            let told = structure::read(&bytes).root.text;
            prop_assert!(bare(&told).contains(&bare(&body)), "{told}");
            prop_assert!(bare(&told).contains(&bare(&head)), "{told}");
            Ok(())
        })
        .unwrap();
}

fn value() -> impl Strategy<Value = (String, String)> {
    let small = 0_u64..100_000;
    prop_oneof![
        6 => small.clone().prop_map(|n| (n.to_string(), n.to_string())),
        1 => (0_u64..=99_999_999).prop_map(|n| (n.to_string(), n.to_string())),
        1 => Just(("~".to_owned(), String::new())),
        1 => Just(("\"/\"".to_owned(), "/".to_owned())),
        1 => (small, "[一-龥]{1,6}").prop_map(|(n, note)| {
            (format!("{{value: {n}, note: {note}}}"), format!("{n}（{note}）"))
        }),
    ]
}

#[test]
fn any_values_are_shown_in_their_cells() {
    let row = prop::collection::vec(value(), 7);
    runner(15, "tests/properties/values.txt")
        .run(&prop::collection::vec(row, 3), |rows| {
            let mut text = yaml(&[]);
            let mut wanted = Vec::new();
            for (key, row) in ["received", "granted", "still_unclear"].iter().zip(&rows) {
                let list: Vec<_> = row.iter().map(|(written, _)| written.as_str()).collect();
                text = text.replace(
                    &format!("  {key}: 0"),
                    &format!("  {key}: [{}]", list.join(", ")),
                );
                wanted.extend(row.iter().map(|(_, printed)| printed.clone()));
            }
            report(&text);
            let tables = tables(&pdf(&text));
            prop_assert_eq!(tables.len(), 3);
            let cells = &tables[1].1.cells;
            prop_assert!(cells.iter().all(|cell| !cell.overflow));
            let values = |row: usize| {
                let in_row = move |cell: &&reader::Cell| cell.row == row && cell.column >= 3;
                cells.iter().filter(in_row).map(|cell| cell.text.clone())
            };
            let shown: Vec<String> = values(3).chain(values(5)).chain(values(17)).collect();
            prop_assert_eq!(shown, wanted);
            Ok(())
        })
        .unwrap();
}
