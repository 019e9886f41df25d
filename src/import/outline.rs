//! The labels of a table of the form, as a source is held to them: each value with the path of its row and its column.

use std::collections::BTreeMap;

use super::label::Label;
use super::vocabulary::Vocabulary;
use crate::form::{CellContent, GridCell, Head, Role, Table};

/// The labels of a table of the form.
#[derive(Debug, Default)]
pub(super) struct Outline {
    /// The labels of its rows in the order of print, groups too.
    pub stubs: Vec<Node>,
    /// The labels of its columns, likewise.
    pub heads: Vec<Node>,
    /// The words of its row labels.
    pub row_words: Vocabulary,
    /// The words of its column labels.
    pub column_words: Vocabulary,
    /// Its drawn rows with values.
    pub rows: Vec<Row>,
    /// The columns of its rows: the path of heads of each value, outermost first. Rows with the same have one.
    pub bands: Vec<Vec<Vec<usize>>>,
    /// The words of its units, for a list, where they stand between label and value.
    pub units: Vec<String>,
}

/// A label.
#[derive(Debug)]
pub(super) struct Node {
    pub label: Label,
    /// The place of its words in the vocabulary.
    pub words: usize,
    /// The labels that it stands below, outermost first.
    pub above: Vec<usize>,
    /// The column of the form that it begins in.
    pub x: usize,
}

/// A drawn row with values.
#[derive(Debug)]
pub(super) struct Row {
    /// Its label; a table of columns alone has none.
    pub node: Option<usize>,
    /// Its columns.
    pub band: usize,
    /// The line and the column of each of its values.
    pub values: Vec<(usize, usize)>,
    /// The column of the form that its first value stands in.
    pub first: usize,
}

impl Outline {
    pub fn of(table: &Table) -> Self {
        let mut outline = Self::default();
        let grid = table.grid();
        let aliases = [aliases(row_trees(table)), aliases(column_trees(table))];
        let mut covers: Vec<Vec<Option<&GridCell>>> =
            vec![vec![None; grid.columns]; grid.rows.len()];
        for cell in grid.cells() {
            for row in covers.iter_mut().skip(cell.y).take(cell.rowspan) {
                for field in row.iter_mut().skip(cell.x).take(cell.colspan) {
                    *field = Some(cell);
                }
            }
        }
        let mut heads = BTreeMap::new();
        // The open labels of rows by level: a group reaches over the rows below it.
        let mut open: Vec<usize> = Vec::new();
        for cells in &grid.rows {
            for cell in cells {
                let CellContent::Label { text, role, level } = &cell.content else {
                    continue;
                };
                let label = Label::of(text);
                let x = cell.x;
                let alias = |of: usize| aliases[of].get(text.as_str()).map_or(&[][..], |a| *a);
                match role {
                    Role::Corner => {}
                    Role::Unit => outline.units.push(label.bare),
                    Role::Column => {
                        let words = outline.column_words.add(&label, alias(1));
                        heads.insert((cell.y, x), outline.heads.len());
                        let above = Vec::new();
                        outline.heads.push(Node {
                            label,
                            words,
                            above,
                            x,
                        });
                    }
                    Role::Row | Role::Group => {
                        let words = outline.row_words.add(&label, alias(0));
                        open.truncate(*level);
                        let above = open.clone();
                        open.push(outline.stubs.len());
                        outline.stubs.push(Node {
                            label,
                            words,
                            above,
                            x,
                        });
                    }
                }
            }
            let values = cells.iter().filter_map(|cell| match cell.content {
                CellContent::Value { line, column } => Some((cell, (line, column))),
                CellContent::Label { .. } => None,
            });
            let (at, values): (Vec<_>, Vec<_>) = values.unzip();
            let Some(first) = at.first().map(|cell| cell.x) else {
                continue;
            };
            let path = |cell: &&GridCell| path(&covers, &heads, cell);
            let band: Vec<_> = at.iter().map(path).collect();
            let same = outline.bands.iter().position(|other| *other == band);
            let band = same.unwrap_or_else(|| {
                outline.bands.push(band);
                outline.bands.len() - 1
            });
            let node = open.last().copied();
            outline.rows.push(Row {
                node,
                band,
                values,
                first,
            });
        }
        outline
    }

    /// The row with that label.
    pub fn row_of(&self, node: usize) -> Option<usize> {
        self.rows.iter().position(|row| row.node == Some(node))
    }

    /// Whether its one row has no label.
    pub fn is_bare(&self) -> bool {
        self.stubs.is_empty()
    }
}

/// The heads above a value, the outermost first: those of the nearest rows that have any.
fn path(
    covers: &[Vec<Option<&GridCell>>],
    heads: &BTreeMap<(usize, usize), usize>,
    cell: &GridCell,
) -> Vec<usize> {
    let mut path = Vec::new();
    for row in covers[..cell.y].iter().rev() {
        let head = row[cell.x].and_then(|above| heads.get(&(above.y, above.x)));
        match head {
            Some(head) if path.last() != Some(head) => path.push(*head),
            None if !path.is_empty() => break,
            _ => {}
        }
    }
    path.reverse();
    path
}

fn row_trees(table: &Table) -> Vec<&[Head]> {
    let blocks = table.blocks.iter().map(|block| block.rows.as_slice());
    std::iter::once(table.rows.as_slice())
        .chain(blocks)
        .collect()
}

fn column_trees(table: &Table) -> Vec<&[Head]> {
    let blocks = table.blocks.iter().map(|block| block.columns.as_slice());
    std::iter::once(table.columns.as_slice())
        .chain(blocks)
        .collect()
}

/// The other words for labels, by the labels.
fn aliases(trees: Vec<&[Head]>) -> BTreeMap<&str, &[String]> {
    let mut found = BTreeMap::new();
    let mut open = trees;
    while let Some(heads) = open.pop() {
        for head in heads {
            if !head.aliases.is_empty() {
                found.insert(head.label.as_str(), head.aliases.as_slice());
            }
            open.push(&head.children);
        }
    }
    found
}
