//! The tables of a page, by the algorithm of the HTML standard.

use crate::import::block::{Block, Flag, Place, SourceCell, SourceTable};

use super::super::bounds::{MAX_CELLS, MAX_COLUMNS, bounded};
use super::super::document::{compact, lines};
use super::super::refusal::Refusal;
use super::style::is_hidden;
use super::walk::Walk;

impl Walk<'_> {
    /// Reads a table that stands within so many others; `None` if it has no cells. Its caption goes before it.
    pub(super) fn table(
        &mut self,
        id: usize,
        within: usize,
        before: &mut Vec<Block>,
    ) -> Result<Option<SourceTable>, Refusal> {
        let number = self.counts.table(within)?;
        let tree = self.tree;
        let mut groups: Vec<Vec<usize>> = Vec::new();
        let is_row = |id: &usize| tree.name(*id) == "tr";
        for child in tree.children(id) {
            match tree.name(*child) {
                "caption" => before.extend(self.blocks(*child, within + 1)?),
                "tr" => groups.push(vec![*child]),
                "thead" | "tbody" | "tfoot" => {
                    let rows = tree.children(*child).iter().copied();
                    groups.push(rows.filter(is_row).collect());
                }
                _ => {}
            }
        }
        let rows: usize = groups.iter().map(Vec::len).sum();
        // The row behind the last that a cell reaches into, column by column.
        let mut taken: Vec<usize> = Vec::new();
        let mut cells = Vec::new();
        let mut row = 0;
        // A row outside of a group spans into those behind it.
        let loose = groups.iter().filter(|group| group.len() > 1).count() == 0;
        for group in &groups {
            let end = if loose { rows } else { row + group.len() };
            for id in group {
                if !is_hidden(tree, *id) {
                    self.row(*id, within, [number, row, end], &mut taken, &mut cells)?;
                    row += 1;
                }
            }
        }
        // Rows that are not shown take no place.
        for cell in &mut cells {
            cell.rowspan = cell.rowspan.min(row - cell.row);
        }
        if cells.is_empty() {
            return Ok(None);
        }
        compact(cells, Place::Table(number)).map(Some)
    }

    fn row(
        &mut self,
        id: usize,
        within: usize,
        [table, row, end]: [usize; 3],
        taken: &mut Vec<usize>,
        cells: &mut Vec<SourceCell>,
    ) -> Result<(), Refusal> {
        let tree = self.tree;
        let mut column = 0;
        for id in tree.children(id) {
            if !matches!(tree.name(*id), "td" | "th") {
                continue;
            }
            while taken.get(column).is_some_and(|until| *until > row) {
                column += 1;
            }
            let span = |name: &str| tree.attribute(*id, name)?.trim().parse::<usize>().ok();
            let colspan = span("colspan").unwrap_or(1).clamp(1, 1_000);
            let rowspan = match span("rowspan") {
                Some(0) => end - row,
                given => given.unwrap_or(1).min(end - row),
            };
            bounded(column + colspan, MAX_COLUMNS * 2, "一张表的列数")?;
            bounded(cells.len() * (column + 1), MAX_CELLS * 100, "表格的格数")?;
            taken.resize(taken.len().max(column + colspan), 0);
            let mut flags = Vec::new();
            for until in &mut taken[column..column + colspan] {
                if *until > row {
                    flags = vec![Flag::Irregular]; // it overlaps another
                }
                *until = row + rowspan;
            }
            let mut children = self.blocks(*id, within + 1)?;
            let text = lines(&children);
            self.counts.cell(text.len())?;
            let of_texts = children.iter().filter_map(|child| match child {
                Block::Paragraph(paragraph) => Some(&paragraph.flags),
                _ => None,
            });
            flags.extend(of_texts.flatten().copied());
            flags.sort_unstable();
            flags.dedup();
            if children
                .iter()
                .all(|child| matches!(child, Block::Paragraph(_)))
            {
                children.clear();
            }
            cells.push(SourceCell {
                row,
                column,
                rowspan,
                colspan,
                text,
                flags,
                children,
                place: Place::Cell {
                    table,
                    row: row + 1,
                    column: column + 1,
                },
            });
            column += colspan;
        }
        Ok(())
    }
}
