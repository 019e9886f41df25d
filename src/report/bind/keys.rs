//! The fields that the entries of a map stand for: unknown and repeated keys.

use std::sync::Arc;

use super::unread::{NOT_READ, TO_FILL_IN};
use super::{Binder, Fields, shorten};
use crate::diagnostic::{Called, Diagnostic, Said};
use crate::form::{Editions, Form, Name};
use crate::report::{field, rules, with_ordinary_characters};
use crate::source::{Entry, Span, slips};

/// The least likeness of a key, or of the id of a rule, to one that is named as the nearest.
pub(crate) const NEAR: f64 = 0.5;
/// The longest key, in characters, for which a nearest known one is sought; longer ones are no misspelling.
const MAX_KEY: usize = 60;

impl Binder<'_> {
    /// The name of what an entry gives: its key, and its title if it is known.
    pub(super) fn called<'e>(&'e self, entry: &'e Entry) -> Called<'e> {
        let title = self.titles.get(&entry.key_span);
        Called {
            key: &entry.key,
            title: title.unwrap_or(&entry.key),
        }
    }

    /// Finds the entries of the map under `entry`.
    pub(super) fn fields_under<'n>(
        &mut self,
        entry: &Entry,
        entries: &'n [Entry],
        names: Vec<Name>,
    ) -> Fields<'n> {
        let title = self.called(entry).title;
        let place = [&entry.key, title].map(|name| format!("“{name}”"));
        let [key, title] = place.each_ref();
        self.fields(entries, names, Called { key, title })
    }

    /// The key that a plain text was meant to begin with, and the finding about it; `span` is its place.
    pub(super) fn slipped(&self, span: Span) -> Option<(&str, Diagnostic)> {
        let written = self.source.get(span.start..span.end)?;
        let behind = self.source[span.end..].lines().next().unwrap_or_default();
        let (place, message, hint) = slips::in_pair(written, behind)?;
        let key = &written[..place.start];
        let span = Span::new(span.start + place.start, span.start + place.end);
        let message = Said::new(message, NOT_READ);
        let finding = Diagnostic::new(rules::INVALID_VALUE, span, message);
        Some((key, finding.hint(Said::new(hint, TO_FILL_IN))))
    }

    /// Finds the entries of a map by their names; `place` names the map in messages.
    pub(super) fn fields<'n>(
        &mut self,
        entries: &'n [Entry],
        names: Vec<Name>,
        place: Called,
    ) -> Fields<'n> {
        let mut found: Vec<(Name, Option<&Entry>)> =
            names.into_iter().map(|name| (name, None)).collect();
        let mut unknown = Vec::new();
        for entry in entries {
            match found.iter_mut().find(|(name, _)| name.matches(&entry.key)) {
                Some((name, slot @ None)) => {
                    self.titles.insert(entry.key_span, name.term.clone());
                    *slot = Some(entry);
                }
                Some((name, Some(first))) => {
                    let message =
                        Said::naming(place, |place| format!("{place}的“{}”写了两次", name.term));
                    let finding = Diagnostic::new(rules::DUPLICATE_KEY, entry.key_span, message)
                        .also(first.key_span, "先写在这里")
                        .hint(Said::new(
                            format!("{} 与 {} 是同一项，只留一处", name.key, name.term),
                            "核对读入的是哪一处",
                        ));
                    self.push(finding);
                }
                None => unknown.push(entry),
            }
        }
        let misplaced = self.misplaced.iter().map(|own| &own.key);
        let mut meant: Vec<String> = misplaced.chain(&self.meant).cloned().collect();
        for entry in unknown {
            let names = found.iter().map(|(name, _)| name);
            let finding = if let Some((key, slipped)) = self.slipped(entry.key_span) {
                let own = found.iter().find(|(name, _)| name.matches(key));
                meant.extend(own.map(|(name, _)| name.key.clone()));
                slipped
            } else {
                let message = Said::new(
                    format!("{}没有“{}”这一项", place.key, shorten(&entry.key, 40)),
                    format!("{}里有认不出的一项", place.title),
                );
                let finding = Diagnostic::new(rules::UNKNOWN_KEY, entry.key_span, message);
                if let Some(misplaced) =
                    self.misplaced.iter().find(|own| own.span == entry.key_span)
                {
                    let finding = finding.hint(misplaced.hint.clone());
                    self.push(finding);
                    continue;
                }
                if let Some((name, spelt)) = nearest(&entry.key, names.clone()) {
                    meant.push(name.key.clone());
                    let hint = format!("最接近的是 {spelt}");
                    finding.hint(Said::new(hint, format!("多半是“{}”，请填写它", name.term)))
                } else {
                    let known = spellings(&entry.key, names).map(|(_, spelt)| spelt);
                    let known = known.collect::<Vec<_>>().join("、");
                    finding.hint(Said::new(format!("可以写的有：{known}"), TO_FILL_IN))
                }
            };
            self.push(finding);
        }
        Fields { found, meant }
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
                let plain = format!("{}的格式有这一项，核对年度和格式", form.decree);
                finding.hints = vec![Said::new(hint, plain)];
            }
        }
    }
}

/// The known keys in the language of a written one.
fn spellings<'a>(
    written: &str,
    names: impl Iterator<Item = &'a Name>,
) -> impl Iterator<Item = (&'a Name, &'a str)> {
    let chinese = !written.is_ascii();
    let own = move |name: &'a Name| {
        let spelt = name.all().filter(move |spelt| spelt.is_ascii() != chinese);
        spelt.map(move |spelt| (name, spelt))
    };
    names.flat_map(own)
}

/// The field whose key is the nearest to a written one, and that key; `None` if none is near.
fn nearest<'a>(
    written: &str,
    names: impl Iterator<Item = &'a Name>,
) -> Option<(&'a Name, &'a str)> {
    if written.chars().count() > MAX_KEY {
        return None;
    }
    // A label with its ordinal or remark is the usual slip; without them it is the term itself.
    let term = Name::new("", &with_ordinary_characters(written), &[]).term;
    spellings(written, names)
        .map(|found| {
            (
                strsim::normalized_damerau_levenshtein(&term, found.1),
                found,
            )
        })
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .filter(|(likeness, _)| *likeness >= NEAR)
        .map(|(_, found)| found)
}
