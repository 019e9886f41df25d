//! The digests of the program: what belongs to them, and what changes them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use nianbao::digest::Digest;
use regex::Regex;

use super::support::{read, root};
use super::tidy::crates::FEATURES_ONLY;
use super::tidy::imports::imports;
use super::tidy::{code, sources};

#[allow(dead_code, unreachable_pub)]
#[path = "../build.rs"]
mod build;

use self::build::{CHECKS, ENGINE, Part};

/// The features that the crates of the engine are built with.
const FEATURES: &str = "src/typeset/features.txt";

/// What `typeset` imports, and what that imports: neither more nor less shapes a PDF.
#[test]
fn the_engine_is_what_typeset_imports() {
    let imports = imports(&sources("src", "rs"));
    let files = build::files(root(), &ENGINE);
    let files: BTreeSet<String> = files
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    let mut open: Vec<&String> = imports
        .keys()
        .filter(|path| path.starts_with("src/typeset"))
        .collect();
    let mut reached = BTreeSet::new();
    while let Some(path) = open.pop() {
        if reached.insert(path.as_str()) {
            assert!(
                files.contains(path),
                "{path} shapes PDFs; add it to ENGINE in build.rs"
            );
            open.extend(&imports[path]);
        }
    }
    for part in ENGINE.code {
        let whole = format!("src/{part}");
        let any = reached.iter().any(|path| path.starts_with(&whole));
        assert!(
            any,
            "{part} shapes no PDF; take it out of ENGINE in build.rs"
        );
    }
}

/// The crates that the code of a part uses, of those that the package has.
#[test]
fn the_crates_of_a_part_are_those_that_it_uses() {
    let manifest = read(&root().join("Cargo.toml"));
    let dependencies = manifest.split("[dependencies]").nth(1).unwrap();
    let dependencies = dependencies.split("\n[").next().unwrap();
    let name = Regex::new(r"(?m)^([a-z0-9_-]+) = ").unwrap();
    let names: BTreeSet<&str> = name
        .captures_iter(dependencies)
        .map(|found| found.get(1).unwrap().as_str())
        .collect();
    assert!(names.len() > 40, "{names:?}");
    let used = |part: &Part| -> BTreeSet<&str> {
        let files = build::files(root(), part);
        let rust = files
            .iter()
            .filter(|path| path.extension().is_some_and(|e| e == "rs"));
        let code: String = rust.map(|path| code(&read(&root().join(path)))).collect();
        let uses = |name: &&&str| {
            let word = format!(r"\b{}::", name.replace('-', "_"));
            Regex::new(&word).unwrap().is_match(&code)
        };
        names.iter().filter(uses).copied().collect()
    };
    let engine: BTreeSet<&str> = ENGINE.crates.iter().copied().collect();
    assert_eq!(used(&ENGINE), engine, "ENGINE in build.rs");
    let own: BTreeSet<&str> = CHECKS.crates.iter().copied().collect();
    let checks = used(&CHECKS);
    assert!(own.is_subset(&checks), "CHECKS in build.rs");
    for name in checks {
        // How many threads read files, and how folders are walked, judges nothing.
        let shared = engine.contains(name) || ["rayon", "walkdir"].contains(&name);
        assert!(
            shared || own.contains(name),
            "CHECKS in build.rs lacks {name}"
        );
    }
}

/// The crates of the engine with the features that they are built with, a line each, sorted, as `cargo` resolves them
/// for a project; `None` if the machine lacks a crate of a feature that it was not asked to build. `scripts/test.sh`
/// fetches them all.
fn features(project: &Path, options: &[&str]) -> Option<String> {
    let lock = read(&root().join("Cargo.lock"));
    let packages = build::closure(&lock, ENGINE.crates);
    let known: BTreeSet<String> = packages
        .iter()
        .map(|package| package.split(' ').take(2).collect::<Vec<_>>().join(" v"))
        .collect();
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .args(["tree", "--offline", "--no-dedupe", "--prefix", "none"])
        .args(["--format", "{p} {f}"])
        .args(options)
        .current_dir(project);
    let output = cargo.output().unwrap();
    let fault = String::from_utf8_lossy(&output.stderr);
    if fault.contains("--offline was specified") {
        return None;
    }
    assert!(output.status.success(), "{fault}");
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: BTreeSet<String> = text
        .lines()
        .map(|line| line.replace(" (proc-macro)", "").trim_end().to_owned())
        .filter(|line| {
            let package: Vec<&str> = line.split(' ').take(2).collect();
            // What js-sys brings is in the lock alone: there it is for browsers.
            !line.starts_with("futures-") && known.contains(&package.join(" "))
        })
        .collect();
    Some(lines.iter().map(|line| format!("{line}\n")).collect())
}

