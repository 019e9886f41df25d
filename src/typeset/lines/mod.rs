//! Lines of body text, chosen before Typst sees it.
//!
//! Typst fills one line after the other and spreads what is left over its characters, however much that is. Here a
//! paragraph is seen as a whole: where its lines end is chosen ([`ends`]) by how wide they are set ([`glyphs`]), and
//! written into the text. What has to be set apart, marks that give way and addresses, are pieces of their own,
//! so that the layouts search no text.

mod address;
mod character;
mod ends;
mod glyphs;
mod measure;

use std::ops::Range;

use serde::Serialize;

use self::character::{Kind, Mark, is_quotation};
use self::ends::End;
pub(super) use self::glyphs::Part;
use self::glyphs::{Glyph, Glyphs};
pub(super) use self::measure::AREA;
use super::fonts::Fonts;

/// What Typst ends a justified line with, and a ragged one. Neither leaves anything in the PDF.
const JUSTIFIED: char = '\u{2028}';
const RAGGED: char = '\n';

/// A piece of text as the layouts set it.
#[derive(Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub(super) enum Piece {
    Text(String),
    /// Marks that give way only without tracking.
    Marks {
        marks: String,
    },
    Link {
        link: String,
        text: String,
    },
    /// A blank at the end of a line, which takes no room.
    Blank {
        blank: String,
    },
    /// What marks give up where Typst lets them not, in em.
    Back {
        back: f64,
    },
    /// A place where a word that is longer than a line may be broken.
    Cut,
}

impl Piece {
    fn text(&mut self) -> Option<&mut String> {
        match self {
            Self::Text(text)
            | Self::Marks { marks: text }
            | Self::Link { text, .. }
            | Self::Blank { blank: text } => Some(text),
            Self::Back { .. } | Self::Cut => None,
        }
    }
}

/// A paragraph with its lines.
pub(super) struct Lines {
    glyphs: Glyphs,
    ends: Vec<End>,
}

impl Lines {
    pub(super) fn new(parts: &[Part], fonts: &Fonts) -> Self {
        let glyphs = Glyphs::new(parts, fonts);
        let ends = ends::ends(&glyphs);
        Self { glyphs, ends }
    }

    /// The number of lines.
    pub(super) fn count(&self) -> usize {
        self.ends.len() + 1
    }

    /// The pieces of a range of characters. The end of a line belongs to the character before it.
    pub(super) fn pieces(&self, range: Range<usize>) -> Vec<Piece> {
        let mut pieces: Vec<Piece> = Vec::new();
        let mut set = None;
        let mut ends = self.ends.iter().peekable();
        let mut starts = false; // whether a line starts here
        while let Some(end) = ends.next_if(|end| end.at <= range.start) {
            starts = end.at == range.start;
        }
        let end = range.end.min(self.glyphs.all.len());
        for (glyph, next) in self.glyphs.all[range.start..end]
            .iter()
            .zip(range.start + 1..)
        {
            let ending = ends.next_if(|end| end.at == next);
            let now = Setting::of(glyph, starts, ending.is_some());
            if glyph.begins && glyph.pair > 0.0 && !starts {
                pieces.push(Piece::Back { back: glyph.pair });
            }
            if set != Some(now) {
                pieces.push(now.piece(&self.glyphs));
                set = Some(now);
            }
            let text = pieces.last_mut().and_then(Piece::text);
            text.into_iter().for_each(|text| text.push(glyph.character));
            starts = ending.is_some();
            if let Some(ending) = ending {
                let following = self.glyphs.all.get(next).map_or(0, |glyph| glyph.address);
                if let (Some(stretch), Some(Mark::Closing), true) =
                    (ending.stretch, glyph.mark, is_quotation(glyph.character))
                {
                    // Typst stretches a quotation mark at the end too.
                    pieces.push(Piece::Back {
                        back: 0.5 + stretch,
                    });
                    set = None;
                }
                if set.is_none()
                    || matches!(now, Setting::Link(address) if address != following)
                    || now == Setting::Blank
                {
                    pieces.push(Piece::Text(String::new()));
                    set = Some(Setting::Text);
                }
                let text = pieces.last_mut().and_then(Piece::text);
                let sign = if ending.stretch.is_some() {
                    JUSTIFIED
                } else {
                    RAGGED
                };
                text.into_iter().for_each(|text| text.push(sign));
            }
        }
        pieces
    }
}

/// How a character is set.
#[derive(Clone, Copy, PartialEq)]
enum Setting {
    Text,
    Marks,
    Link(usize),
    Blank,
}

impl Setting {
    fn of(glyph: &Glyph, starts: bool, ends: bool) -> Self {
        let gives_way = || match glyph.mark {
            _ if !is_quotation(glyph.character) => false,
            mark => starts && mark == Some(Mark::Opening),
        };
        if glyph.address > 0 {
            Self::Link(glyph.address)
        } else if glyph.bare || gives_way() {
            Self::Marks
        } else if ends && glyph.kind == Kind::Space {
            Self::Blank
        } else {
            Self::Text
        }
    }

    fn piece(self, glyphs: &Glyphs) -> Piece {
        match self {
            Self::Text => Piece::Text(String::new()),
            Self::Marks => Piece::Marks {
                marks: String::new(),
            },
            Self::Link(address) => Piece::Link {
                link: glyphs.targets.get(address - 1).cloned().unwrap_or_default(),
                text: String::new(),
            },
            Self::Blank => Piece::Blank {
                blank: String::new(),
            },
        }
    }
}
