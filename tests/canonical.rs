//! The canonical report and its digest: what changes it, what does not, and that it never changes.

use std::path::Path;

use nianbao::authoring::RawCell;
use nianbao::edition_check;
use nianbao::report::{self, Report};
use nianbao::source::Source;
use serde_json::Value as Json;

use super::command::{code, nianbao, said};
use super::support::{EDITIONS, read, report, root, samples, updated, yaml};

fn digest(text: &str) -> String {
    report(text).digest(&[]).unwrap().to_string()
}

fn loaded(path: &Path) -> (Report, Vec<report::Figure>) {
    let report = report(&read(path));
    let (figures, faults) = report::load_figures(&report, path.parent().unwrap());
    assert_eq!(faults, []);
    (report, figures)
}

/// The mark of a digest that a report had before its form was corrected.
const EARLIER: &str = " (earlier)";

/// The report of a text as it was read before its form was corrected.
fn before(text: &str) -> Option<Report> {
    let source = Source::from_bytes(Path::new("report.yaml"), text.as_bytes().to_vec());
    report::bind(&source, &EDITIONS.earlier()).value
}

/// A report on 2012 that names no edition and has the table that its year had before.
pub fn of_2012() -> String {
    let text = edition_check::filled(EDITIONS.named("2014").unwrap(), |_| RawCell::new("2"));
    let text = text.replace("format: \"2014\"\n", "");
    text.replace("year: 2014", "year: 2012\ndate: 2013-03-20")
}

/// A digest that stands on paper is never to change: a difference here breaks the interface.
#[test]
fn the_digests_of_the_samples_are_those_of_the_golden_list() {
    let line = |path: &Path| {
        let (report, figures) = loaded(path);
        let name = path.strip_prefix(root()).unwrap().display().to_string();
        let now = report.digest(&figures).unwrap();
        let before = before(&read(path)).map(|report| report.digest(&figures).unwrap());
        let before = before.filter(|before| *before != now);
        let before = before.map(|before| format!("{before}  {name}{EARLIER}\n"));
        format!("{now}  {name}\n{}", before.unwrap_or_default())
    };
    let mut list: String = samples().iter().map(|path| line(path)).collect();
    // What no sample has.
    for (name, fields) in [
        (
            "two agencies sign",
            &[
                ("date", "2024-01-22"),
                ("signature", "{name: [某某市科技局, 某某市教育局]}"),
            ][..],
        ),
        (
            "waivers, notes, wording, a preface",
            &[
                ("preface", "根据规定编制。"),
                ("headings", "{other: 其他事项}"),
                ("notes", "{disputes: 注：含上年结转。}"),
                (
                    "waivers",
                    "[{rule: wrong-total, reason: 原文}, {rule: empty-section, reason: 无}]",
                ),
            ],
        ),
    ] {
        list.push_str(&format!("{}  {name}\n", digest(&yaml(fields))));
    }
    let old = before(&of_2012()).unwrap().digest(&[]).unwrap();
    list.push_str(&format!(
        "{old}  a year before the table of 2014, with it{EARLIER}\n"
    ));
    updated(&root().join("tests/canonical.txt"), list.as_bytes());
}

#[test]
fn the_form_is_that_of_rfc_8785() {
    for path in samples() {
        let (report, figures) = loaded(&path);
        let text = report.canonical(&figures).unwrap();
        let json: Json = serde_json::from_slice(&text).unwrap();
        assert_eq!(serde_json_canonicalizer::to_vec(&json).unwrap(), text);
        assert!(text.starts_with(b"{\"agency\":"), "keys are sorted");
        assert_eq!(json["agency"], report.agency.text.as_str());
        assert_eq!(json["year"], report.year);
    }
}

