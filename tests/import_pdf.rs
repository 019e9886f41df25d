//! PDFs of any program as blocks: tables by their rules, paragraphs by their lines, and what is said of both.

use nianbao::form::{Editions, Language};
use nianbao::import::{
    Block, Document, Flag, Paragraph, Place, Refusal, SourceCell, SourceTable, Wanted, import, read,
};
use nianbao::pdf_reader::PdfFile;

use super::command::{code, nianbao, said};
use super::support::drawn::{Drawn, Spans};
use super::support::sheet::{Sheet, Style, pages};
use super::support::{EDITIONS, numbers, pdf_of, reader, samples};

fn tables(document: &Document) -> Vec<&SourceTable> {
    fn table(block: &Block) -> Option<&SourceTable> {
        match block {
            Block::Table(table) => Some(table),
            _ => None,
        }
    }
    document.blocks.iter().filter_map(table).collect()
}

fn paragraphs(document: &Document) -> Vec<&Paragraph> {
    fn paragraph(block: &Block) -> Option<&Paragraph> {
        match block {
            Block::Paragraph(paragraph) => Some(paragraph),
            _ => None,
        }
    }
    document.blocks.iter().filter_map(paragraph).collect()
}

fn texts(document: &Document) -> Vec<&str> {
    let paragraphs = paragraphs(document).into_iter();
    paragraphs
        .map(|paragraph| paragraph.text.as_str())
        .collect()
}

/// The cells of a table with their spans and their texts.
fn shape(table: &SourceTable) -> Vec<(usize, usize, usize, usize, String)> {
    let shape = |cell: &SourceCell| {
        let text: String = cell.text.split_whitespace().collect();
        (cell.row, cell.column, cell.rowspan, cell.colspan, text)
    };
    table.cells.iter().map(shape).collect()
}

/// The tables of all editions.
fn declared() -> Vec<(String, SourceTable)> {
    let forms = EDITIONS.all().iter();
    let tables = forms.flat_map(|form| {
        let tables = form.tables.iter().filter(|(_, table)| table.list.is_none());
        tables.map(|(key, table)| {
            (
                format!("{} {key}", form.edition),
                Drawn::of(table).written(Spans::Kept),
            )
        })
    });
    tables.collect()
}

/// Asserts that the tables of all editions are read as they were drawn; `style` is asked for each.
fn assert_read(style: impl Fn(&SourceTable) -> Style) {
    for (name, table) in declared() {
        let mut sheet = Sheet::new();
        sheet.table(60.0, &table, &style(&table));
        let document = read(&sheet.bytes()).unwrap();
        let found = tables(&document);
        assert_eq!(found.len(), 1, "{name}");
        assert_eq!(shape(found[0]), shape(&table), "{name}");
    }
}

/// A table of two columns and rows of numbers.
fn small(rows: &[[&str; 3]]) -> SourceTable {
    let cells = rows.iter().enumerate().flat_map(|(row, texts)| {
        texts
            .iter()
            .enumerate()
            .map(move |(column, text)| SourceCell {
                row,
                column,
                rowspan: 1,
                colspan: 1,
                text: (*text).to_owned(),
                ..SourceCell::default()
            })
    });
    SourceTable {
        rows: rows.len(),
        columns: 3,
        cells: cells.collect(),
        place: Place::Whole,
    }
}

fn read_small(rows: &[[&str; 3]], style: &Style) -> SourceTable {
    let mut sheet = Sheet::new();
    sheet.table(100.0, &small(rows), style);
    let document = read(&sheet.bytes()).unwrap();
    tables(&document)[0].clone()
}

fn cell(table: &SourceTable, row: usize, column: usize) -> (&str, &[Flag]) {
    let cell = table.at(row, column).unwrap();
    (&cell.text, &cell.flags)
}

#[test]
fn tables_are_what_their_rules_enclose() {
    assert_read(|_| Style::default());
    assert_read(|_| Style {
        bars: true,
        ..Style::default()
    });
}

