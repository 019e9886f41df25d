//! The writer of report files: fields as YAML with exactly their content.
//!
//! Texts of several paragraphs become blocks, so that each paragraph is a line; ambiguous texts are quoted;
//! values keep the digits that they were typed with.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use super::{Places, RawCell, RawLine, RawReport};
use crate::form::{Column, Content, Form, Language, Line, Name, Table};
use crate::report::Value;
use crate::report::field::{self, Field};
use crate::source::Source;

/// One step of indentation.
const STEP: &str = "  ";

/// A report file, and the places of its fields.
#[derive(Clone, Debug)]
pub struct Yaml {
    /// The text of the file.
    pub text: String,
    /// The places of its fields.
    pub places: Places,
}

impl RawReport {
    /// The report as a file in a form, which is that of its edition.
    ///
    /// Fields that the form does not have are left out, as is white space around texts, which has no meaning.
    /// `format` is written if it is given, or if the year does not select the edition.
    #[must_use]
    pub fn to_yaml(&self, form: &Form, language: Language) -> Yaml {
        let mut writer = Writer {
            language,
            text: String::new(),
        };
        writer.report(self, form);
        let Writer { text, .. } = writer;
        let source = Source::from_bytes(Path::new(""), text.into_bytes());
        Yaml {
            places: Places::in_form(&source, form),
            text: source.text().to_owned(),
        }
    }

    /// Whether the file has to name its edition.
    fn names_edition(&self, form: &Form) -> bool {
        let year = self.fields.get(field::YEAR.key);
        let year = year.and_then(|year| year.parse().ok());
        self.fields.contains_key(field::FORMAT.key) || !year.is_some_and(|year| form.is_for(year))
    }
}

struct Writer {
    language: Language,
    text: String,
}

impl Writer {
    fn report(&mut self, report: &RawReport, form: &Form) {
        for field in field::TOP {
            let text = report.fields.get(field.key).map(String::as_str);
            match field {
                field::FORMAT if report.names_edition(form) => {
                    self.pair("", &field.name(), text.unwrap_or(&form.edition));
                }
                field::FORMAT | field::TEXTS | field::NOTES | field::WAIVERS | field::SIGNATURE => {
                }
                field::HEADINGS => self.by_section(field, &report.headings, form),
                field::TITLE if text.is_some_and(|text| text.trim().contains('\n')) => {
                    self.prose("", &field.name(), text.unwrap_or_default());
                }
                field::PREFACE => {
                    if let Some(text) = text {
                        self.prose("", &field.name(), text);
                    }
                }
                _ => {
                    if let Some(text) = text {
                        self.pair("", &field.name(), text);
                    }
                }
            }
        }
        for part in form.parts() {
            match part.content {
                Content::Prose => {
                    if let Some(text) = report.sections.get(&part.name.key) {
                        self.prose("", &part.name, text);
                    }
                }
                Content::Titled => self.list(
                    &part.name,
                    &report.titled,
                    [field::SECTION_TITLE, field::TEXT],
                ),
                Content::Table(table) => {
                    if let Some(lines) = report.tables.get(&part.name.key) {
                        self.table(&part.name, table, lines);
                    }
                }
            }
        }
        self.texts(&report.texts, form);
        self.by_section(field::NOTES, &report.notes, form);
        let parts = [field::RULE, field::REASON];
        self.list(&field::WAIVERS.name(), &report.waivers, parts);
        self.signature(&report.signature);
    }

    fn key(&self, name: &Name) -> String {
        key(name, self.language)
    }

    /// Writes a key with its one-line text.
    fn pair(&mut self, before: &str, name: &Name, text: &str) {
        let key = self.key(name);
        let text = text.trim();
        let is_plain = [field::YEAR.key, field::DATE.key].contains(&name.key.as_str());
        let value = if is_plain && is_date_or_year(text) {
            text.to_owned()
        } else {
            scalar(text)
        };
        self.text.push_str(&format!("{before}{key}: {value}\n"));
    }

    /// Writes a key with its text of any number of lines.
    fn prose(&mut self, before: &str, name: &Name, text: &str) {
        let text = text.trim();
        if text.is_empty() || !is_block(text) {
            return self.pair(before, name, text);
        }
        let key = self.key(name);
        self.text.push_str(&format!("{before}{key}: |\n"));
        let indent = format!("{}{STEP}", " ".repeat(before.len()));
        for line in text.split('\n') {
            if !line.is_empty() {
                self.text.push_str(&indent);
                self.text.push_str(line);
            }
            self.text.push('\n');
        }
    }

    fn by_section(&mut self, field: Field, texts: &BTreeMap<String, String>, form: &Form) {
        let sections = form.sections.iter();
        let given: Vec<_> = sections
            .filter_map(|section| Some((section.name(), texts.get(&section.key)?)))
            .collect();
        if !given.is_empty() {
            let key = self.key(&field.name());
            self.text.push_str(&format!("{key}:\n"));
        }
        for (name, text) in given {
            if text.trim().contains('\n') {
                self.prose(STEP, &name, text);
            } else {
                self.pair(STEP, &name, text);
            }
        }
    }

    fn texts(&mut self, texts: &BTreeMap<String, BTreeMap<String, String>>, form: &Form) {
        let sections = form.sections.iter();
        let given: Vec<_> = sections
            .filter_map(|section| Some((section.name(), texts.get(&section.key)?)))
            .collect();
        if !given.is_empty() {
            let key = self.key(&field::TEXTS.name());
            self.text.push_str(&format!("{key}:\n"));
        }
        for (name, parts) in given {
            let key = self.key(&name);
            let open = if parts.is_empty() { " {}" } else { "" };
            self.text.push_str(&format!("{STEP}{key}:{open}\n"));
            for field in [field::BEFORE, field::AFTER] {
                if let Some(text) = parts.get(field.key) {
                    self.prose("    ", &field.name(), text);
                }
            }
        }
    }

