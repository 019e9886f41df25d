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

/// Which fields of the rows from the present one on are taken, and by which cell.
#[derive(Default)]
pub(super) struct Fields {
    /// The first row that is free, and the cell above it, by column.
    columns: Vec<(usize, usize)>,
}

impl Fields {
    /// The cell that takes a field.
    pub fn owner(&self, row: usize, column: usize) -> Option<usize> {
        let (free, owner) = self.columns.get(column)?;
        (*free > row).then_some(*owner)
    }

    /// Takes the fields of a cell as far as they are free in its first row, and gives how many columns these are.
    pub fn take(
        &mut self,
        owner: usize,
        [row, column]: [usize; 2],
        [rows, columns]: [usize; 2],
    ) -> usize {
        let free = (0..columns).take_while(|n| self.owner(row, column + n).is_none());
        let taken = free.count();
        if self.columns.len() < column + taken {
            self.columns.resize(column + taken, (0, 0));
        }
        self.columns[column..column + taken].fill((row.saturating_add(rows), owner));
        taken
    }
}

/// The most characters of a title.
const TITLE: usize = 40;

/// Whether a line can be the title of a part: it is short and begins with a Chinese number.
pub(super) fn is_title(line: &str) -> bool {
    let line = line.trim();
    let rest = line.trim_start_matches(|c| "一二三四五六七八九十".contains(c));
    rest.len() < line.len() && rest.starts_with('、') && line.chars().count() <= TITLE
}
