//! Whether an archive is what its ledger says, and whether it can be made again bit for bit.

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use crate::archive::manifest;
use crate::archive::names::pdf_path;
use crate::archive::record::Why;
use crate::archive::record::{Record, Records, State};
use crate::archive::sources::Sources;
use crate::archive::standing::Standing;
use crate::diagnostic;
use crate::digest::Digest;
use crate::error::Error;
use crate::parallel;
use crate::pipeline::Examiner;
use crate::pipeline::Renderer;
use crate::pipeline::guarded;
use crate::source::Source;
use crate::storage::ArchiveStore;

/// An archive that is to be verified.
pub struct Verify<'a> {
    /// Where the archive stands.
    pub output: &'a dyn ArchiveStore,
    /// The reports, where PDFs are compared with what they were made from.
    pub sources: Option<&'a Sources>,
    /// What makes PDFs again.
    pub rebuild: Option<(&'a Examiner, &'a dyn Renderer)>,
    /// How many PDFs are looked at, and what decides which; all of them by default.
    pub sample: Option<(usize, String)>,
    /// How many PDFs are looked at, at once.
    pub jobs: usize,
}

/// What a verification came to.
#[derive(Debug)]
pub struct Check {
    /// How many PDFs the ledger has.
    pub known: usize,
    /// How many of them were looked at.
    pub checked: usize,
    /// How many of these were made again.
    pub rebuilt: usize,
    /// Whether it was stopped before its end.
    pub stopped: bool,
    /// What is wrong, by path.
    pub faults: Vec<(String, Fault)>,
}

/// What is wrong with a file of an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The PDF is not there.
    Missing,
    /// The PDF is not what was made: its bytes changed.
    Altered,
    /// The PDF cannot be read.
    NotRead,
    /// The ledger knows no such PDF.
    Unknown,
    /// The report is not the one that the PDF was made from.
    ReportChanged,
    /// The report is not in the ledger.
    NotArchived,
    /// Made again, the PDF has other bytes; why, as far as the ledger knows.
    Differs(&'static str),
    /// It cannot be made again; what keeps it from that.
    NotMade(String),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("PDF 不在"),
            Self::Altered => f.write_str("PDF 已被改动，与台账不符"),
            Self::NotRead => f.write_str("PDF 读不出来"),
            Self::Unknown => f.write_str("台账中没有这个 PDF"),
            Self::ReportChanged => f.write_str("报告文件已改，PDF 是用改动前的报告生成的"),
            Self::NotArchived => f.write_str("报告还没有归档"),
            Self::Differs(why) => write!(f, "重新生成的 PDF 不同：{why}"),
            Self::NotMade(why) => write!(f, "不能重新生成：{why}"),
        }
    }
}

