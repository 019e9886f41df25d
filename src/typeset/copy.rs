//! The copies of a report: their kinds, the options of these, and the job of making one.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use typst_pdf::PdfStandard;

use super::fonts::Fonts;
use super::seals::{SealSize, Seals};
use crate::diagnostic::Diagnostic;
use crate::report::{Figure, Report};
use crate::source::Source;

/// The words behind a draft that is given none.
pub(super) const WATERMARK: &str = "征求意见稿";
/// The role of its fonts.
pub(super) const WATERMARK_ROLE: &str = "heading";

/// A kind of copy, by its name on the command line and in requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CopyKind {
    /// The copy that a portal offers for download.
    #[default]
    Public,
    /// The copy that is printed, signed and sealed.
    Signing,
    /// The copy that an archive keeps.
    Archive,
    /// The copy that is sent round for comments.
    Draft,
}

impl CopyKind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Public, Self::Signing, Self::Archive, Self::Draft];

    /// The name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Signing => "signing",
            Self::Archive => "archive",
            Self::Draft => "draft",
        }
    }

    /// The extension of its PDF, one for each kind; a sealed public copy has that of the public one.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Public => "pdf",
            Self::Signing => "signing.pdf",
            Self::Archive => "archive.pdf",
            Self::Draft => "draft.pdf",
        }
    }
}

/// A kind of copy with its options, as a user gives them.
#[derive(Clone, Debug, Default)]
pub struct CopyOptions {
    /// The kind.
    pub kind: CopyKind,
    /// The words behind the text of a draft.
    pub watermark: Option<String>,
    /// The diameter of a seal, or of the place for one.
    pub seal_size: Option<SealSize>,
    /// Whether a signing copy is printed on both sides.
    pub duplex: bool,
    /// Whether seals are given; they are read later.
    pub sealed: bool,
}

impl CopyOptions {
    /// The most characters of a watermark, so that it can be read.
    pub const LONGEST_WATERMARK: usize = 12;

    /// The requested copy, its seals not yet read.
    ///
    /// # Errors
    /// The first option that does not go with the kind, or whose value is invalid.
    pub fn resolve(self) -> Result<ReportCopy, Misuse> {
        let Self {
            kind,
            watermark,
            seal_size,
            duplex,
            sealed,
        } = self;
        if sealed && kind != CopyKind::Public {
            return Err(Misuse::Seals);
        }
        if duplex && kind != CopyKind::Signing {
            return Err(Misuse::Duplex);
        }
        if watermark.is_some() && kind != CopyKind::Draft {
            return Err(Misuse::Watermark);
        }
        if seal_size.is_some() && !sealed && kind != CopyKind::Signing {
            return Err(Misuse::SealSize);
        }
        let size = seal_size.unwrap_or_default();
        Ok(match kind {
            CopyKind::Public if sealed => ReportCopy::Sealed(Seals {
                size,
                seals: Vec::new(),
            }),
            CopyKind::Public => ReportCopy::Public,
            CopyKind::Signing => ReportCopy::Signing { seal: size, duplex },
            CopyKind::Archive => ReportCopy::Archive,
            CopyKind::Draft => {
                let fits = watermark.iter().all(|words| {
                    let count = words.chars().count();
                    (1..=Self::LONGEST_WATERMARK).contains(&count) && words.trim() == words
                });
                if !fits {
                    return Err(Misuse::WatermarkLength);
                }
                ReportCopy::Draft { watermark }
            }
        })
    }
}

/// An option of a copy that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Misuse {
    /// Seals for another copy than the public one.
    Seals,
    /// Print on both sides for another copy than the signing one.
    Duplex,
    /// A watermark for another copy than a draft.
    Watermark,
    /// A size of seals for a copy without any.
    SealSize,
    /// A watermark that is empty, too long, or has spaces around it.
    WatermarkLength,
    /// A watermark with a character that no font draws.
    UndrawnWatermark(char),
    /// A seal, counted from 0, that cannot be printed over text: the reason, in Chinese.
    Seal(usize, String),
}

impl Misuse {
    /// The message for the command line, in terms of its options. A seal is named by its path.
    #[must_use]
    pub fn in_english(&self, seals: &[PathBuf]) -> String {
        let most = CopyOptions::LONGEST_WATERMARK;
        let only =
            |option: &str, kind: CopyKind| format!("{option} goes with --copy {}", kind.name());
        match self {
            Self::Seals => only("--seal", CopyKind::Public),
            Self::Duplex => only("--duplex", CopyKind::Signing),
            Self::Watermark => only("--watermark", CopyKind::Draft),
            Self::SealSize => format!("{}, and with seals", only("--seal-size", CopyKind::Signing)),
            Self::WatermarkLength => format!("--watermark takes 1 to {most} characters"),
            Self::UndrawnWatermark(character) => {
                let shown = character.escape_debug();
                format!("no font can draw {shown} of --watermark")
            }
            Self::Seal(index, reason) => {
                let path = seals.get(*index).map(|path| path.display().to_string());
                format!("印章 {}：{reason}", path.unwrap_or_default())
            }
        }
    }

