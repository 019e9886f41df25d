//! The copy for signing: the approval sheet, the digest on each page, the empty place for the seal.

use std::collections::BTreeMap;
use std::fs;

use nianbao::diagnostic::Diagnostic;
use nianbao::typeset::{RenderJob, ReportCopy, SealSize};

use super::command::{code, nianbao, said};
use super::pictures;
use super::seal::{copy, copy_in, lines, seals};
use super::support::reader::{self, Glyph, Page};
use super::support::{ENGINE, report, structure, yaml};

fn signing(duplex: bool) -> ReportCopy {
    ReportCopy::Signing {
        seal: SealSize::default(),
        duplex,
    }
}

fn digest(text: &str) -> String {
    report(text).digest(&[]).unwrap().grouped()
}

fn of_size(page: &Page, size: f64) -> Vec<Glyph> {
    let glyphs = page.glyphs.iter();
    glyphs
        .filter(|g| (g.size - size).abs() < 0.01)
        .cloned()
        .collect()
}

fn text(glyphs: &[Glyph]) -> String {
    glyphs.iter().map(|glyph| glyph.text.as_str()).collect()
}

/// The glyphs of a page that are neither the foot nor what keeps the page from being that of another
/// copy: the number of their mark.
fn apart_from_the_foot(page: &Page) -> Vec<(String, String)> {
    let glyphs = page.glyphs.iter().filter(|g| (g.size - 6.0).abs() > 0.01);
    glyphs
        .map(|g| (g.text.clone(), format!("{:.2} {:.2}", g.x, g.y)))
        .collect()
}

/// The report in it is the one with the seal, but for the seal, and the place of that is empty.
#[test]
fn the_report_is_that_with_the_seal() {
    let body = "正文内容。".repeat(200);
    let text = yaml(&[
        ("date", "2024-01-22"),
        ("overview", &format!("|\n  {body}")),
    ]);
    let sealed = reader::pages(&copy(&text, &seals("42", 1)));
    for duplex in [false, true] {
        let pages = reader::pages(&copy(&text, &signing(duplex)));
        let report = &pages[if duplex { 2 } else { 1 }..][..sealed.len()];
        for (page, sealed) in report.iter().zip(&sealed) {
            assert_eq!(apart_from_the_foot(page), apart_from_the_foot(sealed));
            assert!(page.images.is_empty());
        }
    }
}

/// A print dialogue takes the paper as it is, and pages are called what is printed on them.
#[test]
fn it_tells_the_printer_and_names_its_pages() {
    let text = yaml(&[("date", "2024-01-22")]);
    let said = |pdf: &[u8], what: &str| String::from_utf8_lossy(pdf).contains(what);
    // 审核, then from 1; the back of the sheet is the second page of it.
    for (duplex, sides, labels) in [
        (false, "Simplex", "0<</P<FEFF5BA16838>>>1<</S/D/St 1>>"),
        (
            true,
            "DuplexFlipLongEdge",
            "0<</P<FEFF5BA16838>/S/D/St 1>>2<</S/D/St 1>>",
        ),
    ] {
        let pdf = copy(&text, &signing(duplex));
        let print = format!("<</PrintScaling/None/Duplex/{sides}/DisplayDocTitle true");
        assert!(said(&pdf, &print), "{sides}");
        let labels = format!("/PageLabels<</Nums[{labels}");
        assert!(said(&pdf, &labels), "{labels}");
    }
    let public = super::support::pdf(&text);
    assert!(!said(&public, "/PrintScaling") && !said(&public, "/PageLabels"));
}

#[test]
fn each_page_has_the_digest_and_its_number() {
    let text = yaml(&[("date", "2024-01-22")]);
    let public = reader::pages(&super::support::pdf(&text));
    let pages = reader::pages(&copy(&text, &signing(false)));
    assert_eq!(pages.len(), public.len() + 1);
    let digest = digest(&text);
    for (i, page) in pages.iter().enumerate() {
        let (number, total) = if i == 0 { (1, 1) } else { (i, public.len()) };
        let foot = self::text(&of_size(page, 6.0));
        assert_eq!(
            foot.replace(' ', ""),
            format!("{}第{number}页共{total}页", digest.replace(' ', "")),
        );
        assert!(foot.starts_with(&digest), "in groups of four: {foot}");
    }
    // The number of the standard stays where it is, and the digest is beside it.
    for (page, public) in pages[1..].iter().zip(&public) {
        let number = |page: &Page| -> Vec<(String, f64, f64)> {
            let glyphs = of_size(page, 14.0)
                .into_iter()
                .filter(|g| g.y > 262.0 * 72.0 / 25.4);
            glyphs.map(|g| (g.text, g.x, g.y)).collect()
        };
        assert_eq!(number(page), number(public));
        let foot = of_size(page, 6.0);
        assert!((foot[0].y - number(page)[0].2).abs() < 0.1, "on one line");
        assert!(
            foot.iter()
                .all(|g| number(page).iter().all(|n| (n.1 - g.x).abs() > 6.0))
        );
    }
}

