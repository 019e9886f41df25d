//! Findings as JSON, for programs.

use serde::Serialize;

use super::Diagnostic;
use super::place::Place;
use super::said::Said;
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
    hints: Vec<&'a str>,
    plain: Plain<'a>,
    instead: Option<&'a str>,
    tidy: bool,
}

/// The message and the hints for those who fill in the form and see no file.
#[derive(Serialize)]
struct Plain<'a> {
    message: &'a str,
    hints: Vec<&'a str>,
}

impl<'a> Plain<'a> {
    fn of(finding: &'a Diagnostic) -> Self {
        let hints = finding.hints.iter().map(Said::plain);
        Self {
            message: finding.message.plain(),
            hints: hints.filter(|hint| !hint.is_empty()).collect(),
        }
    }
}

#[derive(Serialize)]
struct Label<'a, A: Serialize> {
    text: &'a str,
    #[serde(flatten)]
    place: Place,
    at: Option<A>,
}

/// The findings of one file as the items of an array, separated by commas. `tidied` says of each whether tidying puts
/// it right, and of those that it leaves out that it does not; `at` gives the subject of a place of the file.
#[must_use]
pub fn items<A: Serialize>(
    findings: &[Diagnostic],
    tidied: &[bool],
    source: &Source,
    at: impl Fn(Span) -> Option<A>,
) -> String {
    let tidied = tidied.iter().copied().chain(std::iter::repeat(false));
    let item = |(finding, tidy): (&Diagnostic, bool)| {
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
            hints: finding.hints.iter().map(|hint| &**hint).collect(),
            plain: Plain::of(finding),
            instead: finding.instead.as_deref(),
            tidy,
        };
        serde_json::to_string(&item).expect("a finding is JSON")
    };
    let items: Vec<String> = findings.iter().zip(tidied).map(item).collect();
    items.join(",\n")
}
