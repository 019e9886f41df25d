#![doc = include_str!("slips.md")]

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::passages::{Passage, PassagePlace, is_han, pattern};
use super::rules;
use super::twice::{bytes, second_runs};
use crate::diagnostic::{Diagnostic, Said};
use crate::report::marks;

/// The longest word that is found twice in a row, in characters; longer ones are sentences
/// (`repeated-sentence`).
const LONGEST_WORD: usize = 8;
/// Words that rightly follow themselves, as one ends a name and the next begins another: 区政府政府信息公开.
const TWICE: [&str; 2] = ["政府", "年度"];
/// Words that rightly stand twice before some characters: 政务公开公开栏, 便民服务服务中心.
const TWICE_BEFORE: [(&str, &str); 5] = [
    ("规范", "性化"),
    ("标准", "化"),
    ("信息", "化"),
    ("公开", "栏目指内方形范平渠制规属"),
    ("服务", "中大平窗事指对能水质体热"),
];
/// The beginnings of words that say «one after another»: 一件一件, 逐条逐条.
const ONE_BY_ONE: &str = "一二三四五六七八九十逐每很非常越";
/// Syllables that never stand twice, and what may stand before or behind two of them: 目的的, 为了了解.
const SYLLABLES: [(char, &str, &str); 8] = [
    ('的', "目标有端", "确士"),
    ('了', "为除明知", "解结断却然"),
    ('和', "共饱缓总温谐", "谐平睦解缓蔼善气约"),
    ('在', "存实现潜内所正自", "线建编职岗场校押座于"),
    ('是', "", "非否"),
    ('与', "参", "会其"),
    ('及', "以普涉", "时其格早第物"),
    ('们', "", ""),
];

/// The fewest characters of a paragraph that has to end with a mark.
const SHORTEST: usize = 20;
/// The most characters of a line of clauses without 。 that may be a heading.
const LONGEST_HEADING: usize = 30;
/// A number at the beginning of a line, as headings have it.
static NUMBERED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^\s*(?:[（(]?[一二三四五六七八九十\d]{1,3}[）).．、]|第[一二三四五六七八九十]+[，、章节])",
    )
});
/// How a sentence begins and no heading does.
static SENTENCE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^\s*(?:\d{4}年|本年度?[，,]|今年|全年|截至|下一步[，,]|我[局委办市县区镇乡])")
});
/// What a line gives rather than says: addresses and the like end without a mark.
static GIVES: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?:地址|邮编|邮政编码|电话|传真|邮箱|网址|联系人|单位|附件)\s*[：:]|https?:|www\.")
});

/// The beginning of an address of a page: the letters of its scheme, in whatever number and order, and the marks
/// behind them.
static SCHEME: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)(?<scheme>[htps]{3,8})(?<rest>[:：;；\s]*[/／\\][:：;；/／\\\s]*|[:：;；\s]+www)")
});
/// A host behind the beginning of an address.
static HOSTED: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(?:www)?[a-zA-Z0-9-]*\.[a-zA-Z0-9]"));
/// A host with a mark of text in place of a dot.
static HOST: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)www(?:[。，,．][a-z0-9][a-z0-9.-]*|\.[a-z0-9.-]*[a-z0-9-][。，,．](?:com|cn|gov|net|org)(?-u:\b)[a-z0-9.]*)",
    )
});
/// An address of mail with the sign of either width.
static MAIL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?<user>[a-z0-9][a-z0-9._%+-]*)\s*(?<at>[@＠])\s*(?<host>[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+|[。，,．](?:com|cn|gov|net|org)(?-u:\b))*)?",
    )
});

/// Finds slips of typing.
pub(super) fn check(passages: &[Passage], findings: &mut Vec<Diagnostic>) {
    for (i, passage) in passages.iter().enumerate() {
        let text = passage.str();
        for range in repeated(text, &passage.characters) {
            let half = text[range.clone()].chars().count() / 2;
            let word: String = text[range.clone()].chars().take(half).collect();
            let message = format!("“{word}”接连写了两遍");
            findings.push(
                Diagnostic::new(rules::REPEATED_WORD, passage.span(range), message)
                    .hint(format!("多半应写作“{word}”，删去一遍")),
            );
        }
        findings.extend(unended(passage, passages.get(i + 1)));
        if may_have_addresses(text) {
            addresses(passage, findings);
        }
    }
}

/// Whether a text has a sign of an address. Most have no letter, and nothing else is sought in them.
fn may_have_addresses(text: &str) -> bool {
    let is_latin = |(_, c): (usize, char)| c.is_ascii_alphabetic() || matches!(c, '@' | '/');
    let signs = ["@", "/", "＠", "http", "www"];
    marks(text).any(is_latin) && signs.iter().any(|sign| text.contains(sign))
}

