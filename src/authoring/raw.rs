//! A report as in its file, field by field and as written: to fill in a form, to convert, to write again.
//!
//! Nothing is judged here: an invalid value is as good as any other, because its author wants to see it in
//! its place and fix it. Entries without a place in the form are named and left out.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::places::{FieldRef, Places};
use super::schema::SCHEMA_MARK;

use crate::diagnostic::{Diagnostic, Outcome};
use crate::form::{Content, Editions, Form, Line, Name, Table};
use crate::report::field::{self, Field};
use crate::report::{is_cell, is_not_filled};
use crate::source::{Entry, Node, NodeKind, Source};

/// The fields of a report file as written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RawReport {
    /// The edition that the file names or its year selects, else the newest.
    pub edition: String,
    /// The single fields at the top, by key.
    pub fields: BTreeMap<String, String>,
    /// The names of the signatories.
    pub signature: Vec<String>,
    /// Wording of section titles, by section.
    pub headings: BTreeMap<String, String>,
    /// Notes under tables, by section.
    pub notes: BTreeMap<String, String>,
    /// Texts before and behind tables (`before`, `after`), by section.
    pub texts: BTreeMap<String, BTreeMap<String, String>>,
    /// Findings accepted as published.
    pub waivers: Vec<BTreeMap<String, String>>,
    /// Texts of sections, by section.
    pub sections: BTreeMap<String, String>,
    /// Sections with titles of their own.
    pub titled: Vec<BTreeMap<String, String>>,
    /// The values of tables, by line and column of the form; `None` if nothing is given.
    pub tables: BTreeMap<String, Vec<Option<RawLine>>>,
    /// The entries that have no place in the form.
    pub unknown: Vec<Unknown>,
    /// The lines with comments, from 1, but for the one that names the schema.
    pub comments: Vec<usize>,
}

/// The values of a line.
pub type RawLine = Vec<Option<RawCell>>;

/// A value as written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RawCell {
    /// The value; empty if it is blank.
    pub value: String,
    /// Its remark.
    pub note: String,
}

impl RawCell {
    /// A value without a remark.
    #[must_use]
    pub fn new(value: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            note: String::new(),
        }
    }

    /// The value with a remark.
    #[must_use]
    pub fn noted(self, note: impl Into<String>) -> Self {
        Self {
            note: note.into(),
            ..self
        }
    }
}

/// An entry that has no place in a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unknown {
    /// Its key.
    pub key: String,
    /// Its line, from 1.
    pub line: usize,
}

/// Reads a file field by field; without a value, and with a finding, if it is no map of keys and values.
#[must_use]
pub fn read(source: &Source, editions: &Editions) -> Outcome<RawReport> {
    match entries(source) {
        Err(findings) => Outcome::new(None, findings),
        Ok(entries) => {
            let form = form_of(entries, editions);
            let report = form.map(|form| read_in(source, entries, form).0);
            Outcome::new(report, Vec::new())
        }
    }
}

/// The lines of the comments that writing a report again loses.
fn comments(source: &Source) -> Vec<usize> {
    let comments = source.comments().into_iter();
    let own = comments.filter(|place| {
        let comment = &source.text()[place.start..place.end];
        !comment
            .trim_start_matches('#')
            .trim_start()
            .starts_with(SCHEMA_MARK)
    });
    own.map(|place| source.position(place.start).0).collect()
}

/// The entries of a file.
fn entries(source: &Source) -> Result<&[Entry], Vec<Diagnostic>> {
    match source.root() {
        Ok(Node {
            kind: NodeKind::Mapping(entries),
            ..
        }) => Ok(entries),
        Ok(node) => Err(vec![crate::report::no_map(node.span)]),
        Err(faults) => Err(faults.iter().map(Diagnostic::from).collect()),
    }
}

