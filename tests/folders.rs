//! Folders of reports: what is found in them, the year before, the agencies of a government.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use nianbao::check::Policy;
use nianbao::diagnostic::Severity;
use nianbao::pipeline::{Collection, Examined, Examiner};
use nianbao::source::Source;

use super::support::EDITIONS;
use super::support::cases::{case, found};

/// A folder with these files; report files are completed.
pub fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let is_report = path.file_stem().unwrap() != "hierarchy";
        let text = if is_report {
            case(text).text
        } else {
            (*text).to_owned()
        };
        fs::write(path, text).unwrap();
    }
    folder
}

pub fn examiner(paths: &[PathBuf], previous: Option<PathBuf>) -> (Examiner, Collection) {
    let collection = Collection::gather(paths).unwrap();
    let examiner = Examiner::new(&EDITIONS, Policy::default(), previous, &collection).unwrap();
    (examiner, collection)
}

/// Everything found below a folder, as (path, line, finding).
fn all(folder: &Path) -> Vec<(String, usize, String)> {
    let (examiner, collection) = examiner(&[folder.to_owned()], None);
    let reports = collection
        .reports
        .iter()
        .map(|path| examiner.report(path).unwrap());
    let reports: Vec<Examined> = reports.collect();
    let hierarchies = collection
        .hierarchies
        .iter()
        .map(|path| examiner.hierarchy(path).unwrap());
    let mut all = Vec::new();
    for Examined {
        source, findings, ..
    } in reports.into_iter().chain(hierarchies)
    {
        let path = source
            .path()
            .strip_prefix(folder)
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned();
        let shown = found(source.text(), &findings).into_iter();
        all.extend(shown.map(|(line, finding)| (path.clone(), line, finding)));
    }
    all
}

fn messages(folder: &Path, report: &str) -> Vec<String> {
    let (examiner, _) = examiner(&[folder.to_owned()], None);
    let findings = examiner.report(&folder.join(report)).unwrap().findings;
    findings.iter().map(|d| d.message.to_string()).collect()
}

#[test]
fn every_report_below_a_folder_is_found_once_and_in_order() {
    let folder = folder(&[
        ("b/2023.yaml", ""),
        ("a/2023.yml", ""),
        ("a/2022.yaml", ""),
        ("a/hierarchy.yaml", "government: ."),
        ("c/2022.Yml", ""),
        ("c/2023.YAML", ""),
        (".git/2023.yaml", ""),
        ("a/.2023.yaml", ""),
        ("a/notes.txt", ""),
    ]);
    let root = folder.path();
    #[cfg(unix)]
    std::os::unix::fs::symlink("/etc", root.join("outside")).unwrap();
    let named = root.join("a/notes.txt");
    let paths = [
        root.join("b"),
        root.to_owned(),
        named.clone(),
        root.join("a/2022.yaml"),
    ];
    let (_, collection) = examiner(&paths, None);
    let wanted = [
        "a/2022.yaml",
        "a/2023.yml",
        "a/notes.txt",
        "b/2023.yaml",
        "c/2022.Yml",
        "c/2023.YAML",
    ];
    assert_eq!(collection.reports, wanted.map(|path| root.join(path)));
    assert_eq!(collection.hierarchies, [root.join("a/hierarchy.yaml")]);
    assert!(Collection::gather(&[root.join("none")]).is_err());
}

#[test]
fn the_year_before_is_beside_the_report_or_given() {
    let before = "year: 2022\nagency: 某局\noverview: 主动公开、依申请公开、管理、平台、监督，旧。\nproblems: 旧。\n\
                  requests:\n  received: [3, 0, 0, 0, 0, 0, 3]\n  carried_out: [3, 0, 0, 0, 0, 0, 3]\n";
    let folder = folder(&[
        ("2023.yaml", ""),
        ("2022.yaml", before),
        ("else/2023.yaml", ""),
    ]);
    let mismatch =
        |message: &str| message.contains("上年度四、结转下年度继续办理 3，本年度二、上年结转");
    let found = messages(folder.path(), "2023.yaml");
    assert_eq!(found.iter().filter(|m| mismatch(m)).count(), 2, "{found:?}");
    assert!(messages(folder.path(), "else/2023.yaml").is_empty());
    let given = Some(folder.path().join("2022.yaml"));
    let path = folder.path().join("else/2023.yaml");
    let (examiner, _) = examiner(std::slice::from_ref(&path), given);
    let findings = examiner.report(&path).unwrap().findings;
    assert!(findings.iter().any(|d| mismatch(&d.message)));
    let hint = &findings[0].hints[0];
    assert!(hint.contains("2022.yaml:"), "it says where: {hint}");
}

