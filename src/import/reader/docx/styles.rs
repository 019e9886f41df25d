//! The styles of a Word file, as far as they say what a paragraph is.

use std::collections::HashMap;

use super::super::xml::{Element, Xml};

/// The most steps from a style to that which it is based on, and so on.
const MAX_STEPS: usize = 20;

/// The styles by their ids.
#[derive(Default)]
pub(super) struct Styles<'x> {
    styles: HashMap<&'x str, Element<'x>>,
    /// The style of paragraphs that name none.
    default: Option<&'x str>,
}

impl<'x> Styles<'x> {
    pub fn new(xml: &'x Xml) -> Self {
        let styles = xml
            .root()
            .elements()
            .filter(|element| element.name() == "style");
        let mut all = Self::default();
        for style in styles {
            let id = style.attribute("styleId").unwrap_or_default();
            let is_default = matches!(style.attribute("default"), Some("1" | "true"));
            if is_default && style.attribute("type") == Some("paragraph") {
                all.default = Some(id);
            }
            all.styles.entry(id).or_insert(style);
        }
        all
    }

    /// A style and those that it is based on, the nearest first.
    pub fn chain(&self, id: Option<&str>) -> impl Iterator<Item = Element<'x>> {
        let mut next = self.styles.get(id.or(self.default).unwrap_or_default());
        let chain = std::iter::from_fn(move || {
            let style = next.copied()?;
            let base = style.val("basedOn");
            next = base.and_then(|base| self.styles.get(base));
            Some(style)
        });
        chain.take(MAX_STEPS)
    }

    /// Whether a style hides its text.
    pub fn hides(&self, id: &str) -> bool {
        let switches = self
            .chain(Some(id))
            .filter_map(|style| style.child("rPr")?.is_on("vanish"));
        switches.into_iter().next().unwrap_or_default()
    }
}
