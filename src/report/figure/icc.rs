//! Profiles of colours in pictures: what a PDF/A may hold of them (ISO 19005-2, 6.2.4.2; ICC.1, 7).

use super::fault::Fault;

/// The longest profile, in bytes, inflated (4 MiB). The largest in use, of printers, take some 2 MiB.
pub(super) const MAX_PROFILE: usize = 4 << 20;
/// The most tags of a profile; those in use have up to some 40.
const MAX_TAGS: usize = 200;
/// The length of the header.
const HEADER: usize = 128;
/// The newest version that a PDF 1.7 may hold.
const NEWEST: u8 = 4;

/// The colours of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Colours {
    Grey,
    Rgb,
}

/// The fault of a profile that is not one of an input, a display or an output device, or of a colour space, whole
/// and for these colours.
pub(super) fn fault(profile: &[u8], colours: Colours) -> Option<Fault> {
    if is_valid(profile, colours).unwrap_or_default() {
        return None;
    }
    Some(invalid())
}

/// The fault of a picture with a profile that cannot be kept.
pub(super) fn invalid() -> Fault {
    let message = "的颜色配置文件无效、过大，或者不是这种图片的";
    (message.into(), "在看图软件里转换为 sRGB 颜色，重新导出")
}

/// Whether a profile is valid; `None` if it ends too early.
fn is_valid(profile: &[u8], colours: Colours) -> Option<bool> {
    let four = |at: usize| profile.get(at..at + 4);
    let number = |at: usize| {
        let bytes = four(at)?.try_into().ok()?;
        usize::try_from(u32::from_be_bytes(bytes)).ok()
    };
    let space: &[u8] = match colours {
        Colours::Grey => b"GRAY",
        Colours::Rgb => b"RGB ",
    };
    let class = four(12)?;
    let is_headed = profile.len() <= MAX_PROFILE
        && number(0)? <= profile.len()
        && (1..=NEWEST).contains(&profile[8])
        && [b"scnr", b"mntr", b"prtr", b"spac"]
            .iter()
            .any(|known| class == *known)
        && four(16)? == space
        && (four(20)? == b"XYZ " || four(20)? == b"Lab ")
        && four(36)? == b"acsp";
    let count = number(HEADER)?;
    if !is_headed || count > MAX_TAGS {
        return Some(false);
    }
    let mut tags = Vec::new();
    for at in (0..count).map(|tag| HEADER + 4 + 12 * tag) {
        let end = number(at + 4)?.checked_add(number(at + 8)?)?;
        profile.get(..end)?;
        tags.push(four(at)?);
    }
    let has = |wanted: &[&[u8]]| wanted.iter().all(|tag| tags.contains(tag));
    // Devices of other classes may also be described by a matrix or a curve (ICC.1, 8.3 to 8.5).
    let by_table = has(&[b"A2B0"]);
    let by_matrix = match colours {
        Colours::Grey => has(&[b"kTRC"]),
        Colours::Rgb => has(&[b"rXYZ", b"gXYZ", b"bXYZ", b"rTRC", b"gTRC", b"bTRC"]),
    };
    Some(by_table || by_matrix && class != b"spac")
}
