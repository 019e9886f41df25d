//! `nianbao import FOLDER OUTPUT`: every file that can be a report, several at once.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use walkdir::WalkDir;

use super::asked_import::{Configuration, Imported, Outcome, ask, filed, write};
use super::exit::Exit;
use super::print::{say, say_json};
use crate::authoring;
use crate::error::Error;
use crate::form::Editions;
use crate::parallel;
use crate::source::Source;

/// The endings of files that are no reports whatever they hold, and are passed over.
const OTHERS: [&str; 12] = [
    "yaml", "yml", "json", "md", "css", "js", "zip", "rar", "7z", "exe", "ini", "db",
];

pub(super) fn run(configuration: &Configuration) -> Result<Exit, Error> {
    let source = &configuration.source;
    let output = configuration.into.clone().unwrap_or_default();
    let files = files(source, &output)?;
    let never = AtomicBool::new(false);
    let mut run = Run {
        configuration,
        output,
        kept: BTreeMap::new(),
        is_partial: false,
    };
    let ended: Result<(), Error> = parallel::in_order(
        &files,
        parallel::threads(),
        &never,
        |file: &PathBuf| (file.clone(), ask(file, configuration)),
        |outcomes: &mut dyn Iterator<Item = Asked>| {
            for (file, outcome) in outcomes {
                run.take(&file, outcome)?;
            }
            Ok(())
        },
    );
    ended?;
    if !configuration.is_json {
        let reports: usize = run.kept.values().map(Vec::len).sum();
        say(&format!("{} 个文件，{reports} 份年报", files.len()));
    }
    Ok(if run.is_partial {
        Exit::PartFailed
    } else {
        Exit::Done
    })
}

/// The files of a folder in order, without those of the output, hidden ones and links.
fn files(source: &Path, output: &Path) -> Result<Vec<PathBuf>, Error> {
    let own = fs::canonicalize(output).ok();
    let mut files = Vec::new();
    let shown = |entry: &walkdir::DirEntry| {
        let name = entry.file_name().to_string_lossy();
        let is_own = own.is_some() && fs::canonicalize(entry.path()).ok() == own;
        entry.depth() == 0 || !(name.starts_with(['.', '~']) || is_own)
    };
    for entry in WalkDir::new(source)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(shown)
    {
        let entry = entry.map_err(|cause| Error::read(source, cause.into()))?;
        let ending = entry.path().extension().and_then(|ending| ending.to_str());
        let ending = ending.map(str::to_ascii_lowercase).unwrap_or_default();
        if entry.file_type().is_file() && !OTHERS.contains(&ending.as_str()) {
            files.push(entry.into_path());
        }
    }
    Ok(files)
}

/// A file and what came of it.
type Asked = (PathBuf, Result<Outcome, Error>);

struct Run<'a> {
    configuration: &'a Configuration,
    output: PathBuf,
    /// The reports by their usual path: where each stands, its digest, and its text.
    kept: BTreeMap<PathBuf, Vec<Kept>>,
    is_partial: bool,
}

struct Kept {
    path: PathBuf,
    digest: Option<String>,
    report: String,
}

