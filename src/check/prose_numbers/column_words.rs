//! Statements of the columns of a table: 收到21件，其中自然人20件、企业1件.

use std::ops::Range;

use regex::Regex;

use super::passage_text::{PassageText, Quantity};
use super::statement::{Place, Said, Statement};
use super::words::{Words, alternatives};
use crate::check::passages::pattern;
use crate::form::Table;

/// Words that may stand between the word of a column and its number.
const BETWEEN: &str = "提出|提交|的|各类|共计|共有|共|合计|计|有|为|是|达|数量|数|各|均|：|:";
/// Words that lead from a statement of a row to its columns, or from column to column.
const ON: &str = "[，、；,;。：:（(]?(?:其中|涉及|来自|分别|包括|包含|为|是|由|有|含|：|:|[，,])*";

/// A passage and what it states of the rows of a table.
pub(super) struct Rows<'a> {
    pub prose: &'a PassageText<'a>,
    pub table: &'a Table,
    /// The words for its rows.
    pub words: &'a Words,
    /// The statements about rows, in the order of the text.
    pub stated: &'a [Statement],
}

impl Rows<'_> {
    /// The only line that a statement about a row is about.
    fn line(&self, row: &Statement) -> Option<usize> {
        let Place::Mention(mention) = row.place else {
            return None;
        };
        match self.table.mentions().get(mention)?.lines.as_slice() {
            [line] => Some(*line),
            _ => None,
        }
    }
}

/// The words for the columns of one table.
#[derive(Clone, Debug)]
pub(super) struct ColumnWords {
    index: usize,
    /// Each word with the index of its columns among the spoken ones.
    known: Vec<(String, usize)>,
    /// The line that is meant where none is said: the first of the table's balance.
    first: Option<usize>,
    /// A word for a column anywhere.
    any: Regex,
    before: Regex,
    behind: Regex,
    object: Regex,
    on: Regex,
    share: Regex,
}

/// A percentage of some columns, by the index of these among the spoken ones.
pub(super) struct ColumnShare {
    pub columns: usize,
    pub percent: f64,
    pub decimals: usize,
    /// The worth of the last written place.
    pub step: f64,
    pub range: Range<usize>,
}

impl ColumnShare {
    pub fn at(&self) -> usize {
        self.range.start
    }
}

impl ColumnWords {
    pub fn new(index: usize, table: &Table) -> Option<Self> {
        let groups = table.spoken_columns().iter().enumerate();
        let known: Vec<(String, usize)> = groups
            .flat_map(|(i, group)| group.words.iter().map(move |word| (word.clone(), i)))
            .collect();
        if known.is_empty() {
            return None;
        }
        let word = alternatives(known.iter().map(|(word, _)| word.as_str()));
        let objects = alternatives(table.counted.iter().map(String::as_str));
        let first = table.rules.iter().find_map(|rule| rule.add.first());
        Some(Self {
            index,
            first: first.and_then(|key| table.line(key)),
            any: pattern(&word),
            before: pattern(&format!(
                "(?<word>{word})(?<rest>(?:{BETWEEN}|{objects})*)$"
            )),
            behind: pattern(&format!(
                "^(?:为|是|由|来自|属于)(?<word>{word})(?:提出|提交|的|{objects})*(?:[，。；、！）]|$)"
            )),
            object: pattern(&format!("^的?(?:{objects})")),
            on: pattern(&format!("^{ON}$")),
            share: pattern(&format!(
                r"(?<word>{word})(?:提出|提交|的|{objects})*占(?:比|总数|总量|全部|申请|的|例|为|约|达)*(?<share>\d{{1,3}}(?:\.(?<decimals>\d{{1,6}}))?)[%％]"
            )),
            known,
        })
    }

    /// Whether a text has a word for a column at all.
    pub fn has_any(&self, text: &str) -> bool {
        self.any.is_match(text)
    }

    /// The line that is meant where none is said.
    pub fn first(&self) -> Option<usize> {
        self.first
    }

    /// The percentages of columns in the order of the text.
    pub fn shares(&self, prose: &PassageText) -> Vec<ColumnShare> {
        let found = self.share.captures_iter(&prose.text);
        let share = |captures: regex::Captures| {
            let decimals = captures.name("decimals").map_or(0, |d| d.as_str().len());
            Some(ColumnShare {
                columns: self.columns(&captures["word"])?,
                percent: captures["share"].parse().ok()?,
                decimals,
                step: 0.1_f64.powi(i32::try_from(decimals).ok()?) + 1e-9,
                range: captures.get(0)?.range(),
            })
        };
        found.filter_map(share).collect()
    }

