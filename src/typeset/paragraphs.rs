//! Prose as the layouts read it: paragraphs by kind, text that is cut where a line or the last page
//! asks for it.

use serde::Serialize;

use super::own_table::SetTable;
use super::words::Segmenter;
use super::world::figure_path;
use crate::report::{Figure, LONGEST_WORD, Paragraph, Prose};

/// A paragraph, and whether it stands or ends on the last page.
#[derive(Serialize)]
pub(super) struct PrintedParagraph<'a> {
    #[serde(flatten)]
    kind: ParagraphKind<'a>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    late: bool,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum ParagraphKind<'a> {
    Heading {
        text: TextPieces<'a>,
    },
    RunIn {
        /// The head without the mark at its end, for the bookmark.
        title: &'a str,
        head: TextPieces<'a>,
        text: TextPieces<'a>,
    },
    Body {
        text: TextPieces<'a>,
    },
    Figure {
        text: &'a str,
        path: String,
    },
    Table(SetTable),
}

/// A text, its pieces if a word in it is longer than a line, or its parts before the last page and on it.
#[derive(Serialize)]
#[serde(untagged)]
enum TextPieces<'a> {
    Whole(&'a str),
    Pieces(Vec<&'a str>),
    Parted {
        early: Box<TextPieces<'a>>,
        late: Box<TextPieces<'a>>,
    },
}

impl<'a> TextPieces<'a> {
    /// A text of which `early` characters stand before the last page.
    fn new(text: &'a str, early: usize) -> Self {
        let cuts = cuts(text);
        let between = |start: usize, end: usize| {
            let inside = cuts
                .iter()
                .copied()
                .filter(|cut| (start + 1..end).contains(cut));
            let mut starts = vec![start];
            starts.extend(inside);
            let ends = starts.iter().copied().skip(1).chain([end]);
            let pieces: Vec<_> = starts.iter().zip(ends).map(|(a, b)| &text[*a..b]).collect();
            match pieces[..] {
                [whole] => Self::Whole(whole),
                _ => Self::Pieces(pieces),
            }
        };
        let at = text.char_indices().nth(early);
        let at = at.map_or(text.len(), |(at, _)| at);
        if at == 0 {
            return between(0, text.len());
        }
        let mut early = between(0, at);
        if cuts.contains(&at) {
            // An empty piece, so that a line may break behind it.
            early = match early {
                Self::Pieces(pieces) => Self::Pieces([&pieces[..], &[""]].concat()),
                _ => Self::Pieces(vec![&text[..at], ""]),
            };
        }
        Self::Parted {
            early: Box::new(early),
            late: Box::new(between(at, text.len())),
        }
    }
}

/// The positions at which words longer than a line may be cut, in bytes.
fn cuts(text: &str) -> Vec<usize> {
    let mut cuts = Vec::new();
    let mut at = 0;
    for word in text.split_inclusive(|c: char| !c.is_ascii_graphic()) {
        let begin = at;
        at += word.len();
        let word = word.trim_end_matches(|c: char| !c.is_ascii_graphic());
        // Typst breaks addresses of the web at their own signs.
        let runs = word.split(|c: char| !c.is_ascii_alphanumeric());
        let address = word.contains("://") && runs.map(str::len).all(|n| n <= LONGEST_WORD);
        if word.len() > LONGEST_WORD && !address {
            cuts.extend((begin..begin + word.len()).step_by(LONGEST_WORD).skip(1));
        }
    }
    cuts
}

/// The paragraphs of a text; `cut` gives how many characters of one stand before the last page, `None` for
/// all.
pub(super) fn paragraphs<'a>(
    prose: Option<&'a Prose>,
    figures: &[Figure],
    segmenter: &Segmenter,
    cut: impl Fn(usize) -> Option<usize>,
) -> Vec<PrintedParagraph<'a>> {
    let kind = |paragraph: &'a Paragraph, early: usize| match paragraph {
        Paragraph::Heading(text) => ParagraphKind::Heading {
            text: TextPieces::new(&text.text, early),
        },
        Paragraph::RunIn { head, rest } => ParagraphKind::RunIn {
            title: head.text.trim_end_matches('。'),
            head: TextPieces::new(&head.text, early),
            text: TextPieces::new(&rest.text, early.saturating_sub(head.text.chars().count())),
        },
        Paragraph::Body(text) => ParagraphKind::Body {
            text: TextPieces::new(&text.text, early),
        },
        Paragraph::Figure { caption, path } => ParagraphKind::Figure {
            text: &caption.text,
            path: figures
                .iter()
                .position(|figure| figure.path.text == path.text)
                .map_or_else(String::new, |i| figure_path(i, &figures[i])),
        },
        Paragraph::Table(table) => ParagraphKind::Table(SetTable::new(table, segmenter)),
    };
    let all = prose.into_iter().flat_map(|prose| &prose.paragraphs);
    let printed = |(i, paragraph)| PrintedParagraph {
        kind: kind(paragraph, cut(i).unwrap_or_default()),
        late: cut(i).is_some(),
    };
    all.enumerate().map(printed).collect()
}