    /// Writes a list of maps with the same parts.
    fn list<const N: usize>(
        &mut self,
        name: &Name,
        items: &[BTreeMap<String, String>],
        parts: [Field; N],
    ) {
        if !items.is_empty() {
            let key = self.key(name);
            self.text.push_str(&format!("{key}:\n"));
        }
        for item in items {
            let given = parts
                .iter()
                .filter_map(|field| Some((field, item.get(field.key)?)));
            let mut before = "  - ";
            for (field, text) in given {
                match *field {
                    field::TEXT => self.prose(before, &field.name(), text),
                    _ => self.pair(before, &field.name(), text),
                }
                before = "    ";
            }
            if before == "  - " {
                self.text.push_str("  - {}\n");
            }
        }
    }

    fn table(&mut self, name: &Name, table: &Table, lines: &[Option<RawLine>]) {
        let key = self.key(name);
        self.text.push_str(&format!("{key}:\n"));
        for (line, cells) in table.lines().iter().zip(lines) {
            if let Some(cells) = cells {
                let key = self.key(&line.name);
                let values = self.line(line, cells);
                self.text.push_str(&format!("{STEP}{key}: {values}\n"));
            }
        }
    }

    /// The values of a line.
    fn line(&self, line: &Line, cells: &[Option<RawCell>]) -> String {
        if let ([column], [Some(cell)]) = (line.columns.as_slice(), cells) {
            return self.cell(column, cell);
        }
        let pairs = line.columns.iter().zip(cells);
        let given = pairs.filter_map(|(column, cell)| Some((column, cell.as_ref()?)));
        map(given.map(|(column, cell)| (self.key(&column.name), self.cell(column, cell))))
    }

    fn cell(&self, column: &Column, cell: &RawCell) -> String {
        let value = value(cell.value.trim(), column);
        let note = cell.note.trim();
        if note.is_empty() {
            return value;
        }
        let [name, remark] = [field::VALUE, field::NOTE].map(|field| self.key(&field.name()));
        map([(name, value), (remark, scalar(note))])
    }

    fn signature(&mut self, names: &[String]) {
        let [signature, name] = [field::SIGNATURE, field::NAME].map(|f| self.key(&f.name()));
        match names {
            [] => {}
            [only] => {
                let only = scalar(only.trim());
                self.text
                    .push_str(&format!("{signature}:\n{STEP}{name}: {only}\n"));
            }
            several => {
                self.text
                    .push_str(&format!("{signature}:\n{STEP}{name}:\n"));
                for name in several {
                    self.text
                        .push_str(&format!("    - {}\n", scalar(name.trim())));
                }
            }
        }
    }
}

/// A key of a report file.
pub(super) fn key(name: &Name, language: Language) -> String {
    scalar(name.written(language))
}

/// A map on one line.
pub(super) fn map(pairs: impl IntoIterator<Item = (String, String)>) -> String {
    let pairs = pairs
        .into_iter()
        .map(|(key, value)| format!("{key}: {value}"));
    format!("{{{}}}", pairs.collect::<Vec<_>>().join(", "))
}

/// A value in the notation of its column's kind; any other text in quotes as typed, and an empty one as `~`.
fn value(written: &str, column: &Column) -> String {
    if written.is_empty() {
        return "~".to_owned();
    }
    match Value::parse(written, &column.measure) {
        Ok(Value::NotApplicable(_)) | Err(_) => quoted(written),
        Ok(_) => written.to_owned(),
    }
}

/// A text as a YAML scalar: plain if it cannot be mistaken, else in double quotes.
pub(super) fn scalar(text: &str) -> String {
    let plain =
        |c: char| c.is_alphanumeric() && !c.is_ascii_digit() || "（）、，。“”《》〈〉_".contains(c);
    let words = ["null", "true", "false", "yes", "no", "on", "off"];
    let safe = !text.is_empty()
        && text.chars().next().is_some_and(plain)
        && text.chars().all(|c| plain(c) || c.is_ascii_digit())
        && !words.contains(&text.to_lowercase().as_str());
    if safe { text.to_owned() } else { quoted(text) }
}

/// A text in double quotes, as JSON writes it, which YAML reads; characters that YAML does not accept as they
/// are, or takes for line breaks, are escaped by number.
fn quoted(text: &str) -> String {
    let mut written = String::new();
    for c in serde_json::Value::from(text).to_string().chars() {
        if is_printable(c) {
            written.push(c);
        } else {
            let _ = write!(written, "\\u{:04x}", u32::from(c));
        }
    }
    written
}

/// Whether a character stands for itself in a YAML file (YAML 1.2.2, 5.1) and breaks no line.
fn is_printable(c: char) -> bool {
    !c.is_control()
        && !matches!(
            c,
            '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}'
        )
}

/// Whether a text can be a block: its lines are lines of the file.
fn is_block(text: &str) -> bool {
    let blank = |line: &str| !line.is_empty() && line.trim().is_empty();
    text.chars()
        .all(|c| matches!(c, '\n' | '\t') || is_printable(c))
        && !text.split('\n').any(blank)
}

/// Whether a text is a date or a year as usually written, without quotes.
fn is_date_or_year(text: &str) -> bool {
    let shape = text
        .bytes()
        .map(|b| if b.is_ascii_digit() { b'0' } else { b });
    matches!(
        shape.collect::<Vec<_>>().as_slice(),
        b"0000" | b"0000-00-00"
    )
}
