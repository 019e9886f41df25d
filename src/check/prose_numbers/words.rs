//! The words by which prose states a value of a table, and the turns that they stand in.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::passage_text::{PassageText, Quantity};
use super::scope::is_other;
use super::statement::{Place, Said, Statement};
use crate::check::passages::pattern;
use crate::form::Table;

/// The mark of a word that means its value only before a word for the things counted.
const NEEDS_OBJECT: char = '～';

/// Words that may stand between a word and its number. With anything else the number may be about a part.
const BETWEEN: &str = "了|到|的|各类|各种|公众|群众|社会|公民|法人|或者|或|和|及|与|其他组织|其他|组织|提出|提交|\
                       递交|依法|全部|均|已|共计|共有|共|合计|总计|总数|总量|数量|数|计|有|为|是|达到|达|量|、|：|:|（|“|”|\
                       件|办理|答复|处理|继续|决定|情形|事项|类|年|度|案件|案|信件|因|因此|相关|有关|政府信息公开|信息公开";
/// Words that may stand between a number and a word behind it.
const BEHIND: &str = "为|是|属于|作出|决定|依法|已|被|均|因|涉及|关于|有关|的|政府信息公开|信息公开|政务公开|依申请公开|\
                      工作|申请|案件|将|尚未办结|未办结|正在办理";
/// The words that begin a statement of none.
const DENIED: &str = "未|没有|不存在|无|零";
/// Words that may stand in a statement of none.
const NONE: &str = "发生|收到|接到|受理|产生|出现|涉及|存在|有|被|因|而|引起|引发|提起|申请|关于|有关|相关|政府信息公开|\
                    信息公开|政务公开|依申请公开|工作|的|、|和|及|或|与|任何|公民|法人|其他组织|案件|案|件|情况|情形|事项|度|\
                    继续|办理";

/// The end of a statement of none.
static END: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(?:[，。；！）、]|$)"));

/// The words for the numbers of one table.
#[derive(Clone, Debug)]
pub(super) struct Words {
    /// The index of the table among the vocabulary's.
    index: usize,
    /// Each word, whether it needs an object, and the index of its mention.
    known: Vec<(String, bool, usize)>,
    before: Regex,
    verb: Regex,
    object: Regex,
    behind: Regex,
    none: Regex,
    /// Any word, at the end of a text.
    joint: Regex,
    /// Words for outcomes, as their labels have them, that name other business: 信访 in the label of an
    /// outcome is an application like others.
    pub excepted: Vec<String>,
}

