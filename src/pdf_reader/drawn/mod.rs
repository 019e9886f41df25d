//! What the pages of any PDF draw: glyphs, rules and pictures, by their place alone.

mod font;
mod ink;
mod interpreter;
mod open;
mod page;
mod text;

pub use self::page::{Drawing, DrawnPage, Glyph, Rule};

/// The most pages of a PDF of any program.
pub const MAX_DRAWN_PAGES: usize = 200;
/// The most bytes to which the content of one page may inflate.
const MAX_CONTENT: usize = 8 << 20;
/// The most bytes to which any stream that is read may inflate.
const MAX_STREAM: usize = 16 << 20;
/// The most bytes to which all object streams together may inflate, and those of one in an encrypted PDF.
const MAX_OBJECT_STREAMS: usize = 16 << 20;
const MAX_HIDDEN_STREAM: usize = 1 << 20;
/// The most object streams.
const MAX_STREAMS: usize = 200;
/// The most operators of all pages.
const MAX_OPERATORS: usize = 3_000_000;
/// The deepest form within forms.
const MAX_FORMS: usize = 12;
/// The most glyphs, rules, points of a path and fonts.
const MAX_GLYPHS: usize = 500_000;
const MAX_RULES: usize = 200_000;
const MAX_POINTS: usize = 100_000;
const MAX_FONTS: usize = 500;
