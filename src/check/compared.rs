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

/// Other reports that a report could be compared with.
#[derive(Clone, Copy, Debug, Default)]
pub struct Compared {
    /// Whether the report of the year before was there.
    pub previous: bool,
    /// Whether the reports of all agencies below were there.
    pub agencies: bool,
}
