//! The tree of a page, as browsers make it, within bounds.

use std::cell::{Cell, Ref, RefCell};

use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::{Attribute, ParseOpts, QualName, local_name, ns, parse_document};
use std::borrow::Cow;

use super::super::bounds::{HTML_STEP, MAX_HTML_DEPTH, MAX_HTML_NODES, MAX_HTML_WORK, bounded};
use super::super::refusal::Refusal;

/// The elements and texts of a page.
pub(super) struct Tree {
    nodes: Vec<Node>,
}

struct Node {
    parent: Option<usize>,
    children: Vec<usize>,
    /// `None` for a text, and for what is neither text nor element.
    name: Option<QualName>,
    attributes: Vec<Attribute>,
    text: String,
}

impl Tree {
    /// The whole page.
    pub const ROOT: usize = 0;

    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let mut parser = parse_document(Sink::new(), ParseOpts::default());
        let (mut rest, mut calls) = (text, 0);
        let mut marks = 0_u64;
        let mut work = 0_u64;
        while !rest.is_empty() {
            let (step, behind) = rest.split_at(rest.floor_char_boundary(HTML_STEP.min(rest.len())));
            rest = behind;
            parser.process(StrTendril::from_slice(step));
            let sink = &parser.tokenizer.sink.sink;
            bounded(sink.nodes.borrow().len(), MAX_HTML_NODES, "网页元素的数目")?;
            bounded(sink.deepest.get(), MAX_HTML_DEPTH, "网页元素的层数")?;
            // Each attribute of a tag is held to all before it: a tag that does not end is given up.
            let parts = |byte: &&u8| byte.is_ascii_whitespace() || **byte == b'/';
            let parted = step.as_bytes().iter().filter(parts).count() as u64;
            if sink.calls.get() != calls {
                (calls, marks) = (sink.calls.get(), 0);
            }
            marks += parted;
            work += parted * marks;
            if work > MAX_HTML_WORK {
                return Err(Refusal::damaged("网页", "一个标签不结束"));
            }
        }
        Ok(Self {
            nodes: parser.finish(),
        })
    }

    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// The name of an element; empty for a text.
    pub fn name(&self, id: usize) -> &str {
        let name = self.nodes[id].name.as_ref();
        name.map_or("", |name| &name.local)
    }

    pub fn text(&self, id: usize) -> &str {
        &self.nodes[id].text
    }

    pub fn children(&self, id: usize) -> &[usize] {
        &self.nodes[id].children
    }

    pub fn parent(&self, id: usize) -> Option<usize> {
        self.nodes[id].parent
    }

    pub fn attribute(&self, id: usize, name: &str) -> Option<&str> {
        let mut attributes = self.nodes[id].attributes.iter();
        let found = attributes.find(|own| &*own.name.local == name);
        found.map(|own| &*own.value)
    }

    /// All texts below an element.
    pub fn text_within(&self, id: usize) -> String {
        let mut text = String::new();
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            text.push_str(self.text(id));
            open.extend(self.children(id).iter().rev());
        }
        text
    }
}

struct Sink {
    nodes: RefCell<Vec<Node>>,
    deepest: Cell<usize>,
    /// How often the parser has come with something.
    calls: Cell<u64>,
}

impl Sink {
    fn new() -> Self {
        let name = QualName::new(None, ns!(html), local_name!(""));
        let sink = Self {
            nodes: RefCell::default(),
            deepest: Cell::new(0),
            calls: Cell::new(0),
        };
        sink.push(Some(name), Vec::new(), String::new());
        sink
    }

    fn push(&self, name: Option<QualName>, attributes: Vec<Attribute>, text: String) -> usize {
        self.calls.set(self.calls.get() + 1);
        let mut nodes = self.nodes.borrow_mut();
        nodes.push(Node {
            parent: None,
            children: Vec::new(),
            name,
            attributes,
            text,
        });
        nodes.len() - 1
    }

