//! Objects of a PDF that was just written, found by its cross-reference table and changed in place.

use std::ops::Range;

use memchr::memmem;

/// The offsets of the objects by number: the cross-reference table (ISO 32000-1, 7.5.4). An attached file may
/// contain what looks like an object, but no entry points there.
pub(super) struct Objects {
    offsets: Vec<Option<usize>>,
    /// The offset of the table, and its rows of twenty bytes each.
    table: usize,
    rows: Range<usize>,
}

impl Objects {
    pub(super) fn of(pdf: &[u8]) -> Option<Self> {
        let end = memmem::rfind(pdf, b"startxref\n")?;
        let at = pdf[end..].split(|b| *b == b'\n').nth(1)?;
        let table = number(at)?;
        let entries = pdf.get(table..end)?.strip_prefix(b"xref\n0 ")?;
        let head = memmem::find(entries, b"\n")? + 1;
        let count = number(&entries[..head])?;
        let start = table + "xref\n0 ".len() + head;
        let rows = start..start + 20 * count;
        let offset = |row: &[u8]| number(&row[..10]).filter(|_| row[17] == b'n');
        Some(Self {
            offsets: pdf
                .get(rows.clone())?
                .chunks_exact(20)
                .map(offset)
                .collect(),
            table,
            rows,
        })
    }

    /// The numbers of all objects.
    pub(super) fn numbers(&self) -> Range<usize> {
        0..self.offsets.len()
    }

    /// The range of an object's content, between its head and its end.
    pub(super) fn content(&self, pdf: &[u8], number: usize) -> Option<Range<usize>> {
        let at = (*self.offsets.get(number)?)?;
        let start = at + format!("{number} 0 obj\n").len();
        let length = memmem::find(pdf.get(start..)?, b"endobj")?;
        Some(start..start + length)
    }

    /// The PDF with the content of one object replaced: everything behind it moves, and the table with it.
    pub(super) fn replaced(
        &self,
        pdf: &[u8],
        at: &Range<usize>,
        content: &[u8],
    ) -> Option<Vec<u8>> {
        let moved = |offset: usize| {
            let behind = offset > at.start;
            let offset = if behind {
                offset + content.len()
            } else {
                offset
            };
            offset.checked_sub(if behind { at.len() } else { 0 })
        };
        let mut out = [pdf.get(..at.start)?, content].concat();
        out.extend_from_slice(pdf.get(at.end..self.rows.start)?);
        for row in pdf[self.rows.clone()].chunks_exact(20) {
            let offset = number(&row[..10])?;
            let offset = if row[17] == b'n' {
                moved(offset)?
            } else {
                offset
            };
            out.extend_from_slice(format!("{offset:010}").as_bytes());
            out.extend_from_slice(&row[10..]);
        }
        let trailer = pdf.get(self.rows.end..)?;
        let end = memmem::rfind(trailer, b"startxref\n")? + "startxref\n".len();
        out.extend_from_slice(&trailer[..end]);
        out.extend_from_slice(format!("{}\n%%EOF", moved(self.table)?).as_bytes());
        Some(out)
    }
}

pub(super) fn number(digits: &[u8]) -> Option<usize> {
    std::str::from_utf8(digits).ok()?.trim().parse().ok()
}
