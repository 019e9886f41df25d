//! PDFs of this program that carry their report file: it is the report, if the pages say the same.

use std::fmt::Write;
use std::path::Path;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::answer::{Answer, Kept};
use super::block::{Block, Place, SourceCell};
use super::finding::{Finding, FindingKind, shown};
use super::reader::{Document, Kind, Refusal, read};
use super::recognise::{Counts, Wanted, recognise};
use crate::form::{Editions, Language};
use crate::pdf_reader::compare::{Opened, open};
use crate::pdf_reader::read_back;
use crate::report::{ANNEX, Chapter, Paragraph, Prose, Report, bind, is_top_key};
use crate::source::{Node, NodeKind, Source};

/// The shortest paragraph of a page that the report has to have: shorter ones may be of the page itself.
const SHORTEST: usize = 12;
/// The most characters in front of a paragraph that the page adds, such as those of a note.
const ADDED: usize = 3;

/// Reads a file of any kind, and tells its report.
///
/// # Errors
/// If it cannot be read, or has no report: a sentence.
pub fn import(
    bytes: &[u8],
    editions: &Editions,
    wanted: &Wanted,
    language: Language,
) -> Result<Answer, Refusal> {
    if is_report(bytes) {
        let sentence =
            "这已经是报告文件，不用导入；nianbao check 检查它，nianbao compile 由它生成 PDF";
        return Err(Refusal(sentence.to_owned()));
    }
    let document = read(bytes)?;
    let is_asked = wanted.agency.is_none() && wanted.year.is_none() && wanted.edition.is_none();
    let is_pdf = Kind::of(bytes).is_ok_and(|kind| kind == Kind::Pdf);
    let carried = (is_asked && is_pdf).then(|| carried(bytes, &document, editions));
    let difference = match carried.flatten() {
        Some(Ok(answer)) => return Ok(answer),
        Some(Err(difference)) => Some(difference),
        None => None,
    };
    let mut recognised = recognise(&document, editions, wanted)?;
    recognised.findings.extend(difference);
    Ok(Answer::new(&recognised, language))
}

/// Whether a file is a report file already: a map with keys of one at its top.
fn is_report(bytes: &[u8]) -> bool {
    if !Kind::of(bytes).is_ok_and(|kind| kind == Kind::Text) {
        return false;
    }
    let source = Source::from_bytes(Path::new(""), bytes.to_vec());
    match source.root() {
        Ok(Node {
            kind: NodeKind::Mapping(entries),
            ..
        }) => {
            entries
                .iter()
                .filter(|entry| is_top_key(&entry.key))
                .count()
                > 1
        }
        _ => false,
    }
}

/// The report file that a PDF carries; `None` if it has none, and what differs if the pages say something else.
fn carried(
    bytes: &[u8],
    document: &Document,
    editions: &Editions,
) -> Option<Result<Answer, Finding>> {
    let opened = open(bytes).ok()?;
    Some(match bind(&opened.source, editions).value {
        None => Err(differs("附件中的报告文件有错误")),
        Some(report) => match difference(&opened, &report, document) {
            Some(difference) => Err(differs(&difference)),
            None => Ok(answer(&opened, &report)),
        },
    })
}

fn differs(what: &str) -> Finding {
    Finding {
        kind: FindingKind::Assumed,
        message: format!("文件附有报告文件，但{what}，按页面读"),
        place: Place::Whole,
        field: None,
    }
}

