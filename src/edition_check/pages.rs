//! The pages of a sample report of an edition, and whether everything is in its place on them.

use std::path::Path;

use super::sample_report::numbered;
use crate::diagnostic::Diagnostic;
use crate::error::Error;
use crate::form::{Difference, Editions, Form, Transcript, TranscriptTable};
use crate::pdf_reader::{PdfFault, PdfFile, ShownCell, ShownTable, read_back};
use crate::pipeline::{Bound, Pipeline};
use crate::source::Source;
use crate::typeset::{Fonts, ReportCopy};

/// The PDF of a sample report, and its faults: values out of place, labels that no font draws, layouts
/// that fail.
pub(super) fn drawn(
    form: &Form,
    editions: &Editions,
    fonts: Fonts,
) -> Result<(Option<Vec<u8>>, Vec<String>), Error> {
    let text = numbered(form);
    let source = Source::from_bytes(Path::new("report.yaml"), text.clone().into_bytes());
    let bound = Bound::new(source, editions);
    let messages = |findings: &[Diagnostic]| {
        let about = |finding: &Diagnostic| {
            let (line, _) = bound.source.position(finding.span().start);
            let about = text.lines().nth(line - 1).unwrap_or_default();
            format!("{}（{}）", finding.message, about.trim())
        };
        findings.iter().map(about).collect::<Vec<_>>()
    };
    let Some(report) = &bound.report else {
        return Ok((None, messages(&bound.findings)));
    };
    let pipeline = Pipeline::new(editions, fonts)?;
    let mut faults: Vec<String> = undrawn(form, pipeline.fonts());
    if !faults.is_empty() {
        return Ok((None, faults));
    }
    let document = match pipeline.lay_out_unchecked(report, &bound, &ReportCopy::Public, &[]) {
        Ok(outcome) => {
            faults.extend(messages(&outcome.findings));
            outcome.value
        }
        Err(Error::Layout(fault)) => return Ok((None, vec![fault])),
        Err(error) => return Err(error),
    };
    let pdf = match document.map(|document| document.to_pdf()).transpose() {
        Ok(Some(pdf)) => pdf,
        Ok(None) => return Ok((None, faults)),
        Err(Error::Export(fault)) => return Ok((None, vec![fault])),
        Err(error) => return Err(error),
    };
    let read = PdfFile::open(&pdf).and_then(|pdf| read_back(&pdf, report));
    for difference in read.map_err(|fault| unread(&fault))?.differences {
        let found = difference.found.as_ref().map_or("没有", |(text, _)| text);
        faults.push(format!(
            "“{}”的“{}”应印 {}，页面上为 {found}",
            difference.line, difference.column, difference.expected
        ));
    }
    Ok((Some(pdf), faults))
}

/// The characters of labels and titles that no font draws.
fn undrawn(form: &Form, fonts: &Fonts) -> Vec<String> {
    let titles = form
        .sections
        .iter()
        .map(|section| ("heading", section.title.as_str()));
    let words = form.title.iter().map(|word| ("title", word.as_str()));
    let labels = form.labels().into_iter().map(|label| ("table", label));
    let all = labels.chain(titles).chain(words);
    let undrawn = all.filter_map(|(role, text)| {
        let character = text.chars().find(|c| !fonts.draws(role, *c))?;
        Some(format!("“{text}”中的“{character}”没有字体可印"))
    });
    undrawn.collect()
}

/// The first cell of each table that is not on the pages as in the transcript, by text, place and spans.
pub(super) fn misplaced(
    pdf: &[u8],
    form: &Form,
    transcript: &Transcript,
) -> Result<Vec<Difference>, Error> {
    let file = PdfFile::open(pdf).map_err(|fault| unread(&fault))?;
    let shown = file.tables().map_err(|fault| unread(&fault))?;
    let of = |wanted: &TranscriptTable| {
        let summary = &form.tables.get(&wanted.key)?.summary;
        let table = shown.iter().find(|table| table.summary == *summary);
        first_difference(wanted, table?)
    };
    Ok(transcript.tables.iter().filter_map(of).collect())
}

fn first_difference(wanted: &TranscriptTable, shown: &ShownTable) -> Option<Difference> {
    let rows = shown.rows.iter().enumerate();
    let cells = rows.flat_map(|(row, cells)| cells.iter().map(move |cell| (row, cell)));
    let cells: Vec<(usize, &ShownCell)> = cells.collect();
    let says = |text: &str, rows: usize, columns: usize| match (rows, columns) {
        (1, 1) => format!("“{text}”"),
        _ => format!("“{text}”[{rows}×{columns}]"),
    };
    let key = &wanted.key;
    for (i, cell) in wanted.cells.iter().enumerate() {
        let found = cells.get(i).copied();
        if found.is_some_and(|(row, found)| found.outline(row) == cell.outline()) {
            continue;
        }
        let label = cell.label.as_deref().unwrap_or("#");
        let own = says(label, cell.rowspan, cell.colspan);
        let shown = found.map_or("没有".to_owned(), |(_, cell)| {
            let text = if cell.head { cell.text.as_str() } else { "#" };
            format!("印的是{}", says(text, cell.rowspan, cell.colspan))
        });
        return Some((Some(cell.line), format!("{key}：誊录为{own}，此处{shown}")));
    }
    let columns: usize = wanted
        .cells
        .iter()
        .filter(|c| c.row == 0)
        .map(|c| c.colspan)
        .sum();
    let size = (shown.rows.len(), columns);
    let told = (wanted.rows, wanted.columns);
    let message = format!(
        "{key}：表头写 {}×{}，表为 {}×{}",
        told.0, told.1, size.0, size.1
    );
    (size != told).then_some((None, message))
}

fn unread(fault: &PdfFault) -> Error {
    Error::Export(fault.to_string())
}
