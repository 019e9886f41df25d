//! Tables: lines as lists, maps or a plain value; cells with or without a remark.

use super::unread::{NOT_READ, TO_FILL_IN};
use super::{Binder, here, lacking, listed};
use crate::diagnostic::{Called, Diagnostic, Rule, Said};
use crate::form::{Column, Line, Name, Table};
use crate::report::cell::is_not_filled;
use crate::report::field;
use crate::report::grid::Given;
use crate::report::is_cell;
use crate::report::rules;
use crate::report::{Cell, Grid, MAX_COUNT, Value};
use crate::source::{Entry, Node, NodeKind, Span, slips};

/// The most rows without values that a finding names.
const MOST_NAMED: usize = 5;
/// What is to be done with a row that is not given as one.
const EACH_CELL: &str = "逐格填写；没有发生的写 0";

impl Binder<'_> {
    /// Binds a table; what is missing or invalid in it is not known. `None` if a sum exceeds the largest count.
    pub(super) fn table(&mut self, entry: &Entry, table: &Table) -> Option<Grid> {
        if is_open(&entry.value) {
            let message = Said::naming(self.called(entry), |name| format!("“{name}”还没有填写"));
            let finding = Diagnostic::new(rules::NOT_FILLED, entry.value.span, message);
            let hint = Said::new("逐行写“行: 数值”", "逐格填写");
            self.push(finding.labelled("整张表，待填").hint(hint));
            return None;
        }
        let mut not_filled: Vec<NotFilled> = Vec::new();
        let names = table.lines().iter().map(|line| line.name.clone()).collect();
        let entries = self.map(entry);
        let fields = self.fields_under(entry, entries, names);
        let missing = table
            .lines()
            .iter()
            .filter(|line| fields.lacks(&line.name.key) && line.parts.is_none())
            .map(|line| &line.name);
        let hint = without_quotes("没有发生的写 0；个别格没有统计的留空，不适用的写 \"/\"");
        self.missing(&missing.collect::<Vec<_>>(), "行", entry, hint);
        let given: Given = table
            .lines()
            .iter()
            .map(|line| {
                let entry = fields.key(&line.name.key)?;
                let cells = self.line(entry, line);
                let open = std::mem::take(&mut self.not_filled);
                not_filled.extend(NotFilled::new(line, open));
                Some(cells)
            })
            .collect();
        let blank = blank_columns(table.lines(), &given);
        for (cells, line) in given.iter().zip(table.lines()) {
            if let Some(cells) = cells {
                self.remark(cells, line, &blank);
            }
        }
        self.blank(table.lines(), &given, &blank);
        self.not_filled(entry, table, &not_filled);
        let grid = Grid::complete(given, table, entry.key_span);
        if let Err(span) = grid {
            let message = format!("合计超过 {MAX_COUNT}");
            let finding = Diagnostic::new(rules::INVALID_VALUE, span, message);
            self.push(finding.hint("核对各栏数值，多半有一格多写了位数"));
        }
        grid.ok()
    }

    /// The one finding about the values of a table that nobody has given.
    fn not_filled(&mut self, entry: &Entry, table: &Table, rows: &[NotFilled]) {
        let Some((first, others)) = rows.split_first() else {
            return;
        };
        let count = rows.len();
        let named: Vec<_> = rows.iter().take(MOST_NAMED).map(NotFilled::named).collect();
        let more = if count > MOST_NAMED { "等" } else { "" };
        let named = format!("{}{more}", named.join("、"));
        // Sums may be left out, and then nobody has to fill them in.
        let needed = table.lines().iter().filter(|line| line.parts.is_none());
        let message = match needed.count() {
            all if all == count && count > 1 => format!("的 {all} 行都没有填写"),
            _ => format!("还有待填的数：{named}"),
        };
        let message = Said::naming(self.called(entry), |name| format!("“{name}”{message}"));
        let said = |row: &NotFilled| format!("{}，待填", row.named());
        let finding = Diagnostic::new(rules::NOT_FILLED, first.span, message).labelled(said(first));
        let others = others.iter().take(MOST_NAMED - 1);
        let finding = others.fold(finding, |found, row| found.also(row.span, said(row)));
        let is_value = |row: &NotFilled| !row.columns.is_empty() || row.line.columns.len() == 1;
        let whole = rows.iter().find(|row| !is_value(row));
        let finding = if rows.iter().any(is_value) {
            let hint = "换成数值；没有发生的写 0，没有统计的留空，不适用的写 \"/\"";
            finding.hint(without_quotes(hint))
        } else {
            finding
        };
        self.push(match whole {
            Some(row) => finding.hint(Said::new(
                format!("整行的，{}", ways(row.line)),
                "整行的，逐格填写",
            )),
            None => finding,
        });
    }

    fn missing(&mut self, names: &[&Name], what: &str, entry: &Entry, hint: Said) {
        if names.is_empty() {
            return;
        }
        let [keys, titles] = listed(names, "、");
        let list = Called {
            key: &keys,
            title: &titles,
        };
        let (called, count) = (self.called(entry), names.len());
        let message = Said::worded(|wording| {
            let (name, list) = (wording.of(called), wording.of(list));
            format!("“{name}”缺少 {count} {what}：{list}")
        });
        self.push(Diagnostic::new(rules::MISSING_CELL, entry.key_span, message).hint(hint));
    }

    /// The cells of a line; `None` for those that were left out.
    fn line(&mut self, entry: &Entry, line: &Line) -> Vec<Option<Cell>> {
        let columns = line.columns.as_slice();
        match (&entry.value.kind, columns) {
            (NodeKind::Mapping(entries), _) if !is_cell(entries) => {
                self.map_line(entry, entries, line)
            }
            (_, [column]) => vec![Some(self.cell(&entry.value, column))],
            (NodeKind::Sequence(items), _) if items.len() == columns.len() => {
                let pairs = items.iter().zip(columns);
                pairs
                    .map(|(item, column)| Some(self.cell(item, column)))
                    .collect()
            }
            (NodeKind::Scalar(scalar), _) if scalar.text == "0" => columns
                .iter()
                .map(|column| Some(zero(column, entry.value.span)))
                .collect(),
            _ => {
                let span = entry.value.span;
                if is_open(&entry.value) {
                    self.not_filled.push((span, None));
                } else {
                    self.wrong_line(entry, line);
                }
                vec![Some(Cell::unknown(span)); columns.len()]
            }
        }
    }

    fn map_line(&mut self, entry: &Entry, entries: &[Entry], line: &Line) -> Vec<Option<Cell>> {
        let names = line.columns.iter().map(|column| column.name.clone());
        let fields = self.fields_under(entry, entries, names.collect());
        let missing = line
            .columns
            .iter()
            .filter(|column| column.parts.is_none())
            .filter(|column| fields.lacks(&column.name.key))
            .map(|column| &column.name);
        let hint = without_quotes("没有发生的写 0，没有统计的留空，不适用的写 \"/\"");
        self.missing(&missing.collect::<Vec<_>>(), "栏", entry, hint);
        let cell = |column: &Column| Some(self.cell(&fields.key(&column.name.key)?.value, column));
        line.columns.iter().map(cell).collect()
    }

    /// The cell of a written value; of one that is invalid, the value is not known.
    fn cell(&mut self, node: &Node, column: &Column) -> Cell {
        let span = node.span;
        let cell = |value| Cell {
            value,
            note: None,
            span,
        };
        match &node.kind {
            _ if node.is_blank() => cell(Value::Blank),
            _ if is_open(node) => {
                self.not_filled.push((span, Some(column.name.term.clone())));
                cell(Value::Unknown)
            }
            NodeKind::Scalar(scalar) => match Value::parse(scalar.text.trim(), &column.measure) {
                Ok(value) => cell(value),
                Err((message, hint)) => {
                    let mut finding = Diagnostic::new(rules::INVALID_VALUE, span, message)
                        .labelled(column.name.label.clone());
                    finding.hints.extend(hint);
                    self.push(finding);
                    cell(Value::Unknown)
                }
            },
            NodeKind::Mapping(entries) => {
                let names = vec![field::VALUE.name(), field::NOTE.name()];
                let fields = self.fields(entries, names, here("带说明的数值"));
                let Some(value) = fields.get(field::VALUE) else {
                    let hint = Said::new("写作 {value: 数值, note: 说明}", "有说明的也要填数值");
                    let finding =
                        Diagnostic::new(rules::MISSING_FIELD, span, lacking(&[field::VALUE]));
                    self.push(finding.hint(hint));
                    return cell(Value::Unknown);
                };
                let note = fields.given(field::NOTE);
                let note = note.and_then(|entry| self.line_of_text(entry, field::NOTE));
                let cell = match &value.value.kind {
                    NodeKind::Scalar(_) => self.cell(&value.value, column),
                    _ => self.wrong_cell(value.value.span, column),
                };
                Cell { note, ..cell }
            }
            NodeKind::Sequence(_) => self.wrong_cell(span, column),
        }
    }

    fn wrong_cell(&mut self, span: Span, column: &Column) -> Cell {
        let message = Said::new("此处应为一个数值，不是列表或映射", "此处应为一个数值");
        let finding = Diagnostic::new(rules::INVALID_VALUE, span, message);
        self.push(finding.labelled(column.name.label.clone()));
        Cell::unknown(span)
    }

    /// The finding about marks of full width in what should be a list.
    fn slipped_list(&self, value: &Node) -> Option<Diagnostic> {
        let Span { start, end } = value.span;
        let listed = slips::in_list(self.source.get(start..end)?)?;
        let span = Span::new(start + listed.place.start, start + listed.place.end);
        let message = Said::new(listed.said, NOT_READ);
        Some(Diagnostic::new(rules::INVALID_VALUE, span, message))
    }

    fn wrong_line(&mut self, entry: &Entry, line: &Line) {
        let count = line.columns.len();
        let message = match &entry.value.kind {
            NodeKind::Sequence(items) => format!("应有 {count} 个值，写了 {} 个", items.len()),
            _ if entry.value.is_blank() => format!("有 {count} 栏，都没有填写"),
            _ => format!("有 {count} 栏，一个值不能代表各栏"),
        };
        let message = Said::naming(self.called(entry), |name| format!("“{name}”{message}"));
        let finding = self.slipped_list(&entry.value).unwrap_or_else(|| {
            Diagnostic::new(rules::INVALID_VALUE, entry.value.span, message)
                .labelled(line.name.label.clone())
        });
        let Span { start, end } = entry.value.span;
        let values = self.source.get(start..end).and_then(slips::values);
        self.push(match values.filter(|values| values.len() == count) {
            Some(values) => {
                let hint = format!("写作 {}: [{}]", entry.key, values.join(", "));
                finding.hint(Said::new(hint, TO_FILL_IN))
            }
            None if line.columns.iter().any(|column| column.parts.is_some()) => finding
                .hint(Said::new(ways(line), EACH_CELL))
                .hint(Said::new("只想省略总计时，改用“栏名: 数值”的写法", "")),
            None => finding.hint(Said::new(ways(line), EACH_CELL)),
        });
    }

    /// Adds a finding for each column that is blank throughout, or nearly.
    fn blank(&mut self, lines: &[Line], given: &Given, blank: &[&str]) {
        for key in blank {
            let of_column = given.iter().zip(lines).filter_map(|(cells, line)| {
                let j = line
                    .columns
                    .iter()
                    .position(|column| column.name.key == *key)?;
                Some((cells.as_ref()?[j].as_ref()?, &line.columns[j].name.label))
            });
            let cells: Vec<(&Cell, &String)> = of_column.collect();
            let mut empty = cells.iter().filter(|(cell, _)| cell.value == Value::Blank);
            let Some((cell, label)) = empty.next() else {
                continue;
            };
            let message = match (cells.len(), empty.count() + 1) {
                (all, count) if all == count => {
                    format!("“{label}”一栏 {all} 行都没有填写，合计时按 0 计算")
                }
                (all, count) => {
                    format!("“{label}”一栏 {all} 行中有 {count} 行没有填写，合计时按 0 计算")
                }
            };
            self.push(
                Diagnostic::new(rules::BLANK_CELL, cell.span, message)
                    .labelled(label.as_str())
                    .hint(without_quotes("没有发生的写 0，不适用的写 \"/\"")),
            );
        }
    }

    /// Adds findings about blanks, signs and unclear units: they are allowed, but a reader of the report will
    /// ask about them.
    fn remark(&mut self, cells: &[Option<Cell>], line: &Line, blank: &[&str]) {
        type Test = fn(&Value) -> bool;
        let kinds: [(Rule, Test, &str, &str); 4] = [
            (
                rules::BLANK_CELL,
                |value| *value == Value::Blank,
                "没有填写",
                "没有发生的写 0，不适用的写 \"/\"",
            ),
            (
                rules::NOT_APPLICABLE,
                |value| matches!(value, Value::NotApplicable(_)),
                "标为不适用",
                "没有发生的写 0",
            ),
            (
                rules::UNCLEAR_UNIT,
                |value| matches!(value, Value::AmountWithUnit { factor: None, .. }),
                "没有写单位，或不是通用的单位",
                "照公布的原文写的，保留；否则写明单位，如 251000元、25.1万元",
            ),
            (
                rules::UNSIGNED_CHANGE,
                |value| matches!(value, Value::Change(written) if value.whole() > 0 && !written.starts_with('+')),
                "增减没有写正负号",
                "照公布的原文写的，保留；否则增加写 +5，减少写 -5",
            ),
        ];
        for (rule, test, message, hint) in kinds {
            let mut found: Vec<(Span, &str)> = Vec::new();
            for (cell, column) in cells.iter().zip(&line.columns) {
                let known = rule == rules::BLANK_CELL && blank.contains(&column.name.key.as_str());
                let cell = cell.as_ref().filter(|cell| test(&cell.value) && !known);
                if let Some(cell) = cell {
                    found.push((cell.span, &column.name.label));
                }
            }
            let Some(((span, label), others)) = found.split_first() else {
                continue;
            };
            let row = &line.name.term;
            let counts = matches!(rule, rules::BLANK_CELL | rules::NOT_APPLICABLE);
            let sums = if counts {
                "，合计时按 0 计算"
            } else {
                ""
            };
            let message = if line.columns.len() == 1 {
                format!("“{row}”{message}{sums}")
            } else {
                let columns: Vec<&str> = found.iter().map(|(_, column)| *column).collect();
                format!("“{row}”的{}{message}{sums}", columns.join("、"))
            };
            let first = Diagnostic::new(rule, *span, message)
                .labelled(*label)
                .hint(without_quotes(hint));
            let finding = others
                .iter()
                .fold(first, |d, (span, label)| d.also(*span, *label));
            self.push(finding);
        }
    }
}

