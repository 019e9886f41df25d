//! Reading any bytes as a published report: its kind, its blocks, what they are, the report file. No input may panic,
//! and what is written is YAML.
//!
//! Bytes are read as they are, and as parts of the packages that compression would hide from the fuzzer.

#![no_main]

use std::path::Path;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use nianbao::form::{Editions, Language};
use nianbao::import::{Answer, Wanted, read, recognise};
use nianbao::source::Source;

static EDITIONS: LazyLock<Editions> = LazyLock::new(|| Editions::builtin().unwrap());

/// A package of one part that is not compressed, and of those that lead to it.
fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut file, mut index) = (Vec::new(), Vec::new());
    let number = |n: usize| u32::try_from(n).unwrap_or_default().to_le_bytes();
    for (name, content) in parts {
        let at = number(file.len());
        let size = number(content.len());
        let length = u16::try_from(name.len()).unwrap_or_default().to_le_bytes();
        let crc = crc(content).to_le_bytes();
        let common = [&[0; 4][..], &[0; 4], &crc, &size, &size, &length, &[0; 2]].concat();
        file.extend([b"PK\x03\x04\x14\0", &common[..], name.as_bytes(), content].concat());
        index.extend(
            [
                b"PK\x01\x02\x14\0\x14\0",
                &common[..],
                &[0; 10],
                &at,
                name.as_bytes(),
            ]
            .concat(),
        );
    }
    let count = u16::try_from(parts.len()).unwrap_or_default().to_le_bytes();
    let end = [
        b"PK\x05\x06\0\0\0\0",
        &count[..],
        &count,
        &number(index.len()),
        &number(file.len()),
        &[0; 2],
    ];
    [file, index, end.concat()].concat()
}

fn crc(content: &[u8]) -> u32 {
    let step = |crc: u32| {
        if crc & 1 == 1 {
            0xEDB8_8320 ^ (crc >> 1)
        } else {
            crc >> 1
        }
    };
    !content.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| step(crc))
    })
}

fn attempt(bytes: &[u8]) {
    let Ok(document) = read(bytes) else { return };
    let Ok(found) = recognise(&document, &EDITIONS, &Wanted::default()) else {
        return;
    };
    let answer = Answer::new(&found, Language::English);
    let source = Source::from_bytes(Path::new("a.yaml"), answer.report.into_bytes());
    assert!(source.root().is_ok());
}

fuzz_target!(|bytes: &[u8]| {
    attempt(bytes);
    let relationship = |kind: &str| {
        format!(
            "<Relationships><Relationship Id=\"a\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}\" Target=\"/x.xml\"/></Relationships>"
        )
    };
    let document = relationship("officeDocument");
    attempt(&package(&[
        ("_rels/.rels", document.as_bytes()),
        ("x.xml", bytes),
    ]));
    let kind = b"application/vnd.oasis.opendocument.text";
    attempt(&package(&[("mimetype", kind), ("content.xml", bytes)]));
    let book = "<workbook><sheets><sheet name=\"a\" id=\"a\"/></sheets></workbook>";
    attempt(&package(&[
        ("xl/workbook.xml", book.as_bytes()),
        (
            "xl/_rels/workbook.xml.rels",
            relationship("worksheet").as_bytes(),
        ),
        ("x.xml", bytes),
    ]));
});
