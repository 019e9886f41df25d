//! A passage prepared for finding numbers: its quantities and its sentences.

use std::borrow::Cow;
use std::ops::Range;

use super::numerals::{self, Plain};
use crate::check::passages::Passage;
use crate::report::marks;
use crate::source::Span;

/// A passage in the form in which its numbers are read: see [`numerals::plain`].
pub(super) struct PassageText<'a> {
    pub(super) passage: &'a Passage<'a>,
    pub(super) text: Cow<'a, str>,
    /// The place of each byte in the passage, if any is another than there.
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

impl<'a> PassageText<'a> {
    pub(super) fn new(passage: &'a Passage<'a>) -> Self {
        let Plain { text, places } = numerals::plain(passage.str());
        let mut prose = Self {
            passage,
            sentences: sentences(&text),
            text,
            places,
            quantities: Vec::new(),
        };
        let counts = numerals::counts(&prose.text).into_iter();
        prose.quantities = counts
            .map(|count| Quantity {
                value: count.value,
                sentence: prose.sentence(count.range.start),
                range: count.range,
                unit: count.unit,
            })
            .collect();
        prose
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
        let mark = before.char_indices().rev().find(|(_, c)| ends_clause(*c));
        start + mark.map_or(0, |(mark, c)| mark + c.len_utf8())
    }

    /// The end of the clause around a place.
    pub(super) fn clause_end(&self, at: usize) -> usize {
        let end = self.sentence(at).end.max(at);
        let mark = self.text[at..end].find(ends_clause);
        mark.map_or(end, |mark| at + mark)
    }

    /// The place in the passage of a part of the text.
    fn original(&self, range: Range<usize>) -> Range<usize> {
        let Some(places) = &self.places else {
            return range;
        };
        let start = places[range.start];
        // The end is behind the last character, not before the next: spaces between them stay out.
        let last = self.text[..range.end].chars().next_back();
        let end = match last {
            Some(c) if range.end > range.start => {
                let last = places[range.end - c.len_utf8()];
                let written = self.passage.str()[last..].chars().next();
                last + written.map_or(0, char::len_utf8)
            }
            _ => start,
        };
        start..end
    }

    /// The place of a part of the text in the file.
    pub(super) fn span(&self, range: Range<usize>) -> Span {
        self.passage.span(self.original(range))
    }

    /// A part of the text as it was written, but for spaces.
    pub(super) fn written(&self, range: Range<usize>) -> String {
        let written = &self.passage.str()[self.original(range)];
        written.chars().filter(|c| !c.is_whitespace()).collect()
    }

    /// The text behind a quantity, as far as it can matter.
    pub(super) fn behind(&self, quantity: &Quantity) -> &str {
        let text = &self.text[quantity.range.end..];
        &text[..text.floor_char_boundary(FOLLOWING)]
    }

    pub(super) fn unit(&self, quantity: &Quantity) -> &str {
        &self.text[quantity.unit.clone()]
    }

    /// Whether it has a sign of percent; two searches for one character are quicker than one for two.
    pub(super) fn has_percentage(&self) -> bool {
        self.text.contains('%') || self.text.contains('％')
    }

    /// The last quantity that ends before a place.
    pub(super) fn last_quantity(&self, at: usize) -> Option<&Quantity> {
        let before = self
            .quantities
            .partition_point(|quantity| quantity.range.end <= at);
        self.quantities[..before].last()
    }
}

fn ends_clause(c: char) -> bool {
    matches!(c, '，' | ',' | '。' | '；' | ';' | '！' | '？')
}

/// The beginnings of sentences, and the end of the last.
fn sentences(text: &str) -> Vec<usize> {
    let mut bounds = vec![0];
    let mut start = 0;
    let end = (text.len(), '\0');
    for (at, c) in marks(text).chain([end]) {
        while at - start > LONGEST_SENTENCE {
            start = text.floor_char_boundary(start + LONGEST_SENTENCE);
            bounds.push(start);
        }
        if matches!(c, '。' | '！' | '？') {
            start = at + c.len_utf8();
            bounds.push(start);
        }
    }
    if bounds.last() != Some(&text.len()) || bounds.len() == 1 {
        bounds.push(text.len());
    }
    bounds
}
