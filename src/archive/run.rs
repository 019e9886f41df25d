//! A run over an archive: every report that has to be made is made, and the ledger tells of all.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Receiver;

use crate::archive::absent::{self, Absent};
use crate::archive::builder::{BuildResult, ReportBuilder};
use crate::archive::context::ArchiveContext;
use crate::archive::index;
use crate::archive::manifest;
use crate::archive::names::RUN;
use crate::archive::orphans::Orphans;
use crate::archive::record::{Record, Records, Why};
use crate::archive::run_writer::{MadePdf, RunWriter};
use crate::archive::sources::{Entry, Selection, Sources};
use crate::archive::stat_cache::StatCache;
use crate::archive::stats::{Meter, RunStats, Tally};
use crate::error::Error;
use crate::parallel;
use crate::pipeline::{Examiner, Renderer};
use crate::storage::ArchiveStore;

/// The most PDFs that are written in one go; more are made meanwhile.
const BATCH: usize = 8;

/// The options of a run.
#[derive(Clone, Debug)]
pub struct Options {
    /// The number of reports that are worked on at once.
    pub jobs: usize,
    /// Which reports.
    pub selection: Selection,
    /// Whether PDFs whose reports are gone are removed.
    pub prune: bool,
    /// Whether nothing is written, only said.
    pub dry: bool,
}

/// An archive and everything that a run needs.
pub struct Archive<'a> {
    /// The reports.
    pub sources: &'a Sources,
    /// The archive.
    pub output: &'a dyn ArchiveStore,
    /// Reads and checks reports.
    pub examiner: &'a Examiner,
    /// Makes PDFs.
    pub renderer: &'a dyn Renderer,
    /// The instruments that measure the run.
    pub meter: Meter,
}

/// Something that happened in a run.
#[derive(Debug)]
pub enum Event<'a> {
    /// The run begins, with this number of reports.
    Begin(usize),
    /// A report was dealt with.
    Report(&'a Record, Change<'a>),
}

/// The change of a report in a run.
#[derive(Clone, Copy, Debug)]
pub enum Change<'a> {
    /// Its PDF stands as it was.
    Kept,
    /// Its PDF was made, or in a dry run would be.
    Made(&'a Why),
    /// It cannot be made.
    Failed,
    /// Its report is gone; its PDF stands.
    Orphan,
    /// Its report is gone, and its PDF was removed, or in a dry run would be.
    Removed,
}

/// The result of a run.
#[derive(Debug)]
pub struct Summary {
    /// The number of reports that were looked at.
    pub reports: usize,
    /// The number of PDFs that were made.
    pub made: usize,
    /// The number of PDFs that stand as they were.
    pub kept: usize,
    /// The reports that could not be made, by path.
    pub failed: Vec<Record>,
    /// The number of reports with warnings.
    pub warned: usize,
    /// The reports that are asked for and that nobody has filed, by folder.
    pub absent: Absent,
    /// The PDFs whose reports are gone, by path.
    pub orphans: Vec<Record>,
    /// The PDFs that were removed for that, or in a dry run would be.
    pub removed: Vec<Record>,
    /// Whether it was stopped before its end.
    pub stopped: bool,
    /// Its time and memory.
    pub stats: RunStats,
}

impl Summary {
    /// Removes the PDFs whose reports are gone, until one cannot be removed.
    fn prune(
        &mut self,
        mut writer: Option<&mut RunWriter>,
        records: &mut Records,
        tell: &mut dyn FnMut(Event),
    ) -> Result<(), Error> {
        while let Some(orphan) = self.orphans.pop() {
            let removed = match &mut writer {
                Some(writer) => writer.remove(&orphan),
                None => Ok(()),
            };
            if removed.is_err() {
                self.orphans.push(orphan);
                return removed;
            }
            records.remove(&orphan.path);
            tell(Event::Report(&orphan, Change::Removed));
            self.removed.push(orphan);
        }
        self.removed.reverse();
        Ok(())
    }

    /// The summary as JSON, for programs and beside the ledger.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        let Self {
            reports,
            made,
            kept,
            warned,
            absent,
            stopped,
            stats,
            ..
        } = self;
        serde_json::json!({
            "reports": reports,
            "made": made,
            "kept": kept,
            "failed": self.failed.len(),
            "warned": warned,
            "absent": absent,
            "orphans": self.orphans.len(),
            "removed": self.removed.len(),
            "stopped": stopped,
            "took": stats,
        })
    }
}

/// A run under way.
struct Run<'a> {
    builder: &'a ReportBuilder<'a>,
    new: Records,
    tally: Tally,
    made: usize,
    kept: usize,
    warned: usize,
    failed: Vec<Record>,
}

