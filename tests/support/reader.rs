//! Reads text and ruled tables back from the page content of a PDF.
//!
//! A report is right when its *page* is right, so nothing here knows how the PDF was made: glyphs
//! count by where they are drawn, and a cell is what the rules around it enclose. A table that
//! Typst was given correctly but drew wrongly is therefore read wrongly, and the test fails.

use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, GlyphDrawMode, Image, InterpreterCache,
    InterpreterSettings, Paint, PathDrawMode, SoftMask, TransformExt, font, interpret_page,
};
use hayro_syntax::Pdf;
use kurbo::{Affine, BezPath, PathSeg, Point, Rect, Shape};
use std::ops::Range;

/// How far rules may miss each other, in pt: they overshoot corners by half their own width.
const JOINT: f64 = 1.0;
/// How far two baselines may differ and still be one line, in pt.
const BASELINE: f64 = 0.5;
/// How far ink may reach over the middle of a rule, in pt: less than half of a hairline.
const OVERHANG: f64 = 0.1;
/// The thickest filled rectangle that is a rule and not a coloured area, in pt.
const THICKEST: f64 = 1.5;
/// Glyph space, of which hayro's glyph transforms and advances speak, has 1000 units per em.
const UNITS_PER_EM: f64 = 1000.0;

/// One glyph; positions are in pt from the top-left corner of the page.
#[derive(Clone, Debug, PartialEq)]
pub struct Glyph {
    /// What the PDF says the glyph means; U+FFFD where it says nothing.
    pub text: String,
    /// Left end of the glyph on its baseline.
    pub x: f64,
    /// The baseline.
    pub y: f64,
    /// Font size as it appears on the page.
    pub size: f64,
    /// Width that the font gives the glyph; 0 for Type 3 fonts.
    pub advance: f64,
    /// What the outline covers; empty, at the origin, for blanks and Type 3 fonts. Where a glyph is
    /// seen is told by the middle of its ink: squeezed brackets start half an em before that.
    pub ink: Rect,
    /// The marked-content sequence that the glyph belongs to, for the logical structure.
    pub mcid: Option<i32>,
}

/// The middle of a horizontal or vertical line; `x0 ≤ x1`, `y0 ≤ y1`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rule {
    pub x0: f64,
    pub y0: f64,
    pub x1: f64,
    pub y1: f64,
}

/// What is drawn on a page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    pub width: f64,
    pub height: f64,
    /// In content order, which is the order in which text is copied and searched.
    pub glyphs: Vec<Glyph>,
    pub rules: Vec<Rule>,
    /// What filled paths cover that are no rules.
    pub shapes: Vec<Rect>,
    /// Where pictures of pixels stand.
    pub images: Vec<Rect>,
}

/// A cell with the box that its rules enclose; rows and columns count from 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    pub row: usize,
    pub column: usize,
    pub rowspan: usize,
    pub colspan: usize,
    /// The glyphs whose middle is in the cell, in content order; line breaks leave nothing.
    pub text: String,
    pub x0: f64,
    pub y0: f64,
    pub x1: f64,
    pub y1: f64,
    /// Whether ink crosses the cell's border, from inside or from outside.
    pub overflow: bool,
}

/// A grid of connected rules.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    pub rows: usize,
    pub columns: usize,
    /// Sorted by row, then by column.
    pub cells: Vec<Cell>,
}

/// Reads all pages. Panics if `pdf` is no PDF: there is then nothing to test.
pub fn pages(pdf: &[u8]) -> Vec<Page> {
    let pdf = Pdf::new(pdf.to_vec()).expect("a readable PDF");
    let cache = InterpreterCache::new();
    let settings = InterpreterSettings {
        render_annotations: false,
        ..InterpreterSettings::default()
    };
    let pages = pdf.pages().iter().map(|source| {
        let mut recorder = Recorder::default();
        let (width, height) = source.render_dimensions();
        (recorder.page.width, recorder.page.height) = (width.into(), height.into());
        let area = Rect::new(0.0, 0.0, width.into(), height.into());
        let transform = source.initial_transform(true).to_kurbo();
        let mut context = Context::new(transform, area, &cache, pdf.xref(), settings.clone());
        interpret_page(source, &mut context, &mut recorder);
        recorder.page
    });
    pages.collect()
}

impl Page {
    /// All text of the page in content order, without separators.
    pub fn text(&self) -> String {
        self.glyphs.iter().map(|g| g.text.as_str()).collect()
    }

    /// Lines from top to bottom: x of the first glyph, baseline, and the text from left to right.
    /// Text side by side on one baseline is one line, as in the rows of a table.
    pub fn lines(&self) -> Vec<(f64, f64, String)> {
        let mut glyphs: Vec<&Glyph> = self.glyphs.iter().collect();
        glyphs.sort_by(|a, b| a.y.total_cmp(&b.y));
        let lines = glyphs.chunk_by_mut(|a, b| b.y - a.y <= BASELINE);
        lines
            .map(|line| {
                line.sort_by(|a, b| a.ink.center().x.total_cmp(&b.ink.center().x));
                let text = line.iter().map(|g| g.text.as_str()).collect();
                (line[0].x, line[0].y, text)
            })
            .collect()
    }

