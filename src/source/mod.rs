//! The text of a report file, with the position of everything in it.
//!
//! Reading knows YAML and nothing of reports: the meaning of keys is up to [`crate::report`]. A file that
//! cannot be read at all is an [`Error`]; a file with invalid content has [`SyntaxFault`]s, because its author can
//! fix them.

mod brackets;
mod comments;
mod entries;
mod fault;
mod file;
mod files;
mod folds;
pub(crate) mod slips;
mod span;
mod survey;
mod yaml;

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use self::brackets::Open;
pub use self::fault::SyntaxFault;
pub(crate) use self::file::folder_of;
pub use self::file::{Stamp, read};
pub use self::files::{Files, OwnFiles};
pub use self::span::Span;
pub use self::yaml::{Entry, MAX_DEPTH, MAX_NODES, Node, NodeKind, Scalar, Style};
use crate::error::Error;

/// The largest report file that is read, in bytes (4 MiB); real ones have 4 to 40 KiB.
pub const MAX_BYTES: usize = 4 << 20;
/// The byte order mark of UTF-8.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// One report file, read once.
#[derive(Debug)]
pub struct Source {
    path: PathBuf,
    /// Whether a byte order mark preceded the text.
    marked: bool,
    text: String,
    root: Result<Node, Vec<SyntaxFault>>,
    /// Whether lines of its texts were joined without a blank.
    joined: bool,
    /// The offsets of the lines, computed on demand.
    starts: OnceLock<Vec<usize>>,
}

impl Source {
    /// Reads and parses a file.
    ///
    /// # Errors
    /// When the file cannot be opened or read.
    pub fn read(path: &Path) -> Result<Self, Error> {
        Ok(Self::from_bytes(path, Self::content(path)?))
    }

    /// Reads the content of a file, as it was at one moment.
    ///
    /// # Errors
    /// When the file cannot be opened or read.
    pub fn content(path: &Path) -> Result<Vec<u8>, Error> {
        Self::content_from(&OwnFiles, path)
    }

    /// Reads the content of a file from any place of files.
    ///
    /// # Errors
    /// When the file cannot be opened or read.
    pub fn content_from(files: &dyn Files, path: &Path) -> Result<Vec<u8>, Error> {
        files
            .read(path, MAX_BYTES)
            .map_err(|cause| Error::read(path, cause))
    }

    /// Parses content from memory; `path` names it in findings, and its folder is that of its figures.
    #[must_use]
    pub fn from_bytes(path: &Path, bytes: Vec<u8>) -> Self {
        Self::parsed(path, bytes, true)
    }

    /// The file as it was read once, with a blank for each line break within a text; `None` if that is the same. Reports were signed with the digests of this reading.
    #[must_use]
    pub fn read_with_blanks(&self) -> Option<Self> {
        self.joined
            .then(|| Self::parsed(&self.path, self.bytes(), false))
    }

    fn parsed(path: &Path, bytes: Vec<u8>, join: bool) -> Self {
        let marked = bytes.starts_with(MARK);
        let mut joined = false;
        let (text, root) = match decode(bytes) {
            Ok(text) => {
                let root = yaml::parse(&text, join, &mut joined);
                (text, root)
            }
            Err(unread) => {
                let (text, fault) = *unread;
                (text, Err(vec![fault]))
            }
        };
        Self {
            path: path.to_owned(),
            marked,
            text,
            root,
            joined,
            starts: OnceLock::new(),
        }
    }

    /// Gives the file another path.
    pub fn rename(&mut self, path: PathBuf) {
        self.path = path;
    }

    /// The path as given.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The whole text, without a byte order mark.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The content of the file, byte for byte, if it is UTF-8.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let mark = if self.marked { MARK } else { &[] };
        [mark, self.text.as_bytes()].concat()
    }

    /// Whether it is the file of a path with the same content.
    pub(crate) fn is(&self, path: &Path, content: &[u8]) -> bool {
        let text = content.strip_prefix(MARK).filter(|_| self.marked);
        let text = text.unwrap_or(content);
        self.path == path && text == self.text.as_bytes()
    }

    /// The line and the column of a byte, both from 1; the column counts characters.
    #[must_use]
    pub fn position(&self, byte: usize) -> (usize, usize) {
        let byte = self.text.floor_char_boundary(byte);
        let (line, range) = self.line(byte);
        (line, self.text[range.start..byte].chars().count() + 1)
    }

    /// The number of the line of a byte, from 1, and its place without its end: a line feed, a carriage return or both,
    /// as YAML has it.
    pub(crate) fn line(&self, byte: usize) -> (usize, Range<usize>) {
        let text = self.text.as_bytes();
        let starts = self.starts.get_or_init(|| {
            let ends = memchr::memchr2_iter(b'\n', b'\r', text);
            let whole = ends.filter(|end| !text[*end..].starts_with(b"\r\n"));
            std::iter::once(0).chain(whole.map(|end| end + 1)).collect()
        });
        let line = starts.partition_point(|start| *start <= byte);
        let (start, next) = (starts[line - 1], starts.get(line));
        let content = &text[start..next.map_or(text.len(), |next| *next)];
        let ends = content
            .iter()
            .rev()
            .take(2)
            .take_while(|byte| b"\r\n".contains(byte));
        let length = content.len() - if next.is_some() { ends.count() } else { 0 };
        (line, start..start + length)
    }

    /// The root of the tree, or the faults of the file.
    ///
    /// # Errors
    /// The faults that keep the file from being read as YAML, one at least.
    pub fn root(&self) -> Result<&Node, &[SyntaxFault]> {
        self.root.as_ref().map_err(Vec::as_slice)
    }
}