/// What the pages say otherwise than the report.
fn difference(opened: &Opened, report: &Report, document: &Document) -> Option<String> {
    if !opened.pdf.are_own(&opened.files) {
        return Some("附件被改过".to_owned());
    }
    let Ok(back) = read_back(&opened.pdf, report) else {
        return Some("页面上的表格与附件对不上".to_owned());
    };
    if let Some(first) = back.differences.first() {
        let found = first.found.as_ref().map_or("", |(found, _)| found);
        let mut said = format!("页面上有 {} 格与附件不同：", back.differences.len());
        let _ = write!(
            said,
            "“{}”“{}”附件为 {}，页面为 {found}",
            first.line, first.column, first.expected
        );
        return Some(said);
    }
    let own = own_texts(report);
    let pages: Vec<String> = page_texts(&document.blocks);
    let (mut all_own, all_pages) = (own.concat(), pages.concat());
    if let Some(text) = own.iter().find(|text| !all_pages.contains(&text[..])) {
        return Some(format!("附件中的{}页面上没有", shown(text)));
    }
    // The date stands with what the page puts below it.
    if let Some((date, _)) = &report.date {
        let (year, month, day) = (date.year, date.month, date.day);
        all_own.push_str(&format!("{year}年{month}月{day}日{}", letters(ANNEX)));
    }
    let is_own = |text: &&String| {
        let starts = text.char_indices().map(|(at, _)| at).take(ADDED + 1);
        text.chars().count() < SHORTEST
            || starts.into_iter().any(|at| all_own.contains(&text[at..]))
    };
    let paragraphs = document.blocks.iter().filter_map(|block| match block {
        Block::Paragraph(paragraph) => Some(letters(&paragraph.whole())),
        _ => None,
    });
    let paragraphs: Vec<String> = paragraphs.collect();
    let foreign = paragraphs.iter().find(|text| !is_own(text));
    foreign.map(|text| format!("页面上的{}附件中没有", shown(text)))
}

/// The letters and digits of a text, by which texts are compared.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The texts of a report in the order of print.
fn own_texts(report: &Report) -> Vec<String> {
    let prose = |prose: &Prose| -> Vec<String> {
        let texts = prose.paragraphs.iter().flat_map(Paragraph::texts);
        texts.map(|text| letters(&text.text)).collect()
    };
    let mut all = vec![letters(&report.title.text)];
    all.extend(prose(&report.preface));
    for chapter in report.chapters() {
        all.push(letters(&report.heading(&chapter)));
        let Chapter {
            prose: body,
            before,
            notes,
            after,
            ..
        } = chapter;
        all.extend(
            [before, body, notes, after]
                .into_iter()
                .flatten()
                .flat_map(prose),
        );
    }
    all.extend(report.signature.iter().map(|name| letters(&name.text)));
    all
}

/// The texts of the pages in their order; those of tables cell by cell.
fn page_texts(blocks: &[Block]) -> Vec<String> {
    let cell = |cell: &SourceCell| letters(&cell.text);
    let texts = blocks.iter().flat_map(|block| match block {
        Block::Paragraph(paragraph) => vec![letters(&paragraph.whole())],
        Block::Table(table) => table.cells.iter().map(cell).collect(),
        Block::Picture(_) => Vec::new(),
    });
    texts.collect()
}

/// The report as it was carried.
fn answer(opened: &Opened, report: &Report) -> Answer {
    let figures = opened
        .files
        .iter()
        .filter(|file| std::path::Path::new(&file.name) != opened.source.path());
    let figures: Vec<Kept> = figures
        .map(|file| Kept {
            name: file.name.clone(),
            content: BASE64_STANDARD.encode(&file.bytes),
        })
        .collect();
    let cells = report
        .tables
        .values()
        .map(|grid| grid.lines.iter().map(Vec::len).sum::<usize>());
    let cells = cells.sum();
    let prose: Vec<&Prose> = report
        .chapters()
        .filter_map(|chapter| chapter.prose)
        .collect();
    Answer {
        report: opened.source.text().to_owned(),
        agency: report.agency.text.clone(),
        year: report.year.to_string(),
        edition: report.form.edition.clone(),
        counts: Counts {
            cells,
            read: cells,
            noted: 0,
            unknown: 0,
            sections: prose
                .iter()
                .filter(|prose| !prose.paragraphs.is_empty())
                .count(),
            paragraphs: prose.iter().map(|prose| prose.paragraphs.len()).sum(),
            figures: figures.len(),
        },
        findings: Vec::new(),
        figures,
    }
}
