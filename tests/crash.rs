//! What a cut of the power leaves, in a model of it: no PDF and no ledger is ever neither old nor new, and the next
//! run ends in the same bytes.
//!
//! With `NIANBAO_CRASHES=all` the next run goes on from all states, which takes minutes; without it from some of each
//! scene, which are the same each time. That files are whole is seen in all states in any case.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use nianbao::archive::{Archive, Change, Event, FileFault, Meter, Verify, pdf_path};
use nianbao::batch::{Merge, PlanLine, Shard};
use nianbao::digest::Digest;
use nianbao::error::Error;
use nianbao::storage::{Disk, Folder, atomic, together};

use super::planned;
use super::support::PIPELINE;
use super::support::archives::{Site, gather};
use super::support::crash::{Crash, Recording, all, numbers};
use super::support::noting_disk::{HastyDisk, NotingDisk, Tree, put};

/// The number of states of a scene from which the next run goes on.
const GONE_ON_FROM: usize = 25;

/// Work that writes into one folder, and is done again after a cut.
struct Scene<'a> {
    root: &'a Path,
    folder: &'a str,
    /// Whether the folder is an archive.
    is_archive: bool,
    work: &'a Work<'a>,
}

/// Work on a disk that tells of each file that it is there, or gone.
type Work<'a> = dyn Fn(&dyn Disk, &dyn Fn(&Path)) + 'a;

/// What states are held to.
struct Rules {
    recording: Recording,
    whole: BTreeMap<String, BTreeSet<Arc<Vec<u8>>>>,
    told: Vec<Tree>,
    before: Tree,
    after: Tree,
}

impl Rules {
    fn of(recording: Recording) -> Self {
        Self {
            whole: recording.whole(),
            told: recording.told(),
            before: recording.before(),
            after: recording.after(),
            recording,
        }
    }

    /// That each file is one that stood under its name at one time, and that what had been done, or told, is there.
    fn are_kept(&self, crash: &Crash) -> Result<(), String> {
        let fault = |path: &str, fault: &str| Err(format!("{path} {fault}, {}", crash.told));
        for (path, content) in &crash.tree {
            let Some(content) = content else {
                continue;
            };
            // The journal is written in place, and believed line by line.
            let whole = self.whole.get(path);
            let is_whole = whole.is_some_and(|whole| whole.contains(content));
            if !is_whole && !path.ends_with(".nianbao/journal.jsonl") {
                return fault(path, "is neither old nor new");
            }
        }
        for (path, content) in &self.told[crash.after] {
            if crash.tree.get(path).unwrap_or(&None) != content {
                return fault(path, "is not what was told");
            }
        }
        let mut kept = self.before.keys();
        let lost =
            |path: &&String| self.after.contains_key(*path) && !crash.tree.contains_key(*path);
        if let Some(path) = kept.find(lost) {
            return fault(path, "is gone");
        }
        if !crash.at_the_end {
            return Ok(());
        }
        let is_own = |path: &str| path.contains(".nianbao");
        for (path, content) in self.after.iter().filter(|(path, _)| !is_own(path)) {
            if crash.tree.get(path) != Some(content) {
                return fault(path, "is not there for good");
            }
        }
        match crash
            .tree
            .keys()
            .find(|path| !self.after.contains_key(*path))
        {
            Some(path) => fault(path, "is not gone for good"),
            None => Ok(()),
        }
    }
}

