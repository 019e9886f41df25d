//! The page of GB/T 9704—2012, measured on the pages themselves.

use super::support::reader::{Glyph, Page, pages};
use super::support::{compile, compile_in, ending_with_a_figure, pdf, pdf_of, samples, yaml};

const MM: f64 = 72.0 / 25.4;
const PITCH: f64 = 225.0 * MM / 22.0;
const TOP: f64 = 37.0 * MM;
const BOTTOM: f64 = (297.0 - 35.0) * MM;

/// The left and right edge of the type area on page `i`, counted from 0: the binding edge of
/// 28 mm is at the left of odd pages and at the right of even ones.
fn edges(i: usize) -> (f64, f64) {
    let left = if i.is_multiple_of(2) { 28.0 } else { 26.0 };
    (left * MM, (left + 156.0) * MM)
}

fn prose(characters: usize) -> String {
    let text: String = "某县科技局年度工作报告正文"
        .chars()
        .cycle()
        .take(characters)
        .collect();
    yaml(&[("overview", &format!("|\n  {text}"))])
}

/// The glyphs of body lines: 仿宋 of 16 pt, line by line.
fn body_lines(page: &Page) -> Vec<Vec<&Glyph>> {
    let mut lines: Vec<Vec<&Glyph>> = Vec::new();
    for glyph in page.glyphs.iter().filter(|g| (g.size - 16.0).abs() < 0.01) {
        match lines.last_mut() {
            Some(line) if (line[0].y - glyph.y).abs() < 0.5 => line.push(glyph),
            _ => lines.push(vec![glyph]),
        }
    }
    lines
}

#[test]
fn paper_is_a4_and_text_keeps_to_the_type_area() {
    for path in samples() {
        for (i, page) in pages(&pdf_of(&path)).iter().enumerate() {
            assert!((page.width - 210.0 * MM).abs() < 0.1);
            assert!((page.height - 297.0 * MM).abs() < 0.1);
            let (left, right) = edges(i);
            let inked = page
                .glyphs
                .iter()
                .filter(|g| g.ink.area() > 0.0 && g.y < BOTTOM + 4.0);
            let count = inked.clone().count();
            assert!(
                count > 20,
                "{}: page {i} has {count} glyphs",
                path.display()
            );
            for glyph in inked {
                let ink = glyph.ink;
                assert!(
                    ink.x0 > left - 0.6 && ink.x1 < right + 0.6,
                    "{i}: {glyph:?}"
                );
                assert!(
                    ink.y0 > TOP - 0.6 && ink.y1 < BOTTOM + 0.6,
                    "{i}: {glyph:?}"
                );
            }
        }
    }
}

#[test]
fn a_full_page_has_22_lines_of_28_characters() {
    let pages = pages(&pdf(&prose(28 * 22 * 3)));
    for (i, page) in pages[1..3].iter().enumerate() {
        let (left, right) = edges(i + 1);
        let lines = body_lines(page);
        assert_eq!(lines.len(), 22);
        for (n, line) in lines.iter().enumerate() {
            assert_eq!(line.len(), 28, "line {n}");
            assert!((line[0].x - left).abs() < 0.1);
            let last = line[27];
            assert!(
                (last.x + 16.0 - right).abs() < 0.3,
                "line {n} ends at {}",
                last.x + 16.0
            );
            let from_first = line[0].y - lines[0][0].y;
            assert!(
                (from_first - PITCH * n as f64).abs() < 0.05,
                "line {n} leaves the grid"
            );
        }
    }
}

