//! What a report file says, field by field and as written, so that a form can be filled in with it.
//!
//! Nothing is judged here: a faulty value is as good as any other, because its author wants to see it in
//! its place and mend it. What no form has a place for is named and left out.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::diagnostic::Outcome;
use crate::form::{Content, Editions, Form, Line, Name, Table};
use crate::report::field::{self, Field};
use crate::report::is_cell;
use crate::source::{Entry, Kind, Node, Source};

/// What a report file says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RawReport {
    /// The edition that it names or that its year asks for, else the newest.
    pub edition: String,
    /// The single fields at the top, by key.
    pub fields: BTreeMap<String, String>,
    /// Who signs.
    pub signature: Vec<String>,
    /// Wording of section titles, by section.
    pub headings: BTreeMap<String, String>,
    /// Notes under tables, by section.
    pub notes: BTreeMap<String, String>,
    /// Findings accepted as published.
    pub waivers: Vec<BTreeMap<String, String>>,
    /// Texts of sections, by section.
    pub sections: BTreeMap<String, String>,
    /// Sections with titles of their own.
    pub titled: Vec<BTreeMap<String, String>>,
    /// The values of tables, by line and column of the form; none where nothing is given.
    pub tables: BTreeMap<String, Vec<Option<RawLine>>>,
    /// What has no place.
    pub unknown: Vec<Unknown>,
}

/// The values of a line.
pub type RawLine = Vec<Option<RawCell>>;

/// A value as written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RawCell {
    /// The value; empty where it is blank.
    pub value: String,
    /// Its remark.
    pub note: String,
}

/// Something that has no place in a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unknown {
    /// Its key.
    pub key: String,
    /// Its line, from 1.
    pub line: usize,
}

/// Reads a file for a form; none, with the finding that says so, where it is no map of keys and values.
#[must_use]
pub fn read(source: &Source, editions: &Editions) -> Outcome<RawReport> {
    let entries = match source.root() {
        Ok(Node {
            kind: Kind::Mapping(entries),
            ..
        }) => entries,
        Ok(node) => return Outcome::new(None, vec![crate::report::no_map(node.span)]),
        Err(fault) => return Outcome::new(None, vec![fault.into()]),
    };
    let find = |field: Field| entries.iter().find(|e| field.name().matches(&e.key));
    let named = find(field::FORMAT).and_then(|entry| editions.named(&text(&entry.value)));
    let year = find(field::YEAR).and_then(|entry| text(&entry.value).parse().ok());
    let of_year = year.and_then(|year| editions.for_year(year));
    let Some(form) = named.or(of_year).or(editions.newest()) else {
        return Outcome::new(None, Vec::new());
    };
    let mut reader = Reader {
        source,
        filled: RawReport {
            edition: form.edition.clone(),
            ..RawReport::default()
        },
    };
    reader.report(entries, form);
    Outcome::new(Some(reader.filled), Vec::new())
}

