//! PDFs of any program, by what their pages draw: grids of rules are tables, lines between them paragraphs.

mod cells;
mod charts;
mod grid;
mod lines;
mod prose;
mod tables;

use self::cells::{PageTable, place};
use self::charts::charts;
use self::grid::grids;
use self::lines::{Line, lines};
use self::prose::{Column, Open, is_page_number, is_running, whole};
use self::tables::Joined;
use super::document::{Counts, Document, LeftOut};
use super::refusal::Refusal;
use crate::import::{Block, Picture};
use crate::pdf_reader::drawn::{Drawing, DrawnPage, Glyph};
use crate::pdf_reader::{PdfFault, PdfFile};

/// The share of a page that a picture covers if it may be a scan of it.
const SCANNED: f64 = 0.4;
/// The most glyphs of a page that is a scan: a number or a stamp may be printed on it.
const FEW: usize = 10;

/// Reads a PDF of any program.
///
/// # Errors
/// If it has a password, is a scan, is damaged or exceeds a bound: what it is, and what to do.
pub(super) fn read(bytes: &[u8]) -> Result<Document, Refusal> {
    let pages = PdfFile::open_any(bytes)
        .and_then(|pdf| pdf.drawn())
        .map_err(refusal)?;
    let mut document = Document::default();
    let pages: Vec<Page> = (1..)
        .zip(pages)
        .map(|(number, page)| Page::read(number, page, &mut document.left_out))
        .collect::<Result<_, _>>()?;
    if pages.iter().all(Page::is_empty) {
        let scanned = pages.iter().any(|page| page.scanned);
        let sentence = if scanned {
            "这份 PDF 是扫描件，只有图片，没有文字，不能读；找 Word、网页或导出的 PDF，或者照图录入"
        } else {
            "这份 PDF 里没有文字，不能读；找 Word、网页或导出的 PDF"
        };
        return Err(Refusal(sentence.to_owned()));
    }
    document.blocks = Assembly::of(pages, &mut document.left_out).blocks()?;
    Ok(document)
}

fn refusal(fault: PdfFault) -> Refusal {
    match fault {
        PdfFault::Encrypted => Refusal("这份 PDF 设有打开密码，不能读；先解除密码".to_owned()),
        PdfFault::TooLarge | PdfFault::TooMuch => Refusal("这份 PDF 的页面、文字或线条太多，不像一份年报，没有读；核对文件，或者只留年报的内容另存".to_owned()),
        PdfFault::Unreadable(cause) => Refusal::damaged("PDF", cause),
        other => Refusal::damaged("PDF", other),
    }
}

/// A page with its tables, and the lines between them.
struct Page {
    number: usize,
    width: f64,
    height: f64,
    tables: Vec<PageTable>,
    lines: Vec<Line>,
    drawings: Vec<Drawing>,
    /// Whether a picture covers it.
    scanned: bool,
    /// Whether its text is a layer over a scan.
    layered: bool,
}

impl Page {
    fn read(number: usize, page: DrawnPage, left_out: &mut Vec<LeftOut>) -> Result<Self, Refusal> {
        let DrawnPage {
            width,
            height,
            glyphs,
            rules,
            mut drawings,
            shapes,
            broken,
        } = page;
        let covers = |drawing: &Drawing| {
            let [left, top, right, bottom] = drawing.area;
            (right - left) * (bottom - top) > SCANNED * width * height
        };
        let scanned = drawings.iter().any(covers);
        let mut leave_out = |what: &'static str, text: String| {
            left_out.push(LeftOut {
                what,
                text,
                place: whole(number, width, height),
            });
        };
        if broken {
            leave_out(
                "读不出的内容：这一页的文件内容有损坏，可能缺字缺线",
                String::new(),
            );
        }
        let (hidden, shown): (Vec<Glyph>, Vec<Glyph>) =
            glyphs.into_iter().partition(|glyph| glyph.hidden);
        let printed = |glyphs: &[Glyph]| glyphs.iter().filter(|glyph| !glyph.is_blank()).count();
        let layered = scanned && printed(&shown) < FEW && printed(&hidden) >= FEW;
        let mut glyphs = if layered {
            shown.into_iter().chain(hidden).collect()
        } else {
            if printed(&hidden) > 0 {
                leave_out("看不见的文字", text_of(hidden));
            }
            shown
        };
        if scanned && printed(&glyphs) < FEW {
            leave_out("扫描的页面：只有图片，没有文字", String::new());
        }
        let askew: Vec<Glyph> = glyphs
            .extract_if(.., |glyph| glyph.turns.is_none())
            .collect();
        if printed(&askew) > 0 {
            leave_out("斜置的文字", text_of(askew));
        }
        let Some(grids) = grids(&rules) else {
            return Err(refusal(PdfFault::TooMuch));
        };
        // The innermost of grids within grids have their glyphs first.
        let mut grids = grids;
        let size = |grid: &grid::Grid| {
            (grid.xs[grid.xs.len() - 1] - grid.xs[0]) * (grid.ys[grid.ys.len() - 1] - grid.ys[0])
        };
        grids.sort_by(|a, b| size(a).total_cmp(&size(b)));
        let mut tables: Vec<PageTable> = grids
            .iter()
            .map(|grid| cells::table(number, grid, &mut glyphs))
            .collect();
        tables.retain(|table| table.cells.iter().any(|cell| !cell.is_blank()));
        tables.sort_by(|a, b| {
            a.area[1]
                .total_cmp(&b.area[1])
                .then(a.area[0].total_cmp(&b.area[0]))
        });
        let mut lines = lines(glyphs);
        let areas: Vec<[f64; 4]> = tables.iter().map(|table| table.area).collect();
        for area in charts(&shapes, &areas, [width, height]) {
            let words: Vec<Line> = lines
                .extract_if(.., |line| charts::is_in(line, area))
                .collect();
            let text: Vec<String> = words.iter().map(Line::text).collect();
            left_out.push(LeftOut {
                what: "图中的文字",
                text: text.join("\n"),
                place: place(number, area),
            });
            drawings.push(Drawing {
                area,
                bytes: Vec::new(),
            });
        }
        Ok(Self {
            number,
            width,
            height,
            tables,
            lines,
            drawings,
            scanned,
            layered,
        })
    }

    fn is_empty(&self) -> bool {
        self.tables.is_empty() && self.lines.is_empty()
    }
}

