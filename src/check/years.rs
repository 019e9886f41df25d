#![doc = include_str!("years.md")]

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Match, Regex};

use super::passages::{Passage, PassagePlace, pattern};
use super::rules;
use crate::diagnostic::Diagnostic;
use crate::form::Body;
use crate::report::{Report, Text};

/// The period that every report covers.
const PERIOD: &str = "报告的统计期限是当年1月1日至12月31日";

/// A period stated as the report's.
static STATED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"统计(?:期限|周期|时间|时段|区间)[^。；\d]{0,12}(?<from>\d{4})\s*年\s*(?<m1>\d+)\s*月\s*(?<d1>\d+)\s*日起?\s*(?:至|到|-|—|～)\s*(?:(?<to>\d{4})\s*年)?\s*(?<m2>\d+)\s*月\s*(?<d2>\d+)\s*日",
    )
});
/// A whole year in the preface, which states the period of the report.
static WHOLE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?<from>\d{4})\s*年\s*1\s*月\s*1\s*日起?\s*(?:至|到|-|—|～)\s*(?:(?<to>\d{4})\s*年)?\s*12\s*月\s*31\s*日",
    )
});
/// The report, named by its year.
static TITLE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?<year>\d{4})\s*年度?政府信息公开(?:工作)?年度报告"));
/// The beginning of a sentence with a year, typical of sentences about the year reported on.
static BEGIN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:（[一二三四五六七八九十]+）[^。]*。)?\s*(?<year>\d{4})\s*年度?\s*[，,我本全市县区未没无收]",
    )
});

/// A year at the beginning of a clause, or behind the agency, of which something is said.
static LAST_YEAR: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:^(?:（[一二三四五六七八九十]+）|\d{1,2}[.．、])?|[，。；：:])\s*(?:本机关|本单位|本局|我局|我委|我办|我市|我县|我区|我镇|我乡)?(?<year>\d{4})\s*年度?[，,我本全市县区镇乡未没无收共累政]",
    )
});

/// The end of a year, to which something is counted.
static UNTIL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"截[至止]到?\s*(?<year>\d{4})\s*年\s*(?:12\s*月\s*31\s*日|年?[底末])")
});

/// What makes a sentence about what was decided or planned that year, or about what began then: behind the year, and
/// anywhere behind it.
static OF_THAT_YEAR: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "^年度?[^，。；]{0,12}(?:以来|计划|规划|要点|方案|预算)|印发|出台|下发|通报|施行|考核|评估|测评",
    )
});

