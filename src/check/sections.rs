#![doc = include_str!("sections.md")]

use std::borrow::Cow;

use super::passages::Passage;
use super::rules;
use crate::diagnostic::Diagnostic;
use crate::form::{Limit, Section};
use crate::report::{Paragraph, Prose, Report, is_not_filled};
use crate::source::Span;

/// The most characters of a heading that is nothing else.
const LONGEST_TITLE: usize = 25;
/// The most characters of a heading that only announces what stands below it.
const LONGEST_ANNOUNCEMENT: usize = 18;
/// Text of a section that says nothing.
const NOTHING: [&str; 7] = ["无", "暂无", "没有", "略", "无问题", "/", ""];

/// Checks each section as a whole: whether it says what it is for.
pub(super) fn check(report: &Report, passages: &[Passage], findings: &mut Vec<Diagnostic>) {
    for (number, chapter) in report.chapters().enumerate() {
        let section = chapter.section;
        if let Some(wording) = report.headings.get(&section.key)
            && !section.is_titled(&wording.text)
        {
            let title = section.title.trim_start_matches(section.ordinal());
            let message = format!("标题“{}”与格式不同", wording.text);
            findings.push(
                Diagnostic::new(rules::NONSTANDARD_HEADING, wording.span, message)
                    .labelled(format!("格式为“{title}”"))
                    .law(&report.form.decree)
                    .hint("删去这一项，标题即按格式印出"),
            );
        }
        let Some(prose) = chapter.prose else {
            continue;
        };
        let title = match chapter.own_title {
            Some(own) => &own.text,
            None => &section.title,
        };
        let texts = passages.iter().filter(|p| p.chapter() == Some(number));
        let texts: Vec<&Passage> = texts.collect();
        let bare = bare_headings(section, prose, &texts);
        let is_bare = |passage: &Passage| {
            let start = passage.text.span.start;
            let found = bare.binary_search_by_key(&start, |bare| bare.text.span.start);
            found.is_ok()
        };
        let sought = !section.fee.is_empty() || !section.aspects.is_empty();
        let sought = texts.iter().filter(|text| sought && !is_bare(text));
        let plain: Vec<Cow<str>> = sought.map(|text| outside_titles(text.str())).collect();
        let says = |words: &[String]| {
            let said = |word: &String| plain.iter().any(|text| text.contains(word.as_str()));
            words.iter().any(said)
        };
        if section.fee.is_empty() {
            // Where nothing stands but headings that announce it, each is told, and not the section as well.
            let each = !bare.is_empty() && bare.len() == texts.len();
            let empty = empty(title, prose, &texts).filter(|_| !section.optional && !each);
            if empty.is_none() {
                findings.extend(bare.iter().map(|bare| no_text(bare)));
            }
            findings.extend(empty);
        } else if !says(&section.fee) && !texts.iter().any(|text| is_not_filled(text.str())) {
            findings.push(
                Diagnostic::new(
                    rules::FEE_NOT_REPORTED,
                    prose.span,
                    format!("“{}”没有报告收取信息处理费的情况", section.title),
                )
                .law("《政府信息公开信息处理费管理办法》（国办函〔2020〕109号）；报告格式第六部分")
                .hint("没有收取的也写明，如：本年度未收取信息处理费。"),
            );
        }
        let missing = section.aspects.iter().filter(|aspect| !says(&aspect.said));
        let missing: Vec<_> = missing.map(|aspect| aspect.label.as_str()).collect();
        if !missing.is_empty() && !texts.is_empty() {
            let message = format!("“{}”没有写到：{}", section.title, missing.join("、"));
            let all: Vec<_> = section.aspects.iter().map(|a| a.label.as_str()).collect();
            findings.push(
                Diagnostic::new(rules::MISSING_ASPECT, start(texts[0]), message)
                    .law(format!("{}：{}", report.form.decree, all.join("、")))
                    .hint("逐个方面写明；没有开展的工作也写一句"),
            );
        }
        let characters = prose.characters();
        if let Some(Limit {
            characters: most,
            law,
        }) = &section.limit
            && characters > *most
            && let Some(first) = texts.first()
        {
            let message = format!("“{}”有 {characters} 字，超过 {most} 字", section.title);
            findings.push(
                Diagnostic::new(rules::OVERVIEW_TOO_LONG, start(first), message)
                    .law(law)
                    .hint(format!("删减 {} 字", characters - most)),
            );
        }
    }
}

/// A text without spaces and without titles in 《》: a citation of 《……信息处理费管理办法》 says nothing
/// about what was charged.
fn outside_titles(text: &str) -> Cow<'_, str> {
    if !text.contains('《') && !text.contains(char::is_whitespace) {
        return Cow::Borrowed(text);
    }
    let outside = text
        .split('《')
        .map(|part| part.rsplit('》').next().unwrap_or(part));
    outside.flat_map(str::split_whitespace).collect()
}

