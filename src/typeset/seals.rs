//! Seals: pictures in their real size, and the conditions for sealing a report.
//!
//! `not-sealable`, finding: a report without a date of issue; not as many seals as signatories; names so long
//! that the seals do not fit a page.
//! Reason: a seal stands over the name and the date, one for each signatory.
//! Example: a joint report of three agencies with one seal.
//! Basis: GB/T 9704—2012, 7.3.5.1.

use std::str::FromStr;

use resvg::tiny_skia::{Pixmap, Transform};
use typst::foundations::Bytes;
use typst::visualize::{ExchangeFormat, RasterImage, SvgImage};

use super::figures;
use super::fonts::Fonts;
use crate::diagnostic::{Called, Diagnostic, Said};
use crate::digest::Digest;
use crate::report::figure::{MAX_FIGURE_BYTES, inspect, kind, width};
use crate::report::rules;
use crate::report::{Report, field};

/// The diameter of a seal, 40.0 to 42.0 mm, in tenths of a millimetre.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealSize(u16);

impl SealSize {
    /// The least and the greatest.
    const RANGE: std::ops::RangeInclusive<u16> = 400..=420;

    /// The diameter in millimetres.
    #[must_use]
    pub fn millimetres(self) -> f64 {
        f64::from(self.0) / 10.0
    }
}

impl Default for SealSize {
    fn default() -> Self {
        Self(*Self::RANGE.end())
    }
}

impl FromStr for SealSize {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (whole, tenth) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |part: &str, most| {
            let plain = part.len() <= most && part.bytes().all(|b| b.is_ascii_digit());
            part.parse::<u16>().ok().filter(|_| plain)
        };
        let size = digits(whole, 2).zip(digits(tenth, 1));
        let size = size.map(|(whole, tenth)| whole * 10 + tenth);
        let size = size.filter(|size| Self::RANGE.contains(size));
        let fault = || "a seal measures 40 to 42 mm, such as 42 or 40.5".to_owned();
        size.map(Self).ok_or_else(fault)
    }
}

/// The pixels per side at which a seal is examined.
const SIDE: u32 = 200;
/// The largest share of its square that is opaque. Ring, star and writing are a quarter to a half of
/// it; a circle with a white ground would be four fifths.
const MOST_OPAQUE: f64 = 0.6;
/// The least share of its square's side that a seal spans, in both directions.
const LEAST_EXTENT: f64 = 0.94;

/// The fewest pixels per inch at which a seal is printed without a finding.
const LEAST_RESOLUTION: f64 = 150.0;

/// The picture of a seal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seal {
    extension: &'static str,
    bytes: Vec<u8>,
}

impl Seal {
    /// Takes the content of a file.
    ///
    /// # Errors
    /// The fault of the content, in Chinese.
    pub fn new(bytes: Vec<u8>) -> Result<Self, String> {
        let extension = kind(&bytes).filter(|extension| *extension != "jpg");
        let extension = extension.ok_or("不是 PNG 或 SVG 图片；另存为背景透明的 PNG")?;
        if bytes.len() > MAX_FIGURE_BYTES {
            return Err("太大；42 毫米用 600 像素每英寸，边长约 1000 像素".to_owned());
        }
        inspect(extension, &bytes).map_err(|(message, hint)| format!("{message}；{hint}"))?;
        Ok(Self { extension, bytes })
    }

    /// The pixels of a side; `None` for a drawing.
    fn side(&self) -> Option<f64> {
        width(&self.bytes).filter(|_| self.extension != "svg")
    }

    /// The reason for which it cannot be printed over text.
    fn fault(&self, fonts: &Fonts) -> Option<String> {
        if let Some((message, hint)) = figures::fault(self.extension, &self.bytes, fonts) {
            return Some(format!("{message}；{hint}"));
        }
        let bytes = Bytes::new(self.bytes.clone());
        let (size, picture) = if self.extension == "svg" {
            let drawing = SvgImage::new(bytes).ok()?;
            ((drawing.width(), drawing.height()), drawn(&drawing)?)
        } else {
            let picture = RasterImage::plain(bytes, ExchangeFormat::Png).ok()?;
            let small = picture.dynamic().thumbnail_exact(SIDE, SIDE).into_rgba8();
            let size = (f64::from(picture.width()), f64::from(picture.height()));
            (size, small.into_raw())
        };
        if (size.0 / size.1 - 1.0).abs() > 0.02 {
            return Some("不是正方形；裁到印章的边缘，宽和高相等".to_owned());
        }
        let is_opaque = |pixel: &[u8]| pixel[3] > 127;
        if extent(&picture, is_opaque) < LEAST_EXTENT {
            return Some("四周有空白，印出来会偏小；裁到印章的边缘".to_owned());
        }
        let opaque = picture
            .chunks_exact(4)
            .filter(|pixel| is_opaque(pixel))
            .count();
        let share = opaque as f64 / f64::from(SIDE * SIDE);
        (share > MOST_OPAQUE).then(|| {
            let percent = share * 100.0;
            format!("有 {percent:.0}% 不透明，印出来是一块底色；去掉底色，印文以外都要透明")
        })
    }
}

