//! Bulk work on many reports, and the safe writing of files that it rests on.

mod examine;
mod walk;
mod write;

pub use self::examine::{Examined, Examiner};
pub use self::walk::{Collection, in_order};
pub use self::write::atomic;