#[test]
fn no_cell_of_a_clean_table_is_flagged() {
    for (name, table) in declared() {
        let mut sheet = Sheet::new();
        sheet.table(60.0, &table, &Style::default());
        let document = read(&sheet.bytes()).unwrap();
        let flagged = tables(&document)[0]
            .cells
            .iter()
            .find(|cell| !cell.flags.is_empty());
        assert!(flagged.is_none(), "{name} {flagged:?}");
    }
}

#[test]
fn glyphs_count_by_their_place_and_once() {
    assert_read(|_| Style {
        scrambled: true,
        ..Style::default()
    });
    assert_read(|_| Style {
        doubled: true,
        ..Style::default()
    });
}

#[test]
fn rows_set_aside_are_rows() {
    for by in [-9.0, 4.0, 9.0] {
        assert_read(|table| Style {
            aside: vec![(table.rows - 1, by), (table.rows / 2, by)],
            ..Style::default()
        });
    }
}

#[test]
fn tables_without_rules_at_their_sides_are_read() {
    assert_read(|_| Style {
        sideless: true,
        ..Style::default()
    });
}

#[test]
fn tables_go_on_over_pages() {
    for style in [
        Style::default(),
        Style {
            open: true,
            ..Style::default()
        },
    ] {
        assert_read(|table| Style {
            breaks: vec![table.rows - 1],
            ..style.clone()
        });
        assert_read(|table| Style {
            breaks: (3..table.rows).filter(|row| row % 7 == 0).collect(),
            ..style.clone()
        });
    }
}

#[test]
fn heads_that_are_repeated_are_read_once() {
    let rows = [["名称", "甲", "乙"], ["规章", "1", "2"], ["文件", "3", "4"]];
    let style = Style {
        breaks: vec![2],
        heads: 1,
        ..Style::default()
    };
    assert_eq!(shape(&read_small(&rows, &style)), shape(&small(&rows)));
}

#[test]
fn pages_on_their_side_are_turned() {
    let (name, table) = &declared()[0];
    let mut upright = Sheet::new();
    upright.table(60.0, table, &Style::default());
    for turn in ["/Rotate 90", "/Rotate 180", "/Rotate 270"] {
        let mut sheet = Sheet::new();
        sheet.entries = turn;
        sheet.table(60.0, table, &Style::default());
        let document = read(&sheet.bytes()).unwrap();
        assert_eq!(shape(tables(&document)[0]), shape(table), "{name} {turn}");
    }
    // The content itself lies.
    let content = format!("q 0 1 -1 0 842 0 cm {} Q", upright.pages[0]);
    let document = read(&pages(&[&content], "", &[])).unwrap();
    assert_eq!(shape(tables(&document)[0]), shape(table), "{name}");
}

#[test]
fn a_frame_is_no_table() {
    let rows = [["名称", "甲", "乙"], ["规章", "1", "2"]];
    let mut sheet = Sheet::new();
    sheet.draw("30 30 535 782 re S");
    sheet.text(72.0, 60.0, 12.0, "一、总体情况");
    sheet.table(100.0, &small(&rows), &Style::default());
    let document = read(&sheet.bytes()).unwrap();
    assert_eq!(texts(&document), ["一、总体情况"]);
    assert_eq!(shape(tables(&document)[0]), shape(&small(&rows)));
}

#[test]
fn cells_are_parted_by_their_numbers_where_a_rule_is_missing_and_that_is_said() {
    let rows = [["规章", "1", "2"], ["文件", "3", "4"], ["许可", "5", ""]];
    let style = Style {
        unruled: vec![(0, 2), (1, 1), (2, 2)],
        ..Style::default()
    };
    let table = read_small(&rows, &style);
    assert_eq!(shape(&table), shape(&small(&rows)));
    for (row, column) in [(0, 1), (0, 2), (1, 0), (1, 1), (2, 1), (2, 2)] {
        assert_eq!(
            cell(&table, row, column).1,
            [Flag::Irregular],
            "{row} {column}"
        );
    }
    assert!(cell(&table, 0, 0).1.is_empty());
}

