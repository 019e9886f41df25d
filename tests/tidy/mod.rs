//! The rules of the house that no compiler holds: who may know whom, how long a file may be, and
//! where labels and the clock have no place.

pub mod crates;
pub mod imports;

use std::path::Path;

use regex::Regex;

use super::support::{EDITIONS, read, root};

pub fn sources(folder: &str, extension: &str) -> Vec<(String, String)> {
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
pub fn code(text: &str) -> String {
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

/// The rooms in the order in which a report passes through them, each with the rooms that it may know. They stand
/// before it: nothing knows what comes after it.
const MAY_KNOW: [(&str, &[&str]); 25] = [
    ("error", &[]),
    ("digest", &[]),
    ("parallel", &[]),
    ("layouts", &["error"]),
    ("provenance", &["digest"]),
    ("form", &["error", "layouts"]),
    ("source", &["error"]),
    ("diagnostic", &["source"]),
    (
        "report",
        &["error", "digest", "form", "source", "diagnostic"],
    ),
    (
        "check",
        &["error", "digest", "form", "source", "diagnostic", "report"],
    ),
    (
        "authoring",
        &["form", "source", "diagnostic", "report", "check"],
    ),
    (
        "typeset",
        &[
            "error",
            "digest",
            "layouts",
            "provenance",
            "form",
            "source",
            "diagnostic",
            "report",
        ],
    ),
    (
        "pdf_reader",
        &[
            "error",
            "digest",
            "provenance",
            "form",
            "source",
            "diagnostic",
            "report",
            "typeset",
        ],
    ),
    (
        "import",
        &[
            "error",
            "digest",
            "form",
            "source",
            "diagnostic",
            "report",
            "authoring",
            "pdf_reader",
        ],
    ),
    (
        "pipeline",
        &[
            "error",
            "digest",
            "form",
            "source",
            "diagnostic",
            "report",
            "check",
            "typeset",
            "pdf_reader",
        ],
    ),
    ("cloud", &["source"]),
    ("storage", &["error", "digest", "source", "cloud"]),
    (
        "archive",
        &[
            "error",
            "digest",
            "parallel",
            "source",
            "diagnostic",
            "report",
            "check",
            "pipeline",
            "cloud",
            "storage",
        ],
    ),
    (
        "batch",
        &[
            "error", "digest", "parallel", "typeset", "pipeline", "storage", "archive",
        ],
    ),
    (
        "edition_check",
        &[
            "error",
            "layouts",
            "form",
            "source",
            "diagnostic",
            "report",
            "check",
            "authoring",
            "typeset",
            "pdf_reader",
            "pipeline",
        ],
    ),
    (
        "worker",
        &[
            "error",
            "digest",
            "parallel",
            "form",
            "source",
            "diagnostic",
            "report",
            "check",
            "authoring",
            "typeset",
            "import",
            "pipeline",
            "storage",
            "archive",
            "batch",
        ],
    ),
    (
        "serve",
        &[
            "error",
            "digest",
            "form",
            "source",
            "diagnostic",
            "report",
            "check",
            "authoring",
            "typeset",
            "import",
            "pipeline",
            "worker",
        ],
    ),
    (
        "cli",
        &[
            "error",
            "digest",
            "parallel",
            "form",
            "source",
            "diagnostic",
            "report",
            "check",
            "authoring",
            "typeset",
            "pdf_reader",
            "import",
            "pipeline",
            "storage",
            "archive",
            "batch",
            "edition_check",
            "worker",
            "serve",
        ],
    ),
    ("lib", &[]),
    ("main", &["cli"]),
];

#[test]
fn rooms_know_only_those_before() {
    for (at, (room, known)) in MAY_KNOW.iter().enumerate() {
        for name in *known {
            let before = MAY_KNOW[..at].iter().any(|(other, _)| other == name);
            assert!(
                before,
                "{room} may know {name}, which does not stand before it"
            );
        }
    }
    for (path, text) in sources("src", "rs") {
        let room = path.split('/').nth(1).unwrap().trim_end_matches(".rs");
        let row = MAY_KNOW.iter().find(|(name, _)| *name == room);
        let (_, known) = row.unwrap_or_else(|| panic!("{room} is no room of the list"));
        for used in imports::rooms(&path, &text) {
            let allowed = used == room || known.contains(&used.as_str());
            assert!(allowed, "{path} knows {used}");
        }
    }
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let circles = imports::circles(&imports::imports(&sources("src", "rs")));
    let shown: Vec<String> = circles.iter().map(|circle| circle.join(" ")).collect();
    assert!(circles.is_empty(), "{}", shown.join("\n"));
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
    // A label without its ordinal, or a part of one, is spelled too. Shorter parts are words of the law.
    let spelled = Regex::new(r"\p{Han}{7,}").unwrap();
    let inside = |run: &str| labels.iter().find(|label| label.contains(run));
    assert!(
        inside("信访举报投诉类").is_some(),
        "a label with more at both ends"
    );
    let page = ["js", "html", "css"].map(|kind| sources("web", kind));
    let own = [sources("src", "rs"), sources("layouts", "typ")];
    for (path, text) in own.into_iter().chain(page).flatten() {
        let code = code(&text);
        for label in &labels {
            assert!(!code.contains(label), "{path} spells {label}");
        }
        for run in spelled.find_iter(&code) {
            let label = inside(run.as_str());
            assert!(label.is_none(), "{path} spells {label:?}");
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
        let measures = [
            "src/cli/",
            "src/serve/",
            "src/worker/apart.rs",
            "src/worker/process.rs",
            "src/worker/supervised.rs",
        ]
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
