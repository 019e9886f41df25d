//! Text that no line breaker can break: whatever is printed keeps to the type area, or is refused by a finding.

use std::fmt::Write;

use nianbao::report;
use nianbao::typeset::RenderJob;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};

use super::support::{ENGINE, bind, reader, root, yaml};

const MM: f64 = 72.0 / 25.4;
/// The upper and the lower edge of the type area in points.
const TOP: f64 = 37.0 * MM;
const BOTTOM: f64 = (297.0 - 35.0) * MM;
/// What rounding and the slant of a glyph may take, in points.
const TOLERANCE: f64 = 1.0;

/// What may stand many times in a row without a place to break.
const UNITS: [&str; 26] = [
    "…",
    "—",
    "“",
    "”",
    "（",
    "）",
    "《",
    "。",
    "，",
    "、",
    "！",
    "·",
    "/",
    "-",
    "A",
    "i",
    "8",
    "％",
    "信息\u{A0}",
    "ab\u{A0}",
    "8\u{A0}",
    "①",
    "(",
    "℃",
    "“一”、",
    "（一）、",
];

fn runs() -> impl Strategy<Value = String> {
    let unit = prop::sample::select(UNITS.to_vec());
    let run = (unit, 1..60_usize).prop_map(|(unit, count)| unit.repeat(count));
    prop::collection::vec(run, 1..4).prop_map(|runs| runs.concat())
}

/// The fields of a report in which a text may stand, each as the value of its key.
fn placed(text: &str) -> Vec<(&'static str, String)> {
    let quoted = |text: &str| serde_json::to_string(text).unwrap();
    let mut overview = "|\n".to_owned();
    for line in [
        text.to_owned(),
        format!("甲{text}乙"),
        format!("全年主动公开政府信息三十条，其中{text}等，按时公开。"),
        format!("（一）{text}"),
        format!("（二）{text}。其余是正文。"),
    ] {
        writeln!(overview, "  {line}").unwrap();
    }
    let table = |columns: usize| {
        let row = |cell: &str| format!("  |{}\n", format!(" {cell} |").repeat(columns));
        let head: String = text.chars().take(60).collect();
        format!("|\n  一段。\n{}{}", row(&head), row(&format!("甲{text}")))
    };
    vec![
        ("overview", overview),
        ("preface", quoted(text)),
        ("problems", table(1)),
        ("problems", table(3)),
        ("problems", table(8)),
        ("notes", format!("{{requests: {}}}", quoted(text))),
        (
            "texts",
            format!("{{requests: {{before: {0}, after: {0}}}}}", quoted(text)),
        ),
        ("title", quoted(text)),
        ("agency", quoted(text)),
        ("headings", format!("{{problems: {}}}", quoted(text))),
        ("signature", format!("{{name: {}}}", quoted(text))),
        (
            "other",
            format!("|\n  ![{text}](samples/chinese-keys/公开数量.svg)"),
        ),
    ]
}

/// The ink outside the type area of a report, if it is printed at all.
fn outside(text: &str) -> Option<String> {
    let report = bind(text).1?;
    if !ENGINE.missing_characters(&report, text).is_empty() {
        return None;
    }
    let (figures, refused) = report::load_figures(&report, root());
    if !refused.is_empty() {
        return None;
    }
    let document = ENGINE.compile(&RenderJob::public(&report, &figures));
    let pdf = document.unwrap().value?.to_pdf().unwrap();
    for (i, page) in reader::pages(&pdf).iter().enumerate() {
        let left = if i.is_multiple_of(2) { 28.0 } else { 26.0 } * MM;
        let right = left + 156.0 * MM;
        let of_text = |glyph: &&reader::Glyph| glyph.ink.area() > 0.0;
        for glyph in page.glyphs.iter().filter(of_text) {
            let ink = glyph.ink;
            let is_number = glyph.y > BOTTOM + 4.0 && glyph.y < BOTTOM + 30.0;
            let inside = ink.x0 > left - TOLERANCE
                && ink.x1 < right + TOLERANCE
                && ink.y0 > TOP - TOLERANCE
                && (is_number || ink.y1 < BOTTOM + TOLERANCE);
            if !inside {
                return Some(format!("page {i}: {glyph:?}"));
            }
        }
    }
    None
}

#[test]
fn no_ink_leaves_the_type_area() {
    let mut runner = TestRunner::new(Config {
        cases: 40,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(2023),
        ..Config::default()
    });
    let places = placed("").len();
    let cases = (runs(), 0..places);
    let tried = runner.run(&cases, |(text, place)| {
        let (field, value) = &placed(&text)[place];
        let found = outside(&yaml(&[(field, value)]));
        prop_assert!(
            found.is_none(),
            "{}: {field}: {value}",
            found.unwrap_or_default()
        );
        Ok(())
    });
    tried.unwrap();
}

/// Each kind of run, in each place.
#[test]
fn runs_of_one_character_keep_to_the_type_area() {
    for unit in UNITS {
        for (field, value) in placed(&unit.repeat(40)) {
            let found = outside(&yaml(&[(field, &value)]));
            assert!(
                found.is_none(),
                "{unit} in {field}: {}",
                found.unwrap_or_default()
            );
        }
    }
}
