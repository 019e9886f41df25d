//! A plan in parts, for engines that start so many processes and give each a number.

use std::fmt;
use std::str::FromStr;

use crate::digest::Digest;

/// A part of a plan: those reports whose paths fall into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shard {
    index: u64,
    count: u64,
}

impl Default for Shard {
    /// All of it.
    fn default() -> Self {
        Self { index: 0, count: 1 }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.count)
    }
}

impl FromStr for Shard {
    type Err = String;

    /// Reads `K/N`, K from 0.
    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('/');
        let parts =
            parts.and_then(|(index, count)| Some((index.parse().ok()?, count.parse().ok()?)));
        let shard = parts.map(|(index, count)| Self { index, count });
        let shard = shard.filter(|shard| shard.index < shard.count && shard.count <= 1_000_000);
        shard.ok_or_else(|| "K/N with K from 0 to N - 1, and N at most 1000000".to_owned())
    }
}

impl Shard {
    /// Whether a report falls into the part. That depends on its path alone, so that it stays in its part
    /// when others come and go.
    #[must_use]
    pub fn takes(self, path: &str) -> bool {
        let digest = Digest::of(path.as_bytes()).to_string();
        let number = u64::from_str_radix(&digest[..16], 16).unwrap_or_default();
        number % self.count == self.index
    }

    /// All parts of the same plan.
    pub(crate) fn all(self) -> impl Iterator<Item = Self> {
        (0..self.count).map(move |index| Self { index, ..self })
    }
}
