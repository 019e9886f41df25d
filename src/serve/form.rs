//! The content of an edition, for programs that draw a form to fill in.

use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::schema::{SchemaType, Type};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema};

use crate::check;
use crate::check::rules::RuleEntry;
use crate::form::{
    self, BalanceRule, Balanced, Body, CellContent, CellKind, Content, GridCell, Name, YearRange,
};
use crate::report::field;
use crate::typeset::Segmenter;

/// An edition of the form.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Edition {
    /// Its name.
    #[serde(rename = "edition")]
    name: String,
    /// The decree that prescribes it.
    decree: String,
    /// The report years that it is prescribed for; null where it never was.
    #[schema(schema_with = years)]
    years: Option<YearRange>,
    /// Whether its transcription has not been compared with the decree.
    draft: bool,
}

/// The schema of a range of report years.
fn years() -> impl Into<RefOr<Schema>> {
    let or_null = |kind| SchemaType::Array(vec![kind, Type::Null]);
    let to = ObjectBuilder::new()
        .schema_type(or_null(Type::Integer))
        .description(Some("Null if it is in force."));
    ObjectBuilder::new()
        .schema_type(or_null(Type::Object))
        .description(Some(
            "The report years that it is prescribed for; null if it never was.",
        ))
        .property("from", ObjectBuilder::new().schema_type(Type::Integer))
        .required("from")
        .property("to", to)
}

impl Edition {
    pub fn of(form: &form::Form) -> Self {
        Self {
            name: form.edition.clone(),
            decree: form.decree.clone(),
            years: form.years,
            draft: form.draft,
        }
    }
}

/// A form to fill in.
#[derive(Serialize, ToSchema)]
pub(super) struct Form {
    /// The edition.
    #[serde(flatten)]
    edition: Edition,
    /// The words of the default title, with `{agency}` and `{year}` to fill in.
    title: Vec<String>,
    /// The fields that all editions have.
    fields: Vec<Field>,
    /// The sections in the order of print.
    sections: Vec<Section>,
    /// Their tables.
    tables: Vec<Table>,
    /// The findings that may stand as they are, with a reason.
    waivable: Vec<Waivable>,
}

/// Findings of a rule that may stand as they are: a waiver with a reason accepts them all.
#[derive(Serialize, ToSchema)]
struct Waivable {
    /// The id of the rule.
    rule: &'static str,
    /// What it finds, in Chinese.
    says: &'static str,
}

/// A field at the top of a report file.
#[derive(Serialize, ToSchema)]
struct Field {
    key: &'static str,
    /// Its name in Chinese.
    term: &'static str,
    /// What it says.
    says: &'static str,
    /// The most characters of a single line; null where it is none.
    longest: Option<usize>,
}

/// A section.
#[derive(Serialize, ToSchema)]
struct Section {
    key: String,
    term: String,
    /// Its title with the ordinal.
    title: String,
    /// What stands in it: `prose`, `tables` or `titled`, texts with titles of the report's own.
    body: &'static str,
    /// Whether there may be nothing to say in it.
    optional: bool,
    /// Whether it stands behind the signature.
    annex: bool,
    /// What its text has to speak of.
    aspects: Vec<String>,
    /// The keys of its tables.
    tables: Vec<String>,
}

/// A table.
#[derive(Serialize, ToSchema)]
struct Table {
    key: String,
    term: String,
    /// What it tells, for those who cannot see it.
    summary: String,
    /// How many columns it has as drawn.
    columns: usize,
    /// How many of its rows are heads of columns.
    head: usize,
    /// Its rows as drawn, each with the cells that begin in it.
    rows: Vec<Vec<Cell>>,
    /// Its lines: what the report file gives.
    lines: Vec<Line>,
    /// What has to balance.
    balances: Vec<Balance>,
}

/// A cell as drawn: a label, or the value of a line and a column.
#[derive(Serialize, ToSchema)]
struct Cell {
    rowspan: usize,
    colspan: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    /// The words of the label, between which a line may end.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    words: Vec<String>,
    /// `column`, `row`, `group` (of rows), `corner` or `unit`.
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'static str>,
    /// How many labels it stands below, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<usize>,
    /// The line of a value, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    /// The column of it, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
}

/// A line of a table.
#[derive(Serialize, ToSchema)]
struct Line {
    key: String,
    term: String,
    label: String,
    /// The lines that it is the sum of, column by column.
    parts: Option<Vec<usize>>,
    columns: Vec<Column>,
}

/// A value of a line.
#[derive(Serialize, ToSchema)]
struct Column {
    key: String,
    term: String,
    label: String,
    /// `count`, `amount`, `amount-with-unit` or `change`.
    kind: &'static str,
    unit: Option<String>,
    /// The units that may be written.
    units: Vec<String>,
    /// The columns that it is the sum of.
    parts: Option<Vec<usize>>,
}

