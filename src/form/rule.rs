//! Balances (勾稽关系) that an edition declares between the rows or the columns of a table.

use serde::Deserialize;

/// A balance: `previous` + `add` − `subtract` = `equals`, where `previous` is taken from last year's
/// report. The keys name rows where it holds for each column, and columns where it holds for each
/// row that has them.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The id of the finding where it does not hold.
    pub id: String,
    /// What it holds for.
    pub each: Each,
    /// Keys that are added on one side.
    #[serde(default)]
    pub add: Vec<String>,
    /// Keys that are taken from that side.
    #[serde(default)]
    pub subtract: Vec<String>,
    /// Keys whose sum is the other side.
    pub equals: Vec<String>,
    /// A key of last year's report that is added on the first side.
    #[serde(default)]
    pub previous: Option<String>,
    /// What the decree calls the two sides.
    #[serde(default)]
    pub sides: Option<[String; 2]>,
    /// The sentence of the decree.
    #[serde(default)]
    pub law: Option<String>,
}

/// What a balance holds for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Each {
    /// Each column of the table; keys name rows.
    Column,
    /// Each row that has the columns; keys name columns.
    Row,
}

impl Rule {
    /// Every key that the rule speaks of.
    pub fn keys(&self) -> impl Iterator<Item = &String> {
        let lists = self.add.iter().chain(&self.subtract).chain(&self.equals);
        lists.chain(&self.previous)
    }
}
