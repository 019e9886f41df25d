//! Gray is put in `DeviceGray`, so that text and rules print with black ink alone.
//!
//! Typst writes gray through an ICC profile, and a printer may mix such a black from all inks.
//! Beside the output intent of PDF/A, `DeviceGray` is allowed (ISO 19005-2, 6.2.4.3). The colour
//! space is an object of its own, uncompressed, so it is replaced in place and no offset moves.

use std::ops::Range;

use memchr::memmem;

use super::objects::{Objects, number};
use crate::error::Error;

pub(super) fn black(pdf: &mut [u8]) -> Result<(), Error> {
    const GRAY: &[u8] = b"/DeviceGray";
    let missing = || Error::Export("no gray colour space was found".to_owned());
    let objects = Objects::of(pdf).ok_or_else(missing)?;
    let spaces = objects
        .numbers()
        .filter_map(|n| gray_space(&objects, pdf, n));
    let spaces: Vec<_> = spaces.collect();
    if spaces.is_empty() {
        return Err(missing());
    }
    for space in spaces {
        pdf[space.clone()].fill(b' ');
        pdf[space.start..][..GRAY.len()].copy_from_slice(GRAY);
    }
    Ok(())
}

/// An object as a colour space with a profile of one component: the range to replace.
fn gray_space(objects: &Objects, pdf: &[u8], object: usize) -> Option<Range<usize>> {
    let content = objects.content(pdf, object)?;
    let profile = pdf[content.clone()].strip_prefix(b"[/ICCBased ")?;
    let profile = profile.split(|b| *b == b' ').next()?;
    let profile = objects.content(pdf, number(profile)?)?;
    let length = memmem::find(&pdf[profile.clone()], b"stream")?;
    let dictionary = &pdf[profile][..length];
    let components = memmem::find(dictionary, b"/N ")? + 3;
    let end = memmem::find(&pdf[content.clone()], b"]")? + 1;
    (dictionary.get(components) == Some(&b'1')).then_some(content.start..content.start + end)
}