/// The title takes lines of the grid, and a paragraph may begin on the last line of a page; of more than two lines only the
/// last does not begin one.
#[test]
fn the_first_page_is_filled_as_the_others_are() {
    let first = TOP + 0.88 * 16.0; // the baseline of the first line of the grid
    let (left, _) = edges(0);
    let mut begun = 0;
    for before in 0..3 {
        let short = "某县科技局。\n  ".repeat(before);
        let long = format!("{}\n  ", "某县科技局年度工作报告正文".repeat(6));
        let text = yaml(&[("overview", &format!("|\n  {short}{}", long.repeat(24)))]);
        let pages = pages(&pdf(&text));
        for page in &pages[..2] {
            let lines = body_lines(page);
            let steps: Vec<f64> = lines
                .iter()
                .map(|line| (line[0].y - first) / PITCH)
                .collect();
            let off = steps
                .iter()
                .find(|step| (*step - step.round()).abs() > 0.01);
            assert!(off.is_none(), "{before}: {off:?} lines below the first");
            let last = steps.last().unwrap().round();
            assert!((20.0..=21.0).contains(&last), "{before}: {last}");
        }
        begun += usize::from(body_lines(&pages[0]).last().unwrap()[0].x > left + 16.0);
    }
    assert_eq!(begun, 1, "one of three begins there");
}

#[test]
fn headings_of_both_levels_and_tables_keep_the_grid() {
    let body = "正文内容。".repeat(30);
    let text = yaml(&[(
        "problems",
        &format!("|\n  （一）问题\n  {body}\n  （二）改进。先改。{body}\n  1.其一。\n  {body}"),
    )]);
    let read = pages(&pdf(&text));
    let page = read
        .iter()
        .find(|page| page.text().contains("（一）问题"))
        .unwrap();
    let lines = body_lines(page);
    assert!(lines.len() > 12, "{}", lines.len());
    for line in &lines {
        let steps = (line[0].y - lines[0][0].y) / PITCH;
        let text: String = line.iter().map(|g| g.text.as_str()).collect();
        assert!(
            (steps - steps.round()).abs() < 0.01,
            "{text} leaves the grid: {steps}"
        );
    }
}

#[test]
fn a_note_below_a_table_keeps_the_grid() {
    for length in [20, 72, 113, 195] {
        let body = "正文内容。".repeat(40);
        let text = yaml(&[
            ("notes", &format!("{{disputes: {}}}", "注".repeat(length))),
            ("problems", &format!("|\n  {body}")),
        ]);
        let read = pages(&pdf(&text));
        let page = read
            .iter()
            .find(|page| page.text().contains("复议后起诉"))
            .unwrap();
        let lines = body_lines(page);
        let note = page.glyphs.iter().rposition(|glyph| glyph.text == "注");
        let note = page.glyphs[note.unwrap()].y;
        let below = lines.iter().filter(|line| line[0].y > note).count();
        assert!(below > 2, "{length}: {below} lines below the note");
        for line in &lines {
            let steps = (line[0].y - lines[0][0].y) / PITCH;
            assert!((steps - steps.round()).abs() < 0.01, "{length}: {steps}");
        }
    }
}

#[test]
fn letters_without_a_break_stay_in_the_line() {
    let text = yaml(&[
        (
            "overview",
            &format!("|\n  前{}后\n  甲{}乙", "W".repeat(300), "=".repeat(120)),
        ),
        ("title", &format!("{}年度报告%%", "W".repeat(24))),
    ]);
    let read = pages(&pdf(&text));
    let all: String = read.iter().map(Page::text).collect();
    assert!(all.contains(&"W".repeat(300)), "nothing is added or lost");
    assert!(all.contains(&"=".repeat(120)), "nothing is added or lost");
    let (left, right) = edges(0);
    for glyph in read[0].glyphs.iter().filter(|g| g.ink.area() > 0.0) {
        assert!(
            glyph.ink.x0 > left - 1.0 && glyph.ink.x1 < right + 1.0,
            "{glyph:?}"
        );
    }
}

#[test]
fn paragraphs_begin_two_characters_in() {
    let pages = pages(&pdf(&prose(100)));
    let lines = body_lines(&pages[0]);
    let (left, _) = edges(0);
    let first = lines.iter().find(|line| line[0].text == "某").unwrap();
    assert!((first[0].x - left - 2.0 * 156.0 * MM / 28.0).abs() < 0.1);
}

