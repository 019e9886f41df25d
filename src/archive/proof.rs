//! The proof of one record of the ledger: what it says is derived again and compared, whatever its state.
//!
//! What a record says follows from its report and from what that is compared with, and is derived by the function
//! that a run has for it. Of a report that is gone, or that cannot be made any more, a PDF stands that nothing there
//! can give: it is proved by the report in it, if it has one, and else it is unproven.

use std::collections::BTreeMap;
use std::io::ErrorKind;

use crate::archive::builder::ReportBuilder;
use crate::archive::context::ArchiveContext;
use crate::archive::file_fault::{FileFault, differences};
use crate::archive::names::pdf_path;
use crate::archive::record::{Pdf, Record, Records, State};
use crate::archive::sources::{Entry, Sources};
use crate::archive::standing::Standing;
use crate::archive::stat_cache::StatCache;
use crate::digest::Digest;
use crate::error::Error;
use crate::pipeline::{Examiner, MAX_PDF_BYTES, PdfFault, Renderer, guarded, has_report};
use crate::source::Source;
use crate::storage::ArchiveStore;

/// The means by which records and their PDFs are derived again.
#[derive(Clone, Copy)]
pub struct Rebuild<'a> {
    /// The examiners of the policies that reports may have been made under, of which the record tells one; the
    /// first where it tells none.
    pub examiners: &'a [Examiner],
    /// The maker of PDFs.
    pub renderer: &'a dyn Renderer,
}

/// All that records are compared with.
pub(super) struct Proof<'a> {
    pub(super) output: &'a dyn ArchiveStore,
    pub(super) sources: Option<&'a Sources>,
    /// The reports of the sources by path.
    pub(super) entries: BTreeMap<&'a str, &'a Entry>,
    pub(super) rebuild: Option<Rebuild<'a>>,
    pub(super) cache: &'a StatCache,
}

/// What is known of a record after its proof.
#[derive(Debug, Default)]
pub(super) struct Proved {
    pub(super) faults: Vec<FileFault>,
    /// Whether the PDF was made again.
    pub(super) rebuilt: bool,
    /// Whether nothing there can give the PDF.
    pub(super) unproven: bool,
}

/// The record of a PDF as the report in it gives it.
enum FromItself {
    Record(Box<Record>),
    /// There is none, or it was made by another program.
    Unknown,
}

