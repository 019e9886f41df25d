//! The report as the layouts read it: texts as printed, nothing left to compute.

use std::collections::BTreeMap;

use serde::Serialize;

use super::approval_sheet::ApprovalSheet;
use super::attached::{self, Attached};
use super::copy::{RenderJob, WATERMARK_ROLE};
use super::fonts::Fonts;
use super::fonts::outlines::Outlines;
use super::names;
use super::paragraphs::{PrintedParagraph, ProseSetter, UNKNOWN};
use super::seals::Seals;
use super::text_end::TextEnd;
use super::title;
use super::words::{Segmenter, Word, width};
use crate::diagnostic::Severity;
use crate::error::Error;
use crate::report::{ANNEX, Cell, Date, Grid, Printout, Text, Value};
use crate::source::Span;

#[derive(Serialize)]
struct Payload<'a> {
    /// The edition, whose forms are drawn.
    edition: &'a str,
    title: &'a str,
    title_lines: Vec<String>,
    agency: &'a str,
    /// The date in the metadata.
    date: [u16; 3],
    /// The printed date.
    issued: Option<[u16; 3]>,
    signatories: Vec<Signatory<'a>>,
    /// The place of the seals, in copies that have one.
    seal: Option<SealPlace>,
    /// The end of the text, once known, if its lines stand closer there or seals stand below it.
    text_end: Option<&'a TextEnd>,
    /// The content of the approval sheet.
    approval_sheet: Option<ApprovalSheet>,
    preface: Vec<PrintedParagraph<'a>>,
    /// The sections in the order of print.
    sections: Vec<SectionText<'a>>,
    /// The line below the text that names the annex, if any.
    annex: Option<Named>,
    tables: BTreeMap<&'a str, Values>,
    watermark: Option<Watermark<'a>>,
    attachments: Vec<Attachment<'a>>,
}

/// A signatory.
#[derive(Serialize)]
struct Signatory<'a> {
    name: &'a str,
    /// The parts of the name.
    words: Vec<Word>,
}

#[derive(Serialize)]
struct SealPlace {
    /// The diameter in millimetres.
    size: f64,
    /// The paths of the pictures; empty if the place is left blank.
    images: Vec<String>,
}

/// The line that names an annex.
#[derive(Serialize)]
struct Named {
    label: &'static str,
    words: Vec<Word>,
}

#[derive(Serialize)]
struct SectionText<'a> {
    title: String,
    /// Whether it is an annex behind the signature.
    annex: bool,
    /// The keys of its tables; empty for text.
    tables: Vec<&'a str>,
    /// Whether it stands on the last page.
    late: bool,
    paragraphs: Vec<PrintedParagraph<'a>>,
    /// The text before its tables.
    before: Vec<PrintedParagraph<'a>>,
    notes: Vec<PrintedParagraph<'a>>,
    /// The text behind its tables and their notes.
    after: Vec<PrintedParagraph<'a>>,
}

/// The words behind a draft, as the title of the file has them and as they are drawn.
#[derive(Serialize)]
struct Watermark<'a> {
    words: &'a str,
    outlines: Outlines,
}

/// A file that goes into the PDF.
#[derive(Serialize)]
struct Attachment<'a> {
    name: String,
    path: String,
    mime: &'static str,
    /// The caption of a figure; `None` for the report itself.
    caption: Option<&'a str>,
}

impl<'a> From<Attached<'a>> for Attachment<'a> {
    fn from(file: Attached<'a>) -> Self {
        Self {
            name: file.name,
            path: file.path,
            mime: file.media_type,
            caption: file.caption,
        }
    }
}

/// The values of a table.
#[derive(Serialize)]
struct Values {
    /// The cells in the order of the form.
    cells: Vec<CellText>,
    /// The width of the widest cell in em, if all are plain.
    widest: Option<f64>,
}

/// The text of a cell: a plain value stays in one piece; a value with a remark may break between words.
#[derive(Serialize)]
#[serde(untagged)]
enum CellText {
    Plain(String),
    Words {
        words: Vec<Word>,
        widest: f64,
    },
    /// What an error is about, on pages of a report that has one.
    Marked {
        marked: String,
        widest: f64,
    },
}

