//! Which file imports which, from the `use` lines and the paths of all files.
//!
//! A name taken through a facade, or through `super::`, counts as an import of the file that defines it; a
//! re-export (`pub use`) is no import of the facade itself, unless its own code uses the name.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;

/// A file of the program, as far as its imports go.
struct File {
    /// The module that it is, such as `archive::run`.
    module: Vec<String>,
    /// The names that it brings in by `use`, with the paths that they stand for.
    aliases: BTreeMap<String, Vec<String>>,
    /// The modules of which it takes all names, and whether it hands them on.
    globs: Vec<Vec<String>>,
    /// The paths that it uses, as written.
    paths: BTreeSet<Vec<String>>,
}

/// The imports of all files, by file. `sources` are paths below the project (`src/…`) with their texts.
pub fn imports(sources: &[(String, String)]) -> BTreeMap<String, BTreeSet<String>> {
    let files: BTreeMap<&str, File> = sources
        .iter()
        .map(|(path, text)| (path.as_str(), file(path, text)))
        .collect();
    let modules = files
        .iter()
        .map(|(path, file)| (file.module.clone(), *path))
        .collect();
    let tree = Tree { files, modules };
    let all = tree.files.iter();
    let imports = all.map(|(path, file)| {
        let used = file
            .paths
            .iter()
            .filter_map(|used| tree.definer(file, used));
        let others = used.filter(|other| other != path).map(str::to_owned);
        ((*path).to_owned(), others.collect())
    });
    imports.collect()
}

/// The files that import each other in circles, a list for each.
pub fn circles(imports: &BTreeMap<String, BTreeSet<String>>) -> Vec<Vec<String>> {
    let reach = |from: &str| {
        let (mut seen, mut open) = (BTreeSet::new(), vec![from]);
        while let Some(at) = open.pop() {
            for next in imports.get(at).into_iter().flatten() {
                if seen.insert(next.as_str()) {
                    open.push(next);
                }
            }
        }
        seen
    };
    let reached: BTreeMap<&str, BTreeSet<&str>> = imports
        .keys()
        .map(|path| (path.as_str(), reach(path)))
        .collect();
    let mut found: BTreeSet<Vec<String>> = BTreeSet::new();
    for (path, reaches) in &reached {
        if reaches.contains(path) {
            let back = reaches
                .iter()
                .filter(|other| reached[**other].contains(path));
            found.insert(back.map(|other| (*other).to_owned()).collect());
        }
    }
    found.into_iter().collect()
}

/// The rooms that a file names, its own among them.
pub fn rooms(path: &str, text: &str) -> BTreeSet<String> {
    let file = file(path, text);
    let whole = file
        .paths
        .iter()
        .chain(&file.globs)
        .chain(file.aliases.values());
    let whole = whole.filter(|path| path[0] != "self"); // a child of its own
    let rooms = whole.filter_map(|path| file.absolute(path)?.first().cloned());
    rooms.collect()
}

struct Tree<'a> {
    files: BTreeMap<&'a str, File>,
    modules: BTreeMap<Vec<String>, &'a str>,
}

impl<'a> Tree<'a> {
    /// The file that defines what a path in another file stands for; `None` where that is no part of the program,
    /// or a module as such.
    fn definer(&self, file: &File, path: &[String]) -> Option<&'a str> {
        let absolute = file.absolute(path)?;
        self.resolve(&absolute, 0)
    }

    fn resolve(&self, path: &[String], depth: usize) -> Option<&'a str> {
        if depth > 8 {
            return None;
        }
        // The deepest module on the way, and the name in it.
        let modules = (0..=path.len()).rev();
        let at = modules
            .into_iter()
            .find(|n| self.modules.contains_key(&path[..*n]))?;
        let place = self.modules[&path[..at]];
        let name = path.get(at)?;
        let holder = &self.files[place];
        if let Some(alias) = holder.aliases.get(name) {
            let mut whole = holder.absolute(alias)?;
            whole.extend_from_slice(&path[at + 1..]);
            if whole != path {
                return self.resolve(&whole, depth + 1);
            }
        }
        for glob in &holder.globs {
            let mut whole = holder.absolute(glob)?;
            whole.push(name.clone());
            if let Some(found) = self.resolve(&whole, depth + 1) {
                return Some(found);
            }
        }
        Some(place)
    }
}

impl File {
    /// A path from the root of the crate; `None` where it begins with something else, such as another crate.
    fn absolute(&self, path: &[String]) -> Option<Vec<String>> {
        let mut whole = match path[0].as_str() {
            "crate" => Vec::new(),
            "self" => self.module.clone(),
            "super" => self.module[..self.module.len().checked_sub(1)?].to_vec(),
            first => {
                let alias = self.aliases.get(first).filter(|alias| alias[0] != first)?;
                let mut whole = self.absolute(alias)?;
                whole.extend_from_slice(&path[1..]);
                return Some(whole);
            }
        };
        for part in &path[1..] {
            match part.as_str() {
                "super" => drop(whole.pop()),
                "self" => {}
                _ => whole.push(part.clone()),
            }
        }
        Some(whole)
    }
}

