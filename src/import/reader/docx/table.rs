//! The tables of a Word file.

use std::collections::BTreeSet;

use super::super::bounds::MAX_COLUMNS;
use super::super::cells;
use super::super::document::{LeftOut, compact, lines};
use super::super::refusal::Refusal;
use super::super::xml::Element;
use super::state::{Reader, is_placeholder};
use crate::import::block::{Flag, Place, SourceCell, SourceTable};

/// A cell and whether it goes on below.
struct Open {
    cell: SourceCell,
    is_merged: bool,
}

impl<'x> Reader<'x> {
    /// Reads a table that stands within so many others; `None` if it has no cells.
    pub(super) fn table(
        &mut self,
        element: Element<'x>,
        within: usize,
    ) -> Result<Option<SourceTable>, Refusal> {
        let number = self.counts.table(within)?;
        let mut rows = Vec::new();
        unwrapped(element, "tr", &mut rows);
        let mut cells: Vec<Open> = Vec::new();
        let mut row = 0;
        for element in rows {
            let properties = element.child("trPr");
            if properties.is_some_and(|properties| properties.child("del").is_some()) {
                self.left_out.push(LeftOut {
                    what: "修订中删除的行",
                    text: words(element),
                    place: Place::Table(number),
                });
                continue;
            }
            let before = properties.and_then(|properties| properties.val("gridBefore"));
            let mut column = span(before).saturating_sub(usize::from(before.is_none()));
            let mut inner = Vec::new();
            unwrapped(element, "tc", &mut inner);
            let first = cells.len();
            for element in inner {
                column = self.cell(
                    element,
                    within,
                    [number, row, column],
                    [first, cells.len()],
                    &mut cells,
                )?;
            }
            row += usize::from(cells.len() > first || row > 0);
        }
        let cells: Vec<SourceCell> = cells.into_iter().map(|open| open.cell).collect();
        if cells.is_empty() {
            return Ok(None);
        }
        compact(cells, Place::Table(number)).map(Some)
    }

    /// Reads a cell, and returns the column behind it. The cells of its row are those of `own`.
    fn cell(
        &mut self,
        element: Element<'x>,
        within: usize,
        [table, row, column]: [usize; 3],
        [first, end]: [usize; 2],
        cells: &mut Vec<Open>,
    ) -> Result<usize, Refusal> {
        let place = Place::Cell {
            table,
            row: row + 1,
            column: column + 1,
        };
        let properties = element.child("tcPr");
        if properties.is_some_and(|properties| properties.child("cellDel").is_some()) {
            self.left_out.push(LeftOut {
                what: "修订中删除的格",
                text: words(element),
                place,
            });
            return Ok(column);
        }
        let value = |name: &str| properties.and_then(|properties| properties.val(name));
        // A row is no wider than a table may be.
        let colspan = span(value("gridSpan")).min(MAX_COLUMNS + 1 - column.min(MAX_COLUMNS));
        let mut children = Vec::new();
        self.blocks(element, within + 1, &mut children)?;
        let text = lines(&children);
        self.counts.cell(text.len())?;
        let mut flags = BTreeSet::from_iter(cells::flags(&children));
        let goes_on = |name: &str| {
            let element = properties.and_then(|properties| properties.child(name))?;
            Some(element.attribute("val") != Some("restart"))
        };
        if goes_on("hMerge") == Some(true) && end > first {
            let before = &mut cells[end - 1].cell;
            before.colspan += colspan;
            cells::cover(before, &text);
            return Ok(column + colspan);
        }
        let merge = goes_on("vMerge");
        if merge == Some(true) {
            let above = cells[..first].iter_mut().rev().find(|above| {
                let above = &above.cell;
                (above.column, above.colspan) == (column, colspan)
                    && above.row + above.rowspan == row
            });
            if let Some(above) = above.filter(|above| above.is_merged) {
                above.cell.rowspan += 1;
                cells::cover(&mut above.cell, &text);
                return Ok(column + colspan);
            }
            flags.insert(Flag::Irregular);
        }
        cells.push(Open {
            cell: SourceCell {
                row,
                column,
                rowspan: 1,
                colspan,
                text,
                flags: flags.into_iter().collect(),
                children: cells::children(children),
                place,
            },
            is_merged: merge.is_some(),
        });
        Ok(column + colspan)
    }
}

fn span(written: Option<&str>) -> usize {
    let span = written.and_then(|written| written.parse::<u64>().ok());
    usize::try_from(span.unwrap_or(1)).map_or(MAX_COLUMNS, |span| span.clamp(1, MAX_COLUMNS))
}

/// The rows of a table or the cells of a row, also those in content controls and the like.
fn unwrapped<'x>(parent: Element<'x>, name: &str, found: &mut Vec<Element<'x>>) {
    for element in parent.elements() {
        match element.name() {
            own if own == name => found.push(element),
            "sdt" if is_placeholder(element) => {}
            "sdt" | "sdtContent" | "ins" | "moveTo" | "customXml" => {
                unwrapped(element, name, found);
            }
            _ => {}
        }
    }
}

/// The words of an element, for a note.
fn words(element: Element) -> String {
    let texts = element
        .descendants()
        .filter(|part| matches!(part.name(), "t" | "delText"));
    texts.map(Element::text).collect()
}
