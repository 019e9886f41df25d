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
    let mut digests = None;
    if let Some(mut report) = bound.value {
        let (figures, faults) = load_figures(&report, path.parent().unwrap_or(Path::new("")));
        if !diagnostic::has_errors(&faults) {
            // The date of issue is that of signing: the paper may have been printed before.
            let digest = report.digest(&figures)?;
            report.date = None;
            digests = Some((digest, report.digest(&figures)?));
        }
        findings.extend(faults);
    }
    let Some((digest, undated)) = digests else {
        diagnostic::sort(&mut findings);
        let paint = check::paint(&std::io::stderr());
        complain(&diagnostic::render(&findings, &source, paint));
        return Ok(Exit::ReportHasErrors);
    };
    let same = digest.begins(&arguments.digest);
    let but_for_date = !same && undated.begins(&arguments.digest);
    let shown = path.display();
    say(&if same {
        format!("{shown}：与所给摘要一致")
    } else if but_for_date {
        format!("{shown}：除成文日期外，与所给摘要一致；纸样印出时还没有写成文日期")
    } else {
        format!("{shown}：与所给摘要不一致，不是同一份报告，或者内容已经改动")
    });
    say(&format!("报告的摘要：{}", digest.grouped()));
    Ok(if same || but_for_date {
        Exit::Done
    } else {
        Exit::PartFailed
    })
}
