//! The date of issue.

use std::fmt;

use time::Month;

/// A date (成文日期) of the Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    /// The year, four digits.
    pub year: u16,
    /// The month, 1 to 12.
    pub month: u8,
    /// The day, 1 to 31.
    pub day: u8,
}

/// The form of report files, `2024-01-22`.
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// A text with plain digits instead of full-width ones and of those of 二〇二六.
pub(super) fn plain_digits(written: &str) -> String {
    let plain = |c: char| match c {
        '０'..='９' => {
            char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')).unwrap_or(c)
        }
        '○' | '零' => '0',
        c => DIGITS.chars().position(|d| d == c).map_or(c, |at| {
            char::from_digit(u32::try_from(at).unwrap_or_default(), 10).unwrap_or(c)
        }),
    };
    written.chars().map(plain).collect()
}

/// A Chinese numeral up to 九十九 without 十: 二十二 as 二二, 十 as 一〇.
fn without_tens(part: &str) -> String {
    let Some((tens, ones)) = part.split_once('十') else {
        return part.to_owned();
    };
    let or = |digit: &str, other: &str| {
        if digit.is_empty() {
            other.to_owned()
        } else {
            digit.to_owned()
        }
    };
    or(tens, "一") + &or(ones, "〇")
}

/// The digits of Chinese numerals, from 0.
const DIGITS: &str = "〇一二三四五六七八九";

impl Date {
    /// The date that is meant by 2026年1月22日, 2026.1.22, 2026/01/22, 20260122 or 二〇二六年一月二十二日; `None` if it
    /// is not clear or no such day exists.
    pub(crate) fn meant(written: &str) -> Option<Self> {
        let numbers: Vec<String> = written
            .split(|c: char| "年月日号.．/／-－—、， ".contains(c))
            .filter(|part| !part.is_empty())
            .map(|part| plain_digits(&without_tens(part)))
            .collect();
        let parts: Vec<&str> = numbers.iter().map(String::as_str).collect();
        let (year, month, day) = match parts.as_slice() {
            [year, month, day] => (*year, *month, *day),
            [whole] if whole.len() == 8 && whole.is_ascii() => {
                (&whole[..4], &whole[4..6], &whole[6..])
            }
            _ => return None,
        };
        Self::parse(&format!("{year}-{month:0>2}-{day:0>2}"))
    }

    /// Reads `2024-01-22`; `None` if it is written otherwise or no such day exists.
    ///
    /// ```
    /// # use nianbao::report::Date;
    /// assert_eq!(Date::parse("2024-02-29"), Some(Date { year: 2024, month: 2, day: 29 }));
    /// assert_eq!(Date::parse("2023-02-29"), None);
    /// assert_eq!(Date::parse("2024-1-2"), None);
    /// ```
    #[must_use]
    pub fn parse(written: &str) -> Option<Self> {
        let digits = |range: std::ops::Range<usize>| {
            let part = written.get(range)?;
            part.bytes().all(|b| b.is_ascii_digit()).then_some(part)
        };
        let separated = written.get(4..5) == Some("-") && written.get(7..8) == Some("-");
        if !separated || written.len() != 10 {
            return None;
        }
        let year: u16 = digits(0..4)?.parse().ok().filter(|year| *year >= 1900)?;
        let month: u8 = digits(5..7)?.parse().ok()?;
        let day: u8 = digits(8..10)?.parse().ok()?;
        time::Date::from_calendar_date(i32::from(year), Month::try_from(month).ok()?, day).ok()?;
        Some(Self { year, month, day })
    }
}
