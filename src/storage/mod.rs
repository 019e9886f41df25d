//! Places of archives: a folder on a disk, or a store of objects. Names and bytes, whole writes, locks, and a
//! journal whose lines mean nothing here.

mod folder;
mod location;
mod lock;
mod names;
#[cfg(feature = "cloud")]
mod objects;
mod store;
mod together;
mod write;

pub use self::folder::Folder;
pub use self::location::Location;
pub(crate) use self::names::OWN;
pub use self::store::{ArchiveStore, FileStat, NewFile, Writer, Written};
pub use self::together::together;
pub use self::write::{Disk, OwnDisk, atomic, is_special, output};
