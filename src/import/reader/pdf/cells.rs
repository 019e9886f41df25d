//! Cells of grids with the glyphs that stand in them.

use super::grid::{Grid, GridCell};
use super::lines::{Line, lines, ordinary};
use crate::import::{Flag, Place};
use crate::pdf_reader::drawn::Glyph;

/// How far a glyph reaches over the edge of its cell where that is said, in points.
const OVER: f64 = 1.0;
/// The gap in ems between glyphs of two words, and the largest between glyphs of one.
const GAP: f64 = 1.0;
const WITHIN_WORD: f64 = 0.05;
/// How far a text stands beside the middle of its field, as a share of the field.
const CENTRED: f64 = 0.15;

/// A table on one page, its columns by their edges.
#[derive(Clone, Debug)]
pub(super) struct PageTable {
    pub page: usize,
    /// Left, top, right, bottom.
    pub area: [f64; 4],
    pub rows: usize,
    pub cells: Vec<PageCell>,
}

/// A cell of a table on one page.
#[derive(Clone, Debug)]
pub(super) struct PageCell {
    pub row: usize,
    pub rowspan: usize,
    /// Left, top, right, bottom.
    pub area: [f64; 4],
    pub text: String,
    pub flags: Vec<Flag>,
    /// Whether its last line leaves no room for another character.
    pub full: bool,
    pub place: Place,
}

impl PageCell {
    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    pub fn flag(&mut self, flag: Flag) {
        if !self.flags.contains(&flag) {
            self.flags.push(flag);
        }
    }
}

/// The table of a grid on a page; its glyphs are taken out of `glyphs`.
pub(super) fn table(page: usize, grid: &Grid, glyphs: &mut Vec<Glyph>) -> PageTable {
    let (xs, ys) = (&grid.xs[..], &grid.ys[..]);
    let area = grid.area;
    let holds = |[x, y]: [f64; 2]| area[0] <= x && x <= area[2] && area[1] <= y && y <= area[3];
    let (inside, outside): (Vec<Glyph>, Vec<Glyph>) = std::mem::take(glyphs)
        .into_iter()
        .partition(|glyph| holds(glyph.middle));
    *glyphs = outside;
    let mut of_field = vec![usize::MAX; (xs.len() - 1) * (ys.len() - 1)];
    for (at, cell) in grid.cells.iter().enumerate() {
        for row in cell.rows[0]..cell.rows[1] {
            for column in cell.columns[0]..cell.columns[1] {
                of_field[row * (xs.len() - 1) + column] = at;
            }
        }
    }
    let cell_at = |[x, y]: [f64; 2]| {
        let field = |edges: &[f64], place: f64| {
            edges[1..edges.len() - 1].partition_point(|edge| *edge <= place)
        };
        let row = field(ys, y);
        of_field[row * (xs.len() - 1) + field(&grid.row_xs[row], x)]
    };
    let mut held: Vec<Vec<Glyph>> = vec![Vec::new(); grid.cells.len()];
    let mut over = vec![false; grid.cells.len()];
    for word in words(inside) {
        // A number that is wider than its cell is still one, in the cell that holds its middle.
        let first = word
            .first()
            .map_or([0.0; 2], |glyph| [glyph.x, glyph.middle[1]]);
        let last = word.last().map_or(0.0, Glyph::right);
        let middle = cell_at([f64::midpoint(first[0], last), first[1]]);
        for glyph in word {
            let cell = &grid.cells[middle];
            let row_xs = &grid.row_xs[cell.rows[0]];
            let [left, right] = [row_xs[cell.columns[0]], row_xs[cell.columns[1]]];
            let [top, bottom] = [ys[cell.rows[0]], ys[cell.rows[1]]];
            let ink = [glyph.x, glyph.y - 0.7 * glyph.size, glyph.right(), glyph.y];
            if !glyph.is_blank()
                && (ink[0] < left - OVER
                    || ink[2] > right + OVER
                    || ink[1] < top - OVER
                    || ink[3] > bottom + OVER)
            {
                over[middle] = true;
                let other = cell_at([
                    glyph.middle[0].clamp(area[0], area[2]),
                    glyph.middle[1].clamp(area[1], area[3]),
                ]);
                over[other] = true;
            }
            held[middle].push(glyph);
        }
    }
    let mut cells = Vec::new();
    for ((cell, glyphs), over) in grid.cells.iter().zip(held).zip(over) {
        for (part, glyphs, split) in parted(cell, grid, glyphs) {
            let mut read = read(page, &part, grid, glyphs);
            if over {
                read.flag(Flag::Overflowing);
            }
            if split || part.odd {
                read.flag(Flag::Irregular);
            }
            cells.push(read);
        }
    }
    cells.sort_by(|a, b| a.row.cmp(&b.row).then(a.area[0].total_cmp(&b.area[0])));
    PageTable {
        page,
        area: [xs[0], area[1], xs[xs.len() - 1], area[3]],
        rows: ys.len() - 1,
        cells,
    }
}

