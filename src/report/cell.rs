//! One cell of a table: what was written, and what it means.

use super::Text;
use super::bind::shorten;
use crate::format::{CellKind, Measure};
use crate::source::Span;

/// The largest count, 2^63 − 1.
pub const MAX_COUNT: u64 = i64::MAX as u64;
/// The most decimals of an amount in 万元: the sixth is one 分.
const MAX_DECIMALS: usize = 6;
/// The most characters of a unit.
const LONGEST_UNIT: usize = 10;
/// What an amount is.
const AMOUNT: &str = "应为不小于 0、至多 19 位整数和 6 位小数的金额";
/// What stands for "not applicable".
pub(crate) const NOT_APPLICABLE: [&str; 3] = ["/", "—", "-"];

/// A cell of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// What it holds.
    pub value: Value,
    /// A remark, printed in brackets behind the value.
    pub note: Option<Text>,
    /// Where the value stands; for a computed total, its row.
    pub span: Span,
}

/// What a cell holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A number of things, 0 to [`MAX_COUNT`].
    Count(u64),
    /// An amount of money, as written.
    Amount(String),
    /// An amount of money with its unit, as written.
    AmountWithUnit {
        /// Number and unit.
        written: String,
        /// The unit in terms of the one that such amounts are told in; none where it is none of those
        /// that are known, or there is none.
        factor: Option<u64>,
    },
    /// By how many more or fewer, as written.
    Change(String),
    /// Nothing was reported; counts as 0 in sums.
    Blank,
    /// The cell does not apply; the written sign.
    NotApplicable(String),
    /// A total that was left out, computed from its parts.
    Total(u64),
}

impl Value {
    /// Reads a written value.
    ///
    /// # Errors
    /// What is wrong with it and, where it can be told, what to write instead; both in Chinese.
    pub fn parse(
        written: &str,
        measure: &Measure,
    ) -> Result<Self, (String, Option<String>)> {
        if NOT_APPLICABLE.contains(&written) {
            return Ok(Self::NotApplicable(written.to_owned()));
        }
        let unit = measure.unit.as_deref();
        match measure.kind {
            CellKind::Count if is_integer(written) => match written.parse() {
                Ok(count) if count <= MAX_COUNT => Ok(Self::Count(count)),
                _ => Err((format!("数值超过 {MAX_COUNT}"), None)),
            },
            CellKind::Amount if is_amount(written) => Ok(Self::Amount(written.to_owned())),
            CellKind::Count => Err(refusal(written, "应为不小于 0 的整数", unit, is_integer)),
            CellKind::Amount => Err(refusal(written, AMOUNT, unit, is_amount)),
            CellKind::AmountWithUnit => {
                let (number, own) = parted(written);
                if !is_amount_with_unit(written) {
                    let plain = plain(written);
                    let hint = match is_amount_with_unit(&plain) {
                        true => format!("写作 {plain}"),
                        false => format!("写作数字和单位，如 251000{}", unit.unwrap_or_default()),
                    };
                    return Err((unfit(written, AMOUNT), Some(hint)));
                }
                // Nothing is nothing in any unit.
                let nothing = number.trim_matches(['0', '.']).is_empty();
                let known = measure.units.get(own.trim()).copied();
                Ok(Self::AmountWithUnit {
                    written: written.to_owned(),
                    factor: known.or(nothing.then_some(1)),
                })
            }
            CellKind::Change if is_change(written) => Ok(Self::Change(written.to_owned())),
            CellKind::Change => {
                let plain = plain(written).replace(['−', '－', '–'], "-").replace('＋', "+");
                let hint = match is_change(&plain) {
                    true => format!("写作 {plain}"),
                    false => "增加写 +5，减少写 -5，没有增减写 0".to_owned(),
                };
                Err((unfit(written, "应为带正负号的整数"), Some(hint)))
            }
        }
    }

    /// The value as it is printed, without a remark.
    #[must_use]
    pub fn printed(&self) -> String {
        match self {
            Self::Count(n) | Self::Total(n) => n.to_string(),
            Self::Amount(written)
            | Self::AmountWithUnit { written, .. }
            | Self::Change(written)
            | Self::NotApplicable(written) => written.clone(),
            Self::Blank => String::new(),
        }
    }

    /// The value in millionths, which holds every count and amount exactly; none where its unit is not
    /// known.
    #[must_use]
    pub fn millionths(&self) -> Option<i128> {
        match self {
            Self::Amount(written) => Some(millionths(written)),
            Self::AmountWithUnit { written, factor } => {
                Some(millionths(parted(written).0) * i128::from((*factor)?))
            }
            _ => Some(self.whole() * 1_000_000),
        }
    }