/// Compares the years that the report gives for itself with its year.
pub(super) fn check(report: &Report, passages: &[Passage], findings: &mut Vec<Diagnostic>) {
    let wrong = |text: &Text, year: Range<usize>, what: &str| {
        let message = format!(
            "{what}是 {} 年，报告的年度是 {}",
            &text.text[year.clone()],
            report.year
        );
        Diagnostic::new(rules::YEAR_MISMATCH, text.part(year), message)
            .labelled(format!("应为 {}", report.year))
            .law(PERIOD)
            .hint("多半是沿用了往年的文字，请通篇核对年份")
    };
    let other = |year: &Match| year.as_str().parse() != Ok(report.year);
    for captures in TITLE.captures_iter(&report.title.text) {
        findings.extend(
            captures
                .name("year")
                .filter(other)
                .map(|y| wrong(&report.title, y.range(), "标题中")),
        );
    }
    for passage in passages {
        let text = &passage.text;
        if matches!(passage.place, PassagePlace::Preface) {
            let titles = TITLE
                .captures_iter(&text.text)
                .filter_map(|c| c.name("year"));
            findings.extend(
                titles
                    .filter(other)
                    .map(|year| wrong(text, year.range(), "所编报告的年份")),
            );
            let stated = STATED.is_match(&text.text);
            for captures in WHOLE.captures_iter(&text.text).filter(|_| !stated) {
                let years = [captures.name("from"), captures.name("to")];
                let year = years.into_iter().flatten().find(other);
                findings.extend(year.map(|year| wrong(text, year.range(), "所述的年份")));
            }
        }
        // Most paragraphs speak of no period, and a plain search is quicker.
        let period = if text.text.contains("统计") {
            text.text.as_str()
        } else {
            ""
        };
        for captures in STATED.captures_iter(period) {
            let years = [captures.name("from"), captures.name("to")];
            if let Some(year) = years.into_iter().flatten().find(other) {
                findings.push(wrong(text, year.range(), "统计期限"));
                continue;
            }
            let number = |name: &str| {
                captures
                    .name(name)
                    .and_then(|m| m.as_str().parse::<u8>().ok())
            };
            let days = ["m1", "d1", "m2", "d2"].map(number);
            if days != [Some(1), Some(1), Some(12), Some(31)]
                && let Some(whole) = captures.get(0)
            {
                let message = "统计期限不是全年";
                findings.push(
                    Diagnostic::new(rules::YEAR_MISMATCH, text.part(whole.range()), message)
                        .law(PERIOD)
                        .hint(format!("{}年1月1日至12月31日", report.year)),
                );
            }
        }
        findings.extend(begins_with_last_year(report, passage, &wrong));
    }
    if let Some((date, span)) = report.date
        && date.year <= report.year
    {
        let message = format!("成文日期在 {} 年，早于统计期限结束", date.year);
        findings.push(
            Diagnostic::new(rules::YEAR_MISMATCH, span, message)
                .labelled(format!("{}年12月31日之后", report.year))
                .law(
                    "《中华人民共和国政府信息公开条例》第四十九条：部门的报告在次年1月31日前、政府的报告在3月31日前公布",
                ),
        );
    }
}

/// The finding about a sentence that speaks of the year before as if it were the report's: at the beginning of
/// a paragraph of the section on the whole year, anywhere in the sections of prose behind the tables.
fn begins_with_last_year(
    report: &Report,
    passage: &Passage,
    wrong: &impl Fn(&Text, Range<usize>, &str) -> Diagnostic,
) -> Option<Diagnostic> {
    let section = passage.section()?;
    let line = passage.str();
    let last = report.year.checked_sub(1)?.to_string();
    if !line.contains(&last) {
        return None;
    }
    let compares = ["比", "较", "同期"].iter().any(|word| line.contains(word));
    let present = ["今年", "本年", "目前", "至今", "以来"];
    let own =
        line.contains(&report.year.to_string()) || present.iter().any(|word| line.contains(word));
    // What was found wanting the year before and is mended by now.
    let mended = ["上年", "上一年", "去年", "往年", "整改到位", "已整改"];
    if own || compares || mended.iter().any(|word| line.contains(word)) {
        return None;
    }
    let mut until = UNTIL.captures_iter(line).filter_map(|c| c.name("year"));
    if let Some(year) = until.find(|year| year.as_str() == last) {
        return Some(wrong(&passage.text, year.range(), "统计截止的年份"));
    }
    let year = if section.body == Body::Prose && section.aspects.is_empty() {
        let mut sentences = passage.sentences.iter();
        sentences.find_map(|sentence| {
            let text = &line[sentence.clone()];
            // 2022年，……；2022年度未收取……: what was decided or dated in that year is another matter.
            let mut found = LAST_YEAR.captures_iter(text).filter_map(|c| c.name("year"));
            let about = |year: &Match| {
                let titled = text[..year.start()].matches('《').count()
                    > text[..year.start()].matches('》').count();
                !titled && !OF_THAT_YEAR.is_match(text[year.end()..].trim_start())
            };
            let year = found.find(|year| year.as_str() == last && about(year))?;
            let at = sentence.start + year.start();
            Some(at..at + year.len())
        })?
    } else {
        let whole_year = section.body == Body::Titled;
        if section.aspects.is_empty() && section.fee.is_empty() && !whole_year {
            return None;
        }
        if !line.starts_with(|c: char| c.is_ascii_digit() || c == '（') {
            return None;
        }
        BEGIN.captures(line)?.name("year")?.range()
    };
    (line[year.clone()] == last).then(|| wrong(&passage.text, year, "这一段写的"))
}
