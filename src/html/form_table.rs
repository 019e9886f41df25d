//! A table of the form: its cells in their places, each value with all labels that it stands under.

use std::collections::BTreeSet;

use maud::{Markup, html};

use super::kind::Kind;
use crate::form::{CellContent, GridCell, Role};
use crate::report::PrintedTable;

/// A table whose cells have names that begin with `id`.
pub(super) fn form_table(table: &PrintedTable, id: &str, kind: Kind) -> Markup {
    let grid = table.table.grid();
    let values = grid.cells().filter(|cell| cell.role().is_none());
    let heads: BTreeSet<(usize, usize)> = values
        .flat_map(|cell| grid.heads(cell))
        .map(|head| (head.y, head.x))
        .collect();
    let rows = |rows: &[Vec<GridCell>]| {
        html! {
            @for row in rows {
                tr {
                    @for cell in row {
                        @let is_head = heads.contains(&(cell.y, cell.x));
                        (written(table, cell, id, is_head))
                    }
                }
            }
        }
    };
    let (head, body) = grid.rows.split_at(grid.head);
    let caption = format!("{id}-caption");
    let content = html! {
        caption id=(caption) { (table.table.summary) }
        @if !head.is_empty() { thead { (rows(head)) } }
        tbody { (rows(body)) }
    };
    match kind {
        Kind::Page => html! {
            section.wide tabindex="0" aria-labelledby=(caption) { table { (content) } }
        },
        // Such an editor keeps these two, and lines without them would need a style on each cell.
        Kind::Fragment => html! {
            div style="overflow-x:auto" { table border="1" style="border-collapse:collapse" { (content) } }
        },
    }
}

/// A cell; `is_head` says whether a value stands under it.
fn written(table: &PrintedTable, cell: &GridCell, id: &str, is_head: bool) -> Markup {
    let name = |cell: &GridCell| format!("{id}-{}-{}", cell.y + 1, cell.x + 1);
    let heads = table.table.grid().heads(cell);
    let heads: Vec<String> = heads.into_iter().map(name).collect();
    let heads = Some(heads.join(" ")).filter(|heads| !heads.is_empty());
    let span = |count: usize| (count > 1).then_some(count);
    let (rows, columns) = (span(cell.rowspan), span(cell.colspan));
    let text = match &cell.content {
        CellContent::Label { text, .. } => text.clone(),
        CellContent::Value { line, column } => {
            let value = table.value(*line, *column);
            value.map_or_else(String::new, crate::report::Cell::printed)
        }
    };
    // A corner heads nothing, nor does a mark that there is no value.
    let is_label = matches!(cell.role(), Some(Role::Column | Role::Row | Role::Group));
    let left = (cell.role() == Some(Role::Row)).then_some("row");
    html! {
        @if is_head || is_label {
            th id=(name(cell)) class=[left] scope=(scope(cell)) headers=[heads] rowspan=[rows] colspan=[columns] { (text) }
        } @else {
            td headers=[heads] rowspan=[rows] colspan=[columns] { (text) }
        }
    }
}

/// What a label heads.
fn scope(cell: &GridCell) -> &'static str {
    match cell.role() {
        Some(Role::Column) if cell.colspan > 1 => "colgroup",
        Some(Role::Group) if cell.rowspan > 1 => "rowgroup",
        Some(Role::Row | Role::Group | Role::Unit) => "row",
        _ => "col",
    }
}
