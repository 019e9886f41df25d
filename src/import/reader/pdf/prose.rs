//! Paragraphs of the lines between tables.

use super::cells::{is_item, place};
use super::lines::{Line, ordinary};
use crate::import::{Flag, Paragraph, Place};

/// In sizes of its glyphs: how short of the right edge a line ends a paragraph, and how far beside the left edge one
/// begins it.
const SHORT: f64 = 2.5;
const INDENT: f64 = 1.2;
/// How far from the left edge a line stands that is no text, in sizes.
const DEEP: f64 = 6.0;
/// How far a centred line is beside the middle, and the room that it leaves on both sides: a line with more room may
/// stand less exactly.
const CENTRED: [[f64; 2]; 2] = [[0.25, 0.8], [0.6, 3.0]];
/// How much larger than most lines a title is.
const LARGE: f64 = 1.2;
/// The share of the widest line from which a line is long, how near edges of two lines are that are one, in points, and
/// the most lines that are looked at.
const LONG: f64 = 0.6;
const NEAR: f64 = 8.0;
const MAX_LINES: usize = 2_000;
/// How many times the usual distance of lines parts paragraphs, and the share by which sizes differ.
const APART: f64 = 1.7;
const OTHER_SIZE: f64 = 0.08;

/// The column of text on pages of one width: its left and right edge.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    pub left: f64,
    pub right: f64,
    /// The usual distance of lines in sizes, and their usual size.
    pub pitch: f64,
    pub size: f64,
}

impl Column {
    /// The column of all lines of pages: from where the first long line begins to where lines end, if more than one
    /// does.
    pub fn of(pages: &[&[Line]]) -> Self {
        let lines: Vec<&Line> = pages
            .iter()
            .flat_map(|lines| lines.iter())
            .take(MAX_LINES)
            .collect();
        let width = |line: &&&Line| line.right() - line.left();
        let widest = lines.iter().map(|line| width(&line)).fold(0.0, f64::max);
        let long = lines.iter().filter(|line| width(line) > LONG * widest);
        let left = long.map(|line| line.left()).fold(f64::INFINITY, f64::min);
        let mut rights: Vec<f64> = lines.iter().map(|line| line.right_of_words()).collect();
        rights.sort_by(|a, b| b.total_cmp(a));
        let twice = rights.windows(2).find(|pair| pair[0] - pair[1] < NEAR);
        let right = twice.map(|pair| pair[0]).or(rights.first().copied());
        let mut pitches: Vec<f64> = Vec::new();
        for lines in pages {
            for pair in lines.windows(2) {
                pitches.push((pair[1].middle() - pair[0].middle()) / pair[0].size());
            }
        }
        pitches.sort_by(f64::total_cmp);
        let mut sizes: Vec<f64> = lines.iter().map(|line| line.size()).collect();
        sizes.sort_by(f64::total_cmp);
        Self {
            left: if left.is_finite() { left } else { 0.0 },
            right: right.unwrap_or_default(),
            size: sizes.get(sizes.len() / 2).copied().unwrap_or(12.0),
            pitch: pitches.get(pitches.len() / 2).copied().unwrap_or(1.8),
        }
    }

    fn is_centred(&self, line: &Line) -> bool {
        let size = line.size();
        let aside = f64::midpoint(line.left(), line.right()) - f64::midpoint(self.left, self.right);
        let room = (line.left() - self.left).min(self.right - line.right());
        // A line of large letters is a title, whatever room it leaves.
        let large = size > LARGE * self.size && aside.abs() < size && room > -size;
        large
            || CENTRED
                .iter()
                .any(|[most, least]| aside.abs() < most * size && room > least * size)
    }

    fn is_short(&self, line: &Line) -> bool {
        self.right - line.right() > SHORT * line.size()
    }

    fn is_indented(&self, line: &Line) -> bool {
        line.left() - self.left > INDENT * line.size()
    }
}

