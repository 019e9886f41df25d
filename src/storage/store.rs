//! Where an archive stands: its PDFs, and what it keeps beside them.

use std::path::{Path, PathBuf};

use crate::archive::manifest::{Record, Records};
use crate::archive::stat_cache::Seen;
use crate::digest::Digest;
use crate::error::Error;
use crate::storage::folder::Lock;

/// The place of an archive. Names are paths below it, parted by `/`.
pub trait Output: Sync {
    /// Where it is, as its errors name it.
    fn root(&self) -> &Path;

    /// A file of it, as errors name it.
    fn path(&self, name: &str) -> PathBuf {
        self.root().join(name)
    }

    /// The content of a file; of one that is not there, nothing.
    ///
    /// # Errors
    /// When it cannot be read.
    fn content(&self, name: &str) -> Result<Vec<u8>, Error>;

    /// What stands there; none where nothing does.
    ///
    /// # Errors
    /// When that cannot be known.
    fn found(&self, name: &str) -> Result<Option<Found>, Error>;

    /// The digest of a file.
    ///
    /// # Errors
    /// When it cannot be read.
    fn digest(&self, name: &str) -> Result<Digest, Error>;

    /// All files but its own ones, sorted.
    ///
    /// # Errors
    /// When they cannot be listed.
    fn names(&self) -> Result<Vec<String>, Error>;

    /// Prepares for questions about very many files.
    ///
    /// # Errors
    /// When they cannot be listed.
    fn look(&self) -> Result<(), Error> {
        Ok(())
    }

    /// The journals of runs that have not come to their end.
    ///
    /// # Errors
    /// When they cannot be read.
    fn journals(&self) -> Result<Vec<Vec<u8>>, Error>;

    /// Keeps runs from it as long as what is given back lives. None where nobody ever wrote, or where
    /// there are no locks.
    ///
    /// # Errors
    /// When a run works on it.
    fn hold(&self) -> Result<Option<Lock>, Error>;

    /// Takes hold of it for a run.
    ///
    /// # Errors
    /// When another run has it, or it cannot be written.
    fn open<'a>(&'a self, seen: &'a Seen) -> Result<Box<dyn Store + 'a>, Error>;

    /// What a file that stands there is known by, where there is such a thing.
    fn stamp(&self, name: &str) -> Option<String> {
        self.found(name).ok().flatten()?.stamp
    }

    /// Writes one file whole or not at all, beside others who do the same. Gives what it is known by.
    ///
    /// # Errors
    /// When it cannot be written, or a run works on the archive.
    fn put(&self, name: &str, content: &[u8]) -> Result<Option<String>, Error>;
}

/// A file of an archive as it is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its size in bytes; none where it is no file.
    pub bytes: Option<u64>,
    /// What tells it from another content under this name without reading it, where there is such a thing.
    pub stamp: Option<String>,
}

/// A PDF to be written.
pub struct Item {
    pub record: Record,
    pub bytes: Vec<u8>,
}

/// An archive that is held by one run.
pub trait Store {
    /// Writes PDFs for good. Of each it is said what kept it from being written, if anything did.
    ///
    /// # Errors
    /// When none can be written any more. Each then is the old PDF or the new one, and the ledger with the
    /// journal tells which.
    fn commit(&mut self, items: &[Item]) -> Result<Vec<Option<Error>>, Error>;

    /// Removes the PDF of a record for good, and the folders that it leaves empty.
    ///
    /// # Errors
    /// When it is there and cannot be removed.
    fn remove(&mut self, record: &Record) -> Result<(), Error>;

    /// Writes a file beside the PDFs, unless it stands there as it is.
    ///
    /// # Errors
    /// When it cannot be written.
    fn write(&self, name: &str, content: &[u8]) -> Result<(), Error>;

    /// Writes the ledger. The journal follows another ledger then and has nothing more to say.
    ///
    /// # Errors
    /// When it cannot be written; the old ledger and the journal then stand.
    fn close(&mut self, records: &Records) -> Result<(), Error>;
}
