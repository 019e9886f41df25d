//! A finding: a rule, a severity, a place in the file, and a remedy.

use super::rule::{INVALID_YAML, Rule, Severity, TOO_MANY_FINDINGS};
use super::said::Said;
use crate::source::{Span, SyntaxFault};

/// The most findings of one file that are kept.
const MOST: usize = 2_000;
/// What is said of a file that is written wrongly to those who have not written it, and what they can do.
const UNREADABLE: &str = "文件的写法有误，读不出来";
const SAVED: &str = "打开从本系统下载的年报文件；别人改过的，请改它的人核对";

/// A place in the report file that a finding points at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// A remark on it, in Chinese; may be empty.
    pub text: String,
}

/// One finding about a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule.
    pub rule: Rule,
    /// The severity: that of the rule, unless a policy or a waiver changes it.
    pub severity: Severity,
    /// The fault, in one Chinese sentence.
    pub message: Said,
    /// The places, the most telling first.
    pub labels: Vec<Label>,
    /// The clause that the rule is based on.
    pub law: Option<String>,
    /// Advice on what to write instead.
    pub hints: Vec<Said>,
    /// The value to write instead of the one that is written, if that is clear.
    pub instead: Option<String>,
    /// The reason for which it is accepted as published, if it is.
    pub waived: Option<String>,
}

impl Diagnostic {
    /// A finding of a rule, with the severity of the rule.
    #[must_use]
    pub fn new(rule: Rule, span: Span, message: impl Into<Said>) -> Self {
        let label = Label {
            span,
            text: String::new(),
        };
        Self {
            rule,
            severity: rule.severity,
            message: message.into(),
            labels: vec![label],
            law: None,
            hints: Vec::new(),
            instead: None,
            waived: None,
        }
    }

    /// Labels the primary place.
    #[must_use]
    pub fn labelled(mut self, text: impl Into<String>) -> Self {
        self.labels[0].text = text.into();
        self
    }

    /// Adds a further place.
    #[must_use]
    pub fn also(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label {
            span,
            text: text.into(),
        });
        self
    }

    /// Adds further places of the same.
    #[must_use]
    pub fn also_at(self, spans: impl IntoIterator<Item = Span>) -> Self {
        let spans = spans.into_iter();
        spans.fold(self, |finding, span| finding.also(span, ""))
    }

    /// Adds the clause that the rule is based on.
    #[must_use]
    pub fn law(mut self, law: impl Into<String>) -> Self {
        self.law = Some(law.into());
        self
    }

    /// Adds advice on what to write instead.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<Said>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Advises to write another value, which is what was meant.
    #[must_use]
    pub fn instead(mut self, value: impl Into<String>) -> Self {
        let value = value.into();
        self.hints.push(format!("写作 {value}").into());
        self.instead = Some(value);
        self
    }

    /// The primary place.
    #[must_use]
    pub fn span(&self) -> Span {
        self.labels.first().map(|l| l.span).unwrap_or_default()
    }
}

impl From<&SyntaxFault> for Diagnostic {
    fn from(fault: &SyntaxFault) -> Self {
        let (message, hint) = match &fault.plain {
            Some((message, hint)) => (message.as_str(), *hint),
            None => (UNREADABLE, SAVED),
        };
        let found = Self::new(
            INVALID_YAML,
            fault.span,
            Said::new(&*fault.message, message),
        );
        let written = fault.hint.as_deref();
        written.map_or(found.clone(), |written| {
            found.hint(Said::new(written, hint))
        })
    }
}

/// A value if one could be made, and all findings on the way.
#[derive(Clone, Debug)]
pub struct Outcome<T> {
    /// The value; `None` only if an error prevents it.
    pub value: Option<T>,
    /// The findings in the order of the file.
    pub findings: Vec<Diagnostic>,
}

impl<T> Outcome<T> {
    /// An outcome whose findings are sorted by place, then by rule.
    #[must_use]
    pub fn new(value: Option<T>, mut findings: Vec<Diagnostic>) -> Self {
        sort(&mut findings);
        Self { value, findings }
    }
}

/// Sorts findings by place, then by rule, so that their order does not depend on that of the checks.
pub fn sort(findings: &mut [Diagnostic]) {
    findings.sort_by_key(|d| (d.span().start, d.span().end, d.severity, d.rule.id));
}

/// Whether any finding stops publication.
#[must_use]
pub fn has_errors(findings: &[Diagnostic]) -> bool {
    findings.iter().any(|d| d.severity == Severity::Error)
}

/// The number of findings of a severity.
#[must_use]
pub fn count(findings: &[Diagnostic], severity: Severity) -> usize {
    findings.iter().filter(|d| d.severity == severity).count()
}

/// Limits findings to 2,000, errors first, adding one with the number of those omitted.
pub fn limit(findings: &mut Vec<Diagnostic>) {
    let Some(more) = findings.len().checked_sub(MOST).filter(|more| *more > 0) else {
        return;
    };
    findings.sort_by_key(|finding| (finding.severity, finding.span().start));
    findings.truncate(MOST);
    sort(findings);
    let message = format!("另有 {more} 项问题没有列出");
    findings.push(Diagnostic::new(TOO_MANY_FINDINGS, Span::default(), message));
}
