//! The recogniser: blocks of a file become a report in one of the declared forms.
//!
//! It knows labels and titles by the declarations alone. What it does not know it leaves, and says so.

mod body;
mod cells;
mod front;
mod items;
mod own;
mod state;
mod tail;
mod words;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::finding::{Finding, FindingKind, shown};
use super::reader::{Document, Refusal};
use crate::authoring::RawReport;
use crate::form::{Editions, Form};
use crate::report::field;
use items::{Item, flattened};
pub use state::{Counts, Wanted};
use state::{Heading, Recogniser};

/// A report as it was recognised.
#[derive(Clone, Debug)]
pub struct Recognised {
    /// Its form.
    pub form: Arc<Form>,
    /// The report.
    pub report: RawReport,
    /// What is said about it.
    pub findings: Vec<Finding>,
    /// Its figures by their file names.
    pub figures: Vec<(String, Vec<u8>)>,
    /// What it consists of.
    pub counts: Counts,
}

/// Recognises the report of a file.
///
/// # Errors
/// If the file has no report, or several.
pub fn recognise(
    document: &Document,
    editions: &Editions,
    wanted: &Wanted,
) -> Result<Recognised, Refusal> {
    let items = flattened(&document.blocks);
    let year = wanted.year.or_else(|| front::year_of(&items, document));
    let (form, bound) = cells::chosen(&items, editions, wanted.edition.as_deref(), year)
        .ok_or_else(|| {
            Refusal("没有认出年报的表格或标题；核对是不是年报，或者另存为 docx 再读一次".to_owned())
        })?;
    let mut found = Recogniser {
        document,
        items: &items,
        report: RawReport {
            edition: form.edition.clone(),
            ..RawReport::default()
        },
        findings: Vec::new(),
        figures: Vec::new(),
        counts: Counts::default(),
        form: &form,
        bound,
    };
    found.run(wanted, year)?;
    let Recogniser {
        report,
        mut findings,
        figures,
        counts,
        ..
    } = found;
    findings.sort_by_key(|finding| finding.kind);
    Ok(Recognised {
        report,
        findings,
        figures,
        counts,
        form: form.clone(),
    })
}

impl Recogniser<'_> {
    fn run(&mut self, wanted: &Wanted, year: Option<u16>) -> Result<(), Refusal> {
        let headings = self.headings()?;
        let article = self.article(&headings);
        let first = headings.iter().map(|heading| heading.item).min();
        let tables = self.bound.values().flatten().copied();
        let begin = first.or(tables.min()).unwrap_or(self.items.len());
        let end = self.body(&headings, &article);
        self.tables();
        self.front(begin, &article, wanted, year);
        self.tail(end);
        self.published();
        self.count();
        for left in &self.document.left_out {
            self.findings.push(Finding {
                kind: FindingKind::LeftOut,
                message: format!("{}{}", left.what, shown(&left.text)),
                place: left.place.clone(),
                field: None,
            });
        }
        Ok(())
    }

    /// Whether each item stands in the article of a page: the narrowest element around its tables and titles.
    fn article(&self, headings: &[Heading]) -> Vec<bool> {
        let nesting = &self.document.nesting;
        if nesting.holders.is_empty() {
            return vec![true; self.items.len()];
        }
        let tables = self.bound.values().flatten().copied();
        let anchors = tables.chain(headings.iter().map(|heading| heading.item));
        let mut common: Option<Vec<usize>> = None;
        for anchor in anchors {
            let around = nesting.around(self.items[anchor].block);
            common = Some(match common {
                None => around,
                Some(common) => {
                    let same = common.iter().zip(&around).take_while(|(a, b)| a == b);
                    let same = same.count();
                    common[..same].to_vec()
                }
            });
        }
        let Some(article) = common.and_then(|common| common.last().copied()) else {
            return vec![true; self.items.len()];
        };
        let inside = |item: &Item| nesting.around(item.block).contains(&article);
        self.items.iter().map(inside).collect()
    }

    fn count(&mut self) {
        let report = &self.report;
        let around = report.texts.values().flat_map(BTreeMap::values);
        let titled = report
            .titled
            .iter()
            .filter_map(|one| one.get(field::TEXT.key));
        let preface = report.fields.get(field::PREFACE.key);
        let texts = report.sections.values().chain(around).chain(titled);
        let lines = |text: &String| text.lines().filter(|line| !line.trim().is_empty()).count();
        self.counts.paragraphs = texts
            .chain(preface)
            .chain(report.notes.values())
            .map(lines)
            .sum();
        self.counts.sections = report.sections.len() + report.titled.len();
        self.counts.figures = self.figures.len();
    }
}
