//! The ledger of an archive: what each PDF is and what it was made from. No clock is in it, so that
//! two archives can be compared by `diff`.

use std::collections::BTreeMap;
use std::path::{Component, Path};

use serde::{Deserialize, Serialize};

use crate::archive::sources::Why;
use crate::diagnostic::{self, Diagnostic, Severity};
use crate::digest::Digest;
use crate::error::Error;
use crate::pipeline::render::Setting;
use crate::storage::store::{Found, Output};

/// The name of the ledger in an archive: JSON Lines, sorted by path.
pub const MANIFEST: &str = "manifest.jsonl";

/// The records of an archive, by the paths of their reports.
pub type Records = BTreeMap<String, Record>;

/// One report in the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The path of the report below the folder of sources, parted by `/`.
    pub path: String,
    /// What became of it.
    pub state: State,
    /// The agency that reports, as far as it is known.
    pub agency: Option<String>,
    /// The year reported on.
    pub year: Option<u16>,
    /// The edition of the form.
    pub edition: Option<String>,
    /// How many findings there were in the last examination.
    pub findings: Counts,
    /// The digest of what the findings depend on beside the report and the engine: how strict the
    /// checks were, and the reports that it was compared with.
    pub checks: Option<Digest>,
    /// Why the report as it is now could not be made.
    pub failure: Option<Failure>,
    /// What the PDF was made from.
    pub made_from: Option<Inputs>,
    /// The PDF that stands in the archive.
    pub pdf: Option<Pdf>,
}

impl Record {
    /// Why the report could not be made; nothing where it could.
    #[must_use]
    pub fn reason(&self) -> &str {
        let failure = self.failure.as_ref();
        failure.map_or("", |failure| &failure.reason)
    }

    /// The digest of the report that it tells of, where that could be read.
    #[must_use]
    pub fn report(&self) -> Option<Digest> {
        match &self.failure {
            Some(failure) => failure.report,
            None => self.made_from.as_ref().map(|inputs| inputs.report),
        }
    }
}

/// What became of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// The PDF is what the report gives.
    Made,
    /// There is no PDF, because the report cannot be made.
    Failed,
    /// The PDF is what the report gave before it changed; now it cannot be made.
    Stale,
    /// The PDF is there, and its report is gone.
    Orphan,
}

/// The number of findings by severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// Notes.
    pub notes: usize,
}

impl Counts {
    pub(crate) fn of(findings: &[Diagnostic]) -> Self {
        Self {
            errors: diagnostic::count(findings, Severity::Error),
            warnings: diagnostic::count(findings, Severity::Warning),
            notes: diagnostic::count(findings, Severity::Note),
        }
    }
}

/// Why a report could not be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Failure {
    /// The digest of the report that fails; none where it cannot be read.
    pub report: Option<Digest>,
    /// The first error with its place, or what went wrong with the machine.
    pub reason: String,
}

/// Everything that shapes the bytes of a PDF.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inputs {
    /// The digest of the report file.
    pub report: Digest,
    /// The digests of its figures, by their paths as written.
    pub figures: BTreeMap<String, Digest>,
    /// The digest of the layout of its edition.
    pub layout: Digest,
    /// The digest of the fonts.
    pub fonts: Digest,
    /// The digest of what the program is made from.
    pub engine: Digest,
    /// What was asked for.
    pub options: String,
}

impl Inputs {
    pub(crate) fn new(report: Digest, figures: Vec<(String, Digest)>, setting: Setting) -> Self {
        Self {
            report,
            figures: figures.into_iter().collect(),
            layout: setting.layout,
            fonts: setting.fonts,
            engine: setting.engine,
            options: setting.options,
        }
    }

    /// What is another now, beside the report and its figures.
    pub(crate) fn change(&self, setting: &Setting) -> Option<Why> {
        let changes = [
            (self.layout != setting.layout, Why::Layout),
            (self.fonts != setting.fonts, Why::Fonts),
            (self.engine != setting.engine, Why::Engine),
            (self.options != setting.options, Why::Options),
        ];
        let changed = |(changed, why): (bool, Why)| changed.then_some(why);
        changes.into_iter().find_map(changed)
    }
}

