//! Errors of the machine: files, folders, fonts, and the program itself.
//!
//! Faults of a report are never errors; they are [`crate::diagnostic::Diagnostic`]s.

use std::io;
use std::path::{Path, PathBuf};

/// A fault of the machine or of the installation. It comes alone and ends the work.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file could not be read.
    #[error("cannot read {path}: {cause}")]
    Read {
        /// The file.
        path: PathBuf,
        /// The error of the system.
        cause: io::Error,
    },
    /// A file could not be written; its old content is still there.
    #[error("cannot write {path}: {cause}")]
    Write {
        /// The file.
        path: PathBuf,
        /// The error of the system.
        cause: io::Error,
    },
    /// Standard output has not taken all of the result.
    #[error("cannot write to standard output: {cause}")]
    Output {
        /// The error of the system.
        cause: io::Error,
    },
    /// A declaration that ships with the program contradicts itself.
    #[error("{file} is not a valid declaration: {cause}")]
    Declaration {
        /// The file, relative to the project.
        file: String,
        /// The line, from 1, if the fault has one.
        line: Option<usize>,
        /// The contradiction.
        cause: String,
    },
    /// The folder of the bundled fonts is in none of its places.
    #[error(
        "the bundled fonts were not found; looked in {}; set NIANBAO_HOME to the folder that contains `fonts`",
        list(.0)
    )]
    FontsNotFound(Vec<PathBuf>),
    /// A family that `fonts/roles.yaml` relies on is in no font folder.
    #[error("the font family {family} of role {role} is missing; the font folder is incomplete: {}", list(.folders))]
    FontMissing {
        /// The role that needs it.
        role: String,
        /// The family.
        family: String,
        /// The folders that were read.
        folders: Vec<PathBuf>,
    },
    /// A folder of fonts that was named has none of the families that a role looks for.
    #[error(
        "{folder} has no font that nianbao looks for; it looks for the families {}",
        .families.join(", ")
    )]
    FontsUseless {
        /// The folder.
        folder: PathBuf,
        /// The families that the roles look for.
        families: Vec<String>,
    },
    /// The layout failed on a report that has no fault: a defect of this program.
    #[error("the layout failed, which is a defect of nianbao: {0}")]
    Layout(String),
    /// The pages could not be turned into a file: a defect of this program.
    #[error("the export failed, which is a defect of nianbao: {0}")]
    Export(String),
    /// Another run works on the archive.
    #[error("another run works on {0}; wait for its end")]
    Locked(PathBuf),
    /// A plan was made by another program, or with other layouts or fonts.
    #[error(
        "the plan was made by another version of nianbao, or with other fonts or layouts; have the same everywhere, and give the same --font-path and --system-fonts"
    )]
    OtherEngine,
    /// The folder is no archive.
    #[error("{0} is no archive: it has no manifest.jsonl")]
    NoArchive(PathBuf),
    /// Everything would be removed.
    #[error(
        "--prune would remove all {0} PDFs, because none of their reports is there; are these their sources?"
    )]
    PrunesAll(usize),
    /// The ledger of an archive was changed by something else, or is of another version.
    #[error(
        "{path}:{line} is no record of an archive: {cause}; without the file, all is made again"
    )]
    Ledger {
        /// The ledger.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The fault of the line.
        cause: serde_json::Error,
    },
    /// The ledger of an archive is of a version that this program does not know.
    #[error(
        "{path} is a ledger of version {version}, and this program knows none after {known}; use the program that wrote it, or a newer one"
    )]
    LedgerVersion {
        /// The ledger.
        path: PathBuf,
        /// Its version.
        version: u32,
        /// The last version that this program knows.
        known: u32,
    },
    /// The system refuses to deliver signals to the program.
    #[error("cannot listen to signals: {cause}")]
    Signals {
        /// The error of the system.
        cause: io::Error,
    },
    /// The system refuses to limit the memory of the program.
    #[error("cannot bound the memory: {cause}")]
    Memory {
        /// The error of the system.
        cause: io::Error,
    },
    /// The service cannot listen.
    #[error("cannot listen on {address}: {cause}")]
    Listen {
        /// The address.
        address: std::net::SocketAddr,
        /// The error of the system.
        cause: io::Error,
    },
    /// Requests cannot be read, or answers written; or the worker that does so ends.
    #[error("the pipe ends here: {cause}")]
    Pipe {
        /// The cause.
        cause: io::Error,
    },
    /// A program that shows files could not be started.
    #[error("cannot open {path}: {cause}")]
    Open {
        /// The file to be shown.
        path: PathBuf,
        /// The error of the system.
        cause: io::Error,
    },
}

impl Error {
    /// A read that failed.
    #[must_use]
    pub fn read(path: &Path, cause: io::Error) -> Self {
        Self::Read {
            path: path.to_owned(),
            cause,
        }
    }

    /// A write that failed.
    #[must_use]
    pub fn write(path: &Path, cause: io::Error) -> Self {
        Self::Write {
            path: path.to_owned(),
            cause,
        }
    }
}

fn list(paths: &[PathBuf]) -> String {
    let shown: Vec<_> = paths.iter().map(|p| p.display().to_string()).collect();
    shown.join(", ")
}
