//! PDFs as report files: our own pages read back by their rules and glyphs, and what other programs do to pages.

use std::path::Path;

use nianbao::form::{Body, Language};
use nianbao::import::{
    Answer, Block, Document, Flag, Refusal, SourceTable, Wanted, read, recognise,
};
use nianbao::report;
use nianbao::source::Source;
use serde_json::Value;

use super::import::pieces;
use super::support::office::as_html;
use super::support::{EDITIONS, pdf, pdf_of, report as bound, samples};

/// What a report says that its pages show: no waivers.
fn shown(text: &str) -> Value {
    let source = Source::from_bytes(Path::new("a.yaml"), text.as_bytes().to_vec());
    let report = report::bind(&source, &EDITIONS).value.expect(text);
    let canonical = report.canonical(&[]).unwrap();
    let mut canonical: Value = serde_json::from_slice(&canonical).unwrap();
    canonical["waivers"].take();
    // The lines of a title are not to be told from those of its width.
    canonical["title_lines"].take();
    canonical
}

fn imported(pdf: &[u8]) -> Answer {
    let document = read(pdf).unwrap();
    let found = recognise(&document, &EDITIONS, &Wanted::default()).unwrap();
    Answer::new(&found, Language::English)
}

#[test]
fn the_pages_of_samples_say_what_their_reports_say() {
    for path in samples() {
        let text = super::support::read(&path);
        if text.contains("![") {
            // The words in a drawing are said to be no sure text.
            let answer = imported(&pdf_of(&path));
            let small = answer
                .findings
                .iter()
                .any(|found| found.message.contains("图里的文字"));
            assert!(small, "{:?}", answer.findings);
            continue;
        }
        let answer = imported(&pdf_of(&path));
        assert_eq!(
            answer.counts.unknown,
            0,
            "{}: {:?}",
            path.display(),
            answer.findings
        );
        let (mut wanted, mut found) = (shown(&text), shown(&answer.report));
        // Without a date nobody signs.
        for report in [&mut wanted, &mut found] {
            if report["date"].is_null() {
                report["signatory"].take();
            }
        }
        assert_eq!(found, wanted, "{}\n{}", path.display(), answer.report);
    }
}

#[test]
fn every_value_of_every_edition_is_read_from_its_pages() {
    let worded = |body: Body| body != Body::Titled;
    for form in EDITIONS.all() {
        if !form.sections.iter().all(|section| worded(section.body)) || form.years.is_none() {
            continue;
        }
        // Made up as a page, with values that the form can have.
        let page = as_html(&pieces(form)).into_bytes();
        let wanted = Wanted {
            edition: Some(form.edition.clone()),
            ..Wanted::default()
        };
        let mut made = recognise(&read(&page).unwrap(), &EDITIONS, &wanted).unwrap();
        for cell in made
            .report
            .tables
            .values_mut()
            .flatten()
            .flatten()
            .flatten()
            .flatten()
        {
            if cell.value == "?" {
                cell.value = "0".to_owned();
            }
        }
        if form.years.is_some_and(|years| !years.contains(2023)) {
            made.report
                .fields
                .insert("format".to_owned(), form.edition.clone());
        }
        let text = made.report.to_yaml(form, Language::English).text;
        let bytes = pdf(&text);
        bound(&text);
        let document = read(&bytes).unwrap();
        let found = recognise(&document, &EDITIONS, &wanted).unwrap();
        assert_eq!(found.report.tables, made.report.tables, "{}", form.edition);
        assert_eq!(
            found.report.sections, made.report.sections,
            "{}",
            form.edition
        );
        assert_eq!(found.report.notes, made.report.notes, "{}", form.edition);
    }
}

