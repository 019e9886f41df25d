//! The legal form as data: what an edition prescribes, read from its `format.yaml`.
//!
//! This module knows no report and no edition by name. Labels stand in `format.yaml` alone; Typst
//! reads the same file to draw them.

mod editions;
mod grid;
mod head;
mod line;
mod measure;
mod name;
mod rule;
mod table;
mod transcript;

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{DeserializeOwned, Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

pub use self::editions::Editions;
pub use self::grid::{Drawn, DrawnCell, DrawnContent, Role};
pub use self::head::{Head, Sum};
pub use self::line::{Column, Line};
pub use self::measure::{CellKind, Measure};
pub use self::name::{Language, Name};
pub(crate) use self::name::{NUMERALS, ordinal};
pub use self::rule::{Each, Rule};
pub use self::table::{Balanced, Block, List, Mention, Table};
pub use self::transcript::{Difference, Transcript, TranscriptCell, TranscriptTable};
use crate::error::Error;

/// One edition of the form (格式).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// The name of the edition and of its folder.
    pub edition: String,
    /// The decree that prescribes it.
    pub decree: String,
    /// The report years it is prescribed for; none where it never was and is only found in reports.
    #[serde(default)]
    pub years: Option<Years>,
    /// Whether its transcription has not been compared with the decree.
    #[serde(default)]
    pub draft: bool,
    /// What it takes from other editions.
    #[serde(default)]
    pub shared: Shared,
    /// The words of the default title, with `{agency}` and `{year}` to fill in.
    pub title: Vec<String>,
    /// The sections in the order of print.
    #[serde(default)]
    pub sections: Vec<Section>,
    /// The tables by key.
    #[serde(default, deserialize_with = "each_once")]
    pub tables: BTreeMap<String, Table>,
}

/// A map in which no key stands twice: of two, YAML would silently take the last.
fn each_once<'de, D: Deserializer<'de>>(reader: D) -> Result<BTreeMap<String, Table>, D::Error> {
    struct Once;
    impl<'de> Visitor<'de> for Once {
        type Value = BTreeMap<String, Table>;
        fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
            f.write_str("tables by their keys")
        }
        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut found = BTreeMap::new();
            while let Some((key, table)) = map.next_entry::<String, Table>()? {
                if found.contains_key(&key) {
                    return Err(A::Error::custom(format!("表“{key}”写了两次")));
                }
                found.insert(key, table);
            }
            Ok(found)
        }
    }
    reader.deserialize_map(Once)
}

/// What an edition takes from others, which declare it themselves: by the names of those.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shared {
    /// Whose sections it has.
    #[serde(default)]
    pub sections: Option<String>,
    /// Whose tables, by the key of the table.
    #[serde(default)]
    pub tables: BTreeMap<String, String>,
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
    /// Whether there may be nothing to say in it.
    #[serde(default)]
    pub optional: bool,
    /// Whether it stands behind the signature as an annex (附件).
    #[serde(default)]
    pub annex: bool,
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
    /// Any number of texts, to which the report gives titles.
    Titled,
}

/// A field of the report file that belongs to one edition.
#[derive(Clone, Debug)]
pub struct Part<'a> {
    /// What it is called.
    pub name: Name,
    /// What it gives.
    pub content: Content<'a>,
}

/// What a field gives.
#[derive(Clone, Copy, Debug)]
pub enum Content<'a> {
    /// The text of a section.
    Prose,
    /// Sections with their titles.
    Titled,
    /// The values of a table.
    Table(&'a Table),
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

impl Form {
    /// Reads one declaration and checks what no type can.
    ///
    /// # Errors
    /// When the text is no declaration or contradicts itself; `file` names it.
    pub fn parse(file: &str, text: &str) -> Result<Self, Error> {
        let mut form: Self = declaration(file, text)?;
        for (key, table) in &mut form.tables {
            table.resolve().map_err(|cause| Error::Declaration {
                file: file.to_owned(),
                cause: format!("{key}：{cause}"),
            })?;
        }
        Ok(form)
    }

    /// The editions that it takes something from.
    pub fn sources(&self) -> impl Iterator<Item = &String> {
        self.shared
            .sections
            .iter()
            .chain(self.shared.tables.values())
    }

    /// Whether it is prescribed for reports on `year`.
    #[must_use]
    pub fn is_for(&self, year: u16) -> bool {
        self.years.is_some_and(|years| years.contains(year))
    }

    /// Checks what holds between its parts, once it has them all.
    fn check(&self) -> Result<(), String> {
        let mut drawn = Vec::new();
        for section in &self.sections {
            if (section.body == Body::Tables) == section.tables.is_empty() {
                let message = "body: tables 的部分要列出 tables，其他的部分不能列";
                return Err(format!("部分“{}”：{message}", section.key));
            }
            let asked = !section.aspects.is_empty() || !section.fee.is_empty() || section.optional;
            if asked && section.body != Body::Prose {
                let message = "aspects、fee、optional 只用于 body: prose";
                return Err(format!("部分“{}”：{message}", section.key));
            }
            drawn.extend(&section.tables);
        }
        let declared: Vec<_> = self.tables.keys().collect();
        drawn.sort_unstable();
        if let Some(key) = drawn.iter().find(|key| !declared.contains(*key)) {
            return Err(format!("部分所列的表“{key}”没有声明"));
        }
        let once = |key: &&&String| drawn.iter().filter(|drawn| *drawn == *key).count() != 1;
        if let Some(key) = declared.iter().find(once) {
            return Err(format!("表“{key}”应由一个部分列出，且只列一次"));
        }
        if self
            .years
            .is_some_and(|years| years.to.is_some_and(|to| to < years.from))
        {
            return Err("“years”的 to 早于 from".to_owned());
        }
        let placeholders = |word: &String| word.replace("{agency}", "").replace("{year}", "");
        let title = self.title.concat();
        if !title.contains("{agency}")
            || !title.contains("{year}")
            || self
                .title
                .iter()
                .any(|word| placeholders(word).contains(['{', '}']))
        {
            return Err("“title”中应有 {agency} 和 {year}，没有别的括号".to_owned());
        }
        // Sections whose titles the report gives have no titles to tell them from those of another.
        if self
            .sections
            .iter()
            .filter(|s| s.body == Body::Titled)
            .count()
            > 1
        {
            return Err("body: titled 的部分只能有一个".to_owned());
        }
        // Where the text ends, the signature stands.
        let annexes = self.sections.iter().skip_while(|section| !section.annex);
        if self.sections.first().is_none_or(|section| section.annex) {
            return Err("附件之前应有正文的部分".to_owned());
        }
        if annexes.clone().count() > 1 || annexes.clone().any(|annex| annex.body != Body::Tables) {
            return Err("附件（annex: true）只能有一个，是表，放在最后".to_owned());
        }
        name::distinct(&self.sections.iter().map(Section::name).collect::<Vec<_>>())
    }

    /// What a report file gives for the sections, in the order of print.
    #[must_use]
    pub fn parts(&self) -> Vec<Part<'_>> {
        let mut parts = Vec::new();
        for section in &self.sections {
            let text = match section.body {
                Body::Prose => Some(Content::Prose),
                Body::Titled => Some(Content::Titled),
                Body::Tables => None,
            };
            let name = section.name();
            parts.extend(text.map(|content| Part { name, content }));
            for key in &section.tables {
                let name = match section.tables.len() {
                    1 => Name::new(key, &section.title, &[]),
                    _ => Name::new(key, key, &[]),
                };
                if let Some(table) = self.tables.get(key) {
                    let content = Content::Table(table);
                    parts.push(Part { name, content });
                }
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
