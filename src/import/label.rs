//! Labels as they are compared: without what is no part of their words.
//!
//! Only for comparing; what stood in a file is kept as it stood there.

use crate::form::{NUMERALS, OF_THESE};

/// How a label of a file agrees with one of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// It is the same, character by character.
    Exact,
    /// It is the same but for blanks, the width of signs, quotation marks, an ordinal or a remark that is left out,
    /// or it is an alias that the edition has.
    Normalised,
    /// It differs by so many characters; by none if another ordinal or remark stands there. Who binds it has to say so.
    Near(usize),
}

/// A label as it is compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Label {
    /// As it stands.
    pub written: String,
    /// The number that it begins with, whatever its marks.
    pub ordinal: Option<u32>,
    /// Its words without ordinal and remark.
    pub bare: String,
    /// What stands in brackets at its end.
    pub remark: Option<String>,
}

impl Label {
    /// A label as it stands in a file or a form.
    pub fn of(written: &str) -> Self {
        let plain: String = written.chars().filter_map(plain).collect();
        let plain = plain.trim_end_matches('：');
        let (ordinal, rest) = match numbered(plain) {
            Some((number, rest)) => (Some(number), rest),
            None => (None, plain),
        };
        let rest = rest.trim_start_matches(OF_THESE);
        let (bare, remark) = match (rest.strip_suffix('）'), rest.find('（')) {
            (Some(inner), Some(start)) if start > 0 => (
                &rest[..start],
                Some(inner[start + '（'.len_utf8()..].to_owned()),
            ),
            _ => (rest, None),
        };
        Self {
            written: written.trim().to_owned(),
            ordinal,
            bare: bare.to_owned(),
            remark,
        }
    }

    /// How a label of a file agrees with this one of the form, given by how many characters their words differ.
    pub fn likeness(&self, found: &Self, distance: usize) -> Likeness {
        if self.written == found.written {
            return Likeness::Exact;
        }
        let other = |own: bool, found: bool| found && own;
        let ordinal = other(self.ordinal != found.ordinal, found.ordinal.is_some());
        let remark = other(self.remark != found.remark, found.remark.is_some());
        if distance > 0 || ordinal || remark {
            Likeness::Near(distance)
        } else {
            Likeness::Normalised
        }
    }
}

/// A character as it is compared; `None` if it is left out.
fn plain(c: char) -> Option<char> {
    Some(match c {
        c if c.is_whitespace() || c.is_control() => return None,
        '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{AD}' => return None,
        // Straight quotation marks do not say whether they open or close.
        '"' | '\'' | '“' | '”' | '‘' | '’' | '＂' | '＇' | '「' | '」' => return None,
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '／' | '．' => {
            char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c)
        }
        '(' => '（',
        ')' => '）',
        ',' => '，',
        ':' => '：',
        ';' => '；',
        // Two ways to write “other”, which mean the same wherever they stand.
        '它' => '他',
        c => c,
    })
}

/// The number that a label begins with, and what follows it.
fn numbered(label: &str) -> Option<(u32, &str)> {
    const MARKS: [char; 4] = ['、', '.', '，', '）'];
    let first = label.chars().next()?;
    let signs = [('①', 20), ('⑴', 20), ('⒈', 20), ('㈠', 10), ('㊀', 10)];
    let sign = signs.iter().find_map(|(one, most)| {
        let number = u32::from(first).checked_sub(u32::from(*one))? + 1;
        (number <= *most).then_some(number)
    });
    let (number, rest) = if let Some(number) = sign {
        let rest = &label[first.len_utf8()..];
        (number, rest.strip_prefix(MARKS).unwrap_or(rest))
    } else if let Some(inner) = label.strip_prefix('（') {
        let (number, rest) = number(inner)?;
        let rest = rest.strip_prefix('）')?;
        (number, rest.strip_prefix(MARKS).unwrap_or(rest))
    } else {
        let (number, rest) = number(label)?;
        (number, rest.strip_prefix(MARKS)?)
    };
    (!rest.is_empty()).then_some((number, rest))
}

/// The number at the beginning of a text, and the rest.
fn number(text: &str) -> Option<(u32, &str)> {
    let digits = text.trim_start_matches(|c: char| c.is_ascii_digit());
    if digits.len() < text.len() {
        let number = text[..text.len() - digits.len()].parse().ok()?;
        return Some((number, digits));
    }
    let rest = text.trim_start_matches(|c| NUMERALS.contains(c));
    let numerals = text
        .chars()
        .take(text.chars().count() - rest.chars().count());
    let value = |c: char| NUMERALS.chars().zip(1..).find(|(own, _)| *own == c);
    let mut number = 0_u32;
    for (_, value) in numerals.filter_map(value) {
        number = match value {
            10 => number.max(1).checked_mul(10)?,
            value => number.checked_add(value)?,
        };
    }
    (number > 0).then_some((number, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_compared_without_ordinal_remark_and_width() {
        for (written, ordinal, bare, remark) in [
            ("一、本年新收", Some(1), "本年新收", None),
            ("(三)\u{3000}不予公开", Some(3), "不予公开", None),
            ("十一、甲", Some(11), "甲", None),
            ("二十、甲", Some(20), "甲", None),
            ("1、甲", Some(1), "甲", None),
            ("１．甲", Some(1), "甲", None),
            ("3）甲", Some(3), "甲", None),
            ("②甲乙", Some(2), "甲乙", None),
            ("⒊甲", Some(3), "甲", None),
            ("㈡、甲", Some(2), "甲", None),
            ("（2）甲", Some(2), "甲", None),
            ("危及\"三安\n全\"", None, "危及三安全", None),
            ("甲乙（单位: 万元）", None, "甲乙", Some("单位：万元")),
            ("其中：甲", None, "甲", None),
            ("一般事项", None, "一般事项", None),
            ("第二十条第（一）项", None, "第二十条第（一）项", None),
            ("（甲乙）", None, "（甲乙）", None),
            ("一、", None, "一、", None),
            ("3.其它", Some(3), "其他", None),
            ("甲:", None, "甲", None),
        ] {
            let label = Label::of(written);
            let found = (label.ordinal, label.bare.as_str(), label.remark.as_deref());
            assert_eq!(found, (ordinal, bare, remark), "{written}");
        }
    }

    #[test]
    fn three_degrees_of_likeness_are_told_apart() {
        let own = Label::of("（二）甲乙（只计这一情形）");
        for (found, likeness) in [
            ("（二）甲乙（只计这一情形）", Likeness::Exact),
            ("(二) 甲乙(只计这一情形)", Likeness::Normalised),
            ("2.甲乙", Likeness::Normalised),
            ("甲乙", Likeness::Normalised),
            ("（三）甲乙", Likeness::Near(0)),
            ("（二）甲乙（单位：元）", Likeness::Near(0)),
        ] {
            assert_eq!(own.likeness(&Label::of(found), 0), likeness, "{found}");
        }
        assert_eq!(own.likeness(&Label::of("甲丙"), 1), Likeness::Near(1));
    }
}
