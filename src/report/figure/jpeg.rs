//! What a JPEG costs beside its pixels, and its colours (ITU-T T.81; ICC.1, B.4).

use super::fault::{Fault, broken};
use super::icc::{self, Colours};

/// The most scans, each of which goes over all pixels; programs write up to some 20.
const MAX_SCANS: usize = 50;
const PROFILE: &[u8] = b"ICC_PROFILE\0";

/// A JPEG, as far as it is known without decoding it.
#[derive(Default)]
struct Jpeg<'a> {
    /// The number of colour components, by frame.
    components: Vec<u8>,
    scans: usize,
    /// The pieces of its profile by their numbers, from 1.
    profile: Vec<(u8, &'a [u8])>,
}

/// The fault of a JPEG.
pub(super) fn jpeg_fault(bytes: &[u8]) -> Option<Fault> {
    let jpeg = Jpeg::read(bytes);
    let colours = match jpeg.components[..] {
        [1] => Colours::Grey,
        [3] => Colours::Rgb,
        [4] => {
            let message = "是 CMYK 颜色的 JPEG，不能长期保存".into();
            return Some((message, "转换为 RGB 颜色，或导出为 PNG"));
        }
        _ => return Some(broken()),
    };
    if jpeg.scans > MAX_SCANS {
        let message = format!("的像素分成 {MAX_SCANS} 遍以上记录");
        return Some((message.into(), "重新导出图片"));
    }
    if jpeg.profile.is_empty() {
        return None;
    }
    icc::fault(&jpeg.whole_profile(), colours)
}

impl<'a> Jpeg<'a> {
    /// Reads the segments up to the end, or to the first fault.
    fn read(bytes: &'a [u8]) -> Self {
        let mut jpeg = Self::default();
        let mut at = 2;
        while let Some([0xFF, marker, high, low]) = bytes.get(at..at + 4) {
            if *marker == 0xFF {
                at += 1; // a fill byte
                continue;
            }
            let end = at + 2 + usize::from(u16::from_be_bytes([*high, *low]));
            let Some(content) = bytes.get(at + 4..end) else {
                break;
            };
            at = end;
            match marker {
                0xC4 | 0xC8 | 0xCC => {}
                0xC0..=0xCF => jpeg.components.extend(content.get(5)),
                0xDA => {
                    jpeg.scans += 1;
                    at = end_of_scan(bytes, end);
                }
                0xE2 => jpeg.profile.extend(piece(content)),
                0xD9 => break,
                _ => {}
            }
        }
        jpeg
    }

    fn whole_profile(&self) -> Vec<u8> {
        let mut pieces = self.profile.clone();
        pieces.sort_by_key(|(number, _)| *number);
        pieces
            .iter()
            .flat_map(|(_, piece)| *piece)
            .copied()
            .collect()
    }
}

/// A piece of a profile with its number.
fn piece(content: &[u8]) -> Option<(u8, &[u8])> {
    let [number, _count, piece @ ..] = content.strip_prefix(PROFILE)? else {
        return None;
    };
    Some((*number, piece))
}

/// The place of the next marker after coded pixels, in which 0xFF is escaped by 0, or begins a restart.
fn end_of_scan(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr(0xFF, rest)) {
        at += found;
        match bytes.get(at + 1) {
            Some(0 | 0xD0..=0xD7) => at += 2,
            _ => return at,
        }
    }
    bytes.len()
}
