//! A table of the form: trees of rows and columns, from which cells and spans follow.

use serde::Deserialize;

use super::name::{Name, distinct};
use super::rule::{Each, Rule};

/// A table in one of three shapes: rows × columns; columns alone with one row of values; blocks
/// stacked in one frame.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// What the table tells, for readers who cannot see it.
    pub summary: String,
    /// The unit of the values.
    #[serde(default)]
    pub unit: Option<String>,
    /// What the values are.
    #[serde(default)]
    pub kind: CellKind,
    /// The text in the corner above the row labels.
    #[serde(default)]
    pub corner: Option<String>,
    /// The tree of columns.
    #[serde(default)]
    pub columns: Vec<Head>,
    /// The tree of rows.
    #[serde(default)]
    pub rows: Vec<Head>,
    /// The blocks.
    #[serde(default)]
    pub blocks: Vec<Block>,
    /// The balances between rows or columns.
    #[serde(default)]
    pub rules: Vec<Rule>,
    /// Words for the things that are counted. Where there are any, what the prose says about the
    /// table is compared with it.
    #[serde(default)]
    pub counted: Vec<String>,
    #[serde(skip)]
    lines: Vec<Line>,
    #[serde(skip)]
    mentions: Vec<Mention>,
}

/// One block of a table of blocks.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Block {
    /// Its key.
    pub key: String,
    /// The label over its whole width.
    pub title: String,
    /// The label over its row labels.
    pub stub: String,
    /// The unit of its values.
    #[serde(default)]
    pub unit: Option<String>,
    /// What its values are.
    #[serde(default)]
    pub kind: CellKind,
    /// Its columns.
    pub columns: Vec<Head>,
    /// Its rows.
    pub rows: Vec<Head>,
}

/// A label of rows or columns, with those below it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// The key of what the label names; labels that only group have none.
    #[serde(default)]
    pub key: Option<String>,
    /// The label, to the letter.
    pub label: String,
    /// Other words that the report file may use.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Other words by which prose speaks of the figure; one that ends in ～ means it only before a
    /// word of [`Table::counted`].
    #[serde(default)]
    pub said: Vec<String>,
    /// Where the value follows from others.
    #[serde(default)]
    pub sum: Option<Sum>,
    /// The labels below.
    #[serde(default)]
    pub children: Vec<Head>,
}

/// How a total is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sum {
    /// From everything below the labels beside it.
    Siblings,
}

/// What a value is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CellKind {
    /// A number of things: an integer from 0.
    #[default]
    Count,
    /// An amount of money in the table's unit: a decimal from 0, kept as written.
    Amount,
}

/// What the report file gives under one key: a row of values.
#[derive(Clone, Debug)]
pub struct Line {
    /// What it is called.
    pub name: Name,
    /// Its values.
    pub columns: Vec<Column>,
    /// The lines that it is the sum of, column by column.
    pub parts: Option<Vec<usize>>,
}

/// One value of a line.
#[derive(Clone, Debug)]
pub struct Column {
    /// What it is called.
    pub name: Name,
    /// What it is.
    pub kind: CellKind,
    /// Its unit.
    pub unit: Option<String>,
    /// The columns of the same line that it is the sum of.
    pub parts: Option<Vec<usize>>,
}

/// A figure of which prose may speak: the sum of the totals of some lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// The label of the figure.
    pub label: String,
    /// The words for it, the term of its label first.
    pub words: Vec<String>,
    /// The lines; one that is the sum of others only where it stands alone.
    pub lines: Vec<usize>,
}

/// Terms of fewer characters, such as 其他 and 总计, say nothing outside of their table.
const SHORTEST_TERM: usize = 4;

impl Line {
    /// The position of the column with that key.
    #[must_use]
    pub fn column(&self, key: &str) -> Option<usize> {
        self.columns.iter().position(|c| c.name.key == key)
    }

    /// The column that holds the whole of the line: its total, or its only one.
    #[must_use]
    pub fn whole(&self) -> Option<usize> {
        let total = self.columns.iter().position(|c| c.parts.is_some());
        total.or((self.columns.len() == 1).then_some(0))
    }
}

impl Head {
    fn name(&self) -> Result<Name, String> {
        let key = self.key.as_ref().ok_or(format!("{}: no key", self.label))?;
        Ok(Name::new(key, &self.label, &self.aliases))
    }
}

