//! `check`, `explain`, `schema` and `new` as their users run them.

use std::fs;
use std::path::Path;

use serde_json::Value as Json;

use super::command::{code, files, nianbao, said};
use super::support::cases::case;
use super::support::{root, yaml};

const WRONG: &str = "disputes:\n  direct_litigation: [2, 0, 1, 0, 0]\n";

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, case(text).text).unwrap();
}

#[test]
fn the_exit_code_says_whether_there_are_errors() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write(folder, "good/2023.yaml", "");
    write(folder, "wrong/2023.yaml", WRONG);
    write(folder, "warned/2023.yaml", "problems: 无\n");
    fs::create_dir(folder.join("empty")).unwrap();
    let run = |arguments: &[&str]| nianbao(folder, &[&["check"], arguments].concat());
    for (arguments, expected) in [
        (&["good"][..], 0),
        (&["warned"], 0),
        (&["wrong"], 1),
        (&["."], 1),
        (&["wrong", "--as-published"], 0),
        (&["wrong", "--allow", "wrong-total"], 0),
        (&["warned", "--deny", "empty-section"], 1),
        (&["warned", "--deny", "empty"], 2),
        (&["good", "--previous", "wrong/2023.yaml"], 2),
        (&["good/2023.yaml", "--previous", "none.yaml"], 3),
        (&["warned", "--deny", "wrong-total,empty-section"], 1),
        (&["none"], 3),
        (&["empty"], 2),
        (&[], 2),
    ] {
        let output = run(arguments);
        assert_eq!(code(&output), expected, "{arguments:?}: {}", said(&output));
        assert!(!said(&output).contains("panicked"));
    }
    let output = run(&["."]);
    assert!(
        said(&output)
            .ends_with("检查了 3 个文件：1 个有错误，1 个有警告，其余 1 个没有错误和警告\n"),
        "{}",
        said(&output)
    );
    assert!(output.stderr.is_empty());
    assert!(!said(&output).contains('\u{1b}'), "no colour in a file");
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_read_does_not_keep_others_from_being_checked() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write(folder, "b/2023.yaml", WRONG);
    fs::create_dir(folder.join("a")).unwrap();
    // A pipe is no file, and nobody writes into it.
    let pipe = std::process::Command::new("mkfifo")
        .arg(folder.join("a/2023.yaml"))
        .status();
    assert!(pipe.unwrap().success());
    let output = nianbao(folder, &["check", "a/2023.yaml", "b"]);
    assert_eq!(code(&output), 3, "{}", said(&output));
    assert!(
        said(&output).contains("error: cannot read a/2023.yaml"),
        "{}",
        said(&output)
    );
    assert!(said(&output).contains("wrong-total"), "{}", said(&output));
}

#[test]
fn checking_needs_no_fonts() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write(folder, "2023.yaml", WRONG);
    let compile = ["compile", "2023.yaml", "--as-published"];
    for (arguments, expected) in [(&["check", "2023.yaml"][..], 1), (&compile, 3)] {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_nianbao"))
            .args(arguments)
            .env("NIANBAO_HOME", folder)
            .current_dir(folder)
            .output()
            .unwrap();
        assert_eq!(code(&output), expected, "{}", said(&output));
    }
}

#[test]
fn compile_checks_first() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write(folder, "2023.yaml", WRONG);
    let output = nianbao(folder, &["compile", "2023.yaml"]);
    assert_eq!(code(&output), 1);
    assert!(
        said(&output).contains("error[wrong-total]"),
        "{}",
        said(&output)
    );
    assert_eq!(files(folder), ["2023.yaml"], "nothing is written");
    let output = nianbao(folder, &["compile", "2023.yaml", "--as-published"]);
    assert_eq!(code(&output), 0, "{}", said(&output));
    assert!(said(&output).contains("warning[wrong-total]"));
    let waived = format!("{WRONG}waivers:\n  - {{rule: wrong-total, reason: 公布的原文如此}}\n");
    write(folder, "2023.yaml", &waived);
    let output = nianbao(folder, &["compile", "2023.yaml"]);
    assert_eq!(code(&output), 0);
    assert!(said(&output).contains("已豁免：公布的原文如此"));
    // The year before is compared with here, too.
    write(
        folder,
        "2022.yaml",
        "year: 2022\nrequests:\n  received: [1, 0, 0, 0, 0, 0, 1]\n  carried_out: [1, 0, 0, 0, 0, 0, 1]\n",
    );
    assert!(said(&nianbao(folder, &["compile", "2023.yaml"])).contains("carry-mismatch"));
}

