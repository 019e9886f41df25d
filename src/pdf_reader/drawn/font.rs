//! Fonts of any program: what a code means, and how wide its glyph is.

use std::collections::BTreeMap;

use encoding_rs::GB18030;
use hayro_cmap::{BfString, CMap};
use lopdf::{Dictionary, Encoding, Object};

use super::MAX_STREAM;
use crate::pdf_reader::file::{PdfFault, PdfFile};

/// The width of a glyph that no font tells, in thousandths of an em.
const EM: f64 = 1_000.0;
/// The most widths that are kept of a font.
const MAX_WIDTHS: usize = 70_000;

/// How the bytes of a string are codes.
enum Codes {
    /// One byte each, and what each means.
    Bytes(Box<[Option<String>; 256]>),
    /// Two bytes each.
    Pairs,
    /// Two bytes each, which are UTF-16.
    Utf16,
    /// One byte of ASCII or two of GBK.
    Gbk,
    /// As a map of the file says.
    Mapped(Box<CMap>),
}

/// A font.
pub(super) struct Font {
    codes: Codes,
    meaning: Option<CMap>,
    widths: BTreeMap<u32, f64>,
    default_width: f64,
    /// Whether its glyphs run down.
    pub down: bool,
}

/// A code of a string.
pub(super) struct Code {
    /// What it means, if the file says so.
    pub text: Option<String>,
    /// The width of its glyph in ems.
    pub width: f64,
    /// Whether it is the one byte that words are parted by.
    pub is_blank: bool,
}

impl Font {
    /// The font of its dictionary. What it leaves open stays open: no code means anything on a guess.
    pub fn read(pdf: &PdfFile, font: &Dictionary) -> Result<Self, PdfFault> {
        let meaning = pdf
            .entry(font, b"ToUnicode")
            .and_then(|o| o.as_stream().ok());
        let meaning = match meaning {
            Some(stream) => CMap::parse(&pdf.inflated(stream, MAX_STREAM)?, |_| None),
            None => None,
        };
        let kind = pdf
            .entry(font, b"Subtype")
            .and_then(|kind| kind.as_name().ok());
        if kind == Some(b"Type0") {
            return Self::composite(pdf, font, meaning);
        }
        Ok(Self::simple(pdf, font, kind, meaning))
    }

    fn composite(
        pdf: &PdfFile,
        font: &Dictionary,
        meaning: Option<CMap>,
    ) -> Result<Self, PdfFault> {
        let encoding = pdf.entry(font, b"Encoding");
        let (codes, down) = match encoding {
            Some(Object::Name(name)) => (named_codes(name), name.ends_with(b"V")),
            Some(Object::Stream(stream)) => {
                let map = CMap::parse(&pdf.inflated(stream, MAX_STREAM)?, |_| None);
                let down = pdf
                    .entry(&stream.dict, b"WMode")
                    .and_then(|mode| mode.as_i64().ok())
                    == Some(1);
                (
                    map.map_or(Codes::Pairs, |map| Codes::Mapped(Box::new(map))),
                    down,
                )
            }
            _ => (Codes::Pairs, false),
        };
        let inner = pdf.list(font, b"DescendantFonts").first();
        let inner = inner.and_then(|o| pdf.document.dereference(o).ok()?.1.as_dict().ok());
        let number = |key| inner.and_then(|inner| number(pdf.entry(inner, key)?));
        let widths = inner
            .map(|inner| cid_widths(pdf, pdf.list(inner, b"W")))
            .unwrap_or_default();
        Ok(Self {
            codes,
            meaning,
            widths,
            default_width: number(b"DW").unwrap_or(EM),
            down,
        })
    }

    fn simple(
        pdf: &PdfFile,
        font: &Dictionary,
        kind: Option<&[u8]>,
        meaning: Option<CMap>,
    ) -> Self {
        let first = pdf
            .entry(font, b"FirstChar")
            .and_then(|first| first.as_i64().ok());
        let first = first
            .and_then(|first| u32::try_from(first).ok())
            .unwrap_or_default();
        // The glyphs of a Type 3 font have a space of their own.
        let scale = match kind {
            Some(b"Type3") => number_list(pdf, font, b"FontMatrix")
                .first()
                .map_or(1.0, |scale| scale.abs() * EM),
            _ => 1.0,
        };
        let listed = number_list(pdf, font, b"Widths");
        let widths = (first..)
            .zip(listed.iter().map(|width| width * scale))
            .take(256)
            .collect();
        let descriptor = pdf.dictionary(font, b"FontDescriptor");
        let missing =
            descriptor.and_then(|descriptor| number(pdf.entry(descriptor, b"MissingWidth")?));
        let name = pdf
            .entry(font, b"BaseFont")
            .and_then(|name| name.as_name().ok());
        Self {
            codes: Codes::Bytes(byte_meanings(pdf, font, descriptor, kind)),
            meaning,
            widths,
            default_width: missing.unwrap_or_else(|| standard_width(name.unwrap_or_default())),
            down: false,
        }
    }

