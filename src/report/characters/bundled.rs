//! The characters that the bundled fonts draw, as data of the program.

use std::sync::LazyLock;

use super::{Coverage, Printed};

/// The coverage of the bundled fonts, which a test holds to them: lines `role KEY TERM`, then for each set of
/// roles that draw the same characters a line of their ranges.
const TABLE: &str = include_str!("coverage.txt");

static BUNDLED: LazyLock<BundledCoverage> = LazyLock::new(|| BundledCoverage::parse(TABLE));

/// The coverage of the bundled fonts.
#[must_use]
pub fn bundled_coverage() -> &'static BundledCoverage {
    &BUNDLED
}

/// The characters that the bundled fonts of each role draw.
#[derive(Debug)]
pub struct BundledCoverage {
    /// The key and the term of each role.
    roles: Vec<(&'static str, &'static str)>,
    /// The characters of each role that were looked up.
    printed: Vec<Printed>,
    /// The first and the last character of each range, in order, and the roles that draw it: a bit for each.
    ranges: Vec<(u32, u32, u8)>,
}

impl BundledCoverage {
    fn parse(table: &'static str) -> Self {
        let mut roles = Vec::new();
        let mut ranges = Vec::new();
        for line in table.lines().filter(|line| !line.starts_with('#')) {
            if let Some(role) = line.strip_prefix("role ") {
                roles.extend(role.split_once(' '));
            } else if let Some((keys, listed)) = line.split_once(": ") {
                let bits = keys.split(',').map(|key| bit(&roles, key));
                let bits = bits.fold(0, |all, bit| all | bit);
                let parsed = listed.split(' ').filter_map(|range| {
                    let (first, last) = range.split_once('-').unwrap_or((range, range));
                    let [first, last] = [first, last].map(|code| u32::from_str_radix(code, 16));
                    Some((first.ok()?, last.ok()?, bits))
                });
                ranges.extend(parsed);
            }
        }
        ranges.sort_unstable();
        let printed = roles.iter().map(|_| Printed::default()).collect();
        Self {
            roles,
            printed,
            ranges,
        }
    }
}

/// The bit of a role; none for what is no role.
fn bit(roles: &[(&str, &str)], key: &str) -> u8 {
    let at = roles.iter().position(|role| role.0 == key);
    at.map_or(0, |at| 1 << at)
}

impl Coverage for BundledCoverage {
    fn prints(&self, role: &str, character: char) -> bool {
        let code = u32::from(character);
        let after = self.ranges.partition_point(|(first, ..)| *first <= code);
        let range = after.checked_sub(1).map(|at| self.ranges[at]);
        range.is_some_and(|(_, last, bits)| code <= last && bits & bit(&self.roles, role) != 0)
    }

    fn printed(&self, role: &str) -> Option<&Printed> {
        let at = self.roles.iter().position(|(key, _)| *key == role)?;
        self.printed.get(at)
    }

    fn term<'a>(&'a self, role: &'a str) -> &'a str {
        let found = self.roles.iter().find(|(key, _)| *key == role);
        found.map_or(role, |(_, term)| term)
    }
}
