//! The words of prose for single values of a table.

use std::ops::Range;

use super::declared::DeclaredTable;
use super::head::Head;
use super::line::Line;
use super::name::Name;

/// The word of a column that is meant where the word of a row stands alone.
const ALONE: &str = "～";

/// A row of a block of whose values prose may speak, such as 制发行政规范性文件3件.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpokenRow {
    /// Its index among the lines of the table.
    pub line: usize,
    /// The words for it, the term of its label first.
    pub words: Vec<String>,
    /// Its columns, those without words left out.
    pub columns: Vec<SpokenColumn>,
}

/// A column of a block of which prose may speak.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpokenColumn {
    /// Its index among the columns of the line.
    pub column: usize,
    /// The words for it.
    pub words: Vec<String>,
    /// Whether the word of the row alone means it: 行政许可3件.
    pub alone: bool,
}

/// Columns next to each other of which prose speaks together, such as 法人或其他组织1件.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpokenColumns {
    /// Their label.
    pub label: String,
    /// The words for them.
    pub words: Vec<String>,
    /// Their indices among the columns of a line.
    pub columns: Range<usize>,
}

impl SpokenRow {
    /// The rows of all blocks, without those whose columns have no words.
    pub(super) fn of(table: &DeclaredTable, lines: &[Line]) -> Vec<Self> {
        let mut found = Vec::new();
        for block in &table.blocks {
            for row in &block.rows {
                let own = |line: &Line| row.key.as_ref() == Some(&line.name.key);
                let Some(line) = lines.iter().position(own) else {
                    continue;
                };
                let heads = leaves(&block.columns).into_iter().enumerate();
                let columns = heads.filter_map(|(column, head)| SpokenColumn::new(column, head));
                let columns: Vec<SpokenColumn> = columns.collect();
                if !columns.is_empty() {
                    let term = lines[line].name.term.clone();
                    let words = std::iter::once(term).chain(row.said.iter().cloned());
                    found.push(Self {
                        line,
                        words: words.collect(),
                        columns,
                    });
                }
            }
        }
        found
    }
}

impl SpokenColumn {
    fn new(column: usize, head: &Head) -> Option<Self> {
        let words = head.said.iter().filter(|word| *word != ALONE).cloned();
        (!head.said.is_empty()).then(|| Self {
            column,
            words: words.collect(),
            alone: head.said.iter().any(|word| word == ALONE),
        })
    }
}

impl SpokenColumns {
    /// The columns and groups of columns with words of their own, of a table of rows and columns.
    pub(super) fn of(table: &DeclaredTable) -> Vec<Self> {
        let mut found = Vec::new();
        if !table.rows.is_empty() && table.list.is_none() {
            Self::collect(&table.columns, 0, &mut found);
        }
        found
    }

    /// Collects the columns below `heads`, of which the first has the index `first`; returns the next index.
    fn collect(heads: &[Head], first: usize, found: &mut Vec<Self>) -> usize {
        let mut next = first;
        for head in heads {
            let from = next;
            next = if head.children.is_empty() {
                from + 1
            } else {
                Self::collect(&head.children, from, found)
            };
            if !head.said.is_empty() {
                let term = Name::new("", &head.label, &[]).term;
                let words = std::iter::once(term).chain(head.said.iter().cloned());
                found.push(Self {
                    label: head.label.clone(),
                    words: words.collect(),
                    columns: from..next,
                });
            }
        }
        next
    }
}

fn leaves(heads: &[Head]) -> Vec<&Head> {
    let below = heads
        .iter()
        .flat_map(|head| match head.children.as_slice() {
            [] => vec![head],
            children => leaves(children),
        });
    below.collect()
}
