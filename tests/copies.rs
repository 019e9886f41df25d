//! The copies of a report: what each has that others have not.

use std::fs;
use std::path::Path;

use nianbao::report;
use nianbao::source::Source;
use nianbao::typeset::{RenderJob, ReportCopy};

use super::command::{code, nianbao, said};
use super::support::reader::{self, Glyph};
use super::support::structure::{self, Attached};
use super::support::{EDITIONS, ENGINE, root, samples, yaml};

fn copy(path: &Path, purpose: &ReportCopy) -> Vec<u8> {
    let source = Source::read(path).unwrap();
    let report = report::bind(&source, &EDITIONS).value.unwrap();
    let (figures, _) = report::load_figures(&report, path.parent().unwrap());
    let order = RenderJob::new(&report, &figures, purpose, &source, &[]);
    let document = ENGINE.compile(&order).unwrap().value.unwrap();
    document.to_pdf().unwrap()
}

fn draft(words: Option<&str>) -> ReportCopy {
    ReportCopy::Draft {
        watermark: words.map(str::to_owned),
    }
}

/// What is drawn on each page: the marked glyphs, and those of no mark.
fn glyphs(pdf: &[u8]) -> Vec<(Vec<Glyph>, Vec<Glyph>)> {
    let pages = reader::pages(pdf).into_iter();
    pages
        .map(|page| page.glyphs.into_iter().partition(|g| g.mcid.is_some()))
        .collect()
}

fn text(glyphs: &[Glyph]) -> String {
    glyphs.iter().map(|glyph| glyph.text.as_str()).collect()
}

#[test]
fn a_draft_has_words_behind_its_text_and_else_what_the_public_reads() {
    let sample = root().join("samples/zhangshu-science-bureau/2023.yaml");
    let public = copy(&sample, &ReportCopy::Public);
    for (purpose, words) in [
        (draft(None), "征求意见稿"),
        (draft(Some("内部审阅")), "内部审阅"),
    ] {
        let pdf = copy(&sample, &purpose);
        let pages = glyphs(&pdf);
        assert_eq!(pages.len(), 6);
        for (page, before) in pages.iter().zip(glyphs(&public)) {
            let same = |a: &Glyph, b: &Glyph| (&a.text, a.x, a.y) == (&b.text, b.x, b.y);
            assert!(page.0.len() == before.0.len());
            assert!(page.0.iter().zip(&before.0).all(|(a, b)| same(a, b)));
            // No reader reads them out, and no search finds them.
            assert_eq!(text(&page.1), text(&before.1));
        }
        for page in reader::pages(&pdf) {
            let ink = page.shapes[0];
            let (x, y) = (ink.center().x, ink.center().y);
            assert!(
                (x - 297.6).abs() < 20.0 && (y - 420.9).abs() < 20.0,
                "{ink:?}"
            );
            assert!((300.0..595.0).contains(&ink.width()), "{ink:?}");
            assert!((300.0..842.0).contains(&ink.height()), "{ink:?}");
        }
        let (told, before) = (structure::read(&pdf), structure::read(&public));
        assert_eq!(told.root, before.root);
        assert_eq!(
            told.title,
            before.title.map(|title| format!("{title}（{words}）"))
        );
    }
}

#[test]
fn the_copy_of_an_archive_has_the_report_in_it() {
    for path in samples() {
        let folder = path.parent().unwrap();
        let pdf = copy(&path, &ReportCopy::Archive);
        let title = structure::read(&pdf).title.unwrap();
        let mut expected = vec![Attached {
            name: path.file_name().unwrap().to_str().unwrap().to_owned(),
            relationship: "Source".to_owned(),
            media_type: "application/yaml".to_owned(),
            description: title,
            bytes: fs::read(&path).unwrap(),
        }];
        if folder.ends_with("chinese-keys") {
            expected.push(Attached {
                name: "公开数量.svg".to_owned(),
                relationship: "Source".to_owned(),
                media_type: "image/svg+xml".to_owned(),
                description: "2020年至2022年主动公开政府信息的条数".to_owned(),
                bytes: fs::read(folder.join("公开数量.svg")).unwrap(),
            });
        }
        assert_eq!(structure::attached(&pdf), expected);
        assert!(
            structure::read(&pdf)
                .xmp
                .contains("<pdfaid:part>3</pdfaid:part>")
        );
        let public = copy(&path, &ReportCopy::Public);
        assert_eq!(structure::attached(&public), []);
        assert_eq!(glyphs(&pdf), glyphs(&public), "the same pages");
    }
}

