//! The values of the tables of the form.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::items::{Content, Item};
use super::state::Recogniser;
use super::words::titled;
use crate::authoring::{FieldRef, RawCell};
use crate::form::{Body, Editions, Form, Table};
use crate::import::block::{Flag, Place, SourceCell, SourceTable};
use crate::import::finding::{Finding, FindingKind, shown};
use crate::import::matcher::{Found, Matched, Matching};
use crate::import::reading::Reading;
use crate::report::NOT_FILLED;

/// The fewest values of a table that is taken for one of the form by less than all its labels.
const FEWEST: usize = 5;

/// The tables of a form by key, each with the items that give its values.
pub(super) type Bound = BTreeMap<String, Vec<usize>>;

/// The edition that fits a file best, and which of its tables are which of the form's: that which is asked for, or
/// that of the year, or any other if it has more. `None` if nothing fits.
pub(super) fn chosen(
    items: &[Item],
    editions: &Editions,
    edition: Option<&str>,
    year: Option<u16>,
) -> Option<(Arc<Form>, Bound)> {
    let named = edition.and_then(|edition| editions.named(edition));
    let of_year = year.and_then(|year| editions.for_year(year));
    let others = editions.all().iter().rev();
    let forms: Vec<&Arc<Form>> = match named {
        Some(form) => vec![form],
        None => of_year.into_iter().chain(others).collect(),
    };
    let mut best: Option<(i64, &Arc<Form>, Bound)> = None;
    for form in forms {
        let (weight, bound) = bound_in(items, form);
        if best.as_ref().is_none_or(|(other, ..)| *other < weight) {
            best = Some((weight, form, bound));
        }
    }
    let (weight, form, bound) = best?;
    if weight > 0 || named.is_some() {
        return Some((form.clone(), bound));
    }
    // Without a table of any form, titles alone make a report of the edition of its year.
    let form = of_year?;
    let is_title = |item: &Item| titled(item.text(), form).is_some();
    let takes_any = form
        .sections
        .iter()
        .any(|section| section.body == Body::Titled);
    (takes_any || items.iter().filter(|item| is_title(item)).count() > 2)
        .then(|| (form.clone(), Bound::new()))
}

/// How well the tables of a file fit a form, and which is which.
fn bound_in(items: &[Item], form: &Form) -> (i64, Bound) {
    let mut bound = Bound::new();
    let mut all = 0;
    for (at, item) in items.iter().enumerate() {
        let Content::Table(source) = &item.content else {
            continue;
        };
        let best = form.tables.iter().filter_map(|(key, table)| {
            let matching = Matching::of(source, table);
            is_likely(&matching, table).then(|| (weight(&matching), key))
        });
        if let Some((weight, key)) = best.max_by_key(|(weight, _)| *weight) {
            all += weight;
            bound.entry(key.clone()).or_default().push(at);
        }
    }
    (all, bound)
}

/// Whether a table is that of the form, or a piece of it.
fn is_likely(matching: &Matching, table: &Table) -> bool {
    let read = |value: &Matched| value.row == Found::Read && value.head == Found::Read;
    let whole: usize = table.lines().iter().map(|line| line.columns.len()).sum();
    let count = matching.values.len();
    let exact = matching.left.is_empty() && matching.values.iter().all(read);
    count > 0 && weight(matching) > 0 && (exact || count >= FEWEST || count == whole)
}

/// The values that go somewhere, less those that do not.
fn weight(matching: &Matching) -> i64 {
    let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let left: usize = matching.left.iter().map(|left| left.cells.len()).sum();
    number(matching.values.len()) - number(left)
}

/// A cell that gives a value, with how it was found.
struct Given<'a> {
    cell: &'a SourceCell,
    matched: Matched,
}

