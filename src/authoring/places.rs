//! The places of a report file: the subject of each span of its text.
//!
//! Derived once from the parsed file, whether YAML or JSON, so that findings need to know no more than their
//! own place.

use serde::Serialize;

use crate::report::field;
use crate::report::{Paragraph, Prose};
use crate::source::{Entry, NodeKind, Source, Span};

/// A field of a report.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(untagged)]
pub enum FieldRef {
    /// A field at the top.
    Field {
        /// Its key.
        field: &'static str,
    },
    /// The text of a section, or the list of those with titles of their own.
    Section {
        /// The key of the section.
        section: String,
    },
    /// A section with a title of its own.
    Titled {
        /// Its number, from 1.
        titled: usize,
        /// `title` or `text`; `None` for the whole.
        #[serde(skip_serializing_if = "Option::is_none")]
        part: Option<&'static str>,
    },
    /// The wording of a section title.
    Heading {
        /// The key of the section.
        heading: String,
    },
    /// The note under the tables of a section.
    Note {
        /// The key of the section.
        note: String,
    },
    /// The text before or behind the tables of a section.
    TableText {
        /// The key of the section.
        text: String,
        /// `before` or `after`; `None` for both.
        #[serde(skip_serializing_if = "Option::is_none")]
        part: Option<&'static str>,
    },
    /// A waiver.
    Waiver {
        /// Its number, from 1.
        waiver: usize,
        /// `rule` or `reason`; `None` for the whole.
        #[serde(skip_serializing_if = "Option::is_none")]
        part: Option<&'static str>,
    },
    /// A signatory.
    Signature {
        /// Its number, from 1.
        signature: usize,
    },
    /// A value of a table, a row of it, or the whole table.
    Cell {
        /// The key of the table.
        table: String,
        /// The key of the row; `None` for the whole table.
        #[serde(skip_serializing_if = "Option::is_none")]
        row: Option<String>,
        /// The key of the column; `None` for the whole row.
        #[serde(skip_serializing_if = "Option::is_none")]
        column: Option<String>,
    },
}

impl FieldRef {
    /// The text of a section.
    pub(super) fn section(key: &str) -> Self {
        Self::Section {
            section: key.to_owned(),
        }
    }

    /// A value of a table, a row, or the table.
    pub(super) fn cell(table: &str, row: Option<&str>, column: Option<&str>) -> Self {
        Self::Cell {
            table: table.to_owned(),
            row: row.map(str::to_owned),
            column: column.map(str::to_owned),
        }
    }
}

/// Words of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Words {
    /// The paragraph, from 1; blank lines are none.
    pub paragraph: usize,
    /// The characters of the paragraph before the words.
    pub offset: usize,
    /// The characters of the words.
    pub length: usize,
}

/// The subject of a finding: a field, and the words of it if it is a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Subject<'a> {
    /// The field.
    #[serde(flatten)]
    pub field: &'a FieldRef,
    /// The words; `None` if they are not known, or the field is no text.
    #[serde(flatten)]
    pub words: Option<Words>,
}

/// A place of a file.
#[derive(Clone, Debug)]
struct FieldPlace {
    span: Span,
    field: FieldRef,
    /// The number of the paragraph, and the number of its characters.
    paragraph: Option<(usize, usize)>,
}

/// The places of a file.
#[derive(Clone, Debug, Default)]
pub struct Places {
    places: Vec<FieldPlace>,
    /// The place of findings about the file as a whole.
    head: Option<Span>,
}

impl Places {
    /// The fields and their places, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = (&FieldRef, Span)> {
        let whole = self.places.iter().filter(|place| place.paragraph.is_none());
        whole.map(|place| (&place.field, place.span))
    }

    /// The narrowest field around a span, or else around its start.
    #[must_use]
    pub fn at(&self, span: Span, source: &Source) -> Option<Subject<'_>> {
        if Some(span) == self.head {
            return None;
        }
        let length = |place: &&FieldPlace| place.span.end - place.span.start;
        let around = |end: usize| {
            let holds =
                move |place: &&FieldPlace| place.span.start <= span.start && end <= place.span.end;
            self.places.iter().rev().filter(holds).min_by_key(length)
        };
        let place = around(span.end).or_else(|| around(span.start + 1))?;
        Some(Subject {
            field: &place.field,
            words: place.words(span, source),
        })
    }

    /// Records the subject of a span.
    pub(super) fn note(&mut self, span: Span, field: &FieldRef) {
        self.places.push(FieldPlace {
            span,
            field: field.clone(),
            paragraph: None,
        });
    }

    /// Records the subject of a key and its value.
    pub(super) fn entry(&mut self, entry: &Entry, field: &FieldRef) {
        self.note(entry.key_span, field);
        self.note(entry.value.span, field);
    }

    /// Records the subject of a key and its text, paragraph by paragraph.
    pub(super) fn prose(&mut self, entry: &Entry, field: &FieldRef, source: &Source) {
        self.entry(entry, field);
        let NodeKind::Scalar(scalar) = &entry.value.kind else {
            return;
        };
        let prose = Prose::new(scalar, entry.value.span, source.text());
        let lines = scalar.text.lines().map(str::trim);
        let lines = lines.filter(|line| !line.is_empty());
        // Of a table each line is a place.
        let spans = prose
            .paragraphs
            .iter()
            .flat_map(|paragraph| match paragraph {
                Paragraph::Table(table) => table.line_spans.clone(),
                paragraph => vec![paragraph.line().span],
            });
        let mut before = None;
        for (i, (span, line)) in spans.zip(lines).enumerate() {
            // Of lines that YAML has folded only the whole is known.
            if before == Some(span) {
                self.places
                    .retain(|place| place.paragraph.is_none() || place.span != span);
                break;
            }
            before = Some(span);
            self.places.push(FieldPlace {
                span,
                field: field.clone(),
                paragraph: Some((i + 1, line.chars().count())),
            });
        }
    }

    /// Excludes the head of the file, the place of findings about the whole, unless a table begins there.
    pub(super) fn without_head(&mut self, entries: &[Entry]) {
        let first = entries.first();
        let first = first.filter(|e| field::TOP.iter().any(|f| f.name().matches(&e.key)));
        self.head = first.map(|entry| entry.key_span);
    }
}

impl FieldPlace {
    /// The words of a span in a paragraph; the whole paragraph if its text differs from what was written.
    fn words(&self, span: Span, source: &Source) -> Option<Words> {
        let (paragraph, characters) = self.paragraph?;
        let count = |start: usize, end: usize| {
            source
                .text()
                .get(start..end)
                .map_or(0, |text| text.chars().count())
        };
        let whole = Words {
            paragraph,
            offset: 0,
            length: characters,
        };
        if span == self.span || count(self.span.start, self.span.end) != characters {
            return Some(whole);
        }
        Some(Words {
            paragraph,
            offset: count(self.span.start, span.start),
            length: count(span.start, span.end.min(self.span.end)),
        })
    }
}
