//! A value of a table as prose may give it.

use super::passage_text::PassageText;
use super::statement::{Place, Said, Statement};
use crate::check::rules::TEXT_DISAGREES;
use crate::diagnostic::Diagnostic;
use crate::form::{Each, Mention, Table};
use crate::report::{Cell, Grid, Value};

/// 分 in a 万元, and in millionths of the units of money.
const CENTS_OF_UNITS: [(&str, i128); 3] =
    [("元", 100), ("万元", 1_000_000), ("亿元", 10_000_000_000)];

/// The part of an amount that prose may leave out at its end, one in so many.
const LEAST_PART: i128 = 50;

/// 分 in a unit of money.
pub(super) fn cents_of(unit: &str) -> Option<i128> {
    let known = CENTS_OF_UNITS.iter().find(|(known, _)| *known == unit);
    known.map(|(_, cents)| *cents)
}

/// A value of a table, or the sum of several, and the numbers that prose may give for it.
pub(super) struct TableValue<'a> {
    label: String,
    /// The value of the table, as a finding shows it.
    shown: String,
    /// The cells that it is in or the sum of, with their labels.
    cells: Vec<(String, &'a Cell)>,
    accepted: Vec<u64>,
    /// Whether all values that it is made of are known.
    is_known: bool,
    /// The amount in 分; `None` for a count.
    cents: Option<i128>,
}

impl<'a> TableValue<'a> {
    /// The value of a place in a table; `None` for an amount of an unknown unit.
    pub fn new(place: &Place, table: &'a Table, grid: &'a Grid) -> Option<Self> {
        match place {
            Place::Mention(mention) => Some(Self::of(&table.mentions()[*mention], table, grid)),
            Place::Value(line, column) => Self::at(*line, *column, table, grid),
            Place::Columns(line, columns) => {
                let group = &table.spoken_columns()[*columns];
                let range = group.columns.clone();
                let sum = |line: usize| {
                    let cells = grid.lines[line][range.clone()].iter();
                    cells.fold(0, |sum: u64, cell| sum.saturating_add(cell.value.count()))
                };
                let row = &table.lines()[*line];
                let cells = range.clone().map(|j| {
                    let label = format!(
                        "{} {}",
                        row.columns[j].name.label,
                        grid.lines[*line][j].value.count()
                    );
                    (label, &grid.lines[*line][j])
                });
                let mut accepted = vec![sum(*line)];
                let together = |side: Vec<usize>| {
                    let sums = side.into_iter().map(sum);
                    sums.fold(0, u64::saturating_add)
                };
                let known =
                    |&line: &usize| grid.lines[line][range.clone()].iter().all(Cell::is_known);
                let mut is_known = known(line);
                accepted.extend(sides(table, &[*line]).map(|side| {
                    is_known &= side.iter().all(known);
                    together(side)
                }));
                Some(Self {
                    label: format!("{}：{}", row.name.label, group.label),
                    shown: accepted[0].to_string(),
                    cells: cells.collect(),
                    accepted,
                    is_known,
                    cents: None,
                })
            }
        }
    }

    /// The sum of the totals of some lines.
    fn of(mention: &Mention, table: &'a Table, grid: &'a Grid) -> Self {
        let line = |i: usize| -> [u64; 2] {
            let Some(j) = table.lines()[i].whole() else {
                return [0, 0];
            };
            let written = grid.lines[i][j].value.count();
            let parts = table.lines()[i].columns[j].parts.as_ref();
            let sum = parts.map_or(written, |parts| {
                parts.iter().fold(0, |sum: u64, &p| {
                    sum.saturating_add(grid.lines[i][p].value.count())
                })
            });
            [written, sum]
        };
        let total = |lines: &[usize], which: usize| {
            lines
                .iter()
                .fold(0, |sum: u64, &i| sum.saturating_add(line(i)[which]))
        };
        let is_known = |i: usize| {
            let line = &table.lines()[i];
            let Some(j) = line.whole() else {
                return true;
            };
            let parts = line.columns[j].parts.iter().flatten();
            let mut cells = parts.chain([&j]).map(|&part| &grid.lines[i][part]);
            cells.all(Cell::is_known)
        };
        let mut all_known = mention.lines.iter().all(|&i| is_known(i));
        let mut accepted = vec![total(&mention.lines, 0), total(&mention.lines, 1)];
        for side in sides(table, &mention.lines) {
            accepted.push(total(&side, 0));
            all_known &= side.iter().all(|&i| is_known(i));
        }
        // 其他处理 beside one of its own kinds may be the rest, which the form calls 其他.
        if let [_, _, ..] = mention.lines.as_slice() {
            let rest = mention
                .lines
                .iter()
                .filter(|&&i| mention.words[0].starts_with(&table.lines()[i].name.term));
            accepted.extend(rest.map(|&i| line(i)[0]));
        }
        let cells = mention.lines.iter().filter_map(|&i| {
            let cell = grid.lines[i].get(table.lines()[i].whole()?)?;
            let shown = mention.lines.len() == 1 || cell.value.count() > 0;
            let label = &table.lines()[i].name.label;
            shown.then(|| (format!("{label} {}", cell.value.count()), cell))
        });
        Self {
            label: mention.label.clone(),
            shown: accepted[0].to_string(),
            cells: cells.collect(),
            accepted,
            is_known: all_known,
            cents: None,
        }
    }

