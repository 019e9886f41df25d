//! Files out of PDFs: what was put in comes out, and PDFs that are made to do harm do none.

use std::fmt::Write as _;
use std::fs;

use lopdf::{Dictionary, Document, Object, Stream};
use nianbao::pdf_reader::{Kept, PdfFault, PdfFile, read_back};

use super::command::{code, nianbao, said};
use super::support::{samples, yaml};

fn files(pdf: &[u8]) -> Result<Vec<Kept>, PdfFault> {
    PdfFile::open(pdf)?.files()
}

/// A PDF of these objects, the first of which is the catalogue.
fn pdf(objects: &[&str]) -> Vec<u8> {
    let mut text = "%PDF-1.7\n".to_owned();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f\r\n", objects.len() + 1);
    for (i, object) in objects.iter().enumerate() {
        write!(table, "{:010} 00000 n\r\n", text.len()).unwrap();
        write!(text, "{} 0 obj\n{object}\nendobj\n", i + 1).unwrap();
    }
    let (start, size) = (text.len(), objects.len() + 1);
    write!(
        text,
        "{table}trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n"
    )
    .unwrap();
    text.into_bytes()
}

/// A PDF with files of these names, each with the content `x`.
fn named(names: &[&str]) -> Vec<u8> {
    let hex = |name: &str| {
        let units = name.encode_utf16().map(|unit| format!("{unit:04X}"));
        units.collect::<String>()
    };
    let files = names
        .iter()
        .map(|name| format!("(k)<</Type/Filespec/UF<FEFF{}>/EF<</F 2 0 R>>>>", hex(name)));
    let files: String = files.collect();
    pdf(&[
        &format!("<</Names<</EmbeddedFiles<</Names[{files}]>>>>>>"),
        "<</Subtype/text#2Fplain/Length 1>>\nstream\nx\nendstream",
    ])
}

#[test]
fn what_was_put_in_comes_out() {
    for path in samples() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let sample = path.to_str().unwrap();
        let make = |report: &str, output: &str| {
            let made = nianbao(folder, &["compile", report, output, "--copy", "archive"]);
            assert_eq!(code(&made), 0, "{}", said(&made));
            fs::read(folder.join(output)).unwrap()
        };
        let first = make(sample, "first.pdf");
        let extract = || nianbao(folder, &["extract", "first.pdf", "out/below"]);
        assert_eq!(code(&extract()), 0);
        let name = path.file_name().unwrap();
        let report = folder.join("out/below").join(name);
        assert_eq!(fs::read(&report).unwrap(), fs::read(&path).unwrap());
        assert!(make(report.to_str().unwrap(), "second.pdf") == first);
        // What is there is left alone, if it is the same; else nothing is written.
        assert_eq!(code(&extract()), 0);
        fs::write(&report, "mine").unwrap();
        let output = extract();
        assert_eq!(code(&output), 2, "{}", said(&output));
        assert_eq!(fs::read(&report).unwrap(), b"mine");
    }
}

#[test]
fn a_pdf_without_files_is_told_of() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("none.pdf"), pdf(&["<<>>"])).unwrap();
    fs::write(folder.join("text.pdf"), "year: 2023\n").unwrap();
    for (arguments, expected) in [
        (&["none.pdf"][..], 1),
        (&["text.pdf"], 1),
        (&["."], 3),
        (&["absent.pdf"], 3),
        (&[], 2),
    ] {
        let output = nianbao(folder, &[&["extract"], arguments].concat());
        assert_eq!(code(&output), expected, "{arguments:?}: {}", said(&output));
    }
    assert_eq!(
        fs::read_dir(folder).unwrap().count(),
        2,
        "nothing was written"
    );
    assert_eq!(files(&pdf(&["<<>>"])), Err(PdfFault::NoFiles));
}

#[test]
fn no_name_leads_out_of_the_folder() {
    let read = files(&named(&["a.yaml", "图/b.svg"])).unwrap();
    let names: Vec<_> = read.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["a.yaml", "图/b.svg"]);
    assert_eq!(
        (&read[0].media_type[..], &read[0].bytes[..]),
        ("text/plain", &b"x"[..])
    );
    let long = "长".repeat(100);
    for name in [
        "", "..", ".", "../a", "a/../b", "a/./b", "/a", "a//b", "a/", "\\a", "c:a", "a\0", "a\n",
        &long,
    ] {
        let read = files(&named(&["good", name]));
        assert!(matches!(read, Err(PdfFault::Name(_))), "{name:?}: {read:?}");
    }
    assert!(matches!(files(&named(&["a", "a"])), Err(PdfFault::Name(_))));
    assert_eq!(files(&named(&["a"; 101])), Err(PdfFault::TooMuch));
}

