//! Paragraphs of which nothing is left.

use std::collections::BTreeSet;

use super::document::LeftOut;
use crate::import::block::{Flag, Place};

/// What is said of a paragraph without text, if it had any.
pub(super) fn left_out(flags: &BTreeSet<Flag>, lost: &str) -> Option<LeftOut> {
    let what = if flags.contains(&Flag::Deleted) {
        "修订中删除的段落"
    } else if flags.contains(&Flag::Hidden) {
        "隐藏的段落"
    } else {
        return None;
    };
    Some(LeftOut {
        what,
        text: lost.trim().to_owned(),
        place: Place::Whole,
    })
}
