//! A file as a flat list: lines, tables and pictures in reading order.

use crate::import::block::{Block, Flag, Picture, Place, SourceTable};

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
                    let line = Line {
                        text: text.to_owned(),
                        centred: false,
                        outline: false,
                    };
                    push(Content::Line(line), &cell.flags, &cell.place);
                }
            }
            for cell in &table.cells {
                for child in &cell.children {
                    flatten(child, at, items);
                }
            }
        }
        Block::Table(table) => push(Content::Table(table.clone()), &[], &table.place),
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
        || filled.clone().count() <= 1
        || table.cells.len() <= 4 && filled.clone().any(|cell| is_prose(&cell.text))
}
