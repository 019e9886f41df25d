//! Percentages compared with the numbers that they refer to.

use std::sync::LazyLock;

use regex::Regex;

use super::counts::Vocabulary;
use super::passage_text::PassageText;
use crate::check::passages::pattern;
use crate::check::rules::TEXT_DISAGREES;
use crate::diagnostic::Diagnostic;
use crate::report::Report;

/// A percentage behind a number: 28件，占84.8%.
static SHARE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:[，,、]?(?:约)?占(?:[^，。；、\d]{0,20}的?)(?:比例?为?)?(?:约)?|[（(](?:约)?(?:占比?(?:为|约)?)?)(?<share>\d+(?:\.(?<decimals>\d+))?)[%％]",
    )
});

/// The most numbers on either side that a percentage may refer to.
const NEAR: usize = 40;

pub(super) fn check(
    report: &Report,
    vocabulary: &Vocabulary,
    prose: &PassageText,
) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if !prose.text.contains(['%', '％']) {
        return found;
    }
    for (i, part) in prose.quantities.iter().enumerate() {
        let Some(captures) = SHARE.captures(prose.behind(part)) else {
            continue;
        };
        let Ok(share) = captures["share"].parse::<f64>() else {
            continue;
        };
        // Rounded or cut off, the last written place is off by less than one.
        let decimals = captures.name("decimals").map_or(0, |d| d.as_str().len());
        let step = 0.1_f64.powi(i32::try_from(decimals).unwrap_or(9)) + 1e-9;
        let percent = |whole: u64| part.value as f64 * 100.0 / whole as f64;
        let fits = |whole: &u64| *whole > 0 && (percent(*whole) - share).abs() < step;
        let same = |unit: &str| unit == prose.unit(part);
        // The whole stands a little before, or a little behind.
        let around = i.saturating_sub(NEAR)..(i + NEAR).min(prose.quantities.len());
        let others = prose.quantities[around.clone()]
            .iter()
            .filter(|q| same(prose.unit(q)));
        let others: Vec<u64> = others
            .map(|q| q.value)
            .filter(|v| *v >= part.value)
            .collect();
        let named = prose.quantities[around.start..i]
            .iter()
            .rev()
            .filter(|q| same(prose.unit(q)));
        let Some(whole) = named.map(|q| q.value).find(|value| *value > part.value) else {
            continue; // its whole is not named
        };
        let listed: u64 = others
            .iter()
            .fold(0, |sum, value| sum.saturating_add(*value));
        let Some(totals) = vocabulary.totals(report) else {
            continue; // it may be the share of what is not known
        };
        let all = others.iter().copied().chain(totals).chain([listed]);
        if all.into_iter().any(|whole| fits(&whole)) {
            continue;
        }
        let range = part.range.start..part.range.end + captures[0].len();
        let actual = format!("{:.*}", decimals.min(9), percent(whole));
        let unit = prose.unit(part);
        let message = format!(
            "{}{unit}占 {whole}{unit} 的 {actual}%，写的是 {}%",
            part.value, &captures["share"]
        );
        found.push(
            Diagnostic::new(TEXT_DISAGREES, prose.span(range), message)
                .labelled(format!("应为 {actual}%"))
                .hint("核对件数、总数和百分比"),
        );
    }
    found
}