impl Table {
    /// The lines that a report file gives, in the order of the form.
    #[must_use]
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// Every label, in the order of the declaration; repeated ones are there again.
    #[must_use]
    pub fn labels(&self) -> Vec<&str> {
        fn walk<'a>(heads: &'a [Head], found: &mut Vec<&'a str>) {
            for head in heads {
                found.push(&head.label);
                walk(&head.children, found);
            }
        }
        let mut found: Vec<&str> = self.corner.as_deref().into_iter().collect();
        walk(&self.columns, &mut found);
        walk(&self.rows, &mut found);
        for block in &self.blocks {
            found.extend([block.title.as_str(), block.stub.as_str()]);
            walk(&block.columns, &mut found);
            walk(&block.rows, &mut found);
        }
        found
    }

    /// The figures of which prose may speak.
    #[must_use]
    pub fn mentions(&self) -> &[Mention] {
        &self.mentions
    }

    /// Derives the lines and checks that names are distinct and rules point at lines.
    pub(super) fn resolve(&mut self) -> Result<(), String> {
        self.lines = if !self.blocks.is_empty() {
            self.block_lines()?
        } else if !self.rows.is_empty() {
            cross_lines(&self.rows, &self.columns, self.kind, self.unit.as_ref())?
        } else {
            group_lines(&self.columns, self.kind, self.unit.as_ref())?
        };
        if self.lines.is_empty() || self.lines.iter().any(|line| line.columns.is_empty()) {
            return Err("no cells".to_owned());
        }
        distinct(
            &self
                .lines
                .iter()
                .map(|l| l.name.clone())
                .collect::<Vec<_>>(),
        )?;
        for line in &self.lines {
            let names: Vec<_> = line.columns.iter().map(|c| c.name.clone()).collect();
            distinct(&names)?;
        }
        for rule in &self.rules {
            self.check_rule(rule)?;
        }
        if !self.counted.is_empty() {
            let heads = if self.rows.is_empty() {
                &self.columns
            } else {
                &self.rows
            };
            let mut found = Vec::new();
            self.collect_mentions(heads, &mut found);
            self.mentions = found;
        }
        Ok(())
    }

    fn check_rule(&self, rule: &Rule) -> Result<(), String> {
        let known = |key: &String| match rule.each {
            Each::Column => self.line(key).is_some(),
            Each::Row => self.lines.iter().any(|line| line.column(key).is_some()),
        };
        if let Some(key) = rule.keys().find(|key| !known(key)) {
            return Err(format!("rule {}: no row or column {key}", rule.id));
        }
        if rule.add.is_empty() && rule.previous.is_none() {
            return Err(format!("rule {}: needs add or previous", rule.id));
        }
        Ok(())
    }

    /// Collects the figures of `heads`, and gives back the lines below them.
    fn collect_mentions(&self, heads: &[Head], found: &mut Vec<Mention>) -> Vec<usize> {
        let mut all = Vec::new();
        for head in heads {
            let own = head.key.as_ref().and_then(|key| self.line(key));
            let at = found.len();
            let lines = match own {
                Some(line) => vec![line],
                None => self.collect_mentions(&head.children, found),
            };
            let term = Name::new("", &head.label, &[]).term;
            let term = Some(term).filter(|term| term.chars().count() >= SHORTEST_TERM);
            let words: Vec<String> = term.into_iter().chain(head.said.iter().cloned()).collect();
            if !words.is_empty() {
                let mention = Mention {
                    label: head.label.clone(),
                    words,
                    lines: lines.clone(),
                };
                found.insert(at, mention);
            }
            all.extend(lines.into_iter().filter(|i| self.lines[*i].parts.is_none()));
        }
        all
    }

    /// The position of the line with that key.
    #[must_use]
    pub fn line(&self, key: &str) -> Option<usize> {
        self.lines.iter().position(|line| line.name.key == key)
    }

    fn block_lines(&self) -> Result<Vec<Line>, String> {
        if !self.rows.is_empty() || !self.columns.is_empty() {
            return Err("a table has either blocks or rows and columns".to_owned());
        }
        let mut lines = Vec::new();
        for block in &self.blocks {
            let unit = block.unit.as_ref();
            lines.extend(cross_lines(&block.rows, &block.columns, block.kind, unit)?);
        }
        Ok(lines)
    }
}

/// Rows × columns: each leaf of the rows is a line over all leaves of the columns.
fn cross_lines(
    rows: &[Head],
    columns: &[Head],
    kind: CellKind,
    unit: Option<&String>,
) -> Result<Vec<Line>, String> {
    let columns = leaf_columns(columns, kind, unit)?;
    let leaves = leaves(rows);
    let line = |(head, parts): &(&Head, Option<Vec<usize>>)| {
        Ok(Line {
            name: head.name()?,
            columns: columns.clone(),
            parts: parts.clone(),
        })
    };
    leaves.iter().map(line).collect()
}

/// Columns alone: each group with a key is a line over the leaves below it.
fn group_lines(
    columns: &[Head],
    kind: CellKind,
    unit: Option<&String>,
) -> Result<Vec<Line>, String> {
    let mut lines = Vec::new();
    for head in columns {
        if head.children.is_empty() {
            return Err(format!("{}: a column alone needs a group", head.label));
        } else if head.key.is_some() {
            lines.push(Line {
                name: head.name()?,
                columns: leaf_columns(&head.children, kind, unit)?,
                parts: None,
            });
        } else {
            lines.extend(group_lines(&head.children, kind, unit)?);
        }
    }
    Ok(lines)
}

fn leaf_columns(
    heads: &[Head],
    kind: CellKind,
    unit: Option<&String>,
) -> Result<Vec<Column>, String> {
    let column = |(head, parts): (&Head, Option<Vec<usize>>)| {
        Ok(Column {
            name: head.name()?,
            kind,
            unit: unit.cloned(),
            parts,
        })
    };
    leaves(heads).into_iter().map(column).collect()
}

/// The leaves of a forest from left to right, each with the leaves that it is the sum of.
fn leaves(heads: &[Head]) -> Vec<(&Head, Option<Vec<usize>>)> {
    fn walk<'a>(heads: &'a [Head], found: &mut Vec<(&'a Head, Option<Vec<usize>>)>) {
        let first = found.len();
        let mut totals = Vec::new();
        for head in heads {
            if head.children.is_empty() {
                if head.sum == Some(Sum::Siblings) {
                    totals.push(found.len());
                }
                found.push((head, None));
            } else {
                walk(&head.children, found);
            }
        }
        let parts: Vec<_> = (first..found.len())
            .filter(|i| !totals.contains(i))
            .collect();
        for total in totals {
            found[total].1 = Some(parts.clone());
        }
    }
    let mut found = Vec::new();
    walk(heads, &mut found);
    found
}
