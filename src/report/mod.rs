//! A report: one agency, one year, bound to the form of its edition.
//!
//! [`bind()`] takes the written values as they are: it refuses what the form cannot hold, computes
//! only what was left out, and corrects nothing.

mod address;
mod agency_sums;
mod almost_table;
mod annual;
mod attachment;
mod bind;
mod canonical;
mod cell;
mod characters;
mod date;
pub(crate) mod field;
pub(crate) mod figure;
mod grid;
mod hierarchy;
mod own_table;
mod parse_value;
mod printout;
mod prose;
pub(crate) mod rules;
mod text;
mod title;
mod unbroken;

pub(crate) use self::address::{Address, addresses};
pub use self::agency_sums::AgencySums;
pub use self::annual::{
    ANNEX, Chapter, MAX_SIGNATORIES, MAX_TITLED, Report, TableTexts, Titled, Waiver,
};
pub use self::attachment::AttachmentName;
pub(crate) use self::bind::{NEAR, no_map};
pub use self::bind::{PartialReport, bind, bind_hierarchy, bind_partly};
pub use self::canonical::Answer;
pub use self::cell::{Cell, MAX_COUNT, Value};
pub(crate) use self::cell::{NOT_APPLICABLE, NOT_FILLED, is_not_filled};
pub(crate) use self::characters::is_invisible;
pub use self::characters::{
    BundledCoverage, Coverage, Lookalike, Printed, Unprintable, bundled_coverage, lookalike,
    missing_characters, unprintable, with_ordinary_characters,
};
pub use self::date::Date;
pub use self::field::{IMPORT_MARK, is_cell_field, is_top_field};
pub(crate) use self::field::{is_cell, is_top_key};
pub use self::figure::{
    Figure, MAX_FIGURE_BYTES, load as load_figures, load_from as load_figures_from,
    load_kept as load_kept_figures,
};
pub use self::grid::Grid;
pub use self::hierarchy::{Hierarchy, Member};
pub use self::own_table::{MAX_OWN_COLUMNS, MAX_OWN_HEAD, MAX_OWN_ROWS, OwnTable};
pub use self::printout::{PrintedChapter, PrintedTable, Printout};
pub use self::prose::{Paragraph, Prose};
pub use self::text::Text;
pub(crate) use self::text::marks;
pub(crate) use self::title::{MAX_TITLE_LINES, MAX_TITLE_WIDTH, title_width};
pub use self::unbroken::LONGEST_WORD;
pub(crate) use self::unbroken::unbroken;
