//! An annex (附件) behind the signature: the line of the text that names it (GB/T 9704—2012, 7.3.4), and
//! its own pages, which begin with the word and the title.

use nianbao::authoring::RawCell;
use nianbao::edition_check;
use nianbao::typeset::{ReportCopy, SealSize};

use super::seal::{CLOSEST, Line, PITCH, close, copy, lines, seals, seals_on, stands_over};
use super::support::reader::{self, Page};
use super::support::{EDITIONS, structure};

const NAMED: &str = "附件：政府信息公开情况统计表";

/// A report with an annex, a date, and so many lines of text.
pub fn text(lines: usize) -> String {
    let form = EDITIONS.named("2014").unwrap();
    let paragraphs = "      一段。\n".repeat(lines);
    edition_check::filled(form, |_| RawCell::new("0")).replace(
        "  - title: 一、标题\n    text: |\n      文字。\n",
        &format!("  - title: 一、概述\n    text: |\n{paragraphs}"),
    ) + "date: 2017-03-20\n"
}

/// The page that names the annex, and its lines.
fn named_on(pages: &[Page]) -> (usize, Vec<Line>) {
    let found = pages
        .iter()
        .enumerate()
        .map(|(i, page)| (i, lines(page, i)));
    let mut found = found.filter(|(_, lines)| lines.iter().any(|line| line.text == NAMED));
    let first = found.next().expect("the annex is named");
    assert!(found.next().is_none(), "once");
    first
}

#[test]
fn the_text_names_its_annex_above_the_signature() {
    for count in 1..=45 {
        let pages = reader::pages(&copy(&text(count), &ReportCopy::Public));
        let (page, lines) = named_on(&pages);
        let at = lines.iter().position(|line| line.text == NAMED).unwrap();
        let [named, name, date] = &lines[at..] else {
            panic!("{count}: the signature is on the page of the text");
        };
        assert!(close(named.left, 2.0 * 156.0 / 28.0), "{count}");
        let above = lines[..at].last().expect("text above them");
        let pitch = date.middle - name.middle;
        assert!((CLOSEST..PITCH + 0.1).contains(&pitch), "{count}: {pitch}");
        let between = named.middle - above.middle;
        assert!(close(between, 2.0 * pitch), "{count}: one line is empty");
        assert!(close(name.middle - named.middle, 2.0 * pitch), "{count}");
        // The annex begins on the next page: the word on the first line, the title on the third.
        let next = &super::seal::lines(&pages[page + 1], page + 1);
        assert_eq!(next[0].text, "附件");
        assert!(
            close(next[0].left, 0.0) && close(next[0].middle, 8.0 * 25.4 / 72.0),
            "{count}"
        );
        let title = pages[page + 1]
            .lines()
            .into_iter()
            .find(|(_, _, line)| line == "政府信息公开情况统计表");
        let (_, baseline, _) = title.expect("the title of the annex");
        let row = (baseline * 25.4 / 72.0 - 37.0) / PITCH;
        assert!((2.0..3.0).contains(&row), "{count}: {row}");
    }
}

#[test]
fn a_seal_stands_below_the_line_that_names_an_annex() {
    let mut closer = 0;
    for count in 1..=45 {
        let pages = reader::pages(&copy(&text(count), &seals("42", 1)));
        let (page, lines) = named_on(&pages);
        let [seal] = seals_on(&pages[page], page)[..] else {
            panic!("{count}: one seal")
        };
        let at = lines.iter().position(|line| line.text == NAMED).unwrap();
        let [named, name, date] = &lines[at..] else {
            panic!("{count}: the signature is on the page of the text");
        };
        stands_over(seal, name, Some(date), 42.0);
        let between = seal.y0 - named.bottom();
        assert!((-0.1..PITCH).contains(&between), "{count}: {between}");
        // Lines stand closer from the first of the last page to the date, and on no other page.
        let pitch = date.middle - name.middle;
        assert!(
            pitch > CLOSEST - 0.01 && pitch < PITCH + 0.01,
            "{count}: {pitch}"
        );
        closer += usize::from(pitch < PITCH - 0.05);
        for pair in lines.windows(2) {
            let lines = (pair[1].middle - pair[0].middle) / pitch;
            assert!((lines - lines.round()).abs() < 0.02, "{count}: {lines}");
        }
        for (i, page) in pages[..page].iter().enumerate() {
            for pair in super::seal::lines(page, i).windows(2) {
                let lines = (pair[1].middle - pair[0].middle) / PITCH;
                assert!((lines - lines.round()).abs() < 0.02, "{count}: {lines}");
            }
        }
    }
    assert!(closer > 1, "{closer}");
}

/// A long name goes on below its first character.
#[test]
fn a_long_name_of_an_annex_is_aligned() {
    let name = "某某市人民政府办公室及所属各部门政府信息公开情况统计表（汇总）".to_owned();
    let text = text(3) + &format!("headings: {{statistics: {name}}}\n");
    for purpose in [ReportCopy::Public, seals("42", 1)] {
        let pages = reader::pages(&copy(&text, &purpose));
        let lines = lines(&pages[0], 0);
        let at = lines
            .iter()
            .position(|line| line.text.starts_with("附件："))
            .unwrap();
        let [first, second] = &lines[at..at + 2] else {
            panic!()
        };
        assert_eq!(
            format!("{}{}", first.text, second.text),
            format!("附件：{name}")
        );
        assert!(close(second.left, 5.0 * 156.0 / 28.0), "{}", second.left);
        assert!(close(second.middle - first.middle, PITCH));
    }
}

#[test]
fn print_on_both_sides_ends_with_an_even_page() {
    let remark = "{value: 1, note: 本年度统计口径有所调整的说明文字本年度统计口径有所调整}";
    let mut odd = 0;
    for count in [3, 20, 40] {
        // An annex of two pages and one of three.
        for rows in [0, 30] {
            let mut left = rows;
            let text = text(count).lines().fold(String::new(), |text, line| {
                let value = line
                    .strip_suffix(": 0")
                    .filter(|line| line.starts_with("  ") && left > 0);
                left -= usize::from(value.is_some());
                let line = value.map_or(line.to_owned(), |key| format!("{key}: {remark}"));
                text + &line + "\n"
            });
            let pages = |duplex| {
                let seal = SealSize::default();
                reader::pages(&copy(&text, &ReportCopy::Signing { seal, duplex })).len()
            };
            // The sheet and its back; without them, the report.
            let report = pages(false) - 1;
            assert_eq!(
                pages(true),
                2 + report.next_multiple_of(2),
                "{count}, {rows}"
            );
            odd += report % 2;
        }
    }
    assert!((1..6).contains(&odd), "{odd}");
}

#[test]
fn the_annex_is_in_the_outline() {
    let document = structure::read(&copy(&text(3), &ReportCopy::Public));
    let outline = document.outline.iter();
    let titles: Vec<&str> = outline.map(|(_, title)| title.as_str()).collect();
    let last = ["一、概述", "附件 政府信息公开情况统计表"];
    assert_eq!(titles[titles.len() - 2..], last);
    // The word is a paragraph of its own.
    let paragraphs = document.root.find_all("P");
    assert!(paragraphs.iter().any(|paragraph| paragraph.text == "附件"));
}
