//! The mandated tables: what the form declares, and what the page shows, cell by cell.

use super::support::{
    EDITIONS, form, pdf, pdf_of, read, reader, report, root, samples, structure, tables, yaml,
};
use nianbao::authoring::RawCell;
use nianbao::edition_check;
use nianbao::form::{
    CellContent, CellKind, Column, Editions, GridCell, Table, TableGrid, Transcript,
    TranscriptCell, TranscriptTable,
};
use nianbao::layouts::Layouts;
use nianbao::report::Report;

/// The lower edge of the type area in pt: the page less 35 mm.
const BOTTOM: f64 = (297.0 - 35.0) * 72.0 / 25.4;

#[test]
fn every_declaration_is_as_its_transcript() {
    for (form, transcript) in form::editions() {
        let differences = transcript.differences(form);
        assert!(differences.is_empty(), "{}: {differences:?}", form.edition);
    }
}

/// Cell by cell: place, spans and words of labels, and the values in the order of lines and columns.
#[test]
fn every_grid_is_as_its_transcript() {
    for (form, transcript) in form::editions() {
        for wanted in &transcript.tables {
            let table = &form.tables[&wanted.key];
            let grid = table.grid();
            let name = format!("{} {}", form.edition, wanted.key);
            let size = (grid.rows.len(), grid.columns);
            assert_eq!(size, (wanted.rows, wanted.columns), "{name}");
            assert_eq!(grid.cells().count(), wanted.cells.len(), "{name}");
            for (cell, wanted) in grid.cells().zip(&wanted.cells) {
                assert_eq!(cell.outline(), wanted.outline(), "{name}");
            }
            let values = grid.cells().filter_map(|cell| match cell.content {
                CellContent::Value { line, column } => Some((line, column)),
                CellContent::Label { .. } => None,
            });
            let lines = table.lines().iter().enumerate();
            let all = lines.flat_map(|(i, line)| (0..line.columns.len()).map(move |j| (i, j)));
            assert!(values.eq(all), "{name}");
        }
    }
}

/// Every place of a grid is in exactly one cell, and rows of the head hold labels alone.
#[test]
fn grids_have_no_gaps() {
    for form in EDITIONS.all() {
        for (key, table) in &form.tables {
            let grid = table.grid();
            let mut taken = vec![vec![0; grid.columns]; grid.rows.len()];
            for cell in grid.cells() {
                for row in &mut taken[cell.y..cell.y + cell.rowspan] {
                    for place in &mut row[cell.x..cell.x + cell.colspan] {
                        *place += 1;
                    }
                }
            }
            assert!(taken.iter().flatten().all(|count| *count == 1), "{key}");
            let heads = |row: &Vec<GridCell>| row.iter().all(|cell| cell.label().is_some());
            assert!(
                grid.head > 0 && grid.rows[..grid.head].iter().all(heads),
                "{key}"
            );
        }
    }
}

/// The columns of blocks divide the width behind their labels by their shares: the second value of a block of
/// two spans two columns of the four. Without shares three columns above two make five places, of which the
/// middle third is halved.
#[test]
fn blocks_divide_the_width_behind_their_labels() {
    let spans = |grid: &TableGrid, cells: usize| -> Vec<(usize, usize)> {
        let mut rows = grid.rows.iter().skip(1);
        let row = rows.find(|row| row.len() == cells).unwrap();
        row.iter().map(|cell| (cell.x, cell.colspan)).collect()
    };
    let grid = EDITIONS.named("2019").unwrap().tables["proactive"].grid();
    assert_eq!((grid.columns, grid.head), (4, 2));
    assert_eq!(spans(grid, 1), [(0, 4)]);
    assert_eq!(spans(grid, 4), [(0, 1), (1, 1), (2, 1), (3, 1)]);
    assert_eq!(spans(grid, 3), [(0, 1), (1, 1), (2, 2)]);
    let text = read(&root().join("layouts/2019/format.yaml"));
    let folder = tempfile::tempdir().unwrap();
    let equal = text.replace("span: 2, ", "").replace("span: 2\n", "\n");
    std::fs::write(folder.path().join("format.yaml"), equal).unwrap();
    let layouts = Layouts::builtin().with("2019", folder.path()).unwrap();
    let equal = Editions::read(layouts).unwrap();
    let grid = equal.named("2019").unwrap().tables["proactive"].grid();
    assert_eq!((grid.columns, grid.head), (5, 2));
    assert_eq!(spans(grid, 1), [(0, 5)]);
    assert_eq!(spans(grid, 4), [(0, 1), (1, 1), (2, 2), (4, 1)]);
    assert_eq!(spans(grid, 3), [(0, 1), (1, 2), (3, 2)]);
}

