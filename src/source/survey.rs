//! A survey of a file that the parser gave up on.
//!
//! YAML notices a fault where what follows makes no sense any more, often lines below, and never a second one. Here the
//! file is looked at line by line, as people read it: each fault is told on its line, and what follows is read as if
//! it were mended.

use super::entries::{begins_entry, ends_text, is_row, is_slipped_row, is_word, key_of};
use super::fault::SyntaxFault;
use super::slips::{self, mapped, slipped};
use super::{Open, Span};

/// The most faults that are told.
const MOST: usize = 100;
/// The most lines below a line that are looked at to understand it: a table has fewer rows.
const FARTHEST: usize = 40;
/// The fault of values on lines of their own.
const VALUE_BELOW: &str = "值没有写在键的后面";

/// The faults of the lines of a text, in its order; none if it is one list or map in brackets, as JSON is.
pub(super) fn faults(text: &str) -> Vec<SyntaxFault> {
    let lines = lines(text);
    let mut survey = Survey {
        is_chinese: has_chinese_keys(&lines),
        lines,
        found: Vec::new(),
        levels: Vec::new(),
        levels_before: Vec::new(),
        key: Key::default(),
        value: Value::Below,
        last: 0,
        beside: Vec::new(),
    };
    let marks = |line: &&Line| !line.text.is_empty() && !line.is_comment() && line.text != "---";
    let first = survey.lines.iter().find(marks);
    if first.is_some_and(|line| line.text.starts_with(['[', '{'])) {
        return Vec::new();
    }
    for number in 0..survey.lines.len() {
        let line = survey.lines[number];
        if survey.found.len() > MOST {
            break;
        }
        if !line.text.is_empty() && !matches!(line.text, "---" | "...") {
            survey.line(number, line);
            survey.last = number;
        }
    }
    survey.unclosed();
    survey.found.into_iter().map(Found::told).collect()
}

/// A line of the file.
#[derive(Clone, Copy)]
struct Line<'t> {
    /// The place of its first character that is no blank.
    at: usize,
    /// The blanks before it.
    indent: usize,
    /// The line without blanks at both ends.
    text: &'t str,
}

impl Line<'_> {
    fn is_comment(&self) -> bool {
        self.text.starts_with('#')
    }

    fn span(&self) -> Span {
        Span::new(self.at, self.at + self.text.len())
    }
}

fn lines(text: &str) -> Vec<Line<'_>> {
    let mut start = 0;
    let line = |whole| {
        let indent = str::len(whole) - whole.trim_start_matches(' ').len();
        let at = start + indent;
        start += whole.len();
        let text = whole.trim_end().trim_start_matches(' ');
        Line { at, indent, text }
    };
    text.split_inclusive('\n').map(line).collect()
}

/// Whether a key of the file at the left edge is Chinese.
fn has_chinese_keys(lines: &[Line]) -> bool {
    let mut keys = lines
        .iter()
        .filter(|line| line.indent == 0 && !line.is_comment());
    keys.any(|line| mapped(line.text).is_some_and(|colon| !line.text[..colon].is_ascii()))
}

/// The key that was read last.
#[derive(Clone, Copy, Default)]
struct Key {
    /// The number of its line.
    line: usize,
    /// Its column, from 0; of an item of a list without a key, that of its dash.
    indent: usize,
}

/// What is known of the value of the key that was read last.
enum Value {
    /// Nothing stands behind the key: what is below are its parts.
    Below,
    /// It begins behind the key; a plain text may go on below.
    Given,
    /// A plain text that begins below the key.
    Text,
    /// The lines below are its text; the blanks before the first of them.
    Block(Option<usize>),
    /// A list or map in brackets, or a text in quotes, that goes on below.
    Open(Open),
}

/// A fault, the number of lines in a row that have it, and the last of them.
struct Found {
    fault: SyntaxFault,
    lines: usize,
    last: usize,
}

impl Found {
    fn told(self) -> SyntaxFault {
        let Self {
            mut fault, lines, ..
        } = self;
        if lines > 1 {
            fault.message = format!("{}，连同下面共 {lines} 行", fault.message);
        }
        fault
    }
}

/// The key and the value of a line that has no colon between them.
fn without_colon(text: &str) -> Option<(&str, String)> {
    let (key, value) = text.split_once(' ')?;
    let values = slips::values(value).filter(|_| is_word(key))?;
    match values.as_slice() {
        [] => None,
        [one] => Some((key, one.clone())),
        several => Some((key, format!("[{}]", several.join(", ")))),
    }
}

