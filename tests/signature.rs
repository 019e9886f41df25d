//! What stands behind the text of a report: the line that names an annex, the signature, the date. Each is a paragraph
//! of its own, and lines of a page stand closer where a few lines would take one more (GB/T 9704—2012, 7.3.5.5).

use nianbao::typeset::{ReportCopy, SealSize};

use super::annex::text as with_annex;
use super::seal::{CLOSEST, Line, PITCH, copy, copy_in, lines, seals};
use super::support::reader::{self, Page};
use super::support::{ending_with_a_figure, structure, yaml};

fn signing() -> ReportCopy {
    ReportCopy::Signing {
        seal: SealSize::default(),
        duplex: false,
    }
}

/// The paragraphs that a reader is told, the last ones.
fn told(pdf: &[u8], count: usize) -> Vec<String> {
    let root = structure::read(pdf).root;
    let told = root.find_all("P");
    for paragraph in &told {
        assert!(
            paragraph.children.iter().all(|child| child.kind != "P"),
            "{paragraph:?}"
        );
    }
    let last = told.iter().rev().take(count).rev();
    last.map(|paragraph| paragraph.text.trim().to_owned())
        .collect()
}

#[test]
fn names_date_and_annex_are_paragraphs() {
    let folder = tempfile::tempdir().unwrap();
    let one = yaml(&[("date", "2024-01-22")]);
    let signature = "{name: [某某市科学技术局, 某某市教育局]}";
    let joint = yaml(&[("date", "2024-01-22"), ("signature", signature)]);
    let figure = ending_with_a_figure(3, folder.path());
    let text = "未收取信息处理费。";
    for (report, signed, expected) in [
        (&one, 1, &[text, "某某市科技局"][..]),
        (&joint, 2, &[text, "某某市科学技术局", "某某市教育局"]),
        (&figure, 1, &["某某市科技局"]),
    ] {
        for purpose in [ReportCopy::Public, signing(), seals("42", signed)] {
            let pdf = copy_in(report, &purpose, folder.path()).to_pdf().unwrap();
            let expected = [expected, &["2024年1月22日"]].concat();
            assert_eq!(told(&pdf, expected.len()), expected);
        }
    }
}

#[test]
fn the_line_that_names_an_annex_is_a_paragraph() {
    for purpose in [ReportCopy::Public, signing(), seals("42", 1)] {
        let root = structure::read(&copy(&with_annex(3), &purpose)).root;
        let told = root.find_all("P");
        let told: Vec<&str> = told.iter().map(|paragraph| paragraph.text.trim()).collect();
        let at = told
            .iter()
            .position(|text| text.starts_with("附件："))
            .unwrap();
        let expected = [
            "一段。",
            "附件：政府信息公开情况统计表",
            "某某市某某局",
            "2017年3月20日",
            "附件",
        ];
        assert_eq!(told[at - 1..at + 4], expected);
    }
}

/// The number of rows of the grid from the first line of a page to the last.
fn rows(lines: &[Line], pitch: f64) -> f64 {
    let (first, last) = (&lines[0], lines.last().unwrap());
    1.0 + ((last.middle - first.middle) / pitch).round()
}

/// Holds the pages of reports of growing length to 7.3.5.5: nothing stands on a page that the page before could take
/// with 25 lines. The number of reports for which lines stand closer.
fn closer(reports: impl Iterator<Item = String>) -> usize {
    let mut closer = 0;
    for (count, report) in reports.enumerate() {
        let pages = reader::pages(&copy(&report, &ReportCopy::Public));
        let annex = pages
            .iter()
            .position(|page| page.text().starts_with("附件"));
        let pages = &pages[..annex.unwrap_or(pages.len())];
        let (last, before) = pages.split_last().unwrap();
        let i = before.len();
        let found = lines(last, i);
        // What stands behind the last table does so at one pitch.
        let text = found.iter().rposition(|line| line.text.starts_with("五、"));
        let text = &found[text.unwrap_or_default()..];
        let pitches: Vec<f64> = text
            .windows(2)
            .map(|pair| pair[1].middle - pair[0].middle)
            .collect();
        let pitch = pitches.iter().copied().fold(PITCH, f64::min);
        assert!(pitch > CLOSEST - 0.01, "{count}: {pitch}");
        for between in &pitches {
            let lines = between / pitch;
            assert!(
                (lines - lines.round()).abs() < 0.02,
                "{count}: {between} among {pitch}"
            );
        }
        assert!(text.last().unwrap().bottom() < 225.1, "{count}");
        if pitch < PITCH - 0.01 {
            // The page is full, so it was needed.
            let left = 225.0 - text.last().unwrap().bottom();
            assert!(left < 0.2 * PITCH, "{count}: {left}");
            closer += 1;
        }
        let Some(before) = before.last() else {
            continue;
        };
        // The title does not stand closer, nor does what is above a table.
        let is_text = |page: &Page| page.tables().is_empty() && *page != pages[0];
        let above = lines(before, i - 1);
        for pair in above.windows(2) {
            let lines = (pair[1].middle - pair[0].middle) / PITCH;
            assert!(
                !is_text(before) || (lines - lines.round()).abs() < 0.02,
                "{count}"
            );
        }
        let fits = rows(&above, PITCH) + rows(&found, pitch) <= 25.0;
        assert!(
            !is_text(before) || !is_text(last) || !fits,
            "{count}: a page too many"
        );
    }
    closer
}

#[test]
fn no_page_is_begun_for_a_line_too_few() {
    // Paragraphs of a line each, and one that grows.
    for date in [Some("2024-01-22"), None] {
        for long in [false, true] {
            let report = |count: usize| {
                let date = date.map(|date| ("date", date));
                let other = if long {
                    format!("|\n  {}。", "正文".repeat(14 * count - 2))
                } else {
                    format!("|\n{}", "  一段。\n".repeat(count))
                };
                let fields: Vec<_> = [("other", other.as_str())]
                    .into_iter()
                    .chain(date)
                    .collect();
                yaml(&fields)
            };
            let closer = closer((1..48).map(report));
            assert!((2..8).contains(&closer), "{date:?}, {long}: {closer}");
        }
    }
    let closer = closer((1..48).map(with_annex));
    assert!((2..8).contains(&closer), "{closer}");
}

/// Tables and figures keep their height on a page whose lines stand closer.
#[test]
fn a_table_stands_as_it_does_elsewhere() {
    let height = |count: usize| {
        let lines_below = "  一段。\n".repeat(count);
        let other = format!("|\n  | 栏目 | 数量 |\n  | 甲 | 一 |\n{lines_below}");
        let report = yaml(&[("date", "2024-01-22"), ("other", &other)]);
        let pages = reader::pages(&copy(&report, &ReportCopy::Public));
        let i = pages.len() - 1;
        let found = lines(&pages[i], i);
        let closest = found.windows(2).map(|pair| pair[1].middle - pair[0].middle);
        let mut tables = pages.iter().flat_map(Page::tables);
        let table = tables.find(|table| table.columns == 2).unwrap();
        let (first, last) = (&table.cells[0], table.cells.last().unwrap());
        (closest.fold(PITCH, f64::min), last.y1 - first.y0)
    };
    let all: Vec<(f64, f64)> = (8..20).map(height).collect();
    assert!(
        all.iter().any(|(pitch, _)| *pitch < PITCH - 0.01),
        "{all:?}"
    );
    assert!(
        all.iter()
            .all(|(_, height)| (height - all[0].1).abs() < 0.01),
        "{all:?}"
    );
}
