//! The lines and tables of a sheet.

use std::ops::Range;

use super::super::cells::{Fields, cover, is_title};
use super::super::document::{Counts, compact};
use super::super::refusal::Refusal;
use super::sheet::Sheet;
use crate::import::block::{Block, Flag, Paragraph, SourceCell};

/// The characters of a line that is no cell of a table.
const PROSE: usize = 60;

/// What a row of a sheet is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Row {
    Blank,
    /// One cell has something in it, and it reaches over all columns or not.
    Lone {
        column: usize,
        is_wide: bool,
    },
    Full,
}

/// The blocks of a sheet.
pub(super) fn blocks(sheet: &Sheet, counts: &mut Counts) -> Result<Vec<Block>, Refusal> {
    let end = sheet.cells.keys().map(|(row, _)| row + 1).max();
    let columns = sheet.cells.keys().map(|(_, column)| column + 1).max();
    let (end, columns) = (end.unwrap_or_default(), columns.unwrap_or_default());
    let rows: Vec<Row> = (0..end).map(|row| kind(sheet, row, columns)).collect();
    let mut found = Vec::new();
    let mut start = 0;
    while start < end {
        if rows[start] == Row::Blank {
            start += 1;
            continue;
        }
        let blank = (start..end).find(|row| rows[*row] == Row::Blank);
        let group = start..blank.unwrap_or(end);
        start = group.end;
        parted(sheet, &rows, group, columns, counts, &mut found)?;
    }
    Ok(found)
}

fn kind(sheet: &Sheet, row: usize, columns: usize) -> Row {
    let filled: Vec<usize> = sheet
        .cells
        .range((row, 0)..=(row, usize::MAX))
        .filter(|(_, field)| !field.text.trim().is_empty())
        .map(|((_, column), _)| *column)
        .collect();
    let reaches = |(place, spans): (&(usize, usize), &(usize, usize))| {
        place.0 < row && row < place.0 + spans.0 && sheet.cells.contains_key(place)
    };
    match filled.as_slice() {
        [] if sheet.merged.iter().any(reaches) => Row::Full,
        [] => Row::Blank,
        [column] if !sheet.merged.iter().any(reaches) && !is_number(sheet, row, *column) => {
            let width = sheet.merged.get(&(row, *column)).map_or(1, |spans| spans.1);
            Row::Lone {
                column: *column,
                is_wide: width > 1 && *column + width >= columns,
            }
        }
        _ => Row::Full,
    }
}

fn is_number(sheet: &Sheet, row: usize, column: usize) -> bool {
    let text = sheet
        .cells
        .get(&(row, column))
        .map(|field| field.text.trim());
    text.is_some_and(|text| text.parse::<f64>().is_ok())
}

/// The blocks of rows of which none is blank: lines, and tables between them.
fn parted(
    sheet: &Sheet,
    rows: &[Row],
    group: Range<usize>,
    columns: usize,
    counts: &mut Counts,
    found: &mut Vec<Block>,
) -> Result<(), Refusal> {
    let text = |row: usize, column: usize| sheet.cells[&(row, column)].text.trim();
    let is_lone = |row: &usize| matches!(rows[*row], Row::Lone { .. });
    let all_lone = group.clone().all(|row| is_lone(&row));
    // Above the first table stand titles, of which only the last may be one of its heads.
    let heading = group.clone().take_while(is_lone).count();
    let mut first = None;
    for row in group.clone() {
        let line = match rows[row] {
            Row::Lone { column, is_wide } => {
                let text = text(row, column);
                let is_first = row - group.start < heading.saturating_sub(1);
                let is_titled = is_title(text) && (is_wide || row - group.start < heading);
                let is_prose = text.chars().count() > PROSE;
                (all_lone || is_first || is_titled || is_prose).then_some(column)
            }
            _ => None,
        };
        let Some(column) = line else {
            first.get_or_insert(row);
            continue;
        };
        if let Some(first) = first.take() {
            found.push(table(sheet, first..row, columns, counts)?);
        }
        let field = &sheet.cells[&(row, column)];
        counts.paragraph(field.text.len())?;
        found.push(Block::Paragraph(Paragraph {
            text: field.text.clone(),
            flags: flags(sheet, row, column),
            place: sheet.place(row, column),
            ..Paragraph::default()
        }));
    }
    if let Some(first) = first {
        found.push(table(sheet, first..group.end, columns, counts)?);
    }
    Ok(())
}

fn table(
    sheet: &Sheet,
    rows: Range<usize>,
    columns: usize,
    counts: &mut Counts,
) -> Result<Block, Refusal> {
    counts.table(0)?;
    let filled = sheet.cells.range((rows.start, 0)..(rows.end, 0));
    let reach = filled.map(|((row, column), _)| {
        let width = sheet
            .merged
            .get(&(*row, *column))
            .map_or(1, |spans| spans.1);
        column.saturating_add(width)
    });
    let end = reach.max().unwrap_or_default().min(columns);
    let mut cells: Vec<SourceCell> = Vec::new();
    let mut fields = Fields::default();
    for row in rows.clone() {
        for column in 0..end {
            let field = sheet.cells.get(&(row, column));
            let text = field.map(|field| field.text.trim()).unwrap_or_default();
            let at = row - rows.start;
            if let Some(owner) = fields.owner(at, column) {
                counts.cell(text.len())?;
                cover(&mut cells[owner], text);
                continue;
            }
            counts.cell(text.len())?;
            let spans = sheet.merged.get(&(row, column)).copied().unwrap_or((1, 1));
            let rowspan = spans.0.min(rows.end - row);
            let colspan = spans.1.min(end - column);
            let colspan = fields.take(cells.len(), [at, column], [rowspan, colspan]);
            cells.push(SourceCell {
                row: at,
                column,
                rowspan,
                colspan,
                text: text.to_owned(),
                flags: flags(sheet, row, column),
                children: Vec::new(),
                place: sheet.place(row, column),
            });
        }
    }
    let place = sheet.place(rows.start, 0);
    compact(cells, place).map(Block::Table)
}

/// The flags of a field.
fn flags(sheet: &Sheet, row: usize, column: usize) -> Vec<Flag> {
    let field = sheet.cells.get(&(row, column));
    let mut flags = field.map(|field| field.flags.clone()).unwrap_or_default();
    if sheet.hidden_rows.contains(&row) || sheet.hidden_columns.contains(&column) {
        flags.push(Flag::Concealed);
    }
    flags
}