/// What has to balance: the sum of `add`, with the value of the year before at `previous`, less that of
/// `subtract`, equals the sum of `equals`.
#[derive(Serialize, ToSchema)]
struct Balance {
    /// The id of the finding where it does not.
    id: String,
    /// The sentence of the decree.
    law: Option<String>,
    /// What the decree calls the two sides.
    sides: Option<[String; 2]>,
    /// Where it holds.
    cells: Vec<Held>,
}

/// A place where it holds; cells as line and column, from 0.
#[derive(Serialize, ToSchema)]
struct Held {
    /// The column or the line.
    place: String,
    add: Vec<(usize, usize)>,
    subtract: Vec<(usize, usize)>,
    equals: Vec<(usize, usize)>,
    previous: Option<(usize, usize)>,
}

impl Form {
    pub fn of(form: &form::Form) -> Self {
        let parts = form.parts();
        let segmenter = Segmenter::new();
        let tables = parts.iter().filter_map(|part| match part.content {
            Content::Table(table) => Some(Table::of(&part.name, table, &segmenter)),
            Content::Prose | Content::Titled => None,
        });
        Self {
            edition: Edition::of(form),
            title: form.title.clone(),
            fields: field::TOP.map(Field::of).into(),
            sections: form.sections.iter().map(Section::of).collect(),
            tables: tables.collect(),
            waivable: check::waivable().map(Waivable::of).collect(),
        }
    }
}

impl Waivable {
    fn of(entry: &RuleEntry) -> Self {
        Self {
            rule: entry.rule.id,
            says: entry.summary,
        }
    }
}

impl Field {
    fn of(field: field::Field) -> Self {
        Self {
            key: field.key,
            term: field.term,
            says: field.says,
            longest: field.most,
        }
    }
}

impl Section {
    fn of(section: &form::Section) -> Self {
        Self {
            key: section.key.clone(),
            term: section.name().term,
            title: section.title.clone(),
            body: match section.body {
                Body::Prose => "prose",
                Body::Tables => "tables",
                Body::Titled => "titled",
            },
            optional: section.optional,
            annex: section.annex,
            aspects: section.aspects.iter().map(|a| a.label.clone()).collect(),
            tables: section.tables.clone(),
        }
    }
}

impl Table {
    fn of(name: &Name, table: &form::Table, segmenter: &Segmenter) -> Self {
        let grid = table.grid();
        let row = |row: &Vec<GridCell>| {
            let cells = row.iter().map(|cell| Cell::of(cell, segmenter));
            cells.collect()
        };
        Self {
            key: name.key.clone(),
            term: name.term.clone(),
            summary: table.summary.clone(),
            columns: grid.columns,
            // The rows above those of the first block head that block alone.
            head: if table.blocks.is_empty() {
                grid.head
            } else {
                0
            },
            rows: grid.rows.iter().map(row).collect(),
            lines: table.lines().iter().map(Line::of).collect(),
            balances: table.rules.iter().map(|r| Balance::of(table, r)).collect(),
        }
    }
}

impl Cell {
    fn of(cell: &GridCell, segmenter: &Segmenter) -> Self {
        let blank = Self {
            rowspan: cell.rowspan,
            colspan: cell.colspan,
            label: None,
            words: Vec::new(),
            role: None,
            level: None,
            line: None,
            column: None,
        };
        match &cell.content {
            CellContent::Label { text, role, level } => Self {
                label: Some(text.clone()),
                words: segmenter.texts(text),
                role: Some(role.name()),
                level: (*level > 0).then_some(*level),
                ..blank
            },
            CellContent::Value { line, column } => Self {
                line: Some(*line),
                column: Some(*column),
                ..blank
            },
        }
    }
}

impl Line {
    fn of(line: &form::Line) -> Self {
        Self {
            key: line.name.key.clone(),
            term: line.name.term.clone(),
            label: line.name.label.clone(),
            parts: line.parts.clone(),
            columns: line.columns.iter().map(Column::of).collect(),
        }
    }
}

impl Column {
    fn of(column: &form::Column) -> Self {
        let units = column.measure.known_units();
        Self {
            key: column.name.key.clone(),
            term: column.name.term.clone(),
            label: column.name.label.clone(),
            kind: match column.measure.kind {
                CellKind::Count => "count",
                CellKind::Amount => "amount",
                CellKind::AmountWithUnit => "amount-with-unit",
                CellKind::Change => "change",
            },
            unit: column.measure.unit.clone(),
            units: units.into_iter().map(str::to_owned).collect(),
            parts: column.parts.clone(),
        }
    }
}

impl Balance {
    fn of(table: &form::Table, rule: &BalanceRule) -> Self {
        let held = |balanced: Balanced| Held {
            place: balanced.place.term.clone(),
            add: balanced.add,
            subtract: balanced.subtract,
            equals: balanced.equals,
            previous: balanced.previous,
        };
        Self {
            id: rule.id.clone(),
            law: rule.law.clone(),
            sides: rule.sides.clone(),
            cells: table.balanced(rule).into_iter().map(held).collect(),
        }
    }
}
