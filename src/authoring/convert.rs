//! A report in the form of another edition: all that both have, and the names of what is lost.

use super::{RawCell, RawReport};
use crate::form::{Body, Content, Form, Line, Section, Table};
use crate::report::field;

/// A report in another edition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Converted {
    /// The report.
    pub report: RawReport,
    /// The sections and rows with content that the edition has no place for, as printed.
    pub lost: Vec<String>,
}

impl RawReport {
    /// The report, written in the form `from`, in the form `to`.
    #[must_use]
    pub fn converted(&self, from: &Form, to: &Form) -> Converted {
        let mut report = self.clone();
        report.edition.clone_from(&to.edition);
        // The year may choose the other edition.
        report.fields.remove(field::FORMAT.key);
        report.tables.clear();
        report.unknown.clear();
        let mut lost = Vec::new();
        let has = |section: &Section| {
            let mut sections = to.sections.iter();
            sections.any(|other| other.key == section.key && other.body == section.body)
        };
        for section in from.sections.iter().filter(|section| !has(section)) {
            let text = report.sections.remove(&section.key).unwrap_or_default();
            let is_titled = section.body == Body::Titled && !report.titled.is_empty();
            if !text.is_empty() || is_titled {
                lost.push(section.title.clone());
            }
            if section.body == Body::Titled {
                report.titled.clear();
            }
            report.headings.remove(&section.key);
            report.notes.remove(&section.key);
            if report.texts.remove(&section.key).is_some() {
                lost.push(format!("{}：{}", field::TEXTS.term, section.title));
            }
        }
        for part in from.parts() {
            let Content::Table(table) = part.content else {
                continue;
            };
            let key = &part.name.key;
            let Some(lines) = self.tables.get(key) else {
                continue;
            };
            let other = to.tables.get(key);
            let mut kept = vec![None; other.map_or(0, |other| other.lines().len())];
            for (line, cells) in table.lines().iter().zip(lines) {
                let place = other.and_then(|other| placed(line, other));
                let mut row = place.map(|(_, own)| vec![None; own.columns.len()]);
                let mut missed = false;
                for (column, cell) in line.columns.iter().zip(cells.iter().flatten()) {
                    let Some(cell) = cell else { continue };
                    let place = place.and_then(|(_, own)| own.column(&column.name.key));
                    match (place, &mut row) {
                        (Some(place), Some(row)) => row[place] = Some(cell.clone()),
                        _ => missed |= *cell != RawCell::default(),
                    }
                }
                if missed {
                    lost.push(format!("{}：{}", part.name.term, line.name.label));
                }
                if let (Some((at, _)), Some(row), Some(_)) = (place, row, cells) {
                    kept[at] = Some(row);
                }
            }
            if other.is_some() {
                report.tables.insert(key.clone(), kept);
            }
        }
        Converted { report, lost }
    }
}

/// The line of the same key in another table, and its position.
fn placed<'t>(line: &Line, table: &'t Table) -> Option<(usize, &'t Line)> {
    let at = table.line(&line.name.key)?;
    Some((at, &table.lines()[at]))
}
