//! Workbooks (.xlsx): each sheet is a table, or several parted by blank rows.

use std::collections::BTreeMap;

use crate::import::block::{Block, Flag, Place, SourceCell};

use super::bounds::{MAX_SHEET, bounded};
use super::document::{Counts, Document, compact};
use super::package::Package;
use super::refusal::Refusal;
use super::xml::{Element, Xml};

/// The name of the kind of file.
const KIND: &str = "Excel（xlsx）";
/// The digits that a number is shown with: Excel keeps no more.
const DIGITS: usize = 15;

/// Reads a workbook.
pub(super) fn read(bytes: &[u8]) -> Result<Document, Refusal> {
    let package = Package::open(bytes, KIND)?;
    let main = package.relationships("")?;
    let main = main.iter().find(|found| found.kind == "officeDocument");
    let main = main.map_or("xl/workbook.xml", |found| &found.target);
    let missing = || Refusal::damaged(KIND, "没有工作表");
    let workbook = package.xml(main)?.ok_or_else(missing)?;
    let relationships = package.relationships(main)?;
    let part = |kind: &str| {
        let found = relationships.iter().find(|found| found.kind == kind);
        found.map_or(Ok(None), |found| package.xml(&found.target))
    };
    let strings = part("sharedStrings")?;
    let strings: Vec<String> = strings
        .iter()
        .flat_map(|xml| xml.root().elements().map(plain_text).collect::<Vec<_>>())
        .collect();
    let formats = part("styles")?.map(|xml| formats(&xml)).unwrap_or_default();
    let mut document = Document::default();
    let mut counts = Counts::default();
    let sheets = workbook.root().child("sheets");
    for sheet in sheets.iter().flat_map(|sheets| sheets.elements()) {
        let id = sheet.attribute("id").unwrap_or_default();
        let target = relationships.iter().find(|found| found.id == id);
        let Some(target) = target.filter(|found| found.kind == "worksheet") else {
            continue;
        };
        let Some(xml) = package.xml(&target.target)? else {
            continue;
        };
        let mut reader = Sheet {
            name: sheet.attribute("name").unwrap_or_default(),
            is_hidden: matches!(sheet.attribute("state"), Some("hidden" | "veryHidden")),
            strings: &strings,
            formats: &formats,
            cells: BTreeMap::new(),
        };
        reader.read(xml.root())?;
        reader.blocks(xml.root(), &mut counts, &mut document.blocks)?;
    }
    Ok(document)
}

/// How the numbers of a style are shown, as far as it matters.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Plain,
    Percent,
    Date,
}

struct Sheet<'x> {
    name: &'x str,
    is_hidden: bool,
    strings: &'x [String],
    formats: &'x [Format],
    /// The filled fields by row and column.
    cells: BTreeMap<(usize, usize), (String, Vec<Flag>)>,
}

