//! The claims of plans and answers about one report, and which of them counts.

use crate::archive::Record;
use crate::archive::ledger_line;
use crate::digest::Digest;

/// All claims about one report. Plans and answers may repeat them.
#[derive(Debug, Default)]
pub(crate) struct Claims {
    /// The digests of the report that is to be made, as tasks have them.
    pub(crate) asked: Vec<Option<Digest>>,
    /// The records for the ledger if nothing is to be made.
    pub(crate) notes: Vec<Claim>,
    /// The digests of the records that the ledger had before, one for each task and note.
    pub(crate) before: Vec<Option<Digest>>,
    /// The claims of answers.
    pub(crate) answers: Vec<Claim>,
}

/// A claim about a report, or the best of several.
#[derive(Debug, Default, PartialEq)]
pub(crate) enum Claim {
    #[default]
    None,
    /// The machine failed: its reason, and the record that the ledger would have.
    Failed(String, Option<Box<Record>>),
    /// The record for the ledger; `None` for none any more.
    Final(Option<Box<Record>>),
    /// Claims that differ.
    Contradictory,
}

impl Claim {
    /// The better of two claims: a final one before a failure of the machine, and of failures the least, so that
    /// the order of answers decides nothing.
    fn or(self, new: Self) -> Self {
        match (self, new) {
            (Self::None, answer) => answer,
            (Self::Contradictory, _) => Self::Contradictory,
            (Self::Final(old), Self::Final(new)) if old != new => Self::Contradictory,
            (Self::Final(old), _) => Self::Final(old),
            (Self::Failed(..), Self::Final(new)) => Self::Final(new),
            (Self::Failed(old, was), Self::Failed(new, is)) => {
                let key = |reason: &str, record: &Option<Box<Record>>| {
                    // One that the ledger can tell counts more than one that it cannot.
                    let line = record.as_ref().map(|record| ledger_line(record));
                    (line.is_none(), line, reason.to_owned())
                };
                if key(&new, &is) < key(&old, &was) {
                    Self::Failed(new, is)
                } else {
                    Self::Failed(old, was)
                }
            }
            (old, _) => old,
        }
    }

    /// Whether it is about a report with one of these digests, as far as it can be about one.
    fn is_about(&self, asked: &[Option<Digest>]) -> bool {
        match self {
            Self::Failed(_, None) => true,
            Self::Failed(_, Some(record)) if record.report_digest().is_none() => true,
            Self::Failed(_, Some(record)) | Self::Final(Some(record)) => {
                asked.contains(&None) || asked.contains(&record.report_digest())
            }
            // A report that is to be made stays in the ledger.
            _ => false,
        }
    }
}

impl Claims {
    pub(crate) fn is_unasked(&self) -> bool {
        self.asked.is_empty() && self.notes.is_empty()
    }

    /// The best claim about what was asked.
    pub(crate) fn best(&mut self) -> Claim {
        let (notes, answers) = (
            std::mem::take(&mut self.notes),
            std::mem::take(&mut self.answers),
        );
        if self.asked.is_empty() {
            return notes.into_iter().fold(Claim::None, Claim::or);
        }
        let answered = !answers.is_empty();
        let about = answers.into_iter().filter(|a| a.is_about(&self.asked));
        match about.fold(Claim::None, Claim::or) {
            Claim::None if answered => Claim::Failed(OF_ANOTHER.to_owned(), None),
            best => best,
        }
    }

    /// Whether the ledger has changed since the plan, and what was answered is not even a PDF that can be
    /// looked at. It would put what another run has made out of the ledger.
    pub(crate) fn is_outdated(&self, now: Option<&Record>, answer: Option<&Record>) -> bool {
        let made = answer.is_some_and(|record| record.failure.is_none());
        let is_newer = now != answer && !self.before.contains(&digest(now));
        is_newer && (!made || self.asked.is_empty())
    }
}

/// The digest of a record's line in the ledger.
pub(crate) fn digest(record: Option<&Record>) -> Option<Digest> {
    record.map(|record| Digest::of(ledger_line(record).as_bytes()))
}

/// The reason for which an answer does not count: another run has changed the ledger.
pub(crate) const OUTDATED: &str = "计划之后台账又变了，请重新计划";
/// The reason for which an answer does not count: it is about another report.
const OF_ANOTHER: &str = "应答说的不是计划中的报告；每次计划请用新的文件夹";