struct Reader<'a> {
    source: &'a Source,
    filled: RawReport,
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
                    let text = self.text_of(entry);
                    self.filled.sections.extend(text.map(|text| (key, text)));
                }
                (None, Some(Content::Titled)) => {
                    self.filled.titled = self.list(entry, [field::SECTION_TITLE, field::TEXT]);
                }
                (None, Some(Content::Table(table))) => {
                    let lines = self.table(entry, table);
                    self.filled.tables.insert(key, lines);
                }
                (None, None) => {}
            }
        }
    }

    fn top(&mut self, field: Field, entry: &Entry, form: &Form) {
        match field {
            field::WAIVERS => self.filled.waivers = self.list(entry, [field::RULE, field::REASON]),
            field::HEADINGS => self.filled.headings = self.by_section(entry, form),
            field::NOTES => self.filled.notes = self.by_section(entry, form),
            field::SIGNATURE => {
                for part in self.entries(entry) {
                    if !field::NAME.name().matches(&part.key) {
                        self.unknown(part);
                        continue;
                    }
                    self.filled.signature = match &part.value.kind {
                        Kind::Sequence(items) => items.iter().map(text).collect(),
                        _ => self.text_of(part).into_iter().collect(),
                    };
                }
            }
            _ => {
                let text = self.text_of(entry);
                let text = text.map(|text| (field.key.to_owned(), text));
                self.filled.fields.extend(text);
            }
        }
    }

    /// Texts by sections.
    fn by_section(&mut self, entry: &Entry, form: &Form) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        for part in self.entries(entry) {
            let mut sections = form.sections.iter();
            match sections.find(|section| section.name().matches(&part.key)) {
                Some(section) => {
                    let text = self.text_of(part);
                    found.extend(text.map(|text| (section.key.clone(), text)));
                }
                None => self.unknown(part),
            }
        }
        found
    }

    /// A list of maps with the same parts.
    fn list<const N: usize>(
        &mut self,
        entry: &Entry,
        parts: [Field; N],
    ) -> Vec<BTreeMap<String, String>> {
        let Kind::Sequence(items) = &entry.value.kind else {
            self.unknown_unless_blank(entry);
            return Vec::new();
        };
        let mut found = Vec::new();
        for item in items {
            let mut known = BTreeMap::new();
            let Kind::Mapping(entries) = &item.kind else {
                self.unknown(entry);
                continue;
            };
            for part in entries {
                match parts.iter().find(|field| field.name().matches(&part.key)) {
                    Some(field) => {
                        let text = self.text_of(part);
                        known.extend(text.map(|text| (field.key.to_owned(), text)));
                    }
                    None => self.unknown(part),
                }
            }
            found.push(known);
        }
        found
    }

    fn table(&mut self, entry: &Entry, table: &Table) -> Vec<Option<RawLine>> {
        let mut lines = vec![None; table.lines().len()];
        for given in self.entries(entry) {
            let at = position(table.lines().iter().map(|line| &line.name), &given.key);
            match at.filter(|at| lines[*at].is_none()) {
                Some(at) => lines[at] = self.line(given, &table.lines()[at]),
                None => self.unknown(given),
            }
        }
        lines
    }

    fn line(&mut self, entry: &Entry, line: &Line) -> Option<RawLine> {
        let count = line.columns.len();
        match &entry.value.kind {
            Kind::Mapping(entries) if !is_cell(entries) => {
                let mut cells = vec![None; count];
                for given in entries {
                    let at = position(line.columns.iter().map(|column| &column.name), &given.key);
                    match at {
                        Some(at) => cells[at] = self.cell(given, &given.value),
                        None => self.unknown(given),
                    }
                }
                Some(cells)
            }
            Kind::Sequence(items) if items.len() == count => {
                Some(items.iter().map(|item| self.cell(entry, item)).collect())
            }
            _ if count == 1 => Some(vec![self.cell(entry, &entry.value)]),
            Kind::Scalar(scalar) if scalar.text == "0" => {
                let zero = RawCell {
                    value: "0".to_owned(),
                    note: String::new(),
                };
                Some(vec![Some(zero); count])
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
            Kind::Scalar(_) => cell.value = text(node),
            Kind::Mapping(parts) => {
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
            Kind::Sequence(_) => {
                self.unknown(entry);
                return None;
            }
        }
        Some(cell)
    }

    /// The entries of a map; what is none has no place.
    fn entries<'n>(&mut self, entry: &'n Entry) -> &'n [Entry] {
        if let Kind::Mapping(entries) = &entry.value.kind {
            return entries;
        }
        self.unknown_unless_blank(entry);
        &[]
    }

    /// The text of an entry that is not left blank.
    fn text_of(&mut self, entry: &Entry) -> Option<String> {
        match &entry.value.kind {
            Kind::Scalar(_) if entry.value.is_blank() => None,
            Kind::Scalar(_) => Some(text(&entry.value)),
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
        self.filled.unknown.push(Unknown {
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
        Kind::Scalar(scalar) if !node.is_blank() => scalar.text.trim().to_owned(),
        _ => String::new(),
    }
}
