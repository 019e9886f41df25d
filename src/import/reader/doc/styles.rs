//! The styles of a Word 97 file, as far as they say what a paragraph is, and properties as they hold in the end.

use super::bytes::{Modifier, modifiers, part, u8_at, u16_at};
use super::file::{Entry, File};

/// The most steps from a style to that which it is based on, and so on.
const MAX_STEPS: usize = 20;

/// The styles by their numbers.
pub(super) struct Styles<'f> {
    styles: Vec<Option<Style<'f>>>,
}

#[derive(Default)]
struct Style<'f> {
    /// Its number among the styles that all files have; 1 to 9 are headings.
    known: u16,
    base: usize,
    paragraph: &'f [u8],
    characters: &'f [u8],
}

/// What a paragraph is by its style and by itself.
#[derive(Default)]
pub(super) struct ParagraphProperties {
    /// Its level as a heading, from 1.
    pub outline: Option<u8>,
    pub centred: bool,
    /// Its list, from 1, and its level in it, from 0.
    pub list: Option<(usize, usize)>,
    /// How deep in tables it stands.
    pub depth: usize,
    /// Whether it ends a cell of an inner table.
    pub ends_cell: bool,
    /// Whether it ends a row, of the outermost table or of an inner one.
    pub ends_row: bool,
}

/// How characters are shown.
#[derive(Clone, Copy, Default)]
pub(super) struct CharacterProperties {
    /// Deleted under change tracking.
    pub deleted: bool,
    pub hidden: bool,
    /// One that a font of symbols gives its meaning.
    pub symbol: bool,
    /// Where the picture is that it may stand for.
    pub picture: PictureAt,
}

/// Where a picture is.
#[derive(Clone, Copy, Default)]
pub(super) enum PictureAt {
    /// It is drawn, or nobody says.
    #[default]
    Nowhere,
    /// In the stream of data, from that byte.
    Data(usize),
    /// What a field of a form keeps stands there, which is no picture.
    Form,
}

impl<'f> Styles<'f> {
    pub fn read(file: &'f File) -> Self {
        let table = file.entry(Entry::Styles);
        let read = || {
            let head = usize::from(u16_at(table, 0)?);
            let count = usize::from(u16_at(table, 2)?);
            let base = usize::from(u16_at(table, 4)?);
            let mut at = 2 + head;
            let mut styles = Vec::new();
            for _ in 0..count {
                let Some(length) = u16_at(table, at).map(usize::from) else {
                    break;
                };
                let own = part(table, at + 2, length).unwrap_or_default();
                styles.push(Style::read(own, base));
                at += 2 + length + length % 2;
            }
            Some(styles)
        };
        Self {
            styles: read().unwrap_or_default(),
        }
    }

