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
use crate::storage::write::{Disk, replace, replaceable, staged, sync_folder};

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
        fs::create_dir_all(&new).map_err(|cause| failed(&new, cause))?;
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
            folders.iter().try_for_each(|folder| sync_folder(folder))
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
        fs::create_dir_all(&own).map_err(failed(&own))?;
        let lock = lock(output, true)?.ok_or_else(|| Error::Locked(output.to_owned()))?;
        // What a run that was killed had not renamed.
        if new.exists() {
            fs::remove_dir_all(&new).map_err(failed(&new))?;
        }
        fs::create_dir(&new).map_err(failed(&new))?;
        let mut options = OpenOptions::new();
        options.create(true).append(true).read(true);
        let writer = Self {
            journal: options.open(&journal).map_err(failed(&journal))?,
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
            let written = self.disk.write(&mut self.journal, lines);
            if written.is_err() {
                let _ = self.journal.set_len(end);
            }
            written
        };
        append().map_err(|cause| Error::write(&journal, cause))
    }
}

impl Writer for FolderWriter<'_> {
    fn resume_journal(&mut self, head: &str) -> Result<(), Error> {
        let path = self.journal_path();
        let failed = |cause| Error::write(&path, cause);
        let text = fs::read(&path).map_err(failed)?;
        if text.starts_with(head.as_bytes()) {
            let end = text.iter().rposition(|byte| *byte == b'\n');
            let whole = end.map_or(0, |at| at + 1);
            self.journal.set_len(whole as u64).map_err(failed)?;
        } else {
            self.begin_journal(head)?;
        }
        // The names reach the medium before anything is written under them.
        let own = self.output.join(OWN);
        sync_folder(&own).map_err(|cause| Error::write(&own, cause))?;
        sync_folder(self.output).map_err(|cause| Error::write(self.output, cause))
    }

    fn begin_journal(&mut self, head: &str) -> Result<(), Error> {
        let path = self.journal_path();
        let mut begin = || {
            self.journal.set_len(0)?;
            self.disk.write(&mut self.journal, head.as_bytes())
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
        for folder in &folders {
            sync_folder(folder).map_err(|cause| Error::write(folder, cause))?;
        }
        let stamped = files.iter().zip(placed);
        let stamped = stamped.map(|(file, placed)| placed.map(|()| self.folder.stamp(file.name)));
        Ok(stamped.collect())
    }

    fn remove(&mut self, name: &str, journal_line: &str) -> Result<(), Error> {
        self.append(journal_line.as_bytes())?;
        let path = self.output.join(name);
        let failed = |cause| Error::write(&path, cause);
        match fs::remove_file(&path) {
            Err(cause) if cause.kind() != io::ErrorKind::NotFound => return Err(failed(cause)),
            _ => {}
        }
        let folders = path.ancestors().skip(1);
        let mut own = folders
            .take_while(|folder| *folder != self.output)
            .skip_while(|folder| fs::remove_dir(folder).is_ok() || !folder.exists());
        sync_folder(own.next().unwrap_or(self.output)).map_err(failed)
    }

    fn write(&self, name: &str, content: &[u8]) -> Result<(), Error> {
        let path = self.output.join(name);
        let same = fs::metadata(&path).is_ok_and(|found| found.len() == content.len() as u64)
            && fs::read(&path).is_ok_and(|old| old == content);
        if same {
            return Ok(());
        }
        let new = self.output.join(OWN).join(NEW);
        replace(self.disk, &new, &path, content).map_err(|cause| Error::write(&path, cause))
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
    let absent = folder.ancestors().take_while(|folder| !folder.exists());
    folders.extend(absent.map(|folder| folder_of(folder).to_owned()));
    folders.insert(folder.to_owned());
    let placed = disk.place(file, target);
    if placed.is_err() {
        folders.retain(|folder| folder.exists());
    }
    placed
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
