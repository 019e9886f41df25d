//! Files that are there whole or not at all.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use tempfile::NamedTempFile;

use crate::error::Error;

/// Where content is written to. Tests have disks that fill up.
pub trait Disk: Sync {
    /// Writes content to a file that has none, and returns when the medium has it.
    ///
    /// # Errors
    /// When the disk is full or fails.
    fn write(&self, file: &mut File, content: &[u8]) -> io::Result<()>;
}

/// The disk of this machine.
#[derive(Clone, Copy, Debug)]
pub struct OwnDisk;

impl Disk for OwnDisk {
    fn write(&self, file: &mut File, content: &[u8]) -> io::Result<()> {
        file.write_all(content)?;
        file.sync_all()
    }
}

/// Writes a file so that, whatever happens, its path holds either the old content or the new. A
/// symbolic link keeps pointing where it did, and a file that is replaced keeps its permissions.
///
/// # Errors
/// When the folder is absent or not writable, or the disk is full; the old content then stands.
pub fn atomic(path: &Path, content: &[u8]) -> Result<(), Error> {
    atomic_on(&OwnDisk, path, content)
}

/// The same on another disk.
pub(super) fn atomic_on(disk: &dyn Disk, path: &Path, content: &[u8]) -> Result<(), Error> {
    let write = || {
        let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let folder = folder_of(&target);
        let mut file = staged(disk, folder, content)?;
        if let Ok(old) = fs::metadata(&target) {
            file.as_file_mut().set_permissions(old.permissions())?;
        }
        file.persist(&target)?;
        sync_folder(folder)
    };
    write().map_err(|cause| Error::write(path, cause))
}

/// A file with this content in `folder`, under a name of its own, which goes away unless it is
/// renamed.
pub(super) fn staged(disk: &dyn Disk, folder: &Path, content: &[u8]) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".nianbao-");
    #[cfg(unix)]
    {
        // As a plain file would be made: temporary files are private to their owner.
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder)?;
    disk.write(file.as_file_mut(), content)?;
    Ok(file)
}

/// The folder of a file.
pub(super) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Returns when the medium has the names in a folder too: a file that was renamed is there for
/// good only then.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}
