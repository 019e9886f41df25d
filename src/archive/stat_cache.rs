//! Which PDFs are known to be what the ledger says, so that they need not be read again in each run.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::archive::names::{SEEN, pdf_path};
use crate::archive::record::{Pdf, Records};
use crate::archive::standing::Standing;
use crate::digest::Digest;
use crate::storage::ArchiveStore;

/// The stamps of PDFs with the digests that they had, by path.
#[derive(Default)]
pub struct StatCache {
    stamps: Mutex<BTreeMap<String, (String, Digest)>>,
}

impl StatCache {
    /// The stamps that earlier runs have noted of an archive.
    pub(crate) fn of(output: &dyn ArchiveStore) -> Self {
        let kept = output.content(SEEN).unwrap_or_default();
        Self {
            stamps: Mutex::new(serde_json::from_slice(&kept).unwrap_or_default()),
        }
    }

    /// Whether the PDF of a report is what the ledger says. One that was not touched since it was
    /// last seen is not read.
    pub(crate) fn standing(&self, output: &dyn ArchiveStore, report: &str, pdf: &Pdf) -> Standing {
        let name = pdf_path(report);
        let mut new = None;
        let standing = pdf.standing(output, &name, |found| {
            let stamp = found.stamp.clone();
            let known = self.stamps().get(&name).is_some_and(|(last, digest)| {
                Some(last) == stamp.as_ref() && *digest == pdf.digest
            });
            new = stamp.filter(|_| !known);
            known
        });
        if let (Standing::Same, Some(stamp)) = (standing, new) {
            self.stamps().insert(name, (stamp, pdf.digest));
        }
        standing
    }

    /// Whether the PDF of a report is what the ledger says, by its bytes.
    pub(crate) fn read(&self, output: &dyn ArchiveStore, report: &str, pdf: &Pdf) -> Standing {
        let name = pdf_path(report);
        let mut stamp = None;
        let standing = pdf.standing(output, &name, |found| {
            stamp.clone_from(&found.stamp);
            false
        });
        if standing == Standing::Same {
            self.note(&name, pdf.digest, stamp);
        }
        standing
    }

    /// Notes that a PDF was just written, and what it is known by.
    pub(crate) fn note(&self, name: &str, digest: Digest, stamp: Option<String>) {
        if let Some(stamp) = stamp {
            self.stamps().insert(name.to_owned(), (stamp, digest));
        }
    }

    /// The stamp of a PDF.
    pub(crate) fn stamp(&self, name: &str) -> Option<String> {
        self.stamps().get(name).map(|(stamp, _)| stamp.clone())
    }

    /// The stamps for the next run, of the PDFs in the ledger.
    pub(crate) fn text(&self, records: &Records) -> Vec<u8> {
        let names: BTreeSet<String> = records.keys().map(|path| pdf_path(path)).collect();
        let mut stamps = self.stamps();
        stamps.retain(|name, _| names.contains(name));
        serde_json::to_vec(&*stamps).expect("stamps are JSON")
    }

    fn stamps(&self) -> MutexGuard<'_, BTreeMap<String, (String, Digest)>> {
        self.stamps.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
