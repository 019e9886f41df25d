//! The lines of body text, measured on the pages: how far their characters stand apart, where they end, what gives way.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use nianbao::typeset::RenderJob;
use serde_json::Value;

use super::support::reader::{Glyph, pages};
use super::support::{ENGINE, compile_in, read, report, root, samples, structure, updated, yaml};

const MM: f64 = 72.0 / 25.4;
/// The size of body text in points.
const SIZE: f64 = 16.0;
/// One character of 28 on a line, in em.
const PITCH: f64 = 0.9865;
/// The widest that the characters of a justified line may stand apart, in em.
const WIDEST: f64 = 1.12;
/// From which readers of text find blanks between the characters.
const BLANKS: f64 = 1.1;
/// From which a line is listed.
const LISTED: f64 = 1.08;

const CLOSING: &str = "，。、：；？！．”’）》〉』」】〗〕］｝";
const OPENING: &str = "“‘（《〈『「【〖〔［｛";

/// A line on its page.
struct Line {
    text: String,
    glyphs: Vec<Glyph>,
    /// The edges of the type area.
    edges: (f64, f64),
    is_first: bool,
    is_last: bool,
    /// Whether the paragraph is spread to its end.
    justified: bool,
}

impl Line {
    /// How far 汉字 stand apart from those or from digits behind them at most, in em. Before letters and quotation marks they
    /// lack the tracking.
    fn spread(&self) -> Option<f64> {
        let pairs = self.glyphs.windows(2);
        let is_plain = |text: &str| is_hanzi(text) || is_digit(text);
        let apart = pairs.filter(|pair| is_hanzi(&pair[0].text) && is_plain(&pair[1].text));
        apart
            .map(|pair| (pair[1].x - pair[0].x) / SIZE)
            .max_by(f64::total_cmp)
    }

    fn first(&self) -> &Glyph {
        &self.glyphs[0]
    }

    fn last(&self) -> &Glyph {
        self.glyphs.last().unwrap()
    }

    /// Where the ink and the half of it that belongs to a closing mark end.
    fn end(&self) -> f64 {
        let last = self.last();
        match last.text.as_str() {
            text if text.trim().is_empty() => last.x, // a blank takes no room
            text if CLOSING.contains(text) => last.x + last.advance - SIZE / 2.0,
            _ => last.x + last.advance,
        }
    }
}

fn is_hanzi(text: &str) -> bool {
    text.chars().all(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c))
}

fn is_digit(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_digit())
}

