//! Archives to work on: folders of small reports, a renderer that is quick and can be made to fail, a
//! disk that can fill up.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use nianbao::archive::{
    Archive, Change, Event, Meter, Options, Rebuild, Records, Selection, Sources, Summary, Verify,
    VerifySummary, read_ledger,
};
use nianbao::check::Policy;
use nianbao::diagnostic::has_errors;
use nianbao::digest::Digest;
use nianbao::error::Error;
use nianbao::pipeline::{Examined, Examiner, RenderInputs, Rendered, Renderer};
use nianbao::report;
use nianbao::storage::{Disk, Folder, Location, OwnDisk};

use super::{EDITIONS, yaml};

/// A renderer whose files say what they were made from.
pub struct QuickRenderer {
    pub inputs: RenderInputs,
    /// The agency at whose report it panics.
    pub panics_at: Option<String>,
    /// Whether comments leave no trace.
    pub without_comments: bool,
    /// What it does before each report.
    pub before: Box<dyn Fn(&Path) + Send + Sync>,
}

impl Default for QuickRenderer {
    fn default() -> Self {
        let digest = Digest::of(b"");
        Self {
            inputs: RenderInputs {
                layout: digest,
                fonts: digest,
                engine: digest,
                options: String::new(),
            },
            panics_at: None,
            without_comments: false,
            before: Box::new(|_| ()),
        }
    }
}

impl Renderer for QuickRenderer {
    fn inputs(&self, edition: &str) -> Option<RenderInputs> {
        (edition == "2021").then(|| self.inputs.clone())
    }

    fn render(&self, examined: &mut Examined) -> Result<Option<Rendered>, Error> {
        (self.before)(examined.source.path());
        let report = examined.report.as_ref().unwrap();
        assert_ne!(Some(&report.agency.text), self.panics_at.as_ref());
        let (figures, faults) =
            report::load_figures(report, examined.source.path().parent().unwrap());
        examined.findings.extend(faults);
        if has_errors(&examined.findings) {
            return Ok(None);
        }
        let digest = |f: &report::Figure| (f.path.text.clone(), Digest::of(&f.bytes));
        let figures: Vec<_> = figures.iter().map(digest).collect();
        let text = examined.source.text();
        let comment = if self.without_comments {
            "# a word more\n"
        } else {
            "\0"
        };
        let text = text.replace(comment, "");
        let bytes = format!("{:?}\n{figures:?}\n{text}", self.inputs);
        Ok(Some(Rendered {
            bytes: bytes.into_bytes(),
            pages: 1,
            figures,
            compile: Duration::ZERO,
            export: Duration::ZERO,
        }))
    }
}

/// A disk with room for so many bytes and so many names.
pub struct SmallDisk {
    pub bytes: AtomicU64,
    pub names: AtomicU64,
}

/// Takes from what is left, if there is enough.
fn take(left: &AtomicU64, wanted: u64) -> io::Result<()> {
    let order = Ordering::Relaxed;
    let taken = left.fetch_update(order, order, |left| left.checked_sub(wanted));
    taken
        .map(drop)
        .map_err(|_| io::ErrorKind::StorageFull.into())
}

impl Disk for SmallDisk {
    fn write(&self, file: &mut fs::File, path: &Path, content: &[u8]) -> io::Result<()> {
        let room = take(&self.bytes, content.len() as u64);
        // As far as it goes, as real disks do.
        let part = if room.is_ok() {
            content
        } else {
            &content[..content.len() / 2]
        };
        OwnDisk.write(file, path, part)?;
        room
    }

    fn rename(&self, file: &Path, target: &Path) -> io::Result<()> {
        take(&self.names, 1)?;
        OwnDisk.rename(file, target)
    }
}

/// Sources and an archive in a temporary folder.
pub struct Site {
    pub folder: Arc<tempfile::TempDir>,
    pub renderer: QuickRenderer,
    pub policy: Policy,
    pub options: Options,
}

/// What a run did: its summary, and the reports that it made, each with the reason.
pub struct Done {
    pub summary: Summary,
    pub made: BTreeMap<String, String>,
}

impl Site {
    /// Sources with so many agencies, each with a report on 2022 and one on 2023.
    pub fn new(agencies: usize) -> Self {
        let site = Self {
            folder: Arc::new(tempfile::tempdir().unwrap()),
            renderer: QuickRenderer::default(),
            policy: Policy::default(),
            options: Options {
                jobs: 2,
                selection: Selection::default(),
                prune: false,
                dry: false,
            },
        };
        for i in 0..agencies {
            for year in ["2022", "2023"] {
                site.put(
                    &format!("area{}/agency{i}/{year}.yaml", i % 3),
                    &small(i, year, ""),
                );
            }
        }
        site
    }

