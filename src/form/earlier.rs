//! What was otherwise in an earlier transcription of a form.
//!
//! Digests of reports stand on signed paper, and a corrected title or year moves them. So a correction keeps
//! what it replaced: [`Editions::earlier`](super::Editions::earlier) reads reports as they were read before.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::years::YearRange;

/// What an edition had otherwise before it was corrected. Fields that are left out were as they are.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Earlier {
    /// The titles of sections, by their keys.
    #[serde(default)]
    pub titles: BTreeMap<String, String>,
    /// The report years that it was for. No other edition was for them.
    #[serde(default)]
    pub years: Option<YearRange>,
}
