//! The styles of an OpenDocument text, as far as they say what a paragraph is.

use std::collections::HashMap;

use super::super::xml::Element;

/// The most steps from a style to that which it is based on, and so on.
const MAX_STEPS: usize = 20;

/// The styles by their families and names; those of the text itself come first.
pub(super) struct Styles<'x> {
    styles: HashMap<(&'x str, &'x str), Element<'x>>,
}

impl<'x> Styles<'x> {
    pub fn new(parts: &[Element<'x>]) -> Self {
        let mut styles = HashMap::new();
        for group in parts.iter().flat_map(|part| part.elements()) {
            if !matches!(group.name(), "automatic-styles" | "styles") {
                continue;
            }
            for style in group.elements().filter(|style| style.name() == "style") {
                let [family, name] = ["family", "name"].map(|name| style.attribute(name));
                let key = (family.unwrap_or_default(), name.unwrap_or_default());
                styles.entry(key).or_insert(style);
            }
        }
        Self { styles }
    }

    /// A style and those that it is based on, the nearest first.
    fn chain(&self, family: &'x str, name: Option<&'x str>) -> impl Iterator<Item = Element<'x>> {
        let mut next = name;
        let chain = std::iter::from_fn(move || {
            let style = *self.styles.get(&(family, next?))?;
            next = style.attribute("parent-style-name");
            Some(style)
        });
        chain.take(MAX_STEPS)
    }

    /// The first value of a property in a style and those that it is based on.
    fn property(
        &self,
        family: &'x str,
        style: Option<&'x str>,
        [group, name]: [&str; 2],
    ) -> Option<&'x str> {
        self.chain(family, style)
            .find_map(|style| style.child(group)?.attribute(name))
    }

    /// Whether a style hides its text.
    pub fn hides(&self, family: &'x str, style: Option<&'x str>) -> bool {
        self.property(family, style, ["text-properties", "display"]) == Some("none")
    }

    pub fn is_centred(&self, style: Option<&'x str>) -> bool {
        let align = self.property("paragraph", style, ["paragraph-properties", "text-align"]);
        align == Some("center")
    }

    /// The list of a style of paragraphs; empty if it has none on purpose.
    pub fn list(&self, style: Option<&'x str>) -> Option<&'x str> {
        self.chain("paragraph", style)
            .find_map(|style| style.attribute("list-style-name"))
    }
}