impl Archive<'_> {
    /// Makes what has to be made. After `stop` is set, reports in work are brought to their end and
    /// no other is begun.
    ///
    /// # Errors
    /// When another run works on the archive, its ledger cannot be read, or the disk is full. What
    /// was made until then is in the ledger.
    pub fn run(
        &self,
        options: &Options,
        stop: &AtomicBool,
        tell: &mut dyn FnMut(Event),
    ) -> Result<Summary, Error> {
        let started = (self.meter.clock)();
        let all = self.sources.entries();
        let cache = StatCache::of(self.output);
        let begin = || RunWriter::begin(self.output, &cache);
        let mut writer = (!options.dry).then(begin).transpose()?;
        let _held = options.dry.then(|| self.output.lock_shared()).transpose()?;
        self.output.prefetch()?;
        let old = manifest::read(self.output)?;
        let orphans = Orphans::find(&old, &all, &options.selection, self.output)?;
        if options.prune {
            Orphans::leave_some(&old, &all)?;
        }
        let asked = all
            .iter()
            .filter(|entry| options.selection.takes(&entry.path));
        let entries: Vec<&Entry> = asked.collect();
        tell(Event::Begin(entries.len()));
        let builder = ReportBuilder {
            context: ArchiveContext {
                sources: &self.sources.folder,
                output: self.output,
                old: &old,
                cache: &cache,
            },
            examiner: self.examiner,
            renderer: self.renderer,
            dry: options.dry,
        };
        let mut run = Run {
            builder: &builder,
            new: Records::new(),
            tally: Tally::default(),
            made: 0,
            kept: 0,
            warned: 0,
            failed: Vec::new(),
        };
        let build = |entry: &&Entry| builder.build(entry);
        let ended = parallel::each(&entries, options.jobs, stop, build, |results| {
            run.take(results, writer.as_mut(), stop, tell)
        });
        let Run {
            new,
            tally,
            made,
            kept,
            warned,
            mut failed,
            ..
        } = run;
        if let (Err(_), Some(writer)) = (&ended, &mut writer) {
            // Of the last batch some may be in their places: the journal tells which.
            let closed =
                manifest::read(self.output).and_then(|records| writer.close(&records, &[]));
            drop(closed); // where this fails too, ledger and journal are what they were
        }
        ended?;
        failed.sort_by(|a, b| a.path.cmp(&b.path));
        let looked_at = made + kept + failed.len();
        let mut records = old;
        records.retain(|path, _| !orphans.paths.contains(path));
        records.extend(new);
        let listed = orphans.records.iter();
        records.extend(listed.map(|orphan| (orphan.path.clone(), orphan.clone())));
        let absent = self.sources.absent();
        let mut summary = Summary {
            warned,
            absent: absent::asked(&absent, &options.selection),
            reports: entries.len(),
            made,
            kept,
            failed,
            orphans: orphans.records,
            removed: Vec::new(),
            stopped: looked_at < entries.len(),
            stats: tally.stats(options.jobs, looked_at, self.meter, started),
        };
        let pruned = if options.prune && !summary.stopped {
            summary.prune(writer.as_mut(), &mut records, tell)
        } else {
            Ok(())
        };
        for orphan in &summary.orphans {
            tell(Event::Report(orphan, Change::Orphan));
        }
        if let Some(writer) = &mut writer {
            let mut beside = index::files(&records, &absent).to_vec();
            beside.push((RUN, format!("{}\n", summary.json()).into_bytes()));
            writer.close(&records, &beside)?;
        }
        pruned.map(|()| summary)
    }
}

impl Run<'_> {
    /// Takes what became of reports, writes what was made, and tells of it.
    fn take(
        &mut self,
        results: &Receiver<BuildResult>,
        mut writer: Option<&mut RunWriter>,
        stop: &AtomicBool,
        tell: &mut dyn FnMut(Event),
    ) -> Result<(), Error> {
        while let Ok(first) = results.recv() {
            let batch: Vec<BuildResult> = std::iter::once(first)
                .chain(results.try_iter().take(BATCH - 1))
                .collect();
            let mut items = Vec::new();
            let mut whys = Vec::new();
            for done in batch {
                match done {
                    BuildResult::Kept(record) => self.put(record, Change::Kept, tell),
                    BuildResult::Failed(record, _) => self.put(record, Change::Failed, tell),
                    BuildResult::Due { record, why, .. } => {
                        self.put(record, Change::Made(&why), tell);
                    }
                    BuildResult::Made(record, rendered, why) => {
                        self.tally.add(&rendered);
                        whys.push(why);
                        items.push(MadePdf {
                            record,
                            bytes: rendered.bytes,
                        });
                    }
                }
            }
            let Some(writer) = writer.as_mut().filter(|_| !items.is_empty()) else {
                continue;
            };
            let faults = writer
                .commit(&items)
                .inspect_err(|_| stop.store(true, Ordering::Relaxed))?;
            for ((item, why), fault) in items.into_iter().zip(whys).zip(faults) {
                match fault {
                    None => self.put(item.record, Change::Made(&why), tell),
                    Some(fault) => {
                        let record = self.builder.context.unwritten(item.record, fault);
                        self.put(record, Change::Failed, tell);
                    }
                }
            }
        }
        Ok(())
    }

    fn put(&mut self, record: Record, change: Change, tell: &mut dyn FnMut(Event)) {
        tell(Event::Report(&record, change));
        self.warned += usize::from(record.findings.warnings > 0);
        match change {
            Change::Made(_) => self.made += 1,
            Change::Failed => self.failed.push(record.clone()),
            _ => self.kept += 1,
        }
        self.new.insert(record.path.clone(), record);
    }
}
