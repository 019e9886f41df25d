//! Where lines end: the way through a paragraph that costs least.
//!
//! A line costs the more the further its characters stand apart, and something for what it parts: a number from its
//! unit, a date, an address. No line is wider than [`LOOSEST`] as long as there is a way with none; where there is none, lines
//! may be ragged, and words that are longer than a line are broken.

use super::character::{Kind, is_address};
use super::glyphs::Glyphs;
use super::measure::{ADDRESS_LOOSEST, INDENT, KERNING, LOOSE, LOOSEST, ROOM, ROUNDING, TRACKING};

/// The end of a line.
pub(super) struct End {
    /// The number of characters before it.
    pub(super) at: usize,
    /// How the line is spread; `None` if it is ragged.
    pub(super) spread: Option<Spread>,
}

/// What the characters of a justified line stand apart beyond their own, in em.
#[derive(Clone, Copy)]
pub(super) struct Spread {
    /// Each place that Typst stretches.
    pub(super) stretch: f64,
    /// The signs of addresses, which take a little where the others would stand too far apart.
    pub(super) address: f64,
}

/// Each line, so that there are no more than needed.
const LINE: f64 = 300.0;
/// A line whose characters stand [`STRETCH`] em apart beyond their own; with the square of it.
const STRETCHED: f64 = 60.0;
const STRETCH: f64 = 0.08;
/// A line that is stretched beyond [`LOOSE`].
const WIDE: f64 = 1000.0;
/// A ragged line, and the square of the em that it leaves free.
const RAGGED: f64 = 4000.0;
const FREE: f64 = 60.0;
/// The end of a ragged line within a sentence: what is ragged anyway ends behind a mark.
const WITHIN: f64 = 1500.0;
/// A number apart from its unit, or 第 from its number.
const NUMBER: f64 = 2000.0;
/// A telephone number behind its hyphen. Readers of text drop a hyphen at the end of a line.
const TELEPHONE: f64 = 1900.0;
/// Between the parts of a date, or of a range.
const DATE: f64 = 60.0;
/// The number of a document apart from its words: 国办函 and 〔2020〕109号. Rather than a wide line.
const DOCUMENT: f64 = 900.0;
/// An address behind one of its signs, within its host, and behind a hyphen.
const ADDRESS: f64 = 20.0;
const HOST: f64 = 120.0;
const HYPHEN: f64 = 600.0;
/// A last line of one character.
const ALONE: f64 = 400.0;
/// What has to be broken: a word behind a sign, one of more than [`LONG`] letters, anything else.
const SIGN: f64 = 2000.0;
const WORD: f64 = 6000.0;
const ANYTHING: f64 = 50_000.0;
const LONG: usize = 20;

/// The ends of all lines but the last.
pub(super) fn ends(glyphs: &Glyphs) -> Vec<End> {
    let count = glyphs.all.len();
    if count == 0 || fits(glyphs, 0, count) >= 0.0 {
        return Vec::new();
    }
    let places = way(glyphs, false).or_else(|| way(glyphs, true));
    let places = places.unwrap_or_default();
    let starts = [0].into_iter().chain(places.iter().copied());
    let end = |(from, at): (usize, &usize)| End {
        at: *at,
        spread: is_justified(glyphs, from, *at).then(|| spread(glyphs, from, *at)),
    };
    starts.zip(&places).map(end).collect()
}

/// The room that a line is sure to leave, in em; negative if it has none.
fn fits(glyphs: &Glyphs, from: usize, to: usize) -> f64 {
    free(glyphs, from, to) - kerning(glyphs, from, to) - ROUNDING
}

/// The room that a line leaves if no letters are kerned.
fn free(glyphs: &Glyphs, from: usize, to: usize) -> f64 {
    let indent = if from == 0 { INDENT } else { 0.0 };
    ROOM - indent - glyphs.width(from, to)
}

fn kerning(glyphs: &Glyphs, from: usize, to: usize) -> f64 {
    if glyphs.has_letters(from, to) {
        KERNING
    } else {
        0.0
    }
}

