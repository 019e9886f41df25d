//! What a proof of an archive vouches for: nothing in the ledger and nothing that is published of it can be changed
//! without being found, whatever the state of the record.

use std::fs;

use serde_json::{Value as Json, json};

use nianbao::digest::Digest;

use super::archive::FIRST;
use super::command::{code, nianbao, said};
use super::support::archives::{Site, small};

/// Changes the record of a report in the ledger.
fn forge(site: &Site, path: &str, change: impl Fn(&mut Json)) {
    let manifest = site.output().join("manifest.jsonl");
    let text = fs::read_to_string(&manifest).unwrap();
    let lines = text.lines().map(|line| {
        let mut record: Json = serde_json::from_str(line).unwrap();
        if record["path"] == path {
            change(&mut record);
        }
        format!("{record}\n")
    });
    fs::write(&manifest, lines.collect::<String>()).unwrap();
}

/// Exchanges the PDF of a report together with all that the ledger says of its bytes.
fn exchange(site: &Site, path: &str) {
    let bytes = "another PDF";
    fs::write(site.pdf(path), bytes).unwrap();
    forge(site, path, |record| {
        record["files"]["pdf"]["digest"] = json!(Digest::of(bytes.as_bytes()));
        record["files"]["pdf"]["bytes"] = json!(bytes.len());
    });
}

fn fault(path: &str, fault: &str) -> (String, String) {
    (path.to_owned(), fault.to_owned())
}

#[test]
fn a_pdf_that_is_exchanged_with_its_record_is_found_in_every_state() {
    let failure = json!({"report": null, "reason": "it cannot be made"});
    let gone = Digest::of(b"the report before");
    for (state, failure, told) in [
        ("made", Json::Null, "重新生成的 PDF 不同：输入都相同"),
        ("stale", failure.clone(), "重新生成的 PDF 不同：输入都相同"),
        (
            "stale",
            json!({"report": gone, "reason": "it cannot be made"}),
            "报告文件已改，PDF 是用改动前的报告生成的",
        ),
        ("orphan", Json::Null, "报告文件还在，台账却说已不在"),
        ("orphan", failure.clone(), "报告文件还在，台账却说已不在"),
        (
            "failed",
            failure,
            "台账的记录自相矛盾：状态与 PDF、失败原因对不上",
        ),
    ] {
        let site = Site::new(1);
        site.run();
        assert_eq!(site.verify(true), []);
        exchange(&site, FIRST);
        forge(&site, FIRST, |record| {
            record["state"] = json!(state);
            record["failure"] = failure.clone();
        });
        let faults = site.verify_records(true);
        assert!(faults.contains(&fault(FIRST, told)), "{state}: {faults:?}");
        assert!(faults.iter().all(|(path, _)| path == FIRST), "{faults:?}");
    }
}

#[test]
fn what_the_ledger_says_is_derived_again() {
    let differs = |part: &str| format!("台账的记录与重新得出的不同：{part}");
    let another = json!(Digest::of(b"another"));
    for (key, value, part) in [
        ("/agency", json!("另一个机关"), "机关"),
        ("/year", json!(2019), "年度"),
        ("/findings/warnings", json!(7), "错误、警告、提示的数目"),
        ("/findings/notes", json!(7), "错误、警告、提示的数目"),
        ("/checks", another.clone(), "检查及其选项，或对照的报告"),
        ("/checks", Json::Null, "检查及其选项，或对照的报告"),
        ("/files/pdf/pages", json!(7), "页数"),
        ("/files/pdf/made_from/engine", another.clone(), "程序"),
        ("/files/pdf/made_from/options", json!("others"), "选项"),
        (
            "/files/pdf/made_from/figures",
            json!({"a.svg": another}),
            "图片",
        ),
    ] {
        let site = Site::new(1);
        site.run();
        forge(&site, FIRST, |record| {
            *record.pointer_mut(key).unwrap() = value.clone();
        });
        assert_eq!(
            site.verify_records(true),
            [fault(FIRST, &differs(part))],
            "{key}"
        );
        // Who removes the PDF has it and its record made again.
        fs::remove_file(site.pdf(FIRST)).unwrap();
        site.run();
        assert_eq!(site.verify(true), [], "{key}");
    }
}

#[test]
fn what_is_said_of_reports_that_fail_is_derived_again() {
    let site = Site::new(1);
    site.put(FIRST, &small(0, "2023", "further: 1\n"));
    let never = "area0/agency0/2021.yaml";
    site.put(never, "year: [");
    site.run();
    assert_eq!(site.verify(true), []);
    for path in [FIRST, never] {
        forge(&site, path, |record| {
            record["agency"] = json!("另一个机关");
            record["failure"]["reason"] = json!("nothing");
        });
    }
    let told = "台账的记录与重新得出的不同：机关、失败的原因";
    assert_eq!(
        site.verify_records(true),
        [fault(never, told), fault(FIRST, told)]
    );
    site.run();
    assert_eq!(site.verify(true), []);
}

