//! The prose of a report as the checks read it: paragraph by paragraph, sentence by sentence.

use std::ops::Range;

use regex::Regex;

use crate::form::Section;
use crate::report::{Paragraph, Prose, Report, Text, marks};
use crate::source::Span;

/// Place of a paragraph.
#[derive(Clone, Copy, Debug)]
pub(super) enum PassagePlace<'a> {
    /// Before the first section.
    Preface,
    /// A section, and its position in the report, counted from 0.
    Section(&'a Section, usize),
    /// The title that the report gives to a section.
    Title,
    /// Before, under or behind a table.
    Note,
}

/// One paragraph.
#[derive(Debug)]
pub(super) struct Passage<'a> {
    pub place: PassagePlace<'a>,
    /// Whether it is a heading as a whole, or a caption.
    pub heading: bool,
    pub text: Text,
    /// The characters of the text.
    pub characters: Vec<char>,
    /// Its sentences, each with the mark that ends it.
    pub sentences: Vec<Range<usize>>,
}

impl<'a> Passage<'a> {
    fn new(place: PassagePlace<'a>, paragraph: &Paragraph) -> Self {
        let text = paragraph.line();
        Self {
            place,
            heading: matches!(paragraph, Paragraph::Heading(_) | Paragraph::Figure { .. }),
            characters: text.text.chars().collect(),
            sentences: sentences(&text.text),
            text,
        }
    }

    /// The characters of the text.
    pub fn str(&self) -> &str {
        &self.text.text
    }

    /// The place of a part of the text in the file.
    pub fn span(&self, range: Range<usize>) -> Span {
        self.text.part(range)
    }

    /// The section, unless it is the preface or a note.
    pub fn section(&self) -> Option<&'a Section> {
        match self.place {
            PassagePlace::Section(section, _) => Some(section),
            PassagePlace::Preface | PassagePlace::Title | PassagePlace::Note => None,
        }
    }

    /// The position of its section in the report.
    pub fn chapter(&self) -> Option<usize> {
        match self.place {
            PassagePlace::Section(_, number) => Some(number),
            PassagePlace::Preface | PassagePlace::Title | PassagePlace::Note => None,
        }
    }
}

/// Every paragraph of a report, in the order of print.
pub(super) fn passages(report: &Report) -> Vec<Passage<'_>> {
    fn of<'a>(place: PassagePlace<'a>, prose: &Prose) -> Vec<Passage<'a>> {
        // A table has cells and no sentences.
        let paragraphs = prose.paragraphs.iter();
        paragraphs
            .filter(|paragraph| !matches!(paragraph, Paragraph::Table(_)))
            .map(|paragraph| Passage::new(place, paragraph))
            .collect()
    }
    let mut found = of(PassagePlace::Preface, &report.preface);
    for (number, chapter) in report.chapters().enumerate() {
        if let Some(title) = chapter.own_title {
            found.push(Passage::new(
                PassagePlace::Title,
                &Paragraph::Heading(title.clone()),
            ));
        }
        if let Some(prose) = chapter.prose {
            found.extend(of(PassagePlace::Section(chapter.section, number), prose));
        }
        for around in [chapter.before, chapter.notes, chapter.after] {
            found.extend(
                around
                    .iter()
                    .flat_map(|prose| of(PassagePlace::Note, prose)),
            );
        }
    }
    found
}

/// The sentences of a text: up to 。, ！ or ？ and the closing marks behind it.
fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut end = None;
    for (at, c) in marks(text) {
        let closes = end == Some(at) && matches!(c, '”' | '’' | '）' | '》' | '」');
        if let Some(end) = end.take_if(|_| !closes) {
            found.push(start..end);
            start = end;
        }
        if closes || matches!(c, '。' | '！' | '？') {
            end = Some(at + c.len_utf8());
        }
    }
    let end = end.filter(|end| *end < text.len());
    found.extend(end.map(|end| start..end));
    let start = end.unwrap_or(start);
    if start < text.len() {
        found.push(start..text.len());
    }
    found
}

/// A pattern of a rule.
pub(super) fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the pattern is valid, which every test holds")
}

/// Whether a character is a Chinese character (汉字).
pub(super) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}' | '〇')
}

/// A digit of full width as the usual one; any other character as it is.
pub(super) fn narrow(c: char) -> char {
    match c {
        '０'..='９' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        c => c,
    }
}

/// Words that make a question.
const ASKING: [&str; 17] = [
    "吗", "呢", "什么", "如何", "怎", "哪", "谁", "多少", "几", "是否", "能否", "可否", "为何",
    "何时", "何处", "不能", "不是",
];

/// Whether a question may end with the mark at a place: nothing follows it, or a word before it asks.
pub(super) fn ends_question(text: &str, at: usize) -> bool {
    let ends = |c| "，。；？！?".contains(c);
    let asks = text[..at].rsplit(ends).next().unwrap_or_default();
    let behind = text[at..].trim_start_matches(['?', ' ']);
    behind.is_empty()
        || behind.starts_with(|c| "”’）》」\")".contains(c))
        || ASKING.iter().any(|word| asks.contains(word))
}

/// Whether a character is a punctuation mark of Chinese text.
pub(super) fn is_chinese_mark(c: char) -> bool {
    "，。、；：？！（）《》〈〉“”‘’【】〔〕…—".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_behind_their_marks() {
        let split = |text: &'static str| -> Vec<&str> {
            sentences(text).into_iter().map(|r| &text[r]).collect()
        };
        assert_eq!(split("甲。乙！丙"), ["甲。", "乙！", "丙"]);
        assert_eq!(split("他说“好。”然后走了。"), ["他说“好。”", "然后走了。"]);
        assert_eq!(split("（见附件。）下一句"), ["（见附件。）", "下一句"]);
        assert_eq!(split("“好。”）”"), ["“好。”）”"]);
        assert_eq!(split("好。\u{3000}”"), ["好。", "\u{3000}”"]);
        assert!(split("").is_empty());
    }
}
