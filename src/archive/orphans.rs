//! PDFs whose reports are gone.

use std::collections::BTreeSet;

use crate::archive::names::pdf_path;
use crate::archive::record::{Record, Records, State};
use crate::archive::sources::{Entry, Selection};
use crate::error::Error;
use crate::storage::ArchiveStore;

/// Records of the ledger whose reports are gone from the sources.
pub(crate) struct Orphans {
    /// The records of PDFs that stand.
    pub(crate) records: Vec<Record>,
    /// Their paths, and those of records whose PDFs are not there or are another report's now.
    pub(crate) paths: BTreeSet<String>,
}

impl Orphans {
    /// Finds them among the reports that are asked for.
    ///
    /// # Errors
    /// When it cannot be known which PDFs are there.
    pub(crate) fn find(
        old: &Records,
        all: &[Entry],
        selection: &Selection,
        output: &dyn ArchiveStore,
    ) -> Result<Self, Error> {
        let present = present(all);
        let pdfs: BTreeSet<String> = all.iter().map(|entry| pdf_path(&entry.path)).collect();
        let gone = old.values().filter(|record| {
            !present.contains(record.path.as_str()) && selection.takes(&record.path)
        });
        let mut found = Self {
            records: Vec::new(),
            paths: BTreeSet::new(),
        };
        for record in gone {
            found.paths.insert(record.path.clone());
            let pdf = pdf_path(&record.path);
            if record.pdf().is_some() && !pdfs.contains(&pdf) && output.stat(&pdf)?.is_some() {
                let state = State::Orphan;
                found.records.push(Record {
                    state,
                    ..record.clone()
                });
            }
        }
        Ok(found)
    }

    /// Whether pruning would leave anything.
    ///
    /// # Errors
    /// When not one report of the ledger is there: then these are other sources, or none.
    pub(crate) fn leave_some(old: &Records, all: &[Entry]) -> Result<(), Error> {
        let present = present(all);
        let made = || old.values().filter(|record| record.pdf().is_some());
        let any = made().any(|record| present.contains(record.path.as_str()));
        match made().count() {
            count @ 1.. if !any => Err(Error::PrunesAll(count)),
            _ => Ok(()),
        }
    }
}

/// The paths of the reports that are there.
fn present(all: &[Entry]) -> BTreeSet<&str> {
    all.iter().map(|entry| entry.path.as_str()).collect()
}
