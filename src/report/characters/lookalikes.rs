//! Characters that look like ordinary Chinese ones and are none: radicals, strokes, compatibility ideographs.

use std::sync::LazyLock;

use crate::diagnostic::Said;

/// A character that looks like an ordinary one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lookalike {
    /// What it is, in Chinese.
    pub kind: &'static str,
    /// The character to write; `None` if nothing looks like it.
    pub ordinary: Option<char>,
}

impl Lookalike {
    /// What is wrong with it and what to write, in Chinese. `character` is the one that it is about.
    #[must_use]
    pub fn in_words(self, character: char) -> (Said, Said) {
        let (kind, code) = (self.kind, u32::from(character));
        let said = |not: &str| {
            Said::new(
                format!("“{character}”（U+{code:04X}）是{kind}，不是{not}"),
                format!("“{character}”是{kind}，不是{not}"),
            )
        };
        let from = "它多半是从 PDF 粘贴来的";
        match self.ordinary {
            Some(ordinary) => {
                let code = u32::from(ordinary);
                let hint = Said::new(
                    format!("改为“{ordinary}”（U+{code:04X}）；{from}"),
                    format!("改为常用的“{ordinary}”字；{from}"),
                );
                (said(&format!("“{ordinary}”字")), hint)
            }
            None => (said("字"), format!("查明原文是哪个字；{from}").into()),
        }
    }
}

/// The most kinds of lookalikes that are named.
const MOST_NAMED: usize = 8;

/// What is wrong with the lookalikes of a text and what to write, in Chinese. `kinds` has each character once, `count`
/// is the number of their places.
pub(super) fn lookalikes_in_words(kinds: &[(char, Lookalike)], count: usize) -> (Said, Said) {
    if let [(character, found)] = kinds {
        let (message, hint) = found.in_words(*character);
        return if count == 1 {
            (message, hint)
        } else {
            let more = format!("，共 {count} 处");
            let plain = message.plain().to_owned() + &more;
            (Said::new(format!("{message}{more}"), plain), hint)
        };
    }
    let named = kinds.iter().take(MOST_NAMED);
    let each = named.map(|(character, found)| match found.ordinary {
        Some(ordinary) => format!("{character}→{ordinary}"),
        None => character.to_string(),
    });
    let each = each.collect::<Vec<_>>().join("、");
    let more = if kinds.len() > MOST_NAMED { "等" } else { "" };
    let message = format!("{} 个字符只是看上去像汉字，共 {count} 处", kinds.len());
    let known = kinds.iter().all(|(_, found)| found.ordinary.is_some());
    let remedy = if known {
        "改为通常的字"
    } else {
        "查明原文是哪个字"
    };
    let hint = format!("{remedy}：{each}{more}；它们多半是从 PDF 粘贴来的");
    (message.into(), hint.into())
}

/// The table, made by `fonts/build/lookalikes.py`: a code point and its character a line.
const TABLE: &str = include_str!("lookalikes.txt");

static LOOKALIKES: LazyLock<Vec<(char, Option<char>)>> = LazyLock::new(|| {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
    let parsed = lines.filter_map(|line| {
        let (code, ordinary) = line.split_once(' ').unwrap_or((line, ""));
        let code = u32::from_str_radix(code, 16).ok()?;
        Some((char::from_u32(code)?, ordinary.chars().next()))
    });
    parsed.collect()
});

/// The ordinary character that a radical, a stroke or a compatibility ideograph is mistaken for; `None` for all
/// other characters. By Unicode's `Equivalent_Unified_Ideograph` and NFKC.
#[must_use]
pub fn lookalike(character: char) -> Option<Lookalike> {
    let kind = match character {
        '\u{2E80}'..='\u{2EFF}' => "部首",
        '\u{2F00}'..='\u{2FDF}' => "康熙部首",
        '\u{31C0}'..='\u{31EF}' => "笔画",
        '\u{F900}'..='\u{FAFF}' | '\u{2F800}'..='\u{2FA1F}' => "兼容汉字",
        _ => return None,
    };
    let at = LOOKALIKES.binary_search_by_key(&character, |(code, _)| *code);
    let (_, ordinary) = LOOKALIKES.get(at.ok()?)?;
    Some(Lookalike {
        kind,
        ordinary: *ordinary,
    })
}

/// A text with the ordinary characters in place of those that only look like them.
#[must_use]
pub fn with_ordinary_characters(text: &str) -> String {
    let ordinary = |c| lookalike(c).and_then(|found| found.ordinary).unwrap_or(c);
    text.chars().map(ordinary).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_what_unicode_says() {
        let ordinary = |character| lookalike(character).map(|found| found.ordinary);
        for (character, wanted) in [
            ('\u{2F46}', '无'),
            ('\u{2F45}', '方'),
            ('\u{2FAF}', '面'),
            ('\u{2F8F}', '行'),
            ('\u{2EC5}', '见'),
            ('\u{31D0}', '一'),
            ('\u{F92C}', '郎'),
            ('\u{FA0C}', '兀'),
            ('\u{2F804}', '你'),
        ] {
            assert_eq!(ordinary(character), Some(Some(wanted)), "{character}");
        }
        assert_eq!(ordinary('\u{2E80}'), Some(None));
        // Places in the blocks without a character, and one that is an ordinary one in spite of its block.
        for character in ['\u{2E9A}', '\u{FA6E}', '\u{FA0E}', '\u{FA29}', '行'] {
            assert_eq!(ordinary(character), None, "{character}");
        }
        let kinds = |kind| {
            LOOKALIKES
                .iter()
                .filter(|(c, _)| lookalike(*c).unwrap().kind == kind)
                .count()
        };
        let counts = ["部首", "康熙部首", "笔画", "兼容汉字"].map(kinds);
        assert_eq!(counts, [115, 214, 36, 1_002]);
        let sorted = LOOKALIKES.windows(2).all(|pair| pair[0].0 < pair[1].0);
        assert_eq!(with_ordinary_characters("⽅⾯\u{2E80}a"), "方面\u{2E80}a");
        assert!(
            sorted
                && LOOKALIKES
                    .iter()
                    .all(|(_, c)| c.is_none_or(|c| lookalike(c).is_none()))
        );
    }
}
