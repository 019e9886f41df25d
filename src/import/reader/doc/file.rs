//! The streams of a Word 97 file, its head and its text, which stands in pieces.

use std::fmt;
use std::io::{Cursor, Read};
use std::ops::Range;

use cfb::CompoundFile;
use encoding_rs::WINDOWS_1252;

use super::super::bounds::{MAX_INFLATED, MAX_TEXT, bounded};
use super::super::refusal::Refusal;
use super::bytes::{part, size_at, u8_at, u16_at, u32_at};

/// The tables that the head leads to, by their numbers in it.
#[derive(Clone, Copy)]
pub(super) enum Entry {
    Styles = 1,
    CharacterRuns = 12,
    ParagraphRuns = 13,
    Pieces = 33,
    Anchors = 40,
    Drawings = 50,
    Boxes = 56,
    Lists = 73,
    ListOverrides = 74,
}

/// A part of the text of a file, by its place among those that stand behind each other. Between them are heads and
/// feet of pages, macros and comments.
#[derive(Clone, Copy)]
pub(super) enum Story {
    Main = 0,
    Footnotes = 1,
    Endnotes = 5,
    Boxes = 6,
}

/// A file that is no whole one.
fn damaged(cause: impl fmt::Display) -> Refusal {
    Refusal(format!(
        "这份 Word 97—2003（doc）文件不完整或者已损坏（{cause}）；用 Word 或 WPS 打开，另存为 docx"
    ))
}

/// Where the head says how long the stories are.
const STORIES: usize = 0x4C;
/// Where the head says where its tables stand and how long they are.
const ENTRIES: usize = 0x9A;

/// A file, its streams in memory.
pub(super) struct File {
    /// The stream with the head, the text and the runs.
    pub main: Vec<u8>,
    /// The stream with the tables.
    pub table: Vec<u8>,
    /// The stream with pictures and long properties.
    pub data: Vec<u8>,
}

impl File {
    pub fn open(bytes: &[u8]) -> Result<Self, Refusal> {
        let mut streams = CompoundFile::open(Cursor::new(bytes)).map_err(damaged)?;
        let mut left = MAX_INFLATED;
        let mut stream = |name: &str| -> Result<Option<Vec<u8>>, Refusal> {
            if !streams.is_stream(name) {
                return Ok(None);
            }
            let stream = streams.open_stream(name).map_err(damaged)?;
            let mut bytes = Vec::new();
            let mut stream = stream.take(left as u64 + 1);
            stream.read_to_end(&mut bytes).map_err(damaged)?;
            let Some(rest) = left.checked_sub(bytes.len()) else {
                return Err(damaged("长度"));
            };
            left = rest;
            Ok(Some(bytes))
        };
        let main = stream("/WordDocument")?.ok_or_else(|| damaged("没有正文"))?;
        if u16_at(&main, 0) != Some(0xA5EC) || u16_at(&main, 2) < Some(0xC1) {
            return Err(Refusal(
                "这是 Word 95 或者更早的文件，不能读；用 Word 或 WPS 打开，另存为 docx".to_owned(),
            ));
        }
        let flags = u16_at(&main, 10).unwrap_or_default();
        if flags & 0x100 != 0 {
            return Err(Refusal(
                "这份文件设有密码；用 Word 或 WPS 打开，去掉密码后另存为 docx".to_owned(),
            ));
        }
        let number = u8::from(flags & 0x200 != 0);
        let table = stream(&format!("/{number}Table"))?;
        Ok(Self {
            main,
            table: table.ok_or_else(|| damaged("没有表的流"))?,
            data: stream("/Data")?.unwrap_or_default(),
        })
    }

    /// The table of an entry; empty if there is none.
    pub fn entry(&self, entry: Entry) -> &[u8] {
        let at = self.entry_start(entry);
        let length = size_at(&self.main, ENTRIES + entry as usize * 8 + 4);
        let found = length.and_then(|length| part(&self.table, at, length));
        found.unwrap_or_default()
    }

