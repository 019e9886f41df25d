//! Findings stand where they belong. The files under `tests/findings/` name the findings of a
//! line in a comment at its end: `# error[rule]`, several parted by commas.

use std::fs;
use std::path::Path;

use nianbao::authoring::RawCell;
use nianbao::diagnostic::{self, Paint};
use nianbao::edition_check;
use nianbao::form::Column;
use nianbao::typeset::RenderJob;

use super::support::cases::found;
use super::support::{EDITIONS, ENGINE, bind, root, yaml};

/// Line and finding, such as (3, "error[unknown-key]").
fn expected(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (i, line) in text.lines().enumerate() {
        let Some((_, comment)) = line.rsplit_once(" # ") else {
            continue;
        };
        for finding in comment.split(", ").filter(|f| f.contains('[')) {
            found.push((i + 1, finding.to_owned()));
        }
    }
    found.sort();
    found
}

#[test]
fn findings_stand_on_their_lines() {
    let mut files = 0;
    for entry in fs::read_dir(root().join("tests/findings")).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let (_, report, mut findings) = bind(&text);
        if let Some(report) = &report {
            findings.extend(ENGINE.missing_characters(report, &text));
        }
        // What a line expects stands in a comment behind its text.
        findings.retain(|finding| finding.rule.id != "cut-by-comment");
        assert_eq!(
            found(&text, &findings),
            expected(&text),
            "{}",
            path.display()
        );
        let errors = diagnostic::has_errors(&findings);
        assert!(
            report.is_none()
                || !errors
                || findings.iter().any(|d| d.rule.id == "missing-character")
        );
        for finding in &findings {
            assert!(
                !finding.message.is_ascii(),
                "{}: messages are Chinese",
                finding.rule.id
            );
            assert!(finding.span().end <= text.len());
        }
        files += 1;
    }
    assert!(files >= 5);
}

#[test]
fn a_finding_is_printed_with_its_line_and_what_to_write() {
    let text = yaml(&[]).replace("  carried_in: 0", "  carried_inn: 1,234");
    let (source, _, findings) = bind(&text);
    let shown = diagnostic::render(&findings, &source, Paint::Plain);
    let line = text
        .lines()
        .position(|l| l.contains("carried_inn"))
        .unwrap()
        + 1;
    let wanted = format!(
        "error[unknown-key]: “requests”没有“carried_inn”这一项\n   ┌─ report.yaml:{line}:3\n   │\n{line} │   carried_inn: 1,234\n   │   ^^^^^^^^^^^\n   │\n   = 提示：最接近的是 carried_in\n"
    );
    assert!(shown.contains(&wanted), "{shown}");
    assert!(
        shown.ends_with("共 1 项错误、0 项警告、0 项提示\n"),
        "{shown}"
    );
}

#[test]
fn long_lines_are_cut_around_the_place() {
    let text = yaml(&[(
        "overview",
        &format!("|\n  {}\u{200B}{}", "前文".repeat(200), "后文".repeat(200)),
    )]);
    let (source, report, _) = bind(&text);
    let findings = ENGINE.missing_characters(&report.unwrap(), &text);
    let shown = diagnostic::render(&findings, &source, Paint::Plain);
    let line = text.lines().position(|l| l.contains("前文")).unwrap() + 1;
    assert!(
        shown.contains(&format!("report.yaml:{line}:403")),
        "{shown}"
    );
    assert!(shown.lines().all(|l| l.chars().count() < 120), "{shown}");
}

#[test]
fn two_places_in_one_long_line() {
    let text = yaml(&[(
        "notes",
        &format!(
            "{{proactive: {}, disputes: 甲, 政府信息公开行政复议、行政诉讼情况: 乙}}",
            "注".repeat(100)
        ),
    )]);
    let (source, _, findings) = bind(&text);
    let shown = diagnostic::render(&findings, &source, Paint::Plain);
    let line = text.lines().position(|l| l.starts_with("notes")).unwrap();
    let column = text
        .lines()
        .nth(line)
        .unwrap()
        .split("政府")
        .next()
        .unwrap()
        .chars()
        .count()
        + 1;
    assert!(
        shown.contains(&format!("report.yaml:{}:{column}\n", line + 1)),
        "{shown}"
    );
}

#[test]
fn what_a_file_says_never_reaches_the_terminal_raw() {
    let long = "长".repeat(5_000);
    let text = yaml(&[("\"\\e[31mRED\"", "1"), ("format", &long)]);
    let (source, _, findings) = bind(&text);
    let shown = diagnostic::render(&findings, &source, Paint::Plain);
    assert!(
        shown.contains("RED") && !shown.contains('\u{1B}'),
        "{shown}"
    );
    assert!(
        shown.contains("unknown-format") && shown.len() < 3_000,
        "{shown}"
    );
}