    /// The value of one cell.
    fn at(line: usize, column: usize, table: &'a Table, grid: &'a Grid) -> Option<Self> {
        let row = &table.lines()[line];
        let head = &row.columns[column];
        let cell = &grid.lines[line][column];
        let unit = head.measure.unit.as_deref().unwrap_or_default();
        let amount = cell.value.is_amount();
        let cents = match cell.value.millionths() {
            Some(millionths) if amount => Some(millionths * cents_of(unit)? / 1_000_000),
            None => return None,
            Some(_) => None,
        };
        let shown = match cell.value {
            Value::Blank => "空白".to_owned(),
            Value::Amount(_) => format!("{}{unit}", cell.value.printed()),
            _ => cell.value.printed(),
        };
        Some(Self {
            label: format!("{}：{}", row.name.label, head.name.label),
            cells: vec![(format!("{} {shown}", head.name.label), cell)],
            shown,
            accepted: vec![cell.value.count()],
            is_known: true,
            cents,
        })
    }

    /// Whether all values that it is made of are known.
    pub fn is_known(&self) -> bool {
        self.is_known
    }

    /// Whether prose may give that number for it; any, while one of its own is not known.
    pub fn accepts(&self, value: u64) -> bool {
        self.cents.is_none() && (!self.is_known || self.accepted.contains(&value))
    }

    /// The numbers that prose may give for it, if it is a count.
    pub fn numbers(&self) -> &[u64] {
        match self.cents {
            None => &self.accepted,
            Some(_) => &[],
        }
    }

    /// Whether prose may say that of it: an amount may be rounded or cut off where it ends, by little.
    pub fn agrees(&self, said: &Said) -> bool {
        match (said, self.cents) {
            (Said::Number(value), None) => !self.is_known || self.accepted.contains(value),
            (Said::Amount { cents, step }, Some(own)) => {
                let off = (own - cents).abs();
                off == 0 || *step > 1 && off < *step && off * LEAST_PART <= own.abs()
            }
            _ => true,
        }
    }

    pub fn disagreement(&self, prose: &PassageText, statement: &Statement) -> Diagnostic {
        let Self { label, shown, .. } = self;
        let range = statement.range.clone();
        let said = prose.written(range.clone());
        let value = match statement.said {
            Said::Number(value) => format!("（{value}）"),
            Said::Amount { .. } => String::new(),
        };
        let message = format!("正文写“{said}”{value}，表中“{label}”为 {shown}");
        let finding = Diagnostic::new(TEXT_DISAGREES, prose.span(range), message)
            .labelled(format!("表中为 {shown}"))
            .hint("核对正文和表；正文说的只是其中一部分的，写明范围");
        let cells = self.cells.iter();
        cells
            .filter(|(_, cell)| cell.value != Value::Blank)
            .fold(finding, |finding, (label, cell)| {
                finding.also(cell.span, label.clone())
            })
    }
}

/// The lines of the sides of balances that begin with a line: 共受理 may count what was carried in as well.
pub(super) fn sides<'a>(
    table: &'a Table,
    lines: &'a [usize],
) -> impl Iterator<Item = Vec<usize>> + 'a {
    let rules = table.rules.iter();
    let rules = rules.filter(|r| r.each == Each::Column && r.previous.is_none());
    rules.filter_map(move |rule| {
        let side: Vec<usize> = rule.add.iter().filter_map(|key| table.line(key)).collect();
        (lines.len() == 1 && side.first() == lines.first()).then_some(side)
    })
}
