//! What a page says of its report to programs, in the words of schema.org.

use serde_json::json;

use crate::report::Printout;

/// The report as JSON-LD, safe within a `script` element.
pub(super) fn json_ld(printout: &Printout, about: &str) -> String {
    let mut data = json!({
        "@context": "https://schema.org",
        "@type": "Report",
        "name": about,
        "inLanguage": "zh-CN",
        "author": { "@type": "GovernmentOrganization", "name": printout.agency },
        "temporalCoverage": printout.year.to_string(),
    });
    if let Some(date) = printout.issued {
        data["datePublished"] = date.to_string().into();
    }
    // Nothing in it ends the element or begins a comment.
    data.to_string().replace('<', "\\u003c")
}
