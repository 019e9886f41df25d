//! A report as a web page and as a fragment for the editor of a portal.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use nianbao::edition_check;
use nianbao::html::{self, PageOptions};
use nianbao::report::{Printout, Report, load_figures};
use regex::Regex;

use super::command::{code, nianbao, said};
use super::heard::declared;
use super::support::{EDITIONS, read, report, samples, yaml};

/// The elements and attributes that `UEditor`'s usual white list lets through.
const ELEMENTS: [&str; 16] = [
    "article", "section", "h2", "h3", "p", "strong", "img", "div", "table", "caption", "thead",
    "tbody", "tr", "th", "td", "a",
];

fn page(report: &Report, folder: &Path) -> String {
    let (figures, _) = load_figures(report, folder);
    html::page(&Printout::new(report), &figures, PageOptions::default())
}

fn fragment(report: &Report, folder: &Path) -> html::Fragment {
    let (figures, _) = load_figures(report, folder);
    html::fragment(&Printout::new(report), &figures, "2023", None)
}

/// The text of HTML without its elements and comments, and without what marks escape.
fn text(html: &str) -> String {
    let body = html.split_once("<main>").map_or(html, |(_, body)| body);
    let plain = Regex::new(r"(?s)<!--.*?-->|<[^>]*>").unwrap();
    let text = plain.replace_all(body, "");
    let text = text.replace("&lt;", "<").replace("&gt;", ">");
    text.replace("&quot;", "\"").replace("&amp;", "&")
}

