//! A task of a plan: one report to make, anywhere, in any order and as often as one likes.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::archive::ArchiveContext;
use crate::archive::Entry;
use crate::archive::StatCache;
use crate::archive::pdf_path;
use crate::archive::{BuildResult, FailureCause, ReportBuilder};
use crate::archive::{Record, Records};
use crate::archive::{is_inside, is_own};
use crate::digest::Digest;
use crate::pipeline::Examiner;
use crate::pipeline::Renderer;
use crate::storage::ArchiveStore;

/// A report of a plan, with all that has to be known to make it, wherever that is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// The folder of report files, or the URL of where they are.
    pub sources: String,
    /// The folder of the archive, or the URL of where it stands.
    pub output: String,
    /// The path of the report below the sources, separated by `/`.
    pub path: String,
    /// The digest of the program, its layouts and fonts; with others it is not made.
    pub engine: Digest,
    /// The size of the report file in bytes, a measure of its cost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    /// The digest of the report file; another one is not made. `None` if it could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<Digest>,
    /// The hierarchy with the agencies that the report sums up, by its path below the sources; by its whole path
    /// if it stands above them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hierarchy: Option<String>,
    /// Rules whose findings are errors.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deny: Vec<String>,
    /// Rules whose findings are notes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allow: Vec<String>,
    /// The record of the report in the ledger so far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Box<Record>>,
}

/// The result of a task.
#[derive(Debug)]
pub struct TaskResult {
    /// The record for the ledger; `None` if it is not the report that was planned.
    pub record: Option<Record>,
    /// The failure of the machine, which may do better at the next try.
    pub failed: Option<String>,
    /// The PDF that is still to be written.
    pub pdf: Option<Vec<u8>>,
}

impl Task {
    /// Makes the report, as far as that is still to be done. Its PDF is not written yet.
    #[must_use]
    pub fn work(
        &self,
        folder: &Path,
        output: &dyn ArchiveStore,
        examiner: &Examiner,
        renderer: &dyn Renderer,
    ) -> TaskResult {
        let (old, cache) = (self.old(), StatCache::default());
        let builder = ReportBuilder {
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
            expected: self.report,
        };
        match builder.build(&entry) {
            BuildResult::Made(record, rendered, _) => TaskResult {
                pdf: Some(rendered.bytes),
                ..TaskResult::done(record)
            },
            BuildResult::Kept(record) | BuildResult::Failed(record, FailureCause::Report) => {
                TaskResult::done(record)
            }
            BuildResult::Failed(record, FailureCause::Changed) => TaskResult {
                record: None,
                ..TaskResult::failed(record)
            },
            // Only a dry run leaves it due.
            BuildResult::Failed(record, FailureCause::Machine)
            | BuildResult::Due { record, .. } => TaskResult::failed(record),
        }
    }

    /// Writes the PDF that was made, if one was.
    #[must_use]
    pub fn write(
        &self,
        folder: &Path,
        output: &dyn ArchiveStore,
        worked: TaskResult,
    ) -> TaskResult {
        let (Some(pdf), Some(record)) = (&worked.pdf, &worked.record) else {
            return worked;
        };
        match output.put(&pdf_path(&self.path), pdf) {
            Ok(()) => TaskResult {
                pdf: None,
                ..worked
            },
            Err(error) => {
                let context = ArchiveContext {
                    sources: folder,
                    output,
                    old: &self.old(),
                    cache: &StatCache::default(),
                };
                TaskResult::failed(context.unwritten(record.clone(), error))
            }
        }
    }

    /// The ledger, as far as the task has it.
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

    /// Whether the PDF is below the archive and none of its own files: tasks come from anywhere.
    #[must_use]
    pub fn is_inside(&self) -> bool {
        let first = self.path.split('/').next().unwrap_or_default();
        is_inside(&self.path) && !is_own(first)
    }
}

impl TaskResult {
    fn done(record: Record) -> Self {
        Self {
            record: Some(record),
            failed: None,
            pdf: None,
        }
    }

    fn failed(record: Record) -> Self {
        Self {
            failed: Some(record.reason().to_owned()),
            ..Self::done(record)
        }
    }
}
