//! Findings on their way between processes of one program.

use serde::{Deserialize, Serialize};

use crate::check::rules;
use crate::diagnostic::{Diagnostic, Label, Said, Severity};
use crate::source::Span;

/// A finding, told from one process to another.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Told {
    rule: String,
    severity: u8,
    message: Said,
    labels: Vec<(usize, usize, String)>,
    law: Option<String>,
    hints: Vec<Said>,
    instead: Option<String>,
    waived: Option<String>,
}

const SEVERITIES: [Severity; 3] = [Severity::Error, Severity::Warning, Severity::Note];

impl From<&Diagnostic> for Told {
    fn from(finding: &Diagnostic) -> Self {
        let labels = finding.labels.iter();
        Self {
            rule: finding.rule.id.to_owned(),
            severity: finding.severity as u8,
            message: finding.message.clone(),
            labels: labels
                .map(|label| (label.span.start, label.span.end, label.text.clone()))
                .collect(),
            law: finding.law.clone(),
            hints: finding.hints.clone(),
            instead: finding.instead.clone(),
            waived: finding.waived.clone(),
        }
    }
}

impl Told {
    /// The finding; `None` if it is of a rule that this program does not have.
    #[must_use]
    pub fn finding(self) -> Option<Diagnostic> {
        let label = |(start, end, text)| Label {
            span: Span::new(start, end),
            text,
        };
        Some(Diagnostic {
            rule: rules::named(&self.rule)?.rule,
            severity: *SEVERITIES.get(usize::from(self.severity))?,
            message: self.message,
            labels: self.labels.into_iter().map(label).collect(),
            law: self.law,
            hints: self.hints,
            instead: self.instead,
            waived: self.waived,
        })
    }
}
