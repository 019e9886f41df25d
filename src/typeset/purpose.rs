//! What is to be made of a report: a copy for a purpose.

use typst_pdf::PdfStandard;

use super::fonts::Fonts;
use crate::report::{Figure, Report};
use crate::source::Source;

/// The copies in which a report leaves the house.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Purpose {
    /// What a portal offers for download.
    #[default]
    Public,
    /// What an archive keeps: the report file and its figures are in it.
    Archive,
    /// What is sent round for comments, with words behind its text.
    Draft {
        /// The words, where they are not those of the layout.
        watermark: Option<String>,
    },
}

impl Purpose {
    /// The standards that a PDF of it conforms to.
    #[must_use]
    pub fn standards(&self) -> [&'static str; 2] {
        self.claims().map(|(name, _)| name)
    }

    pub(super) fn pdf_standards(&self) -> [PdfStandard; 2] {
        self.claims().map(|(_, standard)| standard)
    }

    fn claims(&self) -> [(&'static str, PdfStandard); 2] {
        let archival = match self {
            Self::Archive => ("PDF/A-3a", PdfStandard::A_3a),
            Self::Public | Self::Draft { .. } => ("PDF/A-2a", PdfStandard::A_2a),
        };
        [archival, ("PDF/UA-1", PdfStandard::Ua_1)]
    }

    /// All that shapes the bytes, as the ledger of an archive has it.
    #[must_use]
    pub fn options(&self) -> String {
        let standards = self.standards().join(" ");
        match self {
            Self::Public => standards,
            Self::Archive => format!("archive {standards}"),
            Self::Draft { watermark: None } => format!("draft {standards}"),
            Self::Draft {
                watermark: Some(words),
            } => format!("draft {standards} {words}"),
        }
    }

    /// The first character of a watermark that no font can draw.
    #[must_use]
    pub fn undrawable(&self, fonts: &Fonts) -> Option<char> {
        let Self::Draft { watermark } = self else {
            return None;
        };
        let mut characters = watermark.iter().flat_map(|words| words.chars());
        characters.find(|c| !fonts.covers("heading", *c))
    }
}

/// One copy of a report.
#[derive(Clone, Copy)]
pub struct Order<'a> {
    pub(super) report: &'a Report,
    pub(super) figures: &'a [Figure],
    pub(super) purpose: &'a Purpose,
    pub(super) source: Option<&'a Source>,
}

impl<'a> Order<'a> {
    /// A copy for the public.
    #[must_use]
    pub fn public(report: &'a Report, figures: &'a [Figure]) -> Self {
        Self {
            report,
            figures,
            purpose: &Purpose::Public,
            source: None,
        }
    }

    /// A copy for a purpose; `source` is the file of the report, which one for an archive has in it.
    #[must_use]
    pub fn new(
        report: &'a Report,
        figures: &'a [Figure],
        purpose: &'a Purpose,
        source: &'a Source,
    ) -> Self {
        Self {
            report,
            figures,
            purpose,
            source: Some(source),
        }
    }

    /// The file of the report, if it goes into the copy.
    pub(super) fn kept(&self) -> Option<&'a Source> {
        self.source.filter(|_| *self.purpose == Purpose::Archive)
    }
}
