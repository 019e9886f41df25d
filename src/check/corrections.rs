//! What can be put right in a text without judging: marks, blanks, characters and the beginnings of addresses, never
//! a word of the language or the order of words.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::passages::{narrow, pattern};
use super::rules::{
    BROKEN_ADDRESS, DOCUMENT_NUMBER, DOUBLED_MARK, HALF_WIDTH_PUNCTUATION, SPACED_DATE,
    STRAIGHT_QUOTES, STRAY_SPACE,
};
use super::writing::Characters;
use super::{citations, slips};
use crate::diagnostic::Rule;
use crate::report::rules::{LOOKALIKE_CHARACTER, MISSING_CHARACTER};
use crate::report::{Unprintable, lookalike, unprintable};

/// A replacement of a part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Replacement {
    /// The part to replace, in bytes.
    pub range: Range<usize>,
    /// The text in its place.
    pub by: String,
}

/// The rules whose findings go where corrections put right all their places.
pub(crate) const CORRECTED: [Rule; 9] = [
    MISSING_CHARACTER,
    LOOKALIKE_CHARACTER,
    HALF_WIDTH_PUNCTUATION,
    STRAY_SPACE,
    STRAIGHT_QUOTES,
    SPACED_DATE,
    DOCUMENT_NUMBER,
    DOUBLED_MARK,
    BROKEN_ADDRESS,
];

/// A number at the beginning of a line with a tab behind it.
static NUMBER_TAB: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^\s*(?:[0-9]{1,2}[.．、]|[（(]?[0-9一二三四五六七八九十]{1,3}[)）、.．])(?<tab>[\t ]*\t[\t ]*)",
    )
});

/// A run of digits and the marks within numbers, in which one digit at least has full width.
static WIDE_NUMBER: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"[0-9０-９]+(?:[.．,，][0-9０-９]+)*[％%]?"));
/// A number whose thousands are parted.
static THOUSANDS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^\d{1,3}(?:[,，]\d{3})+(?:[.．]\d+)?[％%]?$"));
/// The beginning of a line that is a heading of the second level: the text behind it may run on.
static HEADING: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^\s*[（(][一二三四五六七八九十]{1,3}[）)][^。]*"));

/// The corrections of a line, in order and apart from each other. Some make room for others: repeat until there is
/// none. A figure and a row of a table are none of the text; what may be meant otherwise needs judgement.
pub(crate) fn corrections(text: &str) -> Vec<Replacement> {
    let line = text.trim();
    if line.contains("](") || line.starts_with('|') && line.ends_with('|') {
        return Vec::new();
    }
    let tab = NUMBER_TAB
        .captures(text)
        .and_then(|found| found.name("tab"));
    let characters = Characters::new(text);
    let heading = HEADING.find(text).map_or(0, |heading| heading.end());
    let replacements = characters.replacements().filter(|(range, by)| {
        let old = &text[range.clone()];
        let blank = by.is_empty() && old.chars().all(char::is_whitespace);
        // Tabs part columns; < and > are also signs of amounts.
        !(old.contains(['\t', '<', '>']) || blank && range.start < heading)
    });
    let all = slips::corrected_addresses(text);
    let within = citations::corrected_numbers(text).chain(numbers(text));
    let all = all.chain(within.filter(|(range, _)| characters.is_free(range)));
    let all = all.chain(single(text));
    let all = all.chain(tab.map(|tab| (tab.range(), String::new())));
    let all = all.chain(replacements);
    let mut found: BTreeMap<usize, Replacement> = BTreeMap::new();
    for (range, by) in all {
        let before = found.range(..range.end).next_back();
        if before.is_none_or(|(_, other)| other.range.end <= range.start) {
            found.insert(range.start, Replacement { range, by });
        }
    }
    found.into_values().collect()
}

/// Numbers with digits of full width, each as a whole.
fn numbers(text: &str) -> impl Iterator<Item = (Range<usize>, String)> {
    let wide = |c: char| ('０'..='９').contains(&c);
    let found = WIDE_NUMBER
        .find_iter(text)
        .filter(move |found| found.as_str().contains(wide));
    found.map(move |found| {
        let narrow = |c: char| match c {
            '．' => '.',
            '％' => '%',
            c => narrow(c),
        };
        let number: String = found.as_str().chars().map(narrow).collect();
        let number = if THOUSANDS.is_match(&number) {
            number.replace('，', ",")
        } else {
            number
        };
        (found.range(), number)
    })
}

