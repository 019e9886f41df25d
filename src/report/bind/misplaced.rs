//! Keys that are right and stand at the wrong depth.

use super::unread::TO_FILL_IN;
use crate::diagnostic::Said;
use crate::form::{Content, Name, Part};
use crate::source::{Entry, NodeKind, Span};

/// A key that stands at the wrong depth: a row of a table at the top, or a part of the report in a table.
pub(super) struct Misplaced {
    /// Its place.
    pub span: Span,
    /// The key of what it means.
    pub key: String,
    /// Where it belongs.
    pub hint: Said,
}

/// The key of the field that an entry gives.
fn key_of<'a>(mut names: impl Iterator<Item = &'a Name>, entry: &Entry) -> Option<String> {
    let name = names.find(|name| name.matches(&entry.key));
    name.map(|name| name.key.clone())
}

/// The keys of a report that stand at the wrong depth; `top` has the names of all that stands at the top.
pub(super) fn misplaced(entries: &[Entry], top: &[Name], parts: &[Part]) -> Vec<Misplaced> {
    let given = |name: &Name| entries.iter().any(|entry| name.matches(&entry.key));
    let absent: Vec<&Name> = top.iter().filter(|name| !given(name)).collect();
    let is_unknown = |entry: &&Entry| key_of(top.iter(), entry).is_none();
    let unknown: Vec<&Entry> = entries.iter().filter(is_unknown).collect();
    let mut found = Vec::new();
    for part in parts {
        let Content::Table(table) = part.content else {
            continue;
        };
        let rows = || table.lines().iter().map(|line| &line.name);
        let rows_at_top = unknown
            .iter()
            .filter_map(|entry| Some((*entry, key_of(rows(), entry)?)));
        found.extend(rows_at_top.map(|(entry, key)| Misplaced {
            span: entry.key_span,
            key,
            hint: Said::new(
                format!("这是“{}”的一行，写在它的下面，缩进两格", part.name.shown()),
                format!("这是“{}”的一行，填写在那张表中", part.name.term),
            ),
        }));
        let own = entries.iter().find(|entry| part.name.matches(&entry.key));
        let Some(NodeKind::Mapping(own)) = own.map(|entry| &entry.value.kind) else {
            continue;
        };
        let top_in_it = own
            .iter()
            .filter_map(|entry| Some((entry, key_of(absent.iter().copied(), entry)?)));
        let top_in_it = top_in_it.filter(|(entry, _)| key_of(rows(), entry).is_none());
        found.extend(top_in_it.map(|(entry, key)| Misplaced {
            span: entry.key_span,
            key,
            hint: Said::new("这是报告的一项，不是表的一行，不缩进", TO_FILL_IN),
        }));
    }
    found
}
