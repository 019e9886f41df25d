//! What a value is, and in which unit.

use std::collections::BTreeMap;

use serde::Deserialize;

/// What a value is.
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
    /// By how many more or fewer: an integer with its sign, kept as written.
    Change,
}

/// The largest unit in terms of another, so that no amount is too large to compare.
const LARGEST: u64 = 1_000_000_000_000;

/// What the values of a row, a column or a whole table are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Measure {
    /// What they are.
    pub kind: CellKind,
    /// Their unit; of amounts with their own, the one that those are told in.
    pub unit: Option<String>,
    /// The units that may be written, in terms of `unit`.
    pub units: BTreeMap<String, u64>,
}

impl Measure {
    /// The same but for what is declared of a part.
    pub(super) fn with(
        &self,
        kind: Option<CellKind>,
        unit: Option<&String>,
        units: &BTreeMap<String, u64>,
    ) -> Self {
        let kind = kind.unwrap_or(self.kind);
        // Units that may be written are of no other kind than their own.
        let inherited = units.is_empty() && kind == self.kind;
        Self {
            kind,
            unit: unit.or(self.unit.as_ref()).cloned(),
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

    /// What is wrong with it.
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
