//! A declaration as it stands in `format.yaml`, before anything is derived from it or checked.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::balance_rule::BalanceRule;
use super::due::DueDates;
use super::earlier::Earlier;
use super::head::Head;
use super::measure::{Misplaced, Values};
use super::section::Section;
use super::years::YearRange;

/// An edition as declared.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DeclaredForm {
    pub edition: String,
    pub decree: String,
    #[serde(default)]
    pub years: Option<YearRange>,
    #[serde(default)]
    pub draft: bool,
    #[serde(default)]
    pub earlier: Option<Earlier>,
    #[serde(default)]
    pub shared: Shared,
    pub title: Vec<String>,
    #[serde(default)]
    pub due: Option<DueDates>,
    #[serde(default)]
    pub sections: Vec<Section>,
    #[serde(default, deserialize_with = "each_once")]
    pub tables: BTreeMap<String, DeclaredTable>,
}

/// A map without repeated keys: of two, YAML would silently take the last.
fn each_once<'de, D: Deserializer<'de>>(
    reader: D,
) -> Result<BTreeMap<String, DeclaredTable>, D::Error> {
    struct Once;
    impl<'de> Visitor<'de> for Once {
        type Value = BTreeMap<String, DeclaredTable>;
        fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
            f.write_str("tables by their keys")
        }
        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut found = BTreeMap::new();
            while let Some((key, table)) = map.next_entry::<String, DeclaredTable>()? {
                if found.contains_key(&key) {
                    return Err(A::Error::custom(format!("表“{key}”写了两次")));
                }
                found.insert(key, table);
            }
            Ok(found)
        }
    }
    reader.deserialize_map(Once)
}

/// The parts of an edition that other editions declare, by the names of those.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shared {
    /// The edition that declares its sections.
    #[serde(default)]
    pub sections: Option<String>,
    /// The edition that declares its due dates.
    #[serde(default)]
    pub due: Option<String>,
    /// The editions that declare its tables, by the key of the table.
    #[serde(default)]
    pub tables: BTreeMap<String, String>,
}

/// A table as declared, in one of four shapes: rows × columns; columns alone with one row of values;
/// blocks stacked in one frame; a list of rows above and below each other, with their units.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeclaredTable {
    /// The content of the table in a sentence, for readers who cannot see it.
    pub summary: String,
    /// Kind and units of its values.
    #[serde(default)]
    pub values: Values,
    /// The text in the corner above the row labels.
    #[serde(default)]
    pub corner: Option<String>,
    /// The tree of columns.
    #[serde(default)]
    pub columns: Vec<Head>,
    /// The tree of rows.
    #[serde(default)]
    pub rows: Vec<Head>,
    /// The labels of a list besides those of its rows and columns.
    #[serde(default)]
    pub list: Option<List>,
    /// The blocks.
    #[serde(default)]
    pub blocks: Vec<Block>,
    /// The balances between rows or columns.
    #[serde(default)]
    pub rules: Vec<BalanceRule>,
    /// Words for the things that are counted. If there are any, statements of the prose about the
    /// table are compared with it.
    #[serde(default)]
    pub counted: Vec<String>,
    #[serde(default, rename = "kind")]
    _kind: Misplaced,
    #[serde(default, rename = "unit")]
    _unit: Misplaced,
    #[serde(default, rename = "units")]
    _units: Misplaced,
}

/// One block of a table of blocks.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Block {
    /// Its key.
    pub key: String,
    /// The label over its whole width.
    pub title: String,
    /// The label over its row labels.
    pub stub: String,
    /// Kind and units of its values, if they differ from those of the table.
    #[serde(default)]
    pub values: Values,
    /// Its columns.
    pub columns: Vec<Head>,
    /// Its rows.
    pub rows: Vec<Head>,
    #[serde(default, rename = "kind")]
    _kind: Misplaced,
    #[serde(default, rename = "unit")]
    _unit: Misplaced,
    #[serde(default, rename = "units")]
    _units: Misplaced,
}

/// The labels of a list besides those of its rows and columns. Each label of its rows is a row,
/// whatever stands below it, with its unit beside it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct List {
    /// The label over the labels of rows.
    pub stub: String,
    /// The label over the units.
    pub unit: String,
    /// The text in place of unit and value beside a label that only groups.
    pub none: String,
}
