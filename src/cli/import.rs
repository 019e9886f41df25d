//! `nianbao import`: a published report of another kind becomes a report file.
//!
//! A process of its own reads the file and tells what it found as one line of JSON; this one writes and prints.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{self, Command, Stdio};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::apart;
use super::args::{ArchiveOutput, Import as Arguments};
use super::exit::Exit;
use super::import_folder;
use super::print::{complain, say, say_json};
use crate::check::Policy;
use crate::diagnostic::Severity;
use crate::error::Error;
use crate::form::{Editions, Language};
use crate::import::{self, Answer, Wanted, bounds};
use crate::pipeline::{Bound, Examiner};
use crate::source::{self, OwnFiles, Source};
use crate::storage::{self, OwnDisk};

/// What is asked for, checked.
pub(super) struct Configuration {
    pub source: PathBuf,
    /// Where a single report goes, if it is named.
    pub report: Option<PathBuf>,
    /// The folder of reports by agency and year.
    pub into: Option<PathBuf>,
    pub wanted: Wanted,
    pub language: Language,
    pub is_json: bool,
    pub strict: bool,
    pub dry_run: bool,
    pub replace: bool,
}

impl Configuration {
    pub fn new(arguments: Arguments) -> Result<Self, String> {
        let is_folder = arguments.source.is_dir();
        let (report, into) = match (is_folder, arguments.output, arguments.into) {
            (true, Some(folder), None) | (true, None, Some(folder)) => (None, Some(folder)),
            (true, ..) => return Err("name the folder to write to".to_owned()),
            (false, report, into) => (report, into),
        };
        let printable = |name: &String| !name.contains(char::is_control) && !name.trim().is_empty();
        if !arguments.agency.iter().all(printable) {
            return Err("the agency's name has characters that cannot be printed".to_owned());
        }
        let editions = Editions::builtin().map_err(|cause| cause.to_string())?;
        if let Some(edition) = &arguments.edition
            && editions.named(edition).is_none()
        {
            return Err(format!(
                "there is no edition {edition}; `nianbao editions` lists them"
            ));
        }
        Ok(Self {
            source: arguments.source,
            report,
            into,
            wanted: Wanted {
                agency: arguments.agency,
                year: arguments.year,
                edition: arguments.edition,
            },
            language: arguments.lang,
            is_json: arguments.told == ArchiveOutput::Json,
            strict: arguments.strict,
            dry_run: arguments.dry_run,
            replace: arguments.replace,
        })
    }
}

/// What the process that reads a file tells.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Outcome {
    /// It is a report.
    Read(Box<Imported>),
    /// It is not read: the reason, in Chinese.
    Refused(String),
}

/// A file that was read, and checked as it was published.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Imported {
    #[serde(flatten)]
    pub answer: Answer,
    /// The digest of the report; `None` if an error keeps it from being one.
    pub digest: Option<String>,
    /// The balances that do not hold.
    pub unbalanced: usize,
    /// The errors of the check.
    pub errors: usize,
    /// The warnings of the check.
    pub warnings: usize,
}

impl Imported {
    pub fn is_exact(&self) -> bool {
        !self.answer.is_partial() && self.answer.counts.noted == 0
    }

    /// What was read and what the check says, in Chinese.
    pub fn summary(&self) -> String {
        let balances = if self.digest.is_some() || self.unbalanced > 0 {
            format!("；勾稽 {} 处不符", self.unbalanced)
        } else {
            "；勾稽没有全部核对".to_owned()
        };
        format!("{}{balances}", self.answer.summary())
    }
}

/// The bytes of the largest file that is read.
const MAX_FILE: usize = bounds::MAX_PDF;

