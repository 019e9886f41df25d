//! Findings as JSON, for programs.

use serde::Serialize;

use super::Diagnostic;
use super::place::Place;
use crate::source::{Source, Span};

#[derive(Serialize)]
struct Item<'a, A: Serialize> {
    rule: &'a str,
    severity: String,
    message: &'a str,
    file: String,
    #[serde(flatten)]
    place: Place,
    at: Option<A>,
    labels: Vec<Label<'a, A>>,
    law: Option<&'a str>,
    hints: &'a [String],
}

#[derive(Serialize)]
struct Label<'a, A: Serialize> {
    text: &'a str,
    #[serde(flatten)]
    place: Place,
    at: Option<A>,
}

/// The findings of one file as the items of an array, separated by commas; `at` gives the subject of a place
/// of the file.
#[must_use]
pub fn items<A: Serialize>(
    findings: &[Diagnostic],
    source: &Source,
    at: impl Fn(Span) -> Option<A>,
) -> String {
    let item = |finding: &Diagnostic| {
        let label = |label: &'_ super::Label| Place::of(label.span, source);
        let labels = finding.labels.iter().map(|own| Label {
            text: &own.text,
            place: label(own),
            at: at(own.span),
        });
        let item = Item {
            rule: finding.rule.id,
            severity: finding.severity.to_string(),
            message: &finding.message,
            file: source.path().display().to_string(),
            place: Place::of(finding.span(), source),
            at: at(finding.span()),
            labels: labels.collect(),
            law: finding.law.as_deref(),
            hints: &finding.hints,
        };
        serde_json::to_string(&item).expect("a finding is JSON")
    };
    let items: Vec<String> = findings.iter().map(item).collect();
    items.join(",\n")
}