impl Run<'_> {
    fn take(&mut self, file: &Path, outcome: Result<Outcome, Error>) -> Result<(), Error> {
        let (written, said, imported) = match outcome {
            // One bad file costs itself.
            Err(cause) => {
                self.is_partial = true;
                (None, cause.to_string(), None)
            }
            Ok(Outcome::Refused(reason)) => {
                self.is_partial = true;
                (None, reason, None)
            }
            Ok(Outcome::Read(imported)) => {
                let (written, said) = self.keep(&imported)?;
                self.is_partial |= imported.answer.is_partial();
                (written, said, Some(imported))
            }
        };
        if self.configuration.is_json {
            say_json(&serde_json::json!({
                "file": file.display().to_string(),
                "written": written.map(|path| path.display().to_string()),
                "said": said,
                "findings": imported.as_ref().map(|imported| &imported.answer.findings),
                "counts": imported.as_ref().map(|imported| &imported.answer.counts),
            }));
        } else {
            let arrow = written.map_or(String::new(), |path| format!(" → {}", path.display()));
            say(&format!("{}{arrow}：{said}", file.display()));
        }
        Ok(())
    }

    /// Writes a report, unless it is there already; returns where, and what is said of it.
    fn keep(&mut self, imported: &Imported) -> Result<(Option<PathBuf>, String), Error> {
        let configuration = self.configuration;
        let summary = imported.summary();
        let Some(usual) = filed(&self.output, &imported.answer) else {
            self.is_partial = true;
            return Ok((
                None,
                format!(
                    "没有认出机关或年度，没有生成；单独导入，用 --agency、--year 写明；{summary}"
                ),
            ));
        };
        if configuration.strict && !imported.is_exact() {
            return Ok((None, format!("不是全部照原文，没有生成；{summary}")));
        }
        let others = self.kept.entry(usual.clone()).or_default();
        let same = |kept: &&Kept| imported.digest.is_some() && kept.digest == imported.digest;
        if let Some(same) = others.iter().find(same) {
            return Ok((None, format!("与 {} 内容相同", same.path.display())));
        }
        let mut number = others.len() + 1;
        let numbered = |number: usize| match number {
            1 => usual.clone(),
            number => usual.with_file_name(format!("{}-{number}.yaml", imported.answer.year)),
        };
        while !configuration.replace && fs::symlink_metadata(numbered(number)).is_ok() {
            number += 1;
        }
        let path = numbered(number);
        let mut answer = imported.answer.clone();
        if number > 1 {
            // Its figures have names of their own too.
            for figure in &mut answer.figures {
                let name = format!("{}-{number}-{}", answer.year, figure.name);
                answer.report = answer
                    .report
                    .replace(&format!("]({})", figure.name), &format!("]({name})"));
                figure.name = name;
            }
        }
        let mut said = summary;
        if let Some(first) = others.first() {
            let cells = differing(&first.report, &answer.report)?;
            let shown = first.path.display();
            said = if cells.is_empty() {
                format!("各格与 {shown} 相同，文字不同，都留下；{said}")
            } else {
                format!(
                    "与 {shown} 有 {} 格不同，都留下：{}；{said}",
                    cells.len(),
                    cells.join("、")
                )
            };
        }
        if !configuration.dry_run {
            write(&path, &answer)?;
        }
        others.push(Kept {
            path: path.clone(),
            digest: imported.digest.clone(),
            report: answer.report,
        });
        Ok((Some(path), said))
    }
}

/// The cells in which two report files differ, with both values.
fn differing(one: &str, other: &str) -> Result<Vec<String>, Error> {
    let editions = Editions::builtin()?;
    let read = |text: &str| {
        let source = Source::from_bytes(Path::new(""), text.as_bytes().to_vec());
        authoring::read(&source, &editions)
            .value
            .unwrap_or_default()
    };
    let (one, other) = (read(one), read(other));
    let mut found = Vec::new();
    let Some(form) = editions
        .named(&one.edition)
        .filter(|_| one.edition == other.edition)
    else {
        return Ok(vec!["格式".to_owned()]);
    };
    for (key, table) in &form.tables {
        for (at, line) in table.lines().iter().enumerate() {
            for (column, own) in line.columns.iter().enumerate() {
                let value = |report: &authoring::RawReport| {
                    let line = report.tables.get(key)?.get(at)?.as_ref()?;
                    Some(line.get(column)?.as_ref()?.value.clone())
                };
                let (one, other) = (value(&one), value(&other));
                if one != other {
                    let [one, other] = [one, other].map(Option::unwrap_or_default);
                    let (line, own) = (&line.name.term, &own.name.term);
                    found.push(format!("{line}／{own} {one} 和 {other}"));
                }
            }
        }
    }
    Ok(found)
}
