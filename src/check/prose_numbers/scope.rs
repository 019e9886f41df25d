//! The scope of a statement: the whole agency or a part of it, this year or another, this business or other.
//! A statement of uncertain scope is not compared.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::figure::Figure;
use super::passage_text::{PassageText, Quantity, Statement};
use crate::check::passages::pattern;
use crate::form::Table;
use crate::report::Report;

/// Words that may lead to a statement from the beginning of its clause. Anything else but the agency itself
/// may make it about a part: 提前办结, 经补正后予以公开, 近三年收到.
static LEAD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "(?:\\d{4}年)?1月1日起?至(?:\\d{4}年)?12月31日|截[至止](?:\\d{4}年)?12月31日|\\d{4}年度?|全年度?|\
         本年度?|今年|当年|年内|年度|我单位|本单位|本机关|我|本|该|其中|总计|合计|总共|共计|共有|共|已经|已|均|\
         按期|按时|及时|依法|依规|规范|全部|实际|另外|另|还|剩余|剩|余|尚|有|将|并|和|与|以及|及|同时|也|且|至|\
         对|的|了|为|是|信息|完成|作出|：|:|、|“|”|（|含|包括|包含|政府信息公开|信息公开|政务公开|依申请公开|公开|工作|申请|\
         情况|方面|数量|结果|办理|行政复议|行政诉讼|所有|各类|收到|接到|因|涉及|关于|有关|相关|引起|引发|产生|发生|被|提起|存在",
    )
});
/// Words that limit a sentence to a part of the agency, unless they belong to the agency's name.
static SCOPE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "代表|代市|代县|代区|本级|办公室|政府办|府办|各部门|各镇|各县|乡镇|街道|直属|下属|下级|指导|两级|三级|系统|复议机关|以来",
    )
});
/// Words that limit a clause to a part of the year, of the ways to apply or of the applicants.
static PART: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "网上|网络|线上|线下|信函|书面|当面|现场|邮寄|邮件|传真|自然人|企业|科研|上半年|下半年|季度|平均|每",
    )
});
/// The introduction of a part of the figure before.
const OF_THESE: &str = "其中";
/// Words of other business with receipts and answers of its own.
static OTHER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "建议|提案|信访|热线|留言|咨询|来信|来电|网民|网友|许可|审批|登记|12345|诉求|投诉|调解|执法监督|规范性文件备案",
    )
});
/// A year, or last year, before a figure.
static YEAR: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?<year>\d{4})年|(?<last>(?:^|[^比较与同])(?:上年|去年|上一年|同期|往年))")
});
/// Words that single out a part of the number before them.
static NARROWED: LazyLock<Regex> = LazyLock::new(|| pattern("其中[^，。；]{0,15}公开"));

/// Whether a text names other business.
pub(super) fn is_other(text: &str) -> bool {
    OTHER.is_match(text)
}

/// Whether a text is about open government information.
pub(super) fn is_about(text: &str) -> bool {
    ["信息公开", "依申请", "公开申请", "政务公开"]
        .iter()
        .any(|word| text.contains(word))
}

/// A passage whose statements are examined.
pub(super) struct Scope<'a> {
    pub prose: &'a PassageText<'a>,
    pub report: &'a Report,
    /// The tables that statements may be about.
    pub tables: &'a [&'a Table],
    /// Words for outcomes that look like other business and are not.
    pub excepted: &'a [&'a str],
    /// The statements of numbers in the order of the text.
    pub stated: &'a [Statement],
}

