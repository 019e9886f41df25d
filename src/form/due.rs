//! The dates until which reports are to be published.

use serde::de::Error;
use serde::{Deserialize, Deserializer};

/// The dates of issue that the law allows, by the kind of the agency, which its name tells.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DueDates {
    /// The clause of the law.
    pub law: String,
    /// Words of names that leave the kind of the agency open.
    #[serde(default)]
    pub unclear: Vec<String>,
    /// The dates; the first one whose kind of agency is told by a name is the one for it.
    pub dates: Vec<DueDate>,
}

/// A last date of issue.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DueDate {
    /// The last day, in the year after the report's.
    pub by: DayOfYear,
    /// The endings of the names of the agencies that it is for; empty if it is for all.
    #[serde(default)]
    pub agencies: Vec<String>,
}

/// A day of any year, written `01-31`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DayOfYear {
    /// The month, 1 to 12.
    pub month: u8,
    /// The day, 1 to 31.
    pub day: u8,
}

impl DueDates {
    /// The last day of issue of a report of that agency; `None` if its name does not tell its kind.
    #[must_use]
    pub fn of(&self, agency: &str) -> Option<DayOfYear> {
        // A second name in brackets stands behind the one that tells the kind.
        let bracketed = agency.strip_suffix(['）', ')']);
        let name = bracketed.and_then(|rest| Some(rest.rsplit_once(['（', '('])?.0));
        let name = name.unwrap_or(agency);
        if self.unclear.iter().any(|word| name.contains(word.as_str())) {
            return None;
        }
        let is_for = |due: &&DueDate| {
            let ends = |ending: &String| name.ends_with(ending.as_str());
            due.agencies.is_empty() || due.agencies.iter().any(ends)
        };
        self.dates.iter().find(is_for).map(|due| due.by)
    }
}

impl<'de> Deserialize<'de> for DayOfYear {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        let written = String::deserialize(reader)?;
        let number = |text: &str| {
            let plain = text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit());
            text.parse().ok().filter(|_| plain)
        };
        let parts = written.split_once('-');
        let parts = parts.and_then(|(month, day)| Some((number(month)?, number(day)?)));
        let found = parts.filter(|(month, day)| (1..=12).contains(month) && (1..=31).contains(day));
        let (month, day) =
            found.ok_or_else(|| D::Error::custom(format!("“{written}”不是月日，写作 01-31")))?;
        Ok(Self { month, day })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_kind_that_a_name_tells_has_its_date() {
        let text = "law: 法\nunclear: [国家]\ndates: [{by: 03-31, agencies: [县人民政府]}, {by: 01-31, agencies: [府, 局]}]";
        let due: DueDates = serde_yaml::from_str(text).unwrap();
        let day = |agency| due.of(agency).map(|by| (by.month, by.day));
        assert_eq!(day("甲县人民政府"), Some((3, 31)));
        assert_eq!(day("甲镇人民政府"), Some((1, 31)));
        assert_eq!(day("甲县林业局（甲县绿化办）"), Some((1, 31)));
        assert_eq!(day("国家某某局"), None);
        assert_eq!(day("甲县医院"), None);
        assert_eq!(day("县人民政府办公"), None);
        let all: DueDates = serde_yaml::from_str("law: 法\ndates: [{by: 03-31}]").unwrap();
        assert!(all.of("").is_some());
        for wrong in ["13-01", "1-31", "01-32", "00-10", "0131", "+1-01"] {
            assert!(
                serde_yaml::from_str::<DayOfYear>(&format!("\"{wrong}\"")).is_err(),
                "{wrong}"
            );
        }
    }
}
