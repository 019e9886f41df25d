//! The tidied report file: what can be put right without judging is, and nothing else changes a byte.
//!
//! Only texts are tidied: values of tables, words and their order stay. A change that YAML would read as another file is
//! none.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::Path;

use serde::Serialize;

use super::places::{FieldRef, Places, Subject};
use crate::check;
use crate::diagnostic::Outcome;
use crate::form::Editions;
use crate::report::{self, field};
use crate::source::{Node, NodeKind, Source, Span, Style};

/// The most rounds in which corrections make room for others.
const ROUNDS: usize = 8;
/// The most files that are read to find changes that YAML would read otherwise.
const TRIES: usize = 64;

/// A change of a report file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The place in the file.
    pub span: Span,
    /// The text that stands there, without the escapes of YAML.
    pub before: String,
    /// The text in its place.
    pub after: String,
}

/// A tidied report file.
#[derive(Clone, Debug)]
pub struct Tidied {
    /// The file.
    pub text: String,
    /// The changes, in the order of the file.
    pub changes: Vec<Change>,
    places: Places,
}

/// A change as programs are told it.
#[derive(Serialize)]
struct ChangeJson<'a> {
    line: usize,
    column: usize,
    before: &'a str,
    after: &'a str,
    at: Option<Subject<'a>>,
}

/// A character of a text, and where it is written.
struct Written {
    character: char,
    range: Range<usize>,
}

/// The changes of one text of a file.
struct TextChanges {
    /// The place of the text in the file before.
    span: Span,
    changes: Vec<Change>,
    /// The lines of the text with the changes.
    after: Vec<String>,
}

/// Tidies a report file. Without a value, and with a finding, if it is no map of keys and values.
#[must_use]
pub fn tidy(source: &Source, editions: &Editions) -> Outcome<Tidied> {
    let Ok(root) = source.root() else {
        return Outcome::new(None, report::bind_partly(source, editions).findings);
    };
    let places = Places::of(source, editions);
    let mut changes = changes(source, root, &places, |_| true);
    // A key that slipped into a text is no text.
    let partial = report::bind_partly(source, editions).value;
    let swallowed = partial.map_or(Vec::new(), |partial| partial.swallowed);
    changes.retain(|Change { span, .. }| {
        let next = swallowed.partition_point(|line| line.end < span.end);
        swallowed
            .get(next)
            .is_none_or(|line| span.start < line.start)
    });
    let tidied = Tidied {
        text: changed(source.text(), &changes),
        changes,
        places,
    };
    Outcome::new(Some(tidied), Vec::new())
}

/// The changes of the texts that are asked for, in the order of the file.
pub(super) fn changes(
    source: &Source,
    root: &Node,
    places: &Places,
    is_asked: impl Fn(Span) -> bool,
) -> Vec<Change> {
    let texts: BTreeMap<Span, Style> = root
        .scalars()
        .into_iter()
        .filter_map(|(span, scalar)| Some((span, scalar?.style)))
        .collect();
    let fields = places.iter().filter(|(field, _)| is_text(field));
    let spans: BTreeSet<Span> = fields.map(|(_, span)| span).collect();
    let found = spans
        .into_iter()
        .filter(|span| is_asked(*span))
        .filter_map(|span| {
            // Else it is a key, or no text.
            let style = *texts.get(&span)?;
            let lines = written(source.text(), span, style);
            let tidied: Vec<_> = lines.iter().map(|line| tidied_line(line)).collect();
            let changes: Vec<Change> = tidied
                .iter()
                .flat_map(|(changes, _)| changes.clone())
                .collect();
            (!changes.is_empty()).then(|| TextChanges {
                span,
                changes,
                after: tidied.into_iter().map(|(_, after)| after).collect(),
            })
        });
    let found: Vec<TextChanges> = found.collect();
    let mut tries = TRIES;
    let kept = safe(source, &found, &mut tries);
    kept.iter().flat_map(|text| text.changes.clone()).collect()
}

impl Tidied {
    /// The file as bytes, with the byte order mark if the file before has one.
    #[must_use]
    pub fn bytes(&self, source: &Source) -> Vec<u8> {
        let mut bytes = source.bytes();
        bytes.truncate(bytes.len() - source.text().len());
        bytes.extend_from_slice(self.text.as_bytes());
        bytes
    }

