//! A table of a file held to a table of the form: which cell is which value.
//!
//! A row is found by the path of its labels and a column by that of its heads. Where labels of columns are lost, as many
//! values as the row has are taken in their order. What is ambiguous is left, and said to be left.

use std::collections::BTreeMap;

use super::block::SourceTable;
use super::columns::Columns;
use super::label::Likeness;
use super::outline::{Outline, Row};
use super::reading::Kind;
use super::rows::{Line, Reason, lines};
use super::sheet::Sheet;
use crate::form::{Form, Table};

/// What a table of a file gives for a table of the form.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Matching {
    /// The values with their cells, in the order of the form, each once.
    pub values: Vec<Matched>,
    /// The values of the form, as line and column, that no cell gives.
    pub missing: Vec<(usize, usize)>,
    /// What has values and was put nowhere.
    pub left: Vec<Left>,
}

/// A value of the form with the cell that gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matched {
    /// The line of the table.
    pub line: usize,
    /// The column of the line.
    pub column: usize,
    /// The cell of the source.
    pub cell: usize,
    /// How its row was found.
    pub row: Found,
    /// How its column was found.
    pub head: Found,
}

/// How a row or a column was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// By its label, as it is or after normalising; or there is but one.
    Read,
    /// By a label that is not quite that of the form: what stood there. It has to be said.
    Near(String),
    /// By its place among as many as the form has. It has to be said.
    Placed,
}

/// A row or a column of a source that was put nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// The label that stood there; empty if there was none.
    pub label: String,
    /// The cells with something in them.
    pub cells: Vec<usize>,
    /// Why it was left.
    pub reason: Reason,
}

impl Matching {
    /// Holds a table of a file to one of the form.
    #[must_use]
    pub fn of(source: &SourceTable, table: &Table) -> Self {
        let outline = Outline::of(table);
        let Some(sheet) = Sheet::of(source, &outline) else {
            return Self::default();
        };
        let is_list = table.list.is_some();
        let mut matcher = Matcher {
            lines: lines(&sheet, &outline, is_list),
            columns: BTreeMap::new(),
            found: Self::default(),
            is_list,
            sheet,
            outline,
        };
        matcher.run();
        let Self {
            mut values, left, ..
        } = matcher.found;
        values.sort_by_key(|value| (value.line, value.column));
        let all = table.lines().iter().enumerate();
        let all = all.flat_map(|(line, own)| (0..own.columns.len()).map(move |c| (line, c)));
        let given = |place: &(usize, usize)| {
            let key = |value: &Matched| (value.line, value.column);
            values.binary_search_by_key(place, key).is_ok()
        };
        let missing = all.filter(|place| !given(place)).collect();
        Self {
            values,
            missing,
            left,
        }
    }

    /// The table of the form that a table of a file is, with its edition and key: that to which most values go and
    /// of which least is left; of equal ones the first. `None` if nothing goes anywhere.
    pub fn best<'f>(
        source: &SourceTable,
        forms: impl IntoIterator<Item = &'f Form>,
    ) -> Option<(&'f Form, &'f str, Self)> {
        let mut best: Option<(&Form, &str, Self)> = None;
        for form in forms {
            for (key, table) in &form.tables {
                let found = Self::of(source, table);
                let weight = found.weight();
                let is_better = |(.., other): &(&Form, &str, Self)| other.weight() < weight;
                if weight.0 > 0 && best.as_ref().is_none_or(is_better) {
                    best = Some((form, key, found));
                }
            }
        }
        best
    }

    /// How well it fits: values less what is left, and how many of them were read by their labels.
    #[must_use]
    pub fn weight(&self) -> (i64, usize) {
        let left: usize = self.left.iter().map(|left| left.cells.len()).sum();
        let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let read = |value: &&Matched| value.row == Found::Read && value.head == Found::Read;
        let read = self.values.iter().filter(read).count();
        (number(self.values.len()) - number(left), read)
    }
}

struct Matcher<'s> {
    sheet: Sheet<'s>,
    outline: Outline,
    lines: Vec<Line>,
    /// What is known of columns, by the lowest of the head rows and the band.
    columns: BTreeMap<(usize, usize), Columns>,
    found: Matching,
    is_list: bool,
}