#[test]
fn what_could_not_be_taken_out_is_not_put_in() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let svg = r#"<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>"#;
    let made = |report: &str, figures: &[&str]| {
        for figure in figures {
            fs::create_dir_all(folder.join(figure).parent().unwrap()).unwrap();
            fs::write(folder.join(figure), svg).unwrap();
        }
        let lines = figures
            .iter()
            .map(|figure| format!("\n  ![图]({figure})\n"));
        let text = format!("|\n  正文。\n{}", lines.collect::<String>());
        fs::write(folder.join(report), yaml(&[("overview", &text)])).unwrap();
        let make = |copy: &str| nianbao(folder, &["compile", report, "a.pdf", "--copy", copy]);
        assert_eq!(code(&make("public")), 0, "{}", said(&make("public")));
        make("archive")
    };
    for (report, figures, wanted) in [
        ("a:b.yaml", &[][..], "有文件名不能用的字符"),
        ("a\\b.yaml", &[], "有文件名不能用的字符"),
        ("CON.yaml", &[], "系统保留"),
        ("a.yaml", &["图:1.svg"], "有文件名不能用的字符"),
        ("a.yaml", &["A.yaml"], "与“a.yaml”同名"),
        ("a.yaml", &["b.svg/c.svg", "B.SVG"], "与“b.svg/c.svg”同名"),
    ] {
        let output = made(report, figures);
        assert_eq!(code(&output), 1, "{}", said(&output));
        let told = said(&output);
        assert!(
            told.contains("unkeepable-name") && told.contains(wanted),
            "{told}"
        );
    }
    let output = made("好.yaml", &["图/一.svg", "./图/二.svg"]);
    assert_eq!(code(&output), 0, "{}", said(&output));
}

#[test]
fn pdfs_that_would_do_harm_do_none() {
    let deep = |open: &str, close: &str| {
        let nested = format!("{}{}", open.repeat(200_000), close.repeat(200_000));
        pdf(&[&format!("<</Names {nested}>>")])
    };
    let many = format!(
        "<</Names<</EmbeddedFiles<</Kids[{}]>>>>>>",
        "1 0 R ".repeat(100_000)
    );
    for harm in [
        deep("[", "]"),
        deep("<</A", ">>"),
        deep("(", ")"),
        pdf(&[
            "<</Names<</EmbeddedFiles 2 0 R>>>>",
            "<</Kids[2 0 R 3 0 R]>>",
            "<</Kids[2 0 R]>>",
        ]),
        pdf(&["<</Names 2 0 R>>", "2 0 R"]),
        pdf(&[&many]),
        pdf(&["<</Names<</EmbeddedFiles<</Names[(a)(b)(c)]>>>>>>"]),
        b"%PDF-1.7\nstartxref\n99999999999999999999\n%%EOF\n".to_vec(),
        b"%PDF-1.7\nxref\n0 4294967295\ntrailer\n<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n".to_vec(),
        Vec::new(),
        vec![b'['; 1 << 20],
    ] {
        assert!(files(&harm).is_err());
    }
    assert_eq!(files(&vec![0; (64 << 20) + 1]), Err(PdfFault::TooLarge));
}

/// A stream of a few kilobytes that inflates to gigabytes, and one object for every two bytes.
#[test]
fn what_is_small_and_grows_is_refused() {
    let nothing = Stream::new(Dictionary::new(), vec![0; 300 << 20]);
    let mut bomb = nothing;
    bomb.compress().unwrap();
    assert!(bomb.content.len() < 1 << 20);
    let mut document = Document::load_mem(&named(&["a.yaml"])).unwrap();
    bomb.dict
        .set("Subtype", Object::Name(b"text/plain".to_vec()));
    document.objects.insert((2, 0), Object::Stream(bomb));
    let mut pdf = Vec::new();
    document.save_to(&mut pdf).unwrap();
    assert_eq!(files(&pdf), Err(PdfFault::TooMuch));
    let ones = "1 ".repeat(8 << 20);
    let pdf = self::pdf(&[&format!("<</Names[{ones}]>>")]);
    assert_eq!(files(&pdf), Err(PdfFault::TooMuch));
}

