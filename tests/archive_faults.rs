//! Runs over archives that end early or meet others, the ledger after them, and its proof.

use std::collections::BTreeMap;
use std::fs;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use nianbao::digest::Digest;
use nianbao::error::Error;
use nianbao::storage::OwnDisk;

use super::archive::FIRST;
use super::support::archives::{Site, SmallDisk, small};

/// Runs on a disk that is too small, then on one that is not; how many reports the first made.
fn on_small_disk(site: &Site, bytes: u64, names: u64, whole: &BTreeMap<String, Vec<u8>>) -> usize {
    let disk = SmallDisk {
        bytes: bytes.into(),
        names: names.into(),
    };
    let before = site.ledger();
    match site.run_on(&disk) {
        Err(Error::Write { cause, .. }) => {
            assert_eq!(cause.kind(), std::io::ErrorKind::StorageFull);
        }
        other => panic!("{:?}", other.map(|done| done.made)),
    }
    if site.output().join("manifest.jsonl").exists() {
        assert_eq!(
            site.verify_records(false),
            [],
            "with {bytes} bytes and {names} names"
        );
    }
    let ledger = site.ledger();
    let made = ledger
        .values()
        .filter(|record| !before.values().any(|old| old == *record))
        .count();
    // With room again it goes on where it was.
    assert_eq!(site.run().made.len(), whole.len() - 3 - made);
    assert!(site.tree() == *whole);
    let own = fs::read_dir(site.output().join(".nianbao/new")).unwrap();
    assert_eq!(own.count(), 0, "no half file is left");
    made
}

#[test]
fn a_full_disk_ends_the_run_with_a_true_ledger() {
    let reference = Site::new(10);
    reference.run();
    let whole = reference.tree();
    let size: usize = whole.values().map(Vec::len).sum();
    let mut made = Vec::new();
    for tenths in 0..=9 {
        let bytes = (size * tenths / 10) as u64;
        made.push(on_small_disk(&Site::new(10), bytes, u64::MAX, &whole));
    }
    for names in 0..20 {
        made.push(on_small_disk(&Site::new(10), u64::MAX, names, &whole));
    }
    assert!(made.contains(&0) && made.contains(&19), "{made:?}");
    // PDFs that are replaced: the old one stands, or the new one.
    let mut reference = Site::new(10);
    reference.renderer.inputs.engine = Digest::of(b"another");
    reference.run();
    let whole = reference.tree();
    for names in [0, 1, 5, 13, 19] {
        let mut site = Site::new(10);
        site.run();
        site.renderer.inputs.engine = Digest::of(b"another");
        assert_eq!(on_small_disk(&site, u64::MAX, names, &whole) as u64, names);
    }
}

#[test]
fn a_stop_ends_after_the_reports_in_work() {
    let mut site = Site::new(50);
    let stop = Arc::new(AtomicBool::new(false));
    let (asked, seen) = (stop.clone(), AtomicU64::new(0));
    site.renderer.before = Box::new(move |_| {
        if seen.fetch_add(1, Ordering::Relaxed) == 9 {
            asked.store(true, Ordering::Relaxed);
        }
    });
    let done = site.run_with(&site.renderer, &OwnDisk, &stop).unwrap();
    assert!(done.summary.stopped);
    let made = done.made.len();
    // The tenth asks for it; the other worker has one in hand.
    assert!((10..=11).contains(&made), "{made}");
    assert_eq!(site.ledger().len(), made);
    assert!(site.verify(false).is_empty());
    stop.store(false, Ordering::Relaxed);
    site.renderer.before = Box::new(|_| ());
    let done = site.run_with(&site.renderer, &OwnDisk, &stop).unwrap();
    assert_eq!(done.made.len(), 100 - made);
    let reference = Site::new(50);
    reference.run();
    assert!(site.tree() == reference.tree());
}

