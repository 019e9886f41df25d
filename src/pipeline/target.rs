//! The kinds of files made of a report.

/// A kind of file: a document as a whole, or a picture of one page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Target {
    /// A PDF.
    #[default]
    Pdf,
    /// A page as PNG.
    Png,
    /// A page as SVG.
    Svg,
    /// A web page.
    Html,
}

impl Target {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Pdf, Self::Png, Self::Svg, Self::Html];

    /// The extension of its files.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Png => "png",
            Self::Svg => "svg",
            Self::Html => "html",
        }
    }

    /// The kind with an extension, in small letters.
    #[must_use]
    pub fn of_extension(extension: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|target| target.extension() == extension)
    }

    /// The media type of its files.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Png => "image/png",
            Self::Svg => "image/svg+xml",
            Self::Html => "text/html; charset=utf-8",
        }
    }

    /// Whether each page is a file of its own.
    #[must_use]
    pub fn is_paged(self) -> bool {
        matches!(self, Self::Png | Self::Svg)
    }
}

/// The page of a picture, and the resolution of the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PageView {
    /// The page, counted from 0.
    pub page: usize,
    /// The pixels per inch of a PNG, within [`PageView::RESOLUTIONS`].
    pub ppi: f32,
}

impl PageView {
    /// The resolutions of a PNG.
    pub const RESOLUTIONS: std::ops::RangeInclusive<f32> = 10.0..=600.0;
}

#[cfg(test)]
mod tests {
    use super::Target;

    #[test]
    fn endings_tell_kinds_apart() {
        for target in Target::ALL {
            assert_eq!(Target::of_extension(target.extension()), Some(target));
        }
        assert_eq!(Target::of_extension("docx"), None);
        assert_eq!(Target::of_extension(""), None);
    }
}
