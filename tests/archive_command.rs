//! `nianbao archive` as its users run it, and as the system ends it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use serde_json::Value as Json;

use super::command::{code, nianbao, said};
use nianbao::authoring::RawCell;
use nianbao::edition_check;

use super::support::EDITIONS;
use super::support::archives::{Site, small, tree};

fn run(site: &Site, arguments: &[&str]) -> std::process::Output {
    nianbao(
        site.folder.path(),
        &[&["archive", "sources", "output"], arguments].concat(),
    )
}

fn verify(site: &Site, arguments: &[&str]) -> std::process::Output {
    nianbao(
        site.folder.path(),
        &[&["archive", "verify", "output"], arguments].concat(),
    )
}

fn is_pdf(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|e| e == "pdf")
}

#[test]
fn an_archive_is_made_told_of_and_proved() {
    let site = Site::new(3);
    site.put("area1/agency1/2023.yaml", "year: 2023\n");
    let output = run(&site, &[]);
    assert_eq!(code(&output), 4, "{}", said(&output));
    let text = said(&output);
    assert!(
        text.contains("已生成 area0/agency0/2022.pdf（没有生成过）\n"),
        "{text}"
    );
    assert!(
        text.contains("归档 6 份：新制 5，未变 0，失败 1\n"),
        "{text}"
    );
    assert!(
        text.contains("未生成 area1/agency1/2023.yaml\n  area1/agency1/2023.yaml:1:1: error["),
        "{text}"
    );
    assert!(text.contains("排版（毫秒）：p50 "), "{text}");
    let took: Json =
        serde_json::from_slice(&fs::read(site.output().join("run.json")).unwrap()).unwrap();
    assert_eq!(took["made"], 5);
    for measure in ["compile_ms", "export_ms", "pages", "bytes"] {
        for rank in ["p50", "p90", "p99", "max"] {
            assert!(
                took["took"][measure][rank].as_f64().unwrap() > 0.0,
                "{took}"
            );
        }
    }
    assert!(took["took"]["reports_per_second"].as_f64().unwrap() > 0.0);
    if cfg!(target_os = "linux") {
        assert!(took["took"]["peak_memory_bytes"].as_u64().unwrap() > 10_000_000);
    }
    let output = verify(&site, &["sources", "--rebuild"]);
    assert_eq!(
        (code(&output), said(&output).as_str()),
        (0, "台账共 5 份 PDF，核对 5 份，重新生成 5 份：0 处不符\n")
    );

    site.put("area1/agency1/2023.yaml", &small(1, "2023", ""));
    let output = run(&site, &["--output", "json", "--jobs", "1"]);
    assert_eq!(code(&output), 0, "{}", said(&output));
    let lines = String::from_utf8(output.stdout).unwrap();
    let events: Vec<Json> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(events.len(), 8, "{lines}");
    assert_eq!(
        (&events[0]["event"], &events[0]["reports"]),
        (&"begin".into(), &6.into())
    );
    let made: Vec<_> = events
        .iter()
        .filter(|event| event["change"] == "made")
        .collect();
    assert_eq!(made.len(), 1);
    assert_eq!(made[0]["record"]["path"], "area1/agency1/2023.yaml");
    assert_eq!(
        (&events[7]["event"], &events[7]["kept"]),
        (&"end".into(), &5.into())
    );

    fs::write(site.pdf("area0/agency0/2022.yaml"), "no PDF").unwrap();
    let output = verify(&site, &[]);
    assert_eq!(code(&output), 4);
    assert!(
        said(&output).starts_with("area0/agency0/2022.yaml：PDF 已被改动"),
        "{}",
        said(&output)
    );
    let output = run(&site, &["--dry-run"]);
    assert!(
        said(&output).starts_with(
            "将生成 area0/agency0/2022.pdf（PDF 已被改动）\n归档 6 份：将生成 1，未变 5"
        ),
        "{}",
        said(&output)
    );
    assert_eq!(code(&run(&site, &[])), 0);
    assert_eq!(
        code(&verify(
            &site,
            &["--sample", "2", "--seed", "x", "--output", "json"]
        )),
        0
    );
}

