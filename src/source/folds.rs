//! Text that is folded over lines: YAML makes a blank of each line break, which Chinese text does not have.

/// The text of a scalar without the blanks that YAML made of line breaks beside Chinese characters; `written` is what
/// stands in the file, from the `quote` on, if it has one. `None` if there are no such blanks, or if they cannot be
/// told from others.
pub(super) fn joined(text: &str, written: &str, quote: Option<char>) -> Option<String> {
    let inner = quote.and_then(|quote| written.strip_prefix(quote));
    let mut rest = inner.unwrap_or(written).chars();
    let mut joined = String::new();
    let mut kept = 0;
    for (at, c) in text.char_indices() {
        if c.is_whitespace() {
            continue;
        }
        // What was written up to this character: its line breaks tell a fold from a blank.
        let mut breaks = false;
        loop {
            let own = match rest.next()? {
                '\\' if quote == Some('"') => unescaped(&mut rest)?,
                '\'' if quote == Some('\'') => rest.next()?,
                '\n' => {
                    breaks = true;
                    '\n'
                }
                own => own,
            };
            if own == c {
                break;
            }
            if !own.is_whitespace() {
                return None;
            }
        }
        let before = text[kept..at].trim_end_matches(' ');
        let is_fold = breaks && at - kept - before.len() == 1;
        let last = before.chars().next_back().filter(|last| *last != '\n');
        if is_fold && last.is_some_and(|last| is_chinese(last) || is_chinese(c)) {
            joined.push_str(before);
            kept = at;
        }
    }
    if joined.is_empty() {
        return None;
    }
    joined.push_str(&text[kept..]);
    Some(joined)
}

/// The character of an escape in double quotes (YAML 1.2.2, 5.7), from behind its backslash; of one that stands for
/// white space, a blank.
fn unescaped(rest: &mut std::str::Chars) -> Option<char> {
    let digits = match rest.next()? {
        c @ ('"' | '\\' | '/') => return Some(c),
        'x' => 2,
        'u' => 4,
        'U' => 8,
        _ => return Some(' '),
    };
    let code = rest
        .by_ref()
        .take(digits)
        .try_fold(0, |code, c| Some(code * 16 + c.to_digit(16)?))?;
    char::from_u32(code)
}

/// Whether a character is one of Chinese text, marks included, beside which no blank stands.
fn is_chinese(c: char) -> bool {
    matches!(c,
        '\u{2E80}'..='\u{A4CF}' | '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE4F}' | '\u{FF00}'..='\u{FF60}'
        | '\u{20000}'..='\u{3FFFF}' | '“' | '”' | '‘' | '’' | '—' | '…')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_breaks_beside_chinese_characters_leave_no_blank() {
        for (text, written, quote, expected) in [
            ("甲 乙", "甲\n  乙", None, Some("甲乙")),
            (
                "甲 乙 丙\n丁",
                "甲 乙\n  丙\n\n  丁\n",
                None,
                Some("甲 乙丙\n丁"),
            ),
            (
                "收到 12 件 A b",
                "收到\n 12 件\n A\n b",
                None,
                Some("收到12 件A b"),
            ),
            ("a b", "a\n  b", None, None),
            ("甲 乙", "甲 乙\n", None, None),
            ("它 '是 的", "'它\n ''是\n 的'", Some('\''), Some("它'是的")),
            (
                "甲\" 乙\n丙 丁",
                "\"甲\\\" \n 乙\\n\\u4e19\n 丁\"",
                Some('"'),
                Some("甲\"乙\n丙丁"),
            ),
            ("甲乙 丙", "\"甲\\\n  乙\n 丙\"", Some('"'), Some("甲乙丙")),
            ("甲\n 乙", "甲\n   乙", None, None),
        ] {
            assert_eq!(
                joined(text, written, quote).as_deref(),
                expected,
                "{written}"
            );
        }
    }
}
