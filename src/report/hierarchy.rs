//! The agencies whose reports a government's report sums up: the file `hierarchy.yaml` of a folder.

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
    /// The government, then the agencies.
    pub fn members(&self) -> impl Iterator<Item = &Member> {
        std::iter::once(&self.government).chain(&self.agencies)
    }
}
