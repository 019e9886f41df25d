//! Binds the content of a file to the form that it fills in, collecting every fault on the way.

mod hierarchy;
mod keys;
mod misplaced;
mod pair;
mod swallowed;
mod table;
mod text;
mod unread;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub use self::hierarchy::bind_hierarchy;
pub(crate) use self::keys::NEAR;
use self::misplaced::{Misplaced, misplaced};
use self::pair::told;
use super::field::{self, FIRST_YEAR, Field, LAST_YEAR};
use super::{Date, Grid, Paragraph, Prose, Report, Text, characters};
use crate::diagnostic::{Called, Diagnostic, Outcome, Said, has_errors};
use crate::form::{Content, Editions, Form, Name};
use crate::report::rules;
use crate::source::{Entry, Node, NodeKind, Source, Span};

/// The most characters of a report's text, some 160 pages; real reports have 1,000 to 10,000.
const MAX_CHARACTERS: usize = 100_000;
/// The most characters of a second-level heading, which is also a bookmark.
const MAX_SUBHEADING: usize = 2_000;
/// The most paragraphs of a report's text.
const MAX_PARAGRAPHS: usize = 5_000;

/// A report as far as its file says it.
#[derive(Debug)]
pub struct PartialReport {
    /// The report. What is missing or invalid in its file is left out of it; such values of tables are not known.
    pub report: Report,
    /// The place where its file says the year; without one the year is a guess.
    pub year: Option<Span>,
    /// The lines of its texts that are keys of the file, in their order; the texts are without them.
    pub swallowed: Vec<Span>,
}

/// Binds a report file to the edition that it names or that its year asks for.
///
/// The outcome has a report if no finding is an error.
#[must_use]
pub fn bind(source: &Source, editions: &Editions) -> Outcome<Report> {
    let Outcome { value, findings } = bind_partly(source, editions);
    let whole = value.filter(|_| !has_errors(&findings));
    Outcome {
        value: whole.map(|partial| partial.report),
        findings,
    }
}

/// Binds what can be bound of a report file: the report is whole if no finding is an error. `None` if the file is
/// no map of keys and values.
#[must_use]
pub fn bind_partly(source: &Source, editions: &Editions) -> Outcome<PartialReport> {
    let mut binder = Binder::new(source);
    let report = match source.root() {
        Ok(Node {
            kind: NodeKind::Mapping(entries),
            span,
        }) => binder.report(entries, *span, editions),
        Ok(node) => {
            binder.findings.push(no_map(node.span));
            None
        }
        Err(faults) => {
            let told = faults.iter().map(|fault| told(fault, source, editions));
            binder.findings.extend(told);
            None
        }
    };
    for finding in &mut binder.findings {
        characters::explain(finding, source.text());
    }
    Outcome::new(report, binder.findings)
}

/// The finding about a file that is no map.
pub(crate) fn no_map(span: Span) -> Diagnostic {
    let message = Said::new("文件应由“键: 值”组成", "这不是年报文件");
    Diagnostic::new(rules::INVALID_VALUE, span, message).hint(Said::new(
        "第一行写 agency: 机关名称，第二行写 year: 年度",
        "打开从本系统下载的年报文件",
    ))
}

struct Binder<'a> {
    source: &'a str,
    findings: Vec<Diagnostic>,
    /// The titles of what keys name, by their places.
    titles: BTreeMap<Span, String>,
    /// The keys that stand at the wrong depth.
    misplaced: Vec<Misplaced>,
    /// The lines of texts that are keys, in their order, and the keys of what they mean.
    swallowed: Vec<Span>,
    meant: BTreeSet<String>,
    /// The values of the row being bound that nobody has given, with their columns; of a whole row, without.
    not_filled: Vec<(Span, Option<String>)>,
}

/// The entries of a map by the names of their fields.
struct Fields<'n> {
    found: Vec<(Name, Option<&'n Entry>)>,
    /// The keys of the fields that misspelt keys most likely mean.
    meant: Vec<String>,
}

