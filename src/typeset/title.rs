//! The lines of the title: a trapezium or a diamond, broken between words (GB/T 9704, 7.3.1).

use super::words::Segmenter;
use crate::report::{MAX_TITLE_WIDTH as MOST, Report, title_width as width};

/// The title in lines: those of its author, or else of a good shape. The words of the form and the agency's name are kept whole; other words
/// are cut only where they are longer than a line.
pub(super) fn lines(report: &Report, segmenter: &Segmenter) -> Vec<String> {
    if !report.title_lines.is_empty() {
        return report.title_lines.clone();
    }
    let known = report.form.title_words(&report.agency.text, report.year);
    let mut units = Vec::new();
    for unit in units_of(&report.title.text, &known) {
        if width(&unit) <= MOST {
            units.push(unit);
        } else {
            units.extend(
                segmenter
                    .words(&unit)
                    .iter()
                    .flat_map(|word| pieces(&word.0)),
            );
        }
    }
    let fewest = greedy(&units).len();
    let mut best: Option<(f64, Vec<String>)> = None;
    shapes(&units, fewest, &mut Vec::new(), &mut |lines| {
        let cost = cost(lines);
        if best.as_ref().is_none_or(|(least, _)| cost < *least) {
            best = Some((cost, lines.to_vec()));
        }
    });
    best.map_or_else(|| greedy(&units), |(_, lines)| lines)
}

/// Cuts a title at the known words in it; what stands between them stays in one piece.
fn units_of(title: &str, known: &[String]) -> Vec<String> {
    let mut units = Vec::new();
    let mut rest = title;
    while !rest.is_empty() {
        let next = known
            .iter()
            .filter(|word| !word.is_empty())
            .filter_map(|word| Some((rest.find(word.as_str())?, word.len())))
            .min_by_key(|(at, len)| (*at, usize::MAX - len));
        let (at, len) = next.unwrap_or((rest.len(), 0));
        let (before, word) = (&rest[..at], &rest[at..at + len]);
        units.extend(
            [before, word]
                .iter()
                .filter(|u| !u.is_empty())
                .map(|u| (*u).to_owned()),
        );
        rest = &rest[at + len..];
    }
    units
}

/// A word, or its pieces where it is longer than a line.
fn pieces(word: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    for c in word.chars() {
        let last = pieces.len() - 1;
        if width(&pieces[last]) + width(c.encode_utf8(&mut [0; 4])) > MOST {
            pieces.push(String::new());
        }
        let last = pieces.len() - 1;
        pieces[last].push(c);
    }
    pieces
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
    if units.len() > 24 || count > 3 {
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
/// middle, never an hourglass.
fn cost(lines: &[String]) -> f64 {
    let widths: Vec<f64> = lines.iter().map(|line| width(line)).collect();
    let (least, most) = widths
        .iter()
        .fold((MOST, 0.0_f64), |(l, m), w| (l.min(*w), m.max(*w)));
    let hourglass = widths.windows(3).any(|w| w[1] < w[0] && w[1] < w[2]);
    let rectangle = widths.len() > 1 && most - least < 0.5;
    most - least + if hourglass { 100.0 } else { 0.0 } + if rectangle { 4.0 } else { 0.0 }
}
