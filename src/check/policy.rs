#![doc = include_str!("waivers.md")]

use super::Compared;
use super::rules::{self, RuleEntry, RuleKind};
use crate::diagnostic::{Diagnostic, Needs, Rule, Said, Severity, UNUSED_WAIVER};
use crate::report::Waiver;

/// The user's policy on findings.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// Whether errors in numbers are warnings, because the report is printed as it was published.
    pub as_published: bool,
    denied: Vec<Rule>,
    allowed: Vec<Rule>,
}

impl Policy {
    /// A policy that makes the findings of some rules errors and those of others notes.
    ///
    /// # Errors
    /// When an id names no rule, is in both lists, or is allowed although its rule is binding.
    pub fn new(as_published: bool, deny: &[String], allow: &[String]) -> Result<Self, String> {
        let known = |id: &String| {
            let none = || match rules::nearest(id) {
                Some(near) => format!("there is no rule {id}; the nearest is {near}"),
                None => format!("there is no rule {id}; docs/checks.md lists them"),
            };
            rules::named(id).ok_or_else(none)
        };
        let denied = deny.iter().map(|id| known(id).map(|entry| entry.rule));
        let allowed = allow.iter().map(|id| match known(id)? {
            RuleEntry {
                kind: RuleKind::Binding,
                ..
            } => Err(format!(
                "{id} cannot be allowed: the report could not be printed"
            )),
            RuleEntry { .. } if deny.contains(id) => {
                Err(format!("{id} is both denied and allowed"))
            }
            entry => Ok(entry.rule),
        });
        Ok(Self {
            as_published,
            denied: denied.collect::<Result<_, _>>()?,
            allowed: allowed.collect::<Result<_, _>>()?,
        })
    }

    /// The rules whose findings it makes errors.
    #[must_use]
    pub fn denied(&self) -> Vec<String> {
        self.denied.iter().map(|rule| rule.id.to_owned()).collect()
    }

    /// The rules whose findings it makes notes.
    #[must_use]
    pub fn allowed(&self) -> Vec<String> {
        self.allowed.iter().map(|rule| rule.id.to_owned()).collect()
    }

    /// The policy in words: equal policies have equal words.
    #[must_use]
    pub fn shown(&self) -> String {
        let list = |what: &str, rules: &[Rule]| {
            let mut rules: Vec<&str> = rules.iter().map(|rule| rule.id).collect();
            rules.sort_unstable();
            rules.dedup();
            format!("{what}: {}", rules.join(" "))
        };
        let (denied, allowed) = (list("deny", &self.denied), list("allow", &self.allowed));
        format!("as published: {}; {denied}; {allowed}", self.as_published)
    }

    /// Sets the severities of findings, lowering those that the report waives. Denied rules cannot be waived.
    #[must_use]
    pub fn apply(
        &self,
        mut findings: Vec<Diagnostic>,
        waivers: &[Waiver],
        compared: Compared,
    ) -> Vec<Diagnostic> {
        let unused = waivers
            .iter()
            .filter_map(|waiver| unused(waiver, &findings, compared));
        let unused: Vec<Diagnostic> = unused.collect();
        findings.extend(unused);
        for finding in &mut findings {
            self.set(finding);
            let waiver = waivers
                .iter()
                .find(|waiver| waiver.rule.text == finding.rule.id);
            let may_be = |_: &&Waiver| rules::named(finding.rule.id).is_some_and(is_waivable);
            if let Some(waiver) = waiver.filter(may_be) {
                if !self.denied.contains(&finding.rule) {
                    finding.severity = Severity::Note;
                }
                finding.hints.push(Said::new(
                    format!("已豁免：{}", waiver.reason.text),
                    format!("已确认无误，保留原文：{}", waiver.reason.text),
                ));
                finding.waived = Some(waiver.reason.text.clone());
            }
        }
        findings
    }

    fn set(&self, finding: &mut Diagnostic) {
        let kind = rules::named(finding.rule.id).map(|entry| entry.kind);
        if self.as_published
            && kind == Some(RuleKind::Numbers)
            && finding.severity == Severity::Error
        {
            finding.severity = Severity::Warning;
        }
        if self.denied.contains(&finding.rule) {
            finding.severity = Severity::Error;
        }
        if self.allowed.contains(&finding.rule) {
            finding.severity = Severity::Note;
        }
    }
}

/// The rules whose findings a waiver accepts.
pub fn waivable() -> impl Iterator<Item = &'static RuleEntry> {
    rules::all().iter().filter(|entry| is_waivable(entry))
}

fn is_waivable(entry: &RuleEntry) -> bool {
    entry.kind != RuleKind::Binding && entry.rule != UNUSED_WAIVER
}

impl Compared {
    /// Whether all was there that a rule needs.
    fn covers(self, rule: Rule) -> bool {
        match rule.needs {
            _ if self.partial => false,
            Needs::Nothing | Needs::Year => true,
            Needs::Previous => self.previous,
            Needs::Agencies => self.agencies,
        }
    }
}

/// What to do with a reason for something unknown.
const AGAIN: &str = "删去它，在问题旁边按“确认无误，保留原文”重新写明";

/// The advice to waive a finding in some case.
pub(super) fn or_waive(case: impl Into<Said>) -> Said {
    let case = case.into();
    Said::new(
        format!("{case}，用豁免写明理由"),
        format!("{}，按“确认无误，保留原文”写明理由", case.plain()),
    )
}

/// The finding about a waiver whose rule does not exist, cannot be waived, or found nothing.
fn unused(waiver: &Waiver, findings: &[Diagnostic], compared: Compared) -> Option<Diagnostic> {
    let id = &waiver.rule.text;
    let dropped = Said::new("删去这项豁免", "删去这条理由");
    let (message, hint) = match rules::named(id) {
        None => (
            Said::new(
                format!("没有名为“{id}”的规则"),
                "这一条保留原文的理由认不出是关于什么问题的",
            ),
            match rules::nearest(id).and_then(rules::named) {
                Some(near) => Said::new(
                    format!("最接近的是 {}", near.rule.id),
                    format!("多半是“{}”；{AGAIN}", near.summary),
                ),
                None => Said::new("docs/checks.md 列出全部规则", AGAIN),
            },
        ),
        Some(RuleEntry {
            kind: RuleKind::Binding,
            summary,
            ..
        }) => (
            Said::new(
                format!("{id} 不能豁免：不改正就印不出来"),
                format!("“{summary}”不能保留原文：不改正就印不出来"),
            ),
            Said::new("改正后删去这项豁免", "改正后删去这条理由"),
        ),
        Some(entry) if entry.rule == UNUSED_WAIVER => (
            Said::new(
                "豁免本身的问题不能豁免",
                "保留原文的理由本身的问题，不能保留",
            ),
            dropped,
        ),
        Some(entry) if findings.iter().any(|finding| finding.rule == entry.rule) => return None,
        Some(entry) if !compared.covers(entry.rule) => return None,
        Some(RuleEntry { summary, .. }) => (
            Said::new(
                format!("没有 {id} 的问题，这项豁免不起作用"),
                format!("没有“{summary}”的问题了，这条保留原文的理由不起作用"),
            ),
            dropped,
        ),
    };
    Some(Diagnostic::new(UNUSED_WAIVER, waiver.rule.span, message).hint(hint))
}