/// The fewest lines of a column that is spoken of as a whole.
const FEWEST: usize = 4;
/// The share of blank lines, in fifths, from which a column counts as not filled in.
const MOSTLY: usize = 4;

/// The keys of the columns that are blank in every line that has them, or nearly.
fn blank_columns<'a>(lines: &'a [Line], given: &Given) -> Vec<&'a str> {
    // Of each column its key, the lines that give it and those in which it is blank.
    let mut counts: Vec<(&str, usize, usize)> = Vec::new();
    for (cells, line) in given.iter().zip(lines) {
        for (j, column) in line.columns.iter().enumerate() {
            // What was left out is computed; it says nothing of its column.
            let Some(cell) = cells.as_ref().and_then(|cells| cells[j].as_ref()) else {
                continue;
            };
            let key = column.name.key.as_str();
            let blank = usize::from(cell.value == Value::Blank);
            match counts.iter_mut().find(|count| count.0 == key) {
                Some(count) => {
                    count.1 += 1;
                    count.2 += blank;
                }
                None => counts.push((key, 1, blank)),
            }
        }
    }
    let mostly =
        |count: &(&str, usize, usize)| count.1 >= FEWEST && count.2 * 5 >= count.1 * MOSTLY;
    counts
        .into_iter()
        .filter(mostly)
        .map(|count| count.0)
        .collect()
}

