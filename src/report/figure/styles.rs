//! The properties of a drawing's elements that refer to other elements, from attributes and style sheets.

use std::collections::HashMap;

use roxmltree::{Document, Node, NodeId};
use simplecss::{
    AttributeOperator, Declaration, DeclarationTokenizer, Element, PseudoClass, StyleSheet,
};

use super::fault::{Fault, excessive, filtered};

/// The most declarations of style sheets, each as often as a selector has it.
const MAX_DECLARATIONS: usize = 4_000_000;
/// The most comparisons of elements with the rules of style sheets.
const MAX_COMPARISONS: usize = 100_000_000;

/// The number of properties that are inherited.
pub(super) const INHERITED: usize = 5;
/// That of them which applies at each point of a line.
pub(super) const AT_EACH_POINT: usize = 4;
/// The inherited properties, in the order of their numbers.
const NAMES: [&str; INHERITED] = ["fill", "stroke", "marker-start", "marker-end", "marker-mid"];

/// The elements to which an element refers, by their `id`.
#[derive(Default)]
pub(super) struct Links<'a> {
    /// Clips and masks, for it alone.
    pub direct: Vec<&'a str>,
    /// Patterns and markers, by property; `None` where it inherits.
    pub inherited: [Option<Vec<&'a str>>; INHERITED],
}

/// The links of all elements of a drawing.
pub(super) struct Styles<'a> {
    links: HashMap<NodeId, Links<'a>>,
    /// The number of comparisons for each element that is drawn.
    comparisons: usize,
}

impl<'a> Styles<'a> {
    /// The links in a document of this deepest nesting.
    pub(super) fn of(document: &'a Document, deepest: usize) -> Result<Self, Fault> {
        let sheet = sheet(document)?;
        let refer = |declaration: &Declaration| {
            declaration.value.contains("url(") || declaration.name == "filter"
        };
        let rules: Vec<_> = sheet
            .rules
            .iter()
            .filter(|rule| rule.declarations.iter().any(refer))
            .collect();
        let costs = sheet.rules.iter().map(|rule| {
            let parts = rule.selector.to_string().split_whitespace().count();
            let steps = u32::try_from(parts.saturating_sub(1)).unwrap_or(u32::MAX);
            deepest
                .saturating_pow(steps)
                .saturating_add(rule.declarations.len())
        });
        let comparisons = costs.fold(0, usize::saturating_add);
        let mut styles = Self {
            links: HashMap::new(),
            comparisons,
        };
        styles.hold(document.descendants().count())?;
        for node in document.descendants().filter(Node::is_element) {
            let mut links = Links::default();
            for attribute in node.attributes() {
                links.set(attribute.name(), attribute.value())?;
            }
            for rule in rules
                .iter()
                .filter(|rule| rule.selector.matches(&XmlNode(node)))
            {
                for declaration in &rule.declarations {
                    links.set(declaration.name, declaration.value)?;
                }
            }
            for declaration in
                DeclarationTokenizer::from(node.attribute("style").unwrap_or_default())
            {
                links.set(declaration.name, declaration.value)?;
            }
            if !links.direct.is_empty() || links.inherited.iter().any(Option::is_some) {
                styles.links.insert(node.id(), links);
            }
        }
        Ok(styles)
    }

    /// The links of an element, if it has any.
    pub(super) fn links(&self, element: NodeId) -> Option<&Links<'a>> {
        self.links.get(&element)
    }

    /// Holds the comparisons for so many elements to their bound.
    pub(super) fn hold(&self, elements: usize) -> Result<(), Fault> {
        if self.comparisons.saturating_mul(elements) > MAX_COMPARISONS {
            return Err(excessive("样式表的规则太多"));
        }
        Ok(())
    }
}

impl<'a> Links<'a> {
    /// Takes the value of a property. Of several, all count: which one wins is a matter of those who draw.
    fn set(&mut self, name: &str, value: &'a str) -> Result<(), Fault> {
        let is_inherited = value.trim() == "inherit";
        match name {
            "filter" if !matches!(value.trim(), "" | "none") => return Err(filtered()),
            "clip-path" | "mask" if is_inherited => {
                return Err(excessive("遮罩或剪切路径沿用上一级的"));
            }
            "clip-path" | "mask" => self.direct.extend(links(value)),
            _ if is_inherited => {}
            _ => {
                let takes = |property: &&str| {
                    *property == name || name == "marker" && property.starts_with("marker")
                };
                for (property, held) in NAMES.iter().zip(&mut self.inherited) {
                    if takes(property) {
                        held.get_or_insert_default().extend(links(value));
                    }
                }
            }
        }
        Ok(())
    }
}

/// The elements to which a value refers: `url(#a)`, `url( '#a' )`.
fn links(value: &str) -> impl Iterator<Item = &str> {
    let parts = value.split("url(").skip(1);
    parts.filter_map(|part| {
        let part = part.trim_start_matches([' ', '\t', '\r', '\n', '"', '\'']);
        let id = part.strip_prefix('#')?;
        id.split([')', '"', '\'', ' ', '\t', '\r', '\n']).next()
    })
}

/// All style sheets of a drawing.
fn sheet<'a>(document: &'a Document) -> Result<StyleSheet<'a>, Fault> {
    let texts = document
        .descendants()
        .filter(|node| node.tag_name().name() == "style")
        .filter_map(|node| node.text());
    let texts: Vec<&str> = texts.collect();
    let all = |mark: u8| {
        let marks = texts
            .iter()
            .map(|text| memchr::memchr_iter(mark, text.as_bytes()).count());
        marks.sum::<usize>() + 1
    };
    // A parser writes each declaration down for each of the selectors, which a comma parts.
    let declared = all(b',')
        .saturating_mul(all(b':'))
        .saturating_mul(texts.len().max(1));
    if declared > MAX_DECLARATIONS {
        return Err(excessive("样式表的规则太多"));
    }
    let mut sheet = StyleSheet::new();
    for text in texts {
        sheet.parse_more(text);
    }
    Ok(sheet)
}

/// An element as selectors see it.
struct XmlNode<'a, 'input>(Node<'a, 'input>);

impl Element for XmlNode<'_, '_> {
    fn parent_element(&self) -> Option<Self> {
        self.0.parent_element().map(XmlNode)
    }

    fn prev_sibling_element(&self) -> Option<Self> {
        self.0.prev_sibling_element().map(XmlNode)
    }

    fn has_local_name(&self, name: &str) -> bool {
        self.0.tag_name().name() == name
    }

    fn attribute_matches(&self, name: &str, operator: AttributeOperator) -> bool {
        self.0
            .attribute(name)
            .is_some_and(|value| operator.matches(value))
    }

    fn pseudo_class_matches(&self, class: PseudoClass) -> bool {
        class == PseudoClass::FirstChild && self.0.prev_sibling_element().is_none()
    }
}
