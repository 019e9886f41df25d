//! Keys of the file that slipped into the text above them, because they are indented as its lines are.

use super::Binder;
use super::pair::{Colon, Pair};
use crate::diagnostic::{Called, Diagnostic, Said};
use crate::form::{Content, Name, Part};
use crate::report::{Prose, field, rules};
use crate::source::{Entry, NodeKind, Span, Style};

/// The most bytes of a key with its colon.
const LONGEST_KEY: usize = 200;

/// A line of a text that is a key of the file.
struct Swallowed {
    span: Span,
    /// The key of what it means.
    key: String,
    /// What it is, and the remedy, in Chinese.
    said: (Said, Said),
    what: What,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    /// A table, which rows may follow.
    Table,
    /// A row of a table.
    Row,
    /// Any other field.
    Field,
}

/// What a report lacks at its top and in its tables: only that is sought in its texts.
struct Absent<'a> {
    fields: Vec<Name>,
    parts: Vec<&'a Part<'a>>,
    /// The rows, each with its table.
    rows: Vec<(&'a Name, &'a Name)>,
}

impl<'a> Absent<'a> {
    fn of(entries: &[Entry], parts: &'a [Part<'a>]) -> Self {
        let given = |name: &Name| entries.iter().find(|entry| name.matches(&entry.key));
        // 注: … below a figure is text.
        let fields = field::TOP.iter().filter(|field| **field != field::NOTES);
        let fields = fields.map(|field| field.name());
        let rows = parts.iter().flat_map(|part| {
            let lines = match part.content {
                Content::Table(table) => table.lines(),
                Content::Prose | Content::Titled => &[],
            };
            let own = match given(&part.name).map(|entry| &entry.value.kind) {
                Some(NodeKind::Mapping(own)) => own.as_slice(),
                _ => &[],
            };
            let absent = lines
                .iter()
                .filter(|line| !own.iter().any(|entry| line.name.matches(&entry.key)));
            absent.map(|line| (&line.name, &part.name))
        });
        Self {
            fields: fields.filter(|name| given(name).is_none()).collect(),
            rows: rows.collect(),
            parts: parts
                .iter()
                .filter(|part| given(&part.name).is_none())
                .collect(),
        }
    }

    /// What a line of the text of `entry` is, if it is a key; `in_table` if it follows a line of a table.
    fn find(&self, line: &str, span: Span, text: Called, in_table: bool) -> Option<Swallowed> {
        // Nearly all lines are sentences, which are longer than any key.
        let head = &line[..line.floor_char_boundary(LONGEST_KEY)];
        if line.len() > LONGEST_KEY && !head.contains(':') && !head.contains('：') {
            return None;
        }
        let pair = Pair::new(line);
        let part = self.parts.iter().find(|part| part.name.matches(pair.key));
        if let Some(part) = part.filter(|_| pair.colon == Colon::Plain || pair.is_short()) {
            let what = match part.content {
                Content::Table(_) => What::Table,
                Content::Prose | Content::Titled => What::Field,
            };
            let message = Said::new(
                format!("“{}”是一个部分的键，缩进在“{}”的正文里", pair.key, text.key),
                format!("“{}”混在“{}”的文字里", part.name.term, text.title),
            );
            let hint = match pair.colon {
                Colon::Plain => "去掉这一行的缩进，写在行首".to_owned(),
                _ if what == What::Table => format!("去掉缩进，在行首写 {}:", pair.key),
                _ => format!("去掉缩进，在行首写 {}: |", pair.key),
            };
            return Some(Swallowed {
                span,
                key: part.name.key.clone(),
                said: (message, Said::new(hint, moved(&part.name))),
                what,
            });
        }
        let is_field = |name: &&Name| name.matches(pair.key) && pair.colon == Colon::Plain;
        if let Some(name) = self.fields.iter().find(is_field) {
            let message = Said::new(
                format!("“{}”是报告的一项，缩进在“{}”的正文里", pair.key, text.key),
                format!("“{}”混在“{}”的文字里", name.term, text.title),
            );
            let hint = Said::new("去掉这一行的缩进，写在行首", moved(name));
            return Some(Swallowed {
                span,
                key: name.key.clone(),
                said: (message, hint),
                what: What::Field,
            });
        }
        let may_be_row = match pair.colon {
            Colon::Plain => true,
            Colon::Slipped => in_table,
            Colon::None => false,
        };
        if !may_be_row || !pair.has_numbers() {
            return None;
        }
        let mut rows = self.rows.iter();
        let (name, table) = rows.find(|(name, _)| name.matches(pair.key))?;
        let message = Said::new(
            format!("“{}”是表的一行，写在“{}”的正文里", pair.key, text.key),
            format!("表的一行“{}”混在“{}”的文字里", name.term, text.title),
        );
        let hint = Said::new(
            format!("移到“{}”的下面，缩进两格", table.shown()),
            moved(table),
        );
        Some(Swallowed {
            span,
            key: name.key.clone(),
            said: (message, hint),
            what: What::Row,
        })
    }
}