fn text_of(glyphs: Vec<Glyph>) -> String {
    let texts: Vec<String> = lines(glyphs).iter().map(Line::text).collect();
    texts.join("\n").chars().take(1_000).collect()
}

/// What stands on pages, from top to bottom.
enum Item {
    Line(Line),
    Table(PageTable),
    Drawing(Drawing),
}

impl Item {
    fn top(&self) -> f64 {
        match self {
            Self::Line(line) => line.middle(),
            Self::Table(table) => table.area[1],
            Self::Drawing(drawing) => drawing.area[1],
        }
    }
}

/// Pages that become blocks.
struct Assembly {
    pages: Vec<(Page, Column)>,
}

impl Assembly {
    /// Leaves out what runs over the pages, and finds the columns of text.
    #[expect(clippy::cast_possible_truncation, reason = "points of a page")]
    fn of(mut pages: Vec<Page>, left_out: &mut Vec<LeftOut>) -> Self {
        let all: Vec<Vec<Line>> = pages.iter().map(|page| page.lines.clone()).collect();
        for page in &mut pages {
            let height = page.height;
            page.lines.retain(|line| {
                if is_page_number(line, height) {
                    return false;
                }
                let running = is_running(line, height, &all);
                if running {
                    left_out.push(LeftOut {
                        what: "页眉或页脚",
                        text: line.text(),
                        place: place(page.number, line.area()),
                    });
                }
                !running
            });
        }
        let width = |page: &Page| page.width.round() as i64;
        let mut columns = std::collections::BTreeMap::new();
        for page in &pages {
            columns.entry(width(page)).or_insert_with(|| {
                let alike: Vec<&[Line]> = pages
                    .iter()
                    .filter(|other| width(other) == width(page))
                    .map(|page| &page.lines[..])
                    .collect();
                Column::of(&alike)
            });
        }
        let pages = pages.into_iter().map(|page| {
            let column = columns[&width(&page)];
            (page, column)
        });
        Self {
            pages: pages.collect(),
        }
    }

    fn blocks(self) -> Result<Vec<Block>, Refusal> {
        let mut counts = Counts::default();
        let mut blocks = Vec::new();
        let (mut paragraph, mut table): (Option<Open>, Option<Joined>) = (None, None);
        for (page, column) in self.pages {
            let (number, layered) = (page.number, page.layered);
            let mut items: Vec<Item> = page.tables.into_iter().map(Item::Table).collect();
            items.extend(page.lines.into_iter().map(Item::Line));
            items.extend(page.drawings.into_iter().map(Item::Drawing));
            items.sort_by(|a, b| a.top().total_cmp(&b.top()));
            let mut first = true;
            for item in items {
                match item {
                    Item::Line(line) => {
                        end_table(table.take(), &mut blocks, &mut counts)?;
                        let rest = match &mut paragraph {
                            Some(open) => open.go_on(number, line, column),
                            None => Some(line),
                        };
                        if let Some(line) = rest {
                            end_paragraph(
                                paragraph.replace(Open::begin(number, line, column, layered)),
                                &mut blocks,
                                &mut counts,
                            )?;
                        }
                    }
                    Item::Table(next) => {
                        end_paragraph(paragraph.take(), &mut blocks, &mut counts)?;
                        match &mut table {
                            Some(open) if first && open.goes_on_with(&next) => open.append(next),
                            _ => end_table(
                                table.replace(Joined::new(next)),
                                &mut blocks,
                                &mut counts,
                            )?,
                        }
                    }
                    Item::Drawing(drawing) => {
                        end_table(table.take(), &mut blocks, &mut counts)?;
                        end_paragraph(paragraph.take(), &mut blocks, &mut counts)?;
                        counts.block()?;
                        blocks.push(Block::Picture(Picture {
                            bytes: drawing.bytes,
                            alt: String::new(),
                            place: place(number, drawing.area),
                        }));
                    }
                }
                first = false;
            }
        }
        end_table(table, &mut blocks, &mut counts)?;
        end_paragraph(paragraph, &mut blocks, &mut counts)?;
        Ok(blocks)
    }
}

fn end_table(
    table: Option<Joined>,
    blocks: &mut Vec<Block>,
    counts: &mut Counts,
) -> Result<(), Refusal> {
    let Some(table) = table.map(Joined::table) else {
        return Ok(());
    };
    counts.table(0)?;
    for cell in &table.cells {
        counts.cell(cell.text.len())?;
    }
    blocks.push(Block::Table(table));
    Ok(())
}

fn end_paragraph(
    open: Option<Open>,
    blocks: &mut Vec<Block>,
    counts: &mut Counts,
) -> Result<(), Refusal> {
    if let Some(paragraph) = open.map(Open::end) {
        counts.paragraph(paragraph.text.len())?;
        blocks.push(Block::Paragraph(paragraph));
    }
    Ok(())
}