/// The texts of body paragraphs as the layout reads them, with the ends of their lines.
fn paragraphs(data: &Value) -> Vec<String> {
    fn set(text: &Value, into: &mut String) {
        match text {
            Value::String(text) => into.push_str(text),
            Value::Array(pieces) => {
                for piece in pieces {
                    set(piece, into);
                }
            }
            Value::Object(piece) => {
                for key in ["early", "late", "marks", "text", "spread", "blank"] {
                    if let Some(text) = piece.get(key) {
                        set(text, into);
                    }
                }
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    let sections = data["sections"].as_array().unwrap();
    let sections = sections
        .iter()
        .flat_map(|section| ["before", "paragraphs", "after"].map(|key| &section[key]));
    for paragraph in [&data["preface"]]
        .into_iter()
        .chain(sections)
        .filter_map(Value::as_array)
        .flatten()
    {
        let mut text = String::new();
        match paragraph["kind"].as_str() {
            Some("run-in") => set(&paragraph["head"], &mut text),
            Some("body") => {}
            _ => continue,
        }
        set(&paragraph["text"], &mut text);
        found.push(text);
    }
    found
}

/// The lines of body text of a report, held to those that were chosen for it.
fn lines(text: &str, folder: &Path) -> Vec<Line> {
    let report = report(text);
    let (figures, _) = nianbao::report::load_figures(&report, folder);
    let files = ENGINE.files(&RenderJob::public(&report, &figures)).unwrap();
    let data: Value = serde_json::from_slice(&files["report.json"]).unwrap();
    let pdf = compile_in(text, folder).to_pdf().unwrap();
    let mut drawn = Vec::new();
    for (i, page) in pages(&pdf).into_iter().enumerate() {
        let left = if i % 2 == 0 { 28.0 } else { 26.0 } * MM;
        let glyphs = page
            .glyphs
            .into_iter()
            .filter(|glyph| (glyph.size - SIZE).abs() < 0.01);
        let glyphs: Vec<Glyph> = glyphs.collect();
        let rows = glyphs.chunk_by(|one, next| (one.y - next.y).abs() < 0.5);
        drawn.extend(rows.map(|row| ((left, left + 156.0 * MM), row.to_vec())));
    }
    let mut drawn = drawn.into_iter();
    let mut found = Vec::new();
    for paragraph in paragraphs(&data) {
        let mut is_first = true;
        for line in paragraph.split_inclusive(['\u{2028}', '\n']) {
            let text = line.trim_end_matches(['\u{2028}', '\n']);
            let written = |glyphs: &[Glyph]| {
                glyphs
                    .iter()
                    .map(|glyph| glyph.text.as_str())
                    .collect::<String>()
            };
            let place = drawn.find(|(_, glyphs)| written(glyphs) == text);
            let (edges, glyphs) = place
                .unwrap_or_else(|| panic!("this line stands on no page as it was chosen: {text}"));
            found.push(Line {
                text: text.to_owned(),
                glyphs,
                edges,
                is_first,
                is_last: text.len() == line.len(),
                justified: line.ends_with('\u{2028}'),
            });
            is_first = false;
        }
    }
    found
}

/// The samples and the file of hard cases, with their names.
fn all() -> Vec<(String, PathBuf)> {
    let hard = root().join("tests/hard/lines.yaml");
    let paths = samples().into_iter().chain([hard]);
    paths
        .map(|path| {
            (
                path.strip_prefix(root()).unwrap().display().to_string(),
                path,
            )
        })
        .collect()
}

/// Holds a line to what all lines keep.
fn check(line: &Line, name: &str) {
    let shown = format!("{name}: {}", line.text);
    let spread = line.spread().unwrap_or(WIDEST);
    assert!(spread < WIDEST + 0.001, "{shown}: {spread:.3}");
    let (left, right) = line.edges;
    let end = line.end();
    assert!(
        end < right + 0.5,
        "{shown}: ends {} behind the edge",
        end - right
    );
    if line.justified {
        let blank = if line.last().text.trim().is_empty() {
            3.0
        } else {
            0.5
        };
        assert!(
            end > right - blank,
            "{shown}: ends {} before the edge",
            right - end
        );
    }
    if !line.is_first {
        let given = if OPENING.contains(&line.first().text) {
            8.0
        } else {
            0.0
        };
        let begin = line.first().x + given - left;
        assert!(begin.abs() < 0.5, "{shown}: begins at {begin}");
    }
    assert!(!CLOSING.contains(&line.first().text), "{shown}");
    assert!(
        line.is_last || !OPENING.contains(&line.last().text),
        "{shown}"
    );
    let mut opened = false; // Typst lets a third opening mark give way by a quarter alone
    for pair in line.glyphs.windows(2) {
        let [one, next] = [&pair[0], &pair[1]].map(|glyph| glyph.text.as_str());
        let closes = CLOSING.contains(one) && (CLOSING.contains(next) || OPENING.contains(next));
        let opens = OPENING.contains(one) && OPENING.contains(next);
        let third = opens && opened;
        opened = opens;
        if closes || opens && !third {
            let apart = (pair[1].x - pair[0].x) / SIZE - (spread - PITCH).max(0.0);
            assert!(apart < 0.53, "{shown}: {one}{next} stand {apart:.3} apart");
        }
    }
}

/// What a line parts, if it is the end of a number.
fn parts(line: &Line, next: &Line) -> bool {
    let (last, first) = (&line.last().text, &next.first().text);
    is_digit(last) && is_hanzi(first)
        || last == "第" && is_digit(first)
        || is_digit(last) && is_digit(first)
}

#[test]
fn lines_are_set_as_a_compositor_sets_them() {
    let mut list = String::from(
        "# The lines of body text in samples and hard cases that are spread wider than 1.08 em, ragged, or part a number from\n\
         # its unit, each with the end of the line before and the beginning of the next. tests/lines.rs writes it.\n",
    );
    let mut count = 0;
    for (name, path) in all() {
        let lines = lines(&read(&path), path.parent().unwrap());
        count += lines.len();
        for (at, line) in lines.iter().enumerate() {
            check(line, &name);
            let next = lines.get(at + 1).filter(|_| !line.is_last);
            let spread = line.spread().unwrap_or_default();
            assert!(
                spread < BLANKS || !name.starts_with("samples/"),
                "{name}: {}: {spread:.3}",
                line.text
            );
            let ragged = !line.is_last && !line.justified;
            let parted = next.is_some_and(|next| parts(line, next));
            if line.is_last && !line.is_first {
                let inked = line
                    .glyphs
                    .iter()
                    .filter(|glyph| !CLOSING.contains(&glyph.text));
                assert!(
                    inked.count() > 1,
                    "{name}: a last line of one character: {}",
                    line.text
                );
            }
            if spread > LISTED || ragged || parted {
                let notes = [(ragged, " ragged"), (parted, " parts a number")];
                let notes: String = notes
                    .into_iter()
                    .filter(|(is, _)| *is)
                    .map(|(_, note)| note)
                    .collect();
                let next = next.map_or("", |next| &next.text);
                let next: String = next.chars().take(6).collect();
                writeln!(list, "{name} {spread:.3}{notes}: {}|{next}", line.text).unwrap();
            }
        }
    }
    assert!(count > 200, "{count} lines");
    updated(&root().join("tests/snapshots/lines.txt"), list.as_bytes());
}

/// The same sentences, moved by one character after the other.
#[test]
fn hard_sentences_are_set_well_wherever_they_fall() {
    for sentence in [
        "#根据《中华人民共和国政府信息公开条例》（国务院令第711号，以下简称《条例》）编制本报告。",
        "#电话：0517-87222589，网址：https://www.example.gov.cn/zwgk/index.html，邮箱：zwgk@example.gov.cn。",
        "#坚持“应公开尽公开”，“公开是常态、不公开是例外”。“两微一端”（“微信”“微博”）：“要闻”。",
        "#2023年1月1日至2023年12月31日，共收到申请34件，办结率99.5%，涉及12345.67万元。",
        "（一）#公开。“两微一端”（微信、微博和手机应用）的“要闻”——含“通知”——共有 1024 条……（详见网站）。",
        "#通过Web of Science和ChinaXiv等平台，采用Open Data Commons许可，发布《Annual Report》AVATAR Types。",
        "#阿·买提、“甲”“乙”、①②③、20℃、30％、A4纸、〔2021〕30号、“（《丙》）”，和/或2019—2023年。",
    ] {
        let shifted = (0..28).map(|n| format!("  {}\n", sentence.replace('#', &"甲".repeat(n))));
        let text = yaml(&[("overview", &format!("|\n{}", shifted.collect::<String>()))]);
        for line in lines(&text, Path::new("")) {
            check(&line, sentence);
        }
    }
}

/// The number of a document stays whole, with the words before it, where lines may end elsewhere.
#[test]
fn numbers_of_documents_stay_whole() {
    let text = "#信息处理费依照《政府信息公开信息处理费管理办法》（国办函〔2020〕109号）计收，与本报告第二部分所列的收费分别统计。";
    // So many characters before it leave other ways without a wide line.
    for count in [26, 52, 53, 54, 78, 79, 80, 81, 82] {
        let text = text.replace('#', &"甲".repeat(count));
        let lines = lines(&yaml(&[("overview", &text)]), Path::new(""));
        assert!(
            lines.iter().all(|line| !line.text.starts_with('〔')),
            "{count}"
        );
    }
}

/// Addresses are links with what they are told by, without the marks behind them, over the ends of lines too.
#[test]
fn addresses_are_links() {
    let path = root().join("tests/hard/lines.yaml");
    let pdf = compile_in(&read(&path), Path::new("")).to_pdf().unwrap();
    let shown: Vec<String> = structure::read(&pdf)
        .root
        .find_all("Link")
        .iter()
        .map(|link| link.whole())
        .collect();
    assert_eq!(shown.len(), 7, "{shown:?}");
    let expected = [
        "https://www.example.gov.cn",
        "zwgk@example.gov.cn",
        "https://www.example.gov.cn/zwgk/xxgkml/zcwj/index.html?id=20230101&page=2",
        "https://www.example.gov.cn/ysqgk/apply-for-government-information/2023/new_application.aspx",
        "https://www.example.gov.cn/a-very-long-address-with-hyphens-in-it/and-another-part-of-the-same-kind/index.html",
        "jiandu-tousu@example.gov.cn",
        "www.example.gov.cn",
    ];
    assert_eq!(shown, expected);
    let file = lopdf::Document::load_mem(&pdf).unwrap();
    let mut targets: Vec<String> = Vec::new();
    for object in file
        .objects
        .values()
        .filter_map(|object| object.as_dict().ok())
    {
        if object.get(b"Subtype").and_then(lopdf::Object::as_name).ok() == Some(b"Link") {
            let action = object
                .get(b"A")
                .and_then(|action| file.dereference(action))
                .unwrap()
                .1
                .as_dict()
                .unwrap();
            let target = action.get(b"URI").and_then(lopdf::Object::as_str).unwrap();
            let told = object
                .get(b"Contents")
                .and_then(lopdf::decode_text_string)
                .unwrap();
            let target = String::from_utf8(target.to_vec()).unwrap();
            assert!(
                told.ends_with(target.trim_start_matches("mailto:")),
                "{told}: {target}"
            );
            targets.push(target);
        }
    }
    let led = expected.map(|shown| match shown {
        shown if shown.contains('@') => format!("mailto:{shown}"),
        shown if shown.starts_with("www") => format!("http://{shown}"),
        shown => shown.to_owned(),
    });
    targets.sort();
    let mut led = led.to_vec();
    led.sort();
    assert_eq!(targets, led);
}
