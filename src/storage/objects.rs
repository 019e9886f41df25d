//! An archive in a store of objects. Each object is put whole, so there is nothing to rename and nothing
//! torn; and there is no lock, so it is up to the user to start one run at a time.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::cloud::{Bucket, Object};
use crate::digest::Digest;
use crate::error::Error;
use crate::storage::lock::Lock;
use crate::storage::names::{JOURNALS, OWN};
use crate::storage::store::{ArchiveStore, FileStat, NewFile, Writer, Written};

/// An archive in a bucket.
pub(crate) struct ObjectStore {
    bucket: Bucket,
    root: PathBuf,
    /// The objects of the archive, once listed.
    listing: Mutex<Option<BTreeMap<String, Object>>>,
}

impl ObjectStore {
    pub(crate) fn new(bucket: Bucket) -> Self {
        Self {
            root: PathBuf::from(bucket.url()),
            bucket,
            listing: Mutex::default(),
        }
    }

    fn listing(&self) -> MutexGuard<'_, Option<BTreeMap<String, Object>>> {
        self.listing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts objects and adds them to the listing. Returns their metadata.
    fn put_all(&self, items: &[(&str, &[u8])]) -> Result<Vec<Result<Object, Error>>, Error> {
        let written = self.bucket.put(items);
        let written = written.map_err(|cause| {
            let first = items.first().map(|(name, _)| self.path(name));
            Error::write(first.as_ref().unwrap_or(&self.root), cause)
        })?;
        let mut put = Vec::new();
        for ((name, _), object) in items.iter().zip(written) {
            if let (Some(listing), Ok(object)) = (&mut *self.listing(), &object) {
                listing.insert((*name).to_owned(), object.clone());
            }
            put.push(object.map_err(|cause| Error::write(&self.path(name), cause)));
        }
        Ok(put)
    }

    fn remove(&self, name: &str) -> Result<(), Error> {
        let removed = self.bucket.remove([name]);
        removed.map_err(|cause| Error::write(&self.path(name), cause))?;
        if let Some(listing) = &mut *self.listing() {
            listing.remove(name);
        }
        Ok(())
    }

    fn read(&self, name: &str, cause: io::Error) -> Error {
        Error::read(&self.path(name), cause)
    }
}

impl ArchiveStore for ObjectStore {
    fn root(&self) -> &Path {
        &self.root
    }

    fn content(&self, name: &str) -> Result<Vec<u8>, Error> {
        match self.bucket.get(name, usize::MAX >> 1) {
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            content => content.map_err(|cause| self.read(name, cause)),
        }
    }

    fn stat(&self, name: &str) -> Result<Option<FileStat>, Error> {
        let object = if let Some(listing) = &*self.listing() {
            listing.get(name).cloned()
        } else {
            let object = self.bucket.head(name);
            object.map_err(|cause| self.read(name, cause))?
        };
        Ok(object.map(|object| FileStat {
            bytes: Some(object.bytes),
            stamp: object.tag,
        }))
    }

    fn digest(&self, name: &str) -> Result<Digest, Error> {
        let content = self.bucket.get(name, usize::MAX >> 1);
        let content = content.map_err(|cause| self.read(name, cause))?;
        Ok(Digest::of(&content))
    }

    fn list(&self) -> Result<Vec<String>, Error> {
        let objects = self.bucket.list("").map_err(|cause| self.read("", cause))?;
        let names = objects.into_iter().map(|(name, _)| name);
        let own = format!("{OWN}/");
        Ok(names.filter(|name| !name.starts_with(&own)).collect())
    }

    fn prefetch(&self) -> Result<(), Error> {
        let objects = self.bucket.list("").map_err(|cause| self.read("", cause))?;
        *self.listing() = Some(objects.into_iter().collect());
        Ok(())
    }

    fn journals(&self) -> Result<Vec<Vec<u8>>, Error> {
        let objects = self.bucket.list(JOURNALS);
        let objects = objects.map_err(|cause| self.read(JOURNALS, cause))?;
        let journals = self
            .bucket
            .get_all(objects.iter().map(|(name, _)| name.as_str()));
        journals.map_err(|cause| self.read(JOURNALS, cause))
    }

    fn lock_shared(&self) -> Result<Option<Lock>, Error> {
        Ok(None)
    }

    fn begin_run(&self) -> Result<Box<dyn Writer + '_>, Error> {
        Ok(Box::new(ObjectWriter {
            store: self,
            head: String::new(),
        }))
    }

    fn put(&self, name: &str, content: &[u8]) -> Result<(), Error> {
        self.put_all(&[(name, content)])?
            .pop()
            .transpose()
            .map(drop)
    }
}

/// An archive in a bucket, as one run writes it.
struct ObjectWriter<'a> {
    store: &'a ObjectStore,
    /// The first line of journals.
    head: String,
}

impl ObjectWriter<'_> {
    /// Adds lines to the journal, in an object of their own.
    fn append(&self, lines: &str) -> Result<(), Error> {
        let journal = format!("{}{lines}", self.head);
        let digest = Digest::of(journal.as_bytes()).to_string();
        let name = format!("{JOURNALS}/{}.jsonl", &digest[..16]);
        self.store.put(&name, journal.as_bytes())
    }
}

impl Writer for ObjectWriter<'_> {
    fn resume_journal(&mut self, head: &str) -> Result<(), Error> {
        head.clone_into(&mut self.head);
        Ok(())
    }

    fn begin_journal(&mut self, head: &str) -> Result<(), Error> {
        // Journals with another first line say nothing.
        head.clone_into(&mut self.head);
        let journals = self.store.bucket.list(JOURNALS);
        let journals = journals.map_err(|cause| self.store.read(JOURNALS, cause))?;
        let names = journals.iter().map(|(name, _)| name.as_str());
        let removed = self.store.bucket.remove(names);
        removed.map_err(|cause| Error::write(&self.store.path(JOURNALS), cause))
    }

    fn commit(&mut self, files: &[NewFile]) -> Result<Vec<Written>, Error> {
        let objects: Vec<(&str, &[u8])> = files.iter().map(|f| (f.name, f.bytes)).collect();
        let written = self.store.put_all(&objects)?;
        let put = files.iter().zip(&written).filter(|(_, put)| put.is_ok());
        let lines: String = put.map(|(file, _)| file.journal_line).collect();
        self.append(&lines)?;
        let stamped = written.into_iter().map(|put| put.map(|object| object.tag));
        Ok(stamped.collect())
    }

    fn remove(&mut self, name: &str, journal_line: &str) -> Result<(), Error> {
        self.append(journal_line)?;
        self.store.remove(name)
    }

    fn write(&self, files: &[(&str, &[u8])]) -> Result<(), Error> {
        for (name, content) in files {
            let like = self.store.stat(name)?;
            let like = like.is_some_and(|found| found.bytes == Some(content.len() as u64));
            if !like || self.store.content(name)? != *content {
                self.store.put(name, content)?;
            }
        }
        Ok(())
    }
}
