#![doc = include_str!("editions.md")]

use super::rules;
use crate::diagnostic::Diagnostic;
use crate::form::Editions;
use crate::report::Report;

/// Checks the edition in which a report is written.
pub(super) fn check(report: &Report, editions: &Editions, findings: &mut Vec<Diagnostic>) {
    let form = &report.form;
    let span = report.edition;
    // Files of years that the edition was for go on naming it; a waiver would move their digests.
    let earlier = form.earlier.as_ref().and_then(|earlier| earlier.years);
    let was_for = earlier.is_some_and(|years| years.contains(report.year));
    if !form.is_for(report.year) && !was_for {
        let message = format!("格式 {} 不是 {} 年度的格式", form.edition, report.year);
        let finding = Diagnostic::new(rules::UNUSUAL_EDITION, span, message);
        let usual = editions.for_year(report.year);
        findings.push(match usual {
            Some(usual) => finding.law(&usual.decree).hint(format!(
                "{} 年度用格式 {}；照公布的样子重印的，用豁免写明理由",
                report.year, usual.edition
            )),
            None => finding,
        });
    }
    if form.draft {
        let message = format!("格式 {} 的誊录还没有与{}核对", form.edition, form.decree);
        findings.push(
            Diagnostic::new(rules::DRAFT_EDITION, span, message)
                .hint("印出以前与原来公布的报告对照；对照过的，用豁免写明"),
        );
    }
}
