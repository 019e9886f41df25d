//! Slips of the hand that YAML has no word for: full-width marks and blanks where it wants its own.

use std::ops::Range;

use super::Span;
use super::fault::SyntaxFault;

/// The most characters of a key; what is longer is text.
const LONGEST_KEY: usize = 40;

/// The colon behind the key of a line, as YAML knows it.
pub(crate) fn mapped(item: &str) -> Option<usize> {
    let quoted = |quote: char| Some(item.strip_prefix(quote)?.find(quote)? + 2);
    let colon = match item.chars().next()? {
        '[' | '{' => return None,
        quote @ ('"' | '\'') => quoted(quote).filter(|end| item[*end..].starts_with(':'))?,
        _ => item.find(": ").or(item.strip_suffix(':').map(str::len))?,
    };
    // 一是：甲: 乙 is no key that anybody means, and a comment has none.
    let key = &item[..colon];
    (!key.contains('：') && !key.contains(" #")).then_some(colon)
}

/// The colon that its author meant for one behind the key, and its length.
pub(crate) fn slipped(item: &str) -> Option<(usize, usize)> {
    let (colon, mark) = item.char_indices().find(|(_, c)| matches!(c, '：' | ':'))?;
    let key = &item[..colon];
    let is_key = (1..=LONGEST_KEY).contains(&key.chars().count())
        && !key.contains(|c: char| c.is_whitespace() || "，。；、\"'#[{【".contains(c));
    (is_key && !item[colon..].starts_with("://")).then_some((colon, mark.len_utf8()))
}

/// The fault of a colon behind a key; `key` is the place of the line's key in the file.
pub(super) fn colon_fault(item: &str, key: usize, colon: usize, width: usize) -> SyntaxFault {
    let span = Span::new(key + colon, key + colon + width);
    let value = item[colon + width..].trim();
    let said = value.split(" #").next().unwrap_or_default();
    // Cells pasted from a table are parted by tabs.
    let value = match values(said) {
        Some(values) if said.trim_end().contains('\t') => format!("[{}]", values.join(", ")),
        _ => shortened(value),
    };
    let written = format!("写作 {}: {value}", &item[..colon]);
    SyntaxFault::new(span, colon_said(width)).hint(written.trim_end())
}

/// The fault of a colon of so many bytes.
fn colon_said(width: usize) -> &'static str {
    match width {
        1 => "冒号后面没有空格",
        _ => "键后面的冒号是全角的“：”",
    }
}

/// The slip in a text that should be a key with its value: the place of its colon in the text, the fault, and what
/// to write. `behind` is what follows the text on its line.
pub(crate) fn in_pair(text: &str, behind: &str) -> Option<(Range<usize>, &'static str, String)> {
    let line = text.lines().next()?;
    let (colon, width) = slipped(line)?;
    if line.len() == colon + width && behind.starts_with(':') {
        let value = shortened(behind[1..].split(" #").next()?.trim());
        let hint = format!("写作 {}: {value}", &line[..colon]);
        return Some((colon..colon + width, "键后面有两个冒号", hint));
    }
    let value = line[colon + width..]
        .split([',', '，', ' '])
        .find(|part| !part.is_empty());
    let value = shortened(value.unwrap_or_default());
    let hint = format!("写作 {}: {value}", &line[..colon]);
    Some((colon..colon + width, colon_said(width), hint))
}

/// A list or map in brackets that has marks which are not YAML's.
pub(crate) struct Listed {
    /// The place of the first such mark in the text.
    pub place: Range<usize>,
    /// The fault of that mark.
    pub said: String,
    /// The text as it should stand.
    pub written: String,
}