#[test]
fn a_camera_reads_the_digest() {
    // The code of the sheet of five agencies is smaller; a scan has 200 pixels per inch or more.
    let five = format!("{{name: [{}]}}", ["某某市教育局"; 5].join(", "));
    for (field, value, ppi) in [
        ("agency", "某某市科技局", 150.0),
        ("agency", "某县局", 150.0),
        ("signature", &five, 200.0),
    ] {
        let text = yaml(&[("date", "2024-01-22"), (field, value)]);
        let document = copy_in(&text, &signing(false), std::path::Path::new(""));
        let picture = document.to_png(0, ppi).unwrap().unwrap();
        let (width, height, pixels) = pictures::decode(&picture).unwrap();
        let (width, height) = (width as usize, height as usize);
        let mut page = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| {
            pixels[4 * (y * width + x)]
        });
        let codes = page.detect_grids();
        let [code] = &codes[..] else {
            panic!("{} codes", codes.len())
        };
        assert_eq!(code.decode().unwrap().1, digest(&text).replace(' ', ""));
    }
}

#[test]
fn the_approval_sheet_has_what_those_who_sign_look_for() {
    let names = "{name: [某某市科技局, 某某市教育局]}";
    let text = yaml(&[("date", "2024-01-22"), ("signature", names)]);
    let pdf = copy(&text, &signing(false));
    let told = structure::read(&pdf);
    let sheet = &told.root.find_all("Table")[0];
    let heads: Vec<String> = sheet
        .find_all("TH")
        .iter()
        .map(|th| th.text.clone())
        .collect();
    assert_eq!(
        heads,
        [
            "标题",
            "机关",
            "署名",
            "年度",
            "页数",
            "成文日期",
            "拟稿",
            "日期",
            "核稿",
            "日期",
            "审核",
            "日期",
            "签发",
            "日期",
            "会签",
            "日期",
            "公章",
            "校验码",
            "豁免的问题",
            "未改的问题"
        ]
    );
    for (i, told) in [
        (0, "某某市科技局2023年政府信息公开工作年度报告"),
        (1, "某某市科技局"),
        (2, "某某市科技局、某某市教育局"),
        (3, "2023"),
        (4, "3"),
        (5, "2024年1月22日"),
        (6, ""),
        (14, "某某市教育局"),
        (16, ""),
        (18, "无"),
        (19, "无"),
    ] {
        assert_eq!(sheet.find_all("TD")[i].text.replace(' ', ""), told, "{i}");
    }
    assert!(sheet.attributes.contains_key("Summary"));
    // A date is that of whom it stands beside.
    let ids: BTreeMap<&str, &structure::Node> = (sheet.find_all("TH").into_iter())
        .map(|head| (head.id.as_deref().unwrap(), head))
        .collect();
    let dates = sheet.find_all("TD").into_iter().zip(&heads).enumerate();
    for (i, (date, _)) in dates.filter(|(_, (_, head))| *head == "日期") {
        assert_eq!(heard(date, &ids), [&heads[i - 1], "日期"]);
    }
    let code = &sheet.find_all("Figure")[0];
    assert_eq!(code.alt.as_deref(), Some("校验码的二维码"));
    assert_eq!(told.outline[0], (1, "审核签发单".to_owned()));
    // Room for a seal and for names.
    let page = &reader::pages(&pdf)[0];
    let table = &page.tables()[0];
    let empty = table.cells.iter().filter(|cell| cell.text.is_empty());
    let heights: Vec<f64> = empty
        .map(|cell| (cell.y1 - cell.y0) * 25.4 / 72.0)
        .collect();
    assert_eq!(
        heights.len(),
        5,
        "room for names, and for a seal; that of 会签 has a name"
    );
    assert!(
        heights[..4].iter().all(|height| *height > 10.9),
        "{heights:?}"
    );
    assert!(heights[4] > 44.0, "{heights:?}");
}

