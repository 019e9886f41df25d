//! `invalid-figure`: pictures that cannot be shown whole.
//!
//! Finding: a picture that cannot be decoded; an SVG that links to other files, or has characters that no
//! font can draw.
//! Reason: such a picture would end the layout, or be printed with a hole.
//! Example: an SVG chart that embeds its photograph by a path.
//! Basis: ISO 19005-2, 6.2.11.8; one report is one folder.

use roxmltree::{Node, ParsingOptions};
use typst::foundations::Bytes;
use typst::visualize::{ExchangeFormat, RasterImage, SvgImage};

use super::fonts::Fonts;
use crate::diagnostic::Diagnostic;
use crate::report::Figure;
use crate::report::figure::{MAX_PIXELS, embedded_pixels, shown};
use crate::report::rules;

/// The findings about all figures, at most one each.
pub(super) fn check(figures: &[Figure], fonts: &Fonts) -> Vec<Diagnostic> {
    let fault = |figure: &Figure| {
        let (message, hint) = self::fault(figure.extension, &figure.bytes, fonts)?;
        let message = format!("图片“{}”{message}", shown(&figure.path.text));
        Some(Diagnostic::new(rules::INVALID_FIGURE, figure.path.span, message).hint(hint))
    };
    figures.iter().filter_map(fault).collect()
}

/// The fault of a picture, and the remedy.
pub(super) type FigureFault = (String, &'static str);

/// The fault of a picture by itself.
pub(super) fn fault(extension: &str, bytes: &[u8], fonts: &Fonts) -> Option<FigureFault> {
    match extension {
        "svg" => svg_fault(bytes, fonts),
        "png" => raster_fault(bytes, ExchangeFormat::Png),
        _ => raster_fault(bytes, ExchangeFormat::Jpg),
    }
}

fn undecodable() -> FigureFault {
    let hint = "用看图软件打开核对，重新导出为 PNG";
    ("不能解码".to_owned(), hint)
}

fn raster_fault(bytes: &[u8], form: ExchangeFormat) -> Option<FigureFault> {
    if form == ExchangeFormat::Jpg && jpeg_components(bytes) == Some(4) {
        let message = "是 CMYK 颜色的 JPEG，不能长期保存".to_owned();
        return Some((message, "转换为 RGB 颜色，或导出为 PNG"));
    }
    let image = RasterImage::plain(Bytes::new(bytes.to_vec()), form);
    image.is_err().then(undecodable)
}

/// The number of colour components, from the frame header (ITU-T T.81, B.2.2).
fn jpeg_components(bytes: &[u8]) -> Option<u8> {
    let mut at = 2;
    loop {
        let [0xFF, marker, high, low] = *bytes.get(at..at + 4)? else {
            return None;
        };
        let is_frame = (0xC0..=0xCF).contains(&marker) && !matches!(marker, 0xC4 | 0xC8 | 0xCC);
        if is_frame {
            return bytes.get(at + 9).copied();
        }
        at += 2 + usize::from(u16::from_be_bytes([high, low]));
    }
}

fn svg_fault(bytes: &[u8], fonts: &Fonts) -> Option<FigureFault> {
    let text = String::from_utf8_lossy(bytes);
    let options = ParsingOptions {
        allow_dtd: true, // many programs write one; the parser bounds what it may expand to
        ..ParsingOptions::default()
    };
    let Ok(svg) = roxmltree::Document::parse_with_options(&text, options) else {
        return Some(undecodable());
    };
    let mut pictures = svg.descendants().map(|node| pixels_in(&node));
    let pixels = pictures.try_fold(0, |sum: usize, pixels| Some(sum.saturating_add(pixels?)));
    let Some(pixels) = pixels else {
        let message = "引用了另外的文件，或嵌入了 PNG、JPEG 以外的图片".to_owned();
        return Some((message, "把图片嵌入 SVG，或导出为 PNG"));
    };
    if pixels > MAX_PIXELS {
        let message = "嵌入的图片已损坏，或超过两千五百万像素".to_owned();
        return Some((message, "缩小嵌入的图片，或导出为 PNG"));
    }
    if svg.descendants().any(|node| is_unbounded(&node)) {
        let message = "含有滤镜或嵌入的网页内容".to_owned();
        return Some((message, "去掉阴影、纹理等效果，或导出为 PNG"));
    }
    let drawn =
        |node: &Node| node.is_text() && node.ancestors().any(|n| n.tag_name().name() == "text");
    let texts = svg
        .descendants()
        .filter(drawn)
        .filter_map(|node| node.text());
    let mut characters = texts.flat_map(str::chars).filter(|c| !c.is_whitespace());
    if let Some(character) = characters.find(|c| !fonts.draws_alone("table", *c)) {
        let code = u32::from(character);
        let message = format!("中的“{character}”（U+{code:04X}）没有字体可用");
        return Some((message, "在作图软件里把文字转为曲线，或导出为 PNG"));
    }
    let image = SvgImage::new(Bytes::new(bytes.to_vec()));
    image.is_err().then(undecodable)
}

/// The number of pixels of the pictures in an element; `None` if it shows what is not in the file, or a
/// drawing within a drawing, which is not inspected.
fn pixels_in(node: &Node) -> Option<usize> {
    let shown = |link: &str| match node.tag_name().name() {
        "image" => embedded_pixels(link),
        "use" => link.starts_with('#').then_some(0),
        _ => Some(0),
    };
    let links = node.attributes().filter(|a| a.name() == "href");
    let all: Option<Vec<usize>> = links.map(|a| shown(a.value().trim_start())).collect();
    Some(all?.into_iter().fold(0, usize::saturating_add))
}

/// Whether an element may take unbounded work, or shows what no printer does.
fn is_unbounded(node: &Node) -> bool {
    matches!(node.tag_name().name(), "filter" | "foreignObject")
}
