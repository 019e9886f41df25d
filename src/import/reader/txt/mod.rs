//! Plain texts, as programs that take the text out of other files write them: lines, and tables whose cells are parted
//! by signs, by blanks, or stand on lines of their own.
//!
//! Figures that stand together without anything between them are not taken apart.

mod prose;
mod rows;

use std::ops::Range;

use super::bounds::{MAX_CELLS, MAX_TEXT, bounded};
use super::cells::is_title;
use super::document::{Counts, Document, LeftOut, compact};
use super::html;
use super::refusal::Refusal;
use crate::import::block::{Block, Flag, Place, SourceCell};
use prose::Prose;
use rows::{Row, is_label, is_rule, is_value, row_of};

/// The most lines of text between two rows of a table.
const GAP: usize = 12;
/// The most characters of a line of text within a table.
const LABEL: usize = 40;
/// The most characters of a head above the first row of a table.
const HEAD: usize = 24;
/// Of how many characters there may be one without meaning.
const UNMAPPED: usize = 20;

/// Reads a text.
pub(super) fn read(bytes: &[u8]) -> Result<Document, Refusal> {
    let text = html::decoded(bytes, None);
    let unmapped = text
        .chars()
        .filter(|c| *c == char::REPLACEMENT_CHARACTER)
        .count();
    if text.contains('\0') || unmapped * UNMAPPED > text.chars().count() {
        return Err(Refusal(
            "不认识这种文件，也不是文字；用原来的程序打开，另存为 docx".to_owned(),
        ));
    }
    bounded(text.len(), MAX_TEXT, "文字的字节数")?;
    bounded(text.lines().count(), MAX_CELLS, "文字的行数")?;
    let mut reader = Reader {
        lines: Vec::new(),
        tried: 0,
        counts: Counts::default(),
        found: Document::default(),
    };
    for (index, line) in text.lines().enumerate() {
        reader.line(index + 1, line);
    }
    reader.blocks()?;
    Ok(reader.found)
}

/// A line that is read.
struct Line<'t> {
    /// Its number in the file, from 1.
    number: usize,
    text: &'t str,
    kind: Kind<'t>,
}

enum Kind<'t> {
    Blank,
    Text,
    /// Cells of a row, and whether they are surely that.
    Row(Row<'t>),
    /// A line that is a cell by itself, behind a tab.
    Cell(&'t str),
}

struct Reader<'t> {
    lines: Vec<Line<'t>>,
    /// Before which line no table of cells on lines of their own begins.
    tried: usize,
    counts: Counts,
    found: Document,
}

/// Rows of a table, each with its line and whether it was joined of several.
type Rows = Vec<(usize, Vec<String>, bool)>;

impl<'t> Reader<'t> {
    /// Takes a line; numbers of pages and marks of programs are left out.
    fn line(&mut self, number: usize, line: &'t str) {
        let line = line.trim_end_matches(['\r', '\u{c}']);
        let line = line.trim_start_matches(['\u{feff}', '\u{c}']);
        let mut rest = line;
        if let Some((mark, behind)) = bookmark(rest) {
            self.leave_out("书签", mark, number);
            rest = behind;
        }
        if is_page_number(rest.trim()) {
            self.leave_out("页码", rest.trim(), number);
            return;
        }
        let own = rest.strip_prefix('\t').filter(|own| !own.contains('\t'));
        let kind = match own {
            Some(own) => Kind::Cell(own.trim()),
            None if rest.trim().is_empty() || is_rule(rest) => Kind::Blank,
            None => row_of(rest).map_or(Kind::Text, Kind::Row),
        };
        self.lines.push(Line {
            number,
            text: rest,
            kind,
        });
    }

    fn leave_out(&mut self, what: &'static str, text: &str, line: usize) {
        self.found.left_out.push(LeftOut {
            what,
            text: text.to_owned(),
            place: Place::Line(line),
        });
    }

    fn blocks(&mut self) -> Result<(), Refusal> {
        let texts = self
            .lines
            .iter()
            .filter(|line| matches!(line.kind, Kind::Text));
        let mut prose = Prose::of(texts.map(|line| line.text));
        let mut at = 0;
        while at < self.lines.len() {
            if let Some((end, rows)) = self.rows(at).or_else(|| self.cells(at)) {
                self.take(&mut prose)?;
                self.table(rows)?;
                at = end;
                continue;
            }
            let Line { number, text, kind } = &self.lines[at];
            match kind {
                Kind::Blank => prose.end(),
                _ => prose.add(*number, text),
            }
            at += 1;
        }
        self.take(&mut prose)
    }