/// The ways in which the program is built: as it runs, as it runs with archives in stores, as it is tested.
const BUILDS: [&[&str]; 4] = [
    &["--edges", "normal,build"],
    &["--edges", "normal,build", "--features", "cloud"],
    &["--edges", "normal,build,dev"],
    &["--edges", "normal,build,dev", "--features", "cloud,faults"],
];

/// Features are in no lock file, and what one crate asks for all get. Tests and the feature `cloud` must add none,
/// or Typst would be compiled twice, and the digest would not tell the two programs apart.
#[test]
fn the_features_of_the_engine_are_those_of_its_list() {
    if !cfg!(target_os = "linux") {
        return; // elsewhere some crates are others
    }
    let run = features(root(), BUILDS[0]).expect("what is built is there");
    if std::env::var_os("NIANBAO_UPDATE").is_some() {
        fs::write(root().join(FEATURES), &run).unwrap();
    }
    let list = read(&root().join(FEATURES));
    assert_eq!(run, list, "NIANBAO_UPDATE=1 writes {FEATURES}");
    for build in &BUILDS[1..] {
        let more = "it asks for more: Cargo.toml says how to even it out";
        let Some(built) = features(root(), build) else {
            continue;
        };
        assert_eq!(built, run, "{build:?}: {more}");
    }
}

/// Each crate that no code uses evens out features: without it, the ways to build differ.
#[test]
fn crates_that_only_set_features_are_needed() {
    if !cfg!(target_os = "linux") {
        return;
    }
    let manifest = read(&root().join("Cargo.toml"));
    for name in FEATURES_ONLY {
        let copy = tempfile::tempdir().unwrap();
        let own = format!("\n{name} = ");
        let (before, after) = manifest.split_once(&own).unwrap();
        let (_, after) = after.split_once('\n').unwrap();
        fs::write(copy.path().join("Cargo.toml"), format!("{before}\n{after}")).unwrap();
        fs::copy(root().join("Cargo.lock"), copy.path().join("Cargo.lock")).unwrap();
        for file in ["src/lib.rs", "src/main.rs", "build.rs", "tests/main.rs"] {
            fs::create_dir_all(copy.path().join(file).parent().unwrap()).unwrap();
            fs::write(copy.path().join(file), "").unwrap();
        }
        fs::create_dir_all(copy.path().join("benches/peers")).unwrap();
        for file in ["benches/engine.rs", "benches/peers/tree.rs"] {
            fs::write(copy.path().join(file), "").unwrap();
        }
        let ways = BUILDS.iter().map(|build| features(copy.path(), build));
        let Some(ways) = ways.collect::<Option<BTreeSet<String>>>() else {
            return;
        };
        assert!(ways.len() > 1, "{name} in Cargo.toml changes nothing");
    }
}

/// The digests over a copy of the sources in which one file has a comment more.
fn changed(file: &str) -> [bool; 2] {
    let copy = tempfile::tempdir().unwrap();
    let to = copy.path();
    fs::copy(root().join("Cargo.lock"), to.join("Cargo.lock")).unwrap();
    for part in [&ENGINE, &CHECKS] {
        for path in build::files(root(), part) {
            fs::create_dir_all(to.join(&path).parent().unwrap()).unwrap();
            fs::copy(root().join(&path), to.join(&path)).unwrap();
        }
    }
    let path = to.join(file);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let before = fs::read_to_string(root().join(file)).unwrap();
    fs::write(&path, format!("{before}\n// A comment.\n")).unwrap();
    [&ENGINE, &CHECKS].map(|part| build::digest(to, part) != build::digest(root(), part))
}

