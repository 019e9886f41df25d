//! A small tree of a YAML file that keeps positions and the written text.
//!
//! Anchors, aliases, tags, further documents and keys that are not plain words are refused: a
//! report needs none of them, and without them no input can grow while it is read.

use saphyr_parser::{Event, Parser, ScalarStyle};

use super::fault::SyntaxFault;
use super::{Span, folds, slips, survey};

/// The deepest nesting of lists and maps; a report needs four levels.
pub const MAX_DEPTH: usize = 16;
/// The most values of a file; a report of the largest form has about 400.
pub const MAX_NODES: usize = 100_000;

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

    /// The places of all keys and single values in the order of the file; of a value, also what it is.
    #[must_use]
    pub fn scalars(&self) -> Vec<(Span, Option<&Scalar>)> {
        let mut found = Vec::new();
        self.collect(&mut found);
        found
    }

    fn collect<'n>(&'n self, found: &mut Vec<(Span, Option<&'n Scalar>)>) {
        match &self.kind {
            NodeKind::Scalar(scalar) => found.push((self.span, Some(scalar))),
            NodeKind::Sequence(items) => items.iter().for_each(|item| item.collect(found)),
            NodeKind::Mapping(entries) => {
                for entry in entries {
                    found.push((entry.key_span, None));
                    // A value that is not written has the place of its key.
                    if entry.value.span != entry.key_span {
                        entry.value.collect(found);
                    }
                }
            }
        }
    }
}

/// A list or map that is still open.
enum Open {
    Sequence(Span, Vec<Node>),
    Mapping(Span, Vec<Entry>, Option<(String, Span)>),
}

impl Open {
    /// The list or map that ends at a byte.
    fn closed(self, text: &str, end: usize) -> Node {
        let (start, last, kind) = match self {
            Self::Sequence(start, items) => {
                let last = items.last().map(|item| item.span.end);
                (start, last, NodeKind::Sequence(items))
            }
            Self::Mapping(start, entries, _) => {
                let last = entries.last();
                let last = last.map(|entry| entry.key_span.end.max(entry.value.span.end));
                (start, last, NodeKind::Mapping(entries))
            }
        };
        let span = Span::new(start.start, end);
        Node {
            span: within_brackets(text, span, last.unwrap_or(start.start + 1)),
            kind,
        }
    }
}

/// The mark for a value that nobody has given, which is also YAML's for a key of several lines.
const NOT_FILLED: u8 = b'?';

/// The end of a reading that failed.
struct Stopped {
    fault: SyntaxFault,
    /// The end of the line in which the parser gave up, so that a fault above it is the cause; `None` if what it read
    /// is refused.
    line_end: Option<usize>,
}

impl From<SyntaxFault> for Stopped {
    fn from(fault: SyntaxFault) -> Self {
        Self {
            fault,
            line_end: None,
        }
    }
}

/// Parses the one document of `text`. With `join`, lines of a text are joined without a blank beside Chinese
/// characters; `joined` tells whether any were.
///
/// # Errors
/// The faults that can be told of a file that is not YAML, in its order.
pub(super) fn parse(text: &str, join: bool, joined: &mut bool) -> Result<Node, Vec<SyntaxFault>> {
    read(text, join, joined).map_err(|Stopped { fault, line_end }| {
        let is_empty = fault.span == Span::default() && line_end.is_none();
        let mut faults = if is_empty {
            Vec::new()
        } else {
            survey::faults(text)
        };
        let is_told = |told: &SyntaxFault| match line_end {
            Some(end) => told.span.start <= end,
            None => told.span.start == fault.span.start,
        };
        if !faults.iter().any(is_told) {
            faults.push(fault);
        }
        faults.sort_by_key(|fault| fault.span);
        faults
    })
}

