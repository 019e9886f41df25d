//! Lines of glyphs, and their text.

use crate::import::Flag;
use crate::pdf_reader::drawn::Glyph;
use crate::report::with_ordinary_characters;

/// The share of the size by which middles of glyphs of one line differ.
const LEVEL: f64 = 0.5;
/// The gap in ems that parts two words of Latin letters or digits, and any two characters.
const WORD: f64 = 0.2;
const TAB: f64 = 1.5;

/// A line of glyphs from left to right.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    pub glyphs: Vec<Glyph>,
}

/// The lines of glyphs from top to bottom; blanks at their ends are left out.
pub(super) fn lines(glyphs: impl IntoIterator<Item = Glyph>) -> Vec<Line> {
    let mut glyphs: Vec<Glyph> = glyphs.into_iter().collect();
    glyphs.sort_by(|a, b| {
        a.middle[1]
            .total_cmp(&b.middle[1])
            .then(a.x.total_cmp(&b.x))
    });
    // Marks stand on lines, they make none: a point may be of another font than the digits around it.
    let (marks, letters): (Vec<Glyph>, Vec<Glyph>) =
        glyphs.into_iter().partition(|glyph| is_mark(&glyph.text));
    let mut lines: Vec<(f64, f64, Line)> = Vec::new();
    for glyph in letters {
        let (middle, size) = (glyph.middle[1], glyph.size);
        match lines.last_mut() {
            Some((at, of, line)) if middle - *at < LEVEL * size.min(*of) => line.glyphs.push(glyph),
            _ => lines.push((
                middle,
                size,
                Line {
                    glyphs: vec![glyph],
                },
            )),
        }
    }
    for mark in marks {
        let middle = mark.middle[1];
        let after = lines.partition_point(|(at, _, _)| *at < middle);
        let near = [after.checked_sub(1), Some(after)]
            .into_iter()
            .flatten()
            .filter(|at| *at < lines.len());
        let near = near.min_by(|a, b| {
            (lines[*a].0 - middle)
                .abs()
                .total_cmp(&(lines[*b].0 - middle).abs())
        });
        match near.map(|at| &mut lines[at]) {
            Some((at, size, line)) if (*at - middle).abs() < LEVEL * size.max(mark.size) => {
                line.glyphs.push(mark);
            }
            _ => lines.insert(after, (middle, mark.size, Line { glyphs: vec![mark] })),
        }
    }
    let mut lines: Vec<Line> = lines.into_iter().map(|(_, _, line)| line).collect();
    for line in &mut lines {
        line.glyphs.sort_by(|a, b| a.x.total_cmp(&b.x));
        while line.glyphs.last().is_some_and(Glyph::is_blank) {
            line.glyphs.pop();
        }
        let begin = line
            .glyphs
            .iter()
            .take_while(|glyph| glyph.is_blank())
            .count();
        line.glyphs.drain(..begin);
    }
    lines.retain(|line| !line.glyphs.is_empty());
    lines
}

impl Line {
    pub fn left(&self) -> f64 {
        self.glyphs.first().map_or(0.0, |glyph| glyph.x)
    }

    pub fn right(&self) -> f64 {
        self.glyphs
            .iter()
            .map(Glyph::right)
            .fold(f64::NEG_INFINITY, f64::max)
    }

    /// Its right end without a mark, which may hang beside the text.
    pub fn right_of_words(&self) -> f64 {
        let words = self.glyphs.iter().rev().skip_while(|glyph| {
            glyph
                .text
                .chars()
                .all(|c| "，。、；：）”’》】！？,.;:)".contains(c))
        });
        words.map(Glyph::right).fold(self.left(), f64::max)
    }

    pub fn middle(&self) -> f64 {
        let mut middles: Vec<f64> = self.glyphs.iter().map(|glyph| glyph.middle[1]).collect();
        middles.sort_by(f64::total_cmp);
        middles.get(middles.len() / 2).copied().unwrap_or_default()
    }

    /// The size of most of its glyphs.
    pub fn size(&self) -> f64 {
        let mut sizes: Vec<f64> = self.glyphs.iter().map(|glyph| glyph.size).collect();
        sizes.sort_by(f64::total_cmp);
        sizes.get(sizes.len() / 2).copied().unwrap_or(1.0)
    }

    /// Left, top, right, bottom.
    pub fn area(&self) -> [f64; 4] {
        let (middle, half) = (self.middle(), self.size() / 2.0);
        [self.left(), middle - half, self.right(), middle + half]
    }

    /// Its text: blanks between two characters that are none of ASCII are justification.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let mut before: Option<&Glyph> = None;
        let mut blank = false;
        for glyph in &self.glyphs {
            if glyph.is_blank() {
                blank |= glyph.text.chars().any(|c| c != '\u{3000}') || glyph.text.is_empty();
                if glyph.text.contains('\u{3000}') && before.is_some() {
                    text.push_str(&glyph.text);
                }
                continue;
            }
            if let Some(before) = before {
                let gap = (glyph.x - before.right()) / glyph.size.max(before.size);
                let ends = [before.text.chars().next_back(), glyph.text.chars().next()];
                let ascii = ends.map(|end| end.is_some_and(|end| end.is_ascii()));
                let words = ends.map(|end| end.is_some_and(|end| end.is_ascii_alphanumeric()));
                let parted = blank && (ascii[0] || ascii[1])
                    || gap > WORD && words[0] && words[1]
                    || gap > TAB && !text.ends_with('\u{3000}');
                if parted && gap > 0.05 {
                    text.push(' ');
                }
            }
            text.push_str(&glyph.text);
            (before, blank) = (Some(glyph), false);
        }
        text
    }

    /// Whether it ends with the end of a sentence.
    pub fn ends_sentence(&self) -> bool {
        let last = self
            .glyphs
            .last()
            .and_then(|glyph| glyph.text.chars().last());
        last.is_some_and(|last| "。；：！？”）".contains(last))
    }

    /// Whether words go on from it to the next line with a blank between them.
    pub fn parts_words(&self, next: &Line) -> bool {
        let last = self
            .glyphs
            .last()
            .and_then(|glyph| glyph.text.chars().next_back());
        let first = next
            .glyphs
            .first()
            .and_then(|glyph| glyph.text.chars().next());
        let is_letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
        is_letter(last) && is_letter(first)
    }
}

/// Whether a text is a mark that may hang below or above its line.
fn is_mark(text: &str) -> bool {
    text.chars().all(|c| {
        c.is_whitespace()
            || (c.is_ascii_punctuation() && !"()[]%&@#$".contains(c))
            || "，。、；：·“”‘’…—－．".contains(c)
    })
}

/// A text with ordinary characters, and what has to be said of it.
pub(super) fn ordinary(text: &str) -> (String, Vec<Flag>) {
    let ordinary = with_ordinary_characters(text);
    let mut flags = Vec::new();
    if ordinary != text {
        flags.push(Flag::Replaced);
    }
    if text
        .chars()
        .any(|c| c == char::REPLACEMENT_CHARACTER || is_private(c))
    {
        flags.push(Flag::Unmapped);
    }
    (ordinary, flags)
}

fn is_private(c: char) -> bool {
    matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFD}')
}
