//! A table of many files, one row each.

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};

use super::excerpt::tame;
use super::{Diagnostic, Severity, count};

/// One row: a report and its worst finding.
#[derive(Clone, Debug)]
pub struct Row {
    /// The agency; the path if the file is no report.
    pub agency: String,
    /// The year, if known.
    pub year: Option<u16>,
    errors: usize,
    warnings: usize,
    worst: Option<String>,
}

impl Row {
    /// The row of a report with these findings.
    #[must_use]
    pub fn new(agency: String, year: Option<u16>, findings: &[Diagnostic]) -> Self {
        // The first of the heaviest.
        let worst = findings.iter().min_by_key(|finding| finding.severity);
        let worst = worst.filter(|finding| finding.severity != Severity::Note);
        Self {
            agency,
            year,
            errors: count(findings, Severity::Error),
            warnings: count(findings, Severity::Warning),
            worst: worst.map(|finding| format!("{}：{}", finding.rule.id, finding.message)),
        }
    }
}

/// Writes the rows as a table whose columns are aligned under wide characters.
#[must_use]
pub fn table(rows: &[Row]) -> String {
    let mut table = Table::new();
    table
        .load_preset(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Disabled)
        .set_header(["机关", "年度", "错误", "警告", "最重的问题"]);
    for row in rows {
        let flat = |text: &str| tame(text).replace(char::is_control, " ");
        let worst = flat(row.worst.as_deref().unwrap_or("—"));
        table.add_row([
            flat(&row.agency),
            row.year
                .map_or_else(|| "—".to_owned(), |year| year.to_string()),
            row.errors.to_string(),
            row.warnings.to_string(),
            worst,
        ]);
    }
    for column in [2, 3] {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let lines = table.to_string();
    lines
        .lines()
        .map(|line| format!("{}\n", line.trim_end()))
        .collect()
}
