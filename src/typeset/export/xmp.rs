//! The XMP packet, which krilla writes uncompressed (ISO 19005-2, 6.6.2.1), with more properties.

use memchr::memmem;

use super::objects::{Objects, number};

/// The PDF with its packet changed; `None` if it has no packet that can be changed.
pub(super) fn changed(pdf: &[u8], change: impl FnOnce(&str) -> Option<String>) -> Option<Vec<u8>> {
    const HEAD: &[u8] = b"<</Length ";
    const TYPE: &[u8] = b"/Type/Metadata/Subtype/XML>>\nstream\n";
    let objects = Objects::of(pdf)?;
    let mut contents = objects.numbers().filter_map(|n| objects.content(pdf, n));
    let is_packet = |content: &[u8]| {
        let rest = content.strip_prefix(HEAD)?;
        let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
        let length = number(&rest[..digits])?;
        rest[digits..]
            .starts_with(TYPE)
            .then_some((HEAD.len() + digits + TYPE.len(), length))
    };
    let (at, (start, length)) =
        contents.find_map(|range| Some((range.clone(), is_packet(&pdf[range])?)))?;
    let packet = pdf.get(at.start + start..at.start + start + length)?;
    let packet = change(std::str::from_utf8(packet).ok()?)?;
    let rest = &pdf[at.start + start + length..at.end];
    memmem::find(rest, b"endstream")?;
    let length = packet.len().to_string();
    let content = [HEAD, length.as_bytes(), TYPE, packet.as_bytes(), rest].concat();
    objects.replaced(pdf, &at, &content)
}
