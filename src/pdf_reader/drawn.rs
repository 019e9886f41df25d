//! The pages of PDFs of other programs: the glyphs and the rules that are drawn on them.
//!
//! Only positions count. Some programs draw a text in pieces and in an order of their own.

use std::cell::Cell;
use std::collections::HashMap;
use std::rc::Rc;

use lopdf::content::{Content, Operation};
use lopdf::xref::XrefEntry;
use lopdf::{Dictionary, Document, LoadOptions, Object, ObjectId};

use super::file::{MAX_PDF_BYTES, PdfFault, is_sparse, take};
use super::font::Font;
use super::matrix::{Matrix, SAME, matrix, then};

/// The most pages that are read.
const MAX_PAGES: usize = 200;
/// The most bytes that the content of a page, or any other stream, may inflate to.
const MAX_CONTENT: usize = 8 << 20;
/// The most bytes that a stream may inflate to while the file is opened.
const MAX_STREAM: usize = 16 << 20;
/// The most bytes that all streams may inflate to.
const MAX_ALL: usize = 128 << 20;
/// The most streams of objects.
const MAX_OBJECT_STREAMS: usize = 200;
/// The most operators of all pages.
const MAX_OPERATORS: usize = 3_000_000;
/// The deepest form within forms.
const MAX_FORMS: usize = 12;
/// The most glyphs, and the most rules, of all pages.
const MAX_GLYPHS: usize = 500_000;
const MAX_RULES: usize = 200_000;
/// The most fonts.
const MAX_FONTS: usize = 500;
/// The most graphics states saved at once.
const MAX_SAVED: usize = 1_000;
/// The thickest filled rectangle that is a rule, in points.
const THICKEST: f64 = 3.0;

/// A page as drawn. Positions are in points from its top left corner.
#[derive(Clone, Debug, Default)]
pub struct DrawnPage {
    /// Its width.
    pub width: f64,
    /// Its height.
    pub height: f64,
    /// Its glyphs in the order in which they are drawn.
    pub glyphs: Vec<DrawnGlyph>,
    /// Its horizontal and vertical rules.
    pub rules: Vec<DrawnRule>,
    /// The number of its pictures.
    pub pictures: usize,
    /// The number of glyphs that do not stand upright.
    pub turned: usize,
}

/// A glyph.
#[derive(Clone, Debug)]
pub struct DrawnGlyph {
    /// The characters that it stands for; U+FFFD where the file does not say.
    pub text: String,
    /// Its left edge.
    pub x: f64,
    /// Its baseline.
    pub y: f64,
    /// Its advance.
    pub width: f64,
    /// The size of its font.
    pub size: f64,
    /// Whether it is not painted, as in a layer of text over a scan.
    pub is_hidden: bool,
    /// Whether it stands in a form, as the words in a drawing do.
    pub is_within_form: bool,
}

/// A rule from its left or upper end to the other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DrawnRule {
    /// Its first end.
    pub from: [f64; 2],
    /// Its last end.
    pub to: [f64; 2],
}

/// Reads the pages of a PDF of any program.
///
/// # Errors
/// The reason for which it is not read.
pub fn drawn_pages(pdf: &[u8]) -> Result<Vec<DrawnPage>, PdfFault> {
    if pdf.len() > MAX_PDF_BYTES {
        return Err(PdfFault::TooLarge);
    }
    let object_streams = memchr::memmem::find_iter(pdf, b"/ObjStm").take(MAX_OBJECT_STREAMS + 1);
    if !is_sparse(pdf) || object_streams.count() > MAX_OBJECT_STREAMS {
        return Err(PdfFault::TooMuch);
    }
    let options = LoadOptions::with_max_decompressed_size(MAX_STREAM);
    let document = Document::load_mem_with_options(pdf, options);
    let document = document.map_err(|cause| match cause {
        lopdf::Error::Decryption(_) | lopdf::Error::InvalidPassword => PdfFault::Encrypted,
        cause => PdfFault::from(cause),
    })?;
    if document.is_encrypted() {
        return Err(PdfFault::Encrypted);
    }
    // A stream of objects over the limit is dropped without a word.
    let mut entries = document.reference_table.entries.iter();
    let is_lost = |(id, entry): (&u32, &XrefEntry)| {
        matches!(entry, XrefEntry::Compressed { .. }) && !document.objects.contains_key(&(*id, 0))
    };
    if entries.any(is_lost) {
        return Err(PdfFault::TooMuch);
    }
    let pages: Vec<ObjectId> = document.page_iter().take(MAX_PAGES + 1).collect();
    if pages.len() > MAX_PAGES {
        return Err(PdfFault::TooMuch);
    }
    let limits = Limits {
        inflated: Cell::new(MAX_ALL),
        operators: Cell::new(MAX_OPERATORS),
        glyphs: Cell::new(MAX_GLYPHS),
        rules: Cell::new(MAX_RULES),
    };
    let mut fonts = HashMap::new();
    let mut read = |page| {
        let mut reader = Reader {
            document: &document,
            limits: &limits,
            fonts: &mut fonts,
            page: DrawnPage::default(),
            saved: Vec::new(),
            state: State::default(),
            text: SAME,
            line: SAME,
            path: Vec::new(),
            depth: 0,
        };
        reader.page(page)?;
        Ok(reader.page)
    };
    pages.into_iter().map(&mut read).collect()
}

