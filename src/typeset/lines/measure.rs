//! The measures of body text in Rust, as `layouts/common/measure.typ` has them for the pages.

/// The width of the type area in points (156 mm, GB/T 9704—2012, 5.2.1).
pub(in crate::typeset) const AREA: f64 = 156.0 / 25.4 * 72.0;
/// The size of body text in points (三号, 5.2.2).
const SIZE: f64 = 16.0;
/// The characters of a full line (5.2.3).
const CHARACTERS: f64 = 28.0;

/// The width of a line in em.
pub(super) const ROOM: f64 = AREA / SIZE;
/// The space before the first line of a paragraph in em.
pub(super) const INDENT: f64 = 2.0 * ROOM / CHARACTERS;
/// What is added behind each character but the last of a run, in em, so that a full line has 28; negative.
pub(super) const TRACKING: f64 = (ROOM - 1.0) / (CHARACTERS - 1.0) - 1.0 - 0.001 / SIZE;

/// The widest space that characters of a justified line may stand apart beyond their own, in em: 1.12 em from one to
/// the next.
pub(super) const LOOSEST: f64 = 1.12 - (1.0 + TRACKING);
/// The same where some readers of text do not find blanks between the characters yet, which they do from 1.1 em on.
pub(super) const LOOSE: f64 = 1.096 - (1.0 + TRACKING);
/// The widest space that the signs of an address take of such a line, in em.
pub(super) const ADDRESS_LOOSEST: f64 = 0.06;
/// What a line with letters keeps free in em, because neighbours may be kerned.
pub(super) const KERNING: f64 = 0.02;
/// What every line keeps free in em, because advances are kept in fractions of one.
pub(super) const ROUNDING: f64 = 0.0005;