#[test]
fn an_unknown_edition_does_not_hide_the_rest() {
    let text = yaml(&[("format", "\"1999\""), ("foo", "1")]);
    let (_, _, findings) = bind(&text);
    let rules: Vec<_> = findings.iter().map(|d| d.rule.id).collect();
    assert_eq!(rules, ["unknown-format", "unknown-key"]);
    assert!(text[findings[0].span().start..].starts_with("\"1999\""));
}

#[test]
fn optional_fields_may_be_left_blank() {
    let text = yaml(&[
        ("title", ""),
        ("date", "~"),
        ("format", ""),
        ("signature", ""),
        ("preface", ""),
        ("headings", ""),
        ("notes", ""),
        ("waivers", ""),
    ]);
    let (source, report, findings) = bind(&text);
    assert!(
        findings.is_empty(),
        "{}",
        diagnostic::render(&findings, &source, Paint::Plain)
    );
    assert!(report.unwrap().date.is_none());
}

#[test]
fn single_lines_hold_no_endless_word() {
    let word = "a".repeat(25);
    for (field, value) in [
        ("agency", word.clone()),
        ("headings", format!("{{proactive: {word}}}")),
        ("notes", format!("{{requests: 见{word}}}")),
        ("signature", format!("{{name: {word}}}")),
    ] {
        let (_, report, findings) = bind(&yaml(&[(field, &value)]));
        assert!(report.is_none(), "{field}");
        assert!(findings[0].message.contains("排不进一行"), "{findings:?}");
    }
    let caption = format!("|\n  ![{}](图.png)", "说".repeat(101));
    let report = super::support::report(&yaml(&[("overview", &caption)]));
    let (_, findings) = nianbao::report::load_figures(&report, Path::new(""));
    assert!(findings[0].message.contains("说明文字超过"), "{findings:?}");
    let heading = format!("|\n  （一）{}", "题".repeat(2_000));
    let (_, report, findings) = bind(&yaml(&[("overview", &heading)]));
    assert!(report.is_none());
    assert_eq!(findings[0].rule.id, "too-long");
}

#[test]
fn headings_leave_the_ordinal_to_the_form() {
    for wording in [
        "二、主动公开（附表）",
        "2、主动公开",
        "2.主动公开",
        "（二）主动公开",
    ] {
        let (_, _, findings) = bind(&yaml(&[("headings", &format!("{{proactive: {wording}}}"))]));
        assert_eq!(findings.len(), 1, "{wording}");
        assert!(
            findings[0].hints[0].contains("写作 主动公开"),
            "{:?}",
            findings[0].hints
        );
    }
    let agency = super::support::report(&yaml(&[("agency", "\"{year}局\"")]));
    assert!(agency.title.text.starts_with("{year}局2023年"));
}

#[test]
fn everything_that_is_missing_is_named_at_once() {
    let (_, report, findings) = bind("year: 2023\nproactive: {government_rules: {issued: 1}}\n");
    assert!(report.is_none());
    let message = |rule: &str| {
        let of_rule: Vec<_> = findings.iter().filter(|d| d.rule.id == rule).collect();
        of_rule
            .iter()
            .map(|d| d.message.to_string())
            .collect::<Vec<_>>()
            .join("\n")
    };
    let sections = message("missing-section");
    for key in ["overview", "requests", "disputes", "problems", "other"] {
        assert!(sections.contains(&format!("（{key}）")), "{sections}");
    }
    let cells = message("missing-cell");
    for key in [
        "repealed",
        "in_force",
        "normative_documents",
        "institutional_fees",
    ] {
        assert!(cells.contains(&format!("（{key}）")), "{cells}");
    }
    assert!(message("missing-field").contains("agency（机关）"));
}

#[test]
fn english_and_chinese_keys_give_the_same_report() {
    let english = super::support::report(&yaml(&[]));
    let form = english.form.clone();
    let mut text = yaml(&[]);
    for (key, term) in [
        ("agency", "机关"),
        ("year", "年度"),
        ("overview", "总体情况"),
        ("problems", "存在的主要问题及改进情况"),
        ("proactive", "主动公开政府信息情况"),
    ] {
        text = text.replace(&format!("{key}: "), &format!("{term}: "));
    }
    for table in form.tables.values() {
        for line in table.lines() {
            text = text.replace(
                &format!("  {}: ", line.name.key),
                &format!("  {}: ", line.name.term),
            );
        }
    }
    let chinese = super::support::report(&text);
    let values = |report: &nianbao::report::Report| -> Vec<String> {
        let lines = report.tables.values().flat_map(|grid| &grid.lines);
        lines
            .flatten()
            .map(nianbao::report::Cell::printed)
            .collect()
    };
    assert_eq!(values(&english), values(&chinese));
    assert_eq!(english.agency.text, chinese.agency.text);
}

