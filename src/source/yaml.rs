//! A small tree of a YAML file that keeps positions and the written text.
//!
//! Anchors, aliases, tags, further documents and keys that are not plain words are refused: a
//! report needs none of them, and without them no input can grow while it is read.

use saphyr_parser::{Event, Parser, ScalarStyle};

use super::Span;

/// The deepest nesting of lists and maps; a report needs four levels.
pub const MAX_DEPTH: usize = 16;
/// The most values of a file; a report of the largest form has about 400.
pub const MAX_NODES: usize = 100_000;

/// The reason for which a file cannot be read as YAML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxFault {
    /// The place of the fault.
    pub span: Span,
    /// The fault, in Chinese.
    pub message: String,
    /// The remedy, in Chinese.
    pub hint: Option<String>,
}

impl SyntaxFault {
    pub(super) fn new(span: Span, message: impl Into<String>) -> Self {
        Self {
            span,
            message: message.into(),
            hint: None,
        }
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// A value and its place. An empty value has the span of its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// The place of the written value.
    pub span: Span,
    /// The content of the value.
    pub kind: NodeKind,
}

/// The content of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// Text, a number, or nothing.
    Scalar(Scalar),
    /// A list.
    Sequence(Vec<Node>),
    /// A map in the order of the file; a key given twice is there twice.
    Mapping(Vec<Entry>),
}

/// A value without parts, as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scalar {
    /// The text after YAML has removed quotes, indentation and line folding.
    pub text: String,
    /// The style in which it was written.
    pub style: Style,
}

/// The style of a written scalar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Without quotes.
    Plain,
    /// In single or double quotes.
    Quoted,
    /// As a block after `|`: its lines are lines of the file.
    Literal,
    /// As a block after `>`.
    Folded,
}

/// A key with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The key as written, without quotes.
    pub key: String,
    /// The place of the key.
    pub key_span: Span,
    /// Its value.
    pub value: Node,
}

impl Node {
    /// Whether the value is missing: empty, `~` or `null`.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        match &self.kind {
            NodeKind::Scalar(scalar) => {
                scalar.style == Style::Plain && matches!(scalar.text.as_str(), "" | "~" | "null")
            }
            _ => false,
        }
    }
}

/// A list or map that is still open.
enum Open {
    Sequence(Span, Vec<Node>),
    Mapping(Span, Vec<Entry>, Option<(String, Span)>),
}

/// Parses the one document of `text`.
pub(super) fn parse(text: &str) -> Result<Node, SyntaxFault> {
    let offsets = Offsets::new(text);
    let mut stack: Vec<Open> = Vec::new();
    let mut root: Option<Node> = None;
    let mut nodes = 0_usize;
    for event in Parser::new_from_str(text) {
        let (event, place) = event.map_err(|error| {
            let at = offsets.byte(error.marker().index());
            syntax_fault(Span::new(at, at), error.info())
        })?;
        let span = offsets.span(place);
        let complete = match event {
            Event::Alias(_) => return Err(no_references(span)),
            Event::Scalar(_, _, anchor, _)
            | Event::SequenceStart(anchor, _)
            | Event::MappingStart(anchor, _)
                if anchor > 0 =>
            {
                return Err(no_references(span));
            }
            Event::Scalar(_, _, _, Some(_))
            | Event::SequenceStart(_, Some(_))
            | Event::MappingStart(_, Some(_)) => {
                return Err(
                    SyntaxFault::new(span, "不支持 YAML 标签（以 ! 开头的记号）")
                        .hint("删去标签；文字本身以 ! 开头时，用引号括起来"),
                );
            }
            Event::DocumentStart(_) if root.is_some() => {
                return Err(SyntaxFault::new(span, "一个文件只能有一份报告")
                    .hint("删去 --- 及其后的内容，或另存为一个文件"));
            }
            Event::SequenceStart(..) => {
                stack.push(Open::Sequence(span, Vec::new()));
                None
            }
            Event::MappingStart(..) => {
                stack.push(Open::Mapping(span, Vec::new(), None));
                None
            }
            Event::Scalar(content, style, ..) => Some(Node {
                span: match style {
                    ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
                        within_quotes(text, span)
                    }
                    _ => span,
                },
                kind: NodeKind::Scalar(Scalar {
                    text: content.into_owned(),
                    style: match style {
                        ScalarStyle::Plain => Style::Plain,
                        ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => Style::Quoted,
                        ScalarStyle::Literal => Style::Literal,
                        ScalarStyle::Folded => Style::Folded,
                    },
                }),
            }),
            Event::SequenceEnd | Event::MappingEnd => stack.pop().map(|open| match open {
                Open::Sequence(start, items) => {
                    let last = items.last().map_or(start.start + 1, |item| item.span.end);
                    Node {
                        span: within_brackets(text, Span::new(start.start, span.end), last),
                        kind: NodeKind::Sequence(items),
                    }
                }
                Open::Mapping(start, entries, _) => {
                    let last = entries.last().map_or(start.start + 1, |entry| {
                        entry.key_span.end.max(entry.value.span.end)
                    });
                    Node {
                        span: within_brackets(text, Span::new(start.start, span.end), last),
                        kind: NodeKind::Mapping(entries),
                    }
                }
            }),
            _ => None,
        };
        if stack.len() > MAX_DEPTH {
            return Err(SyntaxFault::new(span, format!("嵌套超过 {MAX_DEPTH} 层")));
        }
        let Some(node) = complete else { continue };
        nodes += 1;
        if nodes > MAX_NODES {
            return Err(SyntaxFault::new(
                span,
                format!("文件中的值超过 {MAX_NODES} 个"),
            ));
        }
        match stack.last_mut() {
            None => root = Some(node),
            Some(Open::Sequence(_, items)) => items.push(node),
            Some(Open::Mapping(_, entries, key)) => match key.take() {
                None => *key = Some(as_key(node)?),
                Some((key, key_span)) => entries.push(entry(key, key_span, node)),
            },
        }
    }
    root.filter(|node| !node.is_blank()).ok_or_else(|| {
        SyntaxFault::new(Span::default(), "文件是空的")
            .hint("至少写明 agency（机关）、year（年度）和各部分内容")
    })
}

