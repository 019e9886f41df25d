//! Values as they are written in report files, and hints for correcting those that are invalid.

use super::bind::shorten;
use super::cell::{MAX_COUNT, MAX_DECIMALS, NOT_APPLICABLE, Value, parted};
use super::text::is_common_han;
use crate::diagnostic::Said;
use crate::form::{CellKind, Measure};

/// The most characters of a unit.
const LONGEST_UNIT: usize = 10;
/// The definition of an amount, for messages.
const AMOUNT: &str = "应为不小于 0、至多 19 位整数和 6 位小数的金额";

/// The place of a remark on a value in the form.
const NOTE_APART: &str = "说明写在这一格的备注里";

/// The fault of a value, and the correction if it can be told; both in Chinese.
type Refusal = (String, Option<Said>);

impl Value {
    /// Parses a written value.
    ///
    /// # Errors
    /// The fault of the value, and the correction if it can be told; both in Chinese.
    pub fn parse(written: &str, measure: &Measure) -> Result<Self, Refusal> {
        if NOT_APPLICABLE.contains(&written) {
            return Ok(Self::NotApplicable(written.to_owned()));
        }
        let unit = measure.unit.as_deref();
        match measure.kind {
            CellKind::Count if is_integer(written) => match written.parse() {
                Ok(count) if count <= MAX_COUNT => Ok(Self::Count(count)),
                _ => Err((format!("数值超过 {MAX_COUNT}"), None)),
            },
            CellKind::Count => Err(refusal(written, "应为不小于 0 的整数", unit, is_integer)),
            CellKind::Amount if is_amount(written) => Ok(Self::Amount(written.to_owned())),
            CellKind::Amount => Err(refusal(written, AMOUNT, unit, is_amount)),
            CellKind::AmountWithUnit => amount_with_unit(written, measure),
            CellKind::Change => change(written),
        }
    }
}

fn amount_with_unit(written: &str, measure: &Measure) -> Result<Value, Refusal> {
    if is_amount_with_unit(written) {
        let (number, own) = parted(written);
        // Nothing is nothing in any unit.
        let nothing = number.trim_matches(['0', '.']).is_empty();
        let known = measure.units.get(own.trim()).copied();
        return Ok(Value::AmountWithUnit {
            written: written.to_owned(),
            factor: known.or(nothing.then_some(1)),
        });
    }
    let plain = plain(written);
    let hint = if is_amount_with_unit(&plain) {
        format!("写作 {plain}").into()
    } else {
        let (unit, known) = (
            measure.unit.as_deref().unwrap_or_default(),
            measure.known_units(),
        );
        let units = format!(
            "写作数字和单位，如 251000{unit}，单位有{}",
            known.join("、")
        );
        let note = format!("{units}；说明写作 {{value: 251000{unit}, note: 说明}}");
        Said::new(note, units + "；" + NOTE_APART)
    };
    let wanted = if is_amount(parted(&plain).0) {
        format!("单位应为至多 {LONGEST_UNIT} 个汉字或字母")
    } else {
        AMOUNT.to_owned()
    };
    Err((unfit(written, &wanted), Some(hint)))
}

fn change(written: &str) -> Result<Value, Refusal> {
    if is_change(written) {
        return Ok(Value::Change(written.to_owned()));
    }
    let plain = plain(written);
    let plain = plain.replace(['−', '－', '–'], "-").replace('＋', "+");
    let hint = if is_change(&plain) {
        format!("写作 {plain}")
    } else {
        "增加写 +5，减少写 -5，没有增减写 0".to_owned()
    };
    let digits = plain.trim_start_matches(['+', '-']);
    if is_integer(digits) && !is_change(&plain) {
        return Err((format!("数值超过 {MAX_COUNT}"), None));
    }
    Err((unfit(written, "应为带正负号的整数"), Some(hint.into())))
}

/// Whether a text is digits without a leading zero.
fn is_integer(written: &str) -> bool {
    !written.is_empty()
        && written.bytes().all(|b| b.is_ascii_digit())
        && (written.len() == 1 || !written.starts_with('0'))
}

/// Whether a text is digits without a leading zero, with or without a sign.
fn is_change(written: &str) -> bool {
    let digits = written.strip_prefix(['+', '-']).unwrap_or(written);
    is_integer(digits) && digits.parse().is_ok_and(|n: u64| n <= MAX_COUNT)
}

fn is_amount_with_unit(written: &str) -> bool {
    let (number, unit) = parted(written);
    let is_unit = |c: char| c.is_ascii_alphabetic() || is_common_han(c) || c == ' ';
    is_amount(number) && unit.chars().count() <= LONGEST_UNIT && unit.chars().all(is_unit)
}

fn is_amount(written: &str) -> bool {
    let (whole, decimals) = written.split_once('.').unwrap_or((written, "0"));
    is_integer(whole)
        && whole.len() <= 19
        && (1..=MAX_DECIMALS).contains(&decimals.len())
        && decimals.bytes().all(|b| b.is_ascii_digit())
}

