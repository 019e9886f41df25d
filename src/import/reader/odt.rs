//! OpenDocument texts (.odt), of LibreOffice and others.

use std::collections::HashMap;

use crate::import::block::{Block, Flag, Paragraph, Picture, Place, SourceCell, SourceTable};

use super::bounds::{MAX_COLUMNS, MAX_REPEATED};
use super::counting::written;
use super::document::{Counts, Document, LeftOut, compact, lines};
use super::package::Package;
use super::refusal::Refusal;
use super::xml::{Element, Xml};

/// The name of the kind of file.
const KIND: &str = "OpenDocument（odt）";
/// The levels of a list.
const LEVELS: usize = 10;
/// The most steps from a style to that which it is based on.
const MAX_STEPS: usize = 20;

/// Reads an OpenDocument text.
pub(super) fn read(bytes: &[u8]) -> Result<Document, Refusal> {
    let package = Package::open(bytes, KIND)?;
    let missing = || Refusal::damaged(KIND, "没有正文");
    let content = package.xml("content.xml")?.ok_or_else(missing)?;
    let common = package.xml("styles.xml")?;
    let mut reader = Reader {
        package: &package,
        styles: HashMap::new(),
        lists: HashMap::new(),
        counters: HashMap::new(),
        counts: Counts::default(),
        left_out: Vec::new(),
    };
    for xml in common.iter().chain([&content]) {
        reader.declare(xml);
    }
    let text = content.root().path(&["body", "text"]).ok_or_else(missing)?;
    let mut blocks = Vec::new();
    reader.blocks(text, 0, &mut blocks)?;
    Ok(Document {
        blocks,
        left_out: reader.left_out,
        ..Document::default()
    })
}

struct Reader<'x> {
    package: &'x Package<'x>,
    /// The styles by family and name.
    styles: HashMap<(&'x str, &'x str), Element<'x>>,
    lists: HashMap<&'x str, Element<'x>>,
    /// How far each list style has counted.
    counters: HashMap<&'x str, [u32; LEVELS]>,
    counts: Counts,
    left_out: Vec<LeftOut>,
}

/// The list that a paragraph begins an item of.
#[derive(Clone, Copy)]
struct Item<'x> {
    style: &'x str,
    level: usize,
}

/// The text of a paragraph as far as it is read.
#[derive(Default)]
struct Line {
    text: String,
    flags: Vec<Flag>,
    behind: Vec<Block>,
}

impl<'x> Reader<'x> {
    fn declare(&mut self, xml: &'x Xml) {
        let groups = xml.root().elements();
        let groups = groups.filter(|group| matches!(group.name(), "styles" | "automatic-styles"));
        for style in groups.flat_map(Element::elements) {
            let name = style.attribute("name").unwrap_or_default();
            match style.name() {
                "style" => {
                    let family = style.attribute("family").unwrap_or_default();
                    self.styles.insert((family, name), style);
                }
                "list-style" => {
                    self.lists.insert(name, style);
                }
                _ => {}
            }
        }
    }