    /// A style and those that it is based on, the nearest first.
    fn chain(&self, style: usize) -> impl Iterator<Item = &Style<'f>> {
        let mut next = style;
        let chain = std::iter::from_fn(move || {
            let style = self.styles.get(next)?.as_ref()?;
            next = style.base;
            Some(style)
        });
        chain.take(MAX_STEPS)
    }

    /// What a paragraph of a style is, with modifiers of its own.
    pub fn paragraph<'m>(
        &self,
        style: usize,
        own: impl Iterator<Item = Modifier<'m>>,
    ) -> ParagraphProperties {
        let mut properties = ParagraphProperties::default();
        let chain: Vec<&Style> = self.chain(style).collect();
        let mut heading = chain.iter().rev().map(|style| style.known);
        let heading = heading.find(|known| (1..=9).contains(known));
        let mut level = 0;
        let mut list = 0;
        let mut outline = heading.and_then(|level| u8::try_from(level - 1).ok());
        let mut apply = |modifier: Modifier| match modifier.code {
            0x2640 => outline = Some(modifier.byte()),
            0x2403 | 0x2461 => properties.centred = modifier.byte() == 1,
            0x460B => list = modifier.word(),
            0x260A => level = modifier.byte(),
            0x2416 => properties.depth = properties.depth.max(usize::from(modifier.byte() & 1)),
            0x6649 => properties.depth = modifier.long(),
            0x244B => properties.ends_cell = modifier.byte() != 0,
            0x2417 | 0x244C => properties.ends_row = modifier.byte() != 0,
            _ => {}
        };
        for style in chain.iter().rev() {
            modifiers(style.paragraph).for_each(&mut apply);
        }
        own.for_each(apply);
        properties.outline = outline.filter(|level| *level < 9).map(|level| level + 1);
        // Lists above this number are of paragraphs that lost theirs.
        let is_list = (1..0x7FF).contains(&list);
        properties.list = is_list.then_some((usize::from(list), usize::from(level)));
        properties
    }

    /// How characters are shown in a paragraph of a style, with modifiers of their own.
    pub fn characters<'m>(
        &self,
        style: usize,
        own: impl Iterator<Item = Modifier<'m>>,
    ) -> CharacterProperties {
        let mut properties = CharacterProperties::default();
        let mut base = self.hides(style);
        properties.hidden = base;
        for modifier in own {
            match modifier.code {
                // A style of characters.
                0x4A30 => {
                    base |= self.hides(usize::from(modifier.word()));
                    properties.hidden = base;
                }
                0x0800 => properties.deleted = toggled(modifier.byte(), false),
                0x083C => properties.hidden = toggled(modifier.byte(), base),
                0x6A09 => properties.symbol = true,
                0x0806 if modifier.byte() != 0 => properties.picture = PictureAt::Form,
                0x6A03 => properties.picture = PictureAt::Data(modifier.long()),
                _ => {}
            }
        }
        properties
    }

    /// Whether a style hides its text.
    fn hides(&self, style: usize) -> bool {
        let mut hides = false;
        let chain: Vec<&Style> = self.chain(style).collect();
        for style in chain.iter().rev() {
            for modifier in modifiers(style.characters) {
                if modifier.code == 0x083C {
                    hides = toggled(modifier.byte(), hides);
                }
            }
        }
        hides
    }
}

/// A switch that may also be that of the style, or the other.
fn toggled(operand: u8, style: bool) -> bool {
    match operand {
        0x80 => style,
        0x81 => !style,
        other => other != 0,
    }
}

impl<'f> Style<'f> {
    /// A style whose head has so many bytes; `None` where a number is free.
    fn read(bytes: &'f [u8], head: usize) -> Option<Self> {
        let mut style = Self {
            known: u16_at(bytes, 0)? & 0xFFF,
            base: usize::from(u16_at(bytes, 2)? >> 4),
            ..Self::default()
        };
        let kind = u16_at(bytes, 2)? & 0xF;
        let name = usize::from(u16_at(bytes, head)?);
        let mut at = head + 4 + name * 2;
        let mut next = || {
            let length = usize::from(u16_at(bytes, at)?);
            let own = part(bytes, at + 2, length);
            at += 2 + length + length % 2;
            own
        };
        match kind {
            1 => {
                // Behind the number of the style.
                let paragraph = next().and_then(|own| own.get(2..));
                style.paragraph = paragraph.unwrap_or_default();
                style.characters = next().unwrap_or_default();
            }
            2 => style.characters = next().unwrap_or_default(),
            _ => {}
        }
        Some(style)
    }
}

/// The one modifier that a piece has for all its characters, if it is not a list of them.
pub(super) fn of_piece(prm: u16) -> Option<(u16, u8)> {
    let [number, operand] = [prm >> 1 & 0x7F, prm >> 8];
    let code = match number {
        0x41 => 0x0800,
        0x5C => 0x083C,
        _ => return None,
    };
    (prm & 1 == 0).then_some((code, u8_at(&operand.to_le_bytes(), 0)?))
}
