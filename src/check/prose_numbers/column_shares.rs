//! Percentages of the columns of a table where a sentence of all applications gives all of them: 自然人申请占75%，法人申请占25%.

use super::column_words::{ColumnShare, ColumnWords};
use super::scope::Scope;
use super::statement::{Place, Said, Statement};
use super::table_value::sides;
use crate::check::rules::TEXT_DISAGREES;
use crate::diagnostic::Diagnostic;
use crate::form::Table;
use crate::report::{Cell, Grid};

/// The findings about such percentages. `index` is that of the table.
pub(super) fn check(
    columns: &ColumnWords,
    index: usize,
    table: &Table,
    grid: &Grid,
    scope: &Scope,
) -> Vec<Diagnostic> {
    let prose = scope.prose;
    let Some(first) = columns.first() else {
        return Vec::new();
    };
    let shares = columns.shares(prose);
    let mut found = Vec::new();
    let together = |a: &ColumnShare, b: &ColumnShare| {
        let between = &prose.text[a.range.end..b.at()];
        !between.contains(['；', ';']) && prose.sentence(a.at()) == prose.sentence(b.at())
    };
    for shares in shares.chunk_by(together) {
        let sum: f64 = shares.iter().map(|share| share.percent).sum();
        let off: f64 = shares.iter().map(|share| share.step).sum();
        let of_all = (sum - 100.0).abs() <= off;
        if !of_all || !shares.first().is_some_and(|share| scope.opens(share.at())) {
            continue;
        }
        // The applications received, also with those carried in; or those concluded, where they are said.
        let mut wholes = vec![vec![first]];
        wholes.extend(sides(table, &[first]));
        let sums = (0..table.lines().len()).filter(|line| table.lines()[*line].parts.is_some());
        wholes.extend(sums.map(|line| vec![line]));
        let percent = |share: &ColumnShare, lines: &[usize]| percent(share, lines, table, grid);
        let fits = |share: &ColumnShare, lines: &[usize]| {
            percent(share, lines).is_none_or(|own| (own - share.percent).abs() < share.step)
        };
        let all_fit = |lines: &Vec<usize>| shares.iter().all(|share| fits(share, lines));
        if wholes.iter().any(all_fit) {
            continue;
        }
        for share in shares.iter().filter(|share| !fits(share, &[first])) {
            let statement = Statement {
                table: index,
                place: Place::Columns(first, share.columns),
                said: Said::Number(0),
                range: share.range.clone(),
                done: false,
                row: None,
            };
            let Some(own) = percent(share, &[first]).filter(|_| scope.covers(&statement, |_| None))
            else {
                continue;
            };
            let actual = format!("{own:.*}", share.decimals);
            let group = &table.spoken_columns()[share.columns];
            let written = prose.written(share.range.clone());
            let message = format!(
                "正文写“{written}”，按表中“{}”，{}占 {actual}%",
                table.lines()[first].name.label,
                group.label
            );
            let finding = Diagnostic::new(TEXT_DISAGREES, prose.span(share.range.clone()), message);
            let finding = finding.labelled(format!("应为 {actual}%"));
            let cells = group.columns.clone().map(|j| &grid.lines[first][j]);
            let finding = cells.fold(finding, |finding, cell| finding.also(cell.span, "表中"));
            found.push(finding.hint("核对件数、总数和百分比"));
        }
    }
    found
}

/// The percentage of some columns in some lines together; `None` if it is not known.
fn percent(share: &ColumnShare, lines: &[usize], table: &Table, grid: &Grid) -> Option<f64> {
    let columns = table.spoken_columns()[share.columns].columns.clone();
    let (mut part, mut whole) = (0_u64, 0_u64);
    for &line in lines {
        let total = &table.lines()[line];
        let all = total.columns[total.whole()?].parts.as_ref()?;
        let cells = all.iter().map(|&j| (j, &grid.lines[line][j]));
        let sum = |cells: &mut dyn Iterator<Item = &Cell>| {
            cells.fold(0, |sum: u64, cell| sum.saturating_add(cell.value.count()))
        };
        if !cells.clone().all(|(_, cell)| cell.is_known()) {
            return None;
        }
        whole = whole.saturating_add(sum(&mut cells.clone().map(|(_, cell)| cell)));
        let mut own = cells
            .filter(|(j, _)| columns.contains(j))
            .map(|(_, cell)| cell);
        part = part.saturating_add(sum(&mut own));
    }
    (whole > 0).then(|| part as f64 * 100.0 / whole as f64)
}
