#![doc = include_str!("writing.md")]

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::passages::{Passage, ends_question, is_chinese_mark, is_han, pattern};
use super::verbatim::verbatim;
use super::{blanks, gaps, rules};
use crate::diagnostic::Diagnostic;
use crate::report::{Text, marks};
use crate::source::Span;

/// A number such as 1) at the beginning of a line, whose bracket has no partner.
static LIST: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^\s*(?:\d{1,2}|[a-zA-Z一二三四五六七八九十])[)）]"));
/// A date with its year or without, its parts apart by spaces or not.
static DATE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:\d{4}\s*年\s*)?\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?"));
/// What the title of a report has behind the name of its agency.
static REPORT: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:\d{4}\s*年度?)?(?:政府)?信息公开(?:工作)?(?:年度)?报告$"));
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
/// Half-width marks and the full-width ones that Chinese text uses instead (GB/T 15834).
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
/// The most corrections that are spelt out.
const SHOWN: usize = 5;

/// Finds in each paragraph what no reader should see.
pub(super) fn check(passages: &[Passage], findings: &mut Vec<Diagnostic>) {
    for passage in passages {
        findings.extend(unbalanced(passage));
        let text = Characters::new(passage.str());
        let mark = |span, count: usize| {
            let message = format!("中文之间有 {count} 处半角标点");
            Diagnostic::new(rules::HALF_WIDTH_PUNCTUATION, span, message)
        };
        findings.extend(text.finding(passage, &text.half_width(), mark));
        let space = |span, count: usize| {
            let message = format!("中文之间有 {count} 处空格");
            Diagnostic::new(rules::STRAY_SPACE, span, message)
        };
        let (stray, parting) = text.spaces();
        findings.extend(text.finding(passage, &stray, space));
        findings.extend(parted(passage, &parting));
        let (doubled, others) = text.doubled_marks();
        let twice = |span, count: usize| {
            let message = format!("有 {count} 处标点写了两遍");
            Diagnostic::new(rules::DOUBLED_MARK, span, message)
        };
        findings.extend(text.finding(passage, &doubled, twice));
        findings.extend(others.into_iter().map(|place| {
            let message = format!("“{}”几个标点连在一起", &passage.str()[place.clone()]);
            Diagnostic::new(rules::DOUBLED_MARK, passage.span(place), message)
                .hint("留下合用的一个；省略号写作“……”")
        }));
        if passage.str().contains('"') || passage.str().contains('\'') {
            let (quotes, alone) = text.straight_quotes();
            let straight = |span, count: usize| {
                let message = format!("中文里有 {count} 处直引号");
                Diagnostic::new(rules::STRAIGHT_QUOTES, span, message)
            };
            findings.extend(text.finding(passage, &quotes, straight));
            findings.extend(alone.map(|place| {
                let message = "中文里的直引号没有配对";
                Diagnostic::new(rules::STRAIGHT_QUOTES, passage.span(place), message)
                    .hint("看清引到哪里为止，写成“ ”，或删去")
            }));
        }
        let date = |span, count: usize| {
            let message = format!("日期里有 {count} 处空格");
            Diagnostic::new(rules::SPACED_DATE, span, message)
        };
        findings.extend(text.finding(passage, &text.spaced_dates(), date));
    }
}

/// Finds in the name of the agency what no name has.
pub(super) fn check_agency(agency: &Text, findings: &mut Vec<Diagnostic>) {
    let Text { text, span } = agency;
    let mark = |c: char| "，。、；：！？,.;:!?".contains(c);
    let name = text.trim_end_matches(mark);
    let last = text.chars().next_back().filter(|c| mark(*c));
    let (spaces, parting) = Characters::new(name).spaces();
    if let Some(at) = REPORT.find(text) {
        let hint = format!("写作 {}；报告的标题由程序印出", text[..at.start()].trim());
        let finding = Diagnostic::new(rules::AGENCY_NAME, *span, "机关的名称里是报告的标题");
        findings.push(finding.hint(hint));
        return;
    }
    let message = match last {
        Some(mark) => format!("机关的名称以“{mark}”结尾"),
        None if spaces.len() + parting.len() > 0 => "机关的名称里有空格".to_owned(),
        None => return,
    };
    let several = "；几个机关的，用顿号隔开";
    let name: String = name.split_whitespace().collect();
    let hint = format!("写作 {name}{}", if last.is_none() { several } else { "" });
    findings.push(Diagnostic::new(rules::AGENCY_NAME, *span, message).hint(hint));
}