impl Recogniser<'_> {
    /// Reads the values of all tables of the form.
    pub(super) fn tables(&mut self) {
        let form = self.form;
        for (key, table) in &form.tables {
            let sources = self.bound.get(key).cloned().unwrap_or_default();
            self.table(key, table, &sources);
        }
    }

    fn table(&mut self, key: &str, table: &Table, sources: &[usize]) {
        let items = self.items;
        let mut given: BTreeMap<(usize, usize), Vec<Given>> = BTreeMap::new();
        for at in sources {
            let Content::Table(source) = &items[*at].content else {
                continue;
            };
            let Matching { values, left, .. } = Matching::of(source, table);
            for matched in values {
                let cell = &source.cells[matched.cell];
                let place = (matched.line, matched.column);
                given
                    .entry(place)
                    .or_default()
                    .push(Given { cell, matched });
            }
            for left in left {
                let cells: Vec<&SourceCell> =
                    left.cells.iter().map(|at| &source.cells[*at]).collect();
                let texts: Vec<&str> = cells.iter().map(|cell| cell.text.trim()).collect();
                let message = format!(
                    "{}{}，值 {} 没有放入",
                    shown(&left.label),
                    left.reason.said(),
                    texts.join("、")
                );
                self.findings.push(Finding {
                    kind: FindingKind::NotRecognised,
                    message,
                    place: cells
                        .first()
                        .map_or_else(|| source.place.clone(), |cell| cell.place.clone()),
                    field: Some(cell_field(key, None, None)),
                });
            }
        }
        if sources.is_empty() {
            self.findings.push(Finding {
                kind: FindingKind::NotRecognised,
                message: "文件里没有这张表".to_owned(),
                place: Place::Whole,
                field: Some(cell_field(key, None, None)),
            });
        }
        let mut lines = Vec::new();
        for (line, declared) in table.lines().iter().enumerate() {
            let row = declared.name.key.as_str();
            let mut cells = Vec::new();
            let mut lost = Vec::new();
            for (column, own) in declared.columns.iter().enumerate() {
                let field = cell_field(key, Some(row), Some(&own.name.key));
                let found = given.remove(&(line, column)).unwrap_or_default();
                self.counts.cells += 1;
                cells.push(Some(match found.as_slice() {
                    [] => {
                        lost.push(own.name.label.as_str());
                        self.counts.unknown += 1;
                        RawCell::new(NOT_FILLED[0])
                    }
                    [one] => self.cell(one, &own.measure, &field),
                    many => self.one_of(many, &own.measure, field),
                }));
            }
            if !lost.is_empty() && !sources.is_empty() {
                let which = if lost.len() == declared.columns.len() {
                    "整行".to_owned()
                } else {
                    lost.join("、")
                };
                let label = shown(&declared.name.label);
                self.findings.push(Finding {
                    kind: FindingKind::NotRecognised,
                    message: format!("{label}：{which}"),
                    place: items[sources[0]].place.clone(),
                    field: Some(cell_field(key, Some(row), None)),
                });
            }
            lines.push(Some(cells));
        }
        self.report.tables.insert(key.to_owned(), lines);
    }

    /// Of several cells for one value, that which all agree on; else none.
    fn one_of(
        &mut self,
        many: &[Given],
        measure: &crate::form::Measure,
        field: FieldRef,
    ) -> RawCell {
        let filled = many
            .iter()
            .filter(|given| !given.cell.text.trim().is_empty());
        let filled: Vec<&Given> = filled.collect();
        let first = filled.first().or(many.first().as_ref()).copied();
        let same =
            |given: &&Given| Some(given.cell.text.trim()) == first.map(|f| f.cell.text.trim());
        match first {
            Some(first) if filled.iter().all(same) => self.cell(first, measure, &field),
            _ => {
                let texts: Vec<&str> = filled.iter().map(|given| given.cell.text.trim()).collect();
                let message = format!("有几个值：{}，没有取", texts.join("、"));
                let place = first
                    .map(|first| first.cell.place.clone())
                    .unwrap_or_default();
                self.counts.unknown += 1;
                self.findings.push(Finding {
                    kind: FindingKind::NotRecognised,
                    message,
                    place,
                    field: Some(field),
                });
                RawCell::new(NOT_FILLED[0])
            }
        }
    }

    fn cell(&mut self, given: &Given, measure: &crate::form::Measure, field: &FieldRef) -> RawCell {
        let cell = given.cell;
        let text = cell.text.trim();
        let mut say = |kind, message| {
            self.findings.push(Finding {
                kind,
                message,
                place: cell.place.clone(),
                field: Some(field.clone()),
            });
        };
        let reading = Reading::of(text, measure);
        let Some(value) = reading.value else {
            say(
                FindingKind::NotRecognised,
                format!("{}不是这一格的值", shown(text)),
            );
            self.counts.unknown += 1;
            return RawCell::new(NOT_FILLED[0]);
        };
        let mut is_noted = false;
        for (found, of) in [(&given.matched.row, "行名"), (&given.matched.head, "栏名")] {
            let message = match found {
                Found::Read => continue,
                Found::Near(label) => format!("{of}{}与格式不同，按相近的一项读", shown(label)),
                Found::Placed => format!("{of}没有写，按次序读"),
            };
            is_noted = true;
            say(FindingKind::Assumed, message);
        }
        if !reading.changes.is_empty() {
            is_noted = true;
            let said: Vec<&str> = reading.changes.iter().map(|change| change.said()).collect();
            say(
                FindingKind::Normalised,
                format!("原文{}，{}", shown(text), said.join("，")),
            );
        }
        for flag in &cell.flags {
            is_noted = true;
            let (kind, message) = said(*flag);
            say(kind, message.to_owned());
        }
        if is_noted {
            self.counts.noted += 1;
        } else {
            self.counts.read += 1;
        }
        RawCell {
            value,
            note: reading.note.unwrap_or_default(),
        }
    }
}

