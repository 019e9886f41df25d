//! The sums of the reports of agencies, cell by cell of their government's report.

use super::{Cell, Grid, Report};
use crate::form::Table;

/// The sums of the reports of agencies, cell by cell of their government's report.
#[derive(Debug)]
pub struct AgencySums<'a> {
    government: &'a Report,
    /// For each cell in order, the sum in millionths; `None` if an agency's form has no such cell.
    sums: Vec<Option<i128>>,
    count: usize,
    absent: Vec<String>,
    faulty: Vec<String>,
}

/// A cell with the keys of its table, row and column.
type KeyedCell<'a> = (&'a String, &'a str, &'a str, &'a Cell);

impl<'a> AgencySums<'a> {
    /// The sums of no agency yet, for a government's report.
    #[must_use]
    pub fn of(government: &'a Report) -> Self {
        Self {
            government,
            sums: vec![Some(0); cells(government).count()],
            count: 0,
            absent: Vec::new(),
            faulty: Vec::new(),
        }
    }

    /// Adds an agency's report.
    pub fn add(&mut self, agency: &Report) {
        self.count += 1;
        for (sum, (key, row, column, _)) in self.sums.iter_mut().zip(cells(self.government)) {
            let value = agency.form.tables.get(key).and_then(|table| {
                let cell = agency.tables.get(key)?.get(table, row, column)?;
                cell.value.millionths()
            });
            *sum = sum.zip(value).map(|(sum, value)| sum + value);
        }
    }

    /// Notes an agency that has no report of the year.
    pub fn add_absent(&mut self, name: String) {
        self.absent.push(name);
    }

    /// Notes an agency whose report has errors or is on another year.
    pub fn add_faulty(&mut self, name: String) {
        self.faulty.push(name);
    }

    /// Whether no report was missing or faulty.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.absent.is_empty() && self.faulty.is_empty()
    }

    /// The government's report.
    #[must_use]
    pub fn government(&self) -> &'a Report {
        self.government
    }

    /// The number of agencies in the sums.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    /// The agencies without a report of the year.
    #[must_use]
    pub fn absent(&self) -> &[String] {
        &self.absent
    }

    /// The agencies whose reports have errors or are on another year.
    #[must_use]
    pub fn faulty(&self) -> &[String] {
        &self.faulty
    }

    /// Every cell of the government's report with its sum, in millionths.
    pub fn cells(&self) -> impl Iterator<Item = (Option<i128>, KeyedCell<'a>)> {
        self.sums.iter().copied().zip(cells(self.government))
    }
}

/// Every cell of a report with the keys of its table, row and column.
fn cells(report: &Report) -> impl Iterator<Item = KeyedCell<'_>> {
    let tables = report
        .tables
        .iter()
        .map(|(key, grid)| (key, grid, &report.form.tables[key]));
    tables.flat_map(|(key, grid, table): (&String, &Grid, &Table)| {
        let lines = table.lines().iter().zip(&grid.lines);
        lines.flat_map(move |(line, cells)| {
            let columns = line.columns.iter().zip(cells);
            columns.map(move |(column, cell)| {
                (key, line.name.key.as_str(), column.name.key.as_str(), cell)
            })
        })
    })
}
