//! Whether an archive is what its ledger says, and whether it can be made again bit for bit.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use crate::archive::file_fault::FileFault;
use crate::archive::index;
use crate::archive::manifest;
use crate::archive::names::{PAGE, SEEN, TABLE, pdf_path};
use crate::archive::proof::{Proof, Rebuild};
use crate::archive::record::{Record, Records, State};
use crate::archive::sources::{Entry, Sources};
use crate::archive::stat_cache::StatCache;
use crate::digest::Digest;
use crate::error::Error;
use crate::parallel;
use crate::storage::ArchiveStore;

/// An archive that is to be verified.
pub struct Verify<'a> {
    /// The archive.
    pub output: &'a dyn ArchiveStore,
    /// The reports, where PDFs are compared with what they were made from.
    pub sources: Option<&'a Sources>,
    /// The means by which everything is derived again, if it is.
    pub rebuild: Option<Rebuild<'a>>,
    /// The number of PDFs in a sample and the words that choose them; `None` for all PDFs.
    pub sample: Option<(usize, String)>,
    /// The number of PDFs that are looked at, at once.
    pub jobs: usize,
}

/// The result of a verification.
#[derive(Debug, Default)]
pub struct VerifySummary {
    /// The number of PDFs in the ledger.
    pub known: usize,
    /// The number of those that were looked at.
    pub checked: usize,
    /// The number of those that were made again.
    pub rebuilt: usize,
    /// Whether it was stopped before its end.
    pub stopped: bool,
    /// The faults, by path.
    pub faults: Vec<(String, FileFault)>,
    /// The PDFs without a fault that no report proves, by the paths of their reports.
    pub unproven: Vec<String>,
    /// The reports whose PDFs are of what they were before, by path.
    pub stale: Vec<String>,
}

impl Verify<'_> {
    /// Looks at every record with its PDF, at the page and the table, and at PDFs that should not be there.
    ///
    /// # Errors
    /// When a run works on the archive, or it cannot be read.
    pub fn run(
        &self,
        stop: &AtomicBool,
        tell: &mut dyn FnMut(usize, usize),
    ) -> Result<VerifySummary, Error> {
        if !manifest::is_there(self.output)? {
            return Err(Error::NoArchive(self.output.root().to_owned()));
        }
        let _held = self.output.lock_shared()?;
        self.output.prefetch()?;
        let records = manifest::read(self.output)?;
        let entries = self.sources.map(Sources::entries).unwrap_or_default();
        let chosen = self.chosen(&records);
        let mut check = VerifySummary {
            known: records.values().filter(|r| r.pdf().is_some()).count(),
            ..VerifySummary::default()
        };
        let cache = StatCache::of(self.output);
        let proof = Proof {
            output: self.output,
            sources: self.sources,
            entries: entries.iter().map(|entry| (&*entry.path, entry)).collect(),
            rebuild: self.rebuild,
            cache: &cache,
        };
        let mut done = 0;
        let work = |record: &&Record| {
            let proved = proof.of(record);
            let is_stale = record.state == State::Stale;
            (
                record.path.clone(),
                record.pdf().is_some(),
                is_stale,
                proved,
            )
        };
        parallel::each(&chosen, self.jobs, stop, work, |results| {
            for (path, has_pdf, is_stale, proved) in results {
                done += 1;
                check.checked += usize::from(has_pdf);
                check.rebuilt += usize::from(proved.rebuilt);
                let faults = proved.faults.into_iter();
                check
                    .faults
                    .extend(faults.map(|fault| (path.clone(), fault)));
                check.unproven.extend(proved.unproven.then(|| path.clone()));
                check.stale.extend(is_stale.then_some(path));
                tell(done, chosen.len());
            }
        });
        check.stopped = done < chosen.len();
        check.faults.extend(self.strangers(&records)?);
        check.faults.extend(self.indexes(&records)?);
        let is_new = |entry: &Entry| !records.contains_key(&entry.path);
        let new = entries.iter().filter(|entry| is_new(entry));
        let new = new.map(|entry| (entry.path.clone(), FileFault::NotArchived));
        check.faults.extend(new);
        if self.output.stat(SEEN)?.is_some() {
            // Who has read a PDF spares others that; where an archive cannot be written, nobody is spared.
            let _ = self.output.put(SEEN, &cache.text(&records));
        }
        check.faults.sort_by(|a, b| a.0.cmp(&b.0));
        check.unproven.sort();
        check.stale.sort();
        Ok(check)
    }

    /// The records to look at: those without a PDF, and of the others perhaps a sample that the same words always
    /// choose the same way, and that nobody who alters a PDF can foresee without them.
    fn chosen<'r>(&self, records: &'r Records) -> Vec<&'r Record> {
        let all = records.values();
        let Some((size, seed)) = &self.sample else {
            return all.collect();
        };
        let (mut chosen, without): (Vec<_>, Vec<_>) = all.partition(|r| r.pdf().is_some());
        chosen
            .sort_by_cached_key(|record| Digest::of(format!("{seed}\n{}", record.path).as_bytes()));
        chosen.truncate(*size);
        chosen.extend(without);
        chosen.sort_by(|a, b| a.path.cmp(&b.path));
        chosen
    }

    /// PDFs that the ledger does not know, and those that it has twice.
    fn strangers(&self, records: &Records) -> Result<Vec<(String, FileFault)>, Error> {
        let mut known: BTreeSet<String> = BTreeSet::new();
        let mut faults = Vec::new();
        for record in records.values().filter(|record| record.pdf().is_some()) {
            if !known.insert(pdf_path(&record.path)) {
                faults.push((record.path.clone(), FileFault::Shared));
            }
        }
        let is_pdf = |name: &String| {
            let extension = Path::new(name).extension();
            extension.is_some_and(|extension| extension.eq_ignore_ascii_case("pdf"))
        };
        let names = self.output.list()?.into_iter();
        let strangers = names.filter(|name| is_pdf(name) && !known.contains(name));
        faults.extend(strangers.map(|name| (name, FileFault::Unknown)));
        Ok(faults)
    }

    /// The table, and where it is known what hierarchies ask for the page, unless they follow from the ledger.
    fn indexes(&self, records: &Records) -> Result<Vec<(String, FileFault)>, Error> {
        let mut expected = vec![(TABLE, index::table(records))];
        if let Some(sources) = self.sources {
            expected.push((PAGE, index::page(records, &sources.absent())));
        }
        let mut faults = Vec::new();
        for (name, content) in expected {
            if self.output.content(name)? != content {
                faults.push((name.to_owned(), FileFault::Index));
            }
        }
        Ok(faults)
    }
}
