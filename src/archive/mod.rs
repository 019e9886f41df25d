//! Bulk work on many reports, and the safe writing of files that it rests on.

mod write;

pub use self::write::atomic;
