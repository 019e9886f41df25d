//! A cell of a table: the written value and its meaning.

use super::Text;
use crate::source::Span;

/// The largest count, 2^63 − 1.
pub const MAX_COUNT: u64 = i64::MAX as u64;
/// The most decimals of an amount in 万元: the sixth is one 分.
pub(super) const MAX_DECIMALS: usize = 6;
/// The signs for "not applicable".
pub(crate) const NOT_APPLICABLE: [&str; 3] = ["/", "—", "-"];
/// The ways to write what nobody has given yet (待填); the first is the usual one.
pub(crate) const NOT_FILLED: [&str; 6] = ["?", "？", "待填", "待填写", "待补", "待补充"];

/// Whether a value or a text says that nobody has given it yet.
pub(crate) fn is_not_filled(written: &str) -> bool {
    NOT_FILLED.contains(&written.trim().trim_end_matches('。'))
}

/// A cell of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The value of the cell.
    pub value: Value,
    /// A remark, printed in brackets behind the value.
    pub note: Option<Text>,
    /// The place of the value; for a computed total, that of its row.
    pub span: Span,
}

/// The value of a cell.
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
        /// The unit in terms of that in which such amounts are reported; `None` if it is unknown or missing.
        factor: Option<u64>,
    },
    /// A difference, more or fewer, as written.
    Change(String),
    /// Nothing was reported; counts as 0 in sums.
    Blank,
    /// The cell does not apply; the written sign.
    NotApplicable(String),
    /// A total that was omitted, computed from its parts.
    Total(u64),
    /// No value is known: nobody has given it (待填), it cannot be read, or it is a total of such values. It has
    /// no printed form, nothing is computed over it, and a report that has one is not made; it is shown to its writer
    /// with a mark in its place.
    Unknown,
}

impl Value {
    /// The value as it is printed, without a remark.
    #[must_use]
    pub fn printed(&self) -> String {
        match self {
            Self::Count(n) | Self::Total(n) => n.to_string(),
            Self::Amount(written)
            | Self::AmountWithUnit { written, .. }
            | Self::Change(written)
            | Self::NotApplicable(written) => written.clone(),
            Self::Blank | Self::Unknown => String::new(),
        }
    }

    /// The value in millionths, which holds every count and amount exactly; `None` if it or its unit is not known.
    #[must_use]
    pub fn millionths(&self) -> Option<i128> {
        match self {
            Self::Unknown => None,
            Self::Amount(written) => Some(millionths(written)),
            Self::AmountWithUnit { written, factor } => {
                Some(millionths(parted(written).0) * i128::from((*factor)?))
            }
            _ => Some(self.whole() * 1_000_000),
        }
    }

    /// The addend of a count or a change in a sum.
    #[must_use]
    pub fn whole(&self) -> i128 {
        match self {
            Self::Change(written) => written.parse().unwrap_or_default(),
            _ => self.count().into(),
        }
    }

    /// The addend of a count in a sum.
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
    /// A cell whose value is not known.
    pub(super) fn unknown(span: Span) -> Self {
        Self {
            value: Value::Unknown,
            note: None,
            span,
        }
    }

    /// Whether its value is known.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.value != Value::Unknown
    }

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

/// A number, and the text behind it.
pub(super) fn parted(written: &str) -> (&str, &str) {
    let rest = written.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    written.split_at(written.len() - rest.len())
}

fn millionths(written: &str) -> i128 {
    let (whole, decimals) = written.split_once('.').unwrap_or((written, ""));
    let digits = format!("{whole}{decimals:0<MAX_DECIMALS$}");
    digits.parse().unwrap_or_default()
}
