//! Fonts of PDFs of other programs: the codes of a text, their widths and their characters.

use std::collections::HashMap;

use hayro_cmap::{BfString, CMap};
use lopdf::{Dictionary, Document, Object};

/// The most widths of a font.
const MAX_WIDTHS: usize = 70_000;

/// How the codes of a font are written, and what they are where the font does not say.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Codes {
    /// One byte each.
    Single,
    /// Two bytes each, numbers of glyphs.
    Double,
    /// Two bytes each, UCS-2.
    Unicode,
}

/// A font.
pub(super) struct Font {
    codes: Codes,
    map: Option<CMap>,
    widths: HashMap<u32, f64>,
    /// The width of all others, in thousandths of the size.
    usual: f64,
    /// The characters that a font of one byte gives other codes.
    differences: HashMap<u32, char>,
}

impl Font {
    pub fn read(font: &Dictionary, map: Option<&[u8]>, document: &Document) -> Self {
        let name = |dictionary: &Dictionary, key: &[u8]| {
            let object = dictionary.get_deref(key, document).ok()?;
            object.as_name().ok().map(<[u8]>::to_vec)
        };
        let is_composite = name(font, b"Subtype").as_deref() == Some(b"Type0");
        let encoding = name(font, b"Encoding").unwrap_or_default();
        let mut own = Self {
            codes: match (is_composite, encoding.starts_with(b"UniGB-U")) {
                (false, _) => Codes::Single,
                (true, true) => Codes::Unicode,
                (true, false) => Codes::Double,
            },
            map: map.and_then(|map| CMap::parse(map, |_| None)),
            widths: HashMap::new(),
            usual: 1_000.0,
            differences: HashMap::new(),
        };
        let number = |object: &Object| {
            let (_, object) = document.dereference(object).ok()?;
            object.as_float().ok().map(f64::from)
        };
        let list = |dictionary: &Dictionary, key: &[u8]| {
            let object = dictionary.get_deref(key, document).ok()?;
            object.as_array().ok().cloned()
        };
        if is_composite {
            let descendants = list(font, b"DescendantFonts").unwrap_or_default();
            let descendant = descendants
                .first()
                .and_then(|first| document.dereference(first).ok());
            if let Some((_, Object::Dictionary(descendant))) = descendant {
                let usual = descendant.get(b"DW").ok().and_then(number);
                own.usual = usual.unwrap_or(1_000.0);
                own.composite_widths(&list(descendant, b"W").unwrap_or_default(), document);
            }
            return own;
        }
        let first = font
            .get(b"FirstChar")
            .ok()
            .and_then(number)
            .unwrap_or_default();
        let widths = list(font, b"Widths").unwrap_or_default();
        for (code, width) in (code_of(first)..).zip(widths.iter().take(MAX_WIDTHS)) {
            own.widths.extend(number(width).map(|width| (code, width)));
        }
        own.usual = 500.0;
        let encoding = font
            .get_deref(b"Encoding", document)
            .and_then(Object::as_dict);
        let differences = encoding
            .ok()
            .and_then(|encoding| list(encoding, b"Differences"));
        let mut code = 0;
        for item in differences.iter().flatten().take(MAX_WIDTHS) {
            match item {
                Object::Name(name) => {
                    own.differences.extend(named(name).map(|c| (code, c)));
                    code = code.wrapping_add(1);
                }
                item => code = number(item).map_or(code, code_of),
            }
        }
        own
    }

    /// The widths of a composite font (ISO 32000-1, 9.7.4.3).
    fn composite_widths(&mut self, list: &[Object], document: &Document) {
        let resolved = |object: &Object| document.dereference(object).ok().map(|(_, o)| o.clone());
        let mut items = list.iter().filter_map(resolved);
        while let Some(first) = items.next() {
            let (Ok(first), Some(next)) = (first.as_float(), items.next()) else {
                return;
            };
            let first = code_of(first.into());
            if let Ok(widths) = next.as_array() {
                for (code, width) in (first..).zip(widths) {
                    if self.widths.len() < MAX_WIDTHS
                        && let Ok(width) = width.as_float()
                    {
                        self.widths.insert(code, width.into());
                    }
                }
                continue;
            }
            let (Ok(last), Some(Ok(width))) = (next.as_float(), items.next().map(|w| w.as_float()))
            else {
                return;
            };
            for code in first..=code_of(last.into()) {
                if self.widths.len() >= MAX_WIDTHS {
                    return;
                }
                self.widths.insert(code, width.into());
            }
        }
    }

    /// The codes of a text, with their lengths in bytes.
    pub fn codes(&self, text: &[u8]) -> Vec<(u32, usize)> {
        let length = if self.codes == Codes::Single { 1 } else { 2 };
        let number = |bytes: &[u8]| {
            bytes
                .iter()
                .fold(0, |code, byte| code << 8 | u32::from(*byte))
        };
        let codes = text.chunks(length);
        codes.map(|bytes| (number(bytes), bytes.len())).collect()
    }

    /// The advance of a code in thousandths of the size.
    pub fn width(&self, code: u32) -> f64 {
        // In these fonts widths have numbers of their own; letters are half as wide as Chinese characters.
        if self.codes == Codes::Unicode {
            return if code < 0x80 {
                self.usual / 2.0
            } else {
                self.usual
            };
        }
        self.widths.get(&code).copied().unwrap_or(self.usual)
    }

    /// The characters of a code; U+FFFD if the font does not say.
    pub fn text(&self, code: u32) -> String {
        if let Some(map) = &self.map {
            match map.lookup_bf_string(code) {
                Some(BfString::Char(c)) => return c.to_string(),
                Some(BfString::String(text)) => return text,
                None => {}
            }
        }
        let plain = || char::from_u32(code).filter(|c| matches!(c, ' '..='~'));
        let known = match self.codes {
            Codes::Unicode => char::from_u32(code),
            Codes::Single => self.differences.get(&code).copied().or_else(plain),
            Codes::Double => None,
        };
        known.unwrap_or(char::REPLACEMENT_CHARACTER).to_string()
    }
}

fn code_of(number: f64) -> u32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "bounded"
    )]
    let code = number.clamp(0.0, 65_535.0) as u32;
    code
}

/// The character of a glyph by its name, as far as numbers need it.
fn named(name: &[u8]) -> Option<char> {
    let names: [(&[u8], char); 16] = [
        (b"zero", '0'),
        (b"one", '1'),
        (b"two", '2'),
        (b"three", '3'),
        (b"four", '4'),
        (b"five", '5'),
        (b"six", '6'),
        (b"seven", '7'),
        (b"eight", '8'),
        (b"nine", '9'),
        (b"period", '.'),
        (b"comma", ','),
        (b"hyphen", '-'),
        (b"space", ' '),
        (b"parenleft", '('),
        (b"parenright", ')'),
    ];
    if let Some((_, c)) = names.into_iter().find(|(own, _)| *own == name) {
        return Some(c);
    }
    if let [letter] = name {
        return Some(char::from(*letter)).filter(char::is_ascii_alphabetic);
    }
    let code = str::from_utf8(name.strip_prefix(b"uni")?).ok()?;
    char::from_u32(u32::from_str_radix(code.get(..4)?, 16).ok()?)
}
