//! A figure of a table as prose may give it.

use super::passage_text::{PassageText, Statement};
use crate::check::rules::TEXT_DISAGREES;
use crate::diagnostic::Diagnostic;
use crate::form::{Each, Mention, Table};
use crate::report::{Cell, Grid, Value};

/// A figure of a table and the values that prose may give for it.
pub(super) struct Figure<'a> {
    pub mention: &'a Mention,
    pub table: &'a Table,
    grid: &'a Grid,
    value: u64,
    pub accepted: Vec<u64>,
    /// Whether all values that it is made of are known.
    pub is_known: bool,
}

impl<'a> Figure<'a> {
    pub fn new(mention: &'a Mention, table: &'a Table, grid: &'a Grid) -> Self {
        let line = |i: usize| -> [u64; 2] {
            let Some(j) = table.lines()[i].whole() else {
                return [0, 0];
            };
            let written = grid.lines[i][j].value.count();
            let parts = table.lines()[i].columns[j].parts.as_ref();
            let sum = parts.map_or(written, |parts| {
                parts.iter().fold(0, |sum: u64, &p| {
                    sum.saturating_add(grid.lines[i][p].value.count())
                })
            });
            [written, sum]
        };
        let total = |lines: &[usize], which: usize| {
            lines
                .iter()
                .fold(0, |sum: u64, &i| sum.saturating_add(line(i)[which]))
        };
        let is_known = |i: usize| {
            let line = &table.lines()[i];
            let Some(j) = line.whole() else {
                return true;
            };
            let parts = line.columns[j].parts.iter().flatten();
            let mut cells = parts.chain([&j]).map(|&part| &grid.lines[i][part]);
            cells.all(Cell::is_known)
        };
        let mut all_known = mention.lines.iter().all(|&i| is_known(i));
        let mut accepted = vec![total(&mention.lines, 0), total(&mention.lines, 1)];
        // 共受理 may count what was carried in as well: one whole side of a balance.
        for rule in table
            .rules
            .iter()
            .filter(|r| r.each == Each::Column && r.previous.is_none())
        {
            let side: Vec<usize> = rule.add.iter().filter_map(|key| table.line(key)).collect();
            if side.first() == mention.lines.first() && mention.lines.len() == 1 {
                accepted.push(total(&side, 0));
                all_known &= side.iter().all(|&i| is_known(i));
            }
        }
        // 其他处理 beside one of its own kinds may be the rest, which the form calls 其他.
        if let [_, _, ..] = mention.lines.as_slice() {
            let rest = mention
                .lines
                .iter()
                .filter(|&&i| mention.words[0].starts_with(&table.lines()[i].name.term));
            accepted.extend(rest.map(|&i| line(i)[0]));
        }
        Self {
            value: accepted[0],
            mention,
            table,
            grid,
            accepted,
            is_known: all_known,
        }
    }

    /// Whether prose may give this value; any, while one of its own is not known.
    pub fn accepts(&self, value: u64) -> bool {
        !self.is_known || self.accepted.contains(&value)
    }

    pub fn disagreement(&self, prose: &PassageText, statement: &Statement) -> Diagnostic {
        let Self {
            mention,
            value: written,
            ..
        } = self;
        let Statement { value, range, .. } = statement;
        let range = range.clone();
        let said = &prose.text[range.clone()];
        let message = format!(
            "正文写“{said}”（{value}），表中“{}”为 {written}",
            mention.label
        );
        let finding = Diagnostic::new(TEXT_DISAGREES, prose.span(range), message)
            .labelled(format!("表中为 {written}"))
            .hint("核对正文和表；正文说的只是其中一部分的，写明范围");
        let cells = mention.lines.iter().filter_map(|&i| {
            let cell = self.grid.lines[i].get(self.table.lines()[i].whole()?)?;
            let shown = mention.lines.len() == 1 || cell.value.count() > 0;
            let label = &self.table.lines()[i].name.label;
            (shown && cell.value != Value::Blank)
                .then(|| (cell, format!("{label} {}", cell.value.count())))
        });
        cells.fold(finding, |finding, (cell, label)| {
            finding.also(cell.span, label)
        })
    }
}
