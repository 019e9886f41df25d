//! The content of requests and responses as described in the interface document.

use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use crate::check::Share;
use crate::digest::Digest;
use crate::typeset::{CopyKind, SectionPlace};
use crate::worker::Status;

/// The parts of a multipart body.
#[derive(ToSchema)]
#[expect(dead_code, reason = "described, never made")]
pub(super) struct Parts {
    /// The report file, at most 4 MiB; YAML unless the part says that it is JSON.
    report: String,
    /// The report of the year before, which it is compared with.
    previous: Option<String>,
    /// The files of figures, each named as the report names it: PNG, JPEG or SVG, 25 million pixels each,
    /// 100 million all together. With them a body has at most 32 MiB.
    #[schema(format = Binary, value_type = Vec<String>)]
    figure: Vec<Vec<u8>>,
}

/// A finding about a report.
#[derive(ToSchema)]
#[expect(dead_code, reason = "described, made elsewhere")]
pub(super) struct Finding {
    /// The id of the rule.
    #[schema(example = "requests-unbalanced")]
    rule: String,
    /// How much it weighs; a report with an error is not made.
    #[schema(pattern = "^(error|warning|note)$")]
    severity: String,
    /// What was found, in Chinese.
    message: String,
    /// The report file.
    file: String,
    /// Its line, from 1.
    line: usize,
    /// Its column in characters, from 1.
    column: usize,
    /// The line of its end.
    end_line: usize,
    /// The column behind its end.
    end_column: usize,
    /// What it is about; null if that is the report as a whole.
    at: Option<Subject>,
    /// What is to be said of this place and others.
    labels: Vec<Label>,
    /// The sentence of law that it rests on.
    law: Option<String>,
    /// What to do.
    hints: Vec<String>,
    /// The same for those who fill in the form and see no file.
    plain: Plain,
    /// The value to write instead, if it is clear.
    instead: Option<String>,
    /// Whether `nianbao tidy` puts it right.
    tidy: bool,
}

/// What was found and what to do, in the words of the form: no keys, rules, code points or lines of the file.
#[derive(ToSchema)]
#[expect(dead_code, reason = "described, made elsewhere")]
pub(super) struct Plain {
    /// What was found, in Chinese.
    message: String,
    /// What to do.
    hints: Vec<String>,
}

/// What is to be said of a place.
#[derive(ToSchema)]
#[expect(dead_code, reason = "described, made elsewhere")]
pub(super) struct Label {
    text: String,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    at: Option<Subject>,
}

/// What a place of a report file is about: a value, row or table; or a text and the words of it; or a field.
#[derive(ToSchema)]
#[expect(dead_code, reason = "described, made elsewhere")]
pub(super) struct Subject {
    /// The key of a table.
    table: Option<String>,
    /// The key of a row; absent for the whole table.
    row: Option<String>,
    /// The key of a column; absent for the whole row.
    column: Option<String>,
    /// The key of a section.
    section: Option<String>,
    /// The number of a section with a title of its own, from 1.
    titled: Option<usize>,
    /// The key of the section of a title's wording.
    heading: Option<String>,
    /// The key of the section of a note.
    note: Option<String>,
    /// The key of the section of the text before or behind its tables.
    text: Option<String>,
    /// The number of a waiver, from 1.
    waiver: Option<usize>,
    /// The number of a name that signs, from 1.
    signature: Option<usize>,
    /// The part of a waiver, of a section with a title of its own, or of the texts around tables.
    part: Option<String>,
    /// The key of another field.
    field: Option<String>,
    /// The paragraph of a text, from 1; blank lines are none.
    paragraph: Option<usize>,
    /// The characters of the paragraph before the words.
    offset: Option<usize>,
    /// The characters of the words.
    length: Option<usize>,
}

/// A report in another edition.
#[derive(Serialize, ToSchema)]
pub(super) struct Conversion {
    /// Its fields, as /api/v1/read answers.
    #[schema(value_type = Object)]
    pub report: Box<RawValue>,
    /// The sections and rows with content that the edition has no place for, as printed.
    pub lost: Vec<String>,
}

/// A tidied report file.
#[derive(Serialize, ToSchema)]
pub(super) struct TidiedFile {
    /// The changes in the order of the file before.
    #[schema(value_type = Vec<Change>)]
    pub changes: Box<RawValue>,
    /// The file with the changes; all else in it is as it was.
    pub text: String,
}

/// A change of a report file. What it is about stands in `at`, as with findings.
#[derive(ToSchema)]
#[expect(dead_code, reason = "described, made elsewhere")]
pub(super) struct Change {
    /// Its line, from 1.
    line: usize,
    /// Its column, from 1, in characters.
    column: usize,
    /// The text that stands there.
    before: String,
    /// The text in its place.
    after: String,
    /// What it is about.
    at: Option<Subject>,
}

/// What is found in a report.
#[derive(Serialize, ToSchema)]
pub(super) struct Checked {
    /// Whether it can be made.
    #[schema(value_type = String, pattern = "^(done|faulty)$")]
    pub status: Status,
    /// Its findings, as `nianbao check --output json` prints them.
    #[schema(value_type = Vec<Finding>)]
    pub findings: Box<RawValue>,
    /// The SHA-256 of what it says, as it stands on signed paper; none where a field or a figure is faulty.
    #[schema(value_type = Option<String>)]
    pub digest: Option<Digest>,
    /// How much of the text was in the report of the year before, section by section; empty without one.
    #[schema(value_type = Vec<SectionShare>)]
    pub copied: Vec<Share>,
}

/// How much of a section was there the year before, years aside.
#[derive(ToSchema)]
#[expect(dead_code, reason = "described, made elsewhere")]
pub(super) struct SectionShare {
    /// The key of the section.
    section: String,
    /// The characters of its sentences.
    characters: usize,
    /// Those of the sentences that were there.
    copied: usize,
}

/// The pages of a report.
#[derive(Default, Serialize, ToSchema)]
pub(super) struct Overview {
    /// How many there are; null where `partial` asks for those of a report with errors of which none can be shown.
    pub pages: Option<usize>,
    /// The SHA-256 of what the report says.
    #[schema(value_type = Option<String>)]
    pub digest: Option<Digest>,
    /// Where sections begin.
    #[schema(value_type = Vec<Place>)]
    pub places: Vec<SectionPlace>,
}

/// Where a section begins.
#[derive(ToSchema)]
#[expect(dead_code, reason = "described, made elsewhere")]
pub(super) struct Place {
    section: String,
    /// The page, from 1.
    page: usize,
    /// How far below the top of the page, as a share of its height.
    top: f64,
}

impl PartialSchema for CopyKind {
    fn schema() -> RefOr<Schema> {
        let kinds = Self::ALL.map(Self::name);
        let schema = ObjectBuilder::new().schema_type(Type::String);
        let schema = schema.description(Some("What a copy is for."));
        schema.enum_values(Some(kinds)).into()
    }
}

impl ToSchema for CopyKind {}
