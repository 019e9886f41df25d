//! Runs over archives in parts: a plan, work on it by anybody, one ledger. What comes of it is held to what
//! one run makes of the same sources.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use nianbao::archive::{Selection, State};
use nianbao::batch::{Merge, MergeSummary, Plan, PlanLine, Shard, Task, TaskResult};
use nianbao::check::Policy;
use nianbao::digest::Digest;
use nianbao::error::Error;
use nianbao::pipeline::{PdfRenderer, Renderer};
use nianbao::source::{Files, OwnFiles};
use nianbao::storage::{Disk, Folder, OwnDisk};
use nianbao::typeset::ReportCopy;

use super::support::PIPELINE;
use super::support::archives::{Site, examiner, gather, small, tree};

pub const FIRST: &str = "area0/agency0/2023.yaml";

/// An archive of the sources of a site that is made in parts, beside the one that is made in one run.
pub struct Parts<'a> {
    site: &'a Site,
    shard: Shard,
    /// The disk that workers and the merge write to.
    pub disk: &'a dyn Disk,
}

impl Parts<'_> {
    pub fn output(&self) -> PathBuf {
        self.site.folder.path().join("parts")
    }

    pub fn plan(&self) -> Vec<PlanLine> {
        let sources = gather(&self.site.sources()).unwrap();
        let mut requests = Vec::new();
        let plan = Plan {
            sources: &sources,
            from: self.site.sources().to_str().unwrap().to_owned(),
            output: &Folder::new(&self.output(), &OwnDisk),
            to: self.output().to_str().unwrap().to_owned(),
            examiner: &examiner(&sources, self.site.policy.clone()),
            renderer: &self.site.renderer,
            selection: Selection::default(),
            shard: self.shard,
            engine: Digest::of(b""),
            jobs: 2,
        };
        let stop = AtomicBool::new(false);
        plan.run(&stop, &mut |request| requests.push(request))
            .unwrap();
        let end = requests.pop();
        assert!(
            matches!(end, Some(PlanLine::End(shard, _)) if shard == self.shard),
            "{end:?}"
        );
        requests
    }

    fn work_with(&self, planned: &Task, renderer: &dyn Renderer) -> TaskResult {
        // As a worker has it, that has seen nothing but the request.
        let line = serde_json::to_string(planned).unwrap();
        let planned: Task = serde_json::from_str(&line).unwrap();
        let sources = gather(&self.site.sources()).unwrap();
        let policy = Policy::new(false, &planned.deny, &planned.allow).unwrap();
        let hierarchy = planned.hierarchy_in(&self.site.sources());
        let examiner = PIPELINE
            .examiner(sources.files(), policy, &hierarchy)
            .unwrap();
        let output = Folder::new(&self.output(), self.disk);
        let worked = planned.work(&self.site.sources(), &output, &examiner, renderer);
        planned.write(&self.site.sources(), &output, worked)
    }

    pub fn work(&self, planned: &Task) -> TaskResult {
        self.work_with(planned, &self.site.renderer)
    }

    /// Plans, works on all of it twice, backwards, and merges.
    pub fn run(&self) -> MergeSummary {
        let mut merge = Merge::default();
        for request in self.plan().iter().rev() {
            match request {
                PlanLine::Make(planned) => {
                    for _ in 0..2 {
                        merge.answer(planned.path.clone(), self.work(planned));
                    }
                    merge.ask(
                        planned.path.clone(),
                        planned.report,
                        planned.before.as_deref(),
                    );
                }
                PlanLine::Note(note) => {
                    merge.note((**note).clone());
                }
                PlanLine::End(..) => {}
            }
        }
        merge.absent(gather(&self.site.sources()).unwrap().absent());
        merge.end(Shard::default());
        self.merge(merge).unwrap()
    }

    pub fn merge(&self, merge: Merge) -> Result<MergeSummary, Error> {
        merge.run(&Folder::new(&self.output(), self.disk))
    }

    /// That both archives have the same files with the same content.
    #[track_caller]
    pub fn are_as_one_run(&self) {
        let (one, parts) = (self.site.tree(), tree(&self.output()));
        let ledger = |tree: &BTreeMap<String, Vec<u8>>| {
            String::from_utf8(tree["manifest.jsonl"].clone()).unwrap()
        };
        assert_eq!(ledger(&parts), ledger(&one));
        assert!(parts == one, "{:?} {:?}", parts.keys(), one.keys());
    }
}

pub fn parts(site: &Site) -> Parts<'_> {
    Parts {
        site,
        shard: Shard::default(),
        disk: &OwnDisk,
    }
}

pub fn paths(requests: &[PlanLine]) -> Vec<&str> {
    fn path(request: &PlanLine) -> &str {
        match request {
            PlanLine::Make(planned) => &planned.path,
            PlanLine::Note(note) => &note.path,
            PlanLine::End(..) => "",
        }
    }
    requests.iter().map(path).collect()
}