#[test]
fn numbers_of_a_column_that_no_rule_parts_are_not_one() {
    let rows = [["规章", "1", "2"], ["文件", "3", "4"]];
    let style = Style {
        unruled: vec![(0, 2), (1, 2)],
        ..Style::default()
    };
    let table = read_small(&rows, &style);
    assert_eq!(cell(&table, 0, 1), ("1|2", &[Flag::Irregular][..]));
}

#[test]
fn a_number_over_the_edge_of_its_cell_is_whole_and_flagged() {
    let mut sheet = Sheet::new();
    for x in [100.0, 130.0, 160.0] {
        sheet.line(x, 100.0, x, 140.0);
    }
    for y in [100.0, 120.0, 140.0] {
        sheet.line(100.0, y, 160.0, y);
    }
    sheet.text(100.5, 114.0, 10.0, "1234567");
    sheet.text(140.0, 134.0, 10.0, "8");
    let document = read(&sheet.bytes()).unwrap();
    let table = tables(&document)[0];
    assert_eq!(cell(table, 0, 0), ("1234567", &[Flag::Overflowing][..]));
    assert_eq!(cell(table, 0, 1), ("", &[Flag::Overflowing][..]));
    assert_eq!(cell(table, 1, 1), ("8", &[][..]));
}

#[test]
fn a_number_over_two_lines_is_one_and_flagged() {
    let mut sheet = Sheet::new();
    for x in [100.0, 124.0, 160.0] {
        sheet.line(x, 100.0, x, 140.0);
    }
    sheet.line(100.0, 100.0, 160.0, 100.0);
    sheet.line(100.0, 140.0, 160.0, 140.0);
    sheet.text(102.0, 114.0, 10.0, "1361");
    sheet.text(102.0, 128.0, 10.0, "2");
    sheet.text(128.0, 114.0, 10.0, "3");
    sheet.text(128.0, 128.0, 10.0, "4");
    let document = read(&sheet.bytes()).unwrap();
    let table = tables(&document)[0];
    assert_eq!(cell(table, 0, 0), ("13612", &[Flag::Joined][..]));
    assert_eq!(cell(table, 0, 1).0, "3\n4");
}

#[test]
fn pale_grounds_are_no_rules_and_what_is_unseen_is_left_out() {
    let rows = [["名称", "甲", "乙"], ["规章", "1", "2"]];
    let mut sheet = Sheet::new();
    sheet.draw("0.93 0.93 1 rg 72 730 450 1 re f 0 g");
    sheet.draw("1 1 1 rg");
    sheet.text(100.0, 300.0, 12.0, "白色的字");
    sheet.draw("0 g 3 Tr");
    sheet.text(100.0, 320.0, 12.0, "不画的字");
    sheet.draw("0 Tr q 0 0 10 10 re W n");
    sheet.text(100.0, 340.0, 12.0, "剪去的字");
    sheet.draw("Q");
    sheet.table(100.0, &small(&rows), &Style::default());
    let document = read(&sheet.bytes()).unwrap();
    assert_eq!(shape(tables(&document)[0]), shape(&small(&rows)));
    assert!(texts(&document).is_empty());
    let left: Vec<&str> = document
        .left_out
        .iter()
        .map(|left| left.text.as_str())
        .collect();
    assert_eq!(left, ["白色的字\n不画的字\n剪去的字"]);
}

