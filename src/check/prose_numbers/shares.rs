//! Percentages compared with the numbers that they refer to.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::counts::Vocabulary;
use super::passage_text::{PassageText, Quantity};
use super::scope::OF_THESE;
use crate::check::passages::pattern;
use crate::check::rules::TEXT_DISAGREES;
use crate::diagnostic::Diagnostic;
use crate::report::Report;

/// A percentage behind a number: 28件，占84.8%.
static SHARE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:[，,、]?(?:约)?占(?:[^，。；、\d]{0,20}的?)(?:比例?为?)?(?:约)?|[（(](?:约)?(?:占比?(?:为|约)?)?)(?<share>\d+(?:\.\d+)?)[%％]",
    )
});
/// The percentages of several numbers before them, in their order: 自然人15件、法人5件，分别占75%和25%.
static SHARES: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^[，,、]?(?:分别|各)占[^，。；、\d]{0,20}(?<shares>\d+(?:\.\d+)?[%％](?:[、和与及，]\d+(?:\.\d+)?[%％])+)",
    )
});
/// One of them.
static ONE: LazyLock<Regex> = LazyLock::new(|| pattern(r"\d+(?:\.\d+)?"));

/// The most numbers on either side that a percentage may refer to.
const NEAR: usize = 40;

/// A percentage and the number that it is about.
struct Share<'a> {
    part: usize,
    written: &'a str,
    /// The part and the percentage.
    range: Range<usize>,
}

impl Share<'_> {
    /// The percentage, and the worth of its last written place: rounded or cut off, it is off by less than that.
    fn percent(&self) -> Option<(f64, f64)> {
        let step = 0.1_f64.powi(i32::try_from(self.decimals()).unwrap_or(9)) + 1e-9;
        Some((self.written.parse().ok()?, step))
    }

    fn decimals(&self) -> usize {
        let decimals = self.written.split_once('.').map_or(0, |(_, d)| d.len());
        decimals.min(9)
    }
}

/// The percentages of a passage, in the order of their numbers.
fn shares<'a>(prose: &'a PassageText) -> Vec<Share<'a>> {
    let mut found = Vec::new();
    for (i, part) in prose.quantities.iter().enumerate() {
        let (start, end) = (part.range.start, part.range.end);
        let behind = prose.behind(part);
        if let Some(captures) = SHARE.captures(behind) {
            let written = captures.name("share").map_or("", |share| share.as_str());
            let range = start..end + captures[0].len();
            found.push(Share {
                part: i,
                written,
                range,
            });
        } else if let Some(all) = SHARES.captures(behind).and_then(|c| c.name("shares")) {
            let shares: Vec<_> = ONE.find_iter(all.as_str()).collect();
            let Some(first) = (i + 1).checked_sub(shares.len()) else {
                continue;
            };
            let alike = |other: &Quantity| {
                other.sentence == part.sentence && prose.unit(other) == prose.unit(part)
            };
            if !prose.quantities[first..=i].iter().all(alike) {
                continue;
            }
            let at = end + all.start();
            found.extend(shares.iter().enumerate().map(|(k, share)| Share {
                part: first + k,
                written: share.as_str(),
                range: at + share.start()..at + share.end(),
            }));
        }
    }
    found
}

pub(super) fn check(
    report: &Report,
    vocabulary: &Vocabulary,
    prose: &PassageText,
) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if !prose.has_percentage() {
        return found;
    }
    let shares = shares(prose);
    for share in &shares {
        let part = &prose.quantities[share.part];
        let Some((stated, step)) = share.percent() else {
            continue;
        };
        let percent = |whole: u64| part.value as f64 * 100.0 / whole as f64;
        let fits = |whole: &u64| *whole > 0 && (percent(*whole) - stated).abs() < step;
        let alike = |q: &&Quantity| prose.unit(q) == prose.unit(part);
        let Some(totals) = vocabulary.totals(report) else {
            continue; // it may be the share of what is not known
        };
        // The whole stands a little before, or a little behind.
        let from = share.part.saturating_sub(NEAR);
        let around = from..(share.part + NEAR).min(prose.quantities.len());
        let others = prose.quantities[around].iter().filter(alike);
        let others: Vec<u64> = others
            .map(|q| q.value)
            .filter(|v| *v >= part.value)
            .collect();
        let mut named = prose.quantities[from..share.part]
            .iter()
            .rev()
            .filter(alike);
        let named = named.find(|q| q.value > part.value && is_whole(prose, &shares, q, part));
        let named = named.map(|q| q.value);
        let parts = || sum_of_parts(prose, &shares, part).filter(|sum| totals.contains(sum));
        let whole = named.or_else(parts);
        let Some(whole) = whole else {
            continue; // its whole is not named
        };
        let listed: u64 = others
            .iter()
            .fold(0, |sum, value| sum.saturating_add(*value));
        let mut all = [whole, listed].into_iter().chain(others).chain(totals);
        if all.any(|whole| fits(&whole)) {
            continue;
        }
        let actual = format!("{:.*}", share.decimals(), percent(whole));
        let unit = prose.unit(part);
        let message = format!(
            "{}{unit}占 {whole}{unit} 的 {actual}%，写的是 {}%",
            part.value, share.written
        );
        found.push(
            Diagnostic::new(TEXT_DISAGREES, prose.span(share.range.clone()), message)
                .labelled(format!("应为 {actual}%"))
                .hint("核对件数、总数和百分比"),
        );
    }
    found
}

/// Whether a number may be the whole of a part behind it: with a share of its own it is a part itself, unless the other
/// divides it.
fn is_whole(prose: &PassageText, shares: &[Share], whole: &Quantity, part: &Quantity) -> bool {
    let of_these = || prose.text[whole.range.end..part.range.start].contains(OF_THESE);
    let mut parts = shares
        .iter()
        .map(|share| &prose.quantities[share.part].range);
    !parts.any(|range| *range == whole.range) || of_these()
}

/// The sum of the numbers with shares in the sentence of one of them, if there are others.
fn sum_of_parts(prose: &PassageText, shares: &[Share], part: &Quantity) -> Option<u64> {
    let parts = shares.iter().map(|share| &prose.quantities[share.part]);
    let parts = parts.filter(|q| q.sentence == part.sentence && prose.unit(q) == prose.unit(part));
    let values: Vec<u64> = parts.map(|q| q.value).collect();
    let sum = values.iter().try_fold(0_u64, |sum, v| sum.checked_add(*v));
    sum.filter(|_| values.len() > 1)
}

#[cfg(test)]
mod tests {
    use crate::check::tests::disagreements;

    #[test]
    fn a_part_is_no_whole_of_the_next() {
        let text = "发布20条，其中网站12条，占60%；微信8条，占45%；微博、博客分别占比5%和6%。";
        let found = disagreements(text);
        let [finding] = &found[..] else {
            panic!("{found:?}")
        };
        assert!(
            finding.message.contains("8条占 20条 的 40%"),
            "{}",
            finding.message
        );
    }
}