/// What may still be read.
struct Limits {
    inflated: Cell<usize>,
    operators: Cell<usize>,
    glyphs: Cell<usize>,
    rules: Cell<usize>,
}

/// The graphics state that `q` saves and `Q` restores.
#[derive(Clone)]
struct State {
    matrix: Matrix,
    font: Option<Rc<Font>>,
    size: f64,
    character: f64,
    word: f64,
    /// The horizontal scale, 1 for 100 %.
    scale: f64,
    leading: f64,
    rise: f64,
    mode: i64,
    /// Whether strokes, and fills, are white.
    white: [bool; 2],
}

impl Default for State {
    fn default() -> Self {
        Self {
            matrix: SAME,
            font: None,
            size: 0.0,
            character: 0.0,
            word: 0.0,
            scale: 1.0,
            leading: 0.0,
            rise: 0.0,
            mode: 0,
            white: [false; 2],
        }
    }
}

struct Reader<'a> {
    document: &'a Document,
    limits: &'a Limits,
    fonts: &'a mut HashMap<ObjectId, Rc<Font>>,
    page: DrawnPage,
    saved: Vec<State>,
    state: State,
    text: Matrix,
    line: Matrix,
    /// The open path, part by part, in points of the page.
    path: Vec<Vec<[f64; 2]>>,
    /// The number of forms that are open.
    depth: usize,
}