#[test]
fn paragraphs_end_where_their_lines_say() {
    let mut sheet = Sheet::new();
    let full = "全年主动公开政府信息，办理依申请公开事项，各项工作按照";
    sheet.text(170.0, 70.0, 20.0, "某某市科技局二〇二三年");
    sheet.text(180.0, 100.0, 20.0, "信息公开工作年度报告");
    sheet.text(104.0, 140.0, 16.0, &full[..full.len() - 6]);
    sheet.text(72.0, 168.0, 16.0, full);
    sheet.text(72.0, 196.0, 16.0, "规定进行。");
    sheet.text(104.0, 224.0, 16.0, "一、总体情况");
    sheet.text(104.0, 252.0, 16.0, &full[..full.len() - 6]);
    sheet.text(280.0, 800.0, 14.0, "- 1 -");
    sheet.page();
    sheet.text(72.0, 90.0, 16.0, "要求办理2件");
    sheet.text(280.0, 800.0, 14.0, "- 2 -");
    let document = read(&sheet.bytes()).unwrap();
    let short = &full[..full.len() - 6];
    assert_eq!(
        texts(&document),
        [
            "某某市科技局二〇二三年\n信息公开工作年度报告",
            &format!("{short}{full}规定进行。"),
            "一、总体情况",
            &format!("{short}要求办理2件"),
        ]
    );
    assert!(paragraphs(&document)[0].centred);
    assert!(!paragraphs(&document)[1].centred);
}

#[test]
fn what_charts_say_is_no_text() {
    let mut sheet = Sheet::new();
    sheet.text(
        72.0,
        60.0,
        12.0,
        "各年公开的条数如下图，逐年增加，公开的范围扩大。",
    );
    for (at, height) in [40.0, 60.0, 80.0].into_iter().enumerate() {
        let x = 100 + 60 * at;
        sheet.draw(&format!("0.2 0.4 0.8 rg {x} 600 30 {height} re f 0 g"));
        let x = f64::from(u16::try_from(x).unwrap());
        sheet.text(x, 238.0 - height, 9.0, "71");
        sheet.text(x, 252.0, 9.0, "2021");
    }
    sheet.text(72.0, 300.0, 12.0, "图中为全年数。");
    let document = read(&sheet.bytes()).unwrap();
    assert_eq!(
        texts(&document),
        [
            "各年公开的条数如下图，逐年增加，公开的范围扩大。",
            "图中为全年数。"
        ]
    );
    assert!(document.left_out[0].text.contains("2021"));
    assert!(
        document
            .blocks
            .iter()
            .any(|block| matches!(block, Block::Picture(_)))
    );
}

/// A page that a picture covers, with more on it.
fn scan(more: &str) -> Vec<u8> {
    let content = format!("q 595 0 0 842 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID X EI Q {more}");
    pages(&[&content], "", &[])
}

#[test]
fn scans_and_files_with_passwords_are_told_of() {
    let refused = |bytes: &[u8]| match read(bytes) {
        Err(Refusal(sentence)) => sentence,
        Ok(document) => panic!("{document:?}"),
    };
    assert!(refused(&scan("")).contains("扫描件"));
    assert!(refused(&pages(&[""], "", &[])).contains("没有文字"));
    let layer = "BT 3 Tr /F 12 Tf 72 700 Td <603B4F5360C551B54E8C4E09516B4E4D516D4E5D4E03> Tj ET";
    let document = read(&scan(layer)).unwrap();
    assert_eq!(paragraphs(&document)[0].flags, [Flag::Layered]);
    let whole = String::from_utf8(pages(&["BT ET"], "", &[])).unwrap();
    let (o, u) = ("00".repeat(32), "11".repeat(32));
    let lock =
        format!("/Root 1 0 R/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<{o}>/U<{u}>>>/ID[<00><00>]");
    assert!(refused(whole.replace("/Root 1 0 R", &lock).as_bytes()).contains("密码"));
}