#[test]
fn totals_that_are_left_out_are_computed_and_given_ones_are_kept() {
    let row = "{natural_person: 2, enterprise: 3, research: 0, public_interest: 0, legal_service: ~, other_organization: \"/\"}";
    let text = yaml(&[])
        .replace("  granted: 0", &format!("  granted: {row}"))
        .replace("  concluded: 0\n", "")
        .replace("  received: 0", "  received: [1, 1, 0, 0, 0, 0, 7]");
    let report = super::support::report(&text);
    let table = &report.form.tables["requests"];
    let grid = &report.tables["requests"];
    let printed = |line, column| grid.get(table, line, column).unwrap().printed();
    assert_eq!(printed("granted", "total"), "5");
    assert_eq!(printed("concluded", "enterprise"), "3");
    assert_eq!(printed("concluded", "total"), "5");
    assert_eq!(
        printed("received", "total"),
        "7",
        "a wrong total is not corrected"
    );
    assert_eq!(printed("granted", "legal_service"), "");
    assert_eq!(printed("granted", "other_organization"), "/");
}

/// In a list a total stands above its parts, which may be totals themselves.
#[test]
fn totals_of_a_list_are_computed_from_the_labels_below() {
    let form = EDITIONS.named("2014").unwrap();
    let value = |_: &Column| RawCell::new("2");
    let text =
        edition_check::filled(form, value).replace("  received_by_fax: 2", "  received_by_fax: ~");
    let totals = [
        "received",
        "concluded",
        "answered",
        "reconsideration",
        "litigation",
    ];
    let text = totals.iter().fold(text, |text, total| {
        text.replace(&format!("\n  {total}: 2"), "")
    });
    let report = super::support::report(&text);
    let (table, grid) = (&form.tables["statistics"], &report.tables["statistics"]);
    let printed = totals.map(|total| grid.get(table, total, "count").unwrap().printed());
    assert_eq!(printed, ["6", "4", "16", "6", "6"]);
}

/// A file from before an edition had other years is told which edition it was written for.
#[test]
fn a_field_of_another_edition_is_told_with_its_edition() {
    let sections = "sections: [{title: 一、概述, text: 文字。}]\n";
    let text = format!("agency: 某某市科技局\nyear: 2012\n{sections}statistics:\n  received: 0\n");
    let (_, report, findings) = bind(&text);
    assert!(report.is_none());
    let [finding] = &findings[..] else {
        panic!("{findings:?}")
    };
    assert_eq!(finding.rule.id, "unknown-key");
    assert_eq!(
        finding.hints,
        ["格式 2014 有这一项；用那一格式的，写明 format: \"2014\""]
    );
    let (_, report, _) = bind(&text[..text.find("statistics").unwrap()]);
    assert_eq!(report.unwrap().form.edition, "free");
}

#[test]
fn amounts_keep_their_written_form() {
    for amount in ["12.50", "7730.28", "0.0", "59237.2449"] {
        let text = yaml(&[]).replace(
            "institutional_fees: 0",
            &format!("institutional_fees: {amount}"),
        );
        let report = super::support::report(&text);
        let cell = &report.tables["proactive"].lines[5][0];
        assert_eq!(cell.printed(), amount);
    }
}

#[test]
fn figures_outside_the_folder_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let inside = folder.path().join("报告");
    fs::create_dir(&inside).unwrap();
    fs::write(
        folder.path().join("外.svg"),
        "<svg xmlns='http://www.w3.org/2000/svg'/>",
    )
    .unwrap();
    fs::write(inside.join("文.png"), "not a picture").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("../外.svg", inside.join("链接.svg")).unwrap();
    let figures = |path: &str, caption: &str| {
        let text = yaml(&[("overview", &format!("|\n  ![{caption}]({path})"))]);
        let report = super::support::report(&text);
        let (loaded, findings) = nianbao::report::load_figures(&report, &inside);
        assert!(loaded.is_empty(), "{path}");
        assert_eq!(findings[0].rule.id, "invalid-figure");
        assert!(text[findings[0].span().start..].starts_with("!["));
        findings[0].message.to_string()
    };
    let absolute = folder.path().join("外.svg").display().to_string();
    for path in [
        "../外.svg",
        "/etc/passwd",
        "./../外.svg",
        "",
        "..\\外.svg",
        &absolute,
        "链接.svg",
    ] {
        assert!(
            figures(path, "说明").contains("不在报告所在的文件夹内"),
            "{path}"
        );
    }
    assert!(figures("无.png", "说明").contains("找不到"));
    assert!(figures("文.png", "说明").contains("不是 PNG"));
    assert!(figures(".", "说明").contains("不是文件"));
}

