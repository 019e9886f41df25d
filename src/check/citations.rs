#![doc = include_str!("citations.md")]

use std::ops::{Range, RangeInclusive};
use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;

use super::passages::{Passage, is_han, narrow, pattern};
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

/// What may open the brackets around the year of a document.
const OPENING: [char; 8] = ['〔', '﹝', '[', '［', '（', '(', '【', '{'];
/// The number of a document by its year in brackets of any kind, from the bracket on: 〔2021〕30号.
static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^.\s*(?<year>[0-9０-９]{4}|[0-9０-９]{2})\s*(?<close>[〕﹞\]］）)】}])\s*(?<th>第?)\s*(?<zeros>[0０]*)(?<number>[1-9１-９][0-9０-９]{0,4})\s*号(?<rest>[\p{Han}（(]?)",
    )
});
/// What is numbered with 第 and without 〔 〕: 国务院令第711号, 公告2021年第3号.
const ORDERS: &str = "令告";
/// What the signs of issuers mostly end with: 国办发, 国办公开办函.
const ISSUERS: &str = "发函办文字政规通";
/// What else they end with, where it is the name of an office: 某府, 某科.
const OFFICES: &str = "府委局厅科教财人建农水环卫商监管审";
/// What stands behind the number of a house, a motion or a verdict.
const NO_DOCUMENT: &str = "楼栋幢座室院门库池线议提建判裁民刑行";
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
    /// The character before it, if it may belong to the sign of an issuer.
    issuer: Option<char>,
    /// Whether it can be nothing else, by its brackets.
    sure: bool,
    /// What to write in its place; `None` if its year is not whole.
    correct: Option<String>,
}

/// The numbers in a text that are written otherwise than the standard has them.
fn misnumbered(text: &str) -> Vec<Misnumbered> {
    if !text.contains('号') {
        return Vec::new();
    }
    let brackets = text.match_indices(OPENING);
    brackets
        .filter_map(|(at, open)| misnumbered_at(text, at, open))
        .collect()
}

/// The number whose year stands in the bracket at a place.
fn misnumbered_at(text: &str, at: usize, open: &str) -> Option<Misnumbered> {
    let behind = text[at + open.len()..].trim_start();
    if !behind.starts_with(|c| narrow(c).is_ascii_digit()) {
        return None;
    }
    let captures = NUMBER.captures(&text[at..])?;
    let digits = |name: &str| captures[name].chars().map(narrow).collect::<String>();
    let (year, number) = (digits("year"), digits("number"));
    let full = year.len() == 4;
    let known = year.parse().is_ok_and(|year: u16| YEARS.contains(&year));
    let issuer = text[..at].trim_end().chars().next_back();
    let issuer = issuer.filter(|c| is_han(*c) || matches!(c, '》' | '”'));
    let sure = matches!(open, "〔" | "﹝");
    let is_document = match issuer {
        None => sure,
        Some(issuer) if ORDERS.contains(issuer) => false,
        // 某某路（12）5号 is no document.
        Some(issuer) if !full && matches!(open, "（" | "(") => {
            ISSUERS.contains(issuer) || OFFICES.contains(issuer)
        }
        Some(_) => true,
    };
    let rest = &captures["rest"];
    let other = !sure && !rest.is_empty() && NO_DOCUMENT.contains(rest);
    if full && !known || !is_document || other {
        return None;
    }
    let written = captures[0].len() - rest.len();
    let range = at..at + written;
    let mut faults = Vec::new();
    if (open, &captures["close"]) != ("〔", "〕") {
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
    if text[range.clone()].contains(char::is_whitespace) {
        faults.push("中间不留空格");
    }
    (!faults.is_empty()).then(|| Misnumbered {
        range,
        faults,
        issuer,
        sure,
        correct: full.then(|| format!("〔{year}〕{number}号")),
    })
}

/// The corrections of numbers whose years are whole: the part to replace, and by what.
pub(super) fn corrected_numbers(text: &str) -> impl Iterator<Item = (Range<usize>, String)> {
    let found = misnumbered(text).into_iter();
    // In other brackets and behind another character it may be the number of a house or of a motion.
    let by_issuer = |found: &Misnumbered| found.issuer.is_some_and(|c| ISSUERS.contains(c));
    let sure = found.filter(move |found| found.sure || by_issuer(found));
    sure.filter_map(|found| Some((found.range, found.correct?)))
}

/// The findings about numbers that are written otherwise than the standard has them.
fn numbers(passage: &Passage, findings: &mut Vec<Diagnostic>) {
    for found in misnumbered(passage.str()) {
        let message = format!("文号的写法不合规定：{}", found.faults.join("，"));
        let finding = Diagnostic::new(rules::DOCUMENT_NUMBER, passage.span(found.range), message)
            .law("GB/T 9704—2012 7.2.5：年份应标全称，用六角括号“〔〕”括入；发文顺序号不加“第”字，不编虚位");
        let hint = match found.correct {
            Some(correct) => {
                let issuer = found.issuer.filter(|c| is_han(*c));
                let issuer = issuer.map(String::from).unwrap_or_default();
                format!("写作“{issuer}{correct}”")
            }
            None => "核对是哪一年的文件，写出四位的年份".to_owned(),
        };
        findings.push(finding.hint(hint));
    }
}

/// Compares the numbers of cited decrees with the known ones, and their form with the standard.
pub(super) fn check(decrees: &[Decree], passages: &[Passage], findings: &mut Vec<Diagnostic>) {
    for passage in passages {
        numbers(passage, findings);
        if !has_numbered_title(passage.str()) {
            continue;
        }
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

/// Whether brackets stand behind a title; behind most there are none, and no pattern is tried.
fn has_numbered_title(text: &str) -> bool {
    let mut titles = text.match_indices('》');
    titles.any(|(at, close)| {
        let behind = text[at + close.len()..].trim_start();
        behind.starts_with(['（', '('])
    })
}

/// A title or number without brackets, quotes and spaces, which are written in many ways.
fn plain(text: &str) -> String {
    let is_mark = |c: char| "《》〈〉<>‹›“”〔〕[]【】（）()".contains(c);
    let written = |c: &char| is_han(*c) || !c.is_whitespace() && !is_mark(*c);
    text.chars().filter(written).collect()
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
