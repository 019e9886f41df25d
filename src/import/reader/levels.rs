//! Numbers of lists with levels: how far each has counted, and how its numbers are written.

use std::collections::{HashMap, HashSet};

use super::counting::written;

/// The levels of a list.
pub(super) const LEVELS: usize = 10;

/// What a list says of a level.
#[derive(Clone, Debug, Default)]
pub(super) struct Level {
    /// Its first number.
    pub start: u32,
    /// The format of its numbers, as Word calls it; empty if it is not known.
    pub format: &'static str,
    /// What is set before a paragraph.
    pub pattern: Vec<Piece>,
    /// Whether the numbers of the levels above are decimal.
    pub is_legal: bool,
}

/// A piece of a number.
#[derive(Clone, Debug)]
pub(super) enum Piece {
    Text(String),
    /// How far a level has counted.
    Level(usize),
}

/// The number of a paragraph.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Number {
    /// It is set before the paragraph; empty for a mark.
    Written(String),
    /// It is of a kind that is not known.
    Unknown,
}

/// How far lists have counted.
#[derive(Default)]
pub(super) struct Counters {
    counters: HashMap<usize, [Option<u32>; LEVELS]>,
    restarted: HashSet<(usize, usize)>,
}

impl Counters {
    /// Counts a paragraph of a list at a level. The first one of `user`, whoever takes numbers from the list, begins
    /// at `restart`.
    pub fn next<'l>(
        &mut self,
        list: usize,
        level: usize,
        (user, restart): (usize, Option<u32>),
        declared: impl Fn(usize) -> Option<&'l Level>,
    ) -> Option<Number> {
        let level = level.min(LEVELS - 1);
        let own = declared(level)?;
        let start = |level: usize| declared(level).map_or(1, |level| level.start);
        let counters = self.counters.entry(list).or_default();
        let is_first = self.restarted.insert((user, level));
        let next = match (restart.filter(|_| is_first), counters[level]) {
            (Some(restart), _) => restart,
            (None, Some(counter)) => counter.saturating_add(1),
            (None, None) => own.start,
        };
        counters[level] = Some(next);
        counters[level + 1..].fill(None);
        for (above, counter) in counters[..level].iter_mut().enumerate() {
            counter.get_or_insert_with(|| start(above));
        }
        let mut number = String::new();
        if own.format == "bullet" {
            return Some(Number::Written(number));
        }
        for piece in &own.pattern {
            let at = match piece {
                Piece::Text(text) => {
                    number.push_str(text);
                    continue;
                }
                Piece::Level(at) => (*at).min(LEVELS - 1),
            };
            let value = counters[at].unwrap_or_else(|| start(at));
            let format = declared(at).map_or("decimal", |level| level.format);
            let format = if own.is_legal && format != "none" {
                "decimal"
            } else {
                format
            };
            match written(value, format) {
                Some(written) => number.push_str(&written),
                None => return Some(Number::Unknown),
            }
        }
        Some(Number::Written(number))
    }
}