#[test]
fn the_page_and_the_table_are_held_to_the_ledger() {
    let site = Site::new(2);
    site.put(
        "area0/hierarchy.yaml",
        "government: .\nagencies: [agency0, other]\n",
    );
    site.run();
    assert_eq!(site.verify(true), []);
    let told = |name: &str| fault(name, "与台账不符，再次归档即重写");
    for name in ["index.html", "index.csv"] {
        let path = site.output().join(name);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, text.replace("第0局", "第9局")).unwrap();
        assert_eq!(site.verify(true), [told(name)]);
        // Without the sources nobody knows what hierarchies ask for.
        let alone: &[_] = if name == "index.csv" {
            &[told(name)]
        } else {
            &[]
        };
        assert_eq!(site.verify(false), alone);
        fs::remove_file(&path).unwrap();
        assert_eq!(site.verify(true), [told(name)]);
        site.run();
        assert_eq!(site.verify(true), []);
    }
}

#[test]
fn one_pdf_and_one_report_have_one_record() {
    let site = Site::new(1);
    site.run();
    let manifest = site.output().join("manifest.jsonl");
    let text = fs::read_to_string(&manifest).unwrap();
    let last = text.lines().last().unwrap();
    let other = last
        .replace("2023.yaml", "2023.yml")
        .replace("\"made\"", "\"orphan\"");
    fs::write(&manifest, format!("{text}{other}\n")).unwrap();
    let told = "台账中另一份报告也记着这个 PDF";
    assert_eq!(
        site.verify_records(true),
        [fault("area0/agency0/2023.yml", told)]
    );
    fs::write(&manifest, format!("{text}{last}\n")).unwrap();
    let fault = site.run_on(&nianbao::storage::OwnDisk).err().unwrap();
    assert!(fault.to_string().contains("a second one"), "{fault}");
}

#[test]
fn a_pdf_without_its_report_is_unproven_and_named() {
    let site = Site::new(2);
    site.run();
    let (orphan, stale) = ("area1/agency1/2022.yaml", FIRST);
    fs::remove_file(site.sources().join(orphan)).unwrap();
    site.put(stale, &small(0, "2023", "further: 1\n"));
    site.run();
    for rebuild in [false, true] {
        let check = site.verify_with(rebuild, None);
        assert_eq!(check.faults, []);
        assert_eq!(check.unproven, [stale, orphan]);
        assert_eq!(check.stale, [stale]);
        assert_eq!(check.rebuilt, if rebuild { 2 } else { 0 });
    }
    let page = fs::read_to_string(site.output().join("index.html")).unwrap();
    assert!(page.contains("2 个 PDF无从证明"), "{page}");
    assert_eq!(page.matches("，PDF无从证明").count(), 2, "{page}");
    let table = fs::read_to_string(site.output().join("index.csv")).unwrap();
    let ends = |path: &str| {
        let line = table.lines().find(|line| line.starts_with(path)).unwrap();
        line.rsplit(',').next().unwrap().to_owned()
    };
    assert_eq!(ends(orphan), "无从证明");
    assert_eq!(ends(stale), "无从证明");
    assert_eq!(ends("area1/agency1/2023.yaml"), "报告文件");
}

