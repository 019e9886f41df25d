//! The geometry of a table: rows of cells with their places, spans and content. All code that draws, writes
//! or reads a table of the form takes it from here.

use num_integer::Integer;

use super::declared::{Block, DeclaredTable, List};
use super::head::Head;
use super::line::Line;

/// The geometry of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableGrid {
    /// The number of its columns.
    pub columns: usize,
    /// The number of its rows above the first row label and the first value.
    pub head: usize,
    /// Its rows, each with the cells that begin in it, from left to right.
    pub rows: Vec<Vec<GridCell>>,
}

/// A cell of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GridCell {
    /// The column that it begins in, from 0.
    pub x: usize,
    /// The row that it begins in, from 0.
    pub y: usize,
    /// The number of rows that it spans.
    pub rowspan: usize,
    /// The number of columns that it spans.
    pub colspan: usize,
    /// Its content.
    pub content: CellContent,
}

/// The content of a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CellContent {
    /// A label.
    Label {
        /// Its words.
        text: String,
        /// Its role.
        role: Role,
        /// The number of labels that it stands below: of its column above a head of columns, of its row before a
        /// head of rows.
        level: usize,
    },
    /// The value of a line and a column.
    Value {
        /// The position of the line.
        line: usize,
        /// The position of the column in the line.
        column: usize,
    },
}

/// The role of a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The crossing of rows and columns.
    Corner,
    /// Head of columns.
    Column,
    /// Head of a row.
    Row,
    /// Head of rows that stand together.
    Group,
    /// The unit of a row, or the mark that there is no value.
    Unit,
}

impl Role {
    /// Its name in data.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Corner => "corner",
            Self::Column => "column",
            Self::Row => "row",
            Self::Group => "group",
            Self::Unit => "unit",
        }
    }
}

impl GridCell {
    /// The words of a label; `None` for a value.
    #[must_use]
    pub fn label(&self) -> Option<&str> {
        match &self.content {
            CellContent::Label { text, .. } => Some(text),
            CellContent::Value { .. } => None,
        }
    }

    /// Its place, spans and words.
    #[must_use]
    pub fn outline(&self) -> CellOutline<'_> {
        CellOutline {
            row: self.y,
            rowspan: self.rowspan,
            colspan: self.colspan,
            label: self.label(),
        }
    }
}

/// A cell as any rendering of a table shows it, for comparison: the grid, a transcript, a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CellOutline<'a> {
    /// The row that it begins in, from 0.
    pub row: usize,
    /// The number of rows that it spans.
    pub rowspan: usize,
    /// The number of columns that it spans.
    pub colspan: usize,
    /// The words of a label; `None` for a value.
    pub label: Option<&'a str>,
}

impl TableGrid {
    /// The geometry of a table with those lines.
    pub(super) fn of(table: &DeclaredTable, lines: &[Line]) -> Self {
        let mut plan = Plan::default();
        match &table.list {
            Some(list) => plan.list(table, list),
            None if !table.blocks.is_empty() => plan.blocks(&table.blocks),
            None => plan.cross(table),
        }
        plan.finish(lines)
    }

    /// Its cells in reading order.
    pub fn cells(&self) -> impl Iterator<Item = &GridCell> {
        self.rows.iter().flatten()
    }

    /// Its labels in reading order.
    pub fn labels(&self) -> impl Iterator<Item = &str> {
        self.cells().filter_map(GridCell::label)
    }
}

/// A cell whose value, if it is one, is not numbered yet.
struct Placed {
    x: usize,
    y: usize,
    rowspan: usize,
    colspan: usize,
    /// Text, role and level of a label; `None` for a value.
    label: Option<(String, Role, usize)>,
}

/// The cells of a table, in any order.
#[derive(Default)]
struct Plan {
    cells: Vec<Placed>,
}

