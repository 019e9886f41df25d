//! Brackets and quotes that wait for their partners.

/// A list or map in brackets or a text in quotes, as far as it was read.
pub(super) struct Open {
    /// The marks without a partner so far and their places, the innermost last.
    pub marks: Vec<(usize, char)>,
    /// The brackets within it that another closed.
    pub crossed: Vec<(usize, char)>,
    /// The last character that is no blank.
    before: char,
}

impl Open {
    /// What a mark opens at a place.
    pub fn new(mark: char, at: usize) -> Self {
        Self {
            marks: vec![(at, mark)],
            crossed: Vec::new(),
            before: mark,
        }
    }

    /// Whether it goes on within quotes.
    pub fn in_quotes(&self) -> bool {
        matches!(self.marks.last(), Some((_, '"' | '\'')))
    }

    /// Reads on to the end of a line that begins at `at`; the length up to its end, if it ends there.
    pub fn read(&mut self, line: &str, at: usize) -> Option<usize> {
        let mut characters = line.char_indices().peekable();
        let mut last = ' ';
        while let Some((i, c)) = characters.next() {
            let end = i + c.len_utf8();
            // A full-width bracket at the end of the line is meant for one of half width.
            let is_last = || line[end..].trim_start().is_empty();
            match (self.marks.last()?.1, c) {
                ('"', '\\') => drop(characters.next()),
                ('\'', '\'') if characters.next_if(|(_, next)| *next == '\'').is_some() => {}
                ('"', '"') | ('\'', '\'') => drop(self.marks.pop()),
                ('"' | '\'', _) => {}
                (_, '[' | '{') => self.marks.push((at + i, c)),
                (_, ']') => self.close('['),
                (_, '}') => self.close('{'),
                (_, '】' | '］') if is_last() => self.close('['),
                (_, '｝') if is_last() => self.close('{'),
                (_, '"' | '\'') if "[{,:".contains(self.before) => self.marks.push((at + i, c)),
                (_, '#') if last.is_whitespace() => return None,
                _ => {}
            }
            if self.marks.is_empty() {
                return Some(end);
            }
            last = c;
            if !c.is_whitespace() {
                self.before = c;
            }
        }
        None
    }

    /// Closes the innermost bracket of a kind, and those within it.
    fn close(&mut self, mark: char) {
        let Some(opened) = self.marks.iter().rposition(|(_, own)| *own == mark) else {
            return;
        };
        self.crossed.extend(self.marks.drain(opened + 1..));
        self.marks.pop();
    }
}
