//! The register of rules: the constants of the families in this folder, and the text of every rule.
//!
//! A family is a file of texts in this folder, `<family>.md`: for each of its rules the finding, the reason,
//! an example and the basis, under the id of the rule. The code of a family stands beside it. The constants
//! of rules that are raised before a report is checked stand in `report/rules.rs` and `diagnostic/rule.rs`.

use std::sync::LazyLock;

use crate::diagnostic::{FINDINGS, READING, Rule, Severity, rules};
use crate::report::NEAR;
use crate::report::rules::{BINDING, CELLS, CHARACTERS, PAGES, TEXTS};

rules! { TOTALS:
    WRONG_TOTAL = Error "wrong-total";
}

rules! { BALANCES:
    REQUESTS_UNBALANCED = Error "requests-unbalanced";
    CARRY_MISMATCH = Warning "carry-mismatch" needs Previous;
    IN_FORCE_MISMATCH = Warning "in-force-mismatch" needs Previous;
    PREVIOUS_UNKNOWN = Warning "previous-unknown";
    PREVIOUS_AGENCY = Warning "previous-agency" needs Previous;
}

rules! { AGENCIES:
    CHILDREN_MISMATCH = Warning "children-mismatch" needs Agencies;
    CHILDREN_UNKNOWN = Note "children-unknown" needs Agencies;
    MISSING_REPORT = Warning "missing-report";
}

rules! { EDITIONS:
    UNUSUAL_EDITION = Warning "unusual-edition" needs Year;
    DRAFT_EDITION = Warning "draft-edition";
}

rules! { DUE_DATES:
    LATE_REPORT = Note "late-report";
}

rules! { PROSE_NUMBERS:
    TEXT_DISAGREES = Warning "text-disagrees" needs Year;
}

rules! { YEARS:
    YEAR_MISMATCH = Warning "year-mismatch" needs Year;
}

rules! { SECTIONS:
    EMPTY_SECTION = Warning "empty-section";
    FEE_NOT_REPORTED = Warning "fee-not-reported";
    MISSING_ASPECT = Note "missing-aspect";
    NONSTANDARD_HEADING = Note "nonstandard-heading";
    OVERVIEW_TOO_LONG = Warning "overview-too-long";
}

rules! { COPYING:
    COPIED_TEXT = Warning "copied-text" needs Previous;
    REPEATED_SENTENCE = Warning "repeated-sentence";
}

rules! { NUMBERING:
    WRONG_NUMBERING = Warning "wrong-numbering";
}

rules! { WRITING:
    WORD_RESIDUE = Warning "word-residue";
    UNBALANCED_BRACKETS = Warning "unbalanced-brackets";
    HALF_WIDTH_PUNCTUATION = Warning "half-width-punctuation";
    DOUBLED_MARK = Warning "doubled-mark";
    STRAY_SPACE = Warning "stray-space";
    STRAIGHT_QUOTES = Warning "straight-quotes";
    SPACED_DATE = Note "spaced-date";
    AGENCY_NAME = Warning "agency-name";
}

rules! { SLIPS:
    REPEATED_WORD = Warning "repeated-word";
    MISSING_END_MARK = Warning "missing-end-mark";
    BROKEN_ADDRESS = Warning "broken-address";
}

rules! { GAPS:
    UNFILLED_GAP = Warning "unfilled-gap";
}

rules! { CITATIONS:
    WRONG_CITATION = Warning "wrong-citation";
    DOCUMENT_NUMBER = Warning "document-number";
}

/// The kind of a family of rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleKind {
    /// Existence and printability of a report. Nothing lowers these.
    Binding,
    /// Agreement of numbers.
    Numbers,
    /// All other rules.
    Text,
}

