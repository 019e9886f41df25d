#![doc = include_str!("due_dates.md")]

use super::rules;
use crate::diagnostic::Diagnostic;
use crate::report::{Date, Report};

/// Checks that a report was issued by the day that the law sets for its kind of agency.
pub(super) fn check(report: &Report, findings: &mut Vec<Diagnostic>) {
    let (Some((date, span)), Some(due)) = (report.date, &report.form.due) else {
        return;
    };
    let Some(by) = due.of(&report.agency.text) else {
        return;
    };
    let last = Date {
        year: report.year + 1,
        month: by.month,
        day: by.day,
    };
    if date > last {
        let message = format!(
            "成文日期晚于规定的公布期限：{}年{}月{}日",
            last.year, last.month, last.day
        );
        findings.push(
            Diagnostic::new(rules::LATE_REPORT, span, message)
                .law(&due.law)
                .hint("核对成文日期和年度；已经逾期的，尽快公布"),
        );
    }
}
