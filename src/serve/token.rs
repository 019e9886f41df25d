//! The token that requests have to bear (RFC 6750).

use std::fmt;
use std::fs;
use std::path::Path;

use subtle::ConstantTimeEq;

use crate::error::Error;

/// The fewest characters of a token.
const SHORTEST: usize = 16;

/// A secret that requests have to bear. It is never shown.
#[derive(Clone)]
pub struct Token(Vec<u8>);

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("Token")
    }
}

impl Token {
    /// A token of visible ASCII characters, 16 or more; `None` for any other text.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let fits = text.len() >= SHORTEST && text.bytes().all(|b| b.is_ascii_graphic());
        fits.then(|| Self(text.as_bytes().to_vec()))
    }

    /// The token in a file, without the white space around it; `None` if that is invalid.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn read(path: &Path) -> Result<Option<Self>, Error> {
        let text = fs::read_to_string(path).map_err(|cause| Error::read(path, cause))?;
        Ok(Self::new(text.trim()))
    }

    /// Whether a header bears the token, compared in constant time.
    pub(super) fn is_borne(&self, header: Option<&[u8]>) -> bool {
        let Some((scheme, borne)) = header.and_then(|header| header.split_at_checked(7)) else {
            return false;
        };
        scheme.eq_ignore_ascii_case(b"Bearer ") && borne.ct_eq(&self.0).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_token_is_it() {
        let token = Token::new("0123456789abcdef").unwrap();
        assert!(token.is_borne(Some(b"Bearer 0123456789abcdef")));
        assert!(token.is_borne(Some(b"bearer 0123456789abcdef")));
        for header in [
            &b"Bearer 0123456789abcde"[..],
            b"Bearer 0123456789abcdeff",
            b"Bearer ",
            b"Basic 0123456789abcdef",
            b"",
        ] {
            assert!(!token.is_borne(Some(header)), "{header:?}");
        }
        assert!(!token.is_borne(None));
        assert!(Token::new("short").is_none());
        assert!(Token::new("0123456789 abcdef").is_none());
        assert_eq!(format!("{token:?}"), "Token");
    }
}
