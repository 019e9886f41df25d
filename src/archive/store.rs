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

use super::ledger::{self, MANIFEST, Record, Records, pdf_path};
use super::seen::{SEEN, Seen};
use super::write::{Disk, folder_of, replace, staged, sync_folder};
use crate::error::Error;

/// What a run keeps for itself, below the archive's folder.
pub(super) const OWN: &str = ".nianbao";
/// Its folder for files that have no name yet.
const NEW: &str = "new";

/// The folder of an archive, held by one run.
pub(super) struct Store<'a> {
    output: PathBuf,
    disk: &'a dyn Disk,
    journal: File,
    seen: &'a Seen,
    /// Held as long as the run lasts; the system lets go of it however the run ends.
    _lock: Lock,
}

/// A PDF to be written.
pub(super) struct Item {
    pub(super) record: Record,
    pub(super) bytes: Vec<u8>,
}

impl<'a> Store<'a> {
    /// Takes hold of an archive's folder, which is made where there is none.
    ///
    /// # Errors
    /// When another run has it, or it cannot be written.
    pub(super) fn open(output: &Path, disk: &'a dyn Disk, seen: &'a Seen) -> Result<Self, Error> {
        let own = output.join(OWN);
        let new = own.join(NEW);
        let journal = ledger::journal(output);
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
            output: output.to_owned(),
            disk,
            _lock: lock,
        };
        let head = ledger::head(&ledger::content(&output.join(MANIFEST))?);
        store.take_up_journal(&head).map_err(failed(&journal))?;
        sync_folder(&own).map_err(failed(&own))?;
        sync_folder(folder_of(&own)).map_err(failed(output))?;
        Ok(store)
    }

    /// Goes on with the journal of a run that was killed, behind its last whole line. A journal that
    /// follows another ledger has been dealt with.
    fn take_up_journal(&mut self, head: &str) -> io::Result<()> {
        let text = fs::read(ledger::journal(&self.output))?;
        if text.starts_with(head.as_bytes()) {
            let whole = text
                .iter()
                .rposition(|byte| *byte == b'\n')
                .map_or(0, |at| at + 1);
            return self.journal.set_len(whole as u64);
        }
        self.begin_journal(head)
    }

    fn begin_journal(&mut self, head: &str) -> io::Result<()> {
        self.journal.set_len(0)?;
        self.disk.write(&mut self.journal, head.as_bytes())
    }

    /// Writes PDFs for good. Of each it is said what kept it from being written, if anything did.
    ///
    /// # Errors
    /// When the disk is full or the journal cannot be written. Each path then has the old PDF or the
    /// new one, and the ledger with the journal tells which.
    pub(super) fn commit(&mut self, items: &[Item]) -> Result<Vec<Option<Error>>, Error> {
        let new = self.output.join(OWN).join(NEW);
        let target = |item: &Item| self.output.join(pdf_path(&item.record.path));
        let targets: Vec<PathBuf> = items.iter().map(target).collect();
        let mut written: Vec<Result<TempPath, Error>> = Vec::new();
        for (item, target) in items.iter().zip(&targets) {
            let file = staged(self.disk, &new, &item.bytes);
            written.push(costs_one(target, file)?);
        }
        let whole = items.iter().zip(&written).filter(|(_, file)| file.is_ok());
        let lines: String = whole.map(|(item, _)| ledger::line(&item.record)).collect();
        self.append(lines.as_bytes())?;
        let mut folders = BTreeSet::new();
        let mut faults = Vec::new();
        for (file, target) in written.into_iter().zip(&targets) {
            let placed = match file {
                Ok(file) => costs_one(target, self.place(&file, target, &mut folders))?,
                Err(fault) => Err(fault),
            };
            faults.push(placed.err());
        }
        for folder in &folders {
            sync_folder(folder).map_err(|cause| Error::write(folder, cause))?;
        }
        for (item, fault) in items.iter().zip(&faults) {
            if let (Some(pdf), None) = (item.record.pdf, fault) {
                self.seen.note(&pdf_path(&item.record.path), pdf.digest);
            }
        }
        Ok(faults)
    }

    /// Renames a file to its place, and notes the folders whose names change.
    fn place(&self, file: &Path, target: &Path, folders: &mut BTreeSet<PathBuf>) -> io::Result<()> {
        let folder = folder_of(target);
        let absent = folder.ancestors().take_while(|folder| !folder.exists());
        folders.extend(absent.map(|folder| folder_of(folder).to_owned()));
        folders.insert(folder.to_owned());
        let placed = self.disk.place(file, target);
        if placed.is_err() {
            folders.retain(|folder| folder.exists());
        }
        placed
    }

    /// Adds lines to the journal, whole and for good. Lines that could not be written are taken
    /// back.
    fn append(&mut self, lines: &[u8]) -> Result<(), Error> {
        let journal = ledger::journal(&self.output);
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

    /// Removes the PDF of a record for good, and the folders that it leaves empty.
    ///
    /// # Errors
    /// When it is there and cannot be removed.
    pub(super) fn remove(&mut self, record: &Record) -> Result<(), Error> {
        let gone = Record {
            pdf: None,
            ..record.clone()
        };
        self.append(ledger::line(&gone).as_bytes())?;
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
        sync_folder(own.next().unwrap_or(&self.output)).map_err(failed)
    }

    /// Writes a file beside the PDFs, unless it stands there as it is.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn write(&self, name: &str, content: &[u8]) -> Result<(), Error> {
        let path = self.output.join(name);
        let same = fs::metadata(&path).is_ok_and(|found| found.len() == content.len() as u64)
            && fs::read(&path).is_ok_and(|old| old == content);
        if same {
            return Ok(());
        }
        let new = self.output.join(OWN).join(NEW);
        replace(self.disk, &new, &path, content).map_err(|cause| Error::write(&path, cause))
    }

    /// Writes the ledger. The journal follows another ledger then and has nothing more to say.
    ///
    /// # Errors
    /// When it cannot be written; the old ledger and the journal then stand.
    pub(super) fn close(&mut self, records: &Records) -> Result<(), Error> {
        let text = ledger::text(records);
        self.write(MANIFEST, text.as_bytes())?;
        let journal = ledger::journal(&self.output);
        let begun = self.begin_journal(&ledger::head(text.as_bytes()));
        begun.map_err(|cause| Error::write(&journal, cause))?;
        self.write(&format!("{OWN}/{SEEN}"), &self.seen.text(records))
    }
}

/// Keeps runs from an archive that is looked at, as long as what is given back lives. Where there is
/// nothing to lock, nobody ever wrote.
///
/// # Errors
/// When a run works on it.
pub(super) fn hold(output: &Path) -> Result<Option<Lock>, Error> {
    if !output.join(OWN).join("lock").is_file() {
        return Ok(None);
    }
    let lock = lock(output, false)?;
    lock.map_or_else(
        || Err(Error::Locked(output.to_owned())),
        |lock| Ok(Some(lock)),
    )
}

/// The lock of an archive. It is let go by name: closing the file would leave it to a process that
/// was started meanwhile and has not yet closed what it got from this one.
pub(super) struct Lock(File);

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = self.0.unlock();
    }
}

/// Takes the lock of an archive: one run that writes, or many that read. None if it is taken.
fn lock(output: &Path, writes: bool) -> Result<Option<Lock>, Error> {
    let path = output.join(OWN).join("lock");
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
