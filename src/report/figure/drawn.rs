//! What a drawing comes to when all that it refers to is put in its place.
//!
//! A use of a symbol of uses, a mask whose content has a mask, a marker at each point of a line: each step may
//! multiply the work of those who draw it. So the drawing is walked as it will be drawn, no further than to the
//! bounds.

use std::collections::HashMap;

use roxmltree::{Document, Node, NodeId};

use super::fault::{Fault, excessive};
use super::styles::{AT_EACH_POINT, INHERITED, Styles};

/// The most elements, with what they refer to in its place.
const MAX_DRAWN: usize = 300_000;
/// The most bytes of paths and other values of these elements: little more than a file may have.
const MAX_DATA: usize = 24 << 20;
/// The most pixels of pictures, each as often as it is drawn.
const MAX_DRAWN_PIXELS: usize = 100_000_000;
/// The most characters of all texts, each as often as it is drawn.
const MAX_TEXT: usize = 100_000;
/// The most characters of one text: what lays it out compares some with each other.
const MAX_ONE_TEXT: usize = 5_000;
/// The most characters of all texts, each as often as its text has parts: each part is compared with all of them.
const MAX_TEXT_IN_PARTS: usize = 3_000_000;
/// The deepest nesting, with what elements refer to in its place.
const MAX_DRAWN_DEPTH: usize = 192;

/// The inherited properties in force at an element: of each, the element that sets it.
type Inherited = [Option<NodeId>; INHERITED];

/// A drawing that is walked.
pub(super) struct Drawing<'a, 'input> {
    root: Node<'a, 'input>,
    /// The pixels of pictures, by the elements that show them.
    pictures: &'a HashMap<NodeId, usize>,
    styles: Styles<'a>,
    /// Elements by their `id`, which more than one may have.
    targets: HashMap<&'a str, Vec<Node<'a, 'input>>>,
}

/// What was drawn.
#[derive(Clone, Copy, Default)]
struct Tally {
    elements: usize,
    data: usize,
    pixels: usize,
    text: usize,
    text_in_parts: usize,
}

impl<'a, 'input> Drawing<'a, 'input> {
    pub(super) fn new(
        document: &'a Document<'input>,
        deepest: usize,
        pictures: &'a HashMap<NodeId, usize>,
    ) -> Result<Self, Fault> {
        let mut targets: HashMap<_, Vec<_>> = HashMap::new();
        for node in document.descendants() {
            if let Some(id) = node.attribute("id") {
                targets.entry(id).or_default().push(node);
            }
        }
        Ok(Self {
            root: document.root_element(),
            pictures,
            styles: Styles::of(document, deepest)?,
            targets,
        })
    }

    /// Walks all of it.
    pub(super) fn hold(&self) -> Result<(), Fault> {
        let mut tally = Tally::default();
        self.draw(self.root, Inherited::default(), 1, &mut tally)?;
        self.styles.hold(tally.elements)
    }

    /// Draws an element and whatever it refers to.
    fn draw(
        &self,
        node: Node,
        above: Inherited,
        depth: usize,
        tally: &mut Tally,
    ) -> Result<(), Fault> {
        if depth > MAX_DRAWN_DEPTH {
            let message = format!("引用和嵌套合计超过 {MAX_DRAWN_DEPTH} 层，或者引用自己");
            return Err(excessive(&message));
        }
        self.count(node, tally)?;
        let inherited = self.inherited(node.id(), above);
        for id in self
            .styles
            .links(node.id())
            .iter()
            .flat_map(|links| &links.direct)
        {
            self.draw_target(id, None, depth, tally)?;
        }
        let name = node.tag_name().name();
        let href = node
            .attributes()
            .find(|attribute| attribute.name() == "href");
        let href = href.and_then(|href| href.value().trim_start().strip_prefix('#'));
        if let Some(id) = href.filter(|_| name != "a") {
            let context = (name == "use").then_some(inherited);
            self.draw_target(id, context, depth, tally)?;
        }
        if let Some(points) = points(&node) {
            self.draw_inherited(points, inherited, depth, tally)?;
        }
        for child in node.children().filter(Node::is_element) {
            self.draw(child, inherited, depth + 1, tally)?;
        }
        Ok(())
    }

    /// Draws the patterns of a shape, and its markers, of which one may stand at each point.
    fn draw_inherited(
        &self,
        points: &str,
        inherited: Inherited,
        depth: usize,
        tally: &mut Tally,
    ) -> Result<(), Fault> {
        for (property, setter) in inherited.into_iter().enumerate() {
            let links = setter.and_then(|setter| self.styles.links(setter));
            for id in links
                .iter()
                .flat_map(|links| &links.inherited[property])
                .flatten()
            {
                let before = *tally;
                self.draw_target(id, None, depth, tally)?;
                if property == AT_EACH_POINT {
                    tally.repeat(before, most_points(points));
                    tally.hold()?;
                }
            }
        }
        Ok(())
    }

