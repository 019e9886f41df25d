//! Obstacles to comparing a report with the year before.

use std::path::Path;

use super::policy::or_waive;
use super::{Previous, rules};
use crate::diagnostic::{Diagnostic, Said};
use crate::report::Report;
use crate::source::Span;

/// The finding about a report of the year before that is useless: it cannot be read, has errors, or is on
/// another year.
#[must_use]
pub fn not_compared(report: &Report, file: &Path, found: Option<&Report>) -> Diagnostic {
    // By its name: findings are the same wherever the folder is.
    let file = file.file_name().unwrap_or_default().to_string_lossy();
    let (message, hint) = match found {
        None => (
            Said::new(
                format!("没有与上年度报告核对：{file} 有错误或读不出"),
                "没有与上年度报告核对：它有错误或读不出",
            ),
            Said::new(format!("先检查并改正 {file}"), "打开它，改正后下载，再载入"),
        ),
        Some(other) => (
            Said::new(
                format!("没有与上年度报告核对：{file} 是 {} 年度的", other.year),
                format!("没有与上年度报告核对：载入的是 {} 年度的", other.year),
            ),
            format!("上年度是 {} 年度", report.year - 1).into(),
        ),
    };
    Diagnostic::new(rules::PREVIOUS_UNKNOWN, report.agency.span, message).hint(hint)
}

/// The finding about a report of the year before that another agency made, unless one name is short for the other.
pub(super) fn other_agency(report: &Report, previous: &Previous) -> Option<Diagnostic> {
    let (own, other) = (&report.agency.text, &previous.report.agency.text);
    let same = own.is_empty() || is_short_for(own, other) || is_short_for(other, own);
    let file = previous.source.path().file_name().unwrap_or_default();
    let agencies = format!("的机关是“{other}”，本报告的机关是“{own}”");
    let message = Said::new(
        format!("上年度报告 {} {agencies}", file.to_string_lossy()),
        format!("上年度报告{agencies}"),
    );
    let finding = Diagnostic::new(rules::PREVIOUS_AGENCY, report.agency.span, message).hint(
        or_waive("不是同一机关的，换成本机关的上年度报告；机关改名、合并的"),
    );
    (!same).then_some(finding)
}

/// Whether the characters of a name stand in another in the same order, as those of 科技局 in 科学技术局.
fn is_short_for(short: &str, long: &str) -> bool {
    let mut long = long.chars();
    short.chars().all(|c| long.any(|other| other == c))
}

/// The finding about a file named by another year than its report's; `place` is where the report says its year.
#[must_use]
pub fn misnamed(report: &Report, place: Option<Span>, file: &Path) -> Option<Diagnostic> {
    let stem = file.file_stem()?.to_str()?;
    let place = place?;
    let year: u16 = stem.parse().ok().filter(|_| stem.len() == 4)?;
    let message = format!("文件名是 {year}，报告的年度是 {}", report.year);
    let finding = Diagnostic::new(rules::YEAR_MISMATCH, place, message)
        .hint("核对年度；文件名与年度不同，就找不到上年度的报告");
    (year != report.year).then_some(finding)
}
