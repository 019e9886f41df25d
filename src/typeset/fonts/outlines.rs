//! Words as outlines: drawn without being text, so that no search finds them and nobody hears them.

use serde::Serialize;
use ttf_parser::OutlineBuilder;
use typst::layout::Abs;
use typst::text::{FontVariant, FontVariations};

use super::Fonts;

/// Words as one path. Lengths are in em, from the left end of the baseline, downwards.
#[derive(Default, Serialize)]
pub(in crate::typeset) struct Outlines {
    width: f64,
    segments: Vec<(Segment, Vec<[f64; 2]>)>,
    /// The length of a unit of the font at hand.
    #[serde(skip)]
    unit: f64,
}

/// A segment of a path: those that Typst has of a curve.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Segment {
    Move,
    Line,
    Quad,
    Cubic,
    Close,
}

impl Fonts {
    /// The outlines of words in the fonts of a role. A character that no font has is left out.
    pub(in crate::typeset) fn outlines(&self, role: &str, words: &str) -> Outlines {
        let mut outlines = Outlines::default();
        for character in words.chars() {
            self.outline(role, character, &mut outlines);
        }
        outlines
    }

    fn outline(&self, role: &str, character: char, outlines: &mut Outlines) -> Option<()> {
        let font = self.font(self.taken(role, character)?)?;
        let (variant, variations) = (FontVariant::default(), FontVariations::default());
        let font = font.instantiate(variant, Abs::pt(10.0), &variations);
        let ttf = font.ttf();
        let glyph = ttf.glyph_index(character)?;
        outlines.unit = 1.0 / f64::from(ttf.units_per_em());
        // A blank has none.
        let _ = ttf.outline_glyph(glyph, outlines);
        outlines.width += f64::from(ttf.glyph_hor_advance(glyph)?) * outlines.unit;
        Some(())
    }
}

impl Outlines {
    fn add(&mut self, segment: Segment, points: &[(f32, f32)]) {
        let place = |(x, y): &(f32, f32)| {
            let (x, y) = (f64::from(*x), f64::from(*y));
            [self.width + x * self.unit, -y * self.unit]
        };
        let points = points.iter().map(place).collect();
        self.segments.push((segment, points));
    }
}

impl OutlineBuilder for Outlines {
    fn move_to(&mut self, x: f32, y: f32) {
        self.add(Segment::Move, &[(x, y)]);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.add(Segment::Line, &[(x, y)]);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.add(Segment::Quad, &[(x1, y1), (x, y)]);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.add(Segment::Cubic, &[(x1, y1), (x2, y2), (x, y)]);
    }

    fn close(&mut self) {
        self.add(Segment::Close, &[]);
    }
}
