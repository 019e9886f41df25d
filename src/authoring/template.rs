//! A report file to fill in: every row with `?` (待填), labels as comments, and from the report of the year before the
//! values carried over and the texts to be rewritten.

use super::schema::SCHEMA_MARK;
use super::write::{self, scalar};
use crate::form::{
    Block, Body, CellKind, Column, Content, Each, Form, Head, Language, Line, Name, Section, Table,
};
use crate::report::field::{self, Field};
use crate::report::{Chapter, NOT_FILLED, Paragraph, Prose, Report, Value};
use crate::source::{NodeKind, Source};

/// The content that a new report file begins with.
#[derive(Clone, Copy, Debug)]
pub struct Template<'a> {
    /// The edition of its year.
    pub form: &'a Form,
    /// The language of its keys.
    pub language: Language,
    /// The agency.
    pub agency: &'a str,
    /// The year reported on.
    pub year: u16,
    /// The report of the year before.
    pub previous: Option<&'a Report>,
    /// Whether rows begin with 0; else nobody has given their values yet.
    pub zeros: bool,
}

/// The language of most keys at the top of a report file.
#[must_use]
pub fn language(source: &Source) -> Language {
    let entries = match source.root().map(|root| &root.kind) {
        Ok(NodeKind::Mapping(entries)) => entries.as_slice(),
        _ => &[],
    };
    let chinese = entries.iter().filter(|entry| !entry.key.is_ascii());
    if chinese.count() * 2 > entries.len() {
        Language::Chinese
    } else {
        Language::English
    }
}

