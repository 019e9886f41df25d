//! The lines of plans and of the answers to them: JSON, one object a line.

use std::io::{self, BufRead};

use serde::{Deserialize, Serialize};

use crate::archive::{Absent, Record};
use crate::batch::shard::Shard;
use crate::batch::task::{Task, TaskResult};
use crate::digest::Digest;
use crate::typeset::CopyKind;

/// A line of a plan.
#[derive(Debug)]
pub enum PlanLine {
    /// A report that is to be made.
    Make(Box<Task>),
    /// A change of the ledger for which nothing is to be made.
    Note(Box<Note>),
    /// The end of this part of the plan, which is whole, with the reports that nobody has filed, of the folders
    /// that fall into it.
    End(Shard, Absent),
}

/// A change of the ledger for which nothing is to be made.
#[derive(Clone, Debug)]
pub struct Note {
    /// The path of the report below the sources.
    pub path: String,
    /// The record that the ledger is to have; `None` for none any more.
    pub record: Option<Record>,
    /// The record that it has so far.
    pub before: Option<Record>,
}

/// The options with which all reports of a plan are made, beside those in its tasks.
#[derive(Clone, Debug, Default, Serialize)]
pub struct TaskOptions {
    /// The kind of the copy.
    #[serde(skip_serializing_if = "is_default")]
    pub copy: CopyKind,
    /// The words behind the text of a draft.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub watermark: Option<String>,
    /// The diameter of the place for a seal in mm.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seal_size: Option<String>,
    /// Whether a signing copy is printed on both sides.
    #[serde(skip_serializing_if = "is_default")]
    pub duplex: bool,
    /// Whether errors in numbers are warnings.
    #[serde(skip_serializing_if = "is_default")]
    pub as_published: bool,
}

/// The kind of a line of a plan, as `to` says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum LineKind {
    Archive,
    Record,
    End,
    /// A request that is of no plan.
    #[serde(other)]
    Other,
}

/// The state of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// The request was fulfilled.
    Done,
    /// A finding is an error, so nothing was made.
    Faulty,
    /// The request is invalid.
    Refused,
    /// The machine failed, or the program has a defect.
    Failed,
}

/// A line of a plan as JSON. `to` stands where `nianbao worker` documents it.
#[derive(Serialize)]
struct PlanJson<'a> {
    id: &'a str,
    #[serde(flatten)]
    options: Option<&'a TaskOptions>,
    to: LineKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    archive: Option<&'a Task>,
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<&'a Record>,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<&'a Record>,
    #[serde(skip_serializing_if = "Option::is_none")]
    absent: Option<&'a Absent>,
}

impl PlanLine {
    /// The line as JSON, a request for `nianbao worker`.
    ///
    /// # Errors
    /// Never for lines of a plan: all their keys are text.
    pub fn to_json(&self, options: &TaskOptions) -> serde_json::Result<String> {
        let line = |id, to| PlanJson {
            id,
            options: None,
            to,
            archive: None,
            record: None,
            before: None,
            absent: None,
        };
        match self {
            Self::Make(task) => serde_json::to_string(&PlanJson {
                options: Some(options),
                archive: Some(task),
                ..line(&task.path, LineKind::Archive)
            }),
            Self::Note(note) => serde_json::to_string(&PlanJson {
                record: note.record.as_ref(),
                before: note.before.as_ref(),
                ..line(&note.path, LineKind::Record)
            }),
            Self::End(shard, absent) => serde_json::to_string(&PlanJson {
                absent: Some(absent).filter(|absent| !absent.is_empty()),
                ..line(&shard.to_string(), LineKind::End)
            }),
        }
    }
}

/// A line that a merge takes: of a plan, or of a worker that answered it. It has as much as a merge needs.
#[derive(Debug)]
pub enum MergeLine {
    /// A report that is to be made.
    Task {
        /// The path of the report below the sources.
        path: String,
        /// The digest of the report file; `None` if it could not be read.
        report: Option<Digest>,
        /// The record that the ledger had before.
        before: Option<Record>,
    },
    /// A change of the ledger for which nothing is to be made.
    Note(Box<Note>),
    /// The end of a part of a plan, which is whole, with the reports that nobody has filed.
    End(Shard, Absent),
    /// An answer to a task.
    Answer {
        /// The path of the report below the sources.
        path: String,
        /// The result of the task.
        result: TaskResult,
    },
    /// An answer that says nothing about a report: to the end of a plan, or to a line that was torn.
    Acknowledgement,
}

/// A line as it is read, before it is known what it is.
#[derive(Deserialize)]
struct AnyLine {
    id: Option<String>,
    to: Option<LineKind>,
    archive: Option<AnyTask>,
    status: Option<Status>,
    message: Option<String>,
    record: Option<Record>,
    before: Option<Record>,
    #[serde(default)]
    absent: Absent,
}

#[derive(Deserialize)]
struct AnyTask {
    report: Option<Digest>,
    before: Option<Record>,
}

impl TryFrom<AnyLine> for MergeLine {
    type Error = String;

    fn try_from(line: AnyLine) -> Result<Self, String> {
        let AnyLine { id, to, status, .. } = line;
        let Some(path) = id else {
            return match status {
                Some(Status::Refused) => Ok(Self::Acknowledgement), // of a line that was torn
                _ => Err("it has no `id`".to_owned()),
            };
        };
        let shard = path.parse::<Shard>();
        match (status, to, line.archive) {
            (None, Some(LineKind::End), _) => Ok(Self::End(shard?, line.absent)),
            (Some(_), _, _) if shard.is_ok() => Ok(Self::Acknowledgement),
            (None, Some(LineKind::Record), _) => Ok(Self::Note(Box::new(Note {
                path,
                record: line.record,
                before: line.before,
            }))),
            (None, Some(LineKind::Archive), Some(AnyTask { report, before })) => Ok(Self::Task {
                path,
                report,
                before,
            }),
            (Some(status), _, _) => {
                let failed = matches!(status, Status::Failed | Status::Refused);
                let result = TaskResult {
                    record: line.record,
                    failed: failed.then(|| line.message.unwrap_or_default()),
                    pdf: None,
                };
                Ok(Self::Answer { path, result })
            }
            _ => Err("it has neither `status` nor what `nianbao plan` writes".to_owned()),
        }
    }
}

/// Hands on the lines of a file with their numbers from 1, an invalid one with its fault. Blank lines are passed
/// over, and so is a last line that is invalid and has no end: whoever wrote it was killed.
///
/// # Errors
/// If it cannot be read.
pub fn read_lines(
    mut input: impl BufRead,
    mut take: impl FnMut(usize, Result<MergeLine, String>),
) -> io::Result<()> {
    let mut bytes = Vec::new();
    for number in 1.. {
        bytes.clear();
        if input.read_until(b'\n', &mut bytes)? == 0 {
            break;
        }
        if bytes.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let line = serde_json::from_slice::<AnyLine>(&bytes).map_err(|fault| fault.to_string());
        let line = line.and_then(MergeLine::try_from);
        if line.is_ok() || bytes.last() == Some(&b'\n') {
            take(number, line);
        }
    }
    Ok(())
}

/// Whether a field need not be written.
pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