    /// The changes as JSON, an array; lines and columns from 1, of the file before.
    #[must_use]
    pub fn json(&self, source: &Source) -> serde_json::Value {
        let changes = self.changes.iter().map(|change| {
            let (line, column) = source.position(change.span.start);
            ChangeJson {
                line,
                column,
                before: &change.before,
                after: &change.after,
                at: self.places.at(change.span, source),
            }
        });
        serde_json::json!(changes.collect::<Vec<_>>())
    }
}

/// Whether a field is a text that is tidied.
fn is_text(field: &FieldRef) -> bool {
    match field {
        FieldRef::Field { field } => {
            let texts = [field::AGENCY, field::TITLE, field::PREFACE];
            texts.iter().any(|text| text.key == *field)
        }
        FieldRef::Waiver { part, .. } => *part == Some(field::REASON.key),
        FieldRef::Cell { .. } => false,
        _ => true,
    }
}

/// The lines of a text as written, each character with its place. An escape that is none of the usual ones ends a
/// line.
fn written(source: &str, span: Span, style: Style) -> Vec<Vec<Written>> {
    let inner = match style {
        Style::Quoted => span.start + 1..span.end.saturating_sub(1).max(span.start + 1),
        _ => span.start..span.end,
    };
    let text = source.get(inner.clone()).unwrap_or_default();
    let quote = source.as_bytes().get(span.start).copied();
    let quote = quote.filter(|_| style == Style::Quoted);
    let mut lines = vec![Vec::new()];
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (read, length) = match (quote, first) {
            (Some(b'"'), '\\') => escaped(rest),
            (Some(b'\''), '\'') if rest.starts_with("''") => (Some('\''), 2),
            (_, '\n' | '\r') => (None, first.len_utf8()),
            _ => (Some(first), first.len_utf8()),
        };
        let start = inner.start + (text.len() - rest.len());
        match read {
            Some(character) => lines.last_mut().into_iter().for_each(|line: &mut Vec<_>| {
                let range = start..start + length;
                line.push(Written { character, range });
            }),
            None => lines.push(Vec::new()),
        }
        rest = &rest[length..];
    }
    for line in &mut lines {
        // Blanks at both ends are none of the text.
        let ends = |written: &&Written| written.character.is_whitespace();
        let behind = line.iter().rev().take_while(ends).count();
        line.truncate(line.len() - behind);
        let before = line.iter().take_while(ends).count();
        line.drain(..before);
    }
    lines
}

/// The character of an escape in double quotes and its length; `None` for the end of a line.
fn escaped(text: &str) -> (Option<char>, usize) {
    let bytes = text.as_bytes();
    let hexadecimal = |digits: usize| {
        let code = text.get(2..2 + digits);
        let code = code.and_then(|code| u32::from_str_radix(code, 16).ok());
        code.and_then(char::from_u32).map(|c| (Some(c), 2 + digits))
    };
    let known = match bytes.get(1) {
        Some(b'"' | b'\\' | b'/') => Some((Some(char::from(bytes[1])), 2)),
        Some(b't') => Some((Some('\t'), 2)),
        Some(b'x') => hexadecimal(2),
        Some(b'u') => hexadecimal(4),
        Some(b'U') => hexadecimal(8),
        _ => None,
    };
    let next = text.chars().nth(1).map_or(0, char::len_utf8);
    known.unwrap_or((None, 1 + next))
}

/// The changes of a line, and the line when no correction finds anything any more.
fn tidied_line(line: &[Written]) -> (Vec<Change>, String) {
    // Each character that stands, and its number in the line if it is as written.
    let mut now: Vec<(char, Option<usize>)> = line
        .iter()
        .enumerate()
        .map(|(i, written)| (written.character, Some(i)))
        .collect();
    for _ in 0..ROUNDS {
        let text: String = now.iter().map(|(c, _)| c).collect();
        let corrections = check::corrections(&text);
        if corrections.is_empty() {
            break;
        }
        let mut characters = now.into_iter();
        now = Vec::with_capacity(text.len());
        let mut at = 0;
        for correction in corrections {
            let kept = text[at..correction.range.start].chars().count();
            now.extend(characters.by_ref().take(kept));
            let left = text[correction.range.clone()].chars().count();
            characters.by_ref().take(left).for_each(drop);
            now.extend(correction.by.chars().map(|c| (c, None)));
            at = correction.range.end;
        }
        now.extend(characters);
    }
    let after: String = now.iter().map(|(c, _)| c).collect();
    let mut changes = Vec::new();
    let (mut at, mut new) = (0, String::new());
    for (c, kept) in now.into_iter().chain([('\n', Some(line.len()))]) {
        let Some(kept) = kept else {
            new.push(c);
            continue;
        };
        if kept > at || !new.is_empty() {
            changes.extend(change(line, at..kept, std::mem::take(&mut new)));
        }
        at = kept + 1;
    }
    (changes, after)
}