#[test]
fn page_numbers_stand_at_the_outer_edge_7_mm_below_the_type_area() {
    let pages = pages(&pdf(&prose(28 * 22 * 2)));
    for (i, page) in pages.iter().enumerate() {
        let lines = page.lines();
        let (_, y, text) = lines.last().unwrap();
        assert_eq!(*text, format!("— {} —", i + 1));
        let number: Vec<_> = page
            .glyphs
            .iter()
            .filter(|g| (g.y - y).abs() < 0.5)
            .collect();
        assert!(number.iter().all(|g| (g.size - 14.0).abs() < 0.01));
        let dash = number[0].ink;
        let below = (dash.center().y - BOTTOM) / MM;
        assert!(
            (below - 7.0).abs() < 0.3,
            "the dash is {below} mm below the type area"
        );
        let (left, right) = edges(i);
        let last = number[number.len() - 1];
        let ends = (number[0].x, last.x + last.advance);
        if i % 2 == 0 {
            assert!(
                (right - ends.1 - 14.0).abs() < 0.5,
                "odd pages: right, one character in"
            );
        } else {
            assert!(
                (ends.0 - left - 14.0).abs() < 0.5,
                "even pages: left, one character in"
            );
        }
    }
}

#[test]
fn lines_begin_and_end_as_chinese_rules_want() {
    const NOT_FIRST: &str = "。，、；：？！）》〉”’】〕";
    const NOT_LAST: &str = "（《〈“‘【〔";
    let mixed = "依据《条例》（第711号），“主动公开”——含：政务、财政；完毕……是否？好！".repeat(20);
    let shifted: String = (0..6)
        .map(|n| format!("  {}{mixed}\n", "甲".repeat(n)))
        .collect();
    let text = yaml(&[("overview", &format!("|\n{shifted}"))]);
    for page in &pages(&pdf(&text)) {
        let lines = body_lines(page);
        for line in &lines {
            let (first, last) = (&line[0].text, &line[line.len() - 1].text);
            assert!(
                !NOT_FIRST.contains(first.as_str()),
                "a line begins with {first}"
            );
            assert!(!NOT_LAST.contains(last.as_str()), "a line ends with {last}");
        }
        for pair in lines.windows(2) {
            let (last, first) = (&pair[0][pair[0].len() - 1].text, &pair[1][0].text);
            assert!(!(last == "—" && first == "—"), "—— is split");
            assert!(!(last == "…" && first == "…"), "…… is split");
        }
    }
}

#[test]
fn adjacent_punctuation_is_squeezed() {
    let text = yaml(&[("overview", "|\n  甲，（乙）；《丙》。")]);
    let read = pages(&pdf(&text));
    let line: Vec<Vec<&Glyph>> = body_lines(&read[0]);
    let line = line.iter().find(|line| line[0].text == "甲").unwrap();
    let width = line.last().unwrap().x - line[0].x;
    let full = 15.78 * (line.len() - 1) as f64;
    assert!(width < full - 12.0, "{width} of {full}");
}

