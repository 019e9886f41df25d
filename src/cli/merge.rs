//! `nianbao archive merge`: one ledger from the answers of workers.

use std::fmt;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::json;

use super::args::{ArchiveMerge, ArchiveOutput};
use super::exit::Exit;
use super::print::{complain, say};
use super::progress::{complain_of_failure, complain_of_orphan};
use crate::archive::Record;
use crate::batch::{Merge, Merged, Shard, Worked};
use crate::digest::Digest;
use crate::error::Error;
use crate::storage::{Location, OwnDisk};
use crate::worker::{Status, To};

/// A merge command whose arguments make sense.
pub(super) struct Configuration {
    output: Location,
    parts: Vec<PathBuf>,
    told: ArchiveOutput,
}

impl Configuration {
    /// # Errors
    /// The fault of the usage.
    pub(super) fn new(arguments: ArchiveMerge) -> Result<Self, String> {
        Ok(Self {
            output: Location::new(&arguments.output)?,
            parts: arguments.parts,
            told: arguments.told,
        })
    }
}

/// The parts of a line that a merge needs: a request names the work, an answer its outcome.
#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    to: Option<To>,
    #[serde(default)]
    archive: Option<Asked>,
    #[serde(default)]
    status: Option<Status>,
    #[serde(default)]
    message: Option<String>,
    #[serde(default)]
    record: Option<Record>,
    #[serde(default)]
    before: Option<Record>,
    #[serde(default)]
    stamp: Option<String>,
}

/// The parts of an archive request that a merge needs.
#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    report: Option<Digest>,
    #[serde(default)]
    before: Option<Record>,
}

/// An invalid line.
struct Unread {
    part: PathBuf,
    line: usize,
    cause: String,
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let (part, Self { line, cause, .. }) = (self.part.display(), self);
        write!(
            f,
            "{part}:{line} is no line of a plan and no answer of a worker, and is left out: {cause}"
        )
    }
}

pub(super) fn run(configuration: &Configuration) -> Result<Exit, Error> {
    let mut merge = Merge::default();
    let mut unread = Vec::new();
    for part in &configuration.parts {
        take(&mut merge, part, &mut unread)?;
    }
    if merge.is_without_plan() {
        if let Some(unread) = unread.first() {
            complain(&format!("error: {unread}\n"));
        }
        complain(
            "error: no PART has the lines of `nianbao plan`, so nobody can tell what is missing; name \
             the file with them too\n",
        );
        return Ok(Exit::WrongUsage);
    }
    let merged = merge.run(&*configuration.output.store(&OwnDisk))?;
    for unread in &unread {
        complain(&format!("error: {unread}\n"));
    }
    tell(configuration.told, &merged);
    Ok(if merged.is_whole() && unread.is_empty() {
        Exit::Done
    } else {
        Exit::PartFailed
    })
}

/// Takes the lines of a file, which may be empty. Of the invalid lines the first is reported. The last line
/// may be torn, because its writer was killed: then it is ignored.
fn take(merge: &mut Merge, part: &Path, unread: &mut Vec<Unread>) -> Result<(), Error> {
    let failed = |cause| Error::read(part, cause);
    let mut lines = BufReader::new(File::open(part).map_err(failed)?);
    let mut bytes = Vec::new();
    let mut fault = None;
    for line in 1.. {
        bytes.clear();
        if lines.read_until(b'\n', &mut bytes).map_err(failed)? == 0 {
            break;
        }
        if bytes.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let whole = bytes.last() == Some(&b'\n');
        let taken = serde_json::from_slice(&bytes).map_err(|fault| fault.to_string());
        if let Err(cause) = taken.and_then(|line| told(merge, line))
            && whole
        {
            let part = part.to_owned();
            fault.get_or_insert(Unread { part, line, cause });
        }
    }
    unread.extend(fault);
    Ok(())
}

/// Takes a line; the error is what makes it invalid.
fn told(merge: &mut Merge, line: Line) -> Result<(), String> {
    let Line { id, to, status, .. } = line;
    let Some(id) = id else {
        // The answer to the last line of a plan, which was torn.
        let torn = status == Some(Status::Refused);
        return torn
            .then_some(())
            .ok_or_else(|| "it has no `id`".to_owned());
    };
    let part = id.parse::<Shard>();
    match (status, to, line.archive) {
        // That a part of a plan is whole, and that a worker has seen it.
        (None, Some(To::End), _) => merge.end(part?),
        (Some(_), _, _) if part.is_ok() => {}
        (None, Some(To::Record), _) => merge.note(id, line.record, line.before.as_ref()),
        (None, Some(To::Archive), Some(asked)) => {
            merge.ask(id, asked.report, asked.before.as_ref());
        }
        (Some(status), _, _) => {
            let failed = matches!(status, Status::Failed | Status::Refused);
            let worked = Worked {
                record: line.record,
                failed: failed.then(|| line.message.unwrap_or_default()),
                pdf: None,
                stamp: line.stamp,
            };
            merge.answer(id, worked);
        }
        _ => return Err("it has neither `status` nor what `nianbao plan` writes".to_owned()),
    }
    Ok(())
}

fn tell(told: ArchiveOutput, merged: &Merged) {
    let Merged {
        asked,
        taken,
        failed,
        broken,
        orphans,
        unanswered,
        contradictory,
        unasked,
        missing,
        torn,
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
        for shard in torn {
            fault(&shard.to_string(), "torn", "");
        }
        for record in failed {
            fault(&record.path, "failed", record.reason());
        }
        let end = json!({
            "event": "end",
            "asked": asked,
            "taken": taken,
            "failed": failed.len(),
            "broken": broken,
            "orphans": orphans.len(),
            "unanswered": unanswered.len(),
            "contradictory": contradictory.len(),
            "unasked": unasked.len(),
            "missing": missing.len(),
            "torn": torn.len(),
        });
        return say(&end.to_string());
    }
    failed.iter().for_each(complain_of_failure);
    orphans.iter().for_each(complain_of_orphan);
    for (path, reason) in unanswered {
        complain(&format!("没有应答 {path}\n"));
        if !reason.is_empty() {
            complain(&format!("  {reason}\n"));
        }
    }
    for path in contradictory {
        complain(&format!(
            "应答互相矛盾 {path}（报告或对照的报告在中途改过，或混入了以前的应答；请换一个空文件夹，重新计划）\n"
        ));
    }
    for path in unasked {
        complain(&format!("计划中没有 {path}\n"));
    }
    for path in missing {
        complain(&format!("应答中的 PDF 不在归档处 {path}\n"));
    }
    for shard in torn {
        complain(&format!(
            "计划的第 {shard} 部分没有写完，其余要做的不得而知，请重新计划\n"
        ));
    }
    let left = unanswered.len() + contradictory.len() + missing.len();
    let mut line = format!("合并 {asked} 份：入账 {taken}，其中失败 {}", failed.len());
    if left > 0 {
        line += &format!("；{left} 份没有入账，再次计划即接着做");
    }
    if *broken > 0 {
        line += &format!("；失败中 {broken} 份不是报告的错，再次计划即重做");
    }
    if !orphans.is_empty() {
        line += &format!("；{} 个 PDF 的报告文件已不在", orphans.len());
    }
    say(&line);
}
