//! The tables that a PDF shows, by its tags (ISO 32000-1, 14.7 and 14.8).

use std::collections::{HashMap, HashSet};

use lopdf::{Dictionary, Object, ObjectId};

use super::content::Texts;
use super::file::{MAX_PARTS, PdfFault, PdfFile};
use crate::form::CellOutline;

/// A table on the pages of a PDF.
#[derive(Clone, Debug, Default)]
pub struct ShownTable {
    /// Its summary, by which it is known.
    pub summary: String,
    /// Its cells row by row.
    pub rows: Vec<Vec<ShownCell>>,
    /// Text between its values that belongs to no cell.
    pub loose: Vec<ShownCell>,
}

/// A cell on the pages of a PDF.
#[derive(Clone, Debug)]
pub struct ShownCell {
    /// Whether it is a label (`TH`).
    pub head: bool,
    /// The number of rows that it spans.
    pub rowspan: usize,
    /// The number of columns that it spans.
    pub colspan: usize,
    /// Its text.
    pub text: String,
    /// The page, from 1, and the place on it in points from its lower left corner; `None` for an empty
    /// cell.
    pub at: Option<(usize, f64, f64)>,
}

impl ShownCell {
    /// Place, spans and words of the cell in a row.
    pub(crate) fn outline(&self, row: usize) -> CellOutline<'_> {
        CellOutline {
            row,
            rowspan: self.rowspan,
            colspan: self.colspan,
            label: self.head.then_some(&self.text),
        }
    }
}

impl Default for ShownCell {
    fn default() -> Self {
        Self {
            head: false,
            rowspan: 1,
            colspan: 1,
            text: String::new(),
            at: None,
        }
    }
}

/// A structure element, or an entry of one, that is yet to be visited.
#[derive(Clone, Copy)]
struct Todo<'a> {
    object: &'a Object,
    page: Option<ObjectId>,
    /// Whether it is in a cell.
    in_cell: bool,
}

impl PdfFile {
    /// All tables in the order of reading.
    ///
    /// # Errors
    /// If the PDF cannot be read.
    pub fn tables(&self) -> Result<Vec<ShownTable>, PdfFault> {
        let pages = self.pages()?;
        let mut texts = self.texts()?;
        let mut tables: Vec<ShownTable> = Vec::new();
        let mut seen = HashSet::new();
        let root = self.dictionary(self.document.catalog()?, b"StructTreeRoot");
        let kids = root.and_then(|root| root.get(b"K").ok());
        let first = |object| Todo {
            object,
            page: None,
            in_cell: false,
        };
        // A stack of our own, and each element once: a tree may be deep, or lead back to itself.
        let mut todo: Vec<Todo> = kids.map(first).into_iter().collect();
        while let Some(next) = todo.pop() {
            if let Ok(id) = next.object.as_reference()
                && !seen.insert(id)
            {
                continue;
            }
            let text = match self.document.dereference(next.object)?.1 {
                Object::Array(kids) => {
                    let kids = kids.iter().rev();
                    todo.extend(kids.map(|object| Todo { object, ..next }));
                    continue;
                }
                Object::Integer(mcid) => next.page.map(|page| (page, *mcid)),
                Object::Dictionary(element) => {
                    let page = element.get(b"Pg").and_then(Object::as_reference);
                    let page = page.ok().or(next.page);
                    if let Ok(mcid) = element.get(b"MCID").and_then(Object::as_i64) {
                        page.map(|page| (page, mcid))
                    } else {
                        let in_cell = next.in_cell | self.begin(element, &mut tables);
                        if tables.len() > MAX_PARTS {
                            return Err(PdfFault::TooMuch);
                        }
                        if let Ok(object) = element.get(b"K") {
                            todo.push(Todo {
                                object,
                                page,
                                in_cell,
                            });
                        }
                        None
                    }
                }
                _ => None,
            };
            if let Some(marked) = text.filter(|_| next.in_cell)
                && let Some(value) = last_value(&mut tables)
            {
                add(value, marked, &mut texts, &pages);
            }
        }
        let areas: Vec<_> = tables.iter().map(ShownTable::areas).collect();
        for (page, shown) in texts.loose {
            let Some(at) = place(page, shown.at, &pages) else {
                continue;
            };
            let around = |areas: &HashMap<usize, Area>| {
                let area = areas.get(&at.0);
                area.is_some_and(|area| is_in(*area, at.1, at.2))
            };
            if let Some(table) = areas.iter().position(around) {
                tables[table].loose.push(ShownCell {
                    text: shown.text,
                    at: Some(at),
                    ..ShownCell::default()
                });
            }
        }
        Ok(tables)
    }