fn file(path: &str, text: &str) -> File {
    let below = path.strip_prefix("src/").unwrap_or(path);
    let below = below.strip_suffix(".rs").unwrap_or(below);
    let below = below.strip_suffix("/mod").unwrap_or(below);
    let mut module: Vec<String> = below.split('/').map(str::to_owned).collect();
    if ["lib", "main"].contains(&below) {
        module.clear();
    }
    let mut file = File {
        module,
        aliases: BTreeMap::new(),
        globs: Vec::new(),
        paths: BTreeSet::new(),
    };
    let code = bare(text);
    let statement = Regex::new(r"(?m)^\s*(pub(?:\([a-z]+\))?\s+)?use\s+([^;]+);").unwrap();
    let rest = statement.replace_all(&code, "");
    for found in statement.captures_iter(&code) {
        let handed_on = found.get(1).is_some();
        for (path, alias) in leaves(&found[2]) {
            match alias {
                Some(alias) => {
                    let word = Regex::new(&format!(r"\b{alias}\b")).unwrap();
                    if !handed_on || word.is_match(&rest) {
                        file.paths.insert(path.clone());
                    }
                    file.aliases.insert(alias, path);
                }
                None => file.globs.push(path),
            }
        }
    }
    // A child is known by its name where it is declared.
    let child = Regex::new(r"(?m)^\s*(?:pub(?:\([a-z]+\))?\s+)?mod\s+(\w+);").unwrap();
    for found in child.captures_iter(&code) {
        let own = vec!["self".to_owned(), found[1].to_owned()];
        file.aliases.entry(found[1].to_owned()).or_insert(own);
    }
    let used = Regex::new(r"(?:^|[^\w:.])([a-z_]\w*(?:::\w+)+)").unwrap();
    for found in used.captures_iter(&rest) {
        file.paths
            .insert(found[1].split("::").map(str::to_owned).collect());
    }
    file
}

/// The paths of a `use` with the names that they bring in; none for all names of a module.
fn leaves(tree: &str) -> Vec<(Vec<String>, Option<String>)> {
    let tree = tree.trim();
    if let Some(open) = tree.find('{') {
        let before = tree[..open].trim_end_matches("::");
        let inside = &tree[open + 1..tree.rfind('}').unwrap()];
        let (mut depth, mut start, mut parts) = (0, 0, Vec::new());
        for (at, c) in inside.char_indices() {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 0 => {
                    parts.push(&inside[start..at]);
                    start = at + 1;
                }
                _ => {}
            }
        }
        parts.push(&inside[start..]);
        let parts = parts.into_iter().filter(|part| !part.trim().is_empty());
        let join = |part: &str| match before {
            "" => part.trim().to_owned(),
            _ => format!("{before}::{}", part.trim()),
        };
        return parts.flat_map(|part| leaves(&join(part))).collect();
    }
    let (path, renamed) = match tree.split_once(" as ") {
        Some((path, name)) => (path.trim(), Some(name.trim().to_owned())),
        None => (tree, None),
    };
    let mut path: Vec<String> = path
        .split("::")
        .map(|part| part.trim().to_owned())
        .collect();
    if path.last().is_some_and(|last| last == "*") {
        path.pop();
        return vec![(path, None)];
    }
    if path.len() > 1 && path.last().is_some_and(|last| last == "self") {
        path.pop();
    }
    let name = renamed.or_else(|| path.last().cloned());
    vec![(path, name)]
}

/// The code of a file without its unit tests, comments and strings.
fn bare(text: &str) -> String {
    let code = super::code(text);
    let strings = Regex::new(r#""(?:[^"\\]|\\.)*""#).unwrap();
    strings.replace_all(&code, "\"\"").into_owned()
}

#[test]
fn imports_are_found_however_they_are_written() {
    let source = |path: &str, text: &str| (path.to_owned(), text.to_owned());
    let sources = [
        source("src/lib.rs", "pub mod a;\npub mod b;\n"),
        source(
            "src/a/mod.rs",
            "mod one;\nmod two;\npub use self::one::One;\npub fn own() {}\n",
        ),
        source("src/a/one.rs", "use super::two::Two;\npub struct One;\n"),
        source("src/a/two.rs", "pub struct Two;\n"),
        source("src/b/mod.rs", "mod x;\nmod y;\n"),
        source(
            "src/b/x.rs",
            "use crate::{a::{self, One}, b::y};\nfn f() { a::own() }\n",
        ),
        source("src/b/y.rs", "fn f() { super::x::g(crate::a::One) }\n"),
    ];
    let imports = imports(&sources);
    let of = |path: &str| -> Vec<&str> { imports[path].iter().map(String::as_str).collect() };
    assert_eq!(of("src/a/mod.rs"), [""; 0], "what it hands on is no import");
    assert_eq!(of("src/a/one.rs"), ["src/a/two.rs"]);
    assert_eq!(of("src/b/x.rs"), ["src/a/mod.rs", "src/a/one.rs"]);
    assert_eq!(of("src/b/y.rs"), ["src/a/one.rs", "src/b/x.rs"]);
    assert_eq!(circles(&imports), [[""; 0]; 0]);
    let mut sources = sources;
    sources[3].1 = "use crate::{b, a::One};\npub struct Two(One);\n".to_owned();
    let circle = ["src/a/one.rs", "src/a/two.rs"];
    assert_eq!(circles(&super::imports::imports(&sources)), [circle]);
    let known = |text: &str| rooms("src/a/two.rs", text).into_iter().collect::<Vec<_>>();
    assert_eq!(known(&sources[3].1), ["a", "b"]);
    assert_eq!(
        known("use super::super::b::x;\n"),
        ["b"],
        "as far up as it goes"
    );
    assert_eq!(known("use serde::{Deserialize, Serialize};\n"), [""; 0]);
}
