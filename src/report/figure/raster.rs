//! Pictures of pixels: their number, and what else a decoder would take.

use super::fault::Fault;
use super::jpeg::jpeg_fault;
use super::png::png_fault;

/// The most pixels of a picture; A4 at 500 ppi has 24 million.
pub(super) const MAX_PIXELS: usize = 25_000_000;

/// The format according to the content, because extensions lie.
pub(super) fn kind(bytes: &[u8]) -> Option<&'static str> {
    match imagesize::image_type(bytes) {
        Ok(imagesize::ImageType::Png) => Some("png"),
        Ok(imagesize::ImageType::Jpeg) => Some("jpg"),
        _ => None,
    }
}

/// The number of pixels of a picture that may be decoded.
pub(super) fn pixels(extension: &str, bytes: &[u8]) -> Result<usize, Fault> {
    let size = imagesize::blob_size(bytes).ok();
    let pixels = size.map(|size| size.width.saturating_mul(size.height));
    let within = pixels.filter(|pixels| *pixels <= MAX_PIXELS);
    let pixels = within.ok_or_else(|| {
        let message = "已损坏，或超过两千五百万像素".into();
        (message, "重新导出图片")
    })?;
    let fault = match extension {
        "png" => png_fault(bytes),
        _ => jpeg_fault(bytes),
    };
    fault.map_or(Ok(pixels), Err)
}

/// The width of a picture in pixels; `None` for a drawing or a broken file.
pub(crate) fn width(bytes: &[u8]) -> Option<f64> {
    let size = imagesize::blob_size(bytes).ok()?;
    Some(size.width as f64)
}