impl Verify<'_> {
    /// Looks at every PDF, and at those that should not be there.
    ///
    /// # Errors
    /// When a run works on the archive, or it cannot be read.
    pub fn run(
        &self,
        stop: &AtomicBool,
        tell: &mut dyn FnMut(usize, usize),
    ) -> Result<Check, Error> {
        if !manifest::is_there(self.output)? {
            return Err(Error::NoArchive(self.output.root().to_owned()));
        }
        let _held = self.output.lock_shared()?;
        self.output.prefetch()?;
        let records = manifest::read(self.output)?;
        let with_pdf: Vec<&Record> = records.values().filter(|r| r.pdf().is_some()).collect();
        let known = with_pdf.len();
        let chosen = self.chosen(with_pdf);
        let mut check = Check {
            known,
            checked: 0,
            rebuilt: 0,
            stopped: false,
            faults: Vec::new(),
        };
        let work = |record: &&Record| (record.path.clone(), self.one(record));
        parallel::each(&chosen, self.jobs, stop, work, |results| {
            for (path, (fault, rebuilt)) in results {
                check.checked += 1;
                check.rebuilt += usize::from(rebuilt);
                check.faults.extend(fault.map(|fault| (path, fault)));
                tell(check.checked, chosen.len());
            }
        });
        check.stopped = check.checked < chosen.len();
        check.faults.extend(self.strangers(&records)?);
        let entries = self.sources.map(Sources::entries).unwrap_or_default();
        let new = entries
            .into_iter()
            .filter(|entry| !records.contains_key(&entry.path));
        check
            .faults
            .extend(new.map(|entry| (entry.path, Fault::NotArchived)));
        check.faults.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(check)
    }

    /// The records to look at: a sample that the same words always choose the same way, and that
    /// nobody who alters a PDF can foresee without them.
    fn chosen<'r>(&self, mut records: Vec<&'r Record>) -> Vec<&'r Record> {
        let Some((size, seed)) = &self.sample else {
            return records;
        };
        records
            .sort_by_cached_key(|record| Digest::of(format!("{seed}\n{}", record.path).as_bytes()));
        records.truncate(*size);
        records.sort_by(|a, b| a.path.cmp(&b.path));
        records
    }

    /// What is wrong with one PDF, and whether it was made again.
    fn one(&self, record: &Record) -> (Option<Fault>, bool) {
        let name = pdf_path(&record.path);
        let standing = record
            .pdf()
            .map(|pdf| pdf.standing(self.output, &name, |_| false));
        let stands = match standing {
            Some(Standing::Same) => None,
            Some(Standing::Altered) => Some(Fault::Altered),
            Some(Standing::Unknown) => Some(Fault::NotRead),
            Some(Standing::Missing) | None => Some(Fault::Missing),
        };
        // What has no report any more, or a report that fails, has nothing to be compared with.
        let (Some(sources), State::Made) = (self.sources, record.state) else {
            return (stands, false);
        };
        if stands.is_some() {
            return (stands, false);
        }
        let file = sources.folder.join(&record.path);
        let content = match Source::content_from(&*sources.files, &file) {
            Ok(content) => content,
            Err(error) => return (Some(Fault::NotMade(error.to_string())), false),
        };
        if Some(Digest::of(&content)) != record.made_from().map(|inputs| inputs.report) {
            return (Some(Fault::ReportChanged), false);
        }
        match self.rebuild {
            Some((examiner, renderer)) => {
                let rebuilt = guarded(|| rebuilt(record, &file, content, examiner, renderer));
                (
                    rebuilt.unwrap_or_else(|panic| Some(Fault::NotMade(panic))),
                    true,
                )
            }
            None => (None, false),
        }
    }

    /// PDFs that the ledger does not know.
    fn strangers(&self, records: &Records) -> Result<Vec<(String, Fault)>, Error> {
        let known: BTreeSet<String> = records
            .values()
            .filter(|record| record.pdf().is_some())
            .map(|record| pdf_path(&record.path))
            .collect();
        let is_pdf = |name: &String| {
            let extension = Path::new(name).extension();
            extension.is_some_and(|extension| extension.eq_ignore_ascii_case("pdf"))
        };
        let names = self.output.list()?.into_iter();
        let strangers = names.filter(|name| is_pdf(name) && !known.contains(name));
        Ok(strangers.map(|name| (name, Fault::Unknown)).collect())
    }
}

/// What is wrong with a PDF that stands, once it is made again.
fn rebuilt(
    record: &Record,
    file: &Path,
    content: Vec<u8>,
    examiner: &Examiner,
    renderer: &dyn Renderer,
) -> Option<Fault> {
    let made = examiner.examine(file, content).and_then(|mut examined| {
        let rendered = renderer.render(&mut examined)?;
        Ok((rendered, examined))
    });
    let rendered = match made {
        Err(error) => return Some(Fault::NotMade(error.to_string())),
        Ok((Some(rendered), _)) => rendered,
        Ok((None, examined)) => {
            let errors = diagnostic::count(&examined.findings, diagnostic::Severity::Error);
            return Some(Fault::NotMade(format!("{errors} errors")));
        }
    };
    if Some(Digest::of(&rendered.bytes)) == record.pdf().map(|pdf| pdf.digest) {
        return None;
    }
    let setting = renderer.inputs(record.edition.as_deref().unwrap_or_default());
    let why = record.made_from().zip(setting).map(|(was, is)| {
        if was.figures != rendered.figures.into_iter().collect() {
            return "图片不同";
        }
        match was.change(&is) {
            Some(Why::Layout) => "版式不同",
            Some(Why::Fonts) => "字体不同",
            Some(Why::Engine) => "程序不同",
            Some(_) => "选项不同，--copy 等要与生成时一样",
            None => "输入都相同",
        }
    });
    Some(Fault::Differs(why.unwrap_or("输入都相同")))
}
