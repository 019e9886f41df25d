//! What a statement is about: the whole agency or a part of it, this year or another.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::figure::Figure;
use super::{Statement, Told};
use crate::check::passages::pattern;
use crate::format::Table;
use crate::report::Report;

/// Words that limit a sentence to a part of the agency, unless they are of the agency's name.
static SCOPE: LazyLock<Regex> =
    LazyLock::new(|| pattern("代表|本级|办公室|政府办|府办|各部门|各镇|各县|乡镇|街道|直属|下属"));
/// Words that limit a clause to a part of the year, of the ways to apply or of the applicants.
static PART: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "网上|网络|线上|线下|信函|书面|当面|现场|邮寄|邮件|传真|自然人|企业|科研|上半年|下半年|季度|平均|每",
    )
});
/// What introduces a part of the figure before.
const OF_THESE: &str = "其中";
/// Words of other business that is also received and answered.
static OTHER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "建议|提案|信访|热线|留言|咨询|来信|来电|网民|网友|许可|审批|登记|12345|诉求|投诉|调解|执法监督|规范性文件备案",
    )
});
/// The label of an outcome that names other business.
const NOT_OTHER: &str = "信访举报投诉类";
/// A year, or last year, before a figure.
static YEAR: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?<year>\d{4})年|(?<last>(?:^|[^比较与同])(?:上年|去年|上一年|同期|往年))")
});
/// Whether a text is about open government information.
pub(super) fn is_about(text: &str) -> bool {
    ["信息公开", "依申请", "公开申请", "政务公开"]
        .iter()
        .any(|word| text.contains(word))
}

/// The beginning of the clause that a place is in, or `from` where that is behind it.
pub(super) fn clause(told: &Told, from: usize, at: usize) -> usize {
    let start = told.sentence(at).start.max(from);
    let before = &told.text[start..at];
    let ends = |c: char| matches!(c, '，' | ',' | '。' | '；' | ';' | '！' | '？');
    let mark = before.char_indices().rev().find(|(_, c)| ends(*c));
    start + mark.map_or(0, |(mark, c)| mark + c.len_utf8())
}

/// Whether a statement is about the whole agency and all business of this kind.
pub(super) fn is_whole(
    report: &Report,
    told: &Told,
    statement: &Statement,
    stated: &[Statement],
    table: &Table,
) -> bool {
    let at = statement.range.start;
    let sentence = told.sentence(at);
    let before = &told.text[sentence.start..at];
    let clause = &told.text[clause(told, 0, at)..at];
    let scoped = SCOPE
        .find_iter(before)
        .any(|word| !report.agency.text.contains(word.as_str()));
    let other = OTHER.is_match(&told.text[sentence].replace(NOT_OTHER, ""));
    // 办结35件，其中予以公开9件 is about all that were concluded; 上年结转2件，其中…… is not.
    let part = clause.rfind(OF_THESE).is_some_and(|of_these| {
        let of_these = at - clause.len() + of_these;
        let whole = stated.iter().rev().find(|s| s.range.end <= of_these);
        whole.is_none_or(|whole| {
            let lines = &table.mentions()[whole.mention].lines;
            let first = table
                .rules
                .iter()
                .filter_map(|rule| table.line(rule.add.first()?));
            let all = |line: &usize| table.lines()[*line].parts.is_some();
            !lines.iter().any(all) && !first.into_iter().any(|line| lines.contains(&line))
        })
    });
    !scoped && !other && !part && !PART.is_match(clause)
}

/// Whether the sentence divides a whole, of which the total of outcomes that it states is a part
/// like others: 收到75件，按时办结66件，5件逾期未补正，2件撤销，2件结转.
pub(super) fn is_share(told: &Told, statement: &Statement, figure: &Figure) -> bool {
    let total = |line: &usize| figure.table.lines()[*line].parts.is_some();
    if !figure.mention.lines.iter().any(total) {
        return false;
    }
    let Range { start, end } = told.sentence(statement.range.start);
    let at = statement.range.start;
    let start = told.text[start..at]
        .rfind('；')
        .map_or(start, |mark| start + mark);
    let end = told.text[at..end].find('；').map_or(end, |mark| at + mark);
    let others = told
        .quantities
        .iter()
        .filter(|q| q.range.start >= start && q.range.end <= end);
    let values: Vec<u64> = others.map(|q| q.value).collect();
    let all = values
        .iter()
        .fold(0_u64, |sum, value| sum.saturating_add(*value));
    let most = values.iter().max().copied().unwrap_or_default();
    values.len() > 2 && all - most == most
}

/// Whether the last year that is named before a figure is the report's.
pub(super) fn is_of_year(told: &Told, statement: &Statement, year: u16) -> bool {
    let at = statement.range.start;
    let before = &told.text[told.sentence(at).start..at];
    let Some(last) = YEAR.captures_iter(before).last() else {
        return true;
    };
    match last.name("year") {
        Some(named) => named.as_str().parse() == Ok(year),
        // 上年结转 is the name of a figure.
        None => last.name("last").is_none_or(|word| {
            let rest = before[word.end()..].trim_start_matches('度');
            rest.starts_with("结转") || rest.starts_with("转结")
        }),
    }
}