/// A hint with values that only the file has to quote.
fn without_quotes(hint: &str) -> Said {
    Said::new(hint, hint.replace('"', ""))
}

/// Whether a value says that nobody has given it yet.
fn is_open(node: &Node) -> bool {
    matches!(&node.kind, NodeKind::Scalar(scalar) if is_not_filled(&scalar.text))
}

/// The ways to write a line of several columns.
fn ways(line: &Line) -> String {
    let columns: Vec<_> = line.columns.iter().map(|c| c.name.term.as_str()).collect();
    format!("依次写 [{}]；各栏都是 0 时写 0", columns.join(", "))
}

/// A row with values that nobody has given.
struct NotFilled<'t> {
    line: &'t Line,
    /// The place of the first.
    span: Span,
    /// The columns of the values, if there are several and it is not all of them.
    columns: Vec<String>,
}

impl<'t> NotFilled<'t> {
    fn new(line: &'t Line, open: Vec<(Span, Option<String>)>) -> Option<Self> {
        let span = open.first()?.0;
        let several = line.columns.len() > 1;
        let columns = open
            .into_iter()
            .filter_map(|(_, column)| column.filter(|_| several));
        Some(Self {
            line,
            span,
            columns: columns.collect(),
        })
    }

    fn named(&self) -> String {
        match self.columns.as_slice() {
            [] => self.line.name.term.clone(),
            columns => format!("{}（{}）", self.line.name.term, columns.join("、")),
        }
    }
}

/// The cell that a plain 0 stands for in a column.
fn zero(column: &Column, span: Span) -> Cell {
    Cell {
        value: Value::parse("0", &column.measure).unwrap_or(Value::Count(0)),
        note: None,
        span,
    }
}
