//! Lines that are almost rows of a table of the author's own, and are printed as they are written.

use super::own_table::is_row;
use super::prose::{Paragraph, Prose};
use crate::source::Span;

/// Signs that are taken for the bar of a table.
pub(super) const LIKE_BARS: [char; 4] = ['｜', '丨', '│', '∣'];

/// The marks that end a sentence of running text, which a row without bars lacks.
const END_MARKS: [char; 10] = ['。', '：', '；', '！', '？', '.', ':', ';', '!', '?'];

/// A line that is almost a row.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum AlmostRow {
    /// With other bars, or without the first or the last one: its place, and the row.
    Miswritten(Span, String),
    /// Without bars, between rows: its place.
    BetweenRows(Span),
}

/// The row that a line is almost; `None` if it is one, or is far from one.
fn meant(line: &str) -> Option<String> {
    let is_bar = |c| c == '|' || LIKE_BARS.contains(&c);
    let (first, last) = (line.starts_with(is_bar), line.ends_with(is_bar));
    if !(first || last) {
        return None;
    }
    let barred = line.replace(LIKE_BARS, "|");
    if barred.matches('|').count() < 2 {
        return None;
    }
    let bar = |is_there: bool| if is_there { "" } else { "|" };
    let row = format!("{}{barred}{}", bar(first), bar(last));
    (row != line && is_row(&row)).then_some(row)
}

/// Whether a paragraph is of rows, or almost one.
fn has_bars(paragraph: &Paragraph) -> bool {
    match paragraph {
        Paragraph::Table(_) => true,
        Paragraph::Body(text) => is_row(&text.text) || meant(&text.text).is_some(),
        _ => false,
    }
}

/// The place of a paragraph.
fn place(paragraph: &Paragraph) -> Span {
    match paragraph {
        Paragraph::Table(table) => {
            let last = table.line_spans.last().map_or(0, |line| line.end);
            Span::new(table.span().start, last)
        }
        other => other.line().span,
    }
}

impl Prose {
    /// The lines that are almost rows of a table. `source` is the whole file.
    pub(super) fn almost_rows(&self, source: &str) -> Vec<AlmostRow> {
        let follows = |one: &Paragraph, next: &Paragraph| {
            let between = source.get(place(one).end..place(next).start);
            between.is_some_and(|between| between.matches('\n').count() == 1)
        };
        let paragraphs = &self.paragraphs;
        let one = |(i, paragraph): (usize, &Paragraph)| {
            let Paragraph::Body(text) = paragraph else {
                return None;
            };
            if let Some(row) = meant(&text.text) {
                return Some(AlmostRow::Miswritten(text.span, row));
            }
            let (before, behind) = (paragraphs.get(i.checked_sub(1)?)?, paragraphs.get(i + 1)?);
            let between = has_bars(before)
                && has_bars(behind)
                && !is_row(&text.text)
                && !text.text.ends_with(END_MARKS)
                && follows(before, paragraph)
                && follows(paragraph, behind);
            between.then_some(AlmostRow::BetweenRows(text.span))
        };
        paragraphs.iter().enumerate().filter_map(one).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_is_almost_a_row_is_told_from_text() {
        for (line, row) in [
            ("｜甲｜乙｜", Some("|甲|乙|")),
            ("|甲｜乙|", Some("|甲|乙|")),
            ("| 甲 | 乙", Some("| 甲 | 乙|")),
            ("甲 | 乙 |", Some("|甲 | 乙 |")),
            ("│甲│乙│", Some("|甲|乙|")),
            ("|甲|乙|", None),
            ("首页|政务公开|年报", None),
            ("|甲", None),
            ("||", None),
            (r"|a\|", None),
        ] {
            assert_eq!(meant(line).as_deref(), row, "{line}");
        }
    }
}
