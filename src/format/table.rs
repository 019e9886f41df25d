//! A table of the form: trees of rows and columns, from which cells and spans follow.

use std::collections::BTreeMap;

use super::head::{self, Head};
use super::line::{Line, lines_of};
use super::measure::{CellKind, Measure};
use super::name::{Name, distinct};
use super::rule::{Each, Rule};

use serde::Deserialize;

/// A table in one of four shapes: rows × columns; columns alone with one row of values; blocks
/// stacked in one frame; a list of rows above and below each other, with their units.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// What the table tells, for readers who cannot see it.
    pub summary: String,
    /// What the values are.
    #[serde(default)]
    pub kind: Option<CellKind>,
    /// Their unit.
    #[serde(default)]
    pub unit: Option<String>,
    /// The units that may be written.
    #[serde(default)]
    pub units: BTreeMap<String, u64>,
    /// The text in the corner above the row labels.
    #[serde(default)]
    pub corner: Option<String>,
    /// The tree of columns.
    #[serde(default)]
    pub columns: Vec<Head>,
    /// The tree of rows.
    #[serde(default)]
    pub rows: Vec<Head>,
    /// What a list has besides its rows and columns.
    #[serde(default)]
    pub list: Option<List>,
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
    /// What its values are.
    #[serde(default)]
    pub kind: Option<CellKind>,
    /// Their unit.
    #[serde(default)]
    pub unit: Option<String>,
    /// The units that may be written.
    #[serde(default)]
    pub units: BTreeMap<String, u64>,
    /// Its columns.
    pub columns: Vec<Head>,
    /// Its rows.
    pub rows: Vec<Head>,
}

/// What a list has: each label of its rows is a row, whatever stands below it, and has its unit beside
/// it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct List {
    /// The label over the labels of rows.
    pub stub: String,
    /// The label over the units.
    pub unit: String,
    /// What stands for unit and value beside a label that only groups.
    pub none: String,
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

impl List {
    /// What the list prints besides the labels of its rows and columns.
    fn labels<'a>(&'a self, rows: &'a [Head]) -> Vec<&'a str> {
        let mut all = Vec::new();
        head::labels(rows, &mut all);
        let beside = all
            .into_iter()
            .flat_map(|head| match (&head.key, &head.unit) {
                (None, _) => [Some(&self.none), Some(&self.none)],
                (Some(_), unit) => [unit.as_ref(), None],
            });
        let beside = beside.flatten().map(String::as_str);
        [self.stub.as_str(), &self.unit]
            .into_iter()
            .chain(beside)
            .collect()
    }
}

impl Table {
    /// What its values are where nothing else is declared.
    pub(super) fn measure(&self) -> Measure {
        Measure::default().with(self.kind, self.unit.as_ref(), &self.units)
    }

    /// The lines that a report file gives, in the order of the form.
    #[must_use]
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// Every label; repeated ones are there again.
    #[must_use]
    pub fn labels<'a>(&'a self) -> Vec<&'a str> {
        let mut found: Vec<&str> = self.corner.as_deref().into_iter().collect();
        let mut add = |heads: &'a [Head]| {
            let mut all = Vec::new();
            head::labels(heads, &mut all);
            found.extend(all.into_iter().map(|head| head.label.as_str()));
        };
        add(&self.columns);
        add(&self.rows);
        for block in &self.blocks {
            add(&block.columns);
            add(&block.rows);
        }
        found.extend(self.blocks.iter().flat_map(|b| [b.title.as_str(), &b.stub]));
        found.extend(self.list.iter().flat_map(|list| list.labels(&self.rows)));
        found
    }

    /// The figures of which prose may speak.
    #[must_use]
    pub fn mentions(&self) -> &[Mention] {
        &self.mentions
    }

    /// Derives the lines and checks that names are distinct and rules point at lines.
    pub(super) fn resolve(&mut self) -> Result<(), String> {
        self.lines = lines_of(self)?;
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
            return Err(format!("规则 {} 指向没有的行或栏 {key}", rule.id));
        }
        if rule.add.is_empty() && rule.previous.is_none() {
            return Err(format!("规则 {} 应写 add 或 previous", rule.id));
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
                Some(line) => {
                    if self.list.is_some() {
                        self.collect_mentions(&head.children, found);
                    }
                    vec![line]
                }
                None => self.collect_mentions(&head.children, found),
            };
            let term = head.term.clone();
            let term = term.unwrap_or_else(|| Name::new("", &head.label, &[]).term);
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
}
