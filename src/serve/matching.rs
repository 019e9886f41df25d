//! The route of a table from elsewhere: which of its cells is which value of the form.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use tokio::task::spawn_blocking;
use utoipa::ToSchema;

use super::body;
use super::editions::named;
use super::problem::Problem;
use super::service::Service;
use crate::form::{Editions, Form, Table};
use crate::import::{Found, Left, Matched, Matching, Reading, SourceCell, SourceTable};

/// The most fields of a table that is taken; the largest of the form has 350.
const MOST_FIELDS: usize = 10_000;

/// A table from elsewhere, such as a clipboard.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ForeignTable {
    /// The edition that it is held to.
    edition: String,
    /// The table that is meant, if one is; without it, that which it is most like.
    #[schema(example = "requests")]
    table: Option<String>,
    /// Its rows, each with the cells that begin in it, as in HTML; 10,000 fields at most.
    rows: Vec<Vec<ForeignCell>>,
}

/// A cell of it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ForeignCell {
    /// Its text.
    text: String,
    /// The rows that it spans.
    #[serde(default = "one")]
    #[schema(minimum = 1)]
    rowspan: usize,
    /// The columns that it spans.
    #[serde(default = "one")]
    #[schema(minimum = 1)]
    colspan: usize,
}

const fn one() -> usize {
    1
}

/// Where the values of a table go. A row is found by the path of its labels, a column by that of its heads; what is not
/// clear is left.
#[derive(Serialize, ToSchema)]
pub(super) struct Matches {
    /// The edition that the table is of: that which was asked for, unless it is of another alone.
    edition: String,
    /// The key of the table that it is; null if it is none.
    table: Option<String>,
    /// Its values, in the order of the form.
    values: Vec<MatchedValue>,
    /// How many values of the form it does not give.
    missing: usize,
    /// The labels that are not quite those of the form and were taken for them.
    near: Vec<NearLabel>,
    /// How many values were taken by their place in a row whose columns have no heads to go by.
    placed: usize,
    /// What has values and was put nowhere.
    left: Vec<LeftOver>,
}

/// A value.
#[derive(Serialize, ToSchema)]
struct MatchedValue {
    /// Its line in the table of the form, from 0.
    line: usize,
    /// Its column in the line, from 0.
    column: usize,
    /// What stands in its cell.
    text: String,
    /// The value as report files write it, empty for a blank cell; null if it cannot be read.
    value: Option<String>,
    /// The remark in brackets behind it.
    note: Option<String>,
    /// What `value` has otherwise than `text`, in Chinese.
    changes: Vec<&'static str>,
}

/// A label that is not quite that of the form.
#[derive(PartialEq, Serialize, ToSchema)]
struct NearLabel {
    /// What stands there.
    written: String,
    /// The label of the form.
    label: String,
}

/// What was put nowhere.
#[derive(Serialize, ToSchema)]
struct LeftOver {
    /// The label that stands there; empty if there is none.
    label: String,
    /// The texts of its cells.
    texts: Vec<String>,
    /// Why, in Chinese.
    reason: &'static str,
}