#[test]
fn one_run_at_a_time() {
    let mut first = Site::new(1);
    let second = Site {
        folder: first.folder.clone(),
        ..Site::new(0)
    };
    let refused: Arc<Mutex<Vec<Error>>> = Arc::default();
    let errors = refused.clone();
    first.renderer.before = Box::new(move |_| {
        errors.lock().unwrap().extend(second.run_on(&OwnDisk).err());
    });
    assert_eq!(first.run().made.len(), 2);
    let refused = refused.lock().unwrap();
    assert!(
        matches!(refused[..], [Error::Locked(_), Error::Locked(_)]),
        "{refused:?}"
    );
}

#[test]
fn a_source_that_changes_meanwhile_is_read_as_it_was_at_one_moment() {
    let site = Site::new(1);
    let path = site.sources().join(FIRST);
    let versions = ["甲", "乙"].map(|c| small(0, "2023", &format!("# {}\n", c.repeat(200_000))));
    let ended = Arc::new(AtomicBool::new(false));
    let writer = {
        let (ended, path, versions) = (ended.clone(), path.clone(), versions.clone());
        thread::spawn(move || {
            let new = path.with_extension("new");
            for text in versions.iter().cycle() {
                if ended.load(Ordering::Relaxed) {
                    break;
                }
                // As editors do: the new file takes the place of the old one; as others do: the old
                // file is emptied and filled.
                fs::write(&new, text).unwrap();
                fs::rename(&new, &path).unwrap();
                fs::write(&path, text).unwrap();
            }
        })
    };
    let (mut made, mut whole) = (0, 0);
    for _ in 0..100 {
        made += site.run().made.len();
        let ledger = site.ledger();
        let Some(inputs) = ledger[FIRST].made_from() else {
            continue;
        };
        // What the ledger names is what the PDF was made from, and was never a mixture.
        let pdf = fs::read_to_string(site.pdf(FIRST)).unwrap();
        let text = pdf.splitn(3, '\n').nth(2).unwrap();
        assert_eq!(Digest::of(text.as_bytes()), inputs.report);
        assert!(versions.iter().any(|version| version.starts_with(text)));
        whole += usize::from(versions.iter().any(|version| version == text));
    }
    ended.store(true, Ordering::Relaxed);
    writer.join().unwrap();
    assert!(made > 0 && whole > 0, "{made} made, {whole} whole");
}

#[test]
fn verification_finds_every_fault_and_nothing_else() {
    let mut site = Site::new(6);
    site.run();
    assert!(site.verify(true).is_empty());
    let path = |i: usize, year: u16| format!("area{}/agency{i}/{year}.yaml", i % 3);
    let flipped = site.pdf(&path(0, 2022));
    let mut bytes = fs::read(&flipped).unwrap();
    let stamp = fs::metadata(&flipped).unwrap().modified().unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x10;
    fs::write(&flipped, bytes).unwrap();
    // A bit that rots leaves the time as it was.
    fs::File::options()
        .write(true)
        .open(&flipped)
        .unwrap()
        .set_modified(stamp)
        .unwrap();
    fs::remove_file(site.pdf(&path(1, 2022))).unwrap();
    fs::write(site.output().join("stranger.PDF"), "").unwrap();
    let stored = [
        (path(0, 2022), "PDF 已被改动，与台账不符"),
        (path(1, 2022), "PDF 不在"),
        ("stranger.PDF".to_owned(), "台账中没有这个 PDF"),
    ];
    let expected = |faults: &[(String, &str)]| {
        let mut faults: Vec<_> = faults
            .iter()
            .map(|(p, f)| (p.clone(), (*f).to_owned()))
            .collect();
        faults.sort();
        faults
    };
    assert_eq!(site.verify(false), expected(&stored));
    site.put(&path(2, 2023), &small(2, "2023", "# changed\n"));
    site.put("area0/new/2023.yaml", &small(9, "2023", ""));
    fs::remove_file(site.sources().join(path(3, 2023))).unwrap();
    let mut all = stored.to_vec();
    all.push((path(2, 2023), "报告文件已改，PDF 是用改动前的报告生成的"));
    all.push(("area0/new/2023.yaml".to_owned(), "报告还没有归档"));
    all.push((path(3, 2023), "报告文件已不在"));
    assert_eq!(site.verify(true), expected(&all));
    // Another program makes other bytes.
    site.put(&path(3, 2023), &small(3, "2023", ""));
    site.renderer.inputs.engine = Digest::of(b"another");
    let differs = site
        .verify(true)
        .into_iter()
        .filter(|(_, f)| f == "重新生成的 PDF 不同：程序不同");
    assert_eq!(differs.count(), 9);
    // A sample finds what is in it, and the same words choose the same.
    let sample = |seed: &str| site.verify_with(false, Some((4, seed.to_owned())));
    assert_eq!((sample("a").known, sample("a").checked), (12, 4));
    let found = |seed: &str| sample(seed).faults.len();
    assert_eq!(found("a"), found("a"));
    let distinct: std::collections::BTreeSet<usize> = ["a", "b", "c", "d", "e"].map(found).into();
    assert!(distinct.len() > 1, "other words choose others");
}