    /// The tables of the page from top to bottom, one for each connected grid of rules with a
    /// closed frame; other lines (of a figure, under a heading) make no table.
    ///
    /// Panics if rules in a frame end nowhere or leave a cell that is no rectangle.
    pub fn tables(&self) -> Vec<Table> {
        let read = |rules: &Vec<Rule>| Table::read(rules, &self.glyphs);
        let mut tables: Vec<Table> = connected(&self.rules).iter().filter_map(read).collect();
        let top = |table: &Table| table.cells[0].y0;
        tables.sort_by(|a, b| top(a).total_cmp(&top(b)));
        tables
    }
}

impl Table {
    /// The cell that covers a place of the grid, be it the first of its span or not.
    pub fn cell(&self, row: usize, column: usize) -> Option<&Cell> {
        self.cells.iter().find(|cell| {
            (cell.row..cell.row + cell.rowspan).contains(&row)
                && (cell.column..cell.column + cell.colspan).contains(&column)
        })
    }

    /// Reads the table that connected rules draw, if their outer frame is closed.
    fn read(rules: &[Rule], glyphs: &[Glyph]) -> Option<Self> {
        let (vertical, horizontal): (Vec<Rule>, Vec<Rule>) =
            rules.iter().partition(|r| r.x1 - r.x0 < r.y1 - r.y0);
        let xs = places(vertical.iter().map(|rule| rule.x0));
        let ys = places(horizontal.iter().map(|rule| rule.y0));
        let (columns, rows) = (xs.len().checked_sub(1)?, ys.len().checked_sub(1)?);
        // Whether a rule parts a place of the grid from the one to its left, or above it.
        let left = |r: usize, c: usize| is_touched(&vertical, xs[c], ys[r].midpoint(ys[r + 1]));
        let above = |r: usize, c: usize| is_touched(&horizontal, xs[c].midpoint(xs[c + 1]), ys[r]);
        let is_closed = rows.min(columns) > 0
            && (0..rows).all(|r| left(r, 0) && left(r, columns))
            && (0..columns).all(|c| above(0, c) && above(rows, c));
        let cells = is_closed.then(Vec::new)?;
        let is_on = |places: &[f64], value: &f64| places.iter().any(|p| (p - value).abs() <= JOINT);
        for Rule { x0, y0, x1, y1 } in rules {
            let is_joined = is_on(&xs, x0) && is_on(&xs, x1) && is_on(&ys, y0) && is_on(&ys, y1);
            assert!(is_joined, "a rule ends nowhere: ({x0}, {y0})–({x1}, {y1})");
        }
        let mut table = Self {
            rows,
            columns,
            cells,
        };
        for (row, column) in (0..rows).flat_map(|r| (0..columns).map(move |c| (r, c))) {
            if table.cell(row, column).is_some() {
                continue;
            }
            // The frame is closed, so both searches end at it.
            let bottom = (row + 1..).find(|&r| above(r, column)).unwrap();
            let right = (column + 1..).find(|&c| left(row, c)).unwrap();
            let area = Rect::new(xs[column], ys[row], xs[right], ys[bottom]);
            let is_side = |c| c == column || c == right;
            let is_end = |r| r == row || r == bottom;
            let (mut down, mut along) = (row..bottom, column..right);
            let is_rectangle = down.all(|r| (column..=right).all(|c| left(r, c) == is_side(c)))
                && along.all(|c| (row..=bottom).all(|r| above(r, c) == is_end(r)));
            assert!(is_rectangle, "the cell of {area:?} is no rectangle");
            let cell = Cell::read((row..bottom, column..right), area, glyphs);
            table.cells.push(cell);
        }
        Some(table)
    }
}

impl Cell {
    fn read((rows, columns): (Range<usize>, Range<usize>), area: Rect, glyphs: &[Glyph]) -> Self {
        let (inside, outside): (Vec<&Glyph>, Vec<&Glyph>) =
            glyphs.iter().partition(|g| area.contains(g.ink.center()));
        let (inner, outer) = (area.inset(-OVERHANG), area.inset(OVERHANG));
        Self {
            row: rows.start,
            column: columns.start,
            rowspan: rows.len(),
            colspan: columns.len(),
            text: inside.iter().map(|g| g.text.as_str()).collect(),
            x0: area.x0,
            y0: area.y0,
            x1: area.x1,
            y1: area.y1,
            overflow: inside.iter().any(|g| !outer.contains_rect(g.ink))
                || outside.iter().any(|g| inner.overlaps(g.ink)),
        }
    }
}

