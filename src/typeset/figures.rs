//! `invalid-figure`: pictures that cannot be shown whole.
//!
//! Finding: a picture that cannot be decoded; an SVG with characters that no font can draw.
//! Reason: such a picture would end the layout, or be printed with a hole.
//! Example: an SVG chart with a symbol of an icon font.
//! Basis: ISO 19005-2, 6.2.11.8; one report is one folder.

use roxmltree::{Document, Node, ParsingOptions};
use typst::foundations::Bytes;
use typst::visualize::{ExchangeFormat, RasterImage, SvgImage};

use super::fonts::Fonts;
use crate::diagnostic::{Diagnostic, Said};
use crate::report::Figure;
use crate::report::figure::{Fault, broken, shown};
use crate::report::rules;

/// The findings about all figures, at most one each.
pub(super) fn check(figures: &[Figure], fonts: &Fonts) -> Vec<Diagnostic> {
    let fault = |figure: &Figure| {
        let (message, hint) = self::fault(figure.extension, &figure.bytes, fonts)?;
        let message = message.of(&format!("图片“{}”", shown(&figure.path.text)));
        Some(Diagnostic::new(rules::INVALID_FIGURE, figure.path.span, message).hint(hint))
    };
    figures.iter().filter_map(fault).collect()
}

/// The fault of a picture within its bounds.
pub(super) fn fault(extension: &str, bytes: &[u8], fonts: &Fonts) -> Option<Fault> {
    match extension {
        "svg" => svg_fault(bytes, fonts),
        "png" => raster_fault(bytes, ExchangeFormat::Png),
        _ => raster_fault(bytes, ExchangeFormat::Jpg),
    }
}

fn raster_fault(bytes: &[u8], form: ExchangeFormat) -> Option<Fault> {
    let image = RasterImage::plain(Bytes::new(bytes.to_vec()), form);
    image.is_err().then(broken)
}

fn svg_fault(bytes: &[u8], fonts: &Fonts) -> Option<Fault> {
    let text = String::from_utf8_lossy(bytes);
    let options = ParsingOptions {
        allow_dtd: true, // without declarations: others are past the bounds
        ..ParsingOptions::default()
    };
    let Ok(svg) = Document::parse_with_options(&text, options) else {
        return Some(broken());
    };
    let drawn =
        |node: &Node| node.is_text() && node.ancestors().any(|n| n.tag_name().name() == "text");
    let texts = svg
        .descendants()
        .filter(drawn)
        .filter_map(|node| node.text());
    let mut characters = texts.flat_map(str::chars).filter(|c| !c.is_whitespace());
    if let Some(character) = characters.find(|c| !fonts.draws_alone("table", *c)) {
        let code = u32::from(character);
        let message = Said::new(
            format!("中的“{character}”（U+{code:04X}）没有字体可用"),
            format!("中的“{character}”没有字体可用"),
        );
        return Some((message, "在作图软件里把文字转为曲线，或导出为 PNG"));
    }
    let image = SvgImage::new(Bytes::new(bytes.to_vec()));
    image.is_err().then(broken)
}
