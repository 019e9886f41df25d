//! Any bytes as a figure: within its bounds or refused, with a finding on its path, in little time and memory.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use nianbao::form::Editions;
use nianbao::report::{self, Report};
use nianbao::source::Source;

static REPORT: LazyLock<Report> = LazyLock::new(|| {
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/../samples/chinese-keys/2022.yaml");
    let source = Source::read(sample.as_ref()).unwrap();
    report::bind(&source, &Editions::builtin().unwrap()).value.unwrap()
});

fuzz_target!(|bytes: &[u8]| {
    let (figures, findings) = report::load_kept_figures(&REPORT, |_| Some(bytes));
    assert!(figures.is_empty() != findings.is_empty(), "{findings:?}");
});