/// Sources with everything that decides about a report: figures, agencies, the year before, errors, names
/// that exclude each other, a report at which the program panics.
pub fn site() -> Site {
    let mut site = Site::new(6);
    site.put("area0/agency0/2021.yml", &small(0, "2021", ""));
    site.put("area1/agency1/2022.yaml", "year: [");
    let picture = r#"<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>"#;
    site.put("area1/agency1/a.svg", picture);
    let figure = |name: &str| {
        small(1, "2023", "").replace("都有人负责。", &format!("都有人负责。\n\n  ![图]({name})"))
    };
    site.put("area1/agency1/2023.yaml", &figure("a.svg"));
    site.put("area1/agency4/2023.yaml", &figure("none.svg"));
    site.put("area2/agency2/2023.yml", &small(2, "2023", ""));
    let hierarchy = "government: agency0\nagencies: [agency3]\n";
    site.put("area0/hierarchy.yaml", hierarchy);
    site.put("area2/hierarchy.yaml", "government: .");
    site.renderer.panics_at = Some("某某市第5局".to_owned());
    site
}

#[test]
fn parts_make_what_one_run_makes() {
    let site = site();
    site.run();
    let parts = parts(&site);
    let plan = parts.plan();
    assert!(paths(&plan).is_sorted());
    let make = plan.iter().filter_map(|request| match request {
        PlanLine::Make(planned) => Some(planned),
        _ => None,
    });
    let over = make.filter_map(|planned| planned.hierarchy.as_deref());
    // The reports of the government in one, all in the folder of another, which has errors.
    let [one, other] = ["area0/hierarchy.yaml", "area2/hierarchy.yaml"];
    assert_eq!(
        over.collect::<Vec<_>>(),
        [one, one, one, other, other, other, other]
    );
    let merged = parts.run();
    let failed: Vec<_> = merged
        .failed
        .iter()
        .map(|record| record.path.as_str())
        .collect();
    assert_eq!(
        failed,
        [
            "area1/agency1/2022.yaml",
            "area1/agency4/2023.yaml",
            "area2/agency2/2023.yml",
            "area2/agency5/2022.yaml",
            "area2/agency5/2023.yaml",
        ]
    );
    assert_eq!((merged.asked, merged.taken), (14, 14));
    parts.are_as_one_run();
}

#[test]
fn what_changed_is_planned_and_nothing_else() {
    let mut site = site();
    site.renderer.panics_at = None;
    for path in [
        "area1/agency1/2022.yaml",
        "area1/agency4/2023.yaml",
        "area2/agency2/2023.yml",
    ] {
        fs::remove_file(site.sources().join(path)).unwrap();
    }
    let again = |site: &Site, changed: &[&str]| {
        site.run();
        let parts = parts(site);
        assert_eq!(paths(&parts.plan()), changed);
        parts.run();
        parts.are_as_one_run();
        assert!(parts.plan().is_empty());
    };
    site.run();
    parts(&site).run();
    again(&site, &[]);
    // The report of an agency, which the one of its government is compared with.
    let text = small(3, "2023", "# another text\n");
    site.put("area0/agency3/2023.yaml", &text);
    again(&site, &[FIRST, "area0/agency3/2023.yaml"]);
    // A report that has errors now, and one that is gone.
    site.put(FIRST, &small(0, "2023", "further: 1\n"));
    let gone = site.sources().join("area2/agency2/2022.yaml");
    fs::remove_file(&gone).unwrap();
    site.run();
    let parts = parts(&site);
    let after = "area2/agency2/2023.yaml"; // it was compared with the one that is gone
    assert_eq!(
        paths(&parts.plan()),
        [FIRST, "area2/agency2/2022.yaml", after]
    );
    let merged = parts.run();
    assert_eq!(merged.orphans.len(), 1);
    assert_eq!(merged.failed[0].state, State::Stale);
    parts.are_as_one_run();
    assert_eq!(paths(&parts.plan()), [FIRST], "what fails is tried again");
    // Both are there again.
    site.put(FIRST, &small(0, "2023", ""));
    site.put("area2/agency2/2022.yaml", &small(2, "2022", ""));
    again(&site, &[FIRST, "area2/agency2/2022.yaml", after]);
    // PDFs that are gone or altered.
    for output in [site.output(), parts.output()] {
        fs::remove_file(output.join("area0/agency0/2023.pdf")).unwrap();
        fs::write(output.join("area2/agency2/2022.pdf"), "x").unwrap();
    }
    again(&site, &[FIRST, "area2/agency2/2022.yaml"]);
    // Orphans without their PDF leave the ledger.
    fs::remove_file(&gone).unwrap();
    for output in [site.output(), parts.output()] {
        fs::remove_file(output.join("area2/agency2/2022.pdf")).unwrap();
    }
    again(&site, &["area2/agency2/2022.yaml", after]);
}

