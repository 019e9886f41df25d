#![doc = include_str!("editions.md")]

use super::policy::or_waive;
use super::rules;
use crate::diagnostic::{Called, Diagnostic, Said};
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
        let (edition, year) = (form.edition.as_str(), report.year);
        let called = Called {
            key: edition,
            title: &form.decree,
        };
        let message = Said::naming(called, |name| {
            format!("所用的格式（{name}）不是 {year} 年度的格式")
        });
        let finding = Diagnostic::new(rules::UNUSUAL_EDITION, span, message);
        let usual = editions.for_year(report.year);
        findings.push(match usual {
            Some(usual) => {
                let called = Called {
                    key: &usual.edition,
                    title: &usual.decree,
                };
                let case = Said::naming(called, |name| {
                    format!("{year} 年度用格式 {name}；照公布的样子重印的")
                });
                finding.law(&usual.decree).hint(or_waive(case))
            }
            None => finding,
        });
    }
    if form.draft {
        let message = Said::new(
            format!("格式 {} 的誊录还没有与{}核对", form.edition, form.decree),
            format!("本系统中的这一格式还没有与{}核对", form.decree),
        );
        findings.push(
            Diagnostic::new(rules::DRAFT_EDITION, span, message)
                .hint(or_waive("印出以前与原来公布的报告对照；对照过的")),
        );
    }
}