/// Table two of 2019 has the columns of the annex of its decree, 135.7 : 100 : 82.5 : 101.85.
#[test]
fn columns_have_the_proportions_of_the_annex() {
    let pdf = pdf_of(&root().join("samples/example-science-bureau/2020.yaml"));
    let (_, table) = &tables(&pdf)[0];
    assert_eq!((table.rows, table.columns), (18, 4));
    let annex = [135.7, 100.0, 82.5, 101.85];
    for (column, wanted) in annex.into_iter().enumerate() {
        let cell = table.cell(1, column).unwrap();
        let wanted = wanted / annex.iter().sum::<f64>() * 156.0;
        let drawn = (cell.x1 - cell.x0) / 72.0 * 25.4;
        assert!(
            (drawn - wanted).abs() < 0.05,
            "{column}: {drawn} mm, not {wanted}"
        );
    }
}

#[test]
fn every_edition_has_as_many_values_as_its_form() {
    for (edition, wanted) in [
        ("free", &[][..]),
        ("2014", &[("statistics", 58)]),
        (
            "2019",
            &[("proactive", 22), ("requests", 161), ("disputes", 15)],
        ),
        (
            "2021",
            &[("proactive", 10), ("requests", 175), ("disputes", 15)],
        ),
        (
            "2021-2019",
            &[("proactive", 10), ("requests", 161), ("disputes", 15)],
        ),
    ] {
        let form = EDITIONS.named(edition).unwrap();
        let cells = |key: &str| -> usize {
            let lines = form.tables[key].lines().iter();
            lines.map(|line| line.columns.len()).sum()
        };
        let sections = form.sections.iter().flat_map(|section| &section.tables);
        let found: Vec<_> = sections.map(|key| (key.as_str(), cells(key))).collect();
        assert_eq!(found, wanted, "{edition}");
    }
}

/// What another declaration has otherwise is told.
#[test]
fn a_transcript_tells_every_difference() {
    let text = read(&root().join("tests/forms/2019.txt"));
    let form = EDITIONS.named("2019").unwrap();
    for (right, wrong, told) in [
        ("= 一、总体情况", "= 一、总体", "标题"),
        (
            "规范性文件 |",
            "行政规范性文件 |",
            "格式中没有“行政规范性文件”",
        ),
        ("规范性文件 |", "行政规范性文件 |", "“规范性文件”不在誊录中"),
        (
            "政府集中采购 | # | # [1×2]",
            "政府集中采购 | # [1×3]",
            "21 个",
        ),
        ("# | # [1×2]", "# | #", "应占 72"),
        ("== disputes", "== other", "表 disputes 没有誊录"),
        ("== disputes", "== other", "other 没有声明"),
    ] {
        assert!(text.contains(right), "{right}");
        let transcript = Transcript::parse(&text.replace(right, wrong)).unwrap();
        let found = transcript.differences(form);
        let told = found.iter().find(|(_, message)| message.contains(told));
        let told = told.unwrap_or_else(|| panic!("{wrong}: {found:?}"));
        assert_eq!(told.0.is_some(), told.1.contains("格式中没有"), "{told:?}");
    }
    for (wrong, line) in [
        ("标签 | #", 1),
        ("== requests 28", 1),
        ("= 一\n== a 1×1, 1 values\n甲 [2]", 3),
    ] {
        assert_eq!(Transcript::parse(wrong).unwrap_err().0, Some(line));
    }
}

/// The tables that a PDF shows, each in one piece: a list goes on over pages with its head on each.
fn whole_tables(pdf: &[u8], wanted: &[TranscriptTable]) -> Vec<(usize, reader::Table)> {
    let mut shown = tables(pdf).into_iter();
    let mut found: Vec<(usize, reader::Table)> = Vec::new();
    for table in wanted {
        let (page, mut whole) = shown.next().expect("each table is there");
        while whole.rows < table.rows {
            let (next, more) = shown.next().expect("the rest of a list");
            let heads = |table: &reader::Table| -> Vec<String> {
                let head = table.cells.iter().filter(|cell| cell.row == 0);
                head.map(|cell| cell.text.clone()).collect()
            };
            assert_eq!(heads(&more), heads(&whole), "page {next} has no head");
            let first = whole.rows - 1;
            let cells = more.cells.into_iter().filter(|cell| cell.row > 0);
            whole.cells.extend(cells.map(|cell| reader::Cell {
                row: first + cell.row,
                ..cell
            }));
            whole.rows = first + more.rows;
        }
        found.push((page, whole));
    }
    assert!(shown.next().is_none(), "no other tables");
    found
}

