//! Text of a report: paragraphs and the levels that their numbering gives them (GB/T 9704, 7.3.3).

use super::own_table::{OwnTable, is_row};
use super::text::{Text, marks};
use crate::form::NUMERALS;
use crate::source::{Scalar, Span, Style};

/// The paragraphs of one field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prose {
    /// The paragraphs in order; blank lines are none.
    pub paragraphs: Vec<Paragraph>,
    /// The place of the field.
    pub span: Span,
}

/// One line of the field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Paragraph {
    /// A second-level heading, （一）…, on a line of its own.
    Heading(Text),
    /// A second-level heading up to its first 。, and the text that runs on behind it.
    RunIn {
        /// The heading with its 。.
        head: Text,
        /// The text that follows.
        rest: Text,
    },
    /// Running text.
    Body(Text),
    /// A figure, `![caption](path)`.
    Figure {
        /// The caption, which is also the alternative text.
        caption: Text,
        /// The path as written.
        path: Text,
    },
    /// A table of the author's own: two or more lines that begin and end with `|`.
    Table(OwnTable),
}

impl Paragraph {
    fn new(text: &str, span: Span) -> Self {
        let piece = |text: &str| Text {
            text: text.to_owned(),
            span,
        };
        if let Some((caption, path)) = as_figure(text) {
            return Self::Figure {
                caption: piece(caption),
                path: piece(path),
            };
        }
        if !is_second_level(text) {
            return Self::Body(piece(text));
        }
        match text.split_once('。') {
            Some((head, rest)) if !rest.trim().is_empty() => Self::RunIn {
                head: piece(&format!("{head}。")),
                rest: piece(rest),
            },
            _ => Self::Heading(piece(text)),
        }
    }

    /// The whole line; of a figure, its caption; of a table, its cells.
    #[must_use]
    pub fn line(&self) -> Text {
        let mut texts = self.texts().into_iter();
        let mut line = texts.next().cloned().unwrap_or_else(|| Text {
            text: String::new(),
            span: Span::default(),
        });
        line.text.extend(texts.map(|text| text.text.as_str()));
        line
    }

    /// The printed texts, independent of their layout.
    #[must_use]
    pub fn texts(&self) -> Vec<&Text> {
        match self {
            Self::Heading(text) | Self::Body(text) => vec![text],
            Self::RunIn { head, rest } => vec![head, rest],
            Self::Figure { caption, .. } => vec![caption],
            Self::Table(table) => table.rows.iter().flatten().collect(),
        }
    }
}

impl Prose {
    /// Splits a scalar into paragraphs. `source` is the whole file and `span` the scalar in it.
    pub(crate) fn new(scalar: &Scalar, span: Span, source: &str) -> Self {
        let mut lines = Lines::new(scalar, span, source);
        let from_text = scalar.text.trim_start_matches(['\r', '\n']);
        let lines: Vec<(&str, Span)> = from_text
            .lines()
            .map(|line| (line.trim(), lines.next()))
            .collect();
        let mut paragraphs = Vec::new();
        // A blank line parts two tables.
        for run in lines.chunk_by(|(one, _), (next, _)| is_row(one) && is_row(next)) {
            if run.len() > 1 {
                paragraphs.push(Paragraph::Table(OwnTable::new(run)));
                continue;
            }
            let given = run.iter().filter(|(text, _)| !text.is_empty());
            paragraphs.extend(given.map(|(text, place)| Paragraph::new(text, *place)));
        }
        Self { paragraphs, span }
    }

    /// The number of printed characters, but for those of tables.
    #[must_use]
    pub fn characters(&self) -> usize {
        let is_table = |paragraph: &&Paragraph| matches!(paragraph, Paragraph::Table(_));
        let others = self.paragraphs.iter().filter(|one| !is_table(one));
        let texts = others.flat_map(Paragraph::texts);
        texts.map(|text| text.text.chars().count()).sum()
    }
}

/// The places of the lines of a scalar. Lines of a `|` block are lines of the file, and its span begins
/// with the first that has text; in double quotes they are parted by `\n`. In other forms YAML has folded
/// lines, and only the whole is known.
enum Lines<'a> {
    Literal { source: &'a str, at: Option<usize> },
    Quoted(std::vec::IntoIter<Span>, Span),
    Whole(Span),
}

