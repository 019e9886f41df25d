//! One report, from a file to pages: found, read with what it is compared with, checked, laid out.

pub(crate) mod collection;
pub(crate) mod examine;
mod guarded;
pub(crate) mod parallel;
pub(crate) mod related;
pub(crate) mod render;

pub use self::collection::{Collection, in_order};
pub use self::examine::{Examined, Examiner};
pub(crate) use self::guarded::guarded;
pub use self::parallel::alone;
pub use self::render::{PdfPress, Press, Pressed, Setting, Settings, beside, lay_out};