    pub fn sources(&self) -> PathBuf {
        self.folder.path().join("sources")
    }

    pub fn output(&self) -> PathBuf {
        self.folder.path().join("output")
    }

    /// The PDF of a report.
    pub fn pdf(&self, report: &str) -> PathBuf {
        self.output().join(report).with_extension("pdf")
    }

    /// Writes a source.
    pub fn put(&self, path: &str, text: &str) {
        let path = self.sources().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn run(&self) -> Done {
        self.run_on(&OwnDisk).unwrap()
    }

    pub fn run_on(&self, disk: &dyn Disk) -> Result<Done, Error> {
        self.run_with(&self.renderer, disk, &AtomicBool::new(false))
    }

    pub fn run_with(
        &self,
        renderer: &dyn Renderer,
        disk: &dyn Disk,
        stop: &AtomicBool,
    ) -> Result<Done, Error> {
        self.run_over(&gather(&self.sources())?, renderer, disk, stop)
    }

    pub fn run_over(
        &self,
        sources: &Sources,
        renderer: &dyn Renderer,
        disk: &dyn Disk,
        stop: &AtomicBool,
    ) -> Result<Done, Error> {
        let examiner = examiner(sources, self.policy.clone());
        let archive = Archive {
            sources,
            output: &Folder::new(&self.output(), disk),
            examiner: &examiner,
            renderer,
            meter: Meter {
                clock: || Duration::ZERO,
                peak_memory: || None,
            },
        };
        let made = Mutex::new(BTreeMap::new());
        let summary = archive.run(&self.options, stop, &mut |event| {
            if let Event::Report(record, Change::Made(why)) = event {
                made.lock()
                    .unwrap()
                    .insert(record.path.clone(), why.to_string());
            }
        })?;
        Ok(Done {
            summary,
            made: made.into_inner().unwrap(),
        })
    }

    pub fn ledger(&self) -> Records {
        read_ledger(&Folder::new(&self.output(), &OwnDisk)).unwrap()
    }

    /// The faults that a verification finds, with the sources and making all again if `rebuild`.
    pub fn verify(&self, rebuild: bool) -> Vec<(String, String)> {
        let check = self.verify_with(rebuild, None);
        check
            .faults
            .into_iter()
            .map(|(path, fault)| (path, fault.to_string()))
            .collect()
    }

    /// The faults but those of the page and the table, which follow the ledger at the end of a run alone.
    pub fn verify_records(&self, rebuild: bool) -> Vec<(String, String)> {
        let mut faults = self.verify(rebuild);
        faults.retain(|(path, _)| !["index.html", "index.csv"].contains(&&**path));
        faults
    }

    pub fn verify_with(&self, rebuild: bool, sample: Option<(usize, String)>) -> VerifySummary {
        let sources = gather(&self.sources()).unwrap();
        let examiner = examiner(&sources, self.policy.clone());
        let verify = Verify {
            output: &Folder::new(&self.output(), &OwnDisk),
            sources: rebuild.then_some(&sources),
            rebuild: rebuild.then_some(Rebuild {
                examiners: std::slice::from_ref(&examiner),
                renderer: &self.renderer,
            }),
            sample,
            jobs: 2,
        };
        verify.run(&AtomicBool::new(false), &mut |_, _| ()).unwrap()
    }

    /// Every file of the archive that two runs must have in common, with its content.
    pub fn tree(&self) -> BTreeMap<String, Vec<u8>> {
        tree(&self.output())
    }
}

/// Who reads and checks reports.
pub fn examiner(sources: &Sources, policy: Policy) -> Examiner {
    Examiner::new(&EDITIONS, policy, None, &sources.collection).unwrap()
}

/// The reports of a folder.
pub fn gather(folder: &Path) -> Result<Sources, Error> {
    Sources::gather(&Location::Folder(folder.to_owned()))
}

/// Every file of an archive but what a run took and what it keeps for itself.
pub fn tree(output: &Path) -> BTreeMap<String, Vec<u8>> {
    let walk = walkdir::WalkDir::new(output).into_iter();
    let mut tree = BTreeMap::new();
    for entry in walk.filter_entry(|entry| entry.file_name() != ".nianbao") {
        let entry = entry.unwrap();
        let name = entry
            .path()
            .strip_prefix(output)
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned();
        if entry.file_type().is_file() && name != "run.json" {
            tree.insert(name, fs::read(entry.path()).unwrap());
        }
    }
    tree
}

/// A small report of an agency; `more` are further lines.
pub fn small(agency: usize, year: &str, more: &str) -> String {
    let name = format!("某某市第{agency}局");
    let overview = format!("|\n  {year}年，{name}的各项工作都有人负责。");
    yaml(&[("agency", &name), ("year", year), ("overview", &overview)]) + more
}
