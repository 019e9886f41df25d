//! Glyphs as lines of text.

use crate::import::block::Place;
use crate::pdf_reader::DrawnGlyph;

use super::super::html::is_wide;

/// A line of text on a page.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub text: String,
    /// The middle of its characters, from the top of the page.
    pub y: f64,
    pub left: f64,
    pub right: f64,
    /// The size of most of its characters.
    pub size: f64,
    pub place: Place,
    pub is_unmapped: bool,
}

/// The middle of a glyph above its baseline, in sizes.
const MIDDLE: f64 = 0.35;

/// The middle of a glyph.
pub(super) fn middle(glyph: &DrawnGlyph) -> [f64; 2] {
    [glyph.x + glyph.width / 2.0, glyph.y - MIDDLE * glyph.size]
}

/// Whether a glyph is a point or a comma, which moves no line.
fn is_low(glyph: &DrawnGlyph) -> bool {
    glyph.text.chars().all(|c| ".,，。、．".contains(c))
}

/// The lines of glyphs, from top to bottom.
pub(super) fn lines(glyphs: &[&DrawnGlyph], page: usize) -> Vec<Line> {
    let mut shown: Vec<&DrawnGlyph> = glyphs
        .iter()
        .copied()
        .filter(|glyph| !glyph.text.trim().is_empty() && glyph.size > 0.1)
        .collect();
    shown.sort_by(|one, other| middle(one)[1].total_cmp(&middle(other)[1]));
    let mut rows: Vec<(f64, Vec<&DrawnGlyph>)> = Vec::new();
    let (low, high): (Vec<&DrawnGlyph>, Vec<&DrawnGlyph>) =
        shown.into_iter().partition(|glyph| is_low(glyph));
    for glyph in high {
        let y = middle(glyph)[1];
        match rows.last_mut() {
            Some((own, row)) if (y - *own).abs() < glyph.size / 2.0 => row.push(glyph),
            _ => rows.push((y, vec![glyph])),
        }
    }
    for glyph in low {
        let y = middle(glyph)[1];
        let near = rows
            .iter_mut()
            .min_by(|(one, _), (other, _)| (one - y).abs().total_cmp(&(other - y).abs()));
        match near {
            Some((own, row)) if (y - *own).abs() < glyph.size * 0.7 => row.push(glyph),
            _ => rows.push((y, vec![glyph])),
        }
    }
    rows.sort_by(|(one, _), (other, _)| one.total_cmp(other));
    rows.into_iter()
        .map(|(y, row)| line(y, row, page))
        .collect()
}

fn line(y: f64, mut row: Vec<&DrawnGlyph>, page: usize) -> Line {
    row.sort_by(|one, other| one.x.total_cmp(&other.x));
    // The same glyph again at its place is no second one: false bold.
    row.dedup_by(|next, before| {
        next.text == before.text && (next.x - before.x).abs() < 0.1 * next.size
    });
    let mut text = String::new();
    let mut end = None;
    for glyph in &row {
        let before = text.chars().next_back();
        let first = glyph.text.chars().next();
        if let (Some(end), Some(before), Some(first)) = (end, before, first) {
            let gap: f64 = glyph.x - end;
            // Between Chinese characters blanks are those of justified lines.
            let blank = if is_wide(before) || is_wide(first) {
                f64::INFINITY
            } else {
                0.2
            };
            if gap > blank * glyph.size {
                text.push(' ');
            }
        }
        text.push_str(&glyph.text);
        end = Some(glyph.x + glyph.width);
    }
    let left = row.first().map_or(0.0, |glyph| glyph.x);
    let right = row
        .iter()
        .map(|glyph| glyph.x + glyph.width)
        .fold(left, f64::max);
    let mut sizes: Vec<f64> = row.iter().map(|glyph| glyph.size).collect();
    sizes.sort_by(f64::total_cmp);
    let size = sizes.get(sizes.len() / 2).copied().unwrap_or_default();
    Line {
        is_unmapped: text.contains(char::REPLACEMENT_CHARACTER),
        text,
        y,
        left,
        right,
        size,
        place: place(page, [left, y - size / 2.0, right, y + size / 2.0]),
    }
}

/// A part of a page.
pub(super) fn place(page: usize, area: [f64; 4]) -> Place {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "points on a page, for people"
    )]
    let area = area.map(|side| side as f32);
    Place::Page { page, area }
}