    fn take(&mut self, prose: &mut Prose) -> Result<(), Refusal> {
        for paragraph in prose.take() {
            self.counts.paragraph(paragraph.text.len())?;
            self.found.blocks.push(Block::Paragraph(paragraph));
        }
        Ok(())
    }

    /// The rows of a table that begins with a line, and the line behind it.
    fn rows(&self, start: usize) -> Option<(usize, Rows)> {
        // Heads may stand on lines of their own above the first row, below a title all of them.
        let before = start.checked_sub(1).map(|before| &self.lines[before]);
        let before = before.filter(|line| matches!(line.kind, Kind::Text));
        let is_titled = before.is_some_and(|line| is_title(line.text));
        let is_part = |line: &&Line| {
            let text = line.text.trim();
            let is_label = text.chars().count() <= LABEL && !text.ends_with(['。', '：', ':']);
            let is_part = is_head(text) || is_titled && is_label && !is_title(text);
            matches!(line.kind, Kind::Text) && is_part
        };
        let heads = self.lines[start..].iter().take(GAP).take_while(is_part);
        let first = start + heads.count();
        let is_sure = |at: usize| match self.lines.get(at).map(|line| &line.kind) {
            Some(Kind::Row(row)) => row.is_sure,
            _ => false,
        };
        if !is_sure(first) {
            return None;
        }
        let mut end = first;
        let mut at = first;
        // Lines of text are of the table as far as a row stands behind them.
        while at < self.lines.len() && at - end <= GAP {
            let goes_on = match &self.lines[at].kind {
                Kind::Row(row) => {
                    if row.is_sure || at - end < 3 {
                        end = at + 1;
                    }
                    true
                }
                Kind::Blank => true,
                Kind::Text => self.is_inner(at),
                Kind::Cell(_) => false,
            };
            if !goes_on {
                break;
            }
            at += 1;
        }
        let rows = self.joined(start..end);
        Some((end, rows))
    }

    /// Whether a line of text can stand between the rows of a table.
    fn is_inner(&self, at: usize) -> bool {
        let text = self.lines[at].text.trim();
        if text.contains('。') || text.chars().count() > LABEL {
            return false;
        }
        // What looks like the title of a part is the label of a group if values come right behind it.
        let mut behind = self.lines[at + 1..].iter().take(GAP);
        let next = behind.find(|line| !matches!(line.kind, Kind::Blank));
        let next = next.and_then(|line| match &line.kind {
            Kind::Row(row) => Some(row),
            _ => None,
        });
        !is_title(text) || next.is_some_and(|row| row.cells.iter().any(|cell| is_value(cell)))
    }

    /// The rows of lines. Values without a label take the line before them, and that behind them if it goes on with it.
    fn joined(&self, lines: Range<usize>) -> Rows {
        let mut rows = Rows::new();
        let mut text: Option<usize> = None;
        let mut at = lines.start;
        while at < lines.end {
            let line = &self.lines[at];
            at += 1;
            let Kind::Row(row) = &line.kind else {
                if matches!(line.kind, Kind::Text) {
                    text = Some(rows.len());
                    rows.push((line.number, vec![line.text.trim().to_owned()], false));
                }
                continue;
            };
            let cells = row.cells.iter().map(|cell| (*cell).to_owned());
            let mut cells: Vec<String> = cells.collect();
            let before = text.take().filter(|before| before + 1 == rows.len());
            let is_bare = row.cells.len() > 1 && row.cells.iter().all(|cell| is_value(cell));
            let mut is_joined = false;
            if let Some((_, label, _)) = before.and_then(|before| rows.get(before))
                && is_bare
                && is_label(&label[0])
            {
                let mut label = label[0].clone();
                let next = self.lines.get(at).filter(|_| at < lines.end);
                if let Some(next) = next
                    && matches!(next.kind, Kind::Text)
                    && !is_label(next.text)
                    && next.text.trim().chars().count() > 1
                {
                    label.push_str(next.text.trim());
                    at += 1;
                }
                rows.pop();
                cells.insert(0, label);
                is_joined = true;
            }
            rows.push((line.number, cells, is_joined));
        }
        rows
    }

