//! Findings as the workflow commands by which GitHub marks lines of a change.

use super::place::Place;
use super::{Diagnostic, Severity};
use crate::source::Source;

/// The commands, one a line.
#[must_use]
pub fn commands(findings: &[Diagnostic], source: &Source) -> String {
    let mut text = String::new();
    for finding in findings {
        let command = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        let Place {
            line,
            column,
            end_line,
            end_column,
        } = Place::of(finding.span(), source);
        let file = property(&source.path().display().to_string());
        let law = finding.law.iter().map(|law| format!("\n依据：{law}"));
        let hints = finding.hints.iter().map(|hint| format!("\n提示：{hint}"));
        let further: String = law.chain(hints).collect();
        let message = value(&format!("{}{further}", finding.message));
        // Its end column is that of the last character.
        let last = end_column.saturating_sub(1);
        let last = if end_line == line {
            last.max(column)
        } else {
            last.max(1)
        };
        text.push_str(&format!(
            "::{command} file={file},line={line},col={column},endLine={end_line},endColumn={last},title={}::{message}\n",
            finding.rule.id
        ));
    }
    text
}

fn value(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    value(text).replace(':', "%3A").replace(',', "%2C")
}
