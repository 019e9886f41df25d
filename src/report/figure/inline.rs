//! Pictures that stand where they are referred to (RFC 2397).

use data_url::DataUrl;

/// Whether a reference is the content itself.
pub(crate) fn is_inline(link: &str) -> bool {
    link.starts_with("data:")
}

/// The content of a picture that a reference holds; `None` if it holds none.
pub(super) fn content(link: &str) -> Option<Vec<u8>> {
    let (content, _) = DataUrl::process(link).ok()?.decode_to_vec().ok()?;
    Some(content)
}
