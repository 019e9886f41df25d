//! Runs of characters that stand twice, one directly behind the other.

use std::ops::Range;

/// The runs of `length` characters that follow an equal run, in order; of a run that stands three times the second.
pub(super) fn second_runs(all: &[char], length: usize) -> impl Iterator<Item = Range<usize>> {
    let equal = move |i: usize| all[i] == all[i - length];
    let run = move |at: usize| {
        let before = (length..at).rev().take(length);
        let start = at - before.take_while(|i| equal(*i)).count();
        let end = start + length;
        let is_later = start > length && equal(start - 1);
        (!is_later && end <= all.len() && (at..end).all(equal)).then_some(start..end)
    };
    // A run that stands twice makes `length` characters in a row equal to those before them, so one of every
    // `length` is looked at.
    let mut at = length;
    std::iter::from_fn(move || {
        while let Some(c) = all.get(at) {
            let before = all[at - length];
            at += length;
            if *c == before
                && let Some(run) = run(at - length)
            {
                return Some(run);
            }
        }
        None
    })
}

/// The place of some characters of a text in its bytes.
pub(super) fn bytes(text: &str, characters: Range<usize>) -> Range<usize> {
    let at = |i| text.char_indices().nth(i).map_or(text.len(), |(at, _)| at);
    at(characters.start)..at(characters.end)
}
