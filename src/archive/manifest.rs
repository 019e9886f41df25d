//! The ledger of an archive: what each file is and what it was made from. No clock is in it, so that two archives
//! can be compared by `diff`.

use serde::{Deserialize, Serialize};

use crate::archive::names::{MANIFEST, is_inside, pdf_path};
use crate::archive::record::{Record, Records};
use crate::archive::standing::Standing;
use crate::digest::Digest;
use crate::error::Error;
use crate::storage::ArchiveStore;

/// The version of the ledger that this program writes. It reads the first as well, which had no line for it.
const VERSION: u32 = 2;

/// The first line of a ledger.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    manifest: u32,
}

/// Reads the ledger of an archive; none is an empty one. Of the reports that an interrupted run made,
/// and of those whose PDFs it removed, the journal has records: each is true if what stands there is
/// what it tells of.
///
/// # Errors
/// When a file cannot be read, or a line is no record.
pub fn read(store: &dyn ArchiveStore) -> Result<Records, Error> {
    let text = store.content(MANIFEST)?;
    let mut records = Records::new();
    let lines = text.split_inclusive(|byte| *byte == b'\n').enumerate();
    for (i, line) in lines {
        if let (0, Ok(Head { manifest })) = (i, serde_json::from_slice(line)) {
            if manifest != VERSION {
                return Err(Error::LedgerVersion {
                    path: store.path(MANIFEST),
                    version: manifest,
                    known: VERSION,
                });
            }
            continue;
        }
        let record = record(line).map_err(|cause| Error::Ledger {
            path: store.path(MANIFEST),
            line: i + 1,
            cause,
        })?;
        let path = record.path.clone();
        if records.insert(path, record).is_some() {
            return Err(Error::Ledger {
                path: store.path(MANIFEST),
                line: i + 1,
                cause: serde::de::Error::custom("a second one of its report"),
            });
        }
    }
    let head = head(&text);
    for journal in store.journals()? {
        let Some(journal) = journal.strip_prefix(head.as_bytes()) else {
            continue; // it follows another ledger, which this one has replaced
        };
        let lines = journal.split_inclusive(|byte| *byte == b'\n');
        // The last line may be torn.
        for record in lines.filter_map(|line| record(line).ok()) {
            let name = pdf_path(&record.path);
            match record.pdf() {
                Some(pdf) if pdf.standing(store, &name, |_| false) == Standing::Same => {
                    records.insert(record.path.clone(), record);
                }
                None if store.stat(&name)?.is_none() => {
                    records.remove(&record.path);
                }
                _ => {}
            }
        }
    }
    Ok(records)
}

/// The first line of a journal: which ledger it follows.
pub(crate) fn head(manifest: &[u8]) -> String {
    format!("{{\"follows\":\"{}\"}}\n", Digest::of(manifest))
}

/// The ledger as it is written.
pub(crate) fn text(records: &Records) -> String {
    let head = format!("{{\"manifest\":{VERSION}}}\n");
    std::iter::once(head)
        .chain(records.values().map(line))
        .collect()
}

/// A record as a line.
pub(crate) fn line(record: &Record) -> String {
    let mut line = serde_json::to_string(record).expect("a record is JSON");
    line.push('\n');
    line
}

/// Whether there is an archive at all.
pub(crate) fn is_there(store: &dyn ArchiveStore) -> Result<bool, Error> {
    Ok(store.stat(MANIFEST)?.is_some() || !store.journals()?.is_empty())
}

/// A line as a record. Its path stays below the archive, since files are removed by it.
fn record(line: &[u8]) -> serde_json::Result<Record> {
    let record: Record = serde_json::from_slice(line)?;
    if !is_inside(&record.path) {
        let fault = format!("{} is no path below the archive", record.path);
        return Err(serde::de::Error::custom(fault));
    }
    Ok(record)
}
