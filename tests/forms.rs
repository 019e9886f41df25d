//! The mandated tables: what the form declares, and what the page shows, cell by cell.

use super::support::{
    EDITIONS, form, pdf, pdf_of, read, reader, report, samples, structure, tables, yaml,
};
use nianbao::report::Report;

/// The lower edge of the type area in pt: the page less 35 mm.
const BOTTOM: f64 = (297.0 - 35.0) * 72.0 / 25.4;

#[test]
fn the_declaration_has_the_labels_of_the_transcript() {
    let format = EDITIONS.named("2021").unwrap();
    for table in form::transcript("2021") {
        let mut wanted: Vec<&str> = table
            .cells
            .iter()
            .filter_map(|cell| cell.label.as_deref())
            .collect();
        let mut found = format.tables[&table.key].labels();
        wanted.sort_unstable();
        found.sort_unstable();
        assert_eq!(found, wanted, "{}", table.key);
    }
}

#[test]
fn the_declaration_has_the_titles_of_the_transcript() {
    let format = EDITIONS.named("2021").unwrap();
    let found: Vec<&str> = format.sections.iter().map(|s| s.title.as_str()).collect();
    assert_eq!(found, form::titles("2021"));
}

#[test]
fn the_declaration_has_10_175_and_15_values() {
    let format = EDITIONS.named("2021").unwrap();
    let count = |key: &str| -> usize {
        format.tables[key]
            .lines()
            .iter()
            .map(|line| line.columns.len())
            .sum()
    };
    assert_eq!(
        [count("proactive"), count("requests"), count("disputes")],
        [10, 175, 15]
    );
    for table in form::transcript("2021") {
        let values = table
            .cells
            .iter()
            .filter(|cell| cell.label.is_none())
            .count();
        assert_eq!((values, count(&table.key)), (table.values, table.values));
    }
}

/// Compares what a PDF shows with the transcript and the report.
fn assert_tables(pdf: &[u8], report: &Report) {
    let shown = tables(pdf);
    let wanted = form::transcript("2021");
    assert_eq!(shown.len(), wanted.len(), "each table is whole");
    for ((page, shown), wanted) in shown.iter().zip(&wanted) {
        assert_eq!(
            (shown.rows, shown.columns),
            (wanted.rows, wanted.columns),
            "{}",
            wanted.key
        );
        assert_eq!(shown.cells.len(), wanted.cells.len(), "{}", wanted.key);
        let grid = &report.tables[&wanted.key];
        let mut values = grid
            .lines
            .iter()
            .flatten()
            .map(nianbao::report::Cell::printed);
        for (shown, wanted) in shown.cells.iter().zip(&wanted.cells) {
            let text = wanted
                .label
                .clone()
                .unwrap_or_else(|| values.next().unwrap());
            assert_eq!(shown.text, text, "page {page}, row {}", wanted.row);
            assert_eq!(
                (shown.row, shown.rowspan, shown.colspan),
                (wanted.row, wanted.rowspan, wanted.colspan),
                "{text}"
            );
            assert!(!shown.overflow, "{text} leaves its cell");
            assert!(shown.y1 < BOTTOM + 1.0, "{text} leaves the type area");
        }
        assert_eq!(values.next(), None);
    }
}

#[test]
fn every_sample_shows_its_tables_exactly() {
    for path in samples() {
        let text = read(&path);
        assert_tables(&pdf_of(&path), &report(&text));
    }
}

#[test]
fn wide_and_long_values_stay_in_their_cells() {
    let largest = "[9223372036854775807, 0, 0, 0, 0, 0, 9223372036854775807]";
    for received in ["[11398889, 12345678, 0, 0, 0, 0, 23744567]", largest] {
        let rows = yaml(&[]);
        let text = rows
            .replace("  received: 0", &format!("  received: {received}"))
            .replace("  reconsideration: 0", "  reconsideration: [11398889, 0, 0, 0, 11398889]")
            .replace("  granted: 0", "  granted: {natural_person: {value: 22, note: 其中修订16件}, enterprise: ~, research: \"/\", public_interest: 0, legal_service: —, other_organization: 0}")
            .replace("institutional_fees: 0", "institutional_fees: {value: 1234567890.123456, note: 含上年补缴的行政事业性收费}");
        let report = report(&text);
        assert_tables(&pdf(&text), &report);
    }
}

#[test]
fn tables_stay_whole_below_long_titles_and_above_long_notes() {
    for (title, note) in [(27, 0), (45, 0), (60, 0), (10, 300), (60, 200)] {
        let mut fields = vec![("headings", format!("{{requests: {}}}", "题".repeat(title)))];
        if note > 0 {
            fields.push(("notes", format!("{{requests: {}}}", "注".repeat(note))));
        }
        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let text = yaml(&fields);
        let bytes = pdf(&text);
        assert_tables(&bytes, &report(&text));
        for page in reader::pages(&bytes) {
            let last = page
                .lines()
                .into_iter()
                .rfind(|(_, _, text)| !text.contains('—'));
            assert!(
                last.is_none_or(|(_, y, _)| y < BOTTOM),
                "title {title}, note {note}"
            );
        }
    }
}

