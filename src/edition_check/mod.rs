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
use crate::form::{DeclarationFault, Editions, Entry, Form, Language, Table, Transcript};
use crate::layouts::Layouts;
use crate::report;
use crate::typeset::Fonts;

/// A fault of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file.
    pub file: PathBuf,
    /// The line, from 1, if it is known.
    pub line: Option<usize>,
    /// The fault, in Chinese.
    pub message: String,
}

/// The result of a check.
#[derive(Clone, Debug, Default)]
pub struct Proof {
    /// The number of values of its tables.
    pub cells: usize,
    /// The pages of a made-up report as a PDF, if there are any.
    pub pdf: Option<Vec<u8>>,
    /// The faults.
    pub problems: Vec<Problem>,
}

/// The edition in a folder, and all others; a problem if its declaration is invalid. If the folders beside
/// it are layouts too, they replace those that are compiled in.
///
/// # Errors
/// If a file cannot be read.
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
        Err(Error::Declaration { file, line, cause }) => Err(declared(folder, &file, line, cause)),
        Err(error) => return Err(error),
    })
}

/// A fault of a declaration. `file` is its path below the layouts.
fn declared(folder: &Path, file: &str, line: Option<usize>, cause: String) -> Problem {
    Problem {
        file: path_of(folder, file),
        line,
        message: cause,
    }
}

/// Proves a folder. `transcript` is the transcript of its tables.
///
/// # Errors
/// If a file cannot be read, or the fonts.
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
        Err(Error::Declaration { file, line, cause }) => {
            return Ok(flawed(declared(folder, &file, line, cause)));
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
    if let Some(fault) = reserved(form)
        && let Error::Declaration { file, line, cause } = editions.fault(&name, fault)
    {
        return Ok(flawed(declared(folder, &file, line, cause)));
    }
    let (transcribed, mut problems) = transcribed(form, transcript);
    for language in Language::ALL {
        let file = schema::file_name(language);
        let kept = fs::read(folder.join(file)).unwrap_or_default();
        if kept != schema::schema(form, language).as_bytes() {
            let lang = match language {
                Language::English => String::new(),
                Language::Chinese => format!(" --lang {}", language.code()),
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
    let transcribed =
        transcribed.filter(|_| problems.iter().all(|problem| problem.file != transcript));
    let (pdf, drawn) = pages::drawn(form, &editions, fonts)?;
    problems.extend(drawn.iter().map(|fault| in_layouts(folder, fault)));
    if let (Some(pdf), Some(transcribed)) = (&pdf, transcribed) {
        let misplaced = pages::misplaced(pdf, form, &transcribed)?;
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

/// A key that a report file uses for another field.
fn reserved(form: &Form) -> Option<DeclarationFault> {
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
    let cause = format!("“{}”是报告文件中另一项的名称", taken.key);
    Some(DeclarationFault::new(Entry::of("key", &taken.key), cause))
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