impl Proof<'_> {
    /// The proof of a record.
    pub(super) fn of(&self, record: &Record) -> Proved {
        let mut proved = Proved::default();
        if let Some(fault) = self.stands(record) {
            proved.faults.push(fault);
            return proved;
        }
        let entry = self.entries.get(record.path.as_str());
        let faults = match (self.sources, entry, record.state) {
            (Some(_), None, State::Made | State::Failed | State::Stale) => {
                vec![FileFault::ReportGone]
            }
            (Some(_), Some(_), State::Orphan) => vec![FileFault::ReportThere],
            (Some(sources), Some(entry), _) => report_fault(sources, record, entry),
            (None, ..) | (_, None, State::Orphan) => Vec::new(),
        };
        proved.unproven = record.is_unproven();
        let is_about = faults.is_empty() || record.state == State::Orphan;
        proved.faults = faults;
        if let (Some(rebuild), true) = (self.rebuild, is_about) {
            let derived = guarded(|| self.derive(record, entry.copied(), rebuild, &mut proved));
            proved.faults.extend(match derived {
                Ok(faults) => faults,
                Err(panic) => vec![FileFault::NotMade(panic)],
            });
        }
        proved.unproven &= proved.faults.is_empty();
        proved
    }

    /// The fault of a record by itself or of its PDF, if there is one.
    fn stands(&self, record: &Record) -> Option<FileFault> {
        let (has_pdf, fails) = (record.pdf().is_some(), record.failure.is_some());
        let is_sound = match record.state {
            State::Made => has_pdf && !fails,
            State::Failed => !has_pdf && fails,
            State::Stale => has_pdf && fails,
            State::Orphan => has_pdf,
        };
        if !is_sound {
            return Some(FileFault::Contradictory);
        }
        match self.cache.read(self.output, &record.path, record.pdf()?) {
            Standing::Same => None,
            Standing::Altered => Some(FileFault::Altered),
            Standing::Unknown => Some(FileFault::NotRead),
            Standing::Missing => Some(FileFault::Missing),
        }
    }

    /// The differences of a record from what is derived again.
    fn derive<'b>(
        &'b self,
        record: &Record,
        entry: Option<&Entry>,
        rebuild: Rebuild<'b>,
        proved: &mut Proved,
    ) -> Vec<FileFault> {
        // Of a PDF whose report is not there, nothing else is known than what it says itself.
        let mut before = record.clone();
        if record.pdf().is_some() && record.state != State::Made {
            match self.own_record(record, rebuild) {
                Err(fault) => return vec![fault],
                Ok(FromItself::Unknown) => proved.unproven = true,
                Ok(FromItself::Record(own)) => {
                    before = *own;
                    proved.rebuilt = true;
                    proved.unproven = false;
                }
            }
        }
        let (Some(entry), Some(sources)) = (entry, self.sources) else {
            return differences(record, &before);
        };
        let old = Records::from([(record.path.clone(), before)]);
        let builder = |examiner: &'b Examiner| ReportBuilder {
            context: ArchiveContext {
                sources: &sources.folder,
                output: self.output,
                old: &old,
                cache: self.cache,
            },
            examiner,
            renderer: rebuild.renderer,
            dry: false,
        };
        let mut examiners = rebuild.examiners.iter();
        let fitting = examiners.find(|examiner| {
            let checked = builder(examiner).has_checked(record, entry);
            checked.unwrap_or_default()
        });
        let Some(examiner) = fitting.or(rebuild.examiners.first()) else {
            return Vec::new();
        };
        let derived = builder(examiner).derive(entry);
        proved.rebuilt |= derived.failure.is_none();
        if record.state == State::Made && derived.failure.is_some() {
            return vec![FileFault::NotMade(derived.reason().to_owned())];
        }
        differences(record, &derived)
    }

    /// The record of a PDF as the report in it gives it.
    fn own_record(&self, record: &Record, rebuild: Rebuild) -> Result<FromItself, FileFault> {
        let Some(pdf) = record
            .pdf()
            .filter(|pdf| has_report(&pdf.made_from.options))
        else {
            return Ok(FromItself::Unknown);
        };
        // Nobody can tell what another program would make of it.
        let setting = |edition: Option<&str>| rebuild.renderer.inputs(edition.unwrap_or_default());
        let by_another = || {
            let setting = setting(record.edition.as_deref());
            setting.is_none_or(|setting| pdf.made_from.change(&setting).is_some())
        };
        if pdf.bytes > MAX_PDF_BYTES as u64 {
            return Err(FileFault::NotMade(PdfFault::TooLarge.to_string()));
        }
        let bytes = self.output.content(&pdf_path(&record.path));
        let bytes = bytes.map_err(|_| FileFault::NotRead)?;
        let own = match rebuild.renderer.render_from_itself(&bytes) {
            Ok(Some(own)) => own,
            Ok(None) => return Ok(FromItself::Unknown),
            Err(_) if by_another() => return Ok(FromItself::Unknown),
            Err(reason) => return Err(FileFault::NotMade(reason)),
        };
        let setting = setting(Some(&own.edition));
        let made = setting.map(|setting| Pdf::of(&own.rendered, own.report, setting));
        let is_same = made.as_ref().is_some_and(|made| made.digest == pdf.digest);
        if !is_same && by_another() {
            return Ok(FromItself::Unknown);
        }
        let mut derived = record.clone();
        derived.files.pdf = made;
        derived.edition = Some(own.edition);
        (derived.agency, derived.year) = (Some(own.agency), Some(own.year));
        let is_named = (&derived.agency, derived.year) == (&record.agency, record.year);
        if record.state == State::Orphan && record.failure.is_some() && !is_named {
            // What it said of itself when it failed, before it was gone, is nowhere any more.
            return Ok(FromItself::Unknown);
        }
        Ok(FromItself::Record(Box::new(derived)))
    }
}

/// The fault of a report file that is not the one that a record is about.
fn report_fault(sources: &Sources, record: &Record, entry: &Entry) -> Vec<FileFault> {
    let Some(known) = record.report_digest() else {
        return Vec::new(); // it could not be read then
    };
    match Source::content_from(&*sources.files, &entry.file) {
        Ok(content) if Digest::of(&content) == known => Vec::new(),
        Ok(_) => vec![FileFault::ReportChanged],
        Err(Error::Read { cause, .. }) if cause.kind() == ErrorKind::NotFound => {
            vec![FileFault::ReportGone]
        }
        Err(error) => vec![FileFault::NotMade(error.to_string())],
    }
}
