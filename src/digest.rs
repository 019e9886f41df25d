//! SHA-256 digests of inputs and outputs, as `sha256sum` prints them.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// A SHA-256 digest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of some content.
    #[must_use]
    pub fn of(content: &[u8]) -> Self {
        Self(Sha256::digest(content).into())
    }

    /// The digest of a file of any size.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn of_file(path: &Path) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let mut whole = Sha256::new();
        let mut piece = vec![0; 256 << 10];
        loop {
            match file.read(&mut piece)? {
                0 => return Ok(Self(whole.finalize().into())),
                length => whole.update(&piece[..length]),
            }
        }
    }

    /// The digest of named parts, in order. No two lists of parts have the same digested text: for each part
    /// it has the digest, or `-` if it is absent, and the name.
    #[must_use]
    pub fn of_parts<'a>(parts: impl IntoIterator<Item = (&'a str, Option<Self>)>) -> Self {
        let mut whole = Sha256::new();
        for (name, part) in parts {
            let shown = part.map_or_else(|| "-".to_owned(), |part| part.to_string());
            whole.update(format!("{shown} {} {name}\n", name.len()));
        }
        Self(whole.finalize().into())
    }
}

impl Digest {
    /// The digest in groups of four digits, as people read it on paper.
    #[must_use]
    pub fn grouped(&self) -> String {
        let digits = self.to_string();
        let groups: Vec<_> = (0..digits.len())
            .step_by(4)
            .map(|i| &digits[i..i + 4])
            .collect();
        groups.join(" ")
    }

    /// Whether the digest begins with a prefix.
    #[must_use]
    pub fn begins(&self, prefix: &Prefix) -> bool {
        self.to_string().starts_with(&prefix.0)
    }
}

/// The first digits of a digest, or all: enough that no other report shares them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prefix(String);

impl Prefix {
    /// The fewest digits: 64 bits, so that among a million reports two share them with a chance of one
    /// in thirty million.
    pub const FEWEST: usize = 16;
}

impl FromStr for Prefix {
    type Err = String;

    /// Parses digits as printed on paper, in groups or not.
    fn from_str(text: &str) -> Result<Self, String> {
        let digits: String = text
            .split_whitespace()
            .collect::<String>()
            .to_ascii_lowercase();
        let plain = digits.bytes().all(|b| b.is_ascii_hexdigit());
        if !plain || !(Self::FEWEST..=64).contains(&digits.len()) {
            return Err(format!(
                "a digest is given by its first {} to 64 hexadecimal digits",
                Self::FEWEST
            ));
        }
        Ok(Self(digits))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        digest.to_string()
    }
}

impl FromStr for Digest {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let fault = || format!("{text} is no SHA-256 digest of 64 hexadecimal digits");
        let plain = text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
        let mut bytes = [0; 32];
        for (i, byte) in bytes.iter_mut().enumerate().filter(|_| plain) {
            *byte = u8::from_str_radix(&text[2 * i..2 * i + 2], 16).map_err(|_| fault())?;
        }
        plain.then_some(Self(bytes)).ok_or_else(fault)
    }
}

impl TryFrom<String> for Digest {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_those_of_the_standard() {
        // FIPS 180-4, the example with one block.
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(Digest::of(b"abc").to_string(), abc);
        assert_eq!(abc.parse(), Ok(Digest::of(b"abc")));
        for wrong in ["", "ba78", &abc.replace('b', "g"), &abc.replace("ba", "年")] {
            assert!(wrong.parse::<Digest>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn parts_are_told_apart() {
        let (a, b) = (Digest::of(b"a"), Digest::of(b"b"));
        let lists = [
            vec![("x", Some(a)), ("y", Some(b))],
            vec![("y", Some(b)), ("x", Some(a))],
            vec![("x", Some(a)), ("y", None)],
            vec![("x", Some(a))],
            vec![],
        ];
        let mut digests: Vec<_> = lists.into_iter().map(Digest::of_parts).collect();
        digests.sort();
        digests.dedup();
        assert_eq!(digests.len(), 5);
    }
}
