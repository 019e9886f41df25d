//! Counts in the prose against the cells of the tables.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::{Quantity, RULE, Told, pattern};
use crate::diagnostic::Diagnostic;
use crate::format::{Each, Format, Mention, Table};
use crate::report::{Grid, Report, Value};

/// What marks a word that means its figure only before a word for the things counted.
const NEEDS_OBJECT: char = '～';

/// What may stand between a word and its number. Anything else, and the number may be about a part.
const BETWEEN: &str = "了|到|的|各类|各种|公众|群众|社会|公民|法人|或者|或|和|及|与|其他组织|其他|组织|提出|提交|\
                       递交|依法|全部|均|已|共计|共有|共|合计|总计|总数|总量|数量|数|计|有|为|是|达到|达|量|、|：|:|（|“|”|\
                       件|办理|答复|处理|继续|决定|情形|事项|类|年|度|案件|案|信件|因|因此|相关|有关|政府信息公开|信息公开";
/// What may stand between a number and a word behind it.
const BEHIND: &str = "为|是|属于|作出|决定|依法|已|被|均|因|涉及|关于|有关|的|政府信息公开|信息公开|政务公开|依申请公开|\
                      工作|申请|案件|将|尚未办结|未办结|正在办理";
/// What may stand in a statement that there was none.
const NONE: &str = "发生|收到|接到|受理|产生|出现|涉及|存在|有|被|因|而|引起|引发|提起|申请|关于|有关|相关|政府信息公开|\
                    信息公开|政务公开|依申请公开|工作|的|、|和|及|或|与|任何|公民|法人|其他组织|案件|案|件|情况|情形|事项|度|\
                    继续|办理";

/// Words that limit a sentence to a part of the agency, unless they are of the agency's name.
static SCOPE: LazyLock<Regex> = LazyLock::new(|| {
    pattern("代表|本级|办公室|政府办|府办|各部门|各镇|各县|乡镇|街道|直属|下属")
});
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
static YEAR: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?<year>\d{4})年|(?<last>(?:^|[^比较与同])(?:上年|去年|上一年|同期|往年))"));
/// How a statement that there was none may end.
static END: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(?:[，。；！）、]|$)"));

/// Whether a text is about open government information.
pub(super) fn is_about(text: &str) -> bool {
    ["信息公开", "依申请", "公开申请", "政务公开"].iter().any(|word| text.contains(word))
}

/// The words of an edition for the figures of its tables.
#[derive(Clone, Debug)]
pub(in crate::check) struct Vocabulary(Vec<Words>);

/// The words for the figures of one table.
#[derive(Clone, Debug)]
struct Words {
    table: String,
    /// Words, whether each needs an object, and which mention it is.
    words: Vec<(String, bool, usize)>,
    before: Regex,
    verb: Regex,
    object: Regex,
    behind: Regex,
    none: Regex,
    /// Any word, at the end of a text.
    joint: Regex,
}

impl Vocabulary {
    pub fn new(format: &Format) -> Self {
        let tables = format.tables.iter().filter(|(_, table)| !table.mentions().is_empty());
        Self(tables.map(|(key, table)| Words::new(key, table)).collect())
    }

    /// What the passage says of the tables and the tables do not.
    pub(super) fn check(&self, report: &Report, told: &Told, about: bool) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for words in &self.0 {
            let Some(grid) = report.tables.get(&words.table) else {
                continue;
            };
            let table = &report.format.tables[&words.table];
            let stated = words.stated(told);
            let figure = |s: &Statement| Figure::new(&table.mentions()[s.mention], table, grid);
            let denied = words.denied(told, table);
            for statement in stated.iter().chain(&denied) {
                let figure = figure(statement);
                if about
                    && !figure.accepts(statement.value)
                    && is_whole(report, told, statement, &stated, table)
                    && !is_share(told, statement, &figure)
                    && is_of_year(told, statement, report.year)
                {
                    found.push(figure.disagreement(told, statement));
                }
            }
        }
        found
    }

    /// The figures that shares may refer to: the totals of every mentioned figure.
    pub(super) fn totals(&self, report: &Report) -> Vec<u64> {
        let mut found = Vec::new();
        for words in &self.0 {
            let table = &report.format.tables[&words.table];
            if let Some(grid) = report.tables.get(&words.table) {
                let mentions = table.mentions().iter();
                found.extend(mentions.flat_map(|m| Figure::new(m, table, grid).accepted));
            }
        }
        found
    }
}

