//! What a cell of a file gives as a value: the value as report files write it, with a word for all that was changed.

use crate::form::{CellKind, Measure};
use crate::report::{NOT_APPLICABLE, Value, is_not_filled};

/// What a cell gives as a value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// The value as a report file writes it, empty for a blank cell; `None` if it cannot be read.
    pub value: Option<String>,
    /// The remark in brackets behind it.
    pub note: Option<String>,
    /// What was changed of what stood there.
    pub changes: Vec<Change>,
}

/// What stands in a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Blank,
    /// A sign for a value, such as one that nothing applies.
    Sign,
    /// A number.
    Number,
    Words,
}

/// A change of what stood in a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// Full-width signs are ordinary ones.
    Width,
    /// Separators of thousands are left out.
    Separators,
    /// Blanks within a number are left out.
    Blanks,
    /// The unit, which the form says already, is left out.
    Unit,
    /// Zeros before a number, or behind the point of a whole one, are left out.
    Zeros,
    /// A sign or a word for “not applicable” is the ordinary sign.
    Sign,
}

impl Change {
    /// The change in Chinese.
    #[must_use]
    pub const fn said(self) -> &'static str {
        match self {
            Self::Width => "全角改为半角",
            Self::Separators => "去掉千位分隔符",
            Self::Blanks => "去掉数字中的空格",
            Self::Unit => "去掉单位",
            Self::Zeros => "去掉多余的 0",
            Self::Sign => "改为“/”",
        }
    }
}

impl Reading {
    /// Reads a cell as a value of that measure.
    #[must_use]
    pub fn of(text: &str, measure: &Measure) -> Self {
        let text = text.trim_matches(is_blank);
        let given = |value: &str| Self {
            value: Some(value.to_owned()),
            ..Self::default()
        };
        if text.is_empty() || Value::parse(text, measure).is_ok() {
            return given(text);
        }
        if is_sign(text) {
            return Self {
                changes: vec![Change::Sign],
                ..given(NOT_APPLICABLE[0])
            };
        }
        if is_not_filled(text) {
            return Self::default();
        }
        let (number, note) = match (text.find(['（', '(']), text.strip_suffix(['）', ')'])) {
            (Some(start), Some(inner)) if start > 0 => {
                let bracket = text[start..].chars().next().map_or(0, char::len_utf8);
                let note = inner.get(start + bracket..).unwrap_or_default();
                (
                    &text[..start],
                    Some(note.trim().to_owned()).filter(|note| !note.is_empty()),
                )
            }
            _ => (text, None),
        };
        let (value, changes) = plain(number, measure);
        let value = Value::parse(&value, measure).is_ok().then_some(value);
        if value.is_none() {
            return Self::default();
        }
        Self {
            value,
            note,
            changes,
        }
    }

    /// Whether it gives what stood in the cell.
    #[must_use]
    pub fn is_as_written(&self) -> bool {
        self.value.is_some() && self.changes.is_empty()
    }
}

/// The shape of a text, whatever it is a value of.
pub(super) fn shape(text: &str) -> Kind {
    let text = text.trim_matches(is_blank);
    if text.is_empty() {
        return Kind::Blank;
    }
    if is_sign(text) || NOT_APPLICABLE.contains(&text) || is_not_filled(text) {
        return Kind::Sign;
    }
    let half: String = text.chars().map(half).collect();
    let rest = half.trim_start_matches(['+', '-']);
    let rest = rest.strip_prefix('.').unwrap_or(rest);
    if !rest.starts_with(|c: char| c.is_ascii_digit()) {
        return Kind::Words;
    }
    let digit = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',') || is_blank(c);
    let number = &rest[..rest.len() - rest.trim_start_matches(digit).len()];
    let behind = &rest[number.len()..];
    let unit = behind.chars().take_while(|c| !"（(".contains(*c));
    let is_unit = unit.clone().all(char::is_alphabetic) && unit.count() <= 3;
    // A point behind the digits is that of an ordinal.
    let is_whole = number
        .trim_end_matches(is_blank)
        .ends_with(|c: char| c.is_ascii_digit());
    if is_whole && is_unit {
        Kind::Number
    } else {
        Kind::Words
    }
}

/// Whether a text says in another way that nothing applies.
fn is_sign(text: &str) -> bool {
    let dash = |c: char| matches!(c, '-' | '－' | '—' | '―' | '–' | '−' | '─');
    text == "无" || text == "／" || text == "\\" || text.chars().all(dash)
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}')
}

fn half(c: char) -> char {
    match c {
        '０'..='９' | '＋' | '－' | '．' | '，' => {
            char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c)
        }
        '−' | '–' => '-',
        c => c,
    }
}

