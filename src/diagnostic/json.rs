//! Findings as JSON, for programs.

use serde::Serialize;

use super::Diagnostic;
use super::place::Place;
use crate::source::Source;

#[derive(Serialize)]
struct Item<'a> {
    rule: &'a str,
    severity: String,
    message: &'a str,
    file: String,
    #[serde(flatten)]
    place: Place,
    labels: Vec<Label<'a>>,
    law: Option<&'a str>,
    hints: &'a [String],
}

#[derive(Serialize)]
struct Label<'a> {
    text: &'a str,
    #[serde(flatten)]
    place: Place,
}

/// The findings of one file as the items of an array, parted by commas.
#[must_use]
pub fn items(findings: &[Diagnostic], source: &Source) -> String {
    let item = |finding: &Diagnostic| {
        let label = |label: &'_ super::Label| Place::of(label.span, source);
        let labels = finding.labels.iter().map(|own| Label {
            text: &own.text,
            place: label(own),
        });
        let item = Item {
            rule: finding.rule.id,
            severity: finding.severity.to_string(),
            message: &finding.message,
            file: source.path().display().to_string(),
            place: Place::of(finding.span(), source),
            labels: labels.collect(),
            law: finding.law.as_deref(),
            hints: &finding.hints,
        };
        serde_json::to_string(&item).expect("a finding is JSON")
    };
    let items: Vec<String> = findings.iter().map(item).collect();
    items.join(",\n")
}
