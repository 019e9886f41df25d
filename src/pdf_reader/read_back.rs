//! The tables on the pages, compared with the report cell by cell.

use super::file::{Fault, PdfFile};
use super::tables::{Table, TableCell};
use crate::form;
use crate::report::{Cell, Report};

/// How many cells say what the report says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadBack {
    /// How many cells are on the page as in the report.
    pub equal: usize,
    /// How many the report has.
    pub total: usize,
    /// Those that are not.
    pub differences: Vec<Difference>,
}

/// A cell that is not on the page as it is in the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The label of the line.
    pub line: String,
    /// The label of the column.
    pub column: String,
    /// What the report says.
    pub expected: String,
    /// What the page says, and which page it is, counted from 1; none where there is no such cell.
    pub found: Option<(String, Option<usize>)>,
    /// Whether it stands where the form has another cell.
    pub misplaced: bool,
}

/// Reads the tables of a PDF and compares every cell.
///
/// # Errors
/// Why the PDF is not read.
pub fn read_back(record: &PdfFile, report: &Report) -> Result<ReadBack, Fault> {
    let tables = record.tables()?;
    let mut result = ReadBack {
        equal: 0,
        total: 0,
        differences: Vec::new(),
    };
    let sections = report.form.sections.iter();
    for key in sections.flat_map(|section| &section.tables) {
        let (Some(drawn_form), Some(grid)) = (report.form.tables.get(key), report.tables.get(key))
        else {
            continue;
        };
        let shown: Vec<_> = tables
            .iter()
            .filter(|t| t.summary == drawn_form.summary)
            .collect();
        // A table that is there twice is not the one of the form.
        let (values, loose) = match shown[..] {
            [table] => (placed(table), &table.loose[..]),
            _ => (Vec::new(), &[][..]),
        };
        compare(drawn_form, &grid.lines, &values, &mut result);
        result.differences.extend(loose.iter().map(superfluous));
    }
    Ok(result)
}

fn compare(
    drawn_form: &form::Table,
    lines: &[Vec<Cell>],
    values: &[(&TableCell, bool)],
    result: &mut ReadBack,
) {
    let declared = drawn_form.lines();
    let cells = declared.iter().zip(lines);
    let cells =
        cells.flat_map(|(line, cells)| line.columns.iter().zip(cells).map(move |c| (line, c)));
    let mut count = 0;
    for (i, (line, (column, cell))) in cells.enumerate() {
        count += 1;
        let expected = cell.printed();
        let found = values.get(i);
        if let Some((value, true)) = found
            && value.text == expected
        {
            result.equal += 1;
            continue;
        }
        result.differences.push(Difference {
            line: line.name.label.clone(),
            column: column.name.label.clone(),
            expected,
            found: found.map(|(value, _)| (value.text.clone(), value.at.map(|at| at.0))),
            misplaced: found.is_some_and(|(_, in_place)| !in_place),
        });
    }
    result.total += count;
    let more = values
        .iter()
        .skip(count)
        .map(|(value, _)| superfluous(value));
    result.differences.extend(more);
}

/// What the page shows and the report does not have.
fn superfluous(value: &TableCell) -> Difference {
    Difference {
        line: String::new(),
        column: String::new(),
        expected: String::new(),
        found: Some((value.text.clone(), value.at.map(|at| at.0))),
        misplaced: true,
    }
}

/// The values of a table in the order of its rows, and whether each stands on the page behind those
/// before it in its row, and below those of the rows above or on a later page.
fn placed(table: &Table) -> Vec<(&TableCell, bool)> {
    let mut all = Vec::new();
    let mut above = None;
    for row in &table.rows {
        let mut before = None;
        let mut lowest = above;
        for value in row.iter().filter(|cell| !cell.head) {
            let Some((page, x, y)) = value.at else {
                all.push((value, true));
                continue;
            };
            let right = before.is_none_or(|before| x > before);
            let below =
                above.is_none_or(|(over, height)| (page == over && y < height) || page > over);
            all.push((value, right && below));
            before = Some(x);
            lowest = match lowest {
                Some((same, height)) if same == page => Some((page, y.min(height))),
                _ => Some((page, y)),
            };
        }
        above = lowest;
    }
    all
}
