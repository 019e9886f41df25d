//! A page as drawn.

use std::collections::HashMap;

/// What a page draws. Places are in points from its top left corner, as it is read: turned if most of its
/// glyphs lie.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DrawnPage {
    /// Its width.
    pub width: f64,
    /// Its height.
    pub height: f64,
    /// Its glyphs in the order in which they are drawn, each once.
    pub glyphs: Vec<Glyph>,
    /// Its rules: lines along its edges.
    pub rules: Vec<Rule>,
    /// Its pictures.
    pub drawings: Vec<Drawing>,
    /// The edges of what is drawn of lines that are no rules, and of areas of colour: left, top, right, bottom.
    pub shapes: Vec<[f64; 4]>,
    /// Whether its content ends in something that is none.
    pub broken: bool,
}

/// A glyph.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Glyph {
    /// What it means; U+FFFD where the file does not say.
    pub text: String,
    /// Its left end on its baseline.
    pub x: f64,
    /// Its baseline.
    pub y: f64,
    /// Its width.
    pub advance: f64,
    /// The size of its font.
    pub size: f64,
    /// Its middle.
    pub middle: [f64; 2],
    /// The quarter turns by which it lies, clockwise; `None` if it is askew.
    pub turns: Option<u8>,
    /// Whether it is drawn so that nobody sees it: a layer over a scan, or white on white.
    pub hidden: bool,
}

impl Glyph {
    /// Its right end.
    #[must_use]
    pub fn right(&self) -> f64 {
        self.x + self.advance
    }

    /// Whether it leaves no ink.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.text.chars().all(char::is_whitespace)
    }
}

/// The middle of a line along an edge of the page: `x0 ≤ x1`, `y0 ≤ y1`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rule {
    /// Its left end.
    pub x0: f64,
    /// Its upper end.
    pub y0: f64,
    /// Its right end.
    pub x1: f64,
    /// Its lower end.
    pub y1: f64,
}

/// A picture of pixels.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawing {
    /// Left, top, right, bottom.
    pub area: [f64; 4],
    /// Its file, if it is one as it is.
    pub bytes: Vec<u8>,
}

/// The share of an em within which the same glyph is drawn again to look bold.
const DOUBLED: f64 = 0.1;

impl DrawnPage {
    /// Turns the page if most of its glyphs lie.
    pub(super) fn upright(&mut self) {
        let mut counts = [0_usize; 4];
        for turns in self.glyphs.iter().filter_map(|glyph| glyph.turns) {
            counts[usize::from(turns % 4)] += 1;
        }
        let most = (0..4).max_by_key(|turns| (counts[*turns], 4 - turns));
        for _ in 0..most.unwrap_or_default() {
            self.turn_back();
        }
    }

    /// Turns everything a quarter counterclockwise: what ran down runs right.
    fn turn_back(&mut self) {
        let width = self.width;
        let turn = |[x, y]: [f64; 2]| [y, width - x];
        for glyph in &mut self.glyphs {
            [glyph.x, glyph.y] = turn([glyph.x, glyph.y]);
            glyph.middle = turn(glyph.middle);
            glyph.turns = glyph.turns.map(|turns| (turns + 3) % 4);
        }
        for rule in &mut self.rules {
            let ([x0, y1], [x1, y0]) = (turn([rule.x0, rule.y0]), turn([rule.x1, rule.y1]));
            *rule = Rule { x0, y0, x1, y1 };
        }
        let areas = self.drawings.iter_mut().map(|drawing| &mut drawing.area);
        for area in areas.chain(&mut self.shapes) {
            let [left, top, right, bottom] = *area;
            let ([x0, y1], [x1, y0]) = (turn([left, top]), turn([right, bottom]));
            *area = [x0, y0, x1, y1];
        }
        (self.width, self.height) = (self.height, self.width);
    }

    /// Leaves each glyph once: some programs draw one twice to make it bold.
    #[expect(clippy::cast_possible_truncation, reason = "points of a page")]
    pub(super) fn without_doubles(&mut self) {
        /// The width of the squares in which doubles are sought, in points, and how many are held to one: a
        /// page has few glyphs in a square, and one that was made to be costly may have all.
        const SQUARE: f64 = 8.0;
        const MOST: usize = 64;
        let mut squares: HashMap<(i64, i64), Vec<usize>> = HashMap::new();
        let mut kept: Vec<Glyph> = Vec::with_capacity(self.glyphs.len());
        for glyph in std::mem::take(&mut self.glyphs) {
            let [x, y] = [glyph.x, glyph.y].map(|place| (place / SQUARE).floor() as i64);
            let near = DOUBLED * glyph.size;
            let is_double = |other: &Glyph| {
                other.text == glyph.text
                    && other.hidden == glyph.hidden
                    && other.turns == glyph.turns
                    && (other.x - glyph.x).abs() <= near
                    && (other.y - glyph.y).abs() <= near
            };
            let around = (-1..=1).flat_map(|dx| {
                (-1..=1).map(move |dy| (x.saturating_add(dx), y.saturating_add(dy)))
            });
            let mut others = around
                .filter_map(|square| squares.get(&square))
                .flat_map(|all| all.iter().rev().take(MOST));
            if glyph.is_blank() || !others.any(|at| is_double(&kept[*at])) {
                squares.entry((x, y)).or_default().push(kept.len());
                kept.push(glyph);
            }
        }
        self.glyphs = kept;
    }
}
