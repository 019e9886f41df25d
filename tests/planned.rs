//! Runs over archives in parts: a plan, work on it by anybody, one ledger. What comes of it is held to what
//! one run makes of the same sources.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use nianbao::archive::{
    Folder, Merge, Merged, OwnDisk, PdfPress, Plan, Planned, Press, Record, Request, Selection,
    Shard, State, Worked,
};
use nianbao::check::Policy;
use nianbao::digest::Digest;
use nianbao::error::Error;
use nianbao::source::{Files, OwnFiles};
use nianbao::typeset::Purpose;

use super::support::archives::{Site, examiner, gather, small, tree};
use super::support::{EDITIONS, ENGINE};

const FIRST: &str = "area0/agency0/2023.yaml";

/// An archive of the sources of a site that is made in parts, beside the one that is made in one run.
struct Parts<'a> {
    site: &'a Site,
    shard: Shard,
}

impl Parts<'_> {
    fn output(&self) -> PathBuf {
        self.site.folder.path().join("parts")
    }

    fn plan(&self) -> Vec<Request> {
        let sources = gather(&self.site.sources()).unwrap();
        let mut requests = Vec::new();
        let plan = Plan {
            sources: &sources,
            from: self.site.sources().to_str().unwrap().to_owned(),
            output: &Folder::new(&self.output(), &OwnDisk),
            to: self.output().to_str().unwrap().to_owned(),
            examiner: &examiner(&sources, self.site.policy.clone()),
            press: &self.site.press,
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
            matches!(end, Some(Request::End(shard)) if shard == self.shard),
            "{end:?}"
        );
        requests
    }

    fn work_with(&self, planned: &Planned, press: &dyn Press) -> Worked {
        // As a worker has it, that has seen nothing but the request.
        let line = serde_json::to_string(planned).unwrap();
        let planned: Planned = serde_json::from_str(&line).unwrap();
        let sources = gather(&self.site.sources()).unwrap();
        let policy = Policy::new(false, &planned.deny, &planned.allow).unwrap();
        let hierarchy = planned.hierarchy_in(&self.site.sources());
        let examiner = examiner(&sources, Policy::default());
        let examiner = examiner.of(sources.files(), policy, &hierarchy).unwrap();
        let output = Folder::new(&self.output(), &OwnDisk);
        let worked = planned.work(&self.site.sources(), &output, &examiner, press);
        planned.write(&self.site.sources(), &output, worked)
    }

    fn work(&self, planned: &Planned) -> Worked {
        self.work_with(planned, &self.site.press)
    }

    /// Plans, works on all of it twice, backwards, and merges.
    fn run(&self) -> Merged {
        let mut merge = Merge::default();
        for request in self.plan().iter().rev() {
            match request {
                Request::Make(planned) => {
                    for _ in 0..2 {
                        merge.answer(planned.path.clone(), self.work(planned));
                    }
                    merge.ask(
                        planned.path.clone(),
                        planned.report,
                        planned.before.as_deref(),
                    );
                }
                Request::Note(path, record) => {
                    merge.note(path.clone(), record.as_deref().cloned());
                }
                Request::End(_) => {}
            }
        }
        merge.end(Shard::default());
        self.merge(merge).unwrap()
    }

    fn merge(&self, merge: Merge) -> Result<Merged, Error> {
        merge.run(&Folder::new(&self.output(), &OwnDisk))
    }

    /// That both archives have the same files with the same content.
    #[track_caller]
    fn are_as_one_run(&self) {
        let (one, parts) = (self.site.tree(), tree(&self.output()));
        let ledger = |tree: &BTreeMap<String, Vec<u8>>| {
            String::from_utf8(tree["manifest.jsonl"].clone()).unwrap()
        };
        assert_eq!(ledger(&parts), ledger(&one));
        assert!(parts == one, "{:?} {:?}", parts.keys(), one.keys());
    }
}

fn parts(site: &Site) -> Parts<'_> {
    Parts {
        site,
        shard: Shard::default(),
    }
}

