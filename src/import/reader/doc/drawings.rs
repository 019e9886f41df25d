//! Pictures and boxes of a Word 97 file (`OfficeArt`): records within records.

use std::collections::HashMap;
use std::ops::Range;

use super::bytes::{part, size_at, u8_at, u16_at, u32_at, utf16};
use super::file::{Entry, File};

/// The kinds of records that are read.
mod record {
    pub const SHAPE: u16 = 0xF004;
    pub const STORED_PICTURE: u16 = 0xF007;
    pub const ID: u16 = 0xF00A;
    pub const PROPERTIES: u16 = 0xF00B;
    pub const JPEG: u16 = 0xF01D;
    pub const PNG: u16 = 0xF01E;
    pub const TIFF: u16 = 0xF029;
    pub const OTHER_JPEG: u16 = 0xF02A;
}

/// The size of the head of a record.
const HEAD: usize = 8;
/// The size of what is said of a stored picture before it.
const STORED: usize = 36;

/// The drawings of a file.
pub(super) struct Drawings<'f> {
    file: &'f File,
    /// The ids of the shapes that are anchored in the text, by place.
    anchors: HashMap<usize, u32>,
    /// The places of the texts of boxes among those of all, by shape.
    texts: HashMap<u32, Range<usize>>,
    /// The shapes: the number of the picture, and the words for it.
    shapes: HashMap<u32, (Option<usize>, String)>,
    pictures: Vec<Option<&'f [u8]>>,
}

/// A picture; without bytes if it is of no kind that a report can show.
#[derive(Default)]
pub(super) struct Shape<'f> {
    pub bytes: Option<&'f [u8]>,
    pub alt: String,
}

impl<'f> Drawings<'f> {
    pub fn read(file: &'f File) -> Self {
        let anchors = places(file.entry(Entry::Anchors), 26, 0);
        let texts = places(file.entry(Entry::Boxes), 22, 14);
        let mut all = Self {
            file,
            anchors: anchors.map(|(place, id)| (place.start, id)).collect(),
            texts: texts.map(|(place, id)| (id, place)).collect(),
            shapes: HashMap::new(),
            pictures: Vec::new(),
        };
        let drawings = file.entry(Entry::Drawings);
        // The pictures of all come first; each drawing has a byte before it.
        let first = size_at(drawings, 4).map(|length| HEAD.saturating_add(length));
        let first = first.unwrap_or_default();
        for found in records(drawings.get(..first).unwrap_or_default()) {
            if found.kind == record::STORED_PICTURE {
                all.pictures.push(stored(file, found.content));
            }
        }
        let mut rest = drawings.get(first..).unwrap_or_default();
        while let Some(length) = size_at(rest, 5) {
            let end = length.saturating_add(1 + HEAD).min(rest.len());
            let (drawing, behind) = rest.split_at(end);
            all.take_shapes(&drawing[1..]);
            rest = behind;
        }
        all
    }

    fn take_shapes(&mut self, drawing: &[u8]) {
        let mut id = None;
        for found in records(drawing) {
            match found.kind {
                record::SHAPE => id = None,
                record::ID => id = u32_at(found.content, 0),
                record::PROPERTIES => {
                    if let Some(id) = id {
                        self.shapes.insert(id, properties(&found));
                    }
                }
                _ => {}
            }
        }
    }

    /// The shape that is anchored at a place of the main text.
    pub fn anchored(&self, place: usize) -> Option<u32> {
        self.anchors.get(&place).copied()
    }

    /// Where the text of a box stands among those of all boxes.
    pub fn text(&self, shape: u32) -> Option<Range<usize>> {
        self.texts.get(&shape).cloned()
    }

