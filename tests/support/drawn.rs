//! Tables of the form as files have them: drawn field by field, with a number of its own in every value.

use std::collections::BTreeSet;

use nianbao::form::{CellContent, Role, Table};
use nianbao::import::{SourceCell, SourceTable};

/// How files write a cell that covers several fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spans {
    /// As one cell.
    Kept,
    /// As its text in the first field, and blanks in the others: a spreadsheet's text.
    Padded,
    /// As its text in every field.
    Filled,
    /// As one field; what stands behind it moves to the left.
    Lost,
}

pub const ALL: [Spans; 4] = [Spans::Kept, Spans::Padded, Spans::Filled, Spans::Lost];

/// A field of a drawn table.
#[derive(Clone, Debug)]
pub struct Field {
    /// The cell that covers it.
    pub cell: usize,
    pub text: String,
    pub role: Option<Role>,
}

/// A table as drawn, field by field, with a number of its own in every value.
#[derive(Clone, Debug)]
pub struct Drawn {
    pub fields: Vec<Vec<Field>>,
    /// The number of rows above the first value.
    pub head: usize,
}

/// The number that stands for a value.
pub fn number(line: usize, column: usize) -> usize {
    1000 + line * 20 + column
}

impl Drawn {
    pub fn of(table: &Table) -> Self {
        let grid = table.grid();
        let blank = Field {
            cell: usize::MAX,
            text: String::new(),
            role: None,
        };
        let mut fields = vec![vec![blank; grid.columns]; grid.rows.len()];
        for (cell, placed) in grid.cells().enumerate() {
            let (text, role) = match &placed.content {
                CellContent::Label { text, role, .. } => (text.clone(), Some(*role)),
                CellContent::Value { line, column } => (number(*line, *column).to_string(), None),
            };
            for row in fields.iter_mut().skip(placed.y).take(placed.rowspan) {
                for field in row.iter_mut().skip(placed.x).take(placed.colspan) {
                    *field = Field {
                        cell,
                        text: text.clone(),
                        role,
                    };
                }
            }
        }
        Self {
            fields,
            head: grid.head,
        }
    }

    /// The table as a file has it.
    pub fn written(&self, spans: Spans) -> SourceTable {
        let (rows, columns) = (self.fields.len(), self.fields.first().map_or(0, Vec::len));
        let mut taken = vec![vec![false; columns]; rows];
        let mut cells: Vec<SourceCell> = Vec::new();
        for y in 0..rows {
            let mut end = 0;
            for x in 0..columns {
                let field = &self.fields[y][x];
                let cell = |row, column, [rowspan, colspan]: [usize; 2], text: &str| SourceCell {
                    row,
                    column,
                    rowspan,
                    colspan,
                    text: text.to_owned(),
                    ..SourceCell::default()
                };
                let is_taken = taken[y][x];
                let is_same = |row: &Vec<Field>, x: usize| row[x].cell == field.cell;
                let wide = (x..columns)
                    .take_while(|x| is_same(&self.fields[y], *x))
                    .count();
                let below = self.fields[y..].iter();
                let high = below
                    .take_while(|row| (x..x + wide).all(|x| is_same(row, x)))
                    .count();
                if !is_taken {
                    for row in taken.iter_mut().skip(y).take(high) {
                        row[x..x + wide].fill(true);
                    }
                }
                match spans {
                    Spans::Kept if is_taken => {}
                    Spans::Kept => cells.push(cell(y, x, [high, wide], &field.text)),
                    Spans::Filled => cells.push(cell(y, x, [1, 1], &field.text)),
                    Spans::Padded => {
                        let text = if is_taken { "" } else { &field.text };
                        cells.push(cell(y, x, [1, 1], text));
                    }
                    Spans::Lost if is_taken => {}
                    Spans::Lost => {
                        cells.push(cell(y, end, [1, 1], &field.text));
                        end += 1;
                    }
                }
            }
        }
        SourceTable {
            rows,
            columns,
            cells,
            ..SourceTable::default()
        }
    }

    /// Another text for a label, wherever it stands.
    pub fn relabel(&mut self, cell: usize, text: &str) {
        for field in self
            .fields
            .iter_mut()
            .flatten()
            .filter(|field| field.cell == cell)
        {
            text.clone_into(&mut field.text);
        }
    }

    /// The labels with their cells.
    pub fn labels(&self) -> Vec<(usize, String)> {
        let labels = self
            .fields
            .iter()
            .flatten()
            .filter(|field| field.role.is_some());
        let labels: BTreeSet<_> = labels
            .map(|field| (field.cell, field.text.clone()))
            .collect();
        labels.into_iter().collect()
    }
}
