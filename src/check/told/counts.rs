//! Counts in the prose against the cells of the tables.

use super::figure::Figure;
use super::scope::{is_of_year, is_share, is_whole};
use super::words::Words;
use super::{Statement, Told};
use crate::diagnostic::Diagnostic;
use crate::format::Format;
use crate::report::Report;

/// The words of an edition for the figures of its tables.
#[derive(Clone, Debug)]
pub(in crate::check) struct Vocabulary(Vec<Words>);

impl Vocabulary {
    pub fn new(format: &Format) -> Self {
        let tables = format
            .tables
            .iter()
            .filter(|(_, table)| !table.mentions().is_empty());
        Self(tables.map(|(key, table)| Words::new(key, table)).collect())
    }

    /// What the passage says of the tables and the tables do not.
    pub(super) fn check(&self, report: &Report, told: &Told, about: bool) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for words in &self.0 {
            let Some(grid) = report.tables.get(&words.table) else {
                continue;
            };
            let table = &report.format.tables[&words.table];
            let stated = words.stated(told);
            let figure = |s: &Statement| Figure::new(&table.mentions()[s.mention], table, grid);
            let denied = words.denied(told, table);
            for statement in stated.iter().chain(&denied) {
                let figure = figure(statement);
                if about
                    && !figure.accepts(statement.value)
                    && is_whole(report, told, statement, &stated, table)
                    && !is_share(told, statement, &figure)
                    && is_of_year(told, statement, report.year)
                {
                    found.push(figure.disagreement(told, statement));
                }
            }
        }
        found
    }

    /// The figures that shares may refer to: the totals of every mentioned figure.
    pub(super) fn totals(&self, report: &Report) -> Vec<u64> {
        let mut found = Vec::new();
        for words in &self.0 {
            let table = &report.format.tables[&words.table];
            if let Some(grid) = report.tables.get(&words.table) {
                let mentions = table.mentions().iter();
                found.extend(mentions.flat_map(|m| Figure::new(m, table, grid).accepted));
            }
        }
        found
    }
}
