//! Titles and headings, compared without what does not matter.

use crate::form::{Form, Section, ordinal};

/// The most characters of a title of a section.
const LONGEST_TITLE: usize = 40;

/// A text as it is compared: without white space, with the signs of official documents.
pub(super) fn plain(text: &str) -> String {
    let signs = |c: char| match c {
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => {
            char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c)
        }
        '(' => '（',
        ')' => '）',
        ',' => '，',
        ':' => '：',
        '．' => '.',
        c => c,
    };
    let shown = |c: &char| !c.is_whitespace() && !matches!(c, '\u{200B}' | '\u{FEFF}');
    text.chars().filter(shown).map(signs).collect()
}

/// A text without its ordinal.
pub(super) fn bare(text: &str) -> &str {
    &text[ordinal(text).len()..]
}

/// How a line is a title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Titled {
    /// It is a title of the section that the decree has.
    Exactly(usize),
    /// It begins with that title, and text runs on behind it.
    RunIn(usize, String),
    /// It has the ordinal of a section, and may be worded freely.
    ByOrdinal(usize),
}

/// Whether a line is the title of a section.
pub(super) fn titled(text: &str, form: &Form) -> Option<Titled> {
    let plain = plain(text);
    // Those of the second level have titles that are like those of the first.
    if plain.starts_with('（') {
        return None;
    }
    let own = bare(&plain).trim_end_matches(['：', '。']);
    let sections = || form.sections.iter().enumerate();
    if plain.chars().count() > LONGEST_TITLE {
        return run_in(text, form);
    }
    if let Some((at, _)) = sections().find(|(_, section)| is_named(section, own)) {
        return Some(Titled::Exactly(at));
    }
    if let Some(found) = run_in(text, form) {
        return Some(found);
    }
    let ends = plain.ends_with(['。', '；', '，', '！', '？']);
    let number = ordinal(&plain);
    if ends || number.is_empty() || own.is_empty() {
        return None;
    }
    let same = sections().find(|(_, section)| section.ordinal() == number);
    same.map(|(at, _)| Titled::ByOrdinal(at))
}

/// Whether a title without ordinal names a section.
pub(super) fn is_named(section: &Section, own: &str) -> bool {
    let name = section.name();
    let plainly = |words: &str| plain(words) == own;
    section.is_titled(own) || name.all().any(plainly) || section.wordings.iter().any(|w| plainly(w))
}

/// A line that begins with the whole title of a section, its ordinal too, and goes on behind a mark.
fn run_in(text: &str, form: &Form) -> Option<Titled> {
    let mut sections = form.sections.iter().enumerate();
    sections.find_map(|(at, section)| {
        let number = section.ordinal();
        let titles = section.wordings.iter().map(String::as_str);
        let mut titles = std::iter::once(bare(&section.title)).chain(titles);
        titles.find_map(|title| {
            let rest = text.strip_prefix(number)?.strip_prefix(title)?;
            let rest = rest
                .strip_prefix(['。', '：', ':', ' ', '\u{3000}'])?
                .trim();
            (!rest.is_empty() && !number.is_empty()).then(|| Titled::RunIn(at, rest.to_owned()))
        })
    })
}

/// The year in a text before 年, as digits or in Chinese.
pub(super) fn year(text: &str) -> Option<(u16, std::ops::Range<usize>)> {
    let digit = |c: char| match c {
        '0'..='9' => c.to_digit(10),
        '０'..='９' => Some(u32::from(c) - u32::from('０')),
        '○' | 'Ｏ' | '零' => Some(0),
        c => "〇一二三四五六七八九"
            .chars()
            .zip(0..)
            .find(|(own, _)| *own == c)
            .map(|(_, n)| n),
    };
    for (at, sign) in text.match_indices('年') {
        let before: Vec<(usize, char)> = text[..at].char_indices().rev().take(4).collect();
        let digits: Vec<u32> = before.iter().filter_map(|(_, c)| digit(*c)).collect();
        let more = text[..at].chars().rev().nth(4).and_then(digit);
        let [ones, tens, hundreds, thousands] = digits[..] else {
            continue;
        };
        let year = thousands * 1_000 + hundreds * 100 + tens * 10 + ones;
        let start = before.last().map_or(at, |(start, _)| *start);
        let mut end = at + sign.len();
        if let Some(rest) = text[end..].strip_prefix('度') {
            // 年度报告 has its own 度.
            if !rest.starts_with('报') {
                end += '度'.len_utf8();
            }
        }
        if more.is_none() && (2_000..2_100).contains(&year) {
            return Some((u16::try_from(year).ok()?, start..end));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_are_found_before_their_sign() {
        let of = |text| year(text).map(|(year, range)| (year, range.len()));
        assert_eq!(of("某局2023年政府"), Some((2023, 7)));
        assert_eq!(of("某局２０２３年度工作"), Some((2023, 18)));
        assert_eq!(of("二〇二三年年度报告"), Some((2023, 15)));
        assert_eq!(of("2023年度报告"), Some((2023, 7)));
        assert_eq!(of("12023年"), None);
        assert_eq!(of("1999年"), None);
    }
}