/// Glyphs as words: those that follow each other without a gap on one line.
fn words(glyphs: Vec<Glyph>) -> Vec<Vec<Glyph>> {
    let mut words: Vec<Vec<Glyph>> = Vec::new();
    for line in lines(glyphs) {
        let mut before: Option<(f64, bool)> = None;
        for glyph in line.glyphs {
            let is_number = glyph.text.chars().all(|c| c.is_ascii_digit() || c == '.');
            let follows = before.is_some_and(|(right, number)| {
                number && is_number && (glyph.x - right).abs() < WITHIN_WORD * glyph.size
            });
            before = Some((glyph.right(), is_number));
            match words.last_mut() {
                Some(word) if follows => word.push(glyph),
                _ => words.push(vec![glyph]),
            }
        }
    }
    words
}

/// The cells that a region is: several where a rule between them is missing, and each of its texts stands in its
/// own field.
fn parted(cell: &GridCell, grid: &Grid, glyphs: Vec<Glyph>) -> Vec<(GridCell, Vec<Glyph>, bool)> {
    for axis in [0, 1] {
        let (span, edges) = if axis == 0 {
            (cell.columns, &grid.row_xs[cell.rows[0]])
        } else {
            (cell.rows, &grid.ys)
        };
        let pieces = pieces(&glyphs, axis);
        let Some(fields) = own_fields(&pieces, &edges[span[0]..=span[1]], axis) else {
            continue;
        };
        let part = |field: usize| {
            let mut part = cell.clone();
            let span = [span[0] + field, span[0] + field + 1];
            if axis == 0 {
                part.columns = span;
            } else {
                part.rows = span;
            }
            part
        };
        let mut parts: Vec<(GridCell, Vec<Glyph>)> = (0..span[1] - span[0])
            .map(|field| (part(field), Vec::new()))
            .collect();
        for (piece, field) in pieces.into_iter().zip(fields) {
            parts[field].1.extend(piece);
        }
        let again = parts
            .into_iter()
            .flat_map(|(cell, glyphs)| parted(&cell, grid, glyphs));
        return again
            .map(|(cell, glyphs, _)| (cell, glyphs, true))
            .collect();
    }
    vec![(cell.clone(), glyphs, false)]
}

/// Texts that stand apart: numbers of a line, or lines.
fn pieces(glyphs: &[Glyph], axis: usize) -> Vec<Vec<Glyph>> {
    let lines = lines(glyphs.iter().cloned());
    if axis == 1 {
        // Lines below an item number belong to it.
        let mut pieces: Vec<Vec<Glyph>> = Vec::new();
        for line in lines {
            match pieces.last_mut() {
                Some(piece) if !is_number(&line.glyphs) && !is_item(&line.text()) => {
                    piece.extend(line.glyphs);
                }
                _ => pieces.push(line.glyphs),
            }
        }
        return pieces;
    }
    let mut clumps: Vec<([f64; 2], Vec<Glyph>)> = Vec::new();
    for line in lines {
        let mut right = f64::NEG_INFINITY;
        for glyph in line.glyphs.into_iter().filter(|glyph| !glyph.is_blank()) {
            let extent = [glyph.x, glyph.right()];
            match clumps.last_mut() {
                Some((of, clump)) if glyph.x - right <= GAP * glyph.size => {
                    of[1] = of[1].max(extent[1]);
                    clump.push(glyph);
                }
                _ => clumps.push((extent, vec![glyph])),
            }
            right = extent[1];
        }
    }
    // Clumps of several lines that stand above each other are one text.
    clumps.sort_by(|a, b| a.0[0].total_cmp(&b.0[0]));
    let mut pieces: Vec<([f64; 2], Vec<Glyph>)> = Vec::new();
    for (extent, clump) in clumps {
        match pieces.last_mut() {
            Some((of, piece)) if extent[0] < of[1] => {
                of[1] = of[1].max(extent[1]);
                piece.extend(clump);
            }
            _ => pieces.push((extent, clump)),
        }
    }
    pieces.into_iter().map(|(_, piece)| piece).collect()
}

