//! The legal form as data: what an edition prescribes, read from its `format.yaml`.
//!
//! This module knows no report and no edition by name. Labels stand in `format.yaml` alone; Typst
//! reads the same file to draw them.

mod name;
mod rule;
mod table;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use serde::de::DeserializeOwned;

pub use self::name::{Language, Name};
pub(crate) use self::name::{NUMERALS, ordinal};
pub use self::rule::{Each, Rule};
pub use self::table::{Block, CellKind, Column, Head, Line, Mention, Sum, Table};
use crate::error::Error;
use crate::layouts;

/// One edition of the form (格式), in force for a range of report years.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Format {
    /// The name of the edition and of its folder.
    pub edition: String,
    /// The decree that prescribes it.
    pub decree: String,
    /// The report years it is prescribed for.
    pub years: Years,
    /// The words of the default title, with `{agency}` and `{year}` to fill in.
    pub title: Vec<String>,
    /// The sections in the order of print.
    pub sections: Vec<Section>,
    /// The tables by key.
    pub tables: BTreeMap<String, Table>,
}

/// A range of report years.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Years {
    /// The first year.
    pub from: u16,
    /// The last year; open where the edition is in force.
    #[serde(default)]
    pub to: Option<u16>,
}

impl Years {
    /// Whether the edition is prescribed for reports on `year`.
    #[must_use]
    pub fn contains(self, year: u16) -> bool {
        self.from <= year && self.to.is_none_or(|to| year <= to)
    }
}

/// A section of the report.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Its key in the report file.
    pub key: String,
    /// Its title with the ordinal.
    pub title: String,
    /// What stands in it.
    pub body: Body,
    /// The keys of its tables, in the order of print.
    #[serde(default)]
    pub tables: Vec<String>,
    /// What the text has to speak of.
    #[serde(default)]
    pub aspects: Vec<Aspect>,
    /// Where the fee for processing information (信息处理费) is reported: the words for it.
    #[serde(default)]
    pub fee: Vec<String>,
}

/// Something that the text of a section has to speak of.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Aspect {
    /// What the decree calls it.
    pub label: String,
    /// Words by which a text speaks of it.
    pub said: Vec<String>,
}

/// What stands in a section.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Body {
    /// Paragraphs.
    Prose,
    /// Tables of the form.
    Tables,
}

/// A field of the report file that belongs to one edition: the text of a section, or a table.
#[derive(Clone, Debug)]
pub struct Part<'a> {
    /// What it is called.
    pub name: Name,
    /// The table; `None` for text.
    pub table: Option<&'a Table>,
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

impl Format {
    /// Reads one declaration and checks what no type can.
    ///
    /// # Errors
    /// When the text is no declaration or contradicts itself; `file` names it.
    pub fn parse(file: &str, text: &str) -> Result<Self, Error> {
        let fault = |cause: String| Error::Declaration {
            file: file.to_owned(),
            cause,
        };
        let mut format: Self = declaration(file, text)?;
        for (key, table) in &mut format.tables {
            table.resolve().map_err(|e| fault(format!("{key}: {e}")))?;
        }
        format.check().map_err(fault)?;
        Ok(format)
    }

    fn check(&self) -> Result<(), String> {
        let mut drawn = Vec::new();
        for section in &self.sections {
            if (section.body == Body::Tables) == section.tables.is_empty() {
                return Err(format!("section {}: body and tables disagree", section.key));
            }
            drawn.extend(&section.tables);
        }
        let declared: Vec<_> = self.tables.keys().collect();
        drawn.sort_unstable();
        if drawn != declared {
            return Err(format!(
                "sections draw {drawn:?}, declared are {declared:?}"
            ));
        }
        name::distinct(&self.sections.iter().map(Section::name).collect::<Vec<_>>())
    }

    /// What a report file gives for the sections, in the order of print.
    #[must_use]
    pub fn parts(&self) -> Vec<Part<'_>> {
        let mut parts = Vec::new();
        for section in &self.sections {
            if section.body == Body::Prose {
                let name = section.name();
                parts.push(Part { name, table: None });
            }
            for key in &section.tables {
                let name = match section.tables.len() {
                    1 => Name::new(key, &section.title, &[]),
                    _ => Name::new(key, key, &[]),
                };
                let table = self.tables.get(key);
                parts.push(Part { name, table });
            }
        }
        parts
    }

    /// Every label that the form prints in its tables, in the order of the declaration.
    #[must_use]
    pub fn labels(&self) -> Vec<&str> {
        self.tables.values().flat_map(Table::labels).collect()
    }

    /// The default title of a report, word by word.
    #[must_use]
    pub fn title_words(&self, agency: &str, year: u16) -> Vec<String> {
        let fill = |word: &String| {
            // The agency last: what it says is no placeholder.
            word.replace("{year}", &year.to_string())
                .replace("{agency}", agency)
        };
        self.title.iter().map(fill).collect()
    }
}

/// Reads a declaration that ships with the program; `file` names it.
pub(crate) fn declaration<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, Error> {
    serde_yaml::from_str(text).map_err(|e| Error::Declaration {
        file: file.to_owned(),
        cause: e.to_string(),
    })
}

/// The editions that the program knows, oldest first.
#[derive(Clone, Debug)]
pub struct Editions(Vec<Arc<Format>>);

impl Editions {
    /// Reads the editions that are compiled in.
    ///
    /// # Errors
    /// When a declaration contradicts itself.
    pub fn builtin() -> Result<Self, Error> {
        let mut list = Vec::new();
        for (path, content) in layouts::files() {
            let Some(folder) = path.strip_suffix("/format.yaml") else {
                continue;
            };
            let format = Format::parse(path, &String::from_utf8_lossy(content))?;
            if format.edition != folder {
                return Err(Error::Declaration {
                    file: path.to_owned(),
                    cause: format!("edition {} stands in folder {folder}", format.edition),
                });
            }
            list.push(Arc::new(format));
        }
        list.sort_by(|a, b| (a.years.from, &a.edition).cmp(&(b.years.from, &b.edition)));
        Ok(Self(list))
    }

    /// All of them.
    #[must_use]
    pub fn all(&self) -> &[Arc<Format>] {
        &self.0
    }

    /// The edition of that name.
    #[must_use]
    pub fn named(&self, edition: &str) -> Option<&Arc<Format>> {
        self.0.iter().find(|format| format.edition == edition)
    }

    /// The edition that is prescribed for reports on `year`.
    #[must_use]
    pub fn for_year(&self, year: u16) -> Option<&Arc<Format>> {
        self.0.iter().find(|format| format.years.contains(year))
    }
}
