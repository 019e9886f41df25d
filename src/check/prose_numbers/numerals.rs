//! Numbers as prose writes them: digits of either width, thousands parted by commas, Chinese numerals.

use std::borrow::Cow;
use std::ops::Range;

use crate::check::passages::narrow;
use crate::report::marks;

/// A text without what differs in the writing of numbers alone.
pub(super) struct Plain<'a> {
    pub text: Cow<'a, str>,
    /// The place of each byte in what was written, if any is another than there.
    pub places: Option<Vec<usize>>,
}

/// A number of things, such as 76条.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Count {
    pub value: u64,
    /// Its place, unit and all.
    pub range: Range<usize>,
    /// The place of its unit.
    pub unit: Range<usize>,
}

/// The units of things that are counted, a longer one before its beginning.
const UNITS: [&str; 11] = [
    "件次", "件", "份", "宗", "条", "个", "项", "起", "例", "次", "部",
];
/// The units of [`UNITS`] that stand behind Chinese numerals too. With others these mostly count nothing:
/// 三个方面, 一项工作, 两次.
const UNITS_OF_NUMERALS: [&str; 5] = ["件次", "件", "份", "宗", "条"];
/// What makes another word of 部 and 一件 behind it: 3部门, 一件事, 一件一件.
const OTHER_WORDS: [(&str, &str); 4] = [
    ("部", "门分委队级署长位"),
    ("件", "事件套一"),
    ("条", "龙主例"),
    ("份", "额"),
];
/// Characters before a number that counts no total: 第3条, 1.5件, 每一件.
const NOT_BEFORE: &str = "第.．,-";
const NOT_BEFORE_NUMERALS: &str = "第每某任何这那哪同另头首逐唯几数上近约余点";

/// The text without spaces, with digits as ASCII and without the commas that part thousands.
pub(super) fn plain(written: &str) -> Plain<'_> {
    if !is_other(written) {
        return Plain {
            text: Cow::Borrowed(written),
            places: None,
        };
    }
    let visible = written.char_indices().filter(|(_, c)| !c.is_whitespace());
    let characters: Vec<(usize, char)> = visible.map(|(at, c)| (at, narrow(c))).collect();
    let mut text = String::with_capacity(written.len());
    let mut places = Vec::with_capacity(written.len() + 1);
    // The digits since the number or its last group began, and whether a comma went before them.
    let (mut digits, mut grouped) = (0, false);
    for (i, (at, c)) in characters.iter().enumerate() {
        if c.is_ascii_digit() {
            digits += 1;
        } else if (digits == 3 || !grouped && (1..3).contains(&digits))
            && parts_thousands(&characters[i..])
        {
            (digits, grouped) = (0, true);
            continue;
        } else {
            (digits, grouped) = (0, false);
        }
        text.push(*c);
        places.extend(*at..at + c.len_utf8());
    }
    places.push(written.len());
    Plain {
        text: Cow::Owned(text),
        places: Some(places),
    }
}

/// Whether a text has spaces, digits of full width or a comma behind a digit: most paragraphs have none of these.
fn is_other(text: &str) -> bool {
    marks(text).any(|(at, c)| match c {
        '０'..='９' => true,
        ',' | '，' => text[..at].ends_with(|c| narrow(c).is_ascii_digit()),
        c => c.is_whitespace(),
    })
}

/// Whether a mark is followed by groups of three digits. As a mark of full width also ends a clause, a unit
/// has to stand behind them then.
fn parts_thousands(rest: &[(usize, char)]) -> bool {
    let Some(((_, mark), mut rest)) = rest.split_first() else {
        return false;
    };
    if !matches!(mark, ',' | '，') {
        return false;
    }
    loop {
        let digits = rest.iter().take_while(|(_, c)| c.is_ascii_digit()).count();
        if digits != 3 {
            return false;
        }
        match rest.get(3) {
            Some((_, next)) if next == mark => rest = &rest[4..],
            next => {
                let unit = |c: &char| UNITS.iter().any(|unit| unit.starts_with(*c));
                return *mark == ',' || next.is_some_and(|(_, c)| unit(c));
            }
        }
    }
}

