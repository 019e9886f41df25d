//! The characters that are drawn: asked of the fonts themselves.

use typst::layout::Abs;
use typst::text::{FontVariant, FontVariations};

use super::Fonts;
use crate::report::{Coverage, Printed, unprintable};

impl Coverage for Fonts {
    fn prints(&self, role: &str, character: char) -> bool {
        // A test draws every character of the bundled fonts, which saves looking for each report.
        self.draws_alone(role, character) && (self.only_bundled || self.draws(role, character))
    }

    fn printed(&self, role: &str) -> Option<&Printed> {
        self.chains.get(role).map(|chain| &chain.printed)
    }

    fn term<'a>(&'a self, role: &'a str) -> &'a str {
        let found = self.roles.iter().find(|known| known.key == role);
        found.map_or(role, |role| &role.term)
    }
}

impl Fonts {
    /// Whether the font that is taken for a character has an outline for it. Some fonts map characters to
    /// empty glyphs.
    #[must_use]
    pub fn draws(&self, role: &str, character: char) -> bool {
        let index = self.taken(role, character);
        index.is_some_and(|index| character.is_whitespace() || self.outlined(index, character))
    }

    /// Whether a role's chain draws a character whatever stands before it.
    pub(in crate::typeset) fn draws_alone(&self, role: &str, character: char) -> bool {
        unprintable(character).is_none() && self.covers(role, character)
    }

    fn outlined(&self, index: usize, character: char) -> bool {
        let Some(font) = self.font(index) else {
            return false;
        };
        let face = font.instantiate(
            FontVariant::default(),
            Abs::pt(10.0),
            &FontVariations::default(),
        );
        let ttf = face.ttf();
        ttf.glyph_index(character)
            .is_some_and(|glyph| ttf.glyph_bounding_box(glyph).is_some())
    }
}