/// The form of the edition that a file names or its year selects, else the newest.
fn form_of<'a>(entries: &[Entry], editions: &'a Editions) -> Option<&'a Form> {
    let find = |field: Field| entries.iter().find(|e| field.name().matches(&e.key));
    let named = find(field::FORMAT).and_then(|entry| editions.named(&text(&entry.value)));
    let year = find(field::YEAR).and_then(|entry| text(&entry.value).parse().ok());
    let of_year = year.and_then(|year| editions.for_year(year));
    let form = named.or(of_year).or(editions.newest());
    form.map(AsRef::as_ref)
}

/// The fields of a file in a form, and their places.
fn read_in(source: &Source, entries: &[Entry], form: &Form) -> (RawReport, Places) {
    let mut reader = Reader {
        source,
        report: RawReport {
            edition: form.edition.clone(),
            comments: comments(source),
            ..RawReport::default()
        },
        places: Places::default(),
    };
    reader.report(entries, form);
    (reader.report, reader.places)
}

impl Places {
    /// The places of the fields of a report file; none if it cannot be read.
    #[must_use]
    pub fn of(source: &Source, editions: &Editions) -> Self {
        let entries = entries(source).unwrap_or_default();
        match form_of(entries, editions) {
            Some(form) => read_in(source, entries, form).1,
            None => Self::default(),
        }
    }

    /// The places in a file that is written in a form.
    pub(super) fn in_form(source: &Source, form: &Form) -> Self {
        read_in(source, entries(source).unwrap_or_default(), form).1
    }
}

struct Reader<'a> {
    source: &'a Source,
    report: RawReport,
    places: Places,
}

