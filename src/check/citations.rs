#![doc = include_str!("citations.md")]

use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;

use super::passages::{Passage, pattern};
use super::rules;
use crate::diagnostic::Diagnostic;
use crate::error::Error;
use crate::form::declaration;

/// A decree that reports cite.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Decree {
    title: String,
    numbers: Vec<String>,
    /// The whole titles as shortened; with more words before them, they are another decree's.
    #[serde(default)]
    also: Vec<String>,
    /// The pages that show title and number together; for maintainers of the list.
    #[allow(dead_code)]
    sources: Vec<String>,
    /// The title and the numbers in the form in which citations are compared.
    #[serde(skip)]
    stem: String,
    #[serde(skip)]
    plain: Vec<String>,
}

impl Decree {
    fn is_called(&self, cited: &String) -> bool {
        cited.ends_with(&self.stem) || self.also.contains(cited)
    }

    fn has(&self, number: &str) -> bool {
        self.plain.iter().any(|known| same(number, known))
    }
}

/// A title and the number in brackets behind it; the brackets may be of either width.
static CITATION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"《(?<title>[^《》]*(?:《[^《》]*》[^《》]*)*)》\s*[（(]\s*(?<number>[^（()）]{0,24}?第?\s*[\d\s]+号\s*令?)",
    )
});

/// The known decrees.
pub(super) fn decrees() -> Result<Vec<Decree>, Error> {
    let mut decrees: Vec<Decree> =
        declaration("src/check/decrees.yaml", include_str!("decrees.yaml"))?;
    for decree in &mut decrees {
        decree.stem = stem(&decree.title);
        decree.plain = decree.numbers.iter().map(|number| short(number)).collect();
    }
    Ok(decrees)
}

/// Compares the numbers of cited decrees with the known ones.
pub(super) fn check(decrees: &[Decree], passages: &[Passage], findings: &mut Vec<Diagnostic>) {
    for passage in passages
        .iter()
        .filter(|passage| passage.str().contains('》'))
    {
        for captures in CITATION.captures_iter(passage.str()) {
            let (Some(title), Some(number)) = (captures.name("title"), captures.name("number"))
            else {
                continue;
            };
            let cited = stem(title.as_str());
            let known = decrees.iter().filter(|decree| decree.is_called(&cited));
            let Some(decree) = known.max_by_key(|decree| decree.title.len()) else {
                continue;
            };
            let written = short(number.as_str());
            // What a province or city makes of a decree has a number of its own.
            let central = ["国", "中", "第"]
                .iter()
                .any(|issuer| written.starts_with(issuer));
            if !central || cited.contains("转发") || decree.has(&written) {
                continue;
            }
            let own = decree.numbers.join("或");
            let owner = decrees.iter().find(|decree| decree.has(&written));
            let message = format!("《{}》的文号是{own}", decree.title);
            let mut finding =
                Diagnostic::new(rules::WRONG_CITATION, passage.span(number.range()), message)
                    .also(passage.span(title.range()), "所引的文件");
            if let Some(owner) = owner {
                finding = finding.hint(format!("{}是《{}》的文号", owner.numbers[0], owner.title));
            }
            findings.push(finding.hint("核对引用的是哪个文件"));
        }
    }
}

/// A title or number without brackets, quotes and spaces, which are written in many ways.
fn plain(text: &str) -> String {
    let marks = "《》〈〉<>‹›“”〔〕[]【】（）()";
    text.chars()
        .filter(|c| !c.is_whitespace() && !marks.contains(*c))
        .collect()
}

/// A title without the words that may be omitted or added.
fn stem(title: &str) -> String {
    let title = plain(title);
    let title = title.trim_end_matches("试行");
    title
        .strip_suffix("的通知")
        .unwrap_or(title)
        .trim_end_matches("试行")
        .to_owned()
}

/// A number in its shortest form: 国令第711号 for 国务院令第711号, 国务院第711号令 and the like.
fn short(number: &str) -> String {
    let plain = plain(number).replace("中华人民共和国", "");
    let order = plain.strip_suffix("令");
    let order = order.map(|rest| rest.replacen('第', "令第", 1));
    order.unwrap_or(plain).replace("国务院令", "国令")
}

/// Whether two short numbers are the same; 第711号 may stand alone.
fn same(written: &str, known: &str) -> bool {
    written == known || (written.starts_with('第') && known.ends_with(written))
}
