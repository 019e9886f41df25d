//! `invalid-figure`: pictures that the layout could not show whole.
//!
//! What it finds: a picture that cannot be decoded; an SVG that links to other files, or has
//! characters that no font can draw.
//! Why it matters: such a picture would end the layout, or be printed with a hole.
//! Example: an SVG chart that embeds its photograph by a path.
//! Basis: ISO 19005-2, 6.2.11.8; one report is one folder.

use typst::foundations::Bytes;
use typst::visualize::{ExchangeFormat, RasterImage, SvgImage};

use super::fonts::Fonts;
use crate::diagnostic::Diagnostic;
use crate::report::Figure;

/// The findings for all figures, one for each.
pub(super) fn check(figures: &[Figure], fonts: &Fonts) -> Vec<Diagnostic> {
    let fault = |figure: &Figure| {
        let (message, hint) = match figure.extension {
            "svg" => svg_fault(figure, fonts)?,
            "png" => raster_fault(figure, ExchangeFormat::Png)?,
            _ => raster_fault(figure, ExchangeFormat::Jpg)?,
        };
        let message = format!("图片“{}”{message}", figure.path.text);
        Some(Diagnostic::error("invalid-figure", figure.path.span, message).hint(hint))
    };
    figures.iter().filter_map(fault).collect()
}

type Fault = (String, &'static str);

fn undecodable() -> Fault {
    let hint = "用看图软件打开核对，重新导出为 PNG";
    ("不能解码".to_owned(), hint)
}

fn raster_fault(figure: &Figure, format: ExchangeFormat) -> Option<Fault> {
    let image = RasterImage::plain(Bytes::new(figure.bytes.clone()), format);
    image.is_err().then(undecodable)
}

fn svg_fault(figure: &Figure, fonts: &Fonts) -> Option<Fault> {
    let text = String::from_utf8_lossy(&figure.bytes);
    if links_elsewhere(&text) {
        let message = "引用了另外的文件".to_owned();
        return Some((message, "把图片嵌入 SVG，或导出为 PNG"));
    }
    let missing = text
        .chars()
        .find(|c| !c.is_ascii() && !fonts.covers("table", *c));
    if let Some(character) = missing {
        let code = u32::from(character);
        let message = format!("中的“{character}”（U+{code:04X}）没有字体可用");
        return Some((message, "在作图软件里把文字转为曲线，或导出为 PNG"));
    }
    let image = SvgImage::new(Bytes::new(figure.bytes.clone()));
    image.is_err().then(undecodable)
}

/// Whether an SVG names a picture that is not in it.
fn links_elsewhere(text: &str) -> bool {
    let mut images = text.split("<image").skip(1);
    images.any(|rest| {
        let element = rest.split('>').next().unwrap_or_default();
        let mut links = element.split("href=").skip(1);
        links.any(|link| !link.trim_start_matches(['"', '\'']).starts_with("data:"))
    })
}
