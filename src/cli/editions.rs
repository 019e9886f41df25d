//! `nianbao editions`: the editions of the form, and the proof of a new one.

use crate::storage::{self, OwnDisk};
use std::path::Path;
use std::{env, fs};

use super::args::Editions as Arguments;
use super::exit::Exit;
use super::print::{complain, say};
use crate::edition_check::{self, Problem};
use crate::error::Error;
use crate::form::{Editions, Form};
use crate::typeset::Fonts;

pub(super) fn run(arguments: &Arguments) -> Result<Exit, Error> {
    match &arguments.check {
        None => list(),
        Some(folder) => prove(folder, arguments),
    }
}

fn list() -> Result<Exit, Error> {
    for form in Editions::builtin()?.all() {
        let Form {
            edition, decree, ..
        } = form.as_ref();
        say(&format!(
            "{edition:10} {:10} {}，{decree}",
            years(form),
            state(form)
        ));
        let keys = form.sections.iter().flat_map(|section| &section.tables);
        for (key, table) in keys.filter_map(|key| form.tables.get_key_value(key)) {
            let cells: usize = table.lines().iter().map(|line| line.columns.len()).sum();
            let source = form.shared.tables.get(key);
            let source = source.map(|name| format!("，同 {name}"));
            let source = source.unwrap_or_default();
            say(&format!(
                "  {key:10} {:3} 行 {cells:3} 格{source}",
                table.lines().len()
            ));
        }
    }
    Ok(Exit::Done)
}

fn years(form: &Form) -> String {
    match form.years.map(|years| (years.from, years.to)) {
        None | Some((None, None)) => "—".to_owned(),
        Some((None, Some(to))) => format!("—{to}"),
        Some((Some(from), None)) => format!("{from}—"),
        Some((Some(from), Some(to))) if from == to => from.to_string(),
        Some((Some(from), Some(to))) => format!("{from}—{to}"),
    }
}

fn state(form: &Form) -> &'static str {
    match form.years {
        _ if form.draft => "誊录未与文件核对",
        _ if form.tables.is_empty() => "各部分自拟",
        None => "未曾规定，见于公布的报告",
        Some(years) if years.to.is_none() => "现行",
        Some(_) => "已有新的格式",
    }
}

fn prove(folder: &Path, arguments: &Arguments) -> Result<Exit, Error> {
    if let Some(fault) = no_edition(folder) {
        complain(&fault);
        return Ok(Exit::WrongUsage);
    }
    let whole = fs::canonicalize(folder).map_err(|cause| Error::read(folder, cause))?;
    let name = whole.file_name().unwrap_or_default().to_string_lossy();
    // In a checkout layouts/ and tests/ stand beside each other.
    let kept = || {
        let here = env::current_dir().unwrap_or_default();
        let project = whole.parent().and_then(Path::parent).unwrap_or(&whole);
        let path = project.join("tests/forms").join(format!("{name}.txt"));
        path.strip_prefix(here).map(Path::to_owned).unwrap_or(path)
    };
    let transcript = arguments.transcript.clone().unwrap_or_else(kept);
    let fonts = Fonts::load(&arguments.fonts.options())?;
    let proof = edition_check::prove(folder, &transcript, fonts)?;
    if let (Some(path), Some(pdf)) = (&arguments.pdf, &proof.pdf) {
        storage::output(&OwnDisk, path, pdf)?;
        say(&format!("已生成 {}", path.display()));
    }
    for problem in &proof.problems {
        complain(&format!("{}\n", shown(problem)));
    }
    let folder = folder.display();
    if proof.problems.is_empty() {
        let cells = proof.cells;
        say(&format!(
            "{folder}：{cells} 格，誊录、模式、栏宽和每格的位置都相符"
        ));
        return Ok(Exit::Done);
    }
    complain(&format!("{folder}：{} 处不符\n", proof.problems.len()));
    Ok(Exit::PartFailed)
}

/// The message about a folder without an edition in it.
pub(super) fn no_edition(folder: &Path) -> Option<String> {
    let message = format!("error: there is no format.yaml in {}\n", folder.display());
    (!folder.join("format.yaml").is_file()).then_some(message)
}

/// A problem as one line.
pub(super) fn shown(problem: &Problem) -> String {
    let line = problem
        .line
        .map(|line| format!(":{line}"))
        .unwrap_or_default();
    format!("{}{line}：{}", problem.file.display(), problem.message)
}