/// The places of words and syllables that stand twice.
fn repeated(text: &str, all: &[char]) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for n in 1..=LONGEST_WORD.min(all.len() / 2) {
        for second in second_runs(all, n) {
            let (start, end) = (second.start - n, second.end);
            let (word, before) = (&all[second], start.checked_sub(1).map(|i| all[i]));
            let wrong = word.iter().all(|c| is_han(*c))
                && match word {
                    [c] => is_wrong_twice(*c, before, all.get(end).copied()),
                    _ => !is_rightly_twice(word, all.get(end).copied()),
                };
            let known = |other: &Range<usize>| start < other.end && other.start < end;
            if wrong && !found.iter().any(known) {
                found.push(start..end);
            }
        }
    }
    found.sort_by_key(|range| range.start);
    found.into_iter().map(|range| bytes(text, range)).collect()
}

fn is_wrong_twice(c: char, before: Option<char>, behind: Option<char>) -> bool {
    let known = SYLLABLES.iter().find(|(own, ..)| *own == c);
    known.is_some_and(|(_, allows_before, allows_behind)| {
        let allowed = |c: Option<char>, list: &str| c.is_some_and(|c| list.contains(c));
        !allowed(before, allows_before) && !allowed(behind, allows_behind)
    })
}

fn is_rightly_twice(word: &[char], behind: Option<char>) -> bool {
    let same = word.iter().all(|c| *c == word[0]);
    let written: String = word.iter().collect();
    let before = TWICE_BEFORE
        .iter()
        .any(|(own, next)| *own == written && behind.is_some_and(|behind| next.contains(behind)));
    same || before || TWICE.contains(&written.as_str()) || ONE_BY_ONE.contains(word[0])
}

/// Whether a paragraph may go on in the next one, as the lines of a PDF do.
fn goes_on(passage: &Passage, next: &Passage) -> bool {
    let text = next.str();
    let same = std::mem::discriminant(&passage.place) == std::mem::discriminant(&next.place)
        && passage.chapter() == next.chapter();
    let begins = |c: char| is_han(c) || c.is_ascii_digit() || "，。、；：）》”".contains(c);
    same && !next.heading && !NUMBERED.is_match(text) && text.trim_start().starts_with(begins)
}

/// The finding about a paragraph that ends without a mark.
fn unended(passage: &Passage, next: Option<&Passage>) -> Option<Diagnostic> {
    let text = passage.str().trim_end();
    let title = matches!(passage.place, PassagePlace::Title);
    if passage.heading || title {
        return None;
    }
    let last = text.chars().next_back()?;
    let comma = matches!(last, '，' | '、' | ',');
    if !comma && !is_han(last) && last != '）' {
        return None;
    }
    let count = text.chars().count();
    let says = text.contains(['，', '。', '；']);
    let sentence = says && SENTENCE.is_match(text);
    let heading =
        !text.contains('。') && (!sentence && count <= LONGEST_HEADING || NUMBERED.is_match(text));
    if count < SHORTEST && !sentence || !comma && (heading || !says) || GIVES.is_match(text) {
        return None;
    }
    // （见附件。） ends within its brackets.
    if last == '）' && text.trim_end_matches('）').ends_with(['。', '！', '？']) {
        return None;
    }
    let message = if comma {
        format!("这一段以“{last}”结尾")
    } else {
        "这一段的末尾没有标点".to_owned()
    };
    let shown: String = text
        .chars()
        .skip(count.saturating_sub(6))
        .filter(|c| !(comma && *c == last))
        .collect();
    let span = passage.span(text.len() - last.len_utf8()..text.len());
    let finding = Diagnostic::new(rules::MISSING_END_MARK, span, message);
    let finding = match next {
        Some(next) if goes_on(passage, next) => finding.hint("与下一行是一句话的，连成一行"),
        _ => finding,
    };
    Some(finding.hint(format!(
        "一句完了的，写作“{shown}。”；没有完的，补上其余的话"
    )))
}

