//! What a line of a file looks like: a key with its value, a row of a table, a word.

use super::slips::{self, mapped, slipped};

/// Whether a line is surely a key with its value, or an item of a list.
pub(super) fn begins_entry(text: &str) -> bool {
    let is_key = |(colon, _): (usize, usize)| text[..colon].is_ascii();
    text.starts_with("- ") || mapped(text).is_some() || slipped(text).is_some_and(is_key)
}

/// Whether a text can be a key: a word.
pub(super) fn is_word(text: &str) -> bool {
    text.chars().all(|c| c.is_alphanumeric() || c == '_')
}

/// The key of a line.
pub(super) fn key_of(text: &str) -> &str {
    let item = text.trim_start_matches("- ");
    item.split([':', '：']).next().unwrap_or_default().trim()
}

/// Whether a line is a key with values, whatever its colon.
pub(super) fn is_row(text: &str) -> bool {
    mapped(text).is_some_and(|colon| has_values(&text[colon + 1..])) || is_slipped_row(text)
}

/// Whether a line is a key with values behind a colon that is not YAML's.
pub(super) fn is_slipped_row(text: &str) -> bool {
    slipped(text).is_some_and(|(colon, width)| has_values(&text[colon + width..]))
}

fn has_values(text: &str) -> bool {
    let value = text.split(" #").next().unwrap_or_default().trim();
    value.starts_with(['[', '{', '【'])
        || slips::values(value).is_some_and(|values| !values.is_empty())
}

/// Whether a line that stands no deeper than the key of a text is the next key.
pub(super) fn ends_text(text: &str) -> bool {
    let opens = |(colon, width): (usize, usize)| {
        let value = text[colon + width..].trim_start();
        value.starts_with(['|', '>', '[', '{'])
    };
    begins_entry(text) || slipped(text).is_some_and(opens)
}