    /// What a count or a change adds to a sum.
    #[must_use]
    pub fn whole(&self) -> i128 {
        match self {
            Self::Change(written) => written.parse().unwrap_or_default(),
            _ => self.count().into(),
        }
    }

    /// What a count adds to a sum.
    #[must_use]
    pub fn count(&self) -> u64 {
        match self {
            Self::Count(n) | Self::Total(n) => *n,
            _ => 0,
        }
    }

    /// Whether it is an amount of money.
    #[must_use]
    pub fn is_amount(&self) -> bool {
        matches!(self, Self::Amount(_) | Self::AmountWithUnit { .. })
    }
}

impl Cell {
    /// The cell as it is printed, such as 22（其中修订16件）.
    #[must_use]
    pub fn printed(&self) -> String {
        let value = self.value.printed();
        match &self.note {
            Some(note) => format!("{value}（{}）", note.text),
            None => value,
        }
    }
}

/// Digits without a leading zero.
fn is_integer(written: &str) -> bool {
    !written.is_empty()
        && written.bytes().all(|b| b.is_ascii_digit())
        && (written.len() == 1 || !written.starts_with('0'))
}

/// The same with a sign, or without.
fn is_change(written: &str) -> bool {
    let digits = written.strip_prefix(['+', '-']).unwrap_or(written);
    is_integer(digits) && digits.parse().is_ok_and(|n: u64| n <= MAX_COUNT)
}

/// A number and what is written behind it.
fn parted(written: &str) -> (&str, &str) {
    let rest = written.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    written.split_at(written.len() - rest.len())
}

fn is_amount_with_unit(written: &str) -> bool {
    let (number, unit) = parted(written);
    let is_unit = |c: char| c.is_alphabetic() || c == ' ';
    is_amount(number) && unit.chars().count() <= LONGEST_UNIT && unit.chars().all(is_unit)
}

fn millionths(written: &str) -> i128 {
    let (whole, decimals) = written.split_once('.').unwrap_or((written, ""));
    let digits = format!("{whole}{decimals:0<MAX_DECIMALS$}");
    digits.parse().unwrap_or_default()
}

fn is_amount(written: &str) -> bool {
    let (whole, decimals) = written.split_once('.').unwrap_or((written, "0"));
    is_integer(whole)
        && whole.len() <= 19
        && (1..=MAX_DECIMALS).contains(&decimals.len())
        && decimals.bytes().all(|b| b.is_ascii_digit())
}

/// Says what is wrong with a value and what its author most likely means.
fn refusal(
    written: &str,
    wanted: &str,
    unit: Option<&str>,
    valid: fn(&str) -> bool,
) -> (String, Option<String>) {
    let plain = plain(written).replace('+', "");
    let (number, rest) = parted(&plain);
    let number = match number.trim_start_matches('0') {
        "" if !number.is_empty() => "0",
        rest if !rest.starts_with('.') => rest,
        _ => number,
    };
    let number = match number.split_once('.') {
        Some((whole, zeros)) if !valid(number) && zeros.trim_matches('0').is_empty() => whole,
        _ => number,
    };
    let remark = rest.strip_prefix(['（', '(']);
    let remark = remark.and_then(|rest| rest.strip_suffix(['）', ')']));
    let hint = match remark {
        Some(remark) if valid(number) => format!("写作 {{value: {number}, note: {remark}}}"),
        None if valid(number) && rest.is_empty() => format!("写作 {number}"),
        None if valid(number) && Some(rest) == unit => format!("写作 {number}，单位不写"),
        _ if written.is_empty() => "没有统计时留空，不加引号；没有发生时写 0".to_owned(),
        _ if plain.starts_with('-') => "不能为负，核对原始数据".to_owned(),
        _ => match unit {
            Some(unit) => format!("换算成以“{unit}”为单位的数，只写半角阿拉伯数字"),
            None => "只写半角阿拉伯数字".to_owned(),
        },
    };
    (unfit(written, wanted), Some(hint))
}

fn unfit(written: &str, wanted: &str) -> String {
    format!("“{}”不能作为数值，{wanted}", shorten(written, 40))
}