impl Template<'_> {
    /// The text of the file; `schema` is the path of its schema.
    #[must_use]
    pub fn text(&self, schema: &str) -> String {
        let mut text = format!(
            "# {SCHEMA_MARK} $schema={schema}\n# {}；填完后运行 nianbao check 检查\n",
            self.form.decree
        );
        if !self.zeros {
            let mark = NOT_FILLED[0];
            text.push_str(&format!(
                "# \"{mark}\" 是待填，逐行换成数值；没有发生的写 0，没有统计的留空，不适用的写 \"/\"\n"
            ));
        }
        self.top(&mut text);
        for section in &self.form.sections {
            text.push_str(&format!("\n# {}\n", section.title));
            match section.body {
                Body::Prose => self.prose(section, &mut text),
                Body::Titled => self.titled(section, &mut text),
                Body::Tables => {
                    for part in self.form.parts() {
                        if let Content::Table(table) = part.content
                            && section.tables.contains(&part.name.key)
                        {
                            self.surrounding(section, &mut text);
                            text.push_str(&format!("{}:\n", self.key(&part.name)));
                            self.table(&part.name.key, table, &mut text);
                        }
                    }
                }
            }
        }
        text
    }

    fn key(&self, name: &Name) -> String {
        write::key(name, self.language)
    }

    fn field(&self, field: Field) -> String {
        self.key(&field.name())
    }

    /// Writes agency, year, and the optional fields.
    fn top(&self, text: &mut String) {
        let Self { agency, year, .. } = *self;
        text.push_str(&format!(
            "{}: {}\n",
            self.field(field::AGENCY),
            scalar(agency)
        ));
        text.push_str(&format!("{}: {year}\n", self.field(field::YEAR)));
        let optional = |text: &mut String, field: Field, example: &str| {
            let key = self.field(field);
            text.push_str(&format!("# {}\n# {key}: {example}\n", field.says));
        };
        optional(text, field::DATE, &format!("{}-01-20", year + 1));
        let Some(previous) = self.previous else {
            return optional(text, field::PREFACE, "|\n#   …");
        };
        self.without_place(previous, text);
        // Another agency's name is on its title and its signature.
        let same = previous.agency.text == agency;
        let default = previous
            .form
            .title_words(&previous.agency.text, previous.year)
            .concat();
        if same && previous.title.text != default {
            let before = previous.year.to_string();
            let title = previous.title.text.replace(&before, &year.to_string());
            optional(text, field::TITLE, &scalar(&title));
        }
        if !previous.preface.paragraphs.is_empty() {
            rewrite(&previous.preface, text);
            text.push_str(&format!("{}: |\n  \n", self.field(field::PREFACE)));
        }
        let sections = self.form.sections.iter();
        let kept: Vec<_> = sections
            .filter_map(|section| Some((section, previous.headings.get(&section.key)?)))
            .collect();
        if !kept.is_empty() {
            text.push_str(&format!("{}:\n", self.field(field::HEADINGS)));
        }
        for (section, wording) in kept {
            text.push_str(&format!(
                "  {}: {}\n",
                self.key(&section.name()),
                scalar(&wording.text)
            ));
        }
        let names: Vec<_> = previous.signature.iter().map(|n| scalar(&n.text)).collect();
        if !names.is_empty() && same {
            let names = match names.as_slice() {
                [name] => name.clone(),
                several => format!("[{}]", several.join(", ")),
            };
            let name = write::map([(self.field(field::NAME), names)]);
            text.push_str(&format!("{}: {name}\n", self.field(field::SIGNATURE)));
        }
    }

    /// Writes texts of the year before that have no place of their own in this year's form.
    fn without_place(&self, previous: &Report, text: &mut String) {
        let takes = |chapter: &Chapter| {
            let mut sections = self.form.sections.iter();
            sections.any(|own| own.key == chapter.section.key && own.body == chapter.section.body)
        };
        for chapter in previous.chapters().filter(|chapter| !takes(chapter)) {
            if let Some(prose) = chapter.prose {
                text.push_str(&format!("# 上年度的部分：{}\n", previous.heading(&chapter)));
                rewrite(prose, text);
            }
        }
    }

    fn prose(&self, section: &Section, text: &mut String) {
        let before = self
            .previous
            .and_then(|report| report.sections.get(&section.key));
        if let Some(before) = before {
            rewrite(before, text);
        }
        let key = self.key(&section.name());
        if section.aspects.is_empty() {
            return text.push_str(&format!("{key}: |\n  \n"));
        }
        text.push_str(&format!("{key}: |\n"));
        for (i, aspect) in section.aspects.iter().enumerate() {
            let numeral = crate::form::NUMERALS.chars().nth(i).unwrap_or('一');
            text.push_str(&format!("  （{numeral}）{}\n  \n", aspect.label));
        }
    }

    fn titled(&self, section: &Section, text: &mut String) {
        for titled in self.previous.iter().flat_map(|report| &report.titled) {
            text.push_str(&format!("# 上年度的部分：{}\n", titled.title.text));
            rewrite(&titled.prose, text);
        }
        let [title, own] = [field::SECTION_TITLE, field::TEXT].map(|field| self.field(field));
        let key = self.key(&section.name());
        text.push_str("# 可以有若干部分，每个从“- ”起，标题连同序号写\n");
        text.push_str(&format!(
            "{key}:\n  - {title}: 一、概述\n    {own}: |\n      \n"
        ));
    }

    /// Writes how text before and behind a table is given, and that of the year before.
    fn surrounding(&self, section: &Section, text: &mut String) {
        let [texts, before, after] =
            [field::TEXTS, field::BEFORE, field::AFTER].map(|field| self.field(field));
        let key = self.key(&section.name());
        text.push_str(&format!(
            "# 表的前后另有文字的，写 {texts}: {{{key}: {{{before}: …, {after}: …}}}}\n"
        ));
        let previous = self
            .previous
            .and_then(|report| report.texts.get(&section.key));
        for prose in previous
            .iter()
            .flat_map(|texts| [&texts.before, &texts.after])
        {
            rewrite(prose, text);
        }
        let note = self
            .previous
            .and_then(|report| report.notes.get(&section.key));
        if let Some(note) = note {
            let notes = self.field(field::NOTES);
            text.push_str(&format!(
                "# 上年度有注；今年还要的，写 {notes}: {{{key}: …}}\n"
            ));
            rewrite(note, text);
        }
    }

    fn table(&self, key: &str, table: &Table, text: &mut String) {
        for Block { title, rows, .. } in &table.blocks {
            text.push_str(&format!("  # {title}\n"));
            let first = rows.first().and_then(|row| table.line(row.key.as_deref()?));
            ways(&table.lines()[first.unwrap_or_default()], text);
            self.heads(key, table, rows, text);
        }
        if table.blocks.is_empty() {
            ways(&table.lines()[0], text);
        }
        let heads = if table.rows.is_empty() {
            &table.columns
        } else {
            &table.rows
        };
        self.heads(key, table, heads, text);
    }

    /// Writes the lines below labels, and the labels that only group as comments.
    fn heads(&self, key: &str, table: &Table, heads: &[Head], text: &mut String) {
        for head in heads {
            let line = head.key.as_ref().and_then(|key| table.line(key));
            let Some(line) = line.map(|i| &table.lines()[i]) else {
                text.push_str(&format!("  # {}\n", head.label));
                self.heads(key, table, &head.children, text);
                continue;
            };
            let unit = line
                .columns
                .first()
                .and_then(|column| column.measure.unit.as_ref());
            let unit =
                unit.filter(|_| line.columns.iter().all(|c| c.measure.unit.as_ref() == unit));
            let name = self.key(&line.name);
            let label = Some(&head.label).filter(|label| **label != name);
            let comment: Vec<&str> = label.into_iter().chain(unit).map(String::as_str).collect();
            let comment = comment.join("，");
            // A total that stays 0 while its parts do not is an error, so it is left out.
            text.push_str(&if line.parts.is_some() {
                format!("  # {name}: {}，由程序算出\n", head.label)
            } else {
                let value = self.carried(key, table, line);
                format!("  {name}: {value}  # {comment}\n")
            });
            if table.list.is_some() {
                self.heads(key, table, &head.children, text);
            }
        }
    }

    /// The initial values of a line: those carried over from the year before, or else 0 or `?`.
    fn carried(&self, key: &str, table: &Table, line: &Line) -> String {
        let carried = || {
            let rule = table.rules.iter().find(|rule| {
                rule.each == Each::Column
                    && rule.add.is_empty()
                    && rule.equals.as_slice() == [line.name.key.clone()]
            })?;
            let previous = self.previous?;
            let before = previous.form.tables.get(key)?;
            let grid = previous.tables.get(key)?;
            let of = rule.previous.as_ref()?;
            let value = |column: &Column| {
                let cell = grid.get(before, of, &column.name.key)?;
                // What was not reported then is not known now.
                let reported = !matches!(cell.value, Value::Blank | Value::NotApplicable(_));
                reported.then(|| cell.value.count())
            };
            // Totals are left to be computed: last year's may be wrong.
            let columns = line.columns.iter().filter(|column| column.parts.is_none());
            let named = |column: &Column| Some((self.key(&column.name), value(column)?));
            columns.map(named).collect::<Option<Vec<(String, u64)>>>()
        };
        match carried() {
            Some(values) if values.iter().any(|(_, value)| *value > 0) => write::map(
                values
                    .into_iter()
                    .map(|(key, value)| (key, value.to_string())),
            ),
            Some(_) => "0".to_owned(),
            None if self.zeros => "0".to_owned(),
            None => scalar(NOT_FILLED[0]),
        }
    }
}

