//! `nianbao new`: a report file to fill in.

use crate::storage::{self, OwnDisk};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::args::New;
use super::exit::Exit;
use super::print::{complain, complain_of, say};
use crate::authoring::schema;
use crate::authoring::{self, Template};
use crate::diagnostic::{self, Diagnostic, Severity};
use crate::error::Error;
use crate::form::{Editions, Form, Language};
use crate::pipeline::{Bound, report_of};
use crate::report::Report;
use crate::report::rules::NOT_FILLED;
use crate::source::{OwnFiles, Source};

/// The report of the year before, and the language of its keys.
type Before = (Report, Language);

pub(super) fn run(arguments: &New) -> Result<Exit, Error> {
    let editions = Editions::builtin()?;
    let year = arguments.year;
    let output = arguments.output.clone();
    let output = output.unwrap_or_else(|| PathBuf::from(format!("{year}.yaml")));
    if arguments.agency.contains(char::is_control) {
        complain("error: the agency's name has characters that cannot be printed\n");
        return Ok(Exit::WrongUsage);
    }
    let usage = |message: String| {
        complain(&format!("error: {message}\n"));
        Ok(Exit::WrongUsage)
    };
    let Some(form) = editions.for_year(year) else {
        return usage(format!("no edition of the form is for reports on {year}"));
    };
    if fs::symlink_metadata(&output).is_ok() {
        return usage(format!(
            "{} is there already and is not replaced",
            output.display()
        ));
    }
    let previous = match &arguments.previous {
        None => beside(arguments, &output, &editions)?,
        Some(path) => {
            let bound = Bound::new(Source::read(path)?, &editions);
            let Some(previous) = bound.report else {
                let paint = super::check::paint(&std::io::stderr());
                complain_of(&diagnostic::render(&bound.findings, &bound.source, paint));
                return Ok(Exit::ReportHasErrors);
            };
            if previous.year + 1 != year {
                let year = previous.year;
                return usage(format!(
                    "the report of the year before is wanted; --previous is on {year}"
                ));
            }
            Some((previous, authoring::language(&bound.source)))
        }
    };
    let folder = output
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
        return Err(Error::read(folder, io::Error::other("it is not a folder")));
    }
    write(arguments, &editions, form, previous.as_ref(), &output)
}

/// The report of the year before that stands beside the new file, as `check` finds it; one that is of no use is
/// named and left alone.
fn beside(arguments: &New, output: &Path, editions: &Editions) -> Result<Option<Before>, Error> {
    let folder = output.parent().unwrap_or(Path::new(""));
    let last = arguments.year - 1;
    let Some(path) = report_of(&OwnFiles, folder, last)? else {
        return Ok(None);
    };
    let shown = path.display();
    let Bound { report, source, .. } = Bound::new(Source::read(&path)?, editions);
    let reason = match report {
        None => "has errors".to_owned(),
        Some(report) if report.year != last => format!("is on {}", report.year),
        Some(report) if report.agency.text != arguments.agency.trim() => {
            format!("is of {}", report.agency.text)
        }
        Some(report) => {
            say(&format!("上年度的报告：{shown}"));
            return Ok(Some((report, authoring::language(&source))));
        }
    };
    complain(&format!(
        "warning: {shown} {reason}, so nothing is taken from it; name it with --previous to take it\n"
    ));
    Ok(None)
}

fn write(
    arguments: &New,
    editions: &Editions,
    form: &Form,
    previous: Option<&Before>,
    output: &Path,
) -> Result<Exit, Error> {
    let of_before = previous.map(|(_, language)| *language);
    let language = arguments.lang.or(of_before).unwrap_or_default();
    let (schema, beside) = schema_for(output, form, language);
    let template = Template {
        form,
        language,
        agency: arguments.agency.trim(),
        year: arguments.year,
        previous: previous.map(|(report, _)| report),
        zeros: arguments.zeros,
    };
    let text = template.text(&schema);
    // An agency or a heading that cannot be in a report file is refused before anything is written.
    let source = Source::from_bytes(output, text.clone().into_bytes());
    let bound = Bound::new(source, editions);
    let mut errors = bound.findings.iter();
    let fault =
        |finding: &&Diagnostic| finding.severity == Severity::Error && finding.rule != NOT_FILLED;
    if let Some(first) = errors.find(fault) {
        complain(&format!("error: {}\n", first.message));
        return Ok(Exit::WrongUsage);
    }
    if let Some(path) = beside
        && fs::symlink_metadata(&path).is_err()
    {
        storage::atomic(&OwnDisk, &path, schema::schema(form, language).as_bytes())?;
        say(&format!("已生成 {}，供编辑器提示", path.display()));
    }
    storage::atomic(&OwnDisk, output, text.as_bytes())?;
    say(&format!(
        "已生成 {}，请填写后运行 nianbao check {0}",
        output.display()
    ));
    Ok(Exit::Done)
}

/// The path of the schema as the report names it, and the file to write if there is none: in a checkout the
/// schema stands beside the form, elsewhere it is put beside the report.
fn schema_for(output: &Path, form: &Form, language: Language) -> (String, Option<PathBuf>) {
    let file = schema::file_name(language);
    let folder = output
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let whole = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    let kept = Path::new("layouts").join(&form.edition).join(file);
    for (up, ancestor) in whole.ancestors().enumerate() {
        if ancestor.join(&kept).is_file() {
            let path = format!("{}layouts/{}/{file}", "../".repeat(up), form.edition);
            return (path, None);
        }
    }
    let name = format!("{}.{file}", form.edition);
    let path = output.with_file_name(&name);
    (name, Some(path))
}
