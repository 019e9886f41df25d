//! Which PDFs are known to be what the ledger says, so that they need not be read again in each run. A stamp stands
//! only beside a digest that was computed here, of the bytes that were written or read: never beside one that
//! somebody claims.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use crate::archive::names::{SEEN, pdf_path};
use crate::archive::record::{Pdf, Records};
use crate::archive::standing::Standing;
use crate::digest::Digest;
use crate::storage::ArchiveStore;

/// The stamps of PDFs with the digests that they had, by path.
type Stamps = BTreeMap<String, (String, Digest)>;

/// What an archive keeps of them. Earlier programs kept stamps alone, also beside digests that were claimed.
#[derive(Default, Serialize, Deserialize)]
struct Seen {
    read: Stamps,
}

/// The stamps of PDFs that were read or written here.
#[derive(Default)]
pub struct StatCache {
    stamps: Mutex<Stamps>,
}

impl StatCache {
    /// The stamps that earlier runs have noted of an archive.
    pub(crate) fn of(output: &dyn ArchiveStore) -> Self {
        let kept = output.content(SEEN).unwrap_or_default();
        let seen: Seen = serde_json::from_slice(&kept).unwrap_or_default();
        Self {
            stamps: Mutex::new(seen.read),
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
        self.stamps().remove(&name);
        if standing == Standing::Same {
            self.note(&name, pdf.digest, stamp);
        }
        standing
    }

    /// Keeps what is known of a PDF if that is this digest and this stamp, and else forgets it.
    pub(crate) fn keep(&self, name: &str, digest: Digest, stamp: Option<&str>) {
        let is_known =
            |(last, known): &(String, Digest)| Some(&**last) == stamp && *known == digest;
        let mut stamps = self.stamps();
        if !stamps.get(name).is_some_and(is_known) {
            stamps.remove(name);
        }
    }

    /// The number of PDFs whose digests in the ledger were not computed here.
    pub(crate) fn unread(&self, records: &Records) -> usize {
        let stamps = self.stamps();
        let is_read = |path: &str, pdf: &Pdf| {
            let known = stamps.get(&pdf_path(path));
            known.is_some_and(|(_, digest)| *digest == pdf.digest)
        };
        let pdfs = records
            .iter()
            .filter_map(|(path, r)| Some((path, r.pdf()?)));
        pdfs.filter(|(path, pdf)| !is_read(path, pdf)).count()
    }

    /// Notes that a PDF was just written, and what it is known by.
    pub(crate) fn note(&self, name: &str, digest: Digest, stamp: Option<String>) {
        if let Some(stamp) = stamp {
            self.stamps().insert(name.to_owned(), (stamp, digest));
        }
    }

    /// The stamps for the next run, of the PDFs in the ledger.
    pub(crate) fn text(&self, records: &Records) -> Vec<u8> {
        let names: BTreeSet<String> = records.keys().map(|path| pdf_path(path)).collect();
        let mut read = self.stamps().clone();
        read.retain(|name, _| names.contains(name));
        serde_json::to_vec(&Seen { read }).expect("stamps are JSON")
    }

    fn stamps(&self) -> MutexGuard<'_, Stamps> {
        self.stamps.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
