//! Proves the folder of an edition before it is compiled in: its declaration, its transcript, its
//! schemas, and pages on which every value stands where it belongs.

mod pages;
mod sample_report;

use std::fs;
use std::path::{Path, PathBuf};

pub use self::sample_report::{filled, numbered};
use crate::authoring::schema;
use crate::check::Checker;
use crate::error::Error;
use crate::form::{Editions, Form, Language, Table, Transcript};
use crate::layouts::Layouts;
use crate::report;
use crate::typeset::Fonts;

/// What is wrong with a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file.
    pub file: PathBuf,
    /// The line, from 1, where it is known.
    pub line: Option<usize>,
    /// What is wrong, in Chinese.
    pub message: String,
}

/// What was proved.
#[derive(Clone, Debug, Default)]
pub struct Proof {
    /// How many values its tables have.
    pub cells: usize,
    /// The pages of a made-up report, where there are any, as a PDF.
    pub pdf: Option<Vec<u8>>,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// The edition that stands in a folder, and all others; a problem where its declaration is none. Where the
/// folders beside it are layouts too, they go before what is compiled in.
///
/// # Errors
/// When a file cannot be read.
pub fn edition_in(folder: &Path) -> Result<Result<(Editions, String), Problem>, Error> {
    let whole = fs::canonicalize(folder).map_err(|cause| Error::read(folder, cause))?;
    let name = |path: &Path| {
        path.file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned()
    };
    let mut folders = vec![whole.clone()];
    if let Some(all) = whole.parent().filter(|all| all.join("common").is_dir()) {
        let failed = |cause| Error::read(all, cause);
        let entries = fs::read_dir(all).map_err(failed)?;
        let paths = entries.map(|entry| entry.map(|entry| entry.path()));
        folders = paths.collect::<Result<_, _>>().map_err(failed)?;
    }
    let mut layouts = Layouts::builtin();
    for folder in folders.iter().filter(|path| path.is_dir()) {
        layouts = layouts.with(&name(folder), folder)?;
    }
    Ok(match Editions::read(layouts) {
        Ok(editions) => Ok((editions, name(&whole))),
        Err(Error::Declaration { file, cause }) => Err(declared(folder, &file, cause)),
        Err(error) => return Err(error),
    })
}

/// A fault of a declaration, with its line. `file` is its path below the layouts.
fn declared(folder: &Path, file: &str, cause: String) -> Problem {
    let path = path_of(folder, file);
    let text = fs::read(&path).unwrap_or_default();
    let message = match std::str::from_utf8(&text) {
        Ok(_) => cause,
        Err(_) => "不是 UTF-8；另存为 UTF-8".to_owned(),
    };
    Problem {
        line: line_of(&String::from_utf8_lossy(&text), &message),
        file: path,
        message,
    }
}

/// Proves a folder. `transcript` is the transcript of its tables.
///
/// # Errors
/// When a file cannot be read, or the fonts.
pub fn prove(folder: &Path, transcript: &Path, fonts: Fonts) -> Result<Proof, Error> {
    let flawed = |problem| Proof {
        problems: vec![problem],
        ..Proof::default()
    };
    let (editions, name) = match edition_in(folder)? {
        Ok(found) => found,
        Err(problem) => return Ok(flawed(problem)),
    };
    match Checker::new(&editions) {
        Err(Error::Declaration { file, cause }) => {
            return Ok(flawed(declared(folder, &file, cause)));
        }
        checker => checker?,
    };
    let at = |file: &str, message: String| Problem {
        file: folder.join(file),
        line: None,
        message,
    };
    let Some(form) = editions.named(&name) else {
        return Ok(flawed(at("format.yaml", "没有".to_owned())));
    };
    if let Some(fault) = reserved(form) {
        return Ok(flawed(declared(
            folder,
            &format!("{name}/format.yaml"),
            fault,
        )));
    }
    let (drawn_form, mut problems) = transcribed(form, transcript);
    for language in [Language::English, Language::Chinese] {
        let file = schema::file_name(language);
        let kept = fs::read(folder.join(file)).unwrap_or_default();
        if kept != schema::schema(form, language).as_bytes() {
            let lang = match language {
                Language::English => "",
                Language::Chinese => " --lang zh",
            };
            let command = format!("nianbao schema {}{lang}", folder.display());
            let message = format!("没有，或与格式不一致；用 {command} 的输出替换");
            problems.push(at(file, message));
        }
    }
    if !folder.join("README.md").is_file() {
        problems.push(at(
            "README.md",
            "没有；写明文号、年度和各表的来历".to_owned(),
        ));
    }
    // Labels that are wrong already are not looked for on the pages.
    let drawn_form =
        drawn_form.filter(|_| problems.iter().all(|problem| problem.file != transcript));
    let (pdf, drawn) = pages::drawn(form, &editions, fonts)?;
    problems.extend(drawn.iter().map(|fault| in_layouts(folder, fault)));
    if let (Some(pdf), Some(drawn_form)) = (&pdf, drawn_form) {
        let misplaced = pages::misplaced(pdf, form, &drawn_form)?;
        problems.extend(misplaced.into_iter().map(|(line, message)| Problem {
            file: transcript.to_owned(),
            line,
            message,
        }));
    }
    let lines = form.tables.values().flat_map(Table::lines);
    Ok(Proof {
        cells: lines.map(|line| line.columns.len()).sum(),
        pdf,
        problems,
    })
}

/// A file below the layouts, seen from the folder that is proved.
fn path_of(folder: &Path, file: &str) -> PathBuf {
    match file.split_once('/') {
        Some((name, own)) if folder.ends_with(name) => folder.join(own),
        _ => folder.parent().unwrap_or(folder).join(file),
    }
}

/// A key that a report file uses for something else.
fn reserved(form: &Form) -> Option<String> {
    let parts = form.parts();
    let lines = form.tables.values().flat_map(Table::lines);
    let inner = lines.flat_map(|line| {
        let columns = line.columns.iter().map(|column| &column.name);
        std::iter::once(&line.name).chain(columns)
    });
    let top = parts.iter().map(|part| &part.name);
    let taken = top.filter(|name| report::is_top_field(name));
    let taken = taken
        .chain(inner.filter(|name| report::is_cell_field(name)))
        .next()?;
    Some(format!("“{}”是报告文件中另一项的名称", taken.key))
}

/// A fault of the layout, in the file that it names.
fn in_layouts(folder: &Path, fault: &str) -> Problem {
    let problem = |file: PathBuf, line, message: &str| Problem {
        file,
        line,
        message: message.to_owned(),
    };
    if let Some((_, fault)) = fault.split_once("form-fault:") {
        return problem(folder.join("form.typ"), None, fault);
    }
    // layouts/2021/form.typ:6: expected comma
    let placed = fault.strip_prefix("layouts/").and_then(|fault| {
        let (file, rest) = fault.split_once(':')?;
        let (line, message) = rest.split_once(": ")?;
        Some((file, line.parse().ok()?, message))
    });
    match placed {
        Some((file, line, message)) => problem(path_of(folder, file), Some(line), message),
        None => problem(folder.join("layout.typ"), None, fault),
    }
}

/// A transcript, and how a declaration differs from it.
fn transcribed(form: &Form, path: &Path) -> (Option<Transcript>, Vec<Problem>) {
    let problem = |(line, message)| Problem {
        file: path.to_owned(),
        line,
        message,
    };
    let none = |message: &str| (None, vec![problem((None, message.to_owned()))]);
    let Ok(bytes) = fs::read(path) else {
        return none("没有誊录；据文件逐格写成，不要照 format.yaml 写");
    };
    let Ok(text) = String::from_utf8(bytes) else {
        return none("不是 UTF-8；另存为 UTF-8");
    };
    match Transcript::parse(text.trim_start_matches('\u{FEFF}')) {
        Ok(transcript) => {
            let differences = transcript.differences(form);
            (
                Some(transcript),
                differences.into_iter().map(problem).collect(),
            )
        }
        Err(fault) => (None, vec![problem(fault)]),
    }
}

/// The line that a fault is about: the one that it tells, or that of what it names, which is a label or a
/// key in quotes, or the last of its keys; in the table that it begins with.
fn line_of(text: &str, fault: &str) -> Option<usize> {
    let told = fault.split_once(" at line ").map(|(_, place)| place);
    let told = told.and_then(|place| {
        place
            .split(|c: char| !c.is_ascii_digit())
            .next()?
            .parse()
            .ok()
    });
    if told.is_some() {
        return told;
    }
    let table = fault
        .split_once('：')
        .map(|(table, _)| format!("\n  {table}:"));
    let start = table
        .and_then(|table| text.find(&table))
        .unwrap_or_default();
    let quoted = fault
        .split('“')
        .skip(1)
        .filter_map(|part| part.split('”').next());
    let keys = fault.split(|c: char| !(c.is_ascii_alphanumeric() || "_-".contains(c)));
    let keys: Vec<_> = keys.filter(|key| key.len() > 2).collect();
    let named = quoted
        .chain(keys.into_iter().rev())
        .filter(|name| !name.is_empty());
    // Of what stands twice, the second is the fault.
    let find = |name: &str| {
        if fault.ends_with("重复") {
            text[start..].rfind(&format!("key: {name}"))
        } else {
            text[start..].find(name)
        }
    };
    let at = start + named.into_iter().find_map(find)?;
    Some(text[..at].matches('\n').count() + 1)
}
