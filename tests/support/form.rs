//! The transcripts under `tests/forms/`.

use super::{read, root};

/// A table of a form as it must look.
pub struct Table {
    pub key: String,
    pub rows: usize,
    pub columns: usize,
    pub values: usize,
    pub cells: Vec<Cell>,
}

/// A cell of it; `label` is `None` for a value.
#[derive(Debug, PartialEq)]
pub struct Cell {
    pub row: usize,
    pub label: Option<String>,
    pub rowspan: usize,
    pub colspan: usize,
}

/// The titles of the sections in the transcript of an edition.
pub fn titles(edition: &str) -> Vec<String> {
    let text = read(&root().join(format!("tests/forms/{edition}.txt")));
    let titles = text.lines().filter_map(|line| line.strip_prefix("= "));
    titles.map(str::to_owned).collect()
}

/// Reads the transcript of an edition.
pub fn transcript(edition: &str) -> Vec<Table> {
    let text = read(&root().join(format!("tests/forms/{edition}.txt")));
    let lines = text.lines().filter(|l| {
        !l.is_empty() && !l.starts_with("= ") && (!l.starts_with("# ") || l.starts_with("# |"))
    });
    let mut tables: Vec<Table> = Vec::new();
    for line in lines {
        if let Some(head) = line.strip_prefix("== ") {
            let numbers: Vec<usize> = head
                .split(|c: char| !c.is_ascii_digit())
                .filter_map(|n| n.parse().ok())
                .collect();
            tables.push(Table {
                key: head.split(' ').next().unwrap().to_owned(),
                rows: numbers[0],
                columns: numbers[1],
                values: numbers[2],
                cells: Vec::new(),
            });
        } else {
            let table = tables.last_mut().unwrap();
            let row = table.cells.last().map_or(0, |cell| cell.row + 1);
            table.cells.extend(line_cells(line, row));
        }
    }
    tables
}

fn line_cells(line: &str, row: usize) -> Vec<Cell> {
    // A value line may begin with #, which is why comments have a space behind it.
    let cell = |text: &str| {
        let (label, span) = text.split_once(" [").unwrap_or((text, "1×1]"));
        let (rowspan, colspan) = span.trim_end_matches(']').split_once('×').unwrap();
        Cell {
            row,
            label: (label != "#").then(|| label.to_owned()),
            rowspan: rowspan.parse().unwrap(),
            colspan: colspan.parse().unwrap(),
        }
    };
    line.split(" | ").map(cell).collect()
}
