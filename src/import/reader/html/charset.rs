//! The text of bytes whose encoding is declared wrongly, or not at all.

use encoding_rs::{Encoding, GB18030, UTF_8};

/// The bytes in which an encoding is declared.
const HEAD: usize = 4_096;

/// The text of bytes: by their mark; as UTF-8 if they are, whatever they declare; else as declared, if they can be;
/// else as GB18030, which has the characters of names that plain GBK lacks.
pub(in super::super) fn decoded(bytes: &[u8], declared: Option<&str>) -> String {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding.decode(bytes).0.into_owned();
    }
    if let Ok(text) = str::from_utf8(bytes) {
        return text.to_owned();
    }
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD)]).to_ascii_lowercase();
    let named = head.split("charset").skip(1).filter_map(|rest| {
        let rest = rest.trim_start().strip_prefix('=')?;
        let rest = rest.trim_start_matches([' ', '"', '\'']);
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || "-_".contains(c)));
        Some(&rest[..end.unwrap_or(rest.len())])
    });
    let labels = declared.into_iter().chain(named);
    let declared = labels
        .filter_map(|label| Encoding::for_label(label.as_bytes()))
        .filter(|encoding| *encoding != UTF_8);
    for encoding in declared {
        let (text, _, has_faults) = encoding.decode(bytes);
        if !has_faults {
            return text.into_owned();
        }
    }
    GB18030.decode(bytes).0.into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_encoding_is_that_of_the_bytes() {
        let text = "<meta charset=\"utf-8\">政务公开𬭼";
        let gbk = GB18030.encode(text).0;
        assert_eq!(decoded(&gbk, None), text);
        assert_eq!(decoded(text.as_bytes(), Some("gbk")), text);
        let big5 = "<meta charset=big5>資訊公開";
        let bytes = encoding_rs::BIG5.encode(big5).0;
        assert_eq!(decoded(&bytes, None), big5);
        let wide: Vec<u8> = std::iter::once(0xFEFF_u16)
            .chain("年报".encode_utf16())
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(decoded(&wide, None), "年报");
    }
}
