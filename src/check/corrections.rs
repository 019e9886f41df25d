//! What can be put right in a text without judging: marks, blanks and characters, never a word or its order.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::passages::{is_chinese_mark, is_han, pattern};
use super::writing::Characters;
use crate::report::{Unprintable, lookalike, unprintable};

/// A replacement of a part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Correction {
    /// The part to replace, in bytes.
    pub range: Range<usize>,
    /// The text in its place.
    pub by: String,
}

/// A document number whose year stands in other brackets than 〔〕: 国办发[2021]30号.
static DOCUMENT_NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\p{Han}(?<open>[\[【﹝〖(（［])\s*(?<year>[12]\d{3})\s*(?<close>[\]】﹞〗)）］])\s*第?\d{1,4}\s*号",
    )
});
/// A number at the beginning of a line with a tab behind it.
static NUMBER_TAB: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^\s*(?:[0-9]{1,2}[.．、]|[（(]?[0-9一二三四五六七八九十]{1,3}[)）、.．])(?<tab>[\t ]*\t[\t ]*)",
    )
});

/// The corrections of a text, in order and apart from each other. Some make room for others: repeat until there is
/// none.
pub(crate) fn corrections(text: &str) -> Vec<Correction> {
    let alone = |range, by| vec![Correction { range, by }];
    let tab = NUMBER_TAB
        .captures(text)
        .and_then(|found| found.name("tab"));
    let characters = Characters::new(text);
    let replacements = characters.replacements();
    // Those that belong together are made together or not at all.
    let groups = pairs_of_brackets(text)
        .into_iter()
        .chain(pairs_of_quotes(text));
    let groups = groups.chain(single(text).map(|correction| vec![correction]));
    let groups = groups.chain(tab.map(|tab| alone(tab.range(), String::new())));
    let groups = groups.chain(replacements.map(|(range, by)| alone(range, by)));
    let mut found: BTreeMap<usize, Correction> = BTreeMap::new();
    for group in groups {
        let meets = |one: &Correction| {
            let before = found.range(..one.range.end).next_back();
            before.is_some_and(|(_, other)| other.range.end > one.range.start)
        };
        if !group.iter().any(meets) {
            found.extend(group.into_iter().map(|one| (one.range.start, one)));
        }
    }
    found.into_values().collect()
}

/// Characters that stand for another one, or for none.
fn single(text: &str) -> impl Iterator<Item = Correction> {
    let correction = |(at, c): (usize, char)| {
        let by = match c {
            '０'..='９' => char::from_u32(u32::from(c) - 0xFEE0)?.to_string(),
            c if is_invisible(c) => String::new(),
            c => lookalike(c)?.ordinary?.to_string(),
        };
        let range = at..at + c.len_utf8();
        Some(Correction { range, by })
    };
    text.char_indices().filter_map(correction)
}

/// Whether a character has no shape; a tab parts words, as a blank does.
pub(crate) fn is_invisible(c: char) -> bool {
    c != '\t' && unprintable(c) == Some(Unprintable::Invisible)
}

/// Straight quotes around Chinese words, if they come in pairs; an odd one needs judgement.
fn pairs_of_quotes(text: &str) -> Vec<Vec<Correction>> {
    let straight: Vec<usize> = text.match_indices('"').map(|(at, _)| at).collect();
    if straight.len() % 2 == 1 {
        return Vec::new();
    }
    let chinese = |c: char| is_han(c) || is_chinese_mark(c);
    let pairs = straight.chunks_exact(2);
    let pairs = pairs.filter(|pair| {
        let inside = &text[pair[0] + 1..pair[1]];
        // Two marks that only happen to be a pair have the text between two others inside.
        let whole = !inside.is_empty() && inside.trim() == inside;
        whole && inside.chars().any(chinese)
    });
    let corrections = pairs.map(|pair| {
        let both = [(pair[0], '“'), (pair[1], '”')];
        let both = both.map(|(at, by)| Correction {
            range: at..at + 1,
            by: by.to_string(),
        });
        both.into()
    });
    corrections.collect()
}

/// The brackets of years in document numbers, with the blanks within them.
fn pairs_of_brackets(text: &str) -> Vec<Vec<Correction>> {
    let found = DOCUMENT_NUMBER.captures_iter(text);
    let corrections = found.map(|found| {
        let part = |name: &str| found.name(name).map_or(0..0, |part| part.range());
        let (open, year, close) = (part("open"), part("year"), part("close"));
        vec![
            Correction {
                range: open.start..year.start,
                by: "〔".to_owned(),
            },
            Correction {
                range: year.end..close.end,
                by: "〕".to_owned(),
            },
        ]
    });
    corrections.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn corrected(text: &str) -> String {
        let mut text = text.to_owned();
        for _ in 0..8 {
            for Correction { range, by } in corrections(&text).into_iter().rev() {
                text.replace_range(range, &by);
            }
        }
        text
    }

    #[test]
    fn what_needs_no_judgement_is_put_right() {
        for (before, after) in [
            ("依照\"政务公开\"的要求", "依照“政务公开”的要求"),
            ("国办发[2021]30号", "国办发〔2021〕30号"),
            (
                "国办函（2020）109号、国办发【 2016 】80 号",
                "国办函〔2020〕109号、国办发〔2016〕80 号",
            ),
            ("收到１5４件", "收到154件"),
            ("⾏政⽅⾯", "行政方面"),
            ("政\u{200B}务\u{FEFF}公开", "政务公开"),
            ("1.\t加强领导", "1.加强领导"),
            ("公开信息 76 条 ,其中", "公开信息 76 条，其中"),
            ("工 作 ,正常", "工作，正常"),
        ] {
            assert_eq!(corrected(before), after, "{before}");
            assert!(corrections(after).is_empty(), "{after}");
        }
    }

    #[test]
    fn what_needs_judgement_stays() {
        for text in [
            "依照\"政务公开的要求",
            "国办发〔21〕30号",
            "（2021年）30件",
            "程序 \"a\" 与 \"b\"",
            "见https://www.example.gov.cn/a,b",
            "GB/T 9704-2012",
        ] {
            assert_eq!(corrected(text), text);
        }
    }
}
