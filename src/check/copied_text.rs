#![doc = include_str!("copied_text.md")]

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;
use serde::{Deserialize, Serialize};

use super::Previous;
use super::passages::{Passage, passages, pattern};
use super::rules;
use super::twice::{bytes, second_runs};
use crate::diagnostic::{Diagnostic, Said};
use crate::source::Span;

/// The share of the text, in percent, from which it counts as copied.
const MOST_COPIED: usize = 50;
/// The fewest characters of a sentence or a run that is no coincidence.
const SHORTEST: usize = 15;
/// The most characters of a sentence that is searched for repeated runs.
const LONGEST: usize = 600;
/// The most copied sentences that are shown.
const SHOWN: usize = 10;

/// The share of a section that was there the year before, years aside.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// The key of the section.
    pub section: String,
    /// The characters of its sentences.
    pub characters: usize,
    /// The characters of the sentences that were there the year before.
    pub copied: usize,
}

/// Finds text that was there before: last year, or earlier in the report.
pub(super) fn check(
    previous: Option<Previous>,
    own: &[Passage],
    findings: &mut Vec<Diagnostic>,
) -> Vec<Share> {
    repeated(own, findings);
    let Some(previous) = previous else {
        return Vec::new();
    };
    let (shares, same) = compare(&passages(previous.report), own);
    findings.extend(copied(previous, &shares, same));
    shares
}

/// The section of a passage that is compared: no headings, and not the texts that say the same each year, the
/// preface and the section on fees and whatever else is to be said.
fn compared_in<'a>(passage: &Passage<'a>) -> Option<&'a str> {
    let section = passage.section().filter(|_| !passage.heading)?;
    let compared = section.fee.is_empty() && !section.optional;
    compared.then_some(section.key.as_str())
}

/// What a sentence says that is the same each year, in whatever section it stands: by which law the report is made,
/// what it covers, that nothing was charged.
static EACH_YEAR: LazyLock<Regex> =
    LazyLock::new(|| pattern("编制.{0,12}报告|报告.{0,8}编制|统计(?:期限|时限)|信息处理费"));

/// A year, which may stand apart from its 年.
static YEAR: LazyLock<Regex> = LazyLock::new(|| pattern(r"\d{4}\s*年"));

/// A sentence without spaces and with all years replaced by the same mark.
fn plain(sentence: &str) -> String {
    let alike = YEAR.replace_all(sentence, "YYYY年");
    if alike.contains(char::is_whitespace) {
        alike.split_whitespace().collect()
    } else {
        alike.into_owned()
    }
}

/// A sentence to be compared.
struct Sentence<'a> {
    section: &'a str,
    plain: String,
    span: Span,
}

fn sentences<'a>(passages: &'a [Passage]) -> impl Iterator<Item = Sentence<'a>> {
    let compared = passages.iter().filter_map(|p| Some((compared_in(p)?, p)));
    compared.flat_map(|(section, passage)| {
        let own = passage.sentences.iter();
        let own = own.filter(|range| !EACH_YEAR.is_match(&passage.str()[(*range).clone()]));
        own.map(move |range| Sentence {
            section,
            plain: plain(&passage.str()[range.clone()]),
            span: passage.span(range.clone()),
        })
    })
}

/// The shares of sections that were there before, and the places.
fn compare(before: &[Passage], own: &[Passage]) -> (Vec<Share>, Vec<Span>) {
    let before: HashSet<String> = sentences(before).map(|sentence| sentence.plain).collect();
    let mut shares: Vec<Share> = Vec::new();
    let mut same = Vec::new();
    for Sentence {
        section,
        plain,
        span,
    } in sentences(own)
    {
        let mut share = match shares.pop() {
            Some(share) if share.section == section => share,
            other => {
                shares.extend(other);
                Share {
                    section: section.to_owned(),
                    ..Share::default()
                }
            }
        };
        let characters = plain.chars().count();
        share.characters += characters;
        if before.contains(&plain) {
            share.copied += characters;
            same.push(span);
        }
        shares.push(share);
    }
    (shares, same)
}

fn copied(previous: Previous, shares: &[Share], same: Vec<Span>) -> Option<Diagnostic> {
    let all: usize = shares.iter().map(|share| share.characters).sum();
    let copied: usize = shares.iter().map(|share| share.copied).sum();
    if all == 0 || copied * 100 <= all * MOST_COPIED {
        return None;
    }
    let message = format!(
        "正文有 {}% 与上年度报告相同：{} 句，{copied} 字",
        copied * 100 / all,
        same.len()
    );
    let more = same.len().saturating_sub(SHOWN);
    let mut places = same.into_iter().take(SHOWN);
    let first = places.next()?;
    let mut finding = Diagnostic::new(rules::COPIED_TEXT, first, message).labelled("与上年度相同");
    for place in places {
        finding = finding.also(place, "与上年度相同");
    }
    if more > 0 {
        finding = finding.hint(format!("另有 {more} 句相同"));
    }
    let file = previous.source.path().display();
    let plain = "改写为本年度的情况";
    let hint = format!("上年度报告：{file}；{plain}");
    Some(finding.hint(Said::new(hint, plain)))
}

fn repeated(own: &[Passage], findings: &mut Vec<Diagnostic>) {
    let mut known: BTreeMap<&str, Span> = BTreeMap::new();
    for passage in own.iter().filter(|p| !p.heading) {
        let mut characters = passage.characters.as_slice();
        for sentence in &passage.sentences {
            let text = &passage.str()[sentence.clone()];
            let (own, rest) = characters.split_at(text.chars().count());
            characters = rest;
            if own.len() < SHORTEST {
                continue;
            }
            let span = passage.span(sentence.clone());
            if let Some(first) = known.get(text.trim()) {
                findings.push(
                    Diagnostic::new(rules::REPEATED_SENTENCE, span, "这句话前面已经写过")
                        .also(*first, "先写在这里")
                        .hint("删去一处"),
                );
                continue;
            }
            known.insert(text.trim(), span);
            if let Some(run) = run_twice(own) {
                let run = bytes(text, run);
                let range = sentence.start + run.start..sentence.start + run.end;
                findings.push(
                    Diagnostic::new(
                        rules::REPEATED_SENTENCE,
                        passage.span(range),
                        "这段文字接连写了两遍",
                    )
                    .hint("删去一遍"),
                );
            }
        }
    }
}

/// The second of two equal runs that follow each other, at least [`SHORTEST`] characters long.
fn run_twice(all: &[char]) -> Option<Range<usize>> {
    if all.len() > LONGEST {
        return None;
    }
    let mut runs = (SHORTEST..=all.len() / 2).flat_map(|length| second_runs(all, length));
    runs.next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_is_there_twice_is_found() {
        let run = "同时积极对照信息公开指南明确目标任务";
        let twice = |text: String| {
            let all: Vec<char> = text.chars().collect();
            run_twice(&all).map(|run| text[bytes(&text, run)].to_owned())
        };
        assert_eq!(twice(format!("我局{run}{run}。")).as_deref(), Some(run));
        assert_eq!(twice(format!("我局{run}，再次{run}。")), None);
    }

    #[test]
    fn years_make_no_difference() {
        assert_eq!(plain("2023 年，全年12件"), "YYYY年，全年12件");
    }
}
