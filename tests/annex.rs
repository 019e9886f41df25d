//! An annex (附件) behind the signature: the line of the text that names it (GB/T 9704—2012, 7.3.4), and
//! its own pages, which begin with the word and the title.

use nianbao::proof;
use nianbao::typeset::{Purpose, SealSize};

use super::seal::{CLOSEST, Line, PITCH, close, copy, lines, seals, seals_on, stands_over};
use super::support::reader::{self, Page};
use super::support::{EDITIONS, structure};

const NAMED: &str = "附件：政府信息公开情况统计表";

/// A report with an annex, a date, and so many lines of text.
fn text(lines: usize) -> String {
    let format = EDITIONS.named("2014").unwrap();
    let paragraphs = "      一段。\n".repeat(lines);
    proof::filled(format, |_| "0".to_owned())
        .replace("text: 文字。}]", "text: 文字。}")
        .replace(
            "sections: [{title: 一、标题, text: 文字。}",
            &format!("sections:\n  - title: 一、概述\n    text: |\n{paragraphs}"),
        )
        + "date: 2017-03-20\n"
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
        let pages = reader::pages(&copy(&text(count), &Purpose::Public));
        let (page, lines) = named_on(&pages);
        let at = lines.iter().position(|line| line.text == NAMED).unwrap();
        let [named, name, date] = &lines[at..] else {
            panic!("{count}: the signature is on the page of the text");
        };
        assert!(close(named.left, 2.0 * 156.0 / 28.0), "{count}");
        if let Some(above) = lines[..at].last() {
            assert!(
                close(named.middle - above.middle, 2.0 * PITCH),
                "{count}: one line is empty"
            );
        }
        assert!(close(name.middle - named.middle, 2.0 * PITCH), "{count}");
        assert!(close(date.middle - name.middle, PITCH), "{count}");
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
        let pitch = (date.middle - name.middle).min(PITCH);
        assert!(pitch > CLOSEST - 0.01, "{count}: {pitch}");
    }
}

#[test]
fn print_on_both_sides_ends_with_an_even_page() {
    for count in [3, 12, 25, 40] {
        for duplex in [true, false] {
            let signing = Purpose::Signing {
                seal: SealSize::default(),
                duplex,
            };
            let pages = reader::pages(&copy(&text(count), &signing));
            assert!(
                !duplex || pages.len().is_multiple_of(2),
                "{count}: {}",
                pages.len()
            );
        }
    }
}

#[test]
fn the_annex_is_in_the_outline() {
    let document = structure::read(&copy(&text(3), &Purpose::Public));
    let titles: Vec<&str> = document
        .outline
        .iter()
        .map(|(_, title)| title.as_str())
        .collect();
    assert_eq!(
        titles[titles.len() - 2..],
        ["一、概述", "政府信息公开情况统计表"]
    );
}