/// A figure of a table as the prose states it.
struct Statement {
    mention: usize,
    value: u64,
    range: Range<usize>,
}

impl Words {
    fn new(key: &str, table: &Table) -> Self {
        let mut words: Vec<(String, bool, usize)> = Vec::new();
        for (i, mention) in table.mentions().iter().enumerate() {
            for word in &mention.words {
                let bare = word.trim_end_matches(NEEDS_OBJECT);
                words.push((bare.to_owned(), bare.len() < word.len(), i));
            }
        }
        // The longest first, as alternatives are tried in order.
        words.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.cmp(b)));
        let list = |objects: bool| {
            let listed = words.iter().filter(|word| word.1 == objects);
            let listed: Vec<_> = listed.map(|word| regex::escape(&word.0)).collect();
            if listed.is_empty() {
                r"[^\s\S]".to_owned() // nothing
            } else {
                listed.join("|")
            }
        };
        let (plain, needing) = (list(false), list(true));
        let mut objects = table.counted.clone();
        objects.sort_by_key(|word| std::cmp::Reverse(word.len()));
        let objects = objects.iter().map(|o| regex::escape(o)).collect::<Vec<_>>().join("|");
        let word = format!(
            "(?:(?<plain>{plain})|(?<needing>{needing})(?:{BETWEEN})*?(?:{objects}))"
        );
        Self {
            table: key.to_owned(),
            before: pattern(&format!("{word}(?:{BETWEEN}|{objects})*$")),
            verb: pattern(&format!("(?<needing>{needing})(?:了|到|的|共|约)*$")),
            object: pattern(&format!("^(?:有效|的)?(?:{objects})")),
            behind: pattern(&format!("^(?:{BEHIND})*(?<plain>{plain})(?<rest>[^，。；]{{0,8}})")),
            none: pattern(&format!(
                "(?:未|没有|不存在|无|零)(?<all>(?:{NONE}|{objects})*(?:{plain}|(?:{needing})(?:{NONE})*?(?:{objects}))\
                 (?:{NONE}|{objects}|{plain})*)"
            )),
            joint: pattern(&format!("(?:{plain}|{needing})(?:{objects})?(?:案件)?[、和与及或以]+$")),
            words,
        }
    }

    fn mention(&self, word: &str) -> Option<usize> {
        self.words.iter().find(|known| known.0 == word).map(|known| known.2)
    }

    /// What numbers say.
    fn stated(&self, told: &Told) -> Vec<Statement> {
        let mut found = Vec::new();
        let mut last = 0;
        for quantity in &told.quantities {
            let start = clause(told, last, quantity.range.start);
            last = quantity.range.end;
            let before = self.before(told, quantity, start);
            let around = || self.around(told, quantity, start);
            found.extend(before.or_else(around).or_else(|| self.behind(told, quantity)));
        }
        found
    }

    /// A word before the number: 新收政府信息公开申请34件.
    fn before(&self, told: &Told, quantity: &Quantity, start: usize) -> Option<Statement> {
        let clause = &told.text[start..quantity.range.start];
        let captures = self.before.captures(clause)?;
        let word = captures.name("plain").or(captures.name("needing"))?;
        let mention = self.mention(word.as_str())?;
        let at = start + captures.get(0)?.start();
        // 行政复议、行政诉讼3件 is about both together.
        // There being none, it is about each.
        let alone = quantity.value == 0 || !self.joint.is_match(&told.text[start..at]);
        alone.then(|| Statement {
            mention,
            value: quantity.value,
            range: at..quantity.range.end,
        })
    }

    /// The number between a word and the thing counted: 收到1件政府信息公开申请.
    fn around(&self, told: &Told, quantity: &Quantity, start: usize) -> Option<Statement> {
        let captures = self.verb.captures(&told.text[start..quantity.range.start])?;
        let object = self.object.find(told.behind(quantity))?;
        Some(Statement {
            mention: self.mention(&captures["needing"])?,
            value: quantity.value,
            range: start + captures.get(0)?.start()..quantity.range.end + object.end(),
        })
    }

    /// A word behind the number: 1件结转下年度.
    fn behind(&self, told: &Told, quantity: &Quantity) -> Option<Statement> {
        let captures = self.behind.captures(told.behind(quantity))?;
        let word = captures.name("plain")?;
        let mention = self.mention(word.as_str())?;
        // A number behind the word is the word's own.
        let own = captures["rest"].contains(|c: char| c.is_ascii_digit() || c == '、');
        (!own).then(|| Statement {
            mention,
            value: quantity.value,
            range: quantity.range.start..quantity.range.end + word.end(),
        })
    }

    /// What is said not to have been: 未收到政府信息公开申请.
    fn denied(&self, told: &Told, table: &Table) -> Vec<Statement> {
        let mut found = Vec::new();
        for captures in self.none.captures_iter(&told.text) {
            let (Some(whole), Some(all)) = (captures.get(0), captures.name("all")) else {
                continue;
            };
            if !END.is_match(&told.text[whole.end()..]) {
                continue;
            }
            for (word, _, mention) in &self.words {
                // Outcomes are denied in too many ways: 未予以公开的, 无不予公开.
                let lines = &table.mentions()[*mention].lines;
                let outcome = lines.iter().any(|line| {
                    let sums = table.lines().iter().filter_map(|l| l.parts.as_ref());
                    table.lines()[*line].parts.is_some()
                        || sums.flatten().any(|part| part == line)
                });
                let here = found.iter().rev().take_while(|s: &&Statement| s.range == whole.range());
                let known = here.into_iter().any(|s| s.mention == *mention);
                if !outcome && !known && all.as_str().contains(word.as_str()) {
                    found.push(Statement {
                        mention: *mention,
                        value: 0,
                        range: whole.range(),
                    });
                }
            }
        }
        found
    }
}