/// The findings about addresses that lead nowhere.
fn addresses(passage: &Passage, findings: &mut Vec<Diagnostic>) {
    let text = passage.str();
    let mut push = |range: Range<usize>, written: &str, correct: Option<String>| {
        let message = format!("“{written}”不是可用的地址");
        let hint = correct.map_or(
            Said::new("写完整的地址，如 name@example.gov.cn", "写完整的地址"),
            |correct| format!("写作“{correct}”").into(),
        );
        findings
            .push(Diagnostic::new(rules::BROKEN_ADDRESS, passage.span(range), message).hint(hint));
    };
    for (range, correct) in schemes(text) {
        push(range.clone(), &text[range], Some(correct));
    }
    for host in HOST.find_iter(text) {
        let correct = plain_dots(host.as_str());
        if correct != host.as_str() {
            push(host.range(), host.as_str(), Some(correct));
        }
    }
    for captures in MAIL.captures_iter(text) {
        let Some(whole) = captures.get(0) else {
            continue;
        };
        let host = captures.name("host").map_or("", |host| host.as_str());
        let host = plain_dots(host);
        let complete = host
            .rsplit_once('.')
            .is_some_and(|(_, top)| top.len() >= 2 && top.bytes().all(|b| b.is_ascii_alphabetic()));
        let named = text[whole.end()..].starts_with(is_han) && host.is_empty();
        if named && &captures["at"] == "@" {
            continue; // a name of an account
        }
        let correct = format!("{}@{host}", &captures["user"]);
        if whole.as_str() != correct || !complete {
            let written = whole.as_str().trim_end();
            let range = whole.start()..whole.start() + written.len();
            push(range, written, complete.then_some(correct));
        }
    }
}

/// The beginnings of addresses that are written otherwise than `http://` and `https://`, and what to write.
fn schemes(text: &str) -> impl Iterator<Item = (Range<usize>, String)> {
    SCHEME.captures_iter(text).filter_map(|captures| {
        let (whole, rest) = (captures.get(0)?, captures.name("rest")?);
        let marks = rest.as_str();
        let scheme = captures["scheme"].to_ascii_lowercase();
        let known = matches!(scheme.as_str(), "http" | "https");
        // HTTP/2 and http/https are no addresses.
        let behind = &text[whole.end()..];
        let other = marks.trim() == "/"
            && behind.starts_with(|c: char| c.is_ascii_digit() || matches!(c, 'h' | 'H'));
        if known && (marks == "://" || other) {
            return None;
        }
        // Other words of these letters are none unless an address follows: stp/https.
        let alike = scheme.contains('t') && scheme.contains('p') && marks.contains([':', '：']);
        let apart = !text[..whole.start()].ends_with(|c: char| c.is_ascii_alphanumeric());
        let meant = known || alike && apart && HOSTED.is_match(behind);
        if !meant {
            return None;
        }
        let secure = if scheme.contains('s') { "s" } else { "" };
        let www = if marks.to_ascii_lowercase().ends_with("www") {
            "www"
        } else {
            ""
        };
        Some((whole.range(), format!("http{secure}://{www}")))
    })
}

/// The corrections of the beginnings of addresses whose scheme is clear: the part to replace, and by what.
pub(super) fn corrected_addresses(text: &str) -> impl Iterator<Item = (Range<usize>, String)> {
    schemes(text).filter(|(range, by)| {
        let hosted = HOSTED.is_match(&text[range.end..]);
        let scheme = by.starts_with("https") == text[range.start..].starts_with("https");
        hosted && scheme && !by.ends_with("www")
    })
}

/// A host with its dots as such.
fn plain_dots(host: &str) -> String {
    host.replace(['。', '，', ',', '．'], ".")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        let all: Vec<char> = text.chars().collect();
        repeated(text, &all)
            .into_iter()
            .map(|range| &text[range])
            .collect()
    }

    #[test]
    fn words_that_stand_twice_are_found() {
        for (text, wrong) in [
            ("严格审核审核信息，公开的的内容", vec!["审核审核", "的的"]),
            ("加强办公室办公室的工作", vec!["办公室办公室"]),
            ("政府信息公开信息公开工作", vec!["信息公开信息公开"]),
            ("依法答复了了申请人", vec!["了了"]),
            ("做好做好公开公开信息的工作", vec!["做好做好", "公开公开"]),
        ] {
            assert_eq!(found(text), wrong, "{text}");
        }
    }

    #[test]
    fn words_that_may_stand_twice_are_left_alone() {
        for text in [
            "区政府政府信息公开工作，2023年度年度报告",
            "目的的实现，为了了解情况，存在在建项目，以及及时更新，与与会人员交流",
            "一件一件落实，一步一步推进，逐条逐条核对",
            "常常、渐渐、人人、天天向上，纷纷表示",
            "政务公开公开栏，便民服务服务中心，和和气气",
            "某某某某局，××××，1212件，哈哈哈哈",
        ] {
            assert!(found(text).is_empty(), "{text}: {:?}", found(text));
        }
    }
}
