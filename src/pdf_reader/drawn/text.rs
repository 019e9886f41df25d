//! The state of text: where a string's glyphs are drawn.

use std::rc::Rc;

use super::font::Font;
use super::page::Glyph;
use crate::pdf_reader::matrix::{Matrix, SAME, apply, then};

/// The share of an em above the baseline at which a glyph has its middle.
const MIDDLE: f64 = 0.35;
/// The height at which glyphs that run down hang from their origin.
const HANGING: f64 = 0.88;

/// What `q` saves of the state of text.
#[derive(Clone)]
pub(super) struct TextState {
    pub font: Option<Rc<Font>>,
    pub size: f64,
    /// Between characters, between words, and below lines.
    pub spacing: f64,
    pub word_spacing: f64,
    pub leading: f64,
    /// Its share of its width.
    pub stretch: f64,
    pub rise: f64,
    /// 3 and 7 draw nothing.
    pub mode: i64,
}

impl Default for TextState {
    fn default() -> Self {
        Self {
            font: None,
            size: 0.0,
            spacing: 0.0,
            word_spacing: 0.0,
            leading: 0.0,
            stretch: 1.0,
            rise: 0.0,
            mode: 0,
        }
    }
}

/// The matrices between `BT` and `ET`.
#[derive(Clone, Copy)]
pub(super) struct Cursor {
    pub text: Matrix,
    pub line: Matrix,
}

impl Default for Cursor {
    fn default() -> Self {
        Self {
            text: SAME,
            line: SAME,
        }
    }
}

impl Cursor {
    /// Begins a line beside the one before.
    pub fn next_line(&mut self, x: f64, y: f64) {
        self.line = then([1.0, 0.0, 0.0, 1.0, x, y], self.line);
        self.text = self.line;
    }

    /// Moves by thousandths of an em, against the direction of the text.
    pub fn kern(&mut self, state: &TextState, amount: f64) {
        let by = -amount / 1_000.0 * state.size;
        if state.font.as_ref().is_some_and(|font| font.down) {
            self.forward(0.0, by);
        } else {
            self.forward(by * state.stretch, 0.0);
        }
    }

    fn forward(&mut self, x: f64, y: f64) {
        self.text = then([1.0, 0.0, 0.0, 1.0, x, y], self.text);
    }

    /// The glyphs of a string.
    pub fn show(
        &mut self,
        state: &TextState,
        matrix: Matrix,
        string: &[u8],
        mut each: impl FnMut(Glyph) -> bool,
    ) {
        let Some(font) = &state.font else { return };
        for code in font.codes(string) {
            let words = if code.is_blank {
                state.word_spacing
            } else {
                0.0
            };
            let size = [
                state.size * state.stretch,
                0.0,
                0.0,
                state.size,
                0.0,
                state.rise,
            ];
            let place = then(then(size, self.text), matrix);
            let begin = if font.down {
                [-code.width / 2.0, -HANGING]
            } else {
                [0.0, 0.0]
            };
            let glyph = placed(place, begin, code.width, code.text);
            if font.down {
                self.forward(0.0, -state.size + state.spacing + words);
            } else {
                let width = code.width * state.size + state.spacing + words;
                self.forward(width * state.stretch, 0.0);
            }
            if !each(glyph) {
                return;
            }
        }
    }
}

/// A glyph that begins at a place in ems.
fn placed(place: Matrix, begin: [f64; 2], width: f64, text: Option<String>) -> Glyph {
    let [x, y] = apply(place, begin);
    let end = apply(place, [begin[0] + width, begin[1]]);
    let middle = apply(place, [begin[0] + width / 2.0, begin[1] + MIDDLE]);
    let along = [place[0], place[1]];
    let length = along[0].hypot(along[1]);
    let turns = match along.map(|part| part / length) {
        [dx, dy] if dx > 0.99 && dy.abs() < 0.1 => Some(0),
        [dx, dy] if dy > 0.99 && dx.abs() < 0.1 => Some(1),
        [dx, dy] if dx < -0.99 && dy.abs() < 0.1 => Some(2),
        [dx, dy] if dy < -0.99 && dx.abs() < 0.1 => Some(3),
        _ => None,
    };
    Glyph {
        text: text.unwrap_or_else(|| char::REPLACEMENT_CHARACTER.to_string()),
        x,
        y,
        advance: (end[0] - x).hypot(end[1] - y),
        size: place[2].hypot(place[3]),
        middle,
        turns,
        hidden: false,
    }
}
