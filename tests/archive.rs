//! Runs over archives: what is made and why, what a bad report costs.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use nianbao::archive::{Selection, State};
use nianbao::check::Policy;
use nianbao::digest::Digest;
use nianbao::error::Error;
use nianbao::pipeline::PdfRenderer;
use nianbao::storage::OwnDisk;
use nianbao::typeset::ReportCopy;

use super::support::PIPELINE;
use super::support::archives::{Done, Site, gather, small};

fn reasons(done: &Done) -> Vec<(&str, &str)> {
    done.made
        .iter()
        .map(|(path, why)| (path.as_str(), why.as_str()))
        .collect()
}

fn states(site: &Site) -> BTreeMap<String, State> {
    site.ledger()
        .into_iter()
        .map(|(path, record)| (path, record.state))
        .collect()
}

pub const FIRST: &str = "area0/agency0/2023.yaml";
/// A row with a wrong total.
const WRONG: &str = "  direct_litigation: [2, 0, 1, 0, 0]";

/// A small report with that row.
fn wrong() -> String {
    small(0, "2023", "").replace("  direct_litigation: 0", WRONG)
}

#[test]
fn any_run_and_any_number_of_jobs_give_the_same_archive() {
    let renderer =
        PdfRenderer::new(&PIPELINE, &ReportCopy::Public, || std::time::Duration::ZERO).unwrap();
    let mut trees = Vec::new();
    for jobs in [1, 2, 5] {
        let mut site = Site::new(100);
        site.put("area1/agency1/2023.yaml", "year: [");
        site.options.jobs = jobs;
        let stop = AtomicBool::new(false);
        let first = site.run_with(&renderer, &OwnDisk, &stop).unwrap();
        assert_eq!((first.summary.made, first.summary.failed.len()), (199, 1));
        let tree = site.tree();
        let second = site.run_with(&renderer, &OwnDisk, &stop).unwrap();
        assert_eq!((second.summary.made, second.summary.kept), (0, 199));
        assert!(tree == site.tree(), "a second run changes nothing");
        let first = site
            .ledger()
            .into_values()
            .find(|record| record.pdf().is_some())
            .unwrap();
        let (pdf, is) = (first.files.pdf.unwrap(), &tree["area0/agency0/2022.pdf"]);
        assert_eq!((pdf.digest, pdf.bytes), (Digest::of(is), is.len() as u64));
        trees.push(tree);
    }
    assert!(trees[0] == trees[1] && trees[1] == trees[2]);
    assert_eq!(
        trees[0].len(),
        199 + 3,
        "PDFs, the ledger, the page and the table"
    );
    let manifest = String::from_utf8_lossy(&trees[0]["manifest.jsonl"]).into_owned();
    let (head, records) = manifest.split_once('\n').unwrap();
    assert_eq!(head, "{\"manifest\":2}");
    assert_eq!(records.lines().count(), 200);
    let paths: Vec<&str> = records
        .lines()
        .map(|line| line.split('"').nth(3).unwrap())
        .collect();
    assert!(paths.is_sorted(), "{paths:?}");
}