/// Which cell of a table from elsewhere is which value of a table of the form.
#[utoipa::path(
    post, path = "/api/v1/match", tag = "editions", request_body = ForeignTable,
    responses(
        (status = 200, description = "Where its values go", body = Matches),
        (status = 400, description = "The request is none", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such edition or table", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Over 1 MiB or 10,000 fields", body = Problem, content_type = "application/problem+json"),
        (status = "4XX", description = "As for /api/v1/pdf", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn matching(
    State(service): State<Service>,
    request: axum::extract::Request,
) -> Result<Json<Matches>, Problem> {
    // The room is held until there is an answer.
    let (asked, _room) = body::json::<ForeignTable>(request, &service.bodies).await?;
    let form = named(&service, &asked.edition)?;
    if let Some(key) = &asked.table
        && !form.tables.contains_key(key)
    {
        let known: Vec<&str> = form.tables.keys().map(String::as_str).collect();
        let detail = format!("这个格式没有这张表，有的是 {}", known.join("、"));
        return Err(Problem::new(StatusCode::NOT_FOUND, detail));
    }
    let cell = |cell: ForeignCell| SourceCell {
        text: cell.text,
        rowspan: cell.rowspan,
        colspan: cell.colspan,
        ..SourceCell::default()
    };
    let rows = asked.rows.into_iter();
    let rows = rows
        .map(|row| row.into_iter().map(cell).collect())
        .collect();
    let source = SourceTable::laid_out(rows, MOST_FIELDS).ok_or_else(|| {
        let detail = format!("表格不能超过 {MOST_FIELDS} 格");
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, detail)
    })?;
    let editions = service.editions.clone();
    // Labels are compared one by one, which other requests do not wait for.
    let found = spawn_blocking(move || {
        Matches::of(&source, &editions, &asked.edition, asked.table.as_deref())
    });
    found.await.map(Json).map_err(|_| Problem::defect())
}

impl Matches {
    fn of(source: &SourceTable, editions: &Editions, edition: &str, key: Option<&str>) -> Self {
        let own = editions.named(edition).map(AsRef::as_ref);
        let asked = own.zip(key).and_then(|(form, key)| {
            let table = form.tables.get_key_value(key)?;
            let found = Matching::of(source, table.1);
            (found.weight().0 > 0).then_some((form, table.0.as_str(), found))
        });
        let best = Matching::best(source, own);
        let better = |(.., found): &(&Form, &str, Matching)| {
            best.as_ref()
                .is_none_or(|(.., other)| found.weight() >= other.weight())
        };
        let found = asked.filter(better).or(best);
        let others = || editions.all().iter().rev().map(AsRef::as_ref);
        match found.or_else(|| Matching::best(source, others())) {
            Some((form, key, found)) => Self::told(source, form, key, found),
            None => Self {
                edition: edition.to_owned(),
                table: None,
                values: Vec::new(),
                missing: 0,
                near: Vec::new(),
                placed: 0,
                left: Vec::new(),
            },
        }
    }

    fn told(source: &SourceTable, form: &Form, key: &str, found: Matching) -> Self {
        let table = &form.tables[key];
        let text = |cell: usize| source.cells[cell].text.clone();
        let mut near = Vec::new();
        for value in &found.values {
            for label in NearLabel::of(value, table) {
                if !near.contains(&label) {
                    near.push(label);
                }
            }
        }
        let is_placed = |value: &&Matched| value.head == Found::Placed;
        let left = |left: Left| LeftOver {
            texts: left.cells.iter().map(|cell| text(*cell)).collect(),
            label: left.label,
            reason: left.reason.said(),
        };
        let value = |value: &Matched| {
            let column = &table.lines()[value.line].columns[value.column];
            let read = Reading::of(&source.cells[value.cell].text, &column.measure);
            MatchedValue {
                line: value.line,
                column: value.column,
                text: text(value.cell),
                value: read.value,
                note: read.note,
                changes: read.changes.iter().map(|change| change.said()).collect(),
            }
        };
        Self {
            edition: form.edition.clone(),
            table: Some(key.to_owned()),
            values: found.values.iter().map(value).collect(),
            missing: found.missing.len(),
            near,
            placed: found.values.iter().filter(is_placed).count(),
            left: found.left.into_iter().map(left).collect(),
        }
    }
}

impl NearLabel {
    /// The labels of a value that are not quite those of the form.
    fn of(value: &Matched, table: &Table) -> Vec<Self> {
        let line = &table.lines()[value.line];
        let column = &line.columns[value.column];
        let near = |found: &Found, label: &String| match found {
            Found::Near(written) => Some(Self {
                written: written.clone(),
                label: label.clone(),
            }),
            Found::Read | Found::Placed => None,
        };
        let row = near(&value.row, &line.name.label);
        row.into_iter()
            .chain(near(&value.head, &column.name.label))
            .collect()
    }
}
