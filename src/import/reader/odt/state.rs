//! How far an OpenDocument text is read.

use std::collections::HashMap;

use super::super::document::{Counts, LeftOut};
use super::super::package::Package;
use super::super::xml::Element;
use super::lists::Lists;
use super::styles::Styles;

/// The reader of an OpenDocument text.
pub(super) struct Reader<'x> {
    pub package: &'x Package<'x>,
    pub styles: Styles<'x>,
    pub lists: Lists<'x>,
    pub counts: Counts,
    /// How many notes of each kind there were.
    pub notes: HashMap<&'static str, usize>,
    pub left_out: Vec<LeftOut>,
}

/// The words of an element, for a note.
pub(super) fn words(element: Element) -> String {
    let texts = element.descendants().map(Element::text);
    let texts = texts.map(|text| text.trim().to_owned());
    let texts: Vec<String> = texts.filter(|text| !text.is_empty()).collect();
    texts.join(" ")
}