pub(super) fn run(configuration: &Configuration, is_apart: bool) -> Result<Exit, Error> {
    if is_apart {
        return tell(configuration);
    }
    if configuration.source.is_dir() {
        return import_folder::run(configuration);
    }
    let imported = match ask(&configuration.source, configuration)? {
        Outcome::Read(imported) => imported,
        Outcome::Refused(reason) => {
            complain(&format!(
                "error: {}：{reason}\n",
                configuration.source.display()
            ));
            return Ok(Exit::ReportHasErrors);
        }
    };
    let answer = &imported.answer;
    let beside = || configuration.source.with_extension("yaml");
    let path = match (&configuration.report, &configuration.into) {
        (Some(report), _) => report.clone(),
        (None, Some(folder)) => match filed(folder, answer) {
            Some(path) => path,
            None => {
                complain(
                    "error: the agency or the year was not recognised; give them with --agency and --year\n",
                );
                return Ok(Exit::ReportHasErrors);
            }
        },
        (None, None) => beside(),
    };
    let keeps = configuration.dry_run || configuration.strict && !imported.is_exact();
    if !keeps && let Some(there) = occupied(&path, answer, configuration) {
        complain(&format!(
            "error: {} is there already; --replace replaces it\n",
            there.display()
        ));
        return Ok(Exit::WrongUsage);
    }
    if !keeps {
        write(&path, answer)?;
    }
    if configuration.is_json {
        let told = serde_json::json!({
            "file": configuration.source.display().to_string(),
            "written": (!keeps).then(|| path.display().to_string()),
            "import": imported,
        });
        say_json(&told);
    } else {
        let found = |found: &import::Told| {
            let line = found
                .line
                .map_or(String::new(), |line| format!("{}:{line}：", path.display()));
            say(&format!(
                "{line}{}：{}（{}）",
                said(&found.kind),
                found.message,
                found.place
            ));
        };
        answer.findings.iter().for_each(found);
        say(&imported.summary());
        if imported.errors + imported.warnings > 0 {
            let (errors, warnings) = (imported.errors, imported.warnings);
            say(&format!(
                "检查：{errors} 个错误，{warnings} 个警告；nianbao check --as-published 列出"
            ));
        }
        say(&match (keeps, configuration.dry_run) {
            (false, _) => format!("已生成 {}", path.display()),
            (true, true) => format!("会生成 {}", path.display()),
            (true, false) => "不是全部照原文，没有生成".to_owned(),
        });
    }
    Ok(if answer.is_partial() {
        Exit::PartFailed
    } else {
        Exit::Done
    })
}

/// The name of a kind of finding in Chinese.
fn said(kind: &str) -> &'static str {
    use import::FindingKind::{Assumed, Derived, LeftOut, Normalised, NotRecognised};
    let all = [NotRecognised, Assumed, Normalised, Derived, LeftOut];
    let own = all.into_iter().find(|own| own.name() == kind);
    own.map_or("", import::FindingKind::said)
}

/// The path of a report by agency and year below a folder; `None` if one is not known.
pub(super) fn filed(folder: &Path, answer: &Answer) -> Option<PathBuf> {
    let unsafe_in_names = |c: char| c.is_control() || "/\\:*?\"<>|".contains(c);
    let agency = answer.agency.replace(unsafe_in_names, "_");
    let agency = agency.trim().trim_start_matches('.');
    let known = !agency.is_empty() && !answer.year.is_empty();
    known.then(|| folder.join(agency).join(format!("{}.yaml", answer.year)))
}

/// The first file that is there and would be replaced.
fn occupied(path: &Path, answer: &Answer, configuration: &Configuration) -> Option<PathBuf> {
    let figures = answer
        .figures
        .iter()
        .map(|figure| path.with_file_name(&figure.name));
    let mut all = std::iter::once(path.to_owned()).chain(figures);
    all.find(|path| !configuration.replace && fs::symlink_metadata(path).is_ok())
}

/// Writes a report file and its figures.
pub(super) fn write(path: &Path, answer: &Answer) -> Result<(), Error> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder {
        fs::create_dir_all(folder).map_err(|cause| Error::write(folder, cause))?;
    }
    for figure in &answer.figures {
        storage::atomic(
            &OwnDisk,
            &path.with_file_name(&figure.name),
            &figure.bytes(),
        )?;
    }
    storage::atomic(&OwnDisk, path, answer.report.as_bytes())
}

