//! `nianbao verify`: whether a report is the one whose digest stands on paper.

use std::path::Path;

use super::args::Verify;
use super::{Exit, check, complain, say};
use crate::diagnostic;
use crate::error::Error;
use crate::format::Editions;
use crate::report::{bind, load_figures};
use crate::source::Source;

pub(super) fn run(arguments: &Verify) -> Result<Exit, Error> {
    let path = &arguments.report;
    let source = Source::read(path)?;
    let bound = bind(&source, &Editions::builtin()?);
    let mut findings = bound.findings;
    let mut digest = None;
    if let Some(report) = bound.value {
        let (figures, faults) = load_figures(&report, path.parent().unwrap_or(Path::new("")));
        if !diagnostic::has_errors(&faults) {
            digest = Some(report.digest(&figures)?);
        }
        findings.extend(faults);
    }
    let Some(digest) = digest else {
        diagnostic::sort(&mut findings);
        let paint = check::paint(&std::io::stderr());
        complain(&diagnostic::render(&findings, &source, paint));
        return Ok(Exit::ReportHasErrors);
    };
    let same = digest.begins(&arguments.digest);
    let shown = path.display();
    say(&if same {
        format!("{shown}：与所给摘要一致")
    } else {
        format!("{shown}：与所给摘要不一致，不是同一份报告，或者内容已经改动")
    });
    say(&format!("报告的摘要：{}", digest.grouped()));
    Ok(if same { Exit::Done } else { Exit::PartFailed })
}
