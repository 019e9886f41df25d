//! A sheet of a workbook: its cells by their names, and which of them are one.

use std::collections::{BTreeMap, BTreeSet};

use super::super::bounds::{MAX_SHEET, MAX_XML_NODES, bounded};
use super::super::refusal::Refusal;
use super::super::xml::Element;
use super::format::Formats;
use super::strings::text;
use crate::import::block::{Flag, Place};

/// A sheet.
pub(super) struct Sheet {
    pub name: String,
    /// The cells with something in them, by row and column from 0.
    pub cells: BTreeMap<(usize, usize), Field>,
    /// The ranges that are one cell, by their first field: the rows and columns that they span.
    pub merged: BTreeMap<(usize, usize), (usize, usize)>,
    pub hidden_rows: BTreeSet<usize>,
    pub hidden_columns: BTreeSet<usize>,
}

/// What stands in a cell.
#[derive(Clone, Default)]
pub(super) struct Field {
    pub text: String,
    pub flags: Vec<Flag>,
}

impl Sheet {
    pub fn read(
        sheet: Element,
        name: &str,
        formats: &Formats,
        strings: &[String],
    ) -> Result<Self, Refusal> {
        let mut read = Self {
            name: name.to_owned(),
            cells: BTreeMap::new(),
            merged: BTreeMap::new(),
            hidden_rows: BTreeSet::new(),
            hidden_columns: BTreeSet::new(),
        };
        for group in sheet.elements() {
            match group.name() {
                "cols" => group.elements().for_each(|column| read.column(column)),
                "sheetData" => read.rows(group, formats, strings)?,
                "mergeCells" => group.elements().for_each(|range| read.merge(range)),
                _ => {}
            }
        }
        Ok(read)
    }

    fn column(&mut self, column: Element) {
        let edge = |name| column.attribute(name).and_then(|edge| edge.parse().ok());
        if is_on(column, "hidden")
            && let (Some(first), Some(last)) = (edge("min"), edge("max"))
        {
            let first: usize = first;
            let columns = first.saturating_sub(1)..usize::min(last, MAX_SHEET[1]);
            self.hidden_columns.extend(columns);
        }
    }

    fn rows(
        &mut self,
        data: Element,
        formats: &Formats,
        strings: &[String],
    ) -> Result<(), Refusal> {
        let mut next = 0;
        for row in data.elements() {
            let own = row.attribute("r").and_then(|own| own.parse().ok());
            let at = own
                .and_then(|own: usize| own.checked_sub(1))
                .unwrap_or(next);
            next = at.saturating_add(1);
            if is_on(row, "hidden") && at < MAX_SHEET[0] {
                self.hidden_rows.insert(at);
            }
            let mut column = 0;
            for cell in row.elements() {
                let place = cell.attribute("r").and_then(named);
                let (row, own) = place.unwrap_or((at, column));
                column = own.saturating_add(1);
                let field = field(cell, formats, strings);
                if field.text.trim().is_empty() && field.flags.is_empty() {
                    continue;
                }
                bounded(row.saturating_add(1), MAX_SHEET[0], "工作表用到的行数")?;
                bounded(own.saturating_add(1), MAX_SHEET[1], "工作表用到的列数")?;
                self.cells.insert((row, own), field);
            }
        }
        Ok(())
    }

    fn merge(&mut self, range: Element) {
        let range = range
            .attribute("ref")
            .and_then(|range| range.split_once(':'));
        let corners = range.and_then(|(first, last)| Some((named(first)?, named(last)?)));
        let Some(((top, left), (bottom, right))) = corners else {
            return;
        };
        if top <= bottom && left <= right && top < MAX_SHEET[0] && left < MAX_SHEET[1] {
            let spans = (bottom - top + 1, right - left + 1);
            self.merged.insert((top, left), spans);
        }
    }

    /// The place of a field.
    pub fn place(&self, row: usize, column: usize) -> Place {
        let mut letters = Vec::new();
        let mut rest = column + 1;
        while rest > 0 {
            letters.push(char::from(
                b'A' + u8::try_from((rest - 1) % 26).unwrap_or_default(),
            ));
            rest = (rest - 1) / 26;
        }
        let letters: String = letters.iter().rev().collect();
        Place::Sheet {
            sheet: self.name.clone(),
            cell: format!("{letters}{}", row + 1),
        }
    }
}

/// What stands in a cell of a file.
fn field(cell: Element, formats: &Formats, strings: &[String]) -> Field {
    let value = cell.child("v").map(Element::text);
    let formula = cell.child("f");
    let style = cell.attribute("s").and_then(|style| style.parse().ok());
    let mut field = Field::default();
    if formula.is_some() {
        field.flags.push(Flag::Computed);
    }
    field.text = match (cell.attribute("t"), value) {
        (Some("inlineStr"), _) => cell.child("is").map(text).unwrap_or_default(),
        // A formula that no program has computed yet: it stands for no value.
        (_, None) => formula.map_or_else(String::new, |own| format!("={}", own.text())),
        (Some("s"), Some(value)) => {
            let index: Option<usize> = value.trim().parse().ok();
            let text = index.and_then(|index| strings.get(index)).cloned();
            text.unwrap_or_else(|| {
                field.flags.push(Flag::Unmapped);
                char::REPLACEMENT_CHARACTER.to_string()
            })
        }
        (Some("str" | "e"), Some(value)) => value,
        (Some("b"), Some(value)) => if value == "0" { "FALSE" } else { "TRUE" }.to_owned(),
        (Some("d"), Some(value)) => {
            field.flags.push(Flag::Formatted);
            value
        }
        (_, Some(value)) => {
            let shown = formats.shown(&value, style.unwrap_or_default());
            if shown.is_formatted {
                field.flags.push(Flag::Formatted);
            }
            shown.text
        }
    };
    field
}

fn is_on(element: Element, name: &str) -> bool {
    matches!(element.attribute(name), Some("1" | "true"))
}

/// The row and the column of a cell by its name, such as `B7`, from 0.
fn named(name: &str) -> Option<(usize, usize)> {
    let name = name.replace('$', "");
    let digits = name.find(|c: char| c.is_ascii_digit())?;
    let (letters, digits) = name.split_at(digits);
    let mut column = 0_usize;
    for letter in letters.bytes() {
        if !letter.is_ascii_alphabetic() || column > MAX_XML_NODES {
            return None;
        }
        column = column * 26 + usize::from(letter.to_ascii_uppercase() - b'A') + 1;
    }
    let row: usize = digits.parse().ok()?;
    Some((row.checked_sub(1)?, column.checked_sub(1)?))
}