/// A PDF in the archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pdf {
    /// The digest of its bytes.
    pub digest: Digest,
    /// Its size in bytes.
    pub bytes: u64,
    /// How many pages it has.
    pub pages: usize,
}

/// Whether a PDF is what the ledger says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    Same,
    Missing,
    Altered,
    /// Nobody can tell now.
    Unknown,
}

impl Pdf {
    /// Whether this is what stands under a name. `known` tells of a file that is there, and of the right
    /// size, whether it need not be read.
    pub(crate) fn standing(
        &self,
        output: &dyn Output,
        name: &str,
        known: impl FnOnce(&Found) -> bool,
    ) -> Standing {
        let found = match output.found(name) {
            Ok(Some(found)) => found,
            Ok(None) => return Standing::Missing,
            Err(_) => return Standing::Unknown,
        };
        if found.bytes != Some(self.bytes) {
            return Standing::Altered;
        }
        if known(&found) {
            return Standing::Same;
        }
        match output.digest(name) {
            Ok(digest) if digest == self.digest => Standing::Same,
            Ok(_) => Standing::Altered,
            Err(_) => Standing::Unknown,
        }
    }
}

/// Where the PDF of a report stands below the archive's folder.
#[must_use]
pub fn pdf_path(report: &str) -> String {
    let stem = report.rsplit_once('.').map_or(report, |(stem, _)| stem);
    format!("{stem}.pdf")
}

/// Reads the ledger of an archive; none is an empty one. Of the reports that an interrupted run made,
/// and of those whose PDFs it removed, the journal has records: each is true if what stands there is
/// what it tells of.
///
/// # Errors
/// When a file cannot be read, or a line is no record.
pub fn read(output: &dyn Output) -> Result<Records, Error> {
    let text = output.content(MANIFEST)?;
    let mut records = Records::new();
    for (i, line) in text.split_inclusive(|byte| *byte == b'\n').enumerate() {
        let record = record(line).map_err(|cause| Error::Ledger {
            path: output.path(MANIFEST),
            line: i + 1,
            cause,
        })?;
        records.insert(record.path.clone(), record);
    }
    let head = head(&text);
    for journal in output.journals()? {
        let Some(journal) = journal.strip_prefix(head.as_bytes()) else {
            continue; // it follows another ledger, which this one has replaced
        };
        let lines = journal.split_inclusive(|byte| *byte == b'\n');
        // The last line may be torn.
        for record in lines.filter_map(|line| record(line).ok()) {
            let name = pdf_path(&record.path);
            match record.pdf {
                Some(pdf) if pdf.standing(output, &name, |_| false) == Standing::Same => {
                    records.insert(record.path.clone(), record);
                }
                None if output.found(&name)?.is_none() => {
                    records.remove(&record.path);
                }
                _ => {}
            }
        }
    }
    Ok(records)
}

/// The first line of a journal: which ledger it follows.
pub(crate) fn head(manifest: &[u8]) -> String {
    format!("{{\"follows\":\"{}\"}}\n", Digest::of(manifest))
}

/// The ledger as it is written.
pub(crate) fn text(records: &Records) -> String {
    records.values().map(line).collect()
}

/// A record as a line.
pub(crate) fn line(record: &Record) -> String {
    let mut line = serde_json::to_string(record).unwrap_or_default();
    line.push('\n');
    line
}

/// Whether there is an archive at all.
pub(crate) fn is_there(output: &dyn Output) -> Result<bool, Error> {
    Ok(output.found(MANIFEST)?.is_some() || !output.journals()?.is_empty())
}

/// Whether a path stays below the folder that it is joined to.
pub(crate) fn is_inside(path: &str) -> bool {
    let mut parts = Path::new(path).components();
    !path.is_empty() && parts.all(|part| matches!(part, Component::Normal(_)))
}

/// A line as a record. Its path stays below the archive, since files are removed by it.
fn record(line: &[u8]) -> serde_json::Result<Record> {
    let record: Record = serde_json::from_slice(line)?;
    if !is_inside(&record.path) {
        let fault = format!("{} is no path below the archive", record.path);
        return Err(serde::de::Error::custom(fault));
    }
    Ok(record)
}
