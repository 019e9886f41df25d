//! A table of the form as it looks: rows of cells with their spans, for whoever draws it elsewhere than
//! on the page (`layouts/common/cells.typ` does that).

use super::head::Head;
use super::table::{Block, List, Table};

/// A table as it looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawn {
    /// How many columns it has.
    pub columns: usize,
    /// How many of its rows are heads of columns; those of blocks are not counted.
    pub head: usize,
    /// Its rows, each with the cells that begin in it.
    pub rows: Vec<Vec<DrawnCell>>,
}

/// A cell as it looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrawnCell {
    /// How many rows it spans.
    pub rowspan: usize,
    /// How many columns it spans.
    pub colspan: usize,
    /// What stands in it.
    pub content: DrawnContent,
}

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DrawnContent {
    /// A label.
    Label {
        /// Its words.
        text: String,
        /// What it is the head of.
        role: Role,
        /// How many labels it stands below, in a list.
        level: usize,
    },
    /// The value of a line and a column.
    Value {
        /// The line.
        line: usize,
        /// The column of it.
        column: usize,
    },
}

/// What a label is the head of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Of nothing: it stands where rows and columns meet.
    Corner,
    /// Of columns.
    Column,
    /// Of a row.
    Row,
    /// Of rows that stand together.
    Group,
    /// Of nothing: it is the unit of a row, or says that there is no value.
    Unit,
}

/// A cell with its place.
struct Placed {
    x: usize,
    y: usize,
    rowspan: usize,
    colspan: usize,
    /// None for a value.
    label: Option<(String, Role, usize)>,
}

impl Table {
    /// The table as it looks.
    #[must_use]
    pub fn drawn(&self) -> Drawn {
        let mut page = Page::default();
        let head = match &self.list {
            Some(list) => page.list(self, list),
            None if !self.blocks.is_empty() => page.blocks(&self.blocks),
            None => page.cross(self),
        };
        page.finish(self, head)
    }
}

#[derive(Default)]
struct Page {
    cells: Vec<Placed>,
}

impl Page {
    fn label(&mut self, place: [usize; 4], text: &str, role: Role) {
        self.labelled(place, text, role, 0);
    }

    fn labelled(
        &mut self,
        [x, y, colspan, rowspan]: [usize; 4],
        text: &str,
        role: Role,
        level: usize,
    ) {
        self.cells.push(Placed {
            x,
            y,
            rowspan,
            colspan,
            label: Some((text.to_owned(), role, level)),
        });
    }

    fn value(&mut self, x: usize, y: usize, colspan: usize) {
        self.cells.push(Placed {
            x,
            y,
            rowspan: 1,
            colspan,
            label: None,
        });
    }

    /// Rows × columns, or columns alone over one row.
    fn cross(&mut self, table: &Table) -> usize {
        let (stub, head) = (depth(&table.rows), depth(&table.columns));
        if stub > 0 {
            let corner = table.corner.as_deref().unwrap_or_default();
            self.label([0, 0, stub, head], corner, Role::Corner);
        }
        self.column_heads(&table.columns, stub, 0, head);
        self.row_heads(&table.rows, 0, head, stub);
        let rows = table.rows.iter().map(width).sum::<usize>().max(1);
        let columns: usize = table.columns.iter().map(width).sum();
        for y in 0..rows {
            for x in 0..columns {
                self.value(stub + x, head + y, 1);
            }
        }
        head
    }

    fn column_heads(&mut self, heads: &[Head], mut x: usize, y: usize, height: usize) {
        for head in heads {
            let tall = if head.children.is_empty() { height } else { 1 };
            self.label([x, y, width(head), tall], &head.label, Role::Column);
            self.column_heads(&head.children, x, y + 1, height.saturating_sub(1));
            x += width(head);
        }
    }

    fn row_heads(&mut self, heads: &[Head], x: usize, mut y: usize, across: usize) {
        for head in heads {
            if head.children.is_empty() {
                self.label([x, y, across, 1], &head.label, Role::Row);
            } else {
                self.label([x, y, 1, width(head)], &head.label, Role::Group);
                self.row_heads(&head.children, x + 1, y, across.saturating_sub(1));
            }
            y += width(head);
        }
    }