/// The place of a scalar without the comment behind its closing quote, which the parser counts in.
fn within_quotes(text: &str, span: Span) -> Span {
    let written = &text.as_bytes()[span.start..span.end];
    let Some(quote @ (b'"' | b'\'')) = written.first().copied() else {
        return span;
    };
    let mut at = 1;
    while let Some(byte) = written.get(at) {
        let escapes = match quote {
            b'"' => *byte == b'\\',
            _ => *byte == quote && written.get(at + 1) == Some(&quote),
        };
        at += 1 + usize::from(escapes);
        if *byte == quote && !escapes {
            break;
        }
    }
    Span::new(span.start, span.end.min(span.start + at))
}

/// The place of a list or map in brackets without the comment behind them, which the parser counts in. `last` is the
/// end of its last part.
fn within_brackets(text: &str, span: Span, last: usize) -> Span {
    let bytes = text.as_bytes();
    if !matches!(bytes.get(span.start), Some(b'[' | b'{')) {
        return span;
    }
    let mut at = last.clamp(span.start, span.end);
    while let Some(byte) = bytes.get(at).filter(|_| at < span.end) {
        match byte {
            b']' | b'}' => return Span::new(span.start, at + 1),
            b'#' => at += memchr::memchr(b'\n', &bytes[at..]).unwrap_or(span.end),
            _ => at += 1,
        }
    }
    span
}

fn entry(key: String, key_span: Span, mut value: Node) -> Entry {
    if let NodeKind::Scalar(scalar) = &value.kind
        && scalar.text.trim().is_empty()
        && scalar.style != Style::Quoted
    {
        value.span = key_span; // nothing is written there, so the key is what a reader can find
    }
    Entry {
        key,
        key_span,
        value,
    }
}

fn as_key(node: Node) -> Result<(String, Span), SyntaxFault> {
    match node.kind {
        NodeKind::Scalar(scalar) => Ok((scalar.text, node.span)),
        _ => Err(SyntaxFault::new(node.span, "键必须是一个词")
            .hint("左花括号或左方括号不能写在冒号前面")),
    }
}

fn no_references(span: Span) -> SyntaxFault {
    SyntaxFault::new(span, "不支持 YAML 锚点（&）和别名（*）")
        .hint("在每一处写明内容；文字本身以 & 或 * 开头时，用引号括起来")
}

/// A fault of the syntax. The parser's own message is English and about YAML, so it is appended to ours.
fn syntax_fault(span: Span, info: &str) -> SyntaxFault {
    if info.contains("anchor") {
        return no_references(span);
    }
    let hint = if info.contains("tab") {
        "缩进用空格，不用制表符（Tab）"
    } else if info.contains("recursion") {
        "方括号或花括号嵌套太深"
    } else {
        "检查这一行和上一行：缩进是否对齐，冒号后是否有空格，引号和括号是否成对"
    };
    SyntaxFault::new(span, format!("不是有效的 YAML：{info}")).hint(hint)
}

/// The byte offsets of characters: the parser counts characters, everything here bytes.
struct Offsets(Vec<u32>);

impl Offsets {
    fn new(text: &str) -> Self {
        let ends = std::iter::once(text.len());
        let starts = text.char_indices().map(|(at, _)| at);
        // A source has at most MAX_BYTES, so every offset fits.
        Self(
            starts
                .chain(ends)
                .map(|at| u32::try_from(at).unwrap_or(u32::MAX))
                .collect(),
        )
    }

    fn byte(&self, character: usize) -> usize {
        self.0[character.min(self.0.len() - 1)] as usize
    }

    fn span(&self, place: saphyr_parser::Span) -> Span {
        Span::new(self.byte(place.start.index()), self.byte(place.end.index()))
    }
}