/// A change of characters of a line; `None` if it changes nothing.
fn change(line: &[Written], range: Range<usize>, after: String) -> Option<Change> {
    let before: String = line[range.clone()]
        .iter()
        .map(|written| written.character)
        .collect();
    let place = |i: usize| line.get(i).map(|written| written.range.clone());
    let start = place(range.start).map_or_else(
        || place(range.start.checked_sub(1)?).map(|r| r.end),
        |r| Some(r.start),
    )?;
    let end = range
        .end
        .checked_sub(1)
        .and_then(place)
        .map_or(start, |r| r.end)
        .max(start);
    (before != after).then_some(Change {
        span: Span::new(start, end),
        before,
        after,
    })
}

/// A text with changes, which are in order.
pub(super) fn changed(text: &str, changes: &[Change]) -> String {
    let mut changed = String::with_capacity(text.len());
    let mut at = 0;
    for change in changes {
        changed.push_str(&text[at..change.span.start]);
        changed.push_str(&change.after);
        at = change.span.end;
    }
    changed.push_str(&text[at..]);
    changed
}

/// The texts whose changes YAML reads as what they are. Of those that it does not, as many are found as there are tries.
fn safe<'t>(source: &Source, texts: &'t [TextChanges], tries: &mut usize) -> Vec<&'t TextChanges> {
    if texts.is_empty() || *tries == 0 {
        return Vec::new();
    }
    *tries -= 1;
    if is_as_expected(source, texts) {
        return texts.iter().collect();
    }
    if texts.len() == 1 {
        return Vec::new();
    }
    let (one, other) = texts.split_at(texts.len() / 2);
    let mut kept = safe(source, one, tries);
    kept.extend(safe(source, other, tries));
    kept
}

/// Whether a file with changes has the same tree but for their texts, and these have the lines that they should have.
fn is_as_expected(source: &Source, texts: &[TextChanges]) -> bool {
    let changes: Vec<Change> = texts.iter().flat_map(|text| text.changes.clone()).collect();
    let text = changed(source.text(), &changes);
    let after = Source::from_bytes(Path::new(""), text.into_bytes());
    let expected: BTreeMap<Span, &[String]> = texts
        .iter()
        .map(|text| (text.span, &text.after[..]))
        .collect();
    match (source.root(), after.root()) {
        (Ok(one), Ok(other)) => same(one, other, after.text(), &expected),
        _ => false,
    }
}

/// Whether a tree is another one, but for texts that have expected lines.
fn same(before: &Node, after: &Node, text: &str, expected: &BTreeMap<Span, &[String]>) -> bool {
    match (&before.kind, &after.kind) {
        (NodeKind::Scalar(one), NodeKind::Scalar(other)) if one.style == other.style => {
            let Some(lines) = expected.get(&before.span) else {
                return one.text == other.text;
            };
            let found = written(text, after.span, other.style);
            let found = found
                .iter()
                .map(|line| line.iter().map(|written| written.character).collect());
            found.collect::<Vec<String>>() == *lines
        }
        (NodeKind::Sequence(one), NodeKind::Sequence(other)) if one.len() == other.len() => {
            let mut pairs = one.iter().zip(other);
            pairs.all(|(one, other)| same(one, other, text, expected))
        }
        (NodeKind::Mapping(one), NodeKind::Mapping(other)) if one.len() == other.len() => {
            let mut pairs = one.iter().zip(other);
            pairs.all(|(one, other)| {
                one.key == other.key && same(&one.value, &other.value, text, expected)
            })
        }
        _ => false,
    }
}
