//! Reading, binding and checking any bytes, and printing what was found: no input may panic.

#![no_main]

use std::hint::black_box;
use std::path::Path;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use nianbao::authoring;
use nianbao::check::{Checker, Compared, Policy, Previous};
use nianbao::diagnostic::{self, Paint, github, sarif};
use nianbao::form::Editions;
use nianbao::report;
use nianbao::source::Source;

static EDITIONS: LazyLock<Editions> = LazyLock::new(|| Editions::builtin().unwrap());
static CHECKER: LazyLock<Checker> = LazyLock::new(|| Checker::new(&EDITIONS).unwrap());

fuzz_target!(|bytes: &[u8]| {
    let source = Source::from_bytes(Path::new("report.yaml"), bytes.to_vec());
    let outcome = report::bind(&source, &EDITIONS);
    let mut findings = outcome.findings;
    if let Some(report) = &outcome.value {
        // Against itself, which any report can be compared with.
        let previous = Previous {
            source: &source,
            report,
        };
        findings.extend(CHECKER.run(report, Some(previous)).findings);
        let compared = Compared {
            previous: true,
            ..Compared::default()
        };
        findings = Policy::default().apply(findings, &report.waivers, compared);
    }
    for finding in &findings {
        for label in &finding.labels {
            let (start, end) = (label.span.start, label.span.end);
            assert!(source.text().get(start..end).is_some(), "{finding:?}");
        }
    }
    black_box(diagnostic::render(&findings, &source, Paint::Colour));
    black_box(authoring::items(&findings, &source, &EDITIONS));
    black_box(authoring::tidy(&source, &EDITIONS));
    black_box(github::commands(&findings, &source));
    black_box(sarif::results(&findings, &source));
    black_box(report::bind_hierarchy(&source));
});
