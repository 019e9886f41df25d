//! A sentence of a finding, in the words of the file and in those of the form.
//!
//! Who writes the file is told of its keys and lines. Who fills in the form on the page sees neither: where a sentence
//! names them it has a plain wording too, in which things are called by their titles.

use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Serialize};

/// A sentence in Chinese. As a `str` it is that for those who write the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    written: String,
    /// The plain wording where it is another; empty if there is nothing to say to those who see no file.
    plain: Option<String>,
}

/// The name of something: its key in the file and its title in the form.
#[derive(Clone, Copy, Debug)]
pub struct Called<'a> {
    /// As the file writes it.
    pub key: &'a str,
    /// As the form titles it.
    pub title: &'a str,
}

/// The choice between the wordings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wording {
    is_plain: bool,
}

impl Wording {
    /// The name of something in this wording.
    #[must_use]
    pub fn of(self, Called { key, title }: Called<'_>) -> &str {
        if self.is_plain { title } else { key }
    }
}

impl Said {
    /// A sentence with a plain wording of its own.
    #[must_use]
    pub fn new(written: impl Into<String>, plain: impl Into<String>) -> Self {
        Self {
            written: written.into(),
            plain: Some(plain.into()),
        }
    }

    /// A sentence that differs in the names of what it is about.
    #[must_use]
    pub fn worded(words: impl Fn(Wording) -> String) -> Self {
        let [written, plain] = [false, true].map(|is_plain| words(Wording { is_plain }));
        Self::new(written, plain)
    }

    /// A sentence that differs in one name.
    #[must_use]
    pub fn naming(called: Called, words: impl Fn(&str) -> String) -> Self {
        Self::worded(|wording| words(wording.of(called)))
    }

    /// The sentence about `subject`, which it follows.
    #[must_use]
    pub fn of(&self, subject: &str) -> Self {
        Self {
            written: format!("{subject}{self}"),
            plain: self.plain.as_ref().map(|plain| format!("{subject}{plain}")),
        }
    }

    /// The sentence for those who fill in the form; empty if they need none.
    #[must_use]
    pub fn plain(&self) -> &str {
        self.plain.as_deref().unwrap_or(&self.written)
    }
}

impl Deref for Said {
    type Target = str;

    fn deref(&self) -> &str {
        &self.written
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.pad(self)
    }
}

impl From<String> for Said {
    fn from(written: String) -> Self {
        Self {
            written,
            plain: None,
        }
    }
}

impl From<&str> for Said {
    fn from(written: &str) -> Self {
        written.to_owned().into()
    }
}

impl PartialEq<str> for Said {
    fn eq(&self, other: &str) -> bool {
        **self == *other
    }
}

impl PartialEq<&str> for Said {
    fn eq(&self, other: &&str) -> bool {
        *self == **other
    }
}
