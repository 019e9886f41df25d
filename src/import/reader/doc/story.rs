//! The paragraphs of a text, and the tables and pictures between them.

use std::collections::BTreeSet;
use std::ops::Range;

use super::super::bounds::{MAX_INFLATED, MAX_TABLE_DEPTH, bounded};
use super::super::document::{Counts, LeftOut};
use super::super::levels::Number;
use super::super::lost::left_out;
use super::super::refusal::Refusal;
use super::bytes::{Modifier, modifiers, u16_at};
use super::drawings::{Drawings, Shape};
use super::file::{File, Story, Unit};
use super::lists::Lists;
use super::runs::{Runs, long_properties};
use super::styles::{CharacterProperties, ParagraphProperties, PictureAt, Styles, of_piece};
use super::table::OpenTable;
use crate::import::block::{Block, Flag, Paragraph, Picture, Place};

/// The marks in a text that are no characters.
mod mark {
    pub const PICTURE: u16 = 0x01;
    pub const CELL: u16 = 0x07;
    pub const DRAWING: u16 = 0x08;
    pub const TAB: u16 = 0x09;
    pub const LINE: u16 = 0x0B;
    pub const PAGE: u16 = 0x0C;
    pub const PARAGRAPH: u16 = 0x0D;
    pub const FIELD: u16 = 0x13;
    pub const FIELD_RESULT: u16 = 0x14;
    pub const FIELD_END: u16 = 0x15;
    pub const HYPHEN: u16 = 0x1E;
}

pub(super) struct Reader<'f> {
    pub file: &'f File,
    pub units: &'f [Unit],
    /// The lists of modifiers that pieces name.
    pub pieces: Vec<&'f [u8]>,
    pub characters: Runs,
    pub paragraphs: Runs,
    pub styles: Styles<'f>,
    pub lists: Lists,
    pub drawings: Drawings<'f>,
    pub counts: Counts,
    /// The bytes of all pictures so far.
    pub pictures: usize,
    pub left_out: Vec<LeftOut>,
}

/// The paragraph that is being read.
#[derive(Default)]
struct Line {
    units: Vec<u16>,
    /// What was deleted or is hidden.
    lost: Vec<u16>,
    flags: BTreeSet<Flag>,
    /// The places of the drawings that are anchored in it.
    anchors: Vec<usize>,
    pictures: Vec<Option<usize>>,
    /// The fields that are open, and whether their result has begun.
    fields: Vec<bool>,
}

impl<'f> Reader<'f> {
    /// Reads a story, or a part of one, within so many tables and boxes.
    pub fn story(&mut self, range: Range<usize>, within: usize) -> Result<Vec<Block>, Refusal> {
        let mut found = Vec::new();
        let mut tables: Vec<OpenTable> = Vec::new();
        let mut line = Line::default();
        let mut last = None;
        for at in range.start..range.end.min(self.units.len()) {
            let unit = self.units[at];
            let shown = self.shown(unit, &mut last);
            let ends = match unit.code {
                mark::PARAGRAPH | mark::CELL => true,
                // A break of the section ends a paragraph, one of the page does not.
                mark::PAGE => {
                    let run = self.paragraphs.at(unit.fc);
                    run.is_some_and(|run| run.end == unit.end)
                }
                _ => false,
            };
            if !ends {
                self.character(at, shown, &mut line);
                continue;
            }
            let (style, own) = self.own_properties(unit);
            let properties = self.styles.paragraph(style, own.iter().copied());
            let is_cell = unit.code == mark::CELL;
            let depth = properties.depth.max(usize::from(is_cell));
            let ends_cell = is_cell || properties.ends_cell;
            if shown.deleted && !ends_cell && !properties.ends_row && depth == tables.len() {
                line.flags.insert(Flag::Deleted);
                continue;
            }
            while tables.len() > depth {
                close(&mut tables, &mut found)?;
            }
            while tables.len() < depth {
                let number = self.counts.table(within + tables.len())?;
                tables.push(OpenTable::new(number));
            }
            if properties.ends_row {
                if let Some(table) = tables.last_mut() {
                    let left_out = table.end_row(&own, shown.deleted);
                    self.left_out.extend(left_out);
                }
                line = Line::default();
                continue;
            }
            let within = within + tables.len();
            let blocks = self.end_paragraph(&properties, &mut line, within)?;
            match tables.last_mut() {
                Some(table) => {
                    table.blocks.extend(blocks);
                    if ends_cell {
                        let bytes = table.end_cell();
                        self.counts.cell(bytes)?;
                    }
                }
                None => found.extend(blocks),
            }
        }
        while !tables.is_empty() {
            close(&mut tables, &mut found)?;
        }
        if !line.units.is_empty() {
            let properties = ParagraphProperties::default();
            found.extend(self.end_paragraph(&properties, &mut line, within)?);
        }
        Ok(found)
    }