#[test]
fn glyphs_stand_where_an_independent_reader_sees_them() {
    for path in samples() {
        let pdf = pdf_of(&path);
        let drawn = PdfFile::open_any(&pdf).unwrap().drawn().unwrap();
        let seen = reader::pages(&pdf);
        assert_eq!(drawn.len(), seen.len());
        for (drawn, seen) in drawn.iter().zip(&seen) {
            let own = drawn.glyphs.iter().filter(|glyph| glyph.turns == Some(0));
            let mut own = own
                .filter(|glyph| !glyph.is_blank())
                .map(|glyph| (glyph.x, glyph.y, &glyph.text));
            for glyph in seen
                .glyphs
                .iter()
                .filter(|glyph| !glyph.text.trim().is_empty())
            {
                let (x, y, text) = own.next().unwrap();
                let near = (x - glyph.x).abs() < 0.05 && (y - glyph.y).abs() < 0.05;
                assert!(
                    near && *text == glyph.text,
                    "{} {x} {y} {text} {glyph:?}",
                    path.display()
                );
            }
            assert_eq!(own.next(), None);
        }
    }
}

/// The answer of an import of a PDF.
fn imported(pdf: &[u8]) -> nianbao::import::Answer {
    let editions = Editions::builtin().unwrap();
    import(pdf, &editions, &Wanted::default(), Language::English).unwrap()
}

#[test]
fn a_pdf_that_carries_its_report_gives_it_if_its_pages_say_the_same() {
    for path in samples() {
        let folder = tempfile::tempdir().unwrap();
        let sample = path.to_str().unwrap();
        let made = nianbao(
            folder.path(),
            &["compile", sample, "a.pdf", "--copy", "archive"],
        );
        assert_eq!(code(&made), 0, "{}", said(&made));
        let pdf = std::fs::read(folder.path().join("a.pdf")).unwrap();
        let answer = imported(&pdf);
        assert_eq!(
            answer.report,
            std::fs::read_to_string(&path).unwrap(),
            "{sample}"
        );
        assert!(answer.findings.is_empty());
    }
}

#[test]
fn a_pdf_whose_pages_differ_from_its_report_is_read_by_its_pages() {
    let path = &samples()[samples().len() - 1];
    let folder = tempfile::tempdir().unwrap();
    let sample = path.to_str().unwrap();
    let made = nianbao(
        folder.path(),
        &["compile", sample, "a.pdf", "--copy", "archive"],
    );
    assert_eq!(code(&made), 0, "{}", said(&made));
    let pdf = folder.path().join("a.pdf");
    let mut document = lopdf::Document::load(&pdf).unwrap();
    let page = document.page_iter().next().unwrap();
    // The text of the first page is gone.
    let content = String::from_utf8_lossy(&document.get_page_content(page)).into_owned();
    let kept = content
        .lines()
        .filter(|line| !line.contains("Tj") && !line.contains("TJ"));
    let cut: String = kept.collect::<Vec<_>>().join("\n");
    document
        .change_page_content(page, cut.into_bytes())
        .unwrap();
    document.save(&pdf).unwrap();
    let answer = imported(&std::fs::read(&pdf).unwrap());
    assert!(
        answer
            .findings
            .iter()
            .any(|found| found.message.contains("按页面读")),
        "{:?}",
        answer.findings
    );
}

#[test]
fn damaged_pdfs_end_without_a_panic() {
    let runs: u64 = std::env::var("NIANBAO_MUTATIONS").map_or(12, |runs| runs.parse().unwrap());
    let (_, table) = &declared()[1];
    let mut sheet = Sheet::new();
    sheet.text(72.0, 40.0, 12.0, "一、总体情况");
    sheet.table(60.0, table, &Style::default());
    for whole in [sheet.bytes(), pdf_of(&samples()[0])] {
        let mut next = numbers();
        for _ in 0..runs {
            let mut bytes = whole.clone();
            for _ in 0..=next(12) {
                let at = next(bytes.len());
                match next(4) {
                    0 => bytes[at] = u8::try_from(next(256)).unwrap(),
                    1 if at > 64 => bytes.truncate(at),
                    2 => bytes[at] = b"0123456789 /<>[]()-."[next(20)],
                    _ => {
                        let to = (at + next(64)).min(bytes.len());
                        bytes.drain(at..to);
                    }
                }
            }
            let _ = read(&bytes);
        }
    }
}
