//! The folder that an archive is written to: one run at a time, files whole or not at all, and a
//! ledger that never says more than the disk holds.
//!
//! A PDF goes its way in batches: temporary files, written and synced; their records in the journal,
//! synced; renamed; their folders synced. Wherever that ends, each path has the old PDF or the new
//! one, and the ledger or the journal has its record.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use tempfile::TempPath;
use walkdir::WalkDir;

use crate::archive::manifest::{self, MANIFEST, Record, Records, pdf_path};
use crate::archive::stat_cache::{SEEN, Seen};
use crate::digest::Digest;
use crate::error::Error;
use crate::source::{Stamp, folder_of};
use crate::storage::store::{Found, Item, Output, Store};
use crate::storage::write::{Disk, replace, staged, sync_folder};

/// What a run keeps for itself, below the archive's folder.
pub(crate) const OWN: &str = ".nianbao";
/// Its folder for files that have no name yet.
const NEW: &str = "new";
/// Its journal.
const JOURNAL: &str = "journal.jsonl";
/// What keeps a second run from it.
const LOCK: &str = "lock";

/// An archive in a folder.
pub struct Folder<'a> {
    root: PathBuf,
    disk: &'a dyn Disk,
}

impl<'a> Folder<'a> {
    /// The archive in `root`, which need not be there.
    #[must_use]
    pub fn new(root: &Path, disk: &'a dyn Disk) -> Self {
        Self {
            root: root.to_owned(),
            disk,
        }
    }
}

impl Output for Folder<'_> {
    fn root(&self) -> &Path {
        &self.root
    }

    fn content(&self, name: &str) -> Result<Vec<u8>, Error> {
        content(&self.path(name))
    }

    fn found(&self, name: &str) -> Result<Option<Found>, Error> {
        let Ok(found) = fs::symlink_metadata(self.path(name)) else {
            return Ok(None);
        };
        Ok(Some(Found {
            bytes: found.is_file().then_some(found.len()),
            stamp: Stamp::of(&found).map(|stamp| stamp.shown()),
        }))
    }

    fn digest(&self, name: &str) -> Result<Digest, Error> {
        let path = self.path(name);
        Digest::of_file(&path).map_err(|cause| Error::read(&path, cause))
    }

    fn names(&self) -> Result<Vec<String>, Error> {
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
        let journal = content(&self.root.join(OWN).join(JOURNAL))?;
        Ok(vec![journal]
            .into_iter()
            .filter(|j| !j.is_empty())
            .collect())
    }

    fn hold(&self) -> Result<Option<Lock>, Error> {
        if !self.root.join(OWN).join(LOCK).is_file() {
            return Ok(None);
        }
        let lock = lock(&self.root, false)?;
        lock.map_or_else(
            || Err(Error::Locked(self.root.clone())),
            |lock| Ok(Some(lock)),
        )
    }

    fn open<'a>(&'a self, seen: &'a Seen) -> Result<Box<dyn Store + 'a>, Error> {
        Ok(Box::new(FolderStore::open(self, seen)?))
    }

    fn put(&self, name: &str, content: &[u8]) -> Result<Option<String>, Error> {
        let new = self.root.join(OWN).join(NEW);
        let target = self.path(name);
        let failed = |path: &Path, cause| Error::write(path, cause);
        fs::create_dir_all(&new).map_err(|cause| failed(&new, cause))?;
        // Many may write at once, as long as no run holds the archive.
        let lock = self.root.join(OWN).join(LOCK);
        let mut options = OpenOptions::new();
        let made = options.append(true).create(true).open(&lock);
        made.map_err(|cause| failed(&lock, cause))?;
        let _held = self.hold()?;
        let placed = || {
            let file = staged(self.disk, &new, content)?;
            let mut folders = BTreeSet::new();
            place(self.disk, &file, &target, &mut folders)?;
            folders.iter().try_for_each(|folder| sync_folder(folder))
        };
        placed().map_err(|cause| failed(&target, cause))?;
        Ok(self.stamp(name))
    }
}

/// The folder of an archive, held by one run.
struct FolderStore<'a> {
    folder: &'a Folder<'a>,
    output: &'a Path,
    disk: &'a dyn Disk,
    journal: File,
    seen: &'a Seen,
    /// Held as long as the run lasts; the system lets go of it however the run ends.
    _lock: Lock,
}

