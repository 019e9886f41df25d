//! The lines of a source that a finding points at, long ones cut to the relevant part.
//!
//! Prose stands in lines of a thousand characters; shown whole they would bury the finding.

use codespan_reporting::files::{Error, Files};
use std::ops::Range;

use crate::source::{Source, Span};

/// The most characters of a line that are shown.
const WIDTH: usize = 72;
/// The number of those before the place, if a line is cut.
const BEFORE: usize = 20;
/// The sign for the omitted part.
const CUT: &str = "…";

/// One shown line.
struct ExcerptLine {
    number: usize,
    /// Its place in the text of the excerpt, with its line feed.
    shown: Range<usize>,
    /// The byte of the source at which the shown part begins, and the place of that part in the excerpt.
    from: usize,
    at: usize,
    /// The byte of the source after the shown part.
    to: usize,
    /// The number of characters before `from` in the source line.
    skipped: usize,
}

/// The shown lines of one finding.
pub(super) struct Excerpt {
    name: String,
    text: String,
    lines: Vec<ExcerptLine>,
}

impl Excerpt {
    /// Collects the lines at the starts of `spans`. A line that has to be cut is cut around the first of
    /// them.
    pub(super) fn new(source: &Source, spans: impl Iterator<Item = Span>) -> Self {
        let text = source.text();
        let line = |place: usize| source.line(place).0;
        let mut places: Vec<usize> = Vec::new();
        for span in spans {
            let start = floor(text, span.start);
            if places.iter().all(|place| line(*place) != line(start)) {
                places.push(start);
            }
        }
        places.sort_unstable();
        let mut excerpt = Self {
            name: tame(&source.path().display().to_string()),
            text: String::new(),
            lines: Vec::new(),
        };
        for place in places {
            excerpt.push(source, place);
        }
        excerpt
    }

    fn push(&mut self, source: &Source, place: usize) {
        let text = source.text();
        let (number, range) = source.line(place);
        let (first, line) = (range.start, &text[range]);
        let from = if line.chars().count() <= WIDTH {
            first
        } else {
            text[first..place]
                .char_indices()
                .rev()
                .nth(BEFORE - 1)
                .map_or(first, |(at, _)| first + at)
        };
        let rest = &text[from..first + line.len()];
        let to = rest
            .char_indices()
            .nth(WIDTH)
            .map_or(from + rest.len(), |(at, _)| from + at);
        let begin = self.text.len();
        if from > first {
            self.text.push_str(CUT);
        }
        let at = self.text.len();
        // Each control character becomes one of the same length, so that no place moves.
        let shown = &text[from..to];
        self.text.extend(shown.chars().map(|c| match c {
            '\t' => c,
            c if c.is_control() && c.len_utf8() == 1 => '?',
            c if c.is_control() => '¿',
            c if is_direction(c) && c.len_utf8() == 2 => '¿',
            c if is_direction(c) => '\u{FFFD}',
            c => c,
        }));
        if to < from + rest.len() {
            self.text.push_str(CUT);
        }
        self.text.push('\n');
        self.lines.push(ExcerptLine {
            number,
            shown: begin..self.text.len(),
            from,
            at,
            to,
            skipped: text[first..from].chars().count(),
        });
    }

    /// The place in the excerpt of a span of the source, cut to its first line; `None` if that part is not
    /// shown.
    pub(super) fn range(&self, span: Span) -> Option<Range<usize>> {
        let line = self
            .lines
            .iter()
            .find(|line| (line.from..=line.to).contains(&span.start))?;
        let place = |byte: usize| line.at + byte.clamp(line.from, line.to) - line.from;
        Some(floor(&self.text, place(span.start))..floor(&self.text, place(span.end)))
    }
}

/// Whether a character changes the direction in which text is shown, and so its apparent order.
fn is_direction(c: char) -> bool {
    matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// A text as it can be shown: without characters that a terminal obeys.
pub(crate) fn tame(text: &str) -> String {
    let obeyed = |c: char| c.is_control() && !matches!(c, '\n' | '\t') || is_direction(c);
    text.replace(obeyed, "\u{FFFD}")
}

/// The largest character boundary that is not behind `at`.
fn floor(text: &str, at: usize) -> usize {
    text.floor_char_boundary(at)
}

impl<'a> Files<'a> for Excerpt {
    type FileId = ();
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, (): ()) -> Result<&'a str, Error> {
        Ok(&self.name)
    }

    fn source(&'a self, (): ()) -> Result<&'a str, Error> {
        Ok(&self.text)
    }

    fn line_index(&'a self, (): (), byte: usize) -> Result<usize, Error> {
        let after = self.lines.partition_point(|line| line.shown.start <= byte);
        Ok(after.saturating_sub(1))
    }

    fn line_number(&'a self, (): (), index: usize) -> Result<usize, Error> {
        Ok(self.lines.get(index).map_or(1, |line| line.number))
    }

    fn column_number(&'a self, (): (), index: usize, byte: usize) -> Result<usize, Error> {
        let column = self.lines.get(index).map_or(0, |line| {
            line.skipped + self.text[line.at..byte.max(line.at)].chars().count()
        });
        Ok(column + 1)
    }

    fn line_range(&'a self, (): (), index: usize) -> Result<Range<usize>, Error> {
        let end = self.text.len();
        Ok(self
            .lines
            .get(index)
            .map_or(end..end, |line| line.shown.clone()))
    }
}