/// Writes a comment with the notation of a line of several columns.
fn ways(line: &Line, text: &mut String) {
    if line.columns.len() < 2 {
        return;
    }
    let columns: Vec<&str> = line.columns.iter().map(|c| c.name.label.as_str()).collect();
    let example = line.columns.iter().enumerate();
    let example = example.map(|(i, column)| match column.measure.kind {
        CellKind::Change => "+1".to_owned(),
        CellKind::AmountWithUnit => {
            format!(
                "251000{}",
                column.measure.unit.as_deref().unwrap_or_default()
            )
        }
        _ if i == 0 || column.parts.is_some() => "1".to_owned(),
        _ => "0".to_owned(),
    });
    let example: Vec<String> = example.collect();
    text.push_str(&format!("  # 各栏依次为 {}\n", columns.join("、")));
    text.push_str(&format!(
        "  # 整行为 0 的写 0；否则写 [{}]\n",
        example.join(", ")
    ));
}

/// Writes last year's text as comments.
fn rewrite(prose: &Prose, text: &mut String) {
    if prose.paragraphs.is_empty() {
        return;
    }
    text.push_str("# 上年度的文字，供改写；改完删去：\n");
    for paragraph in &prose.paragraphs {
        let lines = match paragraph {
            Paragraph::Figure { caption, path } => {
                vec![format!("![{}]({})", caption.text, path.text)]
            }
            Paragraph::Table(table) => table.lines().collect(),
            paragraph => vec![paragraph.line().text],
        };
        for line in lines {
            text.push_str(&format!("#   {line}\n"));
        }
    }
}
