//! Rules as grids of cells, and the glyphs within them.

use crate::import::block::{Flag, Place, SourceCell, SourceTable};
use crate::pdf_reader::{DrawnGlyph, DrawnPage, DrawnRule};

use super::super::bounds::{MAX_CELLS, bounded};
use super::super::document::compact;
use super::super::refusal::Refusal;
use super::lines::{Line, lines, middle, place};

/// How far pieces of a rule may stand apart across, and along, in points.
const ACROSS: f64 = 0.8;
const ALONG: f64 = 2.0;
/// How far rules that touch, and edges that are one, may stand apart.
const TOUCH: f64 = 2.0;
/// The shortest rules of a grid.
const SHORTEST: [f64; 2] = [6.0, 4.0];
/// How far rules reach over the last that crosses them, if their end is an edge too.
const OUT: f64 = 5.0;
/// The share of an edge that is ruled, if it parts two cells.
const RULED: f64 = 0.6;
/// The most rules of a page after joining.
const MAX_RULES: usize = 4_000;

/// A rule along an axis: where it lies across, and from where to where it goes.
#[derive(Clone, Copy, Debug)]
struct Rule {
    at: f64,
    from: f64,
    to: f64,
}

/// A grid of cells on a page.
pub(super) struct Grid {
    pub xs: Vec<f64>,
    pub ys: Vec<f64>,
    pub cells: Vec<Cell>,
    pub page: usize,
}

/// A cell of a grid.
pub(super) struct Cell {
    pub row: usize,
    pub column: usize,
    pub rowspan: usize,
    pub colspan: usize,
    pub lines: Vec<Line>,
    pub flags: Vec<Flag>,
    pub place: Place,
    /// Its width in points.
    pub width: f64,
}

impl Cell {
    /// Its text line by line; a number that fills a line and goes on in the next is one.
    pub fn text(&self) -> String {
        let texts: Vec<&str> = self.lines.iter().map(|line| line.text.trim()).collect();
        if self.is_joined() {
            texts.concat()
        } else {
            texts.join("\n")
        }
    }

    fn is_joined(&self) -> bool {
        let is_number = |line: &Line| {
            let mut text = line.text.trim().chars();
            text.all(|c| c.is_ascii_digit() || c == '.')
        };
        let fills = |line: &Line| line.right - line.left > self.width * 0.6;
        self.lines.len() > 1
            && self.lines.iter().all(is_number)
            && self.lines[..self.lines.len() - 1].iter().all(fills)
    }
}

impl Grid {
    pub fn top(&self) -> f64 {
        self.ys.first().copied().unwrap_or_default()
    }

    /// Whether another grid has the same outer edges.
    pub fn meets(&self, other: &Self) -> bool {
        let near = |one: Option<&f64>, other: Option<&f64>| {
            one.zip(other)
                .is_some_and(|(one, other)| (one - other).abs() <= 3.0)
        };
        near(self.xs.first(), other.xs.first()) && near(self.xs.last(), other.xs.last())
    }

    pub fn table(self) -> Result<SourceTable, Refusal> {
        let area = |grid: &Self| {
            let side = |edges: &[f64]| (edges.first().copied(), edges.last().copied());
            let ((left, right), (top, bottom)) = (side(&grid.xs), side(&grid.ys));
            [left, top, right, bottom].map(Option::unwrap_or_default)
        };
        let whole = place(self.page, area(&self));
        let cells = self.cells.into_iter().map(|cell| {
            let mut flags = cell.flags.clone();
            if cell.is_joined() {
                flags.push(Flag::Joined);
            }
            if cell.lines.iter().any(|line| line.is_unmapped) {
                flags.push(Flag::Unmapped);
            }
            SourceCell {
                row: cell.row,
                column: cell.column,
                rowspan: cell.rowspan,
                colspan: cell.colspan,
                text: cell.text(),
                flags,
                children: Vec::new(),
                place: cell.place,
            }
        });
        compact(cells.collect(), whole)
    }
}

/// The grids of a page, and the glyphs outside of them.
pub(super) fn grids(
    page: &DrawnPage,
    number: usize,
) -> Result<(Vec<Grid>, Vec<&DrawnGlyph>), Refusal> {
    let horizontal = joined(
        page.rules.iter().filter_map(|rule| along(rule, 0)),
        SHORTEST[0],
    );
    let vertical = joined(
        page.rules.iter().filter_map(|rule| along(rule, 1)),
        SHORTEST[1],
    );
    bounded(horizontal.len() + vertical.len(), MAX_RULES, "一页的线")?;
    let mut rest: Vec<&DrawnGlyph> = page.glyphs.iter().collect();
    let mut found = Vec::new();
    for (across, down) in components(&horizontal, &vertical) {
        if across.len() < 2 || down.len() < 2 {
            continue;
        }
        let xs = edges(&down, &across);
        let ys = edges(&across, &down);
        if xs.len() < 2 || ys.len() < 2 {
            continue;
        }
        bounded((xs.len() - 1) * (ys.len() - 1), MAX_CELLS, "表格的格数")?;
        let before = rest.clone();
        let grid = grid(xs, ys, &across, &down, &mut rest, number);
        // A frame around the page or a box around words is no table.
        if grid.cells.len() > 1 {
            found.push(grid);
        } else {
            rest = before;
        }
    }
    Ok((found, rest))
}

