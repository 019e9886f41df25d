//! Whether an archive is what its ledger says, and whether it can be made again bit for bit.

use std::collections::BTreeSet;
use std::fmt;
use std::io::ErrorKind;
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
    /// The archive.
    pub output: &'a dyn ArchiveStore,
    /// The reports, where PDFs are compared with what they were made from.
    pub sources: Option<&'a Sources>,
    /// The examiner and the renderer with which PDFs are made again, if they are.
    pub rebuild: Option<(&'a Examiner, &'a dyn Renderer)>,
    /// The number of PDFs in a sample and the words that choose them; `None` for all PDFs.
    pub sample: Option<(usize, String)>,
    /// The number of PDFs that are looked at, at once.
    pub jobs: usize,
}

/// The result of a verification.
#[derive(Debug)]
pub struct VerifySummary {
    /// The number of PDFs in the ledger.
    pub known: usize,
    /// The number of those that were looked at.
    pub checked: usize,
    /// The number of those that were made again.
    pub rebuilt: usize,
    /// Whether it was stopped before its end.
    pub stopped: bool,
    /// The faults, by path.
    pub faults: Vec<(String, FileFault)>,
}

/// A fault of a file of an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileFault {
    /// The PDF is not there.
    Missing,
    /// The PDF is not what was made: its bytes changed.
    Altered,
    /// The PDF cannot be read.
    NotRead,
    /// The ledger knows no such PDF.
    Unknown,
    /// The report is gone.
    ReportGone,
    /// The report is not the one that the PDF was made from.
    ReportChanged,
    /// The report is not in the ledger.
    NotArchived,
    /// Made again, the PDF has other bytes; with the reason, as far as the ledger has it.
    Differs(&'static str),
    /// It cannot be made again, for this reason.
    NotMade(String),
}

impl fmt::Display for FileFault {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("PDF 不在"),
            Self::Altered => f.write_str("PDF 已被改动，与台账不符"),
            Self::NotRead => f.write_str("PDF 读不出来"),
            Self::Unknown => f.write_str("台账中没有这个 PDF"),
            Self::ReportGone => f.write_str("报告文件已不在"),
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
    ) -> Result<VerifySummary, Error> {
        if !manifest::is_there(self.output)? {
            return Err(Error::NoArchive(self.output.root().to_owned()));
        }
        let _held = self.output.lock_shared()?;
        self.output.prefetch()?;
        let records = manifest::read(self.output)?;
        let with_pdf: Vec<&Record> = records.values().filter(|r| r.pdf().is_some()).collect();
        let known = with_pdf.len();
        let chosen = self.chosen(with_pdf);
        let mut check = VerifySummary {
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
            .extend(new.map(|entry| (entry.path, FileFault::NotArchived)));
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

    /// The fault of one PDF, if it has one, and whether it was made again.
    fn one(&self, record: &Record) -> (Option<FileFault>, bool) {
        let name = pdf_path(&record.path);
        let standing = record
            .pdf()
            .map(|pdf| pdf.standing(self.output, &name, |_| false));
        let stands = match standing {
            Some(Standing::Same) => None,
            Some(Standing::Altered) => Some(FileFault::Altered),
            Some(Standing::Unknown) => Some(FileFault::NotRead),
            Some(Standing::Missing) | None => Some(FileFault::Missing),
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
            Err(Error::Read { cause, .. }) if cause.kind() == ErrorKind::NotFound => {
                return (Some(FileFault::ReportGone), false);
            }
            Err(error) => return (Some(FileFault::NotMade(error.to_string())), false),
        };
        if Some(Digest::of(&content)) != record.made_from().map(|inputs| inputs.report) {
            return (Some(FileFault::ReportChanged), false);
        }
        match self.rebuild {
            Some((examiner, renderer)) => {
                let rebuilt = guarded(|| rebuilt(record, &file, content, examiner, renderer));
                (
                    rebuilt.unwrap_or_else(|panic| Some(FileFault::NotMade(panic))),
                    true,
                )
            }
            None => (None, false),
        }
    }

    /// PDFs that the ledger does not know.
    fn strangers(&self, records: &Records) -> Result<Vec<(String, FileFault)>, Error> {
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
        Ok(strangers.map(|name| (name, FileFault::Unknown)).collect())
    }
}

/// Makes a PDF again and compares it with the one that stands.
fn rebuilt(
    record: &Record,
    file: &Path,
    content: Vec<u8>,
    examiner: &Examiner,
    renderer: &dyn Renderer,
) -> Option<FileFault> {
    let made = examiner.examine(file, content).and_then(|mut examined| {
        let rendered = renderer.render(&mut examined)?;
        Ok((rendered, examined))
    });
    let rendered = match made {
        Err(error) => return Some(FileFault::NotMade(error.to_string())),
        Ok((Some(rendered), _)) => rendered,
        Ok((None, examined)) => {
            let errors = diagnostic::count(&examined.findings, diagnostic::Severity::Error);
            return Some(FileFault::NotMade(format!("报告有 {errors} 项错误")));
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
    Some(FileFault::Differs(why.unwrap_or("输入都相同")))
}
