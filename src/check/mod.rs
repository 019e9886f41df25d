//! Checks of a bound report: values against values, prose against values, and prose as such.
//!
//! One file for each family of rules, documented in the Markdown file beside it. Checking knows no fonts, no
//! Typst and no disk; it is given what it compares with.

mod agencies;
mod balances;
mod blanks;
mod citations;
mod compared;
mod copied_text;
mod corrections;
mod due_dates;
mod editions;
mod gaps;
mod numbering;
mod passages;
mod policy;
mod previous;
mod prose_numbers;
mod residue;
pub mod rules;
mod sections;
mod slips;
mod totals;
mod twice;
mod verbatim;
mod writing;
mod years;

use std::collections::BTreeMap;
use std::sync::OnceLock;

pub use self::agencies::{missing_reports, sums_disagree};
use self::citations::Decree;
pub use self::compared::{Compared, Previous};
pub use self::copied_text::Share;
pub(crate) use self::corrections::{CORRECTED, corrections, is_invisible};
pub use self::policy::{Policy, waivable};
use self::previous::other_agency;
pub use self::previous::{misnamed, not_compared};
use self::prose_numbers::Vocabulary;
use crate::diagnostic::{self, Diagnostic};
use crate::digest::Digest;
use crate::error::Error;
use crate::form::{DeclarationFault, Editions, Entry};
use crate::report::Report;

/// The digest of the checks: if it changes, reports are checked again, and no PDF is made for that alone.
#[must_use]
pub fn digest() -> Digest {
    let digest = env!("NIANBAO_CHECKS").parse();
    digest.expect("the build gives a digest")
}

/// The result of checking a report.
#[derive(Debug)]
pub struct Checked {
    /// Every finding, in the order of the file.
    pub findings: Vec<Diagnostic>,
    /// The share of the text that was there the year before, section by section; empty if there is nothing to
    /// compare it with.
    pub copied: Vec<Share>,
}

/// State that all checks share: the words of each edition and the known decrees.
#[derive(Debug)]
pub struct Checker {
    /// The vocabularies by edition, each made when a report first needs it: it takes milliseconds.
    vocabularies: BTreeMap<String, OnceLock<Vocabulary>>,
    decrees: Vec<Decree>,
    editions: Editions,
}

impl Checker {
    /// Prepares the checks.
    ///
    /// # Errors
    /// When a declaration contradicts itself, or an edition declares a balance of no known rule.
    pub fn new(editions: &Editions) -> Result<Self, Error> {
        let mut vocabularies = BTreeMap::new();
        for form in editions.all() {
            let rules = form.tables.values().flat_map(|table| &table.rules);
            if let Some(rule) = rules
                .into_iter()
                .find(|rule| balances::rule(&rule.id).is_none())
            {
                let cause = format!(
                    "规则“{}”不是勾稽关系的规则；docs/checks.md 列出规则",
                    rule.id
                );
                let fault = DeclarationFault::new(Entry::of("id", &rule.id), cause);
                return Err(editions.fault(&form.edition, fault));
            }
            vocabularies.insert(form.edition.clone(), OnceLock::new());
        }
        Ok(Self {
            vocabularies,
            decrees: citations::decrees()?,
            editions: editions.clone(),
        })
    }

    /// Checks a report.
    #[must_use]
    pub fn run(&self, report: &Report, previous: Option<Previous>) -> Checked {
        let mut findings = Vec::new();
        let passages = passages::passages(report);
        editions::check(report, &self.editions, &mut findings);
        due_dates::check(report, &mut findings);
        totals::check(report, &mut findings);
        findings.extend(previous.and_then(|previous| other_agency(report, &previous)));
        balances::check(report, previous, &mut findings);
        if let Some(vocabulary) = self.vocabularies.get(&report.form.edition) {
            let vocabulary = vocabulary.get_or_init(|| Vocabulary::new(&report.form));
            prose_numbers::check(report, &passages, vocabulary, &mut findings);
        }
        years::check(report, &passages, &mut findings);
        sections::check(report, &passages, &mut findings);
        let copied = copied_text::check(previous, &passages, &mut findings);
        numbering::check(&passages, &mut findings);
        residue::check(&passages, &mut findings);
        writing::check(&passages, &mut findings);
        writing::check_agency(&report.agency, &mut findings);
        slips::check(&passages, &mut findings);
        gaps::check(&passages, &mut findings);
        gaps::check_agency(&report.agency, &mut findings);
        citations::check(&self.decrees, &passages, &mut findings);
        diagnostic::sort(&mut findings);
        Checked { findings, copied }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::path::Path;

    use super::*;
    use crate::form::Content;
    use crate::report;
    use crate::source::Source;

    /// The findings of text-disagrees on a sentence of a report whose values are 0.
    pub(crate) fn disagreements(text: &str) -> Vec<Diagnostic> {
        let editions = Editions::builtin().unwrap();
        let form = editions.newest().unwrap();
        let mut yaml = String::from("agency: 某某市科技局\nyear: 2023\n");
        for part in form.parts() {
            let Content::Table(table) = part.content else {
                yaml.push_str(&format!("{}: |\n  {text}\n", part.name.key));
                continue;
            };
            yaml.push_str(&format!("{}:\n", part.name.key));
            for line in table.lines() {
                yaml.push_str(&format!("  {}: 0\n", line.name.key));
            }
        }
        let source = Source::from_bytes(Path::new("x.yaml"), yaml.into_bytes());
        let report = report::bind(&source, &editions).value.unwrap();
        let mut found = Checker::new(&editions).unwrap().run(&report, None).findings;
        let first = report.sections.get(&form.sections[0].key).unwrap().span;
        found.retain(|d| {
            let at = d.span().start;
            d.rule == rules::TEXT_DISAGREES && (first.start..first.end).contains(&at)
        });
        found
    }
}
