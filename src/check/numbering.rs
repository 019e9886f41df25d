#![doc = include_str!("numbering.md")]

use std::sync::LazyLock;

use regex::Regex;

use super::passages::{Passage, PassagePlace, pattern};
use super::rules;
use crate::diagnostic::Diagnostic;
use crate::report::marks;
use crate::source::Span;

/// The numbers of the four levels (GB/T 9704—2012, 7.3.3) at the beginning of a line.
static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:(?<first>[一二三四五六七八九十]{1,3})、|[（(](?<second>[一二三四五六七八九十]{1,3})[）)]|(?<third>\d{1,2})(?:[.．、][^\d]|[.．、]$)|[（(](?<fourth>\d{1,2})[）)])",
    )
});

/// A member of a series in running text, at the beginning of a clause.
static MEMBER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:^|[，。；：！、,;:])\s*(?<written>(?<numeral>[一二三四五六七八九]|十[一二]?)(?<kind>[是要])|[①-⑳])",
    )
});

/// A number at the beginning of a paragraph.
#[derive(Clone, Copy)]
struct Number {
    /// The level, from 0 for 一、 to 3 for （1）.
    level: usize,
    value: usize,
    /// The expected number; the next may continue from either, so that one slip is one finding.
    expected: usize,
    /// Its end in its paragraph.
    end: usize,
    span: Span,
}

/// Checks the numbering of the paragraphs of each section.
pub(super) fn check(passages: &[Passage], findings: &mut Vec<Diagnostic>) {
    let mut chapter = None;
    let mut last: [Option<Number>; 4] = [None; 4];
    let mut first_level: Vec<Span> = Vec::new();
    findings.extend(titles(passages));
    for passage in passages {
        let Some(own) = passage.chapter() else {
            continue;
        };
        if chapter != Some(own) {
            chapter = Some(own);
            last = [None; 4];
            findings.extend(of_the_form(&std::mem::take(&mut first_level)));
        }
        let Some(mut number) = number(passage) else {
            continue;
        };
        let before = last[number.level];
        let expected = before.map_or(1, |last| last.value + 1);
        number.expected = expected;
        let goes_on = before.is_some_and(|last| number.value == last.expected + 1);
        if number.level == 0 {
            first_level.push(number.span);
        } else if number.value != expected && !goes_on {
            let shown = ordinal(number.level, expected);
            let mut finding = match before {
                Some(before) if number.value == 1 => wrong(number.span, "同一部分里序号又从头编起")
                    .also(before.span, "前一组编到这里"),
                Some(before) => {
                    let message = format!("序号不连续：此处应为“{shown}”");
                    wrong(number.span, &message).also(before.span, "前一个序号")
                }
                None => wrong(number.span, &format!("序号应从“{shown}”起")),
            };
            finding = finding.hint(format!(
                "核对层次和次序：第二级“（一）”，第三级“1.”，第四级“（1）”；此处写的是“{}”",
                &passage.str()[..number.end]
            ));
            findings.push(finding);
        }
        last[number.level] = Some(number);
        for deeper in &mut last[number.level + 1..] {
            *deeper = None;
        }
    }
    findings.extend(of_the_form(&first_level));
    in_words(passages, findings);
}

/// The circled numerals, from 1 to 20.
const CIRCLED: &str = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳";

/// A series in running text at its latest member.
struct Series {
    /// 是, 要, or nothing behind circled numerals.
    kind: String,
    value: usize,
    /// The expected value; the next may continue from either, so that one slip is one finding.
    expected: usize,
    span: Span,
    /// Whether it began anew within itself, so that its members belong to two.
    nested: bool,
}

/// The findings about series in running text, 一是……二是……三是 or ①……②……③, of which a member is missing or stands
/// twice.
fn in_words(passages: &[Passage], findings: &mut Vec<Diagnostic>) {
    let mut chapter = None;
    let mut series: Vec<Series> = Vec::new();
    for passage in passages {
        if chapter != Some(passage.chapter()) || passage.heading {
            chapter = Some(passage.chapter());
            series.clear();
        }
        let text = passage.str();
        // Most paragraphs have no series, and a plain search is quicker.
        if !has_member(text) {
            continue;
        }
        for captures in MEMBER.captures_iter(text) {
            let Some(written) = captures.name("written") else {
                continue;
            };
            let numeral = captures.name("numeral").map(|numeral| numeral.as_str());
            let Some(value) = numeral.map_or_else(|| circled(written.as_str()), value) else {
                continue;
            };
            let kind = captures.name("kind").map_or("", |kind| kind.as_str());
            let span = passage.span(written.range());
            let at = series.iter().position(|own| own.kind == kind);
            let Some(last) = at.map(|at| &mut series[at]) else {
                if value == 1 {
                    series.push(Series {
                        kind: kind.to_owned(),
                        value,
                        expected: value,
                        span,
                        nested: false,
                    });
                }
                continue;
            };
            let mut expected = value;
            if value == 1 {
                // 一是……一是…… is a series within another, if the first has not gone on yet.
                last.nested = last.value == 1 && stands_within(text, passage, last.span);
            } else if !last.nested
                && value != last.expected + 1
                && (value == last.value || value > last.value + 1)
            {
                expected = last.value + 1;
                let shown = match numeral {
                    Some(_) => ordinal(0, expected).replace('、', kind),
                    None => CIRCLED
                        .chars()
                        .nth(expected - 1)
                        .map_or_else(String::new, String::from),
                };
                let message = format!("序号不连续：此处应为“{shown}”");
                let finding = wrong(span, &message).also(last.span, "前一个序号");
                let written = written.as_str();
                findings
                    .push(finding.hint(format!("补上缺少的一项，或把“{written}”和以后的改过来")));
            }
            (last.value, last.expected, last.span) = (value, expected, span);
        }
    }
}

