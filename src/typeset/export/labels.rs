//! The labels of each cell of a table, all of them, in its `Headers` (ISO 32000-1, 14.8.5.7).
//!
//! Typst names the label next to a cell, and on that label the one above it. Readers that do not follow from label to
//! label would tell a value of （一）予以公开 alone, so here each cell names all that it stands under, from the outermost
//! inwards. A label leads on to those of its own direction only: the head of a row stands below the corner of its
//! table, but the values of the row do not.
//!
//! What says nothing is left out: lists without a label, and that each cell has a border.

use std::collections::HashMap;
use std::ops::Range;

use memchr::memchr;
use memchr::memmem::Finder;

use super::objects::{Change, Objects};

/// A label by how it heads values, and the labels that it stands under.
struct Label<'a> {
    of_column: bool,
    above: Vec<&'a [u8]>,
}

/// The changes of all cells; `None` if one is not written as krilla writes cells, or names a label that does not come
/// before it.
pub(super) fn told(objects: &Objects) -> Option<Vec<Change>> {
    let cells = Cells::new();
    let mut labels: HashMap<&[u8], Label> = HashMap::new();
    let mut changes = Vec::new();
    for at in objects.contents().filter(|at| is_cell(&objects.pdf[*at..])) {
        let cell = cells.read(objects.pdf, at)?;
        let named = objects.pdf[cell.named.clone()].split_inclusive(|b| *b == b')');
        let mut told: Vec<&[u8]> = Vec::new();
        for id in named {
            let label = labels.get(id)?;
            if cell.id.is_none() || cell.of_column == label.of_column {
                let all = label.above.iter().chain([&id]);
                let new: Vec<_> = all.filter(|id| !told.contains(id)).copied().collect();
                told.extend(new);
            }
        }
        let list = told.concat();
        if list.is_empty() {
            changes.push((cell.list, list));
        } else if list != objects.pdf[cell.named.clone()] {
            changes.push((cell.named, list));
        }
        changes.extend(cell.border.map(|border| (border, Vec::new())));
        if let Some(id) = cell.id {
            let of_column = cell.of_column;
            labels.insert(
                id,
                Label {
                    of_column,
                    above: told,
                },
            );
        }
    }
    Some(changes)
}

/// Whether an object is a cell.
fn is_cell(object: &[u8]) -> bool {
    let kind = object.strip_prefix(b"<</Type/StructElem/S/T");
    kind.is_some_and(|kind| kind.starts_with(b"H/") || kind.starts_with(b"D/"))
}

/// A cell as written; the parts are of the PDF.
struct Cell<'a> {
    /// The name of a label, with its brackets; `None` for a value.
    id: Option<&'a [u8]>,
    of_column: bool,
    /// Its list of labels, with its key, and what stands in it.
    list: Range<usize>,
    named: Range<usize>,
    /// The attributes that say no more than that it has a border.
    border: Option<Range<usize>>,
}

/// What reads cells.
struct Cells {
    id: Finder<'static>,
    table: Finder<'static>,
    of_column: Finder<'static>,
    list: Finder<'static>,
}

impl Cells {
    fn new() -> Self {
        Self {
            id: Finder::new("/ID("),
            table: Finder::new("/A[<</O/Table"),
            of_column: Finder::new("/Scope/Column"),
            list: Finder::new("/Headers["),
        }
    }

    /// The cell that begins at an offset; it is written on one line.
    fn read<'a>(&self, pdf: &'a [u8], at: usize) -> Option<Cell<'a>> {
        const BORDER: &[u8] = b"<</O/Layout/BorderStyle/Solid>>";
        let cell = &pdf[at..][..memchr(b'\n', &pdf[at..])?];
        let table = self.table.find(cell)?;
        let end = table + cell[table..].windows(2).position(|pair| pair == b">>")?;
        let attributes = &cell[table..end];
        let list = table + self.list.find(attributes)?;
        let first = list + self.list.needle().len();
        let last = first + memchr(b']', &cell[first..end])?;
        let id = match self.id.find(&cell[..table]) {
            Some(key) => {
                let id = &cell[key + self.id.needle().len() - 1..table];
                Some(&id[..=memchr(b')', id)?])
            }
            None => None,
        };
        let border = end + ">>".len();
        let has_border = cell[border..].starts_with(BORDER);
        let border = at + border;
        Some(Cell {
            id,
            of_column: self.of_column.find(attributes).is_some(),
            list: at + list..at + last + 1,
            named: at + first..at + last,
            border: has_border.then_some(border..border + BORDER.len()),
        })
    }
}
