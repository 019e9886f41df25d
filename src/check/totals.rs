#![doc = include_str!("totals.md")]

use super::rules;
use crate::diagnostic::Diagnostic;
use crate::report::{Cell, Report, Value};

/// Compares every given total with the sum of its parts.
pub(super) fn check(report: &Report, findings: &mut Vec<Diagnostic>) {
    for (key, grid) in &report.tables {
        let lines = report.form.tables[key].lines();
        for (line, cells) in lines.iter().zip(&grid.lines) {
            for (j, column) in line.columns.iter().enumerate() {
                let place = || format!("“{}”的“{}”", line.name.label, column.name.label);
                if let Some(parts) = &column.parts {
                    let parts = parts
                        .iter()
                        .map(|&p| (&*line.columns[p].name.label, &cells[p]));
                    findings.extend(wrong(place, &cells[j], parts));
                }
                if let Some(parts) = &line.parts {
                    let parts = parts
                        .iter()
                        .map(|&p| (&*lines[p].name.label, &grid.lines[p][j]));
                    findings.extend(wrong(place, &cells[j], parts));
                }
            }
        }
    }
}

fn wrong<'a>(
    place: impl Fn() -> String,
    total: &Cell,
    parts: impl Iterator<Item = (&'a str, &'a Cell)> + Clone,
) -> Option<Diagnostic> {
    if !total.is_known() || !parts.clone().all(|(_, part)| part.is_known()) {
        return None;
    }
    let sum: i128 = parts
        .clone()
        .map(|(_, cell)| i128::from(cell.value.count()))
        .sum();
    let written = i128::from(total.value.count());
    if matches!(total.value, Value::Total(_)) || written == sum {
        return None;
    }
    let says = match &total.value {
        Value::Count(_) => format!("写的是 {written}"),
        _ => "没有填数".to_owned(),
    };
    let difference = match written - sum {
        more @ 1.. => format!("多 {more}"),
        less => format!("少 {}", -less),
    };
    let message = format!("{}：各项之和为 {sum}，{says}，{difference}", place());
    let finding = Diagnostic::new(rules::WRONG_TOTAL, total.span, message)
        .labelled(format!("各项之和为 {sum}"))
        .hint(format!("各项无误的改为 {sum}，总计无误的核对各项"));
    let parts = parts.filter(|(_, cell)| cell.value.count() > 0);
    Some(parts.fold(finding, |finding, (label, cell)| {
        finding.also(cell.span, format!("{label} {}", cell.value.count()))
    }))
}
