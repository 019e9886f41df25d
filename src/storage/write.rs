//! Files written whole or not at all.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use tempfile::TempPath;

use crate::error::Error;
use crate::source::folder_of;

/// The target of writes. Tests have disks that fill up.
pub trait Disk: Sync {
    /// Writes content to the end of a file; returns once the medium has it.
    ///
    /// # Errors
    /// When the disk is full or fails.
    fn write(&self, file: &mut File, content: &[u8]) -> io::Result<()> {
        file.write_all(content)?;
        file.sync_all()
    }

    /// Gives a file its name, creating its folder if necessary.
    ///
    /// # Errors
    /// When the disk is full or fails.
    fn place(&self, file: &Path, target: &Path) -> io::Result<()> {
        fs::create_dir_all(folder_of(target))?;
        fs::rename(file, target)
    }
}

/// The disk of this machine.
#[derive(Clone, Copy, Debug)]
pub struct OwnDisk;

impl Disk for OwnDisk {}

/// Writes a file so that, whatever happens, its path holds either the old content or the new. A
/// symbolic link keeps pointing where it did, and a file that is replaced keeps its permissions.
///
/// # Errors
/// When the folder is absent or not writable, or the disk is full; the old content then stands.
pub fn atomic(path: &Path, content: &[u8]) -> Result<(), Error> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let replaced = replace(&OwnDisk, folder_of(&target), &target, content);
    replaced.map_err(|cause| Error::write(path, cause))
}

/// Replaces a file as [`atomic`] does, with its temporary file in a folder of the same disk.
pub(crate) fn replace(
    disk: &dyn Disk,
    folder: &Path,
    target: &Path,
    content: &[u8],
) -> io::Result<()> {
    let file = staged(disk, folder, content)?;
    if let Ok(old) = fs::metadata(target) {
        fs::set_permissions(&file, old.permissions())?;
    }
    disk.place(&file, target)?;
    sync_folder(folder_of(target))
}

/// A file with this content in `folder`, under a temporary name; it is removed unless renamed.
pub(crate) fn staged(disk: &dyn Disk, folder: &Path, content: &[u8]) -> io::Result<TempPath> {
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
    Ok(file.into_temp_path())
}

/// Syncs a folder; returns once the medium has its names too. Only then is a renamed file there for good.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}
