//! What can be put right in a text without judging: marks, blanks and characters, never a word or its order.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::citations;
use super::passages::pattern;
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

/// A number at the beginning of a line with a tab behind it.
static NUMBER_TAB: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^\s*(?:[0-9]{1,2}[.．、]|[（(]?[0-9一二三四五六七八九十]{1,3}[)）、.．])(?<tab>[\t ]*\t[\t ]*)",
    )
});

/// The corrections of a text, in order and apart from each other. Some make room for others: repeat until there is
/// none.
pub(crate) fn corrections(text: &str) -> Vec<Correction> {
    let tab = NUMBER_TAB
        .captures(text)
        .and_then(|found| found.name("tab"));
    let characters = Characters::new(text);
    let replacements = characters.replacements();
    let all = citations::corrected_numbers(text);
    let all = all.chain(single(text));
    let all = all.chain(tab.map(|tab| (tab.range(), String::new())));
    let all = all.chain(replacements);
    let mut found: BTreeMap<usize, Correction> = BTreeMap::new();
    for (range, by) in all {
        let before = found.range(..range.end).next_back();
        if before.is_none_or(|(_, other)| other.range.end <= range.start) {
            found.insert(range.start, Correction { range, by });
        }
    }
    found.into_values().collect()
}

/// Characters that stand for another one, or for none.
fn single(text: &str) -> impl Iterator<Item = (Range<usize>, String)> {
    let correction = |(at, c): (usize, char)| {
        let by = match c {
            '０'..='９' => char::from_u32(u32::from(c) - 0xFEE0)?.to_string(),
            c if is_invisible(c) => String::new(),
            c => lookalike(c)?.ordinary?.to_string(),
        };
        Some((at..at + c.len_utf8(), by))
    };
    text.char_indices().filter_map(correction)
}

/// Whether a character has no shape; a tab parts words, as a blank does.
pub(crate) fn is_invisible(c: char) -> bool {
    c != '\t' && unprintable(c) == Some(Unprintable::Invisible)
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
            ("国办发[2021]第030号", "国办发〔2021〕30号"),
            ("2024 年 1 月 17 日印发", "2024年1月17日印发"),
            (
                "国办函（2020）109号、国办发【 2016 】80 号",
                "国办函〔2020〕109号、国办发〔2016〕80号",
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
