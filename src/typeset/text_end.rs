//! The end of a report's text, so that its last page can make room for a seal.
//!
//! A seal that has no room below the text asks for lines that stand closer, on the last page alone
//! (GB/T 9704—2012, 7.3.5.5). The beginning of that page is known only once the text is laid out, so it is
//! laid out twice: first without the seal, then with the place known from which lines stand closer.

use std::cmp::Reverse;

use serde::Serialize;
use typst::foundations::{Label, Selector, Value};
use typst::introspection::{Introspector, MetadataElem};
use typst::layout::{Abs, Frame, FrameItem, Point};
use typst::utils::PicoStr;
use typst_layout::PagedDocument;

use crate::form::Body;
use crate::report::{ANNEX, Paragraph, Report};

/// The label of the layout's mark at the end of the text; its value is the size of the text.
const MARK: &str = "text-end";

/// The end of the text on its page.
#[derive(Serialize)]
pub(super) struct TextEnd {
    /// Its distance from the top of the page, in points.
    pub bottom: f64,
    /// The number of lines of the page that are text behind the last table, and may stand closer.
    pub lines: usize,
    /// The beginning of those lines.
    #[serde(skip)]
    pub first: TextPlace,
}

/// A place in the text.
pub(super) struct TextPlace {
    /// The section of the report, counted from 0.
    section: usize,
    /// The paragraph, and the number of its characters before the place; `None` for the title of the section.
    paragraph: Option<(usize, usize)>,
}

impl TextPlace {
    /// Whether the title of a section stands at the place or behind it.
    pub fn takes_title(&self, section: usize) -> bool {
        section > self.section || section == self.section && self.paragraph.is_none()
    }

    /// The number of characters of a paragraph that stand before the place; `None` if all do.
    pub fn cuts(&self, section: usize, paragraph: usize) -> Option<usize> {
        match self.paragraph {
            _ if section != self.section => (section > self.section).then_some(0),
            None => Some(0),
            Some((first, before)) if first == paragraph => Some(before),
            Some((first, _)) => (paragraph > first).then_some(0),
        }
    }
}

/// Finds the end in pages that were laid out without a signature.
pub(super) fn of(pages: &PagedDocument, report: &Report) -> Option<TextEnd> {
    let introspector = pages.introspector();
    let mark = Selector::Label(Label::new(PicoStr::intern(MARK))?);
    let mark = introspector.query_first(&mark)?;
    let position = introspector.position(mark.location()?)?;
    let Value::Length(size) = mark.to_packed::<MetadataElem>()?.value else {
        return None;
    };
    let page = pages.pages().get(position.page.get() - 1)?;
    let mut lines = Lines {
        size: size.abs,
        bottom: position.point.y,
        found: Vec::new(),
    };
    lines.frame(&page.frame, Point::zero());
    let mut lines = lines.found;
    lines.sort_by_key(|line| Reverse(line.0));
    let on_page: usize = lines.iter().map(|(_, characters)| characters).sum();
    // The line that names an annex is the last of the text and no part of a section.
    let named = report
        .annex_title()
        .map_or(0, |title| inked(&format!("{ANNEX}{title}")).count());
    let (first, taken) = first(report, on_page.saturating_sub(named));
    let mut left = taken + named;
    let lines = lines.iter().take_while(|(_, characters)| {
        let some = left > 0;
        left = left.saturating_sub(*characters);
        some
    });
    Some(TextEnd {
        bottom: position.point.y.to_pt(),
        lines: lines.count(),
        first,
    })
}

/// The first place of the text behind the last table that is among the last characters of the report, and the
/// number of characters from it. Spaces do not count: they end with a line.
fn first(report: &Report, characters: usize) -> (TextPlace, usize) {
    let chapters: Vec<_> = report.chapters().filter(|c| !c.section.annex).collect();
    let mut place = TextPlace {
        section: chapters.len(),
        paragraph: None,
    };
    let mut left = characters;
    for (section, chapter) in chapters.iter().enumerate().rev() {
        if chapter.section.body == Body::Tables {
            break;
        }
        let paragraphs = chapter.prose.map(|p| &p.paragraphs[..]);
        for (paragraph, content) in paragraphs.unwrap_or_default().iter().enumerate().rev() {
            let text = printed(content);
            let count = inked(&text).count();
            if left == 0 {
                return (place, characters);
            }
            if count > left {
                let before = inked(&text).nth(count - left).map_or(0, |(at, _)| at);
                place = TextPlace {
                    section,
                    paragraph: Some((paragraph, before)),
                };
                return (place, characters);
            }
            left -= count;
            place = TextPlace {
                section,
                paragraph: Some((paragraph, 0)),
            };
        }
        let title = report.heading(chapter);
        let count = inked(&title).count();
        if count > left {
            return (place, characters - left);
        }
        left -= count;
        place = TextPlace {
            section,
            paragraph: None,
        };
    }
    (place, characters - left)
}

/// The characters that leave ink, each with the number of characters before it.
fn inked(text: &str) -> impl Iterator<Item = (usize, char)> {
    text.chars().enumerate().filter(|(_, c)| !c.is_whitespace())
}

/// The text of a paragraph as printed in the size of the text; of figures and tables, nothing.
fn printed(paragraph: &Paragraph) -> String {
    match paragraph {
        Paragraph::Heading(text) | Paragraph::Body(text) => text.text.clone(),
        Paragraph::RunIn { head, rest } => format!("{}{}", head.text, rest.text),
        Paragraph::Figure { .. } | Paragraph::Table(_) => String::new(),
    }
}

/// The lines of text of one size above a height: their baselines, and their numbers of characters.
struct Lines {
    size: Abs,
    bottom: Abs,
    found: Vec<(Abs, usize)>,
}

impl Lines {
    fn frame(&mut self, frame: &Frame, origin: Point) {
        for (point, item) in frame.items() {
            let at = origin + *point;
            match item {
                FrameItem::Group(group) => {
                    let moved = Point::new(group.transform.tx, group.transform.ty);
                    self.frame(&group.frame, at + moved);
                }
                FrameItem::Text(text) if text.size == self.size && at.y <= self.bottom => {
                    let count = inked(&text.text).count();
                    let same = |line: &&mut (Abs, usize)| (line.0 - at.y).abs() < text.size * 0.1;
                    match self.found.iter_mut().find(same) {
                        Some(line) => line.1 += count,
                        None => self.found.push((at.y, count)),
                    }
                }
                _ => {}
            }
        }
    }
}