    /// The codes of a string.
    pub fn codes<'a>(&'a self, string: &'a [u8]) -> impl Iterator<Item = Code> + 'a {
        let mut rest = string;
        std::iter::from_fn(move || {
            let length = self.code_length(rest).min(rest.len());
            let (bytes, after) = rest
                .split_at_checked(length)
                .filter(|(bytes, _)| !bytes.is_empty())?;
            rest = after;
            Some(self.code(bytes))
        })
    }

    fn code_length(&self, rest: &[u8]) -> usize {
        match &self.codes {
            Codes::Bytes(_) => 1,
            Codes::Pairs | Codes::Utf16 => 2,
            Codes::Gbk => 1 + usize::from(rest.first().is_some_and(|byte| *byte > 0x80)),
            Codes::Mapped(map) => {
                let known = (1..=4).zip(1..=4_u8).find(|(length, bytes)| {
                    let code = rest.get(..*length).map(joined);
                    code.is_some_and(|code| map.lookup_cid_code(code, *bytes).is_some())
                });
                known.map_or(2, |(length, _)| length)
            }
        }
    }

    fn code(&self, bytes: &[u8]) -> Code {
        let code = joined(bytes);
        let said = self
            .meaning
            .as_ref()
            .and_then(|map| map.lookup_bf_string(code));
        let said = said.map(|said| match said {
            BfString::Char(c) => c.to_string(),
            BfString::String(text) => text,
        });
        let said = said.filter(|text| !text.is_empty() && !text.contains('\0'));
        let (text, glyph) = match &self.codes {
            Codes::Bytes(meanings) => (
                bytes
                    .first()
                    .and_then(|byte| meanings[usize::from(*byte)].clone()),
                code,
            ),
            Codes::Pairs => (None, code),
            Codes::Utf16 => (char::from_u32(code).map(String::from), code),
            Codes::Gbk => {
                let decoded = GB18030.decode_without_bom_handling_and_without_replacement(bytes);
                (decoded.map(std::borrow::Cow::into_owned), code)
            }
            Codes::Mapped(map) => {
                let glyph = u8::try_from(bytes.len())
                    .ok()
                    .and_then(|length| map.lookup_cid_code(code, length));
                (None, glyph.unwrap_or_default())
            }
        };
        // The glyphs of these encodings are numbered elsewhere: half an em for what is one byte.
        let narrow = match &self.codes {
            Codes::Gbk => bytes.len() == 1,
            Codes::Utf16 => code < 0x7F,
            _ => false,
        };
        let numbered = !matches!(self.codes, Codes::Gbk | Codes::Utf16);
        let width = self.widths.get(&glyph).filter(|_| numbered).copied();
        let default = if narrow {
            self.default_width / 2.0
        } else {
            self.default_width
        };
        Code {
            text: said.or(text),
            width: width.unwrap_or(default) / EM,
            is_blank: bytes == b" ",
        }
    }
}

fn joined(bytes: &[u8]) -> u32 {
    bytes
        .iter()
        .fold(0, |code, byte| code << 8 | u32::from(*byte))
}

fn named_codes(name: &[u8]) -> Codes {
    let is = |part: &[u8]| memchr::memmem::find(name, part).is_some();
    if is(b"UCS2") || is(b"UTF16") {
        Codes::Utf16
    } else if is(b"GBK") || name.starts_with(b"GB-") || name.starts_with(b"GBpc") {
        Codes::Gbk
    } else {
        Codes::Pairs
    }
}

fn number(object: &Object) -> Option<f64> {
    object.as_float().ok().map(f64::from)
}

fn number_list(pdf: &PdfFile, font: &Dictionary, key: &[u8]) -> Vec<f64> {
    let list = pdf.list(font, key).iter();
    let list = list.map(|o| {
        pdf.document
            .dereference(o)
            .ok()
            .and_then(|(_, o)| number(o))
            .unwrap_or_default()
    });
    list.take(MAX_WIDTHS).collect()
}