/// The beginning of a section: the place of findings about all of it.
fn start(first: &Passage) -> Span {
    let start = first.text.span.start;
    Span::new(start, start)
}

/// The finding about a section without text, or with one that says nothing.
fn empty(title: &str, prose: &Prose, texts: &[&Passage]) -> Option<Diagnostic> {
    let is_table = |paragraph: &Paragraph| matches!(paragraph, Paragraph::Table(_));
    if prose.paragraphs.iter().any(is_table) {
        return None;
    }
    let text: Vec<&str> = texts.iter().map(|passage| passage.str()).collect();
    let message = match texts {
        [] => format!("“{title}”没有内容"),
        texts if texts.iter().all(|passage| is_title(passage)) => {
            format!("“{title}”只有标题")
        }
        texts if texts.iter().all(|passage| says_nothing(passage)) && !is_led_list(texts) => {
            format!("“{title}”只写了“{}”", text.join(""))
        }
        _ => return None,
    };
    let span = texts
        .first()
        .map_or(prose.span, |passage| passage.text.span);
    Some(
        Diagnostic::new(rules::EMPTY_SECTION, span, message)
            .hint("写明本年度的情况；存在的问题和改进的办法要具体"),
    )
}

/// The headings of a section that announce a text and have none below them; those of a list that a paragraph leads
/// to are the text.
fn bare_headings<'p, 'r>(
    section: &Section,
    prose: &Prose,
    texts: &[&'p Passage<'r>],
) -> Vec<&'p Passage<'r>> {
    let mut bare = Vec::new();
    let mut led = false;
    let mut texts = texts.iter().copied();
    let mut paragraphs = prose.paragraphs.iter().peekable();
    while let Some(paragraph) = paragraphs.next() {
        if matches!(paragraph, Paragraph::Table(_)) {
            led = false;
            continue;
        }
        let text = texts.next();
        let Paragraph::Heading(_) = paragraph else {
            led = text.is_some_and(|text| text.str().trim_end().ends_with(['：', ':']));
            continue;
        };
        let next = paragraphs.peek();
        let nothing = next.is_none_or(|next| matches!(next, Paragraph::Heading(_)));
        bare.extend(text.filter(|text| nothing && !led && announces(text, section)));
    }
    bare
}

/// Whether a heading announces what its text is to say, and says nothing itself: 主动公开情况, 存在的主要问题.
fn announces(heading: &Passage, section: &Section) -> bool {
    let text = heading.str().trim_end();
    let aspects = section.aspects.iter().flat_map(|aspect| &aspect.said);
    let named = |text: &str| aspects.into_iter().any(|word| text.contains(word.as_str()));
    let says = text.contains(|c: char| c.is_ascii_digit() || "，：:。；未无没不".contains(c));
    let ends = ["问题", "情况", "措施", "打算", "方面"];
    let short = text.chars().count() <= LONGEST_ANNOUNCEMENT;
    short && !says && (ends.iter().any(|end| text.ends_with(end)) || named(text))
}

/// The finding about a heading with nothing below it.
fn no_text(heading: &Passage) -> Diagnostic {
    let message = format!("小标题“{}”下面没有内容", heading.str().trim());
    Diagnostic::new(rules::EMPTY_SECTION, heading.text.span, message)
        .hint("写明本年度的情况，没有的也写一句；不需要的，删去小标题")
}

/// Whether a paragraph is a heading that says nothing besides, as a longer one does.
fn is_title(passage: &Passage) -> bool {
    passage.heading && passage.str().chars().count() <= LONGEST_TITLE
}

/// Whether a paragraph leads to headings that say it: 主要有以下问题： before 1.公开不及时.
fn is_led_list(texts: &[&Passage]) -> bool {
    let lead = texts
        .iter()
        .position(|passage| !passage.heading && passage.str().trim_end().ends_with(['：', ':']));
    let said = |passage: &&Passage| {
        let text = passage.str().trim_end();
        is_title(passage) && !text.ends_with(['：', ':'])
    };
    lead.is_some_and(|lead| texts[lead + 1..].iter().any(said))
}

/// Whether a paragraph says no more than 无 behind its heading or colon.
fn says_nothing(passage: &Passage) -> bool {
    let text = passage.str();
    let headed = text
        .split_once('。')
        .filter(|(head, rest)| head.starts_with(['（', '(']) && !rest.trim().is_empty());
    let text = headed.map_or(text, |(_, rest)| rest);
    let text = text.rsplit(['：', ':']).next().unwrap_or(text);
    is_title(passage) || NOTHING.contains(&text.trim().trim_end_matches(['。', '！', '.']))
}
