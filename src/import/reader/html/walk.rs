//! The walk through a page: paragraphs, tables and pictures in reading order.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use crate::import::block::{Block, Flag, Paragraph, Picture, Place};

use super::super::counting::written;
use super::super::document::{Counts, LeftOut};
use super::super::refusal::Refusal;
use super::style::{Flow, flow, is_centred, is_hidden, is_wide, outline};
use super::tree::Tree;

pub(super) struct Walk<'t> {
    pub tree: &'t Tree,
    pub counts: Counts,
    pub left_out: Vec<LeftOut>,
    /// The elements of the blocks outside of tables.
    pub holders: Vec<usize>,
    files: &'t dyn Fn(&str) -> Option<Vec<u8>>,
}

/// A paragraph that is being read.
#[derive(Default)]
struct Open {
    text: String,
    /// White space that shows if more text follows: a blank, or a break of the source.
    gap: Option<char>,
    flags: Vec<Flag>,
}

/// What is left to walk through.
enum Step {
    Into(usize),
    /// The end of an element with paragraphs of its own.
    End(usize),
}

impl<'t> Walk<'t> {
    pub fn new(tree: &'t Tree, files: &'t dyn Fn(&str) -> Option<Vec<u8>>) -> Self {
        Self {
            tree,
            counts: Counts::default(),
            left_out: Vec::new(),
            holders: Vec::new(),
            files,
        }
    }

    /// The blocks within an element that stands within so many tables.
    pub fn blocks(&mut self, top: usize, within: usize) -> Result<Vec<Block>, Refusal> {
        let mut found = Vec::new();
        let mut open = Open::default();
        let mut steps = vec![Step::Into(top)];
        let tree = self.tree;
        let mut last = top;
        while let Some(step) = steps.pop() {
            if within == 0 {
                self.holders.resize(found.len(), last);
            }
            let id = match step {
                Step::Into(id) => id,
                Step::End(id) => {
                    last = id;
                    self.end(&mut open, id, within, &mut found)?;
                    continue;
                }
            };
            last = id;
            let name = tree.name(id);
            if name.is_empty() && id != Tree::ROOT {
                let keeps = tree
                    .parent(id)
                    .is_some_and(|parent| tree.name(parent) == "pre");
                open.push(tree.text(id), keeps);
            } else if id != top && is_hidden(tree, id) {
                let text = tree.text_within(id);
                if !text.trim().is_empty() {
                    open.flags.push(Flag::Hidden);
                    self.left_out.push(LeftOut {
                        what: "网页中不显示的文字",
                        text: text.trim().to_owned(),
                        place: Place::Whole,
                    });
                }
                continue;
            }
            match flow(tree, id) {
                // A cell is walked through from within.
                Flow::None => continue,
                Flow::Break => open.line(),
                Flow::Table if id != top => {
                    let parent = tree.parent(id).unwrap_or_default();
                    self.end(&mut open, parent, within, &mut found)?;
                    let table = self.table(id, within, &mut found)?;
                    found.extend(table.map(Block::Table));
                    continue;
                }
                Flow::Picture => found.extend(self.picture(id)?),
                Flow::Block | Flow::Table => {
                    let parent = tree.parent(id).unwrap_or_default();
                    self.end(&mut open, parent, within, &mut found)?;
                    steps.push(Step::End(id));
                }
                Flow::Inline => {}
            }
            let children = tree.children(id).iter().rev();
            steps.extend(children.map(|child| Step::Into(*child)));
        }
        self.end(&mut open, top, within, &mut found)?;
        if within == 0 {
            self.holders.resize(found.len(), last);
        }
        Ok(found)
    }

    /// Ends the open paragraph, which stood in an element.
    fn end(
        &mut self,
        open: &mut Open,
        id: usize,
        within: usize,
        found: &mut Vec<Block>,
    ) -> Result<(), Refusal> {
        let Open { text, flags, .. } = std::mem::take(open);
        let text = text.trim_matches(|c: char| c.is_ascii_whitespace());
        if text.trim().is_empty() {
            return Ok(());
        }
        let place = if within == 0 {
            Place::Paragraph {
                part: "",
                number: self.counts.paragraph(text.len())?,
            }
        } else {
            self.counts.block()?;
            Place::Whole
        };
        found.push(Block::Paragraph(Paragraph {
            text: text.to_owned(),
            number: self.item_number(id),
            outline: outline(self.tree.name(id)),
            centred: is_centred(self.tree, id),
            flags,
            place,
        }));
        Ok(())
    }

    /// The number that a browser sets before an item of a list.
    fn item_number(&self, id: usize) -> Option<String> {
        let tree = self.tree;
        let list = tree
            .parent(id)
            .filter(|list| tree.name(id) == "li" && tree.name(*list) == "ol")?;
        let number = |id: usize, name: &str| tree.attribute(id, name)?.trim().parse::<u32>().ok();
        let mut next = number(list, "start").unwrap_or(1);
        for item in tree.children(list) {
            if tree.name(*item) != "li" {
                continue;
            }
            next = number(*item, "value").unwrap_or(next);
            if *item == id {
                break;
            }
            next = next.saturating_add(1);
        }
        let format = match tree.attribute(list, "type") {
            Some("a") => "lowerLetter",
            Some("A") => "upperLetter",
            Some("i") => "lowerRoman",
            Some("I") => "upperRoman",
            _ => "decimal",
        };
        Some(format!("{}.", written(next, format)?))
    }

    fn picture(&mut self, id: usize) -> Result<Option<Block>, Refusal> {
        let attribute = |name: &str| self.tree.attribute(id, name).unwrap_or_default();
        let side = |name: &str| attribute(name).trim_end_matches("px").parse::<f64>().ok();
        // Icons of the page.
        if side("width").is_some_and(|side| side < 64.0)
            || side("height").is_some_and(|side| side < 64.0)
        {
            return Ok(None);
        }
        self.counts.block()?;
        let source = attribute("src").trim();
        let own = source
            .strip_prefix("data:")
            .and_then(|data| data.split_once("base64,"));
        let bytes = match own {
            Some((_, data)) => {
                let data: String = data.split_ascii_whitespace().collect();
                BASE64_STANDARD.decode(data).ok()
            }
            None => (self.files)(source),
        };
        let alt = [attribute("alt"), attribute("title")];
        let alt = alt.into_iter().find(|words| !words.trim().is_empty());
        Ok(Some(Block::Picture(Picture {
            bytes: bytes.unwrap_or_default(),
            alt: alt.unwrap_or_default().trim().to_owned(),
            place: Place::Whole,
        })))
    }
}

impl Open {
    /// Adds text as a browser shows it: white space of the source is one blank, and none between Chinese characters
    /// where the source goes on in a new line. Other blanks are indents, and stay.
    fn push(&mut self, text: &str, keeps: bool) {
        for c in text.chars() {
            if keeps && c == '\n' {
                self.line();
            } else if c.is_ascii_whitespace() {
                let breaks = c == '\n' || self.gap == Some('\n');
                self.gap = Some(if breaks { '\n' } else { ' ' });
            } else if !matches!(c, '\u{200B}' | '\u{FEFF}' | '\u{AD}') {
                let before = self.text.chars().next_back();
                if let (Some(gap), Some(before)) = (self.gap.take(), before) {
                    let joins = gap == '\n' && is_wide(before) && is_wide(c);
                    if before != '\n' && !joins {
                        self.text.push(' ');
                    }
                }
                self.text.push(c);
            }
        }
    }

    fn line(&mut self) {
        self.gap = None;
        self.text.push('\n');
    }
}
