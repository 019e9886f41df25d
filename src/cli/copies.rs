//! `--copy` and its companions: the kinds of copies on the command line.

use std::path::PathBuf;

use clap::ValueEnum;
use clap::builder::PossibleValue;

use super::args::Copies;
use super::exit::Exit;
use super::print::complain;
use crate::error::Error;
use crate::report::MAX_FIGURE_BYTES;
use crate::source;
use crate::typeset::{CopyKind, CopyOptions, Fonts, ReportCopy, Seal};

impl ValueEnum for CopyKind {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let help = match self {
            Self::Public => "What a portal offers for download: PDF/A-2a, PDF/UA-1",
            Self::Signing => {
                "What is printed, signed and sealed: the approval sheet (审核签发单), then the report with its \
                 digest on each page and an empty place for the seal"
            }
            Self::Archive => {
                "What an archive keeps: PDF/A-3a, PDF/UA-1, with the report file and its figures in it"
            }
            Self::Draft => "What is sent round for comments, with words behind its text",
        };
        Some(PossibleValue::new(self.name()).help(help))
    }
}

impl Copies {
    /// The requested copy, its seals not yet read.
    ///
    /// # Errors
    /// The message about the misused option.
    pub(super) fn resolve(&self, seals: &[PathBuf]) -> Result<ReportCopy, String> {
        let options = CopyOptions {
            kind: self.copy,
            watermark: self.watermark.clone(),
            seal_size: self.seal_size,
            duplex: self.duplex,
            sealed: !seals.is_empty(),
        };
        options.resolve().map_err(|misuse| misuse.in_english(seals))
    }
}

/// A copy whose seals are read.
pub(super) enum Prepared {
    /// The copy can be made.
    Ready(ReportCopy),
    /// A seal or the watermark cannot be used, and the reason is printed.
    Refused(Exit),
}

/// The copy with its seals read and all its other options checked.
///
/// # Errors
/// When a seal cannot be read.
pub(super) fn prepare(
    mut copy: ReportCopy,
    seals: &[PathBuf],
    fonts: &Fonts,
) -> Result<Prepared, Error> {
    let refused = |reason: String| {
        complain(&format!("error: {reason}\n"));
        Ok(Prepared::Refused(Exit::WrongUsage))
    };
    if let ReportCopy::Sealed(sealed) = &mut copy {
        for path in seals {
            let bytes = source::read(path, MAX_FIGURE_BYTES);
            match Seal::new(bytes.map_err(|cause| Error::read(path, cause))?) {
                Ok(seal) => sealed.seals.push(seal),
                Err(reason) => return refused(format!("印章 {}：{reason}", path.display())),
            }
        }
    }
    match copy.misuse(fonts) {
        None => Ok(Prepared::Ready(copy)),
        Some(misuse) => refused(misuse.in_english(seals)),
    }
}