/// A paragraph that may go on.
#[derive(Debug)]
pub(super) struct Open {
    page: usize,
    first_page: usize,
    area: [f64; 4],
    last: Line,
    text: String,
    centred: bool,
    layered: bool,
}

impl Open {
    pub fn begin(page: usize, line: Line, column: Column, layered: bool) -> Self {
        Self {
            page,
            first_page: page,
            area: line.area(),
            text: line.text(),
            centred: column.is_centred(&line),
            last: line,
            layered,
        }
    }

    /// Goes on with a line, or gives it back if that begins another paragraph.
    pub fn go_on(&mut self, page: usize, line: Line, column: Column) -> Option<Line> {
        let last = &self.last;
        let size = last.size();
        let differs = (line.size() - size).abs() > OTHER_SIZE * size;
        let distance = (line.middle() - last.middle()) / size;
        let below = page != self.page || distance < APART * column.pitch.max(1.0) && distance > 0.0;
        let halves = self.centred && column.is_centred(&line) && page == self.page;
        // A paragraph that ends at the right edge is told by its mark and the number of the next.
        let ended = last.ends_sentence() && is_item(&line.text());
        // A date or a name that signs stands far from the left edge, and nothing goes on with it.
        let deep = last.left() - column.left > DEEP * size;
        let runs_on = !ended && !deep && !column.is_short(last) && !column.is_indented(&line);
        if differs || !below || !(halves || runs_on) {
            return Some(line);
        }
        // The first line of a paragraph may stand in the middle by chance.
        self.centred &= halves;
        if halves {
            self.text.push('\n');
        } else if last.parts_words(&line) {
            self.text.push(' ');
        }
        self.text.push_str(&line.text());
        if page == self.first_page {
            let area = line.area();
            let own = self.area;
            self.area = [
                own[0].min(area[0]),
                own[1].min(area[1]),
                own[2].max(area[2]),
                own[3].max(area[3]),
            ];
        }
        (self.page, self.last) = (page, line);
        None
    }

    pub fn end(self) -> Paragraph {
        let (text, mut flags) = ordinary(&self.text);
        if self.layered {
            flags.push(Flag::Layered);
        }
        Paragraph {
            text,
            centred: self.centred,
            flags,
            place: place(self.first_page, self.area),
            ..Paragraph::default()
        }
    }
}

/// The share of a page at its top and its bottom that its number stands in.
const TOP: f64 = 0.07;
const BOTTOM: f64 = 0.10;

/// Whether a line is the number of its page.
pub(super) fn is_page_number(line: &Line, height: f64) -> bool {
    let middle = line.middle();
    let outside = middle < TOP * height || middle > (1.0 - BOTTOM) * height;
    let text = line.text();
    let number = |c: char| {
        c.is_whitespace() || c.is_ascii_digit() || "-–—－/·第页共０１２３４５６７８９".contains(c)
    };
    outside
        && text.chars().count() <= 20
        && text.chars().any(char::is_numeric)
        && text.chars().all(number)
}

/// Whether a line stands at the same place of most other pages, too: a head or a foot.
pub(super) fn is_running(line: &Line, height: f64, pages: &[Vec<Line>]) -> bool {
    let middle = line.middle();
    let outside = middle < TOP * height || middle > (1.0 - BOTTOM) * height;
    let text = line.text();
    let repeats = |lines: &&Vec<Line>| {
        let ends = lines.iter().take(2).chain(lines.iter().rev().take(2));
        let mut ends = ends.filter(|other| (other.middle() - middle).abs() < 2.0);
        ends.any(|other| other.text() == text)
    };
    outside && pages.len() > 2 && 2 * pages.iter().filter(repeats).count() > pages.len()
}

/// The place of a whole page.
pub(super) fn whole(page: usize, width: f64, height: f64) -> Place {
    place(page, [0.0, 0.0, width, height])
}