/// The share of a side that the opaque pixels of a picture span, in the direction in which it is less.
fn extent(picture: &[u8], is_opaque: impl Fn(&[u8]) -> bool) -> f64 {
    let pixels = picture
        .chunks_exact(4)
        .enumerate()
        .filter(|(_, pixel)| is_opaque(pixel));
    let side = SIDE as usize;
    let (mut least, mut most) = ([side; 2], [0; 2]);
    for (i, _) in pixels {
        for (axis, at) in [i % side, i / side].into_iter().enumerate() {
            least[axis] = least[axis].min(at);
            most[axis] = most[axis].max(at + 1);
        }
    }
    let span = |axis: usize| most[axis].saturating_sub(least[axis]) as f64 / f64::from(SIDE);
    span(0).min(span(1))
}

/// The pixels of a drawing, four bytes each.
fn drawn(drawing: &SvgImage) -> Option<Vec<u8>> {
    let mut pixels = Pixmap::new(SIDE, SIDE)?;
    let size = drawing.tree().size();
    let side = SIDE as f32;
    let transform = Transform::from_scale(side / size.width(), side / size.height());
    resvg::render(drawing.tree(), transform, &mut pixels.as_mut());
    Some(pixels.take())
}

/// The seals of the signatories, in order, all of one size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seals {
    /// Their diameter.
    pub size: SealSize,
    /// Their pictures.
    pub seals: Vec<Seal>,
}

impl Seals {
    /// The first that cannot be printed, counted from 0, and the reason.
    pub(super) fn fault(&self, fonts: &Fonts) -> Option<(usize, String)> {
        let mut seals = self.seals.iter().enumerate();
        seals.find_map(|(i, seal)| Some((i, seal.fault(fonts)?)))
    }

    /// The pictures by their virtual paths.
    pub(super) fn files(&self) -> impl Iterator<Item = (String, &[u8])> {
        let seals = self.seals.iter().enumerate();
        seals.map(|(i, seal)| (format!("/seals/{i}.{}", seal.extension), &seal.bytes[..]))
    }

    /// The digest of their pictures.
    pub(super) fn digest(&self) -> Digest {
        let seals = self.seals.iter();
        Digest::of_parts(seals.map(|seal| (seal.extension, Some(Digest::of(&seal.bytes)))))
    }
}

/// The finding about names that take more lines than a page has below the seals.
pub(super) fn too_tall(report: &Report) -> Diagnostic {
    let message = "署名太长，署名和印章放不进一页";
    let hint = "署名用规范化简称";
    Diagnostic::new(rules::NOT_SEALABLE, report.signatories()[0].span, message).hint(hint)
}

/// The finding about the first seal that is printed with so few pixels that its writing cannot be read.
pub(super) fn coarse(report: &Report, seals: &Seals) -> Option<Diagnostic> {
    let inches = seals.size.millimetres() / 25.4;
    let (at, resolution) = seals.seals.iter().enumerate().find_map(|(at, seal)| {
        let resolution = seal.side()? / inches;
        (resolution < LEAST_RESOLUTION).then_some((at, resolution))
    })?;
    let of = match seals.seals.len() {
        1 => String::new(),
        _ => format!("第 {} 枚", at + 1),
    };
    let side = (300.0 * inches / 10.0).ceil() * 10.0;
    let message = format!("{of}印章的图片只有 {resolution:.0} 像素每英寸，印出来有锯齿");
    let hint = format!("用 300 像素每英寸以上的图片，边长至少 {side:.0} 像素，或者用 SVG");
    let signatories = report.signatories();
    let span = signatories.get(at).unwrap_or(&report.agency).span;
    Some(Diagnostic::new(rules::COARSE_SEAL, span, message).hint(hint))
}

/// The finding about a report that cannot be sealed.
pub(super) fn check(report: &Report, seals: &Seals) -> Option<Diagnostic> {
    let signatories = report.signatories();
    if report.date.is_none() {
        let message = "没有成文日期，不能盖章";
        let (key, title) = (field::DATE.shown(), field::DATE.term);
        let called = Called { key: &key, title };
        let hint = Said::naming(called, |date| {
            let next = report.year + 1;
            format!("写明 {date}，如 {next}-01-22；印章盖在署名和成文日期上")
        });
        return Some(Diagnostic::new(rules::NOT_SEALABLE, report.agency.span, message).hint(hint));
    }
    let given = seals.seals.len();
    (given != signatories.len()).then(|| {
        let message = format!("署名的有 {} 个机关，印章有 {given} 枚", signatories.len());
        let hint = Said::new(
            "按署名的顺序，每个机关给一枚印章：--seal 甲.png --seal 乙.png",
            "按署名的顺序，每个机关给一枚印章",
        );
        Diagnostic::new(rules::NOT_SEALABLE, signatories[0].span, message).hint(hint)
    })
}