impl<'n> Fields<'n> {
    fn get(&self, field: Field) -> Option<&'n Entry> {
        self.key(field.key)
    }

    /// An optional field that is not left blank.
    fn given(&self, field: Field) -> Option<&'n Entry> {
        self.get(field).filter(|entry| !entry.value.is_blank())
    }

    fn key(&self, key: &str) -> Option<&'n Entry> {
        let found = self.found.iter().find(|(name, _)| name.key == key);
        found.and_then(|(_, entry)| *entry)
    }

    /// Whether a field is not there, and no misspelt key is told in its place.
    fn lacks(&self, key: &str) -> bool {
        self.key(key).is_none() && !self.meant.iter().any(|meant| meant == key)
    }
}

impl<'a> Binder<'a> {
    fn new(source: &'a Source) -> Self {
        Self {
            source: source.text(),
            findings: Vec::new(),
            titles: BTreeMap::new(),
            misplaced: Vec::new(),
            swallowed: Vec::new(),
            meant: BTreeSet::new(),
            not_filled: Vec::new(),
        }
    }
}

impl Binder<'_> {
    fn push(&mut self, finding: Diagnostic) {
        self.findings.push(finding);
    }

    fn report(
        &mut self,
        entries: &[Entry],
        span: Span,
        editions: &Editions,
    ) -> Option<PartialReport> {
        let top = Span::new(
            span.start,
            entries.first().map_or(span.end, |e| e.key_span.end),
        );
        let find = |field: Field| entries.iter().find(|e| field.name().matches(&e.key));
        for field in [field::YEAR, field::FORMAT] {
            let place = find(field).map(|entry| entry.key_span);
            self.titles
                .extend(place.map(|place| (place, field.term.to_owned())));
        }
        let year = find(field::YEAR).and_then(|entry| self.four_digits(entry));
        let form = self.edition(find(field::FORMAT), year, editions)?;
        let named = find(field::FORMAT).filter(|entry| !entry.value.is_blank());
        let edition = named
            .map(|entry| entry.value.span)
            .or(year.map(|(_, span)| span));
        let (year, place_of_year) = year.unzip();

        let parts = form.parts();
        let mut names: Vec<Name> = field::TOP.iter().map(|field| field.name()).collect();
        names.extend(parts.iter().map(|part| part.name.clone()));
        self.misplaced = misplaced(entries, &names, &parts);
        self.take_swallowed(entries, &parts);
        let fields = self.fields(entries, names, here("报告"));
        self.of_other_editions(entries, editions);
        self.require(&fields, &form, top);

        let agency = fields.get(field::AGENCY);
        let agency = agency.and_then(|entry| self.line_of_text(entry, field::AGENCY));
        let title = fields.given(field::TITLE);
        let (title, title_lines) = title.map_or((None, Vec::new()), |entry| self.title(entry));
        let date = fields.given(field::DATE).and_then(|entry| self.date(entry));
        let preface = fields.get(field::PREFACE);
        let preface = preface.and_then(|entry| self.prose(entry));
        let headings = self.headings(fields.get(field::HEADINGS), &form);
        let notes = self.notes(fields.get(field::NOTES), &form);
        let texts = self.table_texts(fields.get(field::TEXTS), &form);
        let waivers = self.waivers(fields.get(field::WAIVERS));
        let signature = self.signature(fields.given(field::SIGNATURE));
        let mut sections = BTreeMap::new();
        let mut titled = Vec::new();
        let mut tables = BTreeMap::new();
        for part in &parts {
            let Some(entry) = fields.key(&part.name.key) else {
                continue;
            };
            match part.content {
                Content::Prose => {
                    let prose = self.prose(entry);
                    sections.extend(prose.map(|prose| (part.name.key.clone(), prose)));
                }
                Content::Titled => titled = self.titled(entry),
                Content::Table(table) => {
                    let grid: Option<Grid> = self.table(entry, table);
                    tables.extend(grid.map(|grid| (part.name.key.clone(), grid)));
                }
            }
        }

        // Findings that depend on a guess are not kept.
        let year = year.unwrap_or_else(|| guess(&form, date));
        let agency = agency.unwrap_or(Text {
            text: String::new(),
            span: top,
        });
        let report = Report {
            title: title.unwrap_or_else(|| Text {
                text: form.title_words(&agency.text, year).concat(),
                span: agency.span,
            }),
            title_lines,
            agency,
            year,
            date,
            preface: preface.unwrap_or_default(),
            headings,
            sections,
            titled,
            tables,
            notes,
            texts,
            waivers,
            signature,
            edition: edition.unwrap_or(top),
            form,
        };
        self.length(&report, top);
        Some(PartialReport {
            report,
            year: place_of_year,
            swallowed: std::mem::take(&mut self.swallowed),
        })
    }

    /// A year, and its place; one that is written otherwise is a finding, and taken if it is clear.
    fn four_digits(&mut self, entry: &Entry) -> Option<(u16, Span)> {
        let written = self.scalar(entry)?;
        let year = written.parse().ok().filter(|_| written.len() == 4);
        let in_range = |year: &u16| (FIRST_YEAR..=LAST_YEAR).contains(year);
        let mut year = year.filter(in_range);
        if year.is_none() {
            let message = format!("“{}”不是年度", shorten(written, 40));
            // What is surely meant is read on, so that the rest is still checked.
            year = year_meant(written).filter(in_range);
            let finding = Diagnostic::new(rules::INVALID_VALUE, entry.value.span, message);
            self.push(match year {
                Some(year) => finding.instead(year.to_string()),
                None => finding.hint(format!(
                    "写 {FIRST_YEAR} 至 {LAST_YEAR} 的四位年份，报告所述的年份"
                )),
            });
        }
        year.map(|year| (year, entry.value.span))
    }

    /// The edition that the file names or its year selects; if there is none, that of the year or the newest,
    /// so that the rest of the file is still read.
    fn edition(
        &mut self,
        entry: Option<&Entry>,
        year: Option<(u16, Span)>,
        editions: &Editions,
    ) -> Option<Arc<Form>> {
        let known: Vec<_> = editions.all().iter().map(|f| f.edition.as_str()).collect();
        let named = entry.filter(|entry| !entry.value.is_blank());
        let of_year = year.and_then(|(year, _)| editions.for_year(year));
        let (found, span, message) = if let Some(entry) = named {
            let written = self.scalar(entry).unwrap_or_default();
            let message = format!("没有名为“{}”的格式", shorten(written, 40));
            (editions.named(written), entry.value.span, message)
        } else if let Some((year, span)) = year {
            let message = format!("没有适用于 {year} 年度的格式");
            (of_year, span, message)
        } else {
            return editions.newest().cloned();
        };
        if found.is_none() {
            let hint = format!("可用的格式：{}", known.join("、"));
            let hint = Said::new(hint, "选用适合本年度的格式");
            self.push(Diagnostic::new(rules::UNKNOWN_FORMAT, span, message).hint(hint));
        }
        found.or(of_year).or(editions.newest()).cloned()
    }

    /// Reports all that is missing at the top of the file, sections in one finding.
    fn require(&mut self, fields: &Fields, form: &Form, top: Span) {
        for (field, hint, plain) in [
            (
                field::AGENCY,
                "写 agency: 机关全称 这样的一行",
                "写机关的全称",
            ),
            (
                field::YEAR,
                "写 year: 2024 这样的一行，年度是报告所述的年份",
                "写报告所述的年份",
            ),
        ] {
            if fields.lacks(field.key) {
                let finding = Diagnostic::new(rules::MISSING_FIELD, top, lacking(&[field]));
                self.push(finding.hint(Said::new(hint, plain)));
            }
        }
        let parts = form.parts();
        let missing = parts.iter().map(|part| &part.name);
        let missing: Vec<&Name> = missing.filter(|name| fields.lacks(&name.key)).collect();
        if !missing.is_empty() {
            let [keys, titles] = listed(&missing, "；");
            let list = Called {
                key: &keys,
                title: &titles,
            };
            let message = Said::naming(list, |list| {
                format!("缺少 {} 个部分：{list}", missing.len())
            });
            let all = parts.len();
            self.push(
                Diagnostic::new(rules::MISSING_SECTION, top, message).hint(Said::new(
                    format!(
                        "{all} 项缺一不可：格式 {}，{}；格式由年度选定，用别的格式时写 format",
                        form.edition, form.decree
                    ),
                    format!("{all} 项缺一不可：{}", form.decree),
                )),
            );
        }
    }

    fn date(&mut self, entry: &Entry) -> Option<(Date, Span)> {
        let written = self.scalar(entry)?;
        let date = Date::parse(written);
        if date.is_none() {
            let message = format!("“{}”不是日期", shorten(written, 40));
            let finding = Diagnostic::new(rules::INVALID_VALUE, entry.value.span, message);
            self.push(match Date::meant(written) {
                Some(date) => finding.instead(date.to_string()),
                None => finding.hint("写作 2024-01-22：四位年、两位月、两位日"),
            });
        }
        Some((date?, entry.value.span))
    }

    fn length(&mut self, report: &Report, top: Span) {
        let characters: usize = report.prose().map(Prose::characters).sum();
        if characters > MAX_CHARACTERS {
            let message = format!("正文共 {characters} 字，超过 {MAX_CHARACTERS} 字");
            self.push(Diagnostic::new(rules::TOO_LONG, top, message).hint("年度报告应简明"));
        }
        for place in report.prose().flat_map(Prose::misplaced_figures) {
            let message = "这不是图片，会原样印出";
            let hint = Said::new(
                "图片独占一行，写作 ![说明](图.png)，用半角的 ! [ ] ( )；不是图片的，改写这几个字",
                "是图片的，删去这一行，重新插入图片；不是图片的，改写这几个字",
            );
            self.push(Diagnostic::new(rules::NO_FIGURE, place, message).hint(hint));
        }
        for paragraph in report.prose().flat_map(|prose| &prose.paragraphs) {
            if let Paragraph::Heading(text) = paragraph
                && text.text.chars().count() > MAX_SUBHEADING
            {
                let message = format!("小标题超过 {MAX_SUBHEADING} 字");
                let hint = "小标题后写句号，正文接着写";
                self.push(Diagnostic::new(rules::TOO_LONG, text.span, message).hint(hint));
            }
        }
        let paragraphs: usize = report.prose().map(|prose| prose.paragraphs.len()).sum();
        if paragraphs > MAX_PARAGRAPHS {
            let message = format!("正文共 {paragraphs} 段，超过 {MAX_PARAGRAPHS} 段");
            self.push(Diagnostic::new(rules::TOO_LONG, top, message).hint("年度报告应简明"));
        }
    }
}

