//! PDFs read back: the files in the copy of an archive, its provenance, and the tables on its pages. A PDF
//! may come from anywhere, so it is read as if made to do harm: its size, its nesting and its inflated size
//! are bounded before anything is taken from it.

mod attached;
pub(crate) mod compare;
mod content;
mod drawn;
mod file;
mod font;
mod matrix;
mod read_back;
mod tables;

pub use self::attached::Kept;
pub use self::compare::Altered;
pub use self::drawn::{DrawnGlyph, DrawnPage, DrawnRule, drawn_pages};
pub use self::file::{MAX_FILES, MAX_INFLATED, MAX_PAGES, MAX_PDF_BYTES, PdfFault, PdfFile};
pub use self::read_back::{Difference, ReadBack, read_back};
pub use self::tables::{ShownCell, ShownTable};
