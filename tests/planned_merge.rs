//! What `archive merge` makes of answers, whatever became of plans and workers.

use std::fs;
use std::sync::atomic::AtomicBool;

use nianbao::archive::{Failure, FileFault, Record, State, Verify};
use nianbao::batch::{Merge, MergeSummary, Note, PlanLine, Shard, TaskResult};
use nianbao::digest::Digest;
use nianbao::storage::{ArchiveStore, Folder, OwnDisk};

use super::planned::{FIRST, Parts, parts, paths};
use super::support::archives::{Site, tree};

fn answer(record: Option<&Record>, failed: Option<&str>) -> TaskResult {
    TaskResult {
        record: record.cloned(),
        failed: failed.map(str::to_owned),
        pdf: None,
    }
}

/// What is merged of two reports, of which the second is answered as given.
fn merged_of(site: &Site, answers: &[(&str, Option<&Record>, Option<&str>)]) -> MergeSummary {
    let parts = parts(site);
    let _ = fs::remove_file(parts.output().join("manifest.jsonl"));
    let mut merge = Merge::default();
    for request in parts.plan() {
        let PlanLine::Make(planned) = request else {
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
    let [_, PlanLine::Make(planned)] = &plan[..] else {
        panic!("{plan:?}");
    };
    let right = parts.work(planned).record.unwrap();
    let mut other = right.clone();
    other.findings.notes += 1;
    let mut broken = right.clone();
    broken.files.pdf = None;
    broken.state = State::Failed;
    let failed = |reason: &str| {
        let mut record = broken.clone();
        record.failure = Some(Failure {
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
    earlier.files.pdf.as_mut().unwrap().made_from.report = Digest::of(b"earlier");
    let earlier = (FIRST, Some(&earlier), None);
    for answers in [&[earlier][..], &[(FIRST, None, None)]] {
        let merged = merged_of(&site, answers);
        assert!(merged.unanswered[0].1.contains("新的文件夹"));
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
    larger.files.pdf.as_mut().unwrap().bytes += 1;
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
fn what_another_run_has_made_stays_in_the_ledger() {
    let site = Site::new(1);
    let parts = parts(&site);
    let mut old = [Merge::default(), Merge::default(), Merge::default()];
    for request in parts.plan() {
        let PlanLine::Make(planned) = request else {
            panic!();
        };
        let mut record = parts.work(&planned).record.unwrap();
        record.files.pdf = None;
        record.state = State::Failed;
        let failure = |report| Failure {
            report,
            reason: "failed".to_owned(),
        };
        let (path, report) = (&planned.path, planned.report);
        // The machine failed, the report had errors, there was no report.
        record.failure = Some(failure(None));
        old[0].ask(path.clone(), report, None);
        old[0].answer(path.clone(), answer(Some(&record), Some("away")));
        record.failure = Some(failure(report));
        old[1].ask(path.clone(), report, None);
        old[1].answer(path.clone(), answer(Some(&record), None));
        old[2].note(Note {
            path: path.clone(),
            record: None,
            before: Some(record.clone()),
        });
    }
    assert!(parts.run().is_whole());
    let good = tree(&parts.output());
    for mut merge in old {
        merge.end(Shard::default());
        let merged = parts.merge(merge).unwrap();
        assert_eq!(
            (merged.unanswered.len(), merged.taken, merged.broken),
            (2, 0, 0)
        );
        assert!(merged.unanswered[0].1.contains("请重新计划"));
        assert!(tree(&parts.output()) == good);
    }
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
        let PlanLine::Make(planned) = request else {
            panic!();
        };
        let worked = parts.work(&planned);
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

/// The PDFs whose digests an archive has computed itself.
fn read_here(parts: &Parts) -> usize {
    let seen = fs::read(parts.output().join(".nianbao/seen.json")).unwrap();
    let seen: serde_json::Value = serde_json::from_slice(&seen).unwrap();
    seen["read"].as_object().unwrap().len()
}

#[test]
fn a_digest_that_an_answer_claims_is_believed_by_nobody() {
    let site = Site::new(1);
    site.run();
    let parts = parts(&site);
    let mut merge = Merge::default();
    for request in parts.plan() {
        let PlanLine::Make(planned) = request else {
            panic!();
        };
        let mut worked = parts.work(&planned);
        if planned.path == FIRST {
            let pdf = &mut worked.record.as_mut().unwrap().files.pdf;
            pdf.as_mut().unwrap().digest = Digest::of(b"another");
        }
        merge.ask(planned.path.clone(), planned.report, None);
        merge.answer(planned.path, worked);
    }
    merge.end(Shard::default());
    let merged = parts.merge(merge).unwrap();
    assert!(merged.is_whole());
    assert_eq!((merged.unproven, read_here(&parts)), (2, 0));
    // Whoever comes next reads it, and has it made again.
    assert_eq!(paths(&parts.plan()), [FIRST]);
    let output = Folder::new(&parts.output(), &OwnDisk);
    let verify = || {
        let verify = Verify {
            output: &output,
            sources: None,
            rebuild: None,
            sample: None,
            jobs: 1,
        };
        verify.run(&AtomicBool::new(false), &mut |_, _| ()).unwrap()
    };
    assert_eq!(verify().faults, [(FIRST.to_owned(), FileFault::Altered)]);
    assert_eq!(read_here(&parts), 1, "the other is read once");
    let merged = parts.run();
    assert_eq!((merged.asked, merged.unproven), (1, 1));
    assert_eq!(verify().faults, []);
    assert_eq!(read_here(&parts), 2);
    assert_eq!(paths(&parts.plan()), [""; 0]);
    parts.are_as_one_run();
    // A merge keeps what is known, unless the PDF is another now.
    assert_eq!(parts.run().unproven, 0);
    let pdf = parts.output().join("area0/agency0/2023.pdf");
    let bytes = fs::read(&pdf).unwrap();
    fs::remove_file(&pdf).unwrap();
    assert_eq!(parts.run().unproven, 1);
    assert!(fs::read(&pdf).unwrap() == bytes);
}

#[test]
fn what_an_earlier_program_has_noted_is_read_again() {
    let site = Site::new(1);
    site.run();
    let seen = site.output().join(".nianbao/seen.json");
    let now: serde_json::Value = serde_json::from_slice(&fs::read(&seen).unwrap()).unwrap();
    // As before: stamps, also beside digests of answers.
    fs::write(&seen, now["read"].to_string()).unwrap();
    let pdf = site.pdf(FIRST);
    let stamp = |path: &std::path::Path| {
        let store = Folder::new(path.parent().unwrap(), &OwnDisk);
        let name = path.file_name().unwrap().to_str().unwrap();
        store.stat(name).unwrap().unwrap().stamp
    };
    let length = fs::read(&pdf).unwrap().len();
    fs::write(&pdf, "x".repeat(length)).unwrap();
    let mut claimed = now["read"].clone();
    claimed["area0/agency0/2023.pdf"][0] = stamp(&pdf).into();
    fs::write(&seen, claimed.to_string()).unwrap();
    assert_eq!(site.run().made.keys().collect::<Vec<_>>(), [FIRST]);
}
