//! Numbers in bytes, and the modifiers of properties (`Prl`) that Word 97 writes one behind the other.

pub(super) fn u8_at(bytes: &[u8], at: usize) -> Option<u8> {
    bytes.get(at).copied()
}

pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let found = bytes.get(at..)?.first_chunk()?;
    Some(u16::from_le_bytes(*found))
}

pub(super) fn i16_at(bytes: &[u8], at: usize) -> Option<i16> {
    u16_at(bytes, at).map(u16::cast_signed)
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let found = bytes.get(at..)?.first_chunk()?;
    Some(u32::from_le_bytes(*found))
}

/// A number of four bytes that is a place or a length.
pub(super) fn size_at(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u32_at(bytes, at)?).ok()
}

/// So many bytes from a place.
pub(super) fn part(bytes: &[u8], at: usize, length: usize) -> Option<&[u8]> {
    bytes.get(at..at.checked_add(length)?)
}

/// A text of two bytes a character.
pub(super) fn utf16(bytes: &[u8]) -> String {
    let units = bytes.chunks_exact(2);
    let units = units.map(|unit| u16::from_le_bytes([unit[0], unit[1]]));
    char::decode_utf16(units)
        .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

/// A modifier of one property.
#[derive(Clone, Copy)]
pub(super) struct Modifier<'f> {
    /// Which property (`sprm`).
    pub code: u16,
    /// What it is.
    pub operand: &'f [u8],
}

impl Modifier<'_> {
    pub fn byte(&self) -> u8 {
        u8_at(self.operand, 0).unwrap_or_default()
    }

    pub fn word(&self) -> u16 {
        u16_at(self.operand, 0).unwrap_or_default()
    }

    pub fn long(&self) -> usize {
        size_at(self.operand, 0).unwrap_or_default()
    }
}

/// The definition of a row, the one modifier whose length takes two bytes.
pub(super) const TABLE_DEFINITION: u16 = 0xD608;
/// Tab stops, whose length may be 255 for any.
const TABS: u16 = 0xC615;

/// The modifiers in bytes, as far as they are whole.
pub(super) fn modifiers(bytes: &[u8]) -> impl Iterator<Item = Modifier<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let code = u16_at(bytes, at)?;
        at += 2;
        let (from, length) = match (code, code >> 13) {
            (TABLE_DEFINITION, _) => (at + 2, usize::from(u16_at(bytes, at)?).checked_sub(1)?),
            (TABS, _) if u8_at(bytes, at) == Some(255) => {
                let deleted = usize::from(u8_at(bytes, at + 1)?);
                let added = usize::from(u8_at(bytes, at + 2 + 4 * deleted)?);
                (at + 1, 2 + 4 * deleted + 3 * added)
            }
            (_, 0 | 1) => (at, 1),
            (_, 2 | 4 | 5) => (at, 2),
            (_, 3) => (at, 4),
            (_, 6) => (at + 1, usize::from(u8_at(bytes, at)?)),
            _ => (at, 3),
        };
        at = from + length;
        let operand = part(bytes, from, length)?;
        Some(Modifier { code, operand })
    })
}
