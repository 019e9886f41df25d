//! The labels of rows and columns, as trees.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::measure::{CellKind, Measure};
use super::name::Name;

/// A label of rows or columns, with those below it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// The key of what the label names; labels that only group have none.
    #[serde(default)]
    pub key: Option<String>,
    /// The label, to the letter.
    pub label: String,
    /// The Chinese key, where that which follows from the label is another's too.
    #[serde(default)]
    pub term: Option<String>,
    /// Other words that the report file may use.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Other words by which prose speaks of the figure; one that ends in ～ means it only before a
    /// word of [`Table::counted`](super::Table::counted).
    #[serde(default)]
    pub said: Vec<String>,
    /// What its values are, where they differ from those of the table.
    #[serde(default)]
    pub kind: Option<CellKind>,
    /// Their unit.
    #[serde(default)]
    pub unit: Option<String>,
    /// The units that may be written.
    #[serde(default)]
    pub units: BTreeMap<String, u64>,
    /// Where the value follows from others.
    #[serde(default)]
    pub sum: Option<Sum>,
    /// The labels below.
    #[serde(default)]
    pub children: Vec<Head>,
}

/// How a total is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sum {
    /// From everything below the labels beside it.
    Siblings,
    /// From the labels right below it.
    Children,
}

/// A label that values belong to, with the positions of those that it is the sum of.
pub(super) type Summed<'a> = (&'a Head, Option<Vec<usize>>);

impl Head {
    pub(super) fn name(&self) -> Result<Name, String> {
        let missing = || format!("“{}”没有 key", self.label);
        let key = self.key.as_ref().ok_or_else(missing)?;
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if !key.starts_with(|c: char| c.is_ascii_lowercase()) || !key.chars().all(plain) {
            return Err(format!(
                "“{}”的 key 应由小写字母、数字和 _ 组成",
                self.label
            ));
        }
        let mut name = Name::new(key, &self.label, &self.aliases);
        if let Some(term) = &self.term {
            name.term.clone_from(term);
        }
        Ok(name)
    }

    pub(super) fn measure(&self, outer: &Measure) -> Measure {
        outer.with(self.kind, self.unit.as_ref(), &self.units)
    }
}

/// Every label of a forest, from the first to the last.
pub(super) fn labels<'a>(heads: &'a [Head], found: &mut Vec<&'a Head>) {
    for head in heads {
        found.push(head);
        labels(&head.children, found);
    }
}

/// The leaves of a forest from left to right, each with the leaves that it is the sum of.
pub(super) fn leaves(heads: &[Head]) -> Result<Vec<Summed<'_>>, String> {
    fn walk<'a>(heads: &'a [Head], found: &mut Vec<Summed<'a>>) -> Result<(), String> {
        let first = found.len();
        let mut totals = Vec::new();
        for head in heads {
            match (head.children.is_empty(), head.sum) {
                (true, Some(Sum::Siblings)) => totals.push(found.len()),
                (_, None) => {}
                (true, Some(Sum::Children)) => {
                    return Err(format!("“{}”：列表以外的合计写 sum: siblings", head.label));
                }
                (false, Some(_)) => {
                    return Err(format!("“{}”下面还有行或栏，不能写 sum", head.label));
                }
            }
            if head.children.is_empty() {
                found.push((head, None));
            } else {
                walk(&head.children, found)?;
            }
        }
        let parts = (first..found.len()).filter(|i| !totals.contains(i));
        let parts: Vec<_> = parts.collect();
        for total in totals {
            found[total].1 = Some(parts.clone());
        }
        Ok(())
    }
    let mut found = Vec::new();
    walk(heads, &mut found)?;
    Ok(found)
}

/// The labels of a forest that have values of their own, above or below others, in the order of print.
pub(super) fn keyed(heads: &[Head]) -> Result<Vec<Summed<'_>>, String> {
    fn walk<'a>(heads: &'a [Head], found: &mut Vec<Summed<'a>>) -> Result<(), String> {
        for head in heads {
            let at = found.len();
            if head.key.is_some() {
                found.push((head, None));
            } else if head.children.is_empty() {
                return Err(format!("“{}”没有 key", head.label));
            }
            let mut parts = Vec::new();
            for child in &head.children {
                parts.extend(child.key.as_ref().map(|_| found.len()));
                walk(std::slice::from_ref(child), found)?;
            }
            match head.sum {
                None => {}
                Some(Sum::Children) if head.key.is_some() && !parts.is_empty() => {
                    found[at].1 = Some(parts);
                }
                Some(_) => {
                    let message = "列表中的合计写 sum: children，要有 key 和有 key 的下级";
                    return Err(format!("“{}”：{message}", head.label));
                }
            }
        }
        Ok(())
    }
    let mut found = Vec::new();
    walk(heads, &mut found)?;
    Ok(found)
}
