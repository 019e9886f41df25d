//! Files that are written together: all of them or none.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::write::{Disk, is_there, staged};
use crate::error::Error;
use crate::source::folder_of;

/// Writes files that are not there yet, with the folders that they need. Where one cannot be written, those before
/// it and the new folders are removed again.
///
/// # Errors
/// When a file cannot be written.
pub fn together(disk: &dyn Disk, files: &[(PathBuf, &[u8])]) -> Result<(), Error> {
    let mut made = Made::default();
    let written = files
        .iter()
        .try_for_each(|(path, _)| made.folder(disk, folder_of(path)))
        .and_then(|()| made.files(disk, files));
    if written.is_err() {
        made.undo();
    }
    written
}

/// What has been made so far.
#[derive(Default)]
struct Made<'a> {
    files: Vec<&'a Path>,
    /// The folders, outer ones first.
    folders: Vec<PathBuf>,
}

impl<'a> Made<'a> {
    fn folder(&mut self, disk: &dyn Disk, folder: &Path) -> Result<(), Error> {
        let absent: Vec<&Path> = folder
            .ancestors()
            .take_while(|folder| !is_there(folder))
            .collect();
        for folder in absent.into_iter().rev() {
            let made = disk.make_folder(folder);
            made.map_err(|cause| Error::write(folder, cause))?;
            self.folders.push(folder.to_owned());
        }
        Ok(())
    }

    fn files(&mut self, disk: &dyn Disk, files: &'a [(PathBuf, &[u8])]) -> Result<(), Error> {
        let staged = files.iter().map(|(path, content)| {
            let file = staged(disk, folder_of(path), content);
            Ok((path, file.map_err(|cause| Error::write(path, cause))?))
        });
        // All are on the disk before the first has its name.
        let staged: Vec<_> = staged.collect::<Result<_, Error>>()?;
        for (path, file) in staged {
            let placed = disk.rename(&file, path);
            placed.map_err(|cause| Error::write(path, cause))?;
            self.files.push(path);
        }
        let around = self.folders.iter().map(|folder| folder_of(folder));
        let folders = files.iter().map(|(path, _)| folder_of(path)).chain(around);
        for folder in folders.collect::<BTreeSet<_>>() {
            let synced = disk.sync_folder(folder);
            synced.map_err(|cause| Error::write(folder, cause))?;
        }
        Ok(())
    }

    fn undo(self) {
        for file in self.files {
            let _ = fs::remove_file(file);
        }
        for folder in self.folders.iter().rev() {
            let _ = fs::remove_dir(folder);
        }
    }
}