    /// The texts of a story, paragraph by paragraph, for a note.
    pub fn texts(&self, range: Range<usize>) -> Vec<String> {
        let units = self.units.get(range).unwrap_or_default();
        let paragraphs = units.split(|unit| unit.code == mark::PARAGRAPH);
        let texts = paragraphs.map(|paragraph| {
            let units = paragraph.iter().map(|unit| unit.code);
            let units: Vec<u16> = units.filter(|unit| *unit >= 0x20).collect();
            String::from_utf16_lossy(&units).trim().to_owned()
        });
        texts.filter(|text| !text.is_empty()).collect()
    }

    /// How a character is shown; those of one run and piece are alike.
    fn shown(
        &self,
        unit: Unit,
        last: &mut Option<(u32, u32, u16, CharacterProperties)>,
    ) -> CharacterProperties {
        if let Some((start, end, prm, shown)) = last
            && (*start..*end).contains(&unit.fc)
            && *prm == unit.prm
        {
            return *shown;
        }
        let run = self.characters.at(unit.fc);
        let own = run.and_then(|run| self.file.main.get(run.properties.clone()));
        let style = self.paragraphs.at(unit.fc).and_then(|run| {
            let style = self.file.main.get(run.properties.clone())?;
            u16_at(style, 0)
        });
        let all = modifiers(own.unwrap_or_default()).chain(self.of_piece(unit.prm));
        let mut shown = self
            .styles
            .characters(style.map(usize::from).unwrap_or_default(), all);
        if let Some((code, operand)) = of_piece(unit.prm) {
            match code {
                0x0800 => shown.deleted = operand != 0,
                _ => shown.hidden = operand != 0,
            }
        }
        // The style may be another in the next paragraph.
        let paragraph = self.paragraphs.at(unit.fc).map_or(unit.end, |run| run.end);
        let end = run.map_or(unit.end, |run| run.end).min(paragraph);
        *last = Some((unit.fc, end, unit.prm, shown));
        shown
    }

    /// The modifiers that a piece names.
    fn of_piece(&self, prm: u16) -> impl Iterator<Item = Modifier<'f>> + use<'f> {
        let list = (prm & 1 != 0).then(|| self.pieces.get(usize::from(prm >> 1)));
        modifiers(list.flatten().copied().unwrap_or_default())
    }

    /// The style of a paragraph, and its modifiers.
    fn own_properties(&self, end: Unit) -> (usize, Vec<Modifier<'f>>) {
        let run = self.paragraphs.at(end.fc);
        let bytes = run.and_then(|run| self.file.main.get(run.properties.clone()));
        let bytes = bytes.unwrap_or_default();
        let style = u16_at(bytes, 0).unwrap_or_default();
        let mut own: Vec<Modifier> = modifiers(bytes.get(2..).unwrap_or_default()).collect();
        let long = own.iter().find(|own| matches!(own.code, 0x6645 | 0x6646));
        if let Some(long) = long.and_then(|long| long_properties(self.file, long.long())) {
            own = modifiers(long).collect();
        }
        own.extend(self.of_piece(end.prm));
        (usize::from(style), own)
    }

    /// Takes a character that ends no paragraph.
    fn character(&mut self, at: usize, shown: CharacterProperties, line: &mut Line) {
        let unit = self.units[at].code;
        match unit {
            mark::FIELD => return line.fields.push(false),
            mark::FIELD_RESULT => {
                if let Some(open) = line.fields.last_mut() {
                    *open = true;
                }
                return;
            }
            mark::FIELD_END => {
                line.fields.pop();
                return;
            }
            _ => {}
        }
        if line.fields.contains(&false) {
            return;
        }
        if shown.deleted || shown.hidden {
            line.flags.insert(if shown.deleted {
                Flag::Deleted
            } else {
                Flag::Hidden
            });
            line.lost.push(unit);
            return;
        }
        match unit {
            mark::PICTURE => match shown.picture {
                PictureAt::Nowhere => line.pictures.push(None),
                PictureAt::Data(at) => line.pictures.push(Some(at)),
                PictureAt::Form => {}
            },
            mark::DRAWING => line.anchors.push(at),
            mark::TAB => line.units.push(unit),
            mark::LINE => line.units.push(u16::from(b'\n')),
            mark::HYPHEN => line.units.push(u16::from(b'-')),
            0..0x20 => {}
            _ if shown.symbol => {
                line.units.push(0xFFFD);
                line.flags.insert(Flag::Unmapped);
            }
            _ => line.units.push(unit),
        }
    }

