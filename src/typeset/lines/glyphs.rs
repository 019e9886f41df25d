//! A paragraph as lines are chosen for it: how wide each stretch of it is set, and where it gives way.
//!
//! This is what Typst does, in numbers: characters are as wide as their font says, one tracking stands behind each but
//! the last of a run, full-width marks give up half their width beside one another and at the ends of lines. A run
//! is text of one script, of one font, of one link; marks with a quotation mark among them are one of their own,
//! without tracking, because only so Typst takes them for Chinese.

use super::character::{Kind, Mark, is_quotation};
use super::measure::TRACKING;
use crate::report::{Address, addresses};
use crate::typeset::fonts::Fonts;
use crate::typeset::fonts::advances::RoleAdvances;

/// A text in the fonts of a role.
pub(in crate::typeset) struct Part<'a> {
    pub(in crate::typeset) role: &'static str,
    pub(in crate::typeset) text: &'a str,
}

/// A character in its place.
pub(super) struct Glyph {
    pub(super) character: char,
    pub(super) kind: Kind,
    pub(super) mark: Option<Mark>,
    /// The number of the address that it is in, from 1; 0 if it is in none.
    pub(super) address: usize,
    /// Whether it is set without tracking, with the marks beside it.
    pub(super) bare: bool,
    /// Its advance in em with its tracking.
    advance: f64,
    /// What it and the one before give up for each other.
    pub(super) pair: f64,
    /// Whether it begins a part. Typst never lets marks of two fonts give way, so what they give up is told apart.
    pub(super) begins: bool,
}

/// What the characters before a place come to.
#[derive(Clone, Copy, Default)]
struct Sum {
    width: f64,
    stretched: u32,
    letters: u32,
    /// Signs of an address before another of the same.
    in_address: u32,
}

/// A paragraph of one or more parts.
pub(super) struct Glyphs {
    pub(super) all: Vec<Glyph>,
    pub(super) targets: Vec<String>,
    sums: Vec<Sum>,
}

/// The scripts that part runs.
#[derive(Clone, Copy, PartialEq)]
enum Script {
    Chinese,
    Other,
}

impl Glyphs {
    pub(super) fn new(parts: &[Part], fonts: &Fonts) -> Self {
        let count = parts.iter().map(|part| part.text.len()).sum::<usize>() / 2;
        let mut glyphs = Self {
            all: Vec::with_capacity(count),
            targets: Vec::new(),
            sums: Vec::with_capacity(count),
        };
        for part in parts {
            let start = glyphs.all.len();
            glyphs.add(part.text, &fonts.advances(part.role));
            mark_bare(&mut glyphs.all[start..]);
            track(&mut glyphs.all[start..]);
            squeeze(&mut glyphs.all[start..]);
            glyphs.join(start);
        }
        let mut sum = Sum::default();
        glyphs.sums.push(sum);
        for (at, glyph) in glyphs.all.iter().enumerate() {
            let next = glyphs.all.get(at + 1).map_or(0, |next| next.address);
            sum.in_address += u32::from(glyph.address > 0 && glyph.address == next);
            sum.width += glyph.advance - glyph.pair;
            sum.stretched += u32::from(glyph.kind.is_stretched(glyph.mark));
            sum.letters += u32::from(glyph.kind == Kind::Letter);
            glyphs.sums.push(sum);
        }
        glyphs
    }

    fn add(&mut self, text: &str, advances: &RoleAdvances) {
        let mut addresses = addresses(text).into_iter().peekable();
        for (at, character) in text.char_indices() {
            if addresses
                .peek()
                .is_some_and(|address| address.range.end <= at)
            {
                self.targets
                    .extend(addresses.next().map(|address| address.target));
            }
            let is_in = |address: &Address| address.range.contains(&at);
            let kind = Kind::of(character);
            let advance = advances.of(character);
            self.all.push(Glyph {
                character,
                kind,
                // Typst takes a narrower quotation mark for that of Latin text.
                mark: Mark::of(character)
                    .filter(|_| !is_quotation(character) || advance.to_bits() == 1.0_f64.to_bits()),
                address: if addresses.peek().is_some_and(is_in) {
                    self.targets.len() + 1
                } else {
                    0
                },
                bare: false,
                advance,
                pair: 0.0,
                begins: at == 0,
            });
        }
        self.targets.extend(addresses.map(|address| address.target));
    }

