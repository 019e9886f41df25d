//! Lines of body text, chosen before Typst sees it.
//!
//! Typst fills one line after the other and spreads what is left over its characters, however much that is. Here a
//! paragraph is seen as a whole: where its lines end is chosen ([`ends`]) by how wide they are set ([`glyphs`]), and
//! written into the text. What has to be set apart, marks that give way and addresses, are pieces of their own,
//! so that the layouts search no text.

mod character;
mod ends;
mod glyphs;
mod measure;

use std::ops::Range;

use serde::Serialize;

use self::character::{Kind, Mark, is_quotation};
pub(super) use self::character::{closes, opens, partner};
use self::ends::End;
pub(super) use self::glyphs::Part;
use self::glyphs::{Glyph, Glyphs};
pub(super) use self::measure::AREA;
use self::measure::TRACKING;
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
        text: Vec<Self>,
    },
    /// Signs of an address with their own tracking in em, of a line that would be too wide.
    Spread {
        spread: String,
        tracking: f64,
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
            | Self::Spread { spread: text, .. }
            | Self::Blank { blank: text } => Some(text),
            Self::Link { text, .. } => text.last_mut().and_then(Self::text),
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
        let all = &self.glyphs.all;
        let mut written = Written::default();
        let mut ends = self.ends.iter().peekable();
        let mut starts = false; // whether a line starts here
        while let Some(end) = ends.next_if(|end| end.at <= range.start) {
            starts = end.at == range.start;
        }
        for (at, glyph) in all.iter().enumerate().take(range.end).skip(range.start) {
            let spread = ends.peek().and_then(|end| end.spread);
            let end = ends.next_if(|end| end.at == at + 1);
            if glyph.begins && glyph.pair > 0.0 && !starts {
                written.back(glyph.pair);
            }
            let address = spread.map_or(0.0, |spread| spread.address);
            let setting = Setting::of(glyph, starts, end.is_some(), address);
            written.add(setting, glyph.character, &self.glyphs);
            starts = end.is_some();
            if end.is_none() {
                continue;
            }
            let closes = glyph.mark == Some(Mark::Closing) && is_quotation(glyph.character);
            if let Some(spread) = spread.filter(|_| closes) {
                // Typst neither draws it in nor takes it for the end.
                written.back(0.5 + spread.stretch);
            }
            let goes_on = |next: &&Glyph| glyph.address > 0 && next.address == glyph.address;
            let setting = all.get(at + 1).filter(goes_on).map(|_| setting);
            let sign = spread.map_or(RAGGED, |_| JUSTIFIED);
            written.add(setting.unwrap_or(Setting::Text), sign, &self.glyphs);
        }
        written.pieces
    }
}

/// Pieces as they are written.
#[derive(Default)]
struct Written {
    pieces: Vec<Piece>,
    /// How the last of them is set, if it takes further characters.
    setting: Option<Setting>,
}

impl Written {
    fn add(&mut self, setting: Setting, character: char, glyphs: &Glyphs) {
        if self.setting != Some(setting) {
            let piece = setting.piece(glyphs);
            match (self.setting, setting, self.pieces.last_mut(), piece) {
                // An address goes on, spread otherwise.
                (
                    Some(Setting::Link(before, _)),
                    Setting::Link(address, _),
                    Some(Piece::Link { text, .. }),
                    Piece::Link { text: further, .. },
                ) if before == address => text.extend(further),
                (.., piece) => self.pieces.push(piece),
            }
            self.setting = Some(setting);
        }
        if let Some(text) = self.pieces.last_mut().and_then(Piece::text) {
            text.push(character);
        }
    }

    fn back(&mut self, back: f64) {
        self.pieces.push(Piece::Back { back });
        self.setting = None;
    }
}

/// How a character is set.
#[derive(Clone, Copy, PartialEq)]
enum Setting {
    Text,
    Marks,
    /// The number of an address, and what its signs stand apart beyond their own, in em.
    Link(usize, f64),
    Blank,
}

impl Setting {
    fn of(glyph: &Glyph, starts: bool, ends: bool, spread: f64) -> Self {
        let gives_way = || match glyph.mark {
            _ if !is_quotation(glyph.character) => false,
            mark => starts && mark == Some(Mark::Opening),
        };
        if glyph.address > 0 {
            Self::Link(glyph.address, spread)
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
            Self::Link(address, spread) => Piece::Link {
                link: glyphs.targets.get(address - 1).cloned().unwrap_or_default(),
                text: vec![if spread > 0.0 {
                    Piece::Spread {
                        spread: String::new(),
                        tracking: TRACKING + spread,
                    }
                } else {
                    Piece::Text(String::new())
                }],
            },
            Self::Blank => Piece::Blank {
                blank: String::new(),
            },
        }
    }
}