/// A number without separators and in half-width digits.
fn plain(written: &str) -> String {
    let separates = |c: &char| matches!(c, ',' | '，' | '_' | ' ' | '\u{3000}');
    let half = |c: char| match c {
        '０'..='９' => char::from_digit(c as u32 - '０' as u32, 10).unwrap_or(c),
        '．' => '.',
        c => c,
    };
    written.chars().filter(|c| !separates(c)).map(half).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(kind: CellKind) -> Measure {
        let units = [("元", 1), ("万元", 10_000)];
        Measure {
            kind,
            unit: Some(if kind == CellKind::AmountWithUnit { "元" } else { "件" }.to_owned()),
            units: units.map(|(unit, factor)| (unit.to_owned(), factor)).into(),
        }
    }

    #[test]
    fn amounts_keep_their_unit_and_are_compared_in_one() {
        for (written, millionths) in [
            ("251000元", Some(251_000_000_000)),
            ("25.1万元", Some(251_000_000_000)),
            ("1234.50 万元", Some(12_345_000_000_000)),
            ("0", Some(0)),
            ("0.00美元", Some(0)),
            ("251000", None),
            ("3美元", None),
        ] {
            let value = Value::parse(written, &of(CellKind::AmountWithUnit)).unwrap();
            assert_eq!((value.printed(), value.millionths()), (written.to_owned(), millionths));
        }
        for (written, hint) in [
            ("251,000元", "写作 251000元"),
            ("２５万元", "写作 25万元"),
            ("元", "如 251000元"),
            ("约3元", "如 251000元"),
            ("-3元", "如 251000元"),
            ("3元（含税）", "如 251000元"),
        ] {
            let (_, found) = Value::parse(written, &of(CellKind::AmountWithUnit)).unwrap_err();
            assert!(found.as_deref().is_some_and(|h| h.contains(hint)), "{written}: {found:?}");
        }
    }

    #[test]
    fn changes_keep_their_sign() {
        for (written, whole) in [("+1036", 1036), ("-3", -3), ("0", 0), ("+0", 0), ("7", 7)] {
            let value = Value::parse(written, &of(CellKind::Change)).unwrap();
            assert_eq!((value.printed(), value.whole()), (written.to_owned(), whole));
        }
        for (written, hint) in [
            ("−5", "写作 -5"),
            ("＋１０", "写作 +10"),
            ("+1,036", "写作 +1036"),
            ("增5", "增加写 +5"),
            ("+1.5", "增加写 +5"),
            ("+9223372036854775808", "增加写 +5"),
        ] {
            let (_, found) = Value::parse(written, &of(CellKind::Change)).unwrap_err();
            assert!(found.as_deref().is_some_and(|h| h.contains(hint)), "{written}: {found:?}");
        }
    }

    #[test]
    fn values_are_kept_as_written() {
        for written in ["0", "7730.28", "12.50", "59237.2449", "7545"] {
            let value = Value::parse(written, &of(CellKind::Amount)).unwrap();
            assert_eq!(value, Value::Amount(written.to_owned()));
        }
        assert_eq!(
            Value::parse("9223372036854775807", &of(CellKind::Count)),
            Ok(Value::Count(MAX_COUNT))
        );
        assert_eq!(
            Value::parse("—", &of(CellKind::Count)),
            Ok(Value::NotApplicable("—".to_owned()))
        );
    }

    #[test]
    fn refusals_say_what_to_write() {
        for (written, hint) in [
            ("1,234", "写作 1234"),
            ("１２", "写作 12"),
            ("007", "写作 7"),
            ("+5", "写作 5"),
            ("12件", "写作 12，单位不写"),
            ("12.0", "写作 12"),
            ("12（其中3件）", "写作 {value: 12, note: 其中3件}"),
            ("12万", "换算成以“件”为单位"),
            ("50%", "换算成以“件”为单位"),
            ("-3", "不能为负"),
            ("3.5", "半角阿拉伯数字"),
            ("三", "半角阿拉伯数字"),
            ("1e3", "半角阿拉伯数字"),
            ("0x1F", "半角阿拉伯数字"),
        ] {
            let (_, found) = Value::parse(written, &of(CellKind::Count)).unwrap_err();
            assert!(
                found.as_deref().is_some_and(|h| h.contains(hint)),
                "{written}: {found:?}"
            );
        }
        assert!(Value::parse("9223372036854775808", &of(CellKind::Count)).is_err());
        for written in ["1.", ".5", "1.2345678", "-1.5", "1.2.3"] {
            assert!(
                Value::parse(written, &of(CellKind::Amount)).is_err(),
                "{written}"
            );
        }
    }
}