    /// The statements about columns.
    pub fn stated(&self, rows: &Rows) -> Vec<Statement> {
        let mut found: Vec<Statement> = Vec::new();
        let mut last_end = 0;
        for quantity in &rows.prose.quantities {
            let start = rows.prose.clause(last_end, quantity.range.start);
            last_end = quantity.range.end;
            let inside = |row: &Statement| row.range.contains(&quantity.range.start);
            if rows.stated.iter().any(inside) {
                continue;
            }
            let last = found.last();
            let statement = self.before(rows, quantity, start, last);
            let statement = statement.or_else(|| self.behind(rows, quantity, last));
            found.extend(statement);
        }
        found
    }

    /// The statement of a word before the number: 自然人申请20件.
    fn before(
        &self,
        rows: &Rows,
        quantity: &Quantity,
        start: usize,
        last: Option<&Statement>,
    ) -> Option<Statement> {
        let Rows {
            prose,
            table,
            words,
            ..
        } = rows;
        let captures = self
            .before
            .captures(&prose.text[start..quantity.range.start])?;
        let word = captures.name("word")?;
        let columns = self.columns(word.as_str())?;
        let at = start + word.start();
        // 收到自然人申请20件, or 自然人申请20件 with nothing before it.
        let object = captures["rest"].chars().count() > 1
            && table
                .counted
                .iter()
                .any(|o| captures["rest"].contains(o.as_str()))
            || self.object.is_match(prose.behind(quantity));
        if object && let Some((line, verb)) = words.verb(&prose.text[start..at], table) {
            let range = start + verb..quantity.range.end;
            return Some(self.statement(line, columns, quantity, range, None));
        }
        let range = at..quantity.range.end;
        if let Some(row) = self.row(rows, at, last) {
            let line = rows.line(&row)?;
            return Some(self.statement(line, columns, quantity, range, Some(row)));
        }
        // 收到自然人申请80件，法人申请3件: the line of the column before.
        if let Some(last) = last
            && let Place::Columns(line, _) = last.place
            && last.row.is_none()
            && prose
                .text
                .get(last.range.end..at)
                .is_some_and(|between| self.on.is_match(between))
        {
            return Some(self.statement(line, columns, quantity, range, None));
        }
        let alone = object
            && prose
                .last_quantity(at)
                .is_none_or(|last| last.range.end < prose.sentence(at).start);
        let line = self.first.filter(|_| alone)?;
        Some(self.statement(line, columns, quantity, range, None))
    }

    /// The statement of a word behind the number: 80件为自然人申请.
    fn behind(
        &self,
        rows: &Rows,
        quantity: &Quantity,
        last: Option<&Statement>,
    ) -> Option<Statement> {
        let captures = self.behind.captures(rows.prose.behind(quantity))?;
        let word = captures.name("word")?;
        let columns = self.columns(word.as_str())?;
        let row = self.row(rows, quantity.range.start, last)?;
        let line = rows.line(&row)?;
        let range = quantity.range.start..quantity.range.end + word.end();
        Some(self.statement(line, columns, quantity, range, Some(row)))
    }

    /// The statement about the row that a statement at a place divides: the one right before it, or that of
    /// the column before it.
    fn row(&self, rows: &Rows, at: usize, last: Option<&Statement>) -> Option<Statement> {
        let goes_on = |before: &&Statement| {
            let between = rows.prose.text.get(before.range.end..at);
            between.is_some_and(|between| self.on.is_match(between))
        };
        let before = rows.stated.iter().rev().find(|row| row.range.end <= at);
        let of_row = before.filter(goes_on);
        let row = of_row.cloned().or_else(|| {
            let last = last.filter(|last| last.range.end <= at).filter(goes_on)?;
            last.row.as_deref().cloned()
        })?;
        (row.table == self.index && rows.line(&row).is_some()).then_some(row)
    }

    fn columns(&self, word: &str) -> Option<usize> {
        let known = self.known.iter().find(|(known, _)| known == word);
        known.map(|(_, columns)| *columns)
    }

    fn statement(
        &self,
        line: usize,
        columns: usize,
        quantity: &Quantity,
        range: Range<usize>,
        row: Option<Statement>,
    ) -> Statement {
        Statement {
            table: self.index,
            place: Place::Columns(line, columns),
            said: Said::Number(quantity.value),
            range,
            done: false,
            row: row.map(Box::new),
        }
    }
}
