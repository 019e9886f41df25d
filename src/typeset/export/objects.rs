//! Objects of a PDF that was just written, found by its cross-reference table, and the one pass that changes them.

use std::ops::Range;

use memchr::{memchr, memmem};

/// A part of a PDF, and what stands there instead.
pub(super) type Change = (Range<usize>, Vec<u8>);

/// A PDF with the places of its objects by number: the cross-reference table (ISO 32000-1, 7.5.4). An attached file
/// may contain what looks like an object, but no entry points there.
pub(super) struct Objects<'a> {
    pub pdf: &'a [u8],
    contents: Vec<Option<usize>>,
    /// The offset of the table, and its rows of twenty bytes each.
    table: usize,
    rows: Range<usize>,
}

impl<'a> Objects<'a> {
    pub(super) fn of(pdf: &'a [u8]) -> Option<Self> {
        let end = memmem::rfind(pdf, b"startxref\n")?;
        let at = pdf[end..].split(|b| *b == b'\n').nth(1)?;
        let table = number(at)?;
        let entries = pdf.get(table..end)?.strip_prefix(b"xref\n0 ")?;
        let head = memchr(b'\n', entries)? + 1;
        let count = number(&entries[..head])?;
        let start = table + "xref\n0 ".len() + head;
        let rows = start..start + 20 * count;
        let content = |row: &[u8]| {
            let offset = offset(row)?;
            Some(offset + memchr(b'\n', pdf.get(offset..)?)? + 1)
        };
        let contents = pdf.get(rows.clone())?.chunks_exact(20).map(content);
        Some(Self {
            pdf,
            contents: contents.collect(),
            table,
            rows,
        })
    }

    /// The offsets of the contents of all objects, in the order of their numbers.
    pub(super) fn contents(&self) -> impl Iterator<Item = usize> {
        self.contents.iter().filter_map(|content| *content)
    }

    /// The offset of the content of the object that is named behind a key, the first one behind `from`.
    pub(super) fn named(&self, from: usize, key: &[u8]) -> Option<usize> {
        let value = from + memmem::find(&self.pdf[from..], key)? + key.len();
        let digits = self.pdf[value..].split(|b| *b == b' ').next()?;
        *self.contents.get(number(digits)?)?
    }

    /// The offset of the content of the catalog.
    pub(super) fn catalog(&self) -> Option<usize> {
        self.named(self.rows.end, b"/Root ")
    }

    /// The part where a text stands that begins within a dictionary of no streams and no text of the report.
    pub(super) fn part(&self, content: usize, text: &[u8]) -> Option<Range<usize>> {
        let end = content + memmem::find(&self.pdf[content..], b"\nendobj")?;
        let start = content + memmem::find(&self.pdf[content..end], text)?;
        Some(start..start + text.len())
    }

    /// The PDF with all changes made, of which none may touch another: what stands behind one moves, and the
    /// table tells where to.
    pub(super) fn changed(&self, mut changes: Vec<Change>) -> Option<Vec<u8>> {
        changes.sort_unstable_by_key(|(part, _)| part.start);
        let more: usize = changes.iter().map(|(_, new)| new.len()).sum();
        let mut out = Vec::with_capacity(self.pdf.len() + more);
        // How far what begins at an offset moves, up to the next such offset.
        let mut moves = vec![(0, 0)];
        let mut copied = 0;
        for (part, new) in &changes {
            out.extend_from_slice(self.pdf.get(copied..part.start)?);
            out.extend_from_slice(new);
            copied = part.end;
            moves.push((copied, out.len().wrapping_sub(copied)));
        }
        out.extend_from_slice(self.pdf.get(copied..self.rows.start)?);
        let moved = |offset: usize| {
            let next = moves.partition_point(|(from, _)| *from <= offset);
            offset.wrapping_add(moves[next - 1].1)
        };
        for row in self.pdf[self.rows.clone()].chunks_exact(20) {
            match offset(row) {
                Some(offset) => {
                    out.extend_from_slice(format!("{:010}", moved(offset)).as_bytes());
                    out.extend_from_slice(&row[10..]);
                }
                None => out.extend_from_slice(row),
            }
        }
        let trailer = &self.pdf[self.rows.end..];
        let end = memmem::rfind(trailer, b"startxref\n")? + "startxref\n".len();
        out.extend_from_slice(&trailer[..end]);
        out.extend_from_slice(format!("{}\n%%EOF", moved(self.table)).as_bytes());
        Some(out)
    }
}

/// The offset in a row of the table; `None` if the object is free.
fn offset(row: &[u8]) -> Option<usize> {
    number(&row[..10]).filter(|_| row[17] == b'n')
}

pub(super) fn number(digits: &[u8]) -> Option<usize> {
    std::str::from_utf8(digits).ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_behind_a_change_moves_and_no_two_touch() {
        let body = "%PDF\n1 0 obj\n<</A 1>>\nendobj\n2 0 obj\n<</B 2>>\nendobj\n";
        let table = body.len();
        let pdf = format!(
            "{body}xref\n0 3\n0000000000 65535 f\r\n0000000005 00000 n\r\n0000000029 00000 n\r\n\
             trailer\n<</Size 3/Root 2 0 R>>\nstartxref\n{table}\n%%EOF"
        );
        let objects = Objects::of(pdf.as_bytes()).unwrap();
        assert_eq!(objects.contents().collect::<Vec<_>>(), [13, 37]);
        assert_eq!(objects.catalog(), Some(37));
        let part = |content, text: &str| objects.part(content, text.as_bytes()).unwrap();
        assert_eq!(objects.part(13, b"/B"), None, "that of another object");
        let second = (part(37, "/B 2"), Vec::new());
        let changed = objects.changed(vec![second.clone(), (part(13, "1"), b"1000".to_vec())]);
        let changed = String::from_utf8(changed.unwrap()).unwrap();
        let expected = pdf
            .replace("/A 1", "/A 1000")
            .replace("/B 2", "")
            .replace("0000000029", "0000000032")
            .replace(&format!("\n{table}\n"), &format!("\n{}\n", table - 1));
        assert_eq!(changed, expected);
        let touching = (part(37, "B"), Vec::new());
        assert_eq!(objects.changed(vec![second, touching]), None);
    }
}
