//! `nianbao editions`: the editions of the form, and the proof of a new one.

use std::path::Path;
use std::{env, fs};

use super::args::Editions as Arguments;
use super::{Exit, complain, say};
use crate::archive;
use crate::error::Error;
use crate::format::{Editions, Format};
use crate::proof::{self, Flaw};
use crate::typeset::Fonts;

pub(super) fn run(arguments: &Arguments) -> Result<Exit, Error> {
    match &arguments.check {
        None => list(),
        Some(folder) => prove(folder, arguments),
    }
}

fn list() -> Result<Exit, Error> {
    for format in Editions::builtin()?.all() {
        let Format {
            edition, decree, ..
        } = format.as_ref();
        say(&format!(
            "{edition:10} {:10} {}，{decree}",
            years(format),
            state(format)
        ));
        let keys = format.sections.iter().flat_map(|section| &section.tables);
        for (key, table) in keys.filter_map(|key| format.tables.get_key_value(key)) {
            let cells: usize = table.lines().iter().map(|line| line.columns.len()).sum();
            let source = format.shared.tables.get(key);
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

fn years(format: &Format) -> String {
    match format.years.map(|years| (years.from, years.to)) {
        None => "—".to_owned(),
        Some((from, None)) => format!("{from}—"),
        Some((from, Some(to))) if from == to => from.to_string(),
        Some((from, Some(to))) => format!("{from}—{to}"),
    }
}

fn state(format: &Format) -> &'static str {
    match format.years {
        _ if format.draft => "誊录未与文件核对",
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
    let proof = proof::prove(folder, &transcript, fonts)?;
    if let (Some(path), Some(pdf)) = (&arguments.pdf, &proof.pdf) {
        archive::atomic(path, pdf)?;
        say(&format!("已生成 {}", path.display()));
    }
    for flaw in &proof.flaws {
        complain(&format!("{}\n", shown(flaw)));
    }
    let folder = folder.display();
    if proof.flaws.is_empty() {
        let cells = proof.cells;
        say(&format!(
            "{folder}：{cells} 格，誊录、模式、栏宽和每格的位置都相符"
        ));
        return Ok(Exit::Done);
    }
    complain(&format!("{folder}：{} 处不符\n", proof.flaws.len()));
    Ok(Exit::PartFailed)
}

/// What is wrong with a folder that has no edition in it.
pub(super) fn no_edition(folder: &Path) -> Option<String> {
    let message = format!("error: there is no format.yaml in {}\n", folder.display());
    (!folder.join("format.yaml").is_file()).then_some(message)
}

/// A flaw as one line.
pub(super) fn shown(flaw: &Flaw) -> String {
    let line = flaw.line.map(|line| format!(":{line}")).unwrap_or_default();
    format!("{}{line}：{}", flaw.file.display(), flaw.message)
}