/// Has a process of its own read a file.
pub(super) fn ask(file: &Path, configuration: &Configuration) -> Result<Outcome, Error> {
    let path = env::current_exe().map_err(|cause| Error::read("nianbao".as_ref(), cause))?;
    let mut command = Command::new(&path);
    command.args([apart::OPTION, &process::id().to_string()]);
    command.args(["import", "--lang", configuration.language.code()]);
    let Wanted {
        agency,
        year,
        edition,
    } = &configuration.wanted;
    let year = year.map(|year| year.to_string());
    for (option, value) in [
        ("--agency", agency),
        ("--year", &year),
        ("--edition", edition),
    ] {
        command.args(value.iter().flat_map(|value| [option, value]));
    }
    let output = command
        .arg("--")
        .arg(file)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output();
    let output = output.map_err(|cause| Error::read(&path, cause))?;
    let told = serde_json::from_slice(&output.stdout);
    match (output.status.code().and_then(Exit::of), told) {
        (Some(Exit::Done), Ok(outcome)) => Ok(outcome),
        (Some(_), _) => {
            let bytes = fs::metadata(file).and_then(|_| fs::File::open(file));
            let cause = bytes
                .err()
                .unwrap_or_else(|| std::io::Error::other("it could not be read"));
            Err(Error::read(file, cause))
        }
        (None, _) => Ok(Outcome::Refused(apart::exceeded(
            &output.status.to_string(),
        ))),
    }
}

/// Reads a file, and tells what it is.
fn tell(configuration: &Configuration) -> Result<Exit, Error> {
    let file = &configuration.source;
    let bytes = source::read(file, MAX_FILE).map_err(|cause| Error::read(file, cause))?;
    let editions = Editions::builtin()?;
    let Configuration {
        wanted, language, ..
    } = configuration;
    let outcome = match import::import(&bytes, &editions, wanted, *language) {
        Err(refusal) => Outcome::Refused(refusal.to_string()),
        Ok(answer) => Outcome::Read(Box::new(checked(answer, file, &editions)?)),
    };
    let told = serde_json::to_value(&outcome).map_err(|cause| Error::Pipe {
        cause: cause.into(),
    })?;
    say_json(&told);
    Ok(Exit::Done)
}

/// An import with what the check of a published report says of it.
fn checked(answer: Answer, file: &Path, editions: &Editions) -> Result<Imported, Error> {
    let mut policy = Policy::default();
    policy.as_published = true;
    let examiner = Examiner::reading(editions, Arc::new(OwnFiles), policy, [])?;
    let path = file.with_file_name(format!("{}.yaml", answer.year));
    let bytes = answer.report.clone().into_bytes();
    let examined = examiner.examine(&path, bytes.clone())?;
    let form = editions.named(&answer.edition);
    let tables = form.iter().flat_map(|form| form.tables.values());
    let rules: Vec<&str> = tables
        .flat_map(|table| &table.rules)
        .map(|rule| rule.id.as_str())
        .collect();
    let is_balance = |id: &str| id == "wrong-total" || rules.contains(&id);
    let count = |severity: Severity| {
        let all = examined.findings.iter();
        all.filter(|found| found.severity == severity).count()
    };
    let unbalanced = examined
        .findings
        .iter()
        .filter(|found| is_balance(found.rule.id))
        .count();
    let bound = Bound::new(Source::from_bytes(&path, bytes), editions);
    let digest = match &bound.report {
        Some(report) if examined.report.is_some() => {
            let find = |name: &str| answer.figures.iter().position(|figure| figure.name == name);
            let contents: Vec<Vec<u8>> = answer.figures.iter().map(import::Kept::bytes).collect();
            let find = |name: &str| find(name).map(|at| contents[at].as_slice());
            let (figures, _) = crate::report::load_kept_figures(report, find);
            Some(report.digest(&figures)?.to_string())
        }
        _ => None,
    };
    Ok(Imported {
        digest,
        unbalanced,
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
        answer,
    })
}
