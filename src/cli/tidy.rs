//! `nianbao tidy`: what can be put right in a report file without judging.

use super::args::{Tidy, TidyOutput};
use super::exit::Exit;
use super::print::{complain_of, say, say_json};
use crate::authoring::{self, Change};
use crate::check::is_invisible;
use crate::diagnostic;
use crate::error::Error;
use crate::form::Editions;
use crate::import;
use crate::report::IMPORT_MARK;
use crate::source::Source;
use crate::storage::{self, OwnDisk};

pub(super) fn run(arguments: &Tidy) -> Result<Exit, Error> {
    let editions = Editions::builtin()?;
    let source = Source::read(&arguments.report)?;
    if arguments.comments {
        return without_comments(arguments, &source);
    }
    let outcome = authoring::tidy(&source, &editions);
    let Some(tidied) = outcome.value else {
        let paint = super::check::paint(&std::io::stderr());
        complain_of(&diagnostic::render(&outcome.findings, &source, paint));
        return Ok(Exit::ReportHasErrors);
    };
    let name = arguments.report.display();
    let count = tidied.changes.len();
    if arguments.output == TidyOutput::Json {
        say_json(&tidied.json(&source));
    } else {
        for change in &tidied.changes {
            let (line, column) = source.position(change.span.start);
            let (start, end) = around(source.text(), change);
            let before = shown(&format!("{start}{}{end}", change.before));
            let after = shown(&format!("{start}{}{end}", change.after));
            say(&format!("{name}:{line}:{column}：{before} → {after}"));
        }
    }
    if arguments.write && count > 0 {
        storage::atomic(&OwnDisk, &arguments.report, &tidied.bytes(&source))?;
    }
    if arguments.output == TidyOutput::Human {
        say(&match (count, arguments.write) {
            (0, _) => format!("{name}：没有可以整理的"),
            (_, true) => format!("{name}：整理了 {count} 处"),
            (_, false) => format!("{name}：可以整理 {count} 处，加 --write 写入文件"),
        });
    }
    Ok(Exit::Done)
}

/// Removes the comments that an import has left.
fn without_comments(arguments: &Tidy, source: &Source) -> Result<Exit, Error> {
    let name = arguments.report.display();
    let count = source.text().matches(IMPORT_MARK).count();
    let plain = import::without_comments(source);
    if arguments.write && plain != source.text() {
        storage::atomic(&OwnDisk, &arguments.report, plain.as_bytes())?;
    }
    let done = if arguments.write {
        "去掉了"
    } else {
        "可以去掉"
    };
    if arguments.output == TidyOutput::Json {
        say_json(&serde_json::json!({ "comments": count }));
    } else {
        say(&format!("{name}：{done}导入留下的 {count} 处注释"));
    }
    Ok(Exit::Done)
}

/// The most characters that are shown on each side of a change.
const AROUND: usize = 6;

/// What stands before and behind a change on its line, so that it can be judged without the file.
fn around<'s>(text: &'s str, change: &Change) -> (&'s str, &'s str) {
    let before = text[..change.span.start].lines().next_back();
    let before = before.filter(|_| !text[..change.span.start].ends_with('\n'));
    let behind = text[change.span.end..].split(['\n', '\r']).next();
    let (before, behind) = (before.unwrap_or_default(), behind.unwrap_or_default());
    let start = before.char_indices().rev().nth(AROUND - 1);
    let end = behind.char_indices().nth(AROUND);
    (
        &before[start.map_or(0, |(at, _)| at)..],
        &behind[..end.map_or(behind.len(), |(at, _)| at)],
    )
}

/// A text in quotes; blanks and characters without ink by their code points.
fn shown(text: &str) -> String {
    let visible = |c: char| match c {
        ' ' => "␣".to_owned(),
        c if c.is_whitespace() || c.is_control() || is_invisible(c) => {
            format!("<U+{:04X}>", u32::from(c))
        }
        c => c.to_string(),
    };
    let text: String = text.chars().map(visible).collect();
    format!("“{text}”")
}