    /// The paragraph that a line is, and what is anchored in it.
    fn end_paragraph(
        &mut self,
        properties: &ParagraphProperties,
        line: &mut Line,
        within: usize,
    ) -> Result<Vec<Block>, Refusal> {
        let fields = line.fields.clone();
        let line = std::mem::replace(
            line,
            Line {
                fields,
                ..Line::default()
            },
        );
        let text = String::from_utf16_lossy(&line.units);
        let mut flags = line.flags;
        let number = properties.list;
        let number = number.map(|(list, level)| self.lists.next(list, level));
        let number = match number {
            Some(Number::Written(number)) => Some(number).filter(|number| !number.is_empty()),
            Some(Number::Unknown) => {
                flags.insert(Flag::Unnumbered);
                None
            }
            None => None,
        };
        let is_blank = text.trim().is_empty() && number.is_none();
        let place = if within > 0 || is_blank {
            self.counts.block()?;
            Place::Whole
        } else {
            let bytes = text.len() + number.as_ref().map_or(0, String::len);
            let number = self.counts.paragraph(bytes)?;
            Place::Paragraph { part: "", number }
        };
        let mut found = Vec::new();
        if is_blank && within == 0 {
            let lost = String::from_utf16_lossy(&line.lost);
            self.left_out.extend(left_out(&flags, &lost));
        } else if !is_blank || !flags.is_empty() {
            found.push(Block::Paragraph(Paragraph {
                text,
                number,
                outline: properties.outline,
                centred: properties.centred,
                flags: flags.into_iter().collect(),
                place: place.clone(),
            }));
        }
        for at in line.pictures {
            let shape = at.and_then(|at| self.drawings.inline(at));
            self.shape(shape, &place, &mut found)?;
        }
        for at in line.anchors {
            let id = self.drawings.anchored(at);
            if let Some(range) = id.and_then(|id| self.drawings.text(id)) {
                bounded(within + 1, MAX_TABLE_DEPTH, "文本框的层数")?;
                let boxes = self.file.story(Story::Boxes).start;
                let range = boxes + range.start..boxes + range.end;
                for mut block in self.story(range, within + 1)? {
                    if let Block::Paragraph(paragraph) = &mut block {
                        paragraph.flags.push(Flag::Boxed);
                    }
                    found.push(block);
                }
                continue;
            }
            let shape = id.and_then(|id| self.drawings.shape(id));
            self.shape(shape, &place, &mut found)?;
        }
        Ok(found)
    }

    /// A picture, or a word on what is none.
    fn shape(
        &mut self,
        shape: Option<Shape>,
        place: &Place,
        found: &mut Vec<Block>,
    ) -> Result<(), Refusal> {
        let Shape { bytes, alt } = shape.unwrap_or_default();
        self.counts.block()?;
        self.pictures += bytes.map_or(0, <[u8]>::len);
        bounded(self.pictures, MAX_INFLATED, "图片的字节数")?;
        match bytes {
            Some(bytes) => found.push(Block::Picture(Picture {
                bytes: bytes.to_vec(),
                alt,
                place: place.clone(),
            })),
            None => self.left_out.push(LeftOut {
                what: "图形",
                text: alt,
                place: place.clone(),
            }),
        }
        Ok(())
    }
}

/// Ends the innermost table, and puts it into the cell that it stands in.
fn close(tables: &mut Vec<OpenTable>, found: &mut Vec<Block>) -> Result<(), Refusal> {
    let Some(table) = tables.pop() else {
        return Ok(());
    };
    let table = table.close()?.map(Block::Table);
    match tables.last_mut() {
        Some(outer) => outer.blocks.extend(table),
        None => found.extend(table),
    }
    Ok(())
}
