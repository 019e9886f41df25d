//! The tables of a Word 97 file: cells that end with marks, rows whose ends say where the edges of cells are.

use super::super::bounds::MAX_COLUMNS;
use super::super::cells::{children, cover, flags};
use super::super::document::{LeftOut, compact, lines};
use super::super::refusal::Refusal;
use super::bytes::{Modifier, TABLE_DEFINITION, i16_at, part, u8_at, u16_at};
use crate::import::block::{Block, Flag, Place, SourceCell, SourceTable};

/// The most twips between edges that are one.
const SAME_EDGE: i32 = 28;
/// The most cells of a row.
const MAX_ROW: usize = 63;
/// The size of what a row says of a cell (`TC80`).
const CELL: usize = 20;

/// A table that is being read.
pub(super) struct OpenTable {
    number: usize,
    rows: Vec<Row>,
    /// The cells of the row that is being read.
    cells: Vec<Vec<Block>>,
    /// What stands in the cell that is being read.
    pub blocks: Vec<Block>,
}

struct Row {
    cells: Vec<Vec<Block>>,
    definition: Definition,
}

/// What the end of a row says of its cells.
#[derive(Default)]
struct Definition {
    /// The edges of its cells in twips, one more than there are cells.
    edges: Vec<i32>,
    merges: Vec<Merge>,
    /// Whether cells were put in or taken out afterwards.
    is_changed: bool,
}

/// How a cell is one with its neighbours.
#[derive(Clone, Copy, Default)]
struct Merge {
    /// With that before it.
    swallowed: bool,
    /// With that above it.
    continues: bool,
    /// With those below it, if they say so.
    starts: bool,
}

impl OpenTable {
    pub fn new(number: usize) -> Self {
        Self {
            number,
            rows: Vec::new(),
            cells: Vec::new(),
            blocks: Vec::new(),
        }
    }

    /// Ends a cell, and tells how many bytes of text are in it.
    pub fn end_cell(&mut self) -> usize {
        let blocks = std::mem::take(&mut self.blocks);
        let bytes = lines(&blocks).len();
        self.cells.push(blocks);
        bytes
    }

    /// Ends a row with the modifiers of its end; one that was deleted under change tracking is left out.
    pub fn end_row(&mut self, end: &[Modifier], is_deleted: bool) -> Option<LeftOut> {
        if !self.blocks.is_empty() {
            self.end_cell();
        }
        let cells = std::mem::take(&mut self.cells);
        if is_deleted {
            let texts = cells.iter().map(|cell| lines(cell));
            return Some(LeftOut {
                what: "修订中删除的行",
                text: texts.collect::<Vec<_>>().join(" "),
                place: Place::Table(self.number),
            });
        }
        if !cells.is_empty() {
            let definition = Definition::read(end);
            self.rows.push(Row { cells, definition });
        }
        None
    }

    /// The table with spans; `None` if it has no cells.
    pub fn close(mut self) -> Result<Option<SourceTable>, Refusal> {
        // What stands behind the last end of a row.
        self.end_row(&[], false);
        let mut edges: Vec<i32> = Vec::new();
        for row in &self.rows {
            edges.extend(&row.definition.edges);
        }
        edges.sort_unstable();
        let mut columns: Vec<i32> = Vec::new();
        for edge in edges {
            if columns.last().is_none_or(|last| edge - last > SAME_EDGE) {
                columns.push(edge);
            }
        }
        let column = |edge: i32| columns.partition_point(|first| *first <= edge) - 1;
        let is_regular = self.rows.iter().all(|row| row.is_regular(column));
        let mut cells: Vec<Open> = Vec::new();
        for (index, row) in self.rows.into_iter().enumerate() {
            let mut placed = row.placed(self.number, index, is_regular.then_some(&column));
            join(&mut cells, &mut placed);
            cells.append(&mut placed);
        }
        let cells: Vec<SourceCell> = cells.into_iter().map(|open| open.cell).collect();
        if cells.is_empty() {
            return Ok(None);
        }
        compact(cells, Place::Table(self.number)).map(Some)
    }
}

/// A cell, and how it goes on.
struct Open {
    cell: SourceCell,
    merge: Merge,
}

