//! Which PDFs are known to be what the ledger says, so that they need not be read again in each run.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::ledger::{Pdf, Records, Standing, pdf_path};
use super::store::OWN;
use crate::digest::Digest;
use crate::source::Stamp;

/// The name of the file that keeps it. Without the file all PDFs are read once.
pub(super) const SEEN: &str = "seen.json";

/// The stamps of PDFs with the digests that they had, by path.
pub(super) struct Seen {
    output: PathBuf,
    stamps: Mutex<BTreeMap<String, (String, Digest)>>,
}

impl Seen {
    /// What earlier runs have seen of an archive.
    pub(super) fn of(output: &Path) -> Self {
        let kept = fs::read(output.join(OWN).join(SEEN)).unwrap_or_default();
        Self {
            output: output.to_owned(),
            stamps: Mutex::new(serde_json::from_slice(&kept).unwrap_or_default()),
        }
    }

    /// Whether the PDF of a report is what the ledger says. One that was not touched since it was
    /// last seen is not read.
    pub(super) fn standing(&self, report: &str, pdf: &Pdf) -> Standing {
        let name = pdf_path(report);
        let mut new = None;
        let standing = pdf.standing(&self.output.join(&name), |found| {
            let stamp = Stamp::of(found).map(|stamp| stamp.shown());
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

    /// Notes that a PDF was just written.
    pub(super) fn note(&self, name: &str, digest: Digest) {
        let found = fs::metadata(self.output.join(name)).ok();
        if let Some(stamp) = found.as_ref().and_then(Stamp::of) {
            self.stamps()
                .insert(name.to_owned(), (stamp.shown(), digest));
        }
    }

    /// What is kept for the next run, of the PDFs in the ledger.
    pub(super) fn text(&self, records: &Records) -> Vec<u8> {
        let names: BTreeSet<String> = records.keys().map(|path| pdf_path(path)).collect();
        let mut stamps = self.stamps();
        stamps.retain(|name, _| names.contains(name));
        serde_json::to_vec(&*stamps).unwrap_or_default()
    }

    fn stamps(&self) -> MutexGuard<'_, BTreeMap<String, (String, Digest)>> {
        self.stamps.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
