//! Text without a place where a line may end.

use std::ops::Range;

use super::text::is_common_han;

/// The most letters, digits and signs in a row that are sure to fit a line of body text. Longer runs are cut
/// in paragraphs, and invalid in single lines.
pub const LONGEST_WORD: usize = 24;

/// The parts of a text between the places where a line surely may end: at a blank, between Chinese characters, their
/// marks, letters and digits. At quotation marks it is not sure.
pub(crate) fn unbroken(text: &str) -> Vec<Range<usize>> {
    let ends = |c: char| is_common_han(c) || "，。、；：？！）》".contains(c);
    let begins = |c: char| is_common_han(c) || "（《".contains(c);
    let beside = |one: char, other: char| is_common_han(one) && other.is_ascii_alphanumeric();
    let mut runs = Vec::new();
    let (mut start, mut last) = (0, '\0');
    for (at, c) in text.char_indices() {
        let apart = ends(last) && begins(c) || beside(last, c) || beside(c, last);
        if last == ' ' || c == ' ' || apart {
            runs.push(start..at);
            start = at;
        }
        last = c;
    }
    runs.push(start..text.len());
    runs
}

/// Whether a text has more than [`LONGEST_WORD`] characters in a row between which no line ends.
pub(super) fn is_unbroken(text: &str) -> bool {
    let mut runs = unbroken(text).into_iter();
    runs.any(|run| text[run].chars().count() > LONGEST_WORD)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_may_end_at_blanks_and_between_chinese_characters() {
        let parts = |text: &'static str| -> Vec<&str> {
            unbroken(text).into_iter().map(|run| &text[run]).collect()
        };
        assert_eq!(parts("公开，“信息”12件"), ["公", "开，“信", "息”12", "件"]);
        assert_eq!(parts("ab\u{A0}cd ef"), ["ab\u{A0}cd", " ", "ef"]);
        assert_eq!(parts("……““"), ["……““"]);
    }
}
