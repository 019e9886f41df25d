//! The bounds of what is read of a PDF: each file here would cost much, or more and more, without one.

use lopdf::{Dictionary, Stream};
use nianbao::import::{Refusal, read};

use super::support::sheet::{Sheet, file, pages, stream};

fn assert_refused(what: &str, bytes: &[u8]) {
    match read(bytes) {
        Err(Refusal(sentence)) => assert!(sentence.contains("太多"), "{what}: {sentence}"),
        Ok(_) => panic!("{what} was read"),
    }
}

/// A stream that is packed, so that a small file holds much.
fn packed(entries: &str, content: &[u8]) -> Vec<u8> {
    let mut packed = Stream::new(Dictionary::new(), content.to_vec());
    packed.compress().unwrap();
    let filter = if packed.dict.has(b"Filter") {
        "/Filter/FlateDecode"
    } else {
        ""
    };
    stream(&format!("{entries}{filter}"), &packed.content)
}

const FONT: &str = "<</Type/Font/Subtype/Type1/BaseFont/Courier/Encoding/WinAnsiEncoding>>";

/// A PDF of one page with packed content, its resources, and further objects from number 5.
fn page(content: &str, resources: &str, more: &[Vec<u8>]) -> Vec<u8> {
    let mut objects = vec![
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Count 1/Kids[3 0 R]/MediaBox[0 0 595 842]>>".to_vec(),
        format!("<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<<{resources}>>>>").into_bytes(),
        packed("", content.as_bytes()),
    ];
    objects.extend(more.iter().cloned());
    file(&objects)
}

fn text_page(content: &str) -> Vec<u8> {
    page(content, &format!("/Font<</F {FONT}>>"), &[])
}

#[test]
fn a_pdf_within_the_bounds_is_read() {
    let content = "BT /F 12 Tf 72 700 Td (12) Tj ET";
    assert_eq!(read(&text_page(content)).unwrap().blocks.len(), 1);
    let contents = vec!["BT /F 12 Tf 72 700 Td <4E00> Tj ET"; 200];
    assert!(read(&pages(&contents, "", &[])).is_ok());
}

#[test]
fn pages_and_their_content_are_bounded() {
    let contents = vec!["BT /F 12 Tf 72 700 Td <4E00> Tj ET"; 201];
    assert_refused("pages", &pages(&contents, "", &[]));
    let content = format!("%{}\nBT /F 12 Tf (1) Tj ET", "a".repeat(8 << 20));
    assert_refused("content", &text_page(&content));
    let form = format!("%{}\n", "a".repeat(8 << 20));
    let form = packed("/Subtype/Form/BBox[0 0 9 9]", form.as_bytes());
    assert_refused("a form", &page("/X Do", "/XObject<</X 5 0 R>>", &[form]));
}

#[test]
fn what_pages_draw_is_bounded() {
    assert_refused("operators", &text_page(&"n\n".repeat(3_000_001)));
    assert_refused("states", &text_page(&"q\n".repeat(1_001)));
    assert_refused("marks", &text_page(&"/P BMC\n".repeat(1_001)));
    let shown = format!("BT /F 1 Tf ({}) Tj ET\n", "1".repeat(100_000));
    assert_refused("glyphs", &text_page(&shown.repeat(6)));
    assert_refused("rules", &text_page(&"0 0 m 9 0 l S\n".repeat(200_001)));
    assert_refused("shapes", &text_page(&"0 0 9 9 re f\n".repeat(200_001)));
    let pictures = "BI /W 1 /H 1 /BPC 8 /CS /G ID X EI\n".repeat(200_001);
    assert_refused("pictures", &text_page(&pictures));
    assert_refused(
        "points",
        &text_page(&format!("0 0 m {}n", "9 9 l\n".repeat(100_001))),
    );
    assert_refused("fonts", &text_page(&"/F 1 Tf\n".repeat(501)));
}

#[test]
fn forms_within_forms_are_bounded() {
    let form = stream(
        "/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 5 0 R>>>>",
        b"/X Do",
    );
    assert_refused("itself", &page("/X Do", "/XObject<</X 5 0 R>>", &[form]));
    // Each draws the next twice: few objects, and more and more work.
    let forms: Vec<Vec<u8>> = (0..12)
        .map(|at| {
            let entries = format!(
                "/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X {} 0 R>>>>",
                6 + at
            );
            stream(&entries, "/X Do\n".repeat(9).as_bytes())
        })
        .collect();
    assert_refused("doubling", &page("/X Do", "/XObject<</X 5 0 R>>", &forms));
}

#[test]
fn fonts_are_bounded() {
    let map = packed("", &vec![b'a'; (16 << 20) + 1]);
    let font = FONT.replace(">>", "/ToUnicode 5 0 R>>");
    let content = "BT /F 12 Tf (1) Tj ET";
    assert_refused(
        "a map",
        &page(content, &format!("/Font<</F {font}>>"), &[map]),
    );
}

#[test]
fn object_streams_are_bounded() {
    let held = |content: &[u8]| packed("/Type/ObjStm/N 0/First 0", content);
    let with = |streams: Vec<Vec<u8>>| {
        page(
            "BT /F 12 Tf 72 700 Td (1) Tj ET",
            &format!("/Font<</F {FONT}>>"),
            &streams,
        )
    };
    assert_eq!(
        read(&with(vec![held(b"1 0 2"); 200])).unwrap().blocks.len(),
        1
    );
    assert_refused("many", &with(vec![held(b"1 0 2"); 201]));
    assert_refused("large", &with(vec![held(&vec![b'a'; 9 << 20]); 2]));
    assert_refused("dense", &with(vec![held(&b"1 ".repeat(1 << 20)); 2]));
}

/// A page that is large enough for many rules.
fn large(sheet: &Sheet) -> Vec<u8> {
    pages(&[&sheet.pages[0]], "/MediaBox[0 -1000 2000 1000]", &[])
}

#[test]
fn tables_are_bounded() {
    let mut sheet = Sheet::new();
    for at in 0..1_501 {
        let at = f64::from(at);
        sheet.line(10.0, 10.0 + at, 1_600.0, 10.0 + at);
        sheet.line(10.0 + at, 10.0, 10.0 + at, 1_600.0);
    }
    assert_refused("rules", &large(&sheet));
    let mut sheet = Sheet::new();
    for at in 0..251 {
        let at = f64::from(at) * 4.0;
        sheet.line(0.0, at, 1_000.0, at);
        sheet.line(at, 0.0, at, 1_000.0);
    }
    assert_refused("fields", &large(&sheet));
}