/// What each place of a line is stretched by, with so much more room.
fn stretch(glyphs: &Glyphs, from: usize, to: usize, more: f64) -> f64 {
    (free(glyphs, from, to) + more) / f64::from(glyphs.gaps(from, to))
}

/// How a justified line is spread.
fn spread(glyphs: &Glyphs, from: usize, to: usize) -> Spread {
    let stretch = stretch(glyphs, from, to, 0.0);
    let (gaps, signs) = (glyphs.gaps(from, to), glyphs.address_gaps(from, to));
    if stretch <= LOOSE + TRACKING || signs == 0 {
        return Spread {
            stretch,
            address: 0.0,
        };
    }
    let (gaps, signs) = (f64::from(gaps), f64::from(signs));
    // What is Chinese stands a tracking further from what is not.
    let loose = LOOSE + TRACKING;
    let address = ((stretch - loose) * gaps / signs).min(ADDRESS_LOOSEST);
    Spread {
        stretch: stretch - address * signs / gaps,
        address,
    }
}

/// Whether a line is not stretched too far, be its letters kerned or not.
fn is_justified(glyphs: &Glyphs, from: usize, to: usize) -> bool {
    stretch(glyphs, from, to, kerning(glyphs, from, to)) <= LOOSEST
}

/// The places at which lines end on the cheapest way to the end; in `need` lines may be ragged and words broken.
fn way(glyphs: &Glyphs, need: bool) -> Option<Vec<usize>> {
    let count = glyphs.all.len();
    // The cost of the cheapest way to each place, and the place before it.
    let mut ways = vec![(f64::INFINITY, 0); count + 1];
    ways[0].0 = 0.0;
    let mut first = 0; // from which a line has room
    for to in 1..=count {
        let price = match price(glyphs, to) {
            _ if to == count => 0.0,
            Some(price) => price,
            None if need => breaking(glyphs, to),
            None => continue,
        };
        while first < to && fits(glyphs, first, to) < 0.0 {
            first += 1;
        }
        for from in first..to {
            let before = ways[from].0;
            if before.is_infinite() {
                continue;
            }
            let line = if to == count {
                last(glyphs, from)
            } else if is_justified(glyphs, from, to) {
                stretched(stretch(glyphs, from, to, 0.0))
            } else if need {
                RAGGED + FREE * square(fits(glyphs, from, to)) + within(glyphs, to)
            } else {
                break;
            };
            let cost = before + LINE + price + line;
            if cost < ways[to].0 {
                ways[to] = (cost, from);
            }
        }
    }
    let mut places = Vec::new();
    let mut at = count;
    while at > 0 {
        if ways[at].0.is_infinite() {
            return None;
        }
        at = ways[at].1;
        places.push(at);
    }
    places.pop();
    places.reverse();
    Some(places)
}

/// The cost of a justified line.
fn stretched(stretch: f64) -> f64 {
    let wide = if stretch > LOOSE { WIDE } else { 0.0 };
    STRETCHED * square(stretch / STRETCH) + wide
}

/// A square that is the same on every machine; `powi` need not be.
fn square(x: f64) -> f64 {
    x * x
}

/// The cost of a last line.
fn last(glyphs: &Glyphs, from: usize) -> f64 {
    let inked = glyphs.all[from..]
        .iter()
        .filter(|glyph| glyph.kind != Kind::Closing);
    if inked.take(2).count() < 2 {
        ALONE
    } else {
        0.0
    }
}

/// The price of a ragged end between two characters that belong together.
fn within(glyphs: &Glyphs, at: usize) -> f64 {
    let chinese = |at: usize| glyphs.all[at].kind == Kind::Hanzi;
    if chinese(at - 1) && chinese(at) {
        WITHIN
    } else {
        0.0
    }
}

