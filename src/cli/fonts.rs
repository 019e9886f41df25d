//! `nianbao fonts`: the families that fill each role of type, and their coverage.

use super::exit::Exit;
use super::print::say;
use crate::error::Error;
use crate::typeset::{Covers, FontOptions, Fonts};

pub(super) fn run(options: &FontOptions) -> Result<Exit, Error> {
    let fonts = Fonts::load(options)?;
    let sets = [
        ("GB 2312 汉字", fonts.characters("gb2312")?),
        ("通用规范汉字表", fonts.characters("standard")?),
    ];
    for role in fonts.roles() {
        say(&format!("{}（{}）", role.term, role.key));
        for family in fonts.chain(&role.key) {
            match &family.covers {
                None => say(&format!("  {}", family.name)),
                Some(Covers::LatinInCjk) => {
                    say(&format!("  {}，中西文共用的标点除外", family.name));
                }
            }
        }
        for (name, characters) in &sets {
            let missing: Vec<char> = characters
                .iter()
                .copied()
                .filter(|c| !fonts.covers(&role.key, *c))
                .collect();
            let covered = characters.len() - missing.len();
            say(&format!("  {name}：{covered}/{}", characters.len()));
            if !missing.is_empty() {
                let shown: String = missing.iter().take(20).collect();
                let more = if missing.len() > 20 { "…" } else { "" };
                say(&format!("  缺：{shown}{more}"));
            }
        }
    }
    Ok(Exit::Done)
}