/// The name of a place that is called alike in the file and in the form.
fn here(place: &str) -> Called<'_> {
    Called {
        key: place,
        title: place,
    }
}

/// The names of a list, as the file writes them and as the form titles them.
fn listed(names: &[&Name], between: &str) -> [String; 2] {
    let joined = |shown: fn(&Name) -> String| {
        let all: Vec<String> = names.iter().map(|name| shown(name)).collect();
        all.join(between)
    };
    [joined(Name::shown), joined(|name| name.term.clone())]
}

/// The sentence about fields that are not there.
fn lacking(missing: &[Field]) -> Said {
    let joined = |shown: fn(&Field) -> String| {
        let all: Vec<String> = missing.iter().map(shown).collect();
        all.join("、")
    };
    let plain = joined(|field| format!("“{}”", field.term));
    Said::new(
        format!("缺少 {}", joined(|field| field.shown())),
        format!("缺少{plain}"),
    )
}

/// The year that is meant by 2025年, ２０２５ or 二〇二五年度.
fn year_meant(written: &str) -> Option<u16> {
    let digits = super::date::plain_digits(written);
    let digits = digits
        .trim()
        .trim_end_matches('度')
        .trim_end_matches('年')
        .trim_end();
    let is_year = digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit());
    digits.parse().ok().filter(|_| is_year)
}

/// The year of a report that says none: the one before its date, or the first of its edition.
fn guess(form: &Form, date: Option<(Date, Span)>) -> u16 {
    let first = form.years.and_then(|years| years.from);
    let before = date.map(|(date, _)| date.year - 1);
    let year = before.or(first).unwrap_or(LAST_YEAR);
    year.clamp(FIRST_YEAR, LAST_YEAR)
}

/// The beginning of a written value, for a message.
pub(super) fn shorten(written: &str, most: usize) -> String {
    let mut shown: String = written.chars().take(most).collect();
    if shown.len() < written.len() {
        shown.push('…');
    }
    shown
}
