#![doc = include_str!("gaps.md")]

use std::cmp::Reverse;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::passages::{Passage, ends_question, is_chinese_mark, is_han, pattern};
use super::rules;
use crate::diagnostic::Diagnostic;
use crate::report::{Text, marks};

/// The marks that stand for a number that is to come.
static MARK: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?<year>20[0-9]?)?(?<mark>[XxＸｘ×✕╳]+|[*＊]{2,}|(?:[（(【\[〔{｛]\s*[）)】\]〕}｝]))(?<more>余|多)?\s*(?<unit>人次|万元|亿元|万|余|件|条|次|人|个|项|份|篇|场|期|批|起|例|宗|册|名|位|元|年|月|日|号|[%％])",
    )
});
/// A gap whatever stands behind it.
static BLANK: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"[_＿]{2,}|〔[\s_]*〕|〔\d{4}〕\s*号|（[\s_]+）|[【（\[(](?:此处)?待(?:填写?|补充?|定|核实?)[】）\])]",
    )
});
/// A text that is to come, behind a colon or as a sentence.
static TO_COME: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:^|[：:。；])\s*(?<gap>待填写?|待补充?)[。；]?\s*$"));
/// What a template asks to write or to put in.
static PLACEHOLDER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"[\[［【（(]\s*请?(?:在|于)?此处?(?:请|应|可)?(?:插入|填写?|输入|补充|添加|粘贴)[^\]］】）)。]{0,20}[\]］】）)]|请?(?:单击|点击|双击)此处(?:可|以|来|后)?(?:输入|插入|添加|键入|编辑)(?:文字|文本|内容|标题|日期|图片)*|请(?:在|于)此处(?:(?:输入|插入|键入)(?:文字|文本|内容|标题|日期|图片)*|填写(?:具体)?(?:文字|文本|内容))",
    )
});
/// Marks that a conversion leaves in place of characters, and 〓, with which printers fill their place.
static LOST: LazyLock<Regex> = LazyLock::new(|| pattern(r"\?+|〓+"));
/// What follows a unit that is none: XX人民政府, XX项目, XX条例, XX日报.
const NAMES: [(&str, &str); 15] = [
    ("人", "民大事社才员力"),
    ("个", "人体"),
    ("项", "目"),
    ("条", "例款约"),
    ("场", "所馆地"),
    ("期", "刊货间"),
    ("批", "复准示发"),
    ("起", "草"),
    ("例", "会"),
    ("名", "称城录单誉"),
    ("位", "于置"),
    ("年", "鉴"),
    ("月", "刊"),
    ("日", "报"),
    ("份", "额"),
];

/// Units that stand behind a blank where their number is to come, and the characters before them with which they are
/// words: 文 件, 首 次.
const ALONE: [(&str, &str); 7] = [
    ("件次", ""),
    ("人次", ""),
    ("万元", ""),
    ("件", "文案信条邮要附稿软硬事证物部零来"),
    ("次", "首再历上下本此每某几依其层名档初屡各逐席场"),
    ("条", "头线链信面荐枝"),
    ("份", "身月年股省部县成备辈"),
];
/// Units that are parts of more words than can be told here.
const OFTEN_WORDS: [&str; 8] = ["人", "个", "项", "号", "名", "元", "场", "期"];

/// Whether a blank of a text stands for the number of the unit behind it: 会议 次，.
pub(super) fn is_number(text: &str, blank: &Range<usize>) -> bool {
    let before = text[..blank.start].chars().next_back();
    let behind = &text[blank.end..];
    if before == Some('〕') && behind.starts_with('号') {
        return true;
    }
    let is_last = |rest: &str| {
        rest.chars()
            .next()
            .is_none_or(|c| is_chinese_mark(c) || ",;)".contains(c))
    };
    let unit = ALONE.iter().find(|(unit, _)| behind.starts_with(unit));
    unit.is_some_and(|(unit, words)| {
        let counts = |c: char| "零〇一二三四五六七八九十百千万亿两几多数余半".contains(c);
        is_last(&behind[unit.len()..])
            && before.is_some_and(|c| is_han(c) && !counts(c) && !words.contains(c))
    })
}

/// Whether a blank of a text may stand for the number of the unit behind it.
pub(super) fn may_be_number(text: &str, blank: &Range<usize>) -> bool {
    let behind = &text[blank.end..];
    let mut units = ALONE.iter().map(|(unit, _)| unit).chain(&OFTEN_WORDS);
    units.any(|unit| behind.starts_with(unit))
}

