//! PDFs of any program, by geometry: rules make grids, glyphs within them cells, all others lines and paragraphs.

mod grid;
mod joined;
mod lines;
mod prose;

use std::borrow::Cow;

use super::document::{Counts, Document, LeftOut};
use super::refusal::Refusal;
use crate::import::block::{Block, Place};
use crate::pdf_reader::{DrawnPage, PdfFault, drawn_pages};
use grid::{Grid, grids};
use lines::{Line, lines};

/// The share of a page at its top, and at its bottom, where page numbers stand.
const HEAD: f64 = 0.07;
const FOOT: f64 = 0.9;

/// A line or a table on a page.
enum Piece {
    Line(Line),
    Table(Grid),
}

/// Reads a PDF.
pub(super) fn read(bytes: &[u8]) -> Result<Document, Refusal> {
    let pages = drawn_pages(bytes).map_err(|fault| {
        Refusal(match fault {
            PdfFault::Encrypted => "这份 PDF 设有密码；去掉密码后再读一次".to_owned(),
            PdfFault::TooMuch | PdfFault::TooLarge => {
                "这份 PDF 太大，不像一份年报，没有读；只留年报的几页另存".to_owned()
            }
            _ => "这份 PDF 不完整或者已损坏；用 PDF 阅读器打开后另存，再读一次".to_owned(),
        })
    })?;
    let glyphs: usize = pages.iter().map(|page| page.glyphs.len()).sum();
    let hidden = pages
        .iter()
        .flat_map(|page| &page.glyphs)
        .filter(|glyph| glyph.is_hidden);
    let turned: usize = pages.iter().map(|page| page.turned).sum();
    if glyphs == 0 && turned == 0 || hidden.count() * 2 > glyphs {
        let sentence = "这是扫描件，页上只有图片；找 Word、网页或文字版 PDF，或者照图录入";
        return Err(Refusal(sentence.to_owned()));
    }
    if turned > glyphs {
        let sentence = "页面上的字是横放的，还不能读；用 PDF 阅读器转正后另存，再读一次";
        return Err(Refusal(sentence.to_owned()));
    }
    let mut counts = Counts::default();
    let mut left_out = Vec::new();
    let mut all: Vec<Piece> = Vec::new();
    let mut breaks = Vec::new();
    for (at, page) in pages.iter().enumerate() {
        breaks.push(all.len());
        all.extend(pieces(page, at + 1, &mut left_out)?);
    }
    let margins = prose::Margins::of(all.iter().filter_map(|piece| match piece {
        Piece::Line(line) => Some(line),
        Piece::Table(_) => None,
    }));
    let mut blocks = Vec::new();
    let mut open = prose::Open::default();
    let mut table: Option<Grid> = None;
    for (at, piece) in all.into_iter().enumerate() {
        match piece {
            Piece::Line(line) => {
                finish(table.take(), &mut counts, &mut blocks)?;
                if let Some(paragraph) = open.take(line, &margins) {
                    blocks.push(prose::block(paragraph, &mut counts)?);
                }
            }
            Piece::Table(grid) => {
                if let Some(paragraph) = open.end() {
                    blocks.push(prose::block(paragraph, &mut counts)?);
                }
                let goes_on = breaks.contains(&at);
                table = Some(match table.take() {
                    Some(above) if goes_on && above.meets(&grid) => joined::joined(above, grid),
                    above => {
                        finish(above, &mut counts, &mut blocks)?;
                        grid
                    }
                });
            }
        }
    }
    finish(table, &mut counts, &mut blocks)?;
    if let Some(paragraph) = open.end() {
        blocks.push(prose::block(paragraph, &mut counts)?);
    }
    let pictures: usize = pages.iter().map(|page| page.pictures).sum();
    if pictures > 0 {
        left_out.push(LeftOut {
            what: "PDF 中的图片，要另存后写作 ![说明](图.png)：",
            text: format!("{pictures} 幅"),
            place: Place::Whole,
        });
    }
    Ok(Document {
        blocks,
        left_out,
        ..Document::default()
    })
}

fn finish(
    table: Option<Grid>,
    counts: &mut Counts,
    blocks: &mut Vec<Block>,
) -> Result<(), Refusal> {
    if let Some(table) = table {
        counts.table(0)?;
        for cell in &table.cells {
            counts.cell(cell.text().len())?;
        }
        blocks.push(Block::Table(table.table()?));
    }
    Ok(())
}

/// The lines and tables of a page from top to bottom, without its number.
fn pieces(
    page: &DrawnPage,
    number: usize,
    left_out: &mut Vec<LeftOut>,
) -> Result<Vec<Piece>, Refusal> {
    let drawn = page
        .glyphs
        .iter()
        .filter(|glyph| glyph.is_within_form)
        .count();
    // Of pages that are forms as a whole, the words are text.
    let plain = if drawn * 2 > page.glyphs.len() || drawn == 0 {
        Cow::Borrowed(page)
    } else {
        let words = page.glyphs.iter().filter(|glyph| glyph.is_within_form);
        left_out.push(LeftOut {
            what: "图形里的文字",
            text: words.map(|glyph| glyph.text.as_str()).collect(),
            place: lines::place(number, [0.0; 4]),
        });
        let mut plain = page.clone();
        plain.glyphs.retain(|glyph| !glyph.is_within_form);
        Cow::Owned(plain)
    };
    let (grids, rest) = grids(&plain, number)?;
    let mut found: Vec<(f64, Piece)> = grids
        .into_iter()
        .map(|grid| (grid.top(), Piece::Table(grid)))
        .collect();
    for line in lines(&rest, number) {
        let text: String = line.text.chars().filter(|c| !c.is_whitespace()).collect();
        let is_number = text
            .chars()
            .all(|c| c.is_ascii_digit() || "-－—–·第页共/".contains(c));
        let is_outside = line.y < page.height * HEAD || line.y > page.height * FOOT;
        if is_number && is_outside {
            continue;
        }
        found.push((line.y, Piece::Line(line)));
    }
    if page.turned > 0 {
        left_out.push(LeftOut {
            what: "斜放或竖放的文字",
            text: format!("{} 字", page.turned),
            place: lines::place(number, [0.0; 4]),
        });
    }
    found.sort_by(|(one, _), (other, _)| one.total_cmp(other));
    Ok(found.into_iter().map(|(_, piece)| piece).collect())
}
