//! The names that storage reserves below an archive's folder.

/// The folder of everything that is no part of the archive.
pub(crate) const OWN: &str = ".nianbao";
/// Its folder for files that have no name yet.
pub(crate) const NEW: &str = "new";
/// Its journal, in a folder on a disk.
pub(crate) const JOURNAL: &str = "journal.jsonl";
/// Its lock, in a folder on a disk.
pub(crate) const LOCK: &str = "lock";
/// Its journals in a store of objects: an object for each batch.
#[cfg(feature = "cloud")]
pub(crate) const JOURNALS: &str = ".nianbao/journal";
