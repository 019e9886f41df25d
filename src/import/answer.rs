//! An import as it is told: the report file with its findings as comments, its figures, its counts.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::{Deserialize, Serialize};

use super::finding::{Finding, FindingKind};
use super::recognise::{Counts, Recognised};
use crate::authoring::{FieldRef, Places};
use crate::form::Language;
use crate::report::{IMPORT_MARK as MARK, field};
use crate::source::Source;

/// An import.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The report file, with its findings as comments.
    pub report: String,
    /// The agency; empty if it was not recognised.
    pub agency: String,
    /// The year; empty if it was not recognised.
    pub year: String,
    /// The edition.
    pub edition: String,
    /// What it consists of.
    pub counts: Counts,
    /// What is said about it.
    pub findings: Vec<Told>,
    /// Its figures.
    pub figures: Vec<Kept>,
}

/// A finding as it is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Its kind: `not-recognised`, `assumed`, `normalised`, `derived` or `left-out`.
    pub kind: String,
    /// What it is, in Chinese.
    pub message: String,
    /// Where it stands in the source, in Chinese.
    pub place: String,
    /// The line of the report file, from 1; `None` if it is about none.
    pub line: Option<usize>,
}

/// A figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// The name of its file.
    pub name: String,
    /// Its content, in Base64.
    pub content: String,
}

impl Kept {
    /// Its content.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        BASE64_STANDARD.decode(&self.content).unwrap_or_default()
    }
}

impl Answer {
    /// The answer with a report that was recognised, whose keys are of a language.
    #[must_use]
    pub fn new(recognised: &Recognised, language: Language) -> Self {
        let yaml = recognised.report.to_yaml(&recognised.form, language);
        let field = |field: field::Field| recognised.report.fields.get(field.key);
        let (report, lines) = annotated(&yaml.text, &yaml.places, &recognised.findings);
        let findings = recognised.findings.iter().zip(lines);
        let findings = findings.map(|(finding, line)| Told {
            kind: finding.kind.name().to_owned(),
            message: finding.message.clone(),
            place: finding.place.to_string(),
            line,
        });
        let figures = recognised.figures.iter().map(|(name, bytes)| Kept {
            name: name.clone(),
            content: BASE64_STANDARD.encode(bytes),
        });
        Self {
            agency: field(field::AGENCY).cloned().unwrap_or_default(),
            year: field(field::YEAR).cloned().unwrap_or_default(),
            edition: recognised.form.edition.clone(),
            counts: recognised.counts,
            findings: findings.collect(),
            figures: figures.collect(),
            report,
        }
    }

    /// Whether something was not recognised.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        let unknown = FindingKind::NotRecognised.name();
        self.counts.unknown > 0 || self.findings.iter().any(|found| found.kind == unknown)
    }

    /// What it consists of, in Chinese.
    #[must_use]
    pub fn summary(&self) -> String {
        let Counts {
            cells,
            read,
            noted,
            unknown,
            sections,
            paragraphs,
            figures,
        } = self.counts;
        let mut parts = vec![format!("{read} 格照原文")];
        for (count, said) in [(noted, "归整或推断"), (unknown, "没有认出")] {
            if count > 0 {
                parts.push(format!("{count} 格{said}"));
            }
        }
        let mut said = format!(
            "{cells} 格：{}；正文 {sections} 部分 {paragraphs} 段",
            parts.join("，")
        );
        if figures > 0 {
            said.push_str(&format!("；图 {figures} 幅"));
        }
        said
    }
}

/// A report file with its findings as comments, behind the lines that they are about or at its beginning; and the
/// line of each finding.
fn annotated(text: &str, places: &Places, findings: &[Finding]) -> (String, Vec<Option<usize>>) {
    let line_of = |field: &FieldRef| {
        let (_, span) = places.iter().find(|(own, _)| *own == field)?;
        Some(text[..span.start].matches('\n').count())
    };
    let lines: Vec<Option<usize>> = findings
        .iter()
        .map(|finding| {
            let wider = finding.field.iter().flat_map(wider);
            wider.into_iter().find_map(|field| line_of(&field))
        })
        .collect();
    let comment = |finding: &Finding| {
        let message: String = finding
            .message
            .chars()
            .filter(|c| !c.is_control())
            .collect();
        format!("{}：{message}（{}）", finding.kind.said(), finding.place)
    };
    let on = |line: Option<usize>| {
        let own = findings
            .iter()
            .zip(&lines)
            .filter(move |(_, own)| **own == line);
        own.map(|(finding, _)| comment(finding)).collect::<Vec<_>>()
    };
    let head = on(None);
    let above = head.len();
    let mut written: String = head.iter().map(|said| format!("{MARK}{said}\n")).collect();
    for (at, line) in text.lines().enumerate() {
        written.push_str(line);
        let said = on(Some(at));
        if !said.is_empty() {
            written.push_str(&format!("  {MARK}{}", said.join("；")));
        }
        written.push('\n');
    }
    let lines = lines.into_iter().map(|line| Some(line? + above + 1));
    (written, lines.collect())
}

/// A field, and those that it is a part of.
fn wider(field: &FieldRef) -> Vec<FieldRef> {
    let mut all = vec![field.clone()];
    match field {
        FieldRef::Cell { table, row, .. } => {
            let cell = |row: &Option<String>| FieldRef::Cell {
                table: table.clone(),
                row: row.clone(),
                column: None,
            };
            all.extend([cell(row), cell(&None)]);
        }
        FieldRef::TableText { text, .. } => all.extend([
            FieldRef::TableText {
                text: text.clone(),
                part: None,
            },
            FieldRef::Section {
                section: text.clone(),
            },
        ]),
        FieldRef::Titled { titled, .. } => all.push(FieldRef::Titled {
            titled: *titled,
            part: None,
        }),
        _ => {}
    }
    all
}

/// A report file without the comments that an import has left.
#[must_use]
pub fn without_comments(source: &Source) -> String {
    let text = source.text();
    let mut kept = String::new();
    let mut at = 0;
    for comment in source.comments() {
        if !text[comment.start..].starts_with(MARK) {
            continue;
        }
        let before = &text[at..comment.start];
        let line = before.trim_end_matches([' ', '\t']);
        kept.push_str(line);
        at = comment.end;
        // A comment on a line of its own goes with its line.
        if line.is_empty() && kept.is_empty()
            || line.ends_with('\n')
            || line.is_empty() && kept.ends_with('\n')
        {
            at += text[at..]
                .strip_prefix("\r\n")
                .map_or_else(|| usize::from(text[at..].starts_with('\n')), |_| 2);
        }
    }
    kept.push_str(&text[at..]);
    kept
}
