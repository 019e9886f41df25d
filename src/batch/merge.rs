//! One ledger from the answers of all who worked on a plan, whatever their order and repetition.

use std::collections::{BTreeMap, BTreeSet};

use crate::archive::Absent;
use crate::archive::Standing;
use crate::archive::StatCache;
use crate::archive::pdf_path;
use crate::archive::read_ledger;
use crate::archive::{Pdf, Record, Records, State};
use crate::archive::{RunWriter, index_files};
use crate::batch::claims::{Claim, Claims, OUTDATED, digest};
use crate::batch::shard::Shard;
use crate::batch::task::TaskResult;
use crate::batch::wire::{MergeLine, Note};
use crate::digest::Digest;
use crate::error::Error;
use crate::storage::ArchiveStore;

/// A merge of the lines of plans and of the answers to them.
#[derive(Debug, Default)]
pub struct Merge {
    reports: BTreeMap<String, Claims>,
    /// The parts of plans that are whole.
    whole: BTreeSet<Shard>,
    /// The reports that nobody has filed.
    absent: Absent,
}

/// The result of a merge.
#[derive(Debug, Default)]
pub struct MergeSummary {
    /// The number of reports that were asked for.
    pub asked: usize,
    /// The number of those that were answered and are in the ledger.
    pub taken: usize,
    /// The reports in the ledger that could not be made, by path, of those asked for.
    pub failed: Vec<Record>,
    /// The number of those that the machine failed on, which may do better at the next try.
    pub broken: usize,
    /// The PDFs whose reports are gone, by path.
    pub orphans: Vec<Record>,
    /// Tasks without an answer that counts, by path, with the reason if there is one.
    pub unanswered: Vec<(String, String)>,
    /// Reports of which answers differ.
    pub contradictory: Vec<String>,
    /// Answers to no task of the plan.
    pub unasked: Vec<String>,
    /// PDFs that answers claim and that are absent.
    pub missing: Vec<String>,
    /// The number of PDFs in the ledger whose digests are the word of answers, until somebody reads them.
    pub unproven: usize,
    /// Parts of the plan that did not come to their end, as `K/N`: nobody knows what they would have asked for.
    pub torn: Vec<Shard>,
}

impl MergeSummary {
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
    /// Takes a line of a plan or of a worker.
    pub fn take(&mut self, line: MergeLine) {
        match line {
            MergeLine::Task {
                path,
                report,
                before,
            } => self.ask(path, report, before.as_ref()),
            MergeLine::Note(note) => self.note(*note),
            MergeLine::End(shard, absent) => {
                self.absent(absent);
                self.end(shard);
            }
            MergeLine::Answer { path, result } => self.answer(path, result),
            MergeLine::Acknowledgement => {}
        }
    }

    /// Takes a task: a report with this digest is to be made, of which the ledger had this record before.
    pub fn ask(&mut self, path: String, report: Option<Digest>, before: Option<&Record>) {
        let claims = self.reports.entry(path).or_default();
        claims.before.push(digest(before));
        claims.asked.push(report);
    }

    /// Takes a change of the ledger for which nothing is to be made.
    pub fn note(&mut self, note: Note) {
        let claims = self.reports.entry(note.path).or_default();
        claims.before.push(digest(note.before.as_ref()));
        claims.notes.push(Claim::Final(note.record.map(Box::new)));
    }

    /// Takes the end of a part of a plan.
    pub fn end(&mut self, shard: Shard) {
        self.whole.insert(shard);
    }

    /// Takes reports that nobody has filed.
    pub fn absent(&mut self, absent: Absent) {
        self.absent.extend(absent);
    }

    /// Takes an answer to a task.
    pub fn answer(&mut self, path: String, result: TaskResult) {
        let claims = self.reports.entry(path).or_default();
        let record = result.record.map(Box::new);
        let claim = match result.failed {
            Some(reason) => Claim::Failed(reason, record),
            None => Claim::Final(record),
        };
        if !claims.answers.contains(&claim) {
            claims.answers.push(claim);
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

    /// Writes the ledger and what follows from it. The record of a report without a clear answer stays as it was.
    ///
    /// # Errors
    /// If a run works on the archive, or it cannot be read or written.
    pub fn run(self, output: &dyn ArchiveStore) -> Result<MergeSummary, Error> {
        let cache = StatCache::of(output);
        let mut writer = RunWriter::begin(output, &cache)?;
        output.prefetch()?;
        let mut records: Records = read_ledger(output)?;
        let mut merged = MergeSummary {
            torn: self.torn(),
            ..MergeSummary::default()
        };
        for (path, mut claims) in self.reports {
            if claims.is_unasked() {
                merged.unasked.push(path);
                continue;
            }
            merged.asked += 1;
            let (record, broken) = match claims.best() {
                Claim::None => {
                    merged.unanswered.push((path, String::new()));
                    continue;
                }
                Claim::Failed(reason, None) => {
                    merged.unanswered.push((path, reason));
                    continue;
                }
                Claim::Contradictory => {
                    merged.contradictory.push(path);
                    continue;
                }
                Claim::Failed(_, record) => (record, true),
                Claim::Final(record) => (record, false),
            };
            if claims.is_outdated(records.get(&path), record.as_deref()) {
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
            // Its size tells whether it is there at all. Its digest is the word of an answer, and stays unproven until
            // somebody reads it here.
            let stands = |pdf: &Pdf| {
                let standing = pdf.standing(output, &name, |found| {
                    cache.keep(&name, pdf.digest, found.stamp.as_deref());
                    true
                });
                matches!(standing, Standing::Same | Standing::Unknown)
            };
            if record.path != path || record.pdf().is_some_and(|pdf| !stands(pdf)) {
                merged.missing.push(path);
                continue;
            }
            merged.taken += 1;
            merged.broken += usize::from(broken);
            if record.failure.is_some() {
                merged.failed.push(record.clone());
            }
            records.insert(path, record);
        }
        let is_orphan = |record: &&Record| record.state == State::Orphan;
        merged.unproven = cache.unread(&records);
        merged.orphans = records.values().filter(is_orphan).cloned().collect();
        writer.close(&records, &index_files(&records, &self.absent))?;
        Ok(merged)
    }
}