fn along(rule: &DrawnRule, axis: usize) -> Option<Rule> {
    let length = rule.to[axis] - rule.from[axis];
    let other = 1 - axis;
    ((rule.to[other] - rule.from[other]).abs() <= 0.5 && length > 0.0).then(|| Rule {
        at: f64::midpoint(rule.from[other], rule.to[other]),
        from: rule.from[axis],
        to: rule.to[axis],
    })
}

/// Rules whose pieces are joined, those that are long enough.
fn joined(rules: impl Iterator<Item = Rule>, shortest: f64) -> Vec<Rule> {
    let mut rules: Vec<Rule> = rules.collect();
    rules.sort_by(|one, other| one.at.total_cmp(&other.at));
    // Rules at one height, then from left to right.
    let mut rows: Vec<Vec<Rule>> = Vec::new();
    for rule in rules {
        match rows.last_mut() {
            Some(row) if row.last().is_some_and(|last| rule.at - last.at <= ACROSS) => {
                row.push(rule)
            }
            _ => rows.push(vec![rule]),
        }
    }
    let mut found: Vec<Rule> = Vec::new();
    for mut row in rows {
        row.sort_by(|one, other| one.from.total_cmp(&other.from));
        let first = found.len();
        for rule in row {
            match found[first..].last_mut() {
                Some(last) if rule.from - last.to <= ALONG => last.to = last.to.max(rule.to),
                _ => found.push(rule),
            }
        }
    }
    found.retain(|rule| rule.to - rule.from >= shortest);
    found
}

/// The rules that touch each other, directly or by others.
fn components(horizontal: &[Rule], vertical: &[Rule]) -> Vec<(Vec<Rule>, Vec<Rule>)> {
    let mut open: Vec<bool> = vec![true; vertical.len()];
    let mut left: Vec<bool> = vec![true; horizontal.len()];
    let touches = |h: &Rule, v: &Rule| {
        (h.from - TOUCH..=h.to + TOUCH).contains(&v.at)
            && (v.from - TOUCH..=v.to + TOUCH).contains(&h.at)
    };
    let mut found = Vec::new();
    for start in 0..horizontal.len() {
        if !std::mem::take(&mut left[start]) {
            continue;
        }
        let (mut across, mut down) = (vec![horizontal[start]], Vec::new());
        let (mut next_across, mut next_down) = (0, 0);
        while next_across < across.len() || next_down < down.len() {
            while next_across < across.len() {
                for (at, rule) in vertical.iter().enumerate() {
                    if open[at] && touches(&across[next_across], rule) {
                        open[at] = false;
                        down.push(*rule);
                    }
                }
                next_across += 1;
            }
            while next_down < down.len() {
                for (at, rule) in horizontal.iter().enumerate() {
                    if left[at] && touches(rule, &down[next_down]) {
                        left[at] = false;
                        across.push(*rule);
                    }
                }
                next_down += 1;
            }
        }
        found.push((across, down));
    }
    found
}

/// The edges that rules make, with the ends of those that cross them where these reach out.
fn edges(rules: &[Rule], crossing: &[Rule]) -> Vec<f64> {
    let mut all: Vec<f64> = rules.iter().map(|rule| rule.at).collect();
    all.sort_by(f64::total_cmp);
    let mut found: Vec<f64> = Vec::new();
    for at in all {
        if found.last().is_none_or(|last| at - last > TOUCH) {
            found.push(at);
        }
    }
    let low = crossing
        .iter()
        .map(|rule| rule.from)
        .fold(f64::INFINITY, f64::min);
    let high = crossing
        .iter()
        .map(|rule| rule.to)
        .fold(f64::NEG_INFINITY, f64::max);
    if found.first().is_some_and(|first| first - low > OUT) {
        found.insert(0, low);
    }
    if found.last().is_some_and(|last| high - last > OUT) {
        found.push(high);
    }
    found
}

/// The share of an edge that rules cover.
fn covered(rules: &[Rule], at: f64, from: f64, to: f64) -> f64 {
    let near = rules.iter().filter(|rule| (rule.at - at).abs() <= TOUCH);
    let parts = near.map(|rule| (rule.to.min(to) - rule.from.max(from)).max(0.0));
    parts.sum::<f64>() / (to - from).max(0.1)
}