/// What to do with what stands in the text of another.
fn moved(name: &Name) -> String {
    format!("从文字中删去，填写到“{}”中", name.term)
}

/// The lines of a `|` block, without those that are blank.
fn lines(source: &str, block: Span) -> impl Iterator<Item = (&str, Span)> {
    let text = source.get(block.start..block.end).unwrap_or_default();
    let mut at = block.start;
    let lines = text.split_inclusive(['\r', '\n']).map(move |whole| {
        let line = whole.trim();
        let start = at + whole.len() - whole.trim_start().len();
        at += whole.len();
        (line, Span::new(start, start + line.len()))
    });
    lines.filter(|(line, _)| !line.is_empty())
}

impl Binder<'_> {
    /// Reports the keys in texts, a table with its rows once, and takes note of their lines.
    pub(super) fn take_swallowed(&mut self, entries: &[Entry], parts: &[Part]) {
        let absent = Absent::of(entries, parts);
        for entry in entries {
            if !matches!(&entry.value.kind, NodeKind::Scalar(text) if text.style == Style::Literal)
            {
                continue;
            }
            let title = parts.iter().find(|part| part.name.matches(&entry.key));
            let field = field::TOP.iter().find(|own| own.name().matches(&entry.key));
            let title = title.map(|part| part.name.term.as_str());
            let title = title.or(field.map(|own| own.term));
            let text = Called {
                key: &entry.key,
                title: title.unwrap_or(&entry.key),
            };
            let mut run: Option<(Swallowed, usize)> = None;
            for (line, span) in lines(self.source, entry.value.span) {
                let in_table = run
                    .as_ref()
                    .is_some_and(|(first, _)| first.what != What::Field);
                let found = absent.find(line, span, text, in_table);
                let Some(found) = found else { continue };
                self.swallowed.push(found.span);
                let is_new = self.meant.insert(found.key.clone());
                match &mut run {
                    Some((_, count)) if in_table && found.what == What::Row => *count += 1,
                    // One that is told already goes with it.
                    _ if !is_new => {}
                    _ => self.tell_swallowed(run.replace((found, 1))),
                }
            }
            self.tell_swallowed(run);
        }
    }

    fn tell_swallowed(&mut self, run: Option<(Swallowed, usize)>) {
        let Some((Swallowed { span, said, .. }, count)) = run else {
            return;
        };
        let (mut message, hint) = said;
        if count > 1 {
            let more = format!("，连同下面共 {count} 行");
            message = Said::new(
                format!("{message}{more}"),
                message.plain().to_owned() + &more,
            );
        }
        self.push(Diagnostic::new(rules::UNKNOWN_KEY, span, message).hint(hint));
    }

    /// Takes the keys out of a text: they are none of it.
    pub(super) fn without_swallowed(&self, prose: &mut Prose) {
        prose.paragraphs.retain(|paragraph| {
            let texts = paragraph.texts();
            let start = texts.first().map(|text| text.span.start);
            let is_at = |own: &Span| Some(own.start).cmp(&start);
            self.swallowed.binary_search_by(is_at).is_err()
        });
    }
}