#[test]
fn the_signature_stands_as_without_a_seal() {
    // 7.3.5.2: the name ends two characters from the edge, the date begins two behind its first.
    let character = 156.0 * MM / 28.0;
    let signed = |name: &str| {
        let text = yaml(&[
            ("date", "2024-01-22"),
            ("signature", &format!("{{name: {name}}}")),
        ]);
        let read = pages(&pdf(&text));
        let i = read.len() - 1;
        let lines = body_lines(&read[i])
            .into_iter()
            .map(|l| l.into_iter().cloned().collect());
        let lines: Vec<Vec<Glyph>> = lines.collect();
        let [.., body, name, date] = lines.as_slice() else {
            panic!()
        };
        let text: String = date.iter().map(|g| g.text.as_str()).collect();
        assert_eq!(text, "2024年1月22日");
        assert!(
            (name[0].y - body[0].y - 2.0 * PITCH).abs() < 0.1,
            "one empty line above"
        );
        assert!((date[0].y - name[0].y - PITCH).abs() < 0.1);
        let right = edges(i).1;
        let end = |line: &[Glyph]| right - line[line.len() - 1].x - 16.0;
        (
            name[0].x,
            date[0].x,
            end(name) / character,
            end(date) / character,
        )
    };
    let (name, date, from_edge, _) = signed("某某市科学技术局办公室");
    assert!((from_edge - 2.0).abs() < 0.1, "{from_edge}");
    assert!((date - name - 2.0 * character).abs() < 0.5);
    let (name, date, _, from_edge) = signed("某县局");
    assert!(
        (from_edge - 2.0).abs() < 0.1,
        "the longer date takes the edge: {from_edge}"
    );
    assert!((date - name - 2.0 * character).abs() < 0.5);
}

#[test]
fn the_signature_never_stands_alone_on_a_page() {
    for lines in 1..24 {
        let text: String = "正文".chars().cycle().take(28 * lines - 4).collect();
        let text = yaml(&[("date", "2024-01-22"), ("other", &format!("|\n  {text}。"))]);
        let read = pages(&pdf(&text));
        let last = body_lines(read.last().unwrap());
        // Name and date, and of the text no line alone.
        let least = 2 + lines.min(2);
        assert!(last.len() >= least, "{lines} lines: {} with it", last.len());
    }
}

#[test]
fn a_long_signature_stands_below_the_text() {
    for length in [28, 30, 60, 100] {
        let text = yaml(&[
            ("date", "2024-01-22"),
            ("signature", &format!("{{name: {}}}", "局".repeat(length))),
            ("other", &format!("|\n  {}。", "正文".repeat(40))),
        ]);
        let read = pages(&pdf(&text));
        let lines = body_lines(read.last().unwrap());
        let first = lines.iter().position(|line| line[0].text == "局").unwrap();
        let above = lines[first][0].y - lines[first - 1][0].y;
        assert!(above > 1.9 * PITCH, "{length}: {above} above the name");
    }
}

#[test]
fn the_signature_stays_with_a_figure() {
    let folder = tempfile::tempdir().unwrap();
    for lines in 1..22 {
        let text = ending_with_a_figure(lines, folder.path());
        let read = pages(&compile_in(&text, folder.path()).to_pdf().unwrap());
        assert!(
            read.last().unwrap().text().contains("图题"),
            "{lines}: the signature is alone"
        );
    }
}

#[test]
fn no_date_no_signature() {
    let document = compile(&yaml(&[("signature", "{name: 某某局}")]));
    let read = pages(&document.to_pdf().unwrap());
    assert!(!read.last().unwrap().text().contains("某某局"));
}

/// 7.3.5.2: the agencies of a joint report stand one below the other.
#[test]
fn agencies_sign_below_each_other_without_seals() {
    let names = ["某某市科学技术局", "某某市教育局"];
    let text = yaml(&[
        ("date", "2024-01-22"),
        ("signature", &format!("{{name: [{}]}}", names.join(", "))),
    ]);
    let read = pages(&pdf(&text));
    let lines = body_lines(read.last().unwrap());
    let [.., body, first, second, date] = &lines[..] else {
        panic!()
    };
    for (line, name) in [(first, names[0]), (second, names[1])] {
        let text: String = line.iter().map(|g| g.text.as_str()).collect();
        assert_eq!(text, name);
        assert!((line[0].x - first[0].x).abs() < 0.1);
    }
    let character = 156.0 * MM / 28.0;
    assert!((date[0].x - first[0].x - 2.0 * character).abs() < 0.5);
    for (above, below, lines) in [
        (body, first, 2.0),
        (first, second, 1.0),
        (second, date, 1.0),
    ] {
        let between = below[0].y - above[0].y;
        assert!((between - lines * PITCH).abs() < 0.1, "{between}");
    }
}
