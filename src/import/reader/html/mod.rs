//! Pages (HTML), of any portal and of any program that saves as one.

mod charset;
mod style;
mod table;
mod tree;
mod walk;

use super::document::{About, Document, Nesting};
use super::refusal::Refusal;
pub(super) use charset::decoded;
pub(super) use style::is_wide;
use tree::Tree;
use walk::Walk;

/// Reads a page.
pub(super) fn read(bytes: &[u8]) -> Result<Document, Refusal> {
    read_text(&decoded(bytes, None), &|_| None)
}

/// Reads a page that is text; `files` has what it names.
pub(super) fn read_text(
    text: &str,
    files: &dyn Fn(&str) -> Option<Vec<u8>>,
) -> Result<Document, Refusal> {
    let tree = Tree::parse(text)?;
    let mut walk = Walk::new(&tree, files);
    let blocks = walk.blocks(Tree::ROOT, 0)?;
    Ok(Document {
        blocks,
        about: about(&tree),
        left_out: walk.left_out,
        nesting: Nesting {
            parents: (0..tree.len())
                .map(|id| tree.parent(id).unwrap_or(id))
                .collect(),
            holders: walk.holders,
        },
    })
}

/// What the head of a page says of it.
fn about(tree: &Tree) -> About {
    let mut about = About::default();
    for id in 0..tree.len() {
        match tree.name(id) {
            "title" => {
                let title = tree.text_within(id);
                // Behind the last dash or line stands the name of the site.
                let own = title
                    .rfind(['-', '_', '|'])
                    .map_or(title.as_str(), |at| &title[..at]);
                about.titles.push(own.trim().to_owned());
            }
            "meta" => {
                let name = tree.attribute(id, "name").unwrap_or_default();
                let content = tree.attribute(id, "content").unwrap_or_default().trim();
                let content = Some(content).filter(|content| !content.is_empty());
                let Some(content) = content else { continue };
                match name.to_ascii_lowercase().as_str() {
                    "articletitle" => about.titles.insert(0, content.to_owned()),
                    "pubdate" => about.published = Some(content.to_owned()),
                    "contentsource" => about.agency = Some(content.to_owned()),
                    _ => {}
                }
            }
            _ => {}
        }
    }
    about.titles.retain(|title| !title.is_empty());
    about
}
