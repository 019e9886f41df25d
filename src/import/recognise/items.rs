//! A file as a flat list: lines, tables and pictures in reading order.

use crate::form::{NUMERALS, ordinal};
use crate::import::block::{Block, Flag, Picture, Place, SourceCell, SourceTable};

/// A line, a table or a picture of a file.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub content: Content,
    pub flags: Vec<Flag>,
    pub place: Place,
    /// The block of the file that it comes from.
    pub block: usize,
}

#[derive(Clone, Debug)]
pub(super) enum Content {
    Line(Line),
    Table(SourceTable),
    Picture(Picture),
}

/// A line of text, with its number and without indents.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub text: String,
    pub centred: bool,
    pub outline: bool,
}

impl Line {
    fn plain(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            centred: false,
            outline: false,
        }
    }
}

impl Item {
    pub fn line(&self) -> Option<&Line> {
        match &self.content {
            Content::Line(line) => Some(line),
            _ => None,
        }
    }

    pub fn text(&self) -> &str {
        self.line().map_or("", |line| &line.text)
    }
}

/// The items of blocks. Tables that only lay out are walked through.
pub(super) fn flattened(blocks: &[Block]) -> Vec<Item> {
    let mut items = Vec::new();
    for (at, block) in blocks.iter().enumerate() {
        flatten(block, at, &mut items);
    }
    items
}

fn flatten(block: &Block, at: usize, items: &mut Vec<Item>) {
    let mut push = |content: Content, flags: &[Flag], place: &Place| {
        items.push(Item {
            content,
            flags: flags.to_vec(),
            place: place.clone(),
            block: at,
        });
    };
    match block {
        Block::Paragraph(paragraph) => {
            let whole = paragraph.whole();
            for text in lines(&whole) {
                let line = Line {
                    text: text.to_owned(),
                    centred: paragraph.centred,
                    outline: paragraph.outline.is_some(),
                };
                push(Content::Line(line), &paragraph.flags, &paragraph.place);
            }
        }
        Block::Picture(picture) => push(Content::Picture(picture.clone()), &[], &picture.place),
        Block::Table(table) if is_layout(table) => {
            for cell in &table.cells {
                for text in lines(&cell.text).filter(|_| cell.children.is_empty()) {
                    push(Content::Line(Line::plain(text)), &cell.flags, &cell.place);
                }
            }
            for cell in &table.cells {
                for child in &cell.children {
                    flatten(child, at, items);
                }
            }
        }
        Block::Table(table) => {
            for part in parted(table) {
                match part {
                    Part::Row(cell) => {
                        for text in lines(&cell.text) {
                            push(Content::Line(Line::plain(text)), &cell.flags, &cell.place);
                        }
                    }
                    Part::Table(table) => {
                        let place = table.place.clone();
                        push(Content::Table(table), &[], &place);
                    }
                }
            }
        }
    }
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split('\n')
        .map(str::trim)
        .filter(|line| !line.is_empty())
}

/// The characters of a text that is no value and no label.
const PROSE: usize = 120;

/// Whether a table only lays out what stands in it.
fn is_layout(table: &SourceTable) -> bool {
    let given = |text: &str| !text.trim().is_empty();
    let filled = table.cells.iter().filter(|cell| given(&cell.text));
    let is_prose = |text: &str| text.chars().count() > PROSE;
    let has_tables = table.cells.iter().any(|cell| {
        let mut children = cell.children.iter();
        children.any(|child| matches!(child, Block::Table(_)))
    });
    has_tables
        || table.columns == 1
        || filled.clone().count() <= 1
        || table.cells.len() <= 4 && filled.clone().any(|cell| is_prose(&cell.text))
}

/// A part of a table that has titles or prose in rows of their own.
enum Part<'t> {
    Row(&'t SourceCell),
    Table(SourceTable),
}

/// The parts of a table between rows that are the title of a section or prose: one cell as wide as the table.
fn parted(table: &SourceTable) -> Vec<Part<'_>> {
    let is_apart = |cell: &SourceCell| {
        let number = ordinal(&cell.text);
        let is_title = number.ends_with('、') && number.starts_with(|c| NUMERALS.contains(c));
        let alone = cell.rowspan == 1
            && !table.cells.iter().any(|other| {
                let rows = other.row..other.row + other.rowspan;
                !std::ptr::eq(other, cell) && rows.contains(&cell.row) && !other.text.is_empty()
            });
        // The label of a row whose values are blank is no title.
        let is_wide =
            cell.colspan == table.columns || table.at(cell.row, table.columns - 1).is_none();
        alone && is_wide && (is_title || cell.text.chars().count() > PROSE)
    };
    let apart: Vec<&SourceCell> = table.cells.iter().filter(|cell| is_apart(cell)).collect();
    let mut parts = Vec::new();
    let mut first = 0;
    let push_rows = |from: usize, to: usize, parts: &mut Vec<Part>| {
        let cells = table
            .cells
            .iter()
            .filter(|cell| (from..to).contains(&cell.row));
        let cells: Vec<SourceCell> = cells
            .map(|cell| SourceCell {
                row: cell.row - from,
                rowspan: cell.rowspan.min(to - cell.row),
                ..cell.clone()
            })
            .collect();
        if !cells.is_empty() {
            parts.push(Part::Table(SourceTable {
                rows: to - from,
                cells,
                place: table.place.clone(),
                ..*table
            }));
        }
    };
    for cell in apart {
        push_rows(first, cell.row, &mut parts);
        parts.push(Part::Row(cell));
        first = cell.row + 1;
    }
    push_rows(first, table.rows, &mut parts);
    parts
}