#[test]
fn a_report_of_the_year_before_that_is_none_is_named() {
    for before in ["year: 2020\n", "year: 2022\nagency: [1]\n"] {
        let folder = folder(&[("2023.yaml", ""), ("2022.yaml", before)]);
        let found = all(folder.path());
        let own = found.iter().filter(|(path, ..)| path == "2023.yaml");
        let own: Vec<_> = own.map(|(_, _, finding)| finding.as_str()).collect();
        assert_eq!(own, ["warning[previous-unknown]"]);
    }
}

pub const HIERARCHY: &str = "government: 县政府\nagencies:\n  - 科技局\n  - {folder: 水利局, to: 2022}\n  - 文件夹: 数据局\n    自: 2023\n";

#[test]
fn a_government_is_the_sum_of_its_agencies() {
    let proactive = |licences: u32, fees: &str| {
        format!("proactive:\n  licences: {licences}\n  institutional_fees: {fees}\n")
    };
    let requests =
        "requests:\n  received: [3, 1, 0, 0, 0, 0, 4]\n  granted: [3, 1, 0, 0, 0, 0, 4]\n";
    let government = format!("{}{requests}", proactive(21, "12.5"));
    let folder = folder(&[
        ("hierarchy.yaml", HIERARCHY),
        ("县政府/2023.yaml", &government),
        ("科技局/2023.yaml", &proactive(12, "12.05")),
        (
            "数据局/2023.yaml",
            &format!("{}{requests}", proactive(9, "0.45")),
        ),
    ]);
    assert!(
        all(folder.path()).is_empty(),
        "12 + 9 = 21, 12.05 + 0.45 = 12.5"
    );
    let report = folder.path().join("数据局/2023.yaml");
    fs::write(&report, case(&proactive(8, "0.450001")).text).unwrap();
    let found = all(folder.path());
    assert!(
        found
            .iter()
            .all(|(_, _, finding)| finding == "warning[children-mismatch]")
    );
    let messages = messages(folder.path(), "县政府/2023.yaml");
    assert_eq!(
        messages,
        [
            "“行政许可”与各部门之和不符：合计 20，写的是 21",
            "“行政事业性收费”与各部门之和不符：合计 12.500001，写的是 12.5",
            "“本年新收政府信息公开申请数量”与各部门之和不符：合计 0，写的是 3",
            "“予以公开”与各部门之和不符：合计 0，写的是 3",
        ],
        "a row is one finding"
    );
    // The government's report alone finds its hierarchy as well.
    let path = folder.path().join("县政府/2023.yaml");
    let (examiner, _) = examiner(std::slice::from_ref(&path), None);
    assert_eq!(examiner.report(&path).unwrap().findings.len(), 4);
}

/// Amounts in several units are summed in one, changes with their signs; what has no known unit is not
/// compared.
#[test]
fn amounts_with_units_and_changes_are_summed() {
    let proactive = |change: &str, amount: &str| {
        let head = "format: \"2019\"\nyear: 2020\nproactive:\n";
        format!("{head}  licences: [5, {change}, 0]\n  central_procurement: [1, {amount}]\n")
    };
    let years = HIERARCHY
        .replace("自: 2023", "自: 2020")
        .replace("to: 2022", "to: 2019");
    let found = |government: [&str; 2], first: [&str; 2], second: [&str; 2]| {
        let government = proactive(government[0], government[1])
            .replace("[5,", "[10,")
            .replace("[1,", "[2,");
        let folder = folder(&[
            ("hierarchy.yaml", &years),
            ("县政府/2020.yaml", &government),
            ("科技局/2020.yaml", &proactive(first[0], first[1])),
            ("数据局/2020.yaml", &proactive(second[0], second[1])),
        ]);
        let found = messages(folder.path(), "县政府/2020.yaml");
        let of = |message: &String| message.contains("各部门之和");
        found.into_iter().filter(of).collect::<Vec<_>>()
    };
    let none: [&str; 0] = [];
    assert_eq!(
        found(["-3", "50.3万元"], ["+2", "251000元"], ["-5", "25.2万元"]),
        none
    );
    assert_eq!(
        found(["+3", "50.3万元"], ["+2", "251000元"], ["-5", "25.1万元"]),
        [
            "“行政许可”与各部门之和不符：合计 -3，写的是 3",
            "“政府集中采购”与各部门之和不符：合计 502000元，写的是 503000元",
        ]
    );
    assert_eq!(
        found(["-3", "50.3万元"], ["+2", "251000"], ["-5", "1元"]),
        none
    );
    assert_eq!(
        found(["-3", "50.3美元"], ["+2", "251000元"], ["-5", "1元"]),
        none
    );
}

