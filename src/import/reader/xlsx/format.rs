//! How numbers are shown: as they are kept, as percentages, as dates.

use std::collections::HashMap;

use super::super::xml::Element;

/// The digits of a number that a workbook keeps.
const DIGITS: usize = 15;

/// The formats of cells by their styles.
pub(super) struct Formats {
    formats: Vec<Format>,
    /// Whether days are counted from 1904.
    since_1904: bool,
}

/// A format of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    /// As it is kept.
    General,
    /// With so many decimals.
    Decimals(usize),
    Percentage(usize),
    Date,
    /// In some other way, which is not followed.
    Other,
}

/// A number as text.
pub(super) struct Shown {
    pub text: String,
    /// Whether it is shown otherwise than it is kept.
    pub is_formatted: bool,
}

impl Formats {
    pub fn new(styles: Option<Element>, since_1904: bool) -> Self {
        let mut codes: HashMap<&str, &str> = HashMap::new();
        let group = |name: &str| styles.and_then(|styles| styles.child(name));
        for format in group("numFmts").iter().flat_map(|group| group.elements()) {
            let [id, code] = ["numFmtId", "formatCode"].map(|name| format.attribute(name));
            codes.insert(id.unwrap_or_default(), code.unwrap_or_default());
        }
        let cells = group("cellXfs");
        let cells = cells.iter().flat_map(|group| group.elements());
        let formats = cells.map(|cell| {
            let id = cell.attribute("numFmtId").unwrap_or("0");
            match codes.get(id) {
                Some(code) => Format::of_code(code),
                None => Format::built_in(id.parse().unwrap_or_default()),
            }
        });
        Self {
            formats: formats.collect(),
            since_1904,
        }
    }

    /// A number as it is written in the file, as a cell of a style shows it.
    pub fn shown(&self, written: &str, style: usize) -> Shown {
        let format = self.formats.get(style).copied().unwrap_or(Format::General);
        let number_of = written.trim().parse::<f64>().ok();
        let Some(value) = number_of.filter(|value| value.is_finite()) else {
            return Shown {
                text: written.to_owned(),
                is_formatted: true,
            };
        };
        let kept = number(value);
        let digits = written.chars().filter(char::is_ascii_digit).count();
        let is_whole = written.bytes().all(|byte| byte.is_ascii_digit());
        let (text, is_formatted) = match format {
            // More digits than a number has were lost when it was typed.
            _ if is_whole && digits > DIGITS => (written.to_owned(), true),
            Format::General => (kept, false),
            Format::Decimals(places) => {
                let shown = format!("{value:.places$}").parse();
                let is_rounded = shown.is_ok_and(|shown: f64| number(shown) != kept);
                (kept, is_rounded)
            }
            Format::Percentage(places) => (format!("{:.places$}%", value * 100.0), true),
            Format::Date => (self.date(value).unwrap_or(kept), true),
            Format::Other => (kept, true),
        };
        Shown { text, is_formatted }
    }

    /// The day of a number of days.
    fn date(&self, days: f64) -> Option<String> {
        if !(0.0..2_958_466.0).contains(&days) {
            return None;
        }
        // Excel has a 29 February 1900: days after it are counted from the day before the year.
        let first: i64 = if self.since_1904 { 24_107 } else { 25_569 };
        let days: i64 = days.floor().to_string().parse().ok()?;
        let days = days - first;
        let (year, month, day) = civil(days);
        Some(format!("{year}年{month}月{day}日"))
    }
}

impl Format {
    /// A format that all workbooks have (ECMA-376, `numFmt`).
    fn built_in(id: u32) -> Self {
        match id {
            0 | 49 => Self::General,
            1 | 3 | 37 | 38 => Self::Decimals(0),
            2 | 4 | 39 | 40 => Self::Decimals(2),
            9 => Self::Percentage(0),
            10 => Self::Percentage(2),
            14..=22 | 27..=36 | 45..=47 | 50..=58 => Self::Date,
            _ => Self::Other,
        }
    }

    fn of_code(code: &str) -> Self {
        let mut plain = String::new();
        let mut signs = code.chars();
        while let Some(c) = signs.next() {
            match c {
                '"' => {
                    let _ = signs.by_ref().find(|c| *c == '"');
                }
                '[' => {
                    let _ = signs.by_ref().find(|c| *c == ']');
                }
                '\\' | '_' | '*' => {
                    signs.next();
                }
                // What follows is for numbers below zero.
                ';' => break,
                _ => plain.push(c.to_ascii_lowercase()),
            }
        }
        if plain.trim().is_empty() || plain.contains("general") || plain.contains('@') {
            return Self::General;
        }
        let is_date = plain.contains(['y', 'm', 'd', 'h', 's']);
        if is_date {
            return Self::Date;
        }
        let digit = |c: &char| matches!(c, '0' | '#' | '?');
        let (whole, places) = plain.split_once('.').unwrap_or((&plain, ""));
        let places = places.chars().take_while(digit).count();
        let is_scaled = plain.trim_end().ends_with(',') || whole.ends_with(',');
        match plain.contains('%') {
            true => Self::Percentage(places),
            false if plain.contains(['e', '/']) || is_scaled => Self::Other,
            false => Self::Decimals(places),
        }
    }
}

/// A number with as many digits as a workbook keeps.
fn number(value: f64) -> String {
    let rounded = format!("{value:.*e}", DIGITS - 1).parse::<f64>();
    rounded.unwrap_or(value).to_string()
}

/// The date of a day since 1970 (H. Hinnant, `civil_from_days`).
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_as_they_are_kept_or_said_not_to_be() {
        let of = |code: &str| Formats {
            formats: vec![Format::of_code(code)],
            since_1904: false,
        };
        for (written, code, text, is_formatted) in [
            ("7730.280000000001", "General", "7730.28", false),
            ("0.1", "", "0.1", false),
            ("1E3", "0", "1000", false),
            ("1234", "#,##0", "1234", false),
            ("7730.28", "#,##0.00_ ", "7730.28", false),
            ("7730.28", "0", "7730.28", true),
            ("97", "0\"件\"", "97", false),
            ("12345678901234567", "0", "12345678901234567", true),
            ("0.51851", "0.00%", "51.85%", true),
            ("45308", "yyyy\"年\"m\"月\"d\"日\"", "2024年1月17日", true),
            ("45351", "[$-804]m/d/yy;@", "2024年2月29日", true),
            ("1234567", "0,", "1234567", true),
            ("1e999", "0", "1e999", true),
            ("x", "0", "x", true),
        ] {
            let shown = of(code).shown(written, 0);
            assert_eq!(
                (shown.text.as_str(), shown.is_formatted),
                (text, is_formatted),
                "{written} {code}"
            );
        }
    }
}
