//! The scope of a statement: the whole agency or a part of it, this year or another, this business or other.
//! A statement of uncertain scope is not compared.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::passage_text::{PassageText, Quantity};
use super::statement::{Place, Said, Statement};
use super::table_value::TableValue;
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
/// The same words before a single value of a block. What is published of 行政许可 or said of 规范性文件 may be
/// another number, so they are fewer: 公开行政处罚信息3件, 审查规范性文件5件.
static LEAD_OF_VALUES: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "(?:（[一二三四五六七八九十]+）|\\d{1,2}[.．、])?(?:[一二三四五六七八九十]是)?主动公开(?:政府信息)?(?:工作)?(?:情况|方面)?[：:]|\
         截?[至止](?:目前|\\d{4}年(?:12月|年)?底|\\d{4}年末|\\d{4}年12月31日|年底|年末)|\\d{4}年度?|(?:全年度?|本年度?|今年)(?:累计)?|年内|\
         我单位|本单位|本机关|我|本|该|总计|合计|总共|共计|共有|共|已经|已|均|依法|依规|全部|实际|另外|另|还|并|和|与|以及|\
         同时|也|新|的|了|为|是|有|完成|作出|做出|办理|实施|各类|收取|：|:|、|“|”|（|）",
    )
});
/// Words before or behind a single value that make it one of something else: of what was published,
/// examined or disputed.
static NOT_OF_VALUES: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "公开|公示|发布|公布|推送|归集|上传|上网|网站|平台|专栏|栏目|目录|清单|备案|审查|审核|清理|评估|解读|抽查|\
         评查|评审|案卷|信息|应诉|复议|诉讼|听证|征求|修订|拟|计划",
    )
});
/// Words before a single value that say what was done.
static DONE: LazyLock<Regex> = LazyLock::new(|| pattern("作出|做出|办理|实施|收取"));
/// The beginning of a clause with which a new statement begins: ……，全年制发…….
static ANEW: LazyLock<Regex> =
    LazyLock::new(|| pattern("^(?:全年|本年|今年|年内|\\d{4}年|截[至止]|此外|另外|同时)"));
/// Words before the percentages of all applicants, with the number of all.
static OF_ALL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "\\d+[件份条宗]|[，,（(]|从|按照?|申请人|申请主体|主体|类型|类别|来源|构成|来看|看|分|中",
    )
});
/// What names the subject of the report alone.
static SUBJECT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "^(?:（[一二三四五六七八九十]+）|\\d{1,2}[.．、])?(?:[一二三四五六七八九十]是)?主动公开(?:政府信息)?(?:工作)?(?:情况|方面)?[：:]|\
         依申请公开政府信息|(?:政府信息|信息|政务)公开|依申请公开|公开申请|申请公开",
    )
});
/// Words that limit a sentence to a part of the agency, unless they belong to the agency's name.
static SCOPE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "代表|代市|代县|代区|本级|办公室|政府办|府办|各部门|各镇|各县|乡镇|街道|直属|下属|下级|指导|两级|三级|系统|复议机关|以来",
    )
});
/// What makes another word of 代表.
const DEPUTIES: &str = "人大";
/// Words that limit a clause to a part of the year or of the ways to apply.
static PART: LazyLock<Regex> = LazyLock::new(|| {
    pattern("网上|网络|线上|线下|信函|书面|当面|现场|邮寄|邮件|传真|上半年|下半年|季度|平均|每")
});
/// Words that limit a clause to a part of the applicants.
static APPLICANTS: LazyLock<Regex> = LazyLock::new(|| pattern("自然人|企业|科研"));
/// The introduction of a part of the number before.
pub(super) const OF_THESE: &str = "其中";
/// Words of other business with receipts and answers of its own.
static OTHER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "建议|提案|信访|热线|留言|咨询|来信|来电|网民|网友|许可|审批|登记|12345|诉求|投诉|调解|执法监督|规范性文件备案",
    )
});
/// A year, or last year, before a number.
static YEAR: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?<year>\d{4})年|(?<last>(?:^|[^比较与同])(?:上年|去年|上一年|同期|往年))")
});
/// Words that single out a part of the number before them.
static NARROWED: LazyLock<Regex> = LazyLock::new(|| pattern("其中[^，。；]{0,15}公开"));
/// The beginning of a list of what the number before consists of.
static LISTED: LazyLock<Regex> =
    LazyLock::new(|| pattern("^[，,；。：:（(]?(?:其中|包括|包含|含|分别|涉及|主要|均|都|全)"));

