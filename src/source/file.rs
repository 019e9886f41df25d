//! Files read once, whole and as they were at one moment.

use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::Path;

/// The most times that a file is read again because it changed meanwhile.
const TRIES: usize = 20;

/// The mark that tells one content of a file from another without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp([i128; 4]);

impl Stamp {
    /// The stamp of an existing file; `None` if the system has no such marks.
    #[must_use]
    pub fn of(metadata: &Metadata) -> Option<Self> {
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            let time =
                |seconds: i64, nanos: i64| i128::from(seconds) * 1_000_000_000 + i128::from(nanos);
            Some(Self([
                i128::from(metadata.len()),
                i128::from(metadata.ino()),
                time(metadata.mtime(), metadata.mtime_nsec()),
                time(metadata.ctime(), metadata.ctime_nsec()),
            ]))
        }
        #[cfg(not(unix))]
        {
            let _ = metadata;
            None
        }
    }

    /// Its parts as text, for storage.
    #[must_use]
    pub fn shown(&self) -> String {
        self.0.map(|part| part.to_string()).join(" ")
    }
}

/// Reads at most `limit` bytes and one more, which tells a file that is too large. A file that changes
/// meanwhile is read again, so the content is one that it had.
///
/// # Errors
/// When it is no file, cannot be read, or keeps changing.
pub fn read(path: &Path, limit: usize) -> io::Result<Vec<u8>> {
    let stamp = |metadata: &Metadata| (metadata.len(), Stamp::of(metadata));
    for _ in 0..TRIES {
        if !fs::metadata(path)?.is_file() {
            // A pipe might never end.
            let fault = io::ErrorKind::InvalidInput;
            return Err(io::Error::new(fault, "it is not a file"));
        }
        let file = File::open(path)?;
        let before = stamp(&file.metadata()?);
        let mut bytes =
            Vec::with_capacity(usize::try_from(before.0).unwrap_or(limit).min(limit) + 1);
        file.take(limit as u64 + 1).read_to_end(&mut bytes)?;
        if stamp(&fs::metadata(path)?) == before {
            return Ok(bytes);
        }
    }
    Err(io::Error::other(
        "it does not stop changing while it is read",
    ))
}

/// The folder of a file.
pub(crate) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}