impl Matcher<'_> {
    fn run(&mut self) {
        if self.outline.is_bare() {
            self.bare();
            return;
        }
        let mut rows: BTreeMap<usize, Vec<(usize, usize, bool)>> = BTreeMap::new();
        for (at, line) in self.lines.iter().enumerate() {
            if let Line::Labelled {
                node,
                leaf,
                is_near,
            } = *line
                && let Some(row) = self.outline.row_of(node)
            {
                rows.entry(row).or_default().push((at, leaf, is_near));
            }
        }
        let mut left = Vec::new();
        for (row, mut found) in rows {
            // A row that has the label itself goes before one whose label is near to it.
            if found.iter().any(|(.., is_near)| !is_near) {
                let near: Vec<_> = found.extract_if(.., |(.., is_near)| *is_near).collect();
                left.extend(
                    near.into_iter()
                        .map(|(at, leaf, _)| (at, leaf, Reason::Unknown)),
                );
            }
            match found.as_slice() {
                [(at, leaf, _)] => self.labelled(row, *at, *leaf),
                many => left.extend(
                    many.iter()
                        .map(|(at, leaf, _)| (*at, *leaf, Reason::Repeated)),
                ),
            }
        }
        for (at, line) in self.lines.iter().enumerate() {
            match *line {
                Line::Unknown { leaf, reason } => left.push((at, leaf, reason)),
                // A label that only groups has no values; in a list it has signs for that.
                Line::Labelled { node, leaf, .. } if self.outline.row_of(node).is_none() => {
                    left.push((at, leaf, Reason::Misplaced));
                }
                _ => {}
            }
        }
        for (at, leaf, reason) in left {
            let mut cells = self.values_behind(at, Some(leaf));
            if reason == Reason::Misplaced {
                cells.retain(|cell| self.sheet.marks[*cell].kind == Kind::Number);
            }
            self.leave(self.label_of(leaf), cells, reason);
        }
        for (at, line) in self.lines.iter().enumerate() {
            if matches!(line, Line::Values) {
                let cells = self.sheet.row(at);
                let cells = cells
                    .into_iter()
                    .filter(|cell| self.is_value(*cell))
                    .collect();
                leave(&mut self.found, String::new(), cells, Reason::Unknown);
            }
        }
    }

    /// A table of columns alone: its values are the one row that has any.
    fn bare(&mut self) {
        let values = self.lines.iter().enumerate();
        let values = values.filter(|(_, line)| matches!(line, Line::Values | Line::Unknown { .. }));
        let mut rows: Vec<usize> = values.map(|(at, _)| at).collect();
        // Columns may be numbered between heads and values.
        if rows.len() > 1 && self.is_numbering(rows[0]) {
            rows.remove(0);
        }
        if rows.is_empty() {
            let heads = self
                .lines
                .iter()
                .rposition(|line| matches!(line, Line::Head));
            rows.extend(heads.map(|at| at + 1).filter(|at| *at < self.lines.len()));
        }
        match rows.as_slice() {
            [] => {}
            [row] => self.row(0, *row, None, &Found::Read),
            many => {
                for at in many.to_vec() {
                    let cells = self.sheet.row(at);
                    let cells = cells
                        .into_iter()
                        .filter(|cell| self.is_value(*cell))
                        .collect();
                    self.leave(String::new(), cells, Reason::Ambiguous);
                }
            }
        }
    }

    /// Whether the fields of a row count the columns.
    fn is_numbering(&self, row: usize) -> bool {
        let cells = self.sheet.row(row);
        let texts = cells.iter().map(|cell| self.sheet.cell(*cell).text.trim());
        cells.len() > 2 && texts.zip(1..).all(|(text, n)| text == n.to_string())
    }

    fn labelled(&mut self, row: usize, at: usize, leaf: usize) {
        let found = &self.sheet.marks[leaf];
        let meant = found.row;
        let node = self.outline.rows[row]
            .node
            .map(|node| &self.outline.stubs[node]);
        let likeness = node
            .zip(meant)
            .map(|(node, meant)| node.label.likeness(&found.label, meant.distance));
        // A short word says little without the labels that it stands below, or its ordinal.
        let is_alone = found.label.bare.chars().count() < 3 && {
            let above = self
                .sheet
                .row(at)
                .into_iter()
                .take_while(|cell| *cell != leaf);
            !above
                .into_iter()
                .any(|cell| self.sheet.marks[cell].row.is_some())
        };
        let lost = node.is_some_and(|node| node.label.ordinal != found.label.ordinal);
        let how = match likeness {
            Some(Likeness::Near(_)) => Found::Near(found.label.written.clone()),
            _ if is_alone && lost => Found::Near(found.label.written.clone()),
            _ => Found::Read,
        };
        self.row(row, at, Some(leaf), &how);
    }

    /// Takes the values of a row of the form from a row of the file.
    fn row(&mut self, row: usize, at: usize, leaf: Option<usize>, how: &Found) {
        let Row {
            band,
            first,
            values,
            node,
        } = &self.outline.rows[row];
        let (band, first, values) = (*band, *first, values.clone());
        let x = node.map(|node| self.outline.stubs[node].x);
        let heads = self.heads_above(at);
        if let Some(heads) = &heads
            && let Some(lowest) = heads.last()
        {
            let known = &self.outline.bands[band];
            let (sheet, outline) = (&self.sheet, &self.outline);
            self.columns
                .entry((*lowest, band))
                .or_insert_with(|| Columns::of(sheet, outline, heads, known));
        }
        let columns = heads
            .as_ref()
            .and_then(|heads| self.columns.get(&(*heads.last()?, band)));
        let mut given: Vec<(usize, usize, Found)> = Vec::new();
        let mut unheaded = Vec::new();
        let is_below = columns.is_some_and(|columns| {
            columns.are_above(&self.sheet, at) && self.begins(at, leaf, x, columns.first())
        });
        match columns {
            Some(columns) if is_below => {
                for cell in self.behind(at, leaf) {
                    match self.headed(columns, at, cell) {
                        Some(column) => {
                            let head = columns.heads[column];
                            given.push((column, cell, self.how_headed(band, column, head)));
                        }
                        None if self.is_value(cell) => unheaded.push(cell),
                        None => {}
                    }
                }
            }
            _ => {
                let is_free = match (&heads, columns) {
                    (Some(_), Some(columns)) => columns.is_whole,
                    (Some(heads), None) => heads.is_empty(),
                    (None, _) => false,
                };
                // In front of the values there may be as many blanks as the label has lost of its span.
                let lost = x.map_or(0, |x| first.saturating_sub(x + 1));
                let cells =
                    self.counted(at, leaf, values.len(), if self.is_list { 0 } else { lost });
                match cells.filter(|_| is_free) {
                    Some(cells) => {
                        let placed = cells.into_iter().enumerate();
                        given.extend(placed.map(|(i, cell)| (i, cell, Found::Placed)));
                    }
                    None => unheaded = self.values_behind(at, leaf),
                }
            }
        }
        // Of two cells for one value, one that is blank gives none, and one that says the same is the same.
        let mut by_column: BTreeMap<usize, Vec<(usize, Found)>> = BTreeMap::new();
        for (column, cell, head) in given {
            by_column.entry(column).or_default().push((cell, head));
        }
        let mut twice = Vec::new();
        for (column, mut cells) in by_column {
            if cells.len() > 1 {
                cells.retain(|(cell, _)| !self.sheet.is_blank(*cell));
                cells.dedup_by_key(|(cell, _)| self.label_of(*cell));
            }
            match cells.as_slice() {
                [] => {}
                [(cell, head)] => {
                    let (line, column) = values[column];
                    let (row, head) = (how.clone(), head.clone());
                    let cell = *cell;
                    self.found.values.push(Matched {
                        line,
                        column,
                        cell,
                        row,
                        head,
                    });
                }
                _ => twice.extend(cells.into_iter().map(|(cell, _)| cell)),
            }
        }
        let label = leaf.map_or_else(String::new, |leaf| self.label_of(leaf));
        self.leave(label.clone(), unheaded, Reason::Ambiguous);
        self.leave(label, twice, Reason::Repeated);
    }

    /// Whether the values of a row begin where the heads have them: right behind its label, or behind the blanks that
    /// the label has lost of its span.
    fn begins(
        &self,
        at: usize,
        leaf: Option<usize>,
        x: Option<usize>,
        first: Option<usize>,
    ) -> bool {
        let (Some(leaf), Some(first)) = (leaf, first) else {
            return first.is_some();
        };
        let cell = self.sheet.cell(leaf);
        let end = cell.column + cell.colspan;
        let between = (end..first).filter_map(|c| self.sheet.at(at, c));
        let between: Vec<usize> = between.collect();
        end == first
            || end < first && self.is_list && between.len() == 1
            || end < first
                && x == Some(cell.column)
                && between.iter().all(|cell| self.sheet.is_blank(*cell))
    }

    /// The column that a field stands in, if it stands in one alone and in one row.
    fn headed(&self, columns: &Columns, at: usize, cell: usize) -> Option<usize> {
        let own = self.sheet.cell(cell);
        if own.row != at || own.rowspan != 1 {
            return None;
        }
        let fields = own.column..own.column + own.colspan;
        let mut found = fields.filter_map(|c| columns.of.get(&c));
        let first = found.next()?;
        found.all(|other| other == first).then_some(*first)
    }

    fn how_headed(&self, band: usize, column: usize, head: Option<usize>) -> Found {
        let node = self.outline.bands[band][column].last();
        let own = node.map(|node| &self.outline.heads[*node].label);
        let found = head.map(|head| &self.sheet.marks[head]);
        let distance = found
            .and_then(|found| found.column)
            .map_or(0, |meant| meant.distance);
        match (own, found) {
            (Some(own), Some(found)) => match own.likeness(&found.label, distance) {
                Likeness::Near(_) => Found::Near(found.label.written.clone()),
                Likeness::Exact | Likeness::Normalised => Found::Read,
            },
            _ => Found::Read,
        }
    }

    /// The head rows that a row stands below, from the top; none if the table begins without. `None` if there are
    /// heads of other columns between.
    fn heads_above(&self, at: usize) -> Option<Vec<usize>> {
        let mut heads = Vec::new();
        for row in (0..at).rev() {
            match self.lines[row] {
                Line::Head => heads.push(row),
                Line::Other { is_blank: true } => {}
                _ if !heads.is_empty() => break,
                Line::Foreign => return None,
                _ => {}
            }
        }
        heads.reverse();
        Some(heads)
    }

    /// As many fields as a row of the form has, if a row has so many behind its label; `lost` is how many blanks may
    /// stand in front of them that are none of them.
    fn counted(
        &self,
        at: usize,
        leaf: Option<usize>,
        count: usize,
        lost: usize,
    ) -> Option<Vec<usize>> {
        let mut cells = self.behind(at, leaf);
        let is_blank = |cell: &usize| self.sheet.is_blank(*cell);
        if leaf.is_none() {
            let words = cells
                .iter()
                .take_while(|cell| self.sheet.is_words(**cell))
                .count();
            cells.drain(..words);
        }
        let is_padded = lost > 0
            && cells.len() == count + lost
            && cells[..lost].iter().all(is_blank)
            && !cells.last().is_none_or(is_blank);
        if is_padded {
            cells.drain(..lost);
        }
        let is_longer = cells.len() > count;
        while cells.len() > count && cells.last().is_some_and(is_blank) {
            cells.pop();
        }
        let all_blank = cells.iter().all(is_blank);
        let leading = cells.iter().take_while(|cell| is_blank(cell)).count();
        let is_shifted =
            !is_padded && (is_longer && leading > 0 || lost > 0 && leading >= lost) && !all_blank;
        let own =
            |cell: &usize| self.sheet.cell(*cell).row == at && self.sheet.cell(*cell).rowspan == 1;
        (cells.len() == count && !is_shifted && cells.iter().all(own)).then_some(cells)
    }

    /// The fields behind the label of a row, and behind its unit in a list.
    fn behind(&self, at: usize, leaf: Option<usize>) -> Vec<usize> {
        let cells = self.sheet.row(at);
        let Some(leaf) = leaf else {
            return cells;
        };
        let start = cells
            .iter()
            .position(|cell| *cell == leaf)
            .map_or(0, |i| i + 1);
        let is_unit = |cell: &usize| self.is_list && self.sheet.marks[*cell].is_unit;
        let units = cells[start..]
            .iter()
            .take(1)
            .filter(|cell| is_unit(cell))
            .count();
        cells[start + units..].to_vec()
    }

    fn values_behind(&self, at: usize, leaf: Option<usize>) -> Vec<usize> {
        let mut cells = self.behind(at, leaf);
        cells.retain(|cell| self.is_value(*cell));
        cells
    }

    fn is_value(&self, cell: usize) -> bool {
        matches!(self.sheet.marks[cell].kind, Kind::Number | Kind::Sign)
    }

    fn label_of(&self, cell: usize) -> String {
        self.sheet.marks[cell].label.written.clone()
    }

    fn leave(&mut self, label: String, cells: Vec<usize>, reason: Reason) {
        leave(&mut self.found, label, cells, reason);
    }
}

fn leave(found: &mut Matching, label: String, cells: Vec<usize>, reason: Reason) {
    if !cells.is_empty() {
        found.left.push(Left {
            label,
            cells,
            reason,
        });
    }
}
