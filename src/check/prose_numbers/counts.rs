//! Numbers in the prose against the cells of the tables.

use super::column_shares;
use super::column_words::{ColumnWords, Rows};
use super::passage_text::PassageText;
use super::row_words::RowWords;
use super::scope::Scope;
use super::statement::{Place, Statement};
use super::table_value::TableValue;
use super::words::Words;
use crate::diagnostic::Diagnostic;
use crate::form::{Form, Table};
use crate::report::Report;

/// The words of an edition for the numbers of its tables.
#[derive(Clone, Debug)]
pub(in crate::check) struct Vocabulary(Vec<TableWords>);

/// The words for the numbers of one table.
#[derive(Clone, Debug)]
struct TableWords {
    /// The key of the table.
    table: String,
    /// The words for the totals of its rows, or of its only row.
    totals: Option<Words>,
    /// The words for the single values of its blocks.
    rows: Option<RowWords>,
    /// The words for its columns.
    columns: Option<ColumnWords>,
}

impl Vocabulary {
    pub fn new(form: &Form) -> Self {
        let tables = form.tables.iter();
        let spoken =
            tables.filter(|(_, t)| !t.mentions().is_empty() || !t.spoken_rows().is_empty());
        let words = spoken.enumerate().map(|(i, (key, table))| TableWords {
            table: key.clone(),
            totals: (!table.mentions().is_empty()).then(|| Words::new(i, table)),
            rows: RowWords::new(i, table),
            columns: ColumnWords::new(i, table),
        });
        Self(words.collect())
    }

    /// The findings about statements of a passage that the tables contradict. `about_requests` tells whether
    /// it speaks of open government information; single values of blocks are named so that no other
    /// business has them.
    pub(super) fn check(
        &self,
        report: &Report,
        prose: &PassageText,
        about_requests: bool,
    ) -> Vec<Diagnostic> {
        let tables: Vec<&Table> = self
            .0
            .iter()
            .map(|words| &report.form.tables[&words.table])
            .collect();
        let known = || self.0.iter().zip(&tables);
        let mut stated: Vec<Statement> = Vec::new();
        let mut denied: Vec<Statement> = Vec::new();
        if about_requests {
            let totals =
                || known().filter_map(|(words, table)| Some((words.totals.as_ref()?, table)));
            stated.extend(totals().flat_map(|(words, _)| words.stated(prose)));
            denied.extend(totals().flat_map(|(words, table)| words.denied(prose, table)));
        }
        let rows = known().filter_map(|(words, table)| Some((words.rows.as_ref()?, table)));
        for (rows, table) in rows.filter(|(rows, _)| rows.has_any(&prose.text)) {
            stated.extend(rows.stated(prose, table));
            denied.extend(rows.denied(prose));
        }
        if stated.is_empty() && denied.is_empty() && !about_requests {
            return Vec::new();
        }
        stated.sort_by_key(|statement| statement.range.start);
        if about_requests {
            let mut of_columns = Vec::new();
            for (words, table) in known() {
                let (Some(columns), Some(words)) = (&words.columns, &words.totals) else {
                    continue;
                };
                if columns.has_any(&prose.text) {
                    of_columns.extend(columns.stated(&Rows {
                        prose,
                        table,
                        words,
                        stated: &stated,
                    }));
                }
            }
            stated.extend(of_columns);
            stated.sort_by_key(|statement| statement.range.start);
        }
        let totals = self.0.iter().filter_map(|words| words.totals.as_ref());
        let excepted = totals.flat_map(|words| &words.excepted);
        let excepted: Vec<&str> = excepted.map(String::as_str).collect();
        let scope = Scope {
            prose,
            report,
            tables: &tables,
            excepted: &excepted,
            stated: &stated,
        };
        let mut found = Vec::new();
        for statement in stated.iter().chain(&denied) {
            if let Some(value) = self.value(report, &tables, statement)
                && !value.agrees(&statement.said)
                && scope.covers(statement, |row| self.value(report, &tables, row))
            {
                found.push(value.disagreement(prose, statement));
            }
        }
        if about_requests && prose.has_percentage() {
            for (index, (words, table)) in known().enumerate() {
                if let Some(columns) = &words.columns
                    && let Some(grid) = report.tables.get(&words.table)
                {
                    found.extend(column_shares::check(columns, index, table, grid, &scope));
                }
            }
        }
        found
    }

    /// The value that a statement is about.
    fn value<'a>(
        &self,
        report: &'a Report,
        tables: &[&'a Table],
        statement: &Statement,
    ) -> Option<TableValue<'a>> {
        let grid = report.tables.get(&self.0[statement.table].table)?;
        TableValue::new(&statement.place, tables[statement.table], grid)
    }

    /// The numbers that shares may refer to: the totals of every mentioned number; `None` while one is not known.
    pub(super) fn totals(&self, report: &Report) -> Option<Vec<u64>> {
        let mut found = Vec::new();
        for words in &self.0 {
            let table = &report.form.tables[&words.table];
            let grid = report.tables.get(&words.table)?;
            let mentions = 0..table.mentions().len();
            for value in mentions.filter_map(|i| TableValue::new(&Place::Mention(i), table, grid)) {
                found.extend(value.is_known().then(|| value.numbers().to_vec())?);
            }
        }
        Some(found)
    }
}
