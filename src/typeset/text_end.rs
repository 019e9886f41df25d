//! The end of a report's text, and how much closer its last lines stand so that what signs it has room.
//!
//! Lines may stand closer so that signature and text share a page (GB/T 9704—2012, 7.3.5.5). Where a page
//! begins is known only once the text is laid out, so such a report is laid out twice: the second time with the
//! place known from which lines stand closer. For a seal these are the lines of the last page, below which it has no
//! room; the first layout is without it. Without a seal they are those of the page before, if that takes in what else
//! would stand on a page of its own: the signature, or a few last lines.

use std::cmp::Reverse;

use serde::Serialize;
use typst::foundations::{Dict, Label, Selector, Value};
use typst::introspection::{Introspector, MetadataElem};
use typst::layout::{Abs, Frame, FrameItem, Point};
use typst::utils::PicoStr;
use typst_layout::PagedDocument;

use crate::form::Body;
use crate::report::{ANNEX, Paragraph, Report};

/// The label of the layout's mark at the end of the text; its value is what the signature needs.
const MARK: &str = "text-end";

/// The most lines of text that are taken back to the page before.
const FEW: usize = 5;

/// The end of the text.
#[derive(Serialize)]
pub(super) struct TextEnd {
    /// How much closer lines stand, in points.
    pub closer: f64,
    /// The first place at which they do.
    #[serde(skip)]
    pub first: TextPlace,
}

/// What the layout says of the signature at its mark.
struct Needs {
    /// The size of the text.
    size: Abs,
    /// The distance of two lines, and the least that may be.
    pitch: Abs,
    closest: Abs,
    /// The end of the type area.
    bottom: Abs,
    /// The height of the signature from the end of the text.
    below: Abs,
    /// The number of lines that it is below the text.
    steps: f64,
    /// Whether the pages have it.
    drawn: bool,
}

impl Needs {
    fn new(mark: &Value) -> Option<Self> {
        let Value::Dict(mark) = mark else { return None };
        let length = |key| length(mark, key);
        Some(Self {
            size: length("size")?,
            pitch: length("pitch")?,
            closest: length("closest")?,
            bottom: length("bottom")?,
            below: length("below")?,
            steps: mark.get("steps").ok()?.clone().cast().ok()?,
            drawn: mark.get("drawn").ok()?.clone().cast().ok()?,
        })
    }

    /// How much closer so many lines stand to make up for a height, if that is allowed, else nothing. Each line but
    /// the first gains it, so do those of the signature.
    fn closer(&self, over: Abs, lines: usize) -> f64 {
        let spare = Abs::pt(0.1);
        let gaps = f64::from(u32::try_from(lines.saturating_sub(1)).unwrap_or(u32::MAX));
        let closer = (over + spare) / (gaps + self.steps);
        if over > Abs::zero() && closer <= self.pitch - self.closest {
            closer.to_pt()
        } else {
            0.0
        }
    }
}

fn length(mark: &Dict, key: &str) -> Option<Abs> {
    match mark.get(key).ok()? {
        Value::Length(length) => Some(length.abs),
        _ => None,
    }
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

/// Finds the end in the pages of the first layout.
pub(super) fn of(pages: &PagedDocument, report: &Report) -> Option<TextEnd> {
    let introspector = pages.introspector();
    let mark = Selector::Label(Label::new(PicoStr::intern(MARK))?);
    let mark = introspector.query_first(&mark)?;
    let position = introspector.position(mark.location()?)?;
    let needs = Needs::new(&mark.to_packed::<MetadataElem>()?.value)?;
    let number = position.page.get() - 1;
    let page = pages.pages().get(number)?;
    let end = position.point.y;
    let text_end = if needs.drawn { end - needs.below } else { end };
    let mut lines = lines(&page.frame, needs.size, text_end);
    let mut over = end - needs.bottom;
    if !needs.drawn {
        over += needs.below;
    } else if lines.len() <= FEW
        && let Some(before) = number.checked_sub(1).and_then(|n| pages.pages().get(n))
    {
        let before = self::lines(&before.frame, needs.size, Abs::inf());
        // Its lines would go on one pitch below those of the page before.
        if let (Some(last), Some(first)) = (before.first(), lines.last()) {
            over += last.0 + needs.pitch - first.0;
        }
        lines.extend(before);
    }
    let characters = lines
        .iter()
        .map(|(_, characters)| characters)
        .sum::<usize>();
    // The line that names an annex is the last of the text and no part of a section.
    let named = report
        .annex_title()
        .map_or(0, |title| inked(&format!("{ANNEX}{title}")).count());
    let (first, taken) = first(report, characters.saturating_sub(named));
    let mut left = taken + named;
    let lines = lines.iter().take_while(|(_, characters)| {
        let some = left > 0;
        left = left.saturating_sub(*characters);
        some
    });
    Some(TextEnd {
        closer: needs.closer(over, lines.count()),
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

/// The lines of text of one size on a page down to a height, from the last: their baselines, and their numbers of
/// characters.
fn lines(page: &Frame, size: Abs, bottom: Abs) -> Vec<(Abs, usize)> {
    let mut lines = Lines {
        size,
        bottom,
        found: Vec::new(),
    };
    lines.frame(page, Point::zero());
    lines.found.sort_by_key(|line| Reverse(line.0));
    lines.found
}

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