#[test]
fn the_way_of_writing_does_not_change_it() {
    let plain = yaml(&[("title", "某某市科技局2023年政府信息公开工作年度报告")]);
    let same = digest(&plain);
    assert_eq!(digest(&yaml(&[])), same, "the default title");
    assert_eq!(digest(&format!("# 注释\n{plain}")), same, "a comment");
    let mut lines: Vec<&str> = plain.lines().collect();
    let year = lines
        .iter()
        .position(|line| line.starts_with("year:"))
        .unwrap();
    let year = lines.remove(year);
    lines.push(year);
    assert_eq!(digest(&lines.join("\n")), same, "another order");
    let chinese = plain
        .replacen("agency:", "机关:", 1)
        .replacen("year:", "年度:", 1);
    assert_ne!(chinese, plain);
    assert_eq!(digest(&chinese), same, "Chinese keys");
    let agency = report(&plain).agency.text;
    let signed = yaml(&[("signature", &format!("{{name: {agency}}}"))]);
    assert_eq!(digest(&signed), same, "the agency signs");
    let alone = yaml(&[("signature", &format!("{{name: [{agency}]}}"))]);
    assert_eq!(digest(&alone), same, "a list of one");
}

#[test]
fn whatever_the_report_says_changes_it() {
    let waiver = "[{rule: empty-section, reason: 无}]";
    let mut digests: Vec<_> = [
        &[][..],
        &[("agency", "某某市教育局")],
        &[("year", "2022")],
        &[("title", "某某市科技局2023年度政府信息公开工作年度报告")],
        &[("date", "2024-01-22")],
        &[("date", "2024-01-23")],
        &[("signature", "{name: 某某市科技局办公室}")],
        &[("signature", "{name: [某某市科技局, 某某市教育局]}")],
        &[("signature", "{name: [某某市教育局, 某某市科技局]}")],
        &[("preface", "导语。")],
        &[("other", "未收取费用。")],
        &[("other", "（一）未收取费用。")],
        &[("other", "（一）未收取费用。无。")],
        &[("headings", "{other: 其他事项}")],
        &[("waivers", waiver)],
        &[("notes", "{disputes: 注。}")],
        &[("texts", "{disputes: {before: 注。}}")],
        &[("texts", "{disputes: {after: 注。}}")],
        &[(
            "title",
            "|\n  某某市科技局2023年\n  政府信息公开工作年度报告",
        )],
        &[(
            "title",
            "|\n  某某市科技局\n  2023年政府信息公开工作年度报告",
        )],
        &[("preface", "\"|甲|乙|\\n|1|2|\"")],
        &[("preface", "\"|甲|乙|\\n|1|3|\"")],
    ]
    .into_iter()
    .map(|fields: &[(&str, &str)]| digest(&yaml(fields)))
    .collect();
    let count = digests.len();
    digests.sort();
    digests.dedup();
    assert_eq!(digests.len(), count);
}

#[test]
fn each_cell_and_each_figure_changes_it() {
    let path = root().join("samples/chinese-keys/2022.yaml");
    let (report, mut figures) = loaded(&path);
    let mut digests = vec![report.digest(&figures).unwrap()];
    for key in report.tables.keys() {
        let lines = report.tables[key].lines.iter().enumerate();
        for (i, j) in lines.flat_map(|(i, line)| (0..line.len()).map(move |j| (i, j))) {
            let mut other = report.clone();
            let cell = &mut other.tables.get_mut(key).unwrap().lines[i][j];
            cell.value = report::Value::Count(7_654_321);
            digests.push(other.digest(&figures).unwrap());
        }
    }
    assert_eq!(digests.len(), 1 + 200);
    figures[0].bytes.push(b'\n');
    digests.push(report.digest(&figures).unwrap());
    digests.sort();
    digests.dedup();
    assert_eq!(digests.len(), 202);
}

