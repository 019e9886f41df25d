//! Slips of the hand that YAML has no word for: full-width marks and blanks where it wants its own.

use super::Span;
use super::fault::SyntaxFault;

/// The most characters of a key; what is longer is text.
const LONGEST_KEY: usize = 40;

/// The last slip of a file up to the line in which the parser gave up.
pub(super) fn before(text: &str, stopped: usize) -> Option<SyntaxFault> {
    let mut found = None;
    // The indent of the key whose text the lines are.
    let mut block: Option<usize> = None;
    let mut value_of: Option<usize> = None;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if start > stopped {
            break;
        }
        let at = start;
        start += line.len();
        let line = line.trim_end();
        let bare = line.trim_start_matches(' ');
        let indent = line.len() - bare.len();
        let is_below = |key: usize| indent > key;
        if bare.is_empty() || block.is_some_and(is_below) {
            continue;
        }
        block = None;
        if let Some(fault) = indented(bare, at + indent) {
            found = Some(fault);
            continue;
        }
        let is_more = value_of.is_some_and(is_below);
        if bare.starts_with('#') || is_more && !bare.starts_with("- ") {
            continue;
        }
        let item = bare.trim_start_matches("- ");
        let key = at + indent + (bare.len() - item.len());
        let (colon, width) = match mapped(item) {
            Some(colon) => (Some(colon), 1),
            None => match slipped(item) {
                Some((colon, width)) => {
                    found = Some(colon_fault(item, key, colon, width));
                    (Some(colon), width)
                }
                None => (None, 0),
            },
        };
        let value = colon.map(|colon| item[colon + width..].trim_start());
        let opens = |value: &str| value.starts_with(['|', '>']);
        block = value.filter(|value| opens(value)).map(|_| indent);
        let plain =
            |value: &str| !value.is_empty() && !value.starts_with(['"', '\'', '[', '{', '#']);
        value_of = value.filter(|value| plain(value)).map(|_| indent);
        if (at..=at + line.len()).contains(&stopped)
            && let Some(fault) = listed(line, at, stopped)
        {
            found = Some(fault);
        }
    }
    found
}

/// The colon behind the key of a line, as YAML knows it.
fn mapped(item: &str) -> Option<usize> {
    let colon = item.find(": ").or(item.strip_suffix(':').map(str::len))?;
    // 一是：甲: 乙 is no key that anybody means.
    (!item[..colon].contains('：')).then_some(colon)
}

/// The colon that its author meant for one behind the key, and its length.
fn slipped(item: &str) -> Option<(usize, usize)> {
    let (colon, mark) = item.char_indices().find(|(_, c)| matches!(c, '：' | ':'))?;
    let key = &item[..colon];
    let is_key = (1..=LONGEST_KEY).contains(&key.chars().count())
        && !key.contains(|c: char| c.is_whitespace() || "，。；、\"'#[{【".contains(c));
    (is_key && !item[colon..].starts_with("://")).then_some((colon, mark.len_utf8()))
}

/// The fault of a colon behind a key; `key` is the place of the line's key in the file.
fn colon_fault(item: &str, key: usize, colon: usize, width: usize) -> SyntaxFault {
    let span = Span::new(key + colon, key + colon + width);
    let value = shortened(item[colon + width..].trim());
    SyntaxFault::new(span, colon_said(width)).hint(format!("写作 {}: {value}", &item[..colon]))
}

/// The fault of a colon of so many bytes.
fn colon_said(width: usize) -> &'static str {
    match width {
        1 => "冒号后面没有空格",
        _ => "键后面的冒号是全角的“：”",
    }
}

/// The slip in a text that should be a key with its value: the place of its colon in the text, the fault, and what
/// to write.
pub(crate) fn in_pair(text: &str) -> Option<(std::ops::Range<usize>, &'static str, String)> {
    let line = text.lines().next()?;
    let (colon, width) = slipped(line)?;
    let value = line[colon + width..]
        .split([',', '，', ' '])
        .find(|part| !part.is_empty());
    let value = shortened(value.unwrap_or_default());
    let hint = format!("写作 {}: {value}", &line[..colon]);
    Some((colon..colon + width, colon_said(width), hint))
}

/// The slip in a text that should be a list: its place in the text, and the fault.
pub(crate) fn in_list(text: &str) -> Option<(std::ops::Range<usize>, String)> {
    let (at, mark) = text
        .char_indices()
        .find(|(_, c)| matches!(c, '，' | '、' | '【' | '】' | '［' | '］' | '｛' | '｝'))?;
    let kind = match mark {
        '，' => "逗号是全角的“，”",
        '、' => "各项之间用了顿号“、”",
        _ => "括号是全角的",
    };
    let shown = if kind.ends_with('的') {
        format!("{kind}“{mark}”")
    } else {
        kind.to_owned()
    };
    Some((at..at + mark.len_utf8(), shown))
}

/// The fault of an indent or of an invisible mark before a line; `at` is the place of its first character that is
/// no blank of YAML.
fn indented(bare: &str, at: usize) -> Option<SyntaxFault> {
    let first = bare.chars().next()?;
    fault_of_first(first, Span::new(at, at + first.len_utf8()))
}

/// The fault of a line or a key that begins with a character that looks like nothing.
pub(super) fn fault_of_first(first: char, span: Span) -> Option<SyntaxFault> {
    let (message, hint) = match first {
        '\u{3000}' => ("缩进里有全角空格（U+3000）", "缩进只用半角空格，每级两格"),
        '\t' => ("缩进用了制表符（Tab）", "缩进用空格，不用制表符（Tab）"),
        '\u{A0}' => ("缩进里有不换行空格（U+00A0）", "缩进只用半角空格，每级两格"),
        '\u{FEFF}' => (
            "行首有看不见的字节顺序标记（U+FEFF）",
            "删去它；几个文件拼在一起时，每个文件的开头都可能带着一个",
        ),
        _ => return None,
    };
    Some(SyntaxFault::new(span, message).hint(hint))
}

/// The fault of a list or map in brackets with marks that are not YAML's, in the line from `at`.
fn listed(line: &str, at: usize, stopped: usize) -> Option<SyntaxFault> {
    let open = line.find(['[', '{'])?;
    let upto = line
        .floor_char_boundary(stopped.saturating_sub(at))
        .max(open);
    let (place, said) = in_list(&line[open..upto])?;
    let start = at + open + place.start;
    let fault = SyntaxFault::new(Span::new(start, at + open + place.end), said);
    Some(fault.hint("用半角的逗号和方括号，逗号后空一格：[1, 2, 3]、{值: 1, 注: 说明}"))
}

/// The beginning of a value for a hint.
fn shortened(value: &str) -> String {
    let mut shown: String = value.chars().take(20).collect();
    if shown.len() < value.len() {
        shown.push('…');
    }
    shown
}