/// The finding about the spaces of a paragraph that part words.
fn parted(passage: &Passage, spaces: &[Range<usize>]) -> Option<Diagnostic> {
    let (first, others) = spaces.split_first()?;
    let message = format!("{} 处空格隔开了词语或栏目", spaces.len());
    let finding = Diagnostic::new(rules::STRAY_SPACE, passage.span(first.clone()), message).hint(
        "是一串词的，用顿号隔开；是几栏的，用标点隔开或分行写；漏了数的，补上；多出来的，删去",
    );
    let others = others.iter().map(|place| passage.span(place.clone()));
    Some(finding.also_at(others))
}

fn unbalanced(passage: &Passage) -> Option<Diagnostic> {
    let skip = LIST.find(passage.str()).map_or(0, |list| list.end());
    // Half-width and full-width brackets close each other; that they are mixed is another finding.
    let kind = |c: char| {
        BRACKETS.iter().zip(0..).find_map(|((open, close), k)| {
            let k = if k == 1 { 0 } else { k };
            (c == *open || c == *close).then_some((k, c == *open))
        })
    };
    let mut open: Vec<(usize, usize, char)> = Vec::new();
    let mut wrong = None;
    for (at, c) in marks(passage.str()).filter(|(at, _)| *at >= skip) {
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
    Some(
        Diagnostic::new(rules::UNBALANCED_BRACKETS, span, message)
            .hint("补上缺少的一半，或删去多余的一半"),
    )
}

/// Whether a mark stands alone.
fn is_single(c: char) -> bool {
    matches!(c, '，' | '。' | '、' | '；' | '：')
}

/// A replacement of a part of the text.
struct Correction {
    /// The fault.
    place: Range<usize>,
    /// The part to replace: the place and, for a mark, the spaces around it.
    range: Range<usize>,
    by: String,
}

/// A text as characters with their neighbours at hand.
pub(super) struct Characters<'a> {
    text: &'a str,
    all: Vec<(usize, char)>,
    /// The parts that stay as they are.
    kept: Vec<Range<usize>>,
}

