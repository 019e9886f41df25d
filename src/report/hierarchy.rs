//! Which agencies a government's report sums up: the file `hierarchy.yaml` of a folder.

use super::Text;

/// A government and its agencies, by the folders that their reports stand in.
#[derive(Clone, Debug)]
pub struct Hierarchy {
    /// The government.
    pub government: Member,
    /// Its agencies.
    pub agencies: Vec<Member>,
    /// The years for which reports are expected; without it, those for which any is there.
    pub years: Option<Term>,
}

/// One agency of a hierarchy.
#[derive(Clone, Debug)]
pub struct Member {
    /// The folder of its reports, below the folder of the file.
    pub folder: Text,
    /// The years in which it reports.
    pub term: Term,
}

/// A range of years, open where it has no end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Term {
    /// The first year.
    pub from: Option<u16>,
    /// The last year.
    pub to: Option<u16>,
}

impl Term {
    /// Whether a year is in the range.
    #[must_use]
    pub fn contains(self, year: u16) -> bool {
        self.from.is_none_or(|from| from <= year) && self.to.is_none_or(|to| year <= to)
    }
}

impl Hierarchy {
    /// The government, then the agencies.
    pub fn members(&self) -> impl Iterator<Item = &Member> {
        std::iter::once(&self.government).chain(&self.agencies)
    }
}
