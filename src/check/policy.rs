#![doc = include_str!("waivers.md")]

use super::Compared;
use super::rules::{self, RuleEntry, RuleKind};
use crate::diagnostic::{Diagnostic, Needs, Rule, Severity, UNUSED_WAIVER};
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
            let waivable = finding.rule != UNUSED_WAIVER && !is_binding(finding.rule);
            if let Some(waiver) = waiver.filter(|_| waivable) {
                if !self.denied.contains(&finding.rule) {
                    finding.severity = Severity::Note;
                }
                finding
                    .hints
                    .push(format!("已豁免：{}", waiver.reason.text));
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

fn is_binding(rule: Rule) -> bool {
    rules::named(rule.id).is_some_and(|entry| entry.kind == RuleKind::Binding)
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

/// The finding about a waiver whose rule does not exist, cannot be waived, or found nothing.
fn unused(waiver: &Waiver, findings: &[Diagnostic], compared: Compared) -> Option<Diagnostic> {
    let id = &waiver.rule.text;
    let (message, hint) = match rules::named(id) {
        None => (
            format!("没有名为“{id}”的规则"),
            match rules::nearest(id) {
                Some(near) => format!("最接近的是 {near}"),
                None => "docs/checks.md 列出全部规则".to_owned(),
            },
        ),
        Some(RuleEntry {
            kind: RuleKind::Binding,
            ..
        }) => (
            format!("{id} 不能豁免：不改正就印不出来"),
            "改正后删去这项豁免".to_owned(),
        ),
        Some(entry) if entry.rule == UNUSED_WAIVER => (
            "豁免本身的问题不能豁免".to_owned(),
            "删去这项豁免".to_owned(),
        ),
        Some(entry) if findings.iter().any(|finding| finding.rule == entry.rule) => return None,
        Some(entry) if !compared.covers(entry.rule) => return None,
        Some(_) => (
            format!("没有 {id} 的问题，这项豁免不起作用"),
            "删去这项豁免".to_owned(),
        ),
    };
    Some(Diagnostic::new(UNUSED_WAIVER, waiver.rule.span, message).hint(hint))
}
