//! The measure of a line of the title, 二号 on the type area of GB/T 9704—2012.

/// The most characters of 二号 (22 pt) in a line of 156 mm.
pub(crate) const MAX_TITLE_WIDTH: f64 = 20.0;
/// The most lines that an author may break a title into.
pub(crate) const MAX_TITLE_LINES: usize = 3;

/// The width of a part of a title in characters; that of letters and digits is taken a little too wide.
pub(crate) fn title_width(text: &str) -> f64 {
    let of = |c: char| match c {
        '0'..='9' => 0.6,
        c if c.is_ascii() => 1.1,
        _ => 1.0,
    };
    text.chars().map(of).sum()
}
