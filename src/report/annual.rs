//! One report: one agency, one year.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::date::Date;
use super::grid::Grid;
use super::prose::Prose;
use super::text::Text;
use crate::form::{Body, Form, Section};
use crate::source::Span;

/// The most agencies that sign one report: three rows of seals.
pub const MAX_SIGNATORIES: usize = 9;

/// The words before the title of the annex below the text (附件说明, GB/T 9704—2012, 7.3.4).
pub const ANNEX: &str = "附件：";

/// The most sections that a report may give titles to.
pub const MAX_TITLED: usize = 30;

/// One report (政府信息公开工作年度报告).
#[derive(Clone, Debug)]
pub struct Report {
    /// The edition in which it is written.
    pub form: Arc<Form>,
    /// The name of the edition, or the year that selects it.
    pub edition: Span,
    /// The agency (机关) that reports.
    pub agency: Text,
    /// The year (年度) reported on.
    pub year: u16,
    /// The title (标题), in one line.
    pub title: Text,
    /// The lines of the title, if the author broke it; empty if the layout does.
    pub title_lines: Vec<String>,
    /// The date of issue (成文日期), and its place.
    pub date: Option<(Date, Span)>,
    /// The paragraphs before the first section (导语).
    pub preface: Prose,
    /// Wording of section titles (标题措辞), by section key, without the ordinal.
    pub headings: BTreeMap<String, Text>,
    /// The sections that are text, by key.
    pub sections: BTreeMap<String, Prose>,
    /// The sections that the report gives titles to, in the order of print.
    pub titled: Vec<Titled>,
    /// The tables, by key.
    pub tables: BTreeMap<String, Grid>,
    /// Notes (注) under the tables of a section, by section key.
    pub notes: BTreeMap<String, Prose>,
    /// Text before and behind the tables of a section (表前表后文字), by section key.
    pub texts: BTreeMap<String, TableTexts>,
    /// Findings accepted as published (豁免).
    pub waivers: Vec<Waiver>,
    /// The signatories (署名) in the order of print; empty if the agency alone signs.
    pub signature: Vec<Text>,
}

/// A section that the report gives a title to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Titled {
    /// The title as printed, with its ordinal.
    pub title: Text,
    /// The text of the section.
    pub prose: Prose,
}

/// The text before and behind the tables of a section.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableTexts {
    /// The text between the title of the section and its tables (表前).
    pub before: Prose,
    /// The text behind the tables and their notes (表后).
    pub after: Prose,
}

/// A section as a report prints it.
#[derive(Clone, Copy, Debug)]
pub struct Chapter<'a> {
    /// The section as the form declares it.
    pub section: &'a Section,
    /// The title that the report gives to it, if the form gives none.
    pub own_title: Option<&'a Text>,
    /// Its text.
    pub prose: Option<&'a Prose>,
    /// The text before its tables.
    pub before: Option<&'a Prose>,
    /// The notes under its tables.
    pub notes: Option<&'a Prose>,
    /// The text behind its tables and their notes.
    pub after: Option<&'a Prose>,
}

/// A finding that is accepted as published (豁免).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    /// The id of the rule.
    pub rule: Text,
    /// The reason for which it is accepted.
    pub reason: Text,
}

impl Report {
    /// The sections as this report prints them, in order.
    pub fn chapters(&self) -> impl Iterator<Item = Chapter<'_>> {
        self.form.sections.iter().flat_map(|section| {
            let own = (section.body != Body::Titled).then(|| Chapter {
                section,
                own_title: None,
                prose: self.sections.get(&section.key),
                before: self.texts.get(&section.key).map(|texts| &texts.before),
                notes: self.notes.get(&section.key),
                after: self.texts.get(&section.key).map(|texts| &texts.after),
            });
            let titled = self.titled.iter().map(move |titled| Chapter {
                section,
                own_title: Some(&titled.title),
                prose: Some(&titled.prose),
                before: None,
                notes: None,
                after: None,
            });
            own.into_iter()
                .chain(titled.filter(|_| section.body == Body::Titled))
        })
    }

    /// The title of a section as this report prints it.
    #[must_use]
    pub fn heading(&self, chapter: &Chapter) -> String {
        let Chapter {
            section, own_title, ..
        } = chapter;
        match (own_title, self.headings.get(&section.key)) {
            (Some(title), _) => title.text.clone(),
            (None, Some(wording)) => format!("{}{}", section.ordinal(), wording.text),
            (None, None) => section.title.clone(),
        }
    }

    /// The title of the annex; `None` without an annex.
    #[must_use]
    pub fn annex_title(&self) -> Option<String> {
        let annex = self.chapters().find(|chapter| chapter.section.annex)?;
        Some(self.heading(&annex))
    }

    /// The signatories: the names given, or else the agency.
    #[must_use]
    pub fn signatories(&self) -> &[Text] {
        if self.signature.is_empty() {
            std::slice::from_ref(&self.agency)
        } else {
            &self.signature
        }
    }

    /// Every text with paragraphs, in the order of print.
    pub fn prose(&self) -> impl Iterator<Item = &Prose> {
        let parts = self.chapters();
        let parts = parts.flat_map(|chapter| {
            let Chapter {
                prose,
                before,
                notes,
                after,
                ..
            } = chapter;
            [prose, before, notes, after].into_iter().flatten()
        });
        std::iter::once(&self.preface).chain(parts)
    }
}
