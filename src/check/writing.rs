#![doc = include_str!("writing.md")]

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::passages::{Passage, is_chinese_mark, is_han};
use super::told::pattern;
use crate::diagnostic::Diagnostic;

/// What word processors leave behind.
static RESIDUE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?i)\[bookmark:[^\]]*\]|\bHYPERLINK\b(?:\s*"[^"]*")?|\bMERGEFORMAT\b|\bPAGEREF\b|错误[！!]\s*未(?:找到引用源|定义书签)。?|Error!\s*(?:Reference source not found|Bookmark not defined)\.?"#,
    )
});
/// A number such as 1) at the beginning of a line, whose bracket has no partner.
static LIST: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\s*(?:\d{1,2}|[a-zA-Z一二三四五六七八九十])[)）]"));
/// Brackets and quotes, opening and closing.
const BRACKETS: [(char, char); 11] = [
    ('（', '）'),
    ('(', ')'),
    ('《', '》'),
    ('〈', '〉'),
    ('“', '”'),
    ('‘', '’'),
    ('【', '】'),
    ('〔', '〕'),
    ('「', '」'),
    ('[', ']'),
    ('『', '』'),
];
/// Half-width marks and the full-width ones that Chinese text has in their place (GB/T 15834).
const MARKS: [(char, char); 10] = [
    (',', '，'),
    (';', '；'),
    (':', '：'),
    ('!', '！'),
    ('?', '？'),
    ('.', '。'),
    ('(', '（'),
    (')', '）'),
    ('<', '〈'),
    ('>', '〉'),
];
/// How many corrections are spelt out.
const SHOWN: usize = 5;

/// Looks at each paragraph for what no reader should see.
pub(super) fn check(passages: &[Passage], findings: &mut Vec<Diagnostic>) {
    for passage in passages {
        for found in RESIDUE.find_iter(passage.str()) {
            let message = format!("文字处理软件留下的“{}”", found.as_str());
            let span = passage.span(found.range());
            findings.push(Diagnostic::warning("word-residue", span, message).hint("删去，或改成原来要引用的内容"));
        }
        findings.extend(unbalanced(passage));
        let text = Characters::new(passage.str());
        let marks = text.half_width();
        findings.extend(text.finding(passage, "half-width-punctuation", "半角标点", &marks));
        let spaces = text.stray_spaces();
        findings.extend(text.finding(passage, "stray-space", "空格", &spaces));
    }
}

fn unbalanced(passage: &Passage) -> Option<Diagnostic> {
    let skip = LIST.find(passage.str()).map_or(0, |list| list.end());
    // Half-width and full-width brackets close each other; that they are mixed is another finding.
    let kind = |c: char| {
        let position = |k: usize| if k == 1 { 0 } else { k };
        let open = BRACKETS.iter().position(|(open, _)| *open == c);
        let close = BRACKETS.iter().position(|(_, close)| *close == c);
        open.map(|k| (position(k), true)).or(close.map(|k| (position(k), false)))
    };
    let mut open: Vec<(usize, usize, char)> = Vec::new();
    let mut wrong = None;
    for (at, c) in passage.str().char_indices().filter(|(at, _)| *at >= skip) {
        match kind(c) {
            Some((kind, true)) => open.push((kind, at, c)),
            Some((kind, false)) => match open.pop() {
                Some((opened, ..)) if opened == kind => {}
                // ‘ and ’ also stand for an apostrophe.
                None if c == '’' => {}
                _ => {
                    wrong = Some((at, c));
                    break;
                }
            },
            None => {}
        }
    }
    let (at, c) = wrong.or_else(|| open.last().map(|(_, at, c)| (*at, *c)))?;
    let span = passage.span(at..at + c.len_utf8());
    let message = format!("“{c}”没有配对");
    Some(Diagnostic::warning("unbalanced-brackets", span, message).hint("补上缺少的一半，或删去多余的一半"))
}

/// A replacement of a part of the text.
struct Correction {
    /// What is wrong.
    place: Range<usize>,
    /// What is replaced: the place and, for a mark, the spaces around it.
    range: Range<usize>,
    by: String,
}

/// A text with its neighbours at hand.
struct Characters<'a> {
    text: &'a str,
    all: Vec<(usize, char)>,
}

