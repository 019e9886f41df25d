//! `nianbao archive merge`: one ledger from what workers answered.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::json;

use super::args::{ArchiveMerge, ArchiveOutput};
use super::{Exit, complain, say};
use crate::archive::{Merge, Merged, OwnDisk, Place, Record};
use crate::error::Error;
use crate::worker::{Status, To};

/// A merge command whose arguments make sense.
pub(super) struct Configuration {
    output: Place,
    parts: Vec<PathBuf>,
    told: ArchiveOutput,
}

impl Configuration {
    /// # Errors
    /// What is wrong with the usage.
    pub(super) fn new(arguments: ArchiveMerge) -> Result<Self, String> {
        Ok(Self {
            output: Place::new(&arguments.output)?,
            parts: arguments.parts,
            told: arguments.told,
        })
    }
}

/// What a merge has to know of a line: a request says what to make, an answer how that went.
#[derive(Deserialize)]
struct Line {
    id: String,
    #[serde(default)]
    to: Option<To>,
    #[serde(default)]
    status: Option<Status>,
    #[serde(default)]
    message: Option<String>,
    #[serde(default)]
    record: Option<Record>,
}

pub(super) fn run(configuration: &Configuration) -> Result<Exit, Error> {
    let mut merge = Merge::default();
    for part in &configuration.parts {
        if let Err(Unread { line, cause }) = take(&mut merge, part)? {
            let part = part.display();
            complain(&format!(
                "error: {part}:{line} is no line of a plan and no answer of a worker: {cause}\n"
            ));
            return Ok(Exit::WrongUsage);
        }
    }
    if merge.is_without_plan() {
        complain(
            "error: no PART has the lines of `nianbao plan`, so nobody can tell what is missing; name \
             the file with them too\n",
        );
        return Ok(Exit::WrongUsage);
    }
    let merged = merge.run(&*configuration.output.output(&OwnDisk))?;
    tell(configuration.told, &merged);
    Ok(if merged.is_whole() {
        Exit::Done
    } else {
        Exit::PartFailed
    })
}

/// A line that is none.
struct Unread {
    line: usize,
    cause: String,
}

/// Takes the lines of a file; an empty file has none. The last line of a file may be torn, because whoever
/// wrote it was killed: then it says nothing.
fn take(merge: &mut Merge, part: &Path) -> Result<Result<(), Unread>, Error> {
    let failed = |cause| Error::read(part, cause);
    let mut lines = BufReader::new(File::open(part).map_err(failed)?);
    let mut bytes = Vec::new();
    for line in 1.. {
        bytes.clear();
        if lines.read_until(b'\n', &mut bytes).map_err(failed)? == 0 {
            break;
        }
        if bytes.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let whole = bytes.last() == Some(&b'\n');
        let unread = |cause| Unread { line, cause };
        match serde_json::from_slice::<Line>(&bytes) {
            Ok(Line {
                id,
                status: Some(status),
                message,
                record,
                ..
            }) => match status {
                Status::Done | Status::Faulty => merge.answer(id, record, None),
                Status::Failed | Status::Refused => {
                    merge.answer(id, record, Some(message.unwrap_or_default()));
                }
            },
            Ok(Line {
                id,
                to: Some(To::Archive | To::Record),
                ..
            }) => merge.ask(id),
            Ok(_) => return Ok(Err(unread("it has neither `status` nor `to`".to_owned()))),
            Err(_) if !whole => {}
            Err(cause) => return Ok(Err(unread(cause.to_string()))),
        }
    }
    Ok(Ok(()))
}

fn tell(told: ArchiveOutput, merged: &Merged) {
    let Merged {
        asked,
        taken,
        failed,
        orphans,
        unanswered,
        contradictory,
        unasked,
        missing,
    } = merged;
    if told == ArchiveOutput::Json {
        let fault = |path: &String, fault: &str, reason: &str| {
            say(
                &json!({"event": "fault", "path": path, "fault": fault, "reason": reason})
                    .to_string(),
            );
        };
        for (path, reason) in unanswered {
            fault(path, "unanswered", reason);
        }
        for (name, paths) in [
            ("contradictory", contradictory),
            ("unasked", unasked),
            ("missing", missing),
        ] {
            for path in paths {
                fault(path, name, "");
            }
        }
        for record in failed {
            fault(&record.path, "failed", record.reason());
        }
        let end = json!({
            "event": "end",
            "asked": asked,
            "taken": taken,
            "failed": failed.len(),
            "orphans": orphans,
            "unanswered": unanswered.len(),
            "contradictory": contradictory.len(),
            "unasked": unasked.len(),
            "missing": missing.len(),
        });
        return say(&end.to_string());
    }
    for record in failed {
        complain(&format!("未生成 {}\n  {}\n", record.path, record.reason()));
    }
    for (path, reason) in unanswered {
        complain(&format!("没有应答 {path}\n"));
        if !reason.is_empty() {
            complain(&format!("  {reason}\n"));
        }
    }
    for path in contradictory {
        complain(&format!(
            "应答互相矛盾 {path}（报告或对照的报告在中途改过，请重新计划）\n"
        ));
    }
    for path in unasked {
        complain(&format!("计划中没有 {path}\n"));
    }
    for path in missing {
        complain(&format!("应答中的 PDF 不在归档处 {path}\n"));
    }
    let left = unanswered.len() + contradictory.len() + missing.len();
    let mut line = format!("合并 {asked} 份：入账 {taken}，其中失败 {}", failed.len());
    if left > 0 {
        line += &format!("；{left} 份没有入账，再次计划即接着做");
    }
    if *orphans > 0 {
        line += &format!("；{orphans} 个 PDF 的报告文件已不在");
    }
    say(&line);
}
