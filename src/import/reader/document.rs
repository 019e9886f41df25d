//! What a reader gives, and what all readers count.

use super::bounds::{MAX_BLOCKS, MAX_CELLS, MAX_COLUMNS, MAX_TABLE_DEPTH, MAX_TEXT, bounded};
use super::refusal::Refusal;
use crate::import::block::{Block, Place, SourceCell, SourceTable};

/// A file as blocks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// Its blocks in reading order.
    pub blocks: Vec<Block>,
    /// What a page says of itself outside of its text.
    pub about: About,
    /// What was left out.
    pub left_out: Vec<LeftOut>,
    /// Where the blocks of a page stand among its elements.
    pub nesting: Nesting,
}

/// The elements that blocks stand in; empty for files without any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Nesting {
    /// The element around each element; that of the first is itself.
    pub parents: Vec<usize>,
    /// The element of each block.
    pub holders: Vec<usize>,
}

impl Nesting {
    /// The elements around a block, from the outermost.
    pub(in crate::import) fn around(&self, block: usize) -> Vec<usize> {
        let mut found = Vec::new();
        let mut at = self.holders.get(block).copied();
        while let Some(id) = at {
            found.push(id);
            at = self.parents.get(id).copied().filter(|parent| *parent != id);
        }
        found.reverse();
        found
    }
}

/// What a page or a file says of itself: proposals, never more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// Its titles, the likeliest first.
    pub titles: Vec<String>,
    /// Who published it.
    pub agency: Option<String>,
    /// When it was published, as written.
    pub published: Option<String>,
}

/// A piece that was left out.
#[derive(Clone, Debug, PartialEq)]
pub struct LeftOut {
    /// What it is, in Chinese.
    pub what: &'static str,
    /// Its words.
    pub text: String,
    /// Where it stands.
    pub place: Place,
}

/// The counts of a reader, held to the bounds.
#[derive(Debug, Default)]
pub(super) struct Counts {
    blocks: usize,
    cells: usize,
    text: usize,
    tables: usize,
    paragraphs: usize,
}

impl Counts {
    /// The number of the next paragraph, from 1, of so many bytes.
    pub fn paragraph(&mut self, bytes: usize) -> Result<usize, Refusal> {
        self.paragraphs += 1;
        self.text(bytes)?;
        self.block()?;
        Ok(self.paragraphs)
    }

    /// The number of the next table, from 1, which stands within so many others.
    pub fn table(&mut self, within: usize) -> Result<usize, Refusal> {
        self.tables += 1;
        bounded(within + 1, MAX_TABLE_DEPTH, "表中有表的层数")?;
        self.block()?;
        Ok(self.tables)
    }

    pub fn cell(&mut self, bytes: usize) -> Result<(), Refusal> {
        self.cells += 1;
        self.text(bytes)?;
        bounded(self.cells, MAX_CELLS, "表格的格数")
    }

    pub fn block(&mut self) -> Result<(), Refusal> {
        self.blocks += 1;
        bounded(self.blocks, MAX_BLOCKS, "段落和表格的数目")
    }

    fn text(&mut self, bytes: usize) -> Result<(), Refusal> {
        self.text += bytes;
        bounded(self.text, MAX_TEXT, "文字的字节数")
    }
}

/// The table of cells in reading order, with no more columns than there are edges of cells.
pub(super) fn compact(mut cells: Vec<SourceCell>, place: Place) -> Result<SourceTable, Refusal> {
    let edges = cells
        .iter()
        .flat_map(|cell| [cell.column, cell.column + cell.colspan]);
    let mut edges: Vec<usize> = edges.collect();
    edges.sort_unstable();
    edges.dedup();
    let columns = edges.len().saturating_sub(1);
    bounded(columns, MAX_COLUMNS, "一张表的列数")?;
    let rows = cells.iter().map(|cell| cell.row + cell.rowspan).max();
    for cell in &mut cells {
        let first = edges.partition_point(|edge| *edge < cell.column);
        let end = edges.partition_point(|edge| *edge < cell.column + cell.colspan);
        (cell.column, cell.colspan) = (first, end - first);
        if let Place::Cell { row, column, .. } = &mut cell.place {
            (*row, *column) = (cell.row + 1, cell.column + 1);
        }
    }
    cells.sort_by_key(|cell| (cell.row, cell.column));
    Ok(SourceTable {
        rows: rows.unwrap_or_default(),
        columns,
        cells,
        place,
    })
}

/// The text of a cell, paragraph by paragraph, without white space at the ends of lines.
pub(super) fn lines(blocks: &[Block]) -> String {
    let texts = blocks.iter().filter_map(|block| match block {
        Block::Paragraph(paragraph) => Some(paragraph.whole().trim().to_owned()),
        _ => None,
    });
    texts.collect::<Vec<_>>().join("\n").trim().to_owned()
}
