//! A report that was planned, and making it, anywhere, in any order and as often as one likes.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::archive::ArchiveContext;
use crate::archive::Entry;
use crate::archive::StatCache;
use crate::archive::pdf_path;
use crate::archive::{Cause, Done, Worker};
use crate::archive::{Record, Records};
use crate::archive::{is_inside, is_own};
use crate::digest::Digest;
use crate::pipeline::Examiner;
use crate::pipeline::Renderer;
use crate::storage::ArchiveStore;

/// A report of a plan: all that has to be known to make it, wherever that is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Planned {
    /// The folder of report files, or the URL of where they are.
    pub sources: String,
    /// The folder of the archive, or the URL of where it stands.
    pub output: String,
    /// The path of the report below the sources, parted by `/`.
    pub path: String,
    /// The digest of the program, its layouts and fonts; with others it is not made.
    pub engine: Digest,
    /// The size of the report file in bytes: what it costs, as far as one can know before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    /// The digest of the report file; another one is not made. None where it could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<Digest>,
    /// The hierarchy that says which agencies the report sums up, by its path below the sources; one that
    /// stands above them, by its whole path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hierarchy: Option<String>,
    /// Rules whose findings are errors.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deny: Vec<String>,
    /// Rules whose findings are notes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allow: Vec<String>,
    /// What the ledger says of the report so far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Box<Record>>,
}

/// What became of a planned report.
#[derive(Debug)]
pub struct Worked {
    /// What the ledger is to say of it; none where it is not the report that was planned.
    pub record: Option<Record>,
    /// What kept the machine from making it, which it may not do at the next try.
    pub failed: Option<String>,
    /// The PDF that is still to be written.
    pub pdf: Option<Vec<u8>>,
    /// What tells the PDF that stands there from another without reading it, where there is such a thing.
    pub stamp: Option<String>,
}

impl Planned {
    /// Makes the report, as far as that is still to be done. Its PDF is not written yet.
    #[must_use]
    pub fn work(
        &self,
        folder: &Path,
        output: &dyn ArchiveStore,
        examiner: &Examiner,
        renderer: &dyn Renderer,
    ) -> Worked {
        let (old, cache) = (self.old(), StatCache::default());
        let worker = Worker {
            context: ArchiveContext {
                sources: folder,
                output,
                old: &old,
                cache: &cache,
            },
            examiner,
            renderer,
            dry: false,
        };
        let entry = Entry {
            path: self.path.clone(),
            file: folder.join(&self.path),
            refused: None,
            planned: self.report,
        };
        match worker.work(&entry) {
            Done::Made(record, rendered, _) => Worked {
                pdf: Some(rendered.bytes),
                ..Worked::done(record)
            },
            Done::Kept(record) | Done::Failed(record, Cause::Report) => Worked {
                stamp: cache.stamp(&pdf_path(&self.path)),
                ..Worked::done(record)
            },
            Done::Failed(record, Cause::Changed) => Worked {
                record: None,
                ..Worked::failed(record)
            },
            // Only a dry run plans.
            Done::Failed(record, Cause::Machine) | Done::Planned { record, .. } => {
                Worked::failed(record)
            }
        }
    }

    /// Writes the PDF that was made, if one was.
    #[must_use]
    pub fn write(&self, folder: &Path, output: &dyn ArchiveStore, worked: Worked) -> Worked {
        let (Some(pdf), Some(record)) = (&worked.pdf, &worked.record) else {
            return worked;
        };
        match output.put(&pdf_path(&self.path), pdf) {
            Ok(stamp) => Worked {
                pdf: None,
                stamp,
                ..worked
            },
            Err(error) => {
                let context = ArchiveContext {
                    sources: folder,
                    output,
                    old: &self.old(),
                    cache: &StatCache::default(),
                };
                Worked::failed(context.unwritten(record.clone(), error))
            }
        }
    }

    /// The ledger, as far as the plan tells of it.
    fn old(&self) -> Records {
        let before = self.before.as_deref().cloned();
        let before = before.map(|record| (self.path.clone(), record));
        before.into_iter().collect()
    }

    /// The path of the hierarchy in the folder of the sources.
    #[must_use]
    pub fn hierarchy_in(&self, folder: &Path) -> Option<PathBuf> {
        self.hierarchy
            .as_ref()
            .map(|hierarchy| folder.join(hierarchy))
    }

    /// Whether the PDF stays below the archive, and is none of its own files: requests come from anywhere.
    #[must_use]
    pub fn is_inside(&self) -> bool {
        let first = self.path.split('/').next().unwrap_or_default();
        is_inside(&self.path) && !is_own(first)
    }
}

impl Worked {
    fn done(record: Record) -> Self {
        Self {
            record: Some(record),
            failed: None,
            pdf: None,
            stamp: None,
        }
    }

    fn failed(record: Record) -> Self {
        Self {
            failed: Some(record.reason().to_owned()),
            ..Self::done(record)
        }
    }
}
