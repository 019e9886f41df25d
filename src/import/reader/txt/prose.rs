//! Paragraphs of lines. Where lines were broken at a width, they are joined again.

use super::super::cells::is_title;
use super::rows::is_label;
use crate::import::block::{Paragraph, Place};

/// Between which widths, in characters, lines are broken.
const NARROWEST: f32 = 15.0;
const WIDEST: f32 = 60.0;
/// How many characters a line may be short of the width and still be full.
const SHORT: f32 = 2.5;
/// The fewest full lines of a text whose lines were broken.
const FEWEST: usize = 5;

/// Paragraphs as they come.
pub(super) struct Prose {
    /// The width of full lines; `None` if lines are paragraphs.
    width: Option<f32>,
    found: Vec<Paragraph>,
    /// Whether the last line may go on.
    is_open: bool,
}

impl Prose {
    /// Paragraphs of a text with such lines.
    pub fn of<'t>(lines: impl Iterator<Item = &'t str>) -> Self {
        let widths: Vec<f32> = lines.map(width).filter(|width| *width > 0.0).collect();
        let full = |end: f32| {
            let full = widths
                .iter()
                .filter(|own| (end - SHORT..=end).contains(*own));
            full.count()
        };
        // The width that most lines come near to.
        let mut ends: Vec<f32> = widths.clone();
        ends.sort_by(f32::total_cmp);
        ends.dedup();
        ends.retain(|end| (NARROWEST..=WIDEST).contains(end));
        let most = ends.into_iter().max_by_key(|end| full(*end));
        let width = most.filter(|most| {
            let wider = widths.iter().filter(|own| *own > most).count();
            full(*most) >= FEWEST && full(*most) * 5 >= widths.len() && wider * 20 <= widths.len()
        });
        Self {
            width,
            found: Vec::new(),
            is_open: false,
        }
    }

    /// Adds a line.
    pub fn add(&mut self, number: usize, line: &str) {
        let text = line.trim();
        let is_full = self.width.is_some_and(|full| width(line) >= full - SHORT);
        let last = self.found.last_mut().filter(|_| self.is_open);
        match last {
            Some(last) if goes_on(&last.text, line) => last.text.push_str(text),
            _ => self.found.push(Paragraph {
                text: text.to_owned(),
                place: Place::Line(number),
                ..Paragraph::default()
            }),
        }
        self.is_open = is_full;
    }

    /// Ends a paragraph.
    pub fn end(&mut self) {
        self.is_open = false;
    }

    /// Gives the paragraphs so far.
    pub fn take(&mut self) -> Vec<Paragraph> {
        self.end();
        std::mem::take(&mut self.found)
    }
}

/// Whether a line goes on with the full line before it.
fn goes_on(before: &str, line: &str) -> bool {
    let is_indented = line.starts_with("\u{3000}\u{3000}") || line.starts_with("    ");
    let has_ended = before.ends_with(['。', '！', '？', '：', '；']);
    !(is_indented || is_title(line) || has_ended && is_label(line))
}

/// The width of a line in Chinese characters.
fn width(line: &str) -> f32 {
    let widths = line
        .trim_end()
        .chars()
        .map(|c| if c.is_ascii() { 0.5 } else { 1.0 });
    widths.sum()
}
