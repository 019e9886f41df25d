//! Whether a file stands in an archive as the ledger has it.

use crate::archive::record::Pdf;
use crate::storage::{ArchiveStore, FileStat};

/// Whether a PDF is what the ledger says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    Same,
    Missing,
    Altered,
    /// Nobody can tell now.
    Unknown,
}

impl Pdf {
    /// Whether this is what stands under a name. `known` tells of a file that is there, and of the right
    /// size, whether it need not be read.
    pub(crate) fn standing(
        &self,
        store: &dyn ArchiveStore,
        name: &str,
        known: impl FnOnce(&FileStat) -> bool,
    ) -> Standing {
        let found = match store.stat(name) {
            Ok(Some(found)) => found,
            Ok(None) => return Standing::Missing,
            Err(_) => return Standing::Unknown,
        };
        if found.bytes != Some(self.bytes) {
            return Standing::Altered;
        }
        if known(&found) {
            return Standing::Same;
        }
        match store.digest(name) {
            Ok(digest) if digest == self.digest => Standing::Same,
            Ok(_) => Standing::Altered,
            Err(_) => Standing::Unknown,
        }
    }
}
