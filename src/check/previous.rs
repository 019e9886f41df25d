//! Obstacles to comparing a report with the year before.

use std::path::Path;

use super::rules;
use crate::diagnostic::Diagnostic;
use crate::report::Report;

/// The finding about a report of the year before that is useless: it cannot be read, has errors, or is on
/// another year.
#[must_use]
pub fn not_compared(report: &Report, file: &Path, found: Option<&Report>) -> Diagnostic {
    // By its name: findings are the same wherever the folder is.
    let file = file.file_name().unwrap_or_default().to_string_lossy();
    let (message, hint) = match found {
        None => (
            format!("没有与上年度报告核对：{file} 有错误或读不出"),
            format!("先检查并改正 {file}"),
        ),
        Some(other) => (
            format!("没有与上年度报告核对：{file} 是 {} 年度的", other.year),
            format!("上年度是 {} 年度", report.year - 1),
        ),
    };
    Diagnostic::new(rules::PREVIOUS_UNKNOWN, report.agency.span, message).hint(hint)
}

/// The finding about a file named by another year than its report's.
#[must_use]
pub fn misnamed(report: &Report, file: &Path) -> Option<Diagnostic> {
    let stem = file.file_stem()?.to_str()?;
    let year: u16 = stem.parse().ok().filter(|_| stem.len() == 4)?;
    let message = format!("文件名是 {year}，报告的年度是 {}", report.year);
    let finding = Diagnostic::new(rules::YEAR_MISMATCH, report.agency.span, message)
        .hint("核对年度；文件名与年度不同，就找不到上年度的报告");
    (year != report.year).then_some(finding)
}
