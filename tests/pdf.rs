//! What the file carries beside what is seen: metadata, structure, text layer, colour, bytes.

use nianbao::typeset::RenderJob;
use std::fs;
use std::thread;

use super::support::structure::{self, Document, Node};
use super::support::{
    ENGINE, compile_in, pdf, pdf_of, read, reader, report, root, samples, tables, yaml,
};

#[test]
fn metadata_come_from_the_report() {
    let file = structure::read(&pdf(&yaml(&[("date", "2024-01-22")])));
    assert_eq!(
        file.title.as_deref(),
        Some("某某市科技局2023年政府信息公开工作年度报告")
    );
    assert_eq!(file.author.as_deref(), Some("某某市科技局"));
    assert_eq!(file.lang.as_deref(), Some("zh-CN"));
    assert!(file.creation_date.unwrap().starts_with("2024-01-22"));
    assert!(file.marked);
    assert!(file.xmp.contains("<pdfaid:part>2</pdfaid:part>"));
    assert!(
        file.xmp
            .contains("<pdfaid:conformance>A</pdfaid:conformance>")
    );
    assert!(file.xmp.contains("<pdfuaid:part>1</pdfuaid:part>"));
}

#[test]
fn without_a_date_the_metadata_carry_the_legal_deadline() {
    let bytes = pdf(&yaml(&[]));
    let file = structure::read(&bytes);
    assert!(file.creation_date.unwrap().starts_with("2024-01-31"));
    let shown: String = reader::pages(&bytes)
        .iter()
        .map(reader::Page::text)
        .collect();
    assert!(!shown.contains("1月31日"));
}

#[test]
fn every_section_has_a_bookmark_and_a_heading() {
    for path in samples() {
        let text = read(&path);
        let report = report(&text);
        let file = structure::read(&pdf_of(&path));
        let wanted: Vec<String> = report
            .chapters()
            .map(|chapter| report.heading(&chapter))
            .collect();
        let marks: Vec<String> = file
            .outline
            .iter()
            .filter(|(level, _)| *level == file.outline[0].0)
            .map(|(_, title)| title.clone())
            .collect();
        // An annex is called so, as on its page.
        let called = report.chapters().zip(&wanted).map(|(chapter, title)| {
            let annex = if chapter.section.annex { "附件 " } else { "" };
            format!("{annex}{title}")
        });
        assert_eq!(marks, called.collect::<Vec<_>>());
        let heads: Vec<&str> = file
            .root
            .find_all("H1")
            .iter()
            .map(|h| h.text.as_str())
            .collect();
        assert_eq!(heads, wanted);
    }
}

/// Whether the clerk gave a head a line of its own or let the text run on, it is a bookmark below its section.
#[test]
fn every_head_has_a_bookmark() {
    // Nor does the mark at the end of a head stand in its bookmark.
    let parted = "|\n  （一）问题\n  仍有不足。\n  （二）改进。\n  加强培训。";
    let run_in = "|\n  （一）问题。仍有不足。\n  （二）改进。加强培训。";
    let [parted, run_in] = [parted, run_in].map(|text| {
        let preface = "|\n  （一）范围。全县。";
        structure::read(&pdf(&yaml(&[("preface", preface), ("problems", text)])))
    });
    assert_eq!(run_in.outline, parted.outline);
    let at = run_in
        .outline
        .iter()
        .position(|(_, title)| title.starts_with("五、"));
    let (level, _) = run_in.outline[at.unwrap()];
    let below = &run_in.outline[at.unwrap() + 1..][..2];
    assert_eq!(
        below,
        [
            (level + 1, "（一）问题".to_owned()),
            (level + 1, "（二）改进".to_owned())
        ]
    );
    let place = |file: &Document| file.destinations[at.unwrap() + 1];
    assert_eq!(
        place(&run_in).map(f64::to_bits),
        place(&parted).map(f64::to_bits)
    );
    assert!(place(&parted)[1] > 100.0);
    assert_eq!(run_in.outline.len(), 8, "none for the preface");
    // No heading but in the outline: the paragraph says it once.
    assert!(run_in.root.find_all("H2").is_empty());
    assert_eq!(parted.root.find_all("H2").len(), 2);
    let told = run_in.root.find_all("P");
    let told: Vec<&str> = told.iter().map(|paragraph| paragraph.text.trim()).collect();
    assert!(told.contains(&"（一）问题。仍有不足。"), "{told:?}");
}

#[test]
fn a_preface_may_have_headings() {
    let file = structure::read(&pdf(&yaml(&[(
        "preface",
        "|\n  导语。\n  （一）编制\n  内容。\n  （二）范围。全县。",
    )])));
    assert_eq!(
        file.root.find_all("H2").len(),
        0,
        "no heading stands before the first section"
    );
    assert!(file.root.text.contains("（一）编制"));
}

