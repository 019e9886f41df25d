//! `nianbao explain`: the text of a rule: finding, reason, example, basis.

use super::exit::Exit;
use super::print::{complain, say};
use crate::check::rules;

pub(super) fn run(id: &str) -> Exit {
    let Some(entry) = rules::named(id) else {
        complain(&match rules::nearest(id) {
            Some(near) => format!("error: there is no rule {id}; the nearest is {near}\n"),
            None => format!("error: there is no rule {id}; docs/checks.md lists them\n"),
        });
        return Exit::WrongUsage;
    };
    // What a reader of a terminal sees: no marks of Markdown, examples indented.
    let mut example = false;
    for line in entry.text.lines() {
        if line.starts_with("```") {
            example = !example;
            if line.ends_with("previous") {
                say("    # 上年度的报告");
            }
        } else if example {
            say(&format!("    {line}"));
        } else {
            say(&line.trim_start_matches('#').trim().replace('`', ""));
        }
    }
    Exit::Done
}
