//! What stands on the pages: the text of each marked-content sequence, and where it begins.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

use hayro_cmap::{BfString, CMap};
use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Object, ObjectId, decode_text_string};

use super::{Fault, MAX_PAGES, Record};
use crate::digest::Digest;

/// The text of a marked-content sequence.
#[derive(Clone, Debug, Default)]
pub(super) struct Marked {
    pub text: String,
    /// Where its first glyph stands, in points from the lower left corner of the page.
    pub at: Option<(f64, f64)>,
}

/// Text by its page and the number of its sequence.
pub(super) type Texts = HashMap<(ObjectId, i64), Marked>;

impl Record {
    /// The pages in their order.
    pub(super) fn pages(&self) -> Result<Vec<ObjectId>, Fault> {
        let pages: Vec<_> = self.document.page_iter().take(MAX_PAGES + 1).collect();
        (pages.len() <= MAX_PAGES)
            .then_some(pages)
            .ok_or(Fault::TooMuch)
    }

    /// The content of a page, its streams one after the other.
    fn page_content(&self, page: ObjectId) -> Result<Vec<u8>, Fault> {
        let mut content = Vec::new();
        for stream in self.document.get_page_contents(page) {
            let stream = self.document.get_object(stream)?.as_stream()?;
            content.extend(self.inflated(stream)?);
            content.push(b'\n');
        }
        Ok(content)
    }

    /// The digest of what each page draws.
    pub(super) fn page_digests(&self) -> Result<Vec<Digest>, Fault> {
        let pages = self.pages()?.into_iter();
        pages
            .map(|page| Ok(Digest::of(&self.page_content(page)?)))
            .collect()
    }

    /// All marked text.
    pub(super) fn texts(&self) -> Result<Texts, Fault> {
        let mut texts = Texts::new();
        let mut maps: HashMap<ObjectId, CMap> = HashMap::new();
        for page in self.pages()? {
            let content = self.page_content(page)?;
            let fonts = self.fonts(page, &mut maps);
            let mut reader = Reader::new(page, &mut texts);
            for operation in Content::decode_iter(&content) {
                let operation = operation?;
                let font = match (&operation.operator[..], &operation.operands[..]) {
                    ("Tf", [Object::Name(name), _]) => Some(name),
                    _ => None,
                };
                if let Some(name) = font {
                    reader.map = fonts.get(name).and_then(|id| maps.get(id));
                } else {
                    reader.operation(&operation);
                }
            }
        }
        Ok(texts)
    }

    /// The fonts of a page by name, as the objects that map their codes to characters; these are read
    /// once.
    fn fonts(
        &self,
        page: ObjectId,
        maps: &mut HashMap<ObjectId, CMap>,
    ) -> BTreeMap<Vec<u8>, ObjectId> {
        let fonts = self.document.get_page_fonts(page).unwrap_or_default();
        let mut map_of = |font: &Dictionary| {
            let id = font.get(b"ToUnicode").ok()?.as_reference().ok()?;
            if let Entry::Vacant(entry) = maps.entry(id) {
                let stream = self.document.get_object(id).ok()?.as_stream().ok()?;
                entry.insert(CMap::parse(&self.inflated(stream).ok()?, |_| None)?);
            }
            Some(id)
        };
        let fonts = fonts.into_iter();
        fonts
            .filter_map(|(name, font)| Some((name, map_of(font)?)))
            .collect()
    }
}

/// A matrix of six numbers (ISO 32000-1, 8.3.3).
type Matrix = [f64; 6];

const SAME: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

/// First one, then the other.
fn then(a: Matrix, b: Matrix) -> Matrix {
    [
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    ]
}

/// The most states that are kept at once (ISO 32000-1, annex C, asks for 28).
const MAX_NESTED: usize = 1_000;

/// A marked-content sequence that is open.
struct Mark {
    mcid: Option<i64>,
    /// The text in place of the glyphs, until it was taken.
    instead: Option<String>,
    /// Whether there is, or was, such a text.
    replaced: bool,
}

/// Follows the operators of one page.
struct Reader<'a> {
    page: ObjectId,
    texts: &'a mut Texts,
    map: Option<&'a CMap>,
    marks: Vec<Mark>,
    saved: Vec<Matrix>,
    current: Matrix,
    line: Matrix,
}

impl<'a> Reader<'a> {
    fn new(page: ObjectId, texts: &'a mut Texts) -> Self {
        Self {
            page,
            texts,
            map: None,
            marks: Vec::new(),
            saved: Vec::new(),
            current: SAME,
            line: SAME,
        }
    }

    fn operation(&mut self, operation: &Operation) {
        let operands = &operation.operands[..];
        match &operation.operator[..] {
            "q" if self.saved.len() < MAX_NESTED => self.saved.push(self.current),
            "Q" => self.current = self.saved.pop().unwrap_or(SAME),
            "cm" => {
                if let Some(matrix) = matrix(operands) {
                    self.current = then(matrix, self.current);
                }
            }
            "BT" => self.line = SAME,
            "Tm" => self.line = matrix(operands).unwrap_or(self.line),
            "Td" | "TD" => {
                if let [x, y] = operands
                    && let (Ok(x), Ok(y)) = (x.as_float(), y.as_float())
                {
                    self.line = then([1.0, 0.0, 0.0, 1.0, x.into(), y.into()], self.line);
                }
            }
            "BMC" | "BDC" if self.marks.len() < MAX_NESTED => self.marks.push(mark(operands)),
            "EMC" => {
                self.marks.pop();
            }
            "Tj" | "TJ" => {
                if let Some(shown) = operands.last() {
                    self.show(shown);
                }
            }
            _ => {}
        }
    }

    fn show(&mut self, shown: &Object) {
        let Some(mcid) = self.marks.iter().rev().find_map(|mark| mark.mcid) else {
            return;
        };
        let marked = self.texts.entry((self.page, mcid)).or_default();
        let place = then(self.line, self.current);
        marked.at.get_or_insert((place[4], place[5]));
        if let Some(mark) = self.marks.iter_mut().find(|mark| mark.replaced) {
            marked
                .text
                .push_str(&mark.instead.take().unwrap_or_default());
            return;
        }
        let alone = std::slice::from_ref(shown);
        let strings = shown.as_array().map_or(alone, Vec::as_slice).iter();
        for string in strings.filter_map(|string| string.as_str().ok()) {
            // Our fonts have codes of two bytes (Identity-H).
            for code in string.chunks_exact(2) {
                let code = u32::from(code[0]) << 8 | u32::from(code[1]);
                match self.map.and_then(|map| map.lookup_bf_string(code)) {
                    Some(BfString::Char(c)) => marked.text.push(c),
                    Some(BfString::String(s)) => marked.text.push_str(&s),
                    None => marked.text.push(char::REPLACEMENT_CHARACTER),
                }
            }
        }
    }
}

fn matrix(operands: &[Object]) -> Option<Matrix> {
    let numbers = operands.iter().map(|o| o.as_float().map(f64::from).ok());
    numbers.collect::<Option<Vec<_>>>()?.try_into().ok()
}

fn mark(operands: &[Object]) -> Mark {
    let properties = operands.last().and_then(|o| o.as_dict().ok());
    let entry = |key: &[u8]| properties?.get(key).ok();
    let instead = entry(b"ActualText").and_then(|text| decode_text_string(text).ok());
    Mark {
        mcid: entry(b"MCID").and_then(|mcid| mcid.as_i64().ok()),
        replaced: instead.is_some(),
        instead,
    }
}