/// The price of an end before a character; `None` where a line does not end.
fn price(glyphs: &Glyphs, at: usize) -> Option<f64> {
    let (one, next) = (&glyphs.all[at - 1], glyphs.all.get(at)?);
    let before = |back: usize| at.checked_sub(back).map(|at| &glyphs.all[at]);
    let behind_digit = before(2).is_some_and(|glyph| glyph.kind == Kind::Digit);
    if is_word(one.kind, one.character) && is_word(next.kind, next.character) {
        let same = one.address == next.address;
        return match one.character {
            sign if same && one.address > 0 => in_address(sign, next.character),
            '-' if behind_digit && next.kind == Kind::Digit => Some(TELEPHONE),
            _ => None,
        };
    }
    match (one.kind, next.kind) {
        (Kind::Opening | Kind::Between, _) | (_, Kind::Closing | Kind::Between | Kind::Space) => {
            None
        }
        (Kind::Space, Kind::Hanzi) if behind_digit => Some(NUMBER),
        (Kind::Dash, Kind::Dash) if one.character == next.character => None,
        (_, Kind::Dash) => {
            // A doubled dash may begin a line, one that joins two may not.
            let doubled = glyphs.all.get(at + 1).map(|glyph| glyph.character);
            (next.character == '—' && doubled == Some('—')).then_some(0.0)
        }
        (Kind::Dash, Kind::Digit) => Some(DATE),
        (Kind::Digit, Kind::Hanzi | Kind::Other) => Some(NUMBER),
        (Kind::Hanzi, Kind::Digit) => match one.character {
            '第' => Some(NUMBER),
            '年' | '月' if behind_digit => Some(DATE),
            _ => Some(0.0),
        },
        (Kind::Hanzi, Kind::Opening) => match one.character {
            '第' => Some(NUMBER),
            _ if begins_number(glyphs, at) => Some(DOCUMENT),
            _ => Some(0.0),
        },
        (Kind::Hanzi, Kind::Hanzi) => match one.character {
            '万' | '亿' | '千' | '百' | '余' | '多' if behind_digit => Some(NUMBER),
            _ if begins_number(glyphs, at + 1) || begins_number(glyphs, at + 2) => Some(DOCUMENT),
            _ => Some(0.0),
        },
        (Kind::Closing, Kind::Digit) if behind_digit => match one.character {
            '．' | '·' | '・' => None,
            '〕' | '］' => Some(NUMBER),
            '）' | ')' => Some(TELEPHONE),
            _ => Some(0.0),
        },
        (Kind::Closing, Kind::Hanzi) if behind_digit && one.character == '.' => Some(DATE),
        _ => Some(0.0),
    }
}

/// Whether the number of a document begins at a place: 〔2020〕109号.
fn begins_number(glyphs: &Glyphs, at: usize) -> bool {
    let glyph = glyphs.all.get(at);
    glyph.is_some_and(|glyph| matches!(glyph.character, '〔' | '［'))
}

/// Whether a character is of a word that is not Chinese.
fn is_word(kind: Kind, character: char) -> bool {
    matches!(kind, Kind::Letter | Kind::Digit) || is_address(character)
}

/// The price of an end behind a sign of an address.
fn in_address(sign: char, next: char) -> Option<f64> {
    match (sign, next) {
        ('/', '/') => None,
        ('/' | '?' | '&' | '=' | '_', _) => Some(ADDRESS),
        ('.' | '@', _) => Some(HOST),
        ('-', _) => Some(HYPHEN),
        _ => None,
    }
}

/// The price of an end where none should be.
fn breaking(glyphs: &Glyphs, at: usize) -> f64 {
    let is_in = |glyph: &&super::glyphs::Glyph| is_word(glyph.kind, glyph.character);
    let (before, behind) = glyphs.all.split_at(at);
    let left = before.iter().rev().take_while(is_in).take(LONG).count();
    let right = behind.iter().take_while(is_in).take(LONG).count();
    let next = behind.first().map(|glyph| glyph.character);
    match before.last().map(|glyph| glyph.character) {
        _ if left == 0 || right == 0 || left + right <= LONG => ANYTHING,
        Some(':' | '/') if next == Some('/') => ANYTHING,
        Some('/' | '.' | '?' | '&' | '=' | '_' | '@' | '-' | ',' | ';' | ':') => SIGN,
        _ => WORD,
    }
}
