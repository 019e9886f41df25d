//! The fields that the entries of a map stand for: unknown and repeated keys.

use std::sync::Arc;

use super::{Binder, Fields, shorten};
use crate::diagnostic::Diagnostic;
use crate::form::{Editions, Form, Name};
use crate::report::{field, rules, with_ordinary_characters};
use crate::source::{Entry, Span, slips};

/// The least likeness of a key, or of the id of a rule, to one that is named as the nearest.
pub(crate) const NEAR: f64 = 0.5;
/// The longest key, in characters, for which a nearest known one is sought; longer ones are no misspelling.
const MAX_KEY: usize = 60;

impl Binder<'_> {
    /// Finds the entries of the map under `entry`.
    pub(super) fn fields_under<'n>(
        &mut self,
        entry: &Entry,
        entries: &'n [Entry],
        names: Vec<Name>,
    ) -> Fields<'n> {
        self.fields(entries, names, &format!("“{}”", entry.key))
    }

    /// The finding about a plain text that was meant to be a key with its value; `span` is its place.
    pub(super) fn slipped(&self, span: Span) -> Option<Diagnostic> {
        let written = self.source.get(span.start..span.end)?;
        let (place, message, hint) = slips::in_pair(written)?;
        let span = Span::new(span.start + place.start, span.start + place.end);
        Some(Diagnostic::new(rules::INVALID_VALUE, span, message).hint(hint))
    }

    /// Finds the entries of a map by their names; `place` names the map in messages.
    pub(super) fn fields<'n>(
        &mut self,
        entries: &'n [Entry],
        names: Vec<Name>,
        place: &str,
    ) -> Fields<'n> {
        let mut found: Vec<(Name, Option<&Entry>)> =
            names.into_iter().map(|name| (name, None)).collect();
        for entry in entries {
            match found.iter_mut().find(|(name, _)| name.matches(&entry.key)) {
                Some((_, slot @ None)) => *slot = Some(entry),
                Some((name, Some(first))) => {
                    let message = format!("{place}的“{}”写了两次", name.term);
                    let finding = Diagnostic::new(rules::DUPLICATE_KEY, entry.key_span, message)
                        .also(first.key_span, "先写在这里")
                        .hint(format!("{} 与 {} 是同一项，只留一处", name.key, name.term));
                    self.push(finding);
                }
                None => {
                    let names = found.iter().map(|(name, _)| name);
                    let finding = self.slipped(entry.key_span).unwrap_or_else(|| {
                        let message = format!("{place}没有“{}”这一项", shorten(&entry.key, 40));
                        Diagnostic::new(rules::UNKNOWN_KEY, entry.key_span, message)
                            .hint(suggestion(&entry.key, names))
                    });
                    self.push(finding);
                }
            }
        }
        Fields { found }
    }

    /// Tells of unknown fields that another edition has: a file that was written for it has to name it.
    pub(super) fn of_other_editions(&mut self, entries: &[Entry], editions: &Editions) {
        let unknown = |finding: &&mut Diagnostic| finding.rule == rules::UNKNOWN_KEY;
        for finding in self.findings.iter_mut().filter(unknown) {
            let span = finding.span();
            let Some(entry) = entries.iter().find(|entry| entry.key_span == span) else {
                continue;
            };
            let has = |form: &&Arc<Form>| {
                let parts = form.parts();
                parts.iter().any(|part| part.name.matches(&entry.key))
            };
            if let Some(form) = editions.all().iter().rev().find(has) {
                let name = &form.edition;
                let format = field::FORMAT.key;
                let hint = format!("格式 {name} 有这一项；用那一格式的，写明 {format}: \"{name}\"");
                finding.hints = vec![hint];
            }
        }
    }
}

/// The nearest known key, in the language of the written one.
fn suggestion<'a>(written: &str, names: impl Iterator<Item = &'a Name> + Clone) -> String {
    let own = |name: &'a Name| {
        let chinese = !written.is_ascii();
        name.all().filter(move |n| n.is_ascii() != chinese)
    };
    let known: Vec<&str> = names.flat_map(own).collect();
    // A label with its ordinal or remark is the usual slip; without them it is the term itself.
    let term = Name::new("", &with_ordinary_characters(written), &[]).term;
    let near = known
        .iter()
        .filter(|_| written.chars().count() <= MAX_KEY)
        .map(|name| (strsim::normalized_damerau_levenshtein(&term, name), name))
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .filter(|(likeness, _)| *likeness >= NEAR);
    match near {
        Some((_, name)) => format!("最接近的是 {name}"),
        None => format!("可以写的有：{}", known.join("、")),
    }
}