#[test]
fn every_output_is_whole_without_findings_and_with_many() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write(folder, "good/2023.yaml", "");
    write(folder, "wrong/2022.yaml", &format!("year: 2022\n{WRONG}"));
    write(
        folder,
        "wrong/2021.yaml",
        &format!("year: 2021\nproblems: 无\n{WRONG}"),
    );
    let out = |path: &str, output: &str| {
        let done = nianbao(folder, &["check", path, "--output", output]);
        assert!(done.stderr.is_empty(), "{}", said(&done));
        String::from_utf8(done.stdout).unwrap()
    };
    for (path, at_least) in [("good", 0), ("wrong", 3), (".", 3)] {
        let items: Vec<Json> = serde_json::from_str(&out(path, "json")).unwrap();
        let sarif: Json = serde_json::from_str(&out(path, "sarif")).unwrap();
        let results = sarif["runs"][0]["results"].as_array().unwrap();
        assert_eq!(items.len(), results.len());
        assert!(items.len() >= at_least, "{path}: {items:?}");
        assert_eq!(out(path, "github").lines().count(), items.len());
        let files: Vec<&str> = items
            .iter()
            .map(|item| item["file"].as_str().unwrap())
            .collect();
        assert!(files.is_sorted(), "{files:?}");
    }
    let table = out("wrong", "table");
    let row = |line: usize| {
        table
            .lines()
            .nth(line)
            .unwrap()
            .split_whitespace()
            .collect::<Vec<_>>()
    };
    assert_eq!(row(1)[..4], ["某某市科技局", "2021", "1", "1"], "{table}");
    assert!(row(1)[4].starts_with("wrong-total"));
}

#[test]
fn the_table_ends_with_who_has_not_filed() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write(folder, "县政府/2023.yaml", "");
    fs::write(
        folder.join("hierarchy.yaml"),
        "政府: 县政府\n部门: [科技局, 水利局]\n年度: {自: 2023}\n",
    )
    .unwrap();
    write(folder, "水利局/2023.yaml", "");
    write(folder, "科技局/2022.yaml", "year: 2022\n");
    let output = nianbao(folder, &["check", ".", "--output", "table"]);
    let wanted = "应有而没有的报告：\n科技局 没有 2023 年度的报告\n";
    assert!(said(&output).contains(wanted), "{}", said(&output));
    assert_eq!(code(&output), 0);
}

#[test]
fn rules_are_explained() {
    let output = nianbao(root(), &["explain", "wrong-total"]);
    let text = said(&output);
    for part in [
        "wrong-total",
        "错误：总计不等于各项之和",
        "查什么",
        "为什么",
        "举例",
        "依据",
    ] {
        assert!(text.contains(part), "{text}");
    }
    let output = nianbao(root(), &["explain", "wrong-totals"]);
    assert_eq!(code(&output), 2);
    assert!(said(&output).contains("wrong-total"));
}

#[test]
fn schemas_are_printed_as_they_are_kept() {
    for (arguments, file) in [
        (&["schema"][..], "report.schema.json"),
        (&["schema", "2021", "--lang", "zh"], "report.zh.schema.json"),
    ] {
        let output = nianbao(root(), arguments);
        let kept = fs::read(root().join("layouts/2021").join(file)).unwrap();
        assert!(output.stdout == kept, "{file}");
    }
    assert_eq!(code(&nianbao(root(), &["schema", "1999"])), 2);
}

#[test]
fn a_new_report_has_its_schema_beside_it_and_replaces_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let new = |arguments: &[&str]| nianbao(folder, &[&["new"], arguments].concat());
    let output = new(&["某某市科技局", "2023"]);
    assert_eq!(code(&output), 0, "{}", said(&output));
    assert_eq!(files(folder), ["2021.report.schema.json", "2023.yaml"]);
    let text = fs::read_to_string(folder.join("2023.yaml")).unwrap();
    assert!(text.starts_with("# yaml-language-server: $schema=2021.report.schema.json\n"));
    // Nothing is filled in yet, so nothing is said of the figures but that.
    let output = nianbao(folder, &["check", "2023.yaml"]);
    assert_eq!(code(&output), 1, "{}", said(&output));
    let findings = said(&output);
    for rule in ["not-filled", "empty-section", "fee-not-reported"] {
        assert!(findings.contains(rule), "{findings}");
    }
    assert!(
        !findings.contains("wrong-total") && !findings.contains("unbalanced"),
        "{findings}"
    );
    // The lines that are there to be chosen are whole lines of a report.
    let chosen = text
        .replace("# date:", "date:")
        .replace("# preface: |\n# ", "preface: |\n");
    assert!(chosen.contains("\npreface: |\n  …\n"), "{chosen}");
    fs::write(folder.join("2023.yaml"), chosen).unwrap();
    let findings = said(&nianbao(folder, &["check", "2023.yaml"]));
    assert!(
        !findings.contains("cut-by-comment") && !findings.contains("invalid"),
        "{findings}"
    );
    fs::remove_file(folder.join("2023.yaml")).unwrap();
    assert_eq!(code(&new(&["某某市科技局", "2023", "--zeros"])), 0);
    assert_eq!(code(&nianbao(folder, &["check", "2023.yaml"])), 0);

    fs::write(folder.join("2021.report.schema.json"), "kept").unwrap();
    let output = new(&["某某市科技局", "2023"]);
    assert_eq!(code(&output), 2, "a file that is there is not replaced");
    let output = new(&[
        "某某市科技局",
        "2024",
        "b.yaml",
        "--lang",
        "zh",
        "--previous",
        "2023.yaml",
    ]);
    assert_eq!(code(&output), 0, "{}", said(&output));
    assert_eq!(
        fs::read_to_string(folder.join("2021.report.schema.json")).unwrap(),
        "kept"
    );
    for (arguments, expected) in [
        (&["某某市科技局", "2007"][..], 2),
        (&["", "2024"], 2),
        (&["某某市科技局", "2024", "--previous", "none.yaml"], 3),
        (&["某某市科技局", "2024", "none/a.yaml"], 3),
        (&["某某市\n科技局", "2024"], 2),
        (&["某某市科技局", "2025", "--previous", "2023.yaml"], 2),
    ] {
        let output = new(arguments);
        assert_eq!(code(&output), expected, "{arguments:?}: {}", said(&output));
    }
    fs::write(folder.join("broken.yaml"), "agency: [1]\n").unwrap();
    assert_eq!(
        code(&new(&["某局", "2024", "--previous", "broken.yaml"])),
        1
    );
    assert!(!folder.join("2024.yaml").exists());
}

