//! Rows of cells with spans as fields, as the HTML standard lays them out (“forming a table”).

use super::block::{SourceCell, SourceTable};

impl SourceTable {
    /// The table of rows of cells, each of which goes to the first field that is free; rows and columns of the cells are
    /// set here. Spans end where the rows do, and before a field that is taken. `None` if it has more fields than `most`.
    #[must_use]
    pub fn laid_out(rows: Vec<Vec<SourceCell>>, most: usize) -> Option<Self> {
        let height = rows.len();
        // The row until which each column is taken.
        let mut taken: Vec<usize> = Vec::new();
        let mut cells = Vec::new();
        for (row, given) in rows.into_iter().enumerate() {
            let mut column = 0;
            for mut cell in given {
                while taken.get(column).is_some_and(|until| *until > row) {
                    column += 1;
                }
                cell.rowspan = cell.rowspan.clamp(1, height - row);
                let free = taken
                    .iter()
                    .skip(column)
                    .take_while(|until| **until <= row)
                    .count();
                let is_open = column + free >= taken.len();
                let room = if is_open { most } else { free };
                cell.colspan = cell.colspan.clamp(1, room.max(1));
                let end = column + cell.colspan;
                if end.checked_mul(height)? > most {
                    return None;
                }
                taken.resize(taken.len().max(end), 0);
                taken[column..end].fill(row + cell.rowspan);
                (cell.row, cell.column) = (row, column);
                column = end;
                cells.push(cell);
            }
        }
        let columns = taken.len();
        Some(Self {
            rows: height,
            columns,
            cells,
            ..Self::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(text: &str, rowspan: usize, colspan: usize) -> SourceCell {
        SourceCell {
            text: text.to_owned(),
            rowspan,
            colspan,
            ..SourceCell::default()
        }
    }

    #[test]
    fn cells_go_to_the_first_field_that_is_free() {
        let rows = vec![
            vec![cell("a", 2, 1), cell("b", 1, 1), cell("c", 9, 1)],
            vec![cell("d", 1, 5), cell("e", 0, 0)],
        ];
        let table = SourceTable::laid_out(rows, 100).unwrap();
        let places = table.cells.iter().map(|cell| {
            (
                cell.text.as_str(),
                cell.row,
                cell.column,
                cell.rowspan,
                cell.colspan,
            )
        });
        let places: Vec<_> = places.collect();
        assert_eq!(
            places,
            [
                ("a", 0, 0, 2, 1),
                ("b", 0, 1, 1, 1),
                ("c", 0, 2, 2, 1),
                ("d", 1, 1, 1, 1),
                ("e", 1, 3, 1, 1),
            ]
        );
        assert_eq!((table.rows, table.columns), (2, 4));
    }

    #[test]
    fn a_table_of_too_many_fields_is_none() {
        assert!(
            SourceTable::laid_out(vec![vec![cell("a", 1, 101)]], 100)
                .is_some_and(|t| t.columns == 100)
        );
        assert_eq!(
            SourceTable::laid_out(vec![vec![cell("a", 1, 60)], vec![cell("b", 1, 1)]], 100),
            None
        );
    }
}
