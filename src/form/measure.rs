//! Kinds and units of values.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Error, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// The kind of a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CellKind {
    /// A number of things: an integer from 0.
    #[default]
    Count,
    /// An amount of money in the declared unit: a decimal from 0, kept as written.
    Amount,
    /// An amount of money with the unit that is written behind it, kept as written.
    AmountWithUnit,
    /// An increase or decrease: an integer with its sign, kept as written.
    Change,
}

/// The largest unit in terms of another, so that no amount is too large to compare.
const LARGEST: u64 = 1_000_000_000_000;

/// Kind and units of values as a table, a block, a row or a column declares them (`values`). Omitted fields
/// are those of the whole.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Values {
    /// The kind.
    #[serde(default)]
    pub kind: Option<CellKind>,
    /// The unit; of amounts with units of their own, the one that those are expressed in.
    #[serde(default)]
    pub unit: Option<String>,
    /// The units that may be written, in terms of `unit`.
    #[serde(default)]
    pub units: BTreeMap<String, u64>,
}

/// A field of [`Values`] outside of `values`, as older declarations had it: an error at that place.
#[derive(Clone, Debug, Default)]
pub(super) struct Misplaced;

/// The instruction for a misplaced field.
const NESTED: &str = "kind、unit 和 units 写在 values 之下，如 values: {kind: amount, unit: 万元}";

impl<'de> Deserialize<'de> for Misplaced {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        struct Refusal;
        impl<'de> Visitor<'de> for Refusal {
            type Value = Misplaced;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str(NESTED)
            }
            fn visit_str<E: Error>(self, _: &str) -> Result<Misplaced, E> {
                Err(E::custom(NESTED))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Misplaced, A::Error> {
                map.next_entry::<IgnoredAny, IgnoredAny>()?;
                Err(A::Error::custom(NESTED))
            }
        }
        reader.deserialize_any(Refusal)
    }
}

/// Kind and units of the values of a row, a column or a whole table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Measure {
    /// The kind.
    pub kind: CellKind,
    /// The unit; of amounts with units of their own, the one that those are expressed in.
    pub unit: Option<String>,
    /// The units that may be written, in terms of `unit`.
    pub units: BTreeMap<String, u64>,
}

impl Measure {
    /// The measure of a part, whose own declaration is `values`.
    pub(super) fn with(&self, values: &Values) -> Self {
        let Values { kind, unit, units } = values;
        let kind = kind.unwrap_or(self.kind);
        // Units that may be written are of no other kind than their own.
        let inherited = units.is_empty() && kind == self.kind;
        Self {
            kind,
            unit: unit.as_ref().or(self.unit.as_ref()).cloned(),
            units: if inherited { &self.units } else { units }.clone(),
        }
    }

    /// The units that may be written, the smallest first.
    #[must_use]
    pub fn known_units(&self) -> Vec<&str> {
        let mut units: Vec<_> = self.units.iter().collect();
        units.sort_by_key(|(_, factor)| **factor);
        units.into_iter().map(|(unit, _)| unit.as_str()).collect()
    }

    /// Checks that units are declared if and only if they are written.
    pub(super) fn check(&self) -> Result<(), String> {
        let with_unit = self.kind == CellKind::AmountWithUnit;
        if with_unit == self.units.is_empty() {
            return Err("units 与 kind: amount-with-unit 应同时写".to_owned());
        }
        if with_unit && self.unit.as_ref().and_then(|unit| self.units.get(unit)) != Some(&1) {
            return Err("units 中应有 unit 所写的单位，折算为 1".to_owned());
        }
        if self
            .units
            .values()
            .any(|factor| !(1..=LARGEST).contains(factor))
        {
            return Err(format!("units 的折算数应为 1 至 {LARGEST}"));
        }
        Ok(())
    }
}