#[test]
fn what_changed_is_made_again_and_nothing_else() {
    let mut site = Site::new(4);
    let svg = r#"<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>"#;
    site.put("area1/agency1/a.svg", svg);
    let figure = small(1, "2023", "").replace("都有人负责。", "都有人负责。\n\n  ![图](a.svg)");
    site.put("area1/agency1/2023.yaml", &figure);
    assert_eq!(site.run().made.len(), 8);
    assert!(site.run().made.is_empty());

    site.put(FIRST, &small(0, "2023", "# another text\n"));
    assert_eq!(reasons(&site.run()), [(FIRST, "报告文件已改")]);

    site.put("area1/agency1/a.svg", &svg.replace('9', "8"));
    assert_eq!(
        reasons(&site.run()),
        [("area1/agency1/2023.yaml", "图片已改：a.svg")]
    );

    fs::remove_file(site.pdf(FIRST)).unwrap();
    assert_eq!(reasons(&site.run()), [(FIRST, "PDF 已不在")]);

    let mut bytes = fs::read(site.pdf(FIRST)).unwrap();
    bytes[20] ^= 1;
    fs::write(site.pdf(FIRST), &bytes).unwrap();
    assert_eq!(reasons(&site.run()), [(FIRST, "PDF 已被改动")]);

    // Touched, and written again as it was.
    let bytes = fs::read(site.pdf(FIRST)).unwrap();
    fs::remove_file(site.pdf(FIRST)).unwrap();
    fs::write(site.pdf(FIRST), bytes).unwrap();
    let text = fs::read(site.sources().join(FIRST)).unwrap();
    fs::write(site.sources().join(FIRST), text).unwrap();
    assert!(site.run().made.is_empty());

    let other = Digest::of(b"another");
    for (name, change) in [
        (
            "版式已改",
            (|renderer| &mut renderer.layout)
                as fn(&mut nianbao::pipeline::RenderInputs) -> &mut Digest,
        ),
        ("字体已改", |renderer| &mut renderer.fonts),
        ("程序已更新", |renderer| &mut renderer.engine),
    ] {
        *change(&mut site.renderer.inputs) = other;
        let done = site.run();
        assert_eq!(done.made.len(), 8);
        assert!(done.made.values().all(|why| why == name), "{:?}", done.made);
        assert!(site.run().made.is_empty());
    }
    site.renderer.inputs.options = "another".to_owned();
    assert_eq!(site.run().made.len(), 8);
    assert!(site.verify(true).is_empty());
}

#[test]
fn findings_follow_what_a_report_is_compared_with() {
    let mut site = Site::new(2);
    site.run();
    let before = "area0/agency0/2022.yaml";
    let found = |site: &Site| site.ledger()[FIRST].findings;
    let none = found(&site);
    // Three sentences of last year make the prose a copy; no byte of the PDF depends on it.
    let text = small(0, "2022", "").replace("carried_out: 0", "carried_out: [1, 0, 0, 0, 0, 0, 1]");
    let text = text.replace("received: 0", "received: [1, 0, 0, 0, 0, 0, 1]");
    site.put(before, &text);
    assert_eq!(reasons(&site.run()), [(before, "报告文件已改")]);
    assert!(found(&site).warnings > none.warnings, "{:?}", found(&site));
    assert!(site.run().made.is_empty());

    // A rule that is denied now: the PDF stays, and it is said that the report fails.
    site.policy = Policy::new(false, &["carry-mismatch".to_owned()], &[]).unwrap();
    let done = site.run();
    assert!(done.made.is_empty());
    assert_eq!(done.summary.failed.len(), 1);
    assert_eq!(states(&site)[FIRST], State::Stale);
    assert!(
        done.summary.failed[0]
            .failure
            .as_ref()
            .unwrap()
            .reason
            .contains("error[carry-mismatch]")
    );
    site.policy = Policy::default();
    let done = site.run();
    assert!(done.made.is_empty() && done.summary.failed.is_empty());
    assert_eq!(states(&site)[FIRST], State::Made);

    // A hierarchy that comes, and an agency of it that changes.
    site.put(
        "hierarchy.yaml",
        "government: area0/agency0\nagencies: [area1/agency1]\n",
    );
    assert!(site.run().made.is_empty());
    let with = found(&site);
    site.put(
        "area1/agency1/2023.yaml",
        &small(1, "2023", "").replace("licences: 0", "licences: 5"),
    );
    assert_eq!(site.run().made.len(), 1);
    assert!(found(&site).warnings > with.warnings, "{:?}", found(&site));
}

