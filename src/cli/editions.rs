//! `nianbao editions`: the editions of the form, and the proof of a new one.

use std::path::{Path, PathBuf};

use super::args::Editions as Arguments;
use super::{Exit, complain, say};
use crate::error::Error;
use crate::format::{Editions, Format};
use crate::proof::{self, Flaw};
use crate::typeset::{FontOptions, Fonts};

pub(super) fn run(arguments: &Arguments) -> Result<Exit, Error> {
    match &arguments.check {
        None => list(),
        Some(folder) => prove(
            folder,
            arguments.transcript.as_ref(),
            &arguments.fonts.options(),
        ),
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
        Some(_) => "已停用",
    }
}

fn prove(
    folder: &Path,
    transcript: Option<&PathBuf>,
    options: &FontOptions,
) -> Result<Exit, Error> {
    let whole = std::fs::canonicalize(folder).map_err(|cause| Error::read(folder, cause))?;
    let name = whole.file_name().unwrap_or_default().to_string_lossy();
    // In a checkout layouts/ and tests/ stand beside each other.
    let above = folder.parent().and_then(Path::parent);
    let project = above.map_or_else(|| folder.join("../.."), Path::to_owned);
    let kept = || project.join("tests/forms").join(format!("{name}.txt"));
    let transcript = transcript.cloned().unwrap_or_else(kept);
    let proof = proof::prove(folder, &transcript, Fonts::load(options)?)?;
    for flaw in &proof.flaws {
        complain(&format!("{}\n", shown(flaw)));
    }
    if proof.flaws.is_empty() {
        say(&format!(
            "{}：{} 格，誊录、模式、栏宽和每格的位置都相符",
            folder.display(),
            proof.cells
        ));
        return Ok(Exit::Done);
    }
    complain(&format!(
        "{}：{} 处不符\n",
        folder.display(),
        proof.flaws.len()
    ));
    Ok(Exit::PartFailed)
}

/// A flaw as one line.
pub(super) fn shown(flaw: &Flaw) -> String {
    let line = flaw.line.map(|line| format!(":{line}")).unwrap_or_default();
    format!("{}{line}：{}", flaw.file.display(), flaw.message)
}
