//! Findings with what the file tells of them: the subject of each place, and whether tidying puts it right.

use std::collections::BTreeSet;

use super::places::Places;
use super::tidy::{changed, changes};
use crate::check::CORRECTED;
use crate::diagnostic::{Diagnostic, json};
use crate::form::Editions;
use crate::report::rules::CHARACTERS;
use crate::report::unprintable;
use crate::source::{Source, Span};

/// The findings of a file as JSON, each with its subject and whether tidying puts it right: the items of an array.
#[must_use]
pub fn items(findings: &[Diagnostic], source: &Source, editions: &Editions) -> String {
    // A file without findings needs no places.
    if findings.is_empty() {
        return String::new();
    }
    let places = Places::of(source, editions);
    let tidied = goes_with_tidying(findings, source, &places);
    json::items(findings, &tidied, source, |span| places.at(span, source))
}

/// The number of findings of a file that tidying puts right.
#[must_use]
pub fn tidied(findings: &[Diagnostic], source: &Source, editions: &Editions) -> usize {
    let places = Places::of(source, editions);
    let tidied = goes_with_tidying(findings, source, &places);
    tidied.into_iter().filter(|goes| *goes).count()
}

/// Which findings of a file go when it is tidied: those that are about what is put right, of which each place is.
fn goes_with_tidying(findings: &[Diagnostic], source: &Source, places: &Places) -> Vec<bool> {
    let may_go = |finding: &&Diagnostic| CORRECTED.contains(&finding.rule);
    // Of a character only the first places are named.
    let of_characters = |finding: &Diagnostic| CHARACTERS.contains(&finding.rule);
    let labels = findings
        .iter()
        .filter(may_go)
        .flat_map(|found| &found.labels);
    let asked: Vec<Span> = labels.map(|label| label.span).collect();
    let all = findings.iter().any(of_characters);
    let overlaps = |one: Span, other: Span| one.start < other.end && other.start < one.end;
    let is_asked = |text: Span| all || asked.iter().any(|place| overlaps(*place, text));
    let changes = match source.root() {
        Ok(root) if !asked.is_empty() => changes(source, root, places, is_asked),
        _ => return vec![false; findings.len()],
    };
    let after = changed(source.text(), &changes);
    let left: BTreeSet<char> = after
        .chars()
        .filter(|c| unprintable(*c).is_some())
        .collect();
    let goes_at = |place: Span, character: bool| {
        let at = changes.partition_point(|change| change.span.end <= place.start);
        let change = changes.get(at);
        let changes = change.is_some_and(|change| change.span.start < place.end);
        let written = source.text()[place.start..].chars().next();
        changes && !(character && written.is_some_and(|c| left.contains(&c)))
    };
    let goes = |finding: &Diagnostic| {
        let character = of_characters(finding);
        let mut labels = finding.labels.iter();
        may_go(&finding) && labels.all(|label| goes_at(label.span, character))
    };
    findings.iter().map(goes).collect()
}