/// The blanks of a text, each as wide as it is.
fn spaces(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut end = 0;
    let places = marks(text).filter(|(_, c)| c.is_whitespace());
    places.filter_map(move |(at, _)| {
        if at < end {
            return None;
        }
        end = text.len() - text[at..].trim_start().len();
        Some(at..end)
    })
}

/// Whether a character is written where something is to come.
fn stands_in(c: char) -> bool {
    matches!(
        c,
        'X' | 'x' | 'Ｘ' | 'ｘ' | '×' | '✕' | '╳' | '*' | '＊' | '_' | '＿'
    )
}

/// Finds in each paragraph what nobody has filled in yet.
pub(super) fn check(passages: &[Passage], findings: &mut Vec<Diagnostic>) {
    for passage in passages {
        findings.extend(lost(passage));
        let gaps = gaps(passage.str());
        let Some((first, others)) = gaps.split_first() else {
            continue;
        };
        let shown = passage.str()[first.clone()].trim();
        let message = match gaps.len() {
            1 => format!("“{shown}”是没有填的空"),
            count => format!("这一段有 {count} 处没有填的空，如“{shown}”"),
        };
        let finding = Diagnostic::new(rules::UNFILLED_GAP, passage.span(first.clone()), message)
            .hint("填上实际的内容；没有的，删去这一句");
        let others = others.iter().map(|gap| passage.span(gap.clone()));
        findings.push(finding.also_at(others));
    }
}

/// Finds in the name of the agency what stands for a name that is to come.
pub(super) fn check_agency(agency: &Text, findings: &mut Vec<Diagnostic>) {
    let text = agency.text.as_str();
    let Some(at) = text.find(stands_in) else {
        return;
    };
    let gap = &text[at..];
    let gap = &gap[..gap.find(|c: char| !stands_in(c)).unwrap_or(gap.len())];
    if gap.chars().count() > 1 {
        let message = format!("机关的名称里“{gap}”没有填");
        let span = agency.part(at..at + gap.len());
        findings.push(
            Diagnostic::new(rules::UNFILLED_GAP, span, message).hint("写机关的全称或规范化简称"),
        );
    }
}

/// The finding about characters that a conversion has turned into question marks.
fn lost(passage: &Passage) -> Option<Diagnostic> {
    let mut places = lost_places(passage.str());
    let first = places.next()?;
    let message = format!("“{}”处丢失了文字", &passage.str()[first.clone()]);
    let finding = Diagnostic::new(rules::UNFILLED_GAP, passage.span(first), message)
        .hint("多半是转换编码时丢失的，照原件补上；是问句的，写作“？”");
    Some(finding.also_at(places.map(|place| passage.span(place))))
}

/// The places of characters that are lost: no question ends there.
fn lost_places(text: &str) -> impl Iterator<Item = Range<usize>> {
    let chinese = |c: char| is_han(c) || is_chinese_mark(c);
    let found = LOST.find_iter(text).map(|found| found.range());
    found.filter(move |place| {
        let before = text[..place.start].chars().next_back();
        let behind = text[place.end..].chars().next();
        if text[place.clone()].starts_with('〓') {
            return true;
        }
        let around = match place.len() {
            1 => before.is_some_and(is_han) && behind.is_some_and(chinese),
            2 => before.is_none_or(chinese) && behind.is_some_and(chinese),
            _ => before.is_none_or(chinese) && behind.is_none_or(chinese),
        };
        let end = behind.is_none() && place.len() > 2 && before.is_some();
        around && (end || !ends_question(text, place.start))
    })
}

/// The gaps of a text, in order.
fn gaps(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    if may_have_gaps(text) {
        found.extend(numbers(text));
        found.extend(blanks(text));
        let to_come = TO_COME.captures_iter(text);
        found.extend(to_come.filter_map(|found| Some(found.name("gap")?.range())));
    }
    let unnumbered = spaces(text).filter(|blank| is_number(text, blank));
    found.extend(unnumbered.map(|blank| {
        let mut before = text[..blank.start].char_indices().rev();
        let start = before.nth(1).map_or(0, |(at, _)| at);
        let unit = text[blank.end..].find(|c| !is_han(c));
        start..unit.map_or(text.len(), |unit| blank.end + unit)
    }));
    if text.contains("此") {
        found.extend(PLACEHOLDER.find_iter(text).map(|found| found.range()));
    }
    found.sort_by_key(|gap| (gap.start, Reverse(gap.end)));
    found.dedup_by(|next, before| next.start < before.end);
    found
}

