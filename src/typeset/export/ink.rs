//! Gray is put in `DeviceGray`, so that text and rules print with black ink alone.
//!
//! Typst writes gray through an ICC profile, and a printer may mix such a black from all inks.
//! Beside the output intent of PDF/A, `DeviceGray` is allowed (ISO 19005-2, 6.2.4.3).

use memchr::memmem;

use super::objects::{Change, Objects};

/// A change for each gray colour space; `None` if there is none.
pub(super) fn black(objects: &Objects) -> Option<Vec<Change>> {
    let spaces = objects.contents().filter_map(|at| gray_space(objects, at));
    let spaces: Vec<_> = spaces.collect();
    (!spaces.is_empty()).then_some(spaces)
}

/// An object as a colour space with a profile of one component.
fn gray_space(objects: &Objects, at: usize) -> Option<Change> {
    const PROFILE: &[u8] = b"[/ICCBased ";
    let space = &objects.pdf[at..];
    let end = at + memmem::find(space.strip_prefix(PROFILE)?, b"]")? + PROFILE.len() + 1;
    let profile = &objects.pdf[objects.named(at, PROFILE)?..];
    let dictionary = &profile[..memmem::find(profile, b"stream")?];
    memmem::find(dictionary, b"/N 1/")?;
    Some((at..end, b"/DeviceGray".to_vec()))
}