/// Joins the cells of a row that go on with those above.
fn join(above: &mut [Open], row: &mut Vec<Open>) {
    let joined = |open: &mut Open| {
        if !open.merge.continues {
            return false;
        }
        let cell = &open.cell;
        let upper = above.iter_mut().rev().take(MAX_JOINED).find(|upper| {
            let upper = &upper.cell;
            (upper.column, upper.colspan) == (cell.column, cell.colspan)
                && upper.row + upper.rowspan == cell.row
        });
        let Some(upper) = upper.filter(|upper| upper.merge.starts || upper.merge.continues) else {
            open.cell.flags.push(Flag::Irregular);
            return false;
        };
        upper.cell.rowspan += 1;
        cover(&mut upper.cell, &cell.text);
        true
    };
    let mut joined = joined;
    row.retain_mut(|open| !joined(open));
}

/// The most cells before a row among which that above a cell is sought.
const MAX_JOINED: usize = MAX_ROW * 200;

impl Row {
    /// Whether its cells have the edges that they need, each right of the one before.
    fn is_regular(&self, column: impl Fn(i32) -> usize) -> bool {
        let edges = &self.definition.edges;
        self.cells.len() < edges.len()
            && edges
                .windows(2)
                .all(|pair| pair[0] <= pair[1] && column(pair[0]) < column(pair[1]))
    }

    /// Its cells where they stand; by their numbers alone where the table has no columns.
    fn placed(self, table: usize, row: usize, column: Option<&impl Fn(i32) -> usize>) -> Vec<Open> {
        let Definition {
            edges,
            merges,
            is_changed,
        } = self.definition;
        let is_whole = column.is_some() && !is_changed && edges.len() == self.cells.len() + 1;
        let mut placed: Vec<Open> = Vec::new();
        for (index, blocks) in self.cells.into_iter().enumerate() {
            let merge = merges.get(index).copied().unwrap_or_default();
            let [start, end] = match column {
                Some(column) => [column(edges[index]), column(edges[index + 1])],
                None => [index, index + 1],
            };
            let text = lines(&blocks);
            if let Some(before) = placed.last_mut().filter(|_| merge.swallowed) {
                before.cell.colspan = end - before.cell.column;
                cover(&mut before.cell, &text);
                continue;
            }
            let mut flags = flags(&blocks);
            if !is_whole {
                flags.push(Flag::Irregular);
            }
            let place = Place::Cell {
                table,
                row: row + 1,
                column: start + 1,
            };
            placed.push(Open {
                cell: SourceCell {
                    row,
                    column: start,
                    rowspan: 1,
                    colspan: end - start,
                    text,
                    flags,
                    children: children(blocks),
                    place,
                },
                merge,
            });
        }
        placed
    }
}

impl Definition {
    fn read(end: &[Modifier]) -> Self {
        let mut row = Self::default();
        for modifier in end {
            match modifier.code {
                TABLE_DEFINITION => row.define(modifier.operand),
                // Which cells are one with those above and below (`sprmTVertMerge`).
                0xD62B => {
                    let cell = usize::from(modifier.byte());
                    let how = u8_at(modifier.operand, 1).unwrap_or_default();
                    if let Some(merge) = row.merges.get_mut(cell) {
                        merge.continues = how == 1;
                        merge.starts = how == 3;
                    }
                }
                // Cells that are made one (`sprmTMerge`), and parted again (`sprmTSplit`).
                0x5624 | 0x5625 => {
                    let first = usize::from(modifier.byte());
                    let end = usize::from(u8_at(modifier.operand, 1).unwrap_or_default());
                    let inner = first.saturating_add(1)..end.min(row.merges.len());
                    for merge in row.merges.get_mut(inner).into_iter().flatten() {
                        merge.swallowed = modifier.code == 0x5624;
                    }
                }
                // Cells put in, taken out, made wider (`sprmTInsert`, `sprmTDelete`, `sprmTDxaCol`).
                0x7621 | 0x5622 | 0x7623 => row.is_changed = true,
                _ => {}
            }
        }
        row
    }

    /// Takes the definition of a row: edges, then what is said of each cell.
    fn define(&mut self, operand: &[u8]) {
        let count = usize::from(u8_at(operand, 0).unwrap_or_default()).min(MAX_ROW);
        let edges = (0..=count).map_while(|index| i16_at(operand, 1 + index * 2));
        self.edges = edges.map(i32::from).collect();
        let first = 1 + (count + 1) * 2;
        let merges = (0..count).map(|index| {
            let own = part(operand, first + index * CELL, CELL);
            let flags = own.and_then(|own| u16_at(own, 0)).unwrap_or_default();
            Merge {
                swallowed: flags & 3 == 1,
                continues: flags >> 5 & 3 == 1,
                starts: flags >> 5 & 3 == 3,
            }
        });
        self.merges = merges.collect();
    }
}

const _: () = assert!(MAX_ROW < MAX_COLUMNS);
