//! A range of report years.

use serde::{Deserialize, Deserializer, Serialize};

/// A range of report years, open at an end that is `None`. That of an edition has a first year; without a
/// last one the edition is in force.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct YearRange {
    /// The first year.
    pub from: Option<u16>,
    /// The last year.
    pub to: Option<u16>,
}

impl YearRange {
    /// Whether a year is in the range.
    #[must_use]
    pub fn contains(self, year: u16) -> bool {
        self.from.is_none_or(|from| from <= year) && self.to.is_none_or(|to| year <= to)
    }

    /// Whether a year is in both ranges.
    pub(super) fn meets(self, other: Self) -> bool {
        let from = self.from.max(other.from).unwrap_or_default();
        self.contains(from) && other.contains(from)
    }
}

/// The years of an edition: `{from, to}` with a first year.
impl<'de> Deserialize<'de> for YearRange {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Declared {
            from: u16,
            #[serde(default)]
            to: Option<u16>,
        }
        let Declared { from, to } = Declared::deserialize(reader)?;
        Ok(Self {
            from: Some(from),
            to,
        })
    }
}
