//! `nianbao archive merge`: one ledger from the answers of workers.

use std::fmt;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::args::{ArchiveMerge, ArchiveOutput};
use super::exit::Exit;
use super::print::{complain, say};
use super::progress::{complain_of_failure, complain_of_orphan};
use crate::batch::{Merge, MergeSummary, read_lines};
use crate::error::Error;
use crate::storage::{Location, OwnDisk};

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

/// Takes the lines of a file; an empty file has none. Of invalid lines the first is reported.
fn take(merge: &mut Merge, part: &Path, unread: &mut Vec<Unread>) -> Result<(), Error> {
    let failed = |cause| Error::read(part, cause);
    let input = BufReader::new(File::open(part).map_err(failed)?);
    let mut fault = None;
    let read = read_lines(input, |number, line| match line {
        Ok(line) => merge.take(line),
        Err(cause) => {
            fault.get_or_insert(Unread {
                part: part.to_owned(),
                line: number,
                cause,
            });
        }
    });
    read.map_err(failed)?;
    unread.extend(fault);
    Ok(())
}

fn tell(told: ArchiveOutput, merged: &MergeSummary) {
    let MergeSummary {
        asked,
        taken,
        failed,
        broken,
        orphans,
        unanswered,
        contradictory,
        unasked,
        missing,
        unproven,
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
            "unproven": unproven,
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
    if *unproven > 0 {
        line += &format!(
            "；台账中 {unproven} 个 PDF 的摘要只是应答所说，nianbao archive verify 或者下次归档时读一遍来核对"
        );
    }
    if !orphans.is_empty() {
        line += &format!("；{} 个 PDF 的报告文件已不在", orphans.len());
    }
    say(&line);
}