impl Plan {
    fn label(
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

    /// Places the cells of rows × columns, or of columns alone over one row.
    fn cross(&mut self, table: &DeclaredTable) {
        let (stub, head) = (depth(&table.rows), depth(&table.columns));
        if stub > 0 {
            let corner = table.corner.as_deref().unwrap_or_default();
            self.label([0, 0, stub, head], corner, Role::Corner, 0);
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
    }

    fn column_heads(&mut self, heads: &[Head], mut x: usize, y: usize, height: usize) {
        for head in heads {
            let tall = if head.children.is_empty() { height } else { 1 };
            self.label([x, y, width(head), tall], &head.label, Role::Column, y);
            self.column_heads(&head.children, x, y + 1, height.saturating_sub(1));
            x += width(head);
        }
    }

    fn row_heads(&mut self, heads: &[Head], x: usize, mut y: usize, across: usize) {
        for head in heads {
            if head.children.is_empty() {
                self.label([x, y, across, 1], &head.label, Role::Row, x);
            } else {
                self.label([x, y, 1, width(head)], &head.label, Role::Group, x);
                self.row_heads(&head.children, x + 1, y, across.saturating_sub(1));
            }
            y += width(head);
        }
    }

    /// Places the cells of blocks. The columns of a block take the width behind the row labels by their
    /// shares, and the frame has a column wherever one of them ends: three equal ones above two make thirds
    /// whose middle one is halved.
    fn blocks(&mut self, blocks: &[Block]) {
        let whole = common_width(blocks).unwrap_or(1);
        let ends: Vec<Vec<usize>> = blocks.iter().map(|block| ends(block, whole)).collect();
        let mut cuts = ends.concat();
        cuts.sort_unstable();
        cuts.dedup();
        let column = |cut: usize| 1 + cuts.iter().filter(|c| **c <= cut).count();
        let mut y = 0;
        for (block, ends) in blocks.iter().zip(ends) {
            let starts = std::iter::once(0).chain(ends.iter().copied());
            let places: Vec<_> = starts
                .zip(&ends)
                .map(|(start, end)| (column(start), column(*end) - column(start)))
                .collect();
            self.label([0, y, 1 + cuts.len(), 1], &block.title, Role::Column, 0);
            self.label([0, y + 1, 1, 1], &block.stub, Role::Column, 1);
            for ((x, colspan), head) in places.iter().zip(&block.columns) {
                self.label([*x, y + 1, *colspan, 1], &head.label, Role::Column, 1);
            }
            y += 2;
            for row in &block.rows {
                self.label([0, y, 1, 1], &row.label, Role::Row, 0);
                for (x, colspan) in &places {
                    self.value(*x, y, *colspan);
                }
                y += 1;
            }
        }
    }

    /// Places the cells of a list: each label is a row with its unit beside it.
    fn list(&mut self, table: &DeclaredTable, list: &List) {
        self.label([0, 0, 1, 1], &list.stub, Role::Column, 0);
        self.label([1, 0, 1, 1], &list.unit, Role::Column, 0);
        for (i, head) in table.columns.iter().enumerate() {
            self.label([2 + i, 0, 1, 1], &head.label, Role::Column, 0);
        }
        let mut y = 1;
        self.items(table, list, &table.rows, 0, &mut y);
    }

    fn items(
        &mut self,
        table: &DeclaredTable,
        list: &List,
        heads: &[Head],
        level: usize,
        y: &mut usize,
    ) {
        for head in heads {
            let (role, unit) = match head.key {
                Some(_) => (
                    Role::Row,
                    head.values.unit.as_ref().or(table.values.unit.as_ref()),
                ),
                None => (Role::Group, None),
            };
            self.label([0, *y, 1, 1], &head.label, role, level);
            let unit = unit.unwrap_or(&list.none);
            self.label([1, *y, 1, 1], unit, Role::Unit, level + 1);
            for x in 2..2 + table.columns.len() {
                match role {
                    Role::Row => self.value(x, *y, 1),
                    _ => self.label([x, *y, 1, 1], &list.none, Role::Unit, level + 1),
                }
            }
            *y += 1;
            self.items(table, list, &head.children, level + 1, y);
        }
    }

    /// The table with its cells in rows. Values come in the order of lines and columns, in every shape.
    fn finish(mut self, lines: &[Line]) -> TableGrid {
        self.cells.sort_by_key(|cell| (cell.y, cell.x));
        let mut values = lines.iter().enumerate().flat_map(|(line, declared)| {
            (0..declared.columns.len()).map(move |column| CellContent::Value { line, column })
        });
        let ends = |cell: &Placed| cell.x + cell.colspan;
        let columns = self.cells.iter().map(ends).max().unwrap_or_default();
        let is_head = |cell: &&Placed| {
            let role = cell.label.as_ref().map(|(_, role, _)| role);
            matches!(role, Some(Role::Corner | Role::Column))
        };
        let body = self.cells.iter().find(|cell| !is_head(cell));
        let head = body.map_or(0, |cell| cell.y);
        let mut rows: Vec<Vec<GridCell>> = Vec::new();
        for cell in self.cells {
            let Placed {
                x,
                y,
                rowspan,
                colspan,
                label,
            } = cell;
            let content = match label {
                Some((text, role, level)) => Some(CellContent::Label { text, role, level }),
                None => values.next(),
            };
            rows.resize_with(rows.len().max(y + 1), Vec::new);
            rows[y].extend(content.map(|content| GridCell {
                x,
                y,
                rowspan,
                colspan,
                content,
            }));
        }
        TableGrid {
            columns,
            head,
            rows,
        }
    }
}

/// The finest division of a frame: blocks of any numbers of shares up to seven meet in it.
const FINEST: usize = 420;

/// The least width behind the row labels in which the shares of all blocks are whole numbers; `None` if it
/// is finer than [`FINEST`].
pub(super) fn common_width(blocks: &[Block]) -> Option<usize> {
    blocks.iter().try_fold(1, |whole: usize, block| {
        let whole = whole.lcm(&shares(block).max(1));
        (whole <= FINEST).then_some(whole)
    })
}

/// The shares of all columns of a block.
fn shares(block: &Block) -> usize {
    block.columns.iter().map(Head::share).sum()
}

/// Where the columns of a block end in a width.
fn ends(block: &Block, width: usize) -> Vec<usize> {
    let (mut taken, all) = (0, shares(block));
    let end = |head: &Head| {
        taken += head.share();
        taken * width / all
    };
    block.columns.iter().map(end).collect()
}

/// The number of leaves of a label.
fn width(head: &Head) -> usize {
    head.children.iter().map(width).sum::<usize>().max(1)
}

/// The number of levels of a forest.
fn depth(heads: &[Head]) -> usize {
    let below = heads.iter().map(|head| 1 + depth(&head.children));
    below.max().unwrap_or_default()
}