    /// The rows of a table whose cells stand on lines of their own behind tabs, and the line behind it. Blank lines
    /// part its rows.
    fn cells(&mut self, start: usize) -> Option<(usize, Rows)> {
        if start < self.tried {
            return None;
        }
        let is_prose = |text: &str| text.contains('。') || text.chars().count() > 2 * LABEL;
        let mut rows = Rows::new();
        let (mut end, mut row, mut is_open) = (start, start, false);
        let mut at = start;
        while let Some(line) = self.lines.get(at) {
            at += 1;
            // A paragraph that is indented by a tab ends the table, and is no row of it.
            if matches!(line.kind, Kind::Cell(_) | Kind::Text) && is_prose(line.text) {
                if is_open {
                    rows.pop();
                    end = row;
                }
                break;
            }
            let open = rows
                .last_mut()
                .filter(|_| is_open)
                .map(|(_, cells, _)| cells);
            match (&line.kind, open) {
                (Kind::Blank, _) => is_open = false,
                (Kind::Cell(cell), Some(cells)) => cells.push((*cell).to_owned()),
                (Kind::Cell(cell), None) => {
                    row = at - 1;
                    rows.push((line.number, vec![(*cell).to_owned()], false));
                    is_open = true;
                }
                // A cell may have several lines.
                (Kind::Text | Kind::Row(_), Some(cells)) => {
                    if let Some(cell) = cells.last_mut() {
                        cell.push('\n');
                        cell.push_str(line.text.trim());
                    }
                }
                (Kind::Text | Kind::Row(_), None) => break,
            }
            if is_open {
                end = at;
            }
        }
        self.tried = at;
        let is_table = rows.len() > 1 && rows.iter().any(|(_, cells, _)| cells.len() > 1);
        is_table.then_some((end, rows))
    }

    fn table(&mut self, mut rows: Rows) -> Result<(), Refusal> {
        for (line, cells, _) in rows.drain(..scrambled(&rows)) {
            self.leave_out("分不清的栏名", &cells.join(" "), line);
        }
        self.counts.table(0)?;
        let first = rows.first().map_or(1, |(line, ..)| *line);
        let mut cells = Vec::new();
        for (row, (line, texts, is_joined)) in rows.into_iter().enumerate() {
            for (column, text) in texts.into_iter().enumerate() {
                self.counts.cell(text.len())?;
                cells.push(SourceCell {
                    row,
                    column,
                    rowspan: 1,
                    colspan: 1,
                    text,
                    flags: is_joined.then_some(Flag::Irregular).into_iter().collect(),
                    children: Vec::new(),
                    place: Place::Line(line),
                });
            }
        }
        let table = compact(cells, Place::Line(first))?;
        self.found.blocks.push(Block::Table(table));
        Ok(())
    }
}

/// How many rows above the values of a table are heads of which none has as many cells as there are values: what
/// stands above which value cannot be told.
fn scrambled(rows: &Rows) -> usize {
    let values = |cells: &[String]| cells.iter().rev().take_while(|cell| is_value(cell)).count();
    let most = rows.iter().map(|(_, cells, _)| values(cells)).max();
    let most = most.filter(|most| *most > 1).unwrap_or_default();
    let heads = rows.iter().take_while(|(_, cells, _)| values(cells) == 0);
    let heads: Vec<&[String]> = heads.map(|(_, cells, _)| cells.as_slice()).collect();
    let fits = |cells: &&[String]| (most..=most + 3).contains(&cells.len());
    let is_part = |cells: &&[String]| cells.len() == 1 && is_label(&cells[0]);
    if most == 0 || heads.iter().any(fits) {
        return 0;
    }
    // The label of a group right above the values is no head.
    heads.len()
        - heads
            .iter()
            .rev()
            .take_while(|cells| is_part(cells))
            .count()
}

/// Whether a line can be a head of columns.
fn is_head(line: &str) -> bool {
    let line = line.trim();
    line.chars().count() <= HEAD && !line.contains(['。', '，', '；', '：', '、'])
}

/// The name of a place in the file that the text was taken from, and what stands behind it.
fn bookmark(line: &str) -> Option<(&str, &str)> {
    let behind = line.trim_start().strip_prefix("[bookmark:")?;
    let (mark, behind) = behind.split_once(']')?;
    Some((mark.trim(), behind))
}

/// Whether a line is the number of a page: `- 1 -`, `第 1 页`, `第 1 页 共 5 页`.
fn is_page_number(line: &str) -> bool {
    let dash = |c: char| matches!(c, '-' | '—' | '–' | '－' | '―');
    let inner = line.trim_start_matches(dash).trim_end_matches(dash);
    let has_dashes = line.starts_with(dash) && line.ends_with(dash);
    let is_number = |text: &str| {
        let text = text.trim();
        !text.is_empty() && text.chars().all(|c| c.is_ascii_digit())
    };
    if has_dashes && is_number(inner) {
        return true;
    }
    let page = line
        .strip_prefix('第')
        .and_then(|rest| rest.split_once('页'));
    page.is_some_and(|(number, rest)| {
        let rest = rest.trim_matches(|c| "共页/，, ".contains(c));
        is_number(number) && (rest.is_empty() || is_number(rest))
    })
}
