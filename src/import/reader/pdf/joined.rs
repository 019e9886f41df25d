//! Tables that go on over a page break.

use super::grid::{Cell, Grid};
use crate::form::ordinal;

/// How far the edges of columns may stand apart on two pages, in points.
const NEAR: f64 = 3.0;

/// One table of the last of a page and the first of the next.
pub(super) fn joined(above: Grid, below: Grid) -> Grid {
    let mut xs = above.xs.clone();
    xs.extend(&below.xs);
    xs.sort_by(f64::total_cmp);
    xs.dedup_by(|next, before| (*next - *before).abs() <= NEAR);
    let place = |own: &[f64], at: usize| {
        let edge = own[at];
        let mut nearest = xs.iter().enumerate();
        let first = nearest
            .next()
            .map_or((0, f64::INFINITY), |(i, x)| (i, (x - edge).abs()));
        let least = nearest.fold(first, |least, (i, x)| {
            let far = (x - edge).abs();
            if far < least.1 { (i, far) } else { least }
        });
        least.0
    };
    let rows = above.ys.len() - 1;
    let moved = |grid: &Grid, cells: Vec<Cell>, down: usize| {
        let moved = cells.into_iter().map(|cell| {
            let first = place(&grid.xs, cell.column);
            let end = place(&grid.xs, cell.column + cell.colspan);
            Cell {
                row: cell.row + down,
                column: first,
                colspan: (end - first).max(1),
                ..cell
            }
        });
        moved.collect::<Vec<_>>()
    };
    let (mut above, mut below) = (above, below);
    let own = std::mem::take(&mut above.cells);
    let mut cells = moved(&above, own, 0);
    let own = std::mem::take(&mut below.cells);
    let next = moved(&below, own, rows);
    let partner = |cells: &[Cell], cell: &Cell| {
        cells.iter().position(|upper| {
            (upper.column, upper.colspan) == (cell.column, cell.colspan)
                && upper.row + upper.rowspan == rows
        })
    };
    // A row that is broken within itself: nothing but the rest of words stands in its lower part.
    let is_first = |cell: &Cell| cell.row == rows;
    let continues = |cell: &Cell| {
        let text = cell.text();
        let has_number = text.chars().any(|c| c.is_ascii_digit()) || !ordinal(&text).is_empty();
        text.is_empty() || !has_number
    };
    let flat: Vec<&Cell> = next
        .iter()
        .filter(|cell| is_first(cell) && cell.rowspan == 1)
        .collect();
    let broken = !flat.is_empty()
        && flat
            .iter()
            .all(|cell| continues(cell) && partner(&cells, cell).is_some())
        && flat.iter().any(|cell| !cell.text().is_empty())
        && flat.iter().any(|cell| cell.text().is_empty());
    let mut rest = Vec::new();
    for cell in next {
        let upper = partner(&cells, &cell).filter(|_| is_first(&cell));
        let spans = |upper: usize| cells[upper].rowspan > 1 || cell.rowspan > 1;
        let goes_on =
            |upper: &usize| continues(&cell) && (spans(*upper) || broken && cell.rowspan == 1);
        match upper.filter(goes_on) {
            Some(upper) => {
                let upper = &mut cells[upper];
                upper.rowspan += cell.rowspan;
                upper.lines.extend(cell.lines);
                upper.flags.extend(cell.flags);
            }
            None => rest.push(cell),
        }
    }
    cells.extend(rest);
    // The two parts of a broken row are one row.
    if broken {
        for cell in &mut cells {
            if cell.row >= rows {
                cell.row -= 1;
            } else if cell.row + cell.rowspan > rows {
                cell.rowspan -= 1;
            }
        }
    }
    let lower = below.ys.iter().skip(if broken { 2 } else { 1 });
    let mut ys = above.ys.clone();
    // Only their number counts from here.
    ys.extend(lower);
    Grid {
        xs,
        ys,
        cells,
        page: above.page,
    }
}
