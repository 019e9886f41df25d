//! An archive in a store of objects. Each object is put whole, so there is nothing to be renamed and nothing
//! torn; and there is no lock, so one run at a time is for whoever starts them.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::archive::manifest::{self, MANIFEST, Record, Records, pdf_path};
use crate::archive::stat_cache::{SEEN, Seen};
use crate::cloud::{Bucket, Object};
use crate::digest::Digest;
use crate::error::Error;
use crate::storage::folder::{Lock, OWN};
use crate::storage::store::{Found, Item, Output, Store};

/// The journals of runs that have not come to their end: an object for each batch.
const JOURNALS: &str = ".nianbao/journal";

/// An archive in a bucket.
pub(crate) struct Shelf {
    bucket: Bucket,
    root: PathBuf,
    /// What stands there, once that was looked at.
    listing: Mutex<Option<BTreeMap<String, Object>>>,
}

impl Shelf {
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

    /// Puts objects, and notes what stands there then. Gives what each is known by.
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

impl Output for Shelf {
    fn root(&self) -> &Path {
        &self.root
    }

    fn content(&self, name: &str) -> Result<Vec<u8>, Error> {
        match self.bucket.get(name, usize::MAX >> 1) {
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            content => content.map_err(|cause| self.read(name, cause)),
        }
    }

    fn found(&self, name: &str) -> Result<Option<Found>, Error> {
        let object = if let Some(listing) = &*self.listing() {
            listing.get(name).cloned()
        } else {
            let object = self.bucket.head(name);
            object.map_err(|cause| self.read(name, cause))?
        };
        Ok(object.map(|object| Found {
            bytes: Some(object.bytes),
            stamp: object.tag,
        }))
    }

    fn digest(&self, name: &str) -> Result<Digest, Error> {
        let content = self.bucket.get(name, usize::MAX >> 1);
        let content = content.map_err(|cause| self.read(name, cause))?;
        Ok(Digest::of(&content))
    }

    fn names(&self) -> Result<Vec<String>, Error> {
        let objects = self.bucket.list("").map_err(|cause| self.read("", cause))?;
        let names = objects.into_iter().map(|(name, _)| name);
        let own = format!("{OWN}/");
        Ok(names.filter(|name| !name.starts_with(&own)).collect())
    }

    fn look(&self) -> Result<(), Error> {
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

    fn hold(&self) -> Result<Option<Lock>, Error> {
        Ok(None)
    }

    fn open<'a>(&'a self, seen: &'a Seen) -> Result<Box<dyn Store + 'a>, Error> {
        let manifest = self.content(MANIFEST)?;
        Ok(Box::new(ShelfStore {
            shelf: self,
            seen,
            head: manifest::head(&manifest),
        }))
    }

    fn put(&self, name: &str, content: &[u8]) -> Result<Option<String>, Error> {
        let object = self.put_all(&[(name, content)])?.pop().transpose()?;
        Ok(object.and_then(|object| object.tag))
    }
}

/// An archive in a bucket, as one run writes it.
struct ShelfStore<'a> {
    shelf: &'a Shelf,
    seen: &'a Seen,
    /// The first line of journals.
    head: String,
}

impl ShelfStore<'_> {
    /// Adds records to the journal, in an object of their own.
    fn append(&self, lines: &str) -> Result<(), Error> {
        let journal = format!("{}{lines}", self.head);
        let digest = Digest::of(journal.as_bytes()).to_string();
        let name = format!("{JOURNALS}/{}.jsonl", &digest[..16]);
        self.shelf.put(&name, journal.as_bytes()).map(drop)
    }
}

impl Store for ShelfStore<'_> {
    fn commit(&mut self, items: &[Item]) -> Result<Vec<Option<Error>>, Error> {
        let names: Vec<String> = items
            .iter()
            .map(|item| pdf_path(&item.record.path))
            .collect();
        let contents = items.iter().map(|item| item.bytes.as_slice());
        let pdfs: Vec<(&str, &[u8])> = names.iter().map(String::as_str).zip(contents).collect();
        let written = self.shelf.put_all(&pdfs)?;
        let put = items.iter().zip(&written).filter(|(_, put)| put.is_ok());
        let lines: String = put.map(|(item, _)| manifest::line(&item.record)).collect();
        self.append(&lines)?;
        let mut faults = Vec::new();
        for ((item, name), put) in items.iter().zip(&names).zip(written) {
            if let (Some(pdf), Ok(object)) = (item.record.pdf, &put) {
                self.seen.note(name, pdf.digest, object.tag.clone());
            }
            faults.push(put.err());
        }
        Ok(faults)
    }

    fn remove(&mut self, record: &Record) -> Result<(), Error> {
        let gone = Record {
            pdf: None,
            ..record.clone()
        };
        self.append(&manifest::line(&gone))?;
        self.shelf.remove(&pdf_path(&record.path))
    }

    fn write(&self, name: &str, content: &[u8]) -> Result<(), Error> {
        let like = self.shelf.found(name)?;
        let like = like.is_some_and(|found| found.bytes == Some(content.len() as u64));
        if like && self.shelf.content(name)? == content {
            return Ok(());
        }
        self.shelf.put(name, content).map(drop)
    }

    fn close(&mut self, records: &Records) -> Result<(), Error> {
        let text = manifest::text(records);
        self.write(MANIFEST, text.as_bytes())?;
        // What they follow is no more; what is left of them says nothing.
        self.head = manifest::head(text.as_bytes());
        let journals = self.shelf.bucket.list(JOURNALS);
        let journals = journals.map_err(|cause| self.shelf.read(JOURNALS, cause))?;
        let names = journals.iter().map(|(name, _)| name.as_str());
        let removed = self.shelf.bucket.remove(names);
        removed.map_err(|cause| Error::write(&self.shelf.path(JOURNALS), cause))?;
        self.write(&format!("{OWN}/{SEEN}"), &self.seen.text(records))
    }
}
