//! The sections of a form.

use serde::Deserialize;

use super::name::{Name, ordinal};

/// A section of the report.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Its key in the report file.
    pub key: String,
    /// Its title with the ordinal.
    pub title: String,
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
    /// Whether it may be empty.
    #[serde(default)]
    pub optional: bool,
    /// Whether it stands behind the signature as an annex (附件).
    #[serde(default)]
    pub annex: bool,
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

    /// The name that the section has in a report file.
    #[must_use]
    pub fn name(&self) -> Name {
        Name::new(&self.key, &self.title, &[])
    }
}