    /// Begins the table, row or cell of an element; true if it is a cell.
    fn begin(&self, element: &Dictionary, tables: &mut Vec<ShownTable>) -> bool {
        let kind = self
            .entry(element, b"S")
            .and_then(|kind| kind.as_name().ok());
        match (kind.unwrap_or_default(), tables.last_mut()) {
            (b"Table", _) => tables.push(ShownTable {
                summary: self.summary(element),
                ..ShownTable::default()
            }),
            (b"TR", Some(table)) => table.rows.push(Vec::new()),
            (kind @ (b"TD" | b"TH"), Some(table)) => {
                if let Some(row) = table.rows.last_mut() {
                    let span = |key| {
                        let span = self.attribute(element, key)?.as_i64().ok()?;
                        usize::try_from(span).ok()
                    };
                    row.push(ShownCell {
                        head: kind == b"TH",
                        rowspan: span(b"RowSpan").unwrap_or(1),
                        colspan: span(b"ColSpan").unwrap_or(1),
                        ..ShownCell::default()
                    });
                    return true;
                }
            }
            _ => {}
        }
        false
    }

    /// The summary of a table.
    fn summary(&self, element: &Dictionary) -> String {
        let summary = self.attribute(element, b"Summary");
        let summary = summary.and_then(|summary| lopdf::decode_text_string(summary).ok());
        summary.unwrap_or_default()
    }

    /// An attribute of an element.
    fn attribute<'a>(&'a self, element: &'a Dictionary, key: &[u8]) -> Option<&'a Object> {
        let attributes = self.entry(element, b"A");
        let alone = attributes.map_or(&[][..], std::slice::from_ref);
        let list = attributes.and_then(|a| a.as_array().ok());
        let list = list.map_or(alone, Vec::as_slice).iter();
        let mut dictionaries =
            list.filter_map(|a| self.document.dereference(a).ok()?.1.as_dict().ok());
        dictionaries.find_map(|d| self.entry(d, key))
    }
}

fn last_value(tables: &mut [ShownTable]) -> Option<&mut ShownCell> {
    tables.last_mut()?.rows.last_mut()?.last_mut()
}

/// Adds marked text to a value; each text belongs to one.
fn add(value: &mut ShownCell, marked: (ObjectId, i64), texts: &mut Texts, pages: &[ObjectId]) {
    if let Some(shown) = texts.marked.remove(&marked) {
        value.text.push_str(&shown.text);
        value.at = value.at.or(place(marked.0, shown.at, pages));
    }
}

fn place(page: ObjectId, at: Option<(f64, f64)>, pages: &[ObjectId]) -> Option<(usize, f64, f64)> {
    let page = pages.iter().position(|other| *other == page)? + 1;
    at.map(|(x, y)| (page, x, y))
}

/// The distance around the values of a table within which no other text may stand, in points: about
/// half a row.
const AROUND: f64 = 12.0;

/// The area of the values of a table on a page: left, right, lower and upper edge.
type Area = (f64, f64, f64, f64);

impl ShownTable {
    /// Its values, without heads, in the order of its rows.
    pub fn values(&self) -> impl Iterator<Item = &ShownCell> {
        self.rows.iter().flatten().filter(|cell| !cell.head)
    }

    /// The areas of its values by page.
    fn areas(&self) -> HashMap<usize, Area> {
        let mut areas: HashMap<usize, Area> = HashMap::new();
        for (page, x, y) in self.values().filter_map(|value| value.at) {
            let area = areas.entry(page).or_insert((x, x, y, y));
            *area = (area.0.min(x), area.1.max(x), area.2.min(y), area.3.max(y));
        }
        areas
    }
}

fn is_in(area: Area, x: f64, y: f64) -> bool {
    (area.0 - AROUND..=area.1 + AROUND).contains(&x)
        && (area.2 - AROUND..=area.3 + AROUND).contains(&y)
}