    /// Puts a node into a parent, before its child at a position.
    fn insert(&self, parent: usize, at: Option<usize>, child: NodeOrText<usize>) {
        self.calls.set(self.calls.get() + 1);
        let child = match child {
            NodeOrText::AppendNode(child) => child,
            NodeOrText::AppendText(text) => {
                let mut nodes = self.nodes.borrow_mut();
                let before = at.map_or(nodes[parent].children.len(), |at| at);
                let before = before.checked_sub(1).map(|at| nodes[parent].children[at]);
                let is_text =
                    |id: &usize| nodes[*id].name.is_none() && nodes[*id].children.is_empty();
                if let Some(before) = before.filter(is_text) {
                    nodes[before].text.push_str(&text);
                    return;
                }
                drop(nodes);
                self.push(None, Vec::new(), text.to_string())
            }
        };
        self.detach(child);
        let mut nodes = self.nodes.borrow_mut();
        nodes[child].parent = Some(parent);
        let children = &mut nodes[parent].children;
        let at = at.unwrap_or(children.len()).min(children.len());
        children.insert(at, child);
        let mut depth = 0;
        let mut up = Some(child);
        while let Some(id) = up.filter(|_| depth <= MAX_HTML_DEPTH) {
            up = nodes[id].parent;
            depth += 1;
        }
        self.deepest.set(self.deepest.get().max(depth));
    }

    fn detach(&self, id: usize) {
        let mut nodes = self.nodes.borrow_mut();
        if let Some(parent) = nodes[id].parent.take() {
            let children = &mut nodes[parent].children;
            if let Some(at) = children.iter().rposition(|child| *child == id) {
                children.remove(at);
            }
        }
    }
}

impl TreeSink for Sink {
    type Handle = usize;
    type Output = Vec<Node>;
    type ElemName<'a> = Ref<'a, QualName>;

    fn finish(self) -> Vec<Node> {
        self.nodes.into_inner()
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> usize {
        Tree::ROOT
    }

    fn elem_name<'a>(&'a self, target: &'a usize) -> Ref<'a, QualName> {
        Ref::map(self.nodes.borrow(), |nodes| {
            let own = nodes[*target].name.as_ref();
            // Only elements are asked for; the root has the name of none.
            own.or(nodes[Tree::ROOT].name.as_ref())
                .expect("the root has a name")
        })
    }

    fn create_element(&self, name: QualName, attrs: Vec<Attribute>, _: ElementFlags) -> usize {
        self.push(Some(name), attrs, String::new())
    }

    fn create_comment(&self, _: StrTendril) -> usize {
        self.push(None, Vec::new(), String::new())
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> usize {
        self.push(None, Vec::new(), String::new())
    }

    fn append(&self, parent: &usize, child: NodeOrText<usize>) {
        self.insert(*parent, None, child);
    }

    fn append_based_on_parent_node(
        &self,
        element: &usize,
        before: &usize,
        child: NodeOrText<usize>,
    ) {
        let has_parent = self.nodes.borrow()[*element].parent.is_some();
        if has_parent {
            self.append_before_sibling(element, child);
        } else {
            self.append(before, child);
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &usize) -> usize {
        *target
    }

    fn same_node(&self, one: &usize, other: &usize) -> bool {
        one == other
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &usize, node: NodeOrText<usize>) {
        if let NodeOrText::AppendNode(node) = &node {
            self.detach(*node);
        }
        let place = {
            let nodes = self.nodes.borrow();
            nodes[*sibling].parent.and_then(|parent| {
                let mut children = nodes[parent].children.iter();
                Some((parent, children.rposition(|child| child == sibling)?))
            })
        };
        if let Some((parent, at)) = place {
            self.insert(parent, Some(at), node);
        }
    }

    fn add_attrs_if_missing(&self, target: &usize, attrs: Vec<Attribute>) {
        let mut nodes = self.nodes.borrow_mut();
        let own = &mut nodes[*target].attributes;
        for attribute in attrs {
            if !own.iter().any(|other| other.name == attribute.name) {
                own.push(attribute);
            }
        }
    }

    fn remove_from_parent(&self, target: &usize) {
        self.detach(*target);
    }

    fn reparent_children(&self, node: &usize, new_parent: &usize) {
        let mut nodes = self.nodes.borrow_mut();
        let children = std::mem::take(&mut nodes[*node].children);
        for child in &children {
            nodes[*child].parent = Some(*new_parent);
        }
        nodes[*new_parent].children.extend(children);
    }
}
