//! Reads the logical structure of a PDF: what a screen reader is told about it.
//!
//! Tags can name the right roles and still hold the wrong text, so the text of a node is looked up
//! on the page, by the marked content that the node claims, and not taken from anywhere else.

use super::reader;
use hayro_syntax::Pdf;
use hayro_syntax::object::{
    Array, DateTime, Dict, Name, ObjRef, Object, ObjectIdentifier, Stream, String as Bytes,
};
use std::collections::{BTreeMap, HashMap};

/// A structure element.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Node {
    /// The structure type as written, before any role map: `Document`, `H1`, `Table`, `TH`, `P`.
    pub kind: String,
    /// The entries of all attribute dictionaries but their owner, such as `Scope` and `RowSpan`.
    /// The items of arrays are parted by spaces.
    pub attributes: BTreeMap<String, String>,
    /// Text in place of what cannot be read out.
    pub alt: Option<String>,
    /// By which the `Headers` of other cells name it.
    pub id: Option<String>,
    pub children: Vec<Node>,
    /// The glyphs of the marked content in this node and below it, in the order of the structure.
    pub text: String,
}

/// What a PDF says about itself besides its pages.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// The only element at the root, or an element of kind `StructTreeRoot` around several.
    pub root: Node,
    pub title: Option<String>,
    pub author: Option<String>,
    pub lang: Option<String>,
    /// As `2024-01-31T00:00:00+00:00`.
    pub creation_date: Option<String>,
    /// The bookmarks in order with their levels, which count from 1.
    pub outline: Vec<(usize, String)>,
    /// Where the bookmarks lead to on their pages, from the lower left.
    pub destinations: Vec<[f64; 2]>,
    /// Whether the document declares itself tagged.
    pub marked: bool,
    /// The XMP packet; empty if there is none.
    pub xmp: String,
}

/// Reads the structure. Panics if `pdf` is no PDF: there is then nothing to test.
pub fn read(pdf: &[u8]) -> Document {
    let texts = marked_texts(pdf);
    let pdf = Pdf::new(pdf.to_vec()).expect("a readable PDF");
    let catalog: Dict<'_> = pdf.xref().get(pdf.xref().root_id()).expect("a catalog");
    let numbered = pdf.pages().iter().enumerate();
    let pages = numbered.filter_map(|(number, page)| Some((page.raw().obj_id()?, number)));
    let reader = Reader {
        texts,
        pages: pages.collect(),
    };
    let mut root = Node::default();
    if let Some(tree) = catalog.get::<Dict<'_>>("StructTreeRoot") {
        root = reader.node(&tree, None);
        match root.children.len() {
            1 => root = root.children.remove(0),
            _ => root.kind = "StructTreeRoot".into(),
        }
    }
    let (mut outline, mut destinations) = (Vec::new(), Vec::new());
    if let Some(top) = catalog.get::<Dict<'_>>("Outlines") {
        bookmarks(&top, 1, &mut outline, &mut destinations);
    }
    let metadata = pdf.metadata();
    let mark_info = catalog.get::<Dict<'_>>("MarkInfo").unwrap_or_default();
    let xmp = (catalog.get::<Stream<'_>>("Metadata")).and_then(|stream| stream.decoded().ok());
    Document {
        root,
        title: metadata.title.as_deref().map(text_string),
        author: metadata.author.as_deref().map(text_string),
        lang: text_entry(&catalog, "Lang"),
        creation_date: metadata.creation_date.map(iso_8601),
        outline,
        destinations,
        marked: mark_info.get("Marked") == Some(true),
        xmp: String::from_utf8_lossy(&xmp.unwrap_or_default()).into_owned(),
    }
}

/// A file in a PDF.
#[derive(Debug, PartialEq, Eq)]
pub struct Attached {
    pub name: String,
    pub relationship: String,
    pub media_type: String,
    pub description: String,
    pub bytes: Vec<u8>,
}

