//! An archive with its sources, as work on a report finds it.

use std::path::Path;

use crate::archive::record::{Failure, Pdf, Record, Records, State};
use crate::archive::standing::Standing;
use crate::archive::stat_cache::StatCache;
use crate::error::Error;
use crate::storage::ArchiveStore;

/// An archive with its sources, as work on a report finds it.
pub(crate) struct ArchiveContext<'a> {
    pub(crate) sources: &'a Path,
    pub(crate) output: &'a dyn ArchiveStore,
    /// The ledger so far.
    pub(crate) old: &'a Records,
    pub(crate) cache: &'a StatCache,
}

impl ArchiveContext<'_> {
    /// Whether the PDF of a report is what the ledger says.
    pub(crate) fn standing(&self, report: &str, pdf: &Pdf) -> Standing {
        self.cache.standing(self.output, report, pdf)
    }

    /// The record of a report whose PDF was made and could not be written.
    pub(crate) fn unwritten(&self, record: Record, error: Error) -> Record {
        let report = record.made_from().map(|inputs| inputs.report);
        let reason = self.said(error);
        self.with_failure(record, Failure { report, reason })
    }

    /// The record with what keeps the report from being made. A PDF of what the report was before stays, and with
    /// it what was known of that, as far as the report does not say it now. Without a PDF nothing is kept.
    pub(crate) fn with_failure(&self, mut record: Record, failure: Failure) -> Record {
        let stands = |old: &&Record| {
            let standing = old.pdf().map(|pdf| self.standing(&old.path, pdf));
            matches!(standing, Some(Standing::Same | Standing::Unknown))
        };
        let before = self.old.get(&record.path).filter(stands);
        record.failure = Some(failure);
        record.files = before.map(|old| old.files.clone()).unwrap_or_default();
        record.state = State::Failed;
        if let Some(before) = before {
            record.edition.clone_from(&before.edition);
            record.agency = record.agency.or_else(|| before.agency.clone());
            record.year = record.year.or(before.year);
            if record.checks.is_none() {
                // It could not be examined.
                (record.findings, record.checks) = (before.findings, before.checks);
            }
            record.state = State::Stale;
        }
        record
    }

    /// The message of an error, with its path below the sources or the archive, so that the ledger is the
    /// same wherever these are.
    pub(crate) fn said(&self, mut error: Error) -> String {
        if let Error::Read { path, .. } | Error::Write { path, .. } = &mut error {
            let inside = path.strip_prefix(self.sources);
            let inside = inside.or_else(|_| path.strip_prefix(self.output.root()));
            if let Ok(inside) = inside.map(Path::to_owned) {
                *path = inside;
            }
        }
        error.to_string()
    }
}
