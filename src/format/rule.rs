//! Balances (勾稽关系) that an edition declares between the rows of a table.

use serde::Deserialize;

/// A balance between rows: `add` = `equals`, or last year's `previous` = this year's `equals`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The id of the finding where it does not hold.
    pub id: String,
    /// What it holds for.
    pub each: Each,
    /// Keys of the rows whose sum is one side.
    #[serde(default)]
    pub add: Vec<String>,
    /// Keys of the rows whose sum is the other side.
    pub equals: Vec<String>,
    /// Key of a row of last year's report, in place of `add`.
    #[serde(default)]
    pub previous: Option<String>,
    /// The sentence of the decree.
    #[serde(default)]
    pub law: Option<String>,
}

/// What a balance holds for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Each {
    /// Each column of the table.
    Column,
}

impl Rule {
    /// The keys of all rows that the rule speaks of.
    pub fn rows(&self) -> impl Iterator<Item = &String> {
        self.add.iter().chain(&self.equals).chain(&self.previous)
    }
}
