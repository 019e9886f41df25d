//! Sample reports, with a value in every cell of a form.

use std::collections::BTreeMap;

use crate::authoring::{RawCell, RawReport};
use crate::form::{CellKind, Column, Content, Form, Language};
use crate::report::field;

/// The text of a report whose values are numbered from 1, so that each has one of its own.
#[must_use]
pub fn numbered(form: &Form) -> String {
    let mut number = 0;
    filled(form, |column| {
        number += 1;
        let unit = column.measure.unit.as_deref().unwrap_or_default();
        RawCell::new(match column.measure.kind {
            CellKind::Count | CellKind::Amount => number.to_string(),
            CellKind::Change => format!("+{number}"),
            CellKind::AmountWithUnit => format!("{number}{unit}"),
        })
    })
}

/// The text of a report in an edition, with the values that `value` gives.
#[must_use]
pub fn filled(form: &Form, mut value: impl FnMut(&Column) -> RawCell) -> String {
    let first = form.years.and_then(|years| years.from);
    let year = first.unwrap_or(field::FIRST_YEAR);
    let text = |text: &str| text.to_owned();
    let fields = [
        // Another edition may be for the same years.
        (field::FORMAT, form.edition.clone()),
        (field::AGENCY, text("某某市某某局")),
        (field::YEAR, year.to_string()),
    ];
    let mut report = RawReport {
        edition: form.edition.clone(),
        fields: BTreeMap::from(fields.map(|(field, text)| (key_of(field), text))),
        ..RawReport::default()
    };
    for part in form.parts() {
        let key = part.name.key.clone();
        match part.content {
            Content::Prose => {
                report.sections.insert(key, text("文字。"));
            }
            Content::Titled => {
                let parts = [
                    (field::SECTION_TITLE, text("一、标题")),
                    (field::TEXT, text("文字。")),
                ];
                let parts = parts.map(|(field, text)| (key_of(field), text));
                report.titled = vec![BTreeMap::from(parts)];
            }
            Content::Table(table) => {
                let lines = table.lines().iter().map(|line| {
                    let cells = line.columns.iter().map(|column| Some(value(column)));
                    Some(cells.collect())
                });
                report.tables.insert(key, lines.collect());
            }
        }
    }
    report.to_yaml(form, Language::English).text
}

fn key_of(field: field::Field) -> String {
    field.key.to_owned()
}
