//! How wide characters are drawn, as the fonts themselves say (`hmtx`).

use std::cell::RefCell;
use std::sync::atomic::Ordering::Relaxed;

use typst::layout::Abs;
use typst::text::{FontInstance, FontVariant, FontVariations};

use super::Fonts;
use super::coverage::Chain;

/// The fractions of an em that advances are kept in; fonts have 1,000 or 2,048.
const UNITS: f64 = 4096.0;

/// The advances of the characters of a role.
pub(in crate::typeset) struct RoleAdvances<'a> {
    fonts: &'a Fonts,
    chain: Option<&'a Chain>,
    /// The font that was asked last: most characters are of one, and to open it costs more than to ask.
    open: RefCell<Option<(usize, FontInstance)>>,
}

impl Fonts {
    pub(in crate::typeset) fn advances(&self, role: &str) -> RoleAdvances<'_> {
        RoleAdvances {
            fonts: self,
            chain: self.chains.get(role),
            open: RefCell::new(None),
        }
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
                let advance = self.asked(chain, character).unwrap_or(1.0);
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

    fn asked(&self, chain: &Chain, character: char) -> Option<f64> {
        let index = chain.font(character, &self.fonts.charsets)?;
        let mut open = self.open.borrow_mut();
        if open.as_ref().is_none_or(|(opened, _)| *opened != index) {
            let (variant, variations) = (FontVariant::default(), FontVariations::default());
            let font = self.fonts.font(index)?;
            *open = Some((index, font.instantiate(variant, Abs::pt(10.0), &variations)));
        }
        let ttf = open.as_ref()?.1.ttf();
        let glyph = ttf.glyph_index(character)?;
        Some(f64::from(ttf.glyph_hor_advance(glyph)?) / f64::from(ttf.units_per_em()))
    }
}
