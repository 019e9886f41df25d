//! Report files written: the fields of a file as written, and where they stand; a new file from the year
//! before; the same report in another edition; the schema that editors check files with.

mod convert;
mod places;
mod raw;
pub mod schema;
mod template;
mod write;

pub use self::convert::Converted;
pub use self::places::{FieldRef, Places, Subject, Words};
pub use self::raw::{RawCell, RawLine, RawReport, Unknown, read};
pub use self::template::Template;
pub use self::write::Yaml;