fn grid(
    xs: Vec<f64>,
    ys: Vec<f64>,
    across: &[Rule],
    down: &[Rule],
    rest: &mut Vec<&DrawnGlyph>,
    page: usize,
) -> Grid {
    let (columns, rows) = (xs.len() - 1, ys.len() - 1);
    // The field that stands for the cell of each field.
    let mut owner: Vec<usize> = (0..rows * columns).collect();
    let join = |owner: &mut Vec<usize>, one: usize, other: usize| {
        let (one, other) = (owner[one], owner[other]);
        if one != other {
            let (low, high) = (one.min(other), one.max(other));
            owner
                .iter_mut()
                .filter(|own| **own == high)
                .for_each(|own| *own = low);
        }
    };
    for row in 0..rows {
        for column in 0..columns {
            let own = row * columns + column;
            let [left, right, top, bottom] = [xs[column], xs[column + 1], ys[row], ys[row + 1]];
            if column + 1 < columns && covered(down, right, top, bottom) < RULED {
                join(&mut owner, own, own + 1);
            }
            if row + 1 < rows && covered(across, bottom, left, right) < RULED {
                join(&mut owner, own, own + columns);
            }
        }
    }
    let mut cells = Vec::new();
    for first in 0..rows * columns {
        if owner[first] != first {
            continue;
        }
        let fields: Vec<usize> = (0..rows * columns)
            .filter(|field| owner[*field] == first)
            .collect();
        let side = |of: fn(usize, usize) -> usize| {
            let values = fields.iter().map(|field| of(*field, columns));
            let (low, high) =
                values.fold((usize::MAX, 0), |(low, high), v| (low.min(v), high.max(v)));
            (low, high + 1)
        };
        let (top, bottom) = side(|field, columns| field / columns);
        let (left, right) = side(|field, columns| field % columns);
        if (bottom - top) * (right - left) == fields.len() {
            cells.push(cell([top, bottom, left, right], &xs, &ys, Vec::new(), page));
        } else {
            // A region that is no rectangle: each field by itself.
            for field in fields {
                let (row, column) = (field / columns, field % columns);
                let edges = [row, row + 1, column, column + 1];
                cells.push(cell(edges, &xs, &ys, vec![Flag::Irregular], page));
            }
        }
    }
    let mut of_cells: Vec<Vec<&DrawnGlyph>> = vec![Vec::new(); cells.len()];
    rest.retain(|glyph| {
        let [x, y] = middle(glyph);
        let field = |edges: &[f64], at: f64| {
            let next = edges.partition_point(|edge| *edge <= at);
            (1..edges.len()).contains(&next).then(|| next - 1)
        };
        let (Some(column), Some(row)) = (field(&xs, x), field(&ys, y)) else {
            return true;
        };
        let own = cells.iter().position(|cell: &Cell| {
            (cell.row..cell.row + cell.rowspan).contains(&row)
                && (cell.column..cell.column + cell.colspan).contains(&column)
        });
        let Some(own) = own else { return true };
        let cell = &mut cells[own];
        let (left, right) = (xs[cell.column], xs[cell.column + cell.colspan]);
        let over = glyph.x < left - 1.0 || glyph.x + glyph.width > right + 1.0;
        if over && !glyph.text.trim().is_empty() && !cell.flags.contains(&Flag::Overflowing) {
            cell.flags.push(Flag::Overflowing);
        }
        of_cells[own].push(glyph);
        false
    });
    for cell in crossing(&of_cells) {
        if !cells[cell].flags.contains(&Flag::Overflowing) {
            cells[cell].flags.push(Flag::Overflowing);
        }
    }
    for (cell, glyphs) in cells.iter_mut().zip(of_cells) {
        cell.lines = lines(&glyphs, page);
    }
    Grid {
        xs,
        ys,
        cells,
        page,
    }
}

/// The cells between which words run on: a glyph in one follows right behind a glyph in another.
fn crossing(of_cells: &[Vec<&DrawnGlyph>]) -> Vec<usize> {
    let all = of_cells.iter().enumerate();
    let all = all.flat_map(|(cell, glyphs)| glyphs.iter().map(move |glyph| (cell, *glyph)));
    let mut all: Vec<(usize, &DrawnGlyph)> = all
        .filter(|(_, glyph)| !glyph.text.trim().is_empty())
        .collect();
    all.sort_by(|(_, one), (_, other)| one.y.total_cmp(&other.y).then(one.x.total_cmp(&other.x)));
    let mut found = Vec::new();
    for pair in all.windows(2) {
        let [(one, before), (other, next)] = pair else {
            continue;
        };
        let gap = next.x - before.x - before.width;
        let is_near = (next.y - before.y).abs() < 0.2 * next.size && gap.abs() < 0.2 * next.size;
        if one != other && is_near {
            found.extend([*one, *other]);
        }
    }
    found
}

fn cell(
    [top, bottom, left, right]: [usize; 4],
    xs: &[f64],
    ys: &[f64],
    flags: Vec<Flag>,
    page: usize,
) -> Cell {
    Cell {
        row: top,
        column: left,
        rowspan: bottom - top,
        colspan: right - left,
        lines: Vec::new(),
        flags,
        place: place(page, [xs[left], ys[top], xs[right], ys[bottom]]),
        width: xs[right] - xs[left],
    }
}
