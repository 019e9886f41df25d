//! A passage prepared for finding numbers: its quantities and its sentences.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::check::passages::{Passage, pattern};
use crate::source::Span;

/// A passage without the spaces that may stand around its numbers.
pub(super) struct PassageText<'a> {
    pub(super) passage: &'a Passage<'a>,
    pub(super) text: String,
    /// The place of each byte in the passage, if any was left out.
    pub(super) places: Option<Vec<usize>>,
    pub(super) quantities: Vec<Quantity>,
    /// The beginnings of sentences, and the end of the last.
    pub(super) sentences: Vec<usize>,
}

/// The most bytes of a sentence; longer ones are cut, so that no text takes long.
const LONGEST_SENTENCE: usize = 3_000;

/// The most bytes behind a quantity that may say something about it.
const FOLLOWING: usize = 300;

/// A number of things, such as 76条.
#[derive(Clone, Debug)]
pub(super) struct Quantity {
    pub(super) value: u64,
    /// Its place, unit and all.
    pub(super) range: Range<usize>,
    /// The place of its unit.
    pub(super) unit: Range<usize>,
    /// Its sentence.
    pub(super) sentence: Range<usize>,
}

/// A figure of a table as stated in the prose.
#[derive(Debug)]
pub(super) struct Statement {
    /// The index among the vocabulary's tables.
    pub(super) table: usize,
    /// The index among the table's mentions.
    pub(super) mention: usize,
    pub(super) value: u64,
    pub(super) range: Range<usize>,
}

static QUANTITY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?<n>\d{1,3}(?:,\d{3})+|\d+)(?<unit>件次|件|份|宗|条|个|项|起|例|次)")
});

impl<'a> PassageText<'a> {
    pub(super) fn new(passage: &'a Passage<'a>) -> Self {
        let original = passage.str();
        let spaced = original.contains(char::is_whitespace);
        let mut places = Vec::new();
        let text = if spaced {
            let mut text = String::with_capacity(original.len());
            for (at, c) in original.char_indices().filter(|(_, c)| !c.is_whitespace()) {
                text.push(c);
                places.extend(at..at + c.len_utf8());
            }
            places.push(original.len());
            text
        } else {
            original.to_owned()
        };
        let mut prose = Self {
            passage,
            sentences: sentences(&text),
            text,
            places: spaced.then_some(places),
            quantities: Vec::new(),
        };
        prose.quantities = prose.quantities();
        prose
    }

    pub(super) fn quantities(&self) -> Vec<Quantity> {
        let mut found = Vec::new();
        for captures in QUANTITY.captures_iter(&self.text) {
            let (Some(whole), Some(unit)) = (captures.get(0), captures.name("unit")) else {
                continue;
            };
            // 第3条 counts nothing, and the end of 1.5 is no number.
            let before = self.text[..whole.start()].chars().next_back();
            let value = captures["n"].replace(',', "").parse();
            let (Ok(value), false) = (value, matches!(before, Some('第' | '.' | ',' | '-')))
            else {
                continue;
            };
            found.push(Quantity {
                value,
                range: whole.range(),
                unit: unit.range(),
                sentence: self.sentence(whole.start()),
            });
        }
        found
    }

    /// The sentence around a place.
    pub(super) fn sentence(&self, at: usize) -> Range<usize> {
        let next = self.sentences.partition_point(|start| *start <= at);
        let next = next.min(self.sentences.len() - 1).max(1);
        self.sentences[next - 1]..self.sentences[next]
    }

    /// The beginning of the clause around a place, or `from` if that is behind it.
    pub(super) fn clause(&self, from: usize, at: usize) -> usize {
        let start = self.sentence(at).start.max(from);
        let before = &self.text[start..at];
        let ends = |c: char| matches!(c, '，' | ',' | '。' | '；' | ';' | '！' | '？');
        let mark = before.char_indices().rev().find(|(_, c)| ends(*c));
        start + mark.map_or(0, |(mark, c)| mark + c.len_utf8())
    }

    /// The place of a part of the text in the file.
    pub(super) fn span(&self, range: Range<usize>) -> Span {
        let place = |at: usize| self.places.as_ref().map_or(at, |places| places[at]);
        // The end is behind the last character, not before the next: spaces between them stay out.
        let last = self.text[..range.end].chars().next_back();
        let end = match last {
            Some(c) if range.end > range.start => place(range.end - c.len_utf8()) + c.len_utf8(),
            _ => place(range.start),
        };
        self.passage.span(place(range.start)..end)
    }

    /// The text behind a quantity, as far as it can matter.
    pub(super) fn behind(&self, quantity: &Quantity) -> &str {
        let text = &self.text[quantity.range.end..];
        &text[..text.floor_char_boundary(FOLLOWING)]
    }

    pub(super) fn unit(&self, quantity: &Quantity) -> &str {
        &self.text[quantity.unit.clone()]
    }
}

/// The beginnings of sentences, and the end of the last.
fn sentences(text: &str) -> Vec<usize> {
    let mut bounds = vec![0];
    for (at, c) in text.char_indices() {
        let start = bounds.last().copied().unwrap_or_default();
        if at - start >= LONGEST_SENTENCE {
            bounds.push(at);
        }
        if matches!(c, '。' | '！' | '？') {
            bounds.push(at + c.len_utf8());
        }
    }
    if bounds.last() != Some(&text.len()) || bounds.len() == 1 {
        bounds.push(text.len());
    }
    bounds
}
