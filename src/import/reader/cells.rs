//! What the readers of tables have in common.

use crate::import::block::{Block, Flag, SourceCell};

/// Adds the text of a field that a merged cell covers.
pub(super) fn cover(cell: &mut SourceCell, text: &str) {
    if text.is_empty() {
        return;
    }
    if !cell.text.is_empty() {
        cell.text.push('\n');
    }
    cell.text.push_str(text);
    if !cell.flags.contains(&Flag::Covered) {
        cell.flags.push(Flag::Covered);
    }
}

/// The flags of the paragraphs in a cell, each once.
pub(super) fn flags(blocks: &[Block]) -> Vec<Flag> {
    let flags = blocks.iter().filter_map(|block| match block {
        Block::Paragraph(paragraph) => Some(&paragraph.flags),
        _ => None,
    });
    let mut flags: Vec<Flag> = flags.flatten().copied().collect();
    flags.sort_unstable();
    flags.dedup();
    flags
}

/// What stands in a cell beside its text: nothing, if it is paragraphs alone.
pub(super) fn children(blocks: Vec<Block>) -> Vec<Block> {
    let plain = |block: &Block| matches!(block, Block::Paragraph(_));
    if blocks.iter().all(plain) {
        return Vec::new();
    }
    blocks
}

/// Which fields of the rows from the present one on are taken.
#[derive(Default)]
pub(super) struct Fields {
    /// The first row that is free, by column.
    free: Vec<usize>,
}

impl Fields {
    /// Whether a field is taken.
    pub fn is_taken(&self, row: usize, column: usize) -> bool {
        self.free.get(column).is_some_and(|free| *free > row)
    }

    /// Takes the fields of a cell, and gives the columns that it can have without one that is taken.
    pub fn take(&mut self, [row, column]: [usize; 2], [rows, columns]: [usize; 2]) -> usize {
        let mut taken = 0;
        while taken < columns && !self.is_taken(row, column + taken) {
            taken += 1;
        }
        if self.free.len() < column + taken {
            self.free.resize(column + taken, 0);
        }
        self.free[column..column + taken].fill(row.saturating_add(rows));
        taken
    }
}