#[test]
fn shards_are_parts_of_the_plan_that_stay_what_they_are() {
    let mut site = Site::new(20);
    let of = |site: &Site, shard: &str| {
        let parts = Parts {
            site,
            shard: shard.parse().unwrap(),
            disk: &OwnDisk,
        };
        let plan = parts.plan();
        paths(&plan)
            .into_iter()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let shards = ["0/3", "1/3", "2/3"].map(|shard| of(&site, shard));
    assert!(
        shards
            .iter()
            .all(|shard| shard.len() > 5 && shard.is_sorted())
    );
    let mut all = shards.concat();
    all.sort();
    assert_eq!(all, paths(&parts(&site).plan()));
    site.put("area9/agency/2023.yaml", &small(21, "2023", ""));
    site.options.jobs = 1;
    for (shard, before) in ["0/3", "1/3", "2/3"].iter().zip(&shards) {
        let now = of(&site, shard);
        assert!(before.iter().all(|path| now.contains(path)));
    }
    for wrong in ["3/3", "0/0", "1", "-1/2", "a/b", "0/1000001", ""] {
        assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
    }
}

#[test]
fn a_report_that_is_another_than_planned_is_not_made() {
    let site = Site::new(1);
    let parts = parts(&site);
    let plan = parts.plan();
    site.put(FIRST, &small(0, "2023", "# another text\n"));
    let [_, PlanLine::Make(planned)] = &plan[..] else {
        panic!("{plan:?}");
    };
    let worked = parts.work(planned);
    assert!(worked.record.is_none());
    assert!(worked.failed.unwrap().contains("请重新计划"));
    assert!(!parts.output().join("area0/agency0/2023.pdf").exists());
}

#[test]
fn work_and_a_run_exclude_each_other() {
    let site = Site::new(1);
    let parts = parts(&site);
    let plan = parts.plan();
    let [PlanLine::Make(planned), _] = &plan[..] else {
        panic!("{plan:?}");
    };
    assert!(parts.work(planned).failed.is_none());
    let lock = fs::File::open(parts.output().join(".nianbao/lock")).unwrap();
    lock.try_lock().unwrap();
    let worked = parts.work(planned);
    assert!(worked.failed.unwrap().contains("another run"));
    assert!(parts.merge(Merge::default()).is_err());
    lock.unlock().unwrap();
    // Many may work at once.
    lock.try_lock_shared().unwrap();
    assert!(parts.work(planned).failed.is_none());
    assert!(
        fs::read_dir(parts.output().join(".nianbao/new"))
            .unwrap()
            .next()
            .is_none()
    );
}

/// Files of which one cannot be had now.
#[derive(Debug)]
struct Away(&'static str);

impl Files for Away {
    fn read(&self, path: &Path, limit: usize) -> io::Result<Vec<u8>> {
        if path.ends_with(self.0) {
            return Err(io::Error::other("the store does not answer"));
        }
        OwnFiles.read(path, limit)
    }

    fn is_file(&self, path: &Path) -> io::Result<bool> {
        OwnFiles.is_file(path)
    }

    fn whole(&self, path: &Path) -> io::Result<PathBuf> {
        OwnFiles.whole(path)
    }

    fn passes(&self, _: &io::Error) -> bool {
        true
    }
}

#[test]
fn nothing_is_concluded_from_a_store_that_does_not_answer() {
    let site = site();
    let parts = parts(&site);
    let sources = gather(&site.sources()).unwrap();
    let collection = &sources.collection;
    let mut broken = Vec::new();
    for (path, away) in [
        (FIRST, "agency0/2022.yaml"),         // the year before
        (FIRST, "agency3/2023.yaml"),         // an agency
        ("area1/agency1/2023.yaml", "a.svg"), // a figure
        (FIRST, FIRST),
    ] {
        let files = Arc::new(Away(away));
        let policy = Policy::default();
        let examiner = PIPELINE.examiner(files.clone(), policy, &collection.hierarchies);
        let renderer = PdfRenderer::new(&PIPELINE, &ReportCopy::Public, || Duration::ZERO);
        let renderer = renderer.unwrap().reading(files);
        let plan = parts.plan();
        let planned = plan.iter().find_map(|request| match request {
            PlanLine::Make(planned) if planned.path == path => Some(planned),
            _ => None,
        });
        let output = Folder::new(&parts.output(), &OwnDisk);
        let worked = planned
            .unwrap()
            .work(&site.sources(), &output, &examiner.unwrap(), &renderer);
        broken.push(worked.failed.unwrap_or_default());
    }
    let said = |reason: &String| reason.contains("does not answer");
    assert!(broken.iter().all(said), "{broken:?}");
}
