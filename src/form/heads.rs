//! The labels that a cell of a table stands under: what is read out before a value, so that nobody has to see where it
//! stands.

use super::grid::{CellContent, GridCell, Role, TableGrid};

impl TableGrid {
    /// The labels above and before a value, or those of its own direction above a label, the outermost first: columns,
    /// then rows, then the unit.
    #[must_use]
    pub fn heads(&self, cell: &GridCell) -> Vec<&GridCell> {
        let (columns, rows) = (self.column_heads(cell), self.row_heads(cell));
        match cell.role() {
            None => [columns, rows].concat(),
            Some(Role::Column) => columns,
            Some(Role::Row | Role::Group) => rows,
            Some(Role::Corner | Role::Unit) => Vec::new(),
        }
    }

    /// The heads of columns above a cell: those of its own block, where each block has its own.
    fn column_heads(&self, cell: &GridCell) -> Vec<&GridCell> {
        let is_head = |row: &&Vec<GridCell>| {
            let mut roles = row.iter().filter_map(GridCell::role);
            roles.any(|role| role == Role::Column)
        };
        let above = self.rows[..cell.y].iter().rev();
        let others = |row: &&Vec<GridCell>| cell.role() != Some(Role::Column) && !is_head(row);
        let block = above.skip_while(others).take_while(is_head);
        let over = |other: &&GridCell| {
            let reaches = other.x <= cell.x && cell.x + cell.colspan <= other.x + other.colspan;
            other.role() == Some(Role::Column) && reaches
        };
        let mut heads: Vec<&GridCell> = block.flatten().filter(over).collect();
        heads.reverse();
        heads
    }

    /// The heads of rows before a cell: those that reach over its row, in a list also those that it is indented under.
    fn row_heads(&self, cell: &GridCell) -> Vec<&GridCell> {
        let is_head = |other: &&GridCell| {
            let before = other.x < cell.x;
            before && matches!(other.role(), Some(Role::Row | Role::Group | Role::Unit))
        };
        let reaches = |other: &&GridCell| (other.y..other.y + other.rowspan).contains(&cell.y);
        let mut heads: Vec<&GridCell> = self.rows[..=cell.y]
            .iter()
            .flatten()
            .filter(is_head)
            .filter(reaches)
            .collect();
        heads.sort_by_key(|head| head.x);
        // A list tells what stands below what by levels in one column.
        let innermost = heads.first().copied().filter(|head| head.x == 0);
        let innermost = innermost.or(Some(cell).filter(|cell| cell.x == 0));
        let (mut level, mut from) = match innermost {
            Some(GridCell {
                y,
                content: CellContent::Label { level, .. },
                ..
            }) => (*level, *y),
            _ => (0, 0),
        };
        let mut above = Vec::new();
        while level > 0 && from > 0 {
            from -= 1;
            let outer = self.rows[from].first();
            if let Some(outer) = outer.filter(|outer| outer.level() < level) {
                level = outer.level();
                above.push(outer);
            }
        }
        above.reverse();
        [above, heads].concat()
    }
}

impl GridCell {
    /// The role of a label; `None` for a value.
    #[must_use]
    pub fn role(&self) -> Option<Role> {
        match &self.content {
            CellContent::Label { role, .. } => Some(*role),
            CellContent::Value { .. } => None,
        }
    }

    /// The number of labels that a label stands below; 0 for a value.
    fn level(&self) -> usize {
        match &self.content {
            CellContent::Label { level, .. } => *level,
            CellContent::Value { .. } => 0,
        }
    }
}