/// The beginning of the clause that a place is in, or `from` where that is behind it.
fn clause(told: &Told, from: usize, at: usize) -> usize {
    let start = told.sentence(at).start.max(from);
    let before = &told.text[start..at];
    let ends = |c: char| matches!(c, '，' | ',' | '。' | '；' | ';' | '！' | '？');
    let mark = before.char_indices().rev().find(|(_, c)| ends(*c));
    start + mark.map_or(0, |(mark, c)| mark + c.len_utf8())
}

/// Whether a statement is about the whole agency and all business of this kind.
fn is_whole(
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
    let scoped = SCOPE.find_iter(before).any(|word| !report.agency.text.contains(word.as_str()));
    let other = OTHER.is_match(&told.text[sentence].replace(NOT_OTHER, ""));
    // 办结35件，其中予以公开9件 is about all that were concluded; 上年结转2件，其中…… is not.
    let part = clause.rfind(OF_THESE).is_some_and(|of_these| {
        let of_these = at - clause.len() + of_these;
        let whole = stated.iter().rev().find(|s| s.range.end <= of_these);
        whole.is_none_or(|whole| {
            let lines = &table.mentions()[whole.mention].lines;
            let first = table.rules.iter().filter_map(|rule| table.line(rule.add.first()?));
            let all = |line: &usize| table.lines()[*line].parts.is_some();
            !lines.iter().any(all) && !first.into_iter().any(|line| lines.contains(&line))
        })
    });
    !scoped && !other && !part && !PART.is_match(clause)
}