/// What a flag of a cell says.
pub(super) fn said(flag: Flag) -> (FindingKind, &'static str) {
    match flag {
        Flag::Deleted => (FindingKind::LeftOut, "修订中删除的文字没有读"),
        Flag::Hidden => (FindingKind::LeftOut, "隐藏的文字没有读"),
        Flag::Boxed => (FindingKind::Assumed, "文字在文本框里"),
        Flag::Covered => (FindingKind::Assumed, "文字在合并单元格盖住的格里"),
        Flag::Unnumbered => (FindingKind::LeftOut, "自动编号的样式不认识，编号没有读"),
        Flag::Unmapped => (FindingKind::NotRecognised, "有认不出的字符"),
        Flag::Joined => (FindingKind::Assumed, "分在两行的数字接成一个"),
        Flag::Overflowing => (FindingKind::Assumed, "文字超出格线"),
        Flag::Computed => (FindingKind::Assumed, "是公式上次算出的值"),
        Flag::Formatted => (FindingKind::Assumed, "显示的样子与存的数不同，按存的数读"),
        Flag::Concealed => (FindingKind::Assumed, "在隐藏的行、列或工作表里"),
        Flag::Replaced => (FindingKind::Normalised, "字形相同的部首等换成了普通汉字"),
        Flag::Layered => (FindingKind::Assumed, "是扫描件上由软件识别的文字"),
        Flag::Irregular => (FindingKind::Assumed, "合并单元格不完整，位置按推断"),
    }
}

/// A value of a table, a row of it, or the table.
fn cell_field(table: &str, row: Option<&str>, column: Option<&str>) -> FieldRef {
    FieldRef::Cell {
        table: table.to_owned(),
        row: row.map(str::to_owned),
        column: column.map(str::to_owned),
    }
}

/// Whether a table of a file is blank.
pub(super) fn is_blank(table: &SourceTable) -> bool {
    table.cells.iter().all(|cell| cell.text.trim().is_empty())
}
