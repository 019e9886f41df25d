//! Findings as text for a terminal or a log.

use codespan_reporting::diagnostic as shown;
use codespan_reporting::term;

use super::excerpt::Excerpt;
use super::{Diagnostic, Severity};
use crate::source::Source;

/// How many findings are shown in full; a broken file of megabytes has thousands.
const SHOWN: usize = 200;

/// Writes the findings of one report file, each with the lines that it points at, and a line that
/// counts them. Nothing is written where there is no finding.
#[must_use]
pub fn render(findings: &[Diagnostic], source: &Source) -> String {
    let config = term::Config::default();
    let mut text = String::new();
    for finding in findings.iter().take(SHOWN) {
        let excerpt = Excerpt::new(source, finding.labels.iter().map(|l| l.span));
        let converted = convert(finding, &excerpt);
        if let Ok(one) = term::emit_into_string(&config, &excerpt, &converted) {
            text.push_str(&one);
        }
    }
    if findings.len() > SHOWN {
        text.push_str(&format!("另有 {} 项未列出\n\n", findings.len() - SHOWN));
    }
    if !findings.is_empty() {
        text.push_str(&summary(findings));
    }
    // What a file says is shown, never obeyed by the terminal.
    text.replace(
        |c: char| c.is_control() && !matches!(c, '\n' | '\t'),
        "\u{FFFD}",
    )
}

fn convert(finding: &Diagnostic, excerpt: &Excerpt) -> shown::Diagnostic<()> {
    let severity = match finding.severity {
        Severity::Error => shown::Severity::Error,
        Severity::Warning => shown::Severity::Warning,
        Severity::Note => shown::Severity::Note,
    };
    let labels = finding.labels.iter().enumerate().filter_map(|(i, label)| {
        let style = match i {
            0 => shown::LabelStyle::Primary,
            _ => shown::LabelStyle::Secondary,
        };
        let range = excerpt.range(label.span)?;
        Some(shown::Label::new(style, (), range).with_message(&label.text))
    });
    let law = finding.law.iter().map(|law| format!("依据：{law}"));
    let hints = finding.hints.iter().map(|hint| format!("提示：{hint}"));
    shown::Diagnostic::new(severity)
        .with_code(finding.rule)
        .with_message(&finding.message)
        .with_labels(labels.collect())
        .with_notes(law.chain(hints).collect())
}

fn summary(findings: &[Diagnostic]) -> String {
    let count = |severity| findings.iter().filter(|d| d.severity == severity).count();
    format!(
        "共 {} 项错误、{} 项警告、{} 项提示\n",
        count(Severity::Error),
        count(Severity::Warning),
        count(Severity::Note)
    )
}
