//! The lines of the title: a trapezium or a diamond, broken between words (GB/T 9704, 7.3.1).

use super::lines::{closes, opens};
use super::names;
use super::words::Segmenter;
use crate::report::{MAX_TITLE_WIDTH as MOST, Report, title_width as width};

/// The most lines that a shape is sought for, and the most units.
const LINES: usize = 4;
const UNITS: usize = 24;

/// The title in lines: those of its author, or else of a good shape. The words of the form, the agency's name, and what
/// stands in brackets are kept whole; what is longer than a line is cut between the parts of a name, a part that is so too
/// between words.
pub(super) fn lines(report: &Report, segmenter: &Segmenter) -> Vec<String> {
    if !report.title_lines.is_empty() {
        return report.title_lines.clone();
    }
    let agency = &report.agency.text;
    let words = report.form.title_words(agency, report.year);
    let units = units(report, &words, segmenter);
    let fewest = greedy(&units).len();
    let mut best: Option<(f64, Vec<String>)> = None;
    shapes(&units, fewest, &mut Vec::new(), &mut |lines| {
        let cost = cost(lines, agency, &words);
        if best.as_ref().is_none_or(|(least, _)| cost < *least) {
            best = Some((cost, lines.to_vec()));
        }
    });
    best.map_or_else(|| greedy(&units), |(_, lines)| lines)
}

/// What a title is put together from.
fn units(report: &Report, words: &[String], segmenter: &Segmenter) -> Vec<String> {
    let mut known = words.to_vec();
    // 2023年度 is a word where 2023年 is one.
    let years = known.iter().filter(|word| word.ends_with('年'));
    known.extend(years.map(|word| format!("{word}度")).collect::<Vec<_>>());
    let mut units: Vec<String> = Vec::new();
    for unit in cut(&report.title.text, &known) {
        if width(unit) <= MOST {
            let held = |last: &&mut String| holds(last, unit) && width(last) + width(unit) <= MOST;
            match units.last_mut().filter(held) {
                Some(last) => last.push_str(unit),
                None => units.push(unit.to_owned()),
            }
            continue;
        }
        // Of the names of a joint report each is whole where it fits.
        let parts = names::joined(unit).into_iter().flat_map(|name| {
            if width(name) <= MOST {
                vec![name]
            } else {
                names::parts(name)
            }
        });
        for part in parts {
            if width(part) <= MOST {
                units.push(part.to_owned());
                continue;
            }
            for word in segmenter.words(part) {
                if width(&word.0) <= MOST {
                    units.push(word.0);
                } else {
                    units.extend(word.2.into_iter().map(|(piece, _)| piece));
                }
            }
        }
    }
    units
}

/// Whether a mark keeps two texts together: one that opens, or one that closes.
fn holds(last: &str, next: &str) -> bool {
    last.ends_with(opens) || next.starts_with(closes)
}

/// Cuts a title at the known words in it and at what stands in brackets; what stands between them stays in one piece.
fn cut<'a>(title: &'a str, known: &[String]) -> Vec<&'a str> {
    let mut units = Vec::new();
    let mut rest = title;
    while !rest.is_empty() {
        let words = known
            .iter()
            .filter_map(|word| Some((rest.find(word.as_str())?, word.len())));
        let next = words
            .chain(names::brackets(rest))
            .filter(|(_, len)| *len > 0)
            .min_by_key(|(at, len)| (*at, usize::MAX - len));
        let (at, len) = next.unwrap_or((rest.len(), 0));
        units.extend([&rest[..at], &rest[at..at + len]]);
        rest = &rest[at + len..];
    }
    units.retain(|unit| !unit.is_empty());
    units
}

fn greedy(units: &[String]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for unit in units {
        match lines.last_mut() {
            Some(line) if width(line) + width(unit) <= MOST => line.push_str(unit),
            _ => lines.push(unit.clone()),
        }
    }
    lines
}

/// Tries every way to set a few units in `count` lines; a title of many units has no shape to find.
fn shapes(
    units: &[String],
    count: usize,
    done: &mut Vec<String>,
    found: &mut impl FnMut(&[String]),
) {
    if units.len() > UNITS || count > LINES {
        return;
    }
    if units.is_empty() || count == 0 {
        if units.is_empty() && count == 0 {
            found(done);
        }
        return;
    }
    let mut line = String::new();
    for (i, unit) in units.iter().enumerate() {
        line.push_str(unit);
        if width(&line) > MOST {
            break;
        }
        done.push(line.clone());
        shapes(&units[i + 1..], count - 1, done, found);
        done.pop();
    }
}

/// The cost of a shape. It prefers lines of like but unequal length: widening or narrowing, or widest in the
/// middle, never an hourglass; and a line that ends with the agency's name. What is behind the year is one term, of
/// which at most the last word stands apart.
fn cost(lines: &[String], agency: &str, words: &[String]) -> f64 {
    let widths: Vec<f64> = lines.iter().map(|line| width(line)).collect();
    let (least, most) = widths
        .iter()
        .fold((MOST, 0.0_f64), |(l, m), w| (l.min(*w), m.max(*w)));
    let hourglass = widths.windows(3).any(|w| w[1] < w[0] && w[1] < w[2]);
    let rectangle = widths.len() > 1 && most - least < 0.5;
    let mut before = String::new();
    let named = lines.iter().any(|line| {
        before.push_str(line);
        before.ends_with(agency)
    });
    let parted = lines
        .windows(2)
        .map(|pair| parted(&pair[0], &pair[1], words));
    let price = |is: bool, price: f64| if is { price } else { 0.0 };
    most - least + price(hourglass, 100.0) + price(rectangle, 4.0) - price(named, 2.0)
        + parted.sum::<f64>()
}

/// The price of a line end within the term behind the agency and the year.
fn parted(line: &str, next: &str, words: &[String]) -> f64 {
    let term = words.get(2..).unwrap_or_default();
    let begun = term.iter().position(|word| line.ends_with(word));
    let rest = begun.map_or(&[][..], |at| &term[at + 1..]);
    match rest.iter().position(|word| next.starts_with(word)) {
        None => 0.0,
        Some(at) if at + 1 == rest.len() => 10.0,
        Some(_) => 150.0,
    }
}
