//! What the elements of a page are, as far as reading asks.

use super::tree::Tree;

/// What an element does to the text around it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    /// Nothing.
    Inline,
    /// Its text stands in paragraphs of its own.
    Block,
    /// A break of the line.
    Break,
    /// A table.
    Table,
    /// A picture.
    Picture,
    /// Not shown.
    None,
}

pub(super) fn flow(tree: &Tree, id: usize) -> Flow {
    match tree.name(id) {
        "script" | "style" | "textarea" | "noscript" | "template" | "title" | "select"
        | "option" | "iframe" | "object" | "svg" | "head" | "colgroup" | "col" => Flow::None,
        "br" => Flow::Break,
        "table" => Flow::Table,
        "img" => Flow::Picture,
        "p" | "div" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "li" | "ul" | "ol" | "dl"
        | "dt" | "dd" | "center" | "form" | "fieldset" | "header" | "footer" | "main" | "nav"
        | "aside" | "article" | "section" | "figure" | "figcaption" | "blockquote" | "pre"
        | "hr" | "body" | "html" | "caption" | "address" | "details" | "summary" => Flow::Block,
        _ => Flow::Inline,
    }
}

/// Whether an element and all in it are not shown.
pub(super) fn is_hidden(tree: &Tree, id: usize) -> bool {
    let declares = |words: &str| {
        let style = tree.attribute(id, "style").unwrap_or_default();
        let style: String = style
            .chars()
            .filter(|c| !c.is_whitespace())
            .map(|c| c.to_ascii_lowercase())
            .collect();
        style.split(';').any(|one| one == words)
    };
    tree.attribute(id, "hidden").is_some()
        || declares("display:none")
        || declares("display:none!important")
        || declares("visibility:hidden")
        || declares("mso-hide:all")
}

/// Whether the text of an element is centred, by itself or by one around it.
pub(super) fn is_centred(tree: &Tree, id: usize) -> bool {
    let mut at = Some(id);
    for _ in 0..6 {
        let Some(id) = at else { return false };
        let style = tree.attribute(id, "style").unwrap_or_default();
        let align = tree.attribute(id, "align").unwrap_or_default();
        let style = style.to_ascii_lowercase();
        if let Some((_, own)) = style.split_once("text-align") {
            let own = own.trim_start_matches([' ', ':']);
            return own.starts_with("center");
        }
        if !align.is_empty() {
            return align.eq_ignore_ascii_case("center");
        }
        if tree.name(id) == "center" {
            return true;
        }
        at = tree.parent(id);
    }
    false
}

/// The level of a heading.
pub(super) fn outline(name: &str) -> Option<u8> {
    let level = name.strip_prefix('h')?.parse().ok()?;
    (1..=6).contains(&level).then_some(level)
}

/// Whether a character takes the width of a Chinese one, so that no blank stands for a break of the source beside it.
pub(in super::super) fn is_wide(c: char) -> bool {
    matches!(c, '\u{2018}'..='\u{201D}' | '\u{2014}' | '\u{2026}' | '\u{3000}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FFEF}' | '\u{20000}'..='\u{3FFFF}')
}