/// The files in a PDF, by its name tree of one node.
pub fn attached(pdf: &[u8]) -> Vec<Attached> {
    let pdf = Pdf::new(pdf.to_vec()).expect("a readable PDF");
    let catalog: Dict<'_> = pdf.xref().get(pdf.xref().root_id()).expect("a catalog");
    let names = catalog.get::<Dict<'_>>("Names").unwrap_or_default();
    let files = names.get::<Dict<'_>>("EmbeddedFiles").unwrap_or_default();
    let entries = files.get::<Array<'_>>("Names").unwrap_or_default();
    let one = |file: Dict<'_>| {
        let streams = file.get::<Dict<'_>>("EF").expect("a stream");
        let stream = streams.get::<Stream<'_>>("F").expect("a stream");
        let name = |dict: &Dict<'_>, key: &str| {
            let name = dict.get::<Name<'_>>(key).expect("a name");
            String::from_utf8_lossy(&name).into_owned()
        };
        Attached {
            name: text_entry(&file, "UF").expect("a name"),
            relationship: name(&file, "AFRelationship"),
            media_type: name(stream.dict(), "Subtype"),
            description: text_entry(&file, "Desc").expect("a description"),
            bytes: stream.decoded().expect("content").into_owned(),
        }
    };
    entries
        .iter::<Object<'_>>()
        .filter_map(|entry| match entry {
            Object::Dict(file) => Some(one(file)),
            _ => None,
        })
        .collect()
}

impl Node {
    /// All elements of a kind in document order, this one included.
    pub fn find_all(&self, kind: &str) -> Vec<&Self> {
        let below = self.children.iter().flat_map(|child| child.find_all(kind));
        let own = (self.kind == kind).then_some(self);
        own.into_iter().chain(below).collect()
    }

    /// Its text and that of all elements below it, in document order.
    pub fn whole(&self) -> String {
        let below = self.children.iter().map(Self::whole);
        std::iter::once(self.text.clone()).chain(below).collect()
    }
}

/// The number of a page and the number of a marked-content sequence on it.
type Mark = (usize, i32);

/// What is written in each marked-content sequence.
fn marked_texts(pdf: &[u8]) -> HashMap<Mark, String> {
    let mut texts: HashMap<Mark, String> = HashMap::new();
    for (number, page) in reader::pages(pdf).iter().enumerate() {
        for glyph in &page.glyphs {
            if let Some(mcid) = glyph.mcid {
                *texts.entry((number, mcid)).or_default() += &glyph.text;
            }
        }
    }
    texts
}

struct Reader {
    texts: HashMap<Mark, String>,
    pages: HashMap<ObjectIdentifier, usize>,
}

impl Reader {
    /// Reads an element; `page` is the one its parent is on, if the element names no other.
    fn node(&self, element: &Dict<'_>, page: Option<usize>) -> Node {
        let page = self.page(element).or(page);
        let mut node = Node {
            kind: name(element.get("S")),
            attributes: attributes(element),
            alt: text_entry(element, "Alt"),
            id: text_entry(element, "ID"),
            ..Node::default()
        };
        for kid in items(element, "K") {
            match kid {
                Object::Number(mcid) => node.text += self.text(page, mcid.as_i64()),
                Object::Dict(kid) => match name(kid.get("Type")).as_str() {
                    "MCR" => {
                        let mcid = kid.get::<i32>("MCID").unwrap_or(-1);
                        node.text += self.text(self.page(&kid).or(page), mcid.into());
                    }
                    // Annotations carry no text of their own.
                    "OBJR" => {}
                    _ => {
                        let child = self.node(&kid, page);
                        node.text += &child.text;
                        node.children.push(child);
                    }
                },
                _ => {}
            }
        }
        node
    }

    fn page(&self, element: &Dict<'_>) -> Option<usize> {
        let page: ObjRef = element.get_ref("Pg")?;
        self.pages.get(&page.into()).copied()
    }

