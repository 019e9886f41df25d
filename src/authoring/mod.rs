//! Writing of report files: the fields of a file as written, and their places; a new file from the year
//! before; the same report in another edition; the schema by which editors check files.

mod convert;
mod findings;
mod places;
mod raw;
pub mod schema;
mod template;
mod tidy;
mod write;

pub use self::convert::Converted;
pub use self::findings::{items, tidied};
pub use self::places::{FieldRef, Places, Subject, Words};
pub use self::raw::{RawCell, RawLine, RawReport, Unknown, read};
pub use self::template::{Template, language};
pub use self::tidy::{Change, Tidied, tidy};
pub use self::write::Yaml;
