//! The sections of a form.

use serde::Deserialize;

use super::name::{Name, ordinal, without_ordinal};

/// A section of the report.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Its key in the report file.
    pub key: String,
    /// Its title with the ordinal.
    pub title: String,
    /// Other wordings of the title that the decree has itself, without the ordinal.
    #[serde(default)]
    pub wordings: Vec<String>,
    /// Other keys that a report file may use.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// The kind of its content.
    pub body: Body,
    /// The keys of its tables, in the order of print.
    #[serde(default)]
    pub tables: Vec<String>,
    /// The subjects that the text has to speak of.
    #[serde(default)]
    pub aspects: Vec<Aspect>,
    /// The words for the fee for processing information (信息处理费), if it is reported here.
    #[serde(default)]
    pub fee: Vec<String>,
    /// The length that its text should not exceed.
    #[serde(default)]
    pub limit: Option<Limit>,
    /// Whether it may be empty.
    #[serde(default)]
    pub optional: bool,
    /// Whether it stands behind the signature as an annex (附件).
    #[serde(default)]
    pub annex: bool,
}

/// The length that a text should not exceed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// The most characters, headings and marks included.
    pub characters: usize,
    /// The sentence of the decree.
    pub law: String,
}

/// A subject that the text of a section has to speak of.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Aspect {
    /// Its name in the decree.
    pub label: String,
    /// Words by which a text speaks of it.
    pub said: Vec<String>,
}

/// The kind of the content of a section.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Body {
    /// Paragraphs.
    Prose,
    /// Tables of the form.
    Tables,
    /// Any number of texts, to which the report gives titles.
    Titled,
}

impl Section {
    /// The ordinal of the title, such as 一、.
    #[must_use]
    pub fn ordinal(&self) -> &str {
        ordinal(&self.title)
    }

    /// Whether a wording of its title, without the ordinal, is the decree's.
    #[must_use]
    pub fn is_titled(&self, wording: &str) -> bool {
        wording == without_ordinal(&self.title) || self.wordings.iter().any(|own| own == wording)
    }

    /// The section with the title that it had in an earlier transcription; files written since go on to be read.
    pub(super) fn titled(mut self, title: &str) -> Self {
        self.aliases.push(self.name().term);
        title.clone_into(&mut self.title);
        self
    }

    /// The name that the section has in a report file.
    #[must_use]
    pub fn name(&self) -> Name {
        Name::new(&self.key, &self.title, &self.aliases)
    }
}
