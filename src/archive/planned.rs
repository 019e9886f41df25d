//! A run over an archive in parts: a plan names what is to be done, anybody does it, in any order and as
//! often as they like, and `merge` makes the ledger of what they tell.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::{Deserialize, Serialize};

use super::ledger::{self, Record, Records, pdf_path};
use super::orphans::Orphans;
use super::output::Output;
use super::plan::{Selection, Sources, Task, is_own};
use super::press::Press;
use super::seen::Seen;
use super::site::Site;
use super::work::{Cause, Done, Worker};
use super::{Examiner, pool};
use crate::digest::Digest;
use crate::error::Error;

/// A report of a plan: all that has to be known to make it, wherever that is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Planned {
    /// The folder of report files, or the URL of where they are.
    pub sources: String,
    /// The folder of the archive, or the URL of where it stands.
    pub output: String,
    /// The path of the report below the sources, parted by `/`.
    pub path: String,
    /// The digest of the program, its layouts and fonts; with others it is not made.
    pub engine: Digest,
    /// The size of the report file in bytes: what it costs, as far as one can know before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    /// The digest of the report file; another one is not made. None where it could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<Digest>,
    /// The hierarchy that says which agencies the report sums up, by its path below the sources; one that
    /// stands above them, by its whole path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hierarchy: Option<String>,
    /// Rules whose findings are errors.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deny: Vec<String>,
    /// Rules whose findings are notes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allow: Vec<String>,
    /// What the ledger says of the report so far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Box<Record>>,
}

/// What a plan asks for.
#[derive(Debug)]
pub enum Request {
    /// A report is to be made.
    Make(Box<Planned>),
    /// Nothing is to be done: the ledger is to say this of a report from now on, or nothing any more.
    Note(String, Option<Box<Record>>),
    /// Nothing: this part of the plan is whole.
    End(Shard),
}

/// What became of a planned report.
#[derive(Debug)]
pub struct Worked {
    /// What the ledger is to say of it; none where it is not the report that was planned.
    pub record: Option<Record>,
    /// What kept the machine from making it, which it may not do at the next try.
    pub failed: Option<String>,
    /// The PDF that is still to be written.
    pub pdf: Option<Vec<u8>>,
    /// What tells the PDF that stands there from another without reading it, where there is such a thing.
    pub stamp: Option<String>,
}

/// A part of a plan: those reports whose paths fall into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shard {
    index: u64,
    count: u64,
}

impl Default for Shard {
    /// All of it.
    fn default() -> Self {
        Self { index: 0, count: 1 }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.count)
    }
}

impl FromStr for Shard {
    type Err = String;

    /// Reads `K/N`, K from 0.
    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('/');
        let parts =
            parts.and_then(|(index, count)| Some((index.parse().ok()?, count.parse().ok()?)));
        let shard = parts.map(|(index, count)| Self { index, count });
        let shard = shard.filter(|shard| shard.index < shard.count && shard.count <= 1_000_000);
        shard.ok_or_else(|| "K/N with K from 0 to N - 1, and N at most 1000000".to_owned())
    }
}

impl Shard {
    /// Whether a report falls into the part. That depends on its path alone, so that it stays in its part
    /// when others come and go.
    #[must_use]
    pub fn takes(self, path: &str) -> bool {
        let digest = Digest::of(path.as_bytes()).to_string();
        let number = u64::from_str_radix(&digest[..16], 16).unwrap_or_default();
        number % self.count == self.index
    }

    /// All parts of the same plan.
    pub(super) fn all(self) -> impl Iterator<Item = Self> {
        (0..self.count).map(move |index| Self { index, ..self })
    }
}

/// What a plan is made of.
pub struct Plan<'a> {
    /// The reports.
    pub sources: &'a Sources,
    /// Their place, for whoever makes them.
    pub from: String,
    /// The archive.
    pub output: &'a dyn Output,
    /// Its place, for whoever makes it.
    pub to: String,
    /// Reads and checks reports.
    pub examiner: &'a Examiner,
    /// Tells what shapes a PDF.
    pub press: &'a dyn Press,
    /// Which reports.
    pub selection: Selection,
    /// Which part of them.
    pub shard: Shard,
    /// The digest of what makes them.
    pub engine: Digest,
    /// How many reports are looked at, at once.
    pub jobs: usize,
}

