//! An archive in a folder: one run at a time, files whole or not at all, and a journal that never says more
//! than the disk holds.
//!
//! Files are written in batches: temporary files, written and synced; their lines in the journal, synced;
//! renamed; their folders synced. Wherever that is interrupted, each name has the old file or the new one,
//! and the journal has its line.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use tempfile::TempPath;
use walkdir::WalkDir;

use crate::digest::Digest;
use crate::error::Error;
use crate::source::{Stamp, folder_of};
use crate::storage::lock::{Lock, lock};
use crate::storage::names::{JOURNAL, LOCK, NEW, OWN};
use crate::storage::store::{ArchiveStore, FileStat, NewFile, Writer, Written};
use crate::storage::write::{
    Disk, absent, is_there, make_folder, make_folders, replace, replaceable, staged,
};

/// An archive in a folder.
pub struct Folder<'a> {
    root: PathBuf,
    disk: &'a dyn Disk,
}

impl<'a> Folder<'a> {
    /// The archive in `root`, which need not exist.
    #[must_use]
    pub fn new(root: &Path, disk: &'a dyn Disk) -> Self {
        Self {
            root: root.to_owned(),
            disk,
        }
    }
}

impl Folder<'_> {
    /// Makes the folder of the archive, with those around it, each for good before there is anything in it, and the one
    /// that is storage's own.
    fn found(&self) -> io::Result<()> {
        let own = self.root.join(OWN);
        if is_there(&own) {
            return Ok(());
        }
        let absent = absent(&self.root);
        // Who made the last of those that are there may have been killed before it was there for good.
        let last = absent.last().map_or(&*self.root, |first| folder_of(first));
        self.disk.sync_folder(folder_of(last))?;
        for folder in absent.into_iter().rev() {
            make_folder(self.disk, folder)?;
            self.disk.sync_folder(folder_of(folder))?;
        }
        make_folder(self.disk, &own)
    }

    /// The stamp of a file, if the place has stamps.
    fn stamp(&self, name: &str) -> Option<String> {
        self.stat(name).ok().flatten()?.stamp
    }
}

impl ArchiveStore for Folder<'_> {
    fn root(&self) -> &Path {
        &self.root
    }

    fn content(&self, name: &str) -> Result<Vec<u8>, Error> {
        content(&self.path(name))
    }

    fn stat(&self, name: &str) -> Result<Option<FileStat>, Error> {
        let Ok(found) = fs::symlink_metadata(self.path(name)) else {
            return Ok(None);
        };
        Ok(Some(FileStat {
            bytes: found.is_file().then_some(found.len()),
            stamp: Stamp::of(&found).map(|stamp| stamp.shown()),
        }))
    }

    fn digest(&self, name: &str) -> Result<Digest, Error> {
        let path = self.path(name);
        Digest::of_file(&path).map_err(|cause| Error::read(&path, cause))
    }

    fn list(&self) -> Result<Vec<String>, Error> {
        let walk = WalkDir::new(&self.root).min_depth(1).sort_by_file_name();
        let own = |entry: &walkdir::DirEntry| entry.file_name() != OWN;
        let mut names = Vec::new();
        for entry in walk.into_iter().filter_entry(own) {
            let entry = entry.map_err(|error| Error::read(&self.root, error.into()))?;
            let below = entry.path().strip_prefix(&self.root);
            if !entry.file_type().is_dir() {
                names.push(below.unwrap_or(entry.path()).display().to_string());
            }
        }
        Ok(names)
    }

    fn journals(&self) -> Result<Vec<Vec<u8>>, Error> {
        let path = self.root.join(OWN).join(JOURNAL);
        // One that is empty is of a run that was killed as it began.
        match fs::read(&path) {
            Ok(journal) => Ok(vec![journal]),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(cause) => Err(Error::read(&path, cause)),
        }
    }

    fn lock_shared(&self) -> Result<Option<Lock>, Error> {
        if !self.root.join(OWN).join(LOCK).is_file() {
            return Ok(None);
        }
        let lock = lock(&self.root, false)?;
        lock.map_or_else(
            || Err(Error::Locked(self.root.clone())),
            |lock| Ok(Some(lock)),
        )
    }

    fn begin_run(&self) -> Result<Box<dyn Writer + '_>, Error> {
        Ok(Box::new(FolderWriter::open(self)?))
    }

    fn put(&self, name: &str, content: &[u8]) -> Result<(), Error> {
        let new = self.root.join(OWN).join(NEW);
        let target = self.path(name);
        let failed = |path: &Path, cause| Error::write(path, cause);
        let made = self.found().and_then(|()| make_folder(self.disk, &new));
        made.map_err(|cause| failed(&new, cause))?;
        // Many may write at once, as long as no run holds the archive.
        let lock = self.root.join(OWN).join(LOCK);
        let mut options = OpenOptions::new();
        let made = options.append(true).create(true).open(&lock);
        made.map_err(|cause| failed(&lock, cause))?;
        let _held = self.lock_shared()?;
        let placed = || {
            let file = staged(self.disk, &new, content)?;
            let mut folders = BTreeSet::new();
            place(self.disk, &file, &target, &mut folders)?;
            // Who made one of them may have been killed before he had synced it.
            let around = target.ancestors().skip(1);
            let around = around.take_while(|folder| folder.starts_with(&self.root));
            folders.extend(around.map(Path::to_owned));
            let mut folders = folders.iter();
            folders.try_for_each(|folder| self.disk.sync_folder(folder))
        };
        placed().map_err(|cause| failed(&target, cause))
    }
}

