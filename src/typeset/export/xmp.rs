//! The XMP packet, which krilla writes uncompressed (ISO 19005-2, 6.6.2.1): no proof of something else, as krilla has it,
//! and in the copy of an archive the provenance.

use super::objects::{Change, Objects, number};
use crate::provenance::Provenance;

/// The changes of the packet; `None` if it is not there or not as krilla writes it.
pub(super) fn described(objects: &Objects, origin: Option<&Provenance>) -> Option<[Change; 2]> {
    const HEAD: &[u8] = b"<</Length ";
    const TYPE: &[u8] = b"/Type/Metadata/Subtype/XML>>\nstream\n";
    let length = objects.named(objects.catalog()?, b"/Metadata ")? + HEAD.len();
    let rest = objects.pdf.get(length..)?;
    let digits = length..length + rest.iter().take_while(|b| b.is_ascii_digit()).count();
    let start = digits.end + TYPE.len();
    let end = start + number(&objects.pdf[digits.clone()])?;
    let is_packet = objects.pdf[..length].ends_with(HEAD)
        && objects.pdf[digits.end..].starts_with(TYPE)
        && objects.pdf.get(end..)?.starts_with(b"\nendstream");
    if !is_packet {
        return None;
    }
    let packet = std::str::from_utf8(&objects.pdf[start..end]).ok()?;
    let (before, behind) = packet.split_once("<xmpMM:RenditionClass>proof<")?;
    let packet = format!("{before}<xmpMM:RenditionClass>default<{behind}");
    let packet = match origin {
        Some(origin) => origin.added_to(&packet)?,
        None => packet,
    };
    let length = packet.len().to_string().into_bytes();
    Some([(digits, length), (start..end, packet.into_bytes())])
}