impl Rule {
    fn touches(&self, area: Rect) -> bool {
        area.inflate(JOINT, JOINT).overlaps(self.area())
    }

    fn area(&self) -> Rect {
        Rect::new(self.x0, self.y0, self.x1, self.y1)
    }
}

fn is_touched(rules: &[Rule], x: f64, y: f64) -> bool {
    rules.iter().any(|rule| rule.touches(Rect::new(x, y, x, y)))
}

/// Parts rules into sets that hang together.
fn connected(rules: &[Rule]) -> Vec<Vec<Rule>> {
    let mut rest = rules.to_vec();
    let mut sets = Vec::new();
    while let Some(first) = rest.pop() {
        let mut set = vec![first];
        let mut next = 0;
        while let Some(area) = set.get(next).map(Rule::area) {
            set.extend(rest.extract_if(.., |rule| rule.touches(area)));
            next += 1;
        }
        sets.push(set);
    }
    sets
}

/// The places of grid lines, one for each group of rules within [`JOINT`] of its first.
fn places(rules: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut places: Vec<f64> = rules.collect();
    places.sort_by(f64::total_cmp);
    places.dedup_by(|place, first| *place - *first <= JOINT);
    places
}

/// Takes down what hayro draws; its transforms already lead to the top-left corner of the page.
#[derive(Default)]
struct Recorder {
    page: Page,
    /// The marked-content sequences that are open, outermost first.
    marks: Vec<Option<i32>>,
}

impl Recorder {
    fn rule(&mut self, area: Rect, thickest: f64) {
        let (width, height) = (area.width(), area.height());
        let half = if height <= thickest && width > 2.0 * thickest {
            (0.0, -height / 2.0)
        } else if width <= thickest && height > 2.0 * thickest {
            (-width / 2.0, 0.0)
        } else {
            return;
        };
        let Rect { x0, y0, x1, y1 } = area.inset(half);
        self.page.rules.push(Rule { x0, y0, x1, y1 });
    }
}

impl<'a> Device<'a> for Recorder {
    fn draw_glyph(
        &mut self,
        glyph: &font::Glyph<'a>,
        transform: Affine,
        glyph_transform: Affine,
        _: &Paint<'a>,
        mode: &GlyphDrawMode,
    ) {
        let transform = transform * glyph_transform;
        let origin = transform * Point::ORIGIN;
        let length = |x, y| (transform * Point::new(x, y) - origin).hypot();
        let (outline, advance) = match glyph {
            font::Glyph::Outline(glyph) => (glyph.outline(), glyph.advance_width()),
            font::Glyph::Type3(_) => (BezPath::new(), None),
        };
        let ink = if outline.is_empty() {
            Rect::from_points(origin, origin)
        } else {
            (transform * outline).bounding_box()
        };
        let glyph = Glyph {
            text: match glyph.as_unicode() {
                Some(BfString::Char(char)) => char.into(),
                Some(BfString::String(string)) => string,
                None => char::REPLACEMENT_CHARACTER.into(),
            },
            x: origin.x,
            y: origin.y,
            size: length(0.0, UNITS_PER_EM),
            advance: length(advance.unwrap_or_default().into(), 0.0),
            ink,
            mcid: self.marks.iter().rev().find_map(|mark| *mark),
        };
        // Text that is filled and stroked, as artificial bold is, arrives a second time.
        let again = matches!(mode, GlyphDrawMode::Stroke(_));
        if !again || self.page.glyphs.last() != Some(&glyph) {
            self.page.glyphs.push(glyph);
        }
    }

    fn draw_path(&mut self, path: &BezPath, transform: Affine, _: &Paint<'a>, mode: &PathDrawMode) {
        let path = transform * path.clone();
        match mode {
            PathDrawMode::Fill(_) => {
                let area = path.bounding_box();
                if area.width().min(area.height()) > THICKEST {
                    self.page.shapes.push(area);
                }
                self.rule(area, THICKEST);
            }
            PathDrawMode::Stroke(_) => path.segments().for_each(|segment| {
                if let PathSeg::Line(line) = segment {
                    self.rule(line.bounding_box(), OVERHANG);
                }
            }),
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, transform: Affine) {
        let (width, height) = (f64::from(image.width()), f64::from(image.height()));
        let corners = (
            transform * Point::ORIGIN,
            transform * Point::new(width, height),
        );
        self.page
            .images
            .push(Rect::from_points(corners.0, corners.1));
    }

    fn begin_marked_content(&mut self, _: &[u8], mcid: Option<i32>) {
        self.marks.push(mcid);
    }

    fn end_marked_content(&mut self) {
        self.marks.pop();
    }

    fn set_soft_mask(&mut self, _: Option<SoftMask<'a>>) {}
    fn set_blend_mode(&mut self, _: BlendMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn pop_clip_path(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}