/// A family of rules: its kind, its document, and the constants of its rules.
struct Family(RuleKind, &'static str, &'static [&'static [Rule]]);

/// The families, in the order of the printed list.
const FAMILIES: [Family; 20] = [
    Family(
        RuleKind::Binding,
        include_str!("binding.md"),
        &[READING, BINDING],
    ),
    Family(
        RuleKind::Binding,
        include_str!("characters.md"),
        &[CHARACTERS],
    ),
    Family(RuleKind::Binding, include_str!("pages.md"), &[PAGES]),
    Family(RuleKind::Numbers, include_str!("totals.md"), &[TOTALS]),
    Family(RuleKind::Numbers, include_str!("balances.md"), &[BALANCES]),
    Family(RuleKind::Numbers, include_str!("agencies.md"), &[AGENCIES]),
    Family(RuleKind::Text, include_str!("editions.md"), &[EDITIONS]),
    Family(RuleKind::Text, include_str!("due_dates.md"), &[DUE_DATES]),
    Family(RuleKind::Text, include_str!("cells.md"), &[CELLS]),
    Family(RuleKind::Text, include_str!("texts.md"), &[TEXTS]),
    Family(
        RuleKind::Text,
        include_str!("prose_numbers.md"),
        &[PROSE_NUMBERS],
    ),
    Family(RuleKind::Text, include_str!("years.md"), &[YEARS]),
    Family(RuleKind::Text, include_str!("sections.md"), &[SECTIONS]),
    Family(RuleKind::Text, include_str!("copied_text.md"), &[COPYING]),
    Family(RuleKind::Text, include_str!("numbering.md"), &[NUMBERING]),
    Family(RuleKind::Text, include_str!("writing.md"), &[WRITING]),
    Family(RuleKind::Text, include_str!("slips.md"), &[SLIPS]),
    Family(RuleKind::Text, include_str!("gaps.md"), &[GAPS]),
    Family(RuleKind::Text, include_str!("citations.md"), &[CITATIONS]),
    Family(RuleKind::Text, include_str!("waivers.md"), &[FINDINGS]),
];

/// A rule with its text.
#[derive(Clone, Debug)]
pub struct RuleEntry {
    /// The rule.
    pub rule: Rule,
    /// The kind of its family.
    pub kind: RuleKind,
    /// A summary of its findings, in one line.
    pub summary: &'static str,
    /// Its whole documentation (Markdown).
    pub text: String,
}

static REGISTER: LazyLock<Vec<RuleEntry>> = LazyLock::new(|| {
    let families = FAMILIES.iter();
    families.flat_map(Family::entries).collect()
});

/// Every rule, family by family.
#[must_use]
pub fn all() -> &'static [RuleEntry] {
    &REGISTER
}

/// The rule with an id.
#[must_use]
pub fn named(id: &str) -> Option<&'static RuleEntry> {
    REGISTER.iter().find(|entry| entry.rule.id == id)
}

/// The id most similar to a misspelt one; `None` if none is near.
#[must_use]
pub fn nearest(id: &str) -> Option<&'static str> {
    let likeness = |entry: &&RuleEntry| strsim::normalized_damerau_levenshtein(id, entry.rule.id);
    let near = REGISTER
        .iter()
        .max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    let near = near.filter(|entry| likeness(entry) >= NEAR);
    near.map(|entry| entry.rule.id)
}

/// The documentation of all rules, a file of the project.
#[must_use]
pub fn document() -> String {
    let mut text = String::from(
        "# 检查规则\n\n<!-- 由 src/check/*.md 生成，请勿直接修改：NIANBAO_UPDATE=1 cargo test --release check:: -->\n\n\
         `nianbao explain 规则名` 显示其中一条。**错误**不改正不生成文件；**警告**多半是错的；**提示**值得看一眼。\n\n\
         | 规则 | 程度 | 查什么 |\n|---|---|---|\n",
    );
    for RuleEntry { rule, summary, .. } in all() {
        let Rule { id, severity, .. } = rule;
        let severity = chinese(*severity);
        text.push_str(&format!("| [`{id}`](#{id}) | {severity} | {summary} |\n"));
    }
    for family in &FAMILIES {
        let entries = family.entries().map(|entry| entry.text);
        let parts: Vec<String> = std::iter::once(family.preface().to_owned())
            .chain(entries)
            .collect();
        let family = parts.join("\n\n").replace("\n#", "\n##");
        text.push_str(&format!("\n#{family}\n"));
    }
    text
}

/// The Chinese word for a severity.
#[must_use]
pub fn chinese(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "错误",
        Severity::Warning => "警告",
        Severity::Note => "提示",
    }
}

impl Family {
    /// The document before the text of its first rule.
    fn preface(&self) -> &'static str {
        let end = self.1.find("\n## ").unwrap_or(self.1.len());
        self.1[..end].trim_end()
    }

    /// The parts of the document about one rule each: its id, then its text.
    fn texts(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let parts = self.1.split("\n## ").skip(1);
        parts.filter_map(|part| part.split_once('\n'))
    }

    /// Its rules, in the order of the document.
    fn entries(&self) -> impl Iterator<Item = RuleEntry> {
        let entry = |(id, text): (&str, &'static str)| {
            let rule = *self
                .2
                .iter()
                .copied()
                .flatten()
                .find(|rule| rule.id == id)?;
            let text = text.trim();
            let summary = text.lines().next()?;
            let severity = chinese(rule.severity);
            Some(RuleEntry {
                rule,
                kind: self.0,
                summary,
                text: format!("## {id}\n\n{severity}：{text}"),
            })
        };
        self.texts().filter_map(entry)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_has_one_text_and_each_text_its_rule() {
        let mut count = 0;
        for family in &FAMILIES {
            let rules = family.2.iter().copied().flatten();
            let mut rules: Vec<&str> = rules.map(|rule| rule.id).collect();
            let mut texts: Vec<&str> = family.texts().map(|(id, _)| id).collect();
            rules.sort_unstable();
            texts.sort_unstable();
            assert_eq!(rules, texts);
            count += rules.len();
        }
        let mut all: Vec<&str> = all().iter().map(|entry| entry.rule.id).collect();
        assert_eq!(all.len(), count);
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count, "an id stands twice");
    }
}