impl<'a> Characters<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            all: text.char_indices().collect(),
            kept: verbatim(text),
        }
    }

    /// The replacements of doubled and half-width marks, stray blanks and straight quotes: the part to replace, and by what.
    pub(super) fn replacements(&self) -> impl Iterator<Item = (Range<usize>, String)> {
        let all = self.doubled_marks().0.into_iter();
        let all = all.chain(self.half_width()).chain(self.spaces().0);
        let all = all.chain(self.sure_quotes());
        let all = all.chain(self.spaced_dates());
        all.map(|correction| (correction.range, correction.by))
    }

    /// Whether no part that stays as it is reaches into a place.
    pub(super) fn is_free(&self, place: &Range<usize>) -> bool {
        let next = self.kept.partition_point(|kept| kept.end <= place.start);
        let next = self.kept.get(next);
        next.is_none_or(|kept| place.end <= kept.start)
    }

    /// The nearest character before a position that is no space, and its position.
    fn before(&self, i: usize) -> Option<(usize, char)> {
        let visible = |(_, c): &(usize, &(usize, char))| !c.1.is_whitespace();
        let mut before = self.all[..i].iter().enumerate().rev();
        before.find(visible).map(|(i, c)| (i, c.1))
    }

    /// The nearest character behind a position that is no space.
    fn behind(&self, i: usize) -> Option<char> {
        let mut behind = self.all[i + 1..].iter().map(|c| c.1);
        behind.find(|c| !c.is_whitespace())
    }

    fn half_width(&self) -> Vec<Correction> {
        let chinese = |c: Option<char>| c.is_some_and(|c| is_han(c) || is_chinese_mark(c));
        let mut found = Vec::new();
        let mut opened: Vec<bool> = Vec::new();
        let (first_open, last_close) = (self.text.find('<'), self.text.rfind('>'));
        let mut corrected = None;
        for (i, (at, c)) in self.all.iter().enumerate() {
            // Most characters are no marks of ASCII, and one comparison is quicker than ten.
            if !c.is_ascii_punctuation() {
                continue;
            }
            let Some((_, full)) = MARKS.iter().find(|(half, _)| half == c) else {
                continue;
            };
            let before = self.before(i).map(|(i, c)| match corrected {
                Some((mark, full)) if mark == i => full,
                _ => c,
            });
            let after = self.behind(i);
            let wrong = match c {
                '(' => {
                    let wrong = after.is_some_and(is_han) || chinese(before) && self.holds_han(i);
                    opened.push(wrong);
                    wrong
                }
                ')' => opened.pop().unwrap_or_else(|| before.is_some_and(is_han)),
                '.' => before.is_some_and(is_han) && after.is_none_or(is_han),
                // Without a partner it is a step: 首页>政务公开.
                '<' if last_close.is_none_or(|close| close < *at) => false,
                '>' if first_open.is_none_or(|open| open > *at) => false,
                '<' => chinese(before) && after.is_some_and(is_han),
                '>' => before.is_some_and(is_han) && after.is_none_or(|c| chinese(Some(c))),
                // Of the others some character is lost.
                '?' if after == Some('?') || !ends_question(self.text, *at) => false,
                _ => {
                    let goes_on = |c| chinese(Some(c)) || c.is_ascii_digit() || c == '(';
                    let next = self.all.get(i + 1);
                    let foreign = next.is_some_and(|(_, c)| c.is_ascii_alphabetic());
                    chinese(before) && (foreign || after.is_none_or(goes_on))
                        || after.is_some_and(is_han) && self.ends_foreign(i)
                }
            };
            let place = *at..at + c.len_utf8();
            if wrong && self.is_free(&place) {
                corrected = Some((i, *full));
                let mut range = self.text[..place.start].trim_end().len()
                    ..self.text.len() - self.text[place.end..].trim_start().len();
                // The blanks that part columns stay.
                let column = |blank: Range<usize>| blanks::is_column(self.text, &blank);
                if matches!(c, '(' | '<') && column(range.start..place.start) {
                    range.start = place.start;
                }
                if matches!(c, ')' | '>' | ':') && column(place.end..range.end) {
                    range.end = place.end;
                }
                found.push(Correction {
                    range,
                    place,
                    by: full.to_string(),
                });
            }
        }
        found
    }

    /// Whether a number or a foreign word within Chinese text ends before a mark, and no address goes on with it.
    fn ends_foreign(&self, i: usize) -> bool {
        let Some((last, c)) = self.before(i) else {
            return false;
        };
        if !c.is_ascii_alphanumeric() && !matches!(c, '%' | '％') {
            return false;
        }
        let mut before = self.all[..last].iter();
        let start = before.rposition(|(_, c)| !c.is_ascii_graphic());
        let start = start.map_or(0, |before| before + 1);
        let word = &self.text[self.all[start].0..self.all[i].0];
        let address = word.contains("//") || word.contains("www.") || word.contains('@');
        // Chinese words within a foreign sentence have its marks.
        let in_chinese = |(_, c)| is_han(c) || is_chinese_mark(c);
        !address && self.before(start).is_some_and(in_chinese)
    }

    /// Whether a Chinese character stands before the bracket closes that opens at `i`.
    fn holds_han(&self, i: usize) -> bool {
        let inside = self.all[i + 1..]
            .iter()
            .take_while(|(_, c)| !matches!(c, ')' | '）'));
        inside.take(200).any(|(_, c)| is_han(*c))
    }

    /// Marks that follow each other where one alone stands: those of which one is surely meant, with that one, and
    /// the others.
    fn doubled_marks(&self) -> (Vec<Correction>, Vec<Range<usize>>) {
        let (mut sure, mut unsure) = (Vec::new(), Vec::new());
        let mut pairs = self.all.windows(2);
        let twice = |pair: &[(usize, char)]| is_single(pair[1].1) && is_single(pair[0].1);
        let Some(first) = pairs.position(twice) else {
            return (sure, unsure);
        };
        let mut i = first + 1;
        while i < self.all.len() {
            let (at, first) = self.all[i - 1];
            if !is_single(self.all[i].1) || !is_single(first) {
                i += 1;
                continue;
            }
            let run = self.all[i - 1..].iter();
            let marks: Vec<char> = run.map(|c| c.1).take_while(|c| is_single(*c)).collect();
            i += marks.len();
            let end = self.all.get(i - 1).map_or(self.text.len(), |c| c.0);
            let alike = marks.iter().all(|mark| *mark == first);
            // 。。。 may be meant for ……
            if alike && (marks.len() == 2 || first != '。') {
                sure.push(Correction {
                    place: at..end,
                    range: at..end,
                    by: first.to_string(),
                });
            } else {
                unsure.push(at..end);
            }
        }
        (sure, unsure)
    }

    /// The spaces between Chinese characters that stand there by accident, and those that part words.
    fn spaces(&self) -> (Vec<Correction>, Vec<Range<usize>>) {
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
            // A tab is told as a character that is not printed.
            if rest[..count].iter().any(|(_, c)| c.is_control()) {
                i += count;
                continue;
            }
            let before = i.checked_sub(1).map(|i| self.all[i].1);
            let after = self.all.get(i + count);
            let stray = |before, after: char| {
                // Before a mark that closes or parts there is no space, whatever is parted.
                chinese(before) && chinese(after) || "，。、；：？！）》〉】〕”".contains(after)
            };
            // （ ） is a gap that is not filled in.
            let is_gap = |before| BRACKETS.iter().any(|(open, _)| *open == before);
            if let (Some(before), Some((end, after))) = (before, after)
                && stray(before, *after)
                && !gaps::is_number(self.text, &(self.all[i].0..*end))
                && !(is_gap(before) && BRACKETS.iter().any(|(_, close)| close == after))
            {
                found.push(self.all[i].0..*end);
            }
            i += count;
        }
        let part = blanks::part_words(self.text, &found);
        let (parting, stray): (Vec<_>, Vec<_>) = found
            .into_iter()
            .zip(part)
            .partition(|(place, parts)| *parts || gaps::may_be_number(self.text, place));
        let correction = |(place, _): (Range<usize>, bool)| {
            // A space beside the name of a file may belong to it.
            self.is_free(&(place.start.saturating_sub(1)..place.end + 1))
                .then(|| Correction {
                    range: place.clone(),
                    place,
                    by: String::new(),
                })
        };
        let stray = stray.into_iter().filter_map(correction).collect();
        (stray, parting.into_iter().map(|(place, _)| place).collect())
    }

    /// The straight quotes that are surely pairs: none is left over, none is an inch, and no curly ones stand among
    /// them.
    fn sure_quotes(&self) -> Vec<Correction> {
        let (pairs, alone) = self.straight_quotes();
        let mut neighbours = self.all.windows(2);
        let inches = neighbours.any(|pair| pair[0].1.is_ascii_digit() && "\"'".contains(pair[1].1));
        let odd = self.text.matches('"').count() % 2 == 1;
        let sure = alone.is_none() && !inches && !odd && !self.text.contains(['“', '”', '‘', '’']);
        if sure { pairs } else { Vec::new() }
    }

    /// The straight quotes that belong to Chinese text, in pairs, and the first that has no partner.
    fn straight_quotes(&self) -> (Vec<Correction>, Option<Range<usize>>) {
        let mut found = Vec::new();
        let mut alone = None;
        for (quote, [opening, closing]) in [('"', ["“", "”"]), ('\'', ["‘", "’"])] {
            let quotes = self
                .all
                .iter()
                .enumerate()
                .filter(|(_, (_, c))| *c == quote);
            // A foot, an inch, an apostrophe and the quotes of foreign words are no fault.
            let chinese = |i: Option<usize>| {
                let c = i.and_then(|i| self.all.get(i));
                c.is_some_and(|(_, c)| is_han(*c) || is_chinese_mark(*c))
            };
            let quotes = quotes.map(|(i, (at, _))| (i, *at));
            let mut quotes: Vec<(usize, usize)> = quotes
                .filter(|(_, at)| self.is_free(&(*at..at + 1)))
                .collect();
            // Of an odd number one may be an inch: the first that would open and stands behind a digit.
            let is_inch = |n: &usize| {
                let before = quotes[*n].0.checked_sub(1).map(|i| self.all[i].1);
                before.is_some_and(|c| c.is_ascii_digit())
            };
            if quotes.len() % 2 == 1
                && let Some(inch) = (0..quotes.len()).step_by(2).find(is_inch)
            {
                quotes.remove(inch);
            }
            let correction = |at: usize, by: &str| Correction {
                place: at..at + 1,
                range: at..at + 1,
                by: by.to_owned(),
            };
            let mut pairs = quotes.chunks_exact(2);
            for pair in &mut pairs {
                let &[(open, from), (close, to)] = pair else {
                    continue;
                };
                let (first, last) = (chinese(Some(open + 1)), chinese(close.checked_sub(1)));
                if first && last || quote == '"' && (first || last) {
                    found.extend([correction(from, opening), correction(to, closing)]);
                }
            }
            if let [(i, at)] = pairs.remainder()
                && (chinese(i.checked_sub(1)) || chinese(Some(i + 1)))
                && quote == '"'
            {
                alone = alone.or(Some(*at..*at + 1));
            }
        }
        found.sort_by_key(|correction| correction.place.start);
        (found, alone)
    }

    /// The spaces beside the numbers of dates: 2024 年 1 月 17 日.
    fn spaced_dates(&self) -> Vec<Correction> {
        let mut found = Vec::new();
        if !self.text.contains('月') || !self.text.contains(char::is_whitespace) {
            return found;
        }
        for date in DATE.find_iter(self.text) {
            let mut spaces: Vec<Range<usize>> = Vec::new();
            for (at, c) in date
                .as_str()
                .char_indices()
                .filter(|(_, c)| c.is_whitespace())
            {
                let place = date.start() + at..date.start() + at + c.len_utf8();
                match spaces.last_mut() {
                    Some(last) if last.end == place.start => last.end = place.end,
                    _ => spaces.push(place),
                }
            }
            spaces.retain(|place| !self.text[place.clone()].contains(char::is_control));
            found.extend(spaces.into_iter().map(|place| Correction {
                range: place.clone(),
                place,
                by: String::new(),
            }));
        }
        found
    }

    /// The finding about all corrections of a kind in a paragraph, with the corrected words.
    fn finding(
        &self,
        passage: &Passage,
        corrections: &[Correction],
        new: impl Fn(Span, usize) -> Diagnostic,
    ) -> Option<Diagnostic> {
        let mut places = corrections.iter().map(|c| passage.span(c.place.clone()));
        let finding = new(places.next()?, corrections.len());
        let finding = places.fold(finding, |finding, place| finding.also(place, ""));
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

    /// The words around a correction and those close behind it, all of them corrected, and the part of the
    /// text that they replace.
    fn corrected(&self, correction: &Correction, all: &[Correction]) -> (Range<usize>, String) {
        const AROUND: usize = 6;
        let index = |at: usize| self.all.partition_point(|(place, _)| *place < at);
        let place = |i: usize| self.all.get(i).map_or(self.text.len(), |c| c.0);
        let start = place(index(correction.range.start).saturating_sub(AROUND));
        let mut end = start;
        let mut at = start;
        let mut corrected = String::new();
        for other in all.iter().filter(|other| other.range.start >= start) {
            if at > start && other.range.start > end {
                break;
            }
            corrected.push_str(&self.text[at..other.range.start.max(at)]);
            corrected.push_str(&other.by);
            at = other.range.end.max(at);
            end = place(index(at) + AROUND);
        }
        corrected.push_str(&self.text[at..end.max(at)]);
        (start..end, corrected)
    }
}
