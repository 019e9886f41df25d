//! Files written whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::TempPath;

use crate::error::Error;
use crate::source::folder_of;

/// Everything that changes a disk. What is not synced may be lost, in any order, when the power is cut. Tests have
/// disks that fill up, and one that notes what is done, to see what a cut would leave.
///
/// All methods fail when the disk is full or fails.
#[expect(clippy::missing_errors_doc, reason = "said once, above")]
pub trait Disk: Sync {
    /// Makes a folder in one that is there.
    fn make_folder(&self, folder: &Path) -> io::Result<()> {
        fs::create_dir(folder)
    }

    /// Opens a file, and makes it if that is asked for and there is none.
    fn open(&self, options: &OpenOptions, path: &Path) -> io::Result<File> {
        options.open(path)
    }

    /// Writes content to the end of an open file.
    fn write(&self, file: &mut File, _path: &Path, content: &[u8]) -> io::Result<()> {
        file.write_all(content)
    }

    /// Cuts an open file to a length.
    fn cut(&self, file: &File, _path: &Path, length: u64) -> io::Result<()> {
        file.set_len(length)
    }

    /// Syncs an open file; returns once the medium has its content.
    fn sync(&self, file: &File, _path: &Path) -> io::Result<()> {
        file.sync_all()
    }

    /// Gives a file another name, in place of what has it.
    fn rename(&self, file: &Path, target: &Path) -> io::Result<()> {
        fs::rename(file, target)
    }

    /// Removes a file.
    fn remove(&self, file: &Path) -> io::Result<()> {
        fs::remove_file(file)
    }

    /// Removes an empty folder.
    fn remove_folder(&self, folder: &Path) -> io::Result<()> {
        fs::remove_dir(folder)
    }

    /// Syncs a folder; returns once the medium has its names too. Only then is a renamed file there for good.
    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        if cfg!(unix) {
            File::open(folder)?.sync_all()?;
        }
        Ok(())
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
pub fn atomic(disk: &dyn Disk, path: &Path, content: &[u8]) -> Result<(), Error> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = folder_of(&target);
    let replaced = replace(disk, folder, &target, content);
    let replaced = replaced.and_then(|()| disk.sync_folder(folder));
    replaced.map_err(|cause| Error::write(path, cause))
}

/// Writes a file as [`atomic`] does, or writes into what is there if that is a pipe or a device of characters, such
/// as `/dev/null`.
///
/// # Errors
/// As of [`atomic`].
pub fn output(disk: &dyn Disk, path: &Path, content: &[u8]) -> Result<(), Error> {
    if !takes_bytes(path) {
        return atomic(disk, path, content);
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

/// Replaces a file as [`atomic`] does, with its temporary file in a folder of the same disk. It is there for good
/// once its folder is synced.
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
    disk.rename(&file, target)
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
    let file = builder.tempfile_in(folder)?;
    let (mut file, path) = file.into_parts();
    disk.write(&mut file, &path, content)?;
    disk.sync(&file, &path)?;
    Ok(path)
}

/// Makes a folder with those around it that are absent, and returns the folders whose names these changed; once they
/// are synced, all are there for good.
pub(crate) fn make_folders(disk: &dyn Disk, folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut around = Vec::new();
    for folder in absent(folder).into_iter().rev() {
        make_folder(disk, folder)?;
        around.push(folder_of(folder).to_owned());
    }
    Ok(around)
}

/// Makes a folder, unless somebody beside has made it.
pub(crate) fn make_folder(disk: &dyn Disk, folder: &Path) -> io::Result<()> {
    match disk.make_folder(folder) {
        Err(cause) if cause.kind() != io::ErrorKind::AlreadyExists => Err(cause),
        _ => Ok(()),
    }
}

/// A folder and those around it, as far as they are absent, from within.
pub(crate) fn absent(folder: &Path) -> Vec<&Path> {
    let absent = folder.ancestors().take_while(|folder| !is_there(folder));
    absent.collect()
}

/// Whether something stands at a path; the empty path is the folder of this process.
pub(crate) fn is_there(path: &Path) -> bool {
    path.as_os_str().is_empty() || fs::symlink_metadata(path).is_ok()
}