impl Reader<'_> {
    fn report(&mut self, entries: &[Entry], form: &Form) {
        let parts = form.parts();
        let mut seen: Vec<String> = Vec::new();
        for entry in entries {
            let top = field::TOP.iter().find(|f| f.name().matches(&entry.key));
            let part = parts.iter().find(|part| part.name.matches(&entry.key));
            let key = top.map(|field| field.key.to_owned());
            let key = key.or_else(|| part.map(|part| part.name.key.clone()));
            // The second of two is no field of the form any more.
            let Some(key) = key.filter(|key| !seen.contains(key)) else {
                self.unknown(entry);
                continue;
            };
            seen.push(key.clone());
            match (top, part.map(|part| part.content)) {
                (Some(field), _) => self.top(*field, entry, form),
                (None, Some(Content::Prose)) => {
                    self.places
                        .prose(entry, &FieldRef::section(&key), self.source);
                    let text = self.text_of(entry);
                    self.report.sections.extend(text.map(|text| (key, text)));
                }
                (None, Some(Content::Titled)) => {
                    self.places.entry(entry, &FieldRef::section(&key));
                    let parts = [field::SECTION_TITLE, field::TEXT];
                    self.report.titled = self.list(entry, parts, |titled, part| FieldRef::Titled {
                        titled,
                        part: part.map(|field| field.key),
                    });
                }
                (None, Some(Content::Table(table))) => {
                    let lines = self.table(entry, &key, table);
                    self.report.tables.insert(key, lines);
                }
                (None, None) => {}
            }
        }
        self.places.without_head(entries);
    }

    fn top(&mut self, field: Field, entry: &Entry, form: &Form) {
        let whole = FieldRef::Field { field: field.key };
        if field == field::PREFACE {
            self.places.prose(entry, &whole, self.source);
        } else {
            self.places.entry(entry, &whole);
        }
        match field {
            field::WAIVERS => {
                let parts = [field::RULE, field::REASON];
                self.report.waivers = self.list(entry, parts, |waiver, part| FieldRef::Waiver {
                    waiver,
                    part: part.map(|field| field.key),
                });
            }
            field::HEADINGS => {
                self.report.headings =
                    self.by_section(entry, form, |heading| FieldRef::Heading { heading });
            }
            field::NOTES => {
                self.report.notes = self.by_section(entry, form, |note| FieldRef::Note { note });
            }
            field::TEXTS => self.texts(entry, form),
            field::SIGNATURE => self.signature(entry),
            _ => {
                let text = self.text_of(entry);
                let text = text.map(|text| (field.key.to_owned(), text));
                self.report.fields.extend(text);
            }
        }
    }

    fn signature(&mut self, entry: &Entry) {
        for part in self.entries(entry) {
            if !field::NAME.name().matches(&part.key) {
                self.unknown(part);
                continue;
            }
            self.report.signature = if let NodeKind::Sequence(items) = &part.value.kind {
                for (i, item) in items.iter().enumerate() {
                    let at = FieldRef::Signature { signature: i + 1 };
                    self.places.note(item.span, &at);
                }
                items.iter().map(text).collect()
            } else {
                let at = FieldRef::Signature { signature: 1 };
                self.places.entry(part, &at);
                self.text_of(part).into_iter().collect()
            };
        }
    }

    fn texts(&mut self, entry: &Entry, form: &Form) {
        for given in self.entries(entry) {
            let mut sections = form.sections.iter();
            let Some(section) = sections.find(|section| section.name().matches(&given.key)) else {
                self.unknown(given);
                continue;
            };
            let at = |part: Option<Field>| FieldRef::TableText {
                text: section.key.clone(),
                part: part.map(|field| field.key),
            };
            self.places.entry(given, &at(None));
            let parts = self.entries(given);
            let known = self.known(parts, &[field::BEFORE, field::AFTER], |field| {
                at(Some(field))
            });
            self.report.texts.insert(section.key.clone(), known);
        }
    }

    /// The parts of a map that are texts, by key.
    fn known(
        &mut self,
        entries: &[Entry],
        parts: &[Field],
        at: impl Fn(Field) -> FieldRef,
    ) -> BTreeMap<String, String> {
        let mut known = BTreeMap::new();
        for part in entries {
            match parts.iter().find(|field| field.name().matches(&part.key)) {
                Some(field) => {
                    self.places.prose(part, &at(*field), self.source);
                    let text = self.text_of(part);
                    known.extend(text.map(|text| (field.key.to_owned(), text)));
                }
                None => self.unknown(part),
            }
        }
        known
    }

    /// Texts by sections.
    fn by_section(
        &mut self,
        entry: &Entry,
        form: &Form,
        at: impl Fn(String) -> FieldRef,
    ) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        for part in self.entries(entry) {
            let mut sections = form.sections.iter();
            match sections.find(|section| section.name().matches(&part.key)) {
                Some(section) => {
                    let at = at(section.key.clone());
                    self.places.prose(part, &at, self.source);
                    let text = self.text_of(part);
                    found.extend(text.map(|text| (section.key.clone(), text)));
                }
                None => self.unknown(part),
            }
        }
        found
    }

    /// A list of maps with the same parts; `at` names an item, from 1, or a part of it.
    fn list<const N: usize>(
        &mut self,
        entry: &Entry,
        parts: [Field; N],
        at: impl Fn(usize, Option<Field>) -> FieldRef,
    ) -> Vec<BTreeMap<String, String>> {
        let NodeKind::Sequence(items) = &entry.value.kind else {
            self.unknown_unless_blank(entry);
            return Vec::new();
        };
        let mut found = Vec::new();
        for (i, item) in items.iter().enumerate() {
            self.places.note(item.span, &at(i + 1, None));
            let NodeKind::Mapping(entries) = &item.kind else {
                self.unknown(entry);
                continue;
            };
            let known = self.known(entries, &parts, |field| at(i + 1, Some(field)));
            found.push(known);
        }
        found
    }

    fn table(&mut self, entry: &Entry, key: &str, table: &Table) -> Vec<Option<RawLine>> {
        self.places.entry(entry, &FieldRef::cell(key, None, None));
        let mut lines = vec![None; table.lines().len()];
        for given in self.entries(entry) {
            let at = position(table.lines().iter().map(|line| &line.name), &given.key);
            match at.filter(|at| lines[*at].is_none()) {
                Some(at) => lines[at] = self.line(given, key, &table.lines()[at]),
                None => self.unknown(given),
            }
        }
        lines
    }

    fn line(&mut self, entry: &Entry, table: &str, line: &Line) -> Option<RawLine> {
        let row = line.name.key.as_str();
        let at = |column: usize| {
            let column = line.columns[column].name.key.as_str();
            FieldRef::cell(table, Some(row), Some(column))
        };
        self.places
            .entry(entry, &FieldRef::cell(table, Some(row), None));
        let count = line.columns.len();
        match &entry.value.kind {
            NodeKind::Mapping(entries) if !is_cell(entries) => {
                let mut cells = vec![None; count];
                for given in entries {
                    let place =
                        position(line.columns.iter().map(|column| &column.name), &given.key);
                    match place {
                        Some(place) => {
                            self.places.entry(given, &at(place));
                            cells[place] = self.cell(given, &given.value);
                        }
                        None => self.unknown(given),
                    }
                }
                Some(cells)
            }
            NodeKind::Sequence(items) if items.len() == count => {
                let mut cells = Vec::new();
                for (i, item) in items.iter().enumerate() {
                    self.places.note(item.span, &at(i));
                    cells.push(self.cell(entry, item));
                }
                Some(cells)
            }
            _ if count == 1 => {
                self.places.note(entry.value.span, &at(0));
                Some(vec![self.cell(entry, &entry.value)])
            }
            NodeKind::Scalar(scalar) if scalar.text == "0" || is_not_filled(&scalar.text) => {
                Some(vec![Some(RawCell::new(scalar.text.trim())); count])
            }
            _ => {
                self.unknown_unless_blank(entry);
                None
            }
        }
    }

    fn cell(&mut self, entry: &Entry, node: &Node) -> Option<RawCell> {
        let mut cell = RawCell::default();
        match &node.kind {
            NodeKind::Scalar(_) => cell.value = text(node),
            NodeKind::Mapping(parts) => {
                for part in parts {
                    if field::VALUE.name().matches(&part.key) {
                        cell.value = text(&part.value);
                    } else if field::NOTE.name().matches(&part.key) {
                        cell.note = text(&part.value);
                    } else {
                        self.unknown(part);
                    }
                }
            }
            NodeKind::Sequence(_) => {
                self.unknown(entry);
                return None;
            }
        }
        Some(cell)
    }

    /// The entries of a map; any other value has no place.
    fn entries<'n>(&mut self, entry: &'n Entry) -> &'n [Entry] {
        if let NodeKind::Mapping(entries) = &entry.value.kind {
            return entries;
        }
        self.unknown_unless_blank(entry);
        &[]
    }

    /// The text of an entry; `None` if it is blank.
    fn text_of(&mut self, entry: &Entry) -> Option<String> {
        match &entry.value.kind {
            NodeKind::Scalar(_) if entry.value.is_blank() => None,
            NodeKind::Scalar(_) => Some(text(&entry.value)),
            _ => {
                self.unknown(entry);
                None
            }
        }
    }

    fn unknown_unless_blank(&mut self, entry: &Entry) {
        if !entry.value.is_blank() {
            self.unknown(entry);
        }
    }

    fn unknown(&mut self, entry: &Entry) {
        self.report.unknown.push(Unknown {
            key: entry.key.clone(),
            line: self.source.position(entry.key_span.start).0,
        });
    }
}

fn position<'n>(mut names: impl Iterator<Item = &'n Name>, key: &str) -> Option<usize> {
    names.position(|name| name.matches(key))
}

/// The written text of a scalar, without the white space around it.
fn text(node: &Node) -> String {
    match &node.kind {
        NodeKind::Scalar(scalar) if !node.is_blank() => scalar.text.trim().to_owned(),
        _ => String::new(),
    }
}
