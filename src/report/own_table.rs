//! A table of the author's own within prose: lines that begin and end with `|`.

use super::Text;
use crate::source::Span;

/// The most columns of a table of the author's own.
pub const MAX_OWN_COLUMNS: usize = 12;
/// The most rows of a table of the author's own, its head among them.
pub const MAX_OWN_ROWS: usize = 200;

/// The most characters of a cell of the head, which is printed again on each page.
pub const MAX_OWN_HEAD: usize = 60;

/// A table of the author's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnTable {
    /// The rows in order, the head first. Each cell has the place of its line.
    pub rows: Vec<Vec<Text>>,
    /// The places of its lines, that of dashes among them.
    pub line_spans: Vec<Span>,
}

/// A fault of a table of the author's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OwnTableFault {
    /// There is a head and nothing below it.
    HeadAlone,
    /// It has more than [`MAX_OWN_COLUMNS`] columns.
    TooWide,
    /// It has more than [`MAX_OWN_ROWS`] rows.
    TooLong,
    /// A cell of its head has more than [`MAX_OWN_HEAD`] characters.
    HeadTooLong,
    /// A row has another number of cells than the head.
    Uneven {
        /// The place of the row.
        row: Span,
        /// The number of its cells.
        cells: usize,
        /// The number of cells of the head.
        columns: usize,
    },
}

/// Whether a line is a row: it begins with `|` and ends with another one.
pub(super) fn is_row(line: &str) -> bool {
    let inner = line
        .strip_prefix('|')
        .and_then(|rest| rest.strip_suffix('|'));
    inner.is_some_and(|inner| !inner.is_empty() && !is_escaped(inner))
}

/// Whether what follows a text is escaped: an odd number of `\` stands at its end.
fn is_escaped(text: &str) -> bool {
    let kept = text.trim_end_matches('\\').len();
    (text.len() - kept) % 2 == 1
}

impl OwnTable {
    /// The table of lines that are rows. A line of dashes below the head is not printed.
    pub(super) fn new(lines: &[(&str, Span)]) -> Self {
        let dashes = lines.get(1).is_some_and(|(line, _)| is_dashes(line));
        let printed = lines.iter().enumerate();
        let printed = printed.filter(|(i, _)| !(dashes && *i == 1));
        let rows = printed.map(|(_, (line, span))| {
            let cells = cells(line).into_iter();
            cells.map(|text| Text { text, span: *span }).collect()
        });
        Self {
            rows: rows.collect(),
            line_spans: lines.iter().map(|(_, span)| *span).collect(),
        }
    }

    /// The first fault of the table.
    pub(super) fn fault(&self) -> Option<OwnTableFault> {
        let columns = self.columns();
        if self.rows.len() < 2 {
            return Some(OwnTableFault::HeadAlone);
        }
        if columns > MAX_OWN_COLUMNS {
            return Some(OwnTableFault::TooWide);
        }
        if self.rows.len() > MAX_OWN_ROWS {
            return Some(OwnTableFault::TooLong);
        }
        let mut head = self.rows.iter().take(1).flatten();
        if head.any(|cell| cell.text.chars().count() > MAX_OWN_HEAD) {
            return Some(OwnTableFault::HeadTooLong);
        }
        let uneven = self.rows.iter().find(|row| row.len() != columns)?;
        Some(OwnTableFault::Uneven {
            row: uneven.first().map_or(self.span(), |cell| cell.span),
            cells: uneven.len(),
            columns,
        })
    }

    /// The place of the first line.
    #[must_use]
    pub fn span(&self) -> Span {
        self.line_spans.first().copied().unwrap_or_default()
    }

    /// The number of columns.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.rows.first().map_or(0, Vec::len)
    }

    /// The rows as lines of a report file.
    pub fn lines(&self) -> impl Iterator<Item = String> {
        self.rows.iter().map(|row| {
            let cells = row.iter().map(|cell| {
                let written = cell.text.replace('\\', r"\\").replace('|', r"\|");
                format!(" {written} |")
            });
            format!("|{}", cells.collect::<String>())
        })
    }
}

/// The cells of a row, without the white space around them. `\|` is a bar, `\\` a backslash.
fn cells(line: &str) -> Vec<String> {
    let mut cells = Vec::new();
    let mut cell = String::new();
    let mut characters = line.chars().skip(1).peekable();
    while let Some(c) = characters.next() {
        match c {
            '\\' => {
                let escaped = characters.next_if(|next| ['|', '\\'].contains(next));
                cell.push(escaped.unwrap_or(c));
            }
            '|' => cells.push(std::mem::take(&mut cell).trim().to_owned()),
            c => cell.push(c),
        }
    }
    cells
}

/// Whether a row is the line of dashes below a head, such as `|---|:-:|`.
fn is_dashes(line: &str) -> bool {
    cells(line).iter().all(|cell| {
        let dashes = cell.strip_prefix(':').unwrap_or(cell);
        let dashes = dashes.strip_suffix(':').unwrap_or(dashes);
        !dashes.is_empty() && dashes.bytes().all(|byte| byte == b'-')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_told_from_text() {
        for row in ["|a|", "| a | b |", "||", "|a\\\\|"] {
            assert_eq!(is_row(row), row != "||", "{row}");
        }
        for text in ["|", "a|b|", "|a|b", "|a\\|"] {
            assert!(!is_row(text), "{text}");
        }
    }

    #[test]
    fn cells_have_their_text() {
        assert_eq!(cells("| 甲 |乙| |"), ["甲", "乙", ""]);
        assert_eq!(cells(r"|a\|b|c\\|\d|"), ["a|b", r"c\", r"\d"]);
    }

    #[test]
    fn a_table_written_again_is_the_same() {
        let lines = [
            (r"|甲|乙\|丙|", Span::default()),
            ("|---|:-:|", Span::default()),
            (r"|1|\\|", Span::default()),
        ];
        let table = OwnTable::new(&lines);
        assert_eq!(table.rows.len(), 2);
        let written: Vec<String> = table.lines().collect();
        assert_eq!(written, [r"| 甲 | 乙\|丙 |", r"| 1 | \\ |"]);
        let lines: Vec<_> = written
            .iter()
            .map(|line| (line.as_str(), Span::default()))
            .collect();
        assert_eq!(OwnTable::new(&lines).rows, table.rows);
    }
}
