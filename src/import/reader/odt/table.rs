//! The tables of an OpenDocument text.

use super::super::bounds::{MAX_COLUMNS, MAX_REPEATED, bounded};
use super::super::cells::{Fields, children, cover, flags};
use super::super::document::{compact, lines};
use super::super::refusal::Refusal;
use super::super::xml::Element;
use super::state::Reader;
use crate::import::block::{Flag, Place, SourceCell, SourceTable};

/// A table that is being read.
#[derive(Default)]
struct Open {
    number: usize,
    row: usize,
    cells: Vec<SourceCell>,
    fields: Fields,
}

impl<'x> Reader<'x> {
    /// Reads a table that stands within so many others; `None` if it has no cells.
    pub(super) fn table(
        &mut self,
        element: Element<'x>,
        within: usize,
    ) -> Result<Option<SourceTable>, Refusal> {
        let mut open = Open {
            number: self.counts.table(within)?,
            ..Open::default()
        };
        self.rows(element, within, &mut open)?;
        if open.cells.is_empty() {
            return Ok(None);
        }
        for cell in &mut open.cells {
            cell.rowspan = cell.rowspan.min(open.row - cell.row);
        }
        compact(open.cells, Place::Table(open.number)).map(Some)
    }

    fn rows(&mut self, parent: Element<'x>, within: usize, open: &mut Open) -> Result<(), Refusal> {
        for element in parent.elements() {
            match element.name() {
                "table-row" => {
                    let times = repeated(element, "number-rows-repeated");
                    let first = open.cells.len();
                    self.row(element, within, open)?;
                    let has_text = open.cells[first..].iter().any(|cell| !is_blank(cell));
                    if has_text {
                        for _ in 1..times.min(MAX_REPEATED[0]) {
                            self.row(element, within, open)?;
                        }
                    } else {
                        open.row += times.min(MAX_REPEATED[0]) - 1;
                    }
                }
                "table-header-rows" | "table-rows" | "table-row-group" => {
                    self.rows(element, within, open)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn row(&mut self, row: Element<'x>, within: usize, open: &mut Open) -> Result<(), Refusal> {
        let is_concealed = matches!(row.attribute("visibility"), Some("collapse" | "filter"));
        let mut column = 0;
        for element in row.elements() {
            let is_covered = element.name() == "covered-table-cell";
            if !is_covered && element.name() != "table-cell" {
                continue;
            }
            let times = repeated(element, "number-columns-repeated");
            let mut blocks = Vec::new();
            self.blocks(element, within + 1, None, &mut blocks)?;
            let text = lines(&blocks);
            let is_blank = blocks.is_empty() && text.is_empty();
            if is_blank && (is_covered || times > MAX_REPEATED[1]) {
                column = (column + times).min(MAX_COLUMNS);
                continue;
            }
            let times = times.min(MAX_REPEATED[1]);
            let mut own = flags(&blocks);
            if is_concealed {
                own.push(Flag::Concealed);
            }
            if element.attribute("formula").is_some() {
                own.push(Flag::Computed);
            }
            let inner = children(blocks);
            for _ in 0..times {
                self.counts.cell(text.len())?;
                if let Some(owner) = open.fields.owner(open.row, column)
                    && is_covered
                {
                    let cell = &mut open.cells[owner];
                    cover(cell, &text);
                    cell.children.extend(inner.iter().cloned());
                    column += 1;
                    continue;
                }
                let mut cell_flags = own.clone();
                // A field that a cell above takes, or is said to be covered and is not.
                if is_covered || open.fields.owner(open.row, column).is_some() {
                    cell_flags.push(Flag::Irregular);
                }
                while open.fields.owner(open.row, column).is_some() {
                    column += 1;
                }
                bounded(column, MAX_COLUMNS, "一张表的列数")?;
                let [rows, columns] = ["number-rows-spanned", "number-columns-spanned"]
                    .map(|name| repeated(element, name));
                let columns = columns.min(MAX_COLUMNS + 1 - column);
                let taken = open
                    .fields
                    .take(open.cells.len(), [open.row, column], [rows, columns]);
                open.cells.push(SourceCell {
                    row: open.row,
                    column,
                    rowspan: rows,
                    colspan: taken,
                    text: text.clone(),
                    flags: cell_flags,
                    children: inner.clone(),
                    place: Place::Cell {
                        table: open.number,
                        row: open.row + 1,
                        column: column + 1,
                    },
                });
                // The fields that a cell spans follow as covered ones.
                column += 1;
            }
        }
        open.row += 1;
        Ok(())
    }
}

/// How often an element stands, or how far it spans: at least once.
fn repeated(element: Element, name: &str) -> usize {
    let times = element.attribute(name);
    let times = times.and_then(|times| times.parse::<u32>().ok());
    times.map_or(1, |times| times.max(1) as usize)
}

fn is_blank(cell: &SourceCell) -> bool {
    cell.text.is_empty() && cell.children.is_empty()
}