/// A PDF of one page with a content; its font has the characters of codes by one byte, each half a size wide.
fn page(content: &str) -> Vec<u8> {
    let codes = "政务公开本年新收其他一二三四";
    let map: String = codes
        .chars()
        .zip(0x80..)
        .map(|(c, code): (char, u32)| format!("<{code:02X}> <{:04X}>\n", u32::from(c)))
        .collect();
    let plain: String = (0x20..0x7F)
        .map(|code| format!("<{code:02X}> <{code:04X}>\n"))
        .collect();
    let count = codes.chars().count() + 0x5F;
    let map = format!(
        "begincmap\n1 begincodespacerange\n<00> <FF>\nendcodespacerange\n{count} beginbfchar\n{map}{plain}endbfchar\nendcmap"
    );
    let widths = "500 ".repeat(224);
    let stream = |text: &str| format!("<< /Length {} >>\nstream\n{text}\nendstream", text.len());
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 400] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>".to_owned(),
        stream(content),
        format!("<< /Type /Font /Subtype /TrueType /BaseFont /A /FirstChar 32 /LastChar 255 /Widths [{widths}] /ToUnicode 6 0 R >>"),
        stream(&map),
    ];
    let mut file = "%PDF-1.7\n".to_owned();
    let mut places = Vec::new();
    for (at, object) in objects.iter().enumerate() {
        places.push(file.len());
        file.push_str(&format!("{} 0 obj\n{object}\nendobj\n", at + 1));
    }
    let start = file.len();
    file.push_str(&format!(
        "xref\n0 {}\n0000000000 65535 f \n",
        objects.len() + 1
    ));
    for place in places {
        file.push_str(&format!("{place:010} 00000 n \n"));
    }
    file.push_str(&format!(
        "trailer << /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF",
        objects.len() + 1
    ));
    file.into_bytes()
}

/// Words at a place.
fn at(x: f64, y: f64, text: &str) -> String {
    format!("BT /F 10 Tf {x} {y} Td ({text}) Tj ET\n")
}

fn table(document: &Document) -> &SourceTable {
    let mut blocks = document.blocks.iter();
    let table = blocks.find_map(|block| match block {
        Block::Table(table) => Some(table),
        _ => None,
    });
    table.expect("a table")
}

fn cells(document: &Document) -> Vec<String> {
    let cells = table(document).cells.iter();
    let cells = cells.map(|c| {
        format!(
            "{},{} {}x{} {}",
            c.row, c.column, c.rowspan, c.colspan, c.text
        )
    });
    cells.collect()
}

/// The rules of two rows and three columns, the first cell two rows high.
const RULES: [[u32; 4]; 7] = [
    [50, 300, 200, 300],
    [100, 250, 200, 250],
    [50, 200, 200, 200],
    [50, 200, 50, 300],
    [100, 200, 100, 300],
    [150, 200, 150, 300],
    [200, 200, 200, 300],
];

fn words() -> String {
    [
        at(60.0, 245.0, "A"),
        at(110.0, 270.0, "12"),
        at(160.0, 270.0, "3"),
        at(110.0, 220.0, "4"),
    ]
    .concat()
}

const FOUND: [&str; 5] = [
    "0,0 2x1 A",
    "0,1 1x1 12",
    "0,2 1x1 3",
    "1,1 1x1 4",
    "1,2 1x1 ",
];

