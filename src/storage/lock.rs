//! The lock of an archive's folder: one run that writes, or many that read.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use crate::error::Error;
use crate::storage::names::{LOCK, OWN};

/// The lock of an archive. It is released explicitly: closing the file would leave it to a process that was
/// started meanwhile and has not yet closed what it inherited from this one.
pub struct Lock(File);

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = self.0.unlock();
    }
}

/// Takes the lock of an archive: one run that writes, or many that read. `None` if it is taken.
pub(crate) fn lock(root: &Path, writes: bool) -> Result<Option<Lock>, Error> {
    let path = root.join(OWN).join(LOCK);
    let mut options = OpenOptions::new();
    options.read(true).write(writes).create(writes);
    let file = options
        .open(&path)
        .map_err(|cause| Error::write(&path, cause))?;
    let taken = if writes {
        file.try_lock()
    } else {
        file.try_lock_shared()
    };
    match taken {
        Ok(()) => Ok(Some(Lock(file))),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(cause)) => Err(Error::write(&path, cause)),
    }
}
