//! The words of a Chinese text, so that a short line ends between two of them.
//!
//! The dictionary is Unicode's. It cuts finer than a reader would (申请|人, 勾|稽), so single
//! characters are joined again, and punctuation stays with its word.

use icu_segmenter::options::WordBreakInvariantOptions;
use icu_segmenter::{WordSegmenter, WordSegmenterBorrowed};
use serde::Serialize;

use super::lines::{closes, opens};

/// A word, its width in em, and the pieces that it may be cut into if it is longer than a line: numbers are
/// whole, and punctuation stays with its character.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Word(pub String, pub f64, pub Vec<(String, f64)>);

impl Word {
    pub(super) fn new(text: String) -> Self {
        let mut pieces: Vec<String> = Vec::new();
        for c in text.chars() {
            let held = pieces.last().and_then(|piece| piece.chars().last());
            let held = held.is_some_and(|last| {
                closes(c) || opens(last) || is_unit(last, c) || (is_half(c) && is_half(last))
            });
            match pieces.last_mut().filter(|_| held) {
                Some(piece) => piece.push(c),
                None => pieces.push(c.to_string()),
            }
        }
        let pieces = pieces.into_iter().map(|piece| {
            let width = width(&piece);
            (piece, width)
        });
        let pieces: Vec<_> = pieces.collect();
        let width = width(&text);
        Self(text, width, pieces)
    }

    /// A word that is never cut.
    pub(super) fn whole(text: String) -> Self {
        let width = width(&text);
        Self(text.clone(), width, vec![(text, width)])
    }

    /// The same word with the widths that its characters have in a font.
    pub(super) fn measured(self, advance: impl Fn(char) -> f64) -> Self {
        // No line is fuller than it may be because advances are rounded.
        let width = |text: &str| text.chars().map(&advance).sum::<f64>() + 0.01;
        let pieces = self.2.into_iter().map(|(piece, _)| {
            let width = width(&piece);
            (piece, width)
        });
        let pieces = pieces.collect();
        let width = width(&self.0);
        Self(self.0, width, pieces)
    }

    /// The width of the widest piece in em: the least room that the word needs.
    pub(super) fn widest(&self) -> f64 {
        self.2.iter().map(|(_, width)| *width).fold(0.0, f64::max)
    }
}

/// The width of a text in em. Chinese is set on a square and digits on half of one; other letters are taken
/// as a square, which is never too little.
pub(super) fn width(text: &str) -> f64 {
    text.chars()
        .map(|c| if is_half(c) { 0.5 } else { 1.0 })
        .sum()
}

fn is_half(c: char) -> bool {
    c.is_ascii_digit() || ".,+-/".contains(c)
}

/// Cuts text into words.
pub(crate) struct Segmenter(WordSegmenterBorrowed<'static>);

impl Segmenter {
    pub(crate) fn new() -> Self {
        let options = WordBreakInvariantOptions::default();
        Self(WordSegmenter::new_dictionary(options))
    }

    /// The words of a text; together they are the text.
    pub(super) fn words(&self, text: &str) -> Vec<Word> {
        self.texts(text).into_iter().map(Word::new).collect()
    }

    /// The same without their widths.
    pub(crate) fn texts(&self, text: &str) -> Vec<String> {
        let bounds: Vec<usize> = self.0.segment_str(text).collect();
        let mut words: Vec<String> = Vec::new();
        let mut single = false; // whether the last word is a run of single characters
        for pair in bounds.windows(2) {
            let word = &text[pair[0]..pair[1]];
            let alone = word.chars().count() == 1 && !word.is_ascii();
            let held = match words.last() {
                None => false,
                Some(last) => {
                    word.starts_with(closes)
                        || last.ends_with(opens)
                        || is_ordinal(last)
                        || counts(last, word)
                        || (alone && (single || !last.ends_with(closes)))
                            && !word.starts_with(opens)
                }
            };
            match words.last_mut().filter(|_| held) {
                Some(last) => last.push_str(word),
                None => words.push(word.to_owned()),
            }
            single = alone && !held;
        }
        words
    }
}

/// Whether a word is just 3. or 12.: the number of an item, which keeps its text.
fn is_ordinal(word: &str) -> bool {
    word.strip_suffix('.')
        .is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_digit()))
}

/// Whether a word begins with the unit of the number that the last ends with: 31|日前.
fn counts(last: &str, word: &str) -> bool {
    let pair = (last.chars().next_back(), word.chars().next());
    matches!(pair, (Some(last), Some(next)) if is_unit(last, next))
}

fn is_unit(last: char, next: char) -> bool {
    last.is_ascii_digit() && !next.is_ascii() && !opens(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_a_reader() {
        let segmenter = Segmenter::new();
        for words in [
            "社会|公益|组织",
            "法律|服务|机构",
            "三、|本年度|办理|结果",
            "（三）|不予|公开",
            "结果|维持",
            "5.要求|行政|机关|确认或|重新出具已|获取|信息",
            "22|（其中|修订|16件）",
            "2024年|3月|31日前",
        ] {
            let text = words.replace('|', "");
            let found: Vec<String> = segmenter.words(&text).into_iter().map(|w| w.0).collect();
            assert_eq!(found.join("|"), words);
        }
    }
}