fn read(text: &str, join: bool, joined: &mut bool) -> Result<Node, Stopped> {
    let offsets = Offsets::new(text);
    let stand_in = stand_in(text);
    let readable = stand_in.as_ref().map_or(text, |(_, readable)| readable);
    let mut stack: Vec<Open> = Vec::new();
    let mut root: Option<Node> = None;
    let mut nodes = 0_usize;
    for event in Parser::new_from_str(readable) {
        let (event, place) = event.map_err(|error| {
            let at = offsets.byte(error.marker().index());
            syntax_fault(text, at, error.info())
        })?;
        let span = offsets.span(place);
        let complete = match event {
            Event::Alias(_) => return Err(no_references(span).into()),
            Event::Scalar(_, _, anchor, _)
            | Event::SequenceStart(anchor, _)
            | Event::MappingStart(anchor, _)
                if anchor > 0 =>
            {
                return Err(no_references(span).into());
            }
            Event::Scalar(_, _, _, Some(_))
            | Event::SequenceStart(_, Some(_))
            | Event::MappingStart(_, Some(_)) => {
                let fault = SyntaxFault::new(span, "不支持 YAML 标签（以 ! 开头的记号）");
                let hint = "删去标签；文字本身以 ! 开头时，用引号括起来";
                return Err(fault.hint(hint).into());
            }
            Event::DocumentStart(_) if root.is_some() => {
                let fault = SyntaxFault::new(span, "一个文件只能有一份报告");
                let hint = "删去 --- 及其后的内容，或另存为一个文件";
                return Err(fault.hint(hint).into());
            }
            Event::SequenceStart(..) => {
                stack.push(Open::Sequence(span, Vec::new()));
                None
            }
            Event::MappingStart(..) => {
                stack.push(Open::Mapping(span, Vec::new(), None));
                None
            }
            Event::Scalar(content, style, ..) => {
                let mut content = content.into_owned();
                if let Some((mark, _)) = stand_in
                    .as_ref()
                    .filter(|(mark, _)| content.contains(*mark))
                {
                    content = content.replace(*mark, "?");
                }
                let (style, quote) = match style {
                    ScalarStyle::Plain => (Style::Plain, None),
                    ScalarStyle::SingleQuoted => (Style::Quoted, Some('\'')),
                    ScalarStyle::DoubleQuoted => (Style::Quoted, Some('"')),
                    ScalarStyle::Literal => (Style::Literal, None),
                    ScalarStyle::Folded => (Style::Folded, None),
                };
                let span = quote.map_or(span, |_| within_quotes(text, span));
                let written = &text[span.start..span.end];
                if join
                    && style != Style::Literal
                    && written.contains('\n')
                    && let Some(whole) = folds::joined(&content, written, quote)
                {
                    content = whole;
                    *joined = true;
                }
                let text = content;
                let kind = NodeKind::Scalar(Scalar { text, style });
                Some(Node { span, kind })
            }
            Event::SequenceEnd | Event::MappingEnd => {
                stack.pop().map(|open| open.closed(text, span.end))
            }
            _ => None,
        };
        if stack.len() > MAX_DEPTH {
            let message = format!("嵌套超过 {MAX_DEPTH} 层");
            return Err(SyntaxFault::new(span, message).into());
        }
        let Some(node) = complete else { continue };
        nodes += 1;
        if nodes > MAX_NODES {
            let message = format!("文件中的值超过 {MAX_NODES} 个");
            return Err(SyntaxFault::new(span, message).into());
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
            .into()
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
        NodeKind::Scalar(scalar) => {
            let start = node.span.start;
            let first = scalar.text.chars().next().unwrap_or_default();
            let place = Span::new(start, start + first.len_utf8());
            match slips::fault_of_first(first, place).filter(|_| scalar.style == Style::Plain) {
                Some(fault) => Err(fault),
                None => Ok((scalar.text, node.span)),
            }
        }
        _ => Err(SyntaxFault::new(node.span, "键必须是一个词")
            .hint("左花括号或左方括号不能写在冒号前面")),
    }
}

fn no_references(span: Span) -> SyntaxFault {
    SyntaxFault::new(span, "不支持 YAML 锚点（&）和别名（*）")
        .hint("在每一处写明内容；文字本身以 & 或 * 开头时，用引号括起来")
}

/// The text with a stand-in for each `?` that is a value of its own, and the stand-in; `None` if there is none. YAML
/// takes a plain `?` for the mark of a key, so it would have to be quoted.
fn stand_in(text: &str) -> Option<(char, String)> {
    let bytes = text.as_bytes();
    let is_value = |at: &usize| {
        let next = bytes.get(at + 1);
        let ends = next.is_none_or(|next| next.is_ascii_whitespace() || b",]}".contains(next));
        let before = text[..*at].trim_end_matches(' ');
        let apart = before.len() < *at;
        ends && (before.ends_with([':', '-']) && apart || before.ends_with(['[', '{', ',']))
    };
    let mut marks = memchr::memchr_iter(NOT_FILLED, bytes)
        .filter(is_value)
        .peekable();
    marks.peek()?;
    // One that the text does not have: the parser counts characters, so their number must not change.
    let mark = ('\u{E000}'..='\u{F8FF}').find(|mark| !text.contains(*mark))?;
    let mut readable = String::with_capacity(text.len() + 64);
    let mut kept = 0;
    for at in marks {
        readable.push_str(&text[kept..at]);
        readable.push(mark);
        kept = at + 1;
    }
    readable.push_str(&text[kept..]);
    Some((mark, readable))
}

/// What the parser says of a comment that a line follows which it cannot place.
const INTERCEPTED: &str = "comment intercepting";

/// What the parser says, in part, and what that means for who wrote the file: the fault, and the remedy.
const FAULTS: [(&str, &str, &str); 16] = [
    ("tab", "用了制表符（Tab）", "缩进用空格，不用制表符（Tab）"),
    ("recursion", "嵌套太深", "方括号或花括号嵌套太深"),
    (
        "simple key expect",
        "这一行不是“键: 值”",
        "冒号用半角，后面空一格；正文要写在 | 的下一行起，缩进两格",
    ),
    (
        "mapping values are not allowed",
        "这里不能有冒号",
        "一行只写一个“键: 值”；值里有“: ”的，整个值用引号括起来；上一行的键后面也要有冒号",
    ),
    (
        "expected key",
        "缩进与上面的各行不齐",
        "同一级的键对齐，每级缩进两格；正文各行都比键多缩进两格",
    ),
    (
        "quoted scalar",
        "引号没有成对，或引号后面还有文字",
        "引号在同一个值的前后成对；值里的引号写作 \\\"，或者改用“”",
    ),
    (
        "placement of ':'",
        "方括号或花括号没有成对",
        "列表写作 [1, 2, 3]，括号在同一行成对",
    ),
    (
        "expected ','",
        "方括号或花括号里的写法不对",
        "列表写作 [1, 2, 3]，映射写作 {值: 1, 注: 说明}，逗号用半角",
    ),
    (
        "unexpected character",
        "值不能以这个符号开头",
        "整个值用引号括起来，或写在 | 的下一行",
    ),
    (
        "expected comment or line break",
        "| 和 > 的后面不能写文字",
        "文字从下一行起，缩进两格",
    ),
    (
        "expected node content",
        "这里缺一个值",
        "列表里各逗号之间都写一个值：没有发生的写 0，没有统计的写 ~",
    ),
    (
        "block sequence entries",
        "值不能以“-”开头",
        "没有发生的写 0，不适用的写 \"/\"；文字以“-”开头的，用引号括起来",
    ),
    (
        "'-' indicator",
        "列表里有一行不以“- ”开头",
        "列表的各项都以“- ”开头；键写在同一级时，缩进要对齐",
    ),
    (
        "byte order mark",
        "文件中间有看不见的字节顺序标记（U+FEFF）",
        "删去它；几个文件拼在一起时，每个文件的开头都可能带着一个",
    ),
    (
        INTERCEPTED,
        "值的中间有注释",
        "注释写在值的后面，或在键的上面另起一行；下一行是键的，与上下各行对齐",
    ),
    (
        "block scalar",
        "正文的缩进不对",
        "正文从 | 的下一行起，各行缩进两格",
    ),
];

/// The fault of a text that the parser gave up on at a byte.
fn syntax_fault(text: &str, at: usize, info: &str) -> Stopped {
    let span = Span::new(at, at);
    if info.contains("anchor") {
        return no_references(span).into();
    }
    let line_end = memchr::memchr(b'\n', &text.as_bytes()[at..]).map_or(text.len(), |end| at + end);
    let fault = match FAULTS.iter().find(|(part, ..)| info.contains(part)) {
        Some((_, message, hint)) => SyntaxFault::new(span, *message).hint(*hint),
        None => SyntaxFault::new(span, format!("不是有效的 YAML：{info}"))
            .hint("检查这一行和上一行：缩进是否对齐，冒号后是否有空格，引号和括号是否成对"),
    };
    let line_end = match info {
        // A line that begins with a tab is one too many for the value before it.
        info if info.contains("found a tab") => line_end + 1,
        // The cause is the line behind the comment.
        info if info.contains(INTERCEPTED) => {
            let below = text[line_end..].trim_start();
            text.len() - below.len() + below.find('\n').unwrap_or(below.len())
        }
        // Of a text in quotes the parser says where it begins.
        info if info.contains("quoted scalar") => text.len(),
        _ => line_end,
    };
    Stopped {
        fault,
        line_end: Some(line_end),
    }
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