#[test]
fn a_new_report_keeps_who_signs() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for names in ["[甲局, \"乙: 局\"]", "丙局"] {
        let text = yaml(&[("signature", &format!("{{name: {names}}}"))]);
        fs::write(folder.join("2023.yaml"), text).unwrap();
        let _ = fs::remove_file(folder.join("2024.yaml"));
        let output = nianbao(
            folder,
            &["new", "某某市科技局", "2024", "--previous", "2023.yaml"],
        );
        assert_eq!(code(&output), 0, "{}", said(&output));
        let written = fs::read_to_string(folder.join("2024.yaml")).unwrap();
        assert!(
            written.contains(&format!("signature: {{name: {names}}}\n")),
            "{written}"
        );
    }
}

#[test]
fn a_new_report_in_a_checkout_names_the_schema_of_its_form() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::create_dir_all(folder.join("layouts/2021")).unwrap();
    fs::write(folder.join("layouts/2021/report.schema.json"), "{}").unwrap();
    fs::create_dir_all(folder.join("samples/某局")).unwrap();
    let output = nianbao(folder, &["new", "某局", "2023", "samples/某局/2023.yaml"]);
    assert_eq!(code(&output), 0, "{}", said(&output));
    let text = fs::read_to_string(folder.join("samples/某局/2023.yaml")).unwrap();
    assert!(
        text.starts_with("# yaml-language-server: $schema=../../layouts/2021/report.schema.json\n")
    );
    assert_eq!(files(&folder.join("samples/某局")), ["2023.yaml"]);
}

/// What a finding says of `tidy` is true: those that it says go are gone when the file is tidied, and no others.
#[test]
fn findings_say_whether_tidy_puts_them_right() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let dirty = yaml(&[
        (
            "overview",
            "|\n  \u{2F2F}作\u{2F45}面\u{2F45} ,正常。\n  工作甲\u{200B}乙\u{2F8F}\n  1.\t一\t二\n  “甲”\"乙\"，\u{2E80}",
        ),
        (
            "problems",
            "|\n  （一）加强领导 健全制度。工 作有\"不足\"。\n  1.\t改进\u{200D}。",
        ),
        ("agency", "某某\u{2F45}局"),
        ("title", "国办发[2021]30号"),
    ]);
    let cases = fs::read_dir(root().join("tests/check")).unwrap();
    let cases = cases.map(|entry| case(&fs::read_to_string(entry.unwrap().path()).unwrap()).text);
    let rules = [
        "missing-character",
        "lookalike-character",
        "half-width-punctuation",
        "stray-space",
        "straight-quotes",
        "spaced-date",
        "document-number",
        "doubled-mark",
        "broken-address",
    ];
    let checked = |name: &str| -> Vec<serde_json::Value> {
        let output = nianbao(at, &["check", "--output", "json", name]);
        let found: Vec<serde_json::Value> = serde_json::from_slice(&output.stdout).unwrap();
        let of_rules = |f: &serde_json::Value| rules.contains(&f["rule"].as_str().unwrap());
        assert!(found.iter().all(|f| of_rules(f) || f["tidy"] == false));
        found.into_iter().filter(of_rules).collect()
    };
    let (mut go, mut stay) = (0, 0);
    for text in cases.chain([dirty]) {
        fs::write(at.join("a.yaml"), &text).unwrap();
        let before = checked("a.yaml");
        let goes = before.iter().filter(|f| f["tidy"] == true).count();
        let told = said(&nianbao(at, &["check", "a.yaml"]));
        let line = format!("其中 {goes} 项可以由程序改好：nianbao tidy --write a.yaml\n");
        assert_eq!(told.contains(&line), goes > 0, "{told}");
        assert_eq!(told.contains("nianbao tidy"), goes > 0, "{told}");
        assert_eq!(code(&nianbao(at, &["tidy", "--write", "a.yaml"])), 0);
        let after = checked("a.yaml");
        let left = before.len() - goes;
        assert_eq!(after.len(), left, "{text}\n{before:#?}\n{after:#?}");
        (go, stay) = (go + goes, stay + left);
    }
    assert!(go > 10 && stay > 5, "{go}, {stay}");
}
