//! Reports that are made up, with a value in every cell of a form.

use crate::form::{CellKind, Column, Content, Form};
use crate::report::field;

/// The text of a report whose values are numbered from 1, so that each has one of its own.
#[must_use]
pub fn numbered(form: &Form) -> String {
    let mut number = 0;
    filled(form, |column| {
        number += 1;
        let unit = column.measure.unit.as_deref().unwrap_or_default();
        match column.measure.kind {
            CellKind::Count | CellKind::Amount => number.to_string(),
            CellKind::Change => format!("+{number}"),
            CellKind::AmountWithUnit => format!("{number}{unit}"),
        }
    })
}

/// The text of a report in an edition, with its values as `value` writes them.
#[must_use]
pub fn filled(form: &Form, mut value: impl FnMut(&Column) -> String) -> String {
    let first = form.years.and_then(|years| years.from);
    let year = first.unwrap_or(field::FIRST_YEAR);
    let edition = &form.edition;
    let mut text = format!("format: \"{edition}\"\nagency: 某某市某某局\nyear: {year}\n");
    for part in form.parts() {
        let key = &part.name.key;
        match part.content {
            Content::Prose => text.push_str(&format!("{key}: 文字。\n")),
            Content::Titled => {
                text.push_str(&format!("{key}: [{{title: 一、标题, text: 文字。}}]\n"));
            }
            Content::Table(table) => {
                text.push_str(&format!("{key}:\n"));
                for line in table.lines() {
                    let values: Vec<String> = line.columns.iter().map(&mut value).collect();
                    let values = match values.as_slice() {
                        [only] => only.clone(),
                        several => format!("[{}]", several.join(", ")),
                    };
                    text.push_str(&format!("  {}: {values}\n", line.name.key));
                }
            }
        }
    }
    text
}
