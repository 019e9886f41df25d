//! Balances (勾稽关系) that an edition declares between the rows or the columns of a table.

use serde::Deserialize;

/// A balance: `previous` + `add` − `subtract` = `equals`, with `previous` from last year's report. The keys
/// name rows if it holds for each column, and columns if it holds for each row that has them.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BalanceRule {
    /// The id of the finding if it does not hold.
    pub id: String,
    /// The cells for which it holds.
    pub each: Each,
    /// The keys that are added on one side.
    #[serde(default)]
    pub add: Vec<String>,
    /// The keys that are subtracted from that side.
    #[serde(default)]
    pub subtract: Vec<String>,
    /// The keys whose sum is the other side.
    pub equals: Vec<String>,
    /// The key of last year's report that is added on the first side.
    #[serde(default)]
    pub previous: Option<String>,
    /// The names of the two sides in the decree.
    #[serde(default)]
    pub sides: Option<[String; 2]>,
    /// The sentence of the decree.
    #[serde(default)]
    pub law: Option<String>,
}

/// The range of a balance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Each {
    /// Each column of the table; the keys name rows.
    Column,
    /// Each row that has the columns; the keys name columns.
    Row,
}

impl BalanceRule {
    /// All keys of the rule.
    pub fn keys(&self) -> impl Iterator<Item = &String> {
        let lists = self.add.iter().chain(&self.subtract).chain(&self.equals);
        lists.chain(&self.previous)
    }
}
