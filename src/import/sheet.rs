//! A table of a file as fields, each cell with what it may be to a table of the form.

use super::block::{SourceCell, SourceTable};
use super::label::Label;
use super::outline::Outline;
use super::reading::{Kind, shape};
use super::vocabulary::Meant;

/// The most rows and fields of a table that is held to the form, which has less than a hundred rows.
const MOST_ROWS: usize = 2_000;
const MOST_FIELDS: usize = 100_000;

/// A table of a file as fields.
pub(super) struct Sheet<'t> {
    table: &'t SourceTable,
    /// The cell that covers each field, row by row.
    covers: Vec<Option<usize>>,
    pub marks: Vec<Mark>,
}

/// What a cell may be.
pub(super) struct Mark {
    pub label: Label,
    pub kind: Kind,
    /// The label of a row that it may be.
    pub row: Option<Meant>,
    /// The label of a column that it may be.
    pub column: Option<Meant>,
    /// Whether it is a unit that stands behind labels.
    pub is_unit: bool,
}

impl<'t> Sheet<'t> {
    /// The fields of a table; `None` if there are far more than a form has.
    pub fn of(table: &'t SourceTable, outline: &Outline) -> Option<Self> {
        let fields = table.rows.checked_mul(table.columns)?;
        if table.rows > MOST_ROWS || fields > MOST_FIELDS {
            return None;
        }
        let mut covers = vec![None; fields];
        for (at, cell) in table.cells.iter().enumerate() {
            let end = cell.column.saturating_add(cell.colspan).min(table.columns);
            let last = cell.row.saturating_add(cell.rowspan).min(table.rows);
            for row in cell.row..last {
                for column in cell.column..end {
                    covers[row * table.columns + column] = Some(at);
                }
            }
        }
        let mark = |cell: &SourceCell| Mark::of(&cell.text, outline);
        let marks = table.cells.iter().map(mark).collect();
        Some(Self {
            table,
            covers,
            marks,
        })
    }

    pub fn rows(&self) -> usize {
        self.table.rows
    }

    pub fn columns(&self) -> usize {
        self.table.columns
    }

    pub fn cell(&self, at: usize) -> &SourceCell {
        &self.table.cells[at]
    }

    /// The cell that covers a field.
    pub fn at(&self, row: usize, column: usize) -> Option<usize> {
        if column >= self.table.columns {
            return None;
        }
        *self.covers.get(row * self.table.columns + column)?
    }

    /// The cells that reach into a row, from left to right.
    pub fn row(&self, row: usize) -> Vec<usize> {
        let mut cells: Vec<usize> = (0..self.columns())
            .filter_map(|c| self.at(row, c))
            .collect();
        cells.dedup();
        cells
    }

    pub fn is_blank(&self, at: usize) -> bool {
        self.marks[at].kind == Kind::Blank
    }

    pub fn is_words(&self, at: usize) -> bool {
        self.marks[at].kind == Kind::Words
    }

    /// The column behind the last cell of a row with something in it, and that behind the last of all.
    pub fn edges(&self, row: usize) -> (usize, usize) {
        let cells = (0..self.columns()).filter_map(|c| Some((c, self.at(row, c)?)));
        cells.fold((0, 0), |(content, _), (c, at)| {
            (if self.is_blank(at) { content } else { c + 1 }, c + 1)
        })
    }
}

impl Mark {
    fn of(text: &str, outline: &Outline) -> Self {
        let label = Label::of(text);
        let shape = shape(text);
        let (row, column) = match shape {
            Kind::Blank | Kind::Sign => (None, None),
            // What is a number is a label only if it is one to the letter.
            Kind::Number | Kind::Words => {
                let same = |meant: &Meant| shape == Kind::Words || meant.distance == 0;
                let row = outline.row_words.meant(&label).filter(same);
                (row, outline.column_words.meant(&label).filter(same))
            }
        };
        let is_label = row.is_some() || column.is_some();
        Self {
            kind: if is_label { Kind::Words } else { shape },
            is_unit: outline.units.contains(&label.bare),
            label,
            row,
            column,
        }
    }
}
