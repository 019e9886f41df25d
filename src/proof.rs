//! Proves the folder of an edition before it is compiled in: its declaration, its transcript, its
//! schemas, and pages on which every value stands where it belongs.

use std::fs;
use std::path::{Path, PathBuf};

use crate::check::Checker;
use crate::error::Error;
use crate::format::{CellKind, Column, Content, Editions, Format, Language, Table, Transcript};
use crate::layouts::Layouts;
use crate::record::{Record, read_back};
use crate::report::{self, Report, field};
use crate::schema;
use crate::source::Source;
use crate::typeset::{Engine, Fonts, Order};

/// What is wrong with a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
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
    /// What is wrong.
    pub flaws: Vec<Flaw>,
}

/// The layouts with the folder of an edition, and with the folders beside it where those are layouts
/// too: what is worked on goes before what is compiled in.
///
/// # Errors
/// When a folder cannot be read.
pub fn layouts_with(folder: &Path) -> Result<Layouts, Error> {
    let folder = fs::canonicalize(folder).map_err(|cause| Error::read(folder, cause))?;
    let mut layouts = Layouts::builtin();
    let beside = folder.parent().filter(|all| all.join("common").is_dir());
    let mut folders = vec![folder.clone()];
    if let Some(all) = beside {
        let failed = |cause| Error::read(all, cause);
        for entry in fs::read_dir(all).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            folders.extend(Some(path).filter(|path| path.is_dir()));
        }
    }
    for folder in folders {
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        layouts = layouts.with(&name, &folder)?;
    }
    Ok(layouts)
}

/// The edition that stands in a folder, and all others; a flaw where its declaration is none.
///
/// # Errors
/// When a file cannot be read.
pub fn edition_in(folder: &Path) -> Result<Result<(Editions, String), Flaw>, Error> {
    let file = folder.join("format.yaml");
    let text = fs::read(&file).map_err(|cause| Error::read(&file, cause))?;
    let text = String::from_utf8_lossy(&text).into_owned();
    let whole = fs::canonicalize(folder).map_err(|cause| Error::read(folder, cause))?;
    let name = whole
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    Ok(match Editions::read(layouts_with(folder)?) {
        Ok(editions) => Ok((editions, name)),
        Err(Error::Declaration { file: other, cause }) => {
            let own = other == format!("{name}/format.yaml");
            let line = own.then(|| line_of(&text, &cause)).flatten();
            Err(Flaw {
                file: if own {
                    file
                } else {
                    whole.with_file_name("").join(other)
                },
                line,
                message: cause,
            })
        }
        Err(error) => return Err(error),
    })
}

/// Proves a folder. `transcript` is the transcript of its tables.
///
/// # Errors
/// When a file cannot be read, or the fonts.
pub fn prove(folder: &Path, transcript: &Path, fonts: Fonts) -> Result<Proof, Error> {
    let flawed = |flaw| Proof {
        cells: 0,
        flaws: vec![flaw],
    };
    let (editions, name) = match edition_in(folder)? {
        Ok(found) => found,
        Err(flaw) => return Ok(flawed(flaw)),
    };
    let at = |file: &str, message: String| Flaw {
        file: folder.join(file),
        line: None,
        message,
    };
    if let Err(error) = Checker::new(&editions) {
        return Ok(flawed(at("format.yaml", error.to_string())));
    }
    let Some(format) = editions.named(&name) else {
        return Ok(flawed(at("format.yaml", format!("没有格式 {name}"))));
    };
    let mut flaws = transcribed(format, transcript);
    for language in [Language::English, Language::Chinese] {
        let file = schema::file_name(language);
        let kept = fs::read(folder.join(file)).unwrap_or_default();
        if kept != schema::schema(format, language).as_bytes() {
            let lang = if language == Language::Chinese {
                " --lang zh"
            } else {
                ""
            };
            let command = format!("nianbao schema {}{lang}", folder.display());
            flaws.push(at(
                file,
                format!("没有，或与格式不一致；用 {command} 的输出替换"),
            ));
        }
    }
    if !folder.join("README.md").is_file() {
        flaws.push(at(
            "README.md",
            "没有；写明文号、年度和各表的来历".to_owned(),
        ));
    }
    flaws.extend(
        drawn(format, &editions, fonts)?
            .into_iter()
            .map(|message| at("layout.typ", message)),
    );
    let lines = format.tables.values().flat_map(Table::lines);
    Ok(Proof {
        cells: lines.map(|line| line.columns.len()).sum(),
        flaws,
    })
}