/// The value of a circled numeral.
fn circled(numeral: &str) -> Option<usize> {
    let mut all = CIRCLED.chars();
    all.position(|c| numeral.starts_with(c)).map(|at| at + 1)
}

/// Whether a numeral stands before 是 or 要, or in a circle, anywhere.
fn has_member(text: &str) -> bool {
    let numeral = |at: usize| text[..at].ends_with(|c| NUMERALS.contains(c) || c == '十');
    let mut kinds = ["是", "要"]
        .iter()
        .flat_map(|kind| text.match_indices(kind));
    kinds.any(|(at, _)| numeral(at)) || marks(text).any(|(_, c)| ('①'..='⑳').contains(&c))
}

/// Whether the member at a place stands in the same paragraph.
fn stands_within(text: &str, passage: &Passage, last: Span) -> bool {
    let whole = passage.span(0..text.len());
    last.start >= whole.start && last.end <= whole.end
}

/// The finding about the titles that a report gives to its sections: numbers, if any, run from 一、.
fn titles(passages: &[Passage]) -> Option<Diagnostic> {
    let titles = passages
        .iter()
        .filter(|p| matches!(p.place, PassagePlace::Title));
    let mut last: Option<Number> = None;
    for number in titles.filter_map(number).filter(|number| number.level == 0) {
        let expected = last.map_or(1, |last| last.value + 1);
        if number.value != expected {
            let message = format!("部分的序号不连续：此处应为“{}”", ordinal(0, expected));
            let finding = wrong(number.span, &message).hint("核对各部分的标题和次序");
            return Some(match last {
                Some(last) => finding.also(last.span, "前一个序号"),
                None => finding,
            });
        }
        last = Some(number);
    }
    None
}

/// The finding about numbers of the first level within a section: a second series beside that of the form.
fn of_the_form(places: &[Span]) -> Option<Diagnostic> {
    let (first, others) = places.split_first()?;
    let message = format!(
        "正文里有 {} 处“一、”这样的序号；它属于各部分的标题",
        places.len()
    );
    let finding = wrong(*first, &message).hint("各部分之内从“（一）”或“1.”起编号");
    Some(
        others
            .iter()
            .fold(finding, |finding, place| finding.also(*place, "")),
    )
}

fn wrong(span: Span, message: &str) -> Diagnostic {
    Diagnostic::new(rules::WRONG_NUMBERING, span, message)
        .law("GB/T 9704—2012 7.3.3：结构层次序数依次为“一、”“（一）”“1.”“（1）”")
}

fn number(passage: &Passage) -> Option<Number> {
    let captures = NUMBER.captures(passage.str())?;
    let names = ["first", "second", "third", "fourth"];
    let (level, found) = names
        .iter()
        .enumerate()
        .find_map(|(level, name)| Some((level, captures.name(name)?)))?;
    let rest = &passage.str()[found.end()..];
    let mark = rest.chars().next().filter(|c| "、）).．".contains(*c));
    let end = found.end() + mark.map_or(0, char::len_utf8);
    Some(Number {
        level,
        value: value(found.as_str())?,
        expected: 1,
        end,
        span: passage.span(0..end),
    })
}

const NUMERALS: &str = "一二三四五六七八九";

/// The value of 1 to 99, in either kind of numerals.
fn value(numeral: &str) -> Option<usize> {
    let digit = |c: char| NUMERALS.chars().position(|n| n == c).map(|i| i + 1);
    if let Ok(value) = numeral.parse() {
        return Some(value);
    }
    match numeral.split_once('十') {
        None => digit(numeral.chars().next()?).filter(|_| numeral.chars().count() == 1),
        Some((tens, ones)) => {
            let part = |text: &str, empty| match text.chars().next() {
                None => Some(empty),
                Some(c) => digit(c),
            };
            Some(part(tens, 1)? * 10 + part(ones, 0)?)
        }
    }
}

/// A number as written on a level.
fn ordinal(level: usize, value: usize) -> String {
    let digit = |n: usize| NUMERALS.chars().nth(n.wrapping_sub(1));
    let chinese = || -> String {
        let tens = [
            digit(value / 10).filter(|_| value >= 20),
            Some('十').filter(|_| value >= 10),
        ];
        tens.into_iter()
            .chain([digit(value % 10)])
            .flatten()
            .collect()
    };
    match level {
        0 => format!("{}、", chinese()),
        1 => format!("（{}）", chinese()),
        2 => format!("{value}."),
        _ => format!("（{value}）"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals_are_read_as_they_are_written() {
        for n in 1..=99 {
            let shown = ordinal(1, n);
            let numeral = shown.trim_start_matches('（').trim_end_matches('）');
            assert_eq!(value(numeral), Some(n), "{shown}");
        }
        assert_eq!(value("一一"), None);
    }
}
