//! Reading any bytes as the PDF of an archive: its files, what it was made from, the tables on its
//! pages. No input may panic.

#![no_main]

use std::hint::black_box;
use std::path::Path;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use nianbao::form::Editions;
use nianbao::pdf_reader::{PdfFile, read_back};
use nianbao::report::{self, Report};
use nianbao::source::Source;

static REPORT: LazyLock<Report> = LazyLock::new(|| {
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/../samples/zhangshu-science-bureau/2023.yaml");
    let source = Source::read(Path::new(sample)).unwrap();
    report::bind(&source, &Editions::builtin().unwrap()).value.unwrap()
});

fuzz_target!(|bytes: &[u8]| {
    let Ok(record) = PdfFile::open(bytes) else {
        return;
    };
    black_box(record.files().ok());
    black_box(record.origin());
    if let Ok(result) = read_back(&record, &REPORT) {
        assert_eq!(result.total, 200);
        assert!(result.equal <= result.total);
    }
});