impl<'a> Lines<'a> {
    fn new(scalar: &Scalar, span: Span, source: &'a str) -> Self {
        match scalar.style {
            Style::Literal => Self::Literal {
                source,
                at: Some(span.start),
            },
            Style::Quoted => match quoted_lines(scalar, span, source) {
                Some(lines) => Self::Quoted(lines.into_iter(), span),
                None => Self::Whole(span),
            },
            Style::Plain | Style::Folded => Self::Whole(span),
        }
    }

    /// The place of the next line, with or without text, from the first that has text.
    fn next(&mut self) -> Span {
        match self {
            Self::Whole(whole) => *whole,
            Self::Quoted(lines, whole) => lines.next().unwrap_or(*whole),
            Self::Literal { at: None, .. } => Span::default(),
            Self::Literal {
                source,
                at: place @ Some(_),
            } => {
                let at = place.unwrap_or_default();
                let end = source[at..].find('\n').map_or(source.len(), |n| at + n);
                *place = (end < source.len()).then_some(end + 1);
                trimmed(source, at, end)
            }
        }
    }
}

/// A part of the source without the white space around it.
fn trimmed(source: &str, start: usize, end: usize) -> Span {
    let line = &source[start..end];
    let from = start + line.len() - line.trim_start().len();
    Span::new(from, start + line.trim_end().len())
}

/// The lines of a text in double quotes that stands on one line of the file, from the first with text;
/// `None` if that cannot be told.
fn quoted_lines(scalar: &Scalar, span: Span, source: &str) -> Option<Vec<Span>> {
    let written = source.get(span.start..span.end)?;
    let inner = written.strip_prefix('"')?.strip_suffix('"')?;
    let breaks = scalar.text.matches('\n').count();
    if inner.contains('\n') || scalar.text.contains('\r') {
        return None;
    }
    let first = span.start + 1;
    let mut starts = vec![first];
    let mut ends = Vec::new();
    let mut characters = inner.char_indices();
    while let Some((at, c)) = characters.next() {
        if c == '\\'
            && let Some((after, 'n')) = characters.next()
        {
            ends.push(first + at);
            starts.push(first + after + 1);
        }
    }
    ends.push(first + inner.len());
    if ends.len() != breaks + 1 {
        return None;
    }
    let before = scalar.text.len() - scalar.text.trim_start_matches('\n').len();
    let lines = starts.into_iter().zip(ends).skip(before);
    Some(
        lines
            .map(|(start, end)| trimmed(source, start, end))
            .collect(),
    )
}

/// Whether a line begins with （一） or (一).
pub(super) fn is_second_level(text: &str) -> bool {
    let Some(rest) = text.strip_prefix(['（', '(']) else {
        return false;
    };
    let after = rest.trim_start_matches(|c| NUMERALS.contains(c));
    after.len() < rest.len() && after.starts_with(['）', ')'])
}

fn as_figure(text: &str) -> Option<(&str, &str)> {
    let (caption, path) = text
        .strip_prefix("![")?
        .strip_suffix(')')?
        .split_once("](")?;
    Some((caption.trim(), path.trim()))
}

/// The endings of pictures, by which a path is told from other words in brackets.
const PICTURES: [&str; 7] = [".png", ".jpg", ".jpeg", ".svg", ".gif", ".bmp", ".webp"];

/// The most bytes of a caption or a path that is sought around the brackets of a figure.
const AROUND: usize = 300;

/// The place in a text of what looks like a figure, ![caption](path), and is printed as it is.
fn misplaced_figure(text: &str) -> Option<std::ops::Range<usize>> {
    let after = |at: usize| at + text[at..].chars().next().map_or(0, char::len_utf8);
    for (close, _) in marks(text).filter(|(_, c)| matches!(c, ']' | '】' | '］')) {
        let from = after(close);
        let begin = text.floor_char_boundary(close.saturating_sub(AROUND));
        let open = text[begin..close].rfind(['[', '【', '［']);
        let blanks = text[from..].len() - text[from..].trim_start_matches(' ').len();
        let path = text[from + blanks..]
            .starts_with(['(', '（'])
            .then(|| after(from + blanks));
        let (Some(open), Some(path)) = (open, path) else {
            continue;
        };
        let open = begin + open;
        let before = text[..open].trim_end_matches(' ');
        let start = before.strip_suffix(['!', '！']).map(str::len);
        // A picture in the text itself may be of any length, up to the end of its line.
        if text[path..].starts_with("data:image/") {
            return Some(start.unwrap_or(open)..text.len());
        }
        let limit = text.floor_char_boundary((path + AROUND).min(text.len()));
        let Some(end) = text[path..limit].find([')', '）']) else {
            continue;
        };
        let written = text[path..path + end].trim().to_ascii_lowercase();
        let is_picture = PICTURES.iter().any(|ending| written.ends_with(ending));
        if is_picture || start.is_some() && text[open..].starts_with('[') {
            return Some(start.unwrap_or(open)..after(path + end));
        }
    }
    None
}

