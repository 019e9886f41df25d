//! Counts in the prose against the cells of the tables.

use super::figure::Figure;
use super::passage_text::{PassageText, Statement};
use super::scope::Scope;
use super::words::Words;
use crate::diagnostic::Diagnostic;
use crate::form::{Form, Table};
use crate::report::Report;

/// The words of an edition for the numbers of its tables.
#[derive(Clone, Debug)]
pub(in crate::check) struct Vocabulary(Vec<Words>);

impl Vocabulary {
    pub fn new(form: &Form) -> Self {
        let tables = form.tables.iter();
        let spoken = tables.filter(|(_, table)| !table.mentions().is_empty());
        let words = spoken
            .enumerate()
            .map(|(i, (key, table))| Words::new(i, key, table));
        Self(words.collect())
    }

    /// The findings about statements of a passage that the tables contradict.
    pub(super) fn check(&self, report: &Report, prose: &PassageText) -> Vec<Diagnostic> {
        let tables: Vec<&Table> = self
            .0
            .iter()
            .map(|w| &report.form.tables[&w.table])
            .collect();
        let mut stated: Vec<Statement> = self.0.iter().flat_map(|w| w.stated(prose)).collect();
        stated.sort_by_key(|statement| statement.range.start);
        let denied = self
            .0
            .iter()
            .zip(&tables)
            .flat_map(|(w, table)| w.denied(prose, table));
        let denied: Vec<Statement> = denied.collect();
        let excepted = self.0.iter().flat_map(|words| &words.excepted);
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
            let table = tables[statement.table];
            let Some(grid) = report.tables.get(&self.0[statement.table].table) else {
                continue;
            };
            let figure = Figure::new(&table.mentions()[statement.mention], table, grid);
            if !figure.accepts(statement.value) && scope.covers(statement, &figure) {
                found.push(figure.disagreement(prose, statement));
            }
        }
        found
    }

    /// The numbers that shares may refer to: the totals of every mentioned number; `None` while one is not known.
    pub(super) fn totals(&self, report: &Report) -> Option<Vec<u64>> {
        let mut found = Vec::new();
        for words in &self.0 {
            let table = &report.form.tables[&words.table];
            let grid = report.tables.get(&words.table)?;
            for mention in table.mentions() {
                let figure = Figure::new(mention, table, grid);
                found.extend(figure.is_known.then_some(figure.accepted)?);
            }
        }
        Some(found)
    }
}
