//! The files of figures, read once and only from the report's own folder, and the bounds within which they are
//! decoded and drawn: a few bytes of a picture may otherwise take any time and memory.

mod drawn;
mod fault;
mod icc;
mod inline;
mod jpeg;
mod png;
mod raster;
mod styles;
mod svg;

use std::cell::Cell;
use std::collections::BTreeSet;
use std::io;
use std::path::{Component, Path};

pub(crate) use self::fault::{Fault, broken};
pub(crate) use self::inline::is_inline;
pub(crate) use self::raster::width;
use super::bind::shorten;
use super::rules;
use super::unbroken::{LONGEST_WORD, is_unbroken};
use super::{Paragraph, Report, Text};
use crate::diagnostic::{Diagnostic, Said};
use crate::error::Error;
use crate::source::{Files, OwnFiles};

/// The largest file of a figure, in bytes (20 MiB).
pub const MAX_FIGURE_BYTES: usize = 20 << 20;
/// The most characters of a caption.
const MAX_CAPTION: usize = 100;
/// The most figures of a report, so that a report of megabytes does not read gigabytes.
const MAX_FIGURES: usize = 50;
/// The most pixels of all figures of a report: each takes some four bytes of memory.
const MAX_ALL_PIXELS: usize = 100_000_000;

/// A figure with its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// The path as written in the report.
    pub path: Text,
    /// The extension that names its format: `png`, `jpg` or `svg`.
    pub extension: &'static str,
    /// The content of the file.
    pub bytes: Vec<u8>,
    /// The number of pixels, with those of pictures in a drawing.
    pixels: usize,
}

impl Figure {
    /// The media type of its format.
    #[must_use]
    pub fn media_type(&self) -> &'static str {
        match self.extension {
            "svg" => "image/svg+xml",
            "png" => "image/png",
            _ => "image/jpeg",
        }
    }

    /// Its path without redundant parts.
    pub(crate) fn plain_path(&self) -> String {
        plain_path(&self.path.text)
    }
}

/// Reads the figures of a report, each path once, in the order of print.
///
/// `folder` is the report's folder; files outside it, also by symbolic links, are refused.
#[must_use]
pub fn load(report: &Report, folder: &Path) -> (Vec<Figure>, Vec<Diagnostic>) {
    let found = load_from(&OwnFiles, report, folder);
    found.unwrap_or_default() // no fault of a disk passes
}

/// Reads the figures of a report from a folder of any storage, as [`load`].
///
/// # Errors
/// If a fault of the storage leaves open what the files are.
pub fn load_from(
    files: &dyn Files,
    report: &Report,
    folder: &Path,
) -> Result<(Vec<Figure>, Vec<Diagnostic>), Error> {
    let failed = Cell::new(None);
    let found = load_by(report, |path| {
        inline(path).unwrap_or_else(|| {
            beside(files, folder, path).map_err(|fault| match fault {
                Absence::Refused(refusal) => refusal,
                Absence::Failed(error) => {
                    failed.set(Some(error));
                    absent(path)
                }
            })
        })
    });
    match failed.take() {
        Some(error) => Err(error),
        None => Ok(found),
    }
}

/// Reads the figures of a report from memory, by their paths without redundant parts (`./a.png` is `a.png`).
#[must_use]
pub fn load_kept<'a>(
    report: &Report,
    find: impl Fn(&str) -> Option<&'a [u8]>,
) -> (Vec<Figure>, Vec<Diagnostic>) {
    load_by(report, |path| {
        if let Some(content) = inline(path) {
            return content;
        }
        if !is_inside(path) {
            return Err(outside(path));
        }
        let found = find(&plain_path(path)).map(<[u8]>::to_vec);
        found.ok_or_else(|| absent(path))
    })
}

/// The content of a figure that stands in the report itself; `None` if its path is that of a file.
fn inline(path: &str) -> Option<Result<Vec<u8>, Refusal>> {
    let fault = || {
        let message = format!("“{}”不是图片的内容", shown(path)).into();
        let hint = "写作 data:image/png;base64,…，或写图片的文件名";
        (message, Said::new(hint, "重新插入图片"))
    };
    is_inline(path).then(|| inline::content(path).ok_or_else(fault))
}

/// The path of a figure for a message.
pub(crate) fn shown(path: &str) -> String {
    shorten(path, 40)
}

/// The path of a figure without redundant parts.
pub(crate) fn plain_path(path: &str) -> String {
    let parts = path.split('/').filter(|part| !matches!(*part, "" | "."));
    parts.collect::<Vec<_>>().join("/")
}

impl Report {
    /// The paths of its figures, in the order of print.
    pub(crate) fn figures(&self) -> impl Iterator<Item = &Text> {
        let paragraphs = self.prose().flat_map(|prose| &prose.paragraphs);
        paragraphs.filter_map(|paragraph| match paragraph {
            Paragraph::Figure { path, .. } => Some(path),
            _ => None,
        })
    }
}