    /// What stands in the stream from the start of an entry, its end and all that is behind.
    pub fn rest_from(&self, entry: Entry) -> &[u8] {
        if self.entry(entry).is_empty() {
            return &[];
        }
        self.table
            .get(self.entry_start(entry)..)
            .unwrap_or_default()
    }

    /// Where an entry starts.
    pub fn entry_start(&self, entry: Entry) -> usize {
        size_at(&self.main, ENTRIES + entry as usize * 8).unwrap_or(usize::MAX)
    }

    /// The places of the characters of a story in the text.
    pub fn story(&self, story: Story) -> Range<usize> {
        let length = |number: usize| {
            let length = size_at(&self.main, STORIES + number * 4);
            length.unwrap_or_default().min(MAX_TEXT + 1)
        };
        let start = (0..story as usize).map(length).sum();
        start..start + length(story as usize)
    }

    /// The text of all stories.
    pub fn text(&self) -> Result<Vec<Unit>, Refusal> {
        let end = self.story(Story::Boxes).end;
        bounded(end, MAX_TEXT, "文字的字数")?;
        let damaged = || damaged("文字的位置");
        let (pieces, _) = self.pieces().ok_or_else(damaged)?;
        let count = pieces.len().saturating_sub(4) / 12;
        let mut units: Vec<Unit> = Vec::new();
        for piece in 0..count {
            let start = size_at(pieces, piece * 4).ok_or_else(damaged)?;
            let next = size_at(pieces, piece * 4 + 4).ok_or_else(damaged)?;
            let descriptor = (count + 1) * 4 + piece * 8;
            let fc = u32_at(pieces, descriptor + 2).ok_or_else(damaged)?;
            let prm = u16_at(pieces, descriptor + 6).unwrap_or_default();
            if start != units.len() || next < start {
                return Err(damaged());
            }
            let is_narrow = fc & 0x4000_0000 != 0;
            let first = fc & 0x3FFF_FFFF;
            let first = if is_narrow { first / 2 } else { first };
            let width = if is_narrow { 1 } else { 2 };
            for index in start..next.min(end) {
                let offset = u32::try_from(index - start).map_err(|_| damaged())? * width;
                let fc = first.checked_add(offset).ok_or_else(damaged)?;
                let at = fc as usize;
                let unit = if is_narrow {
                    u8_at(&self.main, at).map(narrow)
                } else {
                    u16_at(&self.main, at)
                };
                units.push(Unit {
                    code: unit.ok_or_else(damaged)?,
                    fc,
                    end: fc + width,
                    prm,
                });
            }
            if next >= end {
                break;
            }
        }
        if units.len() < self.story(Story::Main).end {
            return Err(damaged());
        }
        Ok(units)
    }

    /// The table of pieces, and the modifiers that pieces name.
    pub fn pieces(&self) -> Option<(&[u8], Vec<&[u8]>)> {
        let table = self.entry(Entry::Pieces);
        let mut modifiers = Vec::new();
        let mut at = 0;
        while u8_at(table, at)? == 1 {
            let length = usize::from(u16_at(table, at + 1)?);
            modifiers.push(part(table, at + 3, length)?);
            at += 3 + length;
        }
        let length = size_at(table, at + 1)?;
        let pieces = (u8_at(table, at)? == 2).then(|| part(table, at + 5, length));
        Some((pieces??, modifiers))
    }
}

/// A unit of UTF-16 of the text.
#[derive(Clone, Copy)]
pub(super) struct Unit {
    pub code: u16,
    /// Where it stands in the main stream, by which its properties are found.
    pub fc: u32,
    /// Where it ends there.
    pub end: u32,
    /// What its piece says of its properties.
    pub prm: u16,
}

/// A character of one byte.
fn narrow(byte: u8) -> u16 {
    let bytes = [byte];
    let (text, _) = WINDOWS_1252.decode_without_bom_handling(&bytes);
    text.encode_utf16().next().unwrap_or_default()
}