/// The numbers of things in a text that is plain.
pub(super) fn counts(text: &str) -> Vec<Count> {
    let mut found = Vec::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(start) = bytes[at..].iter().position(u8::is_ascii_digit) {
        let start = at + start;
        let digits = bytes[start..].iter().take_while(|b| b.is_ascii_digit());
        at = start + digits.count();
        found.extend(count(text, start..at));
    }
    // Of numerals, which are in every sentence, only those that stand before a unit.
    let arabic = found.len();
    for unit in ['件', '份', '宗', '条'] {
        for (end, _) in text.match_indices(unit) {
            let before = &text[..end];
            let numeral = before.trim_end_matches(is_numeral);
            if numeral.len() < end {
                found.extend(count(text, numeral.len()..end));
            }
        }
    }
    if found.len() > arabic {
        found.sort_by_key(|count| count.range.start);
    }
    found
}

/// The Chinese numeral that ends at a place: its beginning and its value, if it is sure.
pub(super) fn numeral_before(text: &str, end: usize) -> Option<(usize, u64)> {
    let start = text[..end].trim_end_matches(is_numeral).len();
    let before = text[..start].chars().next_back();
    let alone = |c: char| !c.is_ascii_digit() && !NOT_BEFORE_NUMERALS.contains(c);
    let value = value(&text[start..end]).filter(|_| before.is_none_or(alone))?;
    Some((start, value))
}

/// The number of things that a run of digits or numerals begins.
fn count(text: &str, number: Range<usize>) -> Option<Count> {
    let written = &text[number.clone()];
    let before = text[..number.start].chars().next_back();
    let arabic = written.starts_with(|c: char| c.is_ascii_digit());
    let rest = &text[number.end..];
    let units: &[&str] = if arabic { &UNITS } else { &UNITS_OF_NUMERALS };
    let unit = units.iter().find(|unit| rest.starts_with(**unit))?;
    let next = rest[unit.len()..].chars().next();
    let other = OTHER_WORDS.iter().find(|(other, _)| other == unit);
    let other = other.is_some_and(|(_, next_of)| next.is_some_and(|c| next_of.contains(c)));
    let counts_one = written == "一" || *unit == "部";
    // 一件一件: the second follows the unit of the first.
    let again = written == "一" && before.is_some_and(|c| unit.starts_with(c));
    if other && counts_one || again || before.is_some_and(|c| NOT_BEFORE.contains(c)) {
        return None;
    }
    let value = if arabic {
        written.parse().ok()?
    } else {
        numeral_before(text, number.end)?.1
    };
    let end = number.end + unit.len();
    Some(Count {
        value,
        range: number.start..end,
        unit: number.end..end,
    })
}

const DIGITS: &str = "零一二三四五六七八九";

fn is_numeral(c: char) -> bool {
    matches!(
        c,
        '零' | '〇'
            | '一'
            | '二'
            | '两'
            | '三'
            | '四'
            | '五'
            | '六'
            | '七'
            | '八'
            | '九'
            | '十'
            | '百'
            | '千'
            | '万'
    )
}

/// The value of a Chinese numeral up to 九千九百九十九万九千九百九十九, if it is one number: 两三, 二三十 and
/// 百 are none.
fn value(numeral: &str) -> Option<u64> {
    if matches!(numeral, "零" | "〇") {
        return Some(0);
    }
    match numeral.split_once('万') {
        None => below_ten_thousand(numeral, true),
        Some((high, "")) => Some(below_ten_thousand(high, true)? * 10_000),
        // 一万二 is 12,000: the rest says its place.
        Some((high, low)) if low.contains('千') || low.starts_with(['零', '〇']) => {
            Some(below_ten_thousand(high, true)? * 10_000 + below_ten_thousand(low, false)?)
        }
        Some(_) => None,
    }
}