/// A number as report files write it, and what was changed for that.
fn plain(written: &str, measure: &Measure) -> (String, Vec<Change>) {
    let mut changes = Vec::new();
    let mut step = |change: Change, before: &str, after: String| {
        if before != after {
            changes.push(change);
        }
        after
    };
    let text = step(Change::Width, written, written.chars().map(half).collect());
    let text = step(
        Change::Blanks,
        &text,
        text.chars().filter(|c| !is_blank(*c)).collect(),
    );
    let text = step(Change::Separators, &text, without_separators(&text));
    let unit = measure
        .unit
        .as_deref()
        .filter(|_| measure.kind != CellKind::AmountWithUnit);
    let bare = unit
        .and_then(|unit| text.strip_suffix(unit))
        .unwrap_or(&text);
    let text = step(Change::Unit, &text, bare.to_owned());
    let text = if matches!(measure.kind, CellKind::Count) {
        step(Change::Zeros, &text, without_zeros(&text))
    } else {
        text
    };
    (text, changes)
}

/// A number without commas, if they stand at each three digits.
fn without_separators(text: &str) -> String {
    let end = text.find(|c: char| !(c.is_ascii_digit() || "+-,".contains(c)));
    let (whole, rest) = text.split_at(end.unwrap_or(text.len()));
    let mut groups = whole.trim_start_matches(['+', '-']).split(',');
    let first = groups.next().unwrap_or_default();
    let grouped = (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3);
    if grouped {
        whole.replace(',', "") + rest
    } else {
        text.to_owned()
    }
}

/// A count without zeros that say nothing.
fn without_zeros(text: &str) -> String {
    let whole = match text.split_once('.') {
        Some((whole, zeros)) if !zeros.is_empty() && zeros.trim_matches('0').is_empty() => whole,
        _ => text,
    };
    let rest = whole.trim_start_matches('0');
    let zero = rest.is_empty() && !whole.is_empty();
    if zero {
        "0".to_owned()
    } else {
        rest.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(kind: CellKind, unit: &str) -> Measure {
        let units = if kind == CellKind::AmountWithUnit {
            [("元".to_owned(), 1)].into()
        } else {
            [].into()
        };
        Measure {
            kind,
            unit: Some(unit.to_owned()),
            units,
        }
    }

    #[test]
    fn values_are_read_with_a_word_for_each_change() {
        use Change::{Blanks, Separators, Sign, Unit, Width, Zeros};
        let count = of(CellKind::Count, "件");
        for (text, value, note, changes) in [
            (" 97\u{A0}", Some("97"), None, vec![]),
            ("", Some(""), None, vec![]),
            ("/", Some("/"), None, vec![]),
            ("－", Some("/"), None, vec![Sign]),
            ("——", Some("/"), None, vec![Sign]),
            ("无", Some("/"), None, vec![Sign]),
            ("97件", Some("97"), None, vec![Unit]),
            ("１，２３４", Some("1234"), None, vec![Width, Separators]),
            ("1,234,567", Some("1234567"), None, vec![Separators]),
            ("1 2", Some("12"), None, vec![Blanks]),
            ("007", Some("7"), None, vec![Zeros]),
            ("00", Some("0"), None, vec![Zeros]),
            ("12.0", Some("12"), None, vec![Zeros]),
            (
                "22（其中修订16件）",
                Some("22"),
                Some("其中修订16件"),
                vec![],
            ),
            ("1,23", None, None, vec![]),
            ("97元", None, None, vec![]),
            ("-3", None, None, vec![]),
            ("12万", None, None, vec![]),
            ("约5", None, None, vec![]),
            ("?", None, None, vec![]),
            ("见附件", None, None, vec![]),
        ] {
            let found = Reading::of(text, &count);
            let found = (found.value.as_deref(), found.note.as_deref(), found.changes);
            assert_eq!(found, (value, note, changes), "{text}");
        }
        let value = |text, kind, unit| Reading::of(text, &of(kind, unit)).value;
        let amount = |text| value(text, CellKind::Amount, "万元");
        assert_eq!(amount("7,730.28万元").as_deref(), Some("7730.28"));
        assert_eq!(amount("12.50").as_deref(), Some("12.50"));
        assert_eq!(amount("12.50元"), None);
        let own = |text| value(text, CellKind::AmountWithUnit, "元");
        assert_eq!(own("251,000元").as_deref(), Some("251000元"));
        assert_eq!(
            value("＋１０", CellKind::Change, "项").as_deref(),
            Some("+10")
        );
        assert_eq!(value("−5项", CellKind::Change, "项").as_deref(), Some("-5"));
    }

    #[test]
    fn words_and_numbers_are_told_apart() {
        for (text, kind) in [
            ("\u{3000}", Kind::Blank),
            ("12", Kind::Number),
            ("＋１２项", Kind::Number),
            ("251000元", Kind::Number),
            ("1,234", Kind::Number),
            ("12（其中修订三件，其余为新制定）", Kind::Number),
            ("—", Kind::Sign),
            ("待填", Kind::Sign),
            ("3.其他", Kind::Words),
            ("1、甲", Kind::Words),
            ("2024年度办理结果", Kind::Words),
            ("一", Kind::Words),
            ("（一）甲", Kind::Words),
        ] {
            assert_eq!(shape(text), kind, "{text}");
        }
    }
}