impl Scope<'_> {
    /// Whether a statement is surely about the figure of the whole agency for the whole year.
    pub fn covers(&self, statement: &Statement, figure: &Figure) -> bool {
        let prose = self.prose;
        let sentence = prose.sentence(statement.range.start);
        let before = &prose.text[sentence.start..statement.range.start];
        let clause = &prose.text[prose.clause(0, statement.range.start)..statement.range.start];
        let agency = &self.report.agency.text;
        let scoped = SCOPE
            .find_iter(before)
            .any(|word| !agency.contains(word.as_str()));
        let mut own = Cow::from(&prose.text[sentence]);
        for word in self.excepted {
            if own.contains(word) {
                own = own.replace(word, "").into();
            }
        }
        let other = is_other(&own);
        !scoped
            && !other
            && !PART.is_match(clause)
            && self.is_led(statement)
            && self.is_of_the_whole(statement)
            && !self.is_of_something_unknown(statement)
            && !self.is_narrowed(statement)
            && !self.is_share(statement, figure)
            && is_of_year(before, self.report.year)
    }

    /// Whether nothing unknown leads to a statement, nor to those before it in the same clause:
    /// 经补正后予以公开3件、部分公开1件 is about a part as a whole.
    fn is_led(&self, statement: &Statement) -> bool {
        let agency = &self.report.agency.text;
        let begin = self.prose.clause(0, statement.range.start);
        let mut at = statement.range.start;
        loop {
            let last = self
                .last_quantity(at)
                .filter(|last| last.range.start >= begin);
            let from = last.map_or(begin, |last| last.range.end);
            if !leads(&self.prose.text[from..at], agency) {
                return false;
            }
            let Some(last) = last else { return true };
            // Where the number before is stated, so are the words before it.
            at = self
                .stated_at(last)
                .map_or(last.range.start, |before| before.range.start);
        }
    }

    /// The statement that a number belongs to.
    fn stated_at(&self, quantity: &Quantity) -> Option<&Statement> {
        let at = quantity.range.start;
        let count = self.stated.partition_point(|s| s.range.start <= at);
        let near = self.stated[..count].iter().rev().take(3);
        near.into_iter().find(|s| s.range.contains(&at))
    }

    fn last_quantity(&self, at: usize) -> Option<&Quantity> {
        let quantities = &self.prose.quantities;
        let count = quantities.partition_point(|quantity| quantity.range.end <= at);
        quantities[..count].last()
    }

    /// Whether a statement behind 其中 divides a total of its table: 办结35件，其中予以公开9件 does,
    /// 上年结转2件，其中予以公开1件 does not.
    fn is_of_the_whole(&self, statement: &Statement) -> bool {
        let at = statement.range.start;
        let start = self.prose.sentence(at).start;
        let Some(of_these) = self.prose.text[start..at].rfind(OF_THESE) else {
            return true;
        };
        let count = self
            .stated
            .partition_point(|s| s.range.end <= start + of_these);
        let Some(whole) = self.stated[..count].last() else {
            return false;
        };
        let table = self.tables[whole.table];
        let lines = &table.mentions()[whole.mention].lines;
        let first = table
            .rules
            .iter()
            .filter_map(|rule| table.line(rule.add.first()?));
        let total = lines
            .iter()
            .any(|line| table.lines()[*line].parts.is_some());
        let first = first.into_iter().any(|line| lines.contains(&line));
        whole.table == statement.table && (total || first)
    }

    /// Whether an outcome follows a number that is for no figure: 征求意见3件，同意公开2件.
    fn is_of_something_unknown(&self, statement: &Statement) -> bool {
        let at = statement.range.start;
        if !self.tables[statement.table].is_outcome(statement.mention) {
            return false;
        }
        let start = self.prose.sentence(at).start;
        let last = self
            .last_quantity(at)
            .filter(|quantity| quantity.range.start >= start);
        last.is_some_and(|last| self.stated_at(last).is_none())
    }

    /// Whether a part of the number is singled out as the subject of the table:
    /// 行政复议30件，其中涉及政府信息公开的3件.
    fn is_narrowed(&self, statement: &Statement) -> bool {
        let rest = &self.prose.text[statement.range.end
            ..self
                .prose
                .sentence(statement.range.start)
                .end
                .max(statement.range.end)];
        NARROWED.is_match(rest)
    }

    /// Whether the sentence divides a whole, of which the total of outcomes that it states is a part
    /// like others: 收到75件，按时办结66件，5件逾期未补正，2件撤销，2件结转; or divides the total itself:
    /// 按期办结35件，延期办结1件.
    fn is_share(&self, statement: &Statement, figure: &Figure) -> bool {
        let table = self.tables[statement.table];
        let lines = &table.mentions()[statement.mention].lines;
        if !lines
            .iter()
            .any(|line| table.lines()[*line].parts.is_some())
        {
            return false;
        }
        let prose = self.prose;
        let Range { start, end } = prose.sentence(statement.range.start);
        let at = statement.range.start;
        let start = prose.text[start..at]
            .rfind('；')
            .map_or(start, |mark| start + mark);
        let end = prose.text[at..end].find('；').map_or(end, |mark| at + mark);
        let within = |q: &&Quantity| q.range.start >= start && q.range.end <= end;
        let values: Vec<u64> = prose
            .quantities
            .iter()
            .filter(within)
            .map(|q| q.value)
            .collect();
        let all = values
            .iter()
            .fold(0_u64, |sum, value| sum.saturating_add(*value));
        let most = values.iter().max().copied().unwrap_or_default();
        let of_most = values.len() > 2 && all - most == most && statement.value < most;
        of_most || values.len() > 1 && figure.accepts(all)
    }
}

/// Whether a text that leads to a statement says only that it is about this agency.
fn leads(lead: &str, agency: &str) -> bool {
    let rest = LEAD.replace_all(lead, "");
    let mut rest: Vec<char> = rest.chars().collect();
    // 全县 in a county's report, 全局 in a bureau's; 全省 in neither.
    if let ['全', kind, ..] = rest.as_slice() {
        let own = agency.ends_with(*kind) || agency.contains("政府") && agency.contains(*kind);
        if own {
            rest.drain(..2);
        }
    }
    // 市科委 for 上海市科学技术委员会: the characters of a name in their order.
    let mut name = agency.chars();
    rest.iter().all(|c| name.any(|own| own == *c))
}

/// Whether the last year named before a figure is the report's.
fn is_of_year(before: &str, year: u16) -> bool {
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
