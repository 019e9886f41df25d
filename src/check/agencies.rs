#![doc = include_str!("agencies.md")]

use std::collections::BTreeSet;

use super::policy::or_waive;
use super::rules;
use crate::diagnostic::{Called, Diagnostic, Said};
use crate::report::{AgencySums, Hierarchy, Text, Value};

/// Compares every cell with its sum; while a report is missing, the one finding says so.
#[must_use]
pub fn sums_disagree(sums: &AgencySums) -> Vec<Diagnostic> {
    let report = sums.government();
    if !sums.is_complete() {
        let list = |what: &str, names: &[String]| {
            (!names.is_empty()).then(|| format!("{what}：{}", names.join("、")))
        };
        let lists = [
            list("没有报告", sums.absent()),
            list("报告有错误或年度不符", sums.faulty()),
        ];
        let lists: Vec<String> = lists.into_iter().flatten().collect();
        let message = format!("未与各部门之和比较，{}", lists.join("；"));
        return vec![
            Diagnostic::new(rules::CHILDREN_UNKNOWN, report.agency.span, message).hint(Said::new(
                "补齐后再检查；已撤并的部门在 hierarchy.yaml 中写明起止年度",
                "补齐后再检查",
            )),
        ];
    }
    let mut found: Vec<Diagnostic> = Vec::new();
    let mut row_before = None;
    for (sum, (key, row, column, cell)) in sums.cells() {
        let both = sum.zip(cell.value.millionths());
        let Some((sum, own)) = both.filter(|(sum, own)| sum != own) else {
            continue;
        };
        // A total that was left out differs where one of its parts does.
        if matches!(cell.value, Value::Total(_)) {
            continue;
        }
        let table = &report.form.tables[key];
        let Some(line) = table.line(row).map(|i| &table.lines()[i]) else {
            continue;
        };
        let Some(column) = line.column(column).map(|j| &line.columns[j]) else {
            continue;
        };
        let label = &column.name.label;
        // Amounts that were written in several units are given in one.
        let unit = column.measure.unit.as_ref();
        let unit = unit.filter(|_| !column.measure.units.is_empty());
        let unit = unit.map_or("", String::as_str);
        let (own, sum) = (plain(own) + unit, plain(sum) + unit);
        let note = format!(
            "{label}：{} 个部门合计 {sum}，本级写的是 {own}",
            sums.count()
        );
        // One finding for each row, with all of its cells that differ.
        if row_before == Some((key, row)) {
            if let Some(last) = found.pop() {
                found.push(last.also(cell.span, note));
            }
            continue;
        }
        row_before = Some((key, row));
        let message = format!(
            "“{}”与各部门之和不符：合计 {sum}，写的是 {own}",
            line.name.term
        );
        found.push(
            Diagnostic::new(rules::CHILDREN_MISMATCH, cell.span, message)
                .labelled(note)
                .hint(or_waive("核对本级和各部门的报告；本级另有统计范围的")),
        );
    }
    found
}

/// Findings about members without a report of a year that is expected of all: the declared years, or else
/// those for which any member has one. `filed` are the years of each member in order, `None` if its folder is
/// missing; `place` is the folder of the members' folders.
#[must_use]
pub fn missing_reports(
    hierarchy: &Hierarchy,
    filed: &[Option<BTreeSet<u16>>],
    place: &str,
) -> Vec<Diagnostic> {
    let missing = hierarchy.missing(filed);
    let none_expected = hierarchy.years.is_none() && filed.iter().flatten().all(BTreeSet::is_empty);
    let mut found = Vec::new();
    for ((member, filed), missing) in hierarchy.members().zip(filed).zip(missing) {
        let Text { text, span } = &member.folder;
        let missing: Vec<String> = missing.iter().map(u16::to_string).collect();
        let years = missing.join("、");
        let path = format!("{place}{text}");
        let folder = Called {
            key: &path,
            title: text,
        };
        let (message, hint) = match (filed, missing.first()) {
            (None, first) if first.is_some() || none_expected => (
                Said::naming(folder, |name| format!("没有文件夹 {name}")),
                "核对文件夹的名称".into(),
            ),
            (_, Some(first)) => (
                Said::naming(folder, |name| format!("{name} 没有 {years} 年度的报告")),
                Said::new(
                    format!("补上 {first}.yaml；该年度不必报告的，写明 from、to"),
                    "补上报告；该年度不必报告的，写明起止年度",
                ),
            ),
            _ => continue,
        };
        found.push(
            Diagnostic::new(rules::MISSING_REPORT, *span, message)
                .law("《中华人民共和国政府信息公开条例》第四十九条")
                .hint(hint),
        );
    }
    found
}

/// A number of millionths as a decimal without trailing zeros.
fn plain(millionths: i128) -> String {
    let sign = if millionths < 0 { "-" } else { "" };
    let (whole, rest) = (millionths.abs() / 1_000_000, millionths.abs() % 1_000_000);
    let decimals = format!("{rest:06}");
    let decimals = decimals.trim_end_matches('0');
    if decimals.is_empty() {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{decimals}")
    }
}