/// Compares what a PDF shows with the transcript and the report.
fn assert_tables(pdf: &[u8], report: &Report) {
    let wanted = form::transcript(&report.form.edition).tables;
    let shown = whole_tables(pdf, &wanted);
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
fn every_edition_shows_each_value_at_its_place() {
    for form in EDITIONS.all() {
        let text = edition_check::numbered(form);
        assert_tables(&pdf(&text), &report(&text));
        let large = |column: &Column| match column.measure.kind {
            CellKind::Count => RawCell::new("11398889"),
            CellKind::Amount => RawCell::new("59237.2449").noted("含上年"),
            CellKind::AmountWithUnit => RawCell::new("1234567890.12万元").noted("含上年结转的采购"),
            CellKind::Change => RawCell::new("-11398889"),
        };
        let text = edition_check::filled(form, large);
        assert_tables(&pdf(&text), &report(&text));
        let blank = edition_check::filled(form, |_| RawCell::new(""));
        assert_tables(&pdf(&blank), &report(&blank));
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
            .chapters()
            .filter(|chapter| !chapter.section.tables.is_empty())
            .map(|chapter| report.heading(&chapter))
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
    for (form, transcript) in form::editions() {
        let document = structure::read(&pdf(&edition_check::numbered(form)));
        let tables = document.root.find_all("Table");
        let wanted = transcript.tables;
        assert_eq!(tables.len(), wanted.len(), "{}", form.edition);
        for (table, wanted) in tables.iter().zip(&wanted) {
            let summary = table.attributes.get("Summary");
            let declared = &form.tables[&wanted.key];
            assert_eq!(summary, Some(&declared.summary));
            let labels = wanted.cells.iter().filter(|cell| cell.label.is_some());
            let heads = table.find_all("TH");
            assert_eq!(heads.len(), labels.clone().count(), "{}", wanted.key);
            assert_eq!(table.find_all("TD").len(), wanted.values);
            for (head, cell) in heads.iter().zip(labels) {
                let text = cell.label.clone().unwrap();
                assert_eq!(head.text, text);
                let scope = head.attributes.get("Scope").map(String::as_str);
                assert_eq!(scope, Some(scope_of(cell, wanted, declared)), "{text}");
            }
        }
    }
}

/// What a label of a form heads, by where it stands.
fn scope_of(cell: &TranscriptCell, table: &TranscriptTable, declared: &Table) -> &'static str {
    let text = cell.label.as_deref().unwrap_or_default();
    let row: Vec<_> = table.cells.iter().filter(|c| c.row == cell.row).collect();
    let first = row
        .first()
        .is_some_and(|c| c.line == cell.line && c.label == cell.label);
    let has_value = row.iter().any(|c| c.label.is_none());
    let in_list = declared.list.as_ref().filter(|_| cell.row > 0);
    match in_list {
        Some(list) if first && text != list.none => "Both",
        None if !has_value => "Column",
        _ => "Row",
    }
}

/// A label that only groups is never the last on a page, and the head is on every page.
#[test]
fn a_list_breaks_behind_a_value() {
    let form = EDITIONS.named("2014").unwrap();
    let groups = ["一、", "二、回应", "三、依", "八、", "九、", "（二）通过"];
    let mut pages = 0;
    for lines in 0..36 {
        let more = format!(
            "notes: {{statistics: {}}}\nheadings: {{statistics: {}}}\n",
            "注".repeat(300),
            "题".repeat(1 + lines % 60)
        );
        let mut line = 0;
        let value = |_: &Column| {
            line += 1;
            // Remarks make some rows higher, so that pages end elsewhere.
            if line <= lines {
                RawCell::new("1").noted("本年度统计口径有所调整的说明文字")
            } else {
                RawCell::new("1")
            }
        };
        let text = edition_check::filled(form, value) + &more;
        let bytes = pdf(&text);
        for (page, table) in tables(&bytes) {
            pages += 1;
            let last = table
                .cells
                .iter()
                .rfind(|cell| !cell.text.is_empty())
                .unwrap();
            let row: Vec<_> = table
                .cells
                .iter()
                .filter(|cell| cell.row == last.row)
                .collect();
            assert!(
                !groups.iter().any(|group| row[0].text.starts_with(group)),
                "{lines}, page {page}"
            );
            assert_eq!(table.cells[0].text, "统计指标");
            assert!(last.y1 < BOTTOM + 1.0);
        }
    }
    assert!(pages > 72, "{pages}");
}