#[test]
fn rules_are_found_however_they_are_drawn() {
    let strokes: String = RULES
        .iter()
        .map(|[a, b, c, d]| format!("{a} {b} m {c} {d} l S\n"))
        .collect();
    let slivers: String = RULES
        .iter()
        .map(|[a, b, c, d]| format!("{a} {b} {} {} re f\n", (c - a).max(1), (d - b).max(1)))
        .collect();
    // In pieces with small gaps, as Word leaves them at the corners.
    let pieces: String = RULES
        .iter()
        .map(|[a, b, c, d]| {
            let middle = |from: u32, to: u32| f64::from(from + to) / 2.0;
            let (x, y) = (middle(*a, *c), middle(*b, *d));
            format!(
                "{a} {b} m {x} {y} l S {} {} m {c} {d} l S\n",
                x + if a == c { 0.0 } else { 0.5 },
                y + if b == d { 0.0 } else { 0.5 }
            )
        })
        .collect();
    let turned = format!("q 0 1 -1 0 400 0 cm Q {strokes}");
    let framed = format!("{strokes} 10 10 380 380 re S\n");
    let white = format!("{strokes} q 1 1 1 RG 125 200 m 125 300 l S Q\n");
    for rules in [strokes.clone(), slivers, pieces, turned, framed, white] {
        let document = read(&page(&format!("{rules}{}", words()))).unwrap();
        assert_eq!(cells(&document), FOUND, "{rules}");
    }
    // Without the upper rule, as behind a page break, the verticals tell where it was.
    let open: String = RULES[1..]
        .iter()
        .map(|[a, b, c, d]| format!("{a} {b} m {c} {d} l S\n"))
        .collect();
    let document = read(&page(&format!("{open}{}", words()))).unwrap();
    assert_eq!(cells(&document), FOUND);
}

#[test]
fn glyphs_are_read_by_their_places_alone() {
    let rules: String = RULES
        .iter()
        .map(|[a, b, c, d]| format!("{a} {b} m {c} {d} l S\n"))
        .collect();
    // One by one, in an order of their own, the bold ones twice.
    let words = [
        at(115.0, 270.0, "2"),
        at(160.0, 270.0, "3"),
        at(110.0, 220.0, "4"),
        at(60.0, 245.0, "A"),
        at(110.0, 270.0, "1"),
        at(110.2, 270.0, "1"),
    ];
    let document = read(&page(&format!("{rules}{}", words.concat()))).unwrap();
    assert_eq!(cells(&document), FOUND);
    // A number that breaks in its cell is one, and is said to be.
    let broken = [at(104.0, 280.0, "123456789"), at(104.0, 265.0, "01")].concat();
    let document = read(&page(&format!("{rules}{broken}"))).unwrap();
    let cell = table(&document).at(0, 1).unwrap();
    assert_eq!(
        (cell.text.as_str(), &cell.flags[..]),
        ("12345678901", &[Flag::Joined][..])
    );
    // What reaches over the edge is said to.
    let wide = at(110.0, 270.0, "1234567890");
    let document = read(&page(&format!("{rules}{wide}"))).unwrap();
    assert!(
        table(&document)
            .cells
            .iter()
            .any(|cell| cell.flags.contains(&Flag::Overflowing))
    );
}

#[test]
fn pages_that_cannot_be_read_are_named() {
    let refused = |content: &str| {
        let Err(Refusal(sentence)) = read(&page(content)) else {
            panic!("it was read")
        };
        sentence
    };
    assert!(refused("").contains("扫描件"));
    assert!(refused("BT /F 10 Tf 3 Tr 50 50 Td (abc) Tj ET").contains("扫描件"));
    assert!(refused("BT /F 10 Tf 0 1 -1 0 50 50 Tm (abc) Tj ET").contains("横放"));
    let Err(Refusal(sentence)) = read(b"%PDF-1.7\nx") else {
        panic!("it was read")
    };
    assert!(sentence.contains("损坏"), "{sentence}");
}

#[test]
fn the_work_on_a_page_is_bounded() {
    let refused = |content: &str| {
        let Err(Refusal(sentence)) = read(&page(content)) else {
            panic!("it was read")
        };
        sentence
    };
    assert!(refused(&"q ".repeat(1_001)).contains("太大"));
    assert!(refused(&format!("BT /F 10 Tf ({}) Tj ET", "x".repeat(500_001))).contains("太大"));
    assert!(refused(&"0 0 m 9 0 l S\n".repeat(200_001)).contains("太大"));
    assert!(refused(&" ".repeat((8 << 20) + 1)).contains("太大"));
}