/// The widths of a composite font: `first [width …]` or `first last width` (ISO 32000-1, 9.7.4.3).
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "codes of glyphs are small"
)]
fn cid_widths(pdf: &PdfFile, list: &[Object]) -> BTreeMap<u32, f64> {
    let mut widths = BTreeMap::new();
    let whole = |object: &Object| object.as_float().ok().map(|number| number as u32);
    let mut rest = list;
    while let [first, second, after @ ..] = rest {
        let Some(first) = whole(first) else { break };
        match pdf.document.dereference(second) {
            Ok((_, Object::Array(each))) => {
                widths.extend((first..).zip(each.iter().filter_map(number)));
                rest = after;
            }
            Ok((_, last)) => {
                let ([width, after @ ..], Some(last)) = (after, whole(last)) else {
                    break;
                };
                let Some(width) = number(width) else { break };
                let room = MAX_WIDTHS.saturating_sub(widths.len());
                widths.extend((first..=last).take(room).map(|glyph| (glyph, width)));
                rest = after;
            }
            Err(_) => break,
        }
        if widths.len() >= MAX_WIDTHS {
            break;
        }
    }
    widths
}

/// The width of a digit in the fonts that need not tell their widths (ISO 32000-1, 9.6.2.2).
fn standard_width(name: &[u8]) -> f64 {
    if memchr::memmem::find(name, b"Courier").is_some() {
        600.0
    } else if memchr::memmem::find(name, b"Times").is_some() {
        500.0
    } else {
        556.0
    }
}

/// What the bytes of a simple font mean by its encoding; nothing where only the font itself knows.
fn byte_meanings(
    pdf: &PdfFile,
    font: &Dictionary,
    descriptor: Option<&Dictionary>,
    kind: Option<&[u8]>,
) -> Box<[Option<String>; 256]> {
    let encoding = pdf.entry(font, b"Encoding");
    let details = encoding.and_then(|encoding| encoding.as_dict().ok());
    let base = match details {
        Some(details) => pdf.entry(details, b"BaseEncoding"),
        None => encoding,
    };
    let base = base.and_then(|base| base.as_name().ok());
    let file = |key: &[u8]| descriptor.is_some_and(|descriptor| descriptor.has(key));
    let own =
        kind == Some(b"Type3") || file(b"FontFile") || file(b"FontFile2") || file(b"FontFile3");
    let mut meanings: Box<[Option<String>; 256]> = Box::new([const { None }; 256]);
    if base.is_some() || !own {
        let name = base.unwrap_or(b"StandardEncoding");
        for (byte, meaning) in (0..=u8::MAX).zip(meanings.iter_mut()) {
            *meaning = decoded(Object::Name(name.to_vec()), byte);
        }
    }
    let mut at = 0_usize;
    for entry in details
        .map(|details| pdf.list(details, b"Differences"))
        .unwrap_or_default()
    {
        match entry {
            Object::Integer(code) => at = usize::try_from(*code).unwrap_or(256),
            Object::Name(name) => {
                if let Some(meaning) = meanings.get_mut(at) {
                    *meaning = named(name);
                }
                at += 1;
            }
            _ => {}
        }
    }
    meanings
}

/// What a byte means in an encoding.
fn decoded(encoding: Object, byte: u8) -> Option<String> {
    let mut font = Dictionary::new();
    font.set("Type", Object::Name(b"Font".to_vec()));
    font.set("Encoding", encoding);
    let none = lopdf::Document::new();
    let encoding = font.get_font_encoding(&none).ok()?;
    if matches!(encoding, Encoding::SimpleEncoding(_)) {
        return None;
    }
    let text = encoding.bytes_to_string(&[byte]).ok()?;
    Some(text).filter(|text| !text.is_empty() && !text.contains(char::REPLACEMENT_CHARACTER))
}

/// What a glyph of a name means: `uni6C49`, `u6C49`, or a name that the library knows.
fn named(name: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(name).ok()?;
    let text = text.split('.').next()?;
    let code = text.strip_prefix("uni").or_else(|| text.strip_prefix('u'));
    let code = code.filter(|code| (4..=6).contains(&code.len()));
    if let Some(c) = code.and_then(|code| char::from_u32(u32::from_str_radix(code, 16).ok()?)) {
        return Some(c.to_string());
    }
    // The library reads a list with a name that it does not know as if there were none.
    let mut encoding = Dictionary::new();
    let list = |byte: u8| {
        vec![
            Object::Integer(byte.into()),
            Object::Name(text.as_bytes().to_vec()),
        ]
    };
    encoding.set("Differences", list(b'A'));
    let first = decoded(Object::Dictionary(encoding.clone()), b'A');
    encoding.set("Differences", list(b'B'));
    let second = decoded(Object::Dictionary(encoding), b'B');
    first.filter(|first| second.as_ref() == Some(first))
}
