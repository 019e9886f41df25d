//! The text of a report in a request: a string, or JSON that is read as the YAML that it nearly is.

use serde_json::Value;

/// The text of a report file that is given as JSON: a string is the text, and anything else is taken as
/// it is written, so that its numbers keep their digits and findings keep their places. JSON and YAML
/// write what stands between quotation marks alike, but for the pairs that JSON has for characters
/// beyond the first plane (RFC 8259, section 7).
///
/// # Errors
/// The message for invalid JSON, in Chinese.
pub fn report_text(written: &str) -> Result<String, String> {
    let fault = |fault| format!("不是 JSON：{fault}");
    if written.trim_start().starts_with('"') {
        return serde_json::from_str(written).map_err(fault);
    }
    // A value, not something to be passed over: that would take half of a pair for text.
    serde_json::from_str::<Value>(written).map_err(fault)?;
    let mut text = String::with_capacity(written.len());
    let mut rest = written;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        text.push_str(before);
        let length = if let Some(character) = pair(escape) {
            text.push(character);
            "\\ud800\\udc00".len()
        } else {
            let length = 1 + escape[1..].chars().next().map_or(0, char::len_utf8);
            text.push_str(&escape[..length]);
            length
        };
        rest = &escape[length..];
    }
    text.push_str(rest);
    Ok(text)
}

/// The character of a pair of escapes.
fn pair(escape: &str) -> Option<char> {
    let unit = |at: usize| {
        let digits = escape.get(at..at + 6)?.strip_prefix("\\u")?;
        u16::from_str_radix(digits, 16).ok()
    };
    let units = [unit(0)?, unit(6)?];
    let is_pair = (0xD800..0xDC00).contains(&units[0]);
    let mut characters = char::decode_utf16(units);
    let character = characters.next()?.ok();
    character.filter(|_| is_pair)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_becomes_yaml_that_says_the_same() {
        for (json, yaml) in [
            (r#"{"a": 12.50}"#, r#"{"a": 12.50}"#),
            (
                r#"{"a": "\ud873\udf69\\ud873"}"#,
                "{\"a\": \"\u{2CF69}\\\\ud873\"}",
            ),
            (r#"["\n\/\u4e2d"]"#, r#"["\n\/\u4e2d"]"#),
        ] {
            assert_eq!(report_text(json).unwrap(), yaml);
        }
        assert!(report_text("{").is_err());
        assert!(report_text("[1] 2").is_err());
        assert!(report_text(r#"["\ud800"]"#).is_err());
    }
}
