//! An archive as a run writes it: files together with their records, the ledger at the end.

use crate::archive::manifest;
use crate::archive::names::{MANIFEST, SEEN, pdf_path};
use crate::archive::record::{Files, Record, Records};
use crate::archive::stat_cache::StatCache;
use crate::error::Error;
use crate::storage::{ArchiveStore, NewFile, Writer};

/// A PDF to be written, with its record.
pub(crate) struct MadePdf {
    pub(crate) record: Record,
    pub(crate) bytes: Vec<u8>,
}

/// An archive that one run holds.
pub(crate) struct RunWriter<'a> {
    writer: Box<dyn Writer + 'a>,
    cache: &'a StatCache,
}

impl<'a> RunWriter<'a> {
    /// Takes hold of an archive, and goes on with the journal of a run that was killed.
    ///
    /// # Errors
    /// When another run has it, or it cannot be read or written.
    pub(crate) fn begin(store: &'a dyn ArchiveStore, cache: &'a StatCache) -> Result<Self, Error> {
        let mut writer = store.begin_run()?;
        let head = manifest::head(&store.content(MANIFEST)?);
        writer.resume_journal(&head)?;
        Ok(Self { writer, cache })
    }

    /// Writes PDFs for good, and returns for each what kept it from being written, if anything did.
    ///
    /// # Errors
    /// When none can be written any more. Each then is the old PDF or the new one, and the ledger with the
    /// journal tells which.
    pub(crate) fn commit(&mut self, made: &[MadePdf]) -> Result<Vec<Option<Error>>, Error> {
        let names: Vec<String> = made.iter().map(|m| pdf_path(&m.record.path)).collect();
        let lines: Vec<String> = made.iter().map(|m| manifest::line(&m.record)).collect();
        let files = made.iter().zip(names.iter().zip(&lines));
        let files = files.map(|(made, (name, journal_line))| NewFile {
            name,
            bytes: &made.bytes,
            journal_line,
        });
        let written = self.writer.commit(&files.collect::<Vec<_>>())?;
        let mut faults = Vec::new();
        for ((made, name), written) in made.iter().zip(&names).zip(written) {
            faults.push(match (written, made.record.pdf()) {
                (Ok(stamp), Some(pdf)) => {
                    self.cache.note(name, pdf.digest, stamp);
                    None
                }
                (written, _) => written.err(),
            });
        }
        Ok(faults)
    }

    /// Removes the PDF of a record for good, and the folders that it leaves empty.
    ///
    /// # Errors
    /// When it is there and cannot be removed.
    pub(crate) fn remove(&mut self, record: &Record) -> Result<(), Error> {
        let gone = Record {
            files: Files::default(),
            ..record.clone()
        };
        self.writer
            .remove(&pdf_path(&record.path), &manifest::line(&gone))
    }

    /// Writes the ledger, and then files beside the PDFs. The journal follows another ledger then and has nothing more
    /// to say.
    ///
    /// # Errors
    /// When the ledger cannot be written; the old one and the journal then stand. When another file cannot.
    pub(crate) fn close(
        &mut self,
        records: &Records,
        beside: &[(&str, Vec<u8>)],
    ) -> Result<(), Error> {
        let text = manifest::text(records);
        self.writer.write(&[(MANIFEST, text.as_bytes())])?;
        self.writer
            .begin_journal(&manifest::head(text.as_bytes()))?;
        let seen = self.cache.text(records);
        let beside = beside.iter().map(|(name, content)| (*name, &content[..]));
        let files: Vec<_> = std::iter::once((SEEN, &seen[..])).chain(beside).collect();
        self.writer.write(&files)
    }
}