impl<'a> Characters<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            all: text.char_indices().collect(),
        }
    }

    /// The nearest character before a position that is no space, and the nearest behind it.
    fn around(&self, i: usize) -> (Option<char>, Option<char>) {
        let visible = |c: &&(usize, char)| !c.1.is_whitespace();
        (
            self.all[..i].iter().rev().find(visible).map(|c| c.1),
            self.all[i + 1..].iter().find(visible).map(|c| c.1),
        )
    }

    fn half_width(&self) -> Vec<Correction> {
        let chinese = |c: Option<char>| c.is_some_and(|c| is_han(c) || is_chinese_mark(c));
        let mut found = Vec::new();
        let mut opened: Vec<bool> = Vec::new();
        for (i, (at, c)) in self.all.iter().enumerate() {
            let Some((_, full)) = MARKS.iter().find(|(half, _)| half == c) else {
                continue;
            };
            let (before, after) = self.around(i);
            let wrong = match c {
                '(' => {
                    let wrong = after.is_some_and(is_han) || chinese(before) && self.holds_han(i);
                    opened.push(wrong);
                    wrong
                }
                ')' => opened.pop().unwrap_or_else(|| before.is_some_and(is_han)),
                '.' => before.is_some_and(is_han) && after.is_none_or(is_han),
                _ => {
                    chinese(before)
                        && after.is_none_or(|c| chinese(Some(c)) || c.is_ascii_digit())
                }
            };
            if wrong {
                let place = *at..at + c.len_utf8();
                let before = self.text[..place.start].trim_end().len();
                let behind = self.text[place.end..].trim_start().len();
                found.push(Correction {
                    range: before..self.text.len() - behind,
                    place,
                    by: full.to_string(),
                });
            }
        }
        found
    }

    /// Whether a Chinese character stands before the bracket closes that opens at `i`.
    fn holds_han(&self, i: usize) -> bool {
        let inside = self.all[i + 1..].iter().take_while(|(_, c)| !matches!(c, ')' | '）'));
        inside.take(200).any(|(_, c)| is_han(*c))
    }

    fn stray_spaces(&self) -> Vec<Correction> {
        let chinese = |c: char| is_han(c) || is_chinese_mark(c);
        let mut found = Vec::new();
        let mut i = 0;
        while i < self.all.len() {
            if !self.all[i].1.is_whitespace() {
                i += 1;
                continue;
            }
            let rest = &self.all[i..];
            let count = rest.iter().take_while(|(_, c)| c.is_whitespace()).count();
            let before = i.checked_sub(1).map(|i| self.all[i].1);
            let after = self.all.get(i + count);
            if let (Some(before), Some((end, after))) = (before, after)
                && chinese(before)
                && chinese(*after)
            {
                found.push(Correction {
                    place: self.all[i].0..*end,
                    range: self.all[i].0..*end,
                    by: String::new(),
                });
            }
            i += count;
        }
        found
    }

    /// One finding for all corrections of a kind in a paragraph, with the corrected words.
    fn finding(
        &self,
        passage: &Passage,
        rule: &'static str,
        what: &str,
        corrections: &[Correction],
    ) -> Option<Diagnostic> {
        let (first, others) = corrections.split_first()?;
        let message = format!("中文之间有 {} 处{what}", corrections.len());
        let mut finding = Diagnostic::warning(rule, passage.span(first.place.clone()), message);
        for other in others {
            finding = finding.also(passage.span(other.place.clone()), "");
        }
        let mut shown = 0..0;
        let mut hints = Vec::new();
        for correction in corrections {
            if correction.place.start >= shown.end {
                let (range, text) = self.corrected(correction, corrections);
                shown = range;
                hints.push(text);
            }
        }
        let hints = hints.iter().take(SHOWN).map(|text| format!("写作“{text}”"));
        Some(hints.fold(finding, Diagnostic::hint))
    }

    /// The words around a correction with all corrections made in them, and which they are.
    fn corrected(&self, correction: &Correction, all: &[Correction]) -> (Range<usize>, String) {
        const AROUND: usize = 6;
        let index = |at: usize| self.all.partition_point(|(place, _)| *place < at);
        let from = index(correction.range.start).saturating_sub(AROUND);
        let to = (index(correction.range.end) + AROUND).min(self.all.len());
        let start = self.all.get(from).map_or(0, |c| c.0);
        let mut end = self.all.get(to).map_or(self.text.len(), |c| c.0);
        let mut corrected = String::new();
        let mut at = start;
        for other in all.iter().filter(|c| c.range.start >= start && c.range.start < end) {
            corrected.push_str(&self.text[at..other.range.start.max(at)]);
            corrected.push_str(&other.by);
            at = other.range.end;
        }
        end = end.max(at);
        corrected.push_str(&self.text[at..end]);
        (start..end, corrected)
    }
}