#[test]
fn a_ledger_that_was_damaged_is_named() {
    let site = Site::new(2);
    site.run();
    let manifest = site.output().join("manifest.jsonl");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, text.replacen("\"made\"", "\"mede\"", 1)).unwrap();
    let fault = site.run_on(&OwnDisk).err().unwrap().to_string();
    assert!(
        fault.contains("manifest.jsonl:2 is no record of an archive"),
        "{fault}"
    );
    fs::remove_file(&manifest).unwrap();
    assert_eq!(site.run().made.len(), 4);
    assert_eq!(fs::read_to_string(&manifest).unwrap(), text);
}

#[test]
fn a_journal_is_believed_as_far_as_it_is_true() {
    let site = Site::new(2);
    site.run();
    let manifest = site.output().join("manifest.jsonl");
    let text = fs::read_to_string(&manifest).unwrap();
    let lines: Vec<&str> = text.lines().skip(1).collect();
    // Killed: nothing is in the ledger, three are in the journal, one of them was not renamed, a
    // fourth is torn.
    fs::remove_file(&manifest).unwrap();
    fs::remove_file(site.pdf("area0/agency0/2022.yaml")).unwrap();
    let path = site.output().join(".nianbao/journal.jsonl");
    let head = |text: &[u8]| format!("{{\"follows\":\"{}\"}}\n", Digest::of(text));
    let records = format!(
        "{}\n{}\n{}\n{}",
        lines[0],
        lines[1],
        lines[2],
        &lines[3][..40]
    );
    fs::write(&path, head(b"") + &records).unwrap();
    assert_eq!(site.ledger().len(), 2);
    let strangers = site.verify_records(false);
    assert_eq!(strangers.len(), 1, "the fourth PDF: {strangers:?}");
    // What is added stands on lines of its own: the run ends before it can close the ledger.
    let disk = SmallDisk {
        bytes: u64::MAX.into(),
        names: 2.into(),
    };
    site.run_on(&disk).err().unwrap();
    assert_eq!(site.ledger().len(), 4);
    assert_eq!(site.verify_records(false), []);
    site.run();
    assert_eq!(fs::read_to_string(&manifest).unwrap(), text);
    // A journal that follows another ledger says nothing.
    let head = head(text.as_bytes());
    assert_eq!(fs::read_to_string(&path).unwrap(), head);
    fs::write(
        &path,
        format!("{head}{}\n", lines[0].replace("某某市", "又一市")),
    )
    .unwrap();
    assert!(
        site.ledger()["area0/agency0/2022.yaml"]
            .agency
            .as_ref()
            .unwrap()
            .starts_with("又一市")
    );
    fs::write(&path, format!("{}\n", lines[0].replace("某某市", "又一市"))).unwrap();
    assert!(
        site.ledger()["area0/agency0/2022.yaml"]
            .agency
            .as_ref()
            .unwrap()
            .starts_with("某某市")
    );
}