/// The heads that a reader tells before a cell, the first above all others.
fn heard<'a>(cell: &structure::Node, ids: &BTreeMap<&str, &'a structure::Node>) -> Vec<&'a str> {
    let mut told: Vec<&str> = Vec::new();
    let own = cell.attributes.get("Headers").map_or("", String::as_str);
    for head in own.split(' ').filter_map(|id| ids.get(id)) {
        for text in heard(head, ids).into_iter().chain([head.text.as_str()]) {
            if !told.contains(&text) {
                told.push(text);
            }
        }
    }
    told
}

/// The sheet is for people: its title ends its lines between words, and what is not there stands as large as what is.
#[test]
fn the_approval_sheet_is_set_for_people() {
    let agency = "某某市科学技术和工业信息化局";
    let text = yaml(&[("date", "2024-01-22"), ("agency", agency)]);
    let page = &reader::pages(&copy(&text, &signing(false)))[0];
    let lines: Vec<String> = page.lines().into_iter().map(|(_, _, text)| text).collect();
    let title = [
        "某某市科学技术和工业信息化局",
        "2023年政府信息公开工作年度报告",
    ];
    let found = title.map(|line| lines.iter().position(|found| found == line));
    assert!(found.is_sorted() && found[0].is_some(), "{lines:?}");
    let none = page.glyphs.iter().filter(|glyph| glyph.text == "无");
    let sizes: Vec<f64> = none.map(|glyph| glyph.size).collect();
    assert!(
        sizes.len() == 2 && sizes.iter().all(|size| (size - 14.0).abs() < 0.01),
        "{sizes:?}"
    );
    // No command, and no name of a rule: letters are those of the digest.
    let letters = page.glyphs.iter().flat_map(|glyph| glyph.text.chars());
    let mut letters = letters.filter(char::is_ascii_alphabetic);
    assert!(letters.all(|letter| letter.is_ascii_hexdigit()));
    let text = page.text().replace(char::is_whitespace, "");
    assert!(text.contains("前四组相同"), "{text}");
}

/// Waived findings and their reasons, however many.
#[test]
fn what_was_waived_stands_on_the_sheet() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let waiver =
        "[{rule: wrong-total, reason: 公布的原文如此}, {rule: requests-unbalanced, reason: 同上}]";
    let text = yaml(&[("date", "2024-01-22"), ("waivers", waiver)]);
    let text = text.replace("  received: 0\n", "  received: [0, 0, 0, 0, 0, 0, 5]\n");
    fs::write(folder.join("2023.yaml"), text).unwrap();
    let output = nianbao(folder, &["compile", "2023.yaml", "--copy", "signing"]);
    assert_eq!(code(&output), 0, "{}", said(&output));
    let pdf = fs::read(folder.join("2023.signing.pdf")).unwrap();
    let sheet = reader::pages(&pdf)[0].text();
    for told in [
        "多5。理由：公布的原文如此",
        "相差5。理由：同上",
        "各项之和为0，写的是5",
    ] {
        assert!(sheet.contains(told), "{told}: {sheet}");
    }
    // What stands is counted, as `check` counts it.
    let found = said(&nianbao(
        folder,
        &["check", "2023.yaml", "--output", "json"],
    ));
    let found: Vec<serde_json::Value> = serde_json::from_str(&found).unwrap();
    let waived = ["wrong-total", "requests-unbalanced"];
    let count = |severity: &str| {
        let of = found
            .iter()
            .filter(|finding| finding["severity"] == severity);
        of.filter(|f| !waived.contains(&f["rule"].as_str().unwrap()))
            .count()
    };
    let (warnings, notes) = (count("warning"), count("note"));
    assert!(notes > 0);
    assert_eq!(warnings, 0);
    let standing = format!("未改的问题提示{notes}项");
    assert!(sheet.contains(&standing), "{standing}: {sheet}");
}