#[test]
fn a_comment_changes_the_digest_of_its_own_part_alone() {
    for (file, engine, checks) in [
        ("src/cli/mod.rs", false, false),
        ("src/serve/mod.rs", false, false),
        ("web/main.js", false, false),
        ("web/style.css", false, false),
        ("src/archive/run.rs", false, false),
        ("src/diagnostic/text.rs", false, false),
        ("src/check/totals.rs", false, true),
        ("src/check/totals.md", false, false),
        ("src/typeset/mod.rs", true, false),
        ("src/report/cell.rs", true, false),
        (FEATURES, true, false),
    ] {
        assert_eq!(changed(file), [engine, checks], "{file}");
    }
    assert_eq!(build::digest(root(), &ENGINE), env!("NIANBAO_ENGINE"));
    assert_eq!(build::digest(root(), &CHECKS), env!("NIANBAO_CHECKS"));
}

#[test]
fn a_locked_version_counts_where_the_part_depends_on_it() {
    let lock = read(&root().join("Cargo.lock"));
    let packages = build::closure(&lock, ENGINE.crates);
    let has = |name: &str| {
        packages
            .iter()
            .any(|package| package.starts_with(&format!("{name} ")))
    };
    assert!(
        has("typst") && has("krilla") && has("miniz_oxide"),
        "directly and not"
    );
    assert!(!has("clap") && !has("axum") && !has("regex-lite") && !has("comfy-table"));
    let typst = packages.iter().find(|p| p.starts_with("typst ")).unwrap();
    assert_eq!(typst.split(' ').count(), 3, "{typst} has its checksum");
}

/// Where bytes change and no digest of the program, of the layouts or of the fonts does, no archive would notice.
#[test]
fn pdfs_have_the_bytes_that_are_written_down() {
    use super::support::{EDITIONS, ENGINE as TYPESET, pdf_of, samples};
    let path = root().join("tests/bytes.txt");
    let fonts = TYPESET.fonts().digest().unwrap();
    let mut lines = vec![
        format!("engine {}", env!("NIANBAO_ENGINE")),
        format!("fonts {fonts}"),
    ];
    for form in EDITIONS.all() {
        let layout = TYPESET.layout_digest(form);
        lines.push(format!("layout {} {layout}", form.edition));
    }
    let known: BTreeMap<String, String> = fs::read_to_string(&path)
        .unwrap_or_default()
        .lines()
        .filter_map(|line| line.rsplit_once(' '))
        .map(|(name, digest)| (name.to_owned(), digest.to_owned()))
        .collect();
    let mut pdfs = Vec::new();
    for sample in samples().into_iter().take(4) {
        let name = sample.strip_prefix(root().join("samples")).unwrap();
        let pdf = pdf_of(&sample);
        pdfs.push(format!("{} {}", name.display(), Digest::of(&pdf)));
    }
    let split = |line: &String| {
        let (name, digest) = line.rsplit_once(' ').unwrap();
        (name.to_owned(), digest.to_owned())
    };
    let same = |lines: &[String]| {
        lines
            .iter()
            .map(split)
            .all(|(n, d)| known.get(&n) == Some(&d))
    };
    if std::env::var_os("NIANBAO_UPDATE").is_some() {
        let digests_differ = !same(&lines);
        assert!(
            digests_differ || same(&pdfs),
            "the bytes changed and no digest did"
        );
        lines.append(&mut pdfs);
        fs::write(&path, lines.join("\n") + "\n").unwrap();
        return;
    }
    assert!(
        same(&pdfs) || !same(&lines),
        "the bytes of a PDF changed, and neither the digest of the engine nor that of a layout or the fonts did"
    );
    let shown = Path::new("tests/bytes.txt").display();
    assert!(
        same(&pdfs),
        "the bytes of PDFs changed: if they should, NIANBAO_UPDATE=1 writes {shown}"
    );
}
