//! What plans and answers tell of one report, and which of it counts.

use crate::archive::ledger_line;
use crate::archive::{Pdf, Record};
use crate::digest::Digest;

/// What is told of one report. Plans and answers may tell it twice.
#[derive(Debug, Default)]
pub(crate) struct Claims {
    /// The digests of the report that is to be made.
    pub(crate) asked: Vec<Option<Digest>>,
    /// What the ledger is to say where nothing is to be made.
    pub(crate) notes: Vec<Answer>,
    /// The digests of what the ledger said before, for all of these.
    pub(crate) before: Vec<Option<Digest>>,
    pub(crate) answers: Vec<Answer>,
    /// What the PDFs that answers tell of were known by when they were written.
    pub(crate) stamps: Vec<(Digest, String)>,
}

/// What was answered, or the best of several answers.
#[derive(Debug, Default, PartialEq)]
pub(crate) enum Answer {
    #[default]
    None,
    /// The machine failed; what is said of that, and what the ledger would say.
    Failed(String, Option<Box<Record>>),
    /// What the ledger is to say; none: nothing any more.
    Final(Option<Box<Record>>),
    /// Answers that say different things.
    Contradictory,
}

impl Answer {
    /// What is final counts more than a failure of the machine, and of these the least counts, so that the
    /// order of answers decides nothing.
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
            Self::Failed(_, Some(record)) if record.report().is_none() => true,
            Self::Failed(_, Some(record)) | Self::Final(Some(record)) => {
                asked.contains(&None) || asked.contains(&record.report())
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

    /// The best that was answered to what was asked.
    pub(crate) fn best(&mut self) -> Answer {
        let (notes, answers) = (
            std::mem::take(&mut self.notes),
            std::mem::take(&mut self.answers),
        );
        if self.asked.is_empty() {
            return notes.into_iter().fold(Answer::None, Answer::or);
        }
        let answered = !answers.is_empty();
        let about = answers.into_iter().filter(|a| a.is_about(&self.asked));
        match about.fold(Answer::None, Answer::or) {
            Answer::None if answered => Answer::Failed(OF_ANOTHER.to_owned(), None),
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

    /// Whether a PDF is still as somebody wrote it who knew its digest.
    pub(crate) fn is_known(&self, pdf: &Pdf, stamp: &str) -> bool {
        let mut stamps = self.stamps.iter();
        stamps.any(|(digest, known)| *digest == pdf.digest && known == stamp)
    }
}

/// What a record says, in short.
pub(crate) fn digest(record: Option<&Record>) -> Option<Digest> {
    record.map(|record| Digest::of(ledger_line(record).as_bytes()))
}

/// Why what was answered does not count.
pub(crate) const OUTDATED: &str = "the ledger has changed since the plan; plan again";
/// The same.
const OF_ANOTHER: &str =
    "the answers are about another report than the plan; have a new folder for each run";