/// The folder of an archive, held by one run.
struct FolderWriter<'a> {
    folder: &'a Folder<'a>,
    output: &'a Path,
    disk: &'a dyn Disk,
    journal: File,
    /// The lock, held as long as the run lasts; the system releases it however the run ends.
    _lock: Lock,
}

impl<'a> FolderWriter<'a> {
    /// Takes hold of an archive's folder, creating it if necessary.
    ///
    /// # Errors
    /// When another run holds it, or it cannot be written.
    fn open(folder: &'a Folder) -> Result<Self, Error> {
        let output = &folder.root;
        let own = output.join(OWN);
        let new = own.join(NEW);
        let journal = own.join(JOURNAL);
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |cause| Error::write(&path, cause)
        };
        folder.found().map_err(failed(&own))?;
        let lock = lock(output, true)?.ok_or_else(|| Error::Locked(output.to_owned()))?;
        // What a run that was killed had not renamed.
        if new.exists() {
            fs::remove_dir_all(&new).map_err(failed(&new))?;
        }
        folder.disk.make_folder(&new).map_err(failed(&new))?;
        let mut options = OpenOptions::new();
        options.create(true).append(true).read(true);
        let opened = folder.disk.open(&options, &journal);
        let writer = Self {
            journal: opened.map_err(failed(&journal))?,
            folder,
            output,
            disk: folder.disk,
            _lock: lock,
        };
        Ok(writer)
    }

    fn journal_path(&self) -> PathBuf {
        self.output.join(OWN).join(JOURNAL)
    }

    /// Adds lines to the journal, whole and for good. Lines that could not be written are removed again.
    fn append(&mut self, lines: &[u8]) -> Result<(), Error> {
        let journal = self.journal_path();
        let mut append = || {
            let end = self.journal.seek(SeekFrom::End(0))?;
            let written = self.disk.write(&mut self.journal, &journal, lines);
            let synced = written.and_then(|()| self.disk.sync(&self.journal, &journal));
            if synced.is_err() {
                let _ = self.disk.cut(&self.journal, &journal, end);
            }
            synced
        };
        append().map_err(|cause| Error::write(&journal, cause))
    }

    /// Syncs every folder of the archive: of the names that a run made which was killed, nobody knows whether the
    /// medium has them.
    fn sync_folders(&self) -> Result<(), Error> {
        let new = self.output.join(OWN).join(NEW);
        let folders = WalkDir::new(self.output).into_iter();
        for folder in folders.filter_entry(|e| e.file_type().is_dir() && e.path() != new) {
            let folder = folder.map_err(|error| Error::read(self.output, error.into()))?;
            self.sync(folder.path())?;
        }
        Ok(())
    }

    fn sync(&self, folder: &Path) -> Result<(), Error> {
        let synced = self.disk.sync_folder(folder);
        synced.map_err(|cause| Error::write(folder, cause))
    }
}