impl<'a> FolderStore<'a> {
    /// Takes hold of an archive's folder, which is made where there is none.
    ///
    /// # Errors
    /// When another run has it, or it cannot be written.
    fn open(folder: &'a Folder, seen: &'a Seen) -> Result<Self, Error> {
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
        let mut store = Self {
            journal: options.open(&journal).map_err(failed(&journal))?,
            seen,
            folder,
            output,
            disk: folder.disk,
            _lock: lock,
        };
        let head = manifest::head(&content(&output.join(MANIFEST))?);
        store.take_up_journal(&head).map_err(failed(&journal))?;
        sync_folder(&own).map_err(failed(&own))?;
        sync_folder(folder_of(&own)).map_err(failed(output))?;
        Ok(store)
    }

    /// Goes on with the journal of a run that was killed, behind its last whole line. A journal that
    /// follows another ledger has been dealt with.
    fn take_up_journal(&mut self, head: &str) -> io::Result<()> {
        let text = fs::read(self.journal_path())?;
        if text.starts_with(head.as_bytes()) {
            let whole = text
                .iter()
                .rposition(|byte| *byte == b'\n')
                .map_or(0, |at| at + 1);
            return self.journal.set_len(whole as u64);
        }
        self.begin_journal(head)
    }

    fn journal_path(&self) -> PathBuf {
        self.output.join(OWN).join(JOURNAL)
    }

    fn begin_journal(&mut self, head: &str) -> io::Result<()> {
        self.journal.set_len(0)?;
        self.disk.write(&mut self.journal, head.as_bytes())
    }

    /// Adds lines to the journal, whole and for good. Lines that could not be written are taken
    /// back.
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

impl Store for FolderStore<'_> {
    fn commit(&mut self, items: &[Item]) -> Result<Vec<Option<Error>>, Error> {
        let new = self.output.join(OWN).join(NEW);
        let target = |item: &Item| self.output.join(pdf_path(&item.record.path));
        let targets: Vec<PathBuf> = items.iter().map(target).collect();
        let mut written: Vec<Result<TempPath, Error>> = Vec::new();
        for (item, target) in items.iter().zip(&targets) {
            let file = staged(self.disk, &new, &item.bytes);
            written.push(costs_one(target, file)?);
        }
        let whole = items.iter().zip(&written).filter(|(_, file)| file.is_ok());
        let lines: String = whole
            .map(|(item, _)| manifest::line(&item.record))
            .collect();
        self.append(lines.as_bytes())?;
        let mut folders = BTreeSet::new();
        let mut faults = Vec::new();
        for (file, target) in written.into_iter().zip(&targets) {
            let placed = match file {
                Ok(file) => costs_one(target, place(self.disk, &file, target, &mut folders))?,
                Err(fault) => Err(fault),
            };
            faults.push(placed.err());
        }
        for folder in &folders {
            sync_folder(folder).map_err(|cause| Error::write(folder, cause))?;
        }
        for (item, fault) in items.iter().zip(&faults) {
            if let (Some(pdf), None) = (item.record.pdf, fault) {
                let name = pdf_path(&item.record.path);
                let stamp = self.folder.stamp(&name);
                self.seen.note(&name, pdf.digest, stamp);
            }
        }
        Ok(faults)
    }

    fn remove(&mut self, record: &Record) -> Result<(), Error> {
        let gone = Record {
            pdf: None,
            ..record.clone()
        };
        self.append(manifest::line(&gone).as_bytes())?;
        let path = self.output.join(pdf_path(&record.path));
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

    fn close(&mut self, records: &Records) -> Result<(), Error> {
        let text = manifest::text(records);
        self.write(MANIFEST, text.as_bytes())?;
        let journal = self.journal_path();
        let begun = self.begin_journal(&manifest::head(text.as_bytes()));
        begun.map_err(|cause| Error::write(&journal, cause))?;
        self.write(&format!("{OWN}/{SEEN}"), &self.seen.text(records))
    }
}

/// Renames a file to its place, and notes the folders whose names change.
fn place(
    disk: &dyn Disk,
    file: &Path,
    target: &Path,
    folders: &mut BTreeSet<PathBuf>,
) -> io::Result<()> {
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

/// The content of a file; of one that is not there, nothing.
fn content(path: &Path) -> Result<Vec<u8>, Error> {
    match fs::read(path) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(Error::read(path, cause)),
        content => Ok(content.unwrap_or_default()),
    }
}

/// The lock of an archive. It is let go by name: closing the file would leave it to a process that
/// was started meanwhile and has not yet closed what it got from this one.
pub struct Lock(File);

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = self.0.unlock();
    }
}

/// Takes the lock of an archive: one run that writes, or many that read. None if it is taken.
fn lock(output: &Path, writes: bool) -> Result<Option<Lock>, Error> {
    let path = output.join(OWN).join(LOCK);
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

/// Tells a fault that costs one report from one that ends the run.
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