struct Survey<'t> {
    lines: Vec<Line<'t>>,
    /// Whether keys at the left edge are Chinese.
    is_chinese: bool,
    found: Vec<Found>,
    /// The columns of the lists and maps that are open, the outermost first.
    levels: Vec<usize>,
    /// Those before the last key was read.
    levels_before: Vec<usize>,
    key: Key,
    value: Value,
    /// The number of the last line that has text.
    last: usize,
    /// The lines of the last keys that stand beside a key without a value, that key first: they may be its parts that
    /// lost their indent.
    beside: Vec<usize>,
}

impl<'t> Survey<'t> {
    /// Takes a fault of a line. One that the line above has too is told once.
    fn find(&mut self, number: usize, fault: SyntaxFault) {
        if let Some(found) = self.found.last_mut()
            && (&found.fault.message, &found.fault.hint) == (&fault.message, &fault.hint)
            && found.last == self.last
        {
            found.lines += 1;
            found.last = number;
            return;
        }
        self.found.push(Found {
            fault,
            lines: 1,
            last: number,
        });
    }

    fn line(&mut self, number: usize, line: Line<'t>) {
        let is_below = line.indent > self.key.indent;
        match &mut self.value {
            Value::Open(open) => {
                let closes = line.text.starts_with([']', '}', '\t']);
                let is_row = !open.in_quotes() && self.is_chinese && is_slipped_row(line.text);
                if is_below || closes || !(begins_entry(line.text) || is_row) {
                    let in_quotes = open.in_quotes();
                    let is_whole = open.read(line.text, line.at).is_some();
                    if in_quotes && !is_below {
                        self.find(number, unindented(line, self.key.indent));
                    }
                    if is_whole {
                        self.close();
                    }
                    return;
                }
                self.unclosed();
            }
            Value::Block(first) if is_below => {
                let first = *first.get_or_insert(line.indent);
                if line.indent < first {
                    let fault = SyntaxFault::new(line.span(), "这一行正文比第一行少缩进");
                    let hint = format!("与正文的第一行对齐，缩进 {first} 格");
                    self.find(number, fault.hint(hint));
                }
                return;
            }
            _ => {}
        }
        if line.is_comment() {
            return self.comment(number, line);
        }
        if let Some(fault) = slips::indented(line.text, line.at) {
            return self.find(number, fault);
        }
        match self.value {
            Value::Block(_) if !ends_text(line.text) && !self.begins_table(number, line) => {
                self.find(number, self.text_or_key(line));
            }
            Value::Given | Value::Text if is_below && mapped(line.text).is_none() => {}
            _ => self.entry(number, line),
        }
    }

    /// Finds a comment at the left edge that cuts a text in two.
    fn comment(&mut self, number: usize, line: Line) {
        let Value::Block(first) = self.value else {
            return;
        };
        let next = self.below(number).find(|other| !other.is_comment());
        if next.is_some_and(|next| next.indent > self.key.indent) {
            let indent = first.unwrap_or(self.key.indent + 2);
            let fault = SyntaxFault::new(line.span(), "# 起的这一行没有缩进，正文到这里断开");
            let hint = format!("是注释的，移到键的上面；是正文的，缩进 {indent} 格，# 会印出来");
            self.find(number, fault.hint(hint));
        }
    }

