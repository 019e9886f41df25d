//! A transcript of a form: its titles and tables, cell by cell as they look, made from the decree and not
//! from the declaration, so that the two can be compared.

use super::{CellOutline, Form, Table};

/// A form as the decree prints it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Transcript {
    /// The titles of the sections.
    pub titles: Vec<String>,
    /// The tables in the order of print.
    pub tables: Vec<TranscriptTable>,
}

/// A table as the decree prints it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TranscriptTable {
    /// Its key.
    pub key: String,
    /// The number of rows.
    pub rows: usize,
    /// The number of columns.
    pub columns: usize,
    /// The number of values.
    pub values: usize,
    /// Its cells in reading order.
    pub cells: Vec<TranscriptCell>,
}

/// A cell of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TranscriptCell {
    /// The line of the transcript, from 1.
    pub line: usize,
    /// The row of the table, from 0.
    pub row: usize,
    /// The label; `None` for a value.
    pub label: Option<String>,
    /// The number of rows that it spans.
    pub rowspan: usize,
    /// The number of columns that it spans.
    pub colspan: usize,
}

/// A difference, and the line of the transcript, from 1, if it is about one.
pub type Difference = (Option<usize>, String);

/// The mark of a value.
const VALUE: &str = "#";

impl Transcript {
    /// Reads a transcript, as `layouts/README.md` describes it.
    ///
    /// # Errors
    /// The first invalid line.
    pub fn parse(text: &str) -> Result<Self, Difference> {
        let mut found = Self::default();
        for (line, content) in text.lines().enumerate() {
            let line = line + 1;
            let fault = |what: &str| (Some(line), what.to_owned());
            // A row may begin with a value.
            let row = content.contains(" | ") || content.starts_with("# [");
            let comment = content.starts_with("# ") && !row;
            if content.is_empty() || comment {
                continue;
            }
            if let Some(head) = content.strip_prefix("== ") {
                let table = table(head).ok_or_else(|| {
                    fault("应为 == 表 行×列, 个数 values，如 == requests 28×10, 175 values")
                })?;
                found.tables.push(table);
            } else if let Some(title) = content.strip_prefix("= ") {
                found.titles.push(title.to_owned());
            } else {
                let table = found
                    .tables
                    .last_mut()
                    .ok_or_else(|| fault("在“== 表 行×列, 个数 values”之后才是行；注释以“# ”起"))?;
                let row = table.cells.last().map_or(0, |cell| cell.row + 1);
                for part in content.split(" | ") {
                    let cell = cell(part, line, row)
                        .ok_or_else(|| fault("格写作 文字 [2×1]，格与格之间用“ | ”隔开"))?;
                    table.cells.push(cell);
                }
            }
        }
        Ok(found)
    }

    /// The differences of a declaration: in its titles, its labels, and the number of its values.
    #[must_use]
    pub fn differences(&self, form: &Form) -> Vec<Difference> {
        let mut found = Vec::new();
        let titles: Vec<&str> = form.sections.iter().map(|s| s.title.as_str()).collect();
        if titles != self.titles {
            let (own, wanted) = (titles.join("、"), self.titles.join("、"));
            found.push((None, format!("各部分的标题是 {own}，誊录为 {wanted}")));
        }
        let sections = form.sections.iter();
        let drawn: Vec<&String> = sections.flat_map(|section| &section.tables).collect();
        let own: Vec<&String> = self.tables.iter().map(|table| &table.key).collect();
        let missing = drawn.iter().filter(|key| !own.contains(*key));
        found.extend(missing.map(|key| (None, format!("表 {key} 没有誊录"))));
        if found.is_empty() && drawn != own {
            found.push((None, "各表应按印出的次序，各誊录一次".to_owned()));
        }
        for wanted in &self.tables {
            match form.tables.get(&wanted.key) {
                Some(table) => found.extend(wanted.differences(table)),
                None => found.push((None, format!("誊录的表 {} 没有声明", wanted.key))),
            }
        }
        found
    }
}

impl TranscriptCell {
    /// Its place, spans and words.
    #[must_use]
    pub fn outline(&self) -> CellOutline<'_> {
        CellOutline {
            row: self.row,
            rowspan: self.rowspan,
            colspan: self.colspan,
            label: self.label.as_deref(),
        }
    }
}

impl TranscriptTable {
    fn differences(&self, table: &Table) -> Vec<Difference> {
        let Self { key, .. } = self;
        let mut found = Vec::new();
        let mut own: Vec<&str> = table.grid().labels().collect();
        for cell in &self.cells {
            let Some(label) = &cell.label else { continue };
            match own.iter().position(|known| known == label) {
                Some(at) => drop(own.swap_remove(at)),
                None => found.push((Some(cell.line), format!("{key}：格式中没有“{label}”"))),
            }
        }
        let more = own
            .iter()
            .map(|label| format!("{key}：“{label}”不在誊录中"));
        found.extend(more.map(|message| (None, message)));
        let values = table.lines().iter().map(|line| line.columns.len()).sum();
        let drawn = self
            .cells
            .iter()
            .filter(|cell| cell.label.is_none())
            .count();
        if [values, drawn] != [self.values; 2] {
            let wanted = self.values;
            let message =
                format!("{key}：填数的格 {values} 个，誊录 {drawn} 个，其表头写的是 {wanted}");
            found.push((None, message));
        }
        let areas = self.cells.iter().map(|cell| cell.rowspan * cell.colspan);
        let area: usize = areas.sum();
        if area != self.rows * self.columns {
            let Self { rows, columns, .. } = self;
            let wanted = rows * columns;
            let message =
                format!("{key}：誊录的格占 {area} 个位置，{rows}×{columns} 应占 {wanted}");
            found.push((None, message));
        }
        found
    }
}

/// Reads `key 28×10, 175 values`.
fn table(head: &str) -> Option<TranscriptTable> {
    let (key, rest) = head.split_once(' ')?;
    let (size, values) = rest.strip_suffix(" values")?.split_once(", ")?;
    let (rows, columns) = size.split_once('×')?;
    let count = |text: &str| text.parse().ok().filter(|n| (1..=MOST).contains(n));
    Some(TranscriptTable {
        key: key.to_owned(),
        rows: count(rows)?,
        columns: count(columns)?,
        values: values.parse().ok()?,
        cells: Vec::new(),
    })
}

/// The most rows or columns of a table.
const MOST: usize = 1_000;

/// Reads `label [2×1]`, or `label` for a cell of one row and column, or `[2×1]` for one without text.
fn cell(text: &str, line: usize, row: usize) -> Option<TranscriptCell> {
    let (label, span) = match text.strip_prefix('[') {
        Some(span) => ("", span),
        None => text.split_once(" [").unwrap_or((text, "1×1]")),
    };
    let (rowspan, colspan) = span.strip_suffix(']')?.split_once('×')?;
    let count = |text: &str| text.parse().ok().filter(|n| (1..=MOST).contains(n));
    Some(TranscriptCell {
        line,
        row,
        label: (label != VALUE).then(|| label.to_owned()),
        rowspan: count(rowspan)?,
        colspan: count(colspan)?,
    })
}
