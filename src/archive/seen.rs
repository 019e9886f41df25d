//! Which PDFs are known to be what the ledger says, so that they need not be read again in each run.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::ledger::{Pdf, Records, pdf_path};
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

/// Whether a PDF is what the ledger says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Same,
    Missing,
    Altered,
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
        let path = self.output.join(&name);
        let Ok(found) = fs::symlink_metadata(&path) else {
            return Standing::Missing;
        };
        if !found.is_file() || found.len() != pdf.bytes {
            return Standing::Altered;
        }
        let stamp = Stamp::of(&found).map(|stamp| stamp.shown());
        let known = self
            .stamps()
            .get(&name)
            .is_some_and(|(last, digest)| Some(last) == stamp.as_ref() && *digest == pdf.digest);
        if !known && Digest::of_file(&path).ok() != Some(pdf.digest) {
            return Standing::Altered;
        }
        if let Some(stamp) = stamp.filter(|_| !known) {
            self.stamps().insert(name, (stamp, pdf.digest));
        }
        Standing::Same
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
