//! Findings as text for a terminal or a log.

use codespan_reporting::diagnostic as shown;
use codespan_reporting::term::termcolor::Ansi;
use codespan_reporting::term::{self, Config, Styles, StylesWriter};

use super::excerpt::{Excerpt, tame};
use super::{Diagnostic, Severity, count};
use crate::source::Source;

/// The most findings shown in full; a broken file of megabytes has thousands.
const SHOWN: usize = 200;

/// The style of written findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paint {
    /// Without colour.
    Plain,
    /// With the ANSI escape codes of terminals.
    Colour,
}

/// The findings of one report file as text, each with the lines that it points at, and a line that counts
/// them. Empty without findings.
#[must_use]
pub fn render(findings: &[Diagnostic], source: &Source, paint: Paint) -> String {
    let mut text = String::new();
    for finding in findings.iter().take(SHOWN) {
        let excerpt = Excerpt::new(source, finding.labels.iter().map(|l| l.span));
        text.push_str(&one(&convert(finding, &excerpt), &excerpt, paint));
    }
    if findings.len() > SHOWN {
        text.push_str(&format!("另有 {} 项未列出\n\n", findings.len() - SHOWN));
    }
    if !findings.is_empty() {
        text.push_str(&summary(findings));
    }
    text
}

/// The text of one finding.
fn one(finding: &shown::Diagnostic<()>, excerpt: &Excerpt, paint: Paint) -> String {
    let config = Config::default();
    let mut bytes = Vec::new();
    let written = match paint {
        Paint::Plain => term::emit_to_io_write(&mut bytes, &config, excerpt, finding),
        Paint::Colour => {
            let styles = Styles::default();
            let mut writer = StylesWriter::new(Ansi::new(&mut bytes), &styles);
            term::emit_to_write_style(&mut writer, &config, excerpt, finding)
        }
    };
    match written {
        Ok(()) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(_) => format!("{}\n", finding.message),
    }
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
        Some(shown::Label::new(style, (), range).with_message(tame(&label.text)))
    });
    let law = finding.law.iter().map(|law| tame(&format!("依据：{law}")));
    let hints = finding
        .hints
        .iter()
        .map(|hint| tame(&format!("提示：{hint}")));
    shown::Diagnostic::new(severity)
        .with_code(finding.rule.id)
        .with_message(tame(&finding.message))
        .with_labels(labels.collect())
        .with_notes(law.chain(hints).collect())
}

fn summary(findings: &[Diagnostic]) -> String {
    format!(
        "共 {} 项错误、{} 项警告、{} 项提示\n",
        count(findings, Severity::Error),
        count(findings, Severity::Warning),
        count(findings, Severity::Note)
    )
}
