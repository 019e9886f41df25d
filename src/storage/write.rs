//! Files written whole or not at all.

use std::fs::{self, File, OpenOptions};
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
/// When the folder is absent or not writable, or the disk is full, or the path is that of a device, a pipe or a
/// socket; the old content then stands.
pub fn atomic(path: &Path, content: &[u8]) -> Result<(), Error> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let replaced = replace(&OwnDisk, folder_of(&target), &target, content);
    replaced.map_err(|cause| Error::write(path, cause))
}

/// Writes a file as [`atomic`] does, or writes into what is there if that is a pipe or a device of characters, such
/// as `/dev/null`.
///
/// # Errors
/// As of [`atomic`].
pub fn output(path: &Path, content: &[u8]) -> Result<(), Error> {
    if !takes_bytes(path) {
        return atomic(path, content);
    }
    let opened = OpenOptions::new().write(true).open(path);
    let written = opened.and_then(|mut file| file.write_all(content));
    written.map_err(|cause| Error::write(path, cause))
}

/// Whether a path is that of something that is written into and cannot be replaced.
#[must_use]
pub fn is_special(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir())
}

#[cfg(unix)]
fn takes_bytes(path: &Path) -> bool {
    use std::os::unix::fs::FileTypeExt;
    let kind = fs::metadata(path).map(|found| found.file_type());
    kind.is_ok_and(|kind| kind.is_fifo() || kind.is_char_device())
}

#[cfg(not(unix))]
fn takes_bytes(_: &Path) -> bool {
    false
}

/// Refuses to put a file in the place of what is none.
pub(crate) fn replaceable(target: &Path) -> io::Result<()> {
    if is_special(target) {
        let kind = io::ErrorKind::InvalidInput;
        return Err(io::Error::new(kind, "it is no regular file"));
    }
    Ok(())
}

/// Replaces a file as [`atomic`] does, with its temporary file in a folder of the same disk.
pub(crate) fn replace(
    disk: &dyn Disk,
    folder: &Path,
    target: &Path,
    content: &[u8],
) -> io::Result<()> {
    replaceable(target)?;
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
