//! Tables over several pages as one.

use super::cells::{PageCell, PageTable, is_item, place};
use crate::import::{Flag, SourceCell, SourceTable};

/// How far edges of one column differ on two pages, in points.
const EDGE: f64 = 3.0;

/// A table of one or more pages.
#[derive(Clone, Debug)]
pub(super) struct Joined {
    pub first: PageTable,
    rows: usize,
    cells: Vec<PageCell>,
    /// The edges of its last part, and its rows from the first of that part.
    last_edges: Vec<f64>,
    last_area: [f64; 4],
}

impl Joined {
    pub fn new(table: PageTable) -> Self {
        Self {
            rows: table.rows,
            cells: table.cells.clone(),
            last_edges: edges(&table.cells),
            last_area: table.area,
            first: table,
        }
    }

    /// Whether a table at the top of the next page goes on with it: of the same edges, with columns that are known.
    pub fn goes_on_with(&self, next: &PageTable) -> bool {
        let same = |a: f64, b: f64| (a - b).abs() <= EDGE;
        let sides = same(self.last_area[0], next.area[0]) && same(self.last_area[2], next.area[2]);
        let inner = |edges: &[f64]| {
            edges
                .get(1..edges.len().saturating_sub(1))
                .map(<[f64]>::to_vec)
                .unwrap_or_default()
        };
        let (above, below) = (inner(&edges(&self.cells)), inner(&edges(&next.cells)));
        let known = |some: &[f64], all: &[f64]| {
            some.iter()
                .filter(|edge| all.iter().any(|other| same(**edge, *other)))
                .count()
        };
        let (few, many) = if above.len() < below.len() {
            (&above, &below)
        } else {
            (&below, &above)
        };
        sides && 5 * known(few, many) >= 3 * few.len()
    }

    /// Goes on with the table of the next page.
    pub fn append(&mut self, mut next: PageTable) {
        let heads = self.repeated(&next);
        next.cells.retain(|cell| cell.row >= heads);
        for cell in &mut next.cells {
            cell.row -= heads;
        }
        next.rows -= heads;
        (self.last_edges, self.last_area) = (edges(&next.cells), next.area);
        let last = self.rows;
        let above = |cell: &PageCell, cells: &[PageCell]| {
            let ends =
                |above: &PageCell| above.row + above.rowspan == last && same_columns(above, cell);
            cells.iter().position(ends)
        };
        // The row at the break stands on both pages if all its cells do, and what is below goes on with what is above,
        // or stands where nothing does above.
        let first: Vec<&PageCell> = next.cells.iter().filter(|cell| cell.row == 0).collect();
        let broken = !first.is_empty()
            && first.iter().all(|cell| {
                above(cell, &self.cells).is_some_and(|at| {
                    let above = &self.cells[at];
                    above.is_blank() || goes_on(above, cell)
                })
            })
            && first.iter().any(|cell| cell.rowspan == 1);
        let shift = if broken { last - 1 } else { last };
        for mut cell in next.cells {
            let at = Some(&cell)
                .filter(|cell| cell.row == 0)
                .and_then(|cell| above(cell, &self.cells));
            let whole = at.is_some_and(|at| {
                let above = &self.cells[at];
                let spans = above.rowspan > 1 || cell.rowspan > 1;
                broken
                    || spans
                        && !is_item(&cell.text)
                        && (cell.is_blank() || above.is_blank() || goes_on(above, &cell))
            });
            cell.row += shift;
            match at.filter(|_| whole) {
                Some(at) => {
                    let above = &mut self.cells[at];
                    if above.is_blank() && !cell.is_blank() && broken {
                        above.flag(Flag::Irregular);
                    }
                    above.rowspan = cell.row + cell.rowspan - above.row;
                    if !above.is_blank() && !cell.is_blank() && !above.full {
                        above.text.push('\n');
                    }
                    above.text.push_str(&cell.text);
                    for flag in cell.flags {
                        above.flag(flag);
                    }
                }
                None => self.cells.push(cell),
            }
        }
        self.rows = shift + next.rows;
    }

    /// The number of rows at the head of a table that are those at the head of this one.
    #[expect(clippy::cast_possible_truncation, reason = "points of a page")]
    fn repeated(&self, next: &PageTable) -> usize {
        let row = |cells: &[PageCell], row: usize| -> Vec<(usize, String, [i64; 2])> {
            let cells = cells.iter().filter(|cell| cell.row == row);
            let key = |cell: &PageCell| {
                (
                    cell.rowspan,
                    cell.text.clone(),
                    [cell.area[0], cell.area[2]].map(|edge| (edge / EDGE / 2.0).round() as i64),
                )
            };
            cells.map(key).collect()
        };
        let equal = |at: &usize| {
            let (own, other) = (row(&self.first.cells, *at), row(&next.cells, *at));
            let labels = own
                .iter()
                .filter(|(_, text, _)| text.chars().any(|c| !c.is_ascii() && c.is_alphabetic()))
                .count();
            own == other && labels > 0
        };
        let equal = (0..next.rows.min(self.first.rows))
            .take_while(equal)
            .count();
        // Rows that a cell spans belong together.
        let whole = |rows: &usize| {
            next.cells
                .iter()
                .all(|cell| cell.row >= *rows || cell.row + cell.rowspan <= *rows)
        };
        (0..=equal)
            .rev()
            .find(|rows| whole(rows) && *rows < next.rows)
            .unwrap_or_default()
    }

    /// The table with its columns counted.
    pub fn table(self) -> SourceTable {
        let edges = edges(&self.cells);
        let nearest = |place: f64| {
            let distance = |at: &usize| (edges[*at] - place).abs();
            (0..edges.len())
                .min_by(|a, b| distance(a).total_cmp(&distance(b)))
                .unwrap_or_default()
        };
        let mut cells = Vec::with_capacity(self.cells.len());
        for cell in self.cells {
            let (first, last) = (nearest(cell.area[0]), nearest(cell.area[2]));
            if last > first {
                cells.push(SourceCell {
                    row: cell.row,
                    column: first,
                    rowspan: cell.rowspan,
                    colspan: last - first,
                    text: cell.text.trim().to_owned(),
                    flags: cell.flags,
                    children: Vec::new(),
                    place: cell.place,
                });
            }
        }
        cells.sort_by_key(|cell| (cell.row, cell.column));
        SourceTable {
            rows: self.rows,
            columns: edges.len().saturating_sub(1),
            cells,
            place: place(self.first.page, self.first.area),
        }
    }
}

/// Whether a cell at the top of a page goes on with the one at the end of the page before.
fn goes_on(above: &PageCell, below: &PageCell) -> bool {
    let is_number = |cell: &PageCell| cell.text.chars().all(|c| c.is_numeric() || c == '.');
    let follows = !is_item(&below.text) && is_number(above) == is_number(below);
    below.is_blank() || follows && above.full && !above.is_blank()
}

fn same_columns(a: &PageCell, b: &PageCell) -> bool {
    (a.area[0] - b.area[0]).abs() <= EDGE && (a.area[2] - b.area[2]).abs() <= EDGE
}

/// The edges of the columns of cells, those near each other being one.
fn edges(cells: &[PageCell]) -> Vec<f64> {
    let mut places: Vec<f64> = cells
        .iter()
        .flat_map(|cell| [cell.area[0], cell.area[2]])
        .collect();
    places.sort_by(f64::total_cmp);
    let mut edges: Vec<f64> = Vec::new();
    for place in places {
        if edges.last().is_none_or(|edge| place - edge > EDGE) {
            edges.push(place);
        }
    }
    edges
}