/// The field in which each piece stands, if each has its own and a number is among them, or all are items: what goes
/// through all fields of a region does not stand so.
fn own_fields(pieces: &[Vec<Glyph>], edges: &[f64], axis: usize) -> Option<Vec<usize>> {
    let count = edges.len() - 1;
    if count < 2 || pieces.is_empty() || pieces.len() > count {
        return None;
    }
    let mut fields = Vec::new();
    let mut centred = true;
    for piece in pieces {
        let extent = |of: &Glyph| match axis {
            0 => [of.x, of.right()],
            _ => [of.middle[1] - of.size / 2.0, of.middle[1] + of.size / 2.0],
        };
        let from = piece
            .iter()
            .map(|glyph| extent(glyph)[0])
            .fold(f64::INFINITY, f64::min);
        let to = piece
            .iter()
            .map(|glyph| extent(glyph)[1])
            .fold(f64::NEG_INFINITY, f64::max);
        let field = edges[1..count].partition_point(|edge| *edge <= f64::midpoint(from, to));
        let [low, high] = [edges[field], edges[field + 1]];
        if from < low - OVER || to > high + OVER || fields.contains(&field) {
            return None;
        }
        centred &= (f64::midpoint(from, to) - f64::midpoint(low, high)).abs()
            <= CENTRED * (high - low) + OVER;
        fields.push(field);
    }
    let numbers = pieces.iter().filter(|piece| is_number(piece)).count();
    let told = match (axis, pieces.len()) {
        // One number in the middle of all of it is of all of it.
        (_, 1) => numbers == 1 && centred && fields[0] * 2 + 1 != count,
        (0, _) => numbers > 0,
        _ => centred && (numbers > 0 || pieces.iter().all(|piece| is_item(&text_of(piece)))),
    };
    told.then_some(fields)
}

fn text_of(glyphs: &[Glyph]) -> String {
    let line = Line {
        glyphs: glyphs.to_vec(),
    };
    line.text()
}

fn is_number(glyphs: &[Glyph]) -> bool {
    let mut characters = glyphs
        .iter()
        .filter(|glyph| !glyph.is_blank())
        .flat_map(|glyph| glyph.text.chars())
        .peekable();
    characters.peek().is_some()
        && characters
            .all(|c| c.is_ascii_digit() || ('０'..='９').contains(&c) || ".,-/—－，．".contains(c))
}

/// Whether a text begins with the number of an item, such as `（一）`, `三、` or `2.`.
pub(super) fn is_item(text: &str) -> bool {
    let text = text.trim_start();
    let text = text.strip_prefix(['（', '(']).unwrap_or(text);
    let number = |c: char| {
        c.is_ascii_digit() || ('０'..='９').contains(&c) || "一二三四五六七八九十".contains(c)
    };
    let rest = text.trim_start_matches(number);
    rest.len() < text.len() && rest.starts_with(['）', ')', '、', '.', '．', ' '])
}

/// A cell with its text.
fn read(page: usize, cell: &GridCell, grid: &Grid, glyphs: Vec<Glyph>) -> PageCell {
    let area = [
        grid.xs[cell.columns[0]],
        grid.ys[cell.rows[0]],
        grid.xs[cell.columns[1]],
        grid.ys[cell.rows[1]],
    ];
    let lying = glyphs
        .iter()
        .any(|glyph| glyph.turns != Some(0) && !glyph.is_blank());
    let numbers: Vec<Vec<Glyph>> = pieces(&glyphs, 0);
    let apart = numbers.len() > 1 && numbers.iter().filter(|piece| is_number(piece)).count() > 1;
    let lines = lines(glyphs);
    let (mut text, joined, full) = cell_text(&lines, area);
    if apart {
        // Numbers of two cells, the rule between which is missing, are not one.
        let numbers: Vec<String> = numbers.iter().map(|piece| text_of(piece)).collect();
        text = numbers.join("|");
    }
    let (text, mut flags) = ordinary(&text);
    if joined {
        flags.push(Flag::Joined);
    }
    if lying || apart {
        flags.push(Flag::Irregular);
    }
    PageCell {
        row: cell.rows[0],
        rowspan: cell.rows[1] - cell.rows[0],
        area,
        text,
        flags,
        full,
        place: place(page, area),
    }
}

/// The text of lines in a cell, whether a number was joined, and whether the last line is full: a line that leaves
/// no room for another character goes on below.
fn cell_text(lines: &[Line], area: [f64; 4]) -> (String, bool, bool) {
    let mut text = String::new();
    let mut joined = false;
    let left = lines.iter().map(Line::left).fold(f64::INFINITY, f64::min);
    // The cell keeps its text from its edges.
    let margin = (left - area[0]).clamp(0.0, 8.0);
    let is_full = |line: &Line| {
        let room = area[2] - area[0] - 2.0 * margin - (line.right() - line.left());
        room < 1.2 * line.size()
    };
    for (at, line) in lines.iter().enumerate() {
        if let Some(before) = at.checked_sub(1).map(|at| &lines[at]) {
            let numbers = is_number(&before.glyphs) && is_number(&line.glyphs);
            if !is_full(before) {
                text.push('\n');
            } else if numbers {
                joined = true;
            } else if before.parts_words(line) {
                text.push(' ');
            }
        }
        text.push_str(&line.text());
    }
    (text, joined, lines.last().is_some_and(is_full))
}

/// A place on a page.
#[expect(clippy::cast_possible_truncation, reason = "points of a page")]
pub(super) fn place(page: usize, area: [f64; 4]) -> Place {
    Place::Page {
        page,
        area: area.map(|edge| edge as f32),
    }
}
