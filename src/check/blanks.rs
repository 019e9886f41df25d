//! Blanks between Chinese words: those that part the words of a list or the columns of a line, and those that stand
//! in the text by accident. When in doubt, a blank parts.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::passages::{is_chinese_mark, is_han, pattern};

/// The most characters of the words of a list; longer ones are parts of a sentence.
const LONGEST: usize = 4;
/// The name of the next column: 电话：, 联 系 人：, 表2:.
static LABEL: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[\p{Han}\w \u{3000}]{1,8}[：:]"));
/// The next of several names with something in brackets: 王某（组长） 李某（成员）.
static NAMED: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\p{Han}{1,6}[（(]"));

/// Whether each of some blanks of a text parts words.
pub(super) fn part_words(text: &str, blanks: &[Range<usize>]) -> Vec<bool> {
    let mut part = vec![false; blanks.len()];
    let open: Vec<usize> = (0..blanks.len())
        .filter(|&i| !is_beside_mark(text, &blanks[i]))
        .collect();
    let apart = |marks: fn(char) -> bool| {
        move |one: &usize, other: &usize| {
            !text[blanks[*one].end..blanks[*other].start].contains(marks)
        }
    };
    let ends = |c| "。；！？".contains(c);
    for sentence in open.chunk_by(apart(ends)) {
        let columns = |&i: &usize| is_column(text, &blanks[i]) || is_padding(text, &blanks[i]);
        let all = sentence.iter().any(columns);
        for words in sentence.chunk_by(apart(is_mark)) {
            let places: Vec<Range<usize>> = words.iter().map(|&i| blanks[i].clone()).collect();
            let parts = all || is_list(text, &places);
            for &i in words {
                part[i] = parts;
            }
        }
    }
    part
}

/// Whether a blank parts columns whatever else stands in the line: it is wide, or the name of a column follows.
pub(super) fn is_column(text: &str, blank: &Range<usize>) -> bool {
    let (before, behind) = (&text[..blank.start], &text[blank.end..]);
    let numbered = |word: Option<&str>| word.is_some_and(|w| w.contains(|c: char| c.is_numeric()));
    let ends = |c: char| c.is_whitespace() || is_mark(c);
    text[blank.clone()].chars().count() > 1
        || LABEL.is_match(behind)
        || before.ends_with(['）', ')']) && NAMED.is_match(behind)
        || numbered(before.rsplit(ends).next()) && numbered(behind.split(ends).next())
}

fn is_mark(c: char) -> bool {
    is_chinese_mark(c) || ",;:!?()".contains(c)
}

/// Whether a mark beside a blank parts already what stands around it, or holds it together.
fn is_beside_mark(text: &str, blank: &Range<usize>) -> bool {
    let before = text[..blank.start].ends_with(|c| "，。、；！？（《〈“‘【〔…—".contains(c));
    before || text[blank.end..].starts_with(|c| "，。、；：？！）》〉】〕”’…—".contains(c))
}

/// Whether a wide blank makes a name of two characters as wide as one of three: 王　某.
fn is_padding(text: &str, blank: &Range<usize>) -> bool {
    let mut before = text[..blank.start].chars().rev();
    let mut behind = text[blank.end..].chars();
    let ends = |c: Option<char>| c.is_none_or(|c| !is_han(c));
    text[blank.clone()].contains('\u{3000}')
        && before.next().is_some_and(is_han)
        && behind.next().is_some_and(is_han)
        && ends(before.next())
        && ends(behind.next())
}

/// Whether blanks, between which no mark stands, part the words of a list.
fn is_list(text: &str, blanks: &[Range<usize>]) -> bool {
    let (Some(first), Some(last)) = (blanks.first(), blanks.last()) else {
        return false;
    };
    let start = text[..first.start].rfind(is_mark);
    let start = start.map_or(0, |at| {
        at + text[at..].chars().next().map_or(0, char::len_utf8)
    });
    let end = text[last.end..].find(is_mark);
    let end = end.map_or(text.len(), |at| last.end + at);
    let starts = std::iter::once(start).chain(blanks.iter().map(|blank| blank.end));
    let stops = blanks.iter().map(|blank| blank.start).chain([end]);
    let words = starts.zip(stops).map(|(from, to)| &text[from..to]);
    let visible = |word: &str| word.chars().filter(|c| !c.is_whitespace()).count();
    let counts: Vec<usize> = words.map(visible).collect();
    let short = counts.iter().all(|count| *count <= LONGEST);
    let long = counts.iter().all(|count| *count > 1);
    match counts[..] {
        [one, other] if short && long && one.abs_diff(other) <= 1 => true,
        [1, 1] => text[..start].ends_with(['：', ':']),
        // A line of words alone is no sentence.
        _ if long && !text.contains(is_mark) => true,
        [_, _] => false,
        _ => short || blanks.iter().any(|blank| is_listed(text, blank)),
    }
}

/// Whether on one side of a blank stands a word of several characters between two blanks.
fn is_listed(text: &str, blank: &Range<usize>) -> bool {
    let before = text[..blank.start].chars().rev();
    let behind = text[blank.end..].chars();
    is_word_before_blank(before) || is_word_before_blank(behind)
}

fn is_word_before_blank(mut characters: impl Iterator<Item = char>) -> bool {
    let mut count = 0;
    let next = characters.find(|c| {
        let more = is_han(*c);
        count += usize::from(more);
        !more
    });
    (2..=6).contains(&count) && next.is_some_and(char::is_whitespace)
}
