//! What a PNG inflates to beside its pixels (ISO/IEC 15948).

use std::io::Cursor;

use png::{ColorType, Decoder, DecodingError, Limits};

use super::fault::{Fault, broken};
use super::icc::{self, Colours, MAX_PROFILE};

/// The most chunks; a picture of 20 MiB in pieces of 8 KiB, as programs write them, has 2,560.
const MAX_CHUNKS: usize = 50_000;
const SIGNATURE: usize = 8;
/// The length, the type and the checksum of a chunk.
const FRAME: usize = 12;

/// The fault of a PNG whose head can be read.
pub(super) fn png_fault(bytes: &[u8]) -> Option<Fault> {
    let Some(profiles) = profiles(bytes) else {
        return Some(broken());
    };
    if profiles == 0 {
        return None;
    }
    // Nothing else that it reads before the pixels inflates.
    let mut decoder = Decoder::new_with_limits(Cursor::new(bytes), Limits { bytes: MAX_PROFILE });
    decoder.set_ignore_text_chunk(true);
    let reader = match decoder.read_info() {
        Ok(reader) => reader,
        Err(DecodingError::LimitsExceeded) => return Some(icc::invalid()),
        Err(_) => return Some(broken()),
    };
    let info = reader.info();
    let colours = match info.color_type {
        ColorType::Grayscale | ColorType::GrayscaleAlpha => Colours::Grey,
        ColorType::Rgb | ColorType::Rgba | ColorType::Indexed => Colours::Rgb,
    };
    match &info.icc_profile {
        Some(profile) if profiles == 1 => icc::fault(profile, colours),
        _ => Some(icc::invalid()),
    }
}

/// The number of profiles before the pixels; `None` for a picture of too many parts.
fn profiles(bytes: &[u8]) -> Option<usize> {
    let (mut at, mut found) = (SIGNATURE, 0);
    for _ in 0..MAX_CHUNKS {
        let Some([a, b, c, d, kind @ ..]) = bytes.get(at..at + 8) else {
            return Some(found); // what is missing is seen when it is decoded
        };
        found += usize::from(kind == b"iCCP");
        let length = u32::from_be_bytes([*a, *b, *c, *d]);
        at = at
            .checked_add(FRAME)?
            .checked_add(usize::try_from(length).ok()?)?;
    }
    None
}
