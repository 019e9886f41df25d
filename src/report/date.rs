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

impl Date {
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
