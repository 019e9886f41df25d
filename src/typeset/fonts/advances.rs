//! How wide characters are drawn, as the fonts themselves say (`hmtx`).

use std::sync::atomic::AtomicU16;
use std::sync::atomic::Ordering::Relaxed;

use typst::layout::Abs;
use typst::text::{FontVariant, FontVariations};

use super::Fonts;
use super::coverage::Chain;

/// The fractions of an em that advances are kept in; fonts have 1,000 or 2,048.
const UNITS: f64 = 4096.0;

/// The advances of the first plane that were asked for, each with 1 added; 0 for the others. Reports have the same
/// few thousand characters again and again.
pub(super) struct Advances(Vec<AtomicU16>);

impl Default for Advances {
    fn default() -> Self {
        Self((0..0x1_0000).map(|_| AtomicU16::new(0)).collect())
    }
}

/// The advances of the characters of a role.
#[derive(Clone, Copy)]
pub(in crate::typeset) struct RoleAdvances<'a> {
    fonts: &'a Fonts,
    chain: Option<&'a Chain>,
}

impl Fonts {
    pub(in crate::typeset) fn advances(&self, role: &str) -> RoleAdvances<'_> {
        RoleAdvances {
            fonts: self,
            chain: self.chains.get(role),
        }
    }

    fn advance(&self, chain: &Chain, character: char) -> Option<f64> {
        let font = self.font(chain.font(character, &self.charsets)?)?;
        let face = font.instantiate(
            FontVariant::default(),
            Abs::pt(10.0),
            &FontVariations::default(),
        );
        let ttf = face.ttf();
        let glyph = ttf.glyph_index(character)?;
        Some(f64::from(ttf.glyph_hor_advance(glyph)?) / f64::from(ttf.units_per_em()))
    }
}

impl RoleAdvances<'_> {
    /// The advance of a character in em; one that no font has is taken as a square.
    pub(in crate::typeset) fn of(&self, character: char) -> f64 {
        let Some(chain) = self.chain else {
            return 1.0;
        };
        let kept = chain.advances.0.get(character as usize);
        match kept.map_or(0, |kept| kept.load(Relaxed)) {
            0 => {
                let advance = self.fonts.advance(chain, character).unwrap_or(1.0);
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
                let units = (advance * UNITS).round().clamp(0.0, 65534.0) as u16;
                if let Some(kept) = kept {
                    kept.store(units + 1, Relaxed);
                }
                f64::from(units) / UNITS
            }
            kept => f64::from(kept - 1) / UNITS,
        }
    }
}
