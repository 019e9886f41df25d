//! Prose as the layouts read it: paragraphs by kind, their lines chosen, text that is parted where the last page begins.

use std::ops::Range;

use serde::Serialize;

use super::fonts::Fonts;
use super::lines::{Lines, Part, Piece};
use super::own_table::SetTable;
use super::words::Segmenter;
use super::world::figure_path;
use crate::report::{Figure, LONGEST_WORD, Paragraph, Prose, Text, unbroken};

/// The roles of running text and of what heads it (`fonts/roles.yaml`).
const BODY: &str = "body";
const SUBHEADING: &str = "subheading";
/// The role of tables.
const TABLE: &str = "table";

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
        /// The bookmark, if it has other words.
        #[serde(skip_serializing_if = "Option::is_none")]
        title: Option<&'a str>,
        text: TextPieces<'a>,
        /// The number of its lines, or one more.
        lines: usize,
    },
    RunIn {
        /// The bookmark.
        title: &'a str,
        head: TextPieces<'a>,
        text: TextPieces<'a>,
        /// The number of its lines.
        lines: usize,
    },
    Body {
        text: TextPieces<'a>,
        /// The number of its lines.
        lines: usize,
    },
    Figure {
        text: &'a str,
        path: String,
    },
    Table(SetTable),
}

/// A text, its pieces, or its parts before the last page and on it.
#[derive(Serialize)]
#[serde(untagged)]
enum TextPieces<'a> {
    Written(&'a str),
    Whole(Piece),
    Pieces(Vec<Piece>),
    Parted { early: Vec<Piece>, late: Vec<Piece> },
}

impl<'a> TextPieces<'a> {
    /// A text of which `early` characters stand before the last page, its pieces by ranges of its characters.
    fn new(
        characters: Range<usize>,
        early: usize,
        pieces: impl Fn(Range<usize>) -> Vec<Piece>,
    ) -> Self {
        let at = (characters.start + early).min(characters.end);
        if early > 0 {
            return Self::Parted {
                early: pieces(characters.start..at),
                late: pieces(at..characters.end),
            };
        }
        let mut pieces = pieces(characters);
        match pieces.pop() {
            Some(whole) if pieces.is_empty() => Self::Whole(whole),
            last => {
                pieces.extend(last);
                Self::Pieces(pieces)
            }
        }
    }

    /// A text whose lines Typst breaks: a note or a heading.
    fn unlined(text: &'a str, early: usize) -> Self {
        let cuts = cuts(text);
        if early == 0 && cuts.is_empty() {
            return Self::Written(text);
        }
        let place = |at: usize| text.char_indices().nth(at).map_or(text.len(), |(at, _)| at);
        Self::new(0..text.chars().count(), early, |range| {
            let (mut start, end) = (place(range.start), place(range.end));
            let mut pieces = Vec::new();
            let from = start;
            for cut in cuts
                .iter()
                .copied()
                .filter(|cut| from < *cut && *cut <= end)
            {
                pieces.extend([Piece::Text(text[start..cut].to_owned()), Piece::Cut]);
                start = cut;
            }
            pieces.push(Piece::Text(text[start..end].to_owned()));
            pieces
        })
    }
}

/// A heading as a bookmark, which is no sentence.
fn bookmark(heading: &Text) -> &str {
    heading.text.trim_end_matches(['。', '．', '.', '：', ':'])
}

/// The positions at which what has no break may be cut, in bytes: a line takes 28 characters.
fn cuts(text: &str) -> Vec<usize> {
    let mut cuts = Vec::new();
    for run in unbroken(text) {
        // Typst breaks addresses of the web at their own signs.
        let words = text[run.clone()].split(|c: char| !c.is_ascii_alphanumeric());
        let address =
            text[run.clone()].contains("://") && words.map(str::len).all(|n| n <= LONGEST_WORD);
        if !address {
            let places = text[run.clone()].char_indices().step_by(LONGEST_WORD);
            cuts.extend(places.skip(1).map(|(at, _)| run.start + at));
        }
    }
    cuts
}

