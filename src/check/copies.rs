#![doc = include_str!("copies.md")]

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::Previous;
use super::passages::{Passage, passages, pattern};
use crate::diagnostic::Diagnostic;
use crate::source::Span;

/// The share of the text, in percent, from which it counts as copied.
const MOST_COPIED: usize = 50;
/// The fewest characters of a sentence or a run that is no coincidence.
const SHORTEST: usize = 15;
/// The most characters of a sentence that is searched for a run that is there twice in a row.
const LONGEST: usize = 600;
/// How many copied sentences are shown.
const SHOWN: usize = 10;

/// Looks for text that was there before: last year, or a moment ago.
pub(super) fn check(previous: Option<Previous>, own: &[Passage], findings: &mut Vec<Diagnostic>) {
    repeated(own, findings);
    if let Some(previous) = previous {
        findings.extend(copied(previous, own));
    }
}

/// What is compared: no headings, and not the sections that say the same each year, which are the
/// preface and the one on fees.
fn is_compared(passage: &Passage) -> bool {
    !passage.heading
        && passage
            .section()
            .is_some_and(|section| section.fee.is_empty())
}

/// A year, which may stand apart from its 年.
static YEAR: LazyLock<Regex> = LazyLock::new(|| pattern(r"\d{4}\s*年"));

/// A sentence without spaces and with every year alike.
fn plain(sentence: &str) -> String {
    let alike = YEAR.replace_all(sentence, "YYYY年");
    if alike.contains(char::is_whitespace) {
        alike.split_whitespace().collect()
    } else {
        alike.into_owned()
    }
}

fn copied(previous: Previous, own: &[Passage]) -> Option<Diagnostic> {
    let before = passages(previous.report);
    let sentences = |passages: &[Passage]| -> Vec<(usize, Range<usize>, String)> {
        let of = |(i, p): (usize, &Passage)| -> Vec<_> {
            let plain = |r: &Range<usize>| (i, r.clone(), plain(&p.str()[r.clone()]));
            p.sentences.iter().map(plain).collect()
        };
        let compared = passages.iter().enumerate().filter(|(_, p)| is_compared(p));
        compared.flat_map(of).collect()
    };
    let before: HashSet<String> = sentences(&before).into_iter().map(|s| s.2).collect();
    let now = sentences(own);
    let length = |text: &str| text.chars().count();
    let all: usize = now.iter().map(|s| length(&s.2)).sum();
    let mut same: Vec<_> = now.iter().filter(|s| before.contains(&s.2)).collect();
    let copied: usize = same.iter().map(|s| length(&s.2)).sum();
    if all == 0 || copied * 100 <= all * MOST_COPIED {
        return None;
    }
    let message = format!(
        "正文有 {}% 与上年度报告相同：{} 句，{copied} 字",
        copied * 100 / all,
        same.len()
    );
    let more = same.len().saturating_sub(SHOWN);
    same.truncate(SHOWN);
    let mut places = same.iter().map(|(i, range, _)| own[*i].span(range.clone()));
    let first = places.next()?;
    let mut finding = Diagnostic::warning("copied-text", first, message).labelled("与上年度相同");
    for place in places {
        finding = finding.also(place, "与上年度相同");
    }
    if more > 0 {
        finding = finding.hint(format!("另有 {more} 句相同"));
    }
    let file = previous.source.path().display();
    Some(finding.hint(format!("上年度报告：{file}；改写为本年度的情况")))
}

fn repeated(own: &[Passage], findings: &mut Vec<Diagnostic>) {
    let mut known: HashMap<String, Span> = HashMap::new();
    for passage in own.iter().filter(|p| !p.heading) {
        for sentence in &passage.sentences {
            let text = &passage.str()[sentence.clone()];
            if text.chars().count() < SHORTEST {
                continue;
            }
            let span = passage.span(sentence.clone());
            if let Some(first) = known.get(text.trim()) {
                findings.push(
                    Diagnostic::warning("repeated-sentence", span, "这句话前面已经写过")
                        .also(*first, "先写在这里")
                        .hint("删去一处"),
                );
                continue;
            }
            known.insert(text.trim().to_owned(), span);
            if let Some(run) = run_twice(text) {
                let range = sentence.start + run.start..sentence.start + run.end;
                findings.push(
                    Diagnostic::warning(
                        "repeated-sentence",
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
fn run_twice(text: &str) -> Option<Range<usize>> {
    let characters: Vec<(usize, char)> = text.char_indices().collect();
    let count = characters.len();
    if count > LONGEST {
        return None;
    }
    (SHORTEST..=count / 2).find_map(|distance| {
        let mut equal = 0;
        for i in distance..count {
            equal = if characters[i].1 == characters[i - distance].1 {
                equal + 1
            } else {
                0
            };
            if equal == distance {
                let end = characters.get(i + 1).map_or(text.len(), |c| c.0);
                return Some(characters[i + 1 - distance].0..end);
            }
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_is_there_twice_is_found() {
        let run = "同时积极对照信息公开指南明确目标任务";
        let text = format!("我局{run}{run}。");
        assert_eq!(&text[run_twice(&text).unwrap()], run);
        assert_eq!(run_twice(&format!("我局{run}，再次{run}。")), None);
    }

    #[test]
    fn years_make_no_difference() {
        assert_eq!(plain("2023 年，全年12件"), "YYYY年，全年12件");
    }
}