#[test]
fn a_bad_report_costs_one_report() {
    let site = Site::new(3);
    site.put(FIRST, &wrong());
    let failed = site.run().summary.failed;
    assert_eq!(failed.len(), 1);
    let reason = &failed[0].failure.as_ref().unwrap().reason;
    assert!(
        reason.starts_with("area0/agency0/2023.yaml:") && reason.contains(": error[wrong-total]: "),
        "{reason}"
    );
    assert_eq!(states(&site)[FIRST], State::Failed);
    assert!(!site.pdf(FIRST).exists());
    assert_eq!(site.ledger().len(), 6);

    site.put(FIRST, &small(0, "2023", ""));
    assert_eq!(site.run().made.len(), 1);
    let good = fs::read(site.pdf(FIRST)).unwrap();
    let was = site.ledger()[FIRST].made_from().cloned();
    site.put(FIRST, &wrong());
    for _ in 0..2 {
        assert_eq!(
            site.run().summary.failed.len(),
            1,
            "it is named in each run"
        );
        let record = &site.ledger()[FIRST];
        assert_eq!(record.state, State::Stale);
        assert_eq!(record.made_from(), was.as_ref(), "what stands is told of");
        assert_eq!(record.findings.errors, 1);
        assert_eq!(fs::read(site.pdf(FIRST)).unwrap(), good);
        assert!(site.verify(true).is_empty());
    }
    // As published it can be made; what it was before was made already.
    let mut site = site;
    site.policy = Policy::new(true, &[], &[]).unwrap();
    assert_eq!(site.run().made.len(), 1);
    site.policy = Policy::default();
    assert_eq!(states(&site)[FIRST], State::Made);
}

#[test]
fn a_report_that_cannot_be_read_or_panics_costs_one_report() {
    let mut site = Site::new(3);
    let sources = gather(&site.sources()).unwrap();
    fs::remove_file(site.sources().join(FIRST)).unwrap();
    site.renderer.panics_at = Some("某某市第1局".to_owned());
    let stop = AtomicBool::new(false);
    let done = site
        .run_over(&sources, &site.renderer, &OwnDisk, &stop)
        .unwrap();
    let reasons: BTreeMap<_, _> = done
        .summary
        .failed
        .into_iter()
        .map(|record| {
            let reason = record.failure.unwrap().reason;
            (record.path, reason)
        })
        .collect();
    assert_eq!(reasons.len(), 3, "{reasons:?}");
    assert!(
        reasons[FIRST].starts_with("cannot read area0/agency0/2023.yaml: "),
        "{reasons:?}"
    );
    let panicked = &reasons["area1/agency1/2022.yaml"];
    assert!(
        panicked.starts_with("a defect of nianbao: assertion"),
        "{panicked}"
    );
    assert_eq!(done.made.len(), 3);
    assert!(site.verify(false).is_empty());
}

#[test]
fn what_has_no_place_is_refused_by_name() {
    let site = Site::new(1);
    site.put("area0/agency0/2023.yml", &small(0, "2023", ""));
    let failed = site.run().summary.failed;
    assert_eq!(failed.len(), 1);
    let reason = &failed[0].failure.as_ref().unwrap().reason;
    assert_eq!(
        reason,
        "与 area0/agency0/2023.yaml 的 PDF 同名，请给其中一个改名"
    );
    // Names of the archive itself, and of folders.
    site.put("manifest.jsonl/2023.yaml", &small(0, "2023", ""));
    site.put("a.yaml", &small(0, "2023", ""));
    site.put("a.pdf/2023.yaml", &small(0, "2023", ""));
    let failed: Vec<_> = site
        .run()
        .summary
        .failed
        .into_iter()
        .map(|r| r.failure.unwrap().reason)
        .collect();
    let reasons = [
        "已有名为 a.pdf 的文件夹，请给其中一个改名",
        "与 area0/agency0/2023.yaml 的 PDF 同名，请给其中一个改名",
        "manifest.jsonl 是归档自身的文件名，请给文件夹改名",
    ];
    assert_eq!(failed, reasons);
    for path in ["manifest.jsonl", "a.yaml", "a.pdf"] {
        let path = site.sources().join(path);
        fs::remove_dir_all(&path)
            .or_else(|_| fs::remove_file(&path))
            .unwrap();
    }
    // A file where a folder should be.
    site.put("area9/2023.yaml", &small(0, "2023", ""));
    fs::write(site.output().join("area9"), "").unwrap();
    let done = site.run();
    assert_eq!(done.summary.failed.len(), 2);
    assert!(
        done.summary.failed[1]
            .failure
            .as_ref()
            .unwrap()
            .reason
            .starts_with("cannot write area9/2023.pdf: ")
    );
}