#[test]
fn wrong_usage_does_nothing() {
    let site = Site::new(1);
    fs::create_dir(site.folder.path().join("empty")).unwrap();
    let call =
        |arguments: &[&str]| nianbao(site.folder.path(), &[&["archive"], arguments].concat());
    for (arguments, expected) in [
        (&[][..], 2),
        (&["sources"], 2),
        (&["empty", "output"], 2),
        (&["sources/area0/agency0/2023.yaml", "output"], 2),
        (&["sources", "output", "--jobs", "0"], 2),
        (&["sources", "output", "--only", "a["], 2),
        (&["sources", "output", "--deny", "nothing"], 2),
        (&["verify", "output", "--rebuild"], 2),
        (&["none", "output"], 3),
        (&["verify", "empty"], 3),
    ] {
        let output = call(arguments);
        assert_eq!(code(&output), expected, "{arguments:?}: {}", said(&output));
        assert!(!site.output().exists(), "{arguments:?}");
    }
    assert_eq!(code(&call(&["verify", "none"])), 3);
}

#[test]
fn the_page_and_the_table_show_every_report() {
    let site = Site::new(4);
    let agency = "=某某<b>局</b>";
    site.put(
        "a b#/2023.yaml",
        &small(9, "2023", "").replace("某某市第9局", agency),
    );
    run(&site, &[]);
    site.put("area1/agency1/2023.yaml", "agency: 1\n");
    site.put("area2/new/2021.yaml", "");
    fs::remove_file(site.sources().join("area0/agency0/2022.yaml")).unwrap();
    run(&site, &[]);
    let page = fs::read_to_string(site.output().join("index.html")).unwrap();
    for part in [
        r#"<html lang="zh-CN">"#,
        "共 10 份：7 份已生成，1 份仍是旧版，1 份未生成，1 份的报告文件已不在。",
        r#"<th scope="col">2023年</th><th scope="col">2022年</th><th scope="col">2021年</th>"#,
        r#"<th scope="row">某某市第2局<small>area2/agency2</small></th>"#,
        r#"<th scope="row">=某某&lt;b&gt;局&lt;/b&gt;<small>a b#</small></th>"#,
        r#"href="a%20b%23/2023.pdf""#,
        r#"aria-label="某某市第2局2023年，PDF，"#,
        "报告文件已不在",
        "error[",
    ] {
        assert!(page.contains(part), "{part} is not in\n{page}");
    }
    assert!(
        !page.contains("<script") && !page.contains("http"),
        "it needs nothing else"
    );
    let links = page
        .split(r#"href=""#)
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap());
    let links: Vec<String> = links
        .map(|l| l.replace("%20", " ").replace("%23", "#"))
        .collect();
    for link in links.iter().filter(|link| !link.starts_with('#')) {
        assert!(site.output().join(link).is_file(), "{link}");
    }
    assert_eq!(links.iter().filter(|link| is_pdf(link)).count(), 9);
    let anchors = links.iter().filter_map(|link| link.strip_prefix('#'));
    for anchor in anchors {
        assert!(page.contains(&format!(r#"id="{anchor}""#)), "{anchor}");
    }
    let table = fs::read(site.output().join("index.csv")).unwrap();
    let table = table.strip_prefix("\u{FEFF}".as_bytes()).unwrap();
    let mut reader = csv::Reader::from_reader(table);
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 10);
    assert_eq!(&rows[0][0], "a b#/2023.yaml");
    assert_eq!(&rows[0][1], "'=某某<b>局</b>", "no formula");
    assert!(rows.iter().all(|row| row.len() == 14));
}

/// A small series of numbers that look random and are the same each time.
fn numbers() -> impl Iterator<Item = u64> {
    std::iter::successors(Some(0x2545_F491_4F6C_DD1D_u64), |x| {
        let x = x ^ (x << 13);
        let x = x ^ (x >> 7);
        Some(x ^ (x << 17))
    })
}

fn begin(folder: &Path) -> std::process::Child {
    Command::new(env!("CARGO_BIN_EXE_nianbao"))
        .args(["archive", "sources", "output"])
        .current_dir(folder)
        .env_remove("NIANBAO_HOME")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Writes the sources of an archive, in one of two versions.
fn fill(site: &Site, version: usize) {
    for agency in 0..60 {
        for year in ["2022", "2023"] {
            let text =
                small(agency, year, "").replace("仍有不足", ["仍有不足", "仍有差距"][version]);
            site.put(
                &format!("area{}/agency{agency}/{year}.yaml", agency % 3),
                &text,
            );
        }
    }
}

#[test]
fn a_run_that_is_killed_at_any_moment_leaves_no_half_file_and_no_lie() {
    let wholes = [0, 1].map(|version| {
        let reference = Site::new(0);
        fill(&reference, version);
        assert_eq!(code(&run(&reference, &[])), 0);
        tree(&reference.output())
    });
    let site = Site::new(0);
    let (mut kills, mut version, mut parts) = (0_u64, 0, BTreeSet::new());
    fill(&site, version);
    // How many reports are in their present version.
    let count = |site: &Site, version: usize| -> usize {
        let now = if site.output().exists() {
            tree(&site.output())
        } else {
            BTreeMap::new()
        };
        let same = |(name, bytes): (&String, &Vec<u8>)| {
            // Each PDF is whole, of one version or the other.
            assert!(
                !is_pdf(name) || wholes.iter().any(|whole| whole[name] == *bytes),
                "{name}"
            );
            is_pdf(name) && wholes[version][name] == *bytes
        };
        now.iter().filter(|entry| same(*entry)).count()
    };
    let mut made = 0;
    for number in numbers().skip(1) {
        let mut child = begin(site.folder.path());
        // Each second time at any moment, else after some reports, so that the machine's pace does
        // not decide what is met.
        let more = usize::try_from(number % 12 * (kills % 2)).unwrap();
        while more > 0 && child.try_wait().unwrap().is_none() && journalled(&site) < made + more {
            sleep(Duration::from_micros(200));
        }
        sleep(Duration::from_millis(
            number / 12 % if more == 0 { 400 } else { 8 },
        ));
        child.kill().unwrap(); // SIGKILL
        let ended = child.wait().unwrap();
        kills += u64::from(!ended.success());
        let now = count(&site, version);
        assert!(now >= made, "{now} after {made}: nothing is lost");
        if site.output().join(".nianbao/journal.jsonl").exists() {
            assert_eq!(site.verify_records(false), []);
        }
        made = now;
        parts.insert((version, made));
        if ended.success() {
            assert!(tree(&site.output()) == wholes[version]);
        }
        if ended.success() || made == 120 {
            version = 1 - version;
            fill(&site, version);
            made = 0;
        }
        if kills == 30 {
            break;
        }
    }
    assert!(parts.len() > 8, "it was killed at work: {parts:?}");
    fill(&site, version);
    assert_eq!(code(&run(&site, &[])), 0);
    assert!(
        tree(&site.output()) == wholes[version],
        "and no temporary file is left"
    );
}

/// How many records the journal has.
fn journalled(site: &Site) -> usize {
    let journal = fs::read(site.output().join(".nianbao/journal.jsonl"));
    journal.map_or(0, |text| {
        text.split(|byte| *byte == b'\n').count().saturating_sub(2)
    })
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_the_run_with_a_true_ledger() {
    let site = Site::new(100);
    let mut child = begin(site.folder.path());
    while site.ledger().is_empty() {
        assert!(child.try_wait().unwrap().is_none(), "it ended by itself");
        sleep(Duration::from_millis(5));
    }
    let id = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(child.wait().unwrap().code(), Some(4));
    let manifest = fs::read_to_string(site.output().join("manifest.jsonl")).unwrap();
    let made = manifest.lines().count() - 1; // the first tells the version
    assert!(made > 0 && made < 200, "{made}");
    assert_eq!(site.verify(false), []);
    let output = run(&site, &[]);
    assert!(
        said(&output).contains(&format!("新制 {}，未变 {made}", 200 - made)),
        "{}",
        said(&output)
    );
}

/// All editions in one archive: eighteen years of an agency are made, told, checked across their forms,
/// and made again to the same bytes.
#[test]
fn one_archive_holds_all_editions() {
    let site = Site::new(0);
    let mut wanted = BTreeMap::new();
    for year in 2008..=2025_u16 {
        let form = EDITIONS.for_year(year).unwrap();
        let edition = format!("format: \"{}\"", form.edition);
        let text = edition_check::filled(form, |_| RawCell::new("0"));
        let lines = text.lines().filter(|line| **line != edition);
        let lines = lines.map(|line| {
            if line.starts_with("year:") {
                format!("year: {year}")
            } else {
                line.to_owned()
            }
        });
        let text: Vec<String> = lines.collect();
        site.put(&format!("agency/{year}.yaml"), &(text.join("\n") + "\n"));
        wanted.insert(format!("agency/{year}.yaml"), form.edition.clone());
    }
    let mixed = EDITIONS
        .all()
        .iter()
        .find(|form| form.years.is_none())
        .unwrap();
    site.put(
        "other/2023.yaml",
        &edition_check::filled(mixed, |_| RawCell::new("0")).replace("year: 2008", "year: 2023"),
    );
    wanted.insert("other/2023.yaml".to_owned(), mixed.edition.clone());
    let output = run(&site, &["--copy", "archive"]);
    assert_eq!(code(&output), 0, "{}", said(&output));
    let manifest = fs::read_to_string(site.output().join("manifest.jsonl")).unwrap();
    let found: BTreeMap<String, String> = manifest
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .filter(|entry: &Json| entry["path"].is_string())
        .map(|entry| {
            let text = |key: &str| entry[key].as_str().unwrap().to_owned();
            (text("path"), text("edition"))
        })
        .collect();
    assert_eq!(found, wanted);
    let output = verify(&site, &["sources", "--rebuild", "--copy", "archive"]);
    assert_eq!(code(&output), 0, "{}", said(&output));
    // What 2020 carried over in its form is what 2021 has to carry in.
    let path = site.folder.path().join("sources/agency/2020.yaml");
    let text = fs::read_to_string(&path).unwrap();
    let form = EDITIONS.named("2019").unwrap();
    let columns = &form.tables["requests"].lines()[0].columns;
    let line = |key: &str, value: &dyn Fn(usize) -> u8| {
        let values = columns.iter().enumerate();
        let values = values.map(|(i, column)| format!("{}: {}", column.name.key, value(i)));
        format!("{key}: {{{}}}", values.collect::<Vec<_>>().join(", "))
    };
    let text = ["received", "carried_out"].iter().fold(text, |text, key| {
        let zeros = line(key, &|_| 0);
        assert!(text.contains(&zeros), "{text}");
        let last = columns.len() - 1;
        text.replace(
            &zeros,
            &line(key, &|i| if i == 0 || i == last { 2 } else { 0 }),
        )
    });
    fs::write(&path, text).unwrap();
    let output = nianbao(site.folder.path(), &["check", "sources/agency"]);
    let text = said(&output);
    assert_eq!(text.matches("warning[carry-mismatch]").count(), 2, "{text}");
    assert!(text.contains("sources/agency/2021.yaml"), "{text}");
}

/// Its end tells who has not filed, and the page tells that from years without a duty to.
#[test]
fn who_has_not_filed_is_told_at_the_end_and_on_the_page() {
    let site = Site::new(0);
    let hierarchy = "government: 政府\nagencies: [甲局, 乙局, {folder: 丙局, from: 2023}]\nyears: {from: 2022, to: 2023}\n";
    site.put("hierarchy.yaml", hierarchy);
    for (number, path) in ["政府/2022", "政府/2023", "甲局/2023", "丙局/2023"]
        .iter()
        .enumerate()
    {
        let year = &path[path.len() - 4..];
        site.put(&format!("{path}.yaml"), &small(number, year, ""));
    }
    let output = run(&site, &[]);
    let text = said(&output);
    assert!(
        text.contains("应有而没有的报告 3 份：\n  乙局：2022、2023\n  甲局：2022\n"),
        "{text}"
    );
    assert!(text.contains("1 份有警告"), "{text}");
    let page = fs::read_to_string(site.output().join("index.html")).unwrap();
    assert_eq!(page.matches("未报</span>").count(), 3, "{page}");
    assert_eq!(page.matches(">—</span>").count(), 1, "{page}");
    assert!(page.contains("应有而没有的 3 份"), "{page}");
    // Of those that are asked for.
    let text = said(&run(&site, &["--year", "2023"]));
    assert!(
        text.contains("应有而没有的报告 1 份：\n  乙局：2023\n"),
        "{text}"
    );
    let end = said(&run(&site, &["--output", "json"]));
    let end: Json = serde_json::from_str(end.lines().last().unwrap()).unwrap();
    assert_eq!(
        end["absent"],
        serde_json::json!({"乙局": [2022, 2023], "甲局": [2022]})
    );
    assert_eq!(end["warned"], 1);
}
