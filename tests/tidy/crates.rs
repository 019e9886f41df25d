//! Which crate is used where, and that `Cargo.toml` has no more and no less.

use std::collections::BTreeSet;

use regex::Regex;

use super::super::support::{read, root};
use super::{code, sources};

/// The rooms and files that each crate is used in; `src/` is all of them. No other list says so.
const CRATES: [(&str, &[&str]); 69] = [
    ("axum", &["src/serve/"]),
    ("base64", &["src/html/", "src/import/", "src/serve/", "src/worker/"]),
    ("cfb", &["src/import/reader/doc/"]),
    ("clap", &["src/cli/", "src/main.rs"]),
    ("codespan-reporting", &["src/diagnostic/"]),
    ("comfy-table", &["src/diagnostic/table.rs"]),
    ("csv", &["src/archive/index.rs"]),
    ("data-url", &["src/report/figure/inline.rs"]),
    ("encoding_rs", &["src/import/"]),
    ("fontdb", &["src/typeset/fonts.rs"]),
    ("futures-util", &["src/cloud/"]),
    ("globset", &["src/archive/sources.rs"]),
    ("hayro-cmap", &["src/pdf_reader/"]),
    ("html5ever", &["src/import/"]),
    ("http-body-util", &["src/serve/body.rs"]),
    ("hyper", &["src/serve/listen.rs", "src/cloud/"]),
    ("hyper-util", &["src/serve/listen.rs"]),
    ("icu_segmenter", &["src/typeset/words.rs"]),
    ("imagesize", &["src/report/figure/raster.rs"]),
    ("include_dir", &["src/layouts.rs", "src/serve/assets.rs"]),
    ("indicatif", &["src/cli/progress.rs"]),
    ("lopdf", &["src/pdf_reader/"]),
    ("maud", &["src/archive/index.rs", "src/html/"]),
    (
        "memchr",
        &[
            "src/report/figure/",
            "src/pdf_reader/",
            "src/source/",
            "src/typeset/export/",
            "src/worker/lines.rs",
        ],
    ),
    ("mimalloc", &["src/main.rs"]),
    ("num-integer", &["src/form/grid.rs"]),
    ("object_store", &["src/cloud/"]),
    ("open", &["src/cli/compile.rs"]),
    (
        "percent-encoding",
        &[
            "src/archive/",
            "src/serve/answers.rs",
            "src/serve/query.rs",
            "src/storage/",
            "src/diagnostic/sarif.rs",
        ],
    ),
    ("png", &["src/report/figure/png.rs"]),
    ("prometheus-client", &["src/serve/metrics.rs"]),
    ("qrcode", &["src/typeset/approval_sheet.rs"]),
    ("quick-xml", &["src/import/"]),
    ("rayon", &["src/parallel.rs"]),
    ("regex", &["src/check/"]),
    ("resvg", &["src/typeset/seals.rs"]),
    (
        "roxmltree",
        &["src/report/figure/", "src/typeset/figures.rs"],
    ),
    ("rustix", &["src/serve/listen.rs", "src/worker/limit.rs"]),
    ("saphyr-parser", &["src/source/yaml.rs"]),
    ("serde", &["src/"]),
    ("serde-sarif", &["src/diagnostic/sarif.rs"]),
    ("serde_json", &["src/"]),
    ("serde_json_canonicalizer", &["src/report/canonical.rs"]),
    ("serde_yaml", &["src/form/"]),
    ("sha2", &["src/digest.rs"]),
    ("signal-hook", &["src/cli/archive.rs"]),
    ("simplecss", &["src/report/figure/styles.rs"]),
    (
        "strsim",
        &[
            "src/check/",
            "src/import/vocabulary.rs",
            "src/report/bind/keys.rs",
        ],
    ),
    ("subtle", &["src/serve/token.rs"]),
    ("tempfile", &["src/storage/"]),
    ("thiserror", &["src/error.rs", "src/pdf_reader/file.rs"]),
    ("time", &["src/report/date.rs"]),
    (
        "tokio",
        &[
            "src/serve/",
            "src/cloud/",
            "src/worker/apart.rs",
            "src/worker/process.rs",
            "src/worker/supervised.rs",
        ],
    ),
    ("tokio-io-timeout", &["src/serve/listen.rs"]),
    ("tower-http", &["src/serve/"]),
    ("tracing", &["src/serve/"]),
    ("tracing-subscriber", &["src/cli/serve.rs"]),
    ("ttf-parser", &["src/typeset/fonts/outlines.rs"]),
    ("typst", &["src/typeset/"]),
    ("typst-kit", &["src/typeset/fonts.rs"]),
    ("typst-layout", &["src/typeset/"]),
    ("typst-pdf", &["src/typeset/"]),
    ("typst-render", &["src/typeset/export.rs"]),
    ("typst-svg", &["src/typeset/export.rs"]),
    ("utoipa", &["src/serve/"]),
    ("utoipa-axum", &["src/serve/openapi.rs"]),
    ("utoipa-swagger-ui", &["src/serve/openapi.rs"]),
    (
        "walkdir",
        &[
            "src/cli/import_folder.rs",
            "src/pipeline/collection.rs",
            "src/storage/",
        ],
    ),
    ("zip", &["src/import/"]),
];
/// Crates that set features and that no code uses; `engine` tests that each is needed.
pub const FEATURES_ONLY: [&str; 5] = ["cc", "either", "hashbrown", "num-bigint", "syn"];