#[test]
fn a_text_that_looks_like_the_file_stays_as_it_is() {
    let title = "A[/ICCBased 402 0 R]B";
    let file = structure::read(&pdf(&yaml(&[("title", &format!("\"{title}\""))])));
    assert_eq!(file.title.as_deref(), Some(title));
    assert!(file.xmp.contains(title));
}

#[test]
fn the_text_layer_is_in_reading_order() {
    let amount = yaml(&[]).replace("institutional_fees: 0", "institutional_fees: 7730.28");
    let bytes = pdf(&amount);
    let shown: String = reader::pages(&bytes)
        .iter()
        .map(reader::Page::text)
        .collect();
    assert!(shown.contains("行政事业性收费7730.28"));
    let order = [
        "一、总体情况",
        "2023年工作正常。",
        "二、",
        "第二十条第（一）项",
        "规章",
        "7730.28",
        "三、收到",
    ];
    let places: Vec<usize> = order.iter().map(|part| shown.find(part).unwrap()).collect();
    assert!(places.is_sorted(), "{places:?}");
    // What a screen reader follows says the same as what is drawn.
    let file = structure::read(&bytes);
    let told = file.root.text.replace(' ', "");
    for part in order {
        assert!(told.contains(&part.replace(' ', "")), "{part}");
    }
}

#[test]
fn text_and_rules_print_with_black_ink_alone() {
    let bytes = pdf(&yaml(&[]));
    let count = |needle: &[u8]| bytes.windows(needle.len()).filter(|w| w == &needle).count();
    assert_eq!(count(b"/DeviceGray"), 1);
    assert_eq!(count(b"[/ICCBased "), 0, "a colour goes through a profile");
    assert_eq!(
        count(b"/GTS_PDFA1"),
        1,
        "the output intent that DeviceGray needs"
    );
}

/// What is changed in the file behind krilla leaves every object where the table says that it is.
#[test]
fn every_object_stands_where_the_table_says() {
    let bytes = pdf(&yaml(&[("title", "\"endobj /Suspects false proof\"")]));
    let text = |from: usize| String::from_utf8_lossy(&bytes[from..]).into_owned();
    let tail = text(bytes.len() - 200);
    let table = tail.split("startxref\n").nth(1).unwrap();
    let table = text(table.trim_end_matches("\n%%EOF\n").parse().unwrap());
    let mut rows = table.split('\n');
    assert_eq!(rows.next(), Some("xref"));
    let count: usize = rows.next().unwrap()[2..].parse().unwrap();
    for (number, row) in rows.take(count).enumerate().skip(1) {
        let offset: usize = row[..10].parse().unwrap();
        let head = format!("{number} 0 obj\n");
        assert!(bytes[offset..].starts_with(head.as_bytes()), "{number}");
    }
    let file = structure::read(&bytes);
    assert_eq!(file.title.as_deref(), Some("endobj /Suspects false proof"));
    assert!(
        file.xmp
            .contains("<xmpMM:RenditionClass>default</xmpMM:RenditionClass>")
    );
    for needless in ["/MarkInfo<</Marked true/S", "/BorderStyle", "/Headers[]"] {
        assert!(!text(0).contains(needless), "{needless}");
    }
}

#[test]
fn a_colour_picture_keeps_its_profile() {
    let folder = tempfile::tempdir().unwrap();
    let svg = r##"<svg xmlns="http://www.w3.org/2000/svg" width="60" height="40"><rect width="60" height="40" fill="#c00"/></svg>"##;
    fs::write(folder.path().join("栏目.svg"), svg).unwrap();
    let text = yaml(&[("overview", "|\n  正文。\n  ![公开栏目](栏目.svg)\n  正文。")]);
    let bytes = compile_in(&text, folder.path()).to_pdf().unwrap();
    let count = |needle: &[u8]| bytes.windows(needle.len()).filter(|w| w == &needle).count();
    assert!(count(b"/DeviceGray") >= 1 && count(b"[/ICCBased ") >= 1);
    let file = structure::read(&bytes);
    let figures = file.root.find_all("Figure");
    assert_eq!(figures.len(), 1);
    assert_eq!(figures[0].alt.as_deref(), Some("公开栏目"));
    let shown: String = reader::pages(&bytes)
        .iter()
        .map(reader::Page::text)
        .collect();
    assert!(shown.contains("公开栏目"), "the caption is printed");
}

#[test]
fn the_file_ends_with_a_line_feed() {
    assert!(pdf(&yaml(&[])).ends_with(b"%%EOF\n"));
}

#[test]
fn the_same_report_gives_the_same_bytes_in_any_order_and_thread() {
    let paths = samples();
    let first: Vec<Vec<u8>> = paths.iter().map(|path| pdf_of(path)).collect();
    let again = thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|n| {
                let paths = &paths;
                scope.spawn(move || {
                    let order = (0..paths.len()).map(|i| (i + n) % paths.len());
                    order.map(|i| (i, pdf_of(&paths[i]))).collect::<Vec<_>>()
                })
            })
            .collect();
        let made = threads.into_iter().map(|thread| thread.join().unwrap());
        made.collect::<Vec<_>>()
    });
    for (i, bytes) in again.into_iter().flatten() {
        assert!(bytes == first[i], "{}", paths[i].display());
    }
}

