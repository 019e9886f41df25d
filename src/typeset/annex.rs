//! An annex (附件): the line below the text that names it (GB/T 9704—2012, 7.3.4).

use crate::report::Report;

/// What the line that names an annex (附件说明, GB/T 9704—2012, 7.3.4) begins with.
pub(super) const ANNEX: &str = "附件：";

/// The title of the annex; none where there is no annex.
pub(super) fn annex_title(report: &Report) -> Option<String> {
    let annex = report.chapters().find(|chapter| chapter.section.annex)?;
    Some(report.heading(&annex))
}