    fn text(&self, page: Option<usize>, mcid: i64) -> &str {
        let mark = page.zip(i32::try_from(mcid).ok());
        mark.and_then(|mark| self.texts.get(&mark))
            .map_or("", String::as_str)
    }
}

/// The entries of an element's attribute dictionaries. Several owners may use one key; the entry
/// that comes first counts.
fn attributes(element: &Dict<'_>) -> BTreeMap<String, String> {
    let mut attributes = BTreeMap::new();
    for item in items(element, "A") {
        let Object::Dict(item) = item else {
            continue; // The revision number of the dictionary before it.
        };
        for key in item.keys().filter(|key| key.as_str() != "O") {
            let key = key.as_str();
            let values = items(&item, key).iter().map(value).collect::<Vec<_>>();
            attributes.entry(key.to_owned()).or_insert(values.join(" "));
        }
    }
    attributes
}

/// The entry of a dictionary as a list: the items of an array, or the entry alone.
fn items<'a>(dict: &Dict<'a>, key: &str) -> Vec<Object<'a>> {
    match dict.get(key) {
        Some(Object::Array(array)) => array.iter().collect(),
        entry => entry.into_iter().collect(),
    }
}

fn value(object: &Object<'_>) -> String {
    match object {
        Object::Name(name) => name.as_str().to_owned(),
        Object::String(bytes) => text_string(bytes),
        Object::Number(number) => number.as_f64().to_string(),
        Object::Boolean(boolean) => boolean.to_string(),
        other => format!("{other:?}"),
    }
}

fn name(name: Option<Name<'_>>) -> String {
    name.map_or_else(String::new, |name| name.as_str().to_owned())
}

/// Takes down the items below an outline or an outline item.
fn bookmarks(
    parent: &Dict<'_>,
    level: usize,
    outline: &mut Vec<(usize, String)>,
    destinations: &mut Vec<[f64; 2]>,
) {
    let mut next = parent.get::<Dict<'_>>("First");
    while let Some(item) = next {
        outline.push((level, text_entry(&item, "Title").unwrap_or_default()));
        let place = items(&item, "Dest")
            .into_iter()
            .filter_map(|item| match item {
                Object::Number(number) => Some(number.as_f64()),
                _ => None,
            });
        let place: Vec<f64> = place.take(2).collect();
        destinations.push(place.try_into().unwrap_or_default());
        bookmarks(&item, level + 1, outline, destinations);
        next = item.get("Next");
    }
}

fn text_entry(dict: &Dict<'_>, key: &str) -> Option<String> {
    dict.get::<Bytes<'_>>(key).map(|bytes| text_string(&bytes))
}

/// Decodes a text string: UTF-16BE or UTF-8 behind their marks, `PDFDocEncoding` otherwise.
fn text_string(bytes: &[u8]) -> String {
    if let Some(utf_16) = bytes.strip_prefix(b"\xFE\xFF") {
        let pairs = utf_16.chunks_exact(2);
        let units: Vec<u16> = pairs.map(|c| u16::from_be_bytes([c[0], c[1]])).collect();
        return String::from_utf16_lossy(&units);
    }
    if let Some(utf_8) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        return String::from_utf8_lossy(utf_8).into_owned();
    }
    let char = |&byte: &u8| match byte {
        0x18..=0x1F => "˘ˇˆ˙˝˛˚˜".chars().nth(usize::from(byte) - 0x18),
        0x80..=0xA0 => "•†‡…—–ƒ⁄‹›−‰„“”‘’‚™ﬁﬂŁŒŠŸŽıłœšž\u{FFFD}€"
            .chars()
            .nth(usize::from(byte) - 0x80),
        _ => Some(char::from(byte)),
    };
    bytes.iter().filter_map(char).collect()
}

fn iso_8601(date: DateTime) -> String {
    let DateTime {
        year,
        month,
        day,
        hour,
        minute,
        second,
        utc_offset_hour,
        utc_offset_minute,
    } = date;
    format!(
        "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}\
         {utc_offset_hour:+03}:{utc_offset_minute:02}"
    )
}