/// The refusal of a value, with what its author most likely means.
fn refusal(written: &str, wanted: &str, unit: Option<&str>, valid: fn(&str) -> bool) -> Refusal {
    let mut plain = plain(written).replace('+', "");
    if plain.strip_prefix('-').is_some_and(is_nothing) {
        plain.remove(0);
    }
    if plain.starts_with('.') {
        plain.insert(0, '0');
    }
    let (number, rest) = parted(&plain);
    let number = number.strip_suffix('.').unwrap_or(number);
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
    let with_zeros = zeros_as_letters(&plain).filter(|(_, number)| valid(number));
    if let Some(remark) = remark.filter(|_| valid(number)) {
        let hint = Said::new(
            format!("写作 {{value: {number}, note: {remark}}}"),
            format!("写作 {number}，“{remark}”{NOTE_APART}"),
        );
        return (unfit(written, wanted), Some(hint));
    }
    let hint = match remark {
        None if valid(number) && rest.is_empty() => format!("写作 {number}"),
        None if valid(number) && Some(rest) == unit => format!("写作 {number}，单位不写"),
        _ if written.is_empty() => "没有统计时留空，不加引号；没有发生时写 0".to_owned(),
        _ if plain.starts_with('-') => "不能为负，核对原始数据".to_owned(),
        _ => match (with_zeros, unit) {
            (Some((letter, number)), _) => format!("“{letter}”是字母，写作 {number}"),
            (None, Some(unit)) => format!("换算成以“{unit}”为单位的数，只写半角阿拉伯数字"),
            (None, None) => "只写半角阿拉伯数字".to_owned(),
        },
    };
    (unfit(written, wanted), Some(hint.into()))
}

/// A letter that stands for a zero, and the number with zeros in its place.
fn zeros_as_letters(number: &str) -> Option<(char, String)> {
    let is_letter = |c: char| "OoＯｏ".contains(c);
    let letter = number.chars().find(|c| is_letter(*c))?;
    Some((letter, number.replace(is_letter, "0")))
}

/// Whether a number is one of zeros.
fn is_nothing(number: &str) -> bool {
    number.starts_with('0') && number.trim_matches(['0', '.']).is_empty()
}

fn unfit(written: &str, wanted: &str) -> String {
    format!("“{}”不能作为数值，{wanted}", shorten(written, 40))
}

/// A number without separators and in half-width digits.
fn plain(written: &str) -> String {
    let separates = |c: &char| {
        matches!(
            c,
            ',' | '，' | '_' | ' ' | '\u{3000}' | '\u{A0}' | '\u{FEFF}' | '\u{200B}'
        )
    };
    let half = |c: char| match c {
        '０'..='９' => char::from_digit(c as u32 - '０' as u32, 10).unwrap_or(c),
        '．' => '.',
        c => c,
    };
    written
        .chars()
        .filter(|c| !separates(c))
        .map(half)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(kind: CellKind) -> Measure {
        let with_unit = kind == CellKind::AmountWithUnit;
        let unit = if with_unit { "元" } else { "件" };
        let units = [("元", 1), ("万元", 10_000)];
        Measure {
            kind,
            unit: Some(unit.to_owned()),
            units: units.map(|(unit, factor)| (unit.to_owned(), factor)).into(),
        }
    }

    /// Each value is refused, with a hint that says so.
    fn assert_hints(kind: CellKind, cases: &[(&str, &str)]) {
        for (written, hint) in cases {
            let (_, found) = Value::parse(written, &of(kind)).unwrap_err();
            assert!(
                found.as_deref().is_some_and(|h| h.contains(hint)),
                "{written}: {found:?}"
            );
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
            assert_eq!(
                (value.printed(), value.millionths()),
                (written.to_owned(), millionths)
            );
        }
        assert_hints(
            CellKind::AmountWithUnit,
            &[
                ("251,000元", "写作 251000元"),
                ("２５万元", "写作 25万元"),
                ("元", "如 251000元"),
                ("约3元", "如 251000元"),
                ("-3元", "如 251000元"),
                ("3元（含税）", "如 251000元"),
            ],
        );
    }

    #[test]
    fn changes_keep_their_sign() {
        for (written, whole) in [("+1036", 1036), ("-3", -3), ("0", 0), ("+0", 0), ("7", 7)] {
            let value = Value::parse(written, &of(CellKind::Change)).unwrap();
            assert_eq!(
                (value.printed(), value.whole()),
                (written.to_owned(), whole)
            );
        }
        assert_hints(
            CellKind::Change,
            &[
                ("−5", "写作 -5"),
                ("＋１０", "写作 +10"),
                ("+1,036", "写作 +1036"),
                ("增5", "增加写 +5"),
                ("+1.5", "增加写 +5"),
            ],
        );
        let (message, _) = Value::parse("+9223372036854775808", &of(CellKind::Change)).unwrap_err();
        assert!(message.contains("超过 9223372036854775807"), "{message}");
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
        assert_hints(
            CellKind::Count,
            &[
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
                ("O", "“O”是字母，写作 0"),
                ("1Ｏ", "“Ｏ”是字母，写作 10"),
                ("1e3", "半角阿拉伯数字"),
                ("0x1F", "半角阿拉伯数字"),
            ],
        );
        assert!(Value::parse("9223372036854775808", &of(CellKind::Count)).is_err());
        for written in ["1.", ".5", "1.2345678", "-1.5", "1.2.3"] {
            assert!(
                Value::parse(written, &of(CellKind::Amount)).is_err(),
                "{written}"
            );
        }
    }
}