    /// A shape that is no box.
    pub fn shape(&self, shape: u32) -> Option<Shape<'f>> {
        let (picture, alt) = self.shapes.get(&shape)?;
        let picture = picture.and_then(|number| self.pictures.get(number.checked_sub(1)?));
        Some(Shape {
            bytes: picture.copied().flatten(),
            alt: alt.clone(),
        })
    }

    /// The picture that begins at a place of the stream of data.
    pub fn inline(&self, at: usize) -> Option<Shape<'f>> {
        let length = size_at(&self.file.data, at)?;
        let all = part(&self.file.data, at, length)?;
        let mut start = usize::from(u16_at(all, 4)?);
        // One that is a file too has its name first.
        if u16_at(all, 6)? == 0x66 {
            start += 1 + usize::from(u8_at(all, start)?);
        }
        let mut shape = Shape::default();
        for found in records(all.get(start..)?) {
            let bytes = match found.kind {
                record::PROPERTIES => {
                    shape.alt = properties(&found).1;
                    None
                }
                record::STORED_PICTURE => stored(self.file, found.content),
                _ => picture(&found),
            };
            shape.bytes = shape.bytes.or(bytes);
        }
        Some(shape)
    }
}

/// Places in a text, each with the id that stands `at` in its record of so many bytes.
fn places(table: &[u8], size: usize, at: usize) -> impl Iterator<Item = (Range<usize>, u32)> {
    let count = table.len().saturating_sub(4) / (4 + size);
    (0..count).filter_map(move |index| {
        let start = size_at(table, index * 4)?;
        let end = size_at(table, index * 4 + 4)?;
        let id = u32_at(table, (count + 1) * 4 + index * size + at)?;
        (start <= end).then_some((start..end, id))
    })
}

struct Record<'f> {
    kind: u16,
    /// Its number within those of its kind, or that of what it holds.
    instance: u16,
    content: &'f [u8],
}

/// All records in bytes: those that hold others come before these.
fn records(bytes: &[u8]) -> impl Iterator<Item = Record<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let head = u16_at(bytes, at)?;
        let kind = u16_at(bytes, at + 2)?;
        let length = size_at(bytes, at + 4)?;
        let start = at + HEAD;
        let end = start.saturating_add(length).min(bytes.len());
        at = if head & 0xF == 0xF { start } else { end };
        Some(Record {
            kind,
            instance: head >> 4,
            content: bytes.get(start..end)?,
        })
    })
}

/// The number of the picture of a shape, and the words for it.
fn properties(record: &Record) -> (Option<usize>, String) {
    let count = usize::from(record.instance);
    let (mut number, mut words) = (None, String::new());
    let mut behind = count * 6;
    for index in 0..count {
        let entry = u16_at(record.content, index * 6);
        let value = size_at(record.content, index * 6 + 2);
        let (Some(entry), Some(value)) = (entry, value) else {
            break;
        };
        let is_long = entry & 0x8000 != 0;
        match entry & 0x3FFF {
            0x0104 if !is_long => number = Some(value),
            0x0381 if is_long => {
                let own = part(record.content, behind, value).unwrap_or_default();
                utf16(own).trim_end_matches('\0').clone_into(&mut words);
            }
            _ => {}
        }
        if is_long {
            behind = behind.saturating_add(value);
        }
    }
    (number, words)
}

/// A picture of which more is said before it; it stands there, or in the main stream.
fn stored<'f>(file: &'f File, content: &'f [u8]) -> Option<&'f [u8]> {
    let name = usize::from(u8_at(content, 33)?);
    let own = content.get(STORED + name..).unwrap_or_default();
    let elsewhere = || file.main.get(size_at(content, 28)?..);
    let bytes = if own.is_empty() { elsewhere()? } else { own };
    picture(&records(bytes).next()?)
}

/// The file of a picture of a kind that a report can show.
fn picture<'f>(record: &Record<'f>) -> Option<&'f [u8]> {
    match record.kind {
        record::JPEG | record::PNG | record::TIFF | record::OTHER_JPEG => {
            // One or two digests, and a byte.
            let digests = 1 + usize::from(record.instance & 1);
            record.content.get(digests * 16 + 1..)
        }
        _ => None,
    }
}