/// The cells of a table: element, attributes, text.
fn cells(table: &str) -> Vec<(String, BTreeMap<String, String>, String)> {
    let cell = Regex::new(r"(?s)<(t[dh])((?: [a-z]+=\x22[^\x22]*\x22)*)>(.*?)</t[dh]>").unwrap();
    let attribute = Regex::new(r#"([a-z]+)="([^"]*)""#).unwrap();
    let found = cell.captures_iter(table).map(|cell| {
        let attributes = attribute.captures_iter(&cell[2]);
        let attributes = attributes.map(|one| (one[1].to_owned(), one[2].to_owned()));
        (cell[1].to_owned(), attributes.collect(), cell[3].to_owned())
    });
    found.collect()
}

/// Each value of all editions stands under the labels that the declaration puts above and before it, in both.
#[test]
fn each_value_has_the_heads_that_are_declared() {
    for form in EDITIONS.all() {
        let report = report(&edition_check::numbered(form));
        let folder = Path::new(".");
        let sections = form.sections.iter().flat_map(|section| &section.tables);
        let keys: Vec<&String> = sections.collect();
        for html in [page(&report, folder), fragment(&report, folder).html] {
            let tables: Vec<&str> = html.split("<table").skip(1).collect();
            assert_eq!(tables.len(), keys.len(), "{}", form.edition);
            let mut names = BTreeSet::new();
            for (key, table) in keys.iter().zip(tables) {
                let cells = cells(table.split("</table>").next().unwrap());
                let heads: BTreeMap<&str, &str> = cells
                    .iter()
                    .filter_map(|(_, attributes, text)| {
                        Some((attributes.get("id")?.as_str(), text.as_str()))
                    })
                    .collect();
                assert!(heads.keys().all(|id| names.insert((*id).to_owned())));
                let told = cells.iter().filter(|(element, ..)| element == "td");
                let told = told.filter_map(|(_, attributes, _)| attributes.get("headers"));
                let told: Vec<Vec<&str>> = told
                    .map(|ids| ids.split(' ').map(|id| heads[id]).collect())
                    .collect();
                assert_eq!(told, declared(&form.tables[*key]), "{} {key}", form.edition);
            }
        }
    }
}

/// Both say what the report says, in its order; the fragment all but the title, by elements that editors keep.
#[test]
fn a_fragment_says_what_the_page_says() {
    let element = Regex::new(r"<([a-z0-9]+)").unwrap();
    for path in samples() {
        let (written, folder) = (read(&path), path.parent().unwrap());
        let report = report(&written);
        let page = page(&report, folder);
        let fragment = fragment(&report, folder);
        let (title, rest) = (&report.title.text, text(&page));
        let rest = rest.trim().strip_prefix(title.as_str()).unwrap();
        assert_eq!(rest, text(&fragment.html).trim(), "{}", path.display());
        let annex = report.annex_title().map(|title| format!("附件：{title}"));
        assert!(annex.is_none_or(|line| rest.contains(&line)));
        let mut from = 0;
        for paragraph in report.prose().flat_map(|prose| &prose.paragraphs) {
            for part in paragraph.texts() {
                let at = rest[from..].find(&part.text);
                from += at.unwrap_or_else(|| panic!("{} is not in order", part.text));
            }
        }
        for found in element.captures_iter(&fragment.html) {
            assert!(ELEMENTS.contains(&&found[1]), "{}", &found[1]);
        }
        assert!(!page.contains("<script>") && !page.contains("http-equiv"));
        assert!(page.contains("\"@type\":\"Report\""));
    }
}

#[test]
fn nothing_in_a_report_is_taken_for_html() {
    let text = yaml(&[
        ("agency", "\"某局</script><b>&amp;\""),
        (
            "preface",
            "|\n  甲<script>乙&nbsp;\"丙\"，见https://a.cn/?a=1&b=2。",
        ),
        ("date", "2024-01-22"),
    ]);
    let report = report(&text);
    let page = page(&report, Path::new("."));
    assert_eq!(page.matches("<script").count(), 1, "{page}");
    assert_eq!(page.matches("</script>").count(), 1);
    assert!(page.contains("甲&lt;script&gt;乙&amp;nbsp;"));
    assert!(
        page.contains(r#"<a href="https://a.cn/?a=1&amp;b=2">https://a.cn/?a=1&amp;b=2</a>。"#)
    );
    assert!(page.contains(r#"<time datetime="2024-01-22">2024年1月22日</time>"#));
}

#[test]
fn the_command_writes_both() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let sample = samples()
        .into_iter()
        .find(|path| path.ends_with("chinese-keys/2022.yaml"));
    let sample = sample.unwrap();
    fs::copy(&sample, folder.join("2022.yaml")).unwrap();
    let figure = sample.with_file_name("公开数量.svg");
    fs::copy(&figure, folder.join("公开数量.svg")).unwrap();
    let run = |arguments: &[&str]| nianbao(folder, arguments);
    let output = run(&["compile", "2022.yaml", "a.html"]);
    assert_eq!(code(&output), 0, "{}", said(&output));
    let page = fs::read_to_string(folder.join("a.html")).unwrap();
    assert!(page.contains("<img src=\"data:image/svg+xml;base64,"));
    let output = run(&[
        "compile",
        "2022.yaml",
        "b.html",
        "--fragment",
        "--copy",
        "draft",
    ]);
    assert_eq!(code(&output), 0, "{}", said(&output));
    let fragment = fs::read_to_string(folder.join("b.html")).unwrap();
    assert!(
        fragment.starts_with("<!-- 图片文件：b-1.svg -->\n<article>"),
        "{fragment}"
    );
    assert!(
        fragment.contains("<strong>征求意见稿</strong>") && fragment.contains("src=\"b-1.svg\"")
    );
    assert_eq!(
        fs::read(folder.join("b-1.svg")).unwrap(),
        fs::read(&figure).unwrap()
    );
    for (arguments, fault) in [
        (
            &["2022.yaml", "c.html", "--copy", "signing"][..],
            "--copy signing is written as",
        ),
        (
            &["2022.yaml", "c.html", "--copy", "archive"],
            "--copy archive is written as",
        ),
        (
            &["2022.yaml", "c.html", "--seal", "x.svg"],
            "--seal goes with",
        ),
        (
            &["2022.yaml", "c.pdf", "--fragment"],
            "--fragment goes with .html",
        ),
    ] {
        let output = run(&[&["compile"], arguments].concat());
        assert_eq!(code(&output), 2, "{}", said(&output));
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains(fault), "{said}");
    }
    assert!(!folder.join("c.html").exists() && !folder.join("c.pdf").exists());
    // A report with errors gives neither.
    let text = read(&folder.join("2022.yaml")).replace("年度: 2022", "年度: 2022x");
    fs::write(folder.join("2022.yaml"), text).unwrap();
    let output = run(&["compile", "2022.yaml", "c.html"]);
    assert_eq!(code(&output), 1, "{}", said(&output));
    assert!(!folder.join("c.html").exists());
}
