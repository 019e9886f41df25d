//! Findings in SARIF 2.1.0, the exchange format of static analysers.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_sarif::sarif::{
    ArtifactLocation, Location, Message, MultiformatMessageString, PhysicalLocation, Region,
    ReportingConfiguration, ReportingDescriptor, Result as Found, ResultLevel, Run, Sarif, Tool,
    ToolComponent,
};

use super::place::Place;
use super::{Diagnostic, Label, Rule, Severity};
use crate::source::Source;

/// The place of the results in a document without any.
const RESULTS: &str = r#""results":["#;

/// The bytes of a path that a URI has to encode: all but slashes and those that RFC 3986 calls unreserved.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/');

/// A rule as SARIF lists it (`reportingDescriptor`).
#[derive(Clone, Copy, Debug)]
pub struct Descriptor<'a> {
    /// The rule.
    pub rule: Rule,
    /// A summary of its findings, in one line.
    pub summary: &'a str,
    /// Its documentation (Markdown).
    pub help: &'a str,
}

/// The document up to its results, and the rest behind them.
#[must_use]
pub fn frame<'a>(rules: impl Iterator<Item = Descriptor<'a>>) -> (String, String) {
    let descriptor = |described: Descriptor| {
        ReportingDescriptor::builder()
            .id(described.rule.id)
            .short_description(plain(described.summary))
            .help(
                MultiformatMessageString::builder()
                    .text(described.help)
                    .markdown(described.help)
                    .build(),
            )
            .default_configuration(
                ReportingConfiguration::builder()
                    .level(serde_json::Value::from(word(described.rule.severity)))
                    .build(),
            )
            .build()
    };
    let driver = ToolComponent::builder()
        .name(env!("CARGO_PKG_NAME"))
        .version(env!("CARGO_PKG_VERSION"))
        .language("zh-CN")
        .rules(rules.map(descriptor).collect::<Vec<_>>())
        .build();
    let run = Run::builder()
        .tool(Tool::builder().driver(driver).build())
        .column_kind(serde_json::Value::from("unicodeCodePoints"))
        .results(Vec::new())
        .build();
    let document = Sarif::builder()
        .schema("https://json.schemastore.org/sarif-2.1.0.json")
        .version(serde_json::Value::from("2.1.0"))
        .runs(vec![run])
        .build();
    let text = serde_json::to_string(&document).expect("a SARIF document is JSON");
    let (head, tail) = text.split_once(RESULTS).unwrap_or((&text, ""));
    (format!("{head}{RESULTS}"), tail.to_owned())
}

/// The results of one file, separated by commas.
#[must_use]
pub fn results(findings: &[Diagnostic], source: &Source) -> String {
    let uri = uri(&source.path().display().to_string());
    let location = |label: &Label| {
        let place = Place::of(label.span, source);
        let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let region = Region::builder()
            .start_line(number(place.line))
            .start_column(number(place.column))
            .end_line(number(place.end_line))
            .end_column(number(place.end_column))
            .build();
        let physical = PhysicalLocation::builder()
            .artifact_location(ArtifactLocation::builder().uri(uri.as_str()).build())
            .region(region)
            .build();
        let mut location = Location::builder().physical_location(physical).build();
        location.message = (!label.text.is_empty()).then(|| text(&label.text));
        location
    };
    let result = |finding: &Diagnostic| {
        let (own, others) = finding.labels.split_at(finding.labels.len().min(1));
        let law = finding.law.iter().map(|law| format!("\n依据：{law}"));
        let hints = finding.hints.iter().map(|hint| format!("\n提示：{hint}"));
        let message: String = std::iter::once(finding.message.to_string())
            .chain(law)
            .chain(hints)
            .collect();
        let mut result = Found::builder()
            .rule_id(finding.rule.id)
            .level(match finding.severity {
                Severity::Error => ResultLevel::Error,
                Severity::Warning => ResultLevel::Warning,
                Severity::Note => ResultLevel::Note,
            })
            .message(text(&message))
            .locations(own.iter().map(location).collect::<Vec<_>>())
            .build();
        let related: Vec<Location> = others.iter().map(location).collect();
        result.related_locations = (!related.is_empty()).then_some(related);
        serde_json::to_string(&result).expect("a SARIF result is JSON")
    };
    let results: Vec<String> = findings.iter().map(result).collect();
    results.join(",\n")
}

fn text(text: &str) -> Message {
    Message::builder().text(text).build()
}

fn plain(text: &str) -> MultiformatMessageString {
    MultiformatMessageString::builder().text(text).build()
}

/// The level of a severity, where the crate has no type for it.
fn word(severity: Severity) -> String {
    severity.to_string()
}

/// A path as a URI reference (RFC 3986).
fn uri(path: &str) -> String {
    let root = if path.starts_with('/') { "file://" } else { "" };
    let path = path.replace('\\', "/");
    format!("{root}{}", utf8_percent_encode(&path, PATH))
}
