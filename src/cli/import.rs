//! `nianbao import`: a published report of another kind becomes a report file.
//!
//! A process of its own reads the file and tells what it found as one line of JSON; this one writes and prints.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub(super) use super::asked_import::Configuration;
use super::asked_import::{Imported, Outcome, ask, filed, write};
use super::exit::Exit;
use super::import_folder;
use super::print::{complain, say, say_json};
use crate::check::Policy;
use crate::diagnostic::Severity;
use crate::error::Error;
use crate::form::Editions;
use crate::import::{self, Answer, bounds};
use crate::pipeline::{Bound, Examiner};
use crate::source::{self, OwnFiles, Source};

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
        (None, Some(folder)) => {
            if let Some(path) = filed(folder, answer) {
                path
            } else {
                complain(
                    "error: the agency or the year was not recognised; give them with --agency and --year\n",
                );
                return Ok(Exit::ReportHasErrors);
            }
        }
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

/// The first file that is there and would be replaced.
fn occupied(path: &Path, answer: &Answer, configuration: &Configuration) -> Option<PathBuf> {
    let figures = answer
        .figures
        .iter()
        .map(|figure| path.with_file_name(&figure.name));
    let mut all = std::iter::once(path.to_owned()).chain(figures);
    all.find(|path| !configuration.replace && fs::symlink_metadata(path).is_ok())
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
