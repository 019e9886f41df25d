//! The place of an archive as its users see it: names and bytes, whole writes, and a journal of lines that
//! storage keeps and does not read.

use std::path::{Path, PathBuf};

use crate::digest::Digest;
use crate::error::Error;
use crate::storage::lock::Lock;

/// The place of an archive. Names are paths below it, parted by `/`.
pub trait ArchiveStore: Sync {
    /// The place itself, as errors name it.
    fn root(&self) -> &Path;

    /// The path of a file, as errors name it.
    fn path(&self, name: &str) -> PathBuf {
        self.root().join(name)
    }

    /// The content of a file; empty if there is no such file.
    ///
    /// # Errors
    /// When it cannot be read.
    fn content(&self, name: &str) -> Result<Vec<u8>, Error>;

    /// The size and the stamp of a file; `None` if there is no such file.
    ///
    /// # Errors
    /// When that cannot be determined.
    fn stat(&self, name: &str) -> Result<Option<FileStat>, Error>;

    /// The digest of a file.
    ///
    /// # Errors
    /// When it cannot be read.
    fn digest(&self, name: &str) -> Result<Digest, Error>;

    /// The names of all files but storage's own, sorted.
    ///
    /// # Errors
    /// When they cannot be listed.
    fn list(&self) -> Result<Vec<String>, Error>;

    /// Prepares for [`ArchiveStore::stat`] of very many files.
    ///
    /// # Errors
    /// When they cannot be listed.
    fn prefetch(&self) -> Result<(), Error> {
        Ok(())
    }

    /// The journals of unfinished runs.
    ///
    /// # Errors
    /// When they cannot be read.
    fn journals(&self) -> Result<Vec<Vec<u8>>, Error>;

    /// Excludes runs as long as the lock lives. `None` if nobody ever wrote, or if the place has no locks.
    ///
    /// # Errors
    /// When a run works on it.
    fn lock_shared(&self) -> Result<Option<Lock>, Error>;

    /// Takes hold of the place for a run, creating it if necessary.
    ///
    /// # Errors
    /// When another run holds it, or it cannot be written.
    fn begin_run(&self) -> Result<Box<dyn Writer + '_>, Error>;

    /// Writes one file whole or not at all, beside others that do the same.
    ///
    /// # Errors
    /// When it cannot be written, or a run works on the archive.
    fn put(&self, name: &str, content: &[u8]) -> Result<(), Error>;
}

/// The metadata of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileStat {
    /// Its size in bytes; `None` for what is no file, such as a folder.
    pub bytes: Option<u64>,
    /// The stamp that tells it from another content under this name without reading it (an `ETag`, or inode,
    /// size and time of change), if the place has stamps.
    pub stamp: Option<String>,
}

/// A file to be written, and its line of the journal.
#[derive(Clone, Copy, Debug)]
pub struct NewFile<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its content.
    pub bytes: &'a [u8],
    /// The line, with its end.
    pub journal_line: &'a str,
}

/// The result of a write: the stamp of the file, if the place has stamps.
pub type Written = Result<Option<String>, Error>;

/// A place held by one run.
pub trait Writer {
    /// Continues a journal that begins with `head`, behind its last whole line; a journal with another first
    /// line is obsolete, and is replaced by a new one.
    ///
    /// # Errors
    /// When it cannot be read or written.
    fn resume_journal(&mut self, head: &str) -> Result<(), Error>;

    /// Begins a new journal, which replaces the previous one. If it is lost, the previous one says nothing either,
    /// since it follows another ledger.
    ///
    /// # Errors
    /// When it cannot be written.
    fn begin_journal(&mut self, head: &str) -> Result<(), Error>;

    /// Writes files for good, their lines first. A file that could not be written costs no other.
    ///
    /// # Errors
    /// When no file can be written any more. Each name then has the old content or the new one, and the
    /// journal tells which.
    fn commit(&mut self, files: &[NewFile]) -> Result<Vec<Written>, Error>;

    /// Removes a file for good, its line of the journal first, and the folders that it leaves empty.
    ///
    /// # Errors
    /// When it exists and cannot be removed.
    fn remove(&mut self, name: &str, journal_line: &str) -> Result<(), Error>;

    /// Writes files without lines of the journal, those whose content is not there already, each whole or not at all.
    /// All are there for good then but those of storage's own folder, which nobody needs.
    ///
    /// # Errors
    /// When one cannot be written.
    fn write(&self, files: &[(&str, &[u8])]) -> Result<(), Error>;
}
