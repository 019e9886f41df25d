//! Lines as paragraphs.

use super::super::document::Counts;
use super::super::html::is_wide;
use super::super::refusal::Refusal;
use super::lines::Line;
use crate::import::block::{Block, Flag, Paragraph};

/// The edges of the text of all pages.
pub(super) struct Margins {
    left: f64,
    right: f64,
    /// The size of most of the text.
    size: f64,
}

/// The share of the usual size below which text is small.
const SMALL: f64 = 0.8;

impl Margins {
    pub fn of<'l>(lines: impl Iterator<Item = &'l Line>) -> Self {
        let (mut left, mut right) = (f64::INFINITY, 0.0_f64);
        let mut sizes = Vec::new();
        for line in lines {
            left = left.min(line.left);
            right = right.max(line.right);
            sizes.push((line.size, line.text.chars().count()));
        }
        sizes.sort_by(|(one, _), (other, _)| one.total_cmp(other));
        let half = sizes.iter().map(|(_, count)| count).sum::<usize>() / 2;
        let mut passed = 0;
        let usual = sizes.iter().find(|(_, count)| {
            passed += count;
            passed > half
        });
        Self {
            left,
            right,
            size: usual.map_or(0.0, |(size, _)| *size),
        }
    }

    fn is_centred(&self, line: &Line) -> bool {
        let (before, behind) = (line.left - self.left, self.right - line.right);
        before > line.size * 1.2
            && (before - behind).abs() < line.size * 1.5
            && behind > line.size * 1.2
    }
}

/// A paragraph that may go on.
#[derive(Default)]
pub(super) struct Open {
    paragraph: Option<(Paragraph, Line)>,
}

impl Open {
    /// Takes a line; returns the paragraph before it, if that has ended.
    pub fn take(&mut self, line: Line, margins: &Margins) -> Option<Paragraph> {
        let centred = margins.is_centred(&line);
        if let Some((paragraph, last)) = &mut self.paragraph {
            let same = (last.size - line.size).abs() < 0.5;
            let is_full = last.right > margins.right - 2.5 * last.size;
            let is_indented = line.left > margins.left + 1.2 * line.size;
            // What is set to the right signs or dates.
            let is_far = last.left > margins.left + 4.0 * last.size;
            // A centred line goes on from one like it, as titles do; these are joined by who knows titles.
            if same && is_full && !is_indented && !is_far && !paragraph.centred {
                let ends = paragraph.text.chars().next_back();
                let begins = line.text.chars().next();
                let joins = |c: Option<char>| c.is_none_or(is_wide);
                if !joins(ends) && !joins(begins) && ends.is_some_and(char::is_alphabetic) {
                    paragraph.text.push(' ');
                }
                paragraph.text.push_str(&line.text);
                if line.is_unmapped && !paragraph.flags.contains(&Flag::Unmapped) {
                    paragraph.flags.push(Flag::Unmapped);
                }
                *last = line;
                return None;
            }
        }
        let ended = self.end();
        let mut flags = Vec::new();
        if line.is_unmapped {
            flags.push(Flag::Unmapped);
        }
        if line.size < margins.size * SMALL {
            flags.push(Flag::Small);
        }
        let paragraph = Paragraph {
            text: line.text.clone(),
            centred,
            flags,
            place: line.place.clone(),
            ..Paragraph::default()
        };
        self.paragraph = Some((paragraph, line));
        ended
    }

    /// The open paragraph.
    pub fn end(&mut self) -> Option<Paragraph> {
        self.paragraph.take().map(|(paragraph, _)| paragraph)
    }
}

pub(super) fn block(paragraph: Paragraph, counts: &mut Counts) -> Result<Block, Refusal> {
    counts.paragraph(paragraph.text.len())?;
    Ok(Block::Paragraph(paragraph))
}
