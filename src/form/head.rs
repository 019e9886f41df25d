//! The labels of rows and columns, as trees.

use std::num::NonZeroU8;

use serde::Deserialize;

use super::fault::{DeclarationFault, Entry};
use super::measure::{Measure, Misplaced, Values};
use super::name::Name;

/// A label of rows or columns, with those below it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// The key of the row or column; `None` for a label that only groups.
    #[serde(default)]
    pub key: Option<String>,
    /// The label, to the letter.
    pub label: String,
    /// The Chinese key, if the one that follows from the label is another's too.
    #[serde(default)]
    pub term: Option<String>,
    /// Other keys that a report file may use, and other words that tables from elsewhere have for the label.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Other words by which prose speaks of the value; one that ends in ～ means it only before a
    /// word of [`DeclaredTable::counted`](super::DeclaredTable::counted).
    #[serde(default)]
    pub said: Vec<String>,
    /// Kind and units of its values, if they differ from those of the table.
    #[serde(default)]
    pub values: Values,
    /// The parts of a total.
    #[serde(default)]
    pub sum: Option<Sum>,
    /// The share of a column of a block in the width behind the row labels, beside those of the other columns;
    /// 1 where it is not declared.
    #[serde(default)]
    pub span: Option<NonZeroU8>,
    /// The labels below.
    #[serde(default)]
    pub children: Vec<Head>,
    #[serde(default, rename = "kind")]
    _kind: Misplaced,
    #[serde(default, rename = "unit")]
    _unit: Misplaced,
    #[serde(default, rename = "units")]
    _units: Misplaced,
}

/// The parts of a total.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sum {
    /// Everything below the labels beside it.
    Siblings,
    /// The labels right below it.
    Children,
}

/// A label that values belong to, with the positions of those that it is the sum of.
pub(super) type Summed<'a> = (&'a Head, Option<Vec<usize>>);

impl Head {
    /// A fault of this label.
    pub(super) fn fault(&self, cause: &str) -> DeclarationFault {
        let cause = format!("“{}”{cause}", self.label);
        DeclarationFault::new(Entry::of("label", &self.label), cause)
    }

    pub(super) fn name(&self) -> Result<Name, DeclarationFault> {
        let key = self.key.as_ref().ok_or_else(|| self.fault("没有 key"))?;
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if !key.starts_with(|c: char| c.is_ascii_lowercase()) || !key.chars().all(plain) {
            return Err(self.fault("的 key 应由小写字母、数字和 _ 组成"));
        }
        let mut name = Name::new(key, &self.label, &self.aliases);
        if let Some(term) = &self.term {
            name.term.clone_from(term);
        }
        Ok(name)
    }

    /// The share of a column of a block in the width behind the row labels.
    pub(super) fn share(&self) -> usize {
        self.span.map_or(1, |span| usize::from(span.get()))
    }

    /// Whether it, or a label below it, declares a share.
    pub(super) fn has_span(&self) -> bool {
        self.span.is_some() || self.children.iter().any(Self::has_span)
    }

    pub(super) fn measure(&self, outer: &Measure) -> Measure {
        outer.with(&self.values)
    }
}

/// The leaves of a forest from left to right, each with the leaves that it is the sum of.
pub(super) fn leaves(heads: &[Head]) -> Result<Vec<Summed<'_>>, DeclarationFault> {
    fn walk<'a>(heads: &'a [Head], found: &mut Vec<Summed<'a>>) -> Result<(), DeclarationFault> {
        let first = found.len();
        let mut totals = Vec::new();
        for head in heads {
            match (head.children.is_empty(), head.sum) {
                (true, Some(Sum::Siblings)) => totals.push(found.len()),
                (_, None) => {}
                (true, Some(Sum::Children)) => {
                    return Err(head.fault("：列表以外的合计写 sum: siblings"));
                }
                (false, Some(_)) => {
                    return Err(head.fault("下面还有行或栏，不能写 sum"));
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
pub(super) fn keyed(heads: &[Head]) -> Result<Vec<Summed<'_>>, DeclarationFault> {
    fn walk<'a>(heads: &'a [Head], found: &mut Vec<Summed<'a>>) -> Result<(), DeclarationFault> {
        for head in heads {
            let at = found.len();
            if head.key.is_some() {
                found.push((head, None));
            } else if head.children.is_empty() {
                return Err(head.fault("没有 key"));
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
                    let cause = "：列表中的合计写 sum: children，要有 key 和有 key 的下级";
                    return Err(head.fault(cause));
                }
            }
        }
        Ok(())
    }
    let mut found = Vec::new();
    walk(heads, &mut found)?;
    Ok(found)
}
