//! Where archives stand: a folder, or a store of objects; whole writes and locks.

pub(crate) mod folder;
pub(crate) mod location;
#[cfg(feature = "cloud")]
pub(crate) mod object_store;
pub(crate) mod store;
pub(crate) mod write;

pub use self::folder::Folder;
pub use self::location::Place;
pub use self::store::Output;
pub use self::write::{Disk, OwnDisk, atomic};
