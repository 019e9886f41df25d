//! The names of the files of an archive, and what may be a name of a report in it.

use std::path::{Component, Path};

use crate::storage::OWN;

/// The ledger: JSON Lines, a line about its version first, then records sorted by path.
pub const MANIFEST: &str = "manifest.jsonl";
/// The statistics of the last run.
pub const RUN: &str = "run.json";
/// The page for people.
pub(crate) const PAGE: &str = "index.html";
/// The table for spreadsheets.
pub(crate) const TABLE: &str = "index.csv";
/// The cache of stamps, without which all PDFs are read once.
pub(crate) const SEEN: &str = ".nianbao/seen.json";

/// Whether an archive has a file or a folder of this name beside its PDFs.
pub(crate) fn is_own(name: &str) -> bool {
    [MANIFEST, PAGE, TABLE, RUN, OWN].contains(&name)
}

/// The path of a report's PDF below the archive's folder.
#[must_use]
pub fn pdf_path(report: &str) -> String {
    let stem = report.rsplit_once('.').map_or(report, |(stem, _)| stem);
    format!("{stem}.pdf")
}

/// Whether a path stays below the folder that it is joined to.
pub(crate) fn is_inside(path: &str) -> bool {
    let mut parts = Path::new(path).components();
    !path.is_empty() && parts.all(|part| matches!(part, Component::Normal(_)))
}
