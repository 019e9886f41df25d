//! The reports that a report is compared with.

use crate::report::Report;
use crate::source::Source;

/// The report of the year before, and the file that it was read from.
#[derive(Clone, Copy, Debug)]
pub struct Previous<'a> {
    /// The file.
    pub source: &'a Source,
    /// The report.
    pub report: &'a Report,
}

/// The extent of the checks of a report: what there was to check, and to compare it with.
#[derive(Clone, Copy, Debug, Default)]
pub struct Compared {
    /// Whether the report of the year before was there.
    pub previous: bool,
    /// Whether the reports of all agencies below were there.
    pub agencies: bool,
    /// Whether the report itself is not whole: what was left out of it may have been what a rule finds.
    pub partial: bool,
}
