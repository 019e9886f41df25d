//! `--copy` and `--watermark`: what copies are for.

use super::args::{Copies, CopyFor};
use super::{Exit, complain};
use crate::typeset::{Fonts, Purpose};

/// The most characters of a watermark, so that it can be read.
const LONGEST_WATERMARK: usize = 12;

impl Copies {
    /// # Errors
    /// What is wrong with the usage.
    pub(super) fn purpose(&self) -> Result<Purpose, String> {
        match (self.copy, self.watermark.clone()) {
            (CopyFor::Draft, watermark) => match &watermark {
                Some(words) if !is_short(words) => Err(format!(
                    "--watermark takes 1 to {LONGEST_WATERMARK} characters"
                )),
                _ => Ok(Purpose::Draft { watermark }),
            },
            (_, Some(_)) => Err("--watermark goes with --copy draft".to_owned()),
            (CopyFor::Public, None) => Ok(Purpose::Public),
            (CopyFor::Archive, None) => Ok(Purpose::Archive),
        }
    }
}

fn is_short(words: &str) -> bool {
    let count = words.chars().count();
    (1..=LONGEST_WATERMARK).contains(&count) && words.trim() == words
}

/// How the command ends if a watermark cannot be drawn.
pub(super) fn undrawable(purpose: &Purpose, fonts: &Fonts) -> Option<Exit> {
    let character = purpose.undrawable(fonts)?;
    let shown = character.escape_debug();
    complain(&format!("error: no font can draw {shown} of --watermark\n"));
    Some(Exit::WrongUsage)
}
