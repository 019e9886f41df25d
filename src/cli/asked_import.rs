//! What an import is asked for, and a process of its own that carries it out for one file.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{self, Command, Stdio};

use serde::{Deserialize, Serialize};

use super::apart;
use super::args::{ArchiveOutput, Import as Arguments};
use super::exit::Exit;
use crate::error::Error;
use crate::form::{Editions, Language};
use crate::import::{Answer, Wanted};
use crate::storage::{self, OwnDisk};

/// What is asked for, checked.
#[expect(clippy::struct_excessive_bools)] // one for each switch
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

/// The path of a report by agency and year below a folder; `None` if one is not known.
pub(super) fn filed(folder: &Path, answer: &Answer) -> Option<PathBuf> {
    let unsafe_in_names = |c: char| c.is_control() || "/\\:*?\"<>|".contains(c);
    let agency = answer.agency.replace(unsafe_in_names, "_");
    let agency = agency.trim().trim_start_matches('.');
    let known = !agency.is_empty() && !answer.year.is_empty();
    known.then(|| folder.join(agency).join(format!("{}.yaml", answer.year)))
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