#[test]
fn text_that_means_something_to_typst_prints_as_itself() {
    let odd = r"#let x = 1 *粗* _斜_ $a$ @b <c> \d //e `f` [g] ~ -- --- ' = + - / 1. http://x.cn";
    let text = yaml(&[("overview", &format!("|\n  {odd}"))]);
    let shown: String = reader::pages(&pdf(&text))
        .iter()
        .map(reader::Page::text)
        .collect();
    let bare = |text: &str| text.replace(char::is_whitespace, "");
    assert!(bare(&shown).contains(&bare(odd)), "{shown}");
}

#[test]
fn a_table_of_notes_that_cannot_fit_is_a_finding() {
    let note = "{value: 1, note: 说明文字说明文字说明文字说明文字说明文字说明文字说明文字说明文字}";
    let row = format!("  received: [{}]", [note; 7].join(", "));
    let mut text = yaml(&[]).replace("  received: 0", &row);
    for key in [
        "granted",
        "state_secret",
        "repeat",
        "petition",
        "not_held",
        "fee_unpaid",
    ] {
        text = text.replace(&format!("  {key}: 0"), &row.replace("received", key));
    }
    let report = report(&text);
    let outcome = super::support::ENGINE
        .compile(&RenderJob::public(&report, &[]))
        .unwrap();
    assert!(outcome.value.is_none());
    assert_eq!(outcome.findings[0].rule.id, "table-too-tall");
    assert!(text[outcome.findings[0].span().start..].starts_with("requests"));
}

#[test]
fn notes_below_a_table_leave_it_whole() {
    let note = "注：".to_owned() + &"行政复议、行政诉讼数量含上年度结转数量。".repeat(8);
    let text = yaml(&[("notes", &format!("{{requests: {note}, disputes: {note}}}"))]);
    let bytes = pdf(&text);
    assert_eq!(tables(&bytes).len(), 3);
    let pages = reader::pages(&bytes);
    let page = pages
        .iter()
        .find(|p| p.text().contains("申请人情况"))
        .unwrap();
    assert!(
        page.text().contains("含上年度结转数量"),
        "the note is on the table's page"
    );
}

/// A paragraph in a heading or in a paragraph is read out as a second one.
#[test]
fn headings_and_paragraphs_hold_their_text_alone() {
    let other = "|\n  （一）收费\n  未收取信息处理费。";
    for other in ["|\n  未收取。", other, "|\n  （一）收费"] {
        let bytes = pdf(&yaml(&[("date", "2024-01-22"), ("other", other)]));
        let root = structure::read(&bytes).root;
        for kind in ["H1", "H2", "P"] {
            for node in root.find_all(kind) {
                assert!(
                    node.find_all("P").len() <= usize::from(kind == "P"),
                    "{node:?}"
                );
            }
        }
        let told: Vec<&str> = root.find_all("P").iter().map(|p| p.text.as_str()).collect();
        assert!(
            told.iter().any(|text| text.contains("某某市科技局")),
            "the signature is text"
        );
        assert!(
            root.text
                .replace(' ', "")
                .ends_with("某某市科技局2024年1月22日"),
            "{}",
            root.text
        );
    }
}

/// Headings are heads of something: the tree has no empty node that a reader would stumble on.
#[test]
fn no_structure_element_is_empty() {
    fn check(node: &Node) {
        let says = !node.text.trim().is_empty() || node.alt.is_some();
        assert!(
            says || node.kind == "TD" || !node.children.is_empty(),
            "{node:?}"
        );
        node.children.iter().for_each(check);
    }
    check(&structure::read(&pdf(&yaml(&[("date", "2024-01-22")]))).root);
}

/// What `Engine::files` gives is what the layout sees: nothing of the disk, figures under our names.
#[test]
fn the_files_of_a_layout_are_the_layouts_and_the_data() {
    let folder = root().join("samples/chinese-keys");
    let sample = report(&read(&folder.join("2022.yaml")));
    let (figures, _) = nianbao::report::load_figures(&sample, &folder);
    let files = ENGINE.files(&RenderJob::public(&sample, &figures)).unwrap();
    let data: Vec<&str> = files
        .keys()
        .map(String::as_str)
        .filter(|path| !path.starts_with("layouts/"))
        .collect();
    assert_eq!(
        data,
        ["figures/0.svg", "fonts.json", "report.json", "words.json"]
    );
    assert_eq!(files["figures/0.svg"], figures[0].bytes);
    let layout = "layouts/2021/layout.typ";
    assert_eq!(files[layout], fs::read(root().join(layout)).unwrap());
}
