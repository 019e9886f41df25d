//! The tables of an edition as data for its layout: cells in their places, from
//! [`TableGrid`](crate::form::TableGrid). An edition finds its own in `forms.json` beside its `format.yaml`.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::form::{CellContent, Form, GridCell, Table};

/// A table as the layout reads it.
#[derive(Serialize)]
pub(super) struct FormTable<'a> {
    summary: &'a str,
    columns: usize,
    head: usize,
    /// Whether the table is a list, which may break across pages.
    list: bool,
    rows: Vec<Vec<FormCell<'a>>>,
}

/// A cell as the layout reads it: `w` columns wide and `h` rows high.
#[derive(Serialize)]
struct FormCell<'a> {
    x: usize,
    y: usize,
    w: usize,
    h: usize,
    /// The role of a label, or `value`.
    role: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<usize>,
}

/// The tables that an edition declares itself, by key. The others are drawn by the layouts of their own
/// editions.
pub(super) fn tables(form: &Form) -> BTreeMap<&str, FormTable<'_>> {
    let own = form.tables.iter();
    let own = own.filter(|(key, _)| !form.shared.tables.contains_key(*key));
    own.map(|(key, table)| (key.as_str(), FormTable::of(table)))
        .collect()
}

impl<'a> FormTable<'a> {
    fn of(table: &'a Table) -> Self {
        let grid = table.grid();
        let row = |row: &'a Vec<GridCell>| row.iter().map(FormCell::of).collect();
        Self {
            summary: &table.summary,
            columns: grid.columns,
            head: grid.head,
            list: table.list.is_some(),
            rows: grid.rows.iter().map(row).collect(),
        }
    }
}

impl<'a> FormCell<'a> {
    fn of(cell: &'a GridCell) -> Self {
        let (role, text, level) = match &cell.content {
            CellContent::Label { text, role, level } => {
                (role.name(), Some(text.as_str()), Some(*level))
            }
            CellContent::Value { .. } => ("value", None, None),
        };
        Self {
            x: cell.x,
            y: cell.y,
            w: cell.colspan,
            h: cell.rowspan,
            role,
            text,
            level,
        }
    }
}