    /// Lets the marks at the border of two parts give way.
    fn join(&mut self, start: usize) {
        let Some(([.., last], [first, ..])) = self.all.split_at_mut_checked(start) else {
            return;
        };
        if (last.mark, first.mark) == (Some(Mark::Closing), Some(Mark::Opening)) {
            first.pair = 0.5;
        }
    }

    /// The width of a line from one place to another, not stretched, in em.
    pub(super) fn width(&self, from: usize, to: usize) -> f64 {
        let between = self.sums[to].width - self.sums[from].width;
        between - self.given_at_start(from) - self.given_at_end(to)
    }

    fn given_at_start(&self, at: usize) -> f64 {
        let glyph = &self.all[at];
        match glyph.mark {
            Some(Mark::Opening) if at > 0 => {
                let set = if is_quotation(glyph.character) {
                    1.0
                } else {
                    glyph.advance
                };
                glyph.advance - set / 2.0 - glyph.pair
            }
            _ => -glyph.pair,
        }
    }

    fn given_at_end(&self, to: usize) -> f64 {
        let last = &self.all[to - 1];
        match last.mark {
            Some(Mark::Closing) if is_quotation(last.character) => last.advance - 0.5,
            Some(Mark::Closing) => last.advance / 2.0,
            // The character before has no tracking.
            _ if last.kind == Kind::Space => last.advance + TRACKING,
            _ => 0.0,
        }
    }

    /// How many places of a line are stretched.
    pub(super) fn gaps(&self, from: usize, to: usize) -> u32 {
        let last = &self.all[to - 1];
        // Chinese at the end of a line is not; a blank is.
        let at_end = last.kind.is_stretched(last.mark) && last.kind != Kind::Space;
        self.sums[to].stretched - self.sums[from].stretched - u32::from(at_end)
    }

    /// How many places of a line are between signs of an address.
    pub(super) fn address_gaps(&self, from: usize, to: usize) -> u32 {
        self.sums[to - 1].in_address - self.sums[from].in_address
    }

    pub(super) fn has_letters(&self, from: usize, to: usize) -> bool {
        self.sums[to].letters > self.sums[from].letters
    }
}

/// Finds the runs of marks that are set without tracking.
fn mark_bare(glyphs: &mut [Glyph]) {
    for run in glyphs.chunk_by_mut(|a, b| a.mark.is_some() && b.mark.is_some()) {
        if run.len() > 1 && run.iter().any(|glyph| is_quotation(glyph.character)) {
            for glyph in run {
                glyph.bare = true;
            }
        }
    }
}

/// Adds the tracking behind each character but the last of a run.
fn track(glyphs: &mut [Glyph]) {
    let script = |glyph: &Glyph| match glyph.kind {
        Kind::Hanzi => Some(Script::Chinese),
        Kind::Letter => Some(Script::Other),
        _ => None,
    };
    let mut current = None;
    for at in 0..glyphs.len() {
        if at == 0 || ends_run(&glyphs[at - 1], &glyphs[at]) {
            current = None;
        }
        let here = script(&glyphs[at]);
        current = current.or(here);
        let Some(next) = glyphs.get(at + 1) else {
            break;
        };
        let changes = script(next).is_some_and(|next| current.is_some_and(|script| script != next));
        if changes {
            current = None;
        }
        if !changes && !glyphs[at].bare && !ends_run(&glyphs[at], next) {
            glyphs[at].advance += TRACKING;
        }
    }
}

fn ends_run(one: &Glyph, next: &Glyph) -> bool {
    one.bare != next.bare || one.address != next.address
}

/// Lets marks beside one another give way, from left to right as Typst does it.
fn squeeze(glyphs: &mut [Glyph]) {
    let mut before: Option<(f64, f64)> = None; // the width of the mark before, and what it gives at its right
    for glyph in glyphs {
        let Some(mark) = glyph
            .mark
            .filter(|_| glyph.bare || !is_quotation(glyph.character))
        else {
            before = None;
            continue;
        };
        let (left, right) = mark.gives();
        let (mut width, left, right) = (glyph.advance, left * glyph.advance, right * glyph.advance);
        if let Some((before, gives)) = before {
            let wanted = before / 2.0;
            if gives + left >= wanted {
                glyph.pair = wanted;
                width -= wanted - gives.min(wanted);
            }
        }
        before = Some((width, right));
    }
}
