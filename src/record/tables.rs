//! The tables that a PDF shows, by its tags (ISO 32000-1, 14.7 and 14.8).

use std::collections::HashSet;

use lopdf::{Dictionary, Object, ObjectId};

use super::content::Texts;
use super::{Fault, Record};

/// A table.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    /// What it says of itself.
    pub summary: String,
    /// The values in the order of its rows, without their heads.
    pub rows: Vec<Vec<Value>>,
}

/// A cell that is no head.
#[derive(Clone, Debug, Default)]
pub(super) struct Value {
    pub text: String,
    /// The page, counted from 1, and where on it, from its lower left corner in points; none for an
    /// empty cell.
    pub at: Option<(usize, f64, f64)>,
}

/// A structure element, or what stands in one, that is still to be looked at.
#[derive(Clone, Copy)]
struct Todo<'a> {
    object: &'a Object,
    page: Option<ObjectId>,
    /// Whether it is in a cell that is no head.
    in_value: bool,
}

impl Record {
    /// All tables in the order of reading.
    pub(super) fn tables(&self) -> Result<Vec<Table>, Fault> {
        let pages = self.pages()?;
        let texts = self.texts()?;
        let mut tables: Vec<Table> = Vec::new();
        let mut seen = HashSet::new();
        let root = self.dictionary(self.document.catalog()?, b"StructTreeRoot");
        let kids = root.and_then(|root| root.get(b"K").ok());
        let first = |object| Todo {
            object,
            page: None,
            in_value: false,
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
                        let in_value = next.in_value | self.begin(element, &mut tables);
                        if let Ok(object) = element.get(b"K") {
                            todo.push(Todo {
                                object,
                                page,
                                in_value,
                            });
                        }
                        None
                    }
                }
                _ => None,
            };
            if let Some(marked) = text.filter(|_| next.in_value)
                && let Some(value) = last_value(&mut tables)
            {
                add(value, marked, &texts, &pages);
            }
        }
        Ok(tables)
    }

    /// Begins what an element stands for; true if that is a cell that is no head.
    fn begin(&self, element: &Dictionary, tables: &mut Vec<Table>) -> bool {
        let kind = self
            .entry(element, b"S")
            .and_then(|kind| kind.as_name().ok());
        match (kind.unwrap_or_default(), tables.last_mut()) {
            (b"Table", _) => tables.push(Table {
                summary: self.summary(element),
                rows: Vec::new(),
            }),
            (b"TR", Some(table)) => table.rows.push(Vec::new()),
            (b"TD", Some(table)) => {
                if let Some(row) = table.rows.last_mut() {
                    row.push(Value::default());
                    return true;
                }
            }
            _ => {}
        }
        false
    }

    /// The summary among the attributes of an element.
    fn summary(&self, element: &Dictionary) -> String {
        let attributes = self.entry(element, b"A");
        let alone = attributes.map_or(&[][..], std::slice::from_ref);
        let list = attributes.and_then(|a| a.as_array().ok());
        let list = list.map_or(alone, Vec::as_slice).iter();
        let dictionaries = list.filter_map(|a| self.document.dereference(a).ok()?.1.as_dict().ok());
        let mut summaries = dictionaries.filter_map(|d| self.entry(d, b"Summary"));
        let summary = summaries.find_map(|s| lopdf::decode_text_string(s).ok());
        summary.unwrap_or_default()
    }
}

fn last_value(tables: &mut [Table]) -> Option<&mut Value> {
    tables.last_mut()?.rows.last_mut()?.last_mut()
}

fn add(value: &mut Value, marked: (ObjectId, i64), texts: &Texts, pages: &[ObjectId]) {
    let Some(text) = texts.get(&marked) else {
        return;
    };
    value.text.push_str(&text.text);
    let page = pages.iter().position(|page| *page == marked.0);
    let place = page.zip(text.at).map(|(page, (x, y))| (page + 1, x, y));
    value.at = value.at.or(place);
}
