//! Lines that are rows of a table.

/// The cells of a row.
pub(super) struct Row<'t> {
    pub cells: Vec<&'t str>,
    /// Whether the line is a row by itself; else only among others.
    pub is_sure: bool,
}

/// The most characters of a cell that is parted from others by blanks.
const CELL: usize = 40;

/// The row that a line is: its cells are parted by bars, tabs, two blanks, or blanks between values.
pub(super) fn row_of(line: &str) -> Option<Row<'_>> {
    if line.contains(is_bar) {
        let line = line.trim();
        // Bars at both ends part nothing.
        let inner = line
            .strip_prefix(is_bar)
            .and_then(|line| line.strip_suffix(is_bar));
        let cells: Vec<&str> = inner.unwrap_or(line).split(is_bar).map(str::trim).collect();
        let is_prose = cells.iter().any(|cell| cell.contains('。'));
        return (cells.len() > 1).then_some(Row {
            cells,
            is_sure: !is_prose,
        });
    }
    if line.trim().contains('\t') {
        let cells = line.trim_end().split('\t').map(str::trim).collect();
        return Some(Row {
            cells,
            is_sure: true,
        });
    }
    let line = line.trim();
    let wide = wide(line);
    let is_row = wide.len() > 2 || wide.len() == 2 && is_value(wide[1]);
    if is_row && wide.iter().all(|cell| cell.chars().count() <= CELL) {
        let cells: Vec<&str> = wide.into_iter().flat_map(valued).collect();
        return Some(Row {
            cells,
            is_sure: true,
        });
    }
    let cells = valued(line);
    let count = cells.iter().filter(|cell| is_value(cell)).count();
    let label = cells.first().map_or(0, |cell| cell.chars().count());
    (count > 0 && cells.len() > 1 && label <= CELL).then_some(Row {
        is_sure: count > 1,
        cells,
    })
}

/// Whether a sign parts cells.
fn is_bar(c: char) -> bool {
    matches!(c, '|' | '｜' | '│')
}

/// Whether a line is the rule between the heads of a table and its values.
pub(super) fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.contains("--") && line.chars().all(|c| is_bar(c) || "-:=+ ".contains(c))
}

/// What stands between two and more blanks.
fn wide(line: &str) -> Vec<&str> {
    let parts = line.split("  ").flat_map(|part| part.split('\u{3000}'));
    parts
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect()
}

/// A label and the values behind it, each parted by a blank. Of a label, what begins with an ordinal is one by itself.
fn valued(text: &str) -> Vec<&str> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let count = words.iter().rev().take_while(|word| is_value(word)).count();
    let (label, values) = words.split_at(words.len() - count);
    let mut cells = Vec::new();
    for part in label.chunk_by(|_, next| !is_label(next)) {
        if let (Some(first), Some(last)) = (part.first(), part.last()) {
            let start = first.as_ptr().addr() - text.as_ptr().addr();
            let end = last.as_ptr().addr() - text.as_ptr().addr() + last.len();
            cells.extend(text.get(start..end));
        }
    }
    cells.extend(values);
    cells
}

/// Whether a text is a value of a table: a number, perhaps with its unit, or a sign for none.
pub(super) fn is_value(text: &str) -> bool {
    let text = text.trim();
    if matches!(text, "-" | "—" | "－" | "——" | "–" | "/" | "／" | "无") {
        return true;
    }
    let text = ["件", "万元", "元", "条", "项", "%"]
        .iter()
        .find_map(|unit| text.strip_suffix(unit))
        .unwrap_or(text);
    let text = text.strip_prefix(['-', '－']).unwrap_or(text);
    let digit = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
    text.starts_with(digit)
        && text.chars().all(|c| digit(c) || ",，.．".contains(c))
        && text.ends_with(digit)
}

/// Whether a text begins with an ordinal, as labels do: 一、 （一） 1. 1、
pub(super) fn is_label(text: &str) -> bool {
    let text = text.trim_start();
    let chinese = |c: char| "一二三四五六七八九十".contains(c);
    let inner = text.trim_start_matches(['（', '(']);
    let rest = inner.trim_start_matches(|c: char| chinese(c) || c.is_ascii_digit());
    let mut signs = rest.chars();
    let is_closed = if inner.len() < text.len() {
        matches!(signs.next(), Some('）' | ')'))
    } else {
        matches!(signs.next(), Some('、' | '.' | '．'))
    };
    // 1.5 is a number.
    rest.len() < inner.len() && is_closed && !signs.next().is_some_and(|c| c.is_ascii_digit())
}