    /// The message for clients of the service, in terms of its parameters.
    #[must_use]
    pub fn in_chinese(&self) -> String {
        let most = CopyOptions::LONGEST_WATERMARK;
        match self {
            Self::Seals => "印章只用于 copy: public".to_owned(),
            Self::Duplex | Self::SealSize => "seal_size、duplex 只用于 copy: signing".to_owned(),
            Self::Watermark => "watermark 只用于 copy: draft".to_owned(),
            Self::WatermarkLength => format!("watermark 应为 1 至 {most} 字"),
            Self::UndrawnWatermark(_) => "watermark 中有不能印出的字".to_owned(),
            Self::Seal(_, reason) => format!("印章：{reason}"),
        }
    }
}

/// A copy of a report to be made: its kind and everything that shapes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ReportCopy {
    /// The copy that a portal offers for download.
    #[default]
    Public,
    /// The public copy with the seals of the signatories.
    Sealed(Seals),
    /// The copy that is printed, signed and sealed: a place for the seal, and the approval sheet before it.
    Signing {
        /// The diameter of the place.
        seal: SealSize,
        /// Whether it is printed on both sides.
        duplex: bool,
    },
    /// The copy that an archive keeps, with the report file and its figures attached.
    Archive,
    /// The copy that is sent round for comments, with words behind its text.
    Draft {
        /// The words; `None` for the usual ones.
        watermark: Option<String>,
    },
}

impl ReportCopy {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> CopyKind {
        match self {
            Self::Public | Self::Sealed(_) => CopyKind::Public,
            Self::Signing { .. } => CopyKind::Signing,
            Self::Archive => CopyKind::Archive,
            Self::Draft { .. } => CopyKind::Draft,
        }
    }

    /// The standards that its PDF conforms to.
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

    /// Everything that shapes the bytes, as recorded in the ledger of an archive.
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

    /// The first of its seals or words that cannot be printed.
    #[must_use]
    pub fn misuse(&self, fonts: &Fonts) -> Option<Misuse> {
        match self {
            Self::Sealed(seals) => {
                let (index, message) = seals.fault(fonts)?;
                Some(Misuse::Seal(index, message))
            }
            Self::Draft { watermark } => {
                let mut characters = watermark.iter().flat_map(|words| words.chars());
                let missing = characters.find(|c| !fonts.draws_alone(WATERMARK_ROLE, *c));
                missing.map(Misuse::UndrawnWatermark)
            }
            Self::Public | Self::Signing { .. } | Self::Archive => None,
        }
    }

    /// The words behind its text.
    #[must_use]
    pub fn watermark(&self) -> Option<&str> {
        match self {
            Self::Draft { watermark } => Some(watermark.as_deref().unwrap_or(WATERMARK)),
            _ => None,
        }
    }

    /// Whether waived findings are printed in it.
    #[must_use]
    pub fn prints_findings(&self) -> bool {
        matches!(self, Self::Signing { .. })
    }

    /// Whether it is printed on both sides; `None` if it is not made for print.
    pub(super) fn duplex(&self) -> Option<bool> {
        match self {
            Self::Signing { duplex, .. } => Some(*duplex),
            _ => None,
        }
    }

    /// The diameter of its seals, or of the place for them.
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

/// One copy of a report.
#[derive(Clone, Copy)]
pub struct RenderJob<'a> {
    pub(super) report: &'a Report,
    pub(super) figures: &'a [Figure],
    pub(super) copy: &'a ReportCopy,
    pub(super) source: Option<&'a Source>,
    pub(super) findings: &'a [Diagnostic],
    /// Whether values that errors are about are marked.
    pub(super) marks: bool,
}

impl<'a> RenderJob<'a> {
    /// A copy for the public.
    #[must_use]
    pub fn public(report: &'a Report, figures: &'a [Figure]) -> Self {
        Self {
            report,
            figures,
            copy: &ReportCopy::Public,
            source: None,
            findings: &[],
            marks: false,
        }
    }

    /// A copy of any kind. `source` is the report file, which the archive copy has attached; `findings` are
    /// those about it, of which the approval sheet lists the waived.
    #[must_use]
    pub fn new(
        report: &'a Report,
        figures: &'a [Figure],
        copy: &'a ReportCopy,
        source: &'a Source,
        findings: &'a [Diagnostic],
    ) -> Self {
        Self {
            report,
            figures,
            copy,
            source: Some(source),
            findings,
            marks: false,
        }
    }

    /// The job with a report that may have errors, for its writer to look at: values that they are about are marked.
    #[must_use]
    pub fn marked(self) -> Self {
        Self {
            marks: true,
            ..self
        }
    }

    /// The file of the report, if it goes into the copy.
    pub(super) fn kept(&self) -> Option<&'a Source> {
        self.source.filter(|_| *self.copy == ReportCopy::Archive)
    }
}
