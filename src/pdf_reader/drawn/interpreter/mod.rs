//! The operators of pages (ISO 32000-1, annex A) that draw glyphs, rules and pictures.

mod text;

use std::collections::HashMap;
use std::rc::Rc;

use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Object, ObjectId, Stream};

use super::font::Font;
use super::ink::{Path, is_white, within};
use super::page::{Drawing, DrawnPage, Rule};
use super::text::{Cursor, TextState};
use super::{MAX_CONTENT, MAX_DRAWN_PAGES, MAX_FORMS, MAX_OPERATORS, MAX_RULES, MAX_STREAM};
use crate::pdf_reader::file::{PdfFault, PdfFile};
use crate::pdf_reader::matrix::{Matrix, apply, numbers, then};

/// The most states saved at once.
const MAX_SAVED: usize = 1_000;
/// An operator that stands behind all content: what ends before it is broken.
const END: &str = "EndOfContent";
impl PdfFile {
    /// What the pages draw.
    ///
    /// # Errors
    /// If there is more than may be read.
    pub fn drawn(&self) -> Result<Vec<DrawnPage>, PdfFault> {
        let ids: Vec<ObjectId> = self
            .document
            .page_iter()
            .take(MAX_DRAWN_PAGES + 1)
            .collect();
        if ids.len() > MAX_DRAWN_PAGES {
            return Err(PdfFault::TooMuch);
        }
        let mut shared = Shared::default();
        let mut pages = Vec::with_capacity(ids.len());
        for id in ids {
            pages.push(self.drawn_page(id, &mut shared)?);
        }
        Ok(pages)
    }

    fn drawn_page(&self, id: ObjectId, shared: &mut Shared) -> Result<DrawnPage, PdfFault> {
        let (matrix, width, height) = self.page_frame(id);
        let mut content = Vec::new();
        let mut page = DrawnPage {
            width,
            height,
            ..DrawnPage::default()
        };
        for part in self.document.get_page_contents(id) {
            let Ok(stream) = self.document.get_object(part).and_then(Object::as_stream) else {
                page.broken = true;
                continue;
            };
            match self.inflated(stream, MAX_CONTENT - content.len()) {
                Ok(part) => content.extend(part),
                Err(PdfFault::TooMuch) => return Err(PdfFault::TooMuch),
                Err(_) => page.broken = true,
            }
            content.push(b'\n');
            if content.len() >= MAX_CONTENT {
                return Err(PdfFault::TooMuch);
            }
        }
        let resources: Vec<&Dictionary> = match self.document.get_page_resources(id) {
            Ok((own, ids)) => {
                let ids = ids
                    .into_iter()
                    .filter_map(|id| self.document.get_dictionary(id).ok());
                own.into_iter().chain(ids).collect()
            }
            Err(_) => Vec::new(),
        };
        let mut interpreter = Interpreter {
            pdf: self,
            shared,
            page,
            shapes: Vec::new(),
            state: State::new(matrix, [0.0, 0.0, width, height]),
            saved: Vec::new(),
            cursor: Cursor::default(),
            path: Path::default(),
            clips: false,
            marks: Vec::new(),
        };
        interpreter.run(&content, &resources, 0)?;
        let mut page = interpreter.page;
        page.without_doubles();
        page.upright();
        Ok(page)
    }

    /// The matrix from the space of a page to points from its top left corner as it is shown, and its size.
    fn page_frame(&self, id: ObjectId) -> (Matrix, f64, f64) {
        let inherited = |key: &[u8]| {
            let mut node = self.document.get_dictionary(id).ok();
            for _ in 0..64 {
                let dictionary = node?;
                if let Some(found) = self.entry(dictionary, key) {
                    return Some(found);
                }
                node = self.dictionary(dictionary, b"Parent");
            }
            None
        };
        let area = |key| {
            let list = inherited(key)?.as_array().ok()?;
            let list = list.iter().map(|o| {
                Some(f64::from(
                    self.document.dereference(o).ok()?.1.as_float().ok()?,
                ))
            });
            let [a, b, c, d]: [f64; 4] = list.collect::<Option<Vec<_>>>()?.try_into().ok()?;
            let area = [a.min(c), b.min(d), a.max(c), b.max(d)];
            (area[2] - area[0] > 1.0
                && area[3] - area[1] > 1.0
                && area.iter().all(|n| n.abs() < 1e6))
            .then_some(area)
        };
        let media = area(b"MediaBox").unwrap_or([0.0, 0.0, 595.0, 842.0]);
        let [x0, y0, x1, y1] = match area(b"CropBox") {
            Some(crop) => [
                crop[0].max(media[0]),
                crop[1].max(media[1]),
                crop[2].min(media[2]),
                crop[3].min(media[3]),
            ],
            None => media,
        };
        let (width, height) = ((x1 - x0).max(1.0), (y1 - y0).max(1.0));
        let turned = inherited(b"Rotate")
            .and_then(|turned| turned.as_i64().ok())
            .unwrap_or_default();
        match turned.rem_euclid(360) {
            90 => ([0.0, 1.0, 1.0, 0.0, -y0, -x0], height, width),
            180 => ([-1.0, 0.0, 0.0, 1.0, x1, -y0], width, height),
            270 => ([0.0, -1.0, -1.0, 0.0, y1, x1], height, width),
            _ => ([1.0, 0.0, 0.0, -1.0, -x0, y1], width, height),
        }
    }
}

