//! What is to be done for an archive, one request after the other, for whoever does it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::archive::ArchiveContext;
use crate::archive::Orphans;
use crate::archive::StatCache;
use crate::archive::read_ledger;
use crate::archive::{Cause, Done, Worker};
use crate::archive::{Entry, Selection, Sources};
use crate::archive::{Record, Records};
use crate::batch::shard::Shard;
use crate::batch::task::Planned;
use crate::digest::Digest;
use crate::error::Error;
use crate::parallel;
use crate::pipeline::Examiner;
use crate::pipeline::Renderer;
use crate::storage::ArchiveStore;

/// What a plan asks for.
#[derive(Debug)]
pub enum Request {
    /// A report is to be made.
    Make(Box<Planned>),
    /// Nothing is to be done.
    Note(Box<Note>),
    /// Nothing: this part of the plan is whole.
    End(Shard),
}

/// What the ledger is to say of a report from now on.
#[derive(Debug)]
pub struct Note {
    /// The path of the report below the sources.
    pub path: String,
    /// What it is to say; none: nothing any more.
    pub record: Option<Record>,
    /// What it says so far.
    pub before: Option<Record>,
}

impl Note {
    fn new(path: &str, record: Option<&Record>, before: Option<&Record>) -> Box<Self> {
        Box::new(Self {
            path: path.to_owned(),
            record: record.cloned(),
            before: before.cloned(),
        })
    }
}

/// What a plan is made of.
pub struct Plan<'a> {
    /// The reports.
    pub sources: &'a Sources,
    /// Their place, for whoever makes them.
    pub from: String,
    /// The archive.
    pub output: &'a dyn ArchiveStore,
    /// Its place, for whoever makes it.
    pub to: String,
    /// Reads and checks reports.
    pub examiner: &'a Examiner,
    /// Tells what shapes a PDF.
    pub renderer: &'a dyn Renderer,
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
        let all = self.sources.entries();
        let cache = StatCache::of(self.output);
        let _held = self.output.lock_shared()?;
        self.output.prefetch()?;
        let old = read_ledger(self.output)?;
        let orphans = Orphans::find(&old, &all, &self.selection, self.output)?;
        let asked = |path: &str| self.selection.takes(path) && self.shard.takes(path);
        let mut notes = Self::notes(&old, &orphans);
        notes.retain(|path, _| asked(path));
        let entries: Vec<&Entry> = all.iter().filter(|entry| asked(&entry.path)).collect();
        let worker = Worker {
            context: ArchiveContext {
                sources: &self.sources.folder,
                output: self.output,
                old: &old,
                cache: &cache,
            },
            examiner: self.examiner,
            renderer: self.renderer,
            dry: true,
        };
        let work = |entry: &&Entry| self.request(&worker, entry, old.get(&entry.path));
        parallel::in_order(&entries, self.jobs, stop, work, |requests| {
            for (entry, request) in entries.iter().zip(requests) {
                let mut later = notes.split_off(&entry.path);
                std::mem::swap(&mut notes, &mut later);
                for note in later.into_values() {
                    tell(Request::Note(note));
                }
                request?.into_iter().for_each(&mut *tell);
            }
            for note in notes.into_values() {
                tell(Request::Note(note));
            }
            Ok(())
        })?;
        if !stop.load(Ordering::Relaxed) {
            tell(Request::End(self.shard));
        }
        Ok(())
    }

    /// What is to be said of PDFs whose reports are gone, and is not yet.
    fn notes(old: &Records, orphans: &Orphans) -> BTreeMap<String, Box<Note>> {
        let standing = orphans.records.iter().map(|record| (&record.path, record));
        let standing: BTreeMap<_, _> = standing.collect();
        let note = |path: &String| {
            let (before, record) = (old.get(path), standing.get(path).copied());
            (before != record).then(|| (path.clone(), Note::new(path, record, before)))
        };
        orphans.paths.iter().filter_map(note).collect()
    }

    fn request(
        &self,
        worker: &Worker,
        entry: &Entry,
        old: Option<&Record>,
    ) -> Result<Option<Request>, Error> {
        let note = |record: Record| {
            let note = || Request::Note(Note::new(&entry.path, Some(&record), old));
            (old != Some(&record)).then(note)
        };
        let file = match worker.work(entry) {
            Done::Kept(record) | Done::Failed(record, Cause::Report) => return Ok(note(record)),
            Done::Planned { report, bytes, .. } => Some((report, bytes)),
            // Whoever makes it may be luckier.
            _ => None,
        };
        self.planned(entry, old, file).map(Some)
    }

    fn planned(
        &self,
        entry: &Entry,
        old: Option<&Record>,
        file: Option<(Digest, u64)>,
    ) -> Result<Request, Error> {
        let hierarchy = self.examiner.hierarchy_of(&entry.file)?;
        // One above the sources is named as it is.
        let below = |file: &Path| {
            let below = file.strip_prefix(&self.sources.folder).unwrap_or(file);
            below.to_str().map(str::to_owned)
        };
        Ok(Request::Make(Box::new(Planned {
            sources: self.from.clone(),
            output: self.to.clone(),
            path: entry.path.clone(),
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
