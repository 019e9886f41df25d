//! Notices files that are added to `layouts/`: the macro that compiles them in sees only those that were there
//! before. Gives the program two digests of itself, which tell one program from another without looking at
//! versions: of what shapes the bytes of a PDF, and of what judges reports. Layouts and fonts have digests of their
//! own.
//!
//! `tests/engine.rs` includes this file, and holds its lists to what the code imports.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// A part of the program: its code below `src/`, and the crates that it uses, by their names in `Cargo.lock`.
pub struct Part {
    /// Rooms, and files of rooms of which not all belongs to it.
    pub code: &'static [&'static str],
    /// Crates.
    pub crates: &'static [&'static str],
}

/// What shapes the bytes of a PDF, beside layouts and fonts: `typeset` and all that it imports. The features that
/// the crates are built with stand in `src/typeset/features.txt`, because no lock file has them.
pub const ENGINE: Part = Part {
    code: &[
        "diagnostic/finding.rs",
        "diagnostic/rule.rs",
        "diagnostic/said.rs",
        "digest.rs",
        "error.rs",
        "form",
        "layouts.rs",
        "provenance.rs",
        "report",
        "source",
        "typeset",
    ],
    crates: &[
        "data-url",
        "fontdb",
        "icu_segmenter",
        "imagesize",
        "include_dir",
        "memchr",
        "num-integer",
        "png",
        "qrcode",
        "resvg",
        "roxmltree",
        "saphyr-parser",
        "serde",
        "serde_json",
        "serde_json_canonicalizer",
        "serde_yaml",
        "sha2",
        "simplecss",
        "strsim",
        "thiserror",
        "time",
        "ttf-parser",
        "typst",
        "typst-kit",
        "typst-layout",
        "typst-pdf",
        "typst-render",
        "typst-svg",
    ],
};

/// What judges reports, beside what it shares with the engine: the checks, and what they are given to compare.
pub const CHECKS: Part = Part {
    code: &["check", "pipeline"],
    crates: &["regex"],
};

fn main() {
    for watched in ["layouts", "src", "Cargo.lock", "build.rs"] {
        println!("cargo::rerun-if-changed={watched}");
    }
    let here = Path::new(".");
    println!("cargo::rustc-env=NIANBAO_ENGINE={}", digest(here, &ENGINE));
    println!("cargo::rustc-env=NIANBAO_CHECKS={}", digest(here, &CHECKS));
}

/// The digest of a part of the program whose sources stand in a folder: of its files, and of the locked versions and
/// checksums of its crates with all that they depend on.
pub fn digest(project: &Path, part: &Part) -> String {
    let mut whole = Sha256::new();
    for file in files(project, part) {
        let content = fs::read(project.join(&file)).expect("a source file can be read");
        whole.update(hexadecimal(&Sha256::digest(content)));
        whole.update(format!(" {}\n", file.display()));
    }
    let lock = fs::read_to_string(project.join("Cargo.lock")).expect("there is a Cargo.lock");
    for package in closure(&lock, part.crates) {
        whole.update(format!("{package}\n"));
    }
    hexadecimal(&whole.finalize())
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The files of a part, by their paths below the project, sorted.
pub fn files(project: &Path, part: &Part) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open: Vec<PathBuf> = part.code.iter().map(|c| Path::new("src").join(c)).collect();
    while let Some(path) = open.pop() {
        let whole = project.join(&path);
        if !whole.is_dir() {
            found.push(path);
            continue;
        }
        for entry in fs::read_dir(whole).expect("a source folder can be listed") {
            let path = path.join(entry.expect("a source folder can be listed").file_name());
            // The texts of rules are for those who read them.
            if path.extension().is_none_or(|extension| extension != "md") {
                open.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The packages of a lock file that crates stand for, and all that these depend on: name, version and checksum.
pub fn closure(lock: &str, crates: &[&str]) -> BTreeSet<String> {
    let packages = packages(lock);
    // A dependency is named by its name, and by its version too where there are several.
    let named = |dependency: &str| {
        let mut words = dependency.split(' ');
        let (name, version) = (words.next(), words.next());
        let found = packages.iter().filter(move |(package, _)| {
            let (own, rest) = package.split_once(' ').expect("a package has a version");
            Some(own) == name
                && version.is_none_or(|version| rest.split(' ').next() == Some(version))
        });
        found
            .map(|(package, _)| package.clone())
            .collect::<Vec<_>>()
    };
    let mut open: Vec<String> = crates.iter().flat_map(|name| named(name)).collect();
    let mut found = BTreeSet::new();
    while let Some(package) = open.pop() {
        if found.insert(package.clone()) {
            open.extend(
                packages[&package]
                    .iter()
                    .flat_map(|dependency| named(dependency)),
            );
        }
    }
    found
}

/// The packages of a lock file with their dependencies.
fn packages(lock: &str) -> BTreeMap<String, Vec<String>> {
    let mut found = BTreeMap::new();
    for block in lock.split("[[package]]").skip(1) {
        let value = |key: &str| {
            let line = block
                .lines()
                .find_map(|line| line.strip_prefix(&format!("{key} = \"")));
            line.map_or("", |line| line.trim_end_matches('"'))
        };
        let (name, version, checksum) = (value("name"), value("version"), value("checksum"));
        let listed = block
            .split_once("dependencies = [")
            .map_or("", |(_, rest)| rest);
        let listed = listed.split(']').next().unwrap_or_default();
        let dependencies = listed
            .split(',')
            .map(|d| d.trim().trim_matches('"').to_owned());
        let dependencies = dependencies.filter(|dependency| !dependency.is_empty());
        let package = format!("{name} {version} {checksum}");
        found.insert(package.trim_end().to_owned(), dependencies.collect());
    }
    found
}
