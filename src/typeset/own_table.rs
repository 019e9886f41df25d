//! Tables of the author's own as the layouts read them: words that may be broken between, columns as wide as their
//! text asks for.

use serde::Serialize;

use super::fonts::advances::RoleAdvances;
use super::lines::AREA;
use super::words::{Segmenter, Word};
use crate::report::OwnTable;

/// The size of their text (五号) in points.
const SIZE: f64 = 10.5;
/// The space at the left and at the right of a cell, each, in points.
const INSET: f64 = 3.0;
/// The most characters of a head that is never broken.
const SHORT_HEAD: usize = 4;
/// The most of a text in em that a column is made wide for; a longer one takes several lines.
const LONGEST: f64 = 16.0;

/// A table with its words and widths.
#[derive(Serialize)]
pub(super) struct SetTable {
    /// The size of its text in points: 五号, unless its longest words need more room than there is.
    size: f64,
    /// The space at the left and at the right of a cell in points.
    inset: f64,
    /// The widths of its columns without their insets, in em.
    columns: Vec<f64>,
    /// The words of its cells, row by row, the head first.
    rows: Vec<Vec<Vec<Word>>>,
}

impl SetTable {
    pub(super) fn new(table: &OwnTable, segmenter: &Segmenter, advances: &RoleAdvances) -> Self {
        let rows = table.rows.iter().enumerate().map(|(y, row)| {
            let cells = row.iter().map(|cell| match cell.text.chars().count() {
                // A short head is a word.
                count if y == 0 && count <= SHORT_HEAD => vec![Word::whole(cell.text.clone())],
                _ => segmenter.words(&cell.text),
            });
            let measured = cells.map(|words| {
                let words = words.into_iter();
                words
                    .map(|word| word.measured(|c| advances.of(c)))
                    .collect::<Vec<_>>()
            });
            measured.collect::<Vec<_>>()
        });
        let rows: Vec<_> = rows.collect();
        let count = table.columns();
        let measure = |of: fn(&[Word]) -> f64| -> Vec<f64> {
            let column = |x: usize| {
                let cells = rows.iter().filter_map(|row| row.get(x));
                cells.map(|cell| of(cell)).fold(1.0, f64::max)
            };
            (0..count).map(column).collect()
        };
        let needs = measure(|cell| cell.iter().map(Word::widest).fold(0.0, f64::max));
        let wants = measure(|cell| cell.iter().map(|word| word.1).sum::<f64>().min(LONGEST));
        let insets = 2.0 * INSET * count as f64;
        let needed: f64 = needs.iter().sum();
        let size = SIZE.min((AREA - insets) / needed);
        let room = (AREA - insets) / size;
        let wants: Vec<f64> = needs.iter().zip(&wants).map(|(n, w)| n.max(*w)).collect();
        let wanted: f64 = wants.iter().sum();
        let columns = needs.iter().zip(&wants).map(|(need, want)| {
            if wanted <= room {
                want * room / wanted
            } else if wanted <= needed {
                *need // its longest words take all the room that there is
            } else {
                need + (room - needed) * (want - need) / (wanted - needed)
            }
        });
        Self {
            size,
            inset: INSET,
            columns: columns.collect(),
            rows,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Text;
    use crate::typeset::{FontOptions, Fonts};

    fn set(rows: &[&[&str]]) -> SetTable {
        let text = |text: &&str| Text {
            text: (*text).to_owned(),
            span: crate::source::Span::default(),
        };
        let rows = rows.iter().map(|row| row.iter().map(text).collect());
        let table = OwnTable {
            rows: rows.collect(),
            line_spans: Vec::new(),
        };
        let fonts = Fonts::load(&FontOptions::default()).unwrap();
        SetTable::new(&table, &Segmenter::new(), &fonts.advances("table"))
    }

    #[test]
    fn columns_fill_the_line_and_hold_their_numbers() {
        let long = "很长的说明文字".repeat(20);
        let number = "123456789012";
        let wide: Vec<&str> = vec![number; 12];
        for rows in [
            &[&["项目", "数量"][..], &["主动公开", "1"]][..],
            &[&["项目", "说明"], &["网站", &long]],
            &[&wide, &wide],
        ] {
            let table = set(rows);
            let whole: f64 = table.columns.iter().sum::<f64>() * table.size;
            let room = AREA - 2.0 * INSET * table.columns.len() as f64;
            assert!((whole - room).abs() < 0.01, "{whole} of {room}");
            for row in &table.rows {
                for (cell, width) in row.iter().zip(&table.columns) {
                    let widest = cell.iter().map(Word::widest).fold(0.0, f64::max);
                    assert!(widest <= width + 1e-6, "{widest} in {width}");
                }
            }
        }
        // A short head is never broken, nor an address that has room.
        let address = "https://www.example.gov.cn/zwgk/xxgkml/";
        let table = set(&[&["序号", "栏目", "网址"], &["1", &long, address]]);
        for (y, x) in [(0, 0), (1, 2)] {
            let whole: f64 = table.rows[y][x].iter().map(|word| word.1).sum();
            assert!(
                whole <= table.columns[x] + 1e-6,
                "{whole} in {}",
                table.columns[x]
            );
        }
        assert!((set(&[&["项目", "数量"], &["网站", "1"]]).size - SIZE).abs() < 1e-9);
        assert!(set(&[&wide, &wide]).size < SIZE);
    }
}