/// Whether the sentence divides a whole, of which the total of outcomes that it states is a part
/// like others: 收到75件，按时办结66件，5件逾期未补正，2件撤销，2件结转.
fn is_share(told: &Told, statement: &Statement, figure: &Figure) -> bool {
    let total = |line: &usize| figure.table.lines()[*line].parts.is_some();
    if !figure.mention.lines.iter().any(total) {
        return false;
    }
    let Range { start, end } = told.sentence(statement.range.start);
    let at = statement.range.start;
    let start = told.text[start..at].rfind('；').map_or(start, |mark| start + mark);
    let end = told.text[at..end].find('；').map_or(end, |mark| at + mark);
    let others = told.quantities.iter().filter(|q| q.range.start >= start && q.range.end <= end);
    let values: Vec<u64> = others.map(|q| q.value).collect();
    let all = values.iter().fold(0_u64, |sum, value| sum.saturating_add(*value));
    let most = values.iter().max().copied().unwrap_or_default();
    values.len() > 2 && all - most == most
}

/// Whether the last year that is named before a figure is the report's.
fn is_of_year(told: &Told, statement: &Statement, year: u16) -> bool {
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

/// A figure of a table and the values that prose may give for it.
struct Figure<'a> {
    mention: &'a Mention,
    table: &'a Table,
    grid: &'a Grid,
    value: u64,
    accepted: Vec<u64>,
}

impl<'a> Figure<'a> {
    fn new(mention: &'a Mention, table: &'a Table, grid: &'a Grid) -> Self {
        let line = |i: usize| -> [u64; 2] {
            let Some(j) = table.lines()[i].whole() else {
                return [0, 0];
            };
            let written = grid.lines[i][j].value.count();
            let parts = table.lines()[i].columns[j].parts.as_ref();
            let sum = parts.map_or(written, |parts| {
                parts.iter().fold(0, |sum: u64, &p| sum.saturating_add(grid.lines[i][p].value.count()))
            });
            [written, sum]
        };
        let total = |lines: &[usize], which: usize| {
            lines.iter().fold(0, |sum: u64, &i| sum.saturating_add(line(i)[which]))
        };
        let mut accepted = vec![total(&mention.lines, 0), total(&mention.lines, 1)];
        // 共受理 may count what was carried in as well: one whole side of a balance.
        for rule in table.rules.iter().filter(|r| r.each == Each::Column && r.previous.is_none()) {
            let side: Vec<usize> = rule.add.iter().filter_map(|key| table.line(key)).collect();
            if side.first() == mention.lines.first() && mention.lines.len() == 1 {
                accepted.push(total(&side, 0));
            }
        }
        // 其他处理 beside one of its own kinds may be the rest, which the form calls 其他.
        if let [_, _, ..] = mention.lines.as_slice() {
            let rest = mention.lines.iter().filter(|&&i| {
                mention.words[0].starts_with(&table.lines()[i].name.term)
            });
            accepted.extend(rest.map(|&i| line(i)[0]));
        }
        Self {
            value: accepted[0],
            mention,
            table,
            grid,
            accepted,
        }
    }

    fn accepts(&self, value: u64) -> bool {
        self.accepted.contains(&value)
    }

    fn disagreement(&self, told: &Told, statement: &Statement) -> Diagnostic {
        let Self { mention, value: written, .. } = self;
        let Statement { value, range, .. } = statement;
        let range = range.clone();
        let said = &told.text[range.clone()];
        let message = format!("正文写“{said}”（{value}），表中“{}”为 {written}", mention.label);
        let finding = Diagnostic::warning(RULE, told.span(range), message)
            .labelled(format!("表中为 {written}"))
            .hint("核对正文和表；正文说的只是其中一部分的，写明范围");
        let cells = mention.lines.iter().filter_map(|&i| {
            let cell = self.grid.lines[i].get(self.table.lines()[i].whole()?)?;
            let told = mention.lines.len() == 1 || cell.value.count() > 0;
            let label = &self.table.lines()[i].name.label;
            (told && cell.value != Value::Blank).then(|| (cell, format!("{label} {}", cell.value.count())))
        });
        cells.fold(finding, |finding, (cell, label)| finding.also(cell.span, label))
    }
}
