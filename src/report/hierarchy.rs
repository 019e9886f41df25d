//! The agencies whose reports a government's report sums up: the file `hierarchy.yaml` of a folder.

use std::collections::BTreeSet;

use super::Text;
use crate::form::YearRange;

/// A government and its agencies, by the folders of their reports.
#[derive(Clone, Debug)]
pub struct Hierarchy {
    /// The government.
    pub government: Member,
    /// Its agencies.
    pub agencies: Vec<Member>,
    /// The years for which reports are expected; `None` for those for which there is any.
    pub years: Option<YearRange>,
}

/// One agency of a hierarchy.
#[derive(Clone, Debug)]
pub struct Member {
    /// The folder of its reports, below the folder of the file.
    pub folder: Text,
    /// The years in which it reports.
    pub term: YearRange,
}

impl Hierarchy {
    /// The years, of each member in order, for which a report is expected and missing: the declared years, or else
    /// those for which any member has one, within the term of the member. `filed` are the years of each member,
    /// `None` if its folder is missing.
    #[must_use]
    pub fn missing(&self, filed: &[Option<BTreeSet<u16>>]) -> Vec<Vec<u16>> {
        let all: BTreeSet<u16> = filed.iter().flatten().flatten().copied().collect();
        let years = self.years.unwrap_or_default();
        let first = years.from.or(all.first().copied());
        let last = years.to.or(all.last().copied());
        let expected: Vec<u16> = match first.zip(last) {
            Some((first, last)) if self.years.is_some() => (first..=last).collect(),
            _ => all.into_iter().collect(),
        };
        let of = |(member, filed): (&Member, &Option<BTreeSet<u16>>)| {
            let has = |year: &u16| filed.as_ref().is_some_and(|filed| filed.contains(year));
            let due = |year: &u16| member.term.contains(*year) && !has(year);
            expected.iter().copied().filter(due).collect()
        };
        self.members().zip(filed).map(of).collect()
    }

    /// The government, then the agencies.
    pub fn members(&self) -> impl Iterator<Item = &Member> {
        std::iter::once(&self.government).chain(&self.agencies)
    }
}
