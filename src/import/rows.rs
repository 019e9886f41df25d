//! The rows of a table of a file: what each is, and which label of the form it has.

use super::outline::Outline;
use super::reading::Kind;
use super::sheet::Sheet;

/// Why something was left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The form has no such label.
    Unknown,
    /// The form has several such labels, or the columns cannot be told.
    Ambiguous,
    /// It stands there twice.
    Repeated,
    /// It stands below another label than in the form.
    Misplaced,
}

impl Reason {
    /// The reason in Chinese.
    #[must_use]
    pub const fn said(self) -> &'static str {
        match self {
            Self::Unknown => "本表没有",
            Self::Ambiguous => "分不清是哪一项",
            Self::Repeated => "出现了两次",
            Self::Misplaced => "所在的位置与本表不同",
        }
    }
}

/// What a row of a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// Heads of columns.
    Head,
    /// Heads that the form has none of.
    Foreign,
    /// A row with a label of the form.
    Labelled {
        /// The label.
        node: usize,
        /// The cell that it stands in.
        leaf: usize,
        /// Whether another text stands there that is near to it.
        is_near: bool,
    },
    /// A row with values whose label the form has not, or cannot be told.
    Unknown {
        /// The cell of the label.
        leaf: usize,
        /// Why it is not known.
        reason: Reason,
    },
    /// Values without a label.
    Values,
    /// A title, a row of blanks.
    Other {
        /// Whether nothing stands in it.
        is_blank: bool,
    },
}

/// What the rows of a file are, from the top.
pub(super) fn lines(sheet: &Sheet, outline: &Outline, is_list: bool) -> Vec<Line> {
    let mut reader = Reader {
        sheet,
        outline,
        is_list,
        lines: Vec::new(),
    };
    for row in 0..sheet.rows() {
        let line = reader.line(row);
        reader.lines.push(line);
    }
    reader.lines
}

struct Reader<'a> {
    sheet: &'a Sheet<'a>,
    outline: &'a Outline,
    is_list: bool,
    lines: Vec<Line>,
}

impl Reader<'_> {
    fn line(&self, at: usize) -> Line {
        let cells = self.sheet.row(at);
        let mark = |cell: &usize| &self.sheet.marks[*cell];
        let count = |kind: Kind| cells.iter().filter(|cell| mark(cell).kind == kind).count();
        let (words, numbers, signs) = (count(Kind::Words), count(Kind::Number), count(Kind::Sign));
        let heads = cells
            .iter()
            .filter(|cell| mark(cell).column.is_some())
            .count();
        let is_labelled = cells.iter().any(|cell| mark(cell).row.is_some());
        if numbers == 0 && (heads > 1 || heads == 1 && !is_labelled) {
            return Line::Head;
        }
        let last = cells.iter().rposition(|cell| mark(cell).row.is_some());
        if let Some(at_leaf) = last {
            let leaf = cells[at_leaf];
            // What stands right behind a label, and is no value, is the label of the row.
            if let Some(next) = cells.get(at_leaf + 1)
                && self.sheet.is_words(*next)
                && !(self.is_list && mark(next).is_unit)
            {
                let reason = Reason::Unknown;
                return Line::Unknown {
                    leaf: *next,
                    reason,
                };
            }
            return match self.node(at, &cells[..at_leaf], leaf) {
                Ok(node) => {
                    let is_near = mark(&leaf).row.is_some_and(|meant| meant.distance > 0);
                    Line::Labelled {
                        node,
                        leaf,
                        is_near,
                    }
                }
                Err(reason) => Line::Unknown { leaf, reason },
            };
        }
        let label = cells.iter().find(|cell| self.sheet.is_words(**cell));
        match (label, numbers + signs) {
            (None, 0) => Line::Other { is_blank: true },
            (None, _) => Line::Values,
            (Some(leaf), 1..) => Line::Unknown {
                leaf: *leaf,
                reason: Reason::Unknown,
            },
            (Some(_), 0) if words > 1 => Line::Foreign,
            (Some(_), 0) => Line::Other { is_blank: false },
        }
    }

    /// The label of the form that a cell has, which stands in a row behind others.
    fn node(&self, at: usize, before: &[usize], leaf: usize) -> Result<usize, Reason> {
        let stubs = &self.outline.stubs;
        let words = |cell: usize| self.sheet.marks[cell].row.map(|meant| meant.words);
        let wanted = words(leaf);
        let has =
            |node: usize, words: usize| stubs[node].above.iter().any(|a| stubs[*a].words == words);
        let mut found: Vec<usize> = (0..stubs.len())
            .filter(|node| Some(stubs[*node].words) == wanted)
            .collect();
        // A label that reached over several columns may stand in each of them.
        let above = before
            .iter()
            .filter_map(|cell| words(*cell))
            .filter(|words| Some(*words) != wanted);
        let above: Vec<usize> = above.collect();
        found.retain(|node| above.iter().all(|words| has(*node, *words)));
        if found.is_empty() {
            return Err(Reason::Misplaced);
        }
        // A label that reached over several rows may have lost its span, and stands above then.
        for cell in before {
            if found.len() < 2 || !self.sheet.is_blank(*cell) {
                continue;
            }
            let column = self.sheet.cell(*cell).column;
            let mut above = (0..at).rev().filter_map(|row| self.sheet.at(row, column));
            let above = above
                .find(|cell| !self.sheet.is_blank(*cell))
                .and_then(words);
            if let Some(above) = above
                && found.iter().any(|node| has(*node, above))
            {
                found.retain(|node| has(*node, above));
            }
        }
        if found.len() > 1 {
            found = self.below(&found);
        }
        match found.as_slice() {
            [node] => Ok(*node),
            _ => Err(Reason::Ambiguous),
        }
    }

    /// Of several labels those that stand below the group of the rows before, if these are of one group, in order.
    fn below(&self, found: &[usize]) -> Vec<usize> {
        let stubs = &self.outline.stubs;
        let mut next = None;
        for line in self.lines.iter().rev() {
            let node = match line {
                Line::Labelled { node, .. } => *node,
                Line::Other { is_blank: true } => continue,
                _ => break,
            };
            let is_group = |one: &&usize| stubs[**one].above.contains(&node);
            let below: Vec<usize> = found.iter().filter(is_group).copied().collect();
            if !below.is_empty() {
                let is_whole = |one: &usize| next.is_none_or(|(_, last)| last < *one);
                let is_inside = next.is_none_or(|(first, _)| node < first);
                return below
                    .into_iter()
                    .filter(|one| is_inside && is_whole(one))
                    .collect();
            }
            next = match next {
                None => Some((node, node)),
                Some((first, last)) if node < first => Some((node, last)),
                Some(_) => break,
            };
        }
        found.to_vec()
    }
}
