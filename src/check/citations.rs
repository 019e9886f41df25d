#![doc = include_str!("citations.md")]

use std::ops::{Range, RangeInclusive};
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

/// The number of a document by its year in brackets of any kind: 国办公开办函〔2021〕30号.
static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?<issuer>\p{Han})\s*(?<open>[〔﹝\[［（(【{])\s*(?<year>\d{4}|\d{2})\s*(?<close>[〕﹞\]］）)】}])\s*(?<th>第?)\s*(?<zeros>0*)(?<number>[1-9]\d{0,4})\s*号",
    )
});
/// What is numbered with 第 and without 〔 〕: 国务院令第711号, 公告2021年第3号.
const ORDERS: &str = "令告";
/// What the signs of issuers mostly end with: 国办发, 国办公开办函.
const ISSUERS: &str = "发函办文字政规通";
/// The years that a number may have.
const YEARS: RangeInclusive<u16> = 1949..=2099;

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

/// A number that is written otherwise than the standard has it.
struct Misnumbered {
    /// Its year in brackets and what stands behind it.
    range: Range<usize>,
    faults: Vec<&'static str>,
    /// The character before it.
    issuer: char,
    /// What to write in its place; `None` if its year is not whole.
    correct: Option<String>,
}

/// The numbers in a text that are written otherwise than the standard has them.
fn misnumbered(text: &str) -> Vec<Misnumbered> {
    if !text.contains('号') {
        return Vec::new();
    }
    let found = NUMBER.captures_iter(text).filter_map(|captures| {
        let (open, number) = (captures.name("open")?, captures.name("number")?);
        let year = &captures["year"];
        let full = year.len() == 4;
        let known = year.parse().is_ok_and(|year: u16| YEARS.contains(&year));
        let issuer = captures["issuer"].chars().next().unwrap_or_default();
        // 某某路（12）5号 is no document.
        let sure = full || !matches!(open.as_str(), "（" | "(") || ISSUERS.contains(issuer);
        if full && !known || !sure || ORDERS.contains(issuer) {
            return None;
        }
        let mut faults = Vec::new();
        if (open.as_str(), &captures["close"]) != ("〔", "〕") {
            faults.push("年份用六角括号〔 〕");
        }
        if !full {
            faults.push("年份写四位");
        }
        if !captures["th"].is_empty() {
            faults.push("序号前不加“第”");
        }
        if !captures["zeros"].is_empty() {
            faults.push("序号前不加 0");
        }
        let end = captures.get(0).map_or(open.end(), |whole| whole.end());
        (!faults.is_empty()).then(|| Misnumbered {
            range: open.start()..end,
            faults,
            issuer,
            correct: full.then(|| format!("〔{year}〕{}号", number.as_str())),
        })
    });
    found.collect()
}

/// The corrections of numbers whose years are whole: the part to replace, and by what.
pub(super) fn corrected_numbers(text: &str) -> impl Iterator<Item = (Range<usize>, String)> {
    let found = misnumbered(text).into_iter();
    // Behind another character it may be the number of a house or of a motion.
    let sure = found.filter(|found| ISSUERS.contains(found.issuer));
    sure.filter_map(|found| Some((found.range, found.correct?)))
}

/// The findings about numbers that are written otherwise than the standard has them.
fn numbers(passage: &Passage, findings: &mut Vec<Diagnostic>) {
    for found in misnumbered(passage.str()) {
        let message = format!("文号的写法不合规定：{}", found.faults.join("，"));
        let finding = Diagnostic::new(rules::DOCUMENT_NUMBER, passage.span(found.range), message)
            .law("GB/T 9704—2012 7.2.5：年份应标全称，用六角括号“〔〕”括入；发文顺序号不加“第”字，不编虚位");
        let hint = match found.correct {
            Some(correct) => format!("写作“{}{correct}”", found.issuer),
            None => "核对是哪一年的文件，写出四位的年份".to_owned(),
        };
        findings.push(finding.hint(hint));
    }
}

/// Compares the numbers of cited decrees with the known ones, and their form with the standard.
pub(super) fn check(decrees: &[Decree], passages: &[Passage], findings: &mut Vec<Diagnostic>) {
    for passage in passages {
        numbers(passage, findings);
    }
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
