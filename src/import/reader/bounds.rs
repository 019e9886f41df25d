//! The bounds of what is read, for files that were made to be costly. What exceeds one is refused with a sentence.

use super::refusal::Refusal;

/// The most bytes of a file.
pub const MAX_FILE: usize = 16 << 20;
/// The most bytes of a PDF.
pub const MAX_PDF: usize = 64 << 20;
/// The most bytes of all parts of a package together, inflated. A report has one or two MiB.
pub const MAX_INFLATED: usize = 64 << 20;
/// The most entries of a package.
pub const MAX_ENTRIES: usize = 10_000;
/// The deepest element of an XML part.
pub const MAX_XML_DEPTH: usize = 256;
/// The most attributes of an element.
pub const MAX_ATTRIBUTES: usize = 128;
/// The most elements and texts of an XML part. A report has 8,000.
pub const MAX_XML_NODES: usize = 300_000;
/// The deepest element of a page.
pub const MAX_HTML_DEPTH: usize = 512;
/// The most elements and texts of a page.
pub const MAX_HTML_NODES: usize = 1_000_000;
/// The bytes of a page between two looks at its bounds.
pub const HTML_STEP: usize = 16 << 10;
/// The most comparisons of attributes of a page, each of which is held to all before it in its tag.
pub const MAX_HTML_WORK: u64 = 2_000_000_000;
/// The deepest table within tables.
pub const MAX_TABLE_DEPTH: usize = 16;
/// The most cells of all tables of a file.
pub const MAX_CELLS: usize = 100_000;
/// The most columns of a table.
pub const MAX_COLUMNS: usize = 500;
/// The most rows and columns that a sheet may use.
pub const MAX_SHEET: [usize; 2] = [1_000, 100];
/// The most times that an ODF row and column may repeat with content.
pub const MAX_REPEATED: [usize; 2] = [200, 100];
/// The most paragraphs, tables and pictures of a file.
pub const MAX_BLOCKS: usize = 20_000;
/// The most runs of properties of a Word 97 file.
pub const MAX_RUNS: usize = 1_000_000;
/// The deepest part of an archived page, and the most parts.
pub const MAX_PARTS: [usize; 2] = [10, 100];
/// The most characters of all paragraphs: those of a report file are bounded too.
pub const MAX_TEXT: usize = 4 << 20;

/// Refuses what is more than a bound.
pub(super) fn bounded(found: usize, most: usize, of: &str) -> Result<(), Refusal> {
    if found <= most {
        return Ok(());
    }
    Err(Refusal(format!(
        "{of}超过 {most}，不像一份年报，没有读；核对文件，或者只留年报的内容另存"
    )))
}
