//! The comments of a file, which its tree does not have.

use super::{Source, Span};

impl Source {
    /// The places of the comments in the order of the file, each to the end of its line; none in a file that is
    /// not YAML.
    #[must_use]
    pub fn comments(&self) -> Vec<Span> {
        let Ok(root) = self.root() else {
            return Vec::new();
        };
        let mut texts: Vec<Span> = root.scalars().into_iter().map(|(span, _)| span).collect();
        texts.sort_unstable_by_key(|span| span.start);
        let bytes = self.text().as_bytes();
        let mut texts = texts.into_iter().peekable();
        let (mut found, mut at) = (Vec::new(), 0);
        while let Some(next) = memchr::memchr(b'#', &bytes[at..]) {
            let start = at + next;
            while texts.next_if(|text| text.end <= start).is_some() {}
            let inside = texts.peek().filter(|text| text.start <= start);
            if let Some(text) = inside {
                at = text.end;
                continue;
            }
            let before = start.checked_sub(1).map(|before| bytes[before]);
            let begins = before.is_none_or(|before| before.is_ascii_whitespace());
            let rest = memchr::memchr(b'\n', &bytes[start..]);
            let end = rest.map_or(bytes.len(), |rest| start + rest);
            if begins {
                found.push(Span::new(start, end));
            }
            at = if begins { end } else { start + 1 };
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn comments(text: &str) -> Vec<String> {
        let source = Source::from_bytes(Path::new("x"), text.into());
        let shown = |span: Span| source.text()[span.start..span.end].to_owned();
        source.comments().into_iter().map(shown).collect()
    }

    #[test]
    fn comments_are_told_from_text() {
        let text = "# 一\na: 1 # 二\nb: 'x # y' # 三\nc: \"a\\\" # b\"\nd: |  # 四\n  # 正文\n  a # b\n# 五\n\
            e: [1, # 六\n  2] #七\nf: a#b\ng: # 八\nh: {i: '#'}\nj: >\n  甲 #\n  乙\n  # 丙\nk: 甲\n  乙\n\
            l:\n  - x # 九\n#";
        let found = comments(text);
        let expected = [
            "# 一", "# 二", "# 三", "# 四", "# 五", "# 六", "#七", "# 八", "# 九", "#",
        ];
        assert_eq!(found, expected);
        assert!(comments("a: [# x").is_empty());
        assert!(comments("a: 1\n").is_empty());
    }
}
