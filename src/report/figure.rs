//! The files of figures, read once and only from the report's own folder.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Component, Path, PathBuf};

use super::{Paragraph, Report, Text};
use crate::diagnostic::Diagnostic;

/// The largest file of a figure, in bytes (20 MiB).
pub const MAX_FIGURE_BYTES: usize = 20 << 20;
/// The most figures of a report, so that a report of megabytes does not read gigabytes.
const MAX_FIGURES: usize = 50;
/// The most pixels of a figure; more than A4 at 600 ppi has.
const MAX_PIXELS: usize = 50_000_000;

/// A figure with its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// The path as written in the report.
    pub path: Text,
    /// The extension that names its format: `png`, `jpg` or `svg`.
    pub extension: &'static str,
    /// The content of the file.
    pub bytes: Vec<u8>,
}

/// Reads the figures of a report, each path once, in the order of print.
///
/// `folder` is the report's folder; files outside it, also by symbolic links, are refused.
#[must_use]
pub fn load(report: &Report, folder: &Path) -> (Vec<Figure>, Vec<Diagnostic>) {
    let mut figures: Vec<Figure> = Vec::new();
    let mut findings = Vec::new();
    for paragraph in report.prose().flat_map(|prose| &prose.paragraphs) {
        let Paragraph::Figure { caption, path } = paragraph else {
            continue;
        };
        if caption.text.trim().is_empty() {
            findings.push(
                Diagnostic::error("invalid-figure", caption.span, "图片没有说明文字")
                    .hint("写作 ![说明](图.png)；说明既是图题，也读给看不见图的人"),
            );
        }
        if figures.iter().any(|figure| figure.path.text == path.text) {
            continue;
        }
        if figures.len() == MAX_FIGURES {
            let message = format!("图片超过 {MAX_FIGURES} 幅");
            findings.push(Diagnostic::error("invalid-figure", path.span, message));
            break;
        }
        match read(folder, path) {
            Ok(figure) => figures.push(figure),
            Err((message, hint)) => {
                findings.push(Diagnostic::error("invalid-figure", path.span, message).hint(hint));
            }
        }
    }
    (figures, findings)
}

type Refusal = (String, &'static str);

fn read(folder: &Path, path: &Text) -> Result<Figure, Refusal> {
    let shown = &path.text;
    let relative = Path::new(shown);
    let inside = |c: Component| matches!(c, Component::Normal(_) | Component::CurDir);
    let outside = || {
        let message = format!("图片“{shown}”不在报告所在的文件夹内");
        (message, "把图片放在报告文件旁边，只写文件名")
    };
    if shown.is_empty() || shown.contains('\\') || !relative.components().all(inside) {
        return Err(outside());
    }
    let absent = |_| {
        let message = format!("找不到图片“{shown}”");
        (message, "核对文件名，图片要放在报告文件旁边")
    };
    let folder = if folder.as_os_str().is_empty() {
        PathBuf::from(".")
    } else {
        folder.to_owned()
    };
    let root = fs::canonicalize(folder).map_err(absent)?;
    let real = fs::canonicalize(root.join(relative)).map_err(absent)?;
    if !real.starts_with(&root) {
        return Err(outside());
    }
    if !real.is_file() {
        return Err((format!("“{shown}”不是文件"), "写图片的文件名"));
    }
    let mut bytes = Vec::new();
    File::open(&real)
        .and_then(|file| {
            file.take(MAX_FIGURE_BYTES as u64 + 1)
                .read_to_end(&mut bytes)
        })
        .map_err(absent)?;
    if bytes.len() > MAX_FIGURE_BYTES {
        let message = format!("图片“{shown}”超过 {} MiB", MAX_FIGURE_BYTES >> 20);
        return Err((message, "缩小图片，打印用 300 像素每英寸已足够"));
    }
    let extension = kind(&bytes).ok_or_else(|| {
        let message = format!("“{shown}”不是 PNG、JPEG 或 SVG 图片");
        (message, "另存为这三种格式之一")
    })?;
    if extension != "svg" {
        let size = imagesize::blob_size(&bytes);
        let pixels = size.map_or(0, |size| size.width.saturating_mul(size.height));
        if pixels == 0 || pixels > MAX_PIXELS {
            let message = format!("图片“{shown}”已损坏，或超过五千万像素");
            return Err((message, "重新导出图片"));
        }
    }
    Ok(Figure {
        path: path.clone(),
        extension,
        bytes,
    })
}

/// The format by the content, because extensions lie.
fn kind(bytes: &[u8]) -> Option<&'static str> {
    match imagesize::image_type(bytes) {
        Ok(imagesize::ImageType::Png) => Some("png"),
        Ok(imagesize::ImageType::Jpeg) => Some("jpg"),
        _ => std::str::from_utf8(bytes)
            .is_ok_and(|text| text.contains("<svg"))
            .then_some("svg"),
    }
}