impl Plan<'_> {
    /// Tells what is to be done, by path. Nothing is written.
    ///
    /// # Errors
    /// When the ledger cannot be read, or a run works on the archive.
    pub fn run(&self, stop: &AtomicBool, tell: &mut dyn FnMut(Request)) -> Result<(), Error> {
        let all = self.sources.tasks();
        let seen = Seen::of(self.output);
        let _held = self.output.hold()?;
        self.output.look()?;
        let old = ledger::read(self.output)?;
        let orphans = Orphans::find(&old, &all, &self.selection, self.output)?;
        let asked = |path: &str| self.selection.takes(path) && self.shard.takes(path);
        let mut notes = Self::notes(&old, &orphans);
        notes.retain(|path, _| asked(path));
        let tasks: Vec<(usize, &Task)> = all
            .iter()
            .filter(|task| asked(&task.path))
            .enumerate()
            .collect();
        let worker = Worker {
            site: Site {
                sources: &self.sources.folder,
                output: self.output,
                old: &old,
                seen: &seen,
            },
            examiner: self.examiner,
            press: self.press,
            dry: true,
        };
        let work =
            |(at, task): &(usize, &Task)| (*at, self.request(&worker, task, old.get(&task.path)));
        pool::each(&tasks, self.jobs, stop, work, |results| {
            // What comes before its turn waits for it.
            let mut early = BTreeMap::new();
            let mut next = 0;
            for (at, request) in results {
                early.insert(at, request);
                while let Some(request) = early.remove(&next) {
                    let path = &tasks[next].1.path;
                    let mut later = notes.split_off(path);
                    std::mem::swap(&mut notes, &mut later);
                    for (path, note) in later {
                        tell(Request::Note(path, note.map(Box::new)));
                    }
                    request?.into_iter().for_each(&mut *tell);
                    next += 1;
                }
            }
            for (path, note) in notes {
                tell(Request::Note(path, note.map(Box::new)));
            }
            Ok(())
        })?;
        if !stop.load(Ordering::Relaxed) {
            tell(Request::End(self.shard));
        }
        Ok(())
    }

    /// What is to be said of PDFs whose reports are gone, and is not yet.
    fn notes(old: &Records, orphans: &Orphans) -> BTreeMap<String, Option<Record>> {
        let standing = orphans.records.iter().map(|record| (&record.path, record));
        let standing: BTreeMap<_, _> = standing.collect();
        let note = |path: &String| {
            let record = standing.get(path).map(|record| (*record).clone());
            (old.get(path) != record.as_ref()).then(|| (path.clone(), record))
        };
        orphans.paths.iter().filter_map(note).collect()
    }

    fn request(
        &self,
        worker: &Worker,
        task: &Task,
        old: Option<&Record>,
    ) -> Result<Option<Request>, Error> {
        let note = |record: Record| {
            (old != Some(&record)).then(|| Request::Note(task.path.clone(), Some(Box::new(record))))
        };
        let file = match worker.work(task) {
            Done::Kept(record) | Done::Failed(record, Cause::Report) => return Ok(note(record)),
            Done::Planned { report, bytes, .. } => Some((report, bytes)),
            // Whoever makes it may be luckier.
            _ => None,
        };
        self.planned(task, old, file).map(Some)
    }

    fn planned(
        &self,
        task: &Task,
        old: Option<&Record>,
        file: Option<(Digest, u64)>,
    ) -> Result<Request, Error> {
        let hierarchy = self.examiner.hierarchy_of(&task.file)?;
        // One above the sources is named as it is.
        let below = |file: &Path| {
            let below = file.strip_prefix(&self.sources.folder).unwrap_or(file);
            below.to_str().map(str::to_owned)
        };
        Ok(Request::Make(Box::new(Planned {
            sources: self.from.clone(),
            output: self.to.clone(),
            path: task.path.clone(),
            engine: self.engine,
            bytes: file.map(|(_, bytes)| bytes),
            report: file.map(|(report, _)| report),
            hierarchy: hierarchy.and_then(below),
            deny: self.examiner.policy().denied(),
            allow: self.examiner.policy().allowed(),
            before: old.cloned().map(Box::new),
        })))
    }
}

impl Planned {
    /// Makes the report, as far as that is still to be done. Its PDF is not written yet.
    #[must_use]
    pub fn work(
        &self,
        folder: &Path,
        output: &dyn Output,
        examiner: &Examiner,
        press: &dyn Press,
    ) -> Worked {
        let (old, seen) = (self.old(), Seen::default());
        let worker = Worker {
            site: Site {
                sources: folder,
                output,
                old: &old,
                seen: &seen,
            },
            examiner,
            press,
            dry: false,
        };
        let task = Task {
            path: self.path.clone(),
            file: folder.join(&self.path),
            refused: None,
            planned: self.report,
        };
        match worker.work(&task) {
            Done::Made(record, pressed, _) => Worked {
                pdf: Some(pressed.bytes),
                ..Worked::done(record)
            },
            Done::Kept(record) | Done::Failed(record, Cause::Report) => Worked {
                stamp: seen.stamp(&pdf_path(&self.path)),
                ..Worked::done(record)
            },
            Done::Failed(record, Cause::Changed) => Worked {
                record: None,
                ..Worked::failed(record)
            },
            // Only a dry run plans.
            Done::Failed(record, Cause::Machine) | Done::Planned { record, .. } => {
                Worked::failed(record)
            }
        }
    }

    /// Writes the PDF that was made, if one was.
    #[must_use]
    pub fn write(&self, folder: &Path, output: &dyn Output, worked: Worked) -> Worked {
        let (Some(pdf), Some(record)) = (&worked.pdf, &worked.record) else {
            return worked;
        };
        match output.put(&pdf_path(&self.path), pdf) {
            Ok(stamp) => Worked {
                pdf: None,
                stamp,
                ..worked
            },
            Err(error) => {
                let site = Site {
                    sources: folder,
                    output,
                    old: &self.old(),
                    seen: &Seen::default(),
                };
                Worked::failed(site.unwritten(record.clone(), error))
            }
        }
    }
    /// The ledger, as far as the plan tells of it.
    fn old(&self) -> Records {
        let before = self.before.as_deref().cloned();
        let before = before.map(|record| (self.path.clone(), record));
        before.into_iter().collect()
    }

    /// The path of the hierarchy in the folder of the sources.
    #[must_use]
    pub fn hierarchy_in(&self, folder: &Path) -> Option<PathBuf> {
        self.hierarchy
            .as_ref()
            .map(|hierarchy| folder.join(hierarchy))
    }

    /// Whether the PDF stays below the archive, and is none of its own files: requests come from anywhere.
    #[must_use]
    pub fn is_inside(&self) -> bool {
        let first = self.path.split('/').next().unwrap_or_default();
        ledger::is_inside(&self.path) && !is_own(first)
    }
}

impl Worked {
    fn done(record: Record) -> Self {
        Self {
            record: Some(record),
            failed: None,
            pdf: None,
            stamp: None,
        }
    }

    fn failed(record: Record) -> Self {
        Self {
            failed: Some(record.reason().to_owned()),
            ..Self::done(record)
        }
    }
}
