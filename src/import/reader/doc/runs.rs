//! Where which properties hold: runs of characters and of paragraphs, kept in pages of 512 bytes.

use std::ops::Range;

use super::super::bounds::{MAX_RUNS, bounded};
use super::super::refusal::Refusal;
use super::bytes::{part, u8_at, u16_at, u32_at};
use super::file::{Entry, File};

/// The size of a page of runs.
const PAGE: usize = 512;

/// Runs by their places in the main stream.
pub(super) struct Runs {
    runs: Vec<Run>,
}

/// Characters of the same properties.
#[derive(Clone)]
pub(super) struct Run {
    start: u32,
    /// Where it ends.
    pub end: u32,
    /// Where its properties stand in the main stream; for a paragraph its style comes first.
    pub properties: Range<usize>,
}

impl Runs {
    /// The runs of characters or of paragraphs.
    pub fn read(file: &File, entry: Entry) -> Result<Self, Refusal> {
        let table = file.entry(entry);
        let count = table.len().saturating_sub(4) / 8;
        let mut runs = Vec::new();
        for number in 0..count {
            let page = u32_at(table, (count + 1) * 4 + number * 4).unwrap_or_default();
            let start = (page & 0x003F_FFFF) as usize * PAGE;
            let Some(page) = part(&file.main, start, PAGE) else {
                continue;
            };
            let held = usize::from(page[PAGE - 1]);
            bounded(runs.len() + held, MAX_RUNS, "格式的段数")?;
            for index in 0..held {
                let bounds = [index * 4, index * 4 + 4].map(|at| u32_at(page, at));
                let [Some(first), Some(end)] = bounds else {
                    break;
                };
                let properties = match entry {
                    Entry::ParagraphRuns => of_paragraph(page, (held + 1) * 4 + index * 13),
                    _ => of_characters(page, (held + 1) * 4 + index),
                };
                let properties = properties.unwrap_or_default();
                runs.push(Run {
                    start: first,
                    end,
                    properties: start + properties.start..start + properties.end,
                });
            }
        }
        runs.sort_by_key(|run| run.start);
        Ok(Self { runs })
    }

    /// The run that a place is in.
    pub fn at(&self, fc: u32) -> Option<&Run> {
        let next = self.runs.partition_point(|run| run.start <= fc);
        let run = self.runs.get(next.checked_sub(1)?)?;
        (fc < run.end).then_some(run)
    }
}

fn of_characters(page: &[u8], at: usize) -> Option<Range<usize>> {
    let start = usize::from(u8_at(page, at)?) * 2;
    let length = usize::from(u8_at(page, start)?);
    whole(page, start + 1, if start == 0 { 0 } else { length })
}

fn of_paragraph(page: &[u8], at: usize) -> Option<Range<usize>> {
    let start = usize::from(u8_at(page, at)?) * 2;
    if start == 0 {
        return None;
    }
    match usize::from(u8_at(page, start)?) {
        0 => whole(page, start + 2, usize::from(u8_at(page, start + 1)?) * 2),
        half => whole(page, start + 1, half * 2 - 1),
    }
}

/// A range that stands in a page.
fn whole(page: &[u8], start: usize, length: usize) -> Option<Range<usize>> {
    part(page, start, length).map(|_| start..start + length)
}

/// Properties of a paragraph that are too long for a page; they stand in the stream of data.
pub(super) fn long_properties(file: &File, at: usize) -> Option<&[u8]> {
    let length = usize::from(u16_at(&file.data, at)?);
    part(&file.data, at + 2, length)
}
