//! Reports that are written down in part, with the findings that are expected on their lines.
//!
//! A line may end in `# warning[rule]`, several parted by commas, within blocks of text too. What
//! the form asks for and the file does not give is put in: tables and rows of 0, plain sections.

use nianbao::diagnostic::Diagnostic;
use nianbao::form::Content;

use super::EDITIONS;

/// A report and where its findings are expected.
pub struct Case {
    pub text: String,
    /// Line and finding, such as (3, "error[unknown-key]").
    pub expected: Vec<(usize, String)>,
}

/// What stands for a section that a case does not give.
const PLAIN: [(&str, &str); 4] = [
    (
        "overview",
        "主动公开、依申请公开、政府信息管理、平台建设和监督保障各项工作都有人负责。",
    ),
    ("problems", "公开的目录还不齐全，下一年度将分批补充。"),
    ("other", "本年度未收取信息处理费。"),
    (
        "sections",
        "[{title: 一、概述, text: 各项工作都有人负责。}]",
    ),
];

/// Completes a case.
pub fn case(text: &str) -> Case {
    let mut lines: Vec<(String, Vec<String>)> = text.lines().map(line).collect();
    let given = |lines: &[(String, Vec<String>)], key: &str, indent: &str| {
        let start = format!("{indent}{key}:");
        lines.iter().position(|(line, _)| line.starts_with(&start))
    };
    let plain = |line: String| (line, Vec::new());
    for (key, value) in [("year", "2023"), ("agency", "某某市科技局")] {
        if given(&lines, key, "").is_none() {
            lines.push(plain(format!("{key}: {value}")));
        }
    }
    // A case may name another edition than that of its year.
    let named = given(&lines, "format", "");
    let named = named.map(|at| {
        lines[at].0["format:".len()..]
            .trim()
            .trim_matches('"')
            .to_owned()
    });
    let form = named.and_then(|name| EDITIONS.named(&name));
    let form = form.unwrap_or_else(|| EDITIONS.newest().unwrap());
    for part in form.parts() {
        let key = &part.name.key;
        let at = given(&lines, key, "");
        let Content::Table(table) = part.content else {
            if at.is_none() {
                let text = PLAIN.iter().find(|(known, _)| known == key).unwrap().1;
                lines.push(plain(format!("{key}: {text}")));
            }
            continue;
        };
        let at = at.unwrap_or_else(|| {
            lines.push(plain(format!("{key}:")));
            lines.len() - 1
        });
        let total = |line: &nianbao::form::Line| line.parts.is_some();
        for row in table.lines().iter().filter(|line| !total(line)) {
            if given(&lines, &row.name.key, "  ").is_none() {
                lines.insert(at + 1, plain(format!("  {}: 0", row.name.key)));
            }
        }
    }
    let mut expected = Vec::new();
    for (i, (_, findings)) in lines.iter().enumerate() {
        expected.extend(findings.iter().map(|finding| (i + 1, finding.clone())));
    }
    expected.sort();
    let text = lines.iter().map(|(line, _)| format!("{line}\n")).collect();
    Case { text, expected }
}

/// A line and the findings that its comment names.
fn line(line: &str) -> (String, Vec<String>) {
    match line.rsplit_once(" # ") {
        Some((text, comment)) if comment.contains('[') => {
            let findings = comment.split(", ").map(str::to_owned);
            (text.trim_end().to_owned(), findings.collect())
        }
        _ => (line.to_owned(), Vec::new()),
    }
}

/// Findings as expectations are written.
pub fn found(text: &str, findings: &[Diagnostic]) -> Vec<(usize, String)> {
    let line = |d: &Diagnostic| text[..d.span().start].matches('\n').count() + 1;
    let shown = |d: &Diagnostic| (line(d), format!("{}[{}]", d.severity, d.rule.id));
    let mut found: Vec<_> = findings.iter().map(shown).collect();
    found.sort();
    found
}
