//! The texts of a workbook.

use super::super::xml::Element;

/// The texts of the items of an element, each of one or several runs.
pub(super) fn texts(parent: Element) -> Vec<String> {
    let items = parent.elements().filter(|item| item.name() != "extLst");
    items.map(text).collect()
}

/// The text of an item: its own, or that of its runs; how words are read is left out.
pub(super) fn text(item: Element) -> String {
    let mut found = String::new();
    for part in item.elements() {
        match part.name() {
            "t" => found.push_str(&part.text()),
            "rPh" => {}
            _ => found.push_str(&text(part)),
        }
    }
    found
}