    /// Blocks share the width behind their row labels equally.
    fn blocks(&mut self, blocks: &[Block]) -> usize {
        let counts = || blocks.iter().map(|block| block.columns.len());
        let whole = counts().fold(1, least_common_multiple);
        let mut cuts: Vec<usize> = counts()
            .flat_map(|count| (1..=count).map(move |i| i * whole / count))
            .collect();
        cuts.sort_unstable();
        cuts.dedup();
        let column = |cut: usize| 1 + cuts.iter().filter(|c| **c <= cut).count();
        let mut y = 0;
        for block in blocks {
            let count = block.columns.len();
            let places: Vec<_> = (0..count)
                .map(|i| {
                    let x = column(i * whole / count);
                    (x, column((i + 1) * whole / count) - x)
                })
                .collect();
            self.label([0, y, 1 + cuts.len(), 1], &block.title, Role::Column);
            self.label([0, y + 1, 1, 1], &block.stub, Role::Column);
            for ((x, colspan), head) in places.iter().zip(&block.columns) {
                self.label([*x, y + 1, *colspan, 1], &head.label, Role::Column);
            }
            y += 2;
            for row in &block.rows {
                self.label([0, y, 1, 1], &row.label, Role::Row);
                for (x, colspan) in &places {
                    self.value(*x, y, *colspan);
                }
                y += 1;
            }
        }
        0
    }

    /// Each label is a row with its unit beside it.
    fn list(&mut self, table: &Table, list: &List) -> usize {
        self.label([0, 0, 1, 1], &list.stub, Role::Column);
        self.label([1, 0, 1, 1], &list.unit, Role::Column);
        for (i, head) in table.columns.iter().enumerate() {
            self.label([2 + i, 0, 1, 1], &head.label, Role::Column);
        }
        let mut y = 1;
        self.items(table, list, &table.rows, 0, &mut y);
        1
    }

    fn items(&mut self, table: &Table, list: &List, heads: &[Head], level: usize, y: &mut usize) {
        for head in heads {
            let (role, unit) = match head.key {
                Some(_) => (Role::Row, head.unit.as_ref().or(table.unit.as_ref())),
                None => (Role::Group, None),
            };
            self.labelled([0, *y, 1, 1], &head.label, role, level);
            self.label([1, *y, 1, 1], unit.unwrap_or(&list.none), Role::Unit);
            for x in 2..2 + table.columns.len() {
                match role {
                    Role::Row => self.value(x, *y, 1),
                    _ => self.label([x, *y, 1, 1], &list.none, Role::Unit),
                }
            }
            *y += 1;
            self.items(table, list, &head.children, level + 1, y);
        }
    }

    /// Cells in rows. Values come in the order of lines and columns, whatever the shape.
    fn finish(mut self, table: &Table, head: usize) -> Drawn {
        self.cells.sort_by_key(|cell| (cell.y, cell.x));
        let lines = table.lines().iter().enumerate();
        let mut values = lines.flat_map(|(line, declared)| {
            (0..declared.columns.len()).map(move |column| DrawnContent::Value { line, column })
        });
        let ends = |cell: &Placed| cell.x + cell.colspan;
        let columns = self.cells.iter().map(ends).max().unwrap_or_default();
        let mut rows: Vec<Vec<DrawnCell>> = Vec::new();
        for cell in self.cells {
            let content = match cell.label {
                Some((text, role, level)) => Some(DrawnContent::Label { text, role, level }),
                None => values.next(),
            };
            rows.resize_with(rows.len().max(cell.y + 1), Vec::new);
            rows[cell.y].extend(content.map(|content| DrawnCell {
                rowspan: cell.rowspan,
                colspan: cell.colspan,
                content,
            }));
        }
        Drawn {
            columns,
            head,
            rows,
        }
    }
}

/// How many leaves a label has.
fn width(head: &Head) -> usize {
    head.children.iter().map(width).sum::<usize>().max(1)
}

/// How many levels a forest has.
fn depth(heads: &[Head]) -> usize {
    let below = heads.iter().map(|head| 1 + depth(&head.children));
    below.max().unwrap_or_default()
}

fn least_common_multiple(a: usize, b: usize) -> usize {
    let (mut divisor, mut rest) = (a, b);
    while rest > 0 {
        (divisor, rest) = (rest, divisor % rest);
    }
    a / divisor * b
}
