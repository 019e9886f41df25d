//! XML as a tree, within bounds.
//!
//! Names are kept without their prefixes: what is read has each name in one vocabulary only, and files of the strict
//! and the transitional kind then read alike.

use std::borrow::Cow;

use encoding_rs::Encoding;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::bounds::{MAX_ATTRIBUTES, MAX_XML_DEPTH, MAX_XML_NODES, bounded};
use super::refusal::Refusal;

/// A part of a package as a tree.
pub(super) struct Xml {
    nodes: Vec<Node>,
}

#[derive(Default)]
struct Node {
    /// The name of an element; empty for a text.
    name: Box<str>,
    attributes: Vec<(Box<str>, Box<str>)>,
    text: String,
    children: Vec<usize>,
}

/// An element.
#[derive(Clone, Copy)]
pub(super) struct Element<'x> {
    xml: &'x Xml,
    id: usize,
}

/// What stands in an element.
pub(super) enum Child<'x> {
    Element(Element<'x>),
    Text(&'x str),
}

impl Xml {
    pub fn parse(bytes: &[u8], kind: &str) -> Result<Self, Refusal> {
        let text = match Encoding::for_bom(bytes) {
            Some((encoding, _)) => encoding.decode(bytes).0,
            None => str::from_utf8(bytes)
                .map(Cow::from)
                .map_err(|cause| Refusal::damaged(kind, cause))?,
        };
        let mut reader = Reader::from_str(&text);
        reader.config_mut().expand_empty_elements = true;
        let mut xml = Self {
            nodes: vec![Node::default()],
        };
        let mut open = vec![0];
        loop {
            let event = reader.read_event();
            let parent = open.last().copied().unwrap_or_default();
            match event.map_err(|cause| Refusal::damaged(kind, cause))? {
                Event::Start(tag) => {
                    let node = element(&tag)?;
                    open.push(xml.push(parent, node)?);
                    bounded(open.len(), MAX_XML_DEPTH, "元素的层数")?;
                }
                Event::End(_) => {
                    open.pop();
                }
                Event::Text(text) => {
                    xml.text(parent, &text.xml_content(XmlVersion::Implicit1_0))?;
                }
                Event::CData(text) => {
                    xml.text(parent, &text.xml_content(XmlVersion::Implicit1_0))?;
                }
                Event::GeneralRef(reference) => {
                    let code = reference.resolve_char_ref();
                    let code = code.map_err(|cause| Refusal::damaged(kind, cause))?;
                    let name = reference.into_inner();
                    let named = quick_xml::escape::resolve_xml_entity(&name);
                    match (code, named) {
                        (Some(c), _) => xml.text(parent, c.encode_utf8(&mut [0; 4]))?,
                        (None, Some(text)) => xml.text(parent, text)?,
                        (None, None) => return Err(Refusal::damaged(kind, format!("&{name};"))),
                    }
                }
                Event::DocType(_) => return Err(Refusal::damaged(kind, "DOCTYPE")),
                Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
                Event::Eof => break,
            }
        }
        if open.len() > 1 {
            return Err(Refusal::damaged(kind, "XML"));
        }
        Ok(xml)
    }

    fn push(&mut self, parent: usize, node: Node) -> Result<usize, Refusal> {
        let id = self.nodes.len();
        bounded(id, MAX_XML_NODES, "元素的数目")?;
        self.nodes.push(node);
        self.nodes[parent].children.push(id);
        Ok(id)
    }

    fn text(&mut self, parent: usize, text: &str) -> Result<(), Refusal> {
        let last = self.nodes[parent].children.last().copied();
        if let Some(last) = last.filter(|last| self.nodes[*last].name.is_empty()) {
            self.nodes[last].text.push_str(text);
        } else {
            let node = Node {
                text: text.to_owned(),
                ..Node::default()
            };
            self.push(parent, node)?;
        }
        Ok(())
    }

    /// Its outermost element.
    pub fn root(&self) -> Element<'_> {
        let top = Element { xml: self, id: 0 };
        top.elements().next().unwrap_or(top)
    }
}

fn element(tag: &BytesStart) -> Result<Node, Refusal> {
    let mut attributes = Vec::new();
    for attribute in tag.attributes().with_checks(false).flatten() {
        bounded(attributes.len() + 1, MAX_ATTRIBUTES, "一个元素的属性")?;
        let value = attribute.normalized_value(XmlVersion::Implicit1_0);
        let value = value.unwrap_or_else(|_| attribute.value.clone());
        let name = attribute.key.local_name();
        attributes.push((Box::from(name.as_ref()), Box::from(value.as_ref())));
    }
    Ok(Node {
        name: Box::from(tag.local_name().as_ref()),
        attributes,
        ..Node::default()
    })
}

impl<'x> Element<'x> {
    fn node(self) -> &'x Node {
        &self.xml.nodes[self.id]
    }

    /// Its name without prefix.
    pub fn name(self) -> &'x str {
        &self.node().name
    }

    /// The value of an attribute, by its name without prefix.
    pub fn attribute(self, name: &str) -> Option<&'x str> {
        let mut attributes = self.node().attributes.iter();
        let found = attributes.find(|(own, _)| &**own == name);
        found.map(|(_, value)| &**value)
    }

    /// What stands in it.
    pub fn children(self) -> impl Iterator<Item = Child<'x>> {
        self.node().children.iter().map(move |id| {
            let node = &self.xml.nodes[*id];
            if node.name.is_empty() {
                Child::Text(&node.text)
            } else {
                Child::Element(Element {
                    xml: self.xml,
                    id: *id,
                })
            }
        })
    }

    /// The elements in it.
    pub fn elements(self) -> impl Iterator<Item = Element<'x>> {
        self.children().filter_map(|child| match child {
            Child::Element(element) => Some(element),
            Child::Text(_) => None,
        })
    }

    /// The first element of that name in it.
    pub fn child(self, name: &str) -> Option<Element<'x>> {
        self.elements().find(|element| element.name() == name)
    }

    /// The element at the end of a path of names.
    pub fn path(self, names: &[&str]) -> Option<Element<'x>> {
        names.iter().try_fold(self, |at, name| at.child(name))
    }

    /// The value of `val` of an element in it: `w:val` and the like.
    pub fn val(self, name: &str) -> Option<&'x str> {
        self.child(name)?.attribute("val")
    }

    /// Whether a switch in it is on.
    pub fn is_on(self, name: &str) -> Option<bool> {
        let switch = self.child(name)?;
        let value = switch.attribute("val");
        Some(!matches!(value, Some("0" | "false" | "off" | "none")))
    }

    /// All elements below it, itself first.
    pub fn descendants(self) -> impl Iterator<Item = Element<'x>> {
        let mut open = vec![self];
        std::iter::from_fn(move || {
            let next = open.pop()?;
            let first = open.len();
            open.extend(next.elements());
            open[first..].reverse();
            Some(next)
        })
    }

    /// The texts right in it.
    pub fn text(self) -> String {
        let texts = self.children().filter_map(|child| match child {
            Child::Text(text) => Some(text),
            Child::Element(_) => None,
        });
        texts.collect()
    }
}
