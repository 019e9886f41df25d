#![doc = include_str!("balances.md")]

use super::Previous;
use super::policy::or_waive;
use super::rules;
use crate::diagnostic::{self, Diagnostic, Said};
use crate::form::{BalanceRule, Each, Name, Table};
use crate::report::{Cell, Grid, Report, Value};

/// The rules that an edition may declare as balances.
const DECLARABLE: [diagnostic::Rule; 3] = [
    rules::REQUESTS_UNBALANCED,
    rules::CARRY_MISMATCH,
    rules::IN_FORCE_MISMATCH,
];

/// The rule of a balance, by the id that an edition declares.
pub(super) fn rule(id: &str) -> Option<diagnostic::Rule> {
    DECLARABLE.into_iter().find(|rule| rule.id == id)
}

/// One value of a balance.
struct Term<'a> {
    label: &'a str,
    cell: &'a Cell,
}

impl Term<'_> {
    fn value(&self) -> i128 {
        self.cell.value.whole()
    }
}

/// Evaluates the balances that the edition declares; those across years only with the report of the year
/// before.
pub(super) fn check(report: &Report, previous: Option<Previous>, findings: &mut Vec<Diagnostic>) {
    for (key, grid) in &report.tables {
        let table = &report.form.tables[key];
        for rule in &table.rules {
            let before = previous.and_then(|previous| {
                let table = previous.report.form.tables.get(key)?;
                Some((previous, table, previous.report.tables.get(key)?))
            });
            for place in table.cells_of(rule) {
                let at = |key: &str| match rule.each {
                    Each::Column => (key.to_owned(), place.key.clone()),
                    Each::Row => (place.key.clone(), key.to_owned()),
                };
                findings.extend(one(rule, place, table, grid, before, at));
            }
        }
    }
}

/// Evaluates a balance in one row or column; `at` finds its cells by the keys of the rule.
fn one(
    rule: &BalanceRule,
    place: &Name,
    table: &Table,
    grid: &Grid,
    before: Option<(Previous, &Table, &Grid)>,
    at: impl Fn(&str) -> (String, String),
) -> Option<Diagnostic> {
    let terms = |keys: &[String]| {
        let terms = keys
            .iter()
            .map(|key| term(rule, table, grid, key, &at(key)));
        terms.collect::<Option<Vec<_>>>()
    };
    let (add, subtract, equals) = (
        terms(&rule.add)?,
        terms(&rule.subtract)?,
        terms(&rule.equals)?,
    );
    let sum = |terms: &[Term]| -> i128 { terms.iter().map(Term::value).sum() };
    let mut left = sum(&add) - sum(&subtract);
    let right = sum(&equals);
    let last = match &rule.previous {
        None => None,
        Some(key) => {
            let (previous, table, grid) = before?;
            let last = term(rule, table, grid, key, &at(key))?;
            left += last.value();
            Some((previous, last))
        }
    };
    if left == right {
        return None;
    }
    let difference = (left - right).abs();
    let message = match &last {
        None => {
            let [one, other] = rule
                .sides
                .clone()
                .unwrap_or_else(|| [labels(&add), labels(&equals)]);
            format!(
                "“{}”：{one} {} = {left}，不等于{other} {} = {right}，相差 {difference}",
                place.term,
                joined(&add),
                joined(&equals)
            )
        }
        Some((_, last)) => {
            let plus = add.iter().map(|t| format!(" + {} {}", t.label, t.value()));
            let minus = subtract
                .iter()
                .map(|t| format!(" − {} {}", t.label, t.value()));
            let terms: String = plus.chain(minus).collect();
            let result = if terms.is_empty() {
                String::new()
            } else {
                format!(" = {left}")
            };
            format!(
                "“{}”：上年度{} {}{terms}{result}，本年度{} {right}，相差 {difference}",
                place.term,
                last.label,
                last.value(),
                labels(&equals)
            )
        }
    };
    // A total that was left out is nowhere to be seen.
    let written = |term: &&Term| !matches!(term.cell.value, Value::Total(_));
    let terms = || equals.iter().chain(&add).chain(&subtract);
    let first = terms().find(written).or(equals.first())?;
    let mut finding = Diagnostic::new(self::rule(&rule.id)?, first.cell.span, message)
        .labelled(format!("{} {}", first.label, first.value()));
    for term in terms()
        .filter(written)
        .filter(|term| !std::ptr::eq(*term, first))
    {
        finding = finding.also(term.cell.span, format!("{} {}", term.label, term.value()));
    }
    if let Some(law) = &rule.law {
        finding = finding.law(law);
    }
    Some(match &last {
        None => {
            let all = add.iter().chain(&equals);
            let all: String = all.map(|term| format!("“{}”", term.label)).collect();
            finding.hint(format!("请核对{all}"))
        }
        Some((previous, last)) => {
            let line = previous.source.position(last.cell.span.start).0;
            let file = previous.source.path().display();
            finding
                .hint(Said::new(format!("上年度报告：{file}:{line}"), ""))
                .hint(or_waive("上年度公布有误或统计范围有变化的"))
        }
    })
}

/// The cell of a key, named by what the rule varies: the row if it holds for each column.
fn term<'a>(
    rule: &BalanceRule,
    table: &'a Table,
    grid: &'a Grid,
    key: &str,
    (row, column): &(String, String),
) -> Option<Term<'a>> {
    let line = &table.lines()[table.line(row)?];
    let cell = grid.get(table, row, column)?;
    let label = match rule.each {
        Each::Column => &line.name.label,
        Each::Row => &line.columns[line.column(key)?].name.label,
    };
    // Within a report a blank counts as 0; what was not reported is not compared across years.
    let reported = !matches!(cell.value, Value::Blank | Value::NotApplicable(_));
    (cell.is_known() && !cell.value.is_amount() && (reported || rule.previous.is_none()))
        .then_some(Term { label, cell })
}

fn joined(terms: &[Term]) -> String {
    let values: Vec<String> = terms.iter().map(|t| t.value().to_string()).collect();
    values.join(" + ")
}

fn labels(terms: &[Term]) -> String {
    let labels: Vec<&str> = terms.iter().map(|t| t.label).collect();
    labels.join("、")
}
