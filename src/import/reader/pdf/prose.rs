//! Lines as paragraphs.

use super::super::document::Counts;
use super::super::html::is_wide;
use super::super::refusal::Refusal;
use super::lines::Line;
use crate::import::block::{Block, Flag, Paragraph, Place};

/// The edges of the text of all pages.
pub(super) struct Margins {
    left: f64,
    right: f64,
}

impl Margins {
    pub fn of<'l>(lines: impl Iterator<Item = &'l Line>) -> Self {
        let (mut left, mut right) = (f64::INFINITY, 0.0_f64);
        for line in lines {
            left = left.min(line.left);
            right = right.max(line.right);
        }
        Self { left, right }
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
            // A centred line goes on from one like it, as titles do; these are joined by who knows titles.
            if same && is_full && !is_indented && !paragraph.centred {
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
        let paragraph = Paragraph {
            text: line.text.clone(),
            centred,
            flags: if line.is_unmapped {
                vec![Flag::Unmapped]
            } else {
                Vec::new()
            },
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
    let _: &Place = &paragraph.place;
    Ok(Block::Paragraph(paragraph))
}