#[test]
fn nothing_is_known_while_an_agency_is_missing() {
    let folder = folder(&[
        ("hierarchy.yaml", HIERARCHY),
        (
            "县政府/2022.yaml",
            "year: 2022\nproactive:\n  licences: 21\n",
        ),
        (
            "县政府/2023.yaml",
            "overview: 主动公开、依申请公开、管理、平台、监督，新写。\nproblems: 新写。\nproactive:\n  licences: 21\n",
        ),
        ("科技局/2023.yaml", ""),
        ("数据局/2023.yaml", "agency: [1]\n"),
    ]);
    let found = all(folder.path());
    let of = |path: &str| -> Vec<_> {
        let own = found.iter().filter(|f| f.0 == path);
        own.map(|(_, line, finding)| (*line, finding.as_str()))
            .collect()
    };
    assert_eq!(
        of("县政府/2023.yaml").last().unwrap().1,
        "note[children-unknown]"
    );
    let messages = messages(folder.path(), "县政府/2023.yaml");
    assert!(
        messages
            .iter()
            .any(|m| *m == "未与各部门之和比较，报告有错误或年度不符：数据局"),
        "{messages:?}"
    );
    // 2022 was due from 科技局 and 水利局; 数据局 began in 2023, 水利局 ended in 2022.
    assert_eq!(
        of("hierarchy.yaml"),
        [
            (3, "warning[missing-report]"),
            (4, "warning[missing-report]")
        ]
    );
}

#[test]
fn years_that_are_expected_may_be_written() {
    let hierarchy = "government: 县政府\nagencies: [科技局]\nyears: {from: 2021, to: 2023}\n";
    let folder = folder(&[
        ("hierarchy.yaml", hierarchy),
        ("县政府/2023.yaml", ""),
        ("科技局/2023.yaml", ""),
    ]);
    let (examiner, _) = examiner(&[folder.path().to_owned()], None);
    let examined = examiner
        .hierarchy(&folder.path().join("hierarchy.yaml"))
        .unwrap();
    let messages: Vec<_> = examined
        .findings
        .iter()
        .map(|d| d.message.to_string())
        .collect();
    let place = folder.path().display();
    let wanted =
        ["县政府", "科技局"].map(|name| format!("{place}/{name} 没有 2021、2022 年度的报告"));
    assert_eq!(messages, wanted);
}

#[test]
fn a_hierarchy_that_cannot_be_meant_is_refused() {
    for (agencies, years) in [
        ("[]", "{}"),
        ("[科技局, ./科技局]", "{}"),
        ("[县政府]", "{}"),
        ("[{folder: 科技局, from: 2023, to: 2022}]", "{}"),
        ("[科技局]", "{from: 2023, to: 2022}"),
        ("[{from: 2023}]", "{}"),
        ("[~]", "{}"),
    ] {
        let text = format!("government: 县政府\nagencies: {agencies}\nyears: {years}\n");
        let folder = folder(&[("hierarchy.yml", &text), ("县政府/2023.yaml", "")]);
        let found = all(folder.path());
        let errors = found
            .iter()
            .filter(|(path, _, f)| path == "hierarchy.yml" && f.starts_with("error"));
        assert_eq!(errors.count(), 1, "{text}: {found:?}");
        // A report below it cannot be compared, and that is said.
        let path = folder.path().join("县政府/2023.yaml");
        let (examiner, _) = examiner(std::slice::from_ref(&path), None);
        let findings = examiner.report(&path).unwrap().findings;
        assert_eq!(
            findings[0].rule.id, "children-unknown",
            "{text}: {findings:?}"
        );
    }
}

/// As many agencies as a file has room for; each was compared with all others once, which took minutes.
#[test]
fn agencies_of_a_large_hierarchy_are_told_apart() {
    let names: String = (0..60_000).map(|n| format!("  - 局{n}\n")).collect();
    let text = format!("government: 县政府\nagencies:\n{names}  - 局59999\n");
    let source = Source::from_bytes(Path::new("hierarchy.yaml"), text.into_bytes());
    let findings = nianbao::report::bind_hierarchy(&source).findings;
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert!(findings[0].message.contains("局59999"), "{findings:?}");
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let folder = folder(&[
        ("hierarchy.yaml", "government: 县政府\nagencies: [科技菊]\n"),
        ("县政府/2023.yaml", ""),
    ]);
    let found = all(folder.path());
    assert!(
        found.contains(&(
            "hierarchy.yaml".to_owned(),
            2,
            "warning[missing-report]".to_owned()
        )),
        "{found:?}"
    );
}

