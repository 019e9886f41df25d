//! The lists of an OpenDocument text, and the numbers that they set before paragraphs.

use std::collections::HashMap;

use super::super::levels::{Counters, LEVELS, Level, Number, Piece};
use super::super::xml::Element;

/// The lists, and how far each has counted.
pub(super) struct Lists<'x> {
    /// The levels of each style of lists.
    styles: HashMap<&'x str, Vec<Option<Level>>>,
    headings: Vec<Option<Level>>,
    counters: Counters,
    /// How many lists and items there were.
    count: usize,
    /// The last list of each style.
    last: HashMap<&'x str, usize>,
    /// The lists by their ids.
    ids: HashMap<&'x str, usize>,
}

/// A list at one of its levels.
pub(super) struct OpenList<'x> {
    number: usize,
    style: Option<&'x str>,
    /// From 0.
    level: usize,
}

/// An item of a list.
pub(super) struct Item<'x> {
    list: usize,
    style: Option<&'x str>,
    level: usize,
    /// The number that it begins with, if it says so.
    start: Option<u32>,
    /// Whether a paragraph of it has the number: none has it after that.
    pub is_numbered: bool,
}

/// The number of the list of headings.
const HEADINGS: usize = 0;

impl<'x> Lists<'x> {
    pub fn new(parts: &[Element<'x>]) -> Self {
        let mut all = Self {
            styles: HashMap::new(),
            headings: Vec::new(),
            counters: Counters::default(),
            count: HEADINGS,
            last: HashMap::new(),
            ids: HashMap::new(),
        };
        for group in parts.iter().flat_map(|part| part.elements()) {
            if !matches!(group.name(), "automatic-styles" | "styles") {
                continue;
            }
            for style in group.elements() {
                match style.name() {
                    "list-style" => {
                        let name = style.attribute("name").unwrap_or_default();
                        let levels = || levels(style);
                        all.styles.entry(name).or_insert_with(levels);
                    }
                    "outline-style" if all.headings.is_empty() => all.headings = levels(style),
                    _ => {}
                }
            }
        }
        all
    }

    /// Opens a list, within an item of another or by itself.
    pub fn open(&mut self, list: Element<'x>, outer: Option<&Item<'x>>) -> OpenList<'x> {
        let own = list.attribute("style-name");
        if let Some(outer) = outer {
            return OpenList {
                number: outer.list,
                style: own.or(outer.style),
                level: outer.level + 1,
            };
        }
        let is_continued = list.attribute("continue-numbering") == Some("true");
        let before = own.and_then(|own| self.last.get(own));
        let before = before.filter(|_| is_continued);
        let named = list.attribute("continue-list");
        let named = named.and_then(|named| self.ids.get(named));
        let number = named.or(before).copied().unwrap_or_else(|| {
            self.count += 1;
            self.count
        });
        self.last.extend(own.map(|own| (own, number)));
        let id = list.attribute("id");
        self.ids.extend(id.map(|id| (id, number)));
        OpenList {
            number,
            style: own,
            level: 0,
        }
    }

    /// The number of an item for its first paragraph.
    pub fn next(&mut self, item: &mut Item<'x>) -> Option<Number> {
        if std::mem::replace(&mut item.is_numbered, true) {
            return None;
        }
        let levels = self.styles.get(item.style?)?;
        let declared = |level: usize| levels.get(level)?.as_ref();
        self.count += 1;
        let restart = (self.count, item.start);
        self.counters.next(item.list, item.level, restart, declared)
    }

    /// The number of a heading of a level, from 1.
    pub fn heading(&mut self, heading: Element<'x>, level: usize) -> Option<Number> {
        let start = heading.attribute("start-value");
        let start = start.and_then(|start| start.parse().ok());
        let is_anew = heading.attribute("restart-numbering") == Some("true");
        let restart = start.or(is_anew.then_some(1));
        let declared = |level: usize| self.headings.get(level)?.as_ref();
        self.count += 1;
        let level = level.checked_sub(1)?;
        self.counters
            .next(HEADINGS, level, (self.count, restart), declared)
    }
}

impl<'x> OpenList<'x> {
    pub fn item(&self, element: Element<'x>) -> Item<'x> {
        let start = element.attribute("start-value");
        Item {
            list: self.number,
            style: element.attribute("style-override").or(self.style),
            level: self.level,
            start: start.and_then(|start| start.parse().ok()),
            is_numbered: false,
        }
    }
}

/// The levels that a style of lists declares.
fn levels(style: Element) -> Vec<Option<Level>> {
    let mut levels = vec![None; LEVELS];
    for element in style.elements() {
        let level = element.attribute("level").and_then(|own| own.parse().ok());
        let level: usize = level.unwrap_or_default();
        if let Some(place) = level.checked_sub(1).and_then(|at| levels.get_mut(at)) {
            *place = declared(element, level);
        }
    }
    levels
}

/// What is declared of a level, from 1.
fn declared(element: Element, level: usize) -> Option<Level> {
    let value = |name: &str| element.attribute(name).unwrap_or_default();
    let start = element.attribute("start-value");
    let mut declared = Level {
        start: start.and_then(|start| start.parse().ok()).unwrap_or(1),
        ..Level::default()
    };
    if element.name().contains("bullet") || element.name().contains("image") {
        declared.format = "bullet";
        return Some(declared);
    }
    declared.format = format(element.attribute("num-format")?);
    let text = |text: &str| Piece::Text(text.to_owned());
    if let Some(pattern) = element.attribute("num-list-format") {
        // Text and numbers of levels by turns, parted by `%`.
        for (index, part) in pattern.split('%').enumerate() {
            let level: Option<usize> = part.parse().ok();
            match level.filter(|_| index % 2 == 1) {
                Some(level) => declared.pattern.push(Piece::Level(level.saturating_sub(1))),
                None => declared.pattern.push(text(part)),
            }
        }
        return Some(declared);
    }
    declared.pattern.push(text(value("num-prefix")));
    let shown = value("display-levels").parse().unwrap_or(1_usize);
    let first = (level + 1).saturating_sub(shown.max(1));
    for shown in first.max(1)..=level {
        if shown > first.max(1) {
            declared.pattern.push(text("."));
        }
        declared.pattern.push(Piece::Level(shown - 1));
    }
    declared.pattern.push(text(value("num-suffix")));
    Some(declared)
}

/// The format of numbers, which is told by the first of them; empty if it is not known.
fn format(written: &str) -> &'static str {
    match written.split(',').next().unwrap_or_default().trim() {
        "" => "none",
        "1" => "decimal",
        "01" => "decimalZero",
        "a" => "lowerLetter",
        "A" => "upperLetter",
        "i" => "lowerRoman",
        "I" => "upperRoman",
        "一" => "chineseCounting",
        "①" => "decimalEnclosedCircle",
        "⑴" => "decimalEnclosedParen",
        "⒈" => "decimalEnclosedFullstop",
        "㊀" => "ideographEnclosedCircle",
        "１" => "decimalFullWidth",
        _ => "",
    }
}
