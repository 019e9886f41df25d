//! The list of rules, read from the documents of their families.
//!
//! A family is one file of rules in this folder, `<family>.md`, with what each finds, why it
//! matters, an example and its basis. The code of a family stands beside it.

use std::sync::LazyLock;

use crate::diagnostic::Severity;

/// The documents, in the order of the printed list.
const FAMILIES: [(Kind, &str); 15] = [
    (Kind::Binding, include_str!("binding.md")),
    (Kind::Binding, include_str!("pages.md")),
    (Kind::Figures, include_str!("totals.md")),
    (Kind::Figures, include_str!("balances.md")),
    (Kind::Figures, include_str!("agencies.md")),
    (Kind::Text, include_str!("editions.md")),
    (Kind::Text, include_str!("cells.md")),
    (Kind::Text, include_str!("prose_figures.md")),
    (Kind::Text, include_str!("years.md")),
    (Kind::Text, include_str!("sections.md")),
    (Kind::Text, include_str!("copied_text.md")),
    (Kind::Text, include_str!("numbering.md")),
    (Kind::Text, include_str!("writing.md")),
    (Kind::Text, include_str!("citations.md")),
    (Kind::Text, include_str!("waivers.md")),
];

/// What a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Whether there is a report, and whether it can be printed. Nothing can lower these.
    Binding,
    /// Whether figures agree.
    Figures,
    /// The rest.
    Text,
}

/// A rule.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Its id.
    pub id: &'static str,
    /// How much its findings weigh.
    pub severity: Severity,
    /// What it is about.
    pub kind: Kind,
    /// What it finds, in one line.
    pub summary: &'static str,
    /// Its whole documentation (Markdown).
    pub text: &'static str,
}

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let families = FAMILIES.iter();
    families
        .flat_map(|(kind, text)| sections(text).filter_map(|section| rule(*kind, section)))
        .collect()
});

/// Every rule, family by family.
#[must_use]
pub fn all() -> &'static [Rule] {
    &RULES
}

/// The rule with that id.
#[must_use]
pub fn named(id: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.id == id)
}

/// The id that is most like a misspelt one.
#[must_use]
pub fn nearest(id: &str) -> &'static str {
    let likeness = |rule: &&Rule| strsim::normalized_damerau_levenshtein(id, rule.id);
    let near = RULES
        .iter()
        .max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    near.map_or("", |rule| rule.id)
}

/// The documentation of all rules, a file of the project.
#[must_use]
pub fn document() -> String {
    let mut text = String::from(
        "# 检查规则\n\n<!-- 由 src/check/*.md 生成，请勿直接修改：NIANBAO_UPDATE=1 cargo test --release check:: -->\n\n\
         `nianbao explain 规则名` 显示其中一条。**错误**不改正不生成文件；**警告**多半是错的；**提示**值得看一眼。\n\n\
         | 规则 | 程度 | 查什么 |\n|---|---|---|\n",
    );
    for rule in all() {
        let Rule { id, summary, .. } = rule;
        text.push_str(&format!(
            "| [`{id}`](#{id}) | {} | {summary} |\n",
            chinese(rule.severity)
        ));
    }
    for (_, family) in FAMILIES {
        text.push_str(&format!("\n#{}", family.trim_end().replace("\n#", "\n##")));
        text.push('\n');
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

/// The sections of a document, one for each rule: its heading and what follows.
fn sections(document: &'static str) -> impl Iterator<Item = &'static str> {
    let starts = document.match_indices("\n## ").map(|(at, _)| at + 1);
    let ends = starts.clone().skip(1).chain([document.len()]);
    starts
        .clone()
        .zip(ends)
        .map(|(start, end)| document[start..end].trim_end())
}

/// Reads `## id`, then `程度：summary`.
fn rule(kind: Kind, text: &'static str) -> Option<Rule> {
    let mut lines = text.lines().filter(|line| !line.is_empty());
    let id = lines.next()?.strip_prefix("## ")?;
    let (severity, summary) = lines.next()?.split_once('：')?;
    let all = [Severity::Error, Severity::Warning, Severity::Note];
    Some(Rule {
        id,
        severity: all.into_iter().find(|s| chinese(*s) == severity)?,
        kind,
        summary,
        text,
    })
}
