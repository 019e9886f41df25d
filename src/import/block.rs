//! What readers make of files: paragraphs, tables and pictures in their order, each with its place.

use std::fmt;

/// A piece of a file.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// A paragraph.
    Paragraph(Paragraph),
    /// A table.
    Table(SourceTable),
    /// A picture.
    Picture(Picture),
}

/// A paragraph of a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Paragraph {
    /// Its text; a break of the line within it is `\n`.
    pub text: String,
    /// The number that the program of the file sets before it, such as `（一）`, which is no part of its text.
    pub number: Option<String>,
    /// Its level as a heading, from 1, where the file says that it is one.
    pub outline: Option<u8>,
    /// Whether it is centred.
    pub centred: bool,
    /// What has to be said of it.
    pub flags: Vec<Flag>,
    /// Where it stands.
    pub place: Place,
}

impl Paragraph {
    /// Its text behind its number.
    #[must_use]
    pub fn whole(&self) -> String {
        let number = self.number.as_deref().unwrap_or_default();
        format!("{number}{}", self.text)
    }
}

/// A table of a file, of the form or any other.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SourceTable {
    /// The number of its rows.
    pub rows: usize,
    /// The number of its columns.
    pub columns: usize,
    /// Its cells in reading order. They do not overlap; fields that no cell covers may be left.
    pub cells: Vec<SourceCell>,
    /// Where it stands.
    pub place: Place,
}

impl SourceTable {
    /// The cell that covers a field.
    #[must_use]
    pub fn at(&self, row: usize, column: usize) -> Option<&SourceCell> {
        let covers = |cell: &&SourceCell| {
            (cell.row..cell.row + cell.rowspan).contains(&row)
                && (cell.column..cell.column + cell.colspan).contains(&column)
        };
        self.cells.iter().find(covers)
    }
}

/// A cell of a table of a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SourceCell {
    /// The row that it begins in, from 0.
    pub row: usize,
    /// The column that it begins in, from 0.
    pub column: usize,
    /// The number of rows that it spans, at least 1.
    pub rowspan: usize,
    /// The number of columns that it spans, at least 1.
    pub colspan: usize,
    /// Its text; paragraphs and breaks are `\n`.
    pub text: String,
    /// What has to be said of it.
    pub flags: Vec<Flag>,
    /// The tables and pictures within it; where there are any, the paragraphs too.
    pub children: Vec<Block>,
    /// Where it stands.
    pub place: Place,
}

/// A picture of a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Picture {
    /// Its file; empty where it has no bytes of its own.
    pub bytes: Vec<u8>,
    /// The words that stand for it.
    pub alt: String,
    /// Where it stands.
    pub place: Place,
}

/// What has to be said of a piece that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flag {
    /// Text that was deleted under change tracking is left out.
    Deleted,
    /// Hidden text is left out.
    Hidden,
    /// It is the text of a box.
    Boxed,
    /// Its text stood in a field that a merged cell covers.
    Covered,
    /// Its number is of a kind that is not known, and is left out.
    Unnumbered,
    /// It has characters that the file gives no meaning.
    Unmapped,
    /// Its lines were joined to one number.
    Joined,
    /// It reaches over the edge of its cell.
    Overflowing,
    /// It is what a formula or a field gave when it was last computed.
    Computed,
    /// It is shown in another form than it is kept in, such as a date.
    Formatted,
    /// It stands in a row, a column or a sheet that is hidden.
    Concealed,
    /// It may be of another shape than it was read in.
    Irregular,
    /// It is smaller than the text around it, as the words in a drawing are.
    Small,
}

/// Where a piece stands in its file; all numbers from 1.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Place {
    /// Somewhere in the file.
    #[default]
    Whole,
    /// A line of a text.
    Line(usize),
    /// A paragraph of a part of the file; the part is empty for the main one.
    Paragraph {
        /// The part, such as a footnote.
        part: &'static str,
        /// Its number.
        number: usize,
    },
    /// A cell of a table.
    Cell {
        /// The number of the table.
        table: usize,
        /// The row.
        row: usize,
        /// The column.
        column: usize,
    },
    /// A whole table.
    Table(usize),
    /// A cell of a workbook.
    Sheet {
        /// The name of the sheet.
        sheet: String,
        /// The name of the cell, such as `B7`.
        cell: String,
    },
    /// A part of a page.
    Page {
        /// The number of the page.
        page: usize,
        /// Left, top, right, bottom from the top left corner, in points.
        area: [f32; 4],
    },
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole => f.write_str("文件"),
            Self::Line(line) => write!(f, "第 {line} 行"),
            Self::Paragraph { part, number } => write!(f, "{part}第 {number} 段"),
            Self::Cell { table, row, column } => {
                write!(f, "表 {table} 第 {row} 行第 {column} 列")
            }
            Self::Table(table) => write!(f, "表 {table}"),
            Self::Sheet { sheet, cell } => write!(f, "工作表“{sheet}”{cell}"),
            Self::Page { page, area } if area[2] <= area[0] => write!(f, "第 {page} 页"),
            Self::Page { page, area } => {
                let [left, top, right, bottom] = area.map(f32::round);
                write!(f, "第 {page} 页（{left}，{top}）至（{right}，{bottom}）")
            }
        }
    }
}