impl Sheet<'_> {
    fn read(&mut self, root: Element) -> Result<(), Refusal> {
        let hidden: Vec<(usize, usize)> = root
            .child("cols")
            .iter()
            .flat_map(|columns| columns.elements())
            .filter(|column| matches!(column.attribute("hidden"), Some("1" | "true")))
            .filter_map(|column| {
                let side = |name| column.attribute(name)?.parse::<usize>().ok();
                Some((side("min")?.checked_sub(1)?, side("max")?))
            })
            .collect();
        let data = root.child("sheetData");
        let mut next_row = 0;
        for row in data.iter().flat_map(|data| data.elements()) {
            let own = row.attribute("r").and_then(|own| own.parse::<usize>().ok());
            let at = own.and_then(|own| own.checked_sub(1)).unwrap_or(next_row);
            next_row = at + 1;
            let mut next_column = 0;
            let is_hidden = matches!(row.attribute("hidden"), Some("1" | "true"));
            for cell in row.elements().filter(|cell| cell.name() == "c") {
                let place = cell.attribute("r").and_then(address);
                let (at, column) = place.unwrap_or((at, next_column));
                next_column = column + 1;
                let Some((text, mut flags)) = self.value(cell) else {
                    continue;
                };
                bounded(at + 1, MAX_SHEET[0], "工作表用到的行数")?;
                bounded(column + 1, MAX_SHEET[1], "工作表用到的列数")?;
                let in_hidden = |(from, to): &(usize, usize)| (*from..*to).contains(&column);
                if is_hidden || self.is_hidden || hidden.iter().any(in_hidden) {
                    flags.push(Flag::Concealed);
                }
                self.cells.insert((at, column), (text, flags));
            }
        }
        Ok(())
    }

    /// The text that a cell shows; `None` for a blank one.
    fn value(&self, cell: Element) -> Option<(String, Vec<Flag>)> {
        let mut flags = Vec::new();
        let written = cell.child("v").map(Element::text);
        if cell.child("f").is_some() {
            if written.is_none() {
                return Some((String::new(), vec![Flag::Unmapped]));
            }
            flags.push(Flag::Computed);
        }
        let text = match cell.attribute("t") {
            Some("s") => {
                let index = written?.trim().parse::<usize>().ok()?;
                self.strings.get(index)?.clone()
            }
            Some("inlineStr") => plain_text(cell.child("is")?),
            Some("b") => if written?.trim() == "1" {
                "TRUE"
            } else {
                "FALSE"
            }
            .to_owned(),
            Some("str" | "e" | "d") => written?,
            _ => {
                let written = written?;
                let style = cell
                    .attribute("s")
                    .and_then(|style| style.parse::<usize>().ok());
                let format = style.and_then(|style| self.formats.get(style));
                if matches!(format, Some(Format::Percent | Format::Date)) {
                    flags.push(Flag::Unmapped);
                }
                shown(written.trim(), &mut flags)
            }
        };
        (!text.trim().is_empty() || !flags.is_empty()).then(|| (text.trim().to_owned(), flags))
    }

    fn blocks(
        &self,
        root: Element,
        counts: &mut Counts,
        blocks: &mut Vec<Block>,
    ) -> Result<(), Refusal> {
        let merged = root.child("mergeCells");
        let merged = merged.iter().flat_map(|merged| merged.elements());
        let merged: Vec<[usize; 4]> = merged
            .filter_map(|range| {
                let (from, to) = range.attribute("ref")?.split_once(':')?;
                let (from, to) = (address(from)?, address(to)?);
                (from.0 <= to.0 && from.1 <= to.1).then_some([from.0, from.1, to.0, to.1])
            })
            .collect();
        let used = |at: &(usize, usize)| {
            let spans = merged
                .iter()
                .find(|range| [range[0], range[1]] == [at.0, at.1]);
            spans.map_or(at.0, |range| range[2].min(MAX_SHEET[0]))
        };
        // A blank row that no merged cell covers parts two tables.
        let mut parts: Vec<(usize, Vec<SourceCell>)> = Vec::new();
        let mut last = None;
        for (at, (text, flags)) in &self.cells {
            if last.is_none_or(|last| at.0 > last + 1) {
                parts.push((at.0, Vec::new()));
            }
            last = last.max(Some(used(at)));
            let spans = merged
                .iter()
                .find(|range| [range[0], range[1]] == [at.0, at.1]);
            let (rowspan, colspan) = spans.map_or((1, 1), |range| {
                let colspan = range[3].min(MAX_SHEET[1]) + 1 - at.1;
                (range[2].min(MAX_SHEET[0]) + 1 - at.0, colspan)
            });
            let covered = merged.iter().any(|range| {
                (range[0]..=range[2]).contains(&at.0)
                    && (range[1]..=range[3]).contains(&at.1)
                    && [range[0], range[1]] != [at.0, at.1]
            });
            counts.cell(text.len())?;
            if covered {
                continue; // Excel shows nothing of it
            }
            let Some((first, cells)) = parts.last_mut() else {
                continue;
            };
            cells.push(SourceCell {
                row: at.0 - *first,
                column: at.1,
                rowspan,
                colspan,
                text: text.clone(),
                flags: flags.clone(),
                children: Vec::new(),
                place: Place::Sheet {
                    sheet: self.name.to_owned(),
                    cell: name(*at),
                },
            });
        }
        for (first, cells) in parts {
            counts.table(0)?;
            let place = Place::Sheet {
                sheet: self.name.to_owned(),
                cell: name((first, 0)),
            };
            blocks.push(Block::Table(compact(cells, place)?));
        }
        Ok(())
    }
}

