//! One ledger from the answers of all who worked on a plan, whatever their order and repetition.

use std::collections::{BTreeMap, BTreeSet};

use crate::archive::Standing;
use crate::archive::StatCache;
use crate::archive::pdf_path;
use crate::archive::read_ledger;
use crate::archive::{Pdf, Record, Records, State};
use crate::archive::{RunWriter, write_index};
use crate::batch::claims::{Answer, Claims, OUTDATED, digest};
use crate::batch::shard::Shard;
use crate::batch::task::Worked;
use crate::digest::Digest;
use crate::error::Error;
use crate::storage::{ArchiveStore, FileStat};

/// What was asked for and what was answered.
#[derive(Debug, Default)]
pub struct Merge {
    reports: BTreeMap<String, Claims>,
    /// The parts of plans that are whole.
    whole: BTreeSet<Shard>,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Merged {
    /// How many reports were asked for.
    pub asked: usize,
    /// How many of them were answered and are in the ledger.
    pub taken: usize,
    /// The reports in the ledger that could not be made, by path, of those asked for.
    pub failed: Vec<Record>,
    /// How many of these the machine failed on, which it may not do at the next try.
    pub broken: usize,
    /// The PDFs whose reports are gone, by path.
    pub orphans: Vec<Record>,
    /// Requests that nobody answered, or only that the report was another; by path, with what was said.
    pub unanswered: Vec<(String, String)>,
    /// Reports of which answers say different things.
    pub contradictory: Vec<String>,
    /// Answers to what the plan does not ask.
    pub unasked: Vec<String>,
    /// PDFs that answers tell of and that do not stand there.
    pub missing: Vec<String>,
    /// Parts of the plan that did not come to their end, as `K/N`: nobody knows what they would have asked for.
    pub torn: Vec<Shard>,
}

impl Merged {
    /// Whether everything that was asked for is there.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        let bad = [
            self.torn.len(),
            self.unanswered.len(),
            self.contradictory.len(),
            self.unasked.len(),
            self.missing.len(),
            self.failed.len(),
        ];
        bad.iter().all(|count| *count == 0)
    }
}

impl Merge {
    /// Takes a request of a plan: a report with this digest is to be made, of which the ledger said this
    /// before.
    pub fn ask(&mut self, path: String, report: Option<Digest>, before: Option<&Record>) {
        let told = self.reports.entry(path).or_default();
        told.before.push(digest(before));
        told.asked.push(report);
    }

    /// Takes from a plan what the ledger is to say of a report, if anything, in place of what it said before.
    pub fn note(&mut self, path: String, record: Option<Record>, before: Option<&Record>) {
        let told = self.reports.entry(path).or_default();
        told.before.push(digest(before));
        told.notes.push(Answer::Final(record.map(Box::new)));
    }

    /// Takes the end of a part of a plan.
    pub fn end(&mut self, shard: Shard) {
        self.whole.insert(shard);
    }

    /// Takes an answer.
    pub fn answer(&mut self, path: String, worked: Worked) {
        let told = self.reports.entry(path).or_default();
        let pdf = worked.record.as_ref().and_then(Record::pdf);
        told.stamps
            .extend(pdf.map(|pdf| pdf.digest).zip(worked.stamp));
        let record = worked.record.map(Box::new);
        let answer = match worked.failed {
            Some(reason) => Answer::Failed(reason, record),
            None => Answer::Final(record),
        };
        if !told.answers.contains(&answer) {
            told.answers.push(answer);
        }
    }

    /// Whether no line of a plan was taken.
    #[must_use]
    pub fn is_without_plan(&self) -> bool {
        self.whole.is_empty() && self.reports.values().all(Claims::is_unasked)
    }

    /// The parts that are not whole, of each plan of which one is.
    fn torn(&self) -> Vec<Shard> {
        if self.whole.is_empty() {
            return vec![Shard::default()];
        }
        let all: BTreeSet<Shard> = self.whole.iter().flat_map(|shard| shard.all()).collect();
        all.difference(&self.whole).copied().collect()
    }

    /// Writes the ledger and what follows from it. Of what is not answered, or not clearly, the ledger says
    /// what it said before.
    ///
    /// # Errors
    /// When a run works on the archive, or it cannot be read or written.
    pub fn run(self, output: &dyn ArchiveStore) -> Result<Merged, Error> {
        let cache = StatCache::of(output);
        let mut writer = RunWriter::begin(output, &cache)?;
        output.prefetch()?;
        let mut records: Records = read_ledger(output)?;
        let mut merged = Merged {
            torn: self.torn(),
            ..Merged::default()
        };
        for (path, mut told) in self.reports {
            if told.is_unasked() {
                merged.unasked.push(path);
                continue;
            }
            merged.asked += 1;
            let (record, broken) = match told.best() {
                Answer::None => {
                    merged.unanswered.push((path, String::new()));
                    continue;
                }
                Answer::Failed(reason, None) => {
                    merged.unanswered.push((path, reason));
                    continue;
                }
                Answer::Contradictory => {
                    merged.contradictory.push(path);
                    continue;
                }
                Answer::Failed(_, record) => (record, true),
                Answer::Final(record) => (record, false),
            };
            if told.is_outdated(records.get(&path), record.as_deref()) {
                merged.unanswered.push((path, OUTDATED.to_owned()));
                continue;
            }
            let Some(record) = record else {
                records.remove(&path);
                merged.taken += 1;
                continue;
            };
            let record = *record;
            let name = pdf_path(&path);
            let mut stamp = None;
            // Its size tells whether it is there at all. If it is not as it was written, the next plan reads it.
            let mut stands = |pdf: &Pdf| {
                let known = |found: &FileStat| {
                    stamp.clone_from(&found.stamp);
                    true
                };
                let standing = pdf.standing(output, &name, known);
                matches!(standing, Standing::Same | Standing::Unknown)
            };
            if record.path != path || record.pdf().is_some_and(|pdf| !stands(pdf)) {
                merged.missing.push(path);
                continue;
            }
            if let Some(pdf) = record.pdf() {
                let stamp = stamp.filter(|stamp| told.is_known(pdf, stamp));
                cache.note(&name, pdf.digest, stamp);
            }
            merged.taken += 1;
            merged.broken += usize::from(broken);
            if record.failure.is_some() {
                merged.failed.push(record.clone());
            }
            records.insert(path, record);
        }
        let is_orphan = |record: &&Record| record.state == State::Orphan;
        merged.orphans = records.values().filter(is_orphan).cloned().collect();
        writer.close(&records)?;
        write_index(&writer, &records)?;
        Ok(merged)
    }
}
