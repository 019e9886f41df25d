//! Where the time of one report goes. `cargo bench --profile dist`; docs/performance.md has the
//! figures.

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::process::Command;

use criterion::{Criterion, criterion_group, criterion_main};
use nianbao::check::{Checker, Previous};
use nianbao::form::Editions;
use nianbao::report::{self, Report};
use nianbao::source::Source;
use nianbao::typeset::{Document, Engine, FontOptions, Fonts, RenderJob};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Six pages.
const SAMPLE: &str = "samples/zhangshu-science-bureau/2023.yaml";

fn bind(bytes: Vec<u8>, editions: &Editions) -> Report {
    let source = Source::from_bytes(Path::new(SAMPLE), bytes);
    report::bind(&source, editions)
        .value
        .expect("the sample has no error")
}

fn compile(engine: &Engine, report: &Report) -> Document {
    let outcome = engine
        .compile(&RenderJob::public(report, &[]))
        .expect("the layout is sound");
    outcome.value.expect("the sample has no error")
}

/// The same report of another agency, so that nothing can be taken from the report before.
fn renamed(bytes: &[u8], number: u64) -> Vec<u8> {
    let text = String::from_utf8_lossy(bytes);
    text.replace("樟树市科技局", &format!("樟树市第{number}科技局"))
        .into_bytes()
}

fn stages(criterion: &mut Criterion) {
    let bytes = fs::read(SAMPLE).expect("run from the project's folder");
    let editions = Editions::builtin().expect("sound declarations");
    let fonts = Fonts::load(&FontOptions::default()).expect("bundled fonts");
    let engine = Engine::new(&editions, fonts).expect("sound layouts");
    let text = String::from_utf8(bytes.clone()).expect("UTF-8");

    criterion.bench_function("read and bind", |b| {
        b.iter(|| bind(black_box(bytes.clone()), &editions));
    });
    let report = bind(bytes.clone(), &editions);
    let checker = Checker::new(&editions).expect("sound declarations");
    criterion.bench_function("read, bind and check", |b| {
        b.iter(|| {
            checker
                .run(&bind(black_box(bytes.clone()), &editions), None)
                .findings
        });
    });
    let source = Source::from_bytes(Path::new(SAMPLE), bytes.clone());
    let previous = Previous {
        source: &source,
        report: &report,
    };
    criterion.bench_function("read, bind and check against the year before", |b| {
        b.iter(|| checker.run(&bind(black_box(bytes.clone()), &editions), Some(previous)));
    });
    criterion.bench_function("missing characters", |b| {
        b.iter(|| engine.missing_characters(black_box(&report), &text));
    });
    criterion.bench_function("compile, warm, another report each time", |b| {
        let mut number = 0;
        b.iter_batched(
            || {
                number += 1;
                bind(renamed(&bytes, number), &editions)
            },
            |report| compile(&engine, &report),
            criterion::BatchSize::PerIteration,
        );
    });
    let document = compile(&engine, &report);
    criterion.bench_function("export, PDF/A-2a and PDF/UA-1", |b| {
        b.iter(|| document.to_pdf().expect("conforming"));
    });
    let mut number = 1_000_000;
    criterion.bench_function("report to PDF, warm, another report each time", |b| {
        b.iter_batched(
            || {
                number += 1;
                renamed(&bytes, number)
            },
            |bytes| {
                compile(&engine, &bind(bytes, &editions))
                    .to_pdf()
                    .expect("conforming")
            },
            criterion::BatchSize::PerIteration,
        );
    });
}

fn cold(criterion: &mut Criterion) {
    let editions = Editions::builtin().expect("sound declarations");
    let report = bind(fs::read(SAMPLE).expect("a sample"), &editions);
    criterion.bench_function("words and decrees of the checks, and a first report", |b| {
        b.iter(|| {
            Checker::new(&editions)
                .expect("sound declarations")
                .run(&report, None)
        });
    });
    criterion.bench_function("editions, fonts and engine", |b| {
        b.iter(|| {
            let editions = Editions::builtin().expect("sound declarations");
            let fonts = Fonts::load(&FontOptions::default()).expect("bundled fonts");
            Engine::new(&editions, fonts).expect("sound layouts")
        });
    });
    let output = std::env::temp_dir().join("nianbao-bench.pdf");
    let mut group = criterion.benchmark_group("process");
    group.sample_size(30);
    group.bench_function("nianbao compile, cold", |b| {
        b.iter(|| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_nianbao"));
            let done = command.args(["compile", SAMPLE]).arg(&output).output();
            assert!(done.expect("the program starts").status.success());
        });
    });
    group.finish();
}

criterion_group!(benches, stages, cold);
criterion_main!(benches);
