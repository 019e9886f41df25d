//! The tables on the pages, compared with the report cell by cell.

use super::file::{PdfFault, PdfFile};
use super::tables::{ShownCell, ShownTable};
use crate::form;
use crate::report::{Cell, Report};

/// The result of a comparison of pages with a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadBack {
    /// The number of cells that are on the pages as in the report.
    pub equal: usize,
    /// The number of cells of the report.
    pub total: usize,
    /// The cells that differ.
    pub differences: Vec<Difference>,
}

/// A cell that is not on the page as it is in the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The label of the line.
    pub line: String,
    /// The label of the column.
    pub column: String,
    /// The value in the report.
    pub expected: String,
    /// The value on the page, and the page, from 1; `None` if there is no such cell.
    pub found: Option<(String, Option<usize>)>,
    /// Whether it stands in the place of another cell.
    pub misplaced: bool,
}

/// Reads the tables of a PDF and compares every cell.
///
/// # Errors
/// If the PDF cannot be read.
pub fn read_back(pdf: &PdfFile, report: &Report) -> Result<ReadBack, PdfFault> {
    let tables = pdf.tables()?;
    let mut result = ReadBack {
        equal: 0,
        total: 0,
        differences: Vec::new(),
    };
    let sections = report.form.sections.iter();
    for key in sections.flat_map(|section| &section.tables) {
        let (Some(form_table), Some(grid)) = (report.form.tables.get(key), report.tables.get(key))
        else {
            continue;
        };
        let shown: Vec<_> = tables
            .iter()
            .filter(|t| t.summary == form_table.summary)
            .collect();
        // A table that is there twice is not the one of the form.
        let (values, loose) = match shown[..] {
            [table] => (placed(table), &table.loose[..]),
            _ => (Vec::new(), &[][..]),
        };
        compare(form_table, &grid.lines, &values, &mut result);
        result.differences.extend(loose.iter().map(superfluous));
    }
    Ok(result)
}

fn compare(
    form_table: &form::Table,
    lines: &[Vec<Cell>],
    values: &[(&ShownCell, bool)],
    result: &mut ReadBack,
) {
    let declared = form_table.lines();
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

/// A value on the page that the report does not have.
fn superfluous(value: &ShownCell) -> Difference {
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
fn placed(table: &ShownTable) -> Vec<(&ShownCell, bool)> {
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