fn load_by(
    report: &Report,
    content: impl Fn(&str) -> Result<Vec<u8>, Refusal>,
) -> (Vec<Figure>, Vec<Diagnostic>) {
    let mut figures: Vec<Figure> = Vec::new();
    let mut findings = Vec::new();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut pixels = 0;
    for paragraph in report.prose().flat_map(|prose| &prose.paragraphs) {
        let Paragraph::Figure { caption, path } = paragraph else {
            continue;
        };
        let mut refuse = |span, message: Said, hint: Said| {
            findings.push(Diagnostic::new(rules::INVALID_FIGURE, span, message).hint(hint));
        };
        if caption.text.trim().is_empty() {
            let hint = Said::new(
                "写作 ![说明](图.png)；说明既是图题，也读给看不见图的人",
                "在方括号里写图片的说明；它既是图题，也读给看不见图的人",
            );
            refuse(caption.span, "图片没有说明文字".into(), hint);
        }
        if caption.text.chars().count() > MAX_CAPTION {
            let message = format!("图片的说明文字超过 {MAX_CAPTION} 字").into();
            refuse(caption.span, message, "说明写得短一些，其余写进正文".into());
        }
        if is_unbroken(&caption.text) {
            let message =
                format!("图片的说明文字中有连续 {LONGEST_WORD} 个以上的字母或符号，排不进一行");
            refuse(caption.span, message.into(), "改写得短一些".into());
        }
        if !seen.insert(&path.text) {
            continue;
        }
        if seen.len() > MAX_FIGURES {
            let message = format!("图片超过 {MAX_FIGURES} 幅").into();
            refuse(path.span, message, "把图片合并，或另作附件".into());
            break;
        }
        match content(&path.text).and_then(|bytes| figure(path, bytes)) {
            Ok(figure) => {
                pixels += figure.pixels;
                if pixels > MAX_ALL_PIXELS {
                    let message = "全部图片超过一亿像素".into();
                    refuse(path.span, message, SMALLER.into());
                    break;
                }
                figures.push(figure);
            }
            Err((message, hint)) => refuse(path.span, message, hint),
        }
    }
    (figures, findings)
}

/// What is done with a picture that is too large.
const SMALLER: &str = "缩小图片，打印用 300 像素每英寸已足够";

type Refusal = (Said, Said);

fn absent(shown: &str) -> Refusal {
    let message = format!("找不到图片“{}”", shorten(shown, 40)).into();
    let hint = "核对文件名，图片要放在报告文件旁边";
    (message, Said::new(hint, "重新插入这幅图片"))
}

fn outside(shown: &str) -> Refusal {
    let message = format!("图片“{}”不在报告所在的文件夹内", shorten(shown, 40)).into();
    let hint = "把图片放在报告文件旁边，只写文件名";
    (message, Said::new(hint, "重新插入这幅图片"))
}

/// Whether a path leads to something below its folder, on any system.
fn is_inside(shown: &str) -> bool {
    let inside = |c: Component| matches!(c, Component::Normal(_) | Component::CurDir);
    !shown.is_empty() && !shown.contains('\\') && Path::new(shown).components().all(inside)
}

/// The reason for which the content of a file is absent.
enum Absence {
    Refused(Refusal),
    Failed(Error),
}

impl From<Refusal> for Absence {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// The content of a file in a folder.
fn beside(files: &dyn Files, folder: &Path, shown: &str) -> Result<Vec<u8>, Absence> {
    let relative = Path::new(shown);
    if !is_inside(shown) {
        return Err(outside(shown).into());
    }
    let failed = |cause| {
        if files.passes(&cause) {
            return Absence::Failed(Error::read(&folder.join(relative), cause));
        }
        Absence::Refused(absent(shown))
    };
    let here = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    let root = files.whole(here).map_err(failed)?;
    let real = files.whole(&root.join(relative)).map_err(failed)?;
    if !real.starts_with(&root) {
        return Err(outside(shown).into());
    }
    let content = files.read(&real, MAX_FIGURE_BYTES);
    content.map_err(|cause| match cause.kind() {
        io::ErrorKind::InvalidInput => {
            let hint = Said::new("写图片的文件名", "重新插入这幅图片");
            Absence::Refused((format!("“{shown}”不是文件").into(), hint))
        }
        _ => failed(cause),
    })
}

/// The figure of a content.
fn figure(path: &Text, bytes: Vec<u8>) -> Result<Figure, Refusal> {
    let shown = shown(&path.text);
    if bytes.len() > MAX_FIGURE_BYTES {
        let message = format!("图片“{shown}”超过 {} MiB", MAX_FIGURE_BYTES >> 20);
        return Err((message.into(), SMALLER.into()));
    }
    let extension = kind(&bytes).ok_or_else(|| {
        let message = format!("“{shown}”不是 PNG、JPEG 或 SVG 图片");
        (message.into(), "另存为这三种格式之一".into())
    })?;
    let about = |(message, hint): Fault| (message.of(&format!("图片“{shown}”")), hint.into());
    let pixels = inspect(extension, &bytes).map_err(about)?;
    Ok(Figure {
        path: path.clone(),
        extension,
        bytes,
        pixels,
    })
}

/// The number of pixels of a picture that may be decoded and drawn, with those in a drawing.
pub(crate) fn inspect(extension: &str, bytes: &[u8]) -> Result<usize, Fault> {
    match extension {
        "svg" => svg::pixels(bytes),
        _ => raster::pixels(extension, bytes),
    }
}

/// The format according to the content.
pub(crate) fn kind(bytes: &[u8]) -> Option<&'static str> {
    let is_svg = || std::str::from_utf8(bytes).is_ok_and(|text| text.contains("<svg"));
    raster::kind(bytes).or_else(|| is_svg().then_some("svg"))
}
