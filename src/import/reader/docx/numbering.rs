//! The numbers of a Word file: which paragraph has one, and which.

use std::collections::HashMap;

use super::super::counting::written;
use super::super::xml::{Element, Xml};
use super::styles::Styles;

/// The levels of a list.
const LEVELS: usize = 9;
/// The most steps from a list to that whose style it takes.
const MAX_STEPS: usize = 20;

/// The lists, and how far each has counted.
#[derive(Default)]
pub(super) struct Numbering<'x> {
    lists: HashMap<&'x str, Element<'x>>,
    abstracts: HashMap<&'x str, Element<'x>>,
    counters: HashMap<&'x str, [Option<u32>; LEVELS]>,
    /// The lists that have restarted a level.
    restarted: Vec<(&'x str, usize)>,
}

/// The number of a paragraph.
pub(super) enum Number {
    /// It is set before the paragraph.
    Written(String),
    /// It is of a kind that is not known.
    Unknown,
}

impl<'x> Numbering<'x> {
    pub fn new(xml: &'x Xml) -> Self {
        let mut all = Self::default();
        for element in xml.root().elements() {
            match element.name() {
                "num" => {
                    let id = element.attribute("numId").unwrap_or_default();
                    all.lists.entry(id).or_insert(element);
                }
                "abstractNum" => {
                    let id = element.attribute("abstractNumId").unwrap_or_default();
                    all.abstracts.entry(id).or_insert(element);
                }
                _ => {}
            }
        }
        all
    }

    /// The number of the next paragraph, with these properties and of this style; `None` if it has none.
    pub fn next(
        &mut self,
        properties: Option<Element<'x>>,
        style: Option<&str>,
        styles: &Styles<'x>,
    ) -> Option<Number> {
        let (list, level) = list_of(properties, style, styles)?;
        let num = self.lists.get(list).copied()?;
        let list = num.attribute("numId").unwrap_or_default();
        let abstract_list = self.abstract_of(num, styles, MAX_STEPS)?;
        let key = abstract_list.attribute("abstractNumId").unwrap_or_default();
        // The level of a style is that which names it.
        let level = level.unwrap_or_else(|| {
            let mut levels = abstract_list.elements();
            let own = levels.find(|l| l.name() == "lvl" && l.val("pStyle") == style);
            own.and_then(|own| own.attribute("ilvl")?.parse().ok())
                .unwrap_or_default()
        });
        let level = level.min(LEVELS - 1);
        let overrides = |level: usize| {
            let mut all = num.elements();
            all.find(|o| o.name() == "lvlOverride" && is_level(*o, level))
        };
        let declared = |level: usize| {
            let own = overrides(level).and_then(|own| own.child("lvl"));
            own.or_else(|| {
                let mut levels = abstract_list.elements();
                levels.find(|l| l.name() == "lvl" && is_level(*l, level))
            })
        };
        let start = |level: usize| {
            let start = declared(level).and_then(|own| own.val("start")?.parse().ok());
            start.unwrap_or(1_u32)
        };
        let restart = overrides(level).and_then(|own| own.val("startOverride")?.parse().ok());
        let counters = self.counters.entry(key).or_default();
        let first_use = !self.restarted.contains(&(list, level));
        let next: u32 = match (restart.filter(|_| first_use), counters[level]) {
            (Some(restart), _) => restart,
            (None, Some(counter)) => counter.saturating_add(1),
            (None, None) => start(level),
        };
        if first_use {
            self.restarted.push((list, level));
        }
        counters[level] = Some(next);
        counters[level + 1..].fill(None);
        for (above, counter) in counters[..level].iter_mut().enumerate() {
            counter.get_or_insert_with(|| start(above));
        }
        let own = declared(level)?;
        let is_legal = own.is_on("isLgl") == Some(true);
        let format = |level: usize| {
            let format = declared(level).and_then(format_of).unwrap_or("decimal");
            // Numbers that are letters of the law are decimal.
            if is_legal && format != "none" {
                "decimal"
            } else {
                format
            }
        };
        if format(level) == "bullet" {
            return Some(Number::Written(String::new()));
        }
        let pattern = own.val("lvlText").unwrap_or_default();
        let mut number = String::new();
        let mut characters = pattern.chars().peekable();
        while let Some(c) = characters.next() {
            let meant = characters.peek().and_then(|c| c.to_digit(10));
            let meant = meant.filter(|meant| c == '%' && (1..=9).contains(meant));
            let Some(meant) = meant else {
                number.push(c);
                continue;
            };
            characters.next();
            let at = meant as usize - 1;
            let value = counters[at].unwrap_or_else(|| start(at));
            match written(value, format(at)) {
                Some(written) => number.push_str(&written),
                None => return Some(Number::Unknown),
            }
        }
        Some(Number::Written(number))
    }

    /// The list that declares the levels of a list; it may be that of a style.
    fn abstract_of(
        &self,
        num: Element<'x>,
        styles: &Styles<'x>,
        steps: usize,
    ) -> Option<Element<'x>> {
        let found = *self.abstracts.get(num.val("abstractNumId")?)?;
        let Some(style) = found.val("numStyleLink") else {
            return Some(found);
        };
        let mut chain = styles.chain(Some(style));
        let list = chain.find_map(|style| style.path(&["pPr", "numPr"])?.val("numId"))?;
        self.abstract_of(*self.lists.get(list)?, styles, steps.checked_sub(1)?)
    }
}

/// The list and the level of a paragraph, its own or those of its style.
fn list_of<'x>(
    properties: Option<Element<'x>>,
    style: Option<&str>,
    styles: &Styles<'x>,
) -> Option<(&'x str, Option<usize>)> {
    let own = properties.and_then(|properties| properties.child("numPr"));
    let chain: Vec<Element> = styles
        .chain(style)
        .filter_map(|style| style.path(&["pPr", "numPr"]))
        .collect();
    let all = || own.into_iter().chain(chain.iter().copied());
    let list = all().find_map(|numbers| numbers.val("numId"))?;
    let level = all().find_map(|numbers| numbers.val("ilvl")?.parse().ok());
    (list != "0").then_some((list, level))
}

fn is_level(element: Element, level: usize) -> bool {
    element
        .attribute("ilvl")
        .and_then(|own| own.parse::<usize>().ok())
        == Some(level)
}

/// The format of a level; newer ones stand in an alternative.
fn format_of(level: Element<'_>) -> Option<&str> {
    let direct = level.val("numFmt");
    let other = || {
        let alternative = level.child("AlternateContent")?;
        let choice = alternative.child("Choice")?.child("numFmt")?;
        match choice.attribute("val")? {
            "custom" => alternative.child("Fallback")?.val("numFmt"),
            format => Some(format),
        }
    };
    direct.or_else(other)
}
