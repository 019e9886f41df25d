//! Where files are read from.

use std::fmt::Debug;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A place that files are read from: the disk, or a store of objects.
pub trait Files: Debug + Send + Sync {
    /// Reads at most `limit` bytes and one more, by which a file that is too large is known.
    ///
    /// # Errors
    /// When it is no file or cannot be read.
    fn read(&self, path: &Path, limit: usize) -> io::Result<Vec<u8>>;

    /// Whether there is a file; a symbolic link is none.
    ///
    /// # Errors
    /// When that cannot be known.
    fn is_file(&self, path: &Path) -> io::Result<bool>;

    /// The path without detours, so that two of them can be compared.
    ///
    /// # Errors
    /// When it is not there.
    fn whole(&self, path: &Path) -> io::Result<PathBuf>;

    /// Whether what kept a file from being read says nothing of the file, and may be gone at the next
    /// try: then nothing can be concluded from it.
    fn passes(&self, _: &io::Error) -> bool {
        false
    }
}

/// The disk of this machine.
#[derive(Clone, Copy, Debug)]
pub struct OwnFiles;

impl Files for OwnFiles {
    fn read(&self, path: &Path, limit: usize) -> io::Result<Vec<u8>> {
        super::read(path, limit)
    }

    fn is_file(&self, path: &Path) -> io::Result<bool> {
        Ok(fs::symlink_metadata(path).is_ok_and(|found| found.is_file()))
    }

    fn whole(&self, path: &Path) -> io::Result<PathBuf> {
        fs::canonicalize(path)
    }
}
