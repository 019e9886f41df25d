//! Places from which files are read.

use std::fmt::Debug;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A place from which files are read: the disk, or a store of objects.
pub trait Files: Debug + Send + Sync {
    /// Reads at most `limit` bytes and one more, which tells a file that is too large.
    ///
    /// # Errors
    /// When it is no file or cannot be read.
    fn read(&self, path: &Path, limit: usize) -> io::Result<Vec<u8>>;

    /// Whether a file exists; a symbolic link does not count.
    ///
    /// # Errors
    /// When that cannot be known.
    fn is_file(&self, path: &Path) -> io::Result<bool>;

    /// The canonical path, comparable with others.
    ///
    /// # Errors
    /// When it does not exist.
    fn whole(&self, path: &Path) -> io::Result<PathBuf>;

    /// Whether a read error says nothing about the file, and may be gone at the next attempt: then no
    /// conclusion can be drawn from it.
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
