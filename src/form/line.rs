//! The lines of values that a report file gives for a table; they follow from the trees of labels.

use super::declared::DeclaredTable;
use super::fault::{DeclarationFault, Entry};
use super::head::{Head, Summed, keyed, leaves};
use super::measure::{CellKind, Measure};
use super::name::Name;

/// A row of values, which a report file gives under one key.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its names.
    pub name: Name,
    /// Its values.
    pub columns: Vec<Column>,
    /// The lines that it is the sum of, column by column.
    pub parts: Option<Vec<usize>>,
}

/// One value of a line.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its names.
    pub name: Name,
    /// Its kind and units.
    pub measure: Measure,
    /// The columns of the same line that it is the sum of.
    pub parts: Option<Vec<usize>>,
}

impl Line {
    /// The position of the column with that key.
    #[must_use]
    pub fn column(&self, key: &str) -> Option<usize> {
        self.columns.iter().position(|c| c.name.key == key)
    }

    /// The column that holds the whole of the line: its total, or its only one.
    #[must_use]
    pub fn whole(&self) -> Option<usize> {
        let total = self.columns.iter().position(|c| c.parts.is_some());
        total.or((self.columns.len() == 1).then_some(0))
    }
}

/// The lines of a table in the order of the form.
pub(super) fn lines_of(table: &DeclaredTable) -> Result<Vec<Line>, DeclarationFault> {
    let DeclaredTable {
        columns,
        rows,
        blocks,
        list,
        ..
    } = table;
    let own = Measure::default().with(&table.values);
    unspanned(columns)?;
    unspanned(rows)?;
    let lines = match (blocks.is_empty(), list, rows.is_empty()) {
        (false, None, true) if columns.is_empty() => {
            let mut lines = Vec::new();
            for block in blocks {
                unspanned(&block.rows)?;
                flat(&block.rows)?;
                flat(&block.columns)?;
                let own = own.with(&block.values);
                lines.extend(cross(leaves(&block.rows)?, &block.columns, &own)?);
            }
            lines
        }
        (true, Some(_), false) => {
            flat(columns)?;
            cross(keyed(rows)?, columns, &own)?
        }
        (true, None, false) => cross(leaves(rows)?, columns, &own)?,
        (true, None, true) => groups(columns, &own)?,
        _ => {
            let cause =
                "一张表只能有一种形状：blocks、list 和 rows、rows 和 columns，或只有 columns";
            return Err(cause.to_owned().into());
        }
    };
    if lines.is_empty() || lines.iter().any(|line| line.columns.is_empty()) {
        return Err("没有填数的格".to_owned().into());
    }
    check_sums(&lines)?;
    Ok(lines)
}

/// Checks that labels declare no share of a width, which only the columns of a block divide among them.
fn unspanned(heads: &[Head]) -> Result<(), DeclarationFault> {
    match heads.iter().find(|head| head.has_span()) {
        Some(head) => Err(head.fault("：span 只用于 blocks 的 columns")),
        None => Ok(()),
    }
}

/// Checks that labels have one level.
fn flat(heads: &[Head]) -> Result<(), DeclarationFault> {
    match heads.iter().find(|head| !head.children.is_empty()) {
        Some(head) => Err(head.fault("：此处只能有一级，不能写 children")),
        None => Ok(()),
    }
}

/// The lines of rows × columns: each row is a line over all leaves of the columns.
fn cross(
    rows: Vec<Summed>,
    columns: &[Head],
    own: &Measure,
) -> Result<Vec<Line>, DeclarationFault> {
    let line = |(head, parts): Summed| {
        Ok(Line {
            name: head.name()?,
            columns: leaf_columns(columns, &head.measure(own))?,
            parts,
        })
    };
    rows.into_iter().map(line).collect()
}

/// The lines of columns alone: each group with a key is a line over the leaves below it.
fn groups(columns: &[Head], own: &Measure) -> Result<Vec<Line>, DeclarationFault> {
    let mut lines = Vec::new();
    for head in columns {
        if head.children.is_empty() {
            return Err(head.fault("单独成栏，应属于一组"));
        } else if head.key.is_some() {
            lines.push(Line {
                name: head.name()?,
                columns: leaf_columns(&head.children, own)?,
                parts: None,
            });
        } else {
            lines.extend(groups(&head.children, own)?);
        }
    }
    Ok(lines)
}

fn leaf_columns(heads: &[Head], own: &Measure) -> Result<Vec<Column>, DeclarationFault> {
    let column = |(head, parts): Summed| {
        let measure = head.measure(own);
        let named = |cause| head.fault(&format!("：{cause}"));
        measure.check().map_err(named)?;
        Ok(Column {
            name: head.name()?,
            measure,
            parts,
        })
    };
    leaves(heads)?.into_iter().map(column).collect()
}

/// Checks that all sums are of counts, so that each can be computed and checked.
fn check_sums(lines: &[Line]) -> Result<(), DeclarationFault> {
    let counted = |column: &Column| column.measure.kind == CellKind::Count;
    for line in lines {
        let parts = line.parts.iter().flatten();
        let summed = line
            .parts
            .iter()
            .map(|_| line)
            .chain(parts.map(|&i| &lines[i]));
        let mut columns = summed.flat_map(|line| &line.columns);
        let across = line.columns.iter().flat_map(|column| {
            let parts = column.parts.iter().flatten().map(|&i| &line.columns[i]);
            column.parts.iter().map(move |_| column).chain(parts)
        });
        if !columns.all(counted) || !across.into_iter().all(counted) {
            let cause = format!("“{}”的合计只能是件数之和", line.name.label);
            return Err(DeclarationFault::new(
                Entry::of("label", &line.name.label),
                cause,
            ));
        }
    }
    Ok(())
}