/// What a file is that is no text at all, by its first bytes.
fn document_kind(bytes: &[u8]) -> Option<&'static str> {
    let kinds: [(&[u8], &str); 8] = [
        (b"PK\x03\x04", "一个 Word（docx）、WPS、Excel 或压缩文件"),
        (b"\xD0\xCF\x11\xE0", "一个 Word（doc）、WPS 或 Excel 文件"),
        (b"%PDF", "一个 PDF 文件"),
        (b"{\\rtf", "一个 RTF 文件"),
        (b"\x89PNG", "一个图片文件"),
        (b"\xFF\xD8\xFF", "一个图片文件"),
        (b"Rar!", "一个压缩文件"),
        (b"7z\xBC\xAF", "一个压缩文件"),
    ];
    let found = kinds.iter().find(|(start, _)| bytes.starts_with(start));
    found.map(|(_, kind)| *kind)
}

/// The bytes as text, or else as much as can be shown of them, and their fault.
fn decode(mut bytes: Vec<u8>) -> Result<String, Box<(String, SyntaxFault)>> {
    if let Some(kind) = document_kind(&bytes) {
        let fault = SyntaxFault::new(Span::default(), format!("这是{kind}，不是报告文件"))
            .hint("报告文件是纯文本：用 nianbao new 生成一个，把内容填进去；改扩展名不能转换文件")
            .plain(
                format!("这是{kind}，不是年报文件"),
                "打开从本系统下载的年报文件；要用它的内容，先在它自己的程序里打开，把文字和表复制过来",
            );
        return Err(Box::new((String::new(), fault)));
    }
    if bytes.len() > MAX_BYTES {
        let fault = SyntaxFault::new(Span::default(), format!("文件超过 {} MiB", MAX_BYTES >> 20))
            .hint("一个报告文件只写一个机关一年的报告，图片放在文件旁边")
            .plain(
                format!("文件超过 {} MiB，不是年报文件", MAX_BYTES >> 20),
                "打开从本系统下载的年报文件",
            );
        return Err(Box::new((String::new(), fault)));
    }
    if bytes.starts_with(MARK) {
        bytes.drain(..MARK.len());
    }
    String::from_utf8(bytes).map_err(|error| {
        let start = error.utf8_error().valid_up_to();
        let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
        let fault = SyntaxFault::new(Span::new(start, start), "文件不是 UTF-8 编码的文本")
            .hint("请在编辑器里另存为 UTF-8 编码（记事本：另存为，编码选 UTF-8）")
            .plain(
                "文件不是文本，或者文字已经损坏",
                "打开从本系统下载的年报文件",
            );
        Box::new((text, fault))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first_value(text: &str) -> String {
        let source = Source::from_bytes(Path::new("x"), text.into());
        let Ok(Node {
            kind: NodeKind::Mapping(entries),
            ..
        }) = source.root()
        else {
            panic!()
        };
        let span = entries[0].value.span;
        source.text()[span.start..span.end].to_owned()
    }

    #[test]
    fn lines_end_as_yaml_has_it() {
        for end in ["\n", "\r", "\r\n"] {
            let text = ["agency: 甲局", "", "year: 2023", "other: 无"].join(end);
            let source = Source::from_bytes(Path::new("x"), text.clone().into_bytes());
            let at = text.find("2023").unwrap();
            assert_eq!(source.position(at), (3, 7), "{end:?}");
            assert_eq!(&text[source.line(at).1], "year: 2023");
            assert_eq!(source.line(text.len()).0, 4);
            let empty = text.find("year").unwrap() - end.len();
            assert_eq!(source.line(empty), (2, empty..empty));
        }
    }

    #[test]
    fn spans_hold_what_was_written() {
        assert_eq!(first_value("a: 12\nb: 1\n"), "12");
        assert_eq!(first_value("甲: '乙'\n"), "'乙'");
        assert_eq!(
            first_value("a:\nb: 1\n"),
            "a",
            "an empty value has its key's place"
        );
        assert_eq!(first_value("a: ~\n"), "~");
        assert_eq!(first_value("\u{FEFF}a: [1, 2]\n"), "[1, 2]");
        assert_eq!(first_value("a: {b: 1}\n"), "{b: 1}");
        assert_eq!(first_value("a: |\n  甲\n\n  乙\nb: 1\n"), "甲\n\n  乙\n");
        let quoted = first_value("a: |\n  \"甲\"乙\n  [丙]丁\nb: 1\n");
        assert_eq!(quoted, "\"甲\"乙\n  [丙]丁\n");
        assert_eq!(
            first_value("a: |\n\n\n  甲\n"),
            "甲\n",
            "from the first line with text"
        );
        for written in [
            "'x # y'",
            "'it''s'",
            "\"a\\\" # b\"",
            "[1, # 甲\n  2 ]",
            "[]",
            "{b: '}', c: 2}",
            "{b}",
        ] {
            assert_eq!(
                first_value(&format!("a: {written} # 乙 ]}}'\nb: 1\n")),
                written
            );
        }
    }
}