/// Tags and pages that lead back to themselves, or nest without end.
#[test]
fn tables_of_hostile_pdfs_are_read_or_refused() {
    let nested = "[".repeat(200) + &"]".repeat(200);
    let marks = "/S BMC ".repeat(100_000);
    let saves = "q ".repeat(100_000);
    let stream = |content: &str| {
        format!(
            "<</Length {}>>\nstream\n{content}\nendstream",
            content.len()
        )
    };
    let page = "<</Type/Page/Parent 3 0 R/Contents 5 0 R>>";
    let pages = "<</Type/Pages/Kids[4 0 R]/Count 1>>";
    for (root, tree, pages, page, content) in [
        (
            "<</Pages 3 0 R/StructTreeRoot 2 0 R>>",
            "<</K 2 0 R>>",
            pages,
            page,
            stream("BT (a) Tj ET"),
        ),
        (
            "<</Pages 3 0 R/StructTreeRoot 2 0 R>>",
            "<</S/TD/K[2 0 R 2 0 R]>>",
            pages,
            page,
            stream(&marks),
        ),
        (
            "<</Pages 3 0 R/StructTreeRoot 2 0 R>>",
            "<</S/TR/K 7>>",
            pages,
            page,
            stream(&saves),
        ),
        (
            "<</Pages 3 0 R/StructTreeRoot 2 0 R>>",
            &format!("<</K {nested}>>"),
            pages,
            page,
            stream("Q Q EMC"),
        ),
        (
            "<</Pages 3 0 R>>",
            "<<>>",
            "<</Type/Pages/Kids[3 0 R]/Count 9>>",
            page,
            stream(""),
        ),
        (
            "<</Pages 3 0 R>>",
            "<<>>",
            "<</Type/Pages/Kids[4 0 R 4 0 R]/Count -9>>",
            page,
            stream("[ [ ["),
        ),
        (
            "<</Pages 3 0 R>>",
            "<<>>",
            pages,
            page,
            stream("/a 1 Tf <0001> Tj 1e999 0 0 0 0 0 cm"),
        ),
    ] {
        let pdf = pdf(&[root, tree, pages, page, &content]);
        let report = super::support::report(&super::support::yaml(&[]));
        let read = PdfFile::open(&pdf).and_then(|record| read_back(&record, &report));
        assert!(read.is_err() || read.is_ok_and(|read| read.equal == 0 && read.total == 200));
    }
}

/// Little that asks for much: one text in 300,000 places, a page of 200,000 streams, 300,000 fonts.
#[test]
fn no_page_takes_long_or_much() {
    let stream = |content: &str| {
        format!(
            "<</Length {}>>\nstream\n{content}\nendstream",
            content.len()
        )
    };
    let (root, pages) = (
        "<</Pages 3 0 R/StructTreeRoot 2 0 R>>",
        "<</Type/Pages/Kids[4 0 R]/Count 1>>",
    );
    let kids = format!("<</S/TD/Pg 4 0 R/K[{}]>>", "0 ".repeat(300_000));
    let tree = format!("<</K<</S/Table/K<</S/TR/K {kids}>>>>>>");
    let text = stream(&format!(
        "/P<</MCID 0>>BDC BT ({}) Tj ET EMC",
        "a".repeat(500_000)
    ));
    let plain = "<</Type/Page/Parent 3 0 R/Contents 5 0 R>>";
    let contents = format!(
        "<</Type/Page/Parent 3 0 R/Contents[{}]>>",
        "5 0 R ".repeat(200_000)
    );
    let fonts: String = (0..100_000)
        .map(|n| format!("/F{n}<</Type/Font>>"))
        .collect();
    let fonts = format!("<</Type/Page/Parent 3 0 R/Contents 5 0 R/Resources<</Font<<{fonts}>>>>>>");
    let tables = format!("<</K[{}]>>", "<</S/Table>>".repeat(1_000));
    let large = stream(&"n ".repeat(1 << 20));
    let report = super::support::report(&super::support::yaml(&[]));
    for (tree, page, content, too_much) in [
        (&tree[..], plain, &text, false),
        ("<<>>", &contents, &stream(""), true),
        ("<<>>", &fonts, &stream(""), true),
        (&tables, plain, &stream(""), true),
        ("<<>>", plain, &large, true),
    ] {
        let pdf = pdf(&[root, tree, pages, page, content]);
        let read = PdfFile::open(&pdf).and_then(|record| read_back(&record, &report));
        match read {
            Err(fault) => assert!(too_much && fault == PdfFault::TooMuch, "{fault}"),
            Ok(read) => assert!(!too_much && read.equal == 0, "{read:?}"),
        }
    }
}

#[test]
fn what_is_encrypted_is_told_of() {
    let id = "<0123456789abcdef0123456789abcdef>";
    let encrypted = String::from_utf8(named(&["a.yaml"])).unwrap().replace(
        "/Root 1 0 R",
        &format!("/Root 1 0 R/ID[{id}{id}]/Encrypt<</Filter/Standard/V 1/R 2/O<>/U<>/P -4>>"),
    );
    assert_eq!(files(encrypted.as_bytes()), Err(PdfFault::Encrypted));
}

/// Any byte may be another, and the file may end anywhere.
#[test]
fn altered_pdfs_are_read_or_refused() {
    let folder = tempfile::tempdir().unwrap();
    let sample = samples()[0].to_str().unwrap().to_owned();
    let made = nianbao(
        folder.path(),
        &["compile", &sample, "a.pdf", "--copy", "archive"],
    );
    assert_eq!(code(&made), 0);
    let whole = fs::read(folder.path().join("a.pdf")).unwrap();
    let report = super::support::report(&super::support::yaml(&[]));
    // Fonts and pages are most of the file and are not looked at: alter what is after them.
    let tail = whole.len() * 2 / 3;
    for i in 0..200 {
        let mut altered = whole.clone();
        let at = tail + i * (whole.len() - tail) / 200;
        altered[at] = altered[at].wrapping_add(1 + u8::try_from(i).unwrap());
        let _ = files(&altered);
        let _ = PdfFile::open(&altered).and_then(|record| read_back(&record, &report));
        let _ = files(&whole[..at]);
    }
}
