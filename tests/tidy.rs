//! The rules of the house that no compiler holds: who may know whom, how long a file may be, and
//! where labels and the clock have no place.

use std::path::Path;

use super::support::{EDITIONS, read, root};

fn sources(folder: &str, extension: &str) -> Vec<(String, String)> {
    let walk = walkdir::WalkDir::new(root().join(folder)).sort_by_file_name();
    let files = walk.into_iter().map(|entry| entry.unwrap().into_path());
    let files = files.filter(|path| path.extension().is_some_and(|e| e == extension));
    let named = |path: &Path| {
        path.strip_prefix(root())
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned()
    };
    let found: Vec<_> = files.map(|path| (named(&path), read(&path))).collect();
    assert!(!found.is_empty(), "{folder}");
    found
}

/// The code of a file without its unit tests and comments.
fn code(text: &str) -> String {
    let code = text.split("#[cfg(test)]").next().unwrap();
    let lines = code
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn no_file_is_long() {
    for (path, text) in [
        sources("src", "rs"),
        sources("layouts", "typ"),
        sources("tests", "rs"),
        sources("web", "js"),
    ]
    .concat()
    {
        assert!(
            text.lines().count() <= 600,
            "{path} has {} lines",
            text.lines().count()
        );
    }
    assert!(read(&root().join("src/main.rs")).lines().count() <= 60);
}

#[test]
fn crates_stay_in_their_rooms() {
    let rooms: [(&str, &[&str]); 38] = [
        ("object_store", &["src/cloud/"]),
        ("futures_util", &["src/cloud/"]),
        ("typst", &["src/typeset/"]),
        ("fontdb", &["src/typeset/"]),
        ("icu_segmenter", &["src/typeset/"]),
        ("saphyr_parser", &["src/source/yaml.rs"]),
        ("serde_yaml", &["src/format/"]),
        ("serde_json_canonicalizer", &["src/report/canonical.rs"]),
        ("clap", &["src/cli/", "src/main.rs"]),
        ("codespan_reporting", &["src/diagnostic/"]),
        ("comfy_table", &["src/diagnostic/"]),
        ("serde_sarif", &["src/diagnostic/"]),
        ("regex", &["src/check/"]),
        ("sha2", &["src/digest.rs"]),
        ("globset", &["src/archive/"]),
        ("lopdf", &["src/record/"]),
        ("hayro_cmap", &["src/record/"]),
        ("qrcode", &["src/typeset/approval_sheet.rs"]),
        ("resvg", &["src/typeset/seals.rs"]),
        ("maud", &["src/archive/index.rs"]),
        ("csv", &["src/archive/index.rs"]),
        ("indicatif", &["src/cli/"]),
        ("signal_hook", &["src/cli/"]),
        ("tempfile", &["src/archive/"]),
        ("walkdir", &["src/archive/"]),
        ("rayon", &["src/archive/"]),
        ("include_dir", &["src/layouts.rs", "src/serve/assets.rs"]),
        ("axum", &["src/serve/"]),
        (
            "tokio",
            &["src/serve/", "src/cloud/", "src/worker/supervised.rs"],
        ),
        ("hyper", &["src/serve/listen.rs", "src/cloud/"]),
        ("hyper_util", &["src/serve/listen.rs"]),
        ("tower_http", &["src/serve/"]),
        ("utoipa", &["src/serve/"]),
        ("prometheus_client", &["src/serve/"]),
        ("subtle", &["src/serve/token.rs"]),
        ("tracing_subscriber", &["src/cli/"]),
        ("rustix", &["src/serve/listen.rs", "src/worker/limit.rs"]),
        ("data_url", &["src/report/figure.rs"]),
    ];
    for (path, text) in sources("src", "rs") {
        for (name, rooms) in rooms {
            let used = code(&text).lines().any(|line| {
                line.contains(&format!("{name}::")) || line.contains(&format!("use {name}"))
            });
            let allowed = rooms.iter().any(|room| path.starts_with(room));
            assert!(!used || allowed, "{path} uses {name}");
        }
    }
}

/// Which rooms a room may know.
const MAY_KNOW: [(&str, &[&str]); 16] = [
    ("cloud", &["source"]),
    ("origin.rs", &["digest"]),
    (
        "record",
        &[
            "typeset",
            "report",
            "format",
            "source",
            "diagnostic",
            "digest",
            "error",
            "origin",
        ],
    ),
    ("format", &["error", "layouts"]),
    ("source", &["error"]),
    ("diagnostic", &["source"]),
    (
        "report",
        &["format", "source", "diagnostic", "digest", "error"],
    ),
    (
        "check",
        &["report", "format", "source", "diagnostic", "error"],
    ),
    (
        "proof",
        &[
            "check",
            "diagnostic",
            "error",
            "format",
            "layouts",
            "record",
            "report",
            "schema",
            "source",
            "typeset",
        ],
    ),
    ("template.rs", &["report", "format"]),
    ("schema.rs", &["check", "report", "format"]),
    (
        "typeset",
        &[
            "report",
            "format",
            "source",
            "diagnostic",
            "error",
            "layouts",
            "digest",
            "origin",
        ],
    ),
    (
        "archive",
        &[
            "cloud",
            "typeset",
            "check",
            "report",
            "format",
            "source",
            "diagnostic",
            "error",
            "digest",
        ],
    ),
    (
        "worker",
        &[
            "archive",
            "typeset",
            "check",
            "report",
            "format",
            "source",
            "diagnostic",
            "error",
            "digest",
        ],
    ),
    (
        "serve",
        &[
            "worker",
            "schema",
            "check",
            "typeset",
            "report",
            "format",
            "source",
            "diagnostic",
            "error",
            "digest",
        ],
    ),
    (
        "cli",
        &[
            "serve",
            "worker",
            "record",
            "proof",
            "archive",
            "typeset",
            "template",
            "schema",
            "check",
            "report",
            "format",
            "source",
            "diagnostic",
            "error",
            "digest",
        ],
    ),
];

#[test]
fn rooms_know_only_those_below() {
    for (path, text) in sources("src", "rs") {
        let room = path.split('/').nth(1).unwrap();
        let Some((_, known)) = MAY_KNOW.iter().find(|(name, _)| *name == room) else {
            continue;
        };
        for used in code(&text).split("crate::").skip(1) {
            let used: String = used
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            let own = used == room || used.is_empty();
            assert!(own || known.contains(&used.as_str()), "{path} knows {used}");
        }
    }
}

#[test]
fn printing_and_exiting_is_for_the_command_line() {
    for (path, text) in sources("src", "rs") {
        let allowed = path.starts_with("src/cli/") || path == "src/main.rs";
        for word in ["println!", "eprint", "process::exit", "dbg!"] {
            assert!(allowed || !code(&text).contains(word), "{path}: {word}");
        }
    }
}

#[test]
fn no_source_spells_a_label_or_names_an_edition() {
    let all = || EDITIONS.all().iter();
    let sections = all().flat_map(|form| &form.sections);
    let titles = sections.map(|section| section.title.as_str());
    // Words that are also words: 总计, 规章, 规范性文件 and the like say nothing alone.
    let labels = all().flat_map(|form| form.labels()).chain(titles);
    let labels: Vec<&str> = labels.filter(|l| l.chars().count() > 5).collect();
    let page = ["js", "html", "css"].map(|kind| sources("web", kind));
    let own = [sources("src", "rs"), sources("layouts", "typ")];
    for (path, text) in own.into_iter().chain(page).flatten() {
        let code = code(&text);
        for label in &labels {
            assert!(!code.contains(label), "{path} spells {label}");
        }
        for edition in EDITIONS.all() {
            let named =
                path.starts_with("src") && code.contains(&format!("\"{}\"", edition.edition));
            assert!(!named, "{path} names the edition {}", edition.edition);
        }
    }
}

#[test]
fn layouts_use_nothing_from_outside() {
    for (path, text) in sources("layouts", "typ") {
        for word in [
            "@preview",
            "datetime.today",
            "sys.inputs",
            "eval(",
            "state(",
            "query(",
        ] {
            assert!(!text.contains(word), "{path}: {word}");
        }
        if path.starts_with("layouts/common") {
            for edition in EDITIONS.all() {
                assert!(!text.contains(&edition.edition), "{path} knows an edition");
            }
        }
    }
    for (path, text) in sources("src", "rs") {
        // What a service measures goes to its log and its counters; who supervises has deadlines.
        let measures = ["src/cli/", "src/serve/", "src/worker/supervised.rs"]
            .iter()
            .any(|room| path.starts_with(room));
        assert!(
            measures || !code(&text).contains("SystemTime") && !code(&text).contains("Instant"),
            "{path}"
        );
    }
}

/// The page is for browsers of 2020 (Chromium 86, Firefox 78), and of itself it asks for nothing outside.
#[test]
fn the_page_asks_little_of_browsers() {
    for kind in ["js", "html", "css"] {
        for (path, text) in sources("web", kind) {
            for word in [
                "structuredClone",
                ".at(",
                ".findLast",
                ".toSorted",
                "Object.hasOwn",
                "randomUUID",
                "<dialog",
                ":has(",
                "aspect-ratio",
                "inset:",
                "@container",
                "innerHTML",
                "eval(",
                "http://",
                "https://",
                " style=",
                "console.",
            ] {
                assert!(!text.contains(word), "{path}: {word}");
            }
        }
    }
}

#[test]
fn nothing_is_left_open() {
    for (path, text) in [sources("src", "rs"), sources("layouts", "typ")].concat() {
        for word in ["todo!", "unimplemented!", "FIXME", "XXX", "TODO"] {
            assert!(!text.contains(word), "{path}: {word}");
        }
    }
}