    /// The value of a property of a style, or of one that it is based on.
    fn property(
        &self,
        family: &'x str,
        style: Option<&'x str>,
        of: &str,
        name: &str,
    ) -> Option<&'x str> {
        let mut next = style;
        for _ in 0..MAX_STEPS {
            let style = self.styles.get(&(family, next?))?;
            let own = style.child(of).and_then(|own| own.attribute(name));
            if own.is_some() {
                return own;
            }
            next = style.attribute("parent-style-name");
        }
        None
    }

    fn blocks(
        &mut self,
        parent: Element<'x>,
        within: usize,
        found: &mut Vec<Block>,
    ) -> Result<(), Refusal> {
        for element in parent.elements() {
            self.block(element, within, None, found)?;
        }
        Ok(())
    }

    fn block(
        &mut self,
        element: Element<'x>,
        within: usize,
        item: Option<Item<'x>>,
        found: &mut Vec<Block>,
    ) -> Result<(), Refusal> {
        match element.name() {
            "p" | "h" => self.paragraph(element, within, item, found)?,
            "list" => self.list(element, within, item, found)?,
            "table" => {
                let table = self.table(element, within)?;
                found.extend(table.map(Block::Table));
            }
            "section" | "index-body" | "table-of-content" => self.blocks(element, within, found)?,
            "frame" => {
                let mut line = Line::default();
                self.frame(element, within, &mut line)?;
                found.extend(line.behind);
            }
            _ => {}
        }
        Ok(())
    }

    fn list(
        &mut self,
        element: Element<'x>,
        within: usize,
        outer: Option<Item<'x>>,
        found: &mut Vec<Block>,
    ) -> Result<(), Refusal> {
        let own = element.attribute("style-name");
        let style = own.or(outer.map(|outer| outer.style)).unwrap_or_default();
        let level = outer.map_or(0, |outer| outer.level + 1).min(LEVELS - 1);
        let goes_on = element.attribute("continue-numbering") == Some("true")
            || element.attribute("continue-list").is_some();
        if outer.is_none() && !goes_on {
            self.counters.remove(style);
        }
        for part in element.elements() {
            let is_header = part.name() == "list-header";
            let mut item = (!is_header).then_some(Item { style, level });
            if let Some(start) = part
                .attribute("start-value")
                .and_then(|start| start.parse::<u32>().ok())
            {
                let counters = self.counters.entry(style).or_default();
                counters[level] = start.saturating_sub(1);
            }
            for inner in part.elements() {
                if inner.name() == "list" {
                    let outer = Some(Item { style, level });
                    self.list(inner, within, outer, found)?;
                    continue;
                }
                // Only the first paragraph of an item has its number.
                self.block(inner, within, item.take(), found)?;
            }
        }
        Ok(())
    }

    /// The number of the next item; `None` if its format is not known.
    fn number(&mut self, item: Item<'x>) -> Option<String> {
        let counters = self.counters.entry(item.style).or_default();
        let declared = |level: usize| {
            let list = self.lists.get(item.style)?;
            let own = (level + 1).to_string();
            let mut levels = list.elements();
            levels.find(|found| found.attribute("level") == Some(&own))
        };
        let start = |level: usize| {
            let start = declared(level).and_then(|own| own.attribute("start-value")?.parse().ok());
            start.unwrap_or(1_u32)
        };
        counters[item.level] = match counters[item.level] {
            0 => start(item.level),
            counter => counter.saturating_add(1),
        };
        counters[item.level + 1..].fill(0);
        let counters = *counters;
        let own = declared(item.level)?;
        if own.name() != "list-level-style-number" {
            return Some(String::new());
        }
        let shown = own
            .attribute("display-levels")
            .and_then(|shown| shown.parse::<usize>().ok());
        let first = (item.level + 1).saturating_sub(shown.unwrap_or(1).max(1));
        let numbers = (first..=item.level).map(|level| {
            let format = declared(level)?.attribute("num-format").unwrap_or_default();
            let number = if counters[level] == 0 {
                start(level)
            } else {
                counters[level]
            };
            written(number, format_of(format)?)
        });
        let numbers: Option<Vec<String>> = numbers.collect();
        let affix = |name| own.attribute(name).unwrap_or_default();
        let number = numbers?.join(".");
        if number.is_empty() {
            return Some(number);
        }
        Some(format!(
            "{}{number}{}",
            affix("num-prefix"),
            affix("num-suffix")
        ))
    }

    fn paragraph(
        &mut self,
        element: Element<'x>,
        within: usize,
        item: Option<Item<'x>>,
        found: &mut Vec<Block>,
    ) -> Result<(), Refusal> {
        let mut line = Line::default();
        self.inline(element, within, &mut line)?;
        let mut flags = line.flags;
        let number = item.and_then(|item| {
            let number = self.number(item);
            if number.is_none() {
                flags.push(Flag::Unnumbered);
            }
            number.filter(|number| !number.is_empty())
        });
        flags.sort_unstable();
        flags.dedup();
        let style = element.attribute("style-name");
        let align = self.property("paragraph", style, "paragraph-properties", "text-align");
        let outline = element
            .attribute("outline-level")
            .filter(|_| element.name() == "h");
        let is_blank = line.text.trim().is_empty() && number.is_none();
        let place = if within > 0 || is_blank {
            Place::Whole
        } else {
            Place::Paragraph {
                part: "",
                number: self.counts.paragraph(line.text.len())?,
            }
        };
        if !is_blank {
            found.push(Block::Paragraph(Paragraph {
                text: line.text.trim_end().to_owned(),
                number,
                outline: outline.and_then(|level| level.parse().ok()),
                centred: align == Some("center"),
                flags,
                place: place.clone(),
            }));
        }
        for mut block in line.behind {
            if let Block::Picture(picture) = &mut block {
                picture.place = place.clone();
            }
            found.push(block);
        }
        Ok(())
    }

    fn inline(
        &mut self,
        parent: Element<'x>,
        within: usize,
        line: &mut Line,
    ) -> Result<(), Refusal> {
        use super::xml::Child;
        for child in parent.children() {
            let element = match child {
                Child::Text(text) => {
                    line.push(text);
                    continue;
                }
                Child::Element(element) => element,
            };
            match element.name() {
                "s" => {
                    let count = element.attribute("c").and_then(|count| count.parse().ok());
                    let count: usize = count.unwrap_or(1);
                    line.text.push_str(&" ".repeat(count.min(1_000)));
                }
                "tab" => line.text.push('\t'),
                "line-break" => line.text.push('\n'),
                "span" => {
                    let style = element.attribute("style-name");
                    let shows = self.property("text", style, "text-properties", "display");
                    if shows == Some("none") {
                        line.flags.push(Flag::Hidden);
                    } else {
                        self.inline(element, within, line)?;
                    }
                }
                "hidden-text" | "hidden-paragraph" => line.flags.push(Flag::Hidden),
                "note" => self.left_out.push(LeftOut {
                    what: "脚注",
                    text: words(element),
                    place: Place::Whole,
                }),
                "ruby" => {
                    if let Some(base) = element.child("ruby-base") {
                        self.inline(base, within, line)?;
                    }
                }
                "frame" => self.frame(element, within, line)?,
                "annotation" | "annotation-end" | "soft-page-break" | "tracked-changes"
                | "change" | "change-start" | "change-end" | "bookmark" => {}
                _ => self.inline(element, within, line)?,
            }
        }
        Ok(())
    }

    /// A picture or the text of a box.
    fn frame(&mut self, frame: Element<'x>, within: usize, line: &mut Line) -> Result<(), Refusal> {
        let words_of = |name: &str| frame.child(name).map(Element::text);
        let alt = [words_of("title"), words_of("desc")];
        let alt = alt.into_iter().flatten().find(|alt| !alt.trim().is_empty());
        for part in frame.elements() {
            match part.name() {
                "text-box" => {
                    self.counts.table(within)?; // a box is as deep as a table
                    let mut blocks = Vec::new();
                    self.blocks(part, within + 1, &mut blocks)?;
                    for block in &mut blocks {
                        if let Block::Paragraph(paragraph) = block {
                            paragraph.flags.push(Flag::Boxed);
                        }
                    }
                    line.behind.extend(blocks);
                }
                "image" => {
                    self.counts.block()?;
                    let name = part.attribute("href").unwrap_or_default();
                    let bytes = self.package.part(name.trim_start_matches("./"))?;
                    line.behind.push(Block::Picture(Picture {
                        bytes: bytes.unwrap_or_default(),
                        alt: alt.unwrap_or_default(),
                        place: Place::Whole,
                    }));
                    break; // others are the same picture in other formats
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn table(
        &mut self,
        element: Element<'x>,
        within: usize,
    ) -> Result<Option<SourceTable>, Refusal> {
        let number = self.counts.table(within)?;
        let mut rows = Vec::new();
        rows_of(element, &mut rows);
        let mut cells = Vec::new();
        let mut row = 0;
        for element in rows {
            let times = repeated(element, "number-rows-repeated", MAX_REPEATED[0]);
            let first = cells.len();
            let mut column = 0;
            for cell in element.elements() {
                let across = repeated(cell, "number-columns-repeated", MAX_REPEATED[1]);
                match cell.name() {
                    "covered-table-cell" => column += across,
                    "table-cell" => {
                        for _ in 0..across {
                            let place = [number, row, column];
                            column += self.cell(cell, within, place, &mut cells)?;
                            column = column.min(MAX_COLUMNS);
                        }
                    }
                    _ => {}
                }
            }
            let own: Vec<SourceCell> = cells[first..].to_vec();
            let is_filled = own.iter().any(|cell| !cell.text.is_empty());
            for again in 1..if is_filled { times } else { 1 } {
                for cell in &own {
                    self.counts.cell(cell.text.len())?;
                    let mut cell = cell.clone();
                    cell.row += again;
                    cells.push(cell);
                }
            }
            row += if is_filled { times } else { 1 };
        }
        for cell in &mut cells {
            cell.rowspan = cell.rowspan.min(row - cell.row);
        }
        if cells.is_empty() {
            return Ok(None);
        }
        compact(cells, Place::Table(number)).map(Some)
    }

    /// Reads a cell, and returns how many columns it goes on by.
    fn cell(
        &mut self,
        element: Element<'x>,
        within: usize,
        [table, row, column]: [usize; 3],
        cells: &mut Vec<SourceCell>,
    ) -> Result<usize, Refusal> {
        let span = |name: &str| {
            let span = element
                .attribute(name)
                .and_then(|span| span.parse::<usize>().ok());
            span.unwrap_or(1).max(1)
        };
        let mut children = Vec::new();
        self.blocks(element, within + 1, &mut children)?;
        let text = lines(&children);
        self.counts.cell(text.len())?;
        let flags = children.iter().filter_map(|child| match child {
            Block::Paragraph(paragraph) => Some(&paragraph.flags),
            _ => None,
        });
        let flags = flags.flatten().copied().collect();
        if children
            .iter()
            .all(|child| matches!(child, Block::Paragraph(_)))
        {
            children.clear();
        }
        cells.push(SourceCell {
            row,
            column,
            rowspan: span("number-rows-spanned"),
            colspan: span("number-columns-spanned").min(MAX_COLUMNS),
            text,
            flags,
            children,
            place: Place::Cell {
                table,
                row: row + 1,
                column: column + 1,
            },
        });
        Ok(1)
    }
}

impl Line {
    /// Adds text, whose white space is one blank.
    fn push(&mut self, text: &str) {
        for c in text.chars() {
            if !matches!(c, ' ' | '\t' | '\n' | '\r') {
                self.text.push(c);
            } else if !self.text.is_empty() && !self.text.ends_with([' ', '\n', '\t']) {
                self.text.push(' ');
            }
        }
    }
}

/// The rows of a table, those of its head and of groups too.
fn rows_of<'x>(element: Element<'x>, rows: &mut Vec<Element<'x>>) {
    for part in element.elements() {
        match part.name() {
            "table-row" => rows.push(part),
            "table-header-rows" | "table-rows" | "table-row-group" => rows_of(part, rows),
            _ => {}
        }
    }
}

fn repeated(element: Element, name: &str, most: usize) -> usize {
    let times = element.attribute(name).and_then(|times| times.parse().ok());
    times.unwrap_or(1_usize).clamp(1, most)
}

/// The name of a format in the vocabulary of Word; `None` if it is not known.
fn format_of(format: &str) -> Option<&'static str> {
    Some(match format {
        "" => "none",
        "1" => "decimal",
        "a" => "lowerLetter",
        "A" => "upperLetter",
        "i" => "lowerRoman",
        "I" => "upperRoman",
        "一, 二, 三, ..." => "chineseCounting",
        "①, ②, ③, ..." => "decimalEnclosedCircle",
        "１, ２, ３, ..." => "decimalFullWidth",
        _ => return None,
    })
}

fn words(element: Element) -> String {
    element
        .descendants()
        .map(Element::text)
        .collect::<String>()
        .trim()
        .to_owned()
}