fn paths(requests: &[Request]) -> Vec<&str> {
    fn path(request: &Request) -> &str {
        match request {
            Request::Make(planned) => &planned.path,
            Request::Note(path, _) => path,
            Request::End(_) => "",
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
    site.press.panics_at = Some("某某市第5局".to_owned());
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
        Request::Make(planned) => Some(planned),
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
    site.press.panics_at = None;
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
    let [_, Request::Make(planned)] = &plan[..] else {
        panic!("{plan:?}");
    };
    let worked = parts.work(planned);
    assert!(worked.record.is_none());
    assert!(worked.failed.unwrap().contains("plan again"));
    assert!(!parts.output().join("area0/agency0/2023.pdf").exists());
}

fn answer(record: Option<&Record>, failed: Option<&str>) -> Worked {
    Worked {
        record: record.cloned(),
        failed: failed.map(str::to_owned),
        pdf: None,
        stamp: None,
    }
}

/// What is merged of two reports, of which the second is answered as given.
fn merged_of(site: &Site, answers: &[(&str, Option<&Record>, Option<&str>)]) -> Merged {
    let parts = parts(site);
    let _ = fs::remove_file(parts.output().join("manifest.jsonl"));
    let mut merge = Merge::default();
    for request in parts.plan() {
        let Request::Make(planned) = request else {
            panic!();
        };
        merge.ask(
            planned.path.clone(),
            planned.report,
            planned.before.as_deref(),
        );
        if planned.path != FIRST {
            merge.answer(planned.path.clone(), parts.work(&planned));
        }
    }
    merge.end(Shard::default());
    for (path, record, failed) in answers {
        merge.answer((*path).to_owned(), answer(*record, *failed));
    }
    parts.merge(merge).unwrap()
}

#[test]
fn answers_are_weighed_whatever_their_order() {
    let site = Site::new(1);
    let parts = parts(&site);
    let plan = parts.plan();
    let [_, Request::Make(planned)] = &plan[..] else {
        panic!("{plan:?}");
    };
    let right = parts.work(planned).record.unwrap();
    let mut other = right.clone();
    other.findings.notes += 1;
    let mut broken = right.clone();
    broken.pdf = None;
    broken.state = State::Failed;
    let failed = |reason: &str| {
        let mut record = broken.clone();
        record.failure = Some(nianbao::archive::Failure {
            report: None,
            reason: reason.to_owned(),
        });
        record
    };
    let (a, b) = (failed("a"), failed("b"));
    let (a, b) = ((FIRST, Some(&a), Some("a")), (FIRST, Some(&b), Some("b")));
    let good = (FIRST, Some(&right), None);
    let changed = (FIRST, None, Some("changed"));

    let none = merged_of(&site, &[]);
    assert_eq!(none.unanswered, [(FIRST.to_owned(), String::new())]);
    assert!(!none.is_whole());
    let none = merged_of(&site, &[changed]);
    assert_eq!(none.unanswered, [(FIRST.to_owned(), "changed".to_owned())]);
    assert!(!none.is_whole());
    // Of an earlier run, when the report was another; and one that has nothing to say of it.
    let mut earlier = right.clone();
    earlier.made_from.as_mut().unwrap().report = Digest::of(b"earlier");
    let earlier = (FIRST, Some(&earlier), None);
    for answers in [&[earlier][..], &[(FIRST, None, None)]] {
        let merged = merged_of(&site, answers);
        assert!(merged.unanswered[0].1.contains("a new folder"));
        assert!(!merged.is_whole());
    }
    for answers in [
        &[good, a, good][..],
        &[earlier, good],
        &[good, (FIRST, None, None)],
        &[a, changed, good],
        &[changed, b, good, good],
    ] {
        let merged = merged_of(&site, answers);
        assert!(
            merged.is_whole() && merged.taken == merged.asked,
            "{merged:?}"
        );
    }
    for answers in [&[a, b][..], &[b, a], &[changed, b, a, changed]] {
        let merged = merged_of(&site, answers);
        assert_eq!(merged.failed[0].failure.as_ref().unwrap().reason, "a");
        assert_eq!(merged.broken, 1);
        assert!(!merged.is_whole());
    }
    for answers in [
        &[good, (FIRST, Some(&other), None)][..],
        &[(FIRST, Some(&other), None), a, good, good],
    ] {
        let merged = merged_of(&site, answers);
        assert_eq!(merged.contradictory, [FIRST]);
        assert!(!merged.is_whole());
        let ledger = fs::read_to_string(parts.output().join("manifest.jsonl")).unwrap();
        assert!(ledger.contains("agency0/2022.yaml") && !ledger.contains(FIRST));
    }
    let merged = merged_of(
        &site,
        &[good, ("area0/agency0/2020.yaml", Some(&right), None)],
    );
    assert_eq!(merged.unasked, ["area0/agency0/2020.yaml"]);
    assert!(!merged.is_whole());
    let mut larger = right.clone();
    larger.pdf.as_mut().unwrap().bytes += 1;
    let merged = merged_of(&site, &[(FIRST, Some(&larger), None)]);
    assert_eq!(merged.missing, [FIRST], "a worker wrote to another disk");
    assert!(!merged.is_whole());
}

#[test]
fn a_part_of_a_plan_that_was_not_written_to_its_end_is_named() {
    let site = Site::new(0);
    let torn = |whole: &[&str]| {
        let mut merge = Merge::default();
        for shard in whole {
            merge.end(shard.parse().unwrap());
        }
        let merged = parts(&site).merge(merge).unwrap();
        assert_eq!(merged.is_whole(), merged.torn.is_empty());
        let torn = merged.torn.iter().map(ToString::to_string);
        torn.collect::<Vec<_>>()
    };
    assert_eq!(torn(&["0/1"]), [""; 0]);
    assert_eq!(torn(&["1/3", "0/3", "2/3", "1/3"]), [""; 0]);
    assert_eq!(torn(&["3/4", "1/4"]), ["0/4", "2/4"]);
    assert_eq!(torn(&["0/1", "1/2"]), ["0/2"]);
    assert_eq!(torn(&[]), ["0/1"]);
}

#[test]
fn a_failure_of_the_machine_says_nothing_against_a_later_ledger() {
    let site = Site::new(1);
    let parts = parts(&site);
    let mut failed = Merge::default();
    for request in parts.plan() {
        let Request::Make(planned) = request else {
            panic!();
        };
        let record = parts.work(&planned).record.map(|mut record| {
            record.pdf = None;
            record.made_from = None;
            record.state = State::Failed;
            record.failure = Some(nianbao::archive::Failure {
                report: None,
                reason: "away".to_owned(),
            });
            record
        });
        failed.ask(planned.path.clone(), planned.report, None);
        failed.answer(planned.path, answer(record.as_ref(), Some("away")));
    }
    failed.end(Shard::default());
    assert!(parts.run().is_whole());
    let good = tree(&parts.output());
    let merged = parts.merge(failed).unwrap();
    assert_eq!(
        (merged.unanswered.len(), merged.taken, merged.broken),
        (2, 0, 0)
    );
    assert!(merged.unanswered[0].1.contains("plan again"));
    assert!(tree(&parts.output()) == good);
}

#[test]
fn a_pdf_that_is_not_as_it_was_answered_is_read_by_the_next_plan() {
    let site = Site::new(1);
    let parts = parts(&site);
    assert!(parts.run().is_whole());
    assert_eq!(paths(&parts.plan()), [""; 0]);
    fs::remove_file(parts.output().join("manifest.jsonl")).unwrap();
    let mut merge = Merge::default();
    for request in parts.plan() {
        let Request::Make(planned) = request else {
            panic!();
        };
        let worked = parts.work(&planned);
        assert!(worked.stamp.is_some());
        merge.ask(
            planned.path.clone(),
            planned.report,
            planned.before.as_deref(),
        );
        merge.answer(planned.path, worked);
    }
    merge.end(Shard::default());
    // Of the same size, and by a worker that nobody knew of any more.
    let pdf = parts.output().join("area0/agency0/2023.pdf");
    let other = vec![b'x'; fs::read(&pdf).unwrap().len()];
    fs::write(&pdf, other).unwrap();
    assert!(parts.merge(merge).unwrap().is_whole());
    assert_eq!(paths(&parts.plan()), [FIRST]);
}

#[test]
fn work_and_a_run_exclude_each_other() {
    let site = Site::new(1);
    let parts = parts(&site);
    let plan = parts.plan();
    let [Request::Make(planned), _] = &plan[..] else {
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
        let nobody = examiner(&sources, Policy::default());
        let examiner = nobody.of(files.clone(), Policy::default(), &collection.hierarchies);
        let press = PdfPress::new(&ENGINE, &Purpose::Public, &EDITIONS, || Duration::ZERO);
        let press = press.unwrap().reading(files);
        let plan = parts.plan();
        let planned = plan.iter().find_map(|request| match request {
            Request::Make(planned) if planned.path == path => Some(planned),
            _ => None,
        });
        let output = Folder::new(&parts.output(), &OwnDisk);
        let worked = planned
            .unwrap()
            .work(&site.sources(), &output, &examiner.unwrap(), &press);
        broken.push(worked.failed.unwrap_or_default());
    }
    let said = |reason: &String| reason.contains("does not answer");
    assert!(broken.iter().all(said), "{broken:?}");
}