#[test]
fn archive_copies_are_proved_by_the_reports_in_them() {
    let site = Site::new(2);
    let (orphan, stale) = ("area1/agency1/2022.yaml", FIRST);
    let copy = ["--copy", "archive"];
    let run = || {
        let command = [&["archive", "sources", "output"], &copy[..]].concat();
        nianbao(site.folder.path(), &command)
    };
    let verify = |more: &[&str]| {
        let command = [
            "archive",
            "verify",
            "output",
            "sources",
            "--rebuild",
            "--strict",
        ];
        nianbao(site.folder.path(), &[&command, &copy[..], more].concat())
    };
    assert_eq!(code(&run()), 0);
    fs::remove_file(site.sources().join(orphan)).unwrap();
    site.put(stale, &small(0, "2023", "further: 1\n"));
    assert_eq!(code(&run()), 4, "one fails");
    let output = verify(&[]);
    assert_eq!(
        (code(&output), said(&output).as_str()),
        (
            0,
            "area0/agency0/2023.yaml：仍是旧版\n台账共 4 份 PDF，核对 4 份，重新生成 4 份：0 处不符\n"
        )
    );
    let table = fs::read_to_string(site.output().join("index.csv")).unwrap();
    assert_eq!(table.matches(",PDF 中的报告文件").count(), 2, "{table}");
    // What the ledger says of them is found in the reports in them, and their bytes are what these make.
    for path in [orphan, stale] {
        let agency = if path == orphan {
            "另一个机关"
        } else {
            "某某市第0局"
        };
        let ledger = fs::read(site.output().join("manifest.jsonl")).unwrap();
        forge(&site, path, |record| {
            record["agency"] = json!(agency);
            record["files"]["pdf"]["pages"] = json!(77);
        });
        let output = verify(&["--output", "json"]);
        let parts = if path == orphan {
            "机关、页数"
        } else {
            "页数"
        };
        assert_eq!(code(&output), 4);
        let told = format!("台账的记录与重新得出的不同：{parts}");
        assert!(said(&output).contains(&told), "{}", said(&output));
        fs::write(site.output().join("manifest.jsonl"), ledger).unwrap();
    }
    let mut bytes = fs::read(site.pdf(orphan)).unwrap();
    bytes[11] ^= 1; // in the comment that is binary
    fs::write(site.pdf(orphan), &bytes).unwrap();
    forge(&site, orphan, |record| {
        record["files"]["pdf"]["digest"] = json!(Digest::of(&bytes));
    });
    let output = verify(&[]);
    assert_eq!(code(&output), 4);
    let told = "area1/agency1/2022.yaml：重新生成的 PDF 不同：输入都相同";
    assert!(said(&output).contains(told), "{}", said(&output));
    // By another program, as the ledger says, nobody can tell.
    forge(&site, orphan, |record| {
        record["files"]["pdf"]["made_from"]["engine"] = json!(Digest::of(b"another"));
    });
    let output = verify(&["--output", "json"]);
    assert_eq!(code(&output), 4);
    let lines = said(&output);
    assert!(
        lines.contains(&format!("{{\"event\":\"unproven\",\"path\":\"{orphan}\"}}")),
        "{lines}"
    );
    let end: Json = serde_json::from_str(lines.lines().last().unwrap()).unwrap();
    assert_eq!((&end["unproven"], &end["stale"]), (&json!(1), &json!(1)));
    assert_eq!(
        (&end["rebuilt"], &end["faults"]),
        (&json!(3), &json!(1)),
        "its digest in the table"
    );
}

#[test]
fn unproven_pdfs_are_faults_if_one_is_strict() {
    let site = Site::new(1);
    let call =
        |arguments: &[&str]| nianbao(site.folder.path(), &[&["archive"], arguments].concat());
    assert_eq!(code(&call(&["sources", "output"])), 0);
    fs::remove_file(site.sources().join(FIRST)).unwrap();
    assert_eq!(code(&call(&["sources", "output"])), 0);
    let rebuild = ["verify", "output", "sources", "--rebuild"];
    let output = call(&rebuild);
    assert_eq!(
        (code(&output), said(&output).as_str()),
        (
            0,
            "area0/agency0/2023.yaml：PDF 无从证明，生成它的报告文件已不在\n\
             台账共 2 份 PDF，核对 2 份，重新生成 1 份，1 份无从证明：0 处不符\n"
        )
    );
    assert_eq!(code(&call(&[&rebuild[..], &["--strict"]].concat())), 4);
    assert_eq!(code(&call(&["verify", "output", "--strict"])), 4);
    assert_eq!(code(&call(&["verify", "output"])), 0);
}

#[test]
fn a_record_is_derived_under_the_policy_of_its_run() {
    let site = Site::new(1);
    site.put(
        FIRST,
        &small(0, "2023", "problems: 无\n").replacen("problems: |\n  仍有不足。\n", "", 1),
    );
    let call =
        |arguments: &[&str]| nianbao(site.folder.path(), &[&["archive"], arguments].concat());
    let rebuild = ["verify", "output", "sources", "--rebuild"];
    let allow = ["--allow", "empty-section"];
    assert_eq!(
        code(&call(&[&["sources", "output"], &allow[..]].concat())),
        0
    );
    assert_eq!(code(&call(&[&rebuild, &allow[..]].concat())), 0);
    let output = call(&rebuild);
    assert_eq!(code(&output), 4);
    let told = "：错误、警告、提示的数目、检查及其选项，或对照的报告\n";
    assert!(said(&output).contains(told), "{}", said(&output));
    // What was taken as it was published is told by its record.
    let published = ["sources", "output", "--as-published", "--year", "2023"];
    assert_eq!(code(&call(&published)), 0);
    assert_eq!(code(&call(&["sources", "output", "--year", "2022"])), 0);
    assert_eq!(said(&call(&rebuild)).lines().count(), 1);
    assert_eq!(code(&call(&rebuild)), 0);
}
