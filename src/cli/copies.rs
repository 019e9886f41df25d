//! `--copy` and what goes with it: what copies are for.

use std::path::PathBuf;

use super::args::{Copies, CopyFor};
use super::exit::Exit;
use super::print::complain;
use crate::error::Error;
use crate::report::MAX_FIGURE_BYTES;
use crate::source;
use crate::typeset::{Fault, Fonts, Purpose, Seal, Seals};

impl Copies {
    /// The purpose, its seals not yet read.
    ///
    /// # Errors
    /// What is wrong with the usage.
    pub(super) fn purpose(&self, seals: &[PathBuf]) -> Result<Purpose, String> {
        let only = |given: bool, option: &str, copy: CopyFor, name: &str| {
            let fits = !given || self.copy == copy;
            fits.then_some(())
                .ok_or_else(|| format!("{option} goes with --copy {name}"))
        };
        only(!seals.is_empty(), "--seal", CopyFor::Public, "public")?;
        only(self.duplex, "--duplex", CopyFor::Signing, "signing")?;
        only(
            self.watermark.is_some(),
            "--watermark",
            CopyFor::Draft,
            "draft",
        )?;
        if self.seal_size.is_some() && seals.is_empty() && self.copy != CopyFor::Signing {
            return Err("--seal-size goes with --copy signing, and with seals".to_owned());
        }
        let size = self.seal_size.unwrap_or_default();
        match self.copy {
            CopyFor::Public if seals.is_empty() => Ok(Purpose::Public),
            CopyFor::Public => Ok(Purpose::Sealed(Seals {
                size,
                seals: Vec::new(),
            })),
            CopyFor::Signing => Ok(Purpose::Signing {
                seal: size,
                duplex: self.duplex,
            }),
            CopyFor::Archive => Ok(Purpose::Archive),
            CopyFor::Draft => Purpose::draft(self.watermark.clone()).ok_or_else(|| {
                let most = Purpose::LONGEST_WATERMARK;
                format!("--watermark takes 1 to {most} characters")
            }),
        }
    }
}

/// The purpose with its seals read and all else that was given for it looked at; none, with the
/// reason printed, where that cannot be used.
///
/// # Errors
/// When a seal cannot be read.
pub(super) fn ready(
    mut purpose: Purpose,
    seals: &[PathBuf],
    fonts: &Fonts,
) -> Result<Result<Purpose, Exit>, Error> {
    let refused = |reason: String| {
        complain(&format!("error: {reason}\n"));
        Ok(Err(Exit::WrongUsage))
    };
    if let Purpose::Sealed(sealed) = &mut purpose {
        for path in seals {
            let bytes = source::read(path, MAX_FIGURE_BYTES);
            match Seal::new(bytes.map_err(|cause| Error::read(path, cause))?) {
                Ok(seal) => sealed.seals.push(seal),
                Err(reason) => return refused(format!("印章 {}：{reason}", path.display())),
            }
        }
    }
    match purpose.fault(fonts) {
        None => Ok(Ok(purpose)),
        Some(Fault::Watermark(character)) => {
            let shown = character.escape_debug();
            refused(format!("no font can draw {shown} of --watermark"))
        }
        Some(Fault::Seal(index, reason)) => {
            let path = seals[index].display();
            refused(format!("印章 {path}：{reason}"))
        }
    }
}
