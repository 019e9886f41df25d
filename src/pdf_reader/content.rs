//! The content of pages: the text of each marked-content sequence, and its position.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

use hayro_cmap::{BfString, CMap};
use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Object, ObjectId, decode_text_string};

use super::file::{MAX_PAGES, MAX_PARSED, MAX_PARTS, PdfFault, PdfFile};
use super::matrix::{Matrix, SAME, matrix, then};
use crate::digest::Digest;

/// A piece of text on a page.
#[derive(Clone, Debug, Default)]
pub(super) struct Shown {
    pub text: String,
    /// The position of its first glyph, in points from the lower left corner of the page.
    pub at: Option<(f64, f64)>,
}

/// All text of the pages.
#[derive(Default)]
pub(super) struct Texts {
    /// The pieces by page and number of the marked-content sequence.
    pub marked: HashMap<(ObjectId, i64), Shown>,
    /// The upright pieces outside of such sequences, such as page numbers; not the words behind a draft.
    pub loose: Vec<(ObjectId, Shown)>,
}

impl PdfFile {
    /// The pages in their order.
    pub(super) fn pages(&self) -> Result<Vec<ObjectId>, PdfFault> {
        let pages: Vec<_> = self.document.page_iter().take(MAX_PAGES + 1).collect();
        (pages.len() <= MAX_PAGES)
            .then_some(pages)
            .ok_or(PdfFault::TooMuch)
    }

    /// The content of a page, its streams concatenated.
    fn page_content(&self, page: ObjectId) -> Result<Vec<u8>, PdfFault> {
        let contents = self.document.get_page_contents(page);
        if contents.len() > MAX_PARTS {
            return Err(PdfFault::TooMuch);
        }
        let mut content = Vec::new();
        for stream in contents {
            let stream = self.document.get_object(stream)?.as_stream()?;
            content.extend(self.inflated(stream, MAX_PARSED)?);
            content.push(b'\n');
            if content.len() > MAX_PARSED {
                return Err(PdfFault::TooMuch);
            }
        }
        Ok(content)
    }

    /// The digest of each page as drawn: its content, its edges, and the number of its annotations.
    pub(super) fn page_digests(&self) -> Result<Vec<Digest>, PdfFault> {
        let digest = |page| {
            let dictionary = self.document.get_dictionary(page)?;
            let shown = |key: &[u8]| {
                let value = self.entry(dictionary, key);
                Digest::of(format!("{value:?}").as_bytes())
            };
            let notes = self.list(dictionary, b"Annots").len();
            Ok(Digest::of_parts([
                ("content", Some(Digest::of(&self.page_content(page)?))),
                ("media", Some(shown(b"MediaBox"))),
                ("crop", Some(shown(b"CropBox"))),
                ("rotate", Some(shown(b"Rotate"))),
                ("notes", Some(Digest::of(notes.to_string().as_bytes()))),
            ]))
        };
        self.pages()?.into_iter().map(digest).collect()
    }

    /// All text.
    pub(super) fn texts(&self) -> Result<Texts, PdfFault> {
        let mut texts = Texts::default();
        let mut maps = HashMap::new();
        for page in self.pages()? {
            let content = self.page_content(page)?;
            let fonts = self.fonts(page, &mut maps)?;
            let mut reader = Reader::new(self, page, &mut texts);
            for operation in Content::decode_iter(&content) {
                let operation = operation?;
                let font = match (&operation.operator[..], &operation.operands[..]) {
                    ("Tf", [Object::Name(name), _]) => Some(name),
                    _ => None,
                };
                if let Some(name) = font {
                    let map = fonts.get(name).and_then(|id| maps.get(id));
                    reader.state.map = map.and_then(Option::as_ref);
                } else {
                    reader.operation(&operation)?;
                }
            }
        }
        Ok(texts)
    }

    /// The fonts of a page by name, as the objects that map their codes to characters; each is read once,
    /// even if it is invalid.
    fn fonts(
        &self,
        page: ObjectId,
        maps: &mut HashMap<ObjectId, Option<CMap>>,
    ) -> Result<BTreeMap<Vec<u8>, ObjectId>, PdfFault> {
        let fonts = self.document.get_page_fonts(page).unwrap_or_default();
        if fonts.len() > MAX_PARTS {
            return Err(PdfFault::TooMuch);
        }
        let mut found = BTreeMap::new();
        for (name, font) in fonts {
            let Some(id) = to_unicode(font) else {
                continue;
            };
            if let Entry::Vacant(entry) = maps.entry(id) {
                let stream = self.document.get_object(id)?.as_stream()?;
                entry.insert(CMap::parse(&self.inflated(stream, MAX_PARSED)?, |_| None));
            }
            found.insert(name, id);
        }
        Ok(found)
    }
}