impl Writer for FolderWriter<'_> {
    fn resume_journal(&mut self, head: &str) -> Result<(), Error> {
        let path = self.journal_path();
        let failed = |cause| Error::write(&path, cause);
        let text = fs::read(&path).map_err(failed)?;
        if text == head.as_bytes() {
            return Ok(()); // the last run came to its end
        }
        if text.is_empty() {
            // The first run. Nothing is written until the journal is there for good.
            self.sync(&self.output.join(OWN))?;
            self.sync(self.output)?;
        } else {
            self.sync_folders()?;
        }
        if text.starts_with(head.as_bytes()) {
            let end = text.iter().rposition(|byte| *byte == b'\n');
            let whole = end.map_or(0, |at| at + 1);
            let cut = self.disk.cut(&self.journal, &path, whole as u64);
            cut.map_err(failed)?;
        } else {
            self.begin_journal(head)?;
        }
        Ok(())
    }

    fn begin_journal(&mut self, head: &str) -> Result<(), Error> {
        let path = self.journal_path();
        let mut begin = || {
            self.disk.cut(&self.journal, &path, 0)?;
            self.disk.write(&mut self.journal, &path, head.as_bytes())
        };
        begin().map_err(|cause| Error::write(&path, cause))
    }

    fn commit(&mut self, files: &[NewFile]) -> Result<Vec<Written>, Error> {
        let new = self.output.join(OWN).join(NEW);
        let targets: Vec<PathBuf> = files.iter().map(|f| self.output.join(f.name)).collect();
        let mut temporary: Vec<Result<TempPath, Error>> = Vec::new();
        for (file, target) in files.iter().zip(&targets) {
            let staged = staged(self.disk, &new, file.bytes);
            temporary.push(costs_one(target, staged)?);
        }
        let whole = files.iter().zip(&temporary).filter(|(_, t)| t.is_ok());
        let lines: String = whole.map(|(file, _)| file.journal_line).collect();
        self.append(lines.as_bytes())?;
        let mut folders = BTreeSet::new();
        let mut placed: Vec<Result<(), Error>> = Vec::new();
        for (temporary, target) in temporary.into_iter().zip(&targets) {
            placed.push(match temporary {
                Ok(file) => costs_one(target, place(self.disk, &file, target, &mut folders))?,
                Err(fault) => Err(fault),
            });
        }
        folders.iter().try_for_each(|folder| self.sync(folder))?;
        let stamped = files.iter().zip(placed);
        let stamped = stamped.map(|(file, placed)| placed.map(|()| self.folder.stamp(file.name)));
        Ok(stamped.collect())
    }

    fn remove(&mut self, name: &str, journal_line: &str) -> Result<(), Error> {
        self.append(journal_line.as_bytes())?;
        let path = self.output.join(name);
        let failed = |cause| Error::write(&path, cause);
        match self.disk.remove(&path) {
            Err(cause) if cause.kind() != io::ErrorKind::NotFound => return Err(failed(cause)),
            _ => {}
        }
        let folders = path.ancestors().skip(1);
        let mut own = folders
            .take_while(|folder| *folder != self.output)
            .skip_while(|folder| self.disk.remove_folder(folder).is_ok() || !folder.exists());
        self.sync(own.next().unwrap_or(self.output))
    }

    fn write(&self, files: &[(&str, &[u8])]) -> Result<(), Error> {
        let new = self.output.join(OWN).join(NEW);
        let mut folders = BTreeSet::new();
        for (name, content) in files {
            let path = self.output.join(name);
            let same = fs::metadata(&path).is_ok_and(|found| found.len() == content.len() as u64)
                && fs::read(&path).is_ok_and(|old| old == *content);
            if !same {
                let replaced = replace(self.disk, &new, &path, content);
                replaced.map_err(|cause| Error::write(&path, cause))?;
            }
            // Who wrote one that is there may have been killed before it was there for good.
            folders.insert(folder_of(&path).to_owned());
        }
        folders.remove(&self.output.join(OWN));
        folders.iter().try_for_each(|folder| self.sync(folder))
    }
}

/// Renames a file to its place, and adds the folders whose entries change to `folders`.
fn place(
    disk: &dyn Disk,
    file: &Path,
    target: &Path,
    folders: &mut BTreeSet<PathBuf>,
) -> io::Result<()> {
    replaceable(target)?;
    let folder = folder_of(target);
    folders.extend(make_folders(disk, folder)?);
    disk.rename(file, target)?;
    folders.insert(folder.to_owned());
    Ok(())
}

/// The content of a file; empty if it does not exist.
fn content(path: &Path) -> Result<Vec<u8>, Error> {
    match fs::read(path) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(Error::read(path, cause)),
        content => Ok(content.unwrap_or_default()),
    }
}

/// A failed write as an error of one report, or, if the disk is full or read-only, of the run.
fn costs_one<T>(path: &Path, result: io::Result<T>) -> Result<Result<T, Error>, Error> {
    use io::ErrorKind::{QuotaExceeded, ReadOnlyFilesystem, StorageFull};
    match result {
        Err(cause)
            if matches!(
                cause.kind(),
                StorageFull | QuotaExceeded | ReadOnlyFilesystem
            ) =>
        {
            Err(Error::write(path, cause))
        }
        result => Ok(result.map_err(|cause| Error::write(path, cause))),
    }
}