impl Scene<'_> {
    /// Does the work.
    fn record(&self) -> Recording {
        let disk = NotingDisk::new(self.root, self.folder);
        (self.work)(&disk, &|path| disk.tell(path));
        disk.record()
    }

    /// Cuts the power everywhere in the work. How many states there were.
    #[track_caller]
    fn cut(&self, recording: Recording) -> usize {
        self.cut_some(recording, (!all()).then_some(GONE_ON_FROM))
    }

    /// The same, and goes on from some states, or from all.
    #[track_caller]
    fn cut_some(&self, recording: Recording, some: Option<usize>) -> usize {
        let rules = Rules::of(recording);
        let crashes = rules.recording.crashes();
        for crash in &crashes {
            rules.are_kept(crash).unwrap();
        }
        for crash in chosen(&crashes, some) {
            self.ledger_is_true(crash).unwrap();
            self.goes_on(&rules, crash).unwrap();
        }
        crashes.len()
    }

    /// The syncs without which no state is wrong.
    fn needless(&self, recording: &Recording) -> Vec<String> {
        let key = |told: &[Tree], crash: &Crash| (crash.tree.clone(), told[crash.after].clone());
        let (known, told) = (recording.crashes(), recording.told());
        let known: BTreeSet<_> = known.iter().map(|crash| key(&told, crash)).collect();
        let is_needless = |index: usize| {
            let rules = Rules::of(recording.without(index));
            let crashes = rules.recording.crashes();
            let is_new =
                |crash: &&Crash| crash.at_the_end || !known.contains(&key(&rules.told, crash));
            let new: Vec<&Crash> = crashes.iter().filter(is_new).collect();
            new.iter().all(|crash| rules.are_kept(crash).is_ok())
                && new.iter().all(|crash| self.ledger_is_true(crash).is_ok())
                && new.iter().all(|crash| self.goes_on(&rules, crash).is_ok())
        };
        let syncs = recording.syncs().into_iter();
        let needless = syncs.filter(|(index, _)| is_needless(*index));
        needless.map(|(_, path)| path).collect()
    }

    /// That the ledger, with the journal, is true of a state.
    fn ledger_is_true(&self, crash: &Crash) -> Result<(), String> {
        put(self.root, self.folder, &crash.tree);
        let output = self.root.join(self.folder);
        if self.is_archive {
            let verify = Verify {
                output: &Folder::new(&output, &HastyDisk),
                sources: None,
                rebuild: None,
                sample: None,
                jobs: 1,
            };
            let verified = verify.run(&AtomicBool::new(false), &mut |_, _| ());
            let is_pdf = |path: &&String| Path::new(path).extension().is_some_and(|e| e == "pdf");
            let mut faults = match verified {
                Ok(found) => found.faults,
                Err(Error::NoArchive(_)) => {
                    let pdfs = crash.tree.keys().filter(is_pdf);
                    pdfs.map(|pdf| (pdf.clone(), FileFault::Unknown)).collect()
                }
                Err(error) => return Err(format!("{error}, {}", crash.told)),
            };
            faults.retain(|(path, _)| path != "index.csv");
            if !faults.is_empty() {
                return Err(format!("{faults:?}, {}", crash.told));
            }
        }
        Ok(())
    }

    /// That the work, done again, ends in the same bytes.
    fn goes_on(&self, rules: &Rules, crash: &Crash) -> Result<(), String> {
        put(self.root, self.folder, &crash.tree);
        (self.work)(&HastyDisk, &|_| ());
        let mut now = NotingDisk::new(self.root, self.folder).record().before();
        // An empty folder may be left of what was removed; what a run took is never the same.
        let own = |path: &String, content: &mut Option<_>| {
            content.is_some() && !path.contains(".nianbao") && !path.ends_with("/run.json")
        };
        let mut wanted = rules.after.clone();
        now.retain(own);
        wanted.retain(own);
        if now != wanted {
            let differs = wanted
                .iter()
                .find(|(path, content)| now.get(*path) != Some(content));
            return Err(format!("{differs:?} differs, {}", crash.told));
        }
        Ok(())
    }
}

/// The states to go on from.
fn chosen(crashes: &[Crash], some: Option<usize>) -> Vec<&Crash> {
    let Some(some) = some.filter(|some| *some < crashes.len()) else {
        return crashes.iter().collect();
    };
    let drawn = numbers(crashes.len() as u64).skip(1);
    let drawn = drawn.map(|number| usize::try_from(number >> 33).unwrap() % crashes.len());
    drawn.take(some).map(|i| &crashes[i]).collect()
}

/// A scene of runs over a site.
fn of_runs<T>(site: &Site, see: impl FnOnce(&Scene) -> T) -> T {
    see(&Scene {
        root: site.folder.path(),
        folder: "output",
        is_archive: true,
        work: &|disk, tell| {
            let sources = gather(&site.sources()).unwrap();
            let (policy, found) = (site.policy.clone(), &sources.collection);
            let examiner = PIPELINE.examiner(sources.files(), policy, &found.hierarchies);
            let examiner = examiner.unwrap();
            let archive = Archive {
                sources: &sources,
                output: &Folder::new(&site.output(), disk),
                examiner: &examiner,
                renderer: &site.renderer,
                meter: Meter {
                    clock: || Duration::ZERO,
                    peak_memory: || None,
                },
            };
            let told = &mut |event: Event| {
                if let Event::Report(record, Change::Made(_) | Change::Removed) = event {
                    tell(&site.output().join(pdf_path(&record.path)));
                }
            };
            let stop = AtomicBool::new(false);
            archive.run(&site.options, &stop, told).unwrap();
        },
    })
}

/// A site with one job whose archive has been made once, and of which everything is made again by the next run.
fn made_before(agencies: usize) -> Site {
    let mut site = Site::new(agencies);
    site.options.jobs = 1;
    site.run();
    site.renderer.inputs.engine = Digest::of(b"another");
    site
}

#[test]
fn a_first_run_survives_a_cut() {
    let mut site = Site::new(2);
    site.options.jobs = 1;
    let states = of_runs(&site, |scene| scene.cut(scene.record()));
    assert!(states > 100, "{states}");
}

#[test]
fn a_run_that_replaces_survives_a_cut() {
    let states = of_runs(&made_before(2), |scene| scene.cut(scene.record()));
    assert!(states > 40, "{states}");
}

/// A site with one job of whose archive the next run removes PDFs, and a folder with them.
fn to_be_pruned() -> Site {
    let mut site = Site::new(2);
    site.options.jobs = 1;
    site.run();
    site.options.prune = true;
    fs::remove_dir_all(site.sources().join("area1")).unwrap();
    fs::remove_file(site.sources().join("area0/agency0/2022.yaml")).unwrap();
    site
}