impl Words {
    pub fn new(index: usize, table: &Table) -> Self {
        let mut words: Vec<(String, bool, usize)> = Vec::new();
        for (i, mention) in table.mentions().iter().enumerate() {
            for word in &mention.words {
                let bare = word.trim_end_matches(NEEDS_OBJECT);
                words.push((bare.to_owned(), bare.len() < word.len(), i));
            }
        }
        let outcomes = table.mentions().iter().filter(|mention| mention.outcome);
        let excepted = outcomes.flat_map(|mention| {
            let own = mention.words.iter().filter(|w| mention.label.contains(*w));
            own.filter(|word| is_other(word)).cloned()
        });
        let excepted = excepted.collect();
        // The longest first, as alternatives are tried in order.
        words.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.cmp(b)));
        let list = |objects: bool| {
            let listed = words.iter().filter(|word| word.1 == objects);
            alternatives(listed.map(|word| word.0.as_str()))
        };
        let (plain, needing) = (list(false), list(true));
        let objects = alternatives(table.counted.iter().map(String::as_str));
        let word =
            format!("(?:(?<plain>{plain})|(?<needing>{needing})(?:{BETWEEN})*?(?:{objects}))");
        Self {
            index,
            before: pattern(&format!("{word}(?:{BETWEEN}|{objects})*$")),
            verb: pattern(&format!("(?<needing>{needing})(?:了|到|的|共|约)*$")),
            object: pattern(&format!("^(?:有效|的)?(?:{objects})")),
            behind: pattern(&format!(
                "^(?:{BEHIND})*(?<plain>{plain})(?<rest>[^，。；]{{0,8}})"
            )),
            none: pattern(&format!(
                "(?:{DENIED})(?:{NONE}|{objects})*(?:{plain}|(?:{needing})(?:{NONE})*?(?:{objects}))\
                 (?:{NONE}|{objects}|{plain})*"
            )),
            joint: pattern(&format!(
                "(?:{plain}|{needing})(?:{objects})?(?:案件)?[、和与及或以]+$"
            )),
            known: words,
            excepted,
        }
    }

    fn statement(&self, mention: usize, value: u64, range: Range<usize>) -> Statement {
        Statement {
            table: self.index,
            place: Place::Mention(mention),
            said: Said::Number(value),
            range,
            done: false,
            row: None,
        }
    }

    /// The row of which a text that ends in a verb speaks, and where the verb begins: 收到 before 自然人申请.
    pub fn verb(&self, text: &str, table: &Table) -> Option<(usize, usize)> {
        let captures = self.verb.captures(text)?;
        let mention = self.mention(&captures["needing"])?;
        match table.mentions()[mention].lines.as_slice() {
            [line] => Some((*line, captures.get(0)?.start())),
            _ => None,
        }
    }

    fn mention(&self, word: &str) -> Option<usize> {
        self.known
            .iter()
            .find(|known| known.0 == word)
            .map(|known| known.2)
    }

    /// The statements made by numbers.
    pub fn stated(&self, prose: &PassageText) -> Vec<Statement> {
        let mut found = Vec::new();
        let mut last = 0;
        for quantity in &prose.quantities {
            let start = prose.clause(last, quantity.range.start);
            last = quantity.range.end;
            let before = self.before(prose, quantity, start);
            let around = || self.around(prose, quantity, start);
            found.extend(
                before
                    .or_else(around)
                    .or_else(|| self.behind(prose, quantity)),
            );
        }
        found
    }

    /// The statement of a word before the number: 新收政府信息公开申请34件.
    fn before(&self, prose: &PassageText, quantity: &Quantity, start: usize) -> Option<Statement> {
        let clause = &prose.text[start..quantity.range.start];
        let captures = self.before.captures(clause)?;
        let word = captures.name("plain").or(captures.name("needing"))?;
        let mention = self.mention(word.as_str())?;
        let at = start + captures.get(0)?.start();
        // 行政复议、行政诉讼3件 is about both together; where there is none, it is about each.
        let alone = quantity.value == 0 || !self.joint.is_match(&prose.text[start..at]);
        alone.then(|| self.statement(mention, quantity.value, at..quantity.range.end))
    }

    /// The statement of a number between a word and the thing counted: 收到1件政府信息公开申请.
    fn around(&self, prose: &PassageText, quantity: &Quantity, start: usize) -> Option<Statement> {
        let captures = self
            .verb
            .captures(&prose.text[start..quantity.range.start])?;
        let object = self.object.find(prose.behind(quantity))?;
        let range = start + captures.get(0)?.start()..quantity.range.end + object.end();
        let mention = self.mention(&captures["needing"])?;
        Some(self.statement(mention, quantity.value, range))
    }

    /// The statement of a word behind the number: 1件结转下年度.
    fn behind(&self, prose: &PassageText, quantity: &Quantity) -> Option<Statement> {
        let captures = self.behind.captures(prose.behind(quantity))?;
        let word = captures.name("plain")?;
        let mention = self.mention(word.as_str())?;
        // A number behind the word is the word's own.
        let own = captures["rest"].contains(|c: char| c.is_ascii_digit() || c == '、');
        let range = quantity.range.start..quantity.range.end + word.end();
        (!own).then(|| self.statement(mention, quantity.value, range))
    }

    /// The statements of none: 未收到政府信息公开申请.
    pub fn denied(&self, prose: &PassageText, table: &Table) -> Vec<Statement> {
        let mut found = Vec::new();
        for whole in self.none.find_iter(&prose.text) {
            let mut denials = DENIED.split('|');
            let Some(all) = denials.find_map(|denial| whole.as_str().strip_prefix(denial)) else {
                continue;
            };
            if !END.is_match(&prose.text[whole.end()..]) {
                continue;
            }
            for (word, _, mention) in &self.known {
                // Outcomes are denied in too many ways: 未予以公开的, 无不予公开.
                let lines = &table.mentions()[*mention].lines;
                let total = lines.iter().any(|i| table.lines()[*i].parts.is_some());
                let outcome = total || table.mentions()[*mention].outcome;
                let here = found
                    .iter()
                    .rev()
                    .take_while(|s: &&Statement| s.range == whole.range());
                let known = here
                    .into_iter()
                    .any(|s| s.place == Place::Mention(*mention));
                if !outcome && !known && all.contains(word.as_str()) {
                    found.push(self.statement(*mention, 0, whole.range()));
                }
            }
        }
        found
    }
}

/// A pattern of any of some words, of two that begin alike the longer one.
pub(super) fn alternatives<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let mut words: Vec<&str> = words.collect();
    if words.is_empty() {
        return r"[^\s\S]".to_owned(); // nothing
    }
    words.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    let escaped: Vec<String> = words.into_iter().map(regex::escape).collect();
    escaped.join("|")
}