/// The marks that stand for numbers, with their units.
fn numbers(text: &str) -> impl Iterator<Item = Range<usize>> {
    MARK.captures_iter(text).filter_map(|found| {
        let whole = found.get(0)?;
        let mark = found.name("mark")?;
        let unit = found.name("unit")?.as_str();
        let before = text[..whole.start()].chars().next_back();
        let behind = text[whole.end()..].chars().next();
        let is_name = NAMES.iter().any(|(own, follows)| {
            *own == unit && behind.is_some_and(|behind| follows.contains(behind))
        });
        // 3×5件 and MAX件 have a number and a word.
        let is_other = before.is_some_and(|c| c.is_ascii_alphanumeric());
        let is_year = found.name("year").is_some() && unit != "年";
        (!is_name && !is_other && !is_year && !mark.is_empty()).then(|| whole.range())
    })
}

/// The gaps that stand for anything, but for those within a foreign word.
fn blanks(text: &str) -> impl Iterator<Item = Range<usize>> {
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let found = BLANK.find_iter(text).map(|found| found.range());
    found.filter(move |gap| {
        let before = text[..gap.start].chars().next_back();
        !(is_word(before) && is_word(text[gap.end..].chars().next()))
    })
}

/// Whether a text has a mark of a gap, or a bracket with nothing behind it: most have none, and no pattern is tried.
fn may_have_gaps(text: &str) -> bool {
    let mut opened = None;
    let is_gap = |(at, c): (usize, char)| {
        let is_empty = opened == Some(at)
            && (c.is_whitespace()
                || matches!(c, '_' | '）' | ')' | '】' | ']' | '〕' | '}' | '｝'));
        let opens = matches!(c, '（' | '(' | '【' | '[' | '〔' | '{' | '｛');
        opened = opens.then_some(at + c.len_utf8());
        let is_unnumbered = c == '〕' && text[at + c.len_utf8()..].trim_start().starts_with('号');
        is_empty || is_unnumbered || stands_in(c)
    };
    let to_come = ["待填", "待补", "待定", "待核"];
    marks(text).any(is_gap) || to_come.iter().any(|words| text.contains(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        gaps(text).into_iter().map(|gap| &text[gap]).collect()
    }

    #[test]
    fn gaps_are_found() {
        for (text, expected) in [
            ("主动公开信息XX件，其中ＸＸ条", vec!["XX件", "ＸＸ条"]),
            ("办理申请××余件、xx 次", vec!["××余件", "xx 次"]),
            ("×年×月×日印发", vec!["×年", "×月", "×日"]),
            ("20XX年和202X年", vec!["20XX年", "202X年"]),
            ("占比XX%，收费**万元", vec!["XX%", "**万元"]),
            ("共收到（ ）件，（）次", vec!["（ ）件", "（）次"]),
            ("国办发〔 〕 号", vec!["〔 〕 号"]),
            ("收到申请____件，＿＿条", vec!["____", "＿＿"]),
            ("依申请公开（待填）", vec!["（待填）"]),
            ("收费情况：待补充。", vec!["待补充"]),
            ("见图[此处插入图片]", vec!["[此处插入图片]"]),
            ("（此处填写具体内容）", vec!["（此处填写具体内容）"]),
            ("请在此处输入文字", vec!["请在此处输入文字"]),
            ("召开会议 次，培训 人次。", vec!["会议 次", "培训 人次"]),
            ("继续办理　 件", vec!["办理　 件"]),
            ("（某某〔2024〕 号）", vec!["〔2024〕 号"]),
            ("（某某〔2024〕号）", vec!["〔2024〕号"]),
            ("单击此处输入", vec!["单击此处输入"]),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn lost_characters_are_found() {
        for (text, expected) in [
            (
                "全年公开??信息，开展???工作，成效????。",
                vec!["??", "???", "????"],
            ),
            ("全年公开?信息，工作?，成效????", vec!["?", "?", "????"]),
            ("如何申请?登录网站。完成了吗??真的?好。“为什么?”", vec!["?"]),
            ("http://www.a.cn/a?b=1，A??B，完成??", vec![]),
        ] {
            let found: Vec<&str> = lost_places(text).map(|place| &text[place]).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn names_and_numbers_are_no_gaps() {
        for text in [
            "XX市XX局、××人民政府、XX人大",
            "XX项目、××条例、XX日报、XX个人",
            "MAX件、3×5件、A4×2份",
            "材料有待补充完善，材料待补充。",
            "见https://a.gov.cn/a__b_c和a_b@example.cn",
            "公开（一）件数，（见附件）",
            "X射线、X光机",
            "二○二三年，〇件",
            "印发文 件，首 次，三 件，共 76 条，依法公开 条例，负责 人",
            "市民点击此处查询，可在此处填写申请（在此处领取）",
        ] {
            assert!(found(text).is_empty(), "{text}: {:?}", found(text));
        }
    }
}
