//! The values of one table, line by line as the form declares them.

use super::cell::{Cell, MAX_COUNT, Value};
use crate::form::Table;
use crate::source::Span;

/// The values of a table; `lines[i][j]` belongs to column `j` of line `i` of the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grid {
    /// The lines in the order of the form.
    pub lines: Vec<Vec<Cell>>,
    /// The place of the table in the report file.
    pub span: Span,
}

/// The values given in a file; `None` for what was left out.
pub(super) type Given = Vec<Option<Vec<Option<Cell>>>>;

impl Grid {
    /// Completes given values with the omitted totals; other omitted values are not known.
    ///
    /// # Errors
    /// The place of a total that exceeds the largest count.
    pub(super) fn complete(given: Given, table: &Table, span: Span) -> Result<Self, Span> {
        let mut lines: Vec<Vec<Cell>> = vec![Vec::new(); given.len()];
        for (i, line) in given.into_iter().enumerate() {
            let own = &table.lines()[i];
            match line {
                Some(line) => lines[i] = complete_line(&line, &own.columns, span)?,
                None if own.parts.is_none() => {
                    lines[i] = vec![Cell::unknown(span); own.columns.len()];
                }
                None => {}
            }
        }
        // The parts of a sum may be sums as well, so those are made first.
        let missing = |lines: &[Vec<Cell>], i: usize| lines[i].is_empty();
        let sums = || {
            table
                .lines()
                .iter()
                .enumerate()
                .filter_map(|(i, line)| Some((i, line, line.parts.as_ref()?)))
        };
        while let Some((i, line, parts)) = sums().find(|(i, _, parts)| {
            missing(&lines, *i) && !parts.iter().any(|part| missing(&lines, *part))
        }) {
            let total = |j| sum(parts.iter().map(|&part| &lines[part][j]), span);
            let totals: Result<_, _> = (0..line.columns.len()).map(total).collect();
            lines[i] = totals?;
        }
        Ok(Self { lines, span })
    }

    /// The cell of a line and a column by their keys.
    #[must_use]
    pub fn get(&self, table: &Table, line: &str, column: &str) -> Option<&Cell> {
        let i = table.line(line)?;
        self.lines[i].get(table.lines()[i].column(column)?)
    }
}

fn complete_line(
    given: &[Option<Cell>],
    columns: &[crate::form::Column],
    span: Span,
) -> Result<Vec<Cell>, Span> {
    let place = given.iter().flatten().next().map_or(span, |c| c.span);
    let parts_of = |j: usize| columns[j].parts.iter().flatten();
    let omitted = |j: usize| {
        let parts: Option<Vec<&Cell>> = parts_of(j).map(|&part| given[part].as_ref()).collect();
        match parts {
            Some(parts) if columns[j].parts.is_some() => sum(parts.into_iter(), place),
            _ => Ok(Cell::unknown(place)),
        }
    };
    let cells = given.iter().enumerate();
    cells
        .map(|(j, cell)| cell.clone().map_or_else(|| omitted(j), Ok))
        .collect()
}

/// The sum of cells; not known if one of them is not.
fn sum<'a>(parts: impl Iterator<Item = &'a Cell> + Clone, span: Span) -> Result<Cell, Span> {
    if !parts.clone().all(Cell::is_known) {
        return Ok(Cell::unknown(span));
    }
    let total = parts
        .map(|cell| cell.value.count())
        .try_fold(0_u64, u64::checked_add)
        .filter(|total| *total <= MAX_COUNT)
        .ok_or(span)?;
    Ok(Cell {
        value: Value::Total(total),
        note: None,
        span,
    })
}
