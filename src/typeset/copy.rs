//! What is to be made of a report: a copy for a purpose.

use typst_pdf::PdfStandard;

use super::fonts::Fonts;
use super::seals::{SealSize, Seals};
use crate::diagnostic::Diagnostic;
use crate::report::{Figure, Report};
use crate::source::Source;

/// The copies in which a report leaves the house.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Purpose {
    /// What a portal offers for download.
    #[default]
    Public,
    /// The same with the seals of those who sign.
    Sealed(Seals),
    /// What is printed, signed and sealed: a place for the seal, and the approval sheet before it.
    Signing {
        /// How large the place is.
        seal: SealSize,
        /// Whether it is printed on both sides.
        duplex: bool,
    },
    /// What an archive keeps: the report file and its figures are in it.
    Archive,
    /// What is sent round for comments, with words behind its text.
    Draft {
        /// The words, where they are not those of the layout.
        watermark: Option<String>,
    },
}

impl Purpose {
    /// The most characters of a watermark, so that it can be read.
    pub const LONGEST_WATERMARK: usize = 12;

    /// A draft; none where its words are too many or too few.
    #[must_use]
    pub fn draft(watermark: Option<String>) -> Option<Self> {
        let fits = watermark.iter().all(|words| {
            let count = words.chars().count();
            (1..=Self::LONGEST_WATERMARK).contains(&count) && words.trim() == words
        });
        fits.then_some(Self::Draft { watermark })
    }

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
            _ => ("PDF/A-2a", PdfStandard::A_2a),
        };
        [archival, ("PDF/UA-1", PdfStandard::Ua_1)]
    }

    /// All that shapes the bytes, as the ledger of an archive has it.
    #[must_use]
    pub fn options(&self) -> String {
        let standards = self.standards().join(" ");
        match self {
            Self::Public => standards,
            Self::Sealed(seals) => {
                let size = seals.size.millimetres();
                format!("sealed {standards} {size} mm {}", seals.digest())
            }
            Self::Signing { seal, duplex } => {
                let size = seal.millimetres();
                let duplex = if *duplex { " duplex" } else { "" };
                format!("signing {standards} {size} mm{duplex}")
            }
            Self::Archive => format!("archive {standards}"),
            Self::Draft { watermark: None } => format!("draft {standards}"),
            Self::Draft {
                watermark: Some(words),
            } => format!("draft {standards} {words}"),
        }
    }

    /// What is wrong with what was given for it, beside the report.
    #[must_use]
    pub fn fault(&self, fonts: &Fonts) -> Option<Fault> {
        match self {
            Self::Sealed(seals) => {
                let (index, message) = seals.fault(fonts)?;
                Some(Fault::Seal(index, message))
            }
            Self::Draft { watermark } => {
                let mut characters = watermark.iter().flat_map(|words| words.chars());
                let missing = characters.find(|c| !fonts.covers("heading", *c));
                missing.map(Fault::Watermark)
            }
            Self::Public | Self::Signing { .. } | Self::Archive => None,
        }
    }

    /// Whether findings that were waived are printed in it.
    #[must_use]
    pub fn prints_findings(&self) -> bool {
        matches!(self, Self::Signing { .. })
    }

    /// The diameter of the seals that it has, or has room for.
    pub(super) fn seal_size(&self) -> Option<SealSize> {
        match self {
            Self::Sealed(seals) => Some(seals.size),
            Self::Signing { seal, .. } => Some(*seal),
            Self::Public | Self::Archive | Self::Draft { .. } => None,
        }
    }

    /// The seals that are printed.
    pub(super) fn seals(&self) -> Option<&Seals> {
        match self {
            Self::Sealed(seals) => Some(seals),
            _ => None,
        }
    }
}

/// What is wrong with what was given for a copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No font can draw a character of the watermark.
    Watermark(char),
    /// A seal, counted from 0, cannot be printed over text: why, in Chinese.
    Seal(usize, String),
}

/// One copy of a report.
#[derive(Clone, Copy)]
pub struct Order<'a> {
    pub(super) report: &'a Report,
    pub(super) figures: &'a [Figure],
    pub(super) purpose: &'a Purpose,
    pub(super) source: Option<&'a Source>,
    pub(super) findings: &'a [Diagnostic],
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
            findings: &[],
        }
    }

    /// A copy for a purpose. `source` is the file of the report, which one for an archive has in it;
    /// `findings` are those about it, of which the approval sheet lists the waived.
    #[must_use]
    pub fn new(
        report: &'a Report,
        figures: &'a [Figure],
        purpose: &'a Purpose,
        source: &'a Source,
        findings: &'a [Diagnostic],
    ) -> Self {
        Self {
            report,
            figures,
            purpose,
            source: Some(source),
            findings,
        }
    }

    /// The file of the report, if it goes into the copy.
    pub(super) fn kept(&self) -> Option<&'a Source> {
        self.source.filter(|_| *self.purpose == Purpose::Archive)
    }
}