/// The value of a numeral without 万; `leads` if nothing stands before it.
fn below_ten_thousand(numeral: &str, leads: bool) -> Option<u64> {
    let mut sum = 0;
    let mut digit = None;
    let mut least = 10_000;
    let mut zero = false;
    for (i, c) in numeral.chars().enumerate() {
        let place = match c {
            '千' => 1_000,
            '百' => 100,
            '十' => 10,
            '零' | '〇' if digit.is_none() && (i > 0 || !leads) => {
                zero = true;
                continue;
            }
            _ if digit.is_none() => {
                digit = match c {
                    '两' => Some(2),
                    c => DIGITS.chars().position(|d| d == c).map(|d| d as u64),
                };
                digit.filter(|digit| *digit > 0)?;
                continue;
            }
            _ => return None,
        };
        // 十二 begins without 一.
        let of = digit
            .take()
            .or((c == '十' && i == 0 && leads).then_some(1))?;
        if place >= least {
            return None;
        }
        sum += of * place;
        least = place;
    }
    match digit {
        // 一百二 is 120 and 一千零五 1005: only behind 十 or 零 a digit is sure to be of ones.
        Some(ones) if least <= 10 || zero || least == 10_000 => Some(sum + ones),
        Some(_) => None,
        None => (sum > 0).then_some(sum),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The numbers in a text with their units, as `value unit`.
    fn read(written: &str) -> Vec<String> {
        let Plain { text, places } = plain(written);
        if let Some(places) = places {
            assert_eq!(places.len(), text.len() + 1, "{written}");
        }
        let shown = |count: &Count| format!("{} {}", count.value, &text[count.unit.clone()]);
        counts(&text).iter().map(shown).collect()
    }

    #[test]
    fn numbers_are_read_as_they_are_written() {
        for (text, found) in [
            ("收到申请154件", vec!["154 件"]),
            ("收到申请1５4件", vec!["154 件"]),
            ("收到申请 １ ５４ 件", vec!["154 件"]),
            ("收到9，999件", vec!["9999 件"]),
            (
                "收到９，９９９件，答复1,234,567条",
                vec!["9999 件", "1234567 条"],
            ),
            ("收到九百九十九件", vec!["999 件"]),
            (
                "收到十件、十二件、二十件、二十三件",
                vec!["10 件", "12 件", "20 件", "23 件"],
            ),
            (
                "一千零五件，两千件，三万零二十条",
                vec!["1005 件", "2000 件", "30020 条"],
            ),
            ("零件申请，收到〇件", vec!["0 件", "0 件"]),
            ("制定规章3部，联合3部门", vec!["3 部"]),
        ] {
            assert_eq!(read(text), found, "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_a_number_is_left_alone() {
        for text in [
            "一件一件落实",
            "高效办成一件事",
            "十余件，数十件，几十件，近百件，上千件，两三件，二三十件，百件，一批件",
            "第三条，第3条，每一件，某一件，1.5件，１．５件",
            "三个方面，两项制度，一次办好，一条龙",
            "3万件，1.2万条，一百二件，一万二件",
            "二〇二三件",
        ] {
            assert!(read(text).is_empty(), "{text}: {:?}", read(text));
        }
        // A comma that ends a clause is none of thousands.
        assert_eq!(read("截至2023，100件"), ["100 件"]);
        assert_eq!(read("共12，34件"), ["34 件"]);
    }

    #[test]
    fn places_are_those_of_what_was_written() {
        let written = "共 １，２３４ 件。";
        let Plain { text, places } = plain(written);
        assert_eq!(text, "共1234件。");
        let places = places.unwrap();
        let at = |part: &str| places[text.find(part).unwrap()];
        assert!(written[at("4")..].starts_with('４'));
        assert!(written[at("件")..].starts_with("件。"));
    }
}