/// What all pages share: fonts by object, and what was read so far.
#[derive(Default)]
struct Shared {
    fonts: HashMap<ObjectId, Rc<Font>>,
    font_count: usize,
    operators: usize,
    glyphs: usize,
    rules: usize,
}

/// Adds to a count that has a bound.
fn count(counted: &mut usize, by: usize, most: usize) -> Result<(), PdfFault> {
    *counted += by;
    if *counted > most {
        Err(PdfFault::TooMuch)
    } else {
        Ok(())
    }
}

/// The colour of ink, as far as it is seen.
#[derive(Clone, Copy, Default)]
struct Ink {
    white: bool,
    clear: bool,
    /// Whether its colour space counts ink, not light.
    own: bool,
}

impl Ink {
    fn is_seen(self) -> bool {
        !self.white && !self.clear
    }
}

/// What `q` saves.
#[derive(Clone)]
struct State {
    matrix: Matrix,
    clip: [f64; 4],
    width: f64,
    fill: Ink,
    stroke: Ink,
    text: TextState,
}

impl State {
    fn new(matrix: Matrix, clip: [f64; 4]) -> Self {
        Self {
            matrix,
            clip,
            width: 1.0,
            fill: Ink::default(),
            stroke: Ink::default(),
            text: TextState::default(),
        }
    }
}

struct Interpreter<'a> {
    pdf: &'a PdfFile,
    shared: &'a mut Shared,
    page: DrawnPage,
    /// The edges of what is filled with a colour, on which white is seen.
    shapes: Vec<[f64; 4]>,
    state: State,
    saved: Vec<State>,
    cursor: Cursor,
    path: Path,
    /// Whether the path will clip.
    clips: bool,
    /// The marked-content sequences that are open, and whether each is a layer that is switched off.
    marks: Vec<bool>,
}