#[test]
fn progress_is_kept_where_the_bytes_stay_the_same() {
    let mut site = Site::new(5);
    site.run();
    for report in site.ledger().keys() {
        let text = fs::read_to_string(site.sources().join(report)).unwrap();
        site.put(report, &(text + "# a word more\n"));
    }
    // The renderer leaves comments out, as Typst does.
    site.renderer.without_comments = true;
    site.renderer.inputs.layout = Digest::of(b"");
    let stop = Arc::new(AtomicBool::new(false));
    let disk = SmallDisk {
        bytes: u64::MAX.into(),
        names: 4.into(),
    };
    site.run_with(&site.renderer, &disk, &stop).err().unwrap();
    // Four were made, and those of their batch that are in the journal stand already.
    let left = site.run().made.len();
    assert!((1..=6).contains(&left), "{left}");
}

#[test]
fn a_ledger_names_nothing_outside() {
    let site = Site::new(1);
    site.run();
    let manifest = site.output().join("manifest.jsonl");
    let text = fs::read_to_string(&manifest).unwrap();
    for path in ["../outside.yaml", "/etc/outside.yaml", ""] {
        fs::write(&manifest, text.replacen(FIRST, path, 1)).unwrap();
        let fault = site.run_on(&OwnDisk).err().unwrap().to_string();
        assert!(fault.contains("is no path below the archive"), "{fault}");
    }
}

/// The ledger as the first version of it was: no line about the version, and PDFs alone.
fn first_version(text: &str) -> String {
    let records = text.lines().skip(1).map(|line| {
        let mut record: serde_json::Value = serde_json::from_str(line).unwrap();
        let mut pdf = record["files"]["pdf"].take();
        record["made_from"] = pdf["made_from"].take();
        if let Some(pdf) = pdf.as_object_mut() {
            pdf.remove("made_from");
        }
        record["pdf"] = pdf;
        record.as_object_mut().unwrap().remove("files");
        format!("{record}\n")
    });
    records.collect()
}

#[test]
fn a_ledger_of_the_first_version_is_gone_on_with() {
    let site = Site::new(2);
    site.run();
    let manifest = site.output().join("manifest.jsonl");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, first_version(&text)).unwrap();
    assert_eq!(site.ledger().len(), 4);
    assert!(site.verify(true).is_empty());
    assert!(site.run().made.is_empty(), "what stands is known");
    assert_eq!(fs::read_to_string(&manifest).unwrap(), text);
    // Killed in its first run: its journal alone tells of the PDFs.
    fs::remove_file(&manifest).unwrap();
    let head = format!("{{\"follows\":\"{}\"}}\n", Digest::of(b""));
    let journal = site.output().join(".nianbao/journal.jsonl");
    fs::write(&journal, head + &first_version(&text)).unwrap();
    assert!(site.run().made.is_empty());
    assert_eq!(fs::read_to_string(&manifest).unwrap(), text);
}

#[test]
fn a_ledger_of_a_later_version_is_refused() {
    let site = Site::new(1);
    site.run();
    let manifest = site.output().join("manifest.jsonl");
    let text = fs::read_to_string(&manifest).unwrap();
    let later = text.replacen("{\"manifest\":2}", "{\"manifest\":3}", 1);
    fs::write(&manifest, &later).unwrap();
    let fault = site.run_on(&OwnDisk).err().unwrap().to_string();
    assert!(fault.contains("a ledger of version 3"), "{fault}");
    assert!(fault.contains("use the program that wrote it"), "{fault}");
    assert_eq!(fs::read_to_string(&manifest).unwrap(), later);
}

#[test]
fn a_run_that_was_killed_as_it_began_left_an_archive_without_reports() {
    let site = Site::new(1);
    site.run();
    let own = site.output().join(".nianbao");
    let journal = own.join("journal.jsonl");
    for name in ["manifest.jsonl", "index.html", "index.csv", "run.json"] {
        fs::remove_file(site.output().join(name)).unwrap();
    }
    fs::remove_dir_all(site.output().join("area0")).unwrap();
    fs::write(&journal, "").unwrap();
    assert_eq!(site.verify_records(false), []);
    assert_eq!(site.run().made.len(), 2);
}