#[test]
fn a_report_is_held_to_a_digest_as_it_stands_on_paper() {
    let sample = root().join("samples/zhangshu-science-bureau/2023.yaml");
    let (report, figures) = loaded(&sample);
    let digest = report.digest(&figures).unwrap();
    let (whole, grouped) = (digest.to_string(), digest.grouped());
    let wrong = whole.replace(['0', '1', '2', '3', '4'], "f");
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("wrong.yaml"), "year: 2023\n").unwrap();
    let sample = sample.to_str().unwrap();
    for (given, path, expected) in [
        (&whole[..], sample, 0),
        (&whole[..16], sample, 0),
        (&whole.to_uppercase()[..20], sample, 0),
        (&grouped, sample, 0),
        (&grouped[..19], sample, 0),
        (&wrong, sample, 4),
        (&whole[1..], sample, 4),
        (&whole[..15], sample, 2),
        (&format!("{whole}0"), sample, 2),
        ("年年年年年年年年年年年年年年年年", sample, 2),
        (&whole, "wrong.yaml", 1),
        (&whole, "none.yaml", 3),
    ] {
        let output = nianbao(folder.path(), &["verify", "--digest", given, path]);
        assert_eq!(code(&output), expected, "{given} {path}: {}", said(&output));
        let shown = said(&output).contains(&grouped);
        assert_eq!(shown, [0, 4].contains(&expected), "{}", said(&output));
    }
}

/// The digests on paper of what was corrected since, as the program of then computed them.
#[test]
fn a_digest_of_an_earlier_transcription_leads_back_to_its_report() {
    let list = read(&root().join("tests/canonical.txt"));
    let of = |name: &str| {
        let line = list.lines().find(|line| line[66..] == *name);
        line.unwrap_or_else(|| panic!("{name}"))[..64].to_owned()
    };
    let sample = "samples/example-science-bureau/2020.yaml";
    let old = of(&format!("{sample}{EARLIER}"));
    assert_eq!(old[..16], *"9016c85f8a18f039");
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let text = read(&root().join(sample));
    write("2020.yaml", &text);
    // As it was printed before its date of issue was known, and as it is with another number.
    let undated = text.replace("date: 2021-01-25\n", "");
    let old_undated = before(&undated).unwrap().digest(&[]).unwrap().to_string();
    write(
        "changed.yaml",
        &text.replace(
            "licences: {items_last_year: 5",
            "licences: {items_last_year: 6",
        ),
    );
    // The Chinese key of a section follows from its title, and both are read.
    let title = "存在的主要问题及改进情况";
    write(
        "long-key.yaml",
        &text.replace("problems:", &format!("政府信息公开工作{title}:")),
    );
    write(
        "short-key.yaml",
        &text.replace("problems:", &format!("{title}:")),
    );
    write("2012.yaml", &of_2012());
    write(
        "2012-named.yaml",
        &format!("format: \"2014\"\n{}", of_2012()),
    );
    write(
        "2012-wrong.yaml",
        &of_2012().replace("received_online: 2", "received_online: x"),
    );
    let of_2012 = of(&format!(
        "a year before the table of 2014, with it{EARLIER}"
    ));
    let wrong = "0".repeat(64);
    for (digest, file, status, told) in [
        (&of(sample), "2020.yaml", 0, "与所给摘要一致\n"),
        (&old, "2020.yaml", 0, "较早的格式誊录"),
        (&old_undated, "2020.yaml", 0, "较早的格式誊录"),
        (&old, "long-key.yaml", 0, "较早的格式誊录"),
        (&old, "short-key.yaml", 0, "较早的格式誊录"),
        (&of(sample), "long-key.yaml", 0, "与所给摘要一致\n"),
        (&old, "changed.yaml", 4, "与所给摘要不一致"),
        (&wrong, "2020.yaml", 4, "与所给摘要不一致"),
        (&of_2012, "2012.yaml", 0, "较早的格式誊录"),
        (&of_2012, "2012-named.yaml", 0, "与所给摘要一致\n"),
        (&wrong, "2012.yaml", 1, "写明 format: \"2014\""),
        (&of_2012, "2012-wrong.yaml", 1, "写明 format"),
    ] {
        let output = nianbao(folder.path(), &["verify", "--digest", digest, file]);
        assert_eq!(code(&output), status, "{file}: {}", said(&output));
        assert!(said(&output).contains(told), "{file}: {}", said(&output));
    }
}