fn to_unicode(font: &Dictionary) -> Option<ObjectId> {
    font.get(b"ToUnicode").ok()?.as_reference().ok()
}

/// The most graphics states saved at once (ISO 32000-1, annex C, asks for 28).
const MAX_NESTED: usize = 1_000;

/// A marked-content sequence that is open.
struct Mark {
    mcid: Option<i64>,
    /// The replacement text of the glyphs, until taken.
    instead: Option<String>,
    /// Whether there is, or was, a replacement text.
    replaced: bool,
}

/// The graphics state that `q` saves and `Q` restores.
#[derive(Clone, Copy)]
struct State<'a> {
    matrix: Matrix,
    map: Option<&'a CMap>,
}

/// The interpreter of the operators of one page.
struct Reader<'a> {
    pdf: &'a PdfFile,
    page: ObjectId,
    texts: &'a mut Texts,
    marks: Vec<Mark>,
    saved: Vec<State<'a>>,
    state: State<'a>,
    line: Matrix,
}

impl<'a> Reader<'a> {
    fn new(pdf: &'a PdfFile, page: ObjectId, texts: &'a mut Texts) -> Self {
        Self {
            pdf,
            page,
            texts,
            marks: Vec::new(),
            saved: Vec::new(),
            state: State {
                matrix: SAME,
                map: None,
            },
            line: SAME,
        }
    }

    fn operation(&mut self, operation: &Operation) -> Result<(), PdfFault> {
        let operands = &operation.operands[..];
        match &operation.operator[..] {
            "q" | "BMC" | "BDC" if self.saved.len().max(self.marks.len()) >= MAX_NESTED => {
                return Err(PdfFault::TooMuch);
            }
            "q" => self.saved.push(self.state),
            "Q" => self.state = self.saved.pop().unwrap_or(self.state),
            "cm" => {
                if let Some(matrix) = matrix(operands) {
                    self.state.matrix = then(matrix, self.state.matrix);
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
            "BMC" | "BDC" => self.marks.push(mark(operands)),
            "EMC" => {
                self.marks.pop();
            }
            "Tj" | "TJ" => {
                if let Some(shown) = operands.last() {
                    self.show(shown)?;
                }
            }
            // This program shows text in no other way, and no text that is not seen.
            "'" | "\"" | "T*" => return Err(foreign(&operation.operator)),
            "Tr" if operands.first().and_then(|o| o.as_i64().ok()) != Some(0) => {
                return Err(foreign("Tr"));
            }
            _ => {}
        }
        Ok(())
    }

    fn show(&mut self, shown: &Object) -> Result<(), PdfFault> {
        let place = then(self.line, self.state.matrix);
        let at = (place[4], place[5]);
        let mcid = self.marks.iter().rev().find_map(|mark| mark.mcid);
        let piece = if let Some(mcid) = mcid {
            self.texts.marked.entry((self.page, mcid)).or_default()
        } else {
            if place[1].abs() > 1e-6 || place[2].abs() > 1e-6 {
                return Ok(());
            }
            self.pdf.read_text(size_of::<Shown>())?;
            self.texts.loose.push((self.page, Shown::default()));
            let last = self.texts.loose.len() - 1;
            &mut self.texts.loose[last].1
        };
        piece.at.get_or_insert(at);
        let before = piece.text.len();
        if let Some(mark) = self.marks.iter_mut().find(|mark| mark.replaced) {
            piece
                .text
                .push_str(&mark.instead.take().unwrap_or_default());
            return self.pdf.read_text(piece.text.len() - before);
        }
        let alone = std::slice::from_ref(shown);
        let strings = shown.as_array().map_or(alone, Vec::as_slice).iter();
        for string in strings.filter_map(|string| string.as_str().ok()) {
            // Our fonts have codes of two bytes (Identity-H).
            for code in string.chunks(2) {
                let code = code
                    .iter()
                    .fold(0, |code, byte| code << 8 | u32::from(*byte));
                let before = piece.text.len();
                match self.state.map.and_then(|map| map.lookup_bf_string(code)) {
                    Some(BfString::Char(c)) => piece.text.push(c),
                    Some(BfString::String(s)) => piece.text.push_str(&s),
                    None => piece.text.push(char::REPLACEMENT_CHARACTER),
                }
                self.pdf.read_text(piece.text.len() - before)?;
            }
        }
        Ok(())
    }
}

fn foreign(operator: &str) -> PdfFault {
    PdfFault::Unreadable(format!("text is shown by {operator}"))
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