#[test]
fn numbers_with_remarks_are_never_broken() {
    for (number, remark) in [
        ("12345678", "注"),
        ("123456", "含上年"),
        ("7", "其中网上申请1234567件"),
    ] {
        let value = format!("{{value: {number}, note: {remark}}}");
        let text = yaml(&[])
            .replace(
                "  received: 0",
                &format!("  received: [{value}, 0, 0, 0, 0, 0, {value}]"),
            )
            .replace(
                "  reconsideration: 0",
                &format!("  reconsideration: [{value}, 0, 0, 0, 1]"),
            );
        let bytes = pdf(&text);
        assert_tables(&bytes, &report(&text));
        for page in reader::pages(&bytes) {
            for cell in page.tables().iter().flat_map(|table| &table.cells) {
                if !cell.text.starts_with(number) || !cell.text.contains(remark) {
                    continue;
                }
                let lines = lines_in(&page, cell);
                assert!(
                    lines.iter().any(|line| line.starts_with(number)),
                    "{lines:?}"
                );
                assert!(
                    !lines.iter().any(|line| line.starts_with('）')),
                    "{lines:?}"
                );
                if remark.contains("1234567") {
                    assert!(
                        lines.iter().any(|line| line.contains("1234567")),
                        "{lines:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn numbers_of_any_length_stay_in_their_cells() {
    for digits in 5..=19 {
        let number = "8".repeat(digits);
        let text = yaml(&[])
            .replace(
                "  received: 0",
                &format!("  received: [{number}, 1, 0, 0, 0, 0, {number}]"),
            )
            .replace(
                "  reconsideration: 0",
                &format!("  reconsideration: [{number}, 0, 0, 0, 7]"),
            );
        assert_tables(&pdf(&text), &report(&text));
    }
}

#[test]
fn labels_break_between_words_only() {
    let words = [
        "社会|公益|组织",
        "法律|服务|机构",
        "商业|企业",
        "结果|维持",
        "三、|本年度|办理|结果",
    ];
    let pages = reader::pages(&pdf(&yaml(&[])));
    for page in &pages {
        for table in page.tables() {
            for cell in &table.cells {
                let lines = lines_in(page, cell);
                let Some(words) = words.iter().find(|w| w.replace('|', "") == cell.text) else {
                    continue;
                };
                let breaks: Vec<&str> = words.split('|').collect();
                let mut rest = breaks.as_slice();
                for line in &lines {
                    let fits = (1..=rest.len()).find(|n| rest[..*n].concat() == *line);
                    let n = fits.unwrap_or_else(|| panic!("{lines:?} cuts a word of {words}"));
                    rest = &rest[n..];
                }
            }
        }
    }
}

fn lines_in(page: &reader::Page, cell: &reader::Cell) -> Vec<String> {
    let inside = |g: &&reader::Glyph| {
        let c = g.ink.center();
        (cell.x0..cell.x1).contains(&c.x) && (cell.y0..cell.y1).contains(&c.y)
    };
    let mut lines: Vec<(f64, String)> = Vec::new();
    for glyph in page.glyphs.iter().filter(inside) {
        match lines.last_mut() {
            Some((y, line)) if (*y - glyph.y).abs() < 1.0 => line.push_str(&glyph.text),
            _ => lines.push((glyph.y, glyph.text.clone())),
        }
    }
    lines.into_iter().map(|(_, line)| line).collect()
}

#[test]
fn each_table_stands_below_its_section_title() {
    for path in samples() {
        let text = read(&path);
        let report = report(&text);
        let bytes = pdf_of(&path);
        let pages = reader::pages(&bytes);
        let titles: Vec<String> = report
            .format
            .sections
            .iter()
            .filter(|section| !section.tables.is_empty())
            .map(|section| report.heading(section))
            .collect();
        for ((page, table), title) in tables(&bytes).iter().zip(titles) {
            let top = table.cells[0].y0;
            let lines = pages[*page].lines();
            let above = lines.iter().rfind(|(_, y, _)| *y < top);
            assert_eq!(above.unwrap().2, title, "{}", path.display());
        }
    }
}

#[test]
fn every_label_has_a_scope_and_every_table_a_summary() {
    let document = structure::read(&pdf(&yaml(&[])));
    let tables = document.root.find_all("Table");
    let wanted = form::transcript("2021");
    assert_eq!(tables.len(), wanted.len());
    let format = EDITIONS.named("2021").unwrap();
    for (table, wanted) in tables.iter().zip(&wanted) {
        let summary = table.attributes.get("Summary");
        assert_eq!(summary, Some(&format.tables[&wanted.key].summary));
        let labels = wanted.cells.iter().filter(|cell| cell.label.is_some());
        let heads = table.find_all("TH");
        assert_eq!(heads.len(), labels.clone().count(), "{}", wanted.key);
        assert_eq!(table.find_all("TD").len(), wanted.values);
        for (head, label) in heads.iter().zip(labels) {
            let text = label.label.clone().unwrap();
            assert_eq!(head.text, text);
            let column = wanted.key == "disputes"
                || label.row < 2
                || wanted.key == "requests" && label.row < 3
                || text.starts_with('第')
                || text.starts_with("本年")
                || text == "信息内容";
            let scope = if column { "Column" } else { "Row" };
            assert_eq!(
                head.attributes.get("Scope").map(String::as_str),
                Some(scope),
                "{text}"
            );
        }
    }
}