impl<'a> Interpreter<'a> {
    fn run(
        &mut self,
        content: &[u8],
        resources: &[&'a Dictionary],
        depth: usize,
    ) -> Result<(), PdfFault> {
        let content = [content, b"\n", END.as_bytes()].concat();
        let mut ended = false;
        for operation in Content::decode_iter(&content) {
            let Ok(operation) = operation else { break };
            count(&mut self.shared.operators, 1, MAX_OPERATORS)?;
            ended = operation.operator == END;
            self.operation(&operation, resources, depth)?;
        }
        self.page.broken |= !ended;
        Ok(())
    }

    fn operation(
        &mut self,
        operation: &Operation,
        resources: &[&'a Dictionary],
        depth: usize,
    ) -> Result<(), PdfFault> {
        let operands = &operation.operands[..];
        match &operation.operator[..] {
            "q" if self.saved.len() >= MAX_SAVED => return Err(PdfFault::TooMuch),
            "q" => self.saved.push(self.state.clone()),
            "Q" => {
                if let Some(saved) = self.saved.pop() {
                    self.state = saved;
                }
            }
            "cm" => {
                if let Some(matrix) = numbers(operands) {
                    self.state.matrix = then(matrix, self.state.matrix);
                }
            }
            "w" => {
                if let Some([width]) = numbers(operands) {
                    self.state.width = width;
                }
            }
            "gs" => self.graphics_state(operands, resources),
            "Do" => self.object(operands, resources, depth)?,
            "BI" => self.picture(None)?,
            "BMC" | "BDC" if self.marks.len() >= MAX_SAVED => return Err(PdfFault::TooMuch),
            "BMC" | "BDC" => {
                let off = self.is_off(operands, resources);
                self.marks.push(off);
            }
            "EMC" => {
                self.marks.pop();
            }
            "m" | "l" | "c" | "v" | "y" | "h" | "re" | "S" | "s" | "f" | "F" | "f*" | "B"
            | "B*" | "b" | "b*" | "n" | "W" | "W*" => {
                self.path_operation(&operation.operator, operands)?;
            }
            "g" | "rg" | "k" | "sc" | "scn" => {
                self.state.fill.white = is_white(operands, self.state.fill.own);
            }
            "G" | "RG" | "K" | "SC" | "SCN" => {
                self.state.stroke.white = is_white(operands, self.state.stroke.own);
            }
            "cs" => self.state.fill = self.colour_space(operands, resources, self.state.fill),
            "CS" => self.state.stroke = self.colour_space(operands, resources, self.state.stroke),
            operator => self.text_operation(operator, operands, resources)?,
        }
        if matches!(&operation.operator[..], "g" | "rg" | "k") {
            self.state.fill.own = false;
        }
        if matches!(&operation.operator[..], "G" | "RG" | "K") {
            self.state.stroke.own = false;
        }
        Ok(())
    }

    fn resource(
        &self,
        resources: &[&'a Dictionary],
        kind: &[u8],
        operand: Option<&Object>,
    ) -> Option<(Option<ObjectId>, &'a Object)> {
        let pdf = self.pdf;
        let name = operand?.as_name().ok()?;
        let mut kinds = resources
            .iter()
            .filter_map(|resources| pdf.dictionary(resources, kind));
        let object = kinds.find_map(|kind| kind.get(name).ok())?;
        pdf.document.dereference(object).ok()
    }

    fn graphics_state(&mut self, operands: &[Object], resources: &[&'a Dictionary]) {
        let found = self.resource(resources, b"ExtGState", operands.last());
        let Some(Ok(state)) = found.map(|(_, object)| object.as_dict()) else {
            return;
        };
        let alpha = |key: &[u8]| {
            self.pdf
                .entry(state, key)
                .and_then(|alpha| alpha.as_float().ok())
        };
        let (fill, stroke) = (alpha(b"ca"), alpha(b"CA"));
        let width = self
            .pdf
            .entry(state, b"LW")
            .and_then(|width| width.as_float().ok());
        self.state.width = width.map_or(self.state.width, f64::from);
        for (ink, alpha) in [
            (&mut self.state.fill, fill),
            (&mut self.state.stroke, stroke),
        ] {
            ink.clear = alpha.map_or(ink.clear, |alpha| alpha < 0.02);
        }
    }

    fn colour_space(&self, operands: &[Object], resources: &[&'a Dictionary], ink: Ink) -> Ink {
        let found = self.resource(resources, b"ColorSpace", operands.last());
        let family = found.and_then(|(_, space)| space.as_array().ok()?.first()?.as_name().ok());
        let own = matches!(family, Some(b"Separation" | b"DeviceN" | b"Indexed"));
        Ink {
            white: false,
            own,
            ..ink
        }
    }

    /// Whether marked content is a layer that is switched off.
    fn is_off(&self, operands: &[Object], resources: &[&'a Dictionary]) -> bool {
        let [Object::Name(tag), properties] = operands else {
            return false;
        };
        let found = self.resource(resources, b"Properties", Some(properties));
        tag == b"OC"
            && found
                .and_then(|(id, _)| id)
                .is_some_and(|id| self.pdf.is_layer_off(id))
    }

    fn object(
        &mut self,
        operands: &[Object],
        resources: &[&'a Dictionary],
        depth: usize,
    ) -> Result<(), PdfFault> {
        let found = self.resource(resources, b"XObject", operands.last());
        let Some(Object::Stream(stream)) = found.map(|(_, object)| object) else {
            return Ok(());
        };
        let pdf = self.pdf;
        let kind = pdf
            .entry(&stream.dict, b"Subtype")
            .and_then(|kind| kind.as_name().ok());
        let layer = stream.dict.get(b"OC").and_then(Object::as_reference);
        if layer.is_ok_and(|id| pdf.is_layer_off(id)) {
            return Ok(());
        }
        match kind {
            Some(b"Image") => self.picture(Some(stream)),
            Some(b"Form") if depth >= MAX_FORMS => Err(PdfFault::TooMuch),
            Some(b"Form") => self.form(stream, resources, depth),
            _ => Ok(()),
        }
    }

    fn form(
        &mut self,
        stream: &'a Stream,
        resources: &[&'a Dictionary],
        depth: usize,
    ) -> Result<(), PdfFault> {
        let content = match self.pdf.inflated(stream, MAX_CONTENT) {
            Ok(content) => content,
            Err(PdfFault::TooMuch) => return Err(PdfFault::TooMuch),
            Err(_) => {
                self.page.broken = true;
                return Ok(());
            }
        };
        let before = (
            self.state.clone(),
            self.cursor,
            std::mem::take(&mut self.saved),
        );
        if let Some(matrix) = numbers(self.pdf.list(&stream.dict, b"Matrix")) {
            self.state.matrix = then(matrix, self.state.matrix);
        }
        if let Some([x0, y0, x1, y1]) = numbers(self.pdf.list(&stream.dict, b"BBox")) {
            let mut area = Path::default();
            area.rectangle(self.state.matrix, [x0, y0, x1 - x0, y1 - y0])?;
            self.clip(&area);
        }
        let own = self.pdf.dictionary(&stream.dict, b"Resources");
        let own = own.map_or_else(|| resources.to_vec(), |own| vec![own]);
        self.run(&content, &own, depth + 1)?;
        (self.state, self.cursor, self.saved) = before;
        Ok(())
    }

    /// Draws a picture of pixels, or one that stands within the content.
    fn picture(&mut self, stream: Option<&Stream>) -> Result<(), PdfFault> {
        count(&mut self.shared.rules, 1, MAX_RULES)?;
        let corners = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]
            .map(|corner| apply(self.state.matrix, corner));
        let edge = |axis: usize, pick: fn(f64, f64) -> f64| {
            corners
                .iter()
                .map(|corner| corner[axis])
                .fold(corners[0][axis], pick)
        };
        let area = [
            edge(0, f64::min),
            edge(1, f64::min),
            edge(0, f64::max),
            edge(1, f64::max),
        ];
        let clip = self.state.clip;
        let area = [
            area[0].max(clip[0]),
            area[1].max(clip[1]),
            area[2].min(clip[2]),
            area[3].min(clip[3]),
        ];
        if !(area[0] < area[2] && area[1] < area[3]) || self.marks.contains(&true) {
            return Ok(());
        }
        let is_file = |stream: &&Stream| {
            stream
                .filters()
                .is_ok_and(|filters| filters == [b"DCTDecode"])
        };
        let bytes = match stream.filter(is_file) {
            Some(stream) if stream.content.len() <= MAX_STREAM => stream.content.clone(),
            _ => Vec::new(),
        };
        // What a picture holds is held a second time: it counts as inflated.
        self.pdf.count(bytes.len())?;
        self.shapes.push(area);
        self.page.drawings.push(Drawing { area, bytes });
        Ok(())
    }

    fn path_operation(&mut self, operator: &str, operands: &[Object]) -> Result<(), PdfFault> {
        let matrix = self.state.matrix;
        let end = |pair: Option<[f64; 2]>| pair.map(|pair| apply(matrix, pair));
        match operator {
            "m" => {
                if let Some(point) = end(numbers(operands)) {
                    self.path.begin(point)?;
                }
            }
            "l" => {
                if let Some(point) = end(numbers(operands)) {
                    self.path.line(point)?;
                }
            }
            "c" | "v" | "y" => {
                let last = operands.len().saturating_sub(2);
                if let Some(point) = end(numbers(&operands[last..])) {
                    self.path.curve(point)?;
                }
            }
            "h" => self.path.close(),
            "re" => {
                if let Some(area) = numbers(operands) {
                    self.path.rectangle(matrix, area)?;
                }
            }
            "W" | "W*" => self.clips = true,
            _ => self.paint(operator)?,
        }
        Ok(())
    }

    fn paint(&mut self, operator: &str) -> Result<(), PdfFault> {
        if matches!(operator, "s" | "b" | "b*") {
            self.path.close();
        }
        let off = self.marks.contains(&true);
        if matches!(operator, "f" | "F" | "f*" | "B" | "B*" | "b" | "b*")
            && self.state.fill.is_seen()
            && !off
        {
            let even = operator.ends_with('*');
            let (rules, shapes) = self.path.filled(self.state.clip, even);
            count(&mut self.shared.rules, shapes.len(), MAX_RULES)?;
            self.shapes.extend(&shapes);
            self.page.shapes.extend(shapes);
            self.rules(rules)?;
        }
        if matches!(operator, "S" | "s" | "B" | "B*" | "b" | "b*")
            && self.state.stroke.is_seen()
            && !off
        {
            let [a, b, c, d, ..] = self.state.matrix;
            let width = self.state.width * (a * d - b * c).abs().sqrt();
            let (rules, shapes) = self.path.stroked(width);
            count(&mut self.shared.rules, shapes.len(), MAX_RULES)?;
            self.page.shapes.extend(shapes);
            self.rules(rules)?;
        }
        let path = std::mem::take(&mut self.path);
        if std::mem::take(&mut self.clips) {
            self.clip(&path);
        }
        Ok(())
    }

    fn rules(&mut self, rules: Vec<Rule>) -> Result<(), PdfFault> {
        count(&mut self.shared.rules, rules.len(), MAX_RULES)?;
        let clip = self.state.clip;
        // A rule on the edge of its clip is half seen.
        let clip = [clip[0] - 0.5, clip[1] - 0.5, clip[2] + 0.5, clip[3] + 0.5];
        self.page
            .rules
            .extend(rules.into_iter().filter_map(|rule| within(rule, clip)));
        Ok(())
    }

    fn clip(&mut self, path: &Path) {
        let [left, top, right, bottom] = path.edges();
        let clip = self.state.clip;
        self.state.clip = [
            clip[0].max(left),
            clip[1].max(top),
            clip[2].min(right),
            clip[3].min(bottom),
        ];
    }
}