/// However many pages the sheet has, the report keeps its margins and its numbers.
#[test]
fn a_long_sheet_moves_nothing() {
    let text = yaml(&[
        ("date", "2024-01-22"),
        ("overview", &format!("|\n  {}", "正文内容。".repeat(200))),
    ]);
    let sealed = reader::pages(&copy(&text, &seals("42", 1)));
    let mut seen = [0, 0];
    for count in [1, 20, 35, 50, 65, 80] {
        let waived = |n: usize| {
            let rule = nianbao::check::rules::named("wrong-total").unwrap().rule;
            let span = nianbao::source::Span::new(0, 0);
            let mut finding = Diagnostic::new(rule, span, format!("第 {n} 项不一致"));
            finding.waived = Some("公布的原文如此".repeat(3));
            finding
        };
        let findings: Vec<_> = (0..count).map(waived).collect();
        for duplex in [false, true] {
            let (source, bound, _) = super::support::bind(&text);
            let purpose = signing(duplex);
            let report = bound.unwrap();
            let order = RenderJob::new(&report, &[], &purpose, &source, &findings);
            let document = ENGINE.compile(&order).unwrap().value.unwrap();
            let pages = reader::pages(&document.to_pdf().unwrap());
            let first = pages
                .iter()
                .position(|page| page.text().contains("— 1 —"))
                .unwrap();
            assert_eq!(
                duplex,
                first % 2 == 0,
                "{count}: a leaf of its own, or its margins"
            );
            for (page, sealed) in pages[first..].iter().zip(&sealed) {
                assert_eq!(
                    apart_from_the_foot(page),
                    apart_from_the_foot(sealed),
                    "{count}"
                );
            }
            let sheets = pages[..first]
                .iter()
                .filter(|page| !page.glyphs.is_empty())
                .count();
            seen[sheets % 2] += 1;
            for (i, page) in pages[..sheets].iter().enumerate() {
                let foot = text_of_foot(page);
                assert!(
                    foot.ends_with(&format!("第{}页共{sheets}页", i + 1)),
                    "{foot}"
                );
            }
        }
    }
    assert!(
        seen[0] > 0 && seen[1] > 0,
        "sheets of an odd and an even number of pages: {seen:?}"
    );
}

/// The sheet of a joint report with so many agencies and as many waived findings, page by page.
fn joint_sheet(agencies: usize, waived: usize) -> Vec<Page> {
    let names = (1..=agencies).map(|i| format!("某某省某某市第{i}人力资源和社会保障局"));
    let names = names.collect::<Vec<_>>().join(", ");
    let text = yaml(&[
        ("date", "2024-01-22"),
        ("signature", &format!("{{name: [{names}]}}")),
    ]);
    let rule = nianbao::check::rules::named("wrong-total").unwrap().rule;
    let finding = |n: usize| {
        let span = nianbao::source::Span::new(0, 0);
        let message = format!("“行政复议”的“总计”：各项之和为 11，写的是 0，少 {n}");
        let mut finding = Diagnostic::new(rule, span, message);
        finding.waived = Some("公布的报告中表四的两个总计为0".to_owned());
        finding
    };
    let findings: Vec<_> = (0..waived).map(finding).collect();
    let (source, bound, _) = super::support::bind(&text);
    let (purpose, report) = (signing(false), bound.unwrap());
    let order = RenderJob::new(&report, &[], &purpose, &source, &findings);
    let document = ENGINE.compile(&order).unwrap().value.unwrap();
    let pages = reader::pages(&document.to_pdf().unwrap()).into_iter();
    pages
        .take_while(|page| !page.text().contains("— 1 —") && !page.glyphs.is_empty())
        .collect()
}

