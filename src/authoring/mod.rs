//! Report files written: what a file says, field by field; a new one from the year before; the schema that
//! editors check them with.

mod raw;
pub mod schema;
mod template;

pub use self::raw::{RawCell, RawLine, RawReport, Unknown, read};
pub use self::template::Template;
