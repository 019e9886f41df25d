#![doc = include_str!("totals.md")]

use super::rules;
use crate::diagnostic::Diagnostic;
use crate::form::Line;
use crate::report::{Cell, Grid, Report, Value};

/// The fewest lines of a column that was left out as a whole; fewer are as many single totals.
const FEWEST: usize = 3;

/// Compares every given total with the sum of its parts.
pub(super) fn check(report: &Report, findings: &mut Vec<Diagnostic>) {
    for (key, grid) in &report.tables {
        let lines = report.form.tables[key].lines();
        let unfilled = unfilled_totals(lines, grid);
        findings.extend(
            unfilled
                .iter()
                .filter_map(|(_, cells)| never_filled(lines, grid, cells)),
        );
        let mut without_parts: Vec<(&str, &Cell)> = Vec::new();
        for (line, cells) in lines.iter().zip(&grid.lines) {
            for (j, column) in line.columns.iter().enumerate() {
                let place = || format!("“{}”的“{}”", line.name.label, column.name.label);
                let known = unfilled.iter().any(|(own, _)| *own == column.name.key);
                if let Some(parts) = column.parts.as_ref().filter(|_| !known) {
                    let parts = parts
                        .iter()
                        .map(|&p| (&*line.columns[p].name.label, &cells[p]));
                    if lacks_parts(&cells[j], parts.clone()) {
                        without_parts.push((&column.name.label, &cells[j]));
                    } else {
                        findings.extend(wrong(place, &cells[j], parts));
                    }
                }
                if let Some(parts) = &line.parts {
                    let parts = parts
                        .iter()
                        .map(|&p| (&*lines[p].name.label, &grid.lines[p][j]));
                    if lacks_parts(&cells[j], parts.clone()) {
                        without_parts.push((&column.name.label, &cells[j]));
                    } else {
                        findings.extend(wrong(place, &cells[j], parts));
                    }
                }
            }
        }
        findings.extend(alone(&without_parts));
    }
}

/// The columns of totals that no line fills: the key of each, and its cells.
fn unfilled_totals<'a>(lines: &'a [Line], grid: &Grid) -> Vec<(&'a str, Vec<(usize, usize)>)> {
    let mut columns: Vec<(&str, Vec<(usize, usize)>)> = Vec::new();
    for (i, line) in lines.iter().enumerate() {
        for (j, column) in line.columns.iter().enumerate() {
            let key = column.name.key.as_str();
            match columns.iter_mut().find(|known| known.0 == key) {
                _ if column.parts.is_none() => {}
                Some(known) => known.1.push((i, j)),
                None => columns.push((key, vec![(i, j)])),
            }
        }
    }
    let blank = |&(i, j): &(usize, usize)| grid.lines[i][j].value == Value::Blank;
    columns.retain(|(_, cells)| cells.len() >= FEWEST && cells.iter().all(blank));
    columns
}

/// The one finding about a column of totals that was never filled, in place of one for each line.
fn never_filled(lines: &[Line], grid: &Grid, cells: &[(usize, usize)]) -> Option<Diagnostic> {
    let sum = |i: usize, j: usize| -> i128 {
        let parts = lines[i].columns[j].parts.iter().flatten();
        parts
            .map(|&p| i128::from(grid.lines[i][p].value.count()))
            .sum()
    };
    let mut wrong = cells.iter().filter(|&&(i, j)| sum(i, j) > 0);
    let &(i, j) = wrong.next()?;
    let message = format!(
        "“{}”一栏 {} 行都没有填数，其中 {} 行的各项之和不是 0",
        lines[i].columns[j].name.label,
        cells.len(),
        wrong.clone().count() + 1
    );
    let finding = Diagnostic::new(rules::WRONG_TOTAL, grid.lines[i][j].span, message)
        .labelled(format!("各项之和为 {}", sum(i, j)))
        .hint("填写这一栏；整栏不写的，由程序算出");
    Some(wrong.fold(finding, |finding, &(i, j)| {
        finding.also(grid.lines[i][j].span, format!("各项之和为 {}", sum(i, j)))
    }))
}

/// Whether a total is written and none of its parts is filled in: then the parts are missing, not wrong.
fn lacks_parts<'a>(total: &Cell, parts: impl Iterator<Item = (&'a str, &'a Cell)>) -> bool {
    let mut parts = parts.map(|(_, cell)| cell);
    matches!(total.value, Value::Count(1..)) && parts.all(|cell| cell.value == Value::Blank)
}

/// The one finding about totals whose parts were never filled in.
fn alone(totals: &[(&str, &Cell)]) -> Option<Diagnostic> {
    let ((label, first), others) = totals.split_first()?;
    let message = format!(
        "“{label}”有 {} 格写了总计，所属各项都没有填写",
        totals.len()
    );
    let finding = Diagnostic::new(rules::WRONG_TOTAL, first.span, message)
        .labelled(format!("写的是 {}", first.value.count()))
        .hint("填写所属的各项；没有发生的写 0");
    Some(others.iter().fold(finding, |finding, (_, cell)| {
        finding.also(cell.span, format!("写的是 {}", cell.value.count()))
    }))
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