impl Reader<'_> {
    fn page(&mut self, id: ObjectId) -> Result<(), PdfFault> {
        let dictionary = self.document.get_dictionary(id)?;
        let inherited = |key: &[u8]| {
            let mut at = Some(dictionary);
            for _ in 0..32 {
                let own = at?.get_deref(key, self.document).ok();
                if own.is_some() {
                    return own;
                }
                at = at?.get_deref(b"Parent", self.document).ok()?.as_dict().ok();
            }
            None
        };
        let edges = |key: &[u8]| {
            let list = inherited(key)?.as_array().ok()?;
            let numbers = list.iter().map(|number| self.number(number));
            let numbers: Option<Vec<f64>> = numbers.collect();
            let edges: [f64; 4] = numbers?.try_into().ok()?;
            let [left, low, right, high] = edges;
            let edges = [
                left.min(right),
                low.min(high),
                left.max(right),
                low.max(high),
            ];
            (edges[2] - edges[0] > 1.0 && edges[3] - edges[1] > 1.0).then_some(edges)
        };
        let edges = edges(b"CropBox").or_else(|| edges(b"MediaBox"));
        let [left, low, right, high] = edges.unwrap_or([0.0, 0.0, 595.0, 842.0]);
        let (width, height) = (right - left, high - low);
        let turns = inherited(b"Rotate").and_then(|turns| turns.as_i64().ok());
        // From the lower left corner to the upper left one, the page turned as it is shown.
        let (matrix, size) = match turns.unwrap_or_default().rem_euclid(360) {
            90 => ([0.0, 1.0, 1.0, 0.0, -low, -left], [height, width]),
            180 => ([-1.0, 0.0, 0.0, 1.0, right, -low], [width, height]),
            270 => ([0.0, -1.0, -1.0, 0.0, high, right], [height, width]),
            _ => ([1.0, 0.0, 0.0, -1.0, -left, high], [width, height]),
        };
        [self.page.width, self.page.height] = size;
        self.state.matrix = matrix;
        let mut content = Vec::new();
        for part in self.document.get_page_contents(id) {
            let stream = self.document.get_object(part)?.as_stream()?;
            content.extend(self.inflated(stream)?);
            content.push(b'\n');
            if content.len() > MAX_CONTENT {
                return Err(PdfFault::TooMuch);
            }
        }
        let resources = inherited(b"Resources").and_then(|own| own.as_dict().ok());
        self.content(&content, resources, 0)
    }

    fn inflated(&self, stream: &lopdf::Stream) -> Result<Vec<u8>, PdfFault> {
        let most = self.limits.inflated.get().min(MAX_CONTENT);
        let content = stream.get_plain_content_with_limit(most)?;
        take(&self.limits.inflated, content.len().max(4 << 10))?;
        Ok(content)
    }

    fn number(&self, object: &Object) -> Option<f64> {
        let (_, object) = self.document.dereference(object).ok()?;
        object.as_float().ok().map(f64::from)
    }

    fn content(
        &mut self,
        content: &[u8],
        resources: Option<&Dictionary>,
        depth: usize,
    ) -> Result<(), PdfFault> {
        let document = self.document;
        let part = |kind: &[u8], name: &[u8]| {
            let all = resources?.get_deref(kind, document).ok()?.as_dict().ok()?;
            let own = all.get(name).ok()?;
            let (id, object) = document.dereference(own).ok()?;
            Some((id, object))
        };
        for operation in Content::decode_iter(content) {
            take(&self.limits.operators, 1)?;
            // What cannot be read of a content is passed over, as viewers do.
            let Ok(operation) = operation else { continue };
            match (&operation.operator[..], &operation.operands[..]) {
                ("Tf", [Object::Name(name), size]) => {
                    self.state.size = self.number(size).unwrap_or_default();
                    self.state.font = match part(b"Font", name) {
                        Some((id, Object::Dictionary(font))) => Some(self.font(id, font)?),
                        _ => None,
                    };
                }
                ("Do", [Object::Name(name)]) => {
                    let Some((_, Object::Stream(stream))) = part(b"XObject", name) else {
                        continue;
                    };
                    let kind = stream.dict.get(b"Subtype").and_then(Object::as_name);
                    if !matches!(kind, Ok(b"Form")) {
                        self.page.pictures += 1;
                        continue;
                    }
                    if depth >= MAX_FORMS {
                        return Err(PdfFault::TooMuch);
                    }
                    let own = stream.dict.get_deref(b"Resources", document);
                    let own = own.and_then(Object::as_dict).ok().or(resources);
                    let kept = (self.state.clone(), self.saved.len());
                    let inner = stream
                        .dict
                        .get_deref(b"Matrix", document)
                        .and_then(Object::as_array);
                    if let Some(inner) = inner.ok().and_then(|inner| matrix(inner)) {
                        self.state.matrix = then(inner, self.state.matrix);
                    }
                    let content = self.inflated(stream)?;
                    self.depth = depth + 1;
                    self.content(&content, own, depth + 1)?;
                    self.depth = depth;
                    self.state = kept.0;
                    self.saved.truncate(kept.1);
                }
                _ => self.operation(&operation)?,
            }
        }
        Ok(())
    }

    fn font(&mut self, id: Option<ObjectId>, font: &Dictionary) -> Result<Rc<Font>, PdfFault> {
        if let Some(known) = id.and_then(|id| self.fonts.get(&id)) {
            return Ok(known.clone());
        }
        if self.fonts.len() >= MAX_FONTS {
            return Err(PdfFault::TooMuch);
        }
        let map = font.get_deref(b"ToUnicode", self.document);
        let map = map.and_then(Object::as_stream).ok();
        let map = map.map(|map| self.inflated(map)).transpose()?;
        let font = Rc::new(Font::read(font, map.as_deref(), self.document));
        if let Some(id) = id {
            self.fonts.insert(id, font.clone());
        }
        Ok(font)
    }

    fn operation(&mut self, operation: &Operation) -> Result<(), PdfFault> {
        let operands = &operation.operands[..];
        let numbers: Vec<f64> = operands
            .iter()
            .filter_map(|operand| operand.as_float().ok())
            .map(f64::from)
            .collect();
        let first = numbers.first().copied().unwrap_or_default();
        match (&operation.operator[..], numbers.as_slice()) {
            ("q", _) => {
                if self.saved.len() >= MAX_SAVED {
                    return Err(PdfFault::TooMuch);
                }
                self.saved.push(self.state.clone());
            }
            ("Q", _) => {
                if let Some(state) = self.saved.pop() {
                    self.state = state;
                }
            }
            ("cm", _) => {
                if let Some(matrix) = matrix(operands) {
                    self.state.matrix = then(matrix, self.state.matrix);
                }
            }
            ("BT", _) => (self.text, self.line) = (SAME, SAME),
            ("Tm", _) => {
                self.line = matrix(operands).unwrap_or(self.line);
                self.text = self.line;
            }
            ("Td" | "TD", [x, y]) => {
                if operation.operator == "TD" {
                    self.state.leading = -y;
                }
                self.next_line(*x, *y);
            }
            ("T*", _) => self.next_line(0.0, -self.state.leading),
            ("Tc", [_]) => self.state.character = first,
            ("Tw", [_]) => self.state.word = first,
            ("Tz", [_]) => self.state.scale = first / 100.0,
            ("TL", [_]) => self.state.leading = first,
            ("Ts", [_]) => self.state.rise = first,
            ("Tr", [_]) => self.state.mode = operands[0].as_i64().unwrap_or_default(),
            ("Tj" | "TJ", _) => self.show(operands)?,
            ("'" | "\"", _) => {
                if let [word, character] = numbers[..] {
                    (self.state.word, self.state.character) = (word, character);
                }
                self.next_line(0.0, -self.state.leading);
                self.show(operands)?;
            }
            ("G" | "RG" | "SC" | "SCN", _) => self.state.white[0] = is_white(&numbers),
            ("g" | "rg" | "sc" | "scn", _) => self.state.white[1] = is_white(&numbers),
            ("K", _) => self.state.white[0] = is_unprinted(&numbers),
            ("k", _) => self.state.white[1] = is_unprinted(&numbers),
            ("m", [x, y]) => {
                let point = self.point(*x, *y);
                self.path.push(vec![point]);
            }
            ("l", [x, y]) | ("c", [_, _, _, _, x, y]) | ("v" | "y", [_, _, x, y]) => {
                let point = self.point(*x, *y);
                if let Some(part) = self.path.last_mut() {
                    part.push(point);
                }
            }
            ("re", [x, y, width, height]) => {
                let corners = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0)];
                let points =
                    corners.map(|(across, up)| self.point(x + across * width, y + up * height));
                self.path.push(points.to_vec());
            }
            ("h", _) => self.close(),
            ("n", _) => self.path.clear(),
            (operator @ ("S" | "s" | "f" | "F" | "f*" | "B" | "B*" | "b" | "b*"), _) => {
                if matches!(operator, "s" | "b" | "b*") {
                    self.close();
                }
                let strokes = matches!(operator, "S" | "s" | "B" | "B*" | "b" | "b*");
                let fills = !matches!(operator, "S" | "s");
                self.paint(
                    strokes && !self.state.white[0],
                    fills && !self.state.white[1],
                )?;
            }
            _ => {}
        }
        // A path without end is bounded like rules.
        if self.path.len() + self.path.last().map_or(0, Vec::len) > MAX_RULES {
            return Err(PdfFault::TooMuch);
        }
        Ok(())
    }

    fn next_line(&mut self, x: f64, y: f64) {
        self.line = then([1.0, 0.0, 0.0, 1.0, x, y], self.line);
        self.text = self.line;
    }

    fn point(&self, x: f64, y: f64) -> [f64; 2] {
        let place = then([1.0, 0.0, 0.0, 1.0, x, y], self.state.matrix);
        [place[4], place[5]]
    }

    fn close(&mut self) {
        if let Some(part) = self.path.last_mut()
            && let Some(first) = part.first().copied()
        {
            part.push(first);
        }
    }

    /// Takes the rules of the open path.
    fn paint(&mut self, strokes: bool, fills: bool) -> Result<(), PdfFault> {
        for part in std::mem::take(&mut self.path) {
            if strokes {
                for pair in part.windows(2) {
                    self.rule(pair[0], pair[1])?;
                }
            }
            if fills && part.len() >= 3 {
                let side = |axis: usize| {
                    let values = || part.iter().map(|point| point[axis]);
                    let low = values().fold(f64::INFINITY, f64::min);
                    let high = values().fold(f64::NEG_INFINITY, f64::max);
                    [low, high]
                };
                let ([left, right], [top, bottom]) = (side(0), side(1));
                let (width, height) = (right - left, bottom - top);
                if height <= THICKEST && width > height {
                    let middle = f64::midpoint(top, bottom);
                    self.rule([left, middle], [right, middle])?;
                } else if width <= THICKEST && height > width {
                    let middle = f64::midpoint(left, right);
                    self.rule([middle, top], [middle, bottom])?;
                }
            }
        }
        Ok(())
    }

    fn rule(&mut self, from: [f64; 2], to: [f64; 2]) -> Result<(), PdfFault> {
        let is_straight = (from[0] - to[0]).abs() <= 0.5 || (from[1] - to[1]).abs() <= 0.5;
        if !is_straight || from.iter().chain(&to).any(|side| !side.is_finite()) {
            return Ok(());
        }
        take(&self.limits.rules, 1)?;
        let order = |axis: usize| [from[axis].min(to[axis]), from[axis].max(to[axis])];
        let ([left, right], [top, bottom]) = (order(0), order(1));
        self.page.rules.push(DrawnRule {
            from: [left, top],
            to: [right, bottom],
        });
        Ok(())
    }

    fn show(&mut self, operands: &[Object]) -> Result<(), PdfFault> {
        let Some(shown) = operands.last() else {
            return Ok(());
        };
        let Some(font) = self.state.font.clone() else {
            return Ok(());
        };
        let alone = std::slice::from_ref(shown);
        for part in shown.as_array().map_or(alone, Vec::as_slice) {
            if let Ok(number) = part.as_float() {
                let back = f64::from(number) / 1_000.0 * self.state.size * self.state.scale;
                self.text = then([1.0, 0.0, 0.0, 1.0, -back, 0.0], self.text);
            }
            if let Ok(string) = part.as_str() {
                for code in font.codes(string) {
                    self.glyph(&font, code)?;
                }
            }
        }
        Ok(())
    }

    fn glyph(&mut self, font: &Font, (code, length): (u32, usize)) -> Result<(), PdfFault> {
        take(&self.limits.glyphs, 1)?;
        let state = &self.state;
        let own = font.width(code) / 1_000.0 * state.size;
        let blank = if (code, length) == (32, 1) {
            state.word
        } else {
            0.0
        };
        let advance = (own + state.character + blank) * state.scale;
        let place = then(
            [1.0, 0.0, 0.0, 1.0, 0.0, state.rise],
            then(self.text, state.matrix),
        );
        let across = place[0].hypot(place[1]);
        // The page is upside down in its own coordinates.
        let upright = place[0] > 0.0 && place[1].abs() <= across * 0.05 && place[3] < 0.0;
        let text = font.text(code);
        if upright {
            let glyph = DrawnGlyph {
                text,
                x: place[4],
                y: place[5],
                width: own * state.scale * across,
                size: state.size * place[2].hypot(place[3]),
                is_hidden: state.mode == 3,
                is_within_form: self.depth > 0,
            };
            if [glyph.x, glyph.y, glyph.width, glyph.size]
                .iter()
                .all(|side| side.is_finite())
            {
                self.page.glyphs.push(glyph);
            }
        } else if !text.trim().is_empty() {
            self.page.turned += 1;
        }
        self.text = then([1.0, 0.0, 0.0, 1.0, advance, 0.0], self.text);
        Ok(())
    }
}

fn is_white(numbers: &[f64]) -> bool {
    matches!(numbers.len(), 1 | 3) && numbers.iter().all(|number| *number > 0.98)
        || numbers.len() == 4 && is_unprinted(numbers)
}

fn is_unprinted(inks: &[f64]) -> bool {
    inks.len() == 4 && inks.iter().all(|ink| *ink < 0.02)
}
