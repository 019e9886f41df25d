//! What a character is in a line: where lines may end beside it, whether it gives way, whether it is stretched.

/// A character by what lines ask of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// 汉字 or kana.
    Hanzi,
    Digit,
    Letter,
    /// A sign of ASCII within words and addresses.
    Sign,
    Space,
    /// What begins no line: closing marks and what belongs to the character before.
    Closing,
    /// What ends no line: opening marks and what belongs to the character behind.
    Opening,
    /// What stands between two and neither begins nor ends a line, such as `/`.
    Between,
    /// A dash, which is doubled or joins two.
    Dash,
    Other,
}

/// The side of a full-width mark that has ink; the other is given up beside another mark and at the end of a line
/// (CLREQ, 3.1.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// Its ink at the right.
    Opening,
    /// Its ink at the left.
    Closing,
    Middle,
}

impl Kind {
    pub(super) fn of(c: char) -> Self {
        match c {
            '0'..='9' | '０'..='９' => Self::Digit,
            'a'..='z' | 'A'..='Z' => Self::Letter,
            '，' | '。' | '、' | '：' | '；' | '？' | '！' | '．' | '”' | '’' | '）' | '》'
            | '〉' | '』' | '」' | '】' | '〗' | '〕' | '］' | '｝' | '·' | '・' | '…' | '%'
            | '％' | '‰' | '℃' | '°' | '′' | '″' | '㎡' | '㎞' | '々' | 'ー' | ',' | '.' | ':'
            | ';' | '!' | '?' | ')' | ']' | '}' => Self::Closing,
            '“' | '‘' | '（' | '《' | '〈' | '『' | '「' | '【' | '〖' | '〔' | '［' | '｛'
            | '(' | '[' | '{' | '¥' | '￥' | '$' | '#' | '@' | '№' => Self::Opening,
            '/' | '／' | '"' | '\'' => Self::Between,
            '—' | '～' | '~' | '－' | '–' | '-' => Self::Dash,
            ' ' | '\u{3000}' => Self::Space,
            '!'..='~' => Self::Sign,
            '\u{3005}'..='\u{3007}'
            | '\u{3021}'..='\u{3029}'
            | '\u{3041}'..='\u{3096}'
            | '\u{30A1}'..='\u{30FA}'
            | '\u{3400}'..='\u{4DBF}'
            | '\u{4E00}'..='\u{9FFF}'
            | '\u{F900}'..='\u{FAFF}'
            | '\u{20000}'..='\u{323AF}' => Self::Hanzi,
            c if c.is_alphabetic() => Self::Letter,
            _ => Self::Other,
        }
    }

    /// Whether space between characters is spread behind it (Typst's rule).
    pub(super) fn is_stretched(self, mark: Option<Mark>) -> bool {
        mark.is_some() || matches!(self, Self::Hanzi | Self::Space)
    }
}

impl Mark {
    /// As Typst has them for GB/T 15834; quotation marks are taken as full-width.
    pub(super) fn of(c: char) -> Option<Self> {
        match c {
            '，' | '。' | '．' | '、' | '：' | '；' | '？' | '！' | '》' | '）' | '』' | '」'
            | '】' | '〗' | '〕' | '〉' | '］' | '｝' | '”' | '’' => Some(Self::Closing),
            '《' | '（' | '『' | '「' | '【' | '〖' | '〔' | '〈' | '［' | '｛' | '“' | '‘' => {
                Some(Self::Opening)
            }
            '·' | '・' => Some(Self::Middle),
            _ => None,
        }
    }

    /// The shares of its width that it can give up at its left and its right.
    pub(super) fn gives(self) -> (f64, f64) {
        match self {
            Self::Opening => (0.5, 0.0),
            Self::Closing => (0.0, 0.5),
            Self::Middle => (0.25, 0.25),
        }
    }
}

/// Whether no line begins with a character.
pub(in crate::typeset) fn closes(c: char) -> bool {
    Kind::of(c) == Kind::Closing
}

/// Whether no line ends with a character.
pub(in crate::typeset) fn opens(c: char) -> bool {
    Kind::of(c) == Kind::Opening
}

/// The bracket or quotation mark that closes what one opens.
pub(in crate::typeset) fn partner(c: char) -> Option<char> {
    Some(match c {
        '（' => '）',
        '《' => '》',
        '〈' => '〉',
        '“' => '”',
        '‘' => '’',
        '〔' => '〕',
        '［' => '］',
        '【' => '】',
        '「' => '」',
        '『' => '』',
        '〖' => '〗',
        '｛' => '｝',
        '(' => ')',
        '[' => ']',
        '{' => '}',
        _ => return None,
    })
}

/// Whether a mark is one that Latin text shares. Typst takes it for Chinese only if its advance is exactly 1 em, so
/// it must stand without tracking to give way.
pub(super) fn is_quotation(c: char) -> bool {
    matches!(c, '“' | '”' | '‘' | '’')
}

/// Whether a character is of ASCII and has ink, as all of an address.
pub(super) fn is_address(c: char) -> bool {
    c.is_ascii_graphic()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_opens_has_what_closes() {
        let all = ('\0'..='\u{FFFF}').filter(|c| partner(*c).is_some());
        let pairs: Vec<(char, char)> = all.filter_map(|c| Some((c, partner(c)?))).collect();
        assert_eq!(pairs.len(), 15);
        for (open, close) in pairs {
            assert!(opens(open) && closes(close), "{open}{close}");
            assert!(!closes(open) && !opens(close), "{open}{close}");
        }
        // Whatever opens has a partner, but for signs before a number.
        let alone = ('\0'..='\u{FFFF}').filter(|c| opens(*c) && partner(*c).is_none());
        assert_eq!(alone.collect::<String>(), "#$@¥№￥");
    }
}