/// The content of `/report.json`.
pub(super) fn json(
    job: &RenderJob,
    text_end: Option<&TextEnd>,
    segmenter: &Segmenter,
    fonts: &Fonts,
) -> Result<Vec<u8>, Error> {
    let RenderJob {
        report,
        figures,
        copy,
        ..
    } = *job;
    let first = text_end.map(|end| &end.first);
    let nowhere = |_: usize| None;
    let setter = ProseSetter {
        figures,
        segmenter,
        fonts,
    };
    let printout = Printout::new(report);
    let tables = printout.chapters.iter().flat_map(|chapter| &chapter.tables);
    let faulty = faulty(job);
    let tables = tables.map(|table| (table.key, values(table.values, segmenter, &faulty)));
    let tables = tables.collect();
    let dated = printout.dated();
    let sections = printout.chapters.into_iter().enumerate();
    let sections = sections.map(|(i, chapter)| SectionText {
        annex: chapter.annex,
        tables: chapter.tables.iter().map(|table| table.key).collect(),
        late: first.is_some_and(|first| first.takes_title(i)),
        paragraphs: setter.paragraphs(chapter.prose, |n| first?.cuts(i, n)),
        before: setter.paragraphs(chapter.before, nowhere),
        notes: setter.notes(chapter.notes),
        after: setter.paragraphs(chapter.after, nowhere),
        title: chapter.title,
    });
    let payload = Payload {
        edition: &report.form.edition,
        title: printout.title,
        title_lines: title::lines(report, segmenter),
        agency: printout.agency,
        date: parts(dated),
        issued: printout.issued.map(parts),
        signatories: signatories(printout.signatories, segmenter),
        seal: copy.seal_size().map(|size| SealPlace {
            size: size.millimetres(),
            images: copy
                .seals()
                .into_iter()
                .flat_map(Seals::files)
                .map(|(path, _)| path)
                .collect(),
        }),
        text_end,
        approval_sheet: ApprovalSheet::of(job, segmenter)?,
        preface: setter.paragraphs(Some(printout.preface), nowhere),
        sections: sections.collect(),
        annex: printout.annex.map(|title| Named {
            label: ANNEX,
            words: segmenter.words(&title),
        }),
        tables,
        watermark: copy.watermark().map(|words| Watermark {
            words,
            outlines: fonts.outlines(WATERMARK_ROLE, words),
        }),
        attachments: attached::files(job)
            .into_iter()
            .map(Attachment::from)
            .collect(),
    };
    serde_json::to_vec(&payload).map_err(|e| Error::Layout(e.to_string()))
}

fn parts(date: Date) -> [u16; 3] {
    [date.year, date.month.into(), date.day.into()]
}

fn signatories<'a>(names: &'a [Text], segmenter: &Segmenter) -> Vec<Signatory<'a>> {
    let one = |name: &'a Text| Signatory {
        name: &name.text,
        words: names::words(&name.text, segmenter),
    };
    names.iter().map(one).collect()
}

/// The places that errors point at, where they are marked.
fn faulty(job: &RenderJob) -> Vec<Span> {
    let errors = job.findings.iter();
    let errors = errors.filter(|finding| job.marks && finding.severity == Severity::Error);
    let labels = errors.flat_map(|finding| &finding.labels);
    labels.map(|label| label.span).collect()
}

fn values(grid: &Grid, segmenter: &Segmenter, faulty: &[Span]) -> Values {
    let text = |cell: &Cell| {
        if !faulty.is_empty() && (!cell.is_known() || faulty.contains(&cell.span)) {
            let marked = if cell.is_known() {
                cell.value.printed()
            } else {
                UNKNOWN.to_owned()
            };
            let widest = width(&marked).max(1.0);
            CellText::Marked { marked, widest }
        } else if let (None, Value::AmountWithUnit { written, .. }) = (&cell.note, &cell.value) {
            // One piece, however wide: layouts know without measuring only how wide digits are.
            CellText::Words {
                words: vec![Word::new(written.clone())],
                widest: width(written),
            }
        } else if cell.note.is_none() {
            CellText::Plain(cell.printed())
        } else {
            let words = segmenter.words(&cell.printed());
            let widest = words.iter().map(Word::widest).fold(0.0, f64::max);
            CellText::Words { words, widest }
        }
    };
    let cells: Vec<_> = grid.lines.iter().flatten().map(text).collect();
    let widest = cells.iter().try_fold(0.0, |widest: f64, cell| match cell {
        CellText::Plain(value) => Some(widest.max(width(value))),
        CellText::Words { .. } | CellText::Marked { .. } => None,
    });
    Values { cells, widest }
}