impl Prose {
    /// The places of what looks like a figure and is none.
    pub(super) fn misplaced_figures(&self) -> impl Iterator<Item = Span> {
        let plain = |paragraph: &&Paragraph| !matches!(paragraph, Paragraph::Figure { .. });
        let texts = self
            .paragraphs
            .iter()
            .filter(plain)
            .flat_map(Paragraph::texts);
        texts.filter_map(|text| Some(text.part(misplaced_figure(&text.text)?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<&'static str> {
        let scalar = Scalar {
            text: text.to_owned(),
            style: Style::Quoted,
        };
        let prose = Prose::new(&scalar, Span::new(0, text.len()), text);
        let kind = |paragraph: &Paragraph| match paragraph {
            Paragraph::Heading(_) => "heading",
            Paragraph::RunIn { .. } => "run-in",
            Paragraph::Body(_) => "body",
            Paragraph::Figure { .. } => "figure",
            Paragraph::Table(_) => "table",
        };
        prose.paragraphs.iter().map(kind).collect()
    }

    #[test]
    fn numbering_gives_the_level() {
        assert_eq!(kinds("（一）主动公开"), ["heading"]);
        assert_eq!(kinds("(二)依申请公开"), ["heading"]);
        assert_eq!(kinds("（十一）其他情况。"), ["heading"]);
        assert_eq!(kinds("（三）平台建设。全年更新三次。"), ["run-in"]);
        assert_eq!(kinds("1.第一项\n\n（1）其中"), ["body", "body"]);
        assert_eq!(kinds("（一是）不算"), ["body"]);
        assert_eq!(kinds("![公开栏目](栏目.png)"), ["figure"]);
        assert_eq!(kinds("|甲|乙|"), ["body"]);
        let tables = "文\n|甲|乙|\n|1|2|\n\n|丙|\n|3|\n文\n|丁|";
        assert_eq!(kinds(tables), ["body", "table", "table", "body", "body"]);
    }

    #[test]
    fn lines_of_a_block_are_lines_of_the_file() {
        let source = "a: |\n\n  第一段\n\n  第二段\n";
        let scalar = Scalar {
            text: "\n第一段\n\n第二段\n".to_owned(),
            style: Style::Literal,
        };
        let prose = Prose::new(
            &scalar,
            Span::new(source.find('第').unwrap(), source.len()),
            source,
        );
        let spans: Vec<_> = prose
            .paragraphs
            .iter()
            .flat_map(Paragraph::texts)
            .map(|t| &source[t.span.start..t.span.end])
            .collect();
        assert_eq!(spans, ["第一段", "第二段"]);
    }

    #[test]
    fn figures_that_are_none_are_seen() {
        for (text, found) in [
            ("！[公开栏目](栏目.png)", Some("！[公开栏目](栏目.png)")),
            ("见![公开栏目](栏目.png)。", Some("![公开栏目](栏目.png)")),
            ("! [公开栏目](栏目.png)", Some("! [公开栏目](栏目.png)")),
            (
                "!【公开栏目】（栏目.PNG）",
                Some("!【公开栏目】（栏目.PNG）"),
            ),
            ("[公开栏目](栏目.jpg)", Some("[公开栏目](栏目.jpg)")),
            ("![公开栏目](栏目)后", Some("![公开栏目](栏目)")),
            ("【专栏】（2023年开设）", None),
            ("好！【专栏】（2023年开设）", None),
            ("〔2023〕30号（见附件）", None),
            ("]", None),
        ] {
            let place = misplaced_figure(text);
            assert_eq!(place.map(|place| &text[place]), found, "{text}");
        }
    }
}