#[cfg(unix)]
#[test]
fn a_file_that_is_reached_in_two_ways_is_read_once() {
    let folder = folder(&[("a/2023.yaml", ""), ("县政府/2023.yaml", "")]);
    let root = folder.path();
    std::os::unix::fs::symlink(root.join("a"), root.join("link")).unwrap();
    let paths = [
        root.join("a/.."),
        root.join("link"),
        root.join("a/2023.yaml"),
        root.join("link/2023.yaml"),
    ];
    let (_, collection) = examiner(&paths, None);
    assert_eq!(collection.reports.len(), 2, "{:?}", collection.reports);
}

#[test]
fn a_file_named_by_another_year_is_noticed() {
    let folder = folder(&[
        ("2024.yaml", "year: 2023\n"),
        ("报告.yaml", "year: 2024\n"),
        ("2023.yaml", "year: 2022\n"),
    ]);
    let messages = |file| messages(folder.path(), file);
    assert!(messages("2024.yaml").contains(&"文件名是 2024，报告的年度是 2023".to_owned()));
    let (files, _) = examiner(&[folder.path().to_owned()], None);
    let examined = files.report(&folder.path().join("2024.yaml")).unwrap();
    let mut findings = examined.findings.iter();
    let span = findings
        .find(|f| f.rule.id == "year-mismatch")
        .unwrap()
        .span();
    assert_eq!(&examined.source.text()[span.start..span.end], "2023");
    // The year before is looked for by the report's year, whatever its own file is called.
    let found = messages("报告.yaml");
    assert!(found[0].ends_with("2023.yaml 是 2022 年度的"), "{found:?}");
}

#[test]
fn a_waiver_stays_while_an_agency_is_missing() {
    let waived = "waivers:\n  - {rule: children-mismatch, reason: 另有统计范围}\n";
    let folder = folder(&[
        ("hierarchy.yaml", "government: .\nagencies: [科技局]\n"),
        ("2023.yaml", waived),
        ("科技局/2022.yaml", "year: 2022\n"),
    ]);
    let (examiner, _) = examiner(&[folder.path().to_owned()], None);
    let findings = examiner
        .report(&folder.path().join("2023.yaml"))
        .unwrap()
        .findings;
    let rules: Vec<_> = findings.iter().map(|d| d.rule.id).collect();
    assert_eq!(rules, ["children-unknown"]);
}

#[test]
fn faults_of_a_hierarchy_have_their_lines() {
    let text = "government: ../别处\nagencies: 科技局\nyears: {from: 二〇二一}\nfoo: 1\n";
    let folder = folder(&[
        ("hierarchy.yaml", text),
        ("empty/hierarchy.yaml", ""),
        ("list/hierarchy.yaml", "[a]"),
    ]);
    let found = all(folder.path());
    let of = |path: &str| -> Vec<_> {
        let own = found.iter().filter(|f| f.0 == path);
        own.map(|(_, line, finding)| (*line, finding.as_str()))
            .collect()
    };
    let (value, key) = ("error[invalid-value]", "error[unknown-key]");
    assert_eq!(
        of("hierarchy.yaml"),
        [(1, value), (2, value), (3, value), (4, key)]
    );
    assert_eq!(of("empty/hierarchy.yaml"), [(1, "error[invalid-yaml]")]);
    assert_eq!(of("list/hierarchy.yaml"), [(1, value)]);
}

#[test]
fn the_order_does_not_depend_on_the_number_of_threads() {
    let files: Vec<(String, &str)> = (0..100)
        .map(|i| (format!("{i:03}/2023.yaml"), ""))
        .collect();
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(path, text)| (path.as_str(), *text))
        .collect();
    let folder = folder(&files);
    let (examiner, collection) = examiner(&[folder.path().to_owned()], None);
    let work = |path: &PathBuf| {
        let examined = examiner.report(path).unwrap();
        assert!(
            examined
                .findings
                .iter()
                .all(|d| d.severity != Severity::Error)
        );
        examined.source.path().to_owned()
    };
    let stop = AtomicBool::new(false);
    let taken: Vec<PathBuf> =
        nianbao::parallel::in_order(&collection.reports, 4, &stop, work, |results| {
            results.collect()
        });
    assert_eq!(taken, collection.reports);
}