/// What stands for a value or a figure that is not known, on pages of a report with errors.
pub(super) const UNKNOWN: &str = "？";

/// What prose is set with.
pub(super) struct ProseSetter<'a> {
    pub(super) figures: &'a [Figure],
    pub(super) segmenter: &'a Segmenter,
    pub(super) fonts: &'a Fonts,
}

impl ProseSetter<'_> {
    /// The paragraphs of a text; `cut` gives how many characters of one stand before the last page, `None` for
    /// all.
    pub(super) fn paragraphs<'a>(
        &self,
        prose: Option<&'a Prose>,
        cut: impl Fn(usize) -> Option<usize>,
    ) -> Vec<PrintedParagraph<'a>> {
        let all = prose.into_iter().flat_map(|prose| &prose.paragraphs);
        let printed = |(i, paragraph)| PrintedParagraph {
            kind: self.kind(paragraph, cut(i).unwrap_or_default()),
            late: cut(i).is_some(),
        };
        all.enumerate().map(printed).collect()
    }

    /// The notes below a table, which are no body text.
    pub(super) fn notes<'a>(&self, prose: Option<&'a Prose>) -> Vec<PrintedParagraph<'a>> {
        let all = prose.into_iter().flat_map(|prose| &prose.paragraphs);
        let printed = |paragraph: &'a Paragraph| PrintedParagraph {
            kind: match paragraph {
                Paragraph::Body(text) => ParagraphKind::Body {
                    text: TextPieces::unlined(&text.text, 0),
                    lines: 1,
                },
                other => self.kind(other, 0),
            },
            late: false,
        };
        all.map(printed).collect()
    }

    fn kind<'a>(&self, paragraph: &'a Paragraph, early: usize) -> ParagraphKind<'a> {
        match paragraph {
            Paragraph::Heading(text) => ParagraphKind::Heading {
                title: Some(bookmark(text)).filter(|title| *title != text.text),
                text: TextPieces::unlined(&text.text, early),
                lines: text.text.chars().count().div_ceil(LONGEST_WORD).max(1),
            },
            Paragraph::RunIn { head, rest } => {
                let title = bookmark(head);
                let parts = [(SUBHEADING, head), (BODY, rest)];
                let parts = parts.map(|(role, text)| Part {
                    role,
                    text: &text.text,
                });
                let lines = Lines::new(&parts, self.fonts);
                let [head, rest] = parts.map(|part| part.text.chars().count());
                let pieces = |range| lines.pieces(range);
                ParagraphKind::RunIn {
                    title,
                    head: TextPieces::new(0..head, early.min(head), pieces),
                    text: TextPieces::new(head..head + rest, early.saturating_sub(head), pieces),
                    lines: lines.count(),
                }
            }
            Paragraph::Body(text) => {
                let part = Part {
                    role: BODY,
                    text: &text.text,
                };
                let lines = Lines::new(&[part], self.fonts);
                let count = text.text.chars().count();
                ParagraphKind::Body {
                    text: TextPieces::new(0..count, early, |range| lines.pieces(range)),
                    lines: lines.count(),
                }
            }
            Paragraph::Figure { caption, path } => {
                let mut figures = self.figures.iter().enumerate();
                match figures.find(|(_, figure)| figure.path.text == path.text) {
                    Some((i, figure)) => ParagraphKind::Figure {
                        text: &caption.text,
                        path: figure_path(i, figure),
                    },
                    None => ParagraphKind::Body {
                        text: TextPieces::unlined(UNKNOWN, 0),
                        lines: 1,
                    },
                }
            }
            Paragraph::Table(table) => {
                let advances = self.fonts.advances(TABLE);
                ParagraphKind::Table(SetTable::new(table, self.segmenter, &advances))
            }
        }
    }
}
