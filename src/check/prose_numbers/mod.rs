#![doc = include_str!("../prose_numbers.md")]

mod column_shares;
mod column_words;
mod counts;
mod numerals;
mod parts;
mod passage_text;
mod row_words;
mod scope;
mod shares;
mod statement;
mod table_value;
mod words;

pub(super) use self::counts::Vocabulary;
use self::passage_text::PassageText;
use super::passages::Passage;
use crate::diagnostic::Diagnostic;
use crate::report::Report;

/// Compares the numbers in the prose with the tables and with each other.
pub(super) fn check(
    report: &Report,
    passages: &[Passage],
    vocabulary: &Vocabulary,
    findings: &mut Vec<Diagnostic>,
) {
    let mut about_requests = false;
    for passage in passages {
        // What a heading announces holds for the paragraphs below it.
        about_requests = scope::is_about(passage.str()) || (about_requests && !passage.heading);
        if !passage
            .str()
            .bytes()
            .any(|b| b.is_ascii_digit() || b >= 0x80)
        {
            continue;
        }
        let text = PassageText::new(passage);
        findings.extend(vocabulary.check(report, &text, about_requests));
        findings.extend(parts::check(&text));
        findings.extend(shares::check(report, vocabulary, &text));
    }
}
