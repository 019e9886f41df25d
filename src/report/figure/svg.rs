//! What an SVG holds, and what it takes to draw it: bounded before anybody else parses it.

use std::collections::HashMap;

use roxmltree::{Document, Node, ParsingOptions};

use super::drawn::Drawing;
use super::fault::{Fault, broken, excessive, filtered};
use super::inline;
use super::raster::{self, MAX_PIXELS};

/// The most elements, comments and instructions of a drawing. A chart has hundreds, a map tens of thousands.
const MAX_TAGS: usize = 200_000;
/// The most attributes of an element; those of drawing programs have up to some 50. Parsers compare each with
/// each.
const MAX_ATTRIBUTES: usize = 100;
/// The most declarations of namespaces; parsers compare each with each.
const MAX_NAMESPACES: usize = 1_000;
/// The deepest nesting of elements.
const MAX_DEPTH: usize = 128;

/// The number of pixels in the pictures of a drawing, or its fault.
pub(super) fn pixels(bytes: &[u8]) -> Result<usize, Fault> {
    let text = std::str::from_utf8(bytes).map_err(|_| broken())?;
    let depth = scan(text)?;
    let options = ParsingOptions {
        allow_dtd: true, // without declarations
        ..ParsingOptions::default()
    };
    let document = Document::parse_with_options(text, options).map_err(|_| broken())?;
    let mut pictures = HashMap::new();
    let mut all = 0usize;
    for node in document.descendants() {
        let pixels = pixels_in(&node)?;
        all = all.saturating_add(pixels);
        if pixels > 0 {
            pictures.insert(node.id(), pixels);
        }
        if matches!(node.tag_name().name(), "filter" | "foreignObject") {
            return Err(filtered());
        }
    }
    if all > MAX_PIXELS {
        let message = "嵌入的图片超过两千五百万像素".into();
        return Err((message, "缩小嵌入的图片，或导出为 PNG"));
    }
    Drawing::new(&document, depth, &pictures)?.hold()?;
    Ok(all)
}

/// Reads over the tags, in time that is linear in the length: parsers are not. Returns the deepest nesting.
fn scan(text: &str) -> Result<usize, Fault> {
    let bytes = text.as_bytes();
    let (mut at, mut tags, mut namespaces) = (0, 0, 0);
    let (mut depth, mut deepest) = (0usize, 0);
    while let Some(found) = memchr::memchr(b'<', &bytes[at..]) {
        at += found;
        let rest = &bytes[at..];
        let until = |end: &[u8]| memchr::memmem::find(rest, end).map(|place| place + end.len());
        tags += 1;
        if tags > MAX_TAGS {
            return Err(excessive(&format!("元素超过 {MAX_TAGS} 个")));
        }
        let length = if rest.starts_with(b"<!--") {
            until(b"-->")
        } else if rest.starts_with(b"<![CDATA[") {
            until(b"]]>")
        } else if rest.starts_with(b"<?") {
            until(b"?>")
        } else if rest.starts_with(b"</") {
            depth = depth.saturating_sub(1);
            until(b">")
        } else if rest.starts_with(b"<!") {
            // `<!DOCTYPE svg PUBLIC "…" "…">`, as many programs write it, declares nothing.
            let length = until(b">");
            if rest[..length.unwrap_or(rest.len())].contains(&b'[') {
                let message = "含有文档类型声明中的定义".into();
                return Err((message, "导出为 PNG"));
            }
            length
        } else {
            let tag = Tag::read(rest);
            if tag.attributes > MAX_ATTRIBUTES {
                return Err(excessive(&format!(
                    "一个元素的属性超过 {MAX_ATTRIBUTES} 个"
                )));
            }
            namespaces += memchr::memmem::find_iter(&rest[..tag.length], b"xmlns").count();
            if namespaces > MAX_NAMESPACES {
                return Err(excessive(&format!("命名空间超过 {MAX_NAMESPACES} 个")));
            }
            deepest = deepest.max(depth + 1);
            depth += usize::from(!tag.is_empty);
            if deepest > MAX_DEPTH {
                return Err(excessive(&format!("元素嵌套超过 {MAX_DEPTH} 层")));
            }
            Some(tag.length)
        };
        at += length.ok_or_else(broken)?;
    }
    Ok(deepest)
}

/// The tag that begins an element.
struct Tag {
    /// Its length, to its end or that of the text.
    length: usize,
    attributes: usize,
    /// Whether it also ends the element.
    is_empty: bool,
}

impl Tag {
    fn read(text: &[u8]) -> Self {
        let (mut at, mut attributes) = (0, 0);
        while let Some(found) = memchr::memchr3(b'"', b'\'', b'>', &text[at..]) {
            at += found;
            if text[at] == b'>' {
                let is_empty = at > 0 && text[at - 1] == b'/';
                return Self {
                    length: at + 1,
                    attributes,
                    is_empty,
                };
            }
            attributes += 1;
            let end = memchr::memchr(text[at], &text[at + 1..]);
            at = end.map_or(text.len(), |end| at + end + 2);
        }
        Self {
            length: text.len(),
            attributes,
            is_empty: false,
        }
    }
}

/// The number of pixels of the pictures in an element. Another file is a fault, and so is a drawing within a drawing.
fn pixels_in(node: &Node) -> Result<usize, Fault> {
    let foreign = || {
        let message = "引用了另外的文件，或嵌入了 PNG、JPEG 以外的图片".into();
        (message, "把图片嵌入 SVG，或导出为 PNG")
    };
    let mut all = 0usize;
    for link in node.attributes().filter(|a| a.name() == "href") {
        let link = link.value().trim_start();
        match node.tag_name().name() {
            "image" => {
                let content = inline::content(link).ok_or_else(foreign)?;
                let extension = raster::kind(&content).ok_or_else(foreign)?;
                let embedded = |(message, hint): Fault| (message.of("嵌入的图片"), hint);
                let pixels = raster::pixels(extension, &content).map_err(embedded)?;
                all = all.saturating_add(pixels);
            }
            "use" if !link.starts_with('#') => return Err(foreign()),
            _ => {}
        }
    }
    Ok(all)
}