#[cfg(unix)]
#[test]
fn links_that_leave_the_sources_are_not_followed() {
    let site = Site::new(1);
    let outside = site.folder.path().join("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("2023.yaml"), small(7, "2023", "")).unwrap();
    std::os::unix::fs::symlink(&outside, site.sources().join("folder")).unwrap();
    let file = site.sources().join("area0/2023.yaml");
    std::os::unix::fs::symlink(outside.join("2023.yaml"), file).unwrap();
    let sources = gather(&site.sources()).unwrap();
    let links: Vec<&Path> = sources.links().collect();
    assert_eq!(links, [Path::new("area0/2023.yaml"), Path::new("folder")]);
    assert_eq!(site.run().made.len(), 2);
}

#[test]
fn orphans_are_listed_and_pruned_when_asked() {
    let mut site = Site::new(3);
    site.run();
    fs::remove_dir_all(site.sources().join("area0/agency0")).unwrap();
    let orphans = |done: &Done| done.summary.orphans.len();
    let done = site.run();
    assert_eq!((orphans(&done), done.summary.removed.len()), (2, 0));
    assert_eq!(states(&site)[FIRST], State::Orphan);
    assert!(site.pdf(FIRST).exists() && site.verify(false).is_empty());
    // A report that comes back is what it was.
    site.put(FIRST, &small(0, "2023", ""));
    assert!(site.run().made.is_empty());
    assert_eq!(states(&site)[FIRST], State::Made);
    fs::remove_dir_all(site.sources().join("area0/agency0")).unwrap();
    site.options.prune = true;
    site.options.dry = true;
    assert_eq!(site.run().summary.removed.len(), 2);
    assert!(site.pdf(FIRST).exists());
    site.options.dry = false;
    assert_eq!(site.run().summary.removed.len(), 2);
    assert!(
        !site.output().join("area0").exists(),
        "no empty folder is left"
    );
    assert_eq!(site.ledger().len(), 4);
    assert!(site.verify(true).is_empty());
    assert_eq!(orphans(&site.run()), 0);
}

#[test]
fn only_what_is_asked_for_is_looked_at() {
    let mut site = Site::new(4);
    site.options.selection = Selection::new(Some("area1/**"), None).unwrap();
    assert_eq!(site.run().made.len(), 2);
    site.options.selection = Selection::new(None, Some(2022)).unwrap();
    let done = site.run();
    assert_eq!((done.made.len(), done.summary.kept), (3, 1));
    // What is not asked for is left as it is, orphans too.
    fs::remove_dir_all(site.sources().join("area1")).unwrap();
    assert_eq!(site.run().summary.orphans.len(), 1);
    site.options.selection = Selection::new(Some("*/2023.yaml"), None).unwrap();
    assert_eq!(site.run().summary.reports, 0, "* does not cross folders");
    assert_eq!(states(&site)["area1/agency1/2023.yaml"], State::Made);
    assert!(Selection::new(Some("a["), None).is_err());
}

#[test]
fn a_dry_run_says_why_and_writes_nothing() {
    let mut site = Site::new(2);
    site.options.dry = true;
    assert_eq!(site.run().made.len(), 4);
    assert!(!site.output().exists());
    site.options.dry = false;
    site.run();
    let tree = site.tree();
    site.put(FIRST, &wrong());
    site.options.dry = true;
    assert_eq!(reasons(&site.run()), [(FIRST, "报告文件已改")]);
    assert!(site.tree() == tree);
}

#[test]
fn another_report_takes_over_a_pdf() {
    let mut site = Site::new(1);
    site.run();
    // Renamed: one PDF, one record, nothing to prune.
    let yml = "area0/agency0/2023.yml";
    fs::rename(site.sources().join(FIRST), site.sources().join(yml)).unwrap();
    site.options.prune = true;
    let done = site.run();
    assert_eq!(reasons(&done), [(yml, "没有生成过")]);
    assert!(done.summary.removed.is_empty() && site.pdf(FIRST).exists());
    assert_eq!(site.ledger().len(), 2);
    // Both: the first in order has it, and the other says nothing of it.
    site.put(FIRST, &small(0, "2023", "# another\n"));
    for _ in 0..2 {
        let done = site.run();
        assert_eq!(done.summary.failed.len(), 1);
        assert_eq!(
            (states(&site)[FIRST], states(&site)[yml]),
            (State::Made, State::Failed)
        );
        assert!(site.verify(false).is_empty());
    }
}

#[test]
fn pruning_is_for_the_right_sources_only() {
    let mut site = Site::new(2);
    site.run();
    fs::remove_dir_all(site.sources()).unwrap();
    site.put("elsewhere/2023.yaml", &small(9, "2023", ""));
    site.options.prune = true;
    let fault = site.run_on(&OwnDisk).err().unwrap();
    assert!(matches!(fault, Error::PrunesAll(4)), "{fault}");
    assert!(site.verify(false).is_empty());
    // Not after an interrupt either: the sources may not have been looked at.
    site.put(FIRST, &small(0, "2023", ""));
    let stop = AtomicBool::new(true);
    let done = site.run_with(&site.renderer, &OwnDisk, &stop).unwrap();
    assert!(done.summary.stopped && done.summary.removed.is_empty());
    assert_eq!(site.run().summary.removed.len(), 3);
}

#[test]
fn a_stale_report_that_went_and_came_back_is_looked_at_anew() {
    let site = Site::new(1);
    site.run();
    let good = fs::read_to_string(site.output().join("manifest.jsonl")).unwrap();
    site.put(FIRST, &wrong());
    site.run();
    fs::remove_file(site.sources().join(FIRST)).unwrap();
    site.run();
    assert_eq!(states(&site)[FIRST], State::Orphan);
    site.put(FIRST, &small(0, "2023", ""));
    assert!(site.run().made.is_empty());
    assert_eq!(
        fs::read_to_string(site.output().join("manifest.jsonl")).unwrap(),
        good
    );
}

#[test]
fn an_archive_made_bit_by_bit_is_that_made_at_once() {
    let mut site = Site::new(4);
    site.options.selection = Selection::new(Some("area1/**"), None).unwrap();
    site.run();
    site.options.selection = Selection::default();
    site.put(FIRST, &wrong());
    site.put("area2/agency2/2022.yaml", "");
    site.run();
    site.put(FIRST, &small(0, "2023", ""));
    site.put("area2/agency2/2022.yaml", &small(2, "2022", ""));
    site.run();
    let fresh = Site::new(4);
    fresh.run();
    assert!(site.tree() == fresh.tree());
}

/// Checks of another version: what they find may be something else, and no PDF is.
#[test]
fn where_only_checks_are_others_reports_are_checked_and_nothing_is_made() {
    let site = Site::new(2);
    site.run();
    let path = site.output().join("manifest.jsonl");
    let text = fs::read_to_string(&path).unwrap();
    let pdf = fs::metadata(site.pdf(FIRST)).unwrap().modified().unwrap();
    let before = &site.ledger()[FIRST];
    let checks = before.checks.unwrap().to_string();
    let other = Digest::of(b"other checks").to_string();
    let old: String = text
        .split_inclusive('\n')
        .map(|line| {
            if line.contains(&checks) {
                line.replace(&checks, &other)
                    .replace("\"notes\":", "\"notes\":1")
            } else {
                line.to_owned()
            }
        })
        .collect();
    assert_ne!(old, text);
    fs::write(&path, old).unwrap();
    let done = site.run();
    assert!(done.made.is_empty(), "{:?}", done.made);
    assert_eq!(
        fs::read_to_string(&path).unwrap(),
        text,
        "what is found now"
    );
    assert_eq!(
        fs::metadata(site.pdf(FIRST)).unwrap().modified().unwrap(),
        pdf
    );
}
