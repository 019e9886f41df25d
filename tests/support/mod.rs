//! What the tests share: one engine, reports made from text, and the way back from a PDF.

pub mod archives;
pub mod cases;
pub mod crash;
pub mod drawn;
pub mod form;
pub mod http;
pub mod noting_disk;
pub mod office;
pub mod pictures;
pub mod reader;
pub mod served;
pub mod sheet;
pub mod structure;
pub mod word97;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use nianbao::diagnostic::{self, Diagnostic, Paint};
use nianbao::form::Editions;
use nianbao::pipeline::Pipeline;
use nianbao::report::{self, Report};
use nianbao::source::Source;
use nianbao::typeset::{Document, Engine, FontOptions, Fonts, RenderJob};

pub static EDITIONS: LazyLock<Editions> = LazyLock::new(|| Editions::builtin().unwrap());
pub static PIPELINE: LazyLock<Pipeline> = LazyLock::new(|| {
    let fonts = Fonts::load(&FontOptions::default()).unwrap();
    Pipeline::new(&EDITIONS, fonts).unwrap()
});
pub static ENGINE: LazyLock<&Engine> = LazyLock::new(|| PIPELINE.engine());

/// The samples, in the order of their paths.
pub fn samples() -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = walkdir::WalkDir::new(root().join("samples"))
        .into_iter()
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.extension().is_some_and(|e| e == "yaml"))
        .collect();
    found.sort();
    assert!(found.len() >= 3, "{found:?}");
    found
}

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A report with every figure 0 and `fields` put in place of, or beside, those at the top.
pub fn yaml(fields: &[(&str, &str)]) -> String {
    let rows = EDITIONS.named("2021").unwrap().tables["requests"].lines();
    let requests: String = rows
        .iter()
        .map(|row| format!("  {}: 0\n", row.name.key))
        .collect();
    let mut parts = vec![
        ("agency", "某某市科技局".to_owned()),
        ("year", "2023".to_owned()),
        ("overview", "|\n  2023年工作正常。".to_owned()),
        (
            "proactive",
            "\n  government_rules: 0\n  normative_documents: 0\n  licences: 0\n  penalties: 0\n  \
             compulsion: 0\n  institutional_fees: 0"
                .to_owned(),
        ),
        ("requests", format!("\n{requests}")),
        (
            "disputes",
            "\n  reconsideration: 0\n  direct_litigation: 0\n  litigation_after_reconsideration: 0"
                .to_owned(),
        ),
        ("problems", "|\n  仍有不足。".to_owned()),
        ("other", "|\n  未收取信息处理费。".to_owned()),
    ];
    for (key, value) in fields {
        parts.retain(|(known, _)| known != key);
        parts.push((key, (*value).to_owned()));
    }
    parts
        .iter()
        .map(|(key, value)| format!("{key}: {value}\n"))
        .collect()
}

/// A report with a date whose text ends with the figure 图题 below so many lines; the figure is put into
/// a folder.
pub fn ending_with_a_figure(lines: usize, folder: &Path) -> String {
    let svg = "<svg xmlns='http://www.w3.org/2000/svg' width='400' height='400'><rect width='400' height='400'/></svg>";
    fs::write(folder.join("图.svg"), svg).unwrap();
    let problems = "  一段。\n".repeat(lines);
    yaml(&[
        ("date", "2024-01-22"),
        ("problems", &format!("|\n{problems}")),
        ("other", "|\n  ![图题](图.svg)"),
    ])
}

/// The source and the findings of binding `text` as the file `report.yaml`.
pub fn bind(text: &str) -> (Source, Option<Report>, Vec<Diagnostic>) {
    let source = Source::from_bytes(Path::new("report.yaml"), text.as_bytes().to_vec());
    let outcome = report::bind(&source, &EDITIONS);
    (source, outcome.value, outcome.findings)
}

/// The report of a text that has no error.
pub fn report(text: &str) -> Report {
    let (source, report, findings) = bind(text);
    report.unwrap_or_else(|| panic!("{}", diagnostic::render(&findings, &source, Paint::Plain)))
}

/// The pages of a text that has no error; figures stand in `folder`.
pub fn compile_in(text: &str, folder: &Path) -> Document {
    let report = report(text);
    let missing = ENGINE.missing_characters(&report, text);
    assert!(missing.is_empty(), "{missing:?}");
    let (figures, findings) = report::load_figures(&report, folder);
    assert!(findings.is_empty(), "{findings:?}");
    let outcome = ENGINE
        .compile(&RenderJob::public(&report, &figures))
        .unwrap();
    let findings = outcome.findings;
    outcome.value.unwrap_or_else(|| panic!("{findings:?}"))
}

pub fn compile(text: &str) -> Document {
    compile_in(text, Path::new(""))
}

/// The PDF of a text that has no error.
pub fn pdf(text: &str) -> Vec<u8> {
    compile(text).to_pdf().unwrap()
}

/// The PDF of a report file without an error.
pub fn pdf_of(path: &Path) -> Vec<u8> {
    let document = compile_in(&read(path), path.parent().unwrap());
    document.to_pdf().unwrap()
}

pub fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// Every table that a PDF shows, with the page that it stands on.
pub fn tables(pdf: &[u8]) -> Vec<(usize, reader::Table)> {
    let pages = reader::pages(pdf).into_iter().enumerate();
    pages
        .flat_map(|(i, page)| page.tables().into_iter().map(move |t| (i, t)))
        .collect()
}

/// Holds a checked-in file to what it is generated from; `NIANBAO_UPDATE=1` writes it anew.
pub fn updated(path: &Path, content: &[u8]) {
    if std::env::var_os("NIANBAO_UPDATE").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        return;
    }
    let kept = fs::read(path).unwrap_or_default();
    let same = kept == content;
    let new = String::from_utf8_lossy(content);
    assert!(
        same,
        "{} is out of date; NIANBAO_UPDATE=1 refreshes it:\n{new}",
        path.display()
    );
}

/// Numbers below the one that is asked for, the same in each run: where a file is damaged.
pub fn numbers() -> impl FnMut(usize) -> usize {
    let mut state = 2023_u64;
    move |below| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % u64::try_from(below).unwrap()).unwrap()
    }
}