/// What is attached is what was read, and the report that is made from it is the same file.
#[test]
fn what_is_kept_is_kept_byte_for_byte() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("2023.yaml");
    for text in [
        yaml(&[]),
        format!("\u{feff}{}", yaml(&[])),
        yaml(&[]).replace('\n', "\r\n"),
    ] {
        fs::write(&path, &text).unwrap();
        let pdf = copy(&path, &ReportCopy::Archive);
        let files = structure::attached(&pdf);
        assert!(files[0].bytes == text.as_bytes());
        let elsewhere = tempfile::tempdir().unwrap();
        let again = elsewhere.path().join(&files[0].name);
        fs::write(&again, &files[0].bytes).unwrap();
        assert!(copy(&again, &ReportCopy::Archive) == pdf);
    }
    let named = folder.path().join("年报 (1).yaml");
    fs::copy(&path, &named).unwrap();
    let pdf = copy(&named, &ReportCopy::Archive);
    assert_eq!(structure::attached(&pdf)[0].name, "年报 (1).yaml");
}

/// Gray is put in place of a colour space, and a figure may have in it what looks like one.
#[test]
fn what_only_looks_like_a_part_of_the_pdf_is_kept_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("2023.yaml");
    let overview = "|\n  依法公开。\n  ![图](figures/./a.svg)\n  ![又一图](figures/a.svg)";
    fs::write(&path, yaml(&[("overview", overview)])).unwrap();
    fs::create_dir(folder.path().join("figures")).unwrap();
    // Short and without order, so that it is not deflated.
    let svg = |number: &str| {
        format!(
            "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><!--\n\
             {number} 0 obj\n[/ICCBased {number} 0 R]\nendobj --></svg>"
        )
    };
    let make = |number: &str| {
        fs::write(folder.path().join("figures/a.svg"), svg(number)).unwrap();
        copy(&path, &ReportCopy::Archive)
    };
    let pdf = make("100");
    let text = String::from_utf8_lossy(&pdf).into_owned();
    let (before, _) = text.split_once("/N 1/").unwrap();
    let object = before.rsplit_once(" 0 obj").unwrap().0;
    let number = object.rsplit('\n').next().unwrap();
    let pdf = make(number);
    let looks = format!("{number} 0 obj\n[/ICCBased {number} 0 R]\nendobj");
    assert!(String::from_utf8_lossy(&pdf).contains(&looks), "{number}");
    let files = structure::attached(&pdf);
    let names: Vec<_> = files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["2023.yaml", "figures/a.svg"], "each once");
    assert!(files[1].bytes == svg(number).as_bytes());
}

