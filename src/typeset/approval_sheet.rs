//! The approval sheet before a copy for signing: the digest of the report as people and cameras read
//! it, and the findings that were waived.

use qrcode::{Color, EcLevel, QrCode};
use serde::Serialize;

use super::copy::{RenderJob, ReportCopy};
use super::fonts::Fonts;
use super::names;
use super::words::{Segmenter, Word};
use crate::diagnostic::{Diagnostic, Said, Severity};
use crate::error::Error;
use crate::report::rules;
use crate::source::Span;

/// The approval sheet as the layout reads it.
#[derive(Serialize)]
pub(super) struct ApprovalSheet {
    /// The digest of the report, in groups of four digits.
    digest: String,
    code: Code,
    year: u16,
    /// The agency, broken between the parts of names.
    agency: Vec<Word>,
    /// The signatories, if these are not the agency itself.
    signed: Option<Vec<Word>>,
    /// The findings that are accepted as published, with their reasons.
    waived: Vec<(String, Vec<Word>)>,
    /// The numbers of warnings and of notes that are not waived.
    standing: [usize; 2],
    duplex: bool,
}

/// A QR code of level M (ISO/IEC 18004) without its quiet zone.
#[derive(Serialize)]
struct Code {
    /// The modules per side.
    side: usize,
    /// The runs of dark modules: column, row and length.
    runs: Vec<[usize; 3]>,
}

impl ApprovalSheet {
    /// The sheet of a copy; `None` for a copy without one.
    pub(super) fn of(job: &RenderJob, segmenter: &Segmenter) -> Result<Option<Self>, Error> {
        let ReportCopy::Signing { duplex, .. } = *job.copy else {
            return Ok(None);
        };
        // Findings that stand behind one another for the same reason are one item.
        let waived = job.findings.iter();
        let waived =
            waived.filter_map(|found| Some((found.message.plain(), found.waived.as_deref()?)));
        let waived: Vec<(&str, &str)> = waived.collect();
        let alike = waived.chunk_by(|(_, one), (_, next)| one == next);
        let item = |(i, alike): (usize, &[(&str, &str)])| {
            let messages: Vec<&str> = alike.iter().map(|(message, _)| *message).collect();
            let (messages, reason) = (messages.join("；"), alike[0].1);
            let said = printed(&format!("{messages}。理由：{reason}"));
            (format!("{}.", i + 1), segmenter.words(&said))
        };
        let waived: Vec<_> = alike.enumerate().map(item).collect();
        let report = job.report;
        let names: Vec<&str> = report
            .signatories()
            .iter()
            .map(|name| &*name.text)
            .collect();
        let signed = Some(names.join("、")).filter(|names| *names != report.agency.text);
        let digest = report.digest(job.figures)?;
        Ok(Some(Self {
            digest: digest.grouped(),
            code: Code::of(&digest.to_string())?,
            year: report.year,
            agency: names::listed(&report.agency.text, segmenter),
            signed: signed.map(|names| names::listed(&names, segmenter)),
            waived,
            standing: [Severity::Warning, Severity::Note].map(|severity| {
                let standing = job.findings.iter().filter(|f| f.waived.is_none());
                standing.filter(|f| f.severity == severity).count()
            }),
            duplex,
        }))
    }
}

/// A message as it is printed: without the blanks that part Chinese from figures on a screen.
fn printed(message: &str) -> String {
    let mut printed = String::with_capacity(message.len());
    let mut characters = message.chars().peekable();
    while let Some(c) = characters.next() {
        let beside = [printed.chars().next_back(), characters.peek().copied()];
        let parts = beside.into_iter().flatten().any(|c| !c.is_ascii());
        if c != ' ' || !parts {
            printed.push(c);
        }
    }
    printed
}

/// The characters in waived findings and their reasons that cannot be drawn, as `missing-character`. All else
/// on the sheet is checked as part of the report.
pub(super) fn check(job: &RenderJob, fonts: &Fonts) -> Vec<Diagnostic> {
    if !job.copy.prints_findings() {
        return Vec::new();
    }
    let waivers = job.report.waivers.iter();
    let reasons = waivers.map(|waiver| (&*waiver.reason.text, waiver.reason.span));
    let waived = job.findings.iter().filter(|f| f.waived.is_some());
    let messages = waived.map(|finding| (finding.message.plain(), finding.labels[0].span));
    let missing = |(text, span): (&str, Span)| {
        let character = text.chars().find(|c| !fonts.draws_alone("body", *c))?;
        let code = u32::from(character);
        let message = Said::new(
            format!("审核签发单上的“{character}”（U+{code:04X}）没有字体可用"),
            format!("审核签发单上的“{character}”没有字体可用"),
        );
        Some(Diagnostic::new(rules::MISSING_CHARACTER, span, message).hint("换一个写法"))
    };
    reasons.chain(messages).filter_map(missing).collect()
}

impl Code {
    fn of(text: &str) -> Result<Self, Error> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M);
        let code = code.map_err(|e| Error::Export(e.to_string()))?;
        let side = code.width();
        let mut runs: Vec<[usize; 3]> = Vec::new();
        for (i, module) in code.to_colors().into_iter().enumerate() {
            let (x, y) = (i % side, i / side);
            match runs.last_mut() {
                _ if module == Color::Light => {}
                Some([start, row, length]) if *row == y && *start + *length == x => *length += 1,
                _ => runs.push([x, y, 1]),
            }
        }
        Ok(Self { side, runs })
    }
}