#[test]
fn a_broken_picture_is_a_finding() {
    let folder = tempfile::tempdir().unwrap();
    // A PNG that ends after its header: the size can be read, the pixels cannot.
    let header = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x10\x08\x02\0\0\0\x90\x91\x68\x36";
    fs::write(folder.path().join("断.png"), header).unwrap();
    let text = yaml(&[("overview", "|\n  ![说明](断.png)")]);
    let report = super::support::report(&text);
    let (figures, findings) = nianbao::report::load_figures(&report, folder.path());
    assert!(findings.is_empty(), "{findings:?}");
    let outcome = ENGINE
        .compile(&RenderJob::public(&report, &figures))
        .unwrap();
    assert_eq!(outcome.findings[0].rule.id, "invalid-figure");
}

#[test]
fn a_cmyk_picture_is_a_finding() {
    // The markers of a JPEG up to its frame header: 16 × 16 pixels of four components.
    let jpeg = b"\xFF\xD8\xFF\xE0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xFF\xC0\0\x14\x08\0\x10\0\x10\x04\x01\x11\0\x02\x11\0\x03\x11\0\x04\x11\0\xFF\xD9";
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("图.jpg"), jpeg).unwrap();
    let report = super::support::report(&yaml(&[("overview", "|\n  ![说明]( 图.jpg )")]));
    let (_, findings) = nianbao::report::load_figures(&report, folder.path());
    assert!(findings[0].message.contains("CMYK"), "{findings:?}");
}

/// The head of a PNG that says that it has 30,000 × 30,000 pixels.
const VAST: &str = "iVBORw0KGgoAAAANSUhEUgAAdTAAAHUwCAYAAAA=";

#[test]
fn an_svg_that_is_not_whole_is_a_finding() {
    let svg = |inside: &str| {
        format!("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'>{inside}</svg>")
    };
    let broken = [
        svg("<image href='../a.png' width='1' height='1'/>"),
        svg("<text>&#x20000;</text>"),
        svg("<g>"),
        svg("<filter id='a'><feTurbulence numOctaves='2000000000'/></filter>"),
        svg("<foreignObject/>"),
        svg("<use href='b.svg#a'/>"),
        svg("<image href='data:image/svg+xml;base64,PHN2Zy8+'/>"),
        svg("<image href='data:text/plain;base64,PHN2Zy8+'/>"),
        svg(&format!("<image href='data:image/png;base64,{VAST}'/>")),
    ];
    let messages = [
        "引用了另外的文件",
        "U+20000",
        "不能解码",
        "滤镜",
        "滤镜",
        "引用了另外的文件",
        "引用了另外的文件",
        "引用了另外的文件",
        "两千五百万像素",
    ];
    for (content, message) in broken.iter().zip(messages) {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("图.svg"), content).unwrap();
        let report = super::support::report(&yaml(&[("overview", "|\n  ![说明](图.svg)")]));
        let (figures, mut findings) = nianbao::report::load_figures(&report, folder.path());
        if findings.is_empty() {
            let job = RenderJob::public(&report, &figures);
            findings = ENGINE.compile(&job).unwrap().findings;
        }
        assert_eq!(findings[0].rule.id, "invalid-figure");
        assert!(findings[0].message.contains(message), "{findings:?}");
    }
}

#[test]
fn figures_stand_beside_the_report_even_without_a_folder_in_its_path() {
    let report = super::support::report(&yaml(&[("overview", "|\n  ![说明](Cargo.toml)")]));
    let (_, findings) = nianbao::report::load_figures(&report, Path::new(""));
    assert!(findings[0].message.contains("不是 PNG"), "{findings:?}");
}

#[test]
fn a_signature_is_a_name_or_a_list_of_names() {
    for (names, count) in [
        ("甲局", 1),
        ("[甲局]", 1),
        ("[甲局, 乙局, 丙局]", 3),
        ("[1, 2, 3, 4, 5, 6, 7, 8, 9]", 9),
        ("[]", 0),
        ("[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]", 0),
        ("[甲局, ]", 1),
        ("[甲局, ~]", 0),
        ("[甲局, [乙局]]", 0),
        ("{甲: 乙}", 0),
    ] {
        let text = yaml(&[("signature", &format!("{{name: {names}}}"))]);
        let (_, report, findings) = bind(&text);
        let signed = report.map_or(0, |report| report.signatories().len());
        assert_eq!(signed, count, "{names}: {findings:?}");
        assert_eq!(findings.is_empty(), count > 0, "{names}: {findings:?}");
        let rules = findings
            .iter()
            .all(|finding| finding.rule.id == "invalid-value");
        assert!(rules, "{names}: {findings:?}");
    }
}