#[test]
fn the_command_line_takes_what_makes_sense() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("2023.yaml"), yaml(&[])).unwrap();
    for (arguments, expected) in [
        (&["--copy", "draft"][..], 0),
        (&["--copy", "draft", "--watermark", "送审稿"], 0),
        (&["--copy", "archive"], 0),
        (&["--copy", "public"], 0),
        (&["--copy", "signing"], 0),
        (&["--copy", "signing", "--duplex", "--seal-size", "40"], 0),
        (&["--duplex"], 2),
        (&["--copy", "draft", "--duplex"], 2),
        (&["--copy", "signing", "--watermark", "送审稿"], 2),
        (&["--copy", "draft", "--watermark", ""], 2),
        (&["--copy", "draft", "--watermark", " 送审稿"], 2),
        (
            &[
                "--copy",
                "draft",
                "--watermark",
                "一二三四五六七八九十一二三",
            ],
            2,
        ),
        (&["--copy", "draft", "--watermark", "\u{1f600}"], 2),
        (&["--copy", "draft", "--watermark", "送\u{ad}审稿"], 2),
        (&["--copy", "archive", "--watermark", "送审稿"], 2),
        (&["--watermark", "送审稿"], 2),
        (&["--copy", "paper"], 2),
    ] {
        let output = nianbao(folder, &[&["compile", "2023.yaml"], arguments].concat());
        assert_eq!(code(&output), expected, "{arguments:?}: {}", said(&output));
        let copy = arguments.get(1).filter(|copy| **copy != "public");
        let name = copy.map_or("2023.pdf".to_owned(), |copy| format!("2023.{copy}.pdf"));
        let written = fs::remove_file(folder.join(name)).is_ok();
        assert_eq!(written, expected == 0, "{arguments:?}");
        assert_eq!(fs::read_dir(folder).unwrap().count(), 1, "nothing else");
    }
}

/// What was waived is printed on the approval sheet, and may be about the report of the year before.
#[test]
fn an_archive_knows_what_is_printed_of_other_reports() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::create_dir(folder.join("sources")).unwrap();
    let before = |carried: &str| {
        let text = yaml(&[
            ("year", "2022"),
            ("waivers", "[{rule: requests-unbalanced, reason: 原文}]"),
        ]);
        let text = text.replace("  carried_out: 0\n", &format!("  carried_out: {carried}\n"));
        fs::write(folder.join("sources/2022.yaml"), text).unwrap();
    };
    let waiver = "[{rule: carry-mismatch, reason: 统计口径有变化}]";
    fs::write(
        folder.join("sources/2023.yaml"),
        yaml(&[("waivers", waiver)]),
    )
    .unwrap();
    let make = |copy: &str| {
        let output = nianbao(folder, &["archive", "sources", "output", "--copy", copy]);
        assert_eq!(code(&output), 0, "{}", said(&output));
        let pdf = fs::read(folder.join("output/2023.pdf")).unwrap();
        let pages = reader::pages(&pdf);
        (said(&output).contains("新制 0"), pages[0].text())
    };
    for (carried, told) in [
        ("[2, 0, 0, 0, 0, 0, 2]", "继续办理2"),
        ("[3, 0, 0, 0, 0, 0, 3]", "继续办理3"),
    ] {
        before(carried);
        let (kept, sheet) = make("signing");
        assert!(!kept && sheet.contains(told), "{sheet}");
        assert!(make("signing").0, "nothing changed");
    }
    assert!(!make("public").0);
    before("[4, 0, 0, 0, 0, 0, 4]");
    let output = nianbao(folder, &["archive", "sources", "output"]);
    assert!(
        said(&output).contains("新制 1"),
        "2022 alone: {}",
        said(&output)
    );
}

#[test]
fn an_archive_knows_what_its_copies_are_for() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::create_dir(folder.join("sources")).unwrap();
    fs::write(folder.join("sources/2023.yaml"), yaml(&[])).unwrap();
    let run = |command: &[&str], copy: &[&str]| {
        let output = nianbao(folder, &[&["archive"], command, copy].concat());
        (code(&output), said(&output).contains("新制 1"))
    };
    let make = |copy: &[&str]| run(&["sources", "output"], copy);
    let proof = |copy: &[&str]| run(&["verify", "output", "sources", "--rebuild"], copy).0;
    let archive = ["--copy", "archive"];
    assert_eq!(make(&[]), (0, true));
    assert_eq!(make(&archive), (0, true), "another copy");
    assert_eq!(make(&archive), (0, false), "the same");
    assert_eq!((proof(&archive), proof(&[])), (0, 4));
    let draft = ["--copy", "draft", "--watermark", "送审稿"];
    assert_eq!(make(&["--copy", "draft"]), (0, true));
    assert_eq!(make(&draft), (0, true), "other words");
    assert_eq!(make(&[]), (0, true), "as at first");
}