/// The names of the crates in a section of `Cargo.toml`.
fn listed(section: &str) -> BTreeSet<String> {
    let manifest = read(&root().join("Cargo.toml"));
    let start = format!("\n[{section}]\n");
    let (_, rest) = manifest.split_once(&start).unwrap();
    let name = Regex::new(r"(?m)^([A-Za-z0-9_-]+) = ").unwrap();
    let names = name.captures_iter(rest.split("\n[").next().unwrap());
    names.map(|found| found[1].to_owned()).collect()
}

#[test]
fn crates_stay_in_their_rooms() {
    let sources = sources("src", "rs");
    let files: Vec<(&str, String)> = sources
        .iter()
        .map(|(path, text)| (path.as_str(), code(text)))
        .collect();
    for (name, rooms) in CRATES {
        let word = name.replace('-', "_");
        let used = Regex::new(&format!(r"(?:^|[^\w:]){word}::|\buse {word}\b")).unwrap();
        let users = files.iter().filter(|(_, code)| used.is_match(code));
        let users: Vec<&str> = users.map(|(path, _)| *path).collect();
        for path in &users {
            let allowed = rooms.iter().any(|room| path.starts_with(room));
            assert!(allowed, "{path} uses {name}");
        }
        for room in rooms {
            let any = users.iter().any(|path| path.starts_with(room));
            assert!(any, "{room} does not use {name}");
        }
    }
}

#[test]
fn every_dependency_has_its_row_and_its_reason() {
    let rows = CRATES.map(|(name, _)| name);
    let rows: BTreeSet<&str> = rows.into_iter().collect();
    let features = BTreeSet::from(FEATURES_ONLY);
    assert!(rows.is_disjoint(&features));
    let contributing = read(&root().join("CONTRIBUTING.md"));
    let reasons: String = contributing
        .lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| line.split('|').nth(1).unwrap())
        .collect();
    let (normal, build) = (listed("dependencies"), listed("build-dependencies"));
    for name in normal.iter().chain(&build) {
        let known = rows.contains(name.as_str()) || features.contains(name.as_str());
        assert!(known, "{name} has no row in CRATES");
    }
    for name in rows {
        assert!(normal.contains(name), "{name} is no dependency");
    }
    for name in normal
        .iter()
        .chain(&build)
        .chain(&listed("dev-dependencies"))
    {
        let reason = reasons.contains(&format!("`{name}`"));
        assert!(reason, "{name} has no row in CONTRIBUTING.md");
    }
}
