//! The columns of a table of a file: which head stands above which field, and whether that can be trusted.

use std::collections::BTreeMap;

use super::outline::Outline;
use super::sheet::Sheet;

/// What the head rows of a table say of the columns of some rows of the form.
#[derive(Debug, Default)]
pub(super) struct Columns {
    /// The column of the form, as its place among those of the row, by that of the file.
    pub of: BTreeMap<usize, usize>,
    /// The cell that heads each column of the form.
    pub heads: Vec<Option<usize>>,
    /// Whether nothing in the heads contradicts anything else.
    is_sound: bool,
    /// Whether the heads are all those of the form in their order, whatever they stand above.
    pub is_whole: bool,
    /// The column behind the last cell with something in it, and that behind the last cell of the shortest row.
    edges: (usize, usize),
}

impl Columns {
    /// Reads head rows, given from the top, for rows with the columns of a band.
    pub fn of(sheet: &Sheet, outline: &Outline, rows: &[usize], band: &[Vec<usize>]) -> Self {
        let mut columns = Self {
            heads: vec![None; band.len()],
            is_sound: true,
            is_whole: is_whole(sheet, outline, rows, band),
            edges: rows
                .iter()
                .map(|row| sheet.edges(*row))
                .fold((0, usize::MAX), |(content, last), (own, end)| {
                    (content.max(own), last.min(end))
                }),
            ..Self::default()
        };
        let mut of: Vec<Vec<(usize, usize)>> = vec![Vec::new(); band.len()];
        for c in 0..sheet.columns() {
            let mut stack: Vec<usize> = rows.iter().filter_map(|row| sheet.at(*row, c)).collect();
            stack.retain(|cell| !sheet.is_blank(*cell));
            stack.dedup();
            match headed(sheet, outline, rows, band, (c, &stack)) {
                Headed::One(column) => of[column].extend(stack.last().map(|leaf| (c, *leaf))),
                Headed::None => {}
                Headed::Contradiction => columns.is_sound = false,
            }
        }
        for (column, fields) in of.iter().enumerate() {
            let Some((first, head)) = fields.first() else {
                continue;
            };
            // Of two heads that say the same neither is taken, unless they stand side by side: a head that reached over
            // several columns may stand in each of them.
            let says = |cell: usize| &sheet.marks[cell].label.written;
            let is_one = fields
                .iter()
                .zip(*first..)
                .all(|((c, cell), at)| *c == at && says(*cell) == says(*head));
            if is_one {
                columns.of.extend(fields.iter().map(|(c, _)| (*c, column)));
                columns.heads[column] = Some(*head);
            }
        }
        columns
    }

    /// The first column of the file that is one of the form.
    pub fn first(&self) -> Option<usize> {
        self.of.keys().next().copied()
    }

    /// Whether a row has its fields below these heads: both reach equally far, and nothing says otherwise.
    pub fn are_above(&self, sheet: &Sheet, row: usize) -> bool {
        let (content, last) = sheet.edges(row);
        self.is_sound && self.edges.0.max(content) <= self.edges.1.min(last)
    }
}

/// What the heads above a field say.
enum Headed {
    One(usize),
    None,
    Contradiction,
}

fn headed(
    sheet: &Sheet,
    outline: &Outline,
    rows: &[usize],
    band: &[Vec<usize>],
    (c, stack): (usize, &[usize]),
) -> Headed {
    let words = |cell: usize| sheet.marks[cell].column.map(|meant| meant.words);
    let own = |node: &usize| outline.heads[*node].words;
    let Some((leaf, above)) = stack.split_last() else {
        return Headed::None;
    };
    let is_leaf = |path: &&Vec<usize>| path.last().map(own) == words(*leaf);
    let mut found: Vec<usize> = (0..band.len()).filter(|i| is_leaf(&&band[*i])).collect();
    if words(*leaf).is_none() || found.is_empty() {
        return Headed::None;
    }
    let has = |column: usize, words: usize| band[column].iter().any(|node| own(node) == words);
    found.retain(|i| {
        above
            .iter()
            .all(|cell| words(*cell).is_none_or(|words| has(*i, words)))
    });
    if found.is_empty() {
        return Headed::Contradiction;
    }
    // A head that reached over several columns may have lost its span, and stands to the left then.
    for row in rows {
        let is_own = sheet.at(*row, c).is_some_and(|cell| !sheet.is_blank(cell));
        if found.len() < 2 || is_own {
            continue;
        }
        let mut before = (0..c).rev().filter_map(|left| sheet.at(*row, left));
        let left = before.find(|cell| !sheet.is_blank(*cell)).and_then(words);
        if let Some(left) = left
            && found.iter().any(|i| has(*i, left))
        {
            found.retain(|i| has(*i, left));
        }
    }
    match found.as_slice() {
        [one] => Headed::One(*one),
        _ => Headed::None,
    }
}

/// Whether head rows have every column of a band once, and each row has its heads in the order of the form.
fn is_whole(sheet: &Sheet, outline: &Outline, rows: &[usize], band: &[Vec<usize>]) -> bool {
    let mut order: Vec<(usize, usize)> = Vec::new();
    for (column, path) in band.iter().enumerate() {
        for node in path {
            if !order.iter().any(|(_, known)| known == node) {
                order.push((column, *node));
            }
        }
    }
    let mut seen = vec![false; order.len()];
    for row in rows {
        let mut next = 0;
        for (at, cell) in sheet.row(*row).into_iter().enumerate() {
            if sheet.is_blank(cell) || sheet.cell(cell).row != *row {
                continue;
            }
            let words = sheet.marks[cell].column.map(|meant| meant.words);
            let is_same = |(_, node): &(usize, usize)| Some(outline.heads[*node].words) == words;
            let is_next = |i: &usize| !seen[*i] && order[*i].0 >= next && is_same(&order[*i]);
            match (0..order.len()).find(is_next) {
                Some(i) => {
                    seen[i] = true;
                    next = order[i].0 + 1;
                }
                // Above the labels of rows stands what is no head of values.
                None if at == 0 && !order.iter().any(is_same) => {}
                _ => return false,
            }
        }
    }
    let leaf = |node: &usize| band.iter().any(|path| path.last() == Some(node));
    order
        .iter()
        .zip(seen)
        .all(|((_, node), seen)| seen || !leaf(node))
}