/// How a declaration differs from its transcript.
fn transcribed(format: &Format, path: &Path) -> Vec<Flaw> {
    let flaw = |(line, message)| Flaw {
        file: path.to_owned(),
        line,
        message,
    };
    let Ok(text) = fs::read_to_string(path) else {
        let message = "没有誊录；据文件逐格写成，不要照 format.yaml 写";
        return vec![flaw((None, message.to_owned()))];
    };
    match Transcript::parse(&text) {
        Ok(transcript) => transcript
            .differences(format)
            .into_iter()
            .map(flaw)
            .collect(),
        Err(fault) => vec![flaw(fault)],
    }
}

/// What is wrong with pages on which each cell has a value of its own.
fn drawn(format: &Format, editions: &Editions, fonts: Fonts) -> Result<Vec<String>, Error> {
    let source = Source::from_bytes(Path::new("report.yaml"), numbered(format).into_bytes());
    let outcome = report::bind(&source, editions);
    let Some(report) = outcome.value else {
        let findings = outcome.findings.into_iter().map(|finding| finding.message);
        return Ok(findings.collect());
    };
    let engine = Engine::new(editions, fonts)?;
    let outcome = match engine.compile(&Order::public(&report, &[])) {
        Ok(outcome) => outcome,
        Err(Error::Layout(message)) => {
            let fault = message
                .split_once("form-fault:")
                .map(|(_, fault)| fault.to_owned());
            return Ok(vec![fault.unwrap_or(message)]);
        }
        Err(error) => return Err(error),
    };
    let Some(document) = outcome.value else {
        let findings = outcome.findings.into_iter().map(|finding| finding.message);
        return Ok(findings.collect());
    };
    misplaced(&document.to_pdf()?, &report)
}

/// Which values are not on the page as they are in the report.
fn misplaced(pdf: &[u8], report: &Report) -> Result<Vec<String>, Error> {
    let read = Record::open(pdf).and_then(|record| read_back(&record, report));
    let read = read.map_err(|fault| Error::Export(fault.to_string()))?;
    let said = read.differences.iter().map(|difference| {
        let found = difference.found.as_ref().map_or("没有", |(text, _)| text);
        format!(
            "“{}”的“{}”应印 {}，页面上为 {found}",
            difference.line, difference.column, difference.expected
        )
    });
    Ok(said.collect())
}

/// The text of a report whose values are numbered from 1, so that each has one of its own.
#[must_use]
pub fn numbered(format: &Format) -> String {
    let mut number = 0;
    filled(format, |column| {
        number += 1;
        let unit = column.measure.unit.as_deref().unwrap_or_default();
        match column.measure.kind {
            CellKind::Count | CellKind::Amount => number.to_string(),
            CellKind::Change => format!("+{number}"),
            CellKind::AmountWithUnit => format!("{number}{unit}"),
        }
    })
}

/// The text of a report in an edition, with its values as `value` writes them.
#[must_use]
pub fn filled(format: &Format, mut value: impl FnMut(&Column) -> String) -> String {
    let year = format.years.map_or(field::FIRST_YEAR, |years| years.from);
    let edition = &format.edition;
    let mut text = format!("format: \"{edition}\"\nagency: 某某市某某局\nyear: {year}\n");
    for part in format.parts() {
        let key = &part.name.key;
        match part.content {
            Content::Prose => text.push_str(&format!("{key}: 文字。\n")),
            Content::Titled => {
                text.push_str(&format!("{key}: [{{title: 一、标题, text: 文字。}}]\n"));
            }
            Content::Table(table) => {
                text.push_str(&format!("{key}:\n"));
                for line in table.lines() {
                    let values: Vec<String> = line.columns.iter().map(&mut value).collect();
                    let values = match values.as_slice() {
                        [only] => only.clone(),
                        several => format!("[{}]", several.join(", ")),
                    };
                    text.push_str(&format!("  {}: {values}\n", line.name.key));
                }
            }
        }
    }
    text
}

/// The line that a fault is about: the one that it tells, or the first that has what it names, which is
/// a label in quotes, or the last of its keys.
fn line_of(text: &str, fault: &str) -> Option<usize> {
    let told = fault.rsplit_once(" at line ").map(|(_, place)| place);
    if let Some(line) = told.and_then(|place| place.split(' ').next()?.parse().ok()) {
        return Some(line);
    }
    let quoted = fault
        .split('“')
        .skip(1)
        .filter_map(|part| part.split('”').next());
    let keys = fault.split(|c: char| !(c.is_ascii_alphanumeric() || "_-".contains(c)));
    let keys: Vec<_> = keys.filter(|key| key.len() > 2).collect();
    let named = quoted.chain(keys.into_iter().rev());
    let at = named
        .filter(|name| !name.is_empty())
        .find_map(|name| text.find(name))?;
    Some(text[..at].matches('\n').count() + 1)
}
