//! The lists of a Word 97 file, and the numbers that they set before paragraphs.

use std::collections::HashMap;

use super::super::levels::{Counters, Level, Number, Piece};
use super::bytes::{part, size_at, u8_at, u16_at, u32_at};
use super::file::{Entry, File};

/// The levels of a list that is no simple one.
const LEVELS: usize = 9;
/// The size of the head of a list (`LSTF`).
const LIST: usize = 28;
/// The size of the head of a list as a paragraph takes it (`LFO`).
const OVERRIDE: usize = 16;

/// The most characters of a number, those of its levels counted as one.
const MAX_NUMBER: usize = 255;

/// The lists of a file, and how far each has counted.
#[derive(Default)]
pub(super) struct Lists {
    declared: Vec<List>,
    /// The places of the lists by their ids.
    ids: HashMap<u32, usize>,
    overrides: Vec<Override>,
    counters: Counters,
}

/// The levels of a list.
type List = Vec<Level>;

/// A list as a paragraph takes it.
struct Override {
    list: Option<usize>,
    levels: Vec<OwnLevel>,
}

struct OwnLevel {
    level: usize,
    start: Option<u32>,
    declared: Option<Level>,
}

impl Lists {
    /// The lists as far as they are whole; numbers of others are not known.
    pub fn read(file: &File) -> Self {
        let mut all = Self::default();
        let _ = all.read_lists(file);
        let _ = all.read_overrides(file);
        all
    }

    fn read_lists(&mut self, file: &File) -> Option<()> {
        let heads = file.entry(Entry::Lists);
        let count = usize::from(u16_at(heads, 0)?);
        // The levels stand behind the length that the head gives.
        let levels = file.rest_from(Entry::Lists);
        let mut at = heads.len();
        for number in 0..count {
            let head = part(heads, 2 + number * LIST, LIST)?;
            let is_simple = head[26] & 1 != 0;
            let mut list = List::new();
            for _ in 0..if is_simple { 1 } else { LEVELS } {
                let (level, length) = level_at(levels, at)?;
                list.push(level);
                at += length;
            }
            self.ids.insert(u32_at(head, 0)?, number);
            self.declared.push(list);
        }
        Some(())
    }

    fn read_overrides(&mut self, file: &File) -> Option<()> {
        let table = file.entry(Entry::ListOverrides);
        let count = size_at(table, 0)?;
        let mut at = 4 + count.checked_mul(OVERRIDE)?;
        for number in 0..count {
            let head = part(table, 4 + number * OVERRIDE, OVERRIDE)?;
            let mut own = Override {
                list: self.ids.get(&u32_at(head, 0)?).copied(),
                levels: Vec::new(),
            };
            at += 4;
            for _ in 0..head[12] {
                let flags = u32_at(table, at + 4)?;
                let start = (flags & 0x10 != 0).then(|| u32_at(table, at)).flatten();
                let level = (flags & 0xF) as usize;
                at += 8;
                let mut declared = None;
                if flags & 0x20 != 0 {
                    let (level, length) = level_at(table, at)?;
                    declared = Some(level);
                    at += length;
                }
                own.levels.push(OwnLevel {
                    level,
                    start,
                    declared,
                });
            }
            self.overrides.push(own);
        }
        Some(())
    }

    /// The number of the next paragraph of a list, from 1, at a level.
    pub fn next(&mut self, number: usize, level: usize) -> Number {
        let own = number.checked_sub(1).and_then(|at| self.overrides.get(at));
        let Some((own, list)) = own.and_then(|own| Some((own, own.list?))) else {
            return Number::Unknown;
        };
        let overridden = |level: usize| own.levels.iter().find(|own| own.level == level);
        let declared = |level: usize| {
            let declared = overridden(level).and_then(|own| own.declared.as_ref());
            declared.or_else(|| self.declared[list].get(level))
        };
        let restart = overridden(level).and_then(|own| own.start);
        let next = self.counters.next(list, level, (number, restart), declared);
        next.unwrap_or(Number::Unknown)
    }
}

/// A level of a list, and how many bytes it takes.
fn level_at(bytes: &[u8], at: usize) -> Option<(Level, usize)> {
    let head = part(bytes, at, 28)?;
    let properties = usize::from(head[24]) + usize::from(head[25]);
    let count = usize::from(u16_at(bytes, at + 28 + properties)?);
    if count > MAX_NUMBER {
        return None;
    }
    let text = part(bytes, at + 30 + properties, count * 2)?;
    let mut pattern = Vec::new();
    for unit in text.chunks_exact(2) {
        match (u16::from_le_bytes([unit[0], unit[1]]), pattern.last_mut()) {
            (level @ 0..9, _) => pattern.push(Piece::Level(usize::from(level))),
            (unit, last) => {
                let c = char::from_u32(u32::from(unit)).unwrap_or(char::REPLACEMENT_CHARACTER);
                match last {
                    Some(Piece::Text(text)) => text.push(c),
                    _ => pattern.push(Piece::Text(c.to_string())),
                }
            }
        }
    }
    let level = Level {
        start: u32_at(head, 0)?,
        format: format(u8_at(head, 4)?),
        pattern,
        is_legal: head[5] & 4 != 0,
    };
    Some((level, 30 + properties + count * 2))
}

/// The name of a format of numbers (`MSONFC`); empty if none is known.
fn format(number: u8) -> &'static str {
    match number {
        0x00 | 0x0F => "decimal",
        0x01 => "upperRoman",
        0x02 => "lowerRoman",
        0x03 => "upperLetter",
        0x04 => "lowerLetter",
        0x0A => "ideographDigital",
        0x0B => "japaneseCounting",
        0x0E | 0x13 => "decimalFullWidth",
        0x11 => "japaneseDigitalTenThousand",
        0x12 => "decimalEnclosedCircle",
        0x16 => "decimalZero",
        0x17 => "bullet",
        0x1A => "decimalEnclosedFullstop",
        0x1B => "decimalEnclosedParen",
        0x1C => "decimalEnclosedCircleChinese",
        0x1D => "ideographEnclosedCircle",
        0x21 => "taiwaneseCounting",
        0x23 => "taiwaneseCountingThousand",
        0x24 => "taiwaneseDigital",
        0x25 => "chineseCounting",
        0x27 => "chineseCountingThousand",
        0xFF => "none",
        _ => "",
    }
}