    /// Draws what has an `id`, with the properties of a context, or of where it stands.
    fn draw_target(
        &self,
        id: &str,
        context: Option<Inherited>,
        depth: usize,
        tally: &mut Tally,
    ) -> Result<(), Fault> {
        for target in self.targets.get(id).into_iter().flatten() {
            let above = context.unwrap_or_else(|| self.inherited_above(target));
            self.draw(*target, above, depth + 1, tally)?;
        }
        Ok(())
    }

    /// The inherited properties at an element.
    fn inherited(&self, element: NodeId, mut above: Inherited) -> Inherited {
        if let Some(links) = self.styles.links(element) {
            for (held, own) in above.iter_mut().zip(&links.inherited) {
                *held = own.as_ref().map(|_| element).or(*held);
            }
        }
        above
    }

    /// The inherited properties at the parent of an element.
    fn inherited_above(&self, node: &Node) -> Inherited {
        let mut found = Inherited::default();
        for ancestor in node.ancestors().skip(1) {
            let own = self.inherited(ancestor.id(), Inherited::default());
            for (held, own) in found.iter_mut().zip(own) {
                *held = held.or(own);
            }
        }
        found
    }

    /// Counts an element by itself.
    fn count(&self, node: Node, tally: &mut Tally) -> Result<(), Fault> {
        tally.elements += 1;
        let values = node
            .attributes()
            .filter(|attribute| attribute.name() != "href");
        tally.data += values
            .map(|attribute| attribute.value().len())
            .sum::<usize>();
        tally.pixels += self.pictures.get(&node.id()).unwrap_or(&0);
        if node.tag_name().name() == "text" {
            let (characters, parts) = size_of_text(node)?;
            tally.text += characters;
            tally.text_in_parts += characters * parts;
        }
        tally.hold()
    }
}

impl Tally {
    /// Counts what came since so many times more.
    fn repeat(&mut self, before: Self, times: usize) {
        let again = |after: &mut usize, before: usize| {
            *after = after.saturating_add((*after - before).saturating_mul(times));
        };
        again(&mut self.elements, before.elements);
        again(&mut self.data, before.data);
        again(&mut self.pixels, before.pixels);
        again(&mut self.text, before.text);
        again(&mut self.text_in_parts, before.text_in_parts);
    }

    /// Holds it to the bounds.
    fn hold(&self) -> Result<(), Fault> {
        let bounds = [
            (self.elements, MAX_DRAWN, "展开引用后，元素超过三十万个"),
            (self.data, MAX_DATA, "展开引用后，路径等超过 24 MiB"),
            (
                self.pixels,
                MAX_DRAWN_PIXELS,
                "嵌入的图片反复引用，合计超过一亿像素",
            ),
            (self.text, MAX_TEXT, "展开引用后，文字超过十万字"),
            (self.text_in_parts, MAX_TEXT_IN_PARTS, "文字分成太多段"),
        ];
        match bounds.into_iter().find(|(found, most, _)| found > most) {
            Some((_, _, what)) => Err(excessive(what)),
            None => Ok(()),
        }
    }
}

/// The characters of a text, with one for each of its parts, and its parts.
fn size_of_text(text: Node) -> Result<(usize, usize), Fault> {
    let strings = text.descendants().filter(Node::is_text);
    let strings = strings.filter_map(|node| node.text());
    let characters: usize = strings.map(|text| text.chars().count()).sum();
    let parts = text.descendants().filter(Node::is_element).count();
    let characters = characters + parts;
    if characters > MAX_ONE_TEXT {
        return Err(excessive(&format!("一处文字超过 {MAX_ONE_TEXT} 字")));
    }
    Ok((characters, parts))
}

/// The points of a shape or a text, as written; `None` for an element without patterns and markers of its own.
fn points<'a>(node: &Node<'a, '_>) -> Option<&'a str> {
    match node.tag_name().name() {
        "path" => node.attribute("d"),
        "polyline" | "polygon" => node.attribute("points"),
        "line" | "rect" | "circle" | "ellipse" | "text" | "tspan" | "textPath" => Some(""),
        _ => None,
    }
}

/// An upper bound of the points of a path: each has a number or a command, and an arc is drawn as up to four.
fn most_points(path: &str) -> usize {
    let bytes = path.as_bytes();
    let begins = |at: usize| at == 0 || !bytes[at - 1].is_ascii_digit();
    let counts = |at: &usize| match bytes[*at] {
        byte if byte.is_ascii_digit() => begins(*at),
        byte => byte.is_ascii_alphabetic(),
    };
    4 * (0..bytes.len()).filter(counts).count()
}