/// The sheet of up to three agencies is one page, with room for what is waived as a rule; that of more goes on on
/// another, which says so, and parts no row.
#[test]
fn the_sheet_of_a_joint_report_is_a_page_or_goes_on() {
    for (agencies, waived, count) in [
        (1, 0, 1),
        (2, 3, 1),
        (3, 0, 1),
        (3, 3, 1),
        (4, 0, 1),
        (5, 0, 1),
        (6, 0, 2),
        (7, 0, 2),
        (8, 0, 2),
        (9, 0, 2),
        (9, 3, 2),
    ] {
        let shown = format!("{agencies} agencies, {waived} waived");
        let sheets = joint_sheet(agencies, waived);
        assert_eq!(sheets.len(), count, "{shown}");
        let mut names = 0;
        for (i, page) in sheets.iter().enumerate() {
            let text = page.text();
            assert_eq!(text.contains("审核签发单（续）"), i > 0, "{shown}: {text}");
            let tables = page.tables();
            for cell in &tables[0].cells {
                let height = (cell.y1 - cell.y0) * 25.4 / 72.0;
                assert!(height > 6.0, "{shown}: {height} {}", cell.text);
                assert!(!cell.overflow, "{shown}: {}", cell.text);
                if cell.text == "公章" {
                    assert!(height > 44.0, "{shown}: {height}");
                }
                if ["日期", "会签", "签发"].contains(&cell.text.as_str()) {
                    assert!(height > 7.9, "{shown}: {height}");
                    names += usize::from(cell.text == "会签");
                }
            }
        }
        assert_eq!(names, agencies - 1, "{shown}");
    }
}

/// Before the pages of the public copy it has the sheet alone.
#[test]
fn it_has_the_pages_of_the_public_copy() {
    for path in super::support::samples() {
        let text = super::support::read(&path);
        let folder = path.parent().unwrap();
        let public = copy_in(&text, &ReportCopy::Public, folder).page_count();
        let signing = copy_in(&text, &signing(false), folder).page_count();
        assert_eq!(signing, public + 1, "{}", path.display());
    }
}

#[test]
fn what_cannot_be_drawn_on_the_sheet_is_told_of() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let waiver = "[{rule: wrong-total, reason: 原文\u{1f600}如此}]";
    fs::write(folder.join("2023.yaml"), yaml(&[("waivers", waiver)])).unwrap();
    for (copy, expected) in [("public", 0), ("signing", 1)] {
        let output = nianbao(folder, &["compile", "2023.yaml", "--copy", copy]);
        assert_eq!(code(&output), expected, "{}", said(&output));
        assert_eq!(said(&output).contains("missing-character"), expected == 1);
    }
}

#[test]
fn both_sides_of_the_paper_are_used() {
    let mut counts = [0, 0];
    for characters in [10, 400, 900] {
        let body: String = "正文".chars().cycle().take(characters).collect();
        let text = yaml(&[
            ("date", "2024-01-22"),
            ("overview", &format!("|\n  {body}")),
        ]);
        let pages = reader::pages(&copy(&text, &signing(true)));
        let count = reader::pages(&super::support::pdf(&text)).len();
        counts[count % 2] += 1;
        assert_eq!(pages.len(), 2 + count + count % 2);
        let empty = |page: &Page| page.glyphs.is_empty() && page.rules.is_empty();
        assert!(
            empty(&pages[1]),
            "the back of the sheet: {}",
            pages[1].text()
        );
        for (i, page) in pages[2..2 + count].iter().enumerate() {
            assert!(page.text().contains(&format!("— {} —", i + 1)));
            let foot = text_of_foot(page);
            assert!(
                foot.ends_with(&format!("第{}页共{count}页", i + 1)),
                "{foot}"
            );
        }
        if count % 2 == 1 {
            assert!(empty(&pages[2 + count]), "{}", pages[2 + count].text());
        }
    }
    assert!(counts[0] > 0 && counts[1] > 0, "odd and even: {counts:?}");
}

fn text_of_foot(page: &Page) -> String {
    text(&of_size(page, 6.0)).replace(' ', "")
}

/// The date of issue is that of signing, so it may not be known before: there is room for it, and the
/// paper leads to the report to which it was added later.
#[test]
fn the_date_may_be_written_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let text = yaml(&[]);
    let pages = reader::pages(&copy(&text, &signing(false)));
    let i = pages.len() - 2; // the sheet does not count
    let last = lines(&pages[i + 1], i);
    let parts: Vec<&str> = last[last.len() - 4..]
        .iter()
        .map(|line| line.text.as_str())
        .collect();
    assert_eq!(parts, ["某某市科技局", "年", "月", "日"]);
    let digest = digest(&text);
    fs::write(folder.join("2023.yaml"), yaml(&[("date", "2024-01-22")])).unwrap();
    let output = nianbao(folder, &["verify", "2023.yaml", "--digest", &digest]);
    assert_eq!(code(&output), 0, "{}", said(&output));
    assert!(said(&output).contains("除成文日期外"), "{}", said(&output));
}
