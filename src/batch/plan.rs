//! The plan of a run in parts: one line after the other, for whoever works on it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::archive::ArchiveContext;
use crate::archive::Orphans;
use crate::archive::StatCache;
use crate::archive::read_ledger;
use crate::archive::{BuildResult, FailureCause, ReportBuilder};
use crate::archive::{Entry, Selection, Sources};
use crate::archive::{Record, Records};
use crate::batch::shard::Shard;
use crate::batch::task::Task;
use crate::batch::wire::{Note, PlanLine};
use crate::digest::Digest;
use crate::error::Error;
use crate::parallel;
use crate::pipeline::Examiner;
use crate::pipeline::Renderer;
use crate::storage::ArchiveStore;

/// A plan of what is to be done for an archive.
pub struct Plan<'a> {
    /// The reports.
    pub sources: &'a Sources,
    /// Their location, for whoever makes them.
    pub from: String,
    /// The archive.
    pub output: &'a dyn ArchiveStore,
    /// Its location, for whoever makes it.
    pub to: String,
    /// Reads and checks reports.
    pub examiner: &'a Examiner,
    /// Knows what shapes a PDF.
    pub renderer: &'a dyn Renderer,
    /// The reports that are asked for.
    pub selection: Selection,
    /// The part of them that this plan is for.
    pub shard: Shard,
    /// The digest of program, layouts and fonts.
    pub engine: Digest,
    /// The number of reports that are looked at, at once.
    pub jobs: usize,
}

impl Plan<'_> {
    /// Hands on the lines of the plan, by path. Nothing is written.
    ///
    /// # Errors
    /// When the ledger cannot be read, or a run works on the archive.
    pub fn run(&self, stop: &AtomicBool, tell: &mut dyn FnMut(PlanLine)) -> Result<(), Error> {
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
        let builder = ReportBuilder {
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
        let line = |entry: &&Entry| self.line(&builder, entry, old.get(&entry.path));
        parallel::in_order(&entries, self.jobs, stop, line, |lines| {
            for (entry, line) in entries.iter().zip(lines) {
                let mut later = notes.split_off(&entry.path);
                std::mem::swap(&mut notes, &mut later);
                for note in later.into_values() {
                    tell(PlanLine::Note(note));
                }
                line?.into_iter().for_each(&mut *tell);
            }
            for note in notes.into_values() {
                tell(PlanLine::Note(note));
            }
            Ok(())
        })?;
        if !stop.load(Ordering::Relaxed) {
            let mut absent = self.sources.absent();
            absent.retain(|folder, _| self.shard.takes(folder));
            tell(PlanLine::End(self.shard, absent));
        }
        Ok(())
    }

    /// The changes of the ledger for PDFs whose reports are gone, by path.
    fn notes(old: &Records, orphans: &Orphans) -> BTreeMap<String, Box<Note>> {
        let standing = orphans.records.iter().map(|record| (&record.path, record));
        let standing: BTreeMap<_, _> = standing.collect();
        let note = |path: &String| {
            let (before, record) = (old.get(path), standing.get(path).copied());
            (before != record).then(|| (path.clone(), note_of(path, record, before)))
        };
        orphans.paths.iter().filter_map(note).collect()
    }

    /// The line about a report that is there, if there is anything to say.
    fn line(
        &self,
        builder: &ReportBuilder,
        entry: &Entry,
        old: Option<&Record>,
    ) -> Result<Option<PlanLine>, Error> {
        let note = |record: Record| {
            let note = || PlanLine::Note(note_of(&entry.path, Some(&record), old));
            (old != Some(&record)).then(note)
        };
        let file = match builder.build(entry) {
            BuildResult::Kept(record) | BuildResult::Failed(record, FailureCause::Report) => {
                return Ok(note(record));
            }
            BuildResult::Due { report, bytes, .. } => Some((report, bytes)),
            // A worker elsewhere may succeed where this read failed.
            _ => None,
        };
        let task = self.task(entry, old, file)?;
        Ok(Some(PlanLine::Make(Box::new(task))))
    }

    fn task(
        &self,
        entry: &Entry,
        old: Option<&Record>,
        file: Option<(Digest, u64)>,
    ) -> Result<Task, Error> {
        let hierarchy = self.examiner.hierarchy_of(&entry.file)?;
        // One above the sources is named as it is.
        let below = |file: &Path| {
            let below = file.strip_prefix(&self.sources.folder).unwrap_or(file);
            below.to_str().map(str::to_owned)
        };
        Ok(Task {
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
        })
    }
}

fn note_of(path: &str, record: Option<&Record>, before: Option<&Record>) -> Box<Note> {
    Box::new(Note {
        path: path.to_owned(),
        record: record.cloned(),
        before: before.cloned(),
    })
}