    /// The nearest lines below one, without those that are blank.
    fn below(&self, number: usize) -> impl Iterator<Item = &Line<'t>> {
        let below = self.lines[number + 1..].iter();
        below.filter(|line| !line.text.is_empty()).take(FARTHEST)
    }

    /// Whether a line without the right colon is the key of a table, by the row below it.
    fn begins_table(&self, number: usize, line: Line) -> bool {
        let key = match slipped(line.text) {
            Some((colon, width)) if line.text.len() == colon + width => &line.text[..colon],
            _ => line.text,
        };
        let next = self.below(number).find(|next| !next.is_comment());
        let next = next.filter(|next| next.indent > line.indent);
        is_word(key) && next.is_some_and(|next| is_row(next.text))
    }

    /// The fault of a line that should be text; a file with Chinese keys may mean one more.
    fn text_or_key(&self, line: Line) -> SyntaxFault {
        let fault = unindented(line, self.key.indent);
        match slipped(line.text) {
            Some((colon, width)) if self.is_chinese => {
                let value = slips::shortened(line.text[colon + width..].trim());
                let key = &line.text[..colon];
                fault.hint(format!(
                    "是正文的，比键多缩进两格；是键的，冒号用半角，写作 {key}: {value}"
                ))
            }
            _ => fault,
        }
    }

    /// Reads a line that should be a key with its value, or an item of a list.
    fn entry(&mut self, number: usize, line: Line<'t>) {
        let item = line.text.trim_start_matches("- ");
        let dash = line.text.len() - item.len();
        let is_item = dash > 0 || line.text == "-";
        let at = line.at + dash;
        let is_mapped = mapped(item);
        let pair = is_mapped.map(|colon| (colon, 1)).or_else(|| slipped(item));
        let begins = matches!(self.value, Value::Below) && line.indent > self.key.indent;
        if begins && !is_item && !self.levels.is_empty() && !self.begins_map(number, line) {
            self.value = Value::Text;
            return self.take_value(number, item, at);
        }
        let Some((colon, width)) = pair else {
            if is_item {
                self.align(number, line);
                self.key = Key {
                    line: number,
                    indent: line.indent,
                };
                self.value = Value::Given;
                return self.take_value(number, item, at);
            }
            if let Some(fault) = self.value_below(line) {
                return self.find(number, fault);
            }
            self.find(number, self.no_pair(number, line));
            self.levels.retain(|level| *level <= line.indent);
            self.key = Key {
                line: number,
                indent: line.indent,
            };
            self.value = Value::Below;
            return;
        };
        if matches!(self.value, Value::Text) && line.indent > self.key.indent {
            let fault =
                SyntaxFault::new(Span::new(at + colon, at + colon + width), "这里不能有冒号");
            return self.find(number, fault.hint("正文要写在 | 的下一行起，缩进两格"));
        }
        let level = self.align(number, line);
        if level != self.key.indent || number == 0 {
            self.beside.clear();
        } else if matches!(self.value, Value::Below) {
            self.beside = vec![self.key.line, number];
        } else if !self.beside.is_empty() {
            self.beside.push(number);
        }
        if is_item {
            self.levels.push(line.indent + dash);
        }
        if is_mapped.is_none() {
            self.find(number, slips::colon_fault(item, at, colon, width));
        }
        self.key = Key {
            line: number,
            indent: level + dash,
        };
        self.value = Value::Below;
        let value = item[colon + width..].trim_start();
        self.take_value(number, value, at + item.len() - value.len());
    }

    /// Whether the first line below a key is one of its parts, and no text.
    fn begins_map(&self, number: usize, line: Line) -> bool {
        let is_key = |(colon, _): (usize, usize)| line.text[..colon].is_ascii();
        let mut others = self
            .below(number)
            .take_while(|other| other.indent >= line.indent);
        let is_almost = slipped(line.text).is_some() || without_colon(line.text).is_some();
        mapped(line.text).is_some()
            || slipped(line.text).is_some_and(is_key)
            || is_almost
                && others.any(|other| other.indent == line.indent && mapped(other.text).is_some())
    }

    /// The fault of a line that is nothing but values of the key above it.
    fn value_below(&self, line: Line) -> Option<SyntaxFault> {
        let values_of = |line: &Line| slips::values(line.text).filter(|values| !values.is_empty());
        let key = key_of(self.lines[self.key.line].text);
        if !matches!(self.value, Value::Below) || key.is_empty() || values_of(&line).is_none() {
            return None;
        }
        // Of several in a row each is told as the first.
        if let Some(Found { fault, last, .. }) = self.found.last()
            && *last == self.last
            && fault.message == VALUE_BELOW
        {
            return Some(SyntaxFault {
                span: line.span(),
                ..fault.clone()
            });
        }
        let values: Vec<String> = self
            .below(self.key.line)
            .map_while(values_of)
            .flatten()
            .collect();
        let value = match values.as_slice() {
            [one] => one.clone(),
            all => format!("[{}]", all.join(", ")),
        };
        let fault = SyntaxFault::new(line.span(), VALUE_BELOW);
        Some(fault.hint(format!("写在同一行：{key}: {value}")))
    }

    /// The fault of a line that is no key with its value.
    fn no_pair(&self, number: usize, line: Line) -> SyntaxFault {
        let fault = SyntaxFault::new(line.span(), "这一行不是“键: 值”");
        let next = self.below(number).next();
        match without_colon(line.text) {
            Some((key, value)) => fault.hint(format!("写作 {key}: {value}")),
            None if is_word(line.text) && next.is_some_and(|next| next.indent > line.indent) => {
                fault.hint(format!("写作 {}:", line.text))
            }
            _ => fault.hint("冒号用半角，后面空一格；正文要写在 | 的下一行起，缩进两格"),
        }
    }

    /// Finds the level of a line, and closes those below it; the column of the level that is meant.
    fn align(&mut self, number: usize, line: Line) -> usize {
        let before = self.levels.clone();
        let indent = line.indent;
        let meant = match self.levels.last().copied() {
            Some(top) if indent > top && !matches!(self.value, Value::Below) => {
                if self.levels_before.last() == Some(&indent) {
                    // The key above stands too far left, and closed the level by that.
                    let key = self.lines[self.key.line];
                    let fault = SyntaxFault::new(key.span(), "这一行比上下各行少缩进");
                    let hint = format!("与上下各行对齐，缩进 {indent} 格");
                    self.find(self.key.line, fault.hint(hint));
                    self.levels.clone_from(&self.levels_before);
                    indent
                } else if self.follow_lost(number, indent) {
                    self.levels.push(indent);
                    indent
                } else {
                    let fault = SyntaxFault::new(line.span(), "这一行多缩进了");
                    let hint = format!("与上面的键对齐，缩进 {top} 格");
                    self.find(number, fault.hint(hint));
                    top
                }
            }
            Some(top) if indent <= top => {
                let mut closed = top;
                while let Some(level) = self.levels.pop_if(|level| *level > indent) {
                    closed = level;
                }
                if self.levels.last() != Some(&indent) {
                    self.levels.push(closed);
                    let fault = SyntaxFault::new(line.span(), "缩进与上面的各行不齐");
                    let hint = format!("同一级的键对齐，这里缩进 {closed} 格");
                    self.find(number, fault.hint(hint));
                }
                closed.min(self.levels.last().copied().unwrap_or(closed))
            }
            _ => {
                self.levels.push(indent);
                indent
            }
        };
        self.levels_before = before;
        meant
    }

    /// Finds the rows above a line that lost their indent; whether there are any. They stand between a key without a
    /// value and at least as many rows that are indented.
    fn follow_lost(&mut self, number: usize, indent: usize) -> bool {
        let rows = self.below(number).take_while(|row| row.indent >= indent);
        let count = 1 + rows.filter(|row| row.indent == indent).count();
        let Some((key, lost)) = self.beside.split_first() else {
            return false;
        };
        if lost.last() != Some(&self.key.line) || count < 2.max(lost.len()) {
            return false;
        }
        let key = key_of(self.lines[*key].text);
        let hint = format!("是“{key}”的一行，与下面各行对齐，缩进 {indent} 格");
        let lost = lost.to_vec();
        for number in lost {
            let fault = SyntaxFault::new(self.lines[number].span(), "这一行没有缩进");
            self.find(number, fault.hint(hint.clone()));
        }
        true
    }

    /// Looks at the text behind a key, or below it.
    fn take_value(&mut self, number: usize, value: &'t str, at: usize) {
        let Some(first) = value.chars().next().filter(|first| *first != '#') else {
            return;
        };
        let place = |start: usize, end: usize| Span::new(at + start, at + end);
        let is_text = matches!(self.value, Value::Text);
        let rest = value[first.len_utf8()..]
            .trim_start_matches(|c: char| c.is_ascii_digit() || "+-".contains(c));
        let rest = rest.trim_start();
        match first {
            '|' | '>' if !is_text => {
                if !rest.is_empty() && !rest.starts_with('#') {
                    let span = place(value.len() - rest.len(), value.len());
                    let fault = SyntaxFault::new(span, "| 和 > 的后面不能写文字");
                    self.find(number, fault.hint("文字从下一行起，缩进两格"));
                }
                self.value = Value::Block(None);
            }
            '｜' | '丨' | '∣' if rest.is_empty() && !is_text => {
                let fault =
                    SyntaxFault::new(place(0, value.len()), format!("竖线是全角的“{first}”"));
                self.find(number, fault.hint("写作 |，文字从下一行起，缩进两格"));
                self.value = Value::Block(None);
            }
            '[' | '{' | '"' | '\'' => {
                self.listed(number, value, at);
                let mut open = Open::new(first, at);
                let whole = open.read(&value[1..], at + 1);
                self.value = Value::Open(open);
                let Some(end) = whole else { return };
                self.close();
                let rest = value[1 + end..].trim_start();
                if !rest.is_empty() && !rest.starts_with('#') {
                    let kind = if matches!(first, '[' | '{') {
                        "括号"
                    } else {
                        "引号"
                    };
                    let span = place(value.len() - rest.len(), value.len());
                    let fault = SyntaxFault::new(span, format!("{kind}后面还有文字"));
                    self.find(
                        number,
                        fault.hint(
                            "引号、括号在同一个值的前后成对；值里的引号写作 \\\"，或者改用“”",
                        ),
                    );
                }
            }
            _ => {
                self.listed(number, value, at);
                if !is_text {
                    self.value = Value::Given;
                }
                let said = value.split(" #").next().unwrap_or_default().trim_end();
                let colon = said.find(": ").or(said.strip_suffix(':').map(str::len));
                if let Some(colon) = colon {
                    let fault = SyntaxFault::new(place(colon, colon + 1), "这里不能有冒号");
                    self.find(
                        number,
                        fault.hint("一行只写一个“键: 值”；值里有“: ”的，整个值用引号括起来"),
                    );
                }
            }
        }
    }

    /// Finds marks in a list or map that are not YAML's.
    fn listed(&mut self, number: usize, value: &str, at: usize) {
        if !value.starts_with(['[', '{', '【', '［', '｛']) {
            return;
        }
        if let Some(listed) = slips::in_list(value) {
            let span = Span::new(at + listed.place.start, at + listed.place.end);
            let fault = SyntaxFault::new(span, listed.said);
            self.find(number, fault.hint(format!("写作 {}", listed.written)));
        }
    }

    /// Tells what a value in brackets or quotes lacks inside, now that it has ended.
    fn close(&mut self) {
        let Value::Open(open) = std::mem::replace(&mut self.value, Value::Given) else {
            return;
        };
        for (place, mark) in open.crossed {
            self.find(self.key.line, lacks(place, mark));
        }
    }

    /// Tells of a value in brackets or quotes that has not ended.
    fn unclosed(&mut self) {
        let Value::Open(open) = &self.value else {
            return;
        };
        let in_quotes = open.in_quotes();
        let marks = open.marks.clone();
        let Some((place, mark)) = marks.last().copied() else {
            return;
        };
        self.close();
        let line = self.lines[self.key.line];
        let fault = lacks(place, mark);
        let closing: String = marks.iter().rev().map(|(_, mark)| partner(*mark)).collect();
        let on_line = self.last == self.key.line && line.text.chars().count() <= 60;
        let hint = if on_line && !line.text.contains(" #") {
            let text = line.text.trim_end_matches([',', ' ']);
            // A curly quote at the end is meant for a straight one.
            let bare = text.strip_suffix(['”', '“', '＂', '’', '‘', '＇']);
            let bare = bare.filter(|bare| in_quotes && !bare.contains(['“', '‘']));
            format!("写作 {}{closing}", bare.unwrap_or(text))
        } else {
            format!("值的末尾补上 {closing}")
        };
        self.find(self.key.line, fault.hint(hint));
    }
}

/// The fault of a line of text that stands no deeper than its key.
fn unindented(line: Line, key: usize) -> SyntaxFault {
    let fault = SyntaxFault::new(line.span(), "这一行正文没有缩进");
    fault.hint(format!("正文各行都比键多缩进两格，这里缩进 {} 格", key + 2))
}

/// The fault of a bracket or a quote without its partner.
fn lacks(place: usize, mark: char) -> SyntaxFault {
    let message = match mark {
        '[' | '{' => format!("“{mark}”没有成对，后面缺少“{}”", partner(mark)),
        _ => "引号没有成对，缺少后一半".to_owned(),
    };
    SyntaxFault::new(Span::new(place, place + 1), message)
}

/// The mark that closes what a mark opens.
fn partner(mark: char) -> char {
    match mark {
        '[' => ']',
        '{' => '}',
        quote => quote,
    }
}