#[test]
fn a_run_that_prunes_survives_a_cut() {
    let states = of_runs(&to_be_pruned(), |scene| scene.cut(scene.record()));
    assert!(states > 100, "{states}");
}

#[test]
fn a_run_with_several_jobs_survives_a_cut() {
    let mut site = Site::new(12);
    site.options.jobs = 4;
    let states = of_runs(&site, |scene| scene.cut(scene.record()));
    assert!(states > 200, "{states}");
}

/// A scene of workers and of the merge of what they answer.
fn of_parts<T>(site: &Site, see: impl FnOnce(&Scene) -> T) -> T {
    see(&Scene {
        root: site.folder.path(),
        folder: "parts",
        is_archive: false,
        work: &|disk, tell| {
            let mut parts = planned::parts(site);
            parts.disk = disk;
            let mut merge = Merge::default();
            for line in parts.plan() {
                let PlanLine::Make(task) = line else {
                    panic!("{line:?}");
                };
                merge.ask(task.path.clone(), task.report, task.before.as_deref());
                merge.answer(task.path.clone(), parts.work(&task));
                tell(&parts.output().join(pdf_path(&task.path)));
            }
            merge.end(Shard::default());
            assert!(parts.merge(merge).unwrap().is_whole());
        },
    })
}

#[test]
fn workers_and_a_merge_survive_a_cut() {
    let states = of_parts(&Site::new(2), |scene| scene.cut(scene.record()));
    assert!(states > 50, "{states}");
}

/// A scene of a PDF that `compile` writes.
fn of_a_pdf<T>(root: &Path, content: &str, see: impl FnOnce(&Scene) -> T) -> T {
    let pdf = root.join("out/2023.pdf");
    see(&Scene {
        root,
        folder: "out",
        is_archive: false,
        work: &|disk, _| atomic(disk, &pdf, content.as_bytes()).unwrap(),
    })
}

#[test]
fn a_pdf_that_is_compiled_survives_a_cut() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("out")).unwrap();
    for content in ["first", "second"] {
        let states = of_a_pdf(folder.path(), content, |scene| {
            let recording = scene.record();
            assert_eq!(scene.needless(&recording), [""; 0]);
            scene.cut(recording)
        });
        assert_eq!(states, 3, "old, new, and new for good");
    }
}

#[test]
fn files_that_are_taken_out_survive_a_cut() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let files = ["2023.yaml", "a/b/c.svg", "a/d.svg"];
    let files = files.map(|name| (root.join("new/out").join(name), name.as_bytes()));
    let scene = Scene {
        root,
        folder: "new",
        is_archive: false,
        work: &|disk, _| {
            let is_new = |(path, _): &&(_, _)| !Path::new(path).exists();
            let new: Vec<_> = files.iter().filter(is_new).cloned().collect();
            together(disk, &new).unwrap();
        },
    };
    let recording = scene.record();
    assert_eq!(scene.needless(&recording), [""; 0]);
    let states = scene.cut(recording);
    assert!(states > 10, "{states}");
}

/// What a run notes that is killed before an operation, and then the next one.
fn killed(scene: &Scene, before: usize) -> Recording {
    put(scene.root, scene.folder, &Tree::new());
    let _ = fs::remove_dir(scene.root.join(scene.folder));
    let disk = NotingDisk::new(scene.root, scene.folder);
    disk.kill_before(before);
    let run = || (scene.work)(&disk, &|path| disk.tell(path));
    assert!(catch_unwind(AssertUnwindSafe(run)).is_err());
    disk.kill_before(usize::MAX);
    run();
    disk.record()
}

#[test]
fn a_cut_after_a_kill_is_survived() {
    let mut site = Site::new(1);
    site.options.jobs = 1;
    let survive = |scene: &Scene| {
        let last = |(at, _): &(usize, String)| *at;
        let operations = scene.record().syncs().iter().map(last).max().unwrap();
        let some = Some(if all() { GONE_ON_FROM } else { 1 });
        let kills = (0..operations).step_by(if all() { 1 } else { 3 });
        let states = kills.map(|before| scene.cut_some(killed(scene, before), some));
        let states: usize = states.sum();
        assert!(states > 300, "{states}");
    };
    of_runs(&site, survive);
    of_parts(&site, survive);
}

#[test]
fn no_sync_is_needless() {
    let mut site = Site::new(1);
    site.options.jobs = 1;
    let none = [""; 0];
    let needless = |scene: &Scene| scene.needless(&scene.record());
    assert_eq!(of_runs(&site, needless), none);
    assert_eq!(of_runs(&made_before(1), needless), none);
    assert_eq!(of_runs(&to_be_pruned(), needless), none);
    let (folder, area, own) = ("parts", "parts/area0", "parts/.nianbao");
    // The second worker syncs what the first has synced, who could have been killed before that; and a merge has a
    // journal as runs do, with nothing in it.
    let again = [folder, area, own, folder, folder];
    assert_eq!(of_parts(&site, needless), again);
}