/// What a number is said to hold besides.
static HOLDS: LazyLock<Regex> = LazyLock::new(|| pattern("^[（(，,]?(?:含|包括|包含)"));

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
    /// Whether a statement is surely about the value of the whole agency for the whole year. `value_of` gives
    /// the value that a statement is about.
    pub fn covers<'f>(
        &self,
        statement: &Statement,
        value_of: impl Fn(&Statement) -> Option<TableValue<'f>>,
    ) -> bool {
        // Of a row that is none, the columns are none either.
        let row = statement.row.as_deref();
        if row.is_some_and(|row| !self.covers_whole(row, &value_of)) {
            return false;
        }
        self.covers_whole(statement, &value_of)
    }

    fn covers_whole<'f>(
        &self,
        statement: &Statement,
        value_of: &impl Fn(&Statement) -> Option<TableValue<'f>>,
    ) -> bool {
        let prose = self.prose;
        let sentence = prose.sentence(statement.range.start);
        let before = &prose.text[sentence.start..statement.range.start];
        let clause = &prose.text[prose.clause(0, statement.range.start)..statement.range.start];
        let agency = &self.report.agency.text;
        // 人大代表 stands for nobody here, unlike 代表区政府.
        let scoped = SCOPE.find_iter(before).any(|word| {
            !agency.contains(word.as_str()) && !before[..word.start()].ends_with(DEPUTIES)
        });
        let of_place = match statement.place {
            Place::Mention(mention) => {
                !APPLICANTS.is_match(clause)
                    && self.is_of_the_whole(statement)
                    && !self.is_of_something_unknown(statement, mention)
                    && !self.is_narrowed(statement)
                    && !self.is_wider(statement, mention)
                    && !value_of(statement).is_none_or(|v| self.is_share(statement, mention, &v))
            }
            Place::Columns(..) => true,
            Place::Value(..) => {
                let anew = self.is_done(statement) && ANEW.is_match(clause);
                self.is_value_itself(statement) && (anew || !before_of_these(before))
            }
        };
        !scoped
            && of_place
            && !self.is_of_other_business(statement)
            && !PART.is_match(clause)
            && self.is_led(statement)
            && is_of_year(before, self.report.year)
    }

    /// Whether other business is spoken of where a statement stands: in its clause, before it in its
    /// sentence, or in what its number is said to consist of. A further number behind it has a subject of its
    /// own, and other statements are none of other business.
    fn is_of_other_business(&self, statement: &Statement) -> bool {
        let prose = self.prose;
        let sentence = prose.sentence(statement.range.start);
        let end = self.reach(statement);
        // A statement that names its subject needs none from what stands before.
        let explicit = is_about(&prose.text[statement.range.clone()]);
        let start = if matches!(statement.place, Place::Value(..)) && self.is_done(statement) {
            prose.clause(0, statement.range.start)
        } else if explicit {
            let last = prose.last_quantity(statement.range.start);
            let last = last.map_or(sentence.start, |last| last.range.end);
            last.max(sentence.start)
        } else {
            sentence.start
        };
        let own = self.without_statements(start, end);
        let mut own = Cow::from(own);
        for word in self.excepted {
            if own.contains(word) {
                own = own.replace(word, "").into();
            }
        }
        is_other(&own)
    }

    /// The end of what belongs to a statement: its clause, and those behind it that have no number of their
    /// own or list what its number consists of.
    fn reach(&self, statement: &Statement) -> usize {
        let prose = self.prose;
        let all = prose
            .sentence(statement.range.start)
            .end
            .max(statement.range.end);
        let mut end = prose.clause_end(statement.range.end).min(all);
        while let Some(mark) = prose.text[end..all].chars().next() {
            let next = prose.clause_end(end + mark.len_utf8()).min(all);
            let last = prose.last_quantity(next);
            if last.is_some_and(|quantity| quantity.range.start >= end) {
                return if LISTED.is_match(&prose.text[end..all]) {
                    all
                } else {
                    end
                };
            }
            end = next;
        }
        end
    }

    /// A part of the text without what is stated of blocks in it: 行政许可1件 is no other business.
    fn without_statements(&self, start: usize, end: usize) -> String {
        let mut text = String::with_capacity(end.saturating_sub(start));
        let mut at = start;
        for stated in self.stated {
            let own = matches!(stated.place, Place::Value(..)) && stated.range.end > start;
            if own && stated.range.start < end {
                text.push_str(&self.prose.text[at..stated.range.start.clamp(at, end)]);
                at = stated.range.end.clamp(at, end);
            }
        }
        text.push_str(&self.prose.text[at..end.max(at)]);
        text
    }

    /// Whether a statement about a value of a block is about that itself, not about what was published of it.
    fn is_value_itself(&self, statement: &Statement) -> bool {
        let prose = self.prose;
        let start = if self.is_done(statement) {
            prose.clause(0, statement.range.start)
        } else {
            prose.sentence(statement.range.start).start
        };
        let before = self.without_statements(start, statement.range.start);
        let behind = &prose.text[statement.range.end..prose.clause_end(statement.range.end)];
        ![before.as_str(), behind]
            .iter()
            .any(|text| NOT_OF_VALUES.is_match(&SUBJECT.replace_all(text, "")))
    }

    /// Whether a statement of a single value says what was done, in itself or in its clause.
    fn is_done(&self, statement: &Statement) -> bool {
        let start = self.prose.clause(0, statement.range.start);
        statement.done || DONE.is_match(&self.prose.text[start..statement.range.start])
    }

    /// Whether what stands before a place since its sentence or its part began says only that it is about all that
    /// was applied for.
    pub fn opens(&self, at: usize) -> bool {
        let start = self.prose.sentence(at).start;
        let before = &self.prose.text[start..at];
        let part = before.rsplit(['；', ';']).next().unwrap_or(before);
        leads(
            &OF_ALL.replace_all(part, ""),
            &self.report.agency.text,
            &LEAD,
        )
    }

    /// Whether nothing unknown leads to a statement, nor to those before it in the same clause:
    /// 经补正后予以公开3件、部分公开1件 is about a part as a whole.
    fn is_led(&self, statement: &Statement) -> bool {
        let agency = &self.report.agency.text;
        let words = match statement.place {
            Place::Value(..) => &LEAD_OF_VALUES,
            _ => &LEAD,
        };
        let begin = self.prose.clause(0, statement.range.start);
        let mut at = statement.range.start;
        loop {
            let last = self.prose.last_quantity(at);
            let last = last.filter(|last| last.range.start >= begin);
            let from = last.map_or(begin, |last| last.range.end);
            let from = self.stated_until(from, at);
            if !leads(&self.prose.text[from..at], agency, words) {
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

    /// The end of the statement around a place, which may reach behind its number; at most `most`.
    fn stated_until(&self, at: usize, most: usize) -> usize {
        let count = self.stated.partition_point(|s| s.range.start < at);
        let last = self.stated[..count].last();
        last.map_or(at, |last| last.range.end.clamp(at, most.max(at)))
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
        let Place::Mention(mention) = whole.place else {
            return whole
                .row
                .as_deref()
                .is_some_and(|row| row.table == statement.table);
        };
        let lines = &table.mentions()[mention].lines;
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

    /// Whether an outcome follows a number of no value: 征求意见3件，同意公开2件.
    fn is_of_something_unknown(&self, statement: &Statement, mention: usize) -> bool {
        let at = statement.range.start;
        if !self.tables[statement.table].mentions()[mention].outcome {
            return false;
        }
        let start = self.prose.sentence(at).start;
        let last = self
            .prose
            .last_quantity(at)
            .filter(|quantity| quantity.range.start >= start);
        last.is_some_and(|last| self.stated_at(last).is_none())
    }

    /// Whether a part of the number is singled out as the subject of the table:
    /// 行政复议30件，其中涉及政府信息公开的3件.
    fn is_narrowed(&self, statement: &Statement) -> bool {
        // What is said of the subject itself is not narrowed to it: 收到政府信息公开申请33件，其中予以公开9件.
        if is_about(&self.prose.text[statement.range.clone()]) {
            return false;
        }
        let rest = &self.prose.text[statement.range.end
            ..self
                .prose
                .sentence(statement.range.start)
                .end
                .max(statement.range.end)];
        NARROWED.is_match(rest)
    }

    /// Whether an outcome of a single line is said to hold another one, which the table gives apart:
    /// 不掌握20件（含需另行制作4件）.
    fn is_wider(&self, statement: &Statement, mention: usize) -> bool {
        let mention = &self.tables[statement.table].mentions()[mention];
        let behind = &self.prose.text[statement.range.end..];
        mention.outcome && mention.lines.len() == 1 && HOLDS.is_match(behind)
    }

    /// Whether the sentence divides a whole, of which the total of outcomes that it states is a part
    /// like others: 收到75件，按时办结66件，5件逾期未补正，2件撤销，2件结转; or divides the total itself:
    /// 按期办结35件，延期办结1件.
    fn is_share(&self, statement: &Statement, mention: usize, value: &TableValue) -> bool {
        let table = self.tables[statement.table];
        let lines = &table.mentions()[mention].lines;
        let Said::Number(own) = statement.said else {
            return false;
        };
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
        let of_most = values.len() > 2 && all - most == most && own < most;
        of_most || values.len() > 1 && value.accepts(all)
    }
}

/// Whether a text that leads to a statement says only that it is about this agency.
fn leads(lead: &str, agency: &str, words: &Regex) -> bool {
    let rest = words.replace_all(lead, "");
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

/// Whether the last part of a sentence divides a number before it.
fn before_of_these(before: &str) -> bool {
    let part = before.rsplit(['；', ';']).next().unwrap_or(before);
    part.contains(OF_THESE)
}

/// Whether the last year named before a number is the report's.
fn is_of_year(before: &str, year: u16) -> bool {
    let Some(last) = YEAR.captures_iter(before).last() else {
        return true;
    };
    match last.name("year") {
        Some(named) => named.as_str().parse() == Ok(year),
        // 上年结转 is the name of a value.
        None => last.name("last").is_none_or(|word| {
            let rest = before[word.end()..].trim_start_matches('度');
            rest.starts_with("结转") || rest.starts_with("转结")
        }),
    }
}
