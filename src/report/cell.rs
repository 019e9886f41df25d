//! One cell of a table: what was written, and what it means.

use super::Text;
use super::bind::shorten;
use crate::format::CellKind;
use crate::source::Span;

/// The largest count, 2^63 − 1.
pub const MAX_COUNT: u64 = i64::MAX as u64;
/// The most decimals of an amount in 万元: the sixth is one 分.
const MAX_DECIMALS: usize = 6;
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
        kind: CellKind,
        unit: Option<&str>,
    ) -> Result<Self, (String, Option<String>)> {
        if NOT_APPLICABLE.contains(&written) {
            return Ok(Self::NotApplicable(written.to_owned()));
        }
        match kind {
            CellKind::Count if is_integer(written) => match written.parse() {
                Ok(count) if count <= MAX_COUNT => Ok(Self::Count(count)),
                _ => Err((format!("数值超过 {MAX_COUNT}"), None)),
            },
            CellKind::Amount if is_amount(written) => Ok(Self::Amount(written.to_owned())),
            CellKind::Count => Err(refusal(written, "应为不小于 0 的整数", unit, is_integer)),
            CellKind::Amount => Err(refusal(
                written,
                "应为不小于 0、至多 19 位整数和 6 位小数的金额",
                unit,
                is_amount,
            )),
        }
    }

    /// The value as it is printed, without a remark.
    #[must_use]
    pub fn printed(&self) -> String {
        match self {
            Self::Count(n) | Self::Total(n) => n.to_string(),
            Self::Amount(written) | Self::NotApplicable(written) => written.clone(),
            Self::Blank => String::new(),
        }
    }

    /// The value in millionths, which holds every count and amount exactly.
    #[must_use]
    pub fn millionths(&self) -> i128 {
        let Self::Amount(written) = self else {
            return i128::from(self.count()) * 1_000_000;
        };
        let (whole, decimals) = written.split_once('.').unwrap_or((written, ""));
        format!("{whole}{decimals:0<MAX_DECIMALS$}")
            .parse()
            .unwrap_or_default()
    }

    /// What a count adds to a sum.
    #[must_use]
    pub fn count(&self) -> u64 {
        match self {
            Self::Count(n) | Self::Total(n) => *n,
            Self::Amount(_) | Self::Blank | Self::NotApplicable(_) => 0,
        }
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
    let plain: String = written
        .chars()
        .filter(|c| !matches!(c, ',' | '，' | '_' | ' ' | '\u{3000}' | '+'))
        .map(|c| match c {
            '０'..='９' => char::from_digit(c as u32 - '０' as u32, 10).unwrap_or(c),
            '．' => '.',
            c => c,
        })
        .collect();
    let digits = plain.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let (number, rest) = plain.split_at(plain.len() - digits.len());
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
    let shown = shorten(written, 40);
    let message = format!("“{shown}”不能作为数值，{wanted}");
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
    (message, Some(hint))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_kept_as_written() {
        for written in ["0", "7730.28", "12.50", "59237.2449", "7545"] {
            let value = Value::parse(written, CellKind::Amount, None).unwrap();
            assert_eq!(value, Value::Amount(written.to_owned()));
        }
        assert_eq!(
            Value::parse("9223372036854775807", CellKind::Count, Some("件")),
            Ok(Value::Count(MAX_COUNT))
        );
        assert_eq!(
            Value::parse("—", CellKind::Count, Some("件")),
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
            let (_, found) = Value::parse(written, CellKind::Count, Some("件")).unwrap_err();
            assert!(
                found.as_deref().is_some_and(|h| h.contains(hint)),
                "{written}: {found:?}"
            );
        }
        assert!(Value::parse("9223372036854775808", CellKind::Count, Some("件")).is_err());
        for written in ["1.", ".5", "1.2345678", "-1.5", "1.2.3"] {
            assert!(
                Value::parse(written, CellKind::Amount, None).is_err(),
                "{written}"
            );
        }
    }
}