/// The slips in a text that should be a list or a map. A mark is one only beside a value of a table, for texts in a
/// list have such marks by right.
pub(crate) fn in_list(text: &str) -> Option<Listed> {
    let mut first: Option<(Range<usize>, char)> = None;
    let mut written = String::with_capacity(text.len() + 16);
    let mut quote = None;
    // Where the current piece between marks begins, and whether it follows a closing bracket.
    let (mut piece, mut closed) = (0, false);
    let mut spaced = false;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        if quote.is_some() || c.is_whitespace() && spaced {
            written.extend(quote.map(|_| c));
            quote = quote.filter(|quote| *quote != c);
            continue;
        }
        spaced = false;
        let own = text[piece..at].trim();
        let follows_value = is_value(own) || own.is_empty() && closed;
        let plain = match c {
            '，' | '、' | '；' if follows_value => ", ",
            '：' if !own.is_empty() && is_value(next_piece(&text[end..])) => ": ",
            '【' | '［' if own.is_empty() && is_value(next_piece(&text[end..])) => "[",
            '｛' if own.is_empty() && is_value(next_piece(&text[end..])) => "{",
            '】' | '］' if follows_value => "]",
            '｝' if follows_value => "}",
            _ => "",
        };
        if plain.is_empty() {
            let half = half_digit(c).filter(|_| own.is_empty() || is_value(own));
            written.push(half.unwrap_or(c));
            quote = Some(c).filter(|c| own.is_empty() && matches!(c, '"' | '\''));
        } else {
            first.get_or_insert((at..end, c));
            written.push_str(plain);
            spaced = plain.ends_with(' ');
        }
        if !plain.is_empty() || matches!(c, '[' | '{' | ',' | ']' | '}' | ':') {
            piece = end;
            closed = matches!(c, ']' | '}' | '】' | '］' | '｝');
        }
    }
    let (place, mark) = first?;
    let said = match mark {
        '、' => "各项之间用了顿号“、”".to_owned(),
        '，' => "逗号是全角的“，”".to_owned(),
        '；' => "各项之间用了分号“；”".to_owned(),
        '：' => "键后面的冒号是全角的“：”".to_owned(),
        mark => format!("括号是全角的“{mark}”"),
    };
    Some(Listed {
        place,
        said,
        written,
    })
}

/// The values of a text that lists nothing but values, whatever parts them and stands around them.
pub(crate) fn values(text: &str) -> Option<Vec<String>> {
    let opens = |c| "[【［（({｛".contains(c);
    let closes = |c| "]】］）)}｝".contains(c);
    let inner = text
        .trim()
        .trim_start_matches(opens)
        .trim_end_matches(closes);
    let parts = |c: char| c.is_whitespace() || ",，、；;".contains(c);
    let pieces = inner.split(parts).filter(|piece| !piece.is_empty());
    let plain = |piece: &str| piece.chars().map(|c| half_digit(c).unwrap_or(c)).collect();
    let value = |piece: &str| is_value(piece).then(|| plain(piece));
    pieces.map(value).collect()
}

/// The text up to the next mark that parts or closes.
fn next_piece(text: &str) -> &str {
    let ends = |c| ",，、；]】］}｝".contains(c);
    text.split(ends).next().unwrap_or_default().trim()
}

/// Whether a piece of a list, with or without a key, is a value of a table.
fn is_value(piece: &str) -> bool {
    let value = piece.rsplit([':', '：']).next().unwrap_or_default().trim();
    let of_number = |c: char| half_digit(c).is_some() || "0123456789.+-−/?？~—".contains(c);
    !value.is_empty() && value.chars().all(of_number) || value == "待填"
}

/// The digit of half width for one of full width.
fn half_digit(c: char) -> Option<char> {
    let digit = u32::from(c).checked_sub(u32::from('０'))?;
    char::from_digit(digit, 10)
}

/// The fault of an indent or of an invisible mark before a line; `at` is the place of its first character that is
/// no blank of YAML.
pub(super) fn indented(bare: &str, at: usize) -> Option<SyntaxFault> {
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

/// The beginning of a value for a hint.
pub(super) fn shortened(value: &str) -> String {
    let mut shown: String = value.chars().take(20).collect();
    if shown.len() < value.len() {
        shown.push('…');
    }
    shown
}
