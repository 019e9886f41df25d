//! One ledger from the answers of all who worked on a plan, whatever their order and repetition.

use std::collections::BTreeMap;

use super::index;
use super::ledger::{self, Record, Records, Standing, State, pdf_path};
use super::output::Output;
use super::seen::Seen;
use crate::error::Error;

/// What was asked for and what was answered.
#[derive(Debug, Default)]
pub struct Merge {
    reports: BTreeMap<String, Told>,
}

/// What is told of one report.
#[derive(Debug, Default)]
struct Told {
    asked: bool,
    answer: Answer,
}

/// The best that was answered.
#[derive(Debug, Default)]
enum Answer {
    #[default]
    None,
    /// The machine failed, each time so far; what is said of that, and what the ledger would say.
    Failed(String, Option<Box<Record>>),
    /// What the ledger is to say; none: nothing any more.
    Final(Option<Box<Record>>),
    /// Answers that say different things.
    Contradictory,
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
    /// The PDFs whose reports are gone.
    pub orphans: usize,
    /// Requests that nobody answered, or only that the report was another; by path, with what was said.
    pub unanswered: Vec<(String, String)>,
    /// Reports of which answers say different things.
    pub contradictory: Vec<String>,
    /// Answers to what the plan does not ask.
    pub unasked: Vec<String>,
    /// PDFs that answers tell of and that do not stand there.
    pub missing: Vec<String>,
}

impl Merged {
    /// Whether everything that was asked for is there.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        let bad = [
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
    /// Takes a request of the plan.
    pub fn ask(&mut self, path: String) {
        self.reports.entry(path).or_default().asked = true;
    }

    /// Takes an answer. What is final counts more than a failure of the machine, and of these the least
    /// counts, so that the order of answers decides nothing.
    pub fn answer(&mut self, path: String, record: Option<Record>, failed: Option<String>) {
        let record = record.map(Box::new);
        let new = match failed {
            Some(reason) => Answer::Failed(reason, record),
            None => Answer::Final(record),
        };
        let told = self.reports.entry(path).or_default();
        let old = std::mem::take(&mut told.answer);
        told.answer = match (old, new) {
            (Answer::None, answer) => answer,
            (Answer::Contradictory, _) => Answer::Contradictory,
            (Answer::Final(old), Answer::Final(new)) if old != new => Answer::Contradictory,
            (Answer::Final(old), _) => Answer::Final(old),
            (Answer::Failed(..), Answer::Final(new)) => Answer::Final(new),
            (Answer::Failed(old, was), Answer::Failed(new, is)) => {
                let key = |reason: &str, record: &Option<Box<Record>>| {
                    // One that the ledger can tell counts more than one that it cannot.
                    let line = record.as_ref().map(|record| ledger::line(record));
                    (line.is_none(), line, reason.to_owned())
                };
                if key(&new, &is) < key(&old, &was) {
                    Answer::Failed(new, is)
                } else {
                    Answer::Failed(old, was)
                }
            }
            (old, _) => old,
        };
    }

    /// Whether nothing was asked.
    #[must_use]
    pub fn is_without_plan(&self) -> bool {
        !self.reports.values().any(|told| told.asked)
    }

    /// Writes the ledger and what follows from it. Of what is not answered, or not clearly, the ledger says
    /// what it said before.
    ///
    /// # Errors
    /// When a run works on the archive, or it cannot be read or written.
    pub fn run(self, output: &dyn Output) -> Result<Merged, Error> {
        let seen = Seen::of(output);
        let mut store = output.open(&seen)?;
        output.look()?;
        let mut records: Records = ledger::read(output)?;
        let mut merged = Merged::default();
        for (path, told) in self.reports {
            if !told.asked {
                merged.unasked.push(path);
                continue;
            }
            merged.asked += 1;
            let record = match told.answer {
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
                Answer::Failed(_, Some(record)) | Answer::Final(Some(record)) => *record,
                Answer::Final(None) => {
                    records.remove(&path);
                    merged.taken += 1;
                    continue;
                }
            };
            let name = pdf_path(&path);
            // Its size tells whether it is there at all; whether it is right, `verify` does.
            let stands = |pdf: &ledger::Pdf| {
                matches!(
                    pdf.standing(output, &name, |_| true),
                    Standing::Same | Standing::Unknown
                )
            };
            if record.path != path || record.pdf.as_ref().is_some_and(|pdf| !stands(pdf)) {
                merged.missing.push(path);
                continue;
            }
            if let Some(pdf) = &record.pdf {
                seen.note(output, &name, pdf.digest);
            }
            merged.taken += 1;
            if record.failure.is_some() {
                merged.failed.push(record.clone());
            }
            records.insert(path, record);
        }
        let is_orphan = |record: &&Record| record.state == State::Orphan;
        merged.orphans = records.values().filter(is_orphan).count();
        store.close(&records)?;
        index::write(&*store, &records)?;
        Ok(merged)
    }
}