/// A number as Excel shows it without a format.
fn shown(written: &str, flags: &mut Vec<Flag>) -> String {
    let is_plain = |c: char| c.is_ascii_digit() || c == '-';
    let digits = written.chars().filter(char::is_ascii_digit).count();
    if written.chars().all(is_plain) {
        if digits > DIGITS {
            flags.push(Flag::Unmapped);
        }
        return written.to_owned();
    }
    let Ok(number) = written.parse::<f64>() else {
        return written.to_owned();
    };
    if !number.is_finite() || number.abs() >= 1e15 {
        flags.push(Flag::Unmapped);
        return written.to_owned();
    }
    // As many decimals as fifteen digits leave, without zeros at the end.
    let whole = format!("{:.0}", number.abs().trunc());
    let whole = if whole == "0" { 0 } else { whole.len() };
    let text = format!("{number:.*}", DIGITS - whole);
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0" } else { text }.to_owned()
}

/// The text of a string, without the readings of its words.
fn plain_text(string: Element) -> String {
    let mut text = String::new();
    for part in string.elements() {
        match part.name() {
            "t" => text.push_str(&part.text()),
            "r" => text.extend(part.child("t").map(Element::text)),
            _ => {}
        }
    }
    text
}

/// The formats of the styles of cells.
fn formats(xml: &Xml) -> Vec<Format> {
    let root = xml.root();
    let own = root.child("numFmts");
    let code = |id: u32| {
        let mut own = own.iter().flat_map(|own| own.elements());
        let own = own.find(|own| own.attribute("numFmtId") == Some(&id.to_string()))?;
        own.attribute("formatCode")
    };
    let styles = root.child("cellXfs");
    let styles = styles.iter().flat_map(|styles| styles.elements());
    let format = styles.map(|style| {
        let id = style
            .attribute("numFmtId")
            .and_then(|id| id.parse::<u32>().ok());
        let id = id.unwrap_or_default();
        match (id, code(id)) {
            (9 | 10, _) => Format::Percent,
            (14..=22 | 27..=36 | 45..=47 | 50..=58, _) => Format::Date,
            (_, Some(code)) if code.contains('%') => Format::Percent,
            (_, Some(code)) if code.contains("yy") || code.contains("mm") => Format::Date,
            _ => Format::Plain,
        }
    });
    format.collect()
}

/// The row and the column of an address such as `B7`, from 0.
fn address(written: &str) -> Option<(usize, usize)> {
    let written = written.replace('$', "");
    let digits = written.find(|c: char| c.is_ascii_digit())?;
    let (letters, row) = written.split_at(digits);
    let mut column: usize = 0;
    for letter in letters.bytes() {
        let value = letter
            .to_ascii_uppercase()
            .checked_sub(b'A')
            .filter(|v| *v < 26)?;
        column = column
            .checked_mul(26)?
            .checked_add(usize::from(value) + 1)?;
    }
    Some((
        row.parse::<usize>().ok()?.checked_sub(1)?,
        column.checked_sub(1)?,
    ))
}

/// The address of a field.
fn name((row, column): (usize, usize)) -> String {
    let mut letters = String::new();
    let mut rest = column + 1;
    while rest > 0 {
        let letter = u8::try_from((rest - 1) % 26).unwrap_or_default();
        letters.insert(0, char::from(b'A' + letter));
        rest = (rest - 1) / 26;
    }
    format!("{letters}{}", row + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_as_excel_shows_them() {
        for (written, expected) in [
            ("7730.280000000001", "7730.28"),
            ("97", "97"),
            ("0.1", "0.1"),
            ("1E2", "100"),
            ("-3.50", "-3.5"),
            ("12.000000000000002", "12"),
        ] {
            assert_eq!(shown(written, &mut Vec::new()), expected, "{written}");
        }
        let mut flags = Vec::new();
        shown("1234567890123456", &mut flags);
        assert_eq!(flags, [Flag::Unmapped]);
        assert_eq!(address("AB12"), Some((11, 27)));
        assert_eq!(name((11, 27)), "AB12");
        assert_eq!(address("AZZ0"), None);
        assert_eq!(address("ZZZZZZZZZZZZZZZZZZZ1"), None);
    }
}
