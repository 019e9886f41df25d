//! Lines of a file as keys with their values, whatever their colon.

use crate::diagnostic::{Diagnostic, Said};
use crate::form::{Content, Editions};
use crate::source::{Source, SyntaxFault, slips};

/// A line as a key with its value.
#[derive(Clone, Copy)]
pub(super) struct Pair<'t> {
    pub key: &'t str,
    pub value: &'t str,
    pub colon: Colon,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Colon {
    /// As YAML has it.
    Plain,
    /// Of full width, or without a blank behind it.
    Slipped,
    None,
}

impl<'t> Pair<'t> {
    pub fn new(line: &'t str) -> Self {
        if !line.contains(':') && !line.contains('：') {
            return Self {
                key: line.trim(),
                value: "",
                colon: Colon::None,
            };
        }
        let found = slips::mapped(line).map(|colon| (colon, 1, Colon::Plain));
        let found = found.or_else(|| {
            let (colon, width) = slips::slipped(line)?;
            Some((colon, width, Colon::Slipped))
        });
        let (colon, width, mark) = found.unwrap_or((line.len(), 0, Colon::None));
        let value = line[colon + width..].split(" #").next().unwrap_or_default();
        Self {
            key: line[..colon].trim(),
            value: value.trim(),
            colon: mark,
        }
    }

    /// Whether no text follows the key.
    pub fn is_short(&self) -> bool {
        self.value.is_empty() || self.value.starts_with(['|', '>', '[', '{'])
    }

    /// Whether the value is one of a row of a table.
    pub fn has_numbers(&self) -> bool {
        let value = self.value.trim_matches(['"', '\'']);
        value.starts_with(['[', '{']) || slips::values(value).is_some_and(|all| !all.is_empty())
    }
}

/// The finding about a fault of reading: of a line that is a key of some edition without its colon, that it is one.
pub(super) fn told(fault: &SyntaxFault, source: &Source, editions: &Editions) -> Diagnostic {
    let finding = Diagnostic::from(fault);
    let line = source.text().get(fault.span.start..fault.span.end);
    let pair = Pair::new(line.unwrap_or_default());
    if pair.colon == Colon::Plain || !pair.is_short() {
        return finding;
    }
    let parts = editions.all().iter().rev().flat_map(|form| form.parts());
    let Some(part) = parts.into_iter().find(|part| part.name.matches(pair.key)) else {
        return finding;
    };
    let bar = match part.content {
        Content::Prose => " |",
        Content::Titled | Content::Table(_) => "",
    };
    let message = format!("“{}”是一个部分的键，后面没有半角的冒号", pair.key);
    let message = Said::new(message, finding.message.plain());
    let hint = format!("写作 {}:{bar}", pair.key);
    let plain = finding.hints.first().map(Said::plain);
    let hint = Said::new(hint, plain.unwrap_or_default());
    Diagnostic::new(finding.rule, fault.span, message).hint(hint)
}