/// Characters that stand for another one, or for none.
fn single(text: &str) -> impl Iterator<Item = (Range<usize>, String)> {
    let correction = |(at, c): (usize, char)| {
        let by = if is_invisible(c) {
            String::new()
        } else {
            lookalike(c)?.ordinary?.to_string()
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
            for Replacement { range, by } in corrections(&text).into_iter().rev() {
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
            ("共１,２３４条，占５．６％", "共1,234条，占5.6%"),
            ("（一）主动公开。工 作正常", "（一）主动公开。工作正常"),
            (
                "国办函（2020）109号、国办发【 2016 】80 号",
                "国办函〔2020〕109号、国办发〔2016〕80号",
            ),
            ("收到１5４件，答复９，９９９件", "收到154件，答复9,999件"),
            ("⾏政⽅⾯", "行政方面"),
            ("政\u{200B}务\u{FEFF}公开", "政务公开"),
            ("1.\t加强领导", "1.加强领导"),
            ("公开信息 76 条 ,其中", "公开信息 76 条，其中"),
            ("工 作 ,正常", "工作，正常"),
            ("共10,其中用Word,以及PDF;", "共10，其中用Word，以及PDF;"),
            ("共1,234,其中占3%,不多", "共1,234，其中占3%，不多"),
            ("材料，，齐全。。另有、、各项", "材料，齐全。另有、各项"),
            ("材料，，，齐全， ，是", "材料，齐全，是"),
            (
                "推进政 务公开工作， 落实 《条例》",
                "推进政务公开工作，落实《条例》",
            ),
            (
                "如何办理?登录网站,完成了吗?",
                "如何办理？登录网站，完成了吗？",
            ),
            ("负责人:        盖章:", "负责人：        盖章："),
            ("王某(组长) 李某(成员)", "王某（组长） 李某（成员）"),
            ("见附件(一).docx,其余(略)", "见附件(一).docx，其余（略）"),
            ("某科〔2021〕 030 号", "某科〔2021〕30号"),
            ("《办法》﹝2021﹞第３号", "《办法》〔2021〕3号"),
            (
                "见http:/www.a.cn，htpp：//b.gov.cn",
                "见http://www.a.cn，http://b.gov.cn",
            ),
        ] {
            assert_eq!(corrected(before), after, "{before}");
            assert!(corrections(after).is_empty(), "{after}");
        }
    }

    #[test]
    fn what_needs_judgement_stays() {
        for text in [
            "依照\"政务公开的要求",
            "甲\"乙\"丙\"丁。",
            "6'5\"的屏幕和5\"的屏幕",
            "“\"十四五\"规划”",
            "![图表](公开数量.svg)",
            "| 甲 ,乙 | １ |",
            "栏目\t条数\t备注",
            "（五）监督保障 全年认真落实各项要求。",
            "张三 李四 王五参加会议",
            "序号 名称 数量",
            "出席：王　某 李　某 张　三。",
            "组长：王某 副组长：李某 成员：张三、李四",
            "（联系人：张三 电话：7162382 邮编：331200）",
            "单位：万元  数量：件",
            "联 系 人：张 三    联系电话：7162382",
            "联系人：张 三",
            "负责人签字：        盖章：",
            "图1：概况 表2：明细。",
            "一季度  二季度",
            "政策文件 解读材料",
            "某某市教育局 某某市体育局",
            "第 一 季度 第 二 季度",
            "张三 李四 王五 欧阳修 等4人",
            "公开30件，一季度12件 二季度18件",
            "见附件(一).docx和年报,2023.pdf",
            "某办发[2021]03号.pdf",
            "http://www.a.gov.cn/政务公开/年报,2023(一).html",
            "政务&nbsp;公开&ldquo;条例&rdquo;<span style=\"宋体,红\">工作",
            "首页>政务公开>年报",
            "公开?信息，成效??。",
            "教室(2021)5号楼",
            "参见（2019）第3号议案",
            "小于<10件>的",
            "国办发〔21〕30号",
            "材料、，齐全；。",
            "材料齐全。。。",
            "共1,234件，12:30，A,B两项，支持http / https",
            "见htps://a.cn，http:www.a.cn，htpp://某某",
            "the table 某某, and others: 某某",
            "（2021年）30件",
            "程序 \"a\" 与 \"b\"",
            "见https://www.example.gov.cn/a,b",
            "GB/T 9704-2012",
        ] {
            assert_eq!(corrected(text), text);
        }
    }
}
